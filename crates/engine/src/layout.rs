//! How types are laid out in memory: offsets, alignment, and the bytes that alignment wastes.
//!
//! Debug information states sizes and offsets, but no alignment: that follows from the compiler's rules
//! (`cmd/compile/internal/types/size.go` of go1.27).

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::sync::Arc;

use adit_expr::Tree;
use adit_symbols::{Field, Shape, Type, TypeId};

use crate::eval::{EvalError, Evaluator, Operand};
use crate::scope::Scope;
use crate::value::{Loader, ValueError};
use crate::{Debugger, EngineError};

/// Types nested deeper than this are damage.
const DEEPEST: usize = 64;
/// No layout is longer, in fields.
const MOST_FIELDS: usize = 20_000;

/// Where a type's parts are. Sizes and offsets are in bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TypeLayout {
    /// The type's name.
    pub name: String,
    /// Size of a value.
    pub size: u64,
    /// What its address is a multiple of.
    pub align: u64,
    /// The fields of a struct or union by offset, if wanted this deep.
    pub fields: Vec<FieldLayout>,
    /// The element of an array, if wanted this deep.
    pub element: Option<Box<TypeLayout>>,
    /// Unused bytes between and behind the fields; those within the fields' own types are not among them.
    pub padding: u64,
    /// The size with the fields in the best order.
    pub best_size: u64,
}

/// A field of a [`TypeLayout`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FieldLayout {
    /// Its name.
    pub name: String,
    /// Is it embedded?
    pub embedded: bool,
    /// Where it is.
    pub offset: u64,
    /// Unused bytes behind it.
    pub padding_after: u64,
    /// First bit and number of bits, of a C bit field.
    pub bits: Option<(u64, u64)>,
    /// Its type.
    pub layout: TypeLayout,
}

impl Debugger {
    /// The layout of a type, or of an expression's type; of a pointer that is not named as a type, of what it points to.
    /// Fields are taken apart `depth` levels further.
    pub fn type_layout(&self, scope: &Scope, text: &str, depth: usize) -> Result<TypeLayout, EngineError> {
        let tree = adit_expr::parse(text).map_err(|error| EvalError(error.to_string()))?;
        let ty = self.type_meant(scope, &tree)?;
        let layouts =
            Layouts { loader: self.loader(), aligns: RefCell::default(), left: Cell::new(MOST_FIELDS) };
        let layout = layouts.of(&ty, (depth + 1).min(DEEPEST));
        layout.map_err(|error| EvalError::from(error).into())
    }

    fn type_meant(&self, scope: &Scope, tree: &Tree) -> Result<Arc<Type>, EngineError> {
        let evaluator = Evaluator::new(self, scope, tree);
        let no_type = match evaluator.named_type(tree.root()) {
            Ok(ty) => return Ok(ty),
            Err(error) => error,
        };
        let operand = evaluator.eval(tree.root()).map_err(|error| {
            let text = tree.print(tree.root());
            EvalError(format!("{text} is neither a type ({no_type}) nor an expression ({error})"))
        })?;
        let ty = match &operand {
            Operand::Type(ty) => return Ok(ty.clone()),
            Operand::Pointer(_, pointee) => return Ok(pointee.clone()),
            Operand::Value(value) | Operand::Variable { value, .. } | Operand::MapRest(value, _) => {
                value.ty.clone()
            }
            Operand::Typed(_, ty) | Operand::Elements(_, _, ty) => ty.clone(),
            Operand::Constant(_) | Operand::Nil | Operand::Function(..) | Operand::Register(..) => {
                return Err(
                    EvalError(format!("{} has no type with a layout", tree.print(tree.root()))).into()
                );
            }
        };
        let loader = self.loader();
        match loader.underlying(&ty).map_err(EvalError::from)?.shape {
            Shape::Pointer(Some(pointee)) => Ok(loader.type_of(pointee).map_err(EvalError::from)?),
            _ => Ok(ty),
        }
    }
}

/// Computes layouts.
struct Layouts<'a> {
    loader: Loader<'a>,
    /// Alignments of types seen before: a type may occur in others without end.
    aligns: RefCell<HashMap<TypeId, u64>>,
    /// How many more fields are laid out.
    left: Cell<usize>,
}

