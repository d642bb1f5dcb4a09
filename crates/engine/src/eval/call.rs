//! Calls of the program's functions, under `call`.

use std::sync::Arc;

use adit_expr::{Node, NodeId};
use adit_process::Addr;
use adit_symbols::{Shape, Type};

use super::select::DEEPEST_EMBEDDING;
use super::{EvalError, Evaluator, Operand, fail};
use crate::call::escape::EscapeCheck;
use crate::call::{AddressKey, Callee, Invocation, Wanted};
use crate::value::{Value, ValueError};

/// What is to be called.
struct Target {
    name: String,
    entry: Addr,
    closure: Option<Addr>,
    receiver: Option<Receiver>,
}

/// The value of which a method is called, as the method takes it.
struct Receiver {
    ty: Arc<Type>,
    bytes: Vec<u8>,
    text: String,
}

impl Evaluator<'_> {
    /// The result of a call in the expression.
    pub(super) fn function_call(
        &self,
        id: NodeId,
        fun: NodeId,
        args: &[NodeId],
    ) -> Result<Operand, EvalError> {
        let Some(answers) = self.answers else {
            self.evaluated_function(fun, args.len())?;
            return fail("function calls not allowed without using 'call'");
        };
        if let Some(results) = answers.calls.borrow().get(&id) {
            return match &results[..] {
                [(_, value)] => Ok(Operand::Value(value.clone())),
                [] => fail("no return values"),
                _ => fail(format!("{} does not return one value, but {}", self.text(id), results.len())),
            };
        }
        let target = self.target(fun, args.len())?;
        let callee = self.debugger.callee(&target.name, target.entry)?;
        let invocation = self.invocation(target, &callee, args)?;
        answers.want(Wanted::Call(id, Box::new(invocation)));
        fail(format!("{} was not called", self.text(fun)))
    }

    fn invocation(&self, target: Target, callee: &Callee, args: &[NodeId]) -> Result<Invocation, EvalError> {
        let loader = self.debugger.loader();
        let receivers = usize::from(target.receiver.is_some());
        let wanted = callee.params.len().saturating_sub(receivers);
        match args.len() {
            given if given < wanted => return fail("not enough arguments"),
            given if given > wanted => return fail("too many arguments"),
            _ => {}
        }
        let check = self.escape_check();
        let mut arguments = Vec::new();
        if let (Some(receiver), Some(param)) = (&target.receiver, callee.params.first()) {
            if let Some(check) = &check {
                let checked =
                    check.check(&receiver.ty, &receiver.bytes, &receiver.text, &param.name, &callee.name);
                checked.map_err(|error| EvalError(format!("could not set call receiver: {error}")))?;
            }
            arguments.push((loader.passable(&param.ty)?, receiver.bytes.clone()));
        }
        for (index, (&arg, param)) in args.iter().zip(&callee.params[receivers..]).enumerate() {
            let text = self.text(arg);
            let operand = self.eval(arg).map_err(|error| {
                let function = &callee.name;
                EvalError(format!(
                    "error evaluating {text:?} as argument {index} in function {function}: {error}"
                ))
            })?;
            let bytes = self.bytes_for(&param.ty, &operand)?;
            if let Some(check) = &check {
                check.check(&param.ty, &bytes, &text, &param.name, &callee.name)?;
            }
            arguments.push((loader.passable(&param.ty)?, bytes));
        }
        if let Some((index, dictionary)) = callee.dictionary {
            let word = loader.word_size();
            let bytes = self.debugger.arch().byte_order.bytes(dictionary.0, word);
            arguments.insert(index, (crate::call::Passable::integer(word as u64), bytes));
        }
        Ok(Invocation {
            entry: callee.entry,
            closure: target.closure,
            arguments,
            results: callee.results.clone(),
            on_stack: callee.on_stack,
        })
    }

    /// What checks that no pointer into the stack is passed or kept; `None` if the user takes the risk.
    pub(super) fn escape_check(&self) -> Option<EscapeCheck<'_>> {
        let checked = self.answers.is_some_and(|answers| !answers.unchecked);
        let stack = self.scope.stack.bounds.unwrap_or_default();
        checked.then(|| EscapeCheck { loader: self.debugger.loader(), stack })
    }

    /// What `fun` in `fun(...)` means.
    fn target(&self, fun: NodeId, given: usize) -> Result<Target, EvalError> {
        if let Node::Selector { x, name } = self.tree.node(self.tree.unparen(fun))
            && let Some(method) = self.bound_method(*x, &name.text, &self.text(fun))?
        {
            return Ok(method);
        }
        let text = self.text(fun);
        let evaluated = match self.method_expression(fun) {
            Some(method) => method,
            None => self.evaluated_function(fun, given)?,
        };
        match evaluated {
            Operand::Function(name, entry) => Ok(Target { name, entry, closure: None, receiver: None }),
            Operand::Value(value) | Operand::Variable { value, .. } => self.closure(&value, &text),
            _ => fail(format!("expression {text:?} is not a function")),
        }
    }

    /// `T.name` or `(*T).name`: the method as a function of its receiver.
    fn method_expression(&self, fun: NodeId) -> Option<Operand> {
        let Node::Selector { x, name } = self.tree.node(self.tree.unparen(fun)) else { return None };
        // Types are looked for only where there is nothing else of the name: that takes longer.
        if !matches!(self.eval(*x), Ok(Operand::Type(_)) | Err(_)) || self.eval(fun).is_ok() {
            return None;
        }
        let ty = self.named_type(*x).ok()?;
        let Node::Star(_) = self.tree.node(self.tree.unparen(*x)) else {
            return self.own_methods(&ty, &name.text).0;
        };
        let Shape::Pointer(Some(pointee)) = ty.shape else { return None };
        let pointee = self.debugger.loader().type_of(pointee).ok()?;
        let (by_value, by_pointer) = self.own_methods(&pointee, &name.text);
        by_pointer.or(by_value)
    }

    /// What is called, with this many arguments.
    fn evaluated_function(&self, fun: NodeId, given: usize) -> Result<Operand, EvalError> {
        let text = self.text(fun);
        self.eval(fun).map_err(|error| {
            let full = self.own_packages().into_iter().map(|package| format!("{package}.{text}"));
            for name in full.chain([text.clone()]) {
                if !self.debugger.inlined_copies(&name).is_empty() {
                    return EvalError(format!("function {name} is inlined"));
                }
            }
            match given {
                // It may have been a conversion, too.
                1 => EvalError(format!("could not evaluate function or type {text}: {error}")),
                _ => error,
            }
        })
    }

    /// The function that a function value stands for.
    fn closure(&self, value: &Value, text: &str) -> Result<Target, EvalError> {
        let loader = self.debugger.loader();
        if !matches!(loader.underlying(&value.ty)?.shape, Shape::Func) {
            return fail(format!("expression {text:?} is not a function"));
        }
        let closure = Addr(loader.word(value, 0)?);
        if closure.0 == 0 {
            return fail("nil pointer dereference");
        }
        let entry = self.debugger.target().read_pointer(closure).map_err(ValueError::from)?;
        let Some(function) = self.debugger.function_at(entry) else { return fail("not a Go function") };
        let name = function.name().to_owned();
        Ok(Target { name, entry, closure: Some(closure), receiver: None })
    }

    /// `x.name`, if that is a method of the value `x`.
    fn bound_method(&self, x: NodeId, name: &str, whole: &str) -> Result<Option<Target>, EvalError> {
        // A package, or something that is no value: not a method of it.
        let Ok(operand) = self.eval(x) else { return Ok(None) };
        let text = self.text(x);
        let Ok(value) = self.value(&operand, &text) else { return Ok(None) };
        if self.member(&value, &text, name).is_ok() {
            return Ok(None);
        }
        self.method_of(&value, whole, name, 0)
    }

    fn method_of(
        &self,
        value: &Value,
        text: &str,
        name: &str,
        depth: usize,
    ) -> Result<Option<Target>, EvalError> {
        let loader = self.debugger.loader();
        let real = loader.underlying(&value.ty)?;
        if let Shape::Interface { empty } = real.shape {
            return match loader.dynamic_value(value, empty)? {
                Some(inner) => self.method_of(&inner, text, name, depth + 1),
                None => fail("nil pointer dereference"),
            };
        }
        let (base, pointer) = match real.shape {
            Shape::Pointer(Some(target)) => {
                let addr = Addr(loader.word(value, 0)?);
                (Value::at(loader.type_of(target)?, addr), Some(addr))
            }
            _ => (value.clone(), value.addr()),
        };
        let (by_value, by_pointer) = self.own_methods(&base.ty, name);
        if let Some(Operand::Function(function, entry)) = by_value {
            let bytes = loader.bytes(&base, 0, base.ty.size as usize)?;
            let receiver = Receiver { ty: base.ty.clone(), bytes, text: text.to_owned() };
            return Ok(Some(Target { name: function, entry, closure: None, receiver: Some(receiver) }));
        }
        if let Some(Operand::Function(function, entry)) = by_pointer {
            let Some(addr) = pointer else {
                return fail(format!("could not set call receiver: cannot take the address of {text}"));
            };
            let bytes = self.debugger.arch().byte_order.bytes(addr.0, loader.word_size());
            let receiver = Receiver { ty: self.pointer_to(&base.ty), bytes, text: text.to_owned() };
            return Ok(Some(Target { name: function, entry, closure: None, receiver: Some(receiver) }));
        }
        let real = loader.underlying(&base.ty)?;
        let Shape::Struct(fields) = &real.shape else { return Ok(None) };
        for field in fields.iter().filter(|field| field.embedded && depth < DEEPEST_EMBEDDING) {
            let part = loader.field(&base, field)?;
            if let Some(found) = self.method_of(&part, text, name, depth + 1)? {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }

    /// A string's header, for a text that the program may not have yet.
    pub(super) fn string_header(&self, text: &[u8]) -> Result<Vec<u8>, EvalError> {
        let loader = self.debugger.loader();
        let (order, word) = (self.debugger.arch().byte_order, loader.word_size());
        let header = |addr: u64| [order.bytes(addr, word), order.bytes(text.len() as u64, word)].concat();
        if text.is_empty() {
            return Ok(header(0));
        }
        let Some(answers) = self.answers else {
            return fail(
                "literal string can not be allocated because function calls are not allowed without using 'call'",
            );
        };
        let key = AddressKey::Text(text.to_owned());
        if let Some(addr) = answers.address(&key) {
            return Ok(header(addr.0));
        }
        let allocation = self.debugger.allocation(text.len() as u64, Addr(0))?;
        answers.want(Wanted::Address(key, Box::new(allocation), text.to_owned()));
        fail("literal string was not allocated")
    }
}
