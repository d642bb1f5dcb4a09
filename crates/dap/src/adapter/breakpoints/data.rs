//! `dataBreakpointInfo`, `setDataBreakpoints`: breakpoints at accesses to memory.

use adit_api::requests::CreateWatchpointIn;
use adit_api::{EvalScope, WatchType};

use crate::failure::{Failure, Kind};
use crate::protocol::Request;
use crate::protocol::arguments::{DataBreakpointInfoArguments, SetDataBreakpointsArguments};
use crate::protocol::responses::{DataBreakpointInfoResponseBody, SetDataBreakpointsResponseBody};
use crate::protocol::types::{DataBreakpoint, DataBreakpointAccessType};

use super::super::stack::FrameKey;
use super::super::variables::Held;
use super::super::{Adapter, Answer, arguments};
use super::{Place, Wanted};

pub(super) const NAME: &str = "dataBreakpoint ";

impl Adapter {
    pub(in super::super) fn data_breakpoint_info(&mut self, request: &Request) -> Result<Answer, Failure> {
        self.check_stopped_for_data()?;
        let wanted: DataBreakpointInfoArguments = arguments(request)?;
        let refuse = |why: String| Kind::DataBreakpointInfo.because(why);
        let (scope, expression) = match wanted.variables_reference.filter(|&reference| reference > 0) {
            Some(reference) => self.child_place(reference, &wanted.name).map_err(refuse)?,
            None => {
                let frame = wanted.frame_id.and_then(|id| self.frames.get(id));
                (frame.map_or(EvalScope::CURRENT, FrameKey::scope), wanted.name.clone())
            }
        };
        Answer::of(&DataBreakpointInfoResponseBody {
            data_id: Some(format!("{},{},{expression}", scope.goroutine_id, scope.frame)),
            description: wanted.name,
            access_types: Some(vec![
                DataBreakpointAccessType::Read,
                DataBreakpointAccessType::Write,
                DataBreakpointAccessType::ReadWrite,
            ]),
            ..DataBreakpointInfoResponseBody::default()
        })
    }

    /// The scope and the place of a part of what an editor holds.
    fn child_place(&self, reference: i64, name: &str) -> Result<(EvalScope, String), String> {
        let missing = || format!("field {name} not found");
        match self.variables.get(reference) {
            None => Err(format!("variable reference {reference} unknown")),
            Some(Held::Registers(_)) => Err(missing()),
            Some(Held::Scope(variables, scope)) => {
                let found = variables.iter().find(|named| named.variable.name == name).ok_or_else(missing)?;
                Ok((*scope, found.expression.clone()))
            }
            Some(Held::Value(named, scope)) => {
                let mut children = named.variable.children.iter();
                let index =
                    name.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')?.parse::<usize>().ok());
                let found = match index {
                    Some(index) => children.nth(index),
                    None => children.find(|child| child.name == name),
                };
                let found = found.ok_or_else(missing)?;
                if !found.unreadable.is_empty() {
                    return Err(format!("field {name} is unreadable: {}", found.unreadable));
                }
                Ok((*scope, format!("*(*{:?})({:#x})", found.type_name, found.addr)))
            }
        }
    }

    fn check_stopped_for_data(&self) -> Result<(), Failure> {
        match self.is_running() {
            true => {
                Err(Kind::SetBreakpoints.because("Can not set data breakpoints while the process is running"))
            }
            false => Ok(()),
        }
    }

    pub(in super::super) fn set_data_breakpoints(&mut self, request: &Request) -> Result<Answer, Failure> {
        self.check_stopped_for_data()?;
        let asked: SetDataBreakpointsArguments = arguments(request)?;
        let wanted = asked.breakpoints.into_iter().map(|asked| Wanted {
            name: format!("{NAME}{}", asked.data_id),
            place: place_of(&asked),
            condition: asked.condition.unwrap_or_default(),
            hit_condition: asked.hit_condition.unwrap_or_default(),
            log: None,
        });
        let wanted = wanted.collect();
        let breakpoints = self.replace_breakpoints(NAME, wanted)?;
        Answer::of(&SetDataBreakpointsResponseBody { breakpoints })
    }
}

fn place_of(asked: &DataBreakpoint) -> Result<Place, String> {
    let malformed = || format!("malformed data ID: {:?}", asked.data_id);
    let mut parts = asked.data_id.splitn(3, ',');
    let mut number = || parts.next()?.parse().ok();
    let (goroutine_id, frame) = number().zip(number()).ok_or_else(malformed)?;
    let expression = parts.next().ok_or_else(malformed)?;
    let accesses = match asked.access_type.unwrap_or(DataBreakpointAccessType::Write) {
        DataBreakpointAccessType::Read => WatchType::READ.0,
        DataBreakpointAccessType::Write => WatchType::WRITE.0,
        DataBreakpointAccessType::ReadWrite => WatchType::READ.0 | WatchType::WRITE.0,
    };
    Ok(Place::Watch(Box::new(CreateWatchpointIn {
        scope: EvalScope { goroutine_id, frame, deferred_call: 0 },
        expr: expression.to_owned(),
        watch_type: WatchType(accesses),
    })))
}
