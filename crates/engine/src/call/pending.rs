//! Calls under way: from the command to its result.

use std::collections::BTreeSet;
use std::rc::Rc;

use adit_expr::{Node, Statement, Tree};
use adit_goruntime::call_protocol;
use adit_process::{Addr, Registers, ThreadId};

use super::abi::CallFrame;
use super::{Answers, Invocation, Wanted};
use crate::eval::{Change, EvalError, Evaluator};
use crate::run::StopCause;
use crate::scope::Scope;
use crate::value::{LoadConfig, Value, Variable};
use crate::{Debugger, EngineError};

/// How long calls under way may take to end when the debugger is about to leave.
const LONGEST_LAST_RUN: std::time::Duration = std::time::Duration::from_secs(5);

/// An expression with calls, partly evaluated.
pub(crate) struct PendingCall {
    /// The goroutine that makes the calls.
    goroutine: i64,
    /// The runtime makes the calls on a goroutine of its own, which may move from thread to thread.
    pub(super) callee: Option<i64>,
    /// The thread on which the goroutine was when the protocol was entered, and stays until the callee's is known.
    thread: ThreadId,
    statement: Rc<Statement>,
    pub(super) config: LoadConfig,
    /// Where it is evaluated. The goroutine waits there, and its stack stays where it is.
    scope: Scope,
    /// For what is assigned to, and for the value or expression.
    left: Answers,
    right: Answers,
    /// The visit to the protocol; `None` when it was not entered.
    pub(super) visit: Option<Visit>,
    /// What is to be called as soon as there is a frame for it.
    next: Vec<Task>,
    /// The runtime's object that keeps results alive, once it was made, and what it keeps.
    pinner: Option<Addr>,
    pinned: BTreeSet<Addr>,
    /// What came out.
    result: Option<Result<Vec<Variable>, String>>,
    /// A change of registers, which wait until they are the goroutine's again.
    change: Option<Change>,
}

/// What is known while a goroutine is in the protocol.
pub(super) struct Visit {
    /// The registers before.
    pub(super) saved: Registers,
    /// How much room there is for arguments and results, in bytes.
    room: u64,
    /// Where functions that are called return to.
    pub(super) back: Option<u64>,
    /// The call that is being made.
    current: Option<Current>,
}

/// One call that is being made.
struct Current {
    task: Task,
    invocation: Invocation,
    frame: CallFrame,
}

/// Which side of an assignment waits for a call.
#[derive(Clone, Copy, Debug)]
enum Side {
    Left,
    Right,
}

/// What a call is made for.
#[derive(Clone, Debug)]
enum Task {
    /// The expression.
    Evaluation(Side, Wanted),
    /// An object that keeps results alive.
    MakePinner,
    /// Keeping this alive.
    Pin(Addr),
    /// Keeping nothing alive any more.
    Unpin,
}

/// How far an evaluation came.
enum Evaluated {
    Done(Vec<Variable>, Option<Change>),
    Wants(Side, Wanted),
}

impl Debugger {
    /// Evaluates an expression or assignment in the topmost frame of a goroutine (`None`: the selected one), and makes the
    /// calls that are in it. Returns when it is done or something else is to be seen; the result is in the thread's
    /// [`crate::run::ThreadStop`]. With `unchecked`, pointers into the stack may be passed.
    pub fn call(
        &mut self,
        goroutine: Option<i64>,
        text: &str,
        config: &LoadConfig,
        unchecked: bool,
    ) -> Result<StopCause, EngineError> {
        self.check_started()?;
        let statement = adit_expr::parse_statement(text).map_err(|error| EvalError(error.to_string()))?;
        let refuse = |text: &str| Err(EngineError::Eval(EvalError(text.to_owned())));
        if call_protocol::protocol(self.arch().name).is_none() {
            return refuse("backend does not support function calls");
        }
        if self.call_entry().is_none() {
            return refuse("function calls not supported by this version of Go");
        }
        let Some(goroutine) = goroutine.or(self.selection.goroutine) else {
            return refuse("no goroutine selected");
        };
        let Some(thread) = self.thread_of_goroutine(goroutine) else {
            return refuse("selected goroutine not running");
        };
        if self.calls.iter().any(|call| call.goroutine == goroutine || call.callee == Some(goroutine)) {
            return refuse("cannot call function while another function call is already in progress");
        }
        let answers = || Answers { unchecked, ..Answers::default() };
        let mut call = PendingCall {
            goroutine,
            callee: None,
            thread,
            statement: Rc::new(statement),
            config: *config,
            scope: self.scope_of_thread(thread)?,
            left: answers(),
            right: answers(),
            visit: None,
            next: Vec::new(),
            pinner: None,
            pinned: BTreeSet::new(),
            result: None,
            change: None,
        };
        self.evaluate_further(&mut call);
        if call.next.is_empty() {
            // Nothing was to be called.
            self.stops.clear();
            self.finish_call(thread, call)?;
            self.forget_stop_caches();
            self.select_thread_unchecked(thread);
            return Ok(StopCause::CallReturned);
        }
        self.begin_visit(thread, &mut call)?;
        self.calls.push(call);
        self.run()
    }

