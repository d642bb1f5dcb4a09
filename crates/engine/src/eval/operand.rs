//! What an expression's parts evaluate to.

use std::sync::Arc;

use adit_expr::constant::{ArithmeticError, Constant, Number, NumberType};
use adit_process::{Addr, ByteOrder};
use adit_symbols::{Shape, Type};

use super::{EvalError, Evaluator, fail};
use crate::value::{Kind, LoadConfig, Value, Variable, flags, kind_of};

/// Longest string that is compared or computed with, in bytes.
pub(super) const MOST_STRING: usize = 1 << 20;

/// The contents of a value of a boolean, numeric or string type.
#[derive(Clone, Debug, PartialEq)]
pub enum Scalar {
    /// Of a `bool`.
    Bool(bool),
    /// Of a number.
    Number(Number),
    /// Of a string.
    String(Vec<u8>),
}

/// What a node evaluates to.
#[derive(Clone, Debug)]
pub enum Operand {
    /// A value of the program.
    Value(Value),
    /// The same, with the marks of the variable that it is.
    Variable {
        /// Its name.
        name: String,
        /// Its value.
        value: Value,
        /// See [`flags`].
        flags: u16,
    },
    /// An untyped constant.
    Constant(Constant),
    /// The result of an operation on values of a type.
    Typed(Scalar, Arc<Type>),
    /// `nil`.
    Nil,
    /// A function.
    Function(String, Addr),
    /// A register, with its bytes.
    Register(String, Vec<u8>),
    /// What `&` makes: a pointer that is not followed.
    Pointer(Addr, Arc<Type>),
    /// The bytes of elements, of a slice that the program does not have: its element type, them, and its own type.
    Elements(Arc<Type>, Vec<u8>, Arc<Type>),
    /// A map without its first entries.
    MapRest(Value, u64),
    /// A type, as an operand of a conversion.
    Type(Arc<Type>),
}

impl From<ArithmeticError> for EvalError {
    fn from(error: ArithmeticError) -> EvalError {
        EvalError(error.to_string())
    }
}

impl Scalar {
    /// The exact value; infinities and NaN have none.
    pub(super) fn constant(&self) -> Result<Constant, ArithmeticError> {
        Ok(match self {
            Scalar::Bool(value) => Constant::Bool(*value),
            Scalar::Number(number) => number.to_constant()?,
            Scalar::String(bytes) => Constant::String(bytes.clone()),
        })
    }

    /// The bytes of a boolean or number in memory; `None` for strings, which are elsewhere.
    pub(super) fn bytes(&self, order: ByteOrder) -> Option<Vec<u8>> {
        let float = |value: f32| order.bytes(u64::from(value.to_bits()), 4);
        let double = |value: f64| order.bytes(value.to_bits(), 8);
        Some(match *self {
            Scalar::Bool(value) => vec![u8::from(value)],
            Scalar::Number(Number::Int { bits, value, .. }) => order.bytes(value as u64, bits as usize / 8),
            Scalar::Number(Number::Float32(value)) => float(value),
            Scalar::Number(Number::Float64(value)) => double(value),
            Scalar::Number(Number::Complex64(re, im)) => [float(re), float(im)].concat(),
            Scalar::Number(Number::Complex128(re, im)) => [double(re), double(im)].concat(),
            Scalar::String(_) => return None,
        })
    }
}

/// How values of a type are computed with; `None` if they are not numbers. `real` is no typedef.
pub(super) fn number_type(real: &Type) -> Option<NumberType> {
    let int = |signed| match real.size {
        1 | 2 | 4 | 8 => Some(NumberType::Int { bits: 8 * real.size as u32, signed }),
        _ => None,
    };
    match (&real.shape, real.size) {
        (Shape::Int | Shape::Enum(_), _) => int(true),
        (Shape::Uint, _) => int(false),
        (Shape::Float, 4) => Some(NumberType::Float32),
        (Shape::Float, 8) => Some(NumberType::Float64),
        (Shape::Complex, 8) => Some(NumberType::Complex64),
        (Shape::Complex, 16) => Some(NumberType::Complex128),
        _ => None,
    }
}

/// The number that these bytes are in memory; there are as many as the type is large.
fn number_of(ty: NumberType, bytes: &[u8], order: ByteOrder) -> Option<Number> {
    let float = |bytes: &[u8]| f32::from_bits(order.uint(bytes) as u32);
    let double = |bytes: &[u8]| f64::from_bits(order.uint(bytes));
    match ty {
        NumberType::Int { signed: true, .. } => Number::int(ty, i128::from(order.int(bytes))),
        NumberType::Int { signed: false, .. } => Number::int(ty, i128::from(order.uint(bytes))),
        NumberType::Float32 => Some(Number::Float32(float(bytes))),
        NumberType::Float64 => Some(Number::Float64(double(bytes))),
        NumberType::Complex64 => Some(Number::Complex64(float(&bytes[..4]), float(&bytes[4..]))),
        NumberType::Complex128 => Some(Number::Complex128(double(&bytes[..8]), double(&bytes[8..]))),
    }
}

