//! What is wrong with a regular expression, in the words of Go's `regexp/syntax` (`ErrorCode` of go1.24).

/// One line for a fault that the `regex` crate describes in `fault`, on several lines with the fault itself last.
pub fn regexp_error(fault: &str, pattern: &str) -> String {
    let fault = fault.rsplit_once("error: ").map_or(fault, |(_, fault)| fault).trim_end();
    let from = |c: char| pattern.rfind(c).map_or(pattern, |at| &pattern[at..]);
    let (text, part) = match fault {
        "unclosed character class" => ("missing closing ]", from('[')),
        "unclosed group" => ("missing closing )", pattern),
        "unopened group" => ("unexpected )", pattern),
        "incomplete escape sequence, reached end of pattern prematurely" => {
            ("trailing backslash at end of expression", "")
        }
        "repetition operator missing expression" => {
            let at = pattern.find(['*', '+', '?']).unwrap_or(0);
            ("missing argument to repetition operator", pattern.get(at..at + 1).unwrap_or(pattern))
        }
        other => (other, pattern),
    };
    format!("error parsing regexp: {text}: `{part}`")
}

#[cfg(test)]
mod tests {
    use super::regexp_error;

    #[test]
    fn as_go_has_it() {
        for (fault, pattern, expected) in [
            (
                "regex parse error:\n    a[\n     ^\nerror: unclosed character class",
                "a[",
                "missing closing ]: `[`",
            ),
            ("error: unclosed group", "(a", "missing closing ): `(a`"),
            ("error: unopened group", "a)", "unexpected ): `a)`"),
            (
                "error: repetition operator missing expression",
                "*a",
                "missing argument to repetition operator: `*`",
            ),
            ("something else", "x", "something else: `x`"),
        ] {
            assert_eq!(regexp_error(fault, pattern), format!("error parsing regexp: {expected}"));
        }
    }
}
