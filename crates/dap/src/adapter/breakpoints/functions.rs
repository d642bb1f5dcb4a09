//! `setFunctionBreakpoints`: breakpoints at functions.

use adit_api::requests::{CreateBreakpointIn, FindLocationIn};
use adit_api::{Breakpoint, Client, EvalScope};
use adit_expr::{Location, parse_location};

use crate::failure::Failure;
use crate::protocol::Request;
use crate::protocol::arguments::SetFunctionBreakpointsArguments;
use crate::protocol::responses::SetFunctionBreakpointsResponseBody;

use super::super::{Adapter, Answer, arguments};
use super::{Place, Wanted};

pub(super) const NAME: &str = "functionBreakpoint ";

impl Adapter {
    pub(in super::super) fn set_function_breakpoints(
        &mut self,
        request: &Request,
    ) -> Result<Answer, Failure> {
        let asked: SetFunctionBreakpointsArguments = arguments(request)?;
        let breakpoints = self.while_stopped(|adapter| {
            let client = adapter.client()?;
            let wanted = asked.breakpoints.into_iter().map(|asked| Wanted {
                name: format!("{NAME}Name={}", asked.name),
                condition: asked.condition.unwrap_or_default(),
                hit_condition: asked.hit_condition.unwrap_or_default(),
                log: None,
                place: place_of(&*client, &asked.name),
            });
            let wanted = wanted.collect();
            adapter.replace_breakpoints(NAME, wanted)
        })??;
        Answer::of(&SetFunctionBreakpointsResponseBody { breakpoints })
    }
}

/// Where a function is; editors have no other kinds of locations here.
fn place_of(client: &dyn Client, name: &str) -> Result<Place, String> {
    if name.starts_with('.') {
        return Err("breakpoint names that are relative paths are not supported".to_owned());
    }
    if !matches!(parse_location(name), Ok(Location::Normal(_))) {
        return Err(format!(
            "breakpoint name {name:?} could not be parsed as a function. name must be in the format 'funcName', \
             'funcName:line' or 'fileName:line'"
        ));
    }
    let request =
        FindLocationIn { scope: EvalScope::CURRENT, loc: name.to_owned(), ..FindLocationIn::default() };
    let found = client.find_location(&request).map_err(|error| error.to_string())?;
    let Some(first) = found.locations.first() else {
        return Err(format!("Location \"{name}\" not found"));
    };
    let addrs = if first.pcs.is_empty() { vec![first.pc] } else { first.pcs.clone() };
    let breakpoint = Breakpoint { addr: addrs[0], addrs, ..Breakpoint::default() };
    Ok(Place::Breakpoint(Box::new(CreateBreakpointIn {
        breakpoint,
        loc_expr: name.to_owned(),
        ..CreateBreakpointIn::default()
    })))
}