    /// Lets the calls that are under way come to their ends, as they must before the debugger leaves: without it, the
    /// runtime's traps would end the program. The user's breakpoints are no more.
    pub(crate) fn finish_calls(&mut self) -> Result<(), EngineError> {
        if self.calls.is_empty() {
            return Ok(());
        }
        self.breakpoints.clear_steps();
        self.step = None;
        for id in self.breakpoints.iter().map(|breakpoint| breakpoint.id).collect::<Vec<_>>() {
            // One that is disabled already stays so.
            let _ = self.breakpoints.enable(id, false);
        }
        let interrupter = self.target.interrupter();
        let (ended, end) = std::sync::mpsc::channel::<()>();
        let watch = std::thread::spawn(move || {
            if end.recv_timeout(LONGEST_LAST_RUN) == Err(std::sync::mpsc::RecvTimeoutError::Timeout) {
                interrupter.interrupt();
            }
        });
        let mut result = Ok(());
        while result.is_ok() && !self.calls.is_empty() {
            result = match self.run() {
                Ok(StopCause::Exited(_)) => break,
                Ok(StopCause::Manual) => Err(EngineError::Eval(EvalError(
                    "a function that was called from here does not return; without the debugger its end would end the \
                     program: let it return first, or kill the program"
                        .to_owned(),
                ))),
                Ok(_) => Ok(()),
                Err(error) => Err(error),
            };
        }
        drop(ended);
        // It only waits for what has just happened.
        let _ = watch.join();
        self.target.clear_interrupt();
        result
    }

    /// The call of which a trap of this thread may be a part.
    pub(super) fn call_of_thread(&self, thread: ThreadId) -> Option<usize> {
        if self.calls.is_empty() {
            return None;
        }
        let goroutine = self.goroutine_of_thread(thread);
        self.calls.iter().rposition(|call| {
            let begins = call.callee.is_none() && call.thread == thread;
            begins || goroutine.is_some_and(|id| call.goroutine == id || call.callee == Some(id))
        })
    }

    /// Evaluates the expression of a call with what is known now. Afterwards it has a result or something is to be called.
    fn evaluate_further(&mut self, call: &mut PendingCall) {
        self.forget_stop_caches();
        match self.evaluate_call(call) {
            Ok(Evaluated::Wants(side, wanted)) => {
                // In reverse: the last is taken first.
                call.next.push(Task::Evaluation(side, wanted));
                self.keep_alive(call);
            }
            Ok(Evaluated::Done(values, change)) => {
                let changed = match change {
                    Some(change @ Change::Memory(..)) => self.apply(&call.scope, change),
                    other => {
                        call.change = other;
                        Ok(())
                    }
                };
                call.result = Some(changed.map(|()| values).map_err(|error| error.to_string()));
            }
            Err(error) => call.result = Some(Err(error.to_string())),
        }
        if call.result.is_some() && call.pinner.is_some() {
            call.next.push(Task::Unpin);
        }
    }

    /// Has what was returned so far pinned, before anything else is called.
    fn keep_alive(&self, call: &mut PendingCall) {
        if !self.can_pin() {
            return;
        }
        let loader = self.loader();
        let mut pointers = call.left.pointers(&loader);
        pointers.extend(call.right.pointers(&loader));
        for addr in pointers {
            if call.pinned.insert(addr) {
                call.next.push(Task::Pin(addr));
            }
        }
        if call.pinner.is_none() && matches!(call.next.last(), Some(Task::Pin(_))) {
            call.next.push(Task::MakePinner);
        }
    }

