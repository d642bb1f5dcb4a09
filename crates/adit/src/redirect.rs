//! Where the program's standard input, output and error go (`-r`).

use std::path::PathBuf;

use thiserror::Error;

/// The files of standard input, output and error, in this order; `None` is adit's own.
pub(crate) type Redirects = [Option<PathBuf>; 3];

const STREAMS: [&str; 3] = ["stdin", "stdout", "stderr"];

/// One stream was redirected to two places.
#[derive(Debug, Error, PartialEq, Eq)]
#[error("redirect error: {0} redirected twice")]
pub(crate) struct RedirectedTwice(&'static str);

/// Reads `[stdin:|stdout:|stderr:]path` of each argument; without a prefix the path is that of standard input.
pub(crate) fn parse(arguments: &[String]) -> Result<Redirects, RedirectedTwice> {
    let mut redirects = Redirects::default();
    for argument in arguments {
        let named = STREAMS.iter().enumerate().find_map(|(index, stream)| {
            Some((index, argument.strip_prefix(stream)?.strip_prefix(':')?))
        });
        let (index, path) = named.unwrap_or((0, argument));
        if redirects[index].replace(path.into()).is_some() {
            return Err(RedirectedTwice(STREAMS[index]));
        }
    }
    Ok(redirects)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(arguments: &[&str]) -> Result<Redirects, RedirectedTwice> {
        parse(&arguments.iter().map(|&argument| argument.to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn each_stream_goes_to_one_place() {
        assert_eq!(parsed(&[]), Ok([None, None, None]));
        let all = parsed(&["stderr:c:d", "a", "stdout:b"]);
        assert_eq!(all, Ok([Some("a".into()), Some("b".into()), Some("c:d".into())]));
        assert_eq!(parsed(&["stdinx:a"]), Ok([Some("stdinx:a".into()), None, None]));
        let twice = parsed(&["stdin:a", "b"]).unwrap_err();
        assert_eq!(twice.to_string(), "redirect error: stdin redirected twice");
    }
}
