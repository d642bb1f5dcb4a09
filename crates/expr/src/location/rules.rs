//! Rules that turn the paths recorded in a program into paths elsewhere (`substitute-path`).

use std::borrow::Cow;

/// Rules in order: the first that matches a path decides.
#[derive(Clone, Debug, Default)]
pub struct PathRules {
    /// What is replaced, and by what.
    rules: Vec<(String, String)>,
    /// Does a rule have the paths of Windows?
    windows: bool,
}

impl PathRules {
    /// These rules, as pairs of what is replaced and what takes its place.
    pub fn new(rules: impl IntoIterator<Item = (String, String)>) -> PathRules {
        let rules: Vec<(String, String)> = rules.into_iter().collect();
        let windows = rules.iter().any(|(from, to)| is_windows_path(from) || is_windows_path(to));
        PathRules { rules, windows }
    }

    /// What becomes of `path`; the path itself if no rule is for it.
    pub fn apply<'a>(&self, path: &'a str) -> Cow<'a, str> {
        if self.rules.is_empty() {
            return Cow::Borrowed(path);
        }
        let windows = self.windows || is_windows_path(path);
        let substitute = self.rules.iter().find_map(|(from, to)| substitute(path, from, to, windows));
        substitute.map_or(Cow::Borrowed(path), Cow::Owned)
    }
}

/// Is it absolute as Windows has it: `C:\x`, `C:/x`, `\\server\x`?
fn is_windows_path(path: &str) -> bool {
    matches!(path.as_bytes(), [b'\\', b'\\', ..])
        || matches!(path.as_bytes(), [drive, b':', b'\\' | b'/', ..] if drive.is_ascii_alphabetic())
}

/// Does it end a folder's name? Elsewhere than on Windows, a backslash is a part of names.
fn is_separator(c: char, windows: bool) -> bool {
    c == '/' || c == '\\' && windows
}

/// `path` with its head `from` replaced; `None` if it does not begin with that, up to the end of a folder's name. An
/// empty `from` is for relative paths. With `windows`, case and the kind of separator make no difference.
fn substitute(path: &str, from: &str, to: &str, windows: bool) -> Option<String> {
    if from.is_empty() {
        return (!path.starts_with('/') && !is_windows_path(path)).then(|| join(to, path, windows));
    }
    let (head, rest) = path.split_at_checked(from.len())?;
    let same = |(a, b): (u8, u8)| {
        let separator = |byte: u8| is_separator(byte.into(), windows);
        a == b || windows && a.eq_ignore_ascii_case(&b) || separator(a) && separator(b)
    };
    if !head.bytes().zip(from.bytes()).all(same) {
        return None;
    }
    match rest.strip_prefix(|c| is_separator(c, windows)) {
        _ if rest.is_empty() => Some(to.to_owned()),
        Some(rest) => Some(join(to, rest, windows)),
        None => from.ends_with(|c| is_separator(c, windows)).then(|| join(to, rest, windows)),
    }
}

/// A relative path within a folder, with that folder's kind of separator.
fn join(folder: &str, rest: &str, windows: bool) -> String {
    let kind_of = |path: &str| match (path.contains('/'), path.contains('\\') && windows) {
        (true, _) => Some('/'),
        (false, true) => Some('\\'),
        (false, false) => None,
    };
    let kind = kind_of(folder);
    let rest: String = match kind {
        Some(kind) => rest.chars().map(|c| if is_separator(c, windows) { kind } else { c }).collect(),
        None => rest.to_owned(),
    };
    let separator = kind.or_else(|| kind_of(&rest)).unwrap_or('/');
    match folder {
        "" => rest,
        _ if folder.ends_with(separator) => format!("{folder}{rest}"),
        _ => format!("{folder}{separator}{rest}"),
    }
}

#[cfg(test)]
mod tests {
    use super::PathRules;

    fn applied(path: &str, rules: &[(&str, &str)]) -> String {
        let rules = PathRules::new(rules.iter().map(|(from, to)| ((*from).to_owned(), (*to).to_owned())));
        rules.apply(path).into_owned()
    }

    #[test]
    fn a_rule_covers_a_path_and_what_is_below_it() {
        for (path, from, to, expected) in [
            ("/src/a.go", "/src", "/home/me", "/home/me/a.go"),
            ("/src", "/src", "/home/me", "/home/me"),
            ("/src/a.go", "/src/a.go", "/b.go", "/b.go"),
            ("/srcs/a.go", "/src", "/home/me", "/srcs/a.go"),
            ("/src/a.go", "/src/", "/home/me/", "/home/me/a.go"),
            ("/src/a.go", "/src/", "/home/me", "/home/me/a.go"),
            ("/src/a.go", "/", "/top", "/top/src/a.go"),
            ("/src/d/a.go", "/src", "", "d/a.go"),
            ("/src/a.go", "/src", "rel", "rel/a.go"),
            ("/a", "/longer", "/x", "/a"),
            ("/\u{e4}/a.go", "/\u{e4}", "/x", "/x/a.go"),
        ] {
            assert_eq!(applied(path, &[(from, to)]), expected, "{path} {from} {to}");
        }
    }

    #[test]
    fn an_empty_rule_is_for_relative_paths() {
        assert_eq!(applied("runtime/proc.go", &[("", "/go/src")]), "/go/src/runtime/proc.go");
        assert_eq!(applied("/x/a.go", &[("", "/go/src")]), "/x/a.go");
        assert_eq!(applied("C:/x/a.go", &[("", "/go/src")]), "C:/x/a.go");
        assert_eq!(applied("a.go", &[("", "")]), "a.go");
        assert_eq!(applied("m@v1.0.0/a.go", &[("m@v1.0.0", "/mod/m"), ("", "/go")]), "/mod/m/a.go");
    }

    #[test]
    fn the_first_rule_decides() {
        let rules = [("/tmp", "/b"), ("/tmp/look", "/a")];
        assert_eq!(applied("/tmp/look/x.go", &rules), "/b/look/x.go");
        assert_eq!(applied("/tmp/look/x.go", &[rules[1], rules[0]]), "/a/x.go");
    }

    #[test]
    fn paths_of_windows_ignore_case_and_take_the_separators_of_the_substitute() {
        for (path, from, to, expected) in [
            ("c:\\Src\\a\\b.go", "C:\\src", "/home/me", "/home/me/a/b.go"),
            ("C:/src/a/b.go", "c:\\src", "D:\\x", "D:\\x\\a\\b.go"),
            ("/SRC/a/b.go", "/src", "C:\\x", "C:\\x\\a\\b.go"),
            ("/src/a/b.go", "/src", "C:/x", "C:/x/a/b.go"),
            ("/src/a.go", "/src", "C:\\", "C:\\a.go"),
            ("\\\\host\\share\\a.go", "\\\\HOST\\share", "/mnt", "/mnt/a.go"),
            ("c:\\src\\a\\b.go", "c:\\src", "", "a\\b.go"),
            ("/SRC/a.go", "/src", "/x", "/SRC/a.go"),
            ("/src\\odd/a.go", "/src", "/x", "/src\\odd/a.go"),
        ] {
            assert_eq!(applied(path, &[(from, to)]), expected, "{path} {from} {to}");
        }
        // One rule with a path of Windows decides for all.
        assert_eq!(applied("/SRC/a.go", &[("C:\\y", "/y"), ("/src", "/x")]), "/x/a.go");
    }
}
