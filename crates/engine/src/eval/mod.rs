//! Evaluating expressions in a scope.
//!
//! A tree of [`adit_expr`] is walked against a [`Scope`]. What comes out of each node is an [`Operand`]: a lazy value of
//! the program, an untyped constant, a type, a package. Only the result is loaded.

mod assign;
mod assignable;
mod builtin;
mod call;
mod compare;
mod convert;
mod index;
mod instance;
mod literal;
mod map_element;
mod names;
mod operand;
mod operators;
mod select;
mod shift;
mod special;
mod types;

use adit_expr::{Node, NodeId, Tree};

pub(crate) use assign::Change;
pub(crate) use convert::{address_in, parse_address};
pub use operand::{Operand, Scalar};

use adit_expr::constant::Constant;

use crate::call::Answers;
use crate::scope::Scope;
use crate::value::{LoadConfig, Value, ValueError, Variable};
use crate::{Debugger, EngineError};

/// Why an expression has no value. The texts are those that Delve's clients know.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct EvalError(pub String);

impl From<ValueError> for EvalError {
    fn from(error: ValueError) -> EvalError {
        EvalError(error.to_string())
    }
}

impl From<adit_symbols::SymbolError> for EvalError {
    fn from(error: adit_symbols::SymbolError) -> EvalError {
        EvalError(error.to_string())
    }
}

impl From<EngineError> for EvalError {
    fn from(error: EngineError) -> EvalError {
        EvalError(error.to_string())
    }
}

pub(crate) fn fail<T>(text: impl Into<String>) -> Result<T, EvalError> {
    Err(EvalError(text.into()))
}

/// Evaluates one tree in one scope.
pub(crate) struct Evaluator<'a> {
    pub(crate) debugger: &'a Debugger,
    pub(crate) scope: &'a Scope,
    pub(crate) tree: &'a Tree,
    /// What is known of the calls in the tree; `None`: calls are not allowed.
    pub(crate) answers: Option<&'a Answers>,
}

impl Debugger {
    /// Evaluates `text` in `scope`, and loads the result.
    pub fn eval(&self, scope: &Scope, text: &str, config: &LoadConfig) -> Result<Variable, EngineError> {
        let tree = adit_expr::parse(text).map_err(|error| EvalError(error.to_string()))?;
        let evaluator = Evaluator::new(self, scope, &tree);
        let operand = evaluator.eval(tree.root())?;
        let mut variable = evaluator.load(&operand, config)?;
        variable.name = tree.print(tree.root());
        Ok(variable)
    }

    /// Does a breakpoint's condition hold in this scope?
    pub(crate) fn condition_holds_in(&self, condition: &Tree, scope: &Scope) -> Result<bool, String> {
        let evaluator = Evaluator::new(self, scope, condition);
        let (root, caught) = evaluator.uncaught(condition.root());
        match evaluator.eval(root).and_then(|operand| evaluator.truth(&operand)) {
            Ok(Some(holds)) => Ok(holds),
            Ok(None) => Err("condition expression not boolean".to_owned()),
            Err(_) if caught => Ok(false),
            Err(error) => Err(format!("error evaluating expression: {error}")),
        }
    }
}

impl<'a> Evaluator<'a> {
    pub(crate) fn new(debugger: &'a Debugger, scope: &'a Scope, tree: &'a Tree) -> Evaluator<'a> {
        Evaluator { debugger, scope, tree, answers: None }
    }

    /// One for which calls may be made.
    pub(crate) fn with_calls(
        debugger: &'a Debugger,
        scope: &'a Scope,
        tree: &'a Tree,
        answers: &'a Answers,
    ) -> Evaluator<'a> {
        Evaluator { debugger, scope, tree, answers: Some(answers) }
    }

    /// The operand of `delve.catch(...)` at the top of a condition: errors in it count as false.
    fn uncaught(&self, root: NodeId) -> (NodeId, bool) {
        if let Node::Call { fun, args, .. } = self.tree.node(root)
            && self.tree.source(*fun) == "delve.catch"
            && args.len() == 1
        {
            return (args[0], true);
        }
        (root, false)
    }

    pub(crate) fn eval(&self, id: NodeId) -> Result<Operand, EvalError> {
        match self.tree.node(id) {
            Node::Paren(inner) => self.eval(*inner),
            Node::Ident(name) => self.ident(name),
            Node::Literal(literal) => Ok(Operand::Constant(Constant::from_literal(literal)?)),
            Node::Selector { x, name } => self.selector(*x, &name.text, id),
            Node::Index { x, indices } => match indices[..] {
                [index] => self.index(*x, index, id),
                _ => self.type_or_function(id),
            },
            Node::Slice { x, low, high, max } => self.slice(*x, *low, *high, max.is_some()),
            Node::TypeAssert { x, ty } => self.type_assert(*x, *ty),
            Node::Call { fun, args, .. } => self.call(id, *fun, args),
            Node::Star(x) => self.dereference(*x),
            Node::Unary { op, x } => self.unary(*op, *x, None),
            Node::Binary { op, x, y } => self.binary(*op, *x, *y, None),
            Node::CompositeLit { ty, elements } => self.composite(id, *ty, elements),
            node => fail(format!("expression {} not implemented", node.go_type())),
        }
    }

    /// The value of an operand that has one in the program.
    pub(crate) fn value(&self, operand: &Operand, text: &str) -> Result<Value, EvalError> {
        match operand {
            Operand::Value(value) | Operand::Variable { value, .. } | Operand::MapRest(value, _) => {
                Ok(value.clone())
            }
            Operand::Pointer(addr, pointee) => {
                let bytes = self.debugger.arch().byte_order.bytes(addr.0, self.debugger.loader().word_size());
                Ok(Value::of_bytes(self.pointer_to(pointee), &bytes))
            }
            Operand::Nil => fail(format!("{text} is nil")),
            Operand::Typed(..) | Operand::Constant(_) | Operand::Function(..) => {
                let shown = self.type_name(operand);
                fail(format!("{text} (type {shown}) is not a struct"))
            }
            _ => fail(format!("expression {text:?} is not addressable")),
        }
    }

    /// A boolean operand's value; `None` if it is not boolean.
    pub(crate) fn truth(&self, operand: &Operand) -> Result<Option<bool>, EvalError> {
        match operand {
            Operand::Constant(Constant::Bool(value)) => Ok(Some(*value)),
            other => match self.scalar(other)? {
                Some(operand::Scalar::Bool(value)) => Ok(Some(value)),
                _ => Ok(None),
            },
        }
    }

    /// A short text for a node, for error messages.
    pub(crate) fn text(&self, id: NodeId) -> String {
        self.tree.print(id)
    }
}
