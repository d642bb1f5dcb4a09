//! Listing goroutines: filters, groups, pages.

use std::collections::{BTreeMap, HashMap, HashSet};

use adit_api::requests::{ListGoroutinesIn, ListGoroutinesOut};
use adit_api::{
    ClientError, EvalScope, Goroutine, GoroutineField, GoroutineGroup, GoroutineStatus, ListGoroutinesFilter,
    Location, Result,
};

use adit_process::Addr;

use crate::convert::api_place;
use crate::owner::{Owner, client_error};

/// So many goroutines are read when the client asks for all at once, before the rest is asked for.
const ALL: usize = usize::MAX;

/// A goroutine, as the API has it.
pub(crate) fn api_goroutine(
    debugger: &adit_engine::Debugger,
    goroutine: &adit_engine::goroutine::Goroutine,
) -> Goroutine {
    Goroutine {
        id: goroutine.raw.id,
        current_loc: api_place(debugger, &goroutine.current),
        user_current_loc: api_place(debugger, &goroutine.user),
        go_statement_loc: api_place(debugger, &goroutine.go_statement),
        start_loc: api_place(debugger, &goroutine.start),
        thread_id: goroutine.thread.map_or(0, |thread| thread.0),
        status: GoroutineStatus(u64::from(goroutine.raw.status.0)),
        wait_since: goroutine.raw.wait_since,
        wait_reason: i64::from(goroutine.raw.wait_reason),
        labels: debugger.goroutine_labels(goroutine),
        ..Goroutine::default()
    }
}

impl Owner {
    pub(crate) fn api_goroutine_by_id(&self, id: i64) -> Result<Goroutine> {
        let goroutine = self.debugger.goroutine(id).map_err(client_error)?;
        Ok(api_goroutine(&self.debugger, &goroutine))
    }

    pub(crate) fn goroutines(&mut self, request: &ListGoroutinesIn) -> Result<ListGoroutinesOut> {
        let start = u64::try_from(request.start).unwrap_or(0);
        let count = usize::try_from(request.count).ok().filter(|count| *count > 0).unwrap_or(ALL);
        let list = self.debugger.goroutines(start, count).map_err(client_error)?;
        let mut goroutines = Vec::new();
        let waiting = self.waiting_on_channels(&request.filters, request.eval_scope)?;
        for goroutine in &list.goroutines {
            if self.passes(goroutine, &request.filters, &waiting) {
                goroutines.push(api_goroutine(&self.debugger, goroutine));
            }
        }
        goroutines.extend(
            list.unreadable.into_iter().map(|unreadable| Goroutine { unreadable, ..Goroutine::default() }),
        );
        let next = list.next.map_or(-1, |next| i64::try_from(next).unwrap_or(-1));
        if request.group_by == GoroutineField::NONE {
            return Ok(ListGoroutinesOut { goroutines, nextg: next, ..ListGoroutinesOut::default() });
        }
        let (goroutines, groups, too_many_groups) = self.group(goroutines, request);
        Ok(ListGoroutinesOut { goroutines, nextg: next, groups, too_many_groups })
    }

    fn passes(
        &self,
        goroutine: &adit_engine::goroutine::Goroutine,
        filters: &[ListGoroutinesFilter],
        waiting: &HashMap<String, HashSet<Addr>>,
    ) -> bool {
        for filter in filters {
            let holds = match filter.kind {
                GoroutineField::CURRENT_LOC => {
                    contains(&api_place(&self.debugger, &goroutine.current), &filter.arg)
                }
                GoroutineField::USER_LOC => {
                    contains(&api_place(&self.debugger, &goroutine.user), &filter.arg)
                }
                GoroutineField::GO_LOC => {
                    contains(&api_place(&self.debugger, &goroutine.go_statement), &filter.arg)
                }
                GoroutineField::START_LOC => {
                    contains(&api_place(&self.debugger, &goroutine.start), &filter.arg)
                }
                GoroutineField::LABEL => has_label(&self.debugger.goroutine_labels(goroutine), &filter.arg),
                GoroutineField::RUNNING => goroutine.thread.is_some(),
                GoroutineField::USER => !goroutine.system,
                GoroutineField::WAITING_ON_CHANNEL => {
                    waiting.get(&filter.arg).is_some_and(|all| all.contains(&goroutine.raw.addr))
                }
                _ => true,
            };
            if holds == filter.negated {
                return false;
            }
        }
        true
    }

