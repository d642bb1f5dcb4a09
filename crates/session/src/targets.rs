//! Several processes in one session: children that are followed.

use adit_api::requests::FollowExecIn;
use adit_api::{ClientError, Result, Target, Thread};
use adit_engine::breakpoint::BreakpointId;
use adit_process::{Addr, Pid};

use crate::owner::{Owner, client_error};

impl Owner {
    pub(crate) fn follow_exec(&mut self, request: &FollowExecIn) -> Result<()> {
        self.debugger.follow_exec(request.enable, &request.regex).map_err(client_error)
    }

    pub(crate) fn targets(&mut self) -> Result<Vec<Target>> {
        self.debugger.check_alive().map_err(client_error)?;
        let pids: Vec<Pid> = self.debugger.targets().iter().map(|target| target.pid()).collect();
        pids.into_iter()
            .map(|pid| {
                self.in_target(pid, |owner| {
                    let selected = owner.debugger.selection().thread.0;
                    let threads = owner.own_threads(false)?;
                    Ok(Target {
                        pid: pid.0,
                        cmd_line: owner.debugger.command_line().join(" "),
                        current_thread: threads.into_iter().find(|thread| thread.id == selected),
                    })
                })
            })
            .collect()
    }

    /// The threads of the processes that are not selected.
    pub(crate) fn threads_elsewhere(&mut self, collect: bool) -> Result<Vec<Thread>> {
        let pids: Vec<Pid> = self.debugger.live_others().map(adit_engine::Debugger::pid).collect();
        let mut threads = Vec::new();
        for pid in pids {
            threads.extend(self.in_target(pid, |owner| owner.own_threads(collect))?);
        }
        Ok(threads)
    }

    /// Does something with another process selected for that time.
    pub(crate) fn in_target<T>(&mut self, pid: Pid, work: impl FnOnce(&mut Owner) -> Result<T>) -> Result<T> {
        let selected = self.debugger.pid();
        self.debugger.select_target(pid).map_err(client_error)?;
        let done = work(self);
        self.debugger.select_target(selected).map_err(client_error)?;
        done
    }

    /// To which process the addresses of a request belong, if that is another than the selected one.
    pub(crate) fn addressee(&self, wanted: &adit_api::Breakpoint) -> Result<Option<Pid>> {
        if self.debugger.live_others().next().is_none() || wanted.addr_pids.is_empty() {
            return Ok(None);
        }
        if wanted.addrs.len() != wanted.addr_pids.len() {
            return Err(ClientError("mismatched length in addrs and addrpid".to_owned()));
        }
        let selected = self.debugger.pid().0;
        if wanted.addr_pids.contains(&selected) {
            return Ok(None);
        }
        Ok(wanted.addr_pids.first().map(|pid| Pid(*pid)))
    }

    /// Those of a request's addresses that are in the selected process.
    pub(crate) fn own_addresses(&self, wanted: &adit_api::Breakpoint) -> Vec<Addr> {
        let selected = self.debugger.pid().0;
        let own = |index: usize| wanted.addr_pids.get(index).is_none_or(|pid| *pid == selected);
        let addrs = wanted.addrs.iter().enumerate();
        addrs.filter(|(index, _)| own(*index)).map(|(_, addr)| Addr(*addr)).collect()
    }

    /// Adds what there is of a breakpoint in the processes that are not selected.
    pub(crate) fn add_elsewhere(&self, id: BreakpointId, shown: &mut adit_api::Breakpoint) {
        for (pid, addr) in self.debugger.addresses_elsewhere(id) {
            shown.addr_pids.push(pid.0);
            shown.addrs.push(addr.0);
        }
        if shown.addr == 0
            && let Some(place) = self.debugger.place_elsewhere(id)
        {
            shown.addr = shown.addrs.first().copied().unwrap_or(0);
            shown.file.clone_from(&place.file);
            shown.line = i64::from(place.line);
            shown.function_name.clone_from(&place.function);
            shown.expr_string.clear();
        }
        let hits = self.debugger.hits_elsewhere(id);
        shown.total_hit_count += hits.total;
        for (goroutine, hits) in hits.by_goroutine {
            *shown.hit_counts.entry(goroutine.to_string()).or_default() += hits;
        }
    }
}
