//! Calls under way: from the command to its result.

use std::rc::Rc;

use adit_expr::{Node, Statement, Tree};
use adit_goruntime::call_protocol::{self, CallProtocol, MAX_FRAME};
use adit_process::{Addr, Registers, ThreadId};

use super::abi::{CallFrame, Convention};
use super::{Answers, Invocation, Passable, Wanted};
use crate::eval::{Change, EvalError, Evaluator, fail};
use crate::run::StopCause;
use crate::scope::Scope;
use crate::value::{LoadConfig, Value, Variable};
use crate::{Debugger, EngineError};

/// How long calls under way may take to end when the debugger is about to leave.
const LONGEST_LAST_RUN: std::time::Duration = std::time::Duration::from_secs(5);
/// The memory that `runtime.mallocgc` returns for a text is for this name.
const ALLOCATE: &str = "runtime.mallocgc";

/// An expression with calls, partly evaluated.
pub(crate) struct PendingCall {
    /// The goroutine that makes the calls.
    goroutine: i64,
    /// The runtime makes each call on a goroutine of its own, which may move from thread to thread.
    pub(super) callee: Option<i64>,
    /// The thread on which the goroutine was when the last call was begun, and stays until the callee's is known.
    thread: ThreadId,
    statement: Rc<Statement>,
    pub(super) config: LoadConfig,
    /// For what is assigned to, and for the value or expression.
    left: Answers,
    right: Answers,
    /// The call that is being made.
    pub(super) current: Option<Injection>,
}

/// Which side of an assignment waits for a call.
#[derive(Clone, Copy, Debug)]
enum Side {
    Left,
    Right,
}

/// One call that is being made.
pub(super) struct Injection {
    side: Side,
    wanted: Wanted,
    /// The registers before.
    pub(super) saved: Registers,
    pub(super) invocation: Invocation,
    pub(super) frame: CallFrame,
    pub(super) outcome: Option<Outcome>,
}

/// How a call ended.
pub(super) enum Outcome {
    Returned(Vec<(String, Value)>),
    Refused(String),
    Panicked(Box<Variable>),
}

