//! Which breakpoints there are, and who owns which address.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use adit_process::Addr;

use super::{
    Breakpoint, BreakpointError, BreakpointId, BreakpointOptions, BreakpointPlace, HitCondition, check_name,
};
use crate::step::StepBreakpoint;
use crate::watch::{WatchPoint, Watched};

/// Who wants a stop at an address.
#[derive(Clone, Debug)]
pub(crate) enum Owner {
    /// A breakpoint.
    Breakpoint(BreakpointId),
    /// The step in progress.
    Step(StepBreakpoint),
    /// A watched variable on a stack.
    Watch(WatchPoint),
}

/// All breakpoints.
#[derive(Debug, Default)]
pub struct Breakpoints {
    all: BTreeMap<BreakpointId, Breakpoint>,
    owners: BTreeMap<Addr, Vec<Owner>>,
    last_id: i64,
}

impl Breakpoints {
    /// The breakpoint with this number.
    pub fn get(&self, id: BreakpointId) -> Option<&Breakpoint> {
        self.all.get(&id)
    }

    pub(crate) fn get_mut(&mut self, id: BreakpointId) -> Option<&mut Breakpoint> {
        self.all.get_mut(&id)
    }

    /// The breakpoint with this name.
    pub fn by_name(&self, name: &str) -> Option<&Breakpoint> {
        self.all.values().find(|breakpoint| breakpoint.options.name == name)
    }

    /// All breakpoints, by number.
    pub fn iter(&self) -> impl Iterator<Item = &Breakpoint> {
        self.all.values()
    }

    /// Who wants a stop at `addr`.
    pub(crate) fn owners(&self, addr: Addr) -> &[Owner] {
        self.owners.get(&addr).map_or(&[], Vec::as_slice)
    }

    /// The first user's or internal breakpoint at `addr`.
    pub fn at(&self, addr: Addr) -> Option<&Breakpoint> {
        self.owners(addr).iter().find_map(|owner| match owner {
            Owner::Breakpoint(id) => self.get(*id),
            Owner::Step(_) | Owner::Watch(_) => None,
        })
    }

    /// All addresses at which there must be a breakpoint instruction.
    pub fn addresses(&self) -> BTreeSet<Addr> {
        self.owners.keys().copied().collect()
    }

    /// Takes the next number (numbers of failed attempts are not used again), or the one that the user wants.
    pub(crate) fn take_id(&mut self, wanted: Option<BreakpointId>) -> Result<BreakpointId, BreakpointError> {
        match wanted {
            Some(id) => {
                if let Some(taken) = self.all.get(&id) {
                    return Err(exists(taken));
                }
                self.last_id = self.last_id.max(id.0);
                Ok(id)
            }
            None => {
                self.last_id += 1;
                Ok(BreakpointId(self.last_id))
            }
        }
    }

    /// Adds a breakpoint with the addresses given. Another user's breakpoint at one of them is an error.
    pub(crate) fn add(
        &mut self,
        id: BreakpointId,
        options: BreakpointOptions,
        place: BreakpointPlace,
        addrs: Vec<Addr>,
    ) -> Result<&mut Breakpoint, BreakpointError> {
        let users = || addrs.iter().flat_map(|addr| self.users_at(*addr));
        if let Some(taken) = users().find(|other| id.0 > 0 && !other.may_share(&options, &place)) {
            return Err(exists(taken));
        }
        let (condition, hit_condition) = self.check(id, &options)?;
        for addr in &addrs {
            self.own(*addr, Owner::Breakpoint(id));
        }
        let breakpoint = Breakpoint {
            id,
            options,
            place,
            all_addrs: addrs.clone(),
            addrs,
            enabled: true,
            total_hits: 0,
            goroutine_hits: BTreeMap::new(),
            watched: None,
            hit_condition,
            condition,
        };
        Ok(self.all.entry(id).insert_entry(breakpoint).into_mut())
    }

    /// Adds a watchpoint.
    pub(crate) fn add_watch(
        &mut self,
        id: BreakpointId,
        options: BreakpointOptions,
        watched: Watched,
    ) -> &mut Breakpoint {
        let breakpoint = Breakpoint {
            id,
            options,
            place: BreakpointPlace::default(),
            addrs: vec![watched.addr],
            all_addrs: vec![watched.addr],
            enabled: true,
            total_hits: 0,
            goroutine_hits: BTreeMap::new(),
            watched: Some(watched),
            hit_condition: None,
            condition: None,
        };
        self.all.entry(id).insert_entry(breakpoint).into_mut()
    }

    /// The watchpoints that can still be hit.
    pub(crate) fn watches(&self) -> impl Iterator<Item = (BreakpointId, &Watched)> {
        let live = self.all.values().filter(|breakpoint| breakpoint.enabled && !breakpoint.is_spent());
        live.filter_map(|breakpoint| Some((breakpoint.id, breakpoint.watched.as_ref()?)))
    }

    pub(crate) fn watched(&self, id: BreakpointId) -> Option<&Watched> {
        self.all.get(&id)?.watched.as_ref()
    }

    pub(crate) fn watched_mut(&mut self, id: BreakpointId) -> Option<&mut Watched> {
        self.all.get_mut(&id)?.watched.as_mut()
    }