impl Evaluator<'_> {
    /// The contents of an operand that has a type, if it is a boolean, a number or a string. Registers are unsigned
    /// numbers.
    pub(super) fn scalar(&self, operand: &Operand) -> Result<Option<Scalar>, EvalError> {
        match operand {
            Operand::Typed(scalar, _) => Ok(Some(scalar.clone())),
            Operand::Value(value) | Operand::Variable { value, .. } => self.scalar_of(value),
            Operand::Register(_, bytes) if bytes.len() <= 8 => {
                let number = i128::from(self.debugger.arch().byte_order.uint(bytes));
                Ok(Number::int(NumberType::Int { bits: 64, signed: false }, number).map(Scalar::Number))
            }
            _ => Ok(None),
        }
    }

    fn scalar_of(&self, value: &Value) -> Result<Option<Scalar>, EvalError> {
        let loader = self.debugger.loader();
        let real = loader.underlying(&value.ty)?;
        if let Some(ty) = number_type(&real) {
            let bytes = loader.bytes(value, 0, real.size as usize)?;
            return Ok(number_of(ty, &bytes, self.debugger.arch().byte_order).map(Scalar::Number));
        }
        match real.shape {
            Shape::Bool => Ok(Some(Scalar::Bool(loader.uint(value, 0, 1)? != 0))),
            Shape::String => {
                let (data, len) = loader.string_header(value)?;
                if len > MOST_STRING as i64 {
                    return fail("string too long for comparison");
                }
                Ok(Some(Scalar::String(loader.string_bytes(data, len, MOST_STRING)?)))
            }
            _ => Ok(None),
        }
    }

    /// The exact contents of an operand, if it is a boolean, a number or a string.
    pub(super) fn constant(&self, operand: &Operand) -> Result<Option<Constant>, EvalError> {
        if let Operand::Constant(constant) = operand {
            return Ok(Some(constant.clone()));
        }
        Ok(self.scalar(operand)?.map(|scalar| scalar.constant()).transpose()?)
    }

    /// The type of an operand; `None` for untyped ones.
    pub(super) fn type_of(&self, operand: &Operand) -> Option<Arc<Type>> {
        match operand {
            Operand::Value(value) | Operand::Variable { value, .. } | Operand::MapRest(value, _) => {
                Some(value.ty.clone())
            }
            Operand::Typed(_, ty) | Operand::Elements(_, _, ty) => Some(ty.clone()),
            Operand::Pointer(_, pointee) => Some(self.pointer_to(pointee)),
            _ => None,
        }
    }

    /// The name of an operand's type, for messages.
    pub(super) fn type_name(&self, operand: &Operand) -> String {
        match operand {
            Operand::Constant(constant) => constant.kind().default_type().to_owned(),
            Operand::Nil => "nil".to_owned(),
            Operand::Function(..) => "func()".to_owned(),
            Operand::Register(..) => "uint64".to_owned(),
            Operand::Type(ty) => ty.name.to_string(),
            typed => self.type_of(typed).map(|ty| ty.name.to_string()).unwrap_or_default(),
        }
    }

    /// Loads what an operand stands for.
    pub(crate) fn load(&self, operand: &Operand, config: &LoadConfig) -> Result<Variable, EvalError> {
        let loader = self.debugger.loader();
        Ok(match operand {
            Operand::Value(value) => loader.load(value, config),
            Operand::Variable { name, value, flags } => {
                let mut variable = loader.load_named(name, value, config);
                variable.flags |= flags;
                variable
            }
            Operand::MapRest(map, skipped) => loader.load_map_rest(map, *skipped, config)?,
            Operand::Elements(elem, bytes, ty) => loader.load_elements(elem, bytes, ty, config),
            Operand::Constant(constant) => constant_variable(constant),
            Operand::Typed(Scalar::String(bytes), ty) => {
                let mut variable = string_variable(bytes);
                variable.real_type = loader.underlying(ty)?.name.to_string();
                variable.type_name = ty.name.to_string();
                variable
            }
            Operand::Typed(scalar, ty) => {
                let bytes = scalar.bytes(self.debugger.arch().byte_order).unwrap_or_default();
                let mut variable = loader.load(&Value::of_bytes(ty.clone(), &bytes), config);
                forget_place(&mut variable);
                variable
            }
            Operand::Nil => Variable { value: "nil".to_owned(), ..Variable::default() },
            Operand::Function(name, entry) => Variable {
                base: entry.0,
                value: name.clone(),
                kind: Kind::FUNC,
                type_name: "func()".to_owned(),
                real_type: "func()".to_owned(),
                ..Variable::default()
            },
            Operand::Register(_, bytes) => register_variable(bytes),
            Operand::Pointer(addr, pointee) => pointer_variable(*addr, pointee, &self.pointer_to(pointee)),
            Operand::Type(ty) => return fail(format!("expression {} is a type, not a value", ty.name)),
        })
    }
}

