//! Conditions of breakpoints, compiled once for each address at which they are evaluated.
//!
//! The first hit is judged by the evaluator, and the condition is compiled to a [`Form`] if it is one of the common
//! kinds ([`compile`]). From then on a hit costs no more than reading what the form reads. A form that cannot say (a
//! pointer is nil, memory is not readable) leaves the hit to the evaluator.

mod compile;
mod form;

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use adit_expr::Tree;
use adit_process::{Addr, Arch, Memory, Registers, ThreadId};

use self::compile::Compiler;
use self::form::{Form, Standing};
use crate::eval::Evaluator;
use crate::scope::Scope;
use crate::{Debugger, Target};

/// What is known of conditions at addresses, until the program is stopped.
#[derive(Default)]
pub(crate) struct CompiledConditions(RefCell<HashMap<Addr, Vec<Compiled>>>);

struct Compiled {
    condition: Arc<Tree>,
    /// `None`: it is for the evaluator.
    form: Option<Rc<Form>>,
}

impl CompiledConditions {
    /// Forgets all.
    pub(crate) fn clear(&mut self) {
        self.0.get_mut().clear();
    }

    /// What is known of a condition at an address; `None`: nothing yet.
    fn get(&self, pc: Addr, condition: &Arc<Tree>) -> Option<Option<Rc<Form>>> {
        let known = self.0.borrow();
        let found = known.get(&pc)?.iter().find(|known| Arc::ptr_eq(&known.condition, condition))?;
        Some(found.form.clone())
    }

    fn insert(&self, pc: Addr, condition: &Arc<Tree>, form: Option<Form>) {
        let compiled = Compiled { condition: condition.clone(), form: form.map(Rc::new) };
        self.0.borrow_mut().entry(pc).or_default().push(compiled);
    }
}

/// A thread that stands at a breakpoint, seen by the debugger.
struct Hit<'a> {
    target: &'a Target,
    sp: u64,
}

impl Standing for Hit<'_> {
    fn arch(&self) -> &'static Arch {
        (**self.target).arch()
    }

    fn stack_pointer(&self) -> u64 {
        self.sp
    }

    fn read(&self, addr: u64, buf: &mut [u8]) -> bool {
        self.target.read(Addr(addr), buf).is_ok()
    }
}

impl Debugger {
    /// Does a breakpoint's condition hold for this thread, where it is now?
    pub(crate) fn condition_holds(
        &self,
        condition: &Arc<Tree>,
        thread: ThreadId,
        registers: &Registers,
    ) -> Result<bool, String> {
        let pc = Addr(registers.pc());
        let known = self.conditions.get(pc, condition);
        if let Some(Some(form)) = &known
            && let Some(holds) = form.holds(&Hit { target: &self.target, sp: registers.sp() })
        {
            return Ok(holds);
        }
        let scope = self.scope_of_thread(thread).map_err(|error| error.to_string())?;
        if known.is_none() {
            let form = self.compile_condition(condition, &scope, registers.sp());
            let compiled = if form.is_some() { "is compiled" } else { "is evaluated at each hit" };
            tracing::debug!(target: "debugger", "condition {:?} {compiled}", condition.print(condition.root()));
            self.conditions.insert(pc, condition, form);
        }
        self.condition_holds_in(condition, &scope)
    }

    /// Compiles a condition for the address of a scope, which is a thread's topmost frame.
    fn compile_condition(&self, condition: &Arc<Tree>, scope: &Scope, sp: u64) -> Option<Form> {
        // The frame of a function that is not assembly is at one distance from the stack pointer.
        let function = self.image.binary.pclntab().ok()?.find(scope.frame.file_pc)?;
        let word = if self.arch().call_pushes_return { u64::from(self.arch().pointer_size) } else { 0 };
        let delta = function.sp_delta(scope.frame.file_pc)?.cast_unsigned().wrapping_add(word);
        if function.flags().asm || scope.frame.inlined() || scope.frame.cfa.0 != sp.wrapping_add(delta) {
            return None;
        }
        let compiler = Compiler { evaluator: Evaluator::new(self, scope, condition), sp };
        compiler.form(condition.root())
    }
}
