//! `x.name`: fields, through pointers and embedded structs; members of packages; what is inside interfaces.

use std::collections::HashSet;
use std::sync::Arc;

use adit_expr::{LiteralValue, Node, NodeId};
use adit_process::Addr;
use adit_symbols::{Field, Shape, Type};

use super::{EvalError, Evaluator, Operand, fail};
use crate::value::{Value, ValueError};

/// Embedded structs are searched this deep; Go's own types are never nested so far.
pub(super) const DEEPEST_EMBEDDING: usize = 16;

/// A struct whose fields are promoted to the one that embeds it.
struct Embedded {
    value: Value,
    /// What it is called.
    text: String,
    /// It is not there: a pointer on the way to it is nil, and `text` is what that is called.
    nil: bool,
}

impl Evaluator<'_> {
    pub(super) fn selector(&self, x: NodeId, name: &str, whole: NodeId) -> Result<Operand, EvalError> {
        match self.selected(x, name) {
            Ok(operand) => Ok(operand),
            // `main.T.method`, `main.(*T).method`
            Err(error) => self.function(&self.text(whole)).ok_or(error),
        }
    }

    /// A function by its full name.
    pub(super) fn function(&self, name: &str) -> Option<Operand> {
        let table = self.debugger.image().binary.pclntab().ok()?;
        let function = table.by_name(name)?;
        Some(Operand::Function(name.to_owned(), self.debugger.image().to_target(function.entry())))
    }

    fn selected(&self, x: NodeId, name: &str) -> Result<Operand, EvalError> {
        if let Some(operand) = self.special(x, name)? {
            return Ok(operand);
        }
        match self.tree.node(x) {
            // "path/to/pkg".name
            Node::Literal(literal) => {
                if let LiteralValue::String(path) = literal.value() {
                    let path = String::from_utf8_lossy(&path).into_owned();
                    return match self.in_package(&path, name)? {
                        Some(operand) => Ok(operand),
                        None => fail(format!("could not find symbol {path}.{name}")),
                    };
                }
            }
            Node::Ident(package) if self.local(package).is_none() => {
                if let Some(operand) = self.package_member(package, name)? {
                    return Ok(operand);
                }
            }
            _ => {}
        }
        let operand = self.eval(x)?;
        if let Operand::Register(register, bytes) = &operand {
            return super::convert::register_lanes(self, register, bytes, name);
        }
        let value = self.value(&operand, &self.text(x))?;
        match self.member(&value, &self.text(x), name) {
            Ok(found) => Ok(found),
            Err(error) => self.method(&value.ty, name, 0).ok_or(error),
        }
    }

    /// A method of a type, of what it points to, or of what is embedded in it.
    fn method(&self, ty: &Arc<Type>, name: &str, depth: usize) -> Option<Operand> {
        let loader = self.debugger.loader();
        let mut ty = ty.clone();
        if let Shape::Pointer(Some(target)) = ty.shape {
            ty = loader.type_of(target).ok()?;
        }
        let (by_value, by_pointer) = self.own_methods(&ty, name);
        if let Some(found) = by_value.or(by_pointer) {
            return Some(found);
        }
        let Shape::Struct(fields) = &loader.underlying(&ty).ok()?.shape else { return None };
        let embedded = fields.iter().filter(|field| field.embedded && depth < DEEPEST_EMBEDDING);
        embedded
            .filter_map(|field| loader.type_of(field.type_id).ok())
            .find_map(|ty| self.method(&ty, name, depth + 1))
    }

    /// The functions of a type's own method, not a promoted one: that which takes a value, and that which takes a pointer.
    /// Where there are both, one is the compiler's wrapper of the other.
    pub(super) fn own_methods(&self, ty: &Type, name: &str) -> (Option<Operand>, Option<Operand>) {
        let (package, own) = split_type_name(&ty.name);
        let find = |name: String| match ty.name.ends_with(']') {
            true => self.function(&name).or_else(|| self.instance_named(&name)),
            false => self.function(&name),
        };
        (find(format!("{}.{name}", ty.name)), find(format!("{package}(*{own}).{name}")))
    }

    /// A member of the package that goes by `package`: its name or the end of its path.
    pub(crate) fn package_member(&self, package: &str, name: &str) -> Result<Option<Operand>, EvalError> {
        for path in self.packages_named(package) {
            if let Some(operand) = self.in_package(&path, name)? {
                return Ok(Some(operand));
            }
        }
        Ok(None)
    }

    /// Import paths of the packages that a short name may mean.
    pub(super) fn packages_named(&self, package: &str) -> Vec<String> {
        let mut paths = vec![package.to_owned()];
        if let Ok(dwarf) = self.debugger.image().binary.dwarf() {
            let suffix = format!("/{package}");
            for (path, own_name) in dwarf.packages() {
                if **path != *package && (**own_name == *package || path.ends_with(&suffix)) {
                    paths.push(path.to_string());
                }
            }
        }
        // Of several, the one with the shortest path is meant most often: neither vendored nor internal.
        paths[1..].sort_by_key(|path| path.matches('/').count());
        paths
    }

    pub(super) fn member(&self, value: &Value, text: &str, name: &str) -> Result<Operand, EvalError> {
        let loader = self.debugger.loader();
        let real = loader.underlying(&value.ty)?;
        match &real.shape {
            Shape::Pointer(Some(_)) => {
                let pointee = loader.dereference(value)?;
                if pointee.addr() == Some(Addr(0)) {
                    return fail(format!("{text} is nil"));
                }
                self.member(&pointee, text, name)
            }
            Shape::Struct(_) | Shape::Union(_) => match self.field(value, text, name)? {
                Some(field) => Ok(Operand::Value(field)),
                None if text.is_empty() => fail(format!("type {} has no member {name}", value.ty.name)),
                None => fail(format!("{text} has no member {name}")),
            },
            Shape::Interface { empty } => match loader.dynamic_value(value, *empty)? {
                Some(inner) if name == "data" => Ok(Operand::Value(inner)),
                Some(inner) => self.member(&inner, text, name),
                None => fail(format!("{text} is nil")),
            },
            Shape::Func => {
                let captured = loader.captured(value)?;
                match captured.into_iter().find(|(captured, _)| captured == name) {
                    Some((_, value)) => Ok(Operand::Value(value)),
                    None => fail(format!("{text} has no member {name}")),
                }
            }
            Shape::Chan { header, .. } => {
                let at = loader.word(value, 0)?;
                let header = Value::at(loader.type_of(*header)?, Addr(at));
                if at == 0 { fail(format!("{text} is nil")) } else { self.member(&header, text, name) }
            }
            _ => fail(format!("{text} (type {}) is not a struct", value.ty.name)),
        }
    }

    /// A field of this name, or one promoted from an embedded struct, the shallowest. `text` is what the value is called.
    fn field(&self, value: &Value, text: &str, name: &str) -> Result<Option<Value>, EvalError> {
        let loader = self.debugger.loader();
        let mut level = vec![Embedded { value: value.clone(), text: text.to_owned(), nil: false }];
        let mut seen = HashSet::new();
        for _ in 0..=DEEPEST_EMBEDDING {
            let mut next = Vec::new();
            for holder in level {
                let real = loader.underlying(&holder.value.ty)?;
                let (Shape::Struct(fields) | Shape::Union(fields)) = &real.shape else { continue };
                if let Some(field) = fields.iter().find(|field| &*field.name == name) {
                    return match holder.nil {
                        true => fail(format!("{} is nil", holder.text)),
                        false => Ok(Some(loader.field(&holder.value, field)?)),
                    };
                }
                for field in fields.iter().filter(|field| field.embedded && seen.insert(field.type_id)) {
                    next.push(self.embedded(&holder, field)?);
                }
            }
            level = next;
        }
        Ok(None)
    }

    /// What is embedded as this field; what a nil pointer would point to, too.
    fn embedded(&self, holder: &Embedded, field: &Field) -> Result<Embedded, EvalError> {
        let loader = self.debugger.loader();
        let dot = if holder.text.is_empty() { "" } else { "." };
        let text = format!("{}{dot}{}", holder.text, field.name);
        if holder.nil {
            let ty = loader.type_of(field.type_id)?;
            let ty = match loader.underlying(&ty)?.shape {
                Shape::Pointer(Some(target)) => loader.type_of(target)?,
                _ => ty,
            };
            return Ok(Embedded { value: Value::at(ty, Addr(0)), text: holder.text.clone(), nil: true });
        }
        let mut value = loader.field(&holder.value, field)?;
        if matches!(loader.underlying(&value.ty)?.shape, Shape::Pointer(Some(_))) {
            value = loader.dereference(&value)?;
        }
        let nil = value.addr() == Some(Addr(0));
        Ok(Embedded { value, text, nil })
    }

    pub(super) fn dereference(&self, x: NodeId) -> Result<Operand, EvalError> {
        let text = self.text(x);
        let operand = self.eval(x)?;
        let (addr, pointee): (Addr, Arc<Type>) = match &operand {
            Operand::Nil => return fail("nil can not be dereferenced"),
            Operand::Pointer(addr, pointee) => (*addr, pointee.clone()),
            Operand::Value(value) | Operand::Variable { value, .. } => {
                let loader = self.debugger.loader();
                match loader.underlying(&value.ty)?.shape {
                    Shape::Pointer(Some(target)) => {
                        let addr = loader.word(value, 0).map_err(|error| match error {
                            ValueError::Memory(error) => EvalError(format!("couldn't read pointer: {error}")),
                            other => other.into(),
                        })?;
                        (Addr(addr), loader.type_of(target)?)
                    }
                    _ => {
                        return fail(format!(
                            "expression {text:?} ({}) can not be dereferenced",
                            value.ty.name
                        ));
                    }
                }
            }
            other => {
                let kind = self.type_name(other);
                return fail(format!("expression {text:?} ({kind}) can not be dereferenced"));
            }
        };
        if addr.0 == 0 {
            return fail("nil pointer dereference");
        }
        Ok(Operand::Value(Value::at(pointee, addr)))
    }

    pub(super) fn address_of(&self, x: NodeId) -> Result<Operand, EvalError> {
        let literal = self.tree.unparen(x);
        if let Node::CompositeLit { ty, elements } = self.tree.node(literal) {
            return self.address_of_literal(literal, *ty, elements);
        }
        let operand = self.eval(x)?;
        match self.value(&operand, &self.text(x)).ok().and_then(|value| Some((value.addr()?, value.ty))) {
            Some((addr, ty)) => Ok(Operand::Pointer(addr, ty)),
            None => fail(format!("can not take address of {:?}", self.text(x))),
        }
    }

    /// `x.(T)`: what is in the interface, if it is a T; `x.(data)`: whatever is in it.
    pub(super) fn type_assert(&self, x: NodeId, ty: Option<NodeId>) -> Result<Operand, EvalError> {
        let text = self.text(x);
        let operand = self.eval(x)?;
        let value = self.value(&operand, &text)?;
        let loader = self.debugger.loader();
        let Shape::Interface { empty } = loader.underlying(&value.ty)?.shape else {
            return fail(format!("expression {text:?} not an interface"));
        };
        let wanted = ty.map(|ty| self.text(ty)).unwrap_or_default();
        let Some(inner) = loader.dynamic_value(&value, empty)? else {
            return fail(format!("interface conversion: {} is nil, not {wanted}", value.ty.name));
        };
        if wanted == "data" {
            return Ok(Operand::Value(inner));
        }
        let wanted = match ty {
            Some(ty) => self.named_type(ty)?.name.to_string(),
            None => wanted,
        };
        if *inner.ty.name == *wanted {
            Ok(Operand::Value(inner))
        } else {
            fail(format!("interface conversion: {} is {}, not {wanted}", value.ty.name, inner.ty.name))
        }
    }
}

/// `example.com/x.` and `T` of `example.com/x.T`.
fn split_type_name(name: &str) -> (&str, &str) {
    let plain = name.find('[').map_or(name, |bracket| &name[..bracket]);
    let after_path = plain.rfind('/').map_or(0, |slash| slash + 1);
    match plain[after_path..].find('.') {
        Some(dot) => name.split_at(after_path + dot + 1),
        None => ("", name),
    }
}
