//! Which request is answered by what, and when it may be asked.

use crate::failure::{Failure, Kind};
use crate::protocol::Request;

use super::{Adapter, Answer, no_session};

/// When a request can be answered.
#[derive(Clone, Copy, PartialEq, Eq)]
enum When {
    /// Before there is a session, too.
    Always,
    /// While there is a session, whether the target runs or not.
    Session,
    /// While the target stands.
    Stopped,
}

type Handler = fn(&mut Adapter, &Request) -> Result<Answer, Failure>;

/// The handler of a command.
fn handler(command: &str) -> Option<(When, Handler)> {
    use When::{Always, Session, Stopped};
    Some(match command {
        "initialize" => (Always, Adapter::initialize),
        "launch" => (Always, Adapter::launch),
        "attach" => (Always, Adapter::attach),
        "disconnect" => (Always, Adapter::disconnect),
        // It has been carried out where requests are read: all that came before it is answered.
        "cancel" => (Always, |_, _| Answer::empty()),
        "terminate" => (Always, Adapter::terminate),
        "configurationDone" => (Session, Adapter::configuration_done),
        "setBreakpoints" => (Session, Adapter::set_breakpoints),
        "setFunctionBreakpoints" => (Session, Adapter::set_function_breakpoints),
        "setInstructionBreakpoints" => (Session, Adapter::set_instruction_breakpoints),
        "setExceptionBreakpoints" => (Session, Adapter::set_exception_breakpoints),
        "dataBreakpointInfo" => (Session, Adapter::data_breakpoint_info),
        "setDataBreakpoints" => (Session, Adapter::set_data_breakpoints),
        "scopes" => (Stopped, Adapter::scopes),
        "variables" => (Stopped, Adapter::variables),
        "setVariable" => (Stopped, Adapter::set_variable),
        "setExpression" => (Stopped, Adapter::set_expression),
        "stepInTargets" => (Stopped, Adapter::step_in_targets),
        "completions" => (Stopped, Adapter::completions),
        "locations" => (Stopped, Adapter::locations),
        "loadedSources" => (Stopped, Adapter::loaded_sources),
        "modules" => (Stopped, Adapter::modules),
        "breakpointLocations" => (Stopped, Adapter::breakpoint_locations),
        "stepBack" => (Stopped, Adapter::step_back),
        "reverseContinue" => (Stopped, Adapter::reverse_continue),
        "evaluate" => (Stopped, Adapter::evaluate),
        "exceptionInfo" => (Stopped, Adapter::exception_info),
        "disassemble" => (Stopped, Adapter::disassemble),
        "readMemory" => (Stopped, Adapter::read_memory),
        "writeMemory" => (Stopped, Adapter::write_memory),
        "pause" => (Session, Adapter::pause),
        "restart" => (Session, Adapter::restart_request),
        "threads" => (Session, Adapter::threads),
        "continue" => (Stopped, Adapter::continue_),
        "next" => (Stopped, Adapter::next),
        "stepIn" => (Stopped, Adapter::step_in),
        "stepOut" => (Stopped, Adapter::step_out),
        "stackTrace" => (Stopped, Adapter::stack_trace),
        _ => return None,
    })
}

impl Adapter {
    pub(super) fn answer_to(&mut self, request: &Request) -> Result<Answer, Failure> {
        let command = request.command.as_str();
        let Some((when, handler)) = handler(command) else {
            let seq = request.seq;
            return Err(
                Kind::Internal.because(format!("Request command '{command}' is not supported (seq: {seq})"))
            );
        };
        if when != When::Always && self.alone.is_some() {
            let refusal = Kind::Launch.because(format!("unable to process '{command}' request"));
            return Err(refusal.headed("noDebug mode"));
        }
        if when != When::Always && self.session.is_none() {
            return Err(no_session());
        }
        if when == When::Stopped && self.is_running() {
            let refusal = Kind::Running.because("debuggee is running");
            return Err(refusal.headed(format!("Unable to process `{command}`")));
        }
        handler(self, request)
    }
}
