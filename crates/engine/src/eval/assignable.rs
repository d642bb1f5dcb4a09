//! Values as another type takes them: what Go's rules of assignability let through, as bytes.

use std::sync::Arc;

use adit_expr::constant::{Constant, NumberType};
use adit_process::{Addr, Memory as _};
use adit_symbols::{Shape, Type};

use super::operand::Scalar;
use super::operators::convert_constant;
use super::{EvalError, Evaluator, Operand, fail};
use crate::call::{AddressKey, Wanted};
use crate::value::{Place, Value, kind_of};

/// Tables of methods that are looked through at most.
const MOST_METHOD_TABLES: u64 = 1 << 20;

impl Evaluator<'_> {
    /// The bytes of `from` as a variable of type `ty` holds it.
    pub(super) fn bytes_for(&self, ty: &Arc<Type>, from: &Operand) -> Result<Vec<u8>, EvalError> {
        let real = self.debugger.loader().underlying(ty)?;
        if let (Operand::Function(name, _), Shape::Func) = (from, &real.shape) {
            return self.function_value(name, ty);
        }
        match self.type_of(from) {
            Some(given) if given.name == ty.name => self.bytes_of(from, &real),
            Some(given) => {
                if let Shape::Interface { empty } = real.shape {
                    return self.interface_bytes(ty, empty, &given, from);
                }
                if self.same_underlying(&given, ty)? {
                    return self.bytes_of(from, &real);
                }
                fail(format!("can not convert value of type {} to {}", given.name, ty.name))
            }
            None => self.untyped_bytes(ty, &real, from),
        }
    }

    /// The bytes of an operand that has the type `real`.
    fn bytes_of(&self, from: &Operand, real: &Arc<Type>) -> Result<Vec<u8>, EvalError> {
        let order = self.debugger.arch().byte_order;
        let size = real.size as usize;
        match from {
            Operand::Value(value) | Operand::Variable { value, .. } => {
                Ok(self.debugger.loader().bytes(value, 0, size)?)
            }
            Operand::Pointer(addr, _) => Ok(order.bytes(addr.0, size)),
            Operand::Typed(Scalar::String(text), _) => self.string_header(text),
            Operand::Typed(scalar, _) => Ok(scalar.bytes(order).unwrap_or_default()),
            Operand::Elements(elem, bytes, _) => {
                let count = bytes.len() as u64 / elem.size.max(1);
                let text = format!("[]{}", elem.name);
                let base = self.allocated(AddressKey::Boxed(Addr(0), bytes.clone()), elem, bytes, &text)?;
                Ok(self.slice_header_bytes(base, count))
            }
            _ => fail(format!("can not set variables of type {} (not implemented)", kind_of(real).name())),
        }
    }

    fn untyped_bytes(&self, ty: &Arc<Type>, real: &Arc<Type>, from: &Operand) -> Result<Vec<u8>, EvalError> {
        let order = self.debugger.arch().byte_order;
        let size = real.size as usize;
        let number = self.number_type(ty)?;
        match (from, number) {
            (Operand::Nil, _) => nil_bytes(&real.shape, size, &ty.name),
            (Operand::Constant(constant), _) if matches!(real.shape, Shape::Interface { .. }) => {
                let Some(default) = self.basic_type(constant.kind().default_type()) else {
                    return fail(format!("can not convert {constant} constant to {}", ty.name));
                };
                if self.answers.is_none() {
                    return fail(format!("can not convert {constant} constant to {}", ty.name));
                }
                let bytes = self.untyped_bytes(&default, &default, from)?;
                let typed = Operand::Value(Value::of_bytes(default.clone(), &bytes));
                self.bytes_for(ty, &typed)
            }
            (Operand::Constant(constant), Some(number)) if constant.kind().is_numeric() => {
                let number = convert_constant(constant, number, ty)?;
                Ok(Scalar::Number(number).bytes(order).unwrap_or_default())
            }
            (Operand::Constant(Constant::Int(n)), None) if matches!(real.shape, Shape::Pointer(_)) => {
                Ok(order.bytes(u64::try_from(n).unwrap_or(0), size))
            }
            (Operand::Constant(Constant::Bool(value)), _) if matches!(real.shape, Shape::Bool) => {
                Ok(vec![u8::from(*value)])
            }
            (Operand::Constant(Constant::String(text)), _) if matches!(real.shape, Shape::String) => {
                self.string_header(text)
            }
            (Operand::Constant(constant), _) => {
                fail(format!("can not convert {constant} constant to {}", ty.name))
            }
            (Operand::Register(_, bytes), Some(NumberType::Int { .. })) => {
                Ok(order.bytes(order.uint(&bytes[..bytes.len().min(8)]), size))
            }
            _ => fail(format!("can not set variables of type {} (not implemented)", kind_of(real).name())),
        }
    }

    /// Have the types the same underlying type, and one of them no name of its own?
    fn same_underlying(&self, given: &Arc<Type>, wanted: &Arc<Type>) -> Result<bool, EvalError> {
        let loader = self.debugger.loader();
        let literal = |ty: &Arc<Type>| -> Result<Option<String>, EvalError> {
            let real = loader.underlying(ty)?;
            let name = |id| loader.type_of(id).map(|ty| ty.name.clone());
            Ok(match &real.shape {
                Shape::Slice { elem } => Some(format!("[]{}", name(*elem)?)),
                Shape::Array { elem, count } => Some(format!("[{count}]{}", name(*elem)?)),
                Shape::Map { key, elem, .. } => Some(format!("map[{}]{}", name(*key)?, name(*elem)?)),
                Shape::Chan { elem, .. } => Some(format!("chan {}", name(*elem)?)),
                Shape::Pointer(Some(target)) => Some(format!("*{}", name(*target)?)),
                _ => None,
            })
        };
        let (Some(a), Some(b)) = (literal(given)?, literal(wanted)?) else { return Ok(false) };
        let has_no_name = |ty: &Type, literal: &str| {
            // A channel of both directions may be given for one of either.
            *ty.name == *literal || ty.name.ends_with(literal) && ty.name.contains("chan")
        };
        Ok(a == b && (*given.name == *a || has_no_name(wanted, &b)))
    }

    /// A value as an interface holds it.
    fn interface_bytes(
        &self,
        wanted: &Arc<Type>,
        empty: bool,
        given: &Arc<Type>,
        from: &Operand,
    ) -> Result<Vec<u8>, EvalError> {
        let refused =
            || EvalError(format!("can not convert value of type {} to {}", given.name, wanted.name));
        let debugger = self.debugger;
        let loader = debugger.loader();
        let order = debugger.arch().byte_order;
        let word = loader.word_size();
        let runtime = debugger.runtime.as_ref().ok_or_else(refused)?;
        let real = loader.underlying(given)?;
        let bytes = self.bytes_of(from, &real)?;
        let (descriptor, data) = match real.shape {
            Shape::Interface { empty } => {
                if !self.demands_less(wanted, given) {
                    return Err(refused());
                }
                let value = Value::of_bytes(given.clone(), &bytes);
                let first = loader.word(&value, 0)?;
                if first == 0 {
                    return Ok(vec![0; 2 * word]);
                }
                let descriptor =
                    if empty { Addr(first) } else { runtime.itab_type(debugger.target(), Addr(first))? };
                (descriptor, bytes[word..].to_vec())
            }
            _ => {
                let descriptor = self.descriptor(given).ok_or_else(refused)?;
                let data = match runtime.descriptor(debugger.target(), descriptor)?.direct {
                    true => bytes,
                    false if self.answers.is_none() => return Err(refused()),
                    false => {
                        let key = AddressKey::Boxed(descriptor, bytes.clone());
                        order.bytes(self.allocated(key, given, &bytes, &given.name)?.0, word)
                    }
                };
                (descriptor, data)
            }
        };
        let first = match empty {
            true => descriptor,
            false => self.method_table(wanted, descriptor)?.ok_or_else(refused)?,
        };
        Ok([order.bytes(first.0, word), data].concat())
    }

    /// A value in memory as an interface holds it, without a copy of it; `None` of values that an interface holds otherwise.
    pub(super) fn interface_in_place(
        &self,
        wanted: &Arc<Type>,
        empty: bool,
        value: &Value,
    ) -> Result<Option<Vec<u8>>, EvalError> {
        let loader = self.debugger.loader();
        let is_interface = matches!(loader.underlying(&value.ty)?.shape, Shape::Interface { .. });
        let (Place::Memory(addr), Some(runtime), false) =
            (&value.place, self.debugger.runtime.as_ref(), is_interface)
        else {
            return Ok(None);
        };
        let Some(descriptor) = self.descriptor(&value.ty) else { return Ok(None) };
        if runtime.descriptor(self.debugger.target(), descriptor).map_err(EvalError::from)?.direct {
            return Ok(None);
        }
        let first = if empty { Some(descriptor) } else { self.method_table(wanted, descriptor)? };
        let order = self.debugger.arch().byte_order;
        let word = loader.word_size();
        Ok(first.map(|first| [order.bytes(first.0, word), order.bytes(addr.0, word)].concat()))
    }

    /// Has the interface type `wanted` no methods but those of the interface type `given`?
    fn demands_less(&self, wanted: &Type, given: &Type) -> bool {
        let has = self.debugger.method_set(given);
        let is_there = |method: &crate::Method| {
            has.iter().any(|own| own.name == method.name && own.signature == method.signature)
        };
        self.debugger.method_set(wanted).iter().all(is_there)
    }

    /// The runtime's descriptor of a type, which for pointers debug information does not always state.
    fn descriptor(&self, ty: &Arc<Type>) -> Option<Addr> {
        if let Some(addr) = self.debugger.descriptor_of_type(ty) {
            return Some(addr);
        }
        self.debugger.listed_types().ok()?.get(&*ty.name).copied()
    }

    /// The table by which the interface type `wanted` holds the type with this descriptor; `None` if the type does not
    /// implement it, or the program has no such table and may not be asked for it.
    fn method_table(&self, wanted: &Arc<Type>, descriptor: Addr) -> Result<Option<Addr>, EvalError> {
        let Some(interface) = self.descriptor(wanted) else { return Ok(None) };
        if let Some(known) = self.known_method_table(interface, descriptor) {
            return Ok(Some(known));
        }
        let Some(answers) = self.answers else { return Ok(None) };
        let key = AddressKey::MethodTable(interface, descriptor);
        if let Some(table) = answers.address(&key) {
            return Ok(Some(table).filter(|table| table.0 != 0));
        }
        let word = self.debugger.loader().word_size() as u64;
        let arguments = [(interface.0, word), (descriptor.0, word), (1, 1)];
        let invocation = self.debugger.runtime_call("runtime.getitab", &arguments, true)?;
        answers.want(Wanted::Address(key, Box::new(invocation), Vec::new()));
        fail("the table of methods was not made")
    }

    /// A table that the runtime has already: `runtime.itabTable` is a pointer to a hash table, in which are its size, the
    /// number of tables, and `size` pointers to them; each begins with the interface's type and that which is held, then
    /// a hash of four bytes, then the methods (`runtime/iface.go` of go1.18, `internal/abi/iface.go` of go1.27).
    fn known_method_table(&self, interface: Addr, held: Addr) -> Option<Addr> {
        let Ok(Some(Operand::Variable { value, .. })) = self.in_package("runtime", "itabTable") else {
            return None;
        };
        let target = self.debugger.target();
        let word = self.debugger.loader().word_size();
        let table = target.read_pointer(value.addr()?).ok()?;
        let size = target.read_pointer(table).ok()?.0.min(MOST_METHOD_TABLES);
        let mut entries = vec![0; size as usize * word];
        target.read(table.offset(2 * word as i64), &mut entries).ok()?;
        let order = self.debugger.arch().byte_order;
        let tables =
            entries.chunks_exact(word).map(|entry| Addr(order.uint(entry))).filter(|addr| addr.0 != 0);
        // There are tables of types that do not implement the interface, too: without a first method.
        let methods = (2 * word + 4).next_multiple_of(word) as i64;
        let is_wanted = |table: &Addr| {
            target.read_pointer(table.offset(word as i64)) == Ok(held)
                && target.read_pointer(*table) == Ok(interface)
                && target.read_pointer(table.offset(methods)).is_ok_and(|code| code.0 != 0)
        };
        tables.into_iter().find(is_wanted)
    }

    /// A function of the program as a value. The linker makes a closure for each that is used as one, but does not always
    /// name it.
    fn function_value(&self, name: &str, ty: &Arc<Type>) -> Result<Vec<u8>, EvalError> {
        let image = self.debugger.image();
        let refused =
            |given: &str| EvalError(format!("can not convert value of type {given} to {}", ty.name));
        let entry = image.symbol(name).ok_or_else(|| refused("func()"))?;
        let callee = self.debugger.callee(name, entry)?;
        let names = |all: &[crate::call::Parameter]| {
            all.iter().map(|one| one.ty.name.to_string()).collect::<Vec<_>>().join(", ")
        };
        let signature = match &callee.results[..] {
            [] => format!("func({})", names(&callee.params)),
            [one] => format!("func({}) {}", names(&callee.params), one.ty.name),
            several => format!("func({}) ({})", names(&callee.params), names(several)),
        };
        // Whether the last parameter is variadic, debug information does not tell.
        let plain = ty.name.replace("...", "[]");
        if *plain != *signature {
            return Err(refused(&signature));
        }
        let loader = self.debugger.loader();
        let order = self.debugger.arch().byte_order;
        let closure = match image.symbol(&format!("{name}\u{b7}f")) {
            Some(closure) => closure,
            None if self.answers.is_none() => return Err(refused(&signature)),
            // A closure that captures nothing is no more than the code's address.
            None => {
                let code = order.bytes(entry.0, loader.word_size());
                let key = AddressKey::Boxed(Addr(0), code.clone());
                self.allocated(key, &loader.word_type(), &code, name)?
            }
        };
        Ok(order.bytes(closure.0, loader.word_size()))
    }
}

fn nil_bytes(shape: &Shape, size: usize, name: &str) -> Result<Vec<u8>, EvalError> {
    match shape {
        Shape::Pointer(_)
        | Shape::Map { .. }
        | Shape::Chan { .. }
        | Shape::Slice { .. }
        | Shape::Interface { .. }
        | Shape::Func => Ok(vec![0; size]),
        _ => fail(format!("can not convert nil to {name}")),
    }
}
