//! Types named in expressions.

use std::sync::Arc;

use adit_expr::{LiteralValue, Node, NodeId};
use adit_symbols::{GoKind, Shape, Type, TypeId};

use crate::value::descriptor::is_built;

use super::{EvalError, Evaluator, Operand, fail};

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
                _ => fail("no type entry found, use 'types' for a list of valid types"),
            },
            Node::Selector { x, name } => {
                if let Node::Literal(literal) = self.tree.node(*x)
                    && let LiteralValue::String(path) = literal.value()
                {
                    return self.type_by_text(&format!("{}.{}", String::from_utf8_lossy(&path), name.text));
                }
                let package = self.text(*x);
                for path in self.packages_named(&package) {
                    if let Ok(ty) = self.type_by_text(&format!("{path}.{}", name.text)) {
                        return Ok(ty);
                    }
                }
                self.type_by_text(&self.text(id))
            }
            Node::Ident(name) => {
                let own = |package: String| self.type_by_text(&format!("{package}.{name}")).ok();
                self.type_by_text(name)
                    .or_else(|error| self.own_packages().into_iter().find_map(own).ok_or(error))
            }
            Node::Index { .. } => match self.type_instance(id) {
                Some(ty) => Ok(ty),
                None => self.type_by_text(&self.text(id)),
            },
            _ => self.type_by_text(&self.text(id)),
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
            None => fail("no type entry found, use 'types' for a list of valid types"),
        }
    }

    pub(super) fn basic_type(&self, name: &str) -> Option<Arc<Type>> {
        self.type_by_text(name).ok()
    }

    /// The type of slices of `elem`, whether or not the program has it.
    pub(super) fn slice_of(&self, elem: &Arc<Type>) -> Arc<Type> {
        Arc::new(Type {
            name: format!("[]{}", elem.name).into(),
            size: 3 * self.debugger.loader().word_size() as u64,
            shape: Shape::Slice { elem: elem.id },
            go_kind: Some(GoKind::SLICE),
            ..(**elem).clone()
        })
    }

    pub(super) fn pointer_to(&self, pointee: &Arc<Type>) -> Arc<Type> {
        let dwarf = self.debugger.image().binary.dwarf().ok().filter(|_| !is_built(pointee.id));
        let known = dwarf.and_then(|dwarf| dwarf.type_of(dwarf.pointer_to(pointee.id)).ok());
        known.unwrap_or_else(|| {
            Arc::new(Type {
                id: TypeId(u64::MAX),
                name: format!("*{}", pointee.name).into(),
                size: self.debugger.loader().word_size() as u64,
                shape: Shape::Pointer(Some(pointee.id)),
                go_kind: Some(GoKind::POINTER),
                runtime_type: None,
                dict_index: None,
            })
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