    fn evaluate_call(&self, call: &PendingCall) -> Result<Evaluated, EvalError> {
        let wants = || {
            let left = call.left.wanted.take().map(|wanted| (Side::Left, wanted));
            left.or_else(|| call.right.wanted.take().map(|wanted| (Side::Right, wanted)))
        };
        let scope = &call.scope;
        let result = match &*call.statement {
            Statement::Expr(tree) => self
                .evaluate_called_expression(scope, tree, &call.right, &call.config)
                .map(|values| (values, None)),
            Statement::Assign(assignment) => self
                .plan_assignment(
                    &Evaluator::with_calls(self, scope, &assignment.lhs, &call.left),
                    &Evaluator::with_calls(self, scope, &assignment.rhs, &call.right),
                )
                .map(|change| (Vec::new(), change)),
        };
        match wants() {
            Some((side, wanted)) => Ok(Evaluated::Wants(side, wanted)),
            None => result.map(|(values, change)| Evaluated::Done(values, change)),
        }
    }

    fn evaluate_called_expression(
        &self,
        scope: &Scope,
        tree: &Tree,
        answers: &Answers,
        config: &LoadConfig,
    ) -> Result<Vec<Variable>, EvalError> {
        let evaluator = Evaluator::with_calls(self, scope, tree, answers);
        let root = tree.unparen(tree.root());
        if let Node::Call { .. } = tree.node(root)
            && let Some(results) = answers.calls.borrow().get(&root)
        {
            let loader = self.loader();
            return Ok(results.iter().map(|(name, value)| loader.load_named(name, value, config)).collect());
        }
        let operand = evaluator.eval(root)?;
        let mut value = evaluator.load(&operand, config)?;
        value.name = tree.print(tree.root());
        Ok(vec![value])
    }

    /// Enters the protocol, for the call that is to be made next.
    fn begin_visit(&mut self, thread: ThreadId, call: &mut PendingCall) -> Result<(), EngineError> {
        let mut size = 0;
        for task in &call.next {
            let invocation = self.invocation_of(call, task)?;
            size = size.max(self.call_frame(&invocation)?.size);
        }
        let (room, saved) = self.inject(thread, &call.scope, size)?;
        call.visit = Some(Visit { saved, room, back: None, current: None });
        (call.callee, call.thread) = (None, thread);
        Ok(())
    }

    fn invocation_of(&self, call: &PendingCall, task: &Task) -> Result<Invocation, EvalError> {
        let pinner = call.pinner.unwrap_or_default();
        match task {
            Task::Evaluation(_, wanted) => Ok(wanted.invocation().clone()),
            Task::MakePinner => self.make_pinner(),
            Task::Pin(addr) => self.pin(pinner, *addr),
            Task::Unpin => self.unpin(pinner),
        }
    }

    /// Makes the next call, if there is one and its frame fits. Otherwise the protocol is left.
    pub(super) fn call_next(
        &mut self,
        thread: ThreadId,
        index: usize,
        registers: &Registers,
    ) -> Result<(), EngineError> {
        while let Some(task) = self.calls[index].next.pop() {
            let call = &self.calls[index];
            let Some(Visit { room, back: Some(back), .. }) = call.visit else { return Ok(()) };
            let planned = self.invocation_of(call, &task).and_then(|invocation| {
                let frame = self.call_frame(&invocation)?;
                Ok((invocation, frame))
            });
            match planned {
                Ok((_, frame)) if frame.size > room => {
                    self.calls[index].next.push(task);
                    return Ok(());
                }
                Ok((invocation, frame)) => {
                    self.dispatch(thread, registers, &invocation, &frame, back)?;
                    let call = &mut self.calls[index];
                    if let Task::Unpin = task {
                        call.pinner = None;
                    }
                    if let Some(visit) = &mut call.visit {
                        visit.current = Some(Current { task, invocation, frame });
                    }
                    return Ok(());
                }
                // What cannot be pinned is not.
                Err(_) if !matches!(task, Task::Evaluation(..)) => {}
                Err(error) => self.give_call_up(index, Err(error.to_string())),
            }
        }
        Ok(())
    }

