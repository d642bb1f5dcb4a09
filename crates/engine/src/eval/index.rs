//! `x[i]` and `x[a:b]`.

use adit_expr::NodeId;
use adit_process::Addr;
use adit_symbols::{Shape, Type};
use std::sync::Arc;

use super::{Constant, EvalError, Evaluator, Operand, fail};
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
        if let Operand::Constant(Constant::String(bytes)) | Operand::Typed(Constant::String(bytes), _) =
            &operand
        {
            let at = self.int_index(index)?;
            return match usize::try_from(at).ok().and_then(|at| bytes.get(at)) {
                Some(byte) => Ok(Operand::Constant(Constant::Int(i128::from(*byte)))),
                None => fail("index out of bounds"),
            };
        }
        let mut value = self.value(&operand, &text)?;
        let loader = self.debugger.loader();
        let mut real = loader.underlying(&value.ty)?;
        if let Shape::Pointer(Some(target)) = real.shape {
            let pointee = loader.type_of(target)?;
            let is_array = matches!(loader.underlying(&pointee)?.shape, Shape::Array { .. });
            if !is_array && real.go_kind.is_none() {
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
                let at = self.bounded_index(index, i64::try_from(*count).unwrap_or(i64::MAX))?;
                let elem = loader.type_of(*elem)?;
                Ok(Operand::Value(value.part(at as u64 * elem.size, elem)))
            }
            Shape::Slice { elem } => {
                let (base, len, _) = loader.slice_header(&value)?;
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
                match self.basic_type("uint8") {
                    Some(ty) => Ok(Operand::Typed(Constant::Int(i128::from(byte)), ty)),
                    None => Ok(Operand::Constant(Constant::Int(i128::from(byte)))),
                }
            }
            Shape::Map { key, elem, header } => {
                let wanted = self.eval(index)?;
                self.map_element(&value, (*key, *elem, *header), &wanted)
            }
            _ => fail(format!("expression {text:?} ({}) does not support indexing", value.ty.name)),
        }
    }

    /// The element of a map whose key equals `wanted`.
    fn map_element(
        &self,
        map: &Value,
        types: (adit_symbols::TypeId, adit_symbols::TypeId, adit_symbols::TypeId),
        wanted: &Operand,
    ) -> Result<Operand, EvalError> {
        let loader = self.debugger.loader();
        let key = self.constant(wanted)?;
        let pointer = self.pointer(wanted)?;
        let mut found = None;
        loader.each_entry(map, types, &mut |candidate, elem| {
            let same = match (&key, pointer) {
                (Some(key), _) => self.same_key(&candidate, key)?,
                (None, Some(pointer)) => self.pointer(&Operand::Value(candidate))? == Some(pointer),
                (None, None) => return fail("the key can not be compared"),
            };
            if same {
                found = Some(elem);
            }
            Ok(!same)
        })?;
        found.map(Operand::Value).ok_or_else(|| EvalError("key not found".to_owned()))
    }

    fn same_key(&self, candidate: &Value, wanted: &Constant) -> Result<bool, EvalError> {
        // Keys of interface type are compared by what is in them.
        let loader = self.debugger.loader();
        let candidate = match loader.underlying(&candidate.ty)?.shape {
            Shape::Interface { empty } => match loader.dynamic_value(candidate, empty)? {
                Some(inner) => inner,
                None => return Ok(false),
            },
            _ => candidate.clone(),
        };
        Ok(match (self.constant(&Operand::Value(candidate))?, wanted) {
            (Some(Constant::Int(a)), Constant::Int(b) | Constant::Rune(b)) => a == *b,
            (Some(Constant::Float(a)), Constant::Int(b) | Constant::Rune(b)) => a == *b as f64,
            (Some(a), b) => a == *b,
            (None, _) => false,
        })
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
        if let Some(Constant::String(bytes)) = self.constant(&operand)? {
            let to = to.unwrap_or(bytes.len() as i64);
            let range = usize::try_from(from).ok().zip(usize::try_from(to).ok());
            return match range.and_then(|(from, to)| bytes.get(from..to)) {
                Some(part) => Ok(Operand::Constant(Constant::String(part.to_vec()))),
                None => fail("index out of bounds"),
            };
        }
        let mut value = self.value(&operand, &text)?;
        let loader = self.debugger.loader();
        let mut real = loader.underlying(&value.ty)?;
        if let Shape::Pointer(Some(target)) = real.shape {
            let pointee = loader.type_of(target)?;
            if matches!(loader.underlying(&pointee)?.shape, Shape::Array { .. }) {
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
                let count = i64::try_from(*count).unwrap_or(i64::MAX);
                (*elem, base, count, count)
            }
            Shape::Map { .. } => {
                return match to {
                    Some(_) => fail("second slice argument must be empty for maps"),
                    None => fail(format!("can not slice {text:?} (type {})", value.ty.name)),
                };
            }
            _ => return fail(format!("can not slice {text:?} (type {})", value.ty.name)),
        };
        let to = to.unwrap_or(len);
        if from < 0 || to < from || to > cap {
            return fail("index out of bounds");
        }
        let elem = loader.type_of(elem)?;
        let start = element(&elem, base, from).addr().unwrap_or_default();
        self.slice_value(&elem, start, to - from, cap - from)
    }

    /// A slice that the program does not have: its header is made here.
    fn slice_value(&self, elem: &Arc<Type>, base: Addr, len: i64, cap: i64) -> Result<Operand, EvalError> {
        let word = self.debugger.loader().word_size();
        let order = self.debugger.target().arch().byte_order;
        let words = [base.0, len.cast_unsigned(), cap.cast_unsigned()];
        let bytes: Vec<u8> = words.iter().flat_map(|value| order.bytes(*value, word)).collect();
        let ty = Type {
            name: format!("[]{}", elem.name).into(),
            size: 3 * word as u64,
            shape: Shape::Slice { elem: elem.id },
            go_kind: Some(adit_symbols::GoKind(crate::value::Kind::SLICE.0)),
            ..(**elem).clone()
        };
        Ok(Operand::Value(Value::of_bytes(Arc::new(ty), &bytes)))
    }

    fn bounded_index(&self, index: NodeId, len: i64) -> Result<i64, EvalError> {
        let at = self.int_index(index)?;
        if (0..len).contains(&at) { Ok(at) } else { fail("index out of bounds") }
    }

    fn int_index(&self, index: NodeId) -> Result<i64, EvalError> {
        let operand = self.eval(index)?;
        match self.constant(&operand)? {
            Some(Constant::Int(n) | Constant::Rune(n)) => {
                i64::try_from(n).map_err(|_| EvalError("index out of bounds".to_owned()))
            }
            _ => {
                let ty =
                    self.type_of(&operand).map_or_else(|| "untyped".to_owned(), |ty| ty.name.to_string());
                fail(format!("can not convert value of type {ty} to int"))
            }
        }
    }
}

fn element(ty: &Arc<Type>, base: Addr, at: i64) -> Value {
    Value::at(ty.clone(), base.offset(at.wrapping_mul(ty.size.cast_signed())))
}