impl Layouts<'_> {
    fn of(&self, ty: &Arc<Type>, depth: usize) -> Result<TypeLayout, ValueError> {
        let real = self.loader.underlying(ty)?;
        let align = self.align(&real, DEEPEST)?;
        let mut layout = TypeLayout {
            name: ty.name.to_string(),
            size: real.size,
            align,
            best_size: real.size,
            ..TypeLayout::default()
        };
        match &real.shape {
            Shape::Array { elem, .. } if depth > 0 => {
                layout.element = Some(Box::new(self.of(&self.loader.type_of(*elem)?, depth - 1)?));
            }
            Shape::Struct(fields) if depth > 0 => {
                self.add_fields(&mut layout, fields, depth - 1)?;
                layout.best_size = best_size(&layout, real.go_kind.is_some());
            }
            Shape::Union(fields) if depth > 0 => self.add_fields(&mut layout, fields, depth - 1)?,
            _ => {}
        }
        Ok(layout)
    }

    fn add_fields(&self, layout: &mut TypeLayout, fields: &[Field], depth: usize) -> Result<(), ValueError> {
        for field in fields {
            let Some(left) = self.left.get().checked_sub(1) else {
                return Err(ValueError::Other(format!(
                    "{} has more than {MOST_FIELDS} fields: ask for fewer levels",
                    layout.name
                )));
            };
            self.left.set(left);
            layout.fields.push(FieldLayout {
                name: field.name.to_string(),
                embedded: field.embedded,
                offset: field.offset,
                padding_after: 0,
                bits: field.bits,
                layout: self.of(&self.loader.type_of(field.type_id)?, depth)?,
            });
        }
        layout.fields.sort_by_key(|field| (field.offset, field.bits));
        // Members of unions, and bit fields, overlap: a byte is unused if nothing reaches it.
        let mut end = 0;
        for index in 0..layout.fields.len() {
            let field = &layout.fields[index];
            end = end.max(field.offset.saturating_add(extent(field)));
            let next = layout.fields.get(index + 1).map_or(layout.size, |next| next.offset);
            let padding = next.saturating_sub(end);
            layout.fields[index].padding_after = padding;
            layout.padding += padding;
        }
        Ok(())
    }

    /// What the address of a value is a multiple of. `ty` is no typedef.
    fn align(&self, ty: &Type, depth: usize) -> Result<u64, ValueError> {
        if let Some(known) = self.aligns.borrow().get(&ty.id) {
            return Ok(*known);
        }
        let align = self.compute_align(ty, depth)?;
        self.aligns.borrow_mut().insert(ty.id, align);
        Ok(align)
    }

    fn compute_align(&self, ty: &Type, depth: usize) -> Result<u64, ValueError> {
        let Some(depth) = depth.checked_sub(1) else {
            return Err(ValueError::Other(format!("{} contains too many other types", ty.name)));
        };
        let align_of = |id: TypeId| {
            let ty = self.loader.type_of(id)?;
            self.align(&*self.loader.underlying(&ty)?, depth)
        };
        let word = self.loader.word_size() as u64;
        Ok(match &ty.shape {
            Shape::Struct(_) if is_align64(&ty.name) => 8,
            Shape::Struct(fields) | Shape::Union(fields) => {
                let mut most = 1;
                for field in fields {
                    // What stands at no multiple of its alignment is packed.
                    most = align_of(field.type_id).map(|align| most.max(dividing(field.offset, align)))?;
                }
                dividing(ty.size, most)
            }
            Shape::Array { elem, .. } => align_of(*elem)?,
            Shape::Void => 1,
            // The parts of a complex number are aligned as they are alone.
            Shape::Complex => (ty.size / 2).clamp(1, word.max(4)),
            // C's types of 8 bytes are aligned so on 32-bit processors other than the 386.
            Shape::Int | Shape::Uint | Shape::Float | Shape::Enum(_)
                if ty.go_kind.is_none() && self.loader.target.arch().name != "386" =>
            {
                ty.size.next_power_of_two().clamp(1, 16)
            }
            Shape::Bool | Shape::Int | Shape::Uint | Shape::Float | Shape::Enum(_) => {
                ty.size.next_power_of_two().clamp(1, word)
            }
            _ => word,
        })
    }
}

impl Loader<'_> {
    /// What the addresses of a type's values are a multiple of, in bytes.
    pub(crate) fn alignment(&self, ty: &Arc<Type>) -> Result<u64, ValueError> {
        let layouts = Layouts { loader: *self, aligns: RefCell::default(), left: Cell::new(MOST_FIELDS) };
        layouts.align(&*self.underlying(ty)?, DEEPEST)
    }
}

/// The types that make a struct aligned to 8 bytes on 32-bit processors too.
fn is_align64(name: &str) -> bool {
    matches!(
        name,
        "sync/atomic.align64" | "internal/runtime/atomic.align64" | "runtime/internal/atomic.align64"
    )
}

/// The largest power of two up to `align` that divides `number`.
fn dividing(number: u64, align: u64) -> u64 {
    if number == 0 { align } else { align.min(1 << number.trailing_zeros()) }
}

/// How many bytes of the struct a field takes.
fn extent(field: &FieldLayout) -> u64 {
    match field.bits {
        Some((first, count)) => first.saturating_add(count).div_ceil(8),
        None => field.layout.size,
    }
}

/// The size of a struct with its fields in the order that wastes least: by falling alignment, since the size of each is
/// a multiple of its alignment. What takes no room comes first: the compiler pads it at the end, lest its address be
/// that of something else.
fn best_size(layout: &TypeLayout, is_go: bool) -> u64 {
    if !is_go || layout.fields.iter().any(|field| field.bits.is_some()) {
        return layout.size;
    }
    let mut fields: Vec<&TypeLayout> = layout.fields.iter().map(|field| &field.layout).collect();
    fields.sort_by_key(|field| (field.size > 0, std::cmp::Reverse(field.align)));
    let end = fields.iter().fold(0u64, |end, field| {
        end.checked_next_multiple_of(field.align.max(1)).unwrap_or(end).saturating_add(field.size)
    });
    end.checked_next_multiple_of(layout.align.max(1)).unwrap_or(end).min(layout.size)
}

#[cfg(test)]
mod tests {
    use super::dividing;

    #[test]
    fn packed_fields_have_the_alignment_of_their_offsets() {
        assert_eq!(dividing(0, 8), 8);
        assert_eq!(dividing(16, 8), 8);
        assert_eq!(dividing(6, 8), 2);
        assert_eq!(dividing(5, 8), 1);
    }
}
