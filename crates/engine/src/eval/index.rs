//! `x[i]` and `x[a:b]`.

use adit_expr::NodeId;
use adit_process::Addr;
use adit_symbols::{Shape, Type};
use std::sync::Arc;

use adit_expr::constant::{Constant, Number, NumberType};

use super::operand::Scalar;
use super::{EvalError, Evaluator, Operand, fail};
use crate::value::Value;

impl Evaluator<'_> {
    pub(super) fn index(&self, x: NodeId, index: NodeId, whole: NodeId) -> Result<Operand, EvalError> {
        if self.tree.source(x) == "delve.bphitcount" {
            let title = self.eval(index)?;
            return self.hit_count(&title);
        }
        let text = self.text(x);
        let operand = match self.eval(x) {
            Ok(Operand::Function(..)) | Err(_) if self.type_or_function(whole).is_ok() => {
                return self.type_or_function(whole);
            }
            other => other?,
        };
        if let Operand::Constant(Constant::String(bytes)) | Operand::Typed(Scalar::String(bytes), _) =
            &operand
        {
            let at = self.bounded_index(index, bytes.len() as i64)?;
            return Ok(self.byte_operand(bytes[at as usize]));
        }
        if let Operand::Elements(elem, bytes, ..) = &operand {
            let at = self.bounded_index(index, (bytes.len() as u64 / elem.size.max(1)).cast_signed())?;
            let all = Value::of_bytes(elem.clone(), bytes);
            return Ok(Operand::Value(all.part(at as u64 * elem.size, elem.clone())));
        }
        let mut value = self.value(&operand, &text)?;
        let loader = self.debugger.loader();
        let mut real = loader.underlying(&value.ty)?;
        if let Shape::Pointer(Some(target)) = real.shape {
            let pointee = loader.type_of(target)?;
            let is_array =
                matches!(loader.underlying(&pointee)?.shape, Shape::Array { .. } | Shape::Slice { .. });
            if !is_array && loader.is_c_pointer(&real) {
                // A C pointer is an array of which nobody knows the end.
                let base = Addr(loader.word(&value, 0)?);
                let at = self.int_index(index)?;
                return Ok(Operand::Value(element(&pointee, base, at)));
            }
            if is_array {
                value = loader.dereference(&value)?;
                real = loader.underlying(&value.ty)?;
            }
        }
        match &real.shape {
            Shape::Array { elem, count } => {
                let at = match self.is_open(&real, *count) {
                    true => self.int_index(index)?,
                    false => self.bounded_index(index, i64::try_from(*count).unwrap_or(i64::MAX))?,
                };
                let elem = loader.type_of(*elem)?;
                Ok(Operand::Value(value.part(at as u64 * elem.size, elem)))
            }
            Shape::Slice { elem } => {
                let (base, len) = loader.slice_elements(&value)?;
                if base.0 == 0 {
                    return fail(format!("can not index {text:?}"));
                }
                let at = self.bounded_index(index, len)?;
                Ok(Operand::Value(element(&loader.type_of(*elem)?, base, at)))
            }
            Shape::String => {
                let (data, len) = loader.string_header(&value)?;
                let at = self.bounded_index(index, len)?;
                let byte = self
                    .debugger
                    .target()
                    .read_uint(data.offset(at), 1)
                    .map_err(|e| EvalError(e.to_string()))?;
                Ok(self.byte_operand(byte as u8))
            }
            Shape::Map { key, elem, header } => {
                let wanted = self.eval(index)?;
                self.map_element(&value, (*key, *elem, *header), &wanted)
            }
            _ => fail(format!("expression {text:?} ({}) does not support indexing", value.ty.name)),
        }
    }

    /// Is this C's array at the end of a struct, of which nobody knows how long it is?
    fn is_open(&self, real: &Type, count: u64) -> bool {
        count == 0 && real.go_kind.is_none()
    }

    fn byte_operand(&self, byte: u8) -> Operand {
        let number = Number::int(NumberType::Int { bits: 8, signed: false }, i128::from(byte));
        match (self.basic_type("uint8"), number) {
            (Some(ty), Some(number)) => Operand::Typed(Scalar::Number(number), ty),
            _ => Operand::Constant(Constant::Int(byte.into())),
        }
    }

    pub(super) fn slice(
        &self,
        x: NodeId,
        low: Option<NodeId>,
        high: Option<NodeId>,
        three: bool,
    ) -> Result<Operand, EvalError> {
        if three {
            return fail("3-index slice expressions not supported");
        }
        let text = self.text(x);
        let operand = self.eval(x)?;
        let from = low.map_or(Ok(0), |low| self.int_index(low))?;
        let to = high.map(|high| self.int_index(high)).transpose()?;
        if let Operand::Constant(Constant::String(bytes)) | Operand::Typed(Scalar::String(bytes), _) =
            &operand
        {
            let to = to.unwrap_or(bytes.len() as i64);
            let range = usize::try_from(from).ok().zip(usize::try_from(to).ok());
            return match range.and_then(|(from, to)| bytes.get(from..to)) {
                Some(part) => Ok(match &operand {
                    Operand::Typed(_, ty) => Operand::Typed(Scalar::String(part.to_vec()), ty.clone()),
                    _ => Operand::Constant(Constant::String(part.to_vec())),
                }),
                None => fail("index out of bounds"),
            };
        }
        let mut value = self.value(&operand, &text)?;
        let loader = self.debugger.loader();
        let mut real = loader.underlying(&value.ty)?;
        if let Shape::Pointer(Some(target)) = real.shape {
            let pointee = loader.type_of(target)?;
            let is_array = matches!(loader.underlying(&pointee)?.shape, Shape::Array { .. });
            if !is_array && loader.is_c_pointer(&real) {
                let base = Addr(loader.word(&value, 0)?);
                let to = to.ok_or_else(|| EvalError(format!("can not slice {text:?} without an end")))?;
                return self.slice_between(&pointee, base, (from, to), i64::MAX);
            }
            if is_array {
                value = loader.dereference(&value)?;
                real = loader.underlying(&value.ty)?;
            }
        }
        let (elem, base, len, cap) = match &real.shape {
            Shape::Slice { elem } => {
                let (base, len, cap) = loader.slice_header(&value)?;
                (*elem, base, len, cap)
            }
            Shape::Array { elem, count } => {
                let base =
                    value.addr().ok_or_else(|| EvalError(format!("can not take address of {text:?}")))?;
                let open = self.is_open(&real, *count);
                let cap = if open { i64::MAX } else { i64::try_from(*count).unwrap_or(i64::MAX) };
                (*elem, base, if open { 0 } else { cap }, cap)
            }
            Shape::String => {
                let (data, len) = loader.string_header(&value)?;
                let to = to.unwrap_or(len);
                if from < 0 || to < from || to > len {
                    return fail("index out of bounds");
                }
                // A part of a string is a string: its header is made here.
                let word = loader.word_size();
                let order = self.debugger.arch().byte_order;
                let words = [data.offset(from).0, (to - from).cast_unsigned()];
                let header: Vec<u8> = words.iter().flat_map(|value| order.bytes(*value, word)).collect();
                return Ok(Operand::Value(Value::of_bytes(value.ty, &header)));
            }
            Shape::Map { header, .. } => {
                if to.is_some() {
                    return fail("second slice argument must be empty for maps");
                }
                return match u64::try_from(from) {
                    Ok(skipped) if from <= loader.map_len(&value, *header)? => {
                        Ok(Operand::MapRest(value, skipped))
                    }
                    _ => fail("map index out of bounds"),
                };
            }
            _ => return fail(format!("can not slice {text:?} (type {})", value.ty.name)),
        };
        let to = to.unwrap_or(len);
        self.slice_between(&loader.type_of(elem)?, base, (from, to), cap)
    }

    fn slice_between(
        &self,
        elem: &Arc<Type>,
        base: Addr,
        (from, to): (i64, i64),
        cap: i64,
    ) -> Result<Operand, EvalError> {
        if from < 0 || to < from || to > cap {
            return fail("index out of bounds");
        }
        let start = element(elem, base, from).addr().unwrap_or_default();
        let room = if cap == i64::MAX { to - from } else { cap - from };
        self.slice_value(elem, start, to - from, room)
    }

    /// A slice that the program does not have: its header is made here.
    fn slice_value(&self, elem: &Arc<Type>, base: Addr, len: i64, cap: i64) -> Result<Operand, EvalError> {
        let word = self.debugger.loader().word_size();
        let order = self.debugger.target().arch().byte_order;
        let words = [base.0, len.cast_unsigned(), cap.cast_unsigned()];
        let bytes: Vec<u8> = words.iter().flat_map(|value| order.bytes(*value, word)).collect();
        Ok(Operand::Value(Value::of_bytes(self.slice_of(elem), &bytes)))
    }

    fn bounded_index(&self, index: NodeId, len: i64) -> Result<i64, EvalError> {
        let at = self.int_index(index)?;
        if (0..len).contains(&at) { Ok(at) } else { fail("index out of bounds") }
    }

    fn int_index(&self, index: NodeId) -> Result<i64, EvalError> {
        let operand = self.eval(index)?;
        let refused = |shown: String| fail(format!("can not convert {shown} to int"));
        match &operand {
            Operand::Constant(constant) => match constant {
                Constant::Int(n) | Constant::Rune(n) => {
                    i64::try_from(n).map_err(|_| EvalError("index out of bounds".to_owned()))
                }
                other => refused(format!("constant {other}")),
            },
            other => match self.scalar(other)? {
                Some(Scalar::Number(Number::Int { value, signed: true, .. })) => {
                    i64::try_from(value).map_err(|_| EvalError("index out of bounds".to_owned()))
                }
                _ => refused(format!("value of type {}", self.type_name(other))),
            },
        }
    }
}

fn element(ty: &Arc<Type>, base: Addr, at: i64) -> Value {
    Value::at(ty.clone(), base.offset(at.wrapping_mul(ty.size.cast_signed())))
}
