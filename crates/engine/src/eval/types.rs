//! Types named in expressions.

use std::sync::Arc;

use adit_expr::{ChanDir, Field, LiteralValue, Node, NodeId};
use adit_symbols::{GoKind, Shape, Type};

use crate::value::descriptor::{is_built, is_same};

use super::{EvalError, Evaluator, Operand, fail};

const NO_TYPE: &str = "no type entry found, use 'types' for a list of valid types";

/// Types in types are spelled out this deep.
const DEEPEST_TYPE: usize = 16;

impl Evaluator<'_> {
    /// The type that a node names, as in `(*main.Node)(x)` or `"path/to/pkg".T`.
    pub(crate) fn named_type(&self, id: NodeId) -> Result<Arc<Type>, EvalError> {
        match self.tree.node(id) {
            Node::Paren(inner) => self.named_type(*inner),
            Node::Star(inner) => {
                let pointee = self.named_type(*inner)?;
                Ok(self.pointer_to(&pointee))
            }
            Node::Literal(literal) => match literal.value() {
                // "*path/to/pkg.T": how a pointer to a type with a long path is printed.
                LiteralValue::String(text) => self.type_by_text(&String::from_utf8_lossy(&text)),
                _ => fail(NO_TYPE),
            },
            Node::Ident(_) | Node::Selector { .. } => self.type_called(id, ""),
            Node::Index { x, indices } => {
                let names = indices.iter().map(|&id| Ok(self.named_type(id)?.name.to_string()));
                let names = names.collect::<Result<Vec<_>, EvalError>>()?;
                self.type_called(*x, &format!("[{}]", names.join(",")))
            }
            Node::ArrayType { len: None, elem } => Ok(self.slice_of(&self.named_type(*elem)?)),
            Node::ArrayType { len: Some(len), elem } => self.array_of(*len, &self.named_type(*elem)?),
            Node::MapType { .. } | Node::ChanType { .. } | Node::FuncType { .. } | Node::StructType(_) => {
                self.type_by_text(&self.composed_name(id, 0)?)
            }
            _ => self.type_by_text(&self.text(id)),
        }
    }

    /// The type that goes by a plain name, or one with a package in front, with `instance` behind it.
    fn type_called(&self, id: NodeId, instance: &str) -> Result<Arc<Type>, EvalError> {
        let candidates: Vec<String> = match self.tree.node(id) {
            Node::Ident(name) => {
                let own = self.own_packages().into_iter().map(|package| format!("{package}.{name}"));
                std::iter::once(name.to_string()).chain(own).collect()
            }
            Node::Selector { x, name } => match self.tree.node(*x) {
                Node::Literal(literal) => match literal.value() {
                    LiteralValue::String(path) => {
                        vec![format!("{}.{}", String::from_utf8_lossy(&path), name.text)]
                    }
                    _ => Vec::new(),
                },
                _ => {
                    let packages = self.packages_named(&self.text(*x));
                    packages.into_iter().map(|path| format!("{path}.{}", name.text)).collect()
                }
            },
            _ => vec![self.text(id)],
        };
        let mut failure = None;
        for name in candidates {
            match self.type_by_text(&format!("{name}{instance}")) {
                Ok(ty) => return Ok(ty),
                Err(error) => failure = failure.or(Some(error)),
            }
        }
        failure.map_or_else(|| fail(NO_TYPE), Err)
    }

    /// The name that a type made of others has in debug information.
    fn composed_name(&self, id: NodeId, depth: usize) -> Result<String, EvalError> {
        if depth > DEEPEST_TYPE {
            return fail(NO_TYPE);
        }
        let of = |id: &NodeId| self.composed_name(*id, depth + 1);
        let types = |fields: &[Field]| -> Result<String, EvalError> {
            let repeated = fields.iter().flat_map(|field| vec![&field.ty; field.names.len().max(1)]);
            Ok(repeated.map(of).collect::<Result<Vec<_>, _>>()?.join(", "))
        };
        Ok(match self.tree.node(id) {
            Node::MapType { key, value } => format!("map[{}]{}", of(key)?, of(value)?),
            Node::ChanType { dir, value } => {
                let keyword = match dir {
                    ChanDir::Both => "chan",
                    ChanDir::Send => "chan<-",
                    ChanDir::Receive => "<-chan",
                };
                format!("{keyword} {}", of(value)?)
            }
            Node::FuncType { params, results } => {
                let parameters = types(params)?;
                match (results.len(), types(results)?) {
                    (0, _) => format!("func({parameters})"),
                    (1, result) if results[0].names.len() < 2 => format!("func({parameters}) {result}"),
                    (_, results) => format!("func({parameters}) ({results})"),
                }
            }
            Node::Ellipsis(Some(elem)) => format!("...{}", of(elem)?),
            Node::StructType(fields) if fields.is_empty() => "struct {}".to_owned(),
            Node::StructType(fields) => {
                let mut texts = Vec::new();
                for field in fields {
                    let ty = of(&field.ty)?;
                    match field.names[..] {
                        [] => texts.push(ty),
                        _ => texts.extend(field.names.iter().map(|name| format!("{} {ty}", name.text))),
                    }
                }
                format!("struct {{ {} }}", texts.join("; "))
            }
            _ => self.named_type(id)?.name.to_string(),
        })
    }

    fn array_of(&self, len: NodeId, elem: &Arc<Type>) -> Result<Arc<Type>, EvalError> {
        let count = match self.constant(&self.eval(len)?)?.and_then(|constant| constant.to_int()) {
            Some(count) => u64::try_from(count).ok(),
            None => None,
        };
        let size = count.and_then(|count| count.checked_mul(elem.size)).filter(|size| *size < 1 << 47);
        let (Some(count), Some(size)) = (count, size) else {
            return fail(format!("invalid array length {}", self.text(len)));
        };
        let shape = Shape::Array { elem: elem.id, count };
        Ok(self.composed(&format!("[{count}]{}", elem.name), size, shape, GoKind::ARRAY))
    }

    /// The type of this name that the program has, or one made here.
    fn composed(&self, name: &str, size: u64, shape: Shape, kind: GoKind) -> Arc<Type> {
        // Types of functions may share a name.
        match self.debugger.find_type(name) {
            Ok(Some(known)) if is_same(&known.shape, &shape) => known,
            _ => self.debugger.loader().compose(name, size, shape, kind),
        }
    }

    /// A type by its full name; pointers are made where the program has none.
    pub(super) fn type_by_text(&self, name: &str) -> Result<Arc<Type>, EvalError> {
        if let Some(pointee) = name.strip_prefix('*') {
            let pointee = self.type_by_text(pointee)?;
            return Ok(self.pointer_to(&pointee));
        }
        // Go prints `interface {}` and `struct {}` with a space, users type both.
        let name = match name {
            "byte" => "uint8",
            "rune" => "int32",
            "any" | "interface{}" => "interface {}",
            other => other,
        };
        match self.debugger.find_type(name).map_err(|error| EvalError(error.to_string()))? {
            Some(ty) => Ok(ty),
            None if name.starts_with("[]") => Ok(self.slice_of(&self.type_by_text(&name[2..])?)),
            // The linker leaves out even these where nothing refers to them.
            None => self.debugger.loader().basic_type(name).ok_or_else(|| EvalError(NO_TYPE.to_owned())),
        }
    }

    pub(super) fn basic_type(&self, name: &str) -> Option<Arc<Type>> {
        self.type_by_text(name).ok()
    }

    /// The type of slices of `elem`, whether or not the program has it.
    pub(super) fn slice_of(&self, elem: &Arc<Type>) -> Arc<Type> {
        let size = 3 * self.debugger.loader().word_size() as u64;
        self.composed(&format!("[]{}", elem.name), size, Shape::Slice { elem: elem.id }, GoKind::SLICE)
    }

    pub(super) fn pointer_to(&self, pointee: &Arc<Type>) -> Arc<Type> {
        let loader = self.debugger.loader();
        let dwarf = self.debugger.image().binary.dwarf().ok().filter(|_| !is_built(pointee.id));
        let known = dwarf.and_then(|dwarf| dwarf.type_of(dwarf.pointer_to(pointee.id)).ok());
        known.unwrap_or_else(|| {
            let (name, size) = (format!("*{}", pointee.name), loader.word_size() as u64);
            loader.compose(&name, size, Shape::Pointer(Some(pointee.id)), GoKind::POINTER)
        })
    }

    /// An instance of a generic: a function of that name, or a type.
    pub(super) fn type_or_function(&self, id: NodeId) -> Result<Operand, EvalError> {
        let name = self.text(id);
        let own = self.own_packages().into_iter().map(|package| format!("{package}.{name}"));
        for name in std::iter::once(name.clone()).chain(own) {
            let table =
                self.debugger.image().binary.pclntab().map_err(|error| EvalError(error.to_string()))?;
            if let Some(function) = table.by_name(&name) {
                return Ok(Operand::Function(name, self.debugger.image().to_target(function.entry())));
            }
        }
        match self.instance(id) {
            Some(function) => Ok(function),
            None => self.named_type(id).map(Operand::Type),
        }
    }
}
