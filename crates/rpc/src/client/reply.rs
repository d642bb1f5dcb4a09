//! What a server answers.

use adit_api::ClientError;
use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::Value;

/// How deep a reply may be nested. A value in it is two levels deep for each level of its own.
const MAX_DEPTH: usize = 200_000;

/// The id of a reply; the rest is for whoever waits for it.
pub(super) fn id(message: &[u8]) -> Result<u64, serde_json::Error> {
    if let Some(id) = leading_id(message) {
        return Ok(id);
    }
    #[derive(Deserialize)]
    struct Head {
        id: u64,
    }
    // A list would be taken for a struct's fields, too.
    if message.trim_ascii_start().first() != Some(&b'{') {
        return Err(serde::de::Error::custom("it is no object"));
    }
    serde_json::from_slice::<Head>(message).map(|head| head.id)
}

/// Servers begin with the id: a long reply need not be read to its end for it.
fn leading_id(message: &[u8]) -> Option<u64> {
    let rest = message.strip_prefix(br#"{"id":"#)?;
    let end = rest.iter().position(|byte| !byte.is_ascii_digit())?;
    if rest[end] != b',' {
        return None;
    }
    std::str::from_utf8(&rest[..end]).ok()?.parse().ok()
}

/// The result of a reply, or the error that it is.
pub(super) fn result<T: DeserializeOwned>(message: &[u8]) -> Result<T, ClientError> {
    #[derive(Deserialize)]
    struct Failure {
        #[serde(default)]
        error: Value,
        #[serde(default, rename = "result")]
        _result: IgnoredAny,
    }
    #[derive(Deserialize)]
    struct Success<T> {
        result: T,
    }
    match read::<Success<T>>(message) {
        Ok(success) => Ok(success.result),
        Err(unread) => Err(match serde_json::from_slice::<Failure>(message).map(|failure| failure.error) {
            Ok(Value::String(text)) => ClientError(text),
            Ok(Value::Null) | Err(_) => {
                ClientError(format!("the server's answer could not be understood: {unread}"))
            }
            Ok(other) => ClientError(other.to_string()),
        }),
    }
}

/// Reads JSON of any depth that a value of the debugged program may have.
fn read<T: DeserializeOwned>(message: &[u8]) -> Result<T, serde_json::Error> {
    let read = serde_json::from_slice(message);
    // serde_json gives up at 128 levels, with this text and no kind of its own.
    let too_deep = |error: &serde_json::Error| error.to_string().starts_with("recursion limit exceeded");
    match read {
        Err(error) if too_deep(&error) && depth(message) <= MAX_DEPTH => {
            let mut deserializer = serde_json::Deserializer::from_slice(message);
            deserializer.disable_recursion_limit();
            T::deserialize(&mut deserializer)
        }
        read => read,
    }
}

/// How many lists and objects are in each other.
fn depth(message: &[u8]) -> usize {
    let (mut depth, mut deepest) = (0usize, 0);
    let (mut in_string, mut escaped) = (false, false);
    for byte in message {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            b'[' | b'{' if !in_string => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            b']' | b'}' if !in_string => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}

#[cfg(test)]
mod tests {
    use adit_api::Variable;
    use adit_api::requests::{EvalOut, IsMulticlientOut};

    use super::*;

    #[test]
    fn ids_are_found_wherever_they_stand() {
        assert_eq!(id(br#"{"id":12,"result":{},"error":null}"#).unwrap(), 12);
        assert_eq!(id(br#"{"result":{"id":3},"error":null, "id": 12 }"#).unwrap(), 12);
        assert!(id(br#"{"id":-1,"result":{}}"#).is_err());
        assert!(id(br#"{"id":99999999999999999999,"result":{}}"#).is_err());
        assert!(id(b"[1]").is_err());
        assert!(id(b"HTTP/1.1 400 Bad Request").is_err());
    }

    #[test]
    fn a_reply_is_a_result_or_a_text() {
        let answer = |message: &str| {
            result::<IsMulticlientOut>(message.as_bytes()).map(|out| out.is_multiclient).map_err(|e| e.0)
        };
        assert_eq!(answer(r#"{"id":1,"result":{"IsMulticlient":true},"error":null}"#), Ok(true));
        assert_eq!(answer(r#"{"id":1,"result":null,"error":"no"}"#), Err("no".to_owned()));
        assert_eq!(answer(r#"{"id":1,"result":null,"error":{"code":3}}"#), Err(r#"{"code":3}"#.to_owned()));
        let odd = answer(r#"{"id":1,"result":{"IsMulticlient":"perhaps"},"error":null}"#).unwrap_err();
        assert!(odd.starts_with("the server's answer could not be understood: "), "{odd}");
    }

    #[test]
    fn long_lists_are_read_on_a_small_stack_and_endless_ones_refused() {
        let reply = |levels: usize| {
            let (open, close) = (r#"{"children":["#.repeat(levels), "]}".repeat(levels));
            format!(r#"{{"id":1,"result":{{"Variable":{open}{{"value":"end"}}{close}}},"error":null}}"#)
        };
        let walk = move || {
            let mut variable = result::<EvalOut>(reply(10_000).as_bytes()).unwrap().variable.unwrap();
            let mut levels = 0;
            while !variable.children.is_empty() {
                let inner: Variable = std::mem::take(&mut variable.children[0]);
                variable = inner;
                levels += 1;
            }
            assert_eq!((levels, variable.value.as_str()), (10_000, "end"));
            assert!(result::<EvalOut>(reply(1_000_000).as_bytes()).is_err());
        };
        std::thread::Builder::new().stack_size(512 << 10).spawn(walk).unwrap().join().unwrap();
    }

    #[test]
    fn brackets_in_texts_are_no_levels() {
        assert_eq!(depth(br#"{"a":["[[[\"[","\\"],"b":{}}"#), 2);
    }
}