    /// The goroutines that wait on each channel that a filter speaks of, by the channel's expression.
    fn waiting_on_channels(
        &self,
        filters: &[ListGoroutinesFilter],
        eval_scope: Option<EvalScope>,
    ) -> Result<HashMap<String, HashSet<Addr>>> {
        let mut waiting = HashMap::new();
        for filter in filters.iter().filter(|filter| filter.kind == GoroutineField::WAITING_ON_CHANNEL) {
            if filter.negated {
                return Err(ClientError("channel filter can not be negated".to_owned()));
            }
            let scope = match eval_scope {
                Some(scope) => self.scope_of(scope)?,
                None => self.debugger.scope(-1, 0).map_err(client_error)?,
            };
            let found = self.debugger.goroutines_waiting_on(&scope, &filter.arg).map_err(client_error)?;
            waiting.insert(filter.arg.clone(), found.into_iter().collect());
        }
        Ok(waiting)
    }

    /// Puts goroutines with the same key together, in the order of the keys.
    fn group(
        &self,
        goroutines: Vec<Goroutine>,
        request: &ListGoroutinesIn,
    ) -> (Vec<Goroutine>, Vec<GoroutineGroup>, bool) {
        let mut by_key: BTreeMap<String, Vec<Goroutine>> = BTreeMap::new();
        for goroutine in goroutines {
            by_key.entry(self.group_key(&goroutine, request)).or_default().push(goroutine);
        }
        let most_groups =
            usize::try_from(request.max_groups).ok().filter(|most| *most > 0).unwrap_or(usize::MAX);
        let most_members = usize::try_from(request.max_group_members).unwrap_or(0);
        let too_many = by_key.len() > most_groups;
        let (mut all, mut groups) = (Vec::new(), Vec::new());
        for (name, members) in by_key.into_iter().take(most_groups) {
            let total = members.len() as i64;
            let offset = all.len() as i64;
            all.extend(members.into_iter().take(most_members));
            groups.push(GoroutineGroup { name, offset, count: all.len() as i64 - offset, total });
        }
        (all, groups, too_many)
    }

    fn group_key(&self, goroutine: &Goroutine, request: &ListGoroutinesIn) -> String {
        match request.group_by {
            GoroutineField::CURRENT_LOC => place_name(&goroutine.current_loc),
            GoroutineField::USER_LOC => place_name(&goroutine.user_current_loc),
            GoroutineField::GO_LOC => place_name(&goroutine.go_statement_loc),
            GoroutineField::START_LOC => place_name(&goroutine.start_loc),
            GoroutineField::LABEL => {
                let value = goroutine.labels.get(&request.group_by_key).cloned().unwrap_or_default();
                format!("{}={value}", request.group_by_key)
            }
            GoroutineField::RUNNING => format!("running={}", goroutine.thread_id != 0),
            GoroutineField::USER => {
                let system = goroutine.start_loc.function.as_ref();
                format!(
                    "user={}",
                    !system.is_some_and(|function| adit_goruntime::functions::is_system_goroutine(
                        &function.name
                    ))
                )
            }
            _ => String::new(),
        }
    }
}

fn place_name(place: &Location) -> String {
    let function = place.function.as_ref().map_or("?", |function| &function.name);
    format!("{}:{} in {function}", place.file, place.line)
}

/// Does a filter's text stand in a place, as it is printed?
fn contains(place: &Location, text: &str) -> bool {
    let function = place.function.as_ref().map_or("", |function| &function.name);
    format!("{}:{} {function}", place.file, place.line).contains(text)
}

fn has_label(labels: &BTreeMap<String, String>, wanted: &str) -> bool {
    match wanted.split_once('=') {
        Some((key, value)) => labels.get(key).is_some_and(|label| label == value),
        None => labels.contains_key(wanted),
    }
}
