//! Several processes under one tracer: waitpid(2) reports the stops of all of them to whoever waits.
//!
//! Each [`LinuxProcess`] deals with what happens to its own threads. What one of them is told of another's thread goes
//! into that one's mail, and the wait ends with `StopReason::Elsewhere`; so it does not matter which of them waits.
//!
//! A child process that shares its parent's memory, and every child while children are followed, is an [`Embryo`] from
//! its birth until it executes a program: it is traced, but nobody sees it stop.

use std::cell::RefCell;
use std::collections::{BTreeMap, VecDeque};
use std::io;
use std::rc::Rc;

use adit_process::{ExitStatus, Pid, Process, ProcessError, StopEvent, StopReason};

use super::memory::AddressSpace;
use super::ptrace::{self, Tid, WaitStatus};
use super::thread::{Kernel, Stop, Thread};
use super::{LinuxProcess, id, os, proc};

/// `si_code` of the trap of `int3` (asm-generic/siginfo.h).
const SI_KERNEL: i32 = 0x80;

/// A report of waitpid(2).
pub(super) type Report = (Tid, WaitStatus);

/// What the processes of one tracer have in common.
#[derive(Default)]
pub(crate) struct Family {
    /// Do children that execute a program become members?
    following: bool,
    /// The members' process ids, and what others were told of their threads.
    members: BTreeMap<Tid, VecDeque<Report>>,
    /// The thread of which the last report is that came by mail: it is forwarded no more.
    mailed: Option<Tid>,
    /// Who has got mail that was not announced yet.
    news: VecDeque<Tid>,
    /// Child processes on their way to execve: their threads.
    embryos: BTreeMap<Tid, Embryo>,
    /// Those that stand before the first instruction of their program.
    hatched: Vec<(Tid, Embryo)>,
    /// First stops of processes whose parent has not announced them yet.
    unannounced: Vec<Report>,
}

/// A thread of a child process that has not executed a program yet.
#[derive(Clone, Copy)]
struct Embryo {
    /// The member whose child it is.
    parent: Tid,
    /// Does it execute in its parent's own memory?
    shares_memory: bool,
    /// It has executed a program, and is to stop right before its first instruction.
    executed: bool,
}

/// What is to be done with a report about a thread that is not known to the process that got it.
enum Addressee {
    /// A new thread of its own, or a new child.
    Own,
    /// A child process that has not executed a program.
    Embryo,
    /// It went to others' mail, or to nobody.
    Done,
}

pub(super) type SharedFamily = Rc<RefCell<Family>>;

impl Family {
    pub(super) fn join(&mut self, pid: Tid) {
        self.members.insert(pid, VecDeque::new());
    }

    /// Gives others what they are to know about a thread that `reader` does not know.
    fn forward(&mut self, reader: Tid, (tid, status): Report) -> Addressee {
        if let Some(embryo) = self.embryos.get(&tid) {
            if embryo.parent == reader || !self.members.contains_key(&embryo.parent) {
                return Addressee::Embryo;
            }
            let parent = embryo.parent;
            self.post(parent, (tid, status));
            return Addressee::Done;
        }
        if self.members.len() < 2 || self.mailed == Some(tid) {
            return Addressee::Own;
        }
        if status.is_end() {
            // Which process a thread belonged to is not known any more: only one will know it.
            let others = |pid: &Tid| *pid != reader && (*pid == tid || !self.members.contains_key(&tid));
            let to: Vec<Tid> = self.members.keys().copied().filter(others).collect();
            to.into_iter().for_each(|pid| self.post(pid, (tid, status)));
            self.unannounced.retain(|(child, _)| *child != tid);
            return Addressee::Own;
        }
        let has = |pid: Tid| ptrace::tgkill(pid, tid, 0).is_ok();
        if has(reader) {
            return Addressee::Own;
        }
        match self.members.keys().copied().find(|&pid| has(pid)) {
            Some(owner) => self.post(owner, (tid, status)),
            None if matches!(status, WaitStatus::Stopped { event: libc::PTRACE_EVENT_EXIT, .. }) => {
                // It was killed before it was announced: nothing keeps it from ending.
                let _ = ptrace::cont(tid, 0);
            }
            None => self.unannounced.push((tid, status)),
        }
        Addressee::Done
    }

    fn post(&mut self, to: Tid, report: Report) {
        if let Some(mail) = self.members.get_mut(&to) {
            mail.push_back(report);
            if !self.news.contains(&to) {
                self.news.push_back(to);
            }
        }
    }

