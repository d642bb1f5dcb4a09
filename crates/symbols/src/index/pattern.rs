//! What a regular expression requires of a name, found in its syntax: with that, most names are ruled out without
//! running the expression.

use regex::bytes;
use regex_syntax::hir::literal::Extractor;
use regex_syntax::hir::{Hir, HirKind, Look};

/// More texts than this rule out too little.
const MOST_TEXTS: usize = 64;

/// A regular expression, prepared for searching tables.
#[derive(Clone, Debug)]
pub struct Pattern {
    regex: regex::Regex,
    /// Every match starts the name with this.
    prefix: Vec<u8>,
    /// Every match has one of these texts somewhere.
    required: Option<bytes::Regex>,
    /// It matches every name.
    is_any: bool,
}

impl Pattern {
    /// A pattern in the syntax of the `regex` crate (that of Go's, but for corner cases).
    pub fn new(pattern: &str) -> Result<Pattern, regex::Error> {
        let regex = regex::Regex::new(pattern)?;
        let hir = regex_syntax::parse(pattern).ok();
        let prefix = hir.as_ref().map(start).unwrap_or_default();
        let texts = hir.as_ref().and_then(required).filter(|texts| is_useful(texts));
        let required = texts.and_then(|texts| {
            let escaped: Vec<String> =
                texts.iter().map(|text| Hir::literal(text.clone()).to_string()).collect();
            bytes::RegexBuilder::new(&escaped.join("|")).unicode(false).build().ok()
        });
        Ok(Pattern { regex, prefix, required, is_any: pattern.is_empty() || pattern == ".*" })
    }

    /// Does it match this name?
    pub fn matches(&self, name: &str) -> bool {
        self.is_any || self.regex.is_match(name)
    }

    pub(super) fn matches_bytes(&self, name: &[u8]) -> bool {
        self.is_any || self.regex.is_match(&String::from_utf8_lossy(name))
    }

    pub(super) fn prefix(&self) -> &[u8] {
        &self.prefix
    }

    pub(super) fn required(&self) -> Option<&bytes::Regex> {
        self.required.as_ref()
    }
}

/// The text with which every match starts, at the start of the name.
fn start(hir: &Hir) -> Vec<u8> {
    let HirKind::Concat(parts) = hir.kind() else { return Vec::new() };
    match parts.as_slice() {
        [first, second, ..] if *first.kind() == HirKind::Look(Look::Start) => match second.kind() {
            HirKind::Literal(text) => text.0.to_vec(),
            _ => Vec::new(),
        },
        _ => Vec::new(),
    }
}

fn is_useful(texts: &[Vec<u8>]) -> bool {
    !texts.is_empty() && texts.len() <= MOST_TEXTS && texts.iter().all(|text| !text.is_empty())
}

/// Texts of which every match has at least one; `None` if there are none that are known.
fn required(hir: &Hir) -> Option<Vec<Vec<u8>>> {
    match hir.kind() {
        HirKind::Literal(text) => Some(vec![text.0.to_vec()]),
        HirKind::Capture(capture) => required(&capture.sub),
        HirKind::Repetition(repetition) if repetition.min > 0 => required(&repetition.sub),
        HirKind::Alternation(branches) => {
            let mut all = Vec::new();
            for branch in branches {
                all.extend(required(branch)?);
                if all.len() > MOST_TEXTS {
                    return None;
                }
            }
            Some(all)
        }
        HirKind::Concat(parts) => {
            let own = parts.iter().filter_map(required);
            // Letters of either case are classes of two, of which the extractor makes texts.
            let joined = (0..parts.len()).filter_map(|from| {
                let sequence = Extractor::new().extract(&Hir::concat(parts[from..].to_vec()));
                let texts = sequence.literals()?.iter();
                Some(texts.map(|literal| literal.as_bytes().to_vec()).collect())
            });
            let useful = own.chain(joined.take(MOST_TEXTS)).filter(|texts: &Vec<Vec<u8>>| is_useful(texts));
            useful.max_by_key(|texts| {
                let shortest = texts.iter().map(Vec::len).min().unwrap_or(0);
                (shortest, std::cmp::Reverse(texts.len()))
            })
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(pattern: &str) -> Vec<String> {
        let found = required(&regex_syntax::parse(pattern).unwrap()).unwrap_or_default();
        let mut found: Vec<String> = found.into_iter().map(|text| String::from_utf8(text).unwrap()).collect();
        found.sort();
        found
    }

    #[test]
    fn finds_what_a_match_must_have() {
        assert_eq!(texts("main.*Reader$"), ["Reader"]);
        assert_eq!(texts("^net/http"), ["net/http"]);
        assert_eq!(texts("a(foo|barn)+"), ["abarn", "afoo"]);
        assert_eq!(texts("x?.*"), [""; 0]);
        assert_eq!(texts("(?i)go").len(), 4);
    }

    #[test]
    fn finds_how_a_match_starts() {
        assert_eq!(Pattern::new("^main\\.w.*").unwrap().prefix(), b"main.w");
        assert_eq!(Pattern::new("main").unwrap().prefix(), b"");
        assert_eq!(Pattern::new("^(a|b)").unwrap().prefix(), b"");
        assert_eq!(Pattern::new("(?m)^main").unwrap().prefix(), b"");
    }
}
