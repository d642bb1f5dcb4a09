//! `setExceptionBreakpoints`: whether panics that nothing recovers, and fatal errors, stop the target.

use adit_api::internal_breakpoint::{FATAL_THROW, UNRECOVERED_PANIC};
use adit_api::requests::AmendBreakpointIn;

use crate::failure::{Failure, Kind};
use crate::protocol::Request;
use crate::protocol::arguments::SetExceptionBreakpointsArguments;
use crate::protocol::responses::SetExceptionBreakpointsResponseBody;
use crate::protocol::types;

use super::super::{Adapter, Answer, arguments};

impl Adapter {
    pub(in super::super) fn set_exception_breakpoints(
        &mut self,
        request: &Request,
    ) -> Result<Answer, Failure> {
        let asked: SetExceptionBreakpointsArguments = arguments(request)?;
        let breakpoints = self.while_stopped(|adapter| adapter.choose_exceptions(&asked))??;
        Answer::of(&SetExceptionBreakpointsResponseBody { breakpoints: Some(breakpoints) })
    }

    fn choose_exceptions(
        &mut self,
        asked: &SetExceptionBreakpointsArguments,
    ) -> Result<Vec<types::Breakpoint>, Failure> {
        let client = self.client()?;
        let with_options = asked.filter_options.iter().flatten();
        let conditions: Vec<(&str, &str)> = with_options
            .map(|option| (option.filter_id.as_str(), option.condition.as_deref().unwrap_or_default()))
            .chain(asked.filters.iter().map(|filter| (filter.as_str(), "")))
            .collect();
        let mut answers = Vec::new();
        for (name, id) in [UNRECOVERED_PANIC, FATAL_THROW] {
            let wanted = conditions.iter().find(|(filter, _)| *filter == name);
            // A program that is no Go program does not have them.
            let Ok(mut breakpoint) = client.get_breakpoint(id, "") else { continue };
            breakpoint.disabled = wanted.is_none();
            breakpoint.cond = wanted.map(|(_, condition)| (*condition).to_owned()).unwrap_or_default();
            let amended = client.amend_breakpoint(&AmendBreakpointIn { breakpoint });
            match (wanted, amended) {
                (Some(_), Ok(())) => answers.push(types::Breakpoint {
                    id: Some(id),
                    verified: true,
                    ..types::Breakpoint::default()
                }),
                (_, Err(error)) => return Err(Kind::SetBreakpoints.because(error.to_string())),
                (None, Ok(())) => {}
            }
        }
        Ok(answers)
    }
}