    /// Was the first stop of this new process seen already?
    pub(super) fn take_unannounced(&mut self, child: Tid) -> bool {
        let seen = self.unannounced.iter().position(|(tid, _)| *tid == child);
        seen.map(|at| self.unannounced.swap_remove(at)).is_some()
    }
}

impl LinuxProcess {
    /// The next report of waitpid(2), for this process or another.
    pub(super) fn next_report(&self) -> io::Result<Report> {
        let mut family = self.family.borrow_mut();
        let mail = family.members.get_mut(&self.pid).and_then(VecDeque::pop_front);
        family.mailed = mail.map(|(tid, _)| tid);
        drop(family);
        mail.map_or_else(ptrace::wait_any, Ok)
    }

    /// Does mail wait for this process?
    pub(super) fn has_mail(&self) -> bool {
        self.family.borrow().members.get(&self.pid).is_some_and(|mail| !mail.is_empty())
    }

    /// Something that another process of the family is to be asked for.
    pub(super) fn news_for_others(&self) -> Option<StopEvent> {
        let mut family = self.family.borrow_mut();
        while let Some(pid) = family.news.pop_front() {
            if pid != self.pid {
                return Some(StopEvent { thread: id(pid), reason: StopReason::Elsewhere(Pid(pid.into())) });
            }
        }
        None
    }

    /// Deals with a report about a thread that this process does not know. `true`: it is not about a thread or child
    /// of this process.
    pub(super) fn forward(&mut self, tid: Tid, status: WaitStatus) -> bool {
        let addressee = self.family.borrow_mut().forward(self.pid, (tid, status));
        match addressee {
            Addressee::Own => false,
            Addressee::Embryo => {
                self.embryo_reports(tid, status);
                true
            }
            Addressee::Done => true,
        }
    }

    /// Keeps hold of a new child until it executes a program. It stands at its first stop.
    pub(super) fn keep_child(&mut self, child: Tid, shares_memory: bool) {
        let embryo = Embryo { parent: self.pid, shares_memory, executed: false };
        self.family.borrow_mut().embryos.insert(child, embryo);
        let _ = ptrace::cont(child, 0);
    }

    pub(super) fn is_following(&self) -> bool {
        self.family.borrow().following
    }

    /// Something happened to a thread of a child process that has not executed a program yet.
    fn embryo_reports(&mut self, tid: Tid, status: WaitStatus) {
        let Some(mut embryo) = self.family.borrow().embryos.get(&tid).copied() else { return };
        let WaitStatus::Stopped { signal, event } = status else {
            self.family.borrow_mut().embryos.remove(&tid);
            return;
        };
        let mut pass = 0;
        match event {
            libc::PTRACE_EVENT_EXEC => {
                embryo.executed = true;
                embryo.shares_memory = false;
                let mut family = self.family.borrow_mut();
                // Another thread of it may have called execve; it has this id now.
                if let Ok(former) = ptrace::event_message(tid) {
                    family.embryos.remove(&former);
                }
                if !family.following {
                    family.embryos.remove(&tid);
                    let _ = ptrace::detach(tid, 0);
                    return;
                }
                family.embryos.insert(tid, embryo);
                // As at the start of a launched program: it is to stand in front of its first instruction.
                let _ = ptrace::interrupt(tid);
            }
            libc::PTRACE_EVENT_STOP if embryo.executed => return self.hatched(tid, embryo),
            libc::PTRACE_EVENT_STOP if signal != libc::SIGTRAP => {
                let _ = ptrace::listen(tid);
                return;
            }
            libc::PTRACE_EVENT_CLONE | libc::PTRACE_EVENT_FORK | libc::PTRACE_EVENT_VFORK => {
                self.grandchild(tid, embryo, event);
            }
            0 if signal == libc::SIGTRAP && self.at_shared_breakpoint(tid, embryo) => {
                return self.pass_shared_breakpoint(tid);
            }
            0 if signal != ptrace::SYSCALL_STOP => pass = signal,
            _ => {}
        }
        let _ = ptrace::cont(tid, pass);
    }

    /// A child process stands in front of the first instruction of its program.
    fn hatched(&mut self, tid: Tid, embryo: Embryo) {
        let mut family = self.family.borrow_mut();
        family.embryos.remove(&tid);
        family.hatched.push((tid, embryo));
        drop(family);
        self.events.push_back(StopEvent { thread: id(tid), reason: StopReason::Elsewhere(Pid(tid.into())) });
    }

