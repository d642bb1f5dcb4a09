//! `setInstructionBreakpoints`: breakpoints at addresses.

use adit_api::Breakpoint;
use adit_api::requests::CreateBreakpointIn;

use crate::failure::Failure;
use crate::protocol::Request;
use crate::protocol::arguments::SetInstructionBreakpointsArguments;
use crate::protocol::responses::SetInstructionBreakpointsResponseBody;

use super::super::{Adapter, Answer, address, arguments};
use super::{Place, Wanted};

pub(super) const NAME: &str = "instructionBreakpoint ";

impl Adapter {
    pub(in super::super) fn set_instruction_breakpoints(
        &mut self,
        request: &Request,
    ) -> Result<Answer, Failure> {
        let asked: SetInstructionBreakpointsArguments = arguments(request)?;
        let wanted = asked.breakpoints.into_iter().map(|asked| {
            let reference = asked.instruction_reference;
            let offset = asked.offset.unwrap_or(0);
            let place = address(&reference).map(|addr| {
                let addr = addr.wrapping_add_signed(offset);
                let breakpoint = Breakpoint { addr, addrs: vec![addr], ..Breakpoint::default() };
                Place::Breakpoint(Box::new(CreateBreakpointIn {
                    breakpoint,
                    ..CreateBreakpointIn::default()
                }))
            });
            let name = match offset {
                0 => format!("{NAME}PC={reference}"),
                offset => format!("{NAME}PC={reference}{offset:+}"),
            };
            Wanted {
                name,
                condition: asked.condition.unwrap_or_default(),
                hit_condition: asked.hit_condition.unwrap_or_default(),
                log: None,
                place,
            }
        });
        let wanted = wanted.collect();
        let breakpoints = self.while_stopped(|adapter| adapter.replace_breakpoints(NAME, wanted))??;
        Answer::of(&SetInstructionBreakpointsResponseBody { breakpoints })
    }
}