    /// What a watchpoint watches is now at another address.
    pub(crate) fn move_watch(&mut self, id: BreakpointId, addr: Addr) -> Option<&mut Watched> {
        let breakpoint = self.all.get_mut(&id)?;
        breakpoint.addrs = vec![addr];
        breakpoint.all_addrs = vec![addr];
        let watched = breakpoint.watched.as_mut()?;
        watched.addr = addr;
        Some(watched)
    }

    pub(crate) fn add_watch_point(&mut self, addr: Addr, point: WatchPoint) {
        self.own(addr, Owner::Watch(point));
    }

    pub(crate) fn clear_watch_points(&mut self) {
        self.disown(|owner| matches!(owner, Owner::Watch(_)));
    }

    /// Changes what the user wants of a breakpoint.
    pub(crate) fn amend(
        &mut self,
        id: BreakpointId,
        options: BreakpointOptions,
    ) -> Result<(), BreakpointError> {
        let (condition, hit_condition) = self.check(id, &options)?;
        let breakpoint = self.all.get_mut(&id).ok_or(BreakpointError::NoId(id))?;
        breakpoint.options = options;
        breakpoint.condition = condition;
        breakpoint.hit_condition = hit_condition;
        let enabled = breakpoint.enabled;
        self.enable(id, enabled)
    }

    /// Takes a breakpoint away.
    pub(crate) fn remove(&mut self, id: BreakpointId) -> Result<Breakpoint, BreakpointError> {
        let breakpoint = self.all.remove(&id).ok_or(BreakpointError::NoId(id))?;
        self.disown(|owner| matches!(owner, Owner::Breakpoint(other) if *other == id));
        Ok(breakpoint)
    }

    /// Puts a breakpoint in or out of force.
    pub(crate) fn enable(&mut self, id: BreakpointId, enabled: bool) -> Result<(), BreakpointError> {
        let breakpoint = self.all.get_mut(&id).ok_or(BreakpointError::NoId(id))?;
        breakpoint.enabled = enabled;
        let addrs = if enabled { breakpoint.all_addrs.clone() } else { Vec::new() };
        breakpoint.addrs.clone_from(&addrs);
        // A watchpoint's address is not one of code.
        let spent = breakpoint.is_spent() || breakpoint.watched.is_some();
        self.disown(|owner| matches!(owner, Owner::Breakpoint(other) if *other == id));
        for addr in addrs.into_iter().filter(|_| !spent) {
            self.own(addr, Owner::Breakpoint(id));
        }
        Ok(())
    }

    /// Gives up the addresses of a breakpoint whose hit condition can no longer hold. It stays enabled: with another
    /// condition it has them again.
    pub(crate) fn retire(&mut self, id: BreakpointId) {
        self.disown(|owner| matches!(owner, Owner::Breakpoint(other) if *other == id));
    }

    /// Gives a breakpoint new addresses: the program was built anew, or moved.
    pub(crate) fn relocate(&mut self, id: BreakpointId, place: BreakpointPlace, addrs: Vec<Addr>) {
        if let Some(breakpoint) = self.all.get_mut(&id) {
            breakpoint.place = place;
            breakpoint.all_addrs = addrs;
            let enabled = breakpoint.enabled;
            // Cannot fail: the breakpoint was just found.
            let _ = self.enable(id, enabled);
        }
    }

    pub(crate) fn add_step(&mut self, addr: Addr, step: StepBreakpoint) {
        self.own(addr, Owner::Step(step));
    }

    pub(crate) fn clear_steps(&mut self) {
        self.disown(|owner| matches!(owner, Owner::Step(_)));
    }

    /// Forgets every address: the program that had them is gone.
    pub(crate) fn forget_addresses(&mut self) {
        self.owners.clear();
    }

    fn own(&mut self, addr: Addr, owner: Owner) {
        self.owners.entry(addr).or_default().push(owner);
    }

    fn disown(&mut self, gone: impl Fn(&Owner) -> bool) {
        self.owners.retain(|_, owners| {
            owners.retain(|owner| !gone(owner));
            !owners.is_empty()
        });
    }

    fn users_at(&self, addr: Addr) -> impl Iterator<Item = &Breakpoint> {
        self.owners(addr).iter().filter_map(|owner| match owner {
            Owner::Breakpoint(id) if id.0 > 0 => self.get(*id),
            _ => None,
        })
    }

    #[allow(clippy::type_complexity, reason = "two optional results of one check")]
    fn check(
        &self,
        id: BreakpointId,
        options: &BreakpointOptions,
    ) -> Result<(Option<Arc<adit_expr::Tree>>, Option<HitCondition>), BreakpointError> {
        // A watchpoint goes by its expression.
        let kept = self.all.get(&id).is_some_and(|b| b.watched.is_some() && b.options.name == options.name);
        if id.0 > 0 && !kept {
            check_name(&options.name)?;
        }
        if !options.name.is_empty() && self.by_name(&options.name).is_some_and(|other| other.id != id) {
            return Err(BreakpointError::NameTaken);
        }
        let condition = match options.condition.as_str() {
            "" => None,
            text => Some(Arc::new(
                adit_expr::parse(text).map_err(|error| BreakpointError::Condition(error.to_string()))?,
            )),
        };
        Ok((condition, HitCondition::parse(&options.hit_condition)?))
    }
}

fn exists(breakpoint: &Breakpoint) -> BreakpointError {
    BreakpointError::Exists {
        file: breakpoint.place.file.clone(),
        line: breakpoint.place.line,
        addr: breakpoint.addrs.first().copied().unwrap_or_default(),
    }
}