/// How far the evaluation of a pending call came.
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
        let call = PendingCall {
            goroutine,
            callee: None,
            thread,
            statement: Rc::new(statement),
            config: *config,
            left: answers(),
            right: answers(),
            current: None,
        };
        match self.proceed_with_call(thread, call)? {
            Some(result) => {
                // Nothing was to be called.
                self.stops.clear();
                self.stops.entry(thread).or_default().call_return = Some(result);
                self.forget_stop_caches();
                self.select_thread_unchecked(thread);
                Ok(StopCause::CallReturned)
            }
            None => self.run(),
        }
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

    /// Evaluates an expression with calls further. Returns its result, or `None` if a call was begun, and the thread must
    /// run.
    fn proceed_with_call(
        &mut self,
        thread: ThreadId,
        mut call: PendingCall,
    ) -> Result<Option<Result<Vec<Variable>, String>>, EngineError> {
        self.forget_stop_caches();
        let evaluated = self.scope_of_thread(thread).map_err(EvalError::from);
        let evaluated = evaluated.and_then(|scope| {
            let evaluated = self.evaluate_call(&call, &scope)?;
            Ok((scope, evaluated))
        });
        let result = match evaluated {
            Err(error) => Err(error.to_string()),
            Ok((scope, Evaluated::Done(values, change))) => {
                match change.map_or(Ok(()), |change| self.apply(&scope, change)) {
                    Ok(()) => Ok(values),
                    Err(error) => Err(error.to_string()),
                }
            }
            Ok((scope, Evaluated::Wants(side, wanted))) => match self.inject(thread, &scope, side, wanted) {
                Ok(injection) => {
                    (call.current, call.callee, call.thread) = (Some(injection), None, thread);
                    self.calls.push(call);
                    return Ok(None);
                }
                Err(error) => Err(error.to_string()),
            },
        };
        Ok(Some(result))
    }

    /// Takes in how the thread's call ended, and goes on.
    pub(super) fn finish_injection(
        &mut self,
        thread: ThreadId,
        index: usize,
    ) -> Result<Option<Result<Vec<Variable>, String>>, EngineError> {
        // Calls that it has begun inside are over, or were given up.
        let Some(mut call) = self.calls.drain(index..).next() else { return Ok(None) };
        let Some(injection) = call.current.take() else { return Ok(None) };
        let answers = match injection.side {
            Side::Left => &call.left,
            Side::Right => &call.right,
        };
        let over = match (injection.outcome, injection.wanted) {
            (Some(Outcome::Refused(reason)), _) => Some(Err(reason)),
            (Some(Outcome::Panicked(value)), _) => Some(Ok(vec![*value])),
            (None, _) => Some(Err("the call was not carried out".to_owned())),
            (Some(Outcome::Returned(results)), Wanted::Call(node, _)) => {
                answers.calls.borrow_mut().insert(node, results);
                None
            }
            (Some(Outcome::Returned(results)), Wanted::Text(text)) => {
                let addr = results.first().map(|(_, value)| value.clone());
                match addr.and_then(|value| self.loader().word(&value, 0).ok()) {
                    Some(addr) if self.target.write(Addr(addr), &text).is_ok() => {
                        answers.texts.borrow_mut().insert(text, Addr(addr));
                        None
                    }
                    _ => Some(Err("the memory for a string could not be had".to_owned())),
                }
            }
        };
        match over {
            Some(result) => Ok(Some(result)),
            None => self.proceed_with_call(thread, call),
        }
    }

    fn evaluate_call(&self, call: &PendingCall, scope: &Scope) -> Result<Evaluated, EvalError> {
        let wants = || {
            let left = call.left.wanted.take().map(|wanted| (Side::Left, wanted));
            left.or_else(|| call.right.wanted.take().map(|wanted| (Side::Right, wanted)))
        };
        let result = match &*call.statement {
            Statement::Expr(tree) => self
                .evaluate_called_expression(scope, tree, &call.right, &call.config)
                .map(|values| (values, None)),
            Statement::Assign(assignment) => self
                .plan_assignment(
                    &Evaluator::with_calls(self, scope, &assignment.lhs, &call.left),
                    &Evaluator::with_calls(self, scope, &assignment.rhs, &call.right),
                )
                .map(|change| (Vec::new(), Some(change))),
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

    /// Notes how a call ended.
    pub(super) fn end_injection(&mut self, index: usize, outcome: Outcome) {
        if let Some(injection) = self.calls[index].current.as_mut() {
            injection.outcome = Some(outcome);
        }
    }

    /// Where the runtime's protocol begins.
    fn call_entry(&self) -> Option<Addr> {
        let table = self.image.binary.pclntab().ok()?;
        // The older one speaks with another register.
        let entry = table.by_name(call_protocol::ENTRIES[0].0)?.entry();
        Some(self.image.to_target(entry))
    }

    /// Begins a call: sends the thread into the runtime's `debugCallV2`, as if the code where it stands had called it.
    fn inject(
        &mut self,
        thread: ThreadId,
        scope: &Scope,
        side: Side,
        wanted: Wanted,
    ) -> Result<Injection, EngineError> {
        let refuse = |text: &str| Err(EngineError::Eval(EvalError(text.to_owned())));
        let word = u64::from(self.arch().pointer_size);
        let Some(protocol) = call_protocol::protocol(self.arch().name) else {
            return refuse("backend does not support function calls");
        };
        let Some(entry) = self.call_entry() else {
            return refuse("function calls not supported by this version of Go");
        };
        let invocation = match &wanted {
            Wanted::Call(_, invocation) => (**invocation).clone(),
            Wanted::Text(text) => self.allocation(text.len() as u64)?,
        };
        let results: Result<Vec<Passable>, _> =
            invocation.results.iter().map(|result| self.loader().passable(&result.ty)).collect();
        let results = results.map_err(EvalError::from)?;
        let params: Vec<Passable> = invocation.arguments.iter().map(|(param, _)| param.clone()).collect();
        let convention = match invocation.on_stack {
            true => Some(Convention::on_stack()),
            false => Convention::of(self.arch()),
        };
        let Some(convention) = convention else {
            return refuse("backend does not support function calls");
        };
        let frame = convention.assign(word, &params, &results);
        if frame.size > MAX_FRAME {
            return refuse("call frame too large");
        }
        let saved = self.target.all_registers(thread)?;
        let low = scope.stack.bounds.map_or(0, |(low, _)| low.0);
        if saved.sp().saturating_sub(protocol.stack) < low {
            return refuse("not enough stack space");
        }
        self.enter_protocol(thread, &saved, protocol, entry, frame.size)?;
        Ok(Injection { side, wanted, saved, invocation, frame, outcome: None })
    }

    fn enter_protocol(
        &mut self,
        thread: ThreadId,
        saved: &Registers,
        protocol: &CallProtocol,
        entry: Addr,
        frame_size: u64,
    ) -> Result<(), EngineError> {
        let order = self.arch().byte_order;
        let word = usize::from(self.arch().pointer_size);
        let mut registers = saved.clone();
        let sp = match self.arch().lr {
            None => {
                let sp = saved.sp().wrapping_sub(word as u64);
                self.target.write(Addr(sp), &order.bytes(saved.pc(), word))?;
                sp
            }
            Some(lr) => {
                let sp = saved.sp().wrapping_sub(protocol.frame_size_below);
                self.target.write(Addr(sp), &order.bytes(saved.get(lr).unwrap_or(0), word))?;
                registers.set(lr, saved.pc());
                sp
            }
        };
        let below = Addr(sp.wrapping_sub(protocol.frame_size_below));
        self.target.write(below, &order.bytes(frame_size, word))?;
        registers.set_sp(sp);
        registers.set_pc(entry.0);
        self.target.set_registers(thread, &registers)?;
        self.forget_stop_caches();
        Ok(())
    }

    /// `mallocgc(size, nil, true)`: memory without pointers, which the garbage collector frees when nothing refers to it.
    fn allocation(&self, size: u64) -> Result<Invocation, EvalError> {
        let table = self.image.binary.pclntab()?;
        let Some(function) = table.by_name(ALLOCATE) else {
            return fail("the program has no allocator, so that no string can be made");
        };
        let word = u64::from(self.arch().pointer_size);
        let order = self.arch().byte_order;
        let argument = |value: u64, size: u64| (Passable::integer(size), order.bytes(value, size as usize));
        Ok(Invocation {
            entry: self.image.to_target(function.entry()),
            closure: None,
            arguments: vec![argument(size, word), argument(0, word), argument(1, 1)],
            results: vec![super::Parameter { name: String::new(), ty: self.loader().word_type() }],
            on_stack: false,
        })
    }
}