    /// Takes in what a call has returned.
    pub(super) fn call_returned(
        &mut self,
        thread: ThreadId,
        index: usize,
        general: &Registers,
    ) -> Result<(), EngineError> {
        let Some(current) = self.calls[index].visit.as_mut().and_then(|visit| visit.current.take()) else {
            return Ok(());
        };
        let results = match current.frame.returns_floats() {
            true => self.results(&current.invocation, &current.frame, &self.target.all_registers(thread)?),
            false => self.results(&current.invocation, &current.frame, general),
        };
        let first = results.first().and_then(|(_, value)| self.loader().word(value, 0).ok()).map(Addr);
        let call = &mut self.calls[index];
        match current.task {
            Task::MakePinner => call.pinner = first.filter(|addr| addr.0 != 0),
            Task::Pin(_) | Task::Unpin => {}
            Task::Evaluation(side, wanted) => {
                let answers = match side {
                    Side::Left => &call.left,
                    Side::Right => &call.right,
                };
                let failed = match wanted {
                    Wanted::Call(node, _) => {
                        answers.calls.borrow_mut().insert(node, results);
                        None
                    }
                    Wanted::Address(key, _, bytes) => match first {
                        Some(addr) if bytes.is_empty() || self.target.write(addr, &bytes).is_ok() => {
                            answers.addresses.borrow_mut().insert(key, addr);
                            None
                        }
                        _ => Some("the memory for a literal could not be had".to_owned()),
                    },
                };
                if let Some(reason) = failed {
                    self.give_call_up(index, Err(reason));
                    return Ok(());
                }
                let mut call = self.calls.remove(index);
                self.evaluate_further(&mut call);
                self.calls.insert(index, call);
            }
        }
        Ok(())
    }

    /// Notes that no more calls are made for an expression, and why.
    pub(super) fn give_call_up(&mut self, index: usize, result: Result<Vec<Variable>, String>) {
        let call = &mut self.calls[index];
        call.next.clear();
        if call.pinner.is_some() {
            call.next.push(Task::Unpin);
        }
        // What goes wrong when everything is over changes nothing.
        call.result.get_or_insert(result);
    }

    /// Notes that the runtime refuses calls where the goroutine is.
    pub(super) fn call_refused(&mut self, index: usize, reason: String) {
        self.calls[index].pinner = None;
        self.give_call_up(index, Err(reason));
    }

    /// Goes on after the protocol was left: with the result, or by entering it again. True if there is something to be
    /// shown.
    pub(super) fn after_visit(&mut self, thread: ThreadId, index: usize) -> Result<bool, EngineError> {
        let mut call = self.calls.remove(index);
        call.visit = None;
        self.forget_stop_caches();
        if !call.next.is_empty() {
            match self.begin_visit(thread, &mut call) {
                Ok(()) => {
                    self.calls.insert(index, call);
                    return Ok(false);
                }
                Err(error) => {
                    call.result.get_or_insert(Err(error.to_string()));
                }
            }
        }
        self.finish_call(thread, call)?;
        Ok(true)
    }

    /// Hands the result over.
    fn finish_call(&mut self, thread: ThreadId, call: PendingCall) -> Result<(), EngineError> {
        let mut result = call.result.unwrap_or_else(|| Err("the call was not carried out".to_owned()));
        if let (Ok(_), Some(change)) = (&result, call.change) {
            let scope = Scope { thread: Some(thread), ..call.scope };
            if let Err(error) = self.apply(&scope, change) {
                result = Err(error.to_string());
            }
        }
        self.stops.entry(thread).or_default().call_return = Some(result);
        Ok(())
    }

    /// The value of a panic, which is at this address.
    pub(super) fn value_of_panic(&self, index: usize, at: Addr) -> Variable {
        let config = self.calls[index].config;
        let any = self.find_type("interface {}").ok().flatten();
        match any {
            Some(any) => self.loader().load_named("~panic", &Value::at(any, at), &config),
            None => Variable {
                name: "~panic".to_owned(),
                unreadable: "the type of the panic's value is not known".to_owned(),
                ..Variable::default()
            },
        }
    }

    /// Is the goroutine's stack where it was when the protocol was entered?
    pub(super) fn stack_stayed(&self, thread: ThreadId, index: usize) -> bool {
        let bounds = self.calls[index].scope.stack.bounds;
        bounds.is_some() && self.stack_context_of_thread(thread).bounds == bounds
    }
}
