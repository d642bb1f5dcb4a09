//! The known word nearest to a misspelt one.

/// The candidate with the fewest single-letter changes from `word`, if it is near enough to be what was meant.
pub(crate) fn nearest<'a>(word: &str, candidates: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let limit = 1 + word.chars().count() / 3;
    candidates
        .map(|candidate| (distance(word, candidate), candidate))
        .filter(|(distance, candidate)| *distance <= limit && *distance < candidate.len())
        .min()
        .map(|(_, candidate)| candidate)
}

/// Insertions, deletions, replacements and swaps of neighbours that turn `a` into `b`.
fn distance(a: &str, b: &str) -> usize {
    let a: Vec<char> = a.chars().collect();
    let b: Vec<char> = b.chars().collect();
    let mut rows = vec![(0..=b.len()).collect::<Vec<_>>()];
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=b.len() {
            let same = usize::from(a[i - 1] != b[j - 1]);
            let mut best = (rows[i - 1][j] + 1).min(row[j - 1] + 1).min(rows[i - 1][j - 1] + same);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                best = best.min(rows[i - 2][j - 2] + 1);
            }
            row.push(best);
        }
        rows.push(row);
    }
    rows[a.len()][b.len()]
}

/// Where the letters of `needle` appear in order in `text`, case aside: how well they fit (smaller is better).
pub(crate) fn fuzzy(needle: &str, text: &str) -> Option<usize> {
    let mut wanted = needle.chars().map(|c| c.to_ascii_lowercase()).peekable();
    let mut gaps = 0;
    let mut started = false;
    for c in text.chars() {
        match wanted.peek() {
            None => break,
            Some(&w) if w == c.to_ascii_lowercase() => {
                wanted.next();
                started = true;
            }
            Some(_) => gaps += if started { 2 } else { 1 },
        }
    }
    wanted.peek().is_none().then_some(gaps)
}

#[cfg(test)]
mod tests {
    use super::{fuzzy, nearest};

    #[test]
    fn nearest_command() {
        let commands = ["break", "breakpoints", "continue", "print", "stack", "step"];
        for (word, expected) in [
            ("brek", Some("break")),
            ("pritn", Some("print")),
            ("contineu", Some("continue")),
            ("xyzzy", None),
            ("", None),
        ] {
            assert_eq!(nearest(word, commands.into_iter()), expected, "{word}");
        }
    }

    #[test]
    fn fuzzy_match() {
        assert_eq!(fuzzy("mm", "main.main"), Some(8));
        assert_eq!(fuzzy("main", "main.main"), Some(0));
        assert_eq!(fuzzy("xm", "main.main"), None);
    }
}
