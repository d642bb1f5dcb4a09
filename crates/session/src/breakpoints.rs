//! Breakpoints, as the API makes, changes and shows them.

use adit_api::requests::{CreateBreakpointIn, CreateWatchpointIn, FindLocationIn, FindLocationOut};
use adit_api::{ClientError, Location, Result, WatchType};
use adit_engine::Debugger;
use adit_engine::breakpoint::{Breakpoint, BreakpointId, BreakpointOptions, BreakpointPlace};
use adit_engine::location::LocationSpecError;
use adit_engine::watch::{Accesses, Means, Watched};
use adit_process::{Addr, Memory};

use crate::convert::{api_function, load_config};
use crate::owner::{Owner, client_error};

/// A breakpoint, as the API has it.
pub(crate) fn api_breakpoint(debugger: &Debugger, breakpoint: &Breakpoint) -> adit_api::Breakpoint {
    let options = &breakpoint.options;
    let addrs: Vec<u64> = breakpoint.addrs.iter().map(|addr| addr.0).collect();
    let pid = debugger.pid().0;
    let api_config = |config: &adit_engine::value::LoadConfig| adit_api::LoadConfig {
        follow_pointers: config.follow_pointers,
        max_variable_recurse: config.max_variable_recurse as i64,
        max_string_len: config.max_string_len as i64,
        max_array_values: config.max_array_values as i64,
        max_struct_fields: config.max_struct_fields.map_or(-1, |fields| fields as i64),
    };
    adit_api::Breakpoint {
        id: breakpoint.id.0,
        name: options.name.clone(),
        addr: addrs.first().copied().unwrap_or(0),
        addr_pids: addrs.iter().map(|_| pid).collect(),
        addrs,
        file: breakpoint.place.file.clone(),
        line: i64::from(breakpoint.place.line),
        function_name: breakpoint.place.function.clone(),
        expr_string: if breakpoint.enabled && !breakpoint.addrs.is_empty() {
            String::new()
        } else {
            breakpoint.place.expression.clone()
        },
        cond: options.condition.clone(),
        hit_cond: options.hit_condition.clone(),
        hit_cond_per_g: options.hit_condition_per_goroutine,
        tracepoint: options.tracepoint,
        trace_return: options.trace_return,
        goroutine: options.goroutine,
        stacktrace: options.stacktrace as i64,
        variables: options.variables.clone(),
        load_args: options.load_args.as_ref().map(api_config),
        load_locals: options.load_locals.as_ref().map(api_config),
        custom_commands: options.custom_commands.clone(),
        hit_counts: breakpoint.goroutine_hits.iter().map(|(id, count)| (id.to_string(), *count)).collect(),
        total_hit_count: breakpoint.total_hits,
        disabled: !breakpoint.enabled,
        root_func_name: options.root_function.clone(),
        trace_follow_calls: options.follow_calls,
        watch_expr: breakpoint.watched.as_ref().map(|w| w.expression.clone()).unwrap_or_default(),
        watch_type: breakpoint.watched.as_ref().map(watch_type).unwrap_or_default(),
        verbose_descr: breakpoint.watched.as_ref().and_then(slowness).into_iter().collect(),
    }
}

impl Owner {
    pub(crate) fn api_breakpoint(&self, breakpoint: &Breakpoint) -> adit_api::Breakpoint {
        let mut shown = api_breakpoint(&self.debugger, breakpoint);
        self.add_elsewhere(breakpoint.id, &mut shown);
        shown
    }