/// The result of an operation is nowhere in the program.
fn forget_place(variable: &mut Variable) {
    variable.addr = 0;
    variable.flags &= !flags::FAKE_ADDRESS;
    variable.children.iter_mut().for_each(forget_place);
}

/// Registers of up to eight bytes are numbers, wider ones are shown as they are.
fn register_variable(bytes: &[u8]) -> Variable {
    let mut variable = Variable { flags: flags::CPU_REGISTER, ..Variable::default() };
    if bytes.len() <= 8 {
        let number = bytes.iter().rev().fold(0u64, |value, byte| value << 8 | u64::from(*byte));
        variable.kind = Kind::UINT64;
        "uint64".clone_into(&mut variable.type_name);
        variable.value = number.to_string();
    } else {
        variable.kind = Kind::STRING;
        "string".clone_into(&mut variable.type_name);
        variable.value = bytes.iter().rev().fold("0x".to_owned(), |text, byte| format!("{text}{byte:02x}"));
        variable.len = variable.value.len() as i64;
    }
    variable.real_type.clone_from(&variable.type_name);
    variable
}

fn pointer_variable(addr: Addr, pointee: &Type, pointer: &Type) -> Variable {
    let child = Variable {
        addr: addr.0,
        only_addr: true,
        type_name: pointee.name.to_string(),
        real_type: pointee.name.to_string(),
        kind: kind_of(pointee),
        ..Variable::default()
    };
    Variable {
        kind: Kind::POINTER,
        type_name: pointer.name.to_string(),
        real_type: pointer.name.to_string(),
        len: 1,
        children: [child].into(),
        ..Variable::default()
    }
}

fn string_variable(bytes: &[u8]) -> Variable {
    let mut variable = Variable { kind: Kind::STRING, flags: flags::CONSTANT, ..Variable::default() };
    variable.len = bytes.len() as i64;
    variable.value = String::from_utf8_lossy(bytes).into_owned();
    if std::str::from_utf8(bytes).is_err() {
        variable.string_bytes = Some(bytes.to_vec());
    }
    variable
}

fn constant_variable(constant: &Constant) -> Variable {
    let kind = match constant {
        Constant::Bool(_) => Kind::BOOL,
        Constant::String(_) => Kind::STRING,
        Constant::Int(_) => Kind::INT,
        Constant::Rune(_) => Kind::INT32,
        Constant::Float(_) => Kind::FLOAT64,
        Constant::Complex(..) => Kind::COMPLEX128,
    };
    let mut variable = match constant {
        Constant::String(bytes) => string_variable(bytes),
        other => Variable { value: other.shown(), kind, flags: flags::CONSTANT, ..Variable::default() },
    };
    constant.kind().default_type().clone_into(&mut variable.type_name);
    variable.real_type.clone_from(&variable.type_name);
    if let Constant::Complex(re, im) = constant {
        variable.len = 2;
        variable.children = [("real", re), ("imaginary", im)]
            .map(|(name, part)| Variable {
                name: name.to_owned(),
                ..constant_variable(&Constant::Float(part.clone()))
            })
            .into();
    }
    variable
}

#[cfg(test)]
mod tests {
    use adit_expr::constant::{Number, NumberType};
    use adit_process::ByteOrder;

    use super::{Scalar, number_of};

    #[test]
    fn numbers_are_the_same_after_they_were_written_in_either_byte_order() {
        let int = |bits, signed, value| Number::Int { bits, signed, value };
        for number in [
            int(8, true, -128),
            int(16, false, 65535),
            int(32, true, -2),
            int(64, false, i128::from(u64::MAX)),
            int(64, true, i128::from(i64::MIN)),
            Number::Float32(0.1),
            Number::Float64(-2.5),
            Number::Complex64(1.5, f32::INFINITY),
            Number::Complex128(-0.0, 1e300),
        ] {
            for order in [ByteOrder::Little, ByteOrder::Big] {
                let bytes = Scalar::Number(number).bytes(order).unwrap();
                assert_eq!(number_of(number.ty(), &bytes, order), Some(number), "{order:?}");
            }
        }
        let high = number_of(NumberType::Int { bits: 16, signed: false }, &[1, 2], ByteOrder::Big);
        assert_eq!(high, Some(int(16, false, 0x102)));
    }
}
