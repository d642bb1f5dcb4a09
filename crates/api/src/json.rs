//! How Go's `encoding/json` writes what serde would write otherwise: nil slices as `null`, byte slices as
//! base64, zero values left out.

use serde::{Deserialize, Deserializer};

/// Whether a field marked `omitempty` is left out.
pub(crate) fn is_zero<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// Reads `null` as the empty value, as Go does.
pub(crate) fn null_as_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Default + Deserialize<'de>,
{
    Ok(Option::<T>::deserialize(deserializer)?.unwrap_or_default())
}

/// Lists and maps that are `null` when empty.
pub(crate) mod nullable {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    /// Writes an empty list as `null`.
    pub(crate) fn serialize<S, T>(value: &T, serializer: S) -> Result<S::Ok, S::Error>
    where
        S: Serializer,
        T: Default + PartialEq + Serialize,
    {
        if *value == T::default() { serializer.serialize_none() } else { value.serialize(serializer) }
    }

    /// Reads `null` as an empty list.
    pub(crate) fn deserialize<'de, D, T>(deserializer: D) -> Result<T, D::Error>
    where
        D: Deserializer<'de>,
        T: Default + Deserialize<'de>,
    {
        super::null_as_default(deserializer)
    }
}

/// Byte strings: standard base64 with padding (RFC 4648 §4), `null` when empty.
pub(crate) mod base64 {
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serializer};

    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    /// The text of the bytes.
    pub fn encode(bytes: &[u8]) -> String {
        let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
        for chunk in bytes.chunks(3) {
            let group = chunk.iter().enumerate().fold(0u32, |g, (i, &b)| g | u32::from(b) << (16 - 8 * i));
            for i in 0..4 {
                let six = (group >> (18 - 6 * i)) & 63;
                text.push(if i <= chunk.len() { char::from(ALPHABET[six as usize]) } else { '=' });
            }
        }
        text
    }

    /// The bytes of the text; `None` if it is none.
    pub fn decode(text: &str) -> Option<Vec<u8>> {
        let bytes = text.as_bytes();
        if !bytes.len().is_multiple_of(4) {
            return None;
        }
        let digits = text.trim_end_matches('=');
        if bytes.len() - digits.len() > 2 {
            return None;
        }
        let mut out = Vec::with_capacity(bytes.len() / 4 * 3);
        let (mut group, mut bits) = (0u32, 0);
        for digit in digits.bytes() {
            let six = ALPHABET.iter().position(|&a| a == digit)?;
            group = (group << 6 | six as u32) & 0xffffff;
            bits += 6;
            if bits >= 8 {
                bits -= 8;
                out.push((group >> bits) as u8);
            }
        }
        Some(out)
    }

    /// Writes bytes as base64.
    pub(crate) fn serialize<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
        if bytes.is_empty() { serializer.serialize_none() } else { serializer.serialize_str(&encode(bytes)) }
    }

    /// Reads base64, or nothing from `null`.
    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
        match Option::<String>::deserialize(deserializer)? {
            None => Ok(Vec::new()),
            Some(text) => decode(&text).ok_or_else(|| D::Error::custom("illegal base64 data")),
        }
    }

    #[cfg(test)]
    mod tests {
        use super::{decode, encode};

        #[test]
        fn rfc_4648_vectors() {
            for (plain, text) in [
                ("", ""),
                ("f", "Zg=="),
                ("fo", "Zm8="),
                ("foo", "Zm9v"),
                ("foob", "Zm9vYg=="),
                ("foobar", "Zm9vYmFy"),
            ] {
                assert_eq!(encode(plain.as_bytes()), text);
                assert_eq!(decode(text).as_deref(), Some(plain.as_bytes()));
            }
            for bad in ["Z", "Zg=", "Zg!=", "====", "Z==="] {
                assert_eq!(decode(bad), None, "{bad}");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::requests::{CreateWatchpointOut, StacktraceIn, StateOut};
    use crate::{Breakpoint, Event, EventKind, Stackframe, Thread, Variable};

    fn json(value: &impl serde::Serialize) -> String {
        serde_json::to_string(value).unwrap()
    }

    #[test]
    fn empty_values_look_as_go_writes_them() {
        let breakpoint = concat!(
            r#"{"id":0,"name":"","addr":0,"addrs":null,"addrpid":null,"file":"","line":0,"ExprString":"","Cond":"","#,
            r#""HitCond":"","HitCondPerG":false,"continue":false,"traceReturn":false,"goroutine":false,"stacktrace":0,"#,
            r#""LoadArgs":null,"LoadLocals":null,"WatchExpr":"","WatchType":0,"hitCount":{},"totalHitCount":0,"#,
            r#""disabled":false,"RootFuncName":"","TraceFollowCalls":0}"#
        );
        assert_eq!(json(&Breakpoint::default()), breakpoint);
        assert_eq!(json(&CreateWatchpointOut::default()), breakpoint);
        assert_eq!(json(&StateOut::default()), r#"{"State":null}"#);
        assert_eq!(json(&Event { kind: EventKind::STOPPED, ..Event::default() }), r#"{"Kind":1}"#);
        assert!(
            json(&Variable::default())
                .contains(r#""StringValueBytes":null,"len":0,"cap":0,"children":[],"base":0"#)
        );
        assert_eq!(
            json(&Stackframe::default()),
            r#"{"pc":0,"file":"","line":0,"Locals":null,"Arguments":null,"FrameOffset":0,"FramePointerOffset":0,"Defers":[],"Err":""}"#
        );
        assert_eq!(
            json(&Thread::default()),
            r#"{"id":0,"pc":0,"file":"","line":0,"goroutineID":0,"ReturnValues":null,"CallReturn":false}"#
        );
    }

    #[test]
    fn missing_and_null_fields_are_zero() {
        let request: StacktraceIn = serde_json::from_str(r#"{"Id":3,"Cfg":null,"Other":1}"#).unwrap();
        assert_eq!(request, StacktraceIn { id: 3, ..StacktraceIn::default() });
        let breakpoint: Breakpoint =
            serde_json::from_str(r#"{"addrs":null,"variables":null,"hitCount":null}"#).unwrap();
        assert_eq!(breakpoint, Breakpoint::default());
    }

    #[test]
    fn bytes_are_base64() {
        let variable = Variable { string_value_bytes: vec![0xff, 0], ..Variable::default() };
        let text = json(&variable);
        assert!(text.contains(r#""StringValueBytes":"/wA=""#), "{text}");
        assert_eq!(serde_json::from_str::<Variable>(&text).unwrap(), variable);
    }
}