    pub(crate) fn create_breakpoint(&mut self, request: &CreateBreakpointIn) -> Result<adit_api::Breakpoint> {
        let wanted = &request.breakpoint;
        if let Some(pid) = self.addressee(wanted)? {
            let made = self.in_target(pid, |owner| owner.create_breakpoint(request))?;
            return self.get_breakpoint(made.id, "");
        }
        // A program that has ended has no addresses; when it is started anew, it has.
        let ended = self.debugger.check_alive().is_err();
        let addrs = match self.wanted_addresses(request) {
            _ if request.suspended && ended => return self.suspend_breakpoint(request),
            Err(_) if request.suspended => return self.suspend_breakpoint(request),
            found => found?,
        };
        let first = addrs.first().copied();
        let mut place = first.map(|addr| self.debugger.place_of(addr)).unwrap_or_default();
        // Places that several functions share, or several instances of one, go by the name that was asked for.
        if !wanted.function_name.is_empty() {
            place.function.clone_from(&wanted.function_name);
        }
        place.function = without_instance(&place.function, addrs.len());
        place.expression =
            if request.loc_expr.is_empty() { default_expression(&place) } else { request.loc_expr.clone() };
        let id = Some(BreakpointId(wanted.id)).filter(|id| id.0 > 0);
        let made =
            self.debugger.create_breakpoint(id, options(wanted), place, addrs).map_err(client_error)?;
        if wanted.disabled {
            self.debugger.enable_breakpoint(made.id, false).map_err(client_error)?;
        }
        let made = self.debugger.breakpoints().get(made.id).cloned().unwrap_or(made);
        Ok(self.api_breakpoint(&made))
    }

    /// Makes a breakpoint whose place is not there yet.
    fn suspend_breakpoint(&mut self, request: &CreateBreakpointIn) -> Result<adit_api::Breakpoint> {
        let wanted = &request.breakpoint;
        let expression = match (request.loc_expr.as_str(), wanted.file.as_str()) {
            ("", "") => wanted.function_name.clone(),
            ("", file) => format!("{file}:{}", wanted.line),
            (expression, _) => expression.to_owned(),
        };
        let id = Some(BreakpointId(wanted.id)).filter(|id| id.0 > 0);
        let made = self.debugger.suspend_breakpoint(id, options(wanted), expression).map_err(client_error)?;
        Ok(self.api_breakpoint(&made))
    }

    pub(crate) fn create_watchpoint(&mut self, request: &CreateWatchpointIn) -> Result<adit_api::Breakpoint> {
        self.debugger.check_started().map_err(client_error)?;
        let scope = self.scope_of(request.scope)?;
        let wants = |access: WatchType| request.watch_type.0 & access.0 != 0;
        let accesses = Accesses { read: wants(WatchType::READ), write: wants(WatchType::WRITE) };
        let made = self.debugger.create_watchpoint(&scope, &request.expr, accesses).map_err(client_error)?;
        Ok(self.api_breakpoint(&made))
    }

    /// The addresses that a request names in one of several ways.
    fn wanted_addresses(&self, request: &CreateBreakpointIn) -> Result<Vec<Addr>> {
        let wanted = &request.breakpoint;
        let given = self.own_addresses(wanted);
        if wanted.trace_return {
            return Ok(vec![Addr(wanted.addr)]);
        }
        if !wanted.file.is_empty() && given.is_empty() {
            let line = u32::try_from(wanted.line).unwrap_or(0);
            return self.debugger.pcs_of_line(&wanted.file, line).map_err(client_error);
        }
        if !wanted.function_name.is_empty() && given.is_empty() {
            let offset = u32::try_from(wanted.line).ok().filter(|line| *line > 0);
            return self.debugger.pcs_of_function(&wanted.function_name, offset).map_err(client_error);
        }
        if !given.is_empty() {
            return Ok(given);
        }
        if request.suspended && wanted.addr == 0 {
            let scope = self.scope_of(adit_api::EvalScope::default()).ok();
            let rules = &request.substitute_path_rules;
            let found = self.debugger.find_location_with(scope.as_ref(), &request.loc_expr, rules);
            let found = found.map_err(|error| ClientError(error.to_string()))?;
            return Ok(found.into_iter().flat_map(|location| location.addrs).collect());
        }
        Ok(vec![Addr(wanted.addr)])
    }

    pub(crate) fn amend_breakpoint(&mut self, wanted: &adit_api::Breakpoint) -> Result<()> {
        let id = BreakpointId(wanted.id);
        let known = self.debugger.breakpoints().get(id);
        let Some(known) = known else {
            return Err(ClientError(format!("no breakpoint with ID {}", wanted.id)));
        };
        let enabled = known.enabled;
        self.debugger.amend_breakpoint(id, options(wanted)).map_err(client_error)?;
        if enabled == wanted.disabled {
            self.debugger.enable_breakpoint(id, !wanted.disabled).map_err(client_error)?;
        }
        Ok(())
    }

