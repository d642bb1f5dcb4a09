//! Paths as people abbreviate them.

/// Whether the file a person typed as `spec` can be the file `path`: they are the same, or `spec` is the end of
/// `path` from a `/` on. Backslashes of Windows paths count as slashes.
pub fn file_matches(spec: &str, path: &str) -> bool {
    let same = |(a, b): (u8, u8)| a == b || is_separator(a) && is_separator(b);
    let Some(rest) = path.len().checked_sub(spec.len()) else { return false };
    let (spec, path) = (spec.as_bytes(), path.as_bytes());
    if spec.is_empty() || !spec.iter().copied().zip(path[rest..].iter().copied()).all(same) {
        return false;
    }
    // `/x.go` is an absolute path, not the end of `/a/x.go`.
    rest == 0 || !is_separator(spec[0]) && is_separator(path[rest - 1])
}

fn is_separator(byte: u8) -> bool {
    matches!(byte, b'/' | b'\\')
}
