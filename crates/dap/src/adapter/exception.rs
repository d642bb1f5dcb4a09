//! `exceptionInfo`: why the target stopped where no breakpoint is.

use crate::failure::{Failure, Kind};
use crate::protocol::Request;
use crate::protocol::arguments::ExceptionInfoArguments;

use super::{Adapter, Answer, arguments};

impl Adapter {
    pub(super) fn exception_info(&mut self, request: &Request) -> Result<Answer, Failure> {
        let wanted: ExceptionInfoArguments = arguments(request)?;
        let client = self.client()?;
        let state = client.state(false).unwrap_or_default();
        let selected = super::stopped::selected_goroutine(&state);
        let Some(exception) = self.exception.clone() else {
            return Err(Kind::ExceptionInfo.because("no runtime error found"));
        };
        if wanted.thread_id != selected {
            let why = format!("no exception found for goroutine {}", wanted.thread_id);
            return Err(Kind::ExceptionInfo.because(why));
        }
        let goroutine = if selected == 0 { -1 } else { selected };
        let stack_trace =
            self.stack_text(goroutine).unwrap_or_else(|error| format!("Error getting stack: {error}"));
        Answer::of(&serde_json::json!({
            "exceptionId": exception.id,
            "description": exception.description,
            // The protocol has no word for "it cannot be helped".
            "breakMode": "unhandled",
            "details": {"stackTrace": stack_trace},
        }))
    }
}
