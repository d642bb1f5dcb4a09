//! Columns aligned by tabs, spaces or dashes, as Go's `text/tabwriter` aligns them.

/// Rows of cells with tabs between them, so that columns start at multiples of eight.
pub(crate) fn tabbed(rows: &[Vec<String>]) -> String {
    let count = rows.iter().map(Vec::len).max().unwrap_or(0);
    // The last cell of a row does not count: nothing follows it.
    let widths: Vec<usize> = (0..count)
        .map(|i| {
            let cells = rows.iter().filter(|r| i + 1 < r.len()).map(|r| r[i].chars().count());
            cells.max().map_or(0, |w| (w + 1).next_multiple_of(8))
        })
        .collect();
    let mut out = String::new();
    for row in rows {
        for (i, cell) in row.iter().enumerate() {
            out.push_str(cell);
            if i + 1 < row.len() {
                let missing = widths[i].saturating_sub(cell.chars().count());
                out.push_str(&"\t".repeat(missing.div_ceil(8)));
            }
        }
        out.push('\n');
    }
    out
}

/// Rows of a name and a text, the texts aligned `gap` spaces after the longest name.
pub(crate) fn spaced(rows: &[(String, String)], indent: &str, gap: usize) -> String {
    let width = rows.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0) + gap;
    rows.iter().map(|(name, text)| format!("{indent}{name:width$}{text}\n")).collect()
}

/// Rows of a name and a text, with dashes from the name to the text.
pub(crate) fn dashed(rows: &[(String, String)], indent: &str) -> String {
    let width = rows.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0) + 1;
    rows.iter().map(|(name, text)| format!("{indent}{:-<width$} {text}\n", format!("{name} "))).collect()
}

#[cfg(test)]
mod tests {
    use super::{dashed, tabbed};

    #[test]
    fn tabs_and_dashes() {
        let row = |cells: [&str; 3]| cells.map(str::to_owned).to_vec();
        let text = tabbed(&[row(["=>", "4881ec18010000", "a"]), row(["", "48", "b"])]);
        assert_eq!(text, "=>\t4881ec18010000\ta\n\t48\t\tb\n");
        let rows = [("call".to_owned(), "x".to_owned()), ("step (alias: s)".to_owned(), "y".to_owned())];
        assert_eq!(dashed(&rows, "  "), "  call ----------- x\n  step (alias: s)  y\n");
    }
}
