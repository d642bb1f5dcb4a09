//! Making the program call a function, for `call f(x)`.
//!
//! An expression with calls is evaluated several times. Whenever the evaluator comes to a call whose results are not
//! known yet, it says which function it wants called with which arguments ([`Wanted`]) and gives up; the call is made;
//! and the evaluation starts again, with one more result at hand ([`Answers`]). Nothing that was read of the program
//! before a call is used after it, so it does not matter that the call may have moved the goroutine's stack.
//!
//! A call is made by the runtime's own protocol ([`protocol`]), and takes as long as the function does: all threads
//! run meanwhile, and a breakpoint in the function stops them with the call under way ([`PendingCall`]).

pub(crate) mod abi;
mod callee;
pub(crate) mod escape;
mod pending;
mod protocol;

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;

use adit_expr::NodeId;
use adit_process::Addr;
use adit_symbols::Type;

use crate::value::Value;
pub(crate) use abi::Passable;
pub(crate) use pending::PendingCall;

/// A value that is passed or returned: what it is called, its type.
#[derive(Clone, Debug)]
pub(crate) struct Parameter {
    pub(crate) name: String,
    pub(crate) ty: Arc<Type>,
}

/// A function, as far as calling it needs to know it.
#[derive(Clone, Debug)]
pub(crate) struct Callee {
    pub(crate) name: String,
    pub(crate) entry: Addr,
    pub(crate) params: Vec<Parameter>,
    pub(crate) results: Vec<Parameter>,
    /// If it is generic: the dictionary, and how many parameters are before it (the receiver, if there is one).
    pub(crate) dictionary: Option<(usize, Addr)>,
    /// Is it written in assembly, and takes everything on the stack?
    pub(crate) on_stack: bool,
}

/// What the evaluation of an expression waits for.
#[derive(Clone, Debug)]
pub(crate) enum Wanted {
    /// The call at a node of the expression.
    Call(NodeId, Box<Invocation>),
    /// Memory that holds this text.
    Text(Vec<u8>),
}

/// One call, with all that it needs.
#[derive(Clone, Debug)]
pub(crate) struct Invocation {
    pub(crate) entry: Addr,
    /// The closure that is called, if it is one.
    pub(crate) closure: Option<Addr>,
    /// The arguments' types and bytes.
    pub(crate) arguments: Vec<(Passable, Vec<u8>)>,
    /// The results' names and types.
    pub(crate) results: Vec<Parameter>,
    pub(crate) on_stack: bool,
}

/// What is known of the calls of one expression.
#[derive(Debug, Default)]
pub(crate) struct Answers {
    /// Results of calls, by their nodes.
    pub(crate) calls: RefCell<HashMap<NodeId, Vec<(String, Value)>>>,
    /// Where texts were put.
    pub(crate) texts: RefCell<HashMap<Vec<u8>, Addr>>,
    /// What the evaluation gave up for.
    pub(crate) wanted: RefCell<Option<Wanted>>,
    /// May pointers into the goroutine's stack be passed?
    pub(crate) unchecked: bool,
}

impl Answers {
    /// Says what is wanted, unless something is already.
    pub(crate) fn want(&self, wanted: Wanted) {
        self.wanted.borrow_mut().get_or_insert(wanted);
    }
}