    fn breakpoint_id(&self, id: i64, name: &str) -> Result<BreakpointId> {
        if name.is_empty() {
            let id = BreakpointId(id);
            let known = self.debugger.breakpoints().get(id);
            return known.map(|_| id).ok_or_else(|| ClientError(format!("no breakpoint with id {}", id.0)));
        }
        let known = self.debugger.breakpoints().by_name(name);
        known.map(|known| known.id).ok_or_else(|| ClientError(format!("no breakpoint with name {name}")))
    }

    pub(crate) fn clear_breakpoint(&mut self, id: i64, name: &str) -> Result<adit_api::Breakpoint> {
        let id = self.breakpoint_id(id, name)?;
        let gone = self.debugger.clear_breakpoint(id).map_err(client_error)?;
        Ok(self.api_breakpoint(&gone))
    }

    pub(crate) fn toggle_breakpoint(&mut self, id: i64, name: &str) -> Result<adit_api::Breakpoint> {
        let id = self.breakpoint_id(id, name)?;
        let enabled = self.debugger.breakpoints().get(id).is_some_and(|breakpoint| breakpoint.enabled);
        self.debugger.enable_breakpoint(id, !enabled).map_err(client_error)?;
        self.get_breakpoint(id.0, "")
    }

    pub(crate) fn get_breakpoint(&mut self, id: i64, name: &str) -> Result<adit_api::Breakpoint> {
        let id = self.breakpoint_id(id, name)?;
        let known = self.debugger.breakpoints().get(id);
        known
            .map(|known| self.api_breakpoint(known))
            .ok_or_else(|| ClientError(format!("no breakpoint with id {}", id.0)))
    }

    /// The breakpoints, by number; with `all`, with the engine's own details.
    pub(crate) fn list_breakpoints(&mut self, all: bool) -> Vec<adit_api::Breakpoint> {
        let list = self.debugger.breakpoints().iter();
        list.map(|breakpoint| {
            let mut shown = self.api_breakpoint(breakpoint);
            if all {
                let condition = &breakpoint.options.condition;
                let hits = &breakpoint.options.hit_condition;
                if breakpoint.watched.is_none() {
                    shown.verbose_descr.extend(self.original_data(&shown));
                }
                shown.verbose_descr.extend(breakpoint.watched.as_ref().map(watch_details));
                shown.verbose_descr.push(format!("User Cond={condition:?} HitCond={hits}"));
            }
            shown
        })
        .collect()
    }

    /// The bytes of the program that the breakpoint instruction stands in the place of.
    fn original_data(&self, breakpoint: &adit_api::Breakpoint) -> Option<String> {
        let mut bytes = vec![0; self.debugger.target().arch().breakpoint.len()];
        let addr = breakpoint.addrs.first()?;
        self.debugger.target().read(Addr(*addr), &mut bytes).ok()?;
        let digits: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        Some(format!("OriginalData=0x{digits}"))
    }

    /// Where a location is: in the selected process, or else in the first other one that has it.
    pub(crate) fn find_location(&mut self, request: &FindLocationIn) -> Result<FindLocationOut> {
        let failed = match self.find_location_here(request) {
            Err(error) => error,
            found => return found,
        };
        let others: Vec<_> = self.debugger.live_others().map(adit_engine::Debugger::pid).collect();
        let elsewhere = others
            .into_iter()
            .find_map(|pid| self.in_target(pid, |owner| owner.find_location_here(request)).ok());
        elsewhere.ok_or(failed)
    }