    /// A child process has made a thread or a child, which is kept like itself.
    fn grandchild(&mut self, tid: Tid, embryo: Embryo, event: i32) {
        let Ok(child) = ptrace::event_message(tid) else { return };
        let is_thread = event == libc::PTRACE_EVENT_CLONE;
        let shares_memory = embryo.shares_memory && (is_thread || event == libc::PTRACE_EVENT_VFORK);
        let mut family = self.family.borrow_mut();
        let seen = family.take_unannounced(child);
        let own = self.unannounced.iter().position(|(other, _)| *other == child);
        own.map(|at| self.unannounced.swap_remove(at));
        family.embryos.insert(child, Embryo { shares_memory, executed: false, ..embryo });
        if seen || own.is_some() {
            let _ = ptrace::cont(child, 0);
        }
    }

    /// Has a child that runs in the memory of this process executed one of its breakpoints?
    fn at_shared_breakpoint(&self, tid: Tid, embryo: Embryo) -> bool {
        embryo.shares_memory
            && embryo.parent == self.pid
            && ptrace::signal_info(tid).is_ok_and(|info| info.si_code == SI_KERNEL)
            && ptrace::registers(tid).is_ok_and(|regs| self.breakpoints.contains(regs.rip.wrapping_sub(1)))
    }

    /// Lets a child that runs in the memory of this process execute the instruction under a breakpoint: the breakpoint
    /// is not meant for it. For the time of that one instruction, other threads do not see the breakpoint either.
    fn pass_shared_breakpoint(&mut self, tid: Tid) {
        let Ok(mut regs) = ptrace::registers(tid) else { return };
        regs.rip = regs.rip.wrapping_sub(1);
        let lifted = self.breakpoints.lift_one(regs.rip, &self.memory);
        let stepped =
            lifted.and_then(|()| ptrace::set_registers(tid, &regs)).and_then(|()| ptrace::step(tid, 0));
        let report = stepped.and_then(|()| ptrace::wait_for(tid));
        if let Err(cause) = self.breakpoints.put_back_one(regs.rip, &self.memory) {
            tracing::warn!("could not put a breakpoint back for which a child process stopped: {cause}");
        }
        match report {
            Ok(WaitStatus::Stopped { signal: libc::SIGTRAP, event: 0 }) => _ = ptrace::cont(tid, 0),
            Ok(status) => self.embryo_reports(tid, status),
            // It was killed.
            Err(_) => {}
        }
    }

    /// Lets the children go that have not executed a program, because their parent is let go or has ended.
    pub(super) fn release_embryos(&mut self) {
        self.bequeath_embryos();
        let own = |(&tid, embryo): (&Tid, &Embryo)| (embryo.parent == self.pid).then_some(tid);
        let running: Vec<Tid> = self.family.borrow().embryos.iter().filter_map(own).collect();
        for tid in running {
            self.family.borrow_mut().embryos.remove(&tid);
            let mailed = self.mail_of(tid);
            let mut status = match mailed {
                Some(status) => Ok(status),
                None => ptrace::interrupt(tid).and_then(|()| ptrace::wait_for(tid)),
            };
            // A signal on its way is delivered first.
            while let Ok(WaitStatus::Stopped { signal, event }) = status {
                let passed = if event == 0 && signal != ptrace::SYSCALL_STOP { signal } else { 0 };
                if event != libc::PTRACE_EVENT_EXIT {
                    let _ = ptrace::detach(tid, passed);
                    break;
                }
                status = ptrace::cont(tid, 0).and_then(|()| ptrace::wait_for(tid));
            }
        }
    }

    /// While others follow children, they get those of this process, which has ended or is let go.
    fn bequeath_embryos(&mut self) {
        let mut family = self.family.borrow_mut();
        let heir = family.members.keys().copied().find(|pid| *pid != self.pid);
        let Some(heir) = heir.filter(|_| family.following) else { return };
        let own = family.embryos.values_mut().filter(|e| e.parent == self.pid && !e.shares_memory);
        own.for_each(|embryo| embryo.parent = heir);
    }

    /// Lets the children go that nobody has taken over.
    pub(super) fn release_hatched(&mut self) {
        self.family.borrow_mut().hatched.retain(|(tid, embryo)| {
            let leaves = embryo.parent == self.pid;
            if leaves {
                let _ = ptrace::detach(*tid, 0);
            }
            !leaves
        });
    }

    /// Sees those children through that are about to execute a program: their parent, which waited only for the call of
    /// execve, could end before they were seen to stop. One that is not in that call is stopped by the interruption,
    /// outside of any system call, and left as it is.
    pub(super) fn hatch_embryos(&mut self) {
        if !self.is_following() {
            return;
        }
        let own = |(&tid, embryo): (&Tid, &Embryo)| (embryo.parent == self.pid).then_some(tid);
        let children: Vec<Tid> = self.family.borrow().embryos.iter().filter_map(own).collect();
        for tid in children {
            if !self.has_executed(tid) {
                let _ = ptrace::interrupt(tid);
                self.embryo_moves(tid);
            }
            while self.has_executed(tid) && self.embryo_moves(tid) {}
        }
    }

