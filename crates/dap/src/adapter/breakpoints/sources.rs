//! `setBreakpoints`: breakpoints and log points at lines of a file.

use adit_api::Breakpoint;
use adit_api::requests::CreateBreakpointIn;

use crate::failure::{Failure, Kind};
use crate::protocol::Request;
use crate::protocol::arguments::SetBreakpointsArguments;
use crate::protocol::responses::SetBreakpointsResponseBody;

use super::super::{Adapter, Answer, arguments};
use super::log::LogPoint;
use super::{Place, Wanted};

pub(super) const NAME: &str = "sourceBp ";

impl Adapter {
    pub(in super::super) fn set_breakpoints(&mut self, request: &Request) -> Result<Answer, Failure> {
        let wanted: SetBreakpointsArguments = arguments(request)?;
        let Some(path) = wanted.source.path.as_deref().filter(|path| !path.is_empty()) else {
            return Err(Kind::SetBreakpoints.because("empty file path"));
        };
        // Names have the path as the editor gives it.
        let prefix = format!("{NAME}Path={path:?} ");
        let file = self.to_program(path);
        let wanted = wanted.breakpoints.unwrap_or_default().into_iter().map(|asked| {
            let log = LogPoint::parse(asked.log_message.as_deref().unwrap_or_default());
            let (line, column) = (asked.line, asked.column.unwrap_or(0));
            let breakpoint = Breakpoint { file: file.clone(), line, ..Breakpoint::default() };
            let place = CreateBreakpointIn { breakpoint, ..CreateBreakpointIn::default() };
            let refused = log.as_ref().err().cloned();
            Wanted {
                name: format!("{prefix} Line={line} Column={column}"),
                condition: asked.condition.unwrap_or_default(),
                hit_condition: asked.hit_condition.unwrap_or_default(),
                log: log.ok().flatten(),
                place: refused.map_or_else(|| Ok(Place::Breakpoint(Box::new(place))), Err),
            }
        });
        let wanted = wanted.collect();
        let breakpoints = self.while_stopped(|adapter| adapter.replace_breakpoints(&prefix, wanted))??;
        Answer::of(&SetBreakpointsResponseBody { breakpoints })
    }
}