    fn find_location_here(&mut self, request: &FindLocationIn) -> Result<FindLocationOut> {
        self.debugger.check_alive().map_err(client_error)?;
        let scope = self.scope_of(request.scope).ok();
        let rules = &request.substitute_path_rules;
        let found = match self.debugger.find_location_with(scope.as_ref(), &request.loc, rules) {
            Ok(found) => found,
            Err(LocationSpecError::NoStatement { file, line }) if request.include_non_executable_lines => {
                let place = Location { file, line: i64::from(line), ..Location::default() };
                return Ok(FindLocationOut { locations: vec![place], substitute_loc_expr: String::new() });
            }
            Err(error) => return Err(ClientError(error.to_string())),
        };
        let substitute = found.iter().find_map(|location| location.substitute.clone()).unwrap_or_default();
        let pid = self.debugger.pid().0;
        let locations = found
            .into_iter()
            .map(|location| Location {
                pc: location.addrs.first().map_or(0, |addr| addr.0),
                pcs: location.addrs.iter().map(|addr| addr.0).collect(),
                pc_pids: location.addrs.iter().map(|_| pid).collect(),
                file: location.file,
                line: i64::from(location.line),
                function: location.function.map(|(name, entry)| api_function(&self.debugger, &name, entry)),
            })
            .collect();
        Ok(FindLocationOut { locations, substitute_loc_expr: substitute })
    }

    pub(crate) fn return_addresses(&mut self, function: &str) -> Result<Vec<u64>> {
        let addrs = self.debugger.return_addresses(function).map_err(client_error)?;
        Ok(addrs.into_iter().map(|addr| addr.0).collect())
    }
}

/// The API has four bits for the size: that of what is larger is not told.
fn watch_type(watched: &Watched) -> WatchType {
    let access = |wanted: bool, access: WatchType| if wanted { access.0 } else { 0 };
    let size = u8::try_from(watched.len).ok().filter(|len| *len < 16).unwrap_or(0);
    let Accesses { read, write } = watched.accesses;
    WatchType(access(read, WatchType::READ) | access(write, WatchType::WRITE) | size << 4)
}

/// What is said of a watchpoint that the CPU has no room for.
fn slowness(watched: &Watched) -> Option<String> {
    match watched.means {
        Means::Slots(_) => None,
        Means::Stepping => Some("watched by single-stepping: slow".to_owned()),
    }
}

fn watch_details(watched: &Watched) -> String {
    let index = match &watched.means {
        Means::Slots(slots) => slots.iter().map(|slot| format!("{slot:#x}")).collect::<Vec<_>>().join(","),
        Means::Stepping => "none".to_owned(),
    };
    let offset = watched.stack.map_or(0, |stack| stack.offset);
    let sign = if offset < 0 { "-" } else { "" };
    format!("HWBreakIndex={index} watchStackOff={sign}{:#x}", offset.unsigned_abs())
}

fn options(wanted: &adit_api::Breakpoint) -> BreakpointOptions {
    BreakpointOptions {
        name: wanted.name.clone(),
        condition: wanted.cond.clone(),
        hit_condition: wanted.hit_cond.clone(),
        hit_condition_per_goroutine: wanted.hit_cond_per_g,
        tracepoint: wanted.tracepoint,
        trace_return: wanted.trace_return,
        goroutine: wanted.goroutine,
        stacktrace: usize::try_from(wanted.stacktrace).unwrap_or(0),
        variables: wanted.variables.clone(),
        load_args: wanted.load_args.as_ref().map(load_config),
        load_locals: wanted.load_locals.as_ref().map(load_config),
        custom_commands: wanted.custom_commands.clone(),
        root_function: wanted.root_func_name.clone(),
        follow_calls: wanted.trace_follow_calls,
    }
}

/// Several instances of a generic function go by the name of the function.
fn without_instance(function: &str, addrs: usize) -> String {
    match (addrs > 1, function.find('['), function.rfind(']')) {
        (true, Some(from), Some(to)) if from < to => format!("{}{}", &function[..from], &function[to + 1..]),
        _ => function.to_owned(),
    }
}

fn default_expression(place: &BreakpointPlace) -> String {
    if place.file.is_empty() { String::new() } else { format!("{}:{}", place.file, place.line) }
}

#[cfg(test)]
mod tests {
    use super::without_instance;

    #[test]
    fn instances_of_one_generic_function_share_its_name() {
        assert_eq!(without_instance("main.Map[go.shape.int]", 2), "main.Map");
        assert_eq!(without_instance("main.(*T[go.shape.int]).m", 3), "main.(*T).m");
        assert_eq!(without_instance("main.Map[go.shape.int]", 1), "main.Map[go.shape.int]");
    }
}