    fn has_executed(&self, tid: Tid) -> bool {
        self.family.borrow().embryos.get(&tid).is_some_and(|embryo| embryo.executed)
    }

    /// Waits for the next report of a child that has not come to its program's first instruction.
    fn embryo_moves(&mut self, tid: Tid) -> bool {
        match self.mail_of(tid).map_or_else(|| ptrace::wait_for(tid), Ok) {
            Ok(status) => {
                self.embryo_reports(tid, status);
                true
            }
            Err(_) => false,
        }
    }

    /// `Process::pass_over`: this process, which stands in front of its first instruction, is an embryo again.
    pub(super) fn become_unseen(&mut self) -> Result<(), ProcessError> {
        let mut family = self.family.borrow_mut();
        let others = || family.members.keys().copied().filter(|pid| *pid != self.pid);
        let parent =
            self.parent.filter(|parent| others().any(|pid| pid == *parent)).or_else(|| others().next());
        let is_new =
            self.threads.len() == 1 && self.threads.contains_key(&self.pid) && self.breakpoints.is_empty();
        let Some(parent) = parent.filter(|_| family.following && is_new) else {
            drop(family);
            return self.let_go();
        };
        family.members.remove(&self.pid);
        family.news.retain(|pid| *pid != self.pid);
        family.embryos.insert(self.pid, Embryo { parent, shares_memory: false, executed: false });
        drop(family);
        self.threads.clear();
        self.ended = Some(ExitStatus::Detached);
        // Fails only if it was killed.
        let _ = ptrace::cont(self.pid, 0);
        Ok(())
    }

    /// Does the debugger hold other processes than this?
    pub(super) fn has_kin(&self) -> bool {
        !self.family.borrow().members.is_empty()
    }

    fn mail_of(&self, tid: Tid) -> Option<WaitStatus> {
        let mut family = self.family.borrow_mut();
        let mail = family.members.get_mut(&self.pid)?;
        let at = mail.iter().position(|(other, _)| *other == tid)?;
        mail.remove(at).map(|(_, status)| status)
    }

    /// This process is gone, or not ours any more.
    pub(super) fn leave_family(&mut self) {
        self.release_embryos();
        let mut family = self.family.borrow_mut();
        family.members.remove(&self.pid);
        family.news.retain(|pid| *pid != self.pid);
        // Children whose parent was killed before it could announce them.
        let orphans: Vec<Tid> = family.unannounced.iter().map(|(child, _)| *child).collect();
        for child in orphans {
            if !family.members.contains_key(&proc::Stat::of(child).parent) {
                family.take_unannounced(child);
                self.let_orphan_go(child);
            }
        }
    }

    pub(super) fn let_orphan_go(&self, child: Tid) {
        if !self.breakpoints.is_empty()
            && let Ok(memory) = AddressSpace::open(child)
        {
            let _ = self.breakpoints.clean_copy(&memory);
        }
        let _ = ptrace::detach(child, 0);
    }

    /// `Process::follow_children`.
    pub(super) fn set_following(&mut self, on: bool) {
        self.family.borrow_mut().following = on;
    }

    /// `Process::take_followed`.
    pub(super) fn followed(&mut self) -> Vec<Result<Box<dyn Process>, ProcessError>> {
        let mut hatched = std::mem::take(&mut self.family.borrow_mut().hatched);
        hatched.sort_by_key(|(tid, _)| *tid);
        hatched.into_iter().map(|(tid, embryo)| self.adopt(tid, embryo.parent)).collect()
    }

    fn adopt(&self, tid: Tid, parent: Tid) -> Result<Box<dyn Process>, ProcessError> {
        let mut child = LinuxProcess::new(tid, self.attached, None).map_err(|cause| {
            let _ = ptrace::detach(tid, 0);
            os(&format!("open the memory of child process {tid}"), cause)
        })?;
        child.family = Rc::clone(&self.family);
        child.family.borrow_mut().join(tid);
        child.parent = Some(parent);
        child.requests = self.requests.clone();
        let mut thread = Thread::running();
        thread.kernel = Kernel::Stopped(Stop::Event);
        thread.want = None;
        child.threads.insert(tid, thread);
        Ok(Box::new(child))
    }
}
