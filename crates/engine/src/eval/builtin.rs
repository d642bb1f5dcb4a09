//! Calls that call nothing: Go's builtins, and conversions.

use adit_expr::{Node, NodeId, Token};
use adit_symbols::Shape;

use adit_expr::constant::{Constant, Number};

use super::operand::Scalar;
use super::operators::Side;
use super::{EvalError, Evaluator, Operand, fail};

impl Evaluator<'_> {
    pub(super) fn call(&self, id: NodeId, fun: NodeId, args: &[NodeId]) -> Result<Operand, EvalError> {
        if let Node::Ident(name) = self.tree.node(fun)
            && let Some(result) = self.builtin(name, args)?
        {
            return Ok(result);
        }
        let text = self.tree.source(fun);
        if text == "runtime.frame" {
            return match args {
                [argument] if matches!(self.tree.node(*argument), Node::Literal(_)) => fail(format!(
                    "{} is no value: a variable of that frame must follow it, as .x",
                    self.text(id)
                )),
                [argument] => fail(format!("expected integer value for frame, got {}", self.text(*argument))),
                _ => fail("wrong number of arguments for runtime.frame"),
            };
        }
        if let [argument] = args
            && let Ok(ty) = self.named_type(fun)
        {
            return self.convert(&ty, *argument);
        }
        self.function_call(id, fun, args)
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

    /// A value of Go's `int`.
    fn int(&self, value: i64) -> Number {
        let bits = 8 * self.debugger.loader().word_size() as u32;
        Number::Int { bits, signed: true, value: value.into() }
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
        let number = |value: i64| match self.basic_type("int") {
            Some(ty) => Operand::Typed(Scalar::Number(self.int(value)), ty),
            None => Operand::Constant(Constant::Int(value.into())),
        };
        match &operand {
            Operand::Constant(Constant::String(bytes)) | Operand::Typed(Scalar::String(bytes), _)
                if name == "len" =>
            {
                return Ok(number(bytes.len() as i64));
            }
            Operand::Elements(elem, bytes, _) => {
                return Ok(number((bytes.len() as u64 / elem.size.max(1)).cast_signed()));
            }
            Operand::MapRest(map, skipped) if name == "len" => {
                let Shape::Map { header, .. } = loader.underlying(&map.ty)?.shape else {
                    return fail("the map is none");
                };
                return Ok(number(loader.map_len(map, header)?.saturating_sub_unsigned(*skipped).max(0)));
            }
            _ => {}
        }
        let shown = self.type_name(&operand);
        let invalid = || fail(format!("invalid argument {} (type {shown}) for {name}", self.text(id)));
        let (Operand::Value(value) | Operand::Variable { value, .. }) = &operand else { return invalid() };
        let real = loader.underlying(&value.ty)?;
        Ok(number(match &real.shape {
            Shape::String if name == "len" => loader.string_header(value)?.1,
            Shape::Slice { .. } => match name {
                "len" => loader.slice_elements(value)?.1,
                _ => loader.slice_header(value)?.2,
            },
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

    fn complex(&self, args: &[NodeId]) -> Result<Operand, EvalError> {
        let [re, im] = args else {
            return fail(format!("wrong number of arguments to complex: {}", args.len()));
        };
        let (re, im) = (self.part(1, *re)?, self.part(2, *im)?);
        if let (Side::Untyped(re), Side::Untyped(im)) = (&re, &im)
            && let (Some(re), Some(im)) = (re.to_real(), im.to_real())
        {
            return Ok(Operand::Constant(Constant::Complex(re, im)));
        }
        let (re, im, _) = self.of_one_type(re, im)?;
        match (re, im) {
            (Scalar::Number(Number::Float32(re)), Scalar::Number(Number::Float32(im))) => {
                self.typed_as("complex64", Number::Complex64(re, im))
            }
            (Scalar::Number(Number::Float64(re)), Scalar::Number(Number::Float64(im))) => {
                self.typed_as("complex128", Number::Complex128(re, im))
            }
            // Integers are no parts to Go, but to a debugger that is asked for them.
            (re, im) => match (re.constant()?.to_real(), im.constant()?.to_real()) {
                (Some(re), Some(im)) => Ok(Operand::Constant(Constant::Complex(re, im))),
                _ => fail("the parts are no real numbers"),
            },
        }
    }

    /// What may become a part of a complex number.
    fn part(&self, number: usize, id: NodeId) -> Result<Side, EvalError> {
        let operand = self.eval(id)?;
        let side = self.side(&operand)?.filter(|side| match side {
            Side::Untyped(constant) => constant.to_real().is_some(),
            Side::Typed(Scalar::Number(number), _) => {
                !matches!(number, Number::Complex64(..) | Number::Complex128(..))
            }
            Side::Typed(..) => false,
        });
        side.ok_or_else(|| {
            let shown = self.type_name(&operand);
            EvalError(format!("invalid argument {number} {} (type {shown}) to complex", self.text(id)))
        })
    }

    fn complex_part(&self, name: &str, args: &[NodeId]) -> Result<Operand, EvalError> {
        let id = self.one(name, args)?;
        let operand = self.eval(id)?;
        // Typed parts may be infinite or not a number, which no constant is.
        match self.scalar(&operand)? {
            Some(Scalar::Number(Number::Complex64(re, im))) => {
                let part = Number::Float32(if name == "real" { re } else { im });
                return self.typed_as("float32", part);
            }
            Some(Scalar::Number(Number::Complex128(re, im))) => {
                let part = Number::Float64(if name == "real" { re } else { im });
                return self.typed_as("float64", part);
            }
            _ => {}
        }
        match operand {
            Operand::Constant(constant) if constant.kind().is_numeric() => {
                let (re, im) =
                    constant.to_complex().ok_or_else(|| EvalError(format!("{constant} is no number")))?;
                Ok(Operand::Constant(Constant::Float(if name == "real" { re } else { im })))
            }
            other => {
                let shown = self.type_name(&other);
                fail(format!("invalid argument {} (type {shown}) to {name}", self.text(id)))
            }
        }
    }

    fn typed_as(&self, ty: &str, number: Number) -> Result<Operand, EvalError> {
        Ok(Operand::Typed(Scalar::Number(number), self.type_by_text(ty)?))
    }

    fn extreme(&self, name: &str, args: &[NodeId]) -> Result<Operand, EvalError> {
        let Some((first, rest)) = args.split_first() else {
            return fail(format!("not enough arguments to {name}"));
        };
        let mut best = self.eval(*first)?;
        for id in rest {
            let next = self.eval(*id)?;
            let (Some(a), Some(b)) = (self.side(&best)?, self.side(&next)?) else {
                let bad = if self.side(&best)?.is_none() { *first } else { *id };
                let shown = self.type_name(if bad == *first { &best } else { &next });
                return fail(format!("invalid argument {} (type {shown}) for {name}", self.text(bad)));
            };
            best = self.larger_or_smaller(a, b, name == "max")?;
        }
        Ok(best)
    }

    fn larger_or_smaller(&self, a: Side, b: Side, largest: bool) -> Result<Operand, EvalError> {
        let op = if largest { Token::Greater } else { Token::Less };
        if let (Side::Untyped(a), Side::Untyped(b)) = (&a, &b) {
            let best = if b.compare(op, a)? { b } else { a };
            return Ok(Operand::Constant(best.as_kind(a.kind().max(b.kind()))));
        }
        let (a, b, ty) = self.of_one_type(a, b)?;
        let best = match (a, b) {
            (Scalar::Number(a), Scalar::Number(b)) => Scalar::Number(a.extreme(&b, largest)?),
            (a, b) => {
                if b.constant()?.compare(op, &a.constant()?)? {
                    b
                } else {
                    a
                }
            }
        };
        Ok(Operand::Typed(best, ty))
    }
}
