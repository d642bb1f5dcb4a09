//! Shorter type names.

/// The type name with every package path of three or more elements cut to its last element, inside pointers,
/// slices, arrays, maps and type arguments too: `map[string]*example.com/some/path.T` becomes
/// `map[string]*path.T`. Types without a name stay as they are.
pub fn shorten_type(name: &str) -> String {
    shorten(name, 0)
}

/// Type names nest no deeper than their length; what nests deeper than this is left alone.
const MAX_DEPTH: usize = 100;

fn shorten(name: &str, depth: usize) -> String {
    if depth > MAX_DEPTH || is_anonymous(name) {
        return name.to_owned();
    }
    if let Some(rest) = name.strip_prefix('*') {
        return format!("*{}", shorten(rest, depth + 1));
    }
    if let Some((key, rest)) = name.strip_prefix("map[").and_then(split_bracket) {
        return format!("map[{}]{}", shorten(key, depth + 1), shorten(rest, depth + 1));
    }
    if let Some((len, rest)) = name.strip_prefix('[').and_then(split_bracket) {
        return format!("[{len}]{}", shorten(rest, depth + 1));
    }
    match name.find('[').and_then(|open| Some((&name[..open], split_bracket(&name[open + 1..])?))) {
        Some((generic, (arguments, rest))) => {
            let arguments: Vec<_> = split_arguments(arguments).map(|a| shorten(a, depth + 1)).collect();
            format!("{}[{}]{rest}", shorten_path(generic), arguments.join(", "))
        }
        None => shorten_path(name).to_owned(),
    }
}

fn is_anonymous(name: &str) -> bool {
    ["struct {", "interface {", "func(", "func (", "chan ", "<-chan ", "chan<- "]
        .iter()
        .any(|p| name.starts_with(p))
}

fn shorten_path(name: &str) -> &str {
    if name.matches('/').count() < 2 {
        return name;
    }
    name.rfind('/').map_or(name, |slash| &name[slash + 1..])
}

/// Splits `x]y`, whose opening bracket has been read, at the bracket that closes it.
fn split_bracket(text: &str) -> Option<(&str, &str)> {
    let mut open = 1usize;
    for (i, c) in text.char_indices() {
        match c {
            '[' => open += 1,
            ']' => open -= 1,
            _ => {}
        }
        if open == 0 {
            return Some((&text[..i], &text[i + 1..]));
        }
    }
    None
}

fn split_arguments(list: &str) -> impl Iterator<Item = &str> {
    let mut nested = 0i32;
    list.split(move |c| {
        nested += match c {
            '[' | '{' | '(' => 1,
            ']' | '}' | ')' => -1,
            _ => 0,
        };
        c == ',' && nested == 0
    })
    .map(str::trim)
}

#[cfg(test)]
mod tests {
    use super::shorten_type;

    #[test]
    fn long_paths_keep_their_last_element() {
        for (long, short) in [
            ("int", "int"),
            ("main.T", "main.T"),
            ("go/token.Position", "go/token.Position"),
            ("*github.com/a/b.T", "*b.T"),
            ("[]example.com/some/path.T", "[]path.T"),
            ("[4]*example.com/some/path.T", "[4]*path.T"),
            ("map[a/b/c.K]*a/b/d.V", "map[c.K]*d.V"),
            ("a/b/c.Pair[string,a/b/d.V]", "c.Pair[string, d.V]"),
            ("main.Pair[string,map[a/b/c.K]int]", "main.Pair[string, map[c.K]int]"),
            ("struct { A a/b/c.T }", "struct { A a/b/c.T }"),
            ("func(a/b/c.T) int", "func(a/b/c.T) int"),
            ("[", "["),
            ("a[b", "a[b"),
        ] {
            assert_eq!(shorten_type(long), short);
        }
    }
}
