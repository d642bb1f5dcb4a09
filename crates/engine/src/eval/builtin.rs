//! Calls that call nothing: Go's builtins, and conversions.

use adit_expr::{Node, NodeId};
use adit_symbols::Shape;

use super::{Constant, EvalError, Evaluator, Operand, fail};

impl Evaluator<'_> {
    pub(super) fn call(&self, fun: NodeId, args: &[NodeId]) -> Result<Operand, EvalError> {
        if let Node::Ident(name) = self.tree.node(fun)
            && let Some(result) = self.builtin(name, args)?
        {
            return Ok(result);
        }
        let text = self.tree.source(fun);
        if text == "runtime.frame" {
            return fail("expected integer value for frame");
        }
        if let [argument] = args
            && let Ok(ty) = self.named_type(fun)
        {
            return self.convert(&ty, *argument);
        }
        match self.eval(fun) {
            Ok(_) => fail("function calls not allowed without using 'call'"),
            Err(error) => fail(format!("could not evaluate function or type {}: {error}", self.text(fun))),
        }
    }

    fn builtin(&self, name: &str, args: &[NodeId]) -> Result<Option<Operand>, EvalError> {
        Ok(Some(match name {
            "len" | "cap" => self.len_or_cap(name, args)?,
            "complex" => self.complex(args)?,
            "real" | "imag" => self.complex_part(name, args)?,
            "min" | "max" => self.extreme(name, args)?,
            _ => return Ok(None),
        }))
    }

    fn one(&self, name: &str, args: &[NodeId]) -> Result<NodeId, EvalError> {
        match args {
            [argument] => Ok(*argument),
            _ => fail(format!("wrong number of arguments to {name}: {}", args.len())),
        }
    }

    fn len_or_cap(&self, name: &str, args: &[NodeId]) -> Result<Operand, EvalError> {
        let id = self.one(name, args)?;
        let operand = self.eval(id)?;
        let loader = self.debugger.loader();
        let number = |value: i64| Operand::Constant(Constant::Int(i128::from(value)));
        if let Operand::Constant(Constant::String(bytes)) = &operand
            && name == "len"
        {
            return Ok(number(bytes.len() as i64));
        }
        let shown = self.type_of(&operand).map_or_else(|| "untyped".to_owned(), |ty| ty.name.to_string());
        let invalid = || fail(format!("invalid argument {} (type {shown}) for {name}", self.text(id)));
        let (Operand::Value(value) | Operand::Variable { value, .. }) = &operand else { return invalid() };
        let real = loader.underlying(&value.ty)?;
        Ok(number(match &real.shape {
            Shape::String if name == "len" => loader.string_header(value)?.1,
            Shape::Slice { .. } => {
                let (_, len, cap) = loader.slice_header(value)?;
                if name == "len" { len } else { cap }
            }
            Shape::Array { count, .. } => i64::try_from(*count).unwrap_or(i64::MAX),
            Shape::Pointer(Some(target)) => match loader.underlying(&loader.type_of(*target)?)?.shape {
                Shape::Array { count, .. } => i64::try_from(count).unwrap_or(i64::MAX),
                _ => return invalid(),
            },
            Shape::Map { header, .. } if name == "len" => loader.map_len(value, *header)?,
            Shape::Chan { header, .. } => {
                loader.chan_counts(value, *header).map(|(len, cap)| if name == "len" { len } else { cap })?
            }
            _ => return invalid(),
        }))
    }

    fn number(&self, id: NodeId, name: &str) -> Result<f64, EvalError> {
        let operand = self.eval(id)?;
        match self.constant(&operand)? {
            Some(Constant::Int(n) | Constant::Rune(n)) => Ok(n as f64),
            Some(Constant::Float(f)) => Ok(f),
            _ => fail(format!("invalid argument {} to {name}", self.text(id))),
        }
    }

    fn complex(&self, args: &[NodeId]) -> Result<Operand, EvalError> {
        match args {
            [re, im] => Ok(Operand::Constant(Constant::Complex(
                self.number(*re, "complex")?,
                self.number(*im, "complex")?,
            ))),
            _ => fail(format!("wrong number of arguments to complex: {}", args.len())),
        }
    }

    fn complex_part(&self, name: &str, args: &[NodeId]) -> Result<Operand, EvalError> {
        let id = self.one(name, args)?;
        let operand = self.eval(id)?;
        match self.constant(&operand)? {
            Some(Constant::Complex(re, im)) => {
                Ok(Operand::Constant(Constant::Float(if name == "real" { re } else { im })))
            }
            _ => {
                let shown =
                    self.type_of(&operand).map_or_else(|| "untyped".to_owned(), |ty| ty.name.to_string());
                fail(format!("invalid argument {} (type {shown}) to {name}", self.text(id)))
            }
        }
    }

    fn extreme(&self, name: &str, args: &[NodeId]) -> Result<Operand, EvalError> {
        use adit_expr::Token;
        let Some((first, rest)) = args.split_first() else {
            return fail(format!("not enough arguments to {name}"));
        };
        let op = if name == "min" { Token::Less } else { Token::Greater };
        let mut best = *first;
        for id in rest {
            let better = self.binary(op, *id, best)?;
            if self.truth(&better)? == Some(true) {
                best = *id;
            }
        }
        self.eval(best)
    }
}
