//! Composite literals: `T{...}`, `&T{...}`.
//!
//! Structs and arrays are made here, out of their elements. What is behind a pointer, a slice or a map is made by the
//! program, under `call` only, and lives as long as the garbage collector lets it: so literals need a release of Go
//! whose runtime can pin.

use std::sync::Arc;

use adit_expr::constant::Constant;
use adit_expr::{Node, NodeId};
use adit_process::Addr;
use adit_symbols::{Field, Shape, Type, TypeId};

use super::{EvalError, Evaluator, Operand, fail};
use crate::call::{AddressKey, Wanted};
use crate::value::Value;

/// Largest literal, in bytes: a length is quickly typed.
const LARGEST: u64 = 1 << 20;
/// Arrays and structs are nested this deep at most.
const DEEPEST: usize = 32;

const NOT_ALLOWED: &str =
    "literal can not be allocated because function calls are not allowed without using 'call'";

impl Evaluator<'_> {
    /// `T{...}`.
    pub(super) fn composite(
        &self,
        id: NodeId,
        ty: Option<NodeId>,
        elements: &[NodeId],
    ) -> Result<Operand, EvalError> {
        let ty = self.literal_type(ty, elements)?;
        let bytes = self.composite_bytes(id, &ty, elements)?;
        Ok(Operand::Value(Value::of_bytes(ty, &bytes)))
    }

    /// `&T{...}`.
    pub(super) fn address_of_literal(
        &self,
        id: NodeId,
        ty: Option<NodeId>,
        elements: &[NodeId],
    ) -> Result<Operand, EvalError> {
        let ty = self.literal_type(ty, elements)?;
        let addr = self.pointed_literal(id, &ty, elements)?;
        Ok(Operand::Pointer(addr, ty))
    }

    fn pointed_literal(&self, id: NodeId, ty: &Arc<Type>, elements: &[NodeId]) -> Result<Addr, EvalError> {
        // A slice or map is allocated for itself, and it is the header's address that is taken.
        if !matches!(self.debugger.loader().underlying(ty)?.shape, Shape::Struct(_) | Shape::Array { .. }) {
            return fail(format!("allocating a literal of type {} not implemented", ty.name));
        }
        let bytes = self.composite_bytes(id, ty, elements)?;
        self.allocated(AddressKey::Literal(id), ty, &bytes, &self.text(id))
    }

    /// The type of a literal, for which `[...]T` stands too.
    fn literal_type(&self, ty: Option<NodeId>, elements: &[NodeId]) -> Result<Arc<Type>, EvalError> {
        // The reference's text, for programs whose runtime cannot keep what is allocated.
        let (Some(ty), true) = (ty, self.debugger.can_pin()) else {
            return fail("expression *ast.CompositeLit not implemented");
        };
        if let Node::ArrayType { len: Some(len), elem } = self.tree.node(ty)
            && let Node::Ellipsis(None) = self.tree.node(*len)
        {
            let elem = self.named_type(*elem)?;
            let count = self.places(elements, u64::MAX)?.into_iter().map(|(at, _)| at + 1).max().unwrap_or(0);
            return self.type_by_text(&format!("[{count}]{}", elem.name));
        }
        self.named_type(ty)
    }

    fn composite_bytes(&self, id: NodeId, ty: &Arc<Type>, elements: &[NodeId]) -> Result<Vec<u8>, EvalError> {
        let loader = self.debugger.loader();
        let real = loader.underlying(ty)?;
        if real.size > LARGEST {
            return fail(format!("allocating a literal of type {} not implemented", ty.name));
        }
        match &real.shape {
            Shape::Struct(fields) => self.struct_bytes(ty, fields, real.size, elements),
            Shape::Array { elem, count } => self.array_bytes(&loader.type_of(*elem)?, *count, elements),
            Shape::Slice { elem } => self.slice_bytes(id, ty, &loader.type_of(*elem)?, elements),
            Shape::Map { key, elem, .. } => self.map_bytes(id, ty, (*key, *elem), elements),
            _ => fail(format!("allocating a literal of type {} not implemented", ty.name)),
        }
    }

    fn struct_bytes(
        &self,
        ty: &Arc<Type>,
        fields: &[Field],
        size: u64,
        elements: &[NodeId],
    ) -> Result<Vec<u8>, EvalError> {
        let loader = self.debugger.loader();
        let mut bytes = vec![0; size as usize];
        let keyed =
            elements.iter().filter(|id| matches!(self.tree.node(**id), Node::KeyValue { .. })).count();
        if keyed != 0 && keyed != elements.len() {
            return fail("mixture of field:value and value elements in struct literal");
        }
        if keyed == 0 && !elements.is_empty() && elements.len() != fields.len() {
            let many = if elements.len() < fields.len() { "few" } else { "many" };
            return fail(format!("too {many} values in struct literal of type {}", ty.name));
        }
        for (index, &element) in elements.iter().enumerate() {
            let (field, value) = match self.tree.node(element) {
                Node::KeyValue { key, value } => {
                    let name = self.text(*key);
                    let unknown =
                        || EvalError(format!("unknown field {name} in struct literal of type {}", ty.name));
                    (fields.iter().find(|field| *field.name == *name).ok_or_else(unknown)?, *value)
                }
                _ => (&fields[index], element),
            };
            let field_type = loader.type_of(field.type_id)?;
            put(&mut bytes, field.offset, &self.element_bytes(&field_type, value)?);
        }
        Ok(bytes)
    }

    fn array_bytes(&self, elem: &Arc<Type>, count: u64, elements: &[NodeId]) -> Result<Vec<u8>, EvalError> {
        let size = count.checked_mul(elem.size).filter(|size| *size <= LARGEST);
        let Some(size) = size else {
            return fail(format!("allocating a literal of type [{count}]{} not implemented", elem.name));
        };
        let mut bytes = vec![0; size as usize];
        for (at, value) in self.places(elements, count)? {
            put(&mut bytes, at * elem.size, &self.element_bytes(elem, value)?);
        }
        Ok(bytes)
    }

    fn slice_bytes(
        &self,
        id: NodeId,
        ty: &Arc<Type>,
        elem: &Arc<Type>,
        elements: &[NodeId],
    ) -> Result<Vec<u8>, EvalError> {
        if self.answers.is_none() {
            return fail(NOT_ALLOWED);
        }
        let count = self.places(elements, u64::MAX)?.into_iter().map(|(at, _)| at + 1).max().unwrap_or(0);
        let bytes = self.array_bytes(elem, count, elements)?;
        let base = self.allocated(AddressKey::Literal(id), elem, &bytes, &ty.name)?;
        Ok(self.slice_header_bytes(base, count))
    }

    /// The header of a slice of `count` elements at `base`.
    pub(super) fn slice_header_bytes(&self, base: Addr, count: u64) -> Vec<u8> {
        let word = self.debugger.loader().word_size();
        let order = self.debugger.arch().byte_order;
        [base.0, count, count].iter().flat_map(|value| order.bytes(*value, word)).collect()
    }

    fn map_bytes(
        &self,
        id: NodeId,
        ty: &Arc<Type>,
        (key, elem): (TypeId, TypeId),
        elements: &[NodeId],
    ) -> Result<Vec<u8>, EvalError> {
        let Some(answers) = self.answers else { return fail(NOT_ALLOWED) };
        let loader = self.debugger.loader();
        let (key, elem) = (loader.type_of(key)?, loader.type_of(elem)?);
        let header = AddressKey::Literal(id);
        let Some(map) = answers.address(&header) else {
            let invocation = self.debugger.runtime_call("runtime.makemap_small", &[], true)?;
            answers.want(Wanted::Address(header, Box::new(invocation), Vec::new()));
            return fail("the map was not made");
        };
        for &element in elements {
            let Node::KeyValue { key: name, value } = self.tree.node(element) else {
                return fail("missing key in map literal");
            };
            let name = self.element_bytes(&key, *name)?;
            let value = self.element_bytes(&elem, *value)?;
            self.store_in_map(ty, map, (&key, &name), (&elem, &value))?;
        }
        Ok(self.debugger.arch().byte_order.bytes(map.0, loader.word_size()))
    }

    /// Elements of an array or slice, and their indices, each less than `count`.
    fn places(&self, elements: &[NodeId], count: u64) -> Result<Vec<(u64, NodeId)>, EvalError> {
        let mut next = 0_u64;
        let mut places = Vec::new();
        for &element in elements {
            let value = match self.tree.node(element) {
                Node::KeyValue { key, value } => {
                    let at = match self.eval(*key)? {
                        Operand::Constant(Constant::Int(n) | Constant::Rune(n)) => u64::try_from(&n).ok(),
                        _ => None,
                    };
                    // Far from overflow, whatever is added.
                    next = at
                        .filter(|at| *at < LARGEST)
                        .ok_or_else(|| EvalError(format!("invalid index {} in literal", self.text(*key))))?;
                    *value
                }
                _ => element,
            };
            if next >= count {
                return fail(format!("index {next} is out of bounds ({count} elements)"));
            }
            places.push((next, value));
            next += 1;
        }
        Ok(places)
    }

    /// The bytes of an element, whose type may be left out if it is a literal.
    fn element_bytes(&self, ty: &Arc<Type>, element: NodeId) -> Result<Vec<u8>, EvalError> {
        if let Node::CompositeLit { ty: None, elements } = self.tree.node(element) {
            let loader = self.debugger.loader();
            if let Shape::Pointer(Some(target)) = loader.underlying(ty)?.shape {
                let target = loader.type_of(target)?;
                let addr = self.pointed_literal(element, &target, elements)?;
                return Ok(self.debugger.arch().byte_order.bytes(addr.0, loader.word_size()));
            }
            return self.composite_bytes(element, ty, elements);
        }
        self.bytes_for(ty, &self.eval(element)?)
    }

    /// Where the program keeps these bytes, values of type `elem` one behind the other, which must be allocated if it does
    /// not yet. Fails until then.
    pub(super) fn allocated(
        &self,
        key: AddressKey,
        elem: &Arc<Type>,
        bytes: &[u8],
        text: &str,
    ) -> Result<Addr, EvalError> {
        let Some(answers) = self.answers else { return fail(NOT_ALLOWED) };
        if let Some(addr) = answers.address(&key) {
            return Ok(addr);
        }
        let mut descriptor = Addr(0);
        if self.has_pointers(elem, 0)? {
            let found = self.debugger.descriptor_of_type(elem);
            descriptor = found.ok_or_else(|| {
                EvalError(format!("allocating a literal of type {} not implemented", elem.name))
            })?;
            self.check_kept(elem, bytes, text)?;
        }
        let allocation = self.debugger.allocation(bytes.len() as u64, descriptor)?;
        answers.want(Wanted::Address(key, Box::new(allocation), bytes.to_owned()));
        fail(format!("{text} was not allocated"))
    }

    /// Refuses to keep pointers into the goroutine's stack where the stack's owner does not know of them.
    pub(super) fn check_kept(&self, elem: &Arc<Type>, bytes: &[u8], text: &str) -> Result<(), EvalError> {
        let Some(check) = self.escape_check() else { return Ok(()) };
        for part in bytes.chunks_exact(elem.size.max(1) as usize) {
            check.check_kept(elem, part, text)?;
        }
        Ok(())
    }

    /// Must the garbage collector know where pointers are in values of this type?
    fn has_pointers(&self, ty: &Arc<Type>, depth: usize) -> Result<bool, EvalError> {
        let loader = self.debugger.loader();
        if depth > DEEPEST {
            return Ok(true);
        }
        Ok(match &loader.underlying(ty)?.shape {
            Shape::Bool | Shape::Int | Shape::Uint | Shape::Float | Shape::Complex | Shape::Enum(_) => false,
            Shape::Struct(fields) => {
                for field in fields {
                    if self.has_pointers(&loader.type_of(field.type_id)?, depth + 1)? {
                        return Ok(true);
                    }
                }
                false
            }
            Shape::Array { elem, count } => {
                *count > 0 && self.has_pointers(&loader.type_of(*elem)?, depth + 1)?
            }
            _ => true,
        })
    }

    /// Stores an element in a map, whose header is at `map`, by a call. Fails until that was made.
    pub(super) fn store_in_map(
        &self,
        ty: &Arc<Type>,
        map: Addr,
        (key_type, key): (&Arc<Type>, &[u8]),
        (elem_type, elem): (&Arc<Type>, &[u8]),
    ) -> Result<(), EvalError> {
        let Some(answers) = self.answers else { return fail("key not found") };
        let done = AddressKey::Element(map, key.to_owned());
        if answers.address(&done).is_some() {
            return Ok(());
        }
        let text = format!("element of {}", ty.name);
        self.check_kept(key_type, key, &text)?;
        self.check_kept(elem_type, elem, &text)?;
        let Some(descriptor) = self.debugger.descriptor_of_type(ty) else {
            return fail(format!("allocating a literal of type {} not implemented", ty.name));
        };
        let copy = self.allocated(AddressKey::MapKey(key.to_owned()), key_type, key, &text)?;
        let word = self.debugger.loader().word_size() as u64;
        let arguments = [descriptor.0, map.0, copy.0].map(|value| (value, word));
        let invocation = self.debugger.runtime_call("runtime.mapassign", &arguments, true)?;
        answers.want(Wanted::Address(done, Box::new(invocation), elem.to_owned()));
        fail("the element was not stored")
    }
}

fn put(bytes: &mut [u8], offset: u64, part: &[u8]) {
    let from = usize::try_from(offset).unwrap_or(usize::MAX).min(bytes.len());
    for (to, byte) in bytes[from..].iter_mut().zip(part) {
        *to = *byte;
    }
}
