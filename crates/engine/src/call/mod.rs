//! Making the program call a function, for `call f(x)`.
//!
//! An expression with calls is evaluated several times. Whenever the evaluator comes to a call whose results are not
//! known yet, it says which function it wants called with which arguments ([`Wanted`]) and gives up; the call is made;
//! and the evaluation starts again, with one more result at hand ([`Answers`]). Nothing that was read of the program
//! before a call is used after it. Memory for literals comes from the runtime's own functions, which are called in the
//! same way.
//!
//! Calls are made by the runtime's own protocol ([`protocol`]), on a goroutine that the runtime makes for them; the
//! goroutine that the user looks at waits meanwhile, and its stack is not moved (`runtime/debugcall.go`). All calls of
//! one expression are made in one visit, one right after the other where their frames fit, so that the garbage
//! collector has no chance between them; what is kept across calls is pinned, where the runtime can do that ([`pins`]).
//!
//! A call takes as long as the function does: all threads run meanwhile, and a breakpoint in the function stops them
//! with the call under way ([`PendingCall`]).

pub(crate) mod abi;
mod callee;
pub(crate) mod escape;
mod inject;
mod pending;
mod pins;
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
    /// A function of the runtime's that returns an address, under which it will be known by this key; and what is
    /// written there at once.
    Address(AddressKey, Box<Invocation>, Vec<u8>),
}

/// What an address that the runtime has returned is for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum AddressKey {
    /// Memory that holds this text.
    Text(Vec<u8>),
    /// What the literal at a node points to.
    Literal(NodeId),
    /// Memory that holds these bytes, of a type with this descriptor; 0 for a type without pointers.
    Boxed(Addr, Vec<u8>),
    /// The table of methods by which an interface type holds a type.
    MethodTable(Addr, Addr),
    /// A copy of a key, for [`AddressKey::Element`].
    MapKey(Vec<u8>),
    /// The element of a map with this header, for a key of these bytes.
    Element(Addr, Vec<u8>),
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
    /// What the runtime has returned.
    pub(crate) addresses: RefCell<HashMap<AddressKey, Addr>>,
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

    /// What the runtime has returned for `key`.
    pub(crate) fn address(&self, key: &AddressKey) -> Option<Addr> {
        self.addresses.borrow().get(key).copied()
    }
}

impl Wanted {
    fn invocation(&self) -> &Invocation {
        match self {
            Wanted::Call(_, invocation) | Wanted::Address(_, invocation, _) => invocation,
        }
    }
}
