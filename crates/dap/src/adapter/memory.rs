//! `readMemory`, `writeMemory`: the bytes of strings and slices.

use adit_api::{EvalScope, decode_base64, encode_base64};

use crate::failure::{Failure, Kind};
use crate::protocol::Request;
use crate::protocol::arguments::{ReadMemoryArguments, WriteMemoryArguments};
use crate::protocol::responses::{ReadMemoryResponseBody, WriteMemoryResponseBody};

use super::{Adapter, Answer, address, arguments};

/// The session reads no more at once.
const AT_ONCE: u64 = 65536;

impl Adapter {
    /// A place whose memory the editor was told of, and how much of it there is.
    fn memory_at(&self, reference: &str) -> Option<(u64, u64)> {
        let base = address(reference).ok()?;
        let size = self.memory.get(&base)?;
        Some((base, u64::try_from(*size).unwrap_or(0)))
    }

    pub(super) fn read_memory(&mut self, request: &Request) -> Result<Answer, Failure> {
        let wanted: ReadMemoryArguments = arguments(request)?;
        let failed = |why: String| Kind::ReadMemory.because(why);
        let (base, size) = self
            .memory_at(&wanted.memory_reference)
            .ok_or_else(|| failed("unknown memoryReference".to_owned()))?;
        let count = u64::try_from(wanted.count).map_err(|_| failed("negative count".to_owned()))?;
        let offset = wanted.offset.unwrap_or(0);
        // Before the beginning, and behind the end, there is nothing to see.
        let from = u64::try_from(offset).unwrap_or(0).min(size);
        let to = u64::try_from(offset.saturating_add_unsigned(count)).unwrap_or(0).min(size);
        let client = self.client()?;
        let mut bytes = Vec::new();
        while from + (bytes.len() as u64) < to {
            let at = from + bytes.len() as u64;
            let length = (to - at).min(AT_ONCE);
            match client.examine_memory(base + at, length as i64) {
                Ok((more, _)) if !more.is_empty() => bytes.extend(more),
                Ok(_) => break,
                Err(error) if bytes.is_empty() => return Err(failed(error.to_string())),
                Err(_) => break,
            }
        }
        let unreadable = count - bytes.len() as u64;
        Answer::of(&ReadMemoryResponseBody {
            address: format!("{:#x}", base + from),
            data: Some(encode_base64(&bytes)),
            unreadable_bytes: Some(unreadable as i64).filter(|&count| count > 0),
        })
    }

    pub(super) fn write_memory(&mut self, request: &Request) -> Result<Answer, Failure> {
        let wanted: WriteMemoryArguments = arguments(request)?;
        let failed = |why: String| Kind::WriteMemory.because(why);
        let (base, _) = self
            .memory_at(&wanted.memory_reference)
            .ok_or_else(|| failed("unknown memoryReference".to_owned()))?;
        let bytes = decode_base64(&wanted.data).ok_or_else(|| failed("illegal base64 data".to_owned()))?;
        if bytes.is_empty() {
            return Err(failed("empty data".to_owned()));
        }
        let client = self.client()?;
        let start = base.wrapping_add_signed(wanted.offset.unwrap_or(0));
        for (at, byte) in (start..).zip(&bytes) {
            client
                .set(EvalScope::CURRENT, &format!("*(*uint8)({at:#x})"), &byte.to_string())
                .map_err(|error| failed(error.to_string()))?;
        }
        if self.editor.supports_invalidated_event == Some(true) {
            self.out.event("invalidated", &serde_json::json!({"areas": ["variables"]}));
        }
        let bytes_written = Some(bytes.len() as i64);
        Answer::of(&WriteMemoryResponseBody { bytes_written, ..WriteMemoryResponseBody::default() })
    }
}
