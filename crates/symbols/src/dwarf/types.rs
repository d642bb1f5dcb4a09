//! Types, read one at a time.
//!
//! How Go's linker describes them is in `cmd/link/internal/ld/dwarf.go` (`newtype` and `synthesize…types`), much
//! the same from Go 1.18 to 1.27: a named type is a typedef of an entry of the same name that bears DW_AT_go_kind;
//! strings and slices are structures; maps and channels are typedefs of a pointer to a structure made up by the
//! linker; interfaces are typedefs of `runtime.iface` or `runtime.eface`.

use std::sync::Arc;

use gimli::constants as dw;
use gimli::{AttributeValue, SectionId};

use super::entry::{
    DW_AT_GO_DICT_INDEX, DW_AT_GO_ELEM, DW_AT_GO_EMBEDDED_FIELD, DW_AT_GO_KEY, DW_AT_GO_KIND, Entry, block,
};
use super::type_probe::{TypeProbe, dimensions};
use super::units::UnitRef;
use super::{Dwarf, damaged};
use crate::{Field, GoKind, Location, NameKind, Shape, SymbolError, Type, TypeId, Variable, VariableKind};

/// How many typedefs and other wrappings of a type are followed to find its size or name.
pub(super) const MAX_CHAIN: usize = 64;

/// [`TypeId`]s of types that no entry describes: the bits above an entry's offset say how they are made from it.
const OFFSET_BITS: u32 = 48;
/// Of the bits above: this one means "pointers to", and the lower ones how often.
const POINTER: u64 = 0x8000;
/// Pointers to pointers to … at most this often.
pub(super) const MAX_POINTERS: usize = 64;

impl TypeId {
    pub(super) fn entry(self) -> usize {
        (self.0 & ((1 << OFFSET_BITS) - 1)) as usize
    }

    pub(super) fn made(self) -> u64 {
        self.0 >> OFFSET_BITS
    }
}

impl Dwarf {
    /// The type with this id. Kept once read.
    pub fn type_of(&self, id: TypeId) -> Result<Arc<Type>, SymbolError> {
        if let Some(known) = self.types.get(id.0) {
            return Ok(known);
        }
        let read = self.read_type(id)?;
        Ok(self.types.insert(id.0, read))
    }

    /// The type with this id or, if that is only another name, the type that it names in the end.
    pub fn resolve(&self, id: TypeId) -> Result<Arc<Type>, SymbolError> {
        let mut found = self.type_of(id)?;
        for _ in 0..MAX_CHAIN {
            match found.shape {
                Shape::Typedef(target) => found = self.type_of(target)?,
                _ => return Ok(found),
            }
        }
        Err(damaged(SectionId::DebugInfo, id.entry(), "a type that is defined by itself"))
    }

    /// The id of the pointer type to a type, whether or not the program has that type.
    pub fn pointer_to(&self, id: TypeId) -> TypeId {
        match id.made() {
            0 => TypeId(id.0 | (POINTER | 1) << OFFSET_BITS),
            made if made & POINTER != 0 && made < POINTER + MAX_POINTERS as u64 => {
                TypeId(id.0 + (1 << OFFSET_BITS))
            }
            // A dimension of a C array: no one needs a pointer to that.
            _ => id,
        }
    }

    /// Of an array whose length only the frame knows (C's `int a[n]`): where its upper bound or, if the flag is set, its
    /// number of elements is kept (DWARF 5 §5.13). Of such arrays in several dimensions, nothing is said.
    pub fn array_bound(&self, id: TypeId) -> Option<(Variable, bool)> {
        let unit = self.unit_of(id.entry()).ok()?;
        let array = unit.entry(id.entry()).ok()?;
        if array.tag != dw::DW_TAG_array_type || !array.has_children {
            return None;
        }
        let mut cursor = unit.cursor(Some(array.position)).ok()?;
        let mut child = Entry::empty();
        cursor.read(&mut child).ok()?;
        cursor.read(&mut child).ok().filter(|found| *found && child.tag == dw::DW_TAG_subrange_type)?;
        [(dw::DW_AT_upper_bound, false), (dw::DW_AT_count, true)].into_iter().find_map(|(name, is_count)| {
            if let Some(at) = self.reference(&unit, &child, name) {
                return Some((super::functions::read_variable(self, at).ok()?, is_count));
            }
            let value = child.value(name)?;
            // What the expression leaves is the bound, not where it is.
            let mut expression = unit.linked(block(&value)?);
            expression.push(dw::DW_OP_stack_value.0);
            let location = Location::Expr(expression);
            let bound = Variable {
                name: Arc::from(""),
                type_id: None,
                kind: VariableKind::Local,
                decl_line: 0,
                location,
                closure_offset: None,
            };
            Some((bound, is_count))
        })
    }

    fn read_type(&self, id: TypeId) -> Result<Type, SymbolError> {
        if id.made() & POINTER != 0 {
            return self.made_pointer(id);
        }
        let (unit, entry) = self.type_entry(id.entry())?;
        let id = if entry.position == id.entry() { id } else { TypeId(entry.position as u64) };
        TypeReader { dwarf: self, unit: &unit, entry, id }.read()
    }

    /// The entry of a type; of one that is only declared there, the entry that defines it, if there is one.
    pub(super) fn type_entry(&self, at: usize) -> Result<(UnitRef<'_>, Entry<'_>), SymbolError> {
        let unit = self.unit_of(at)?;
        let entry = unit.entry(at)?;
        let definition = if entry.has(dw::DW_AT_signature) {
            // The type is in a unit of its own (DWARF 5 §5.1.9).
            self.reference(&unit, &entry, dw::DW_AT_signature)
        } else if entry.flag(dw::DW_AT_declaration) {
            self.definition(&unit, &entry)
        } else {
            None
        };
        match definition {
            Some(at) => {
                let unit = self.unit_of(at)?;
                let entry = unit.entry(at)?;
                Ok((unit, entry))
            }
            None => Ok((unit, entry)),
        }
    }

    /// The definition of a C type of which a unit has but a declaration (`struct name;`): in any unit, by its name.
    fn definition<'a>(&self, unit: &UnitRef<'a>, declaration: &Entry<'a>) -> Option<usize> {
        if unit.root.is_go {
            return None;
        }
        let name = unit.raw_text(declaration.value(dw::DW_AT_name)?)?;
        let is_definition = |at: &usize| {
            let Ok(unit) = self.unit_of(*at) else { return false };
            let Ok(entry) = unit.entry(*at) else { return false };
            entry.tag == declaration.tag
                && !unit.root.is_go
                && !entry.flag(dw::DW_AT_declaration)
                && entry.value(dw::DW_AT_name).and_then(|value| unit.raw_text(value)) == Some(name)
        };
        let same = self.entries_named(NameKind::Type, std::str::from_utf8(name).ok()?).ok()?;
        same.into_iter().find(is_definition)
    }

    fn made_pointer(&self, id: TypeId) -> Result<Type, SymbolError> {
        let depth = (id.made() - POINTER) as usize;
        if !(1..=MAX_POINTERS).contains(&depth) {
            return Err(damaged(SectionId::DebugInfo, id.entry(), "no type has this id"));
        }
        let pointee = self.type_of(TypeId(id.entry() as u64))?;
        let target = match depth {
            1 => pointee.id,
            _ => TypeId(id.0 - (1 << OFFSET_BITS)),
        };
        Ok(Type {
            id,
            name: ("*".repeat(depth) + &pointee.name).into(),
            size: u64::from(self.address_size),
            shape: Shape::Pointer(Some(target)),
            go_kind: pointee.go_kind.map(|_| GoKind::POINTER),
            runtime_type: None,
            dict_index: None,
        })
    }
}

/// Reads one type's entry.
struct TypeReader<'d, 'u, 'a> {
    dwarf: &'d Dwarf,
    unit: &'u UnitRef<'a>,
    entry: Entry<'a>,
    id: TypeId,
}

impl<'a> TypeReader<'_, '_, 'a> {
    fn read(&self) -> Result<Type, SymbolError> {
        let mut probe = TypeProbe::new(self.dwarf);
        let at = self.id.entry();
        let (go_kind, runtime_type) = probe.go_kind(at);
        let shape = self.shape(go_kind)?;
        let mut size = probe.size(at);
        if let Shape::Array { elem, count } = &shape
            && self.id.made() != 0
        {
            size = self.dwarf.type_of(*elem)?.size.saturating_mul(*count);
        }
        Ok(Type {
            id: self.id,
            name: probe.name(self.id).into(),
            size,
            go_kind: go_kind.or_else(|| self.implied_kind(&shape)),
            shape,
            runtime_type,
            dict_index: self.entry.unsigned(DW_AT_GO_DICT_INDEX),
        })
    }

    /// The linker gives no kind to types of its own making, nor to `unsafe.Pointer`.
    fn implied_kind(&self, shape: &Shape) -> Option<GoKind> {
        match shape {
            _ if !self.unit.root.is_go => None,
            Shape::Struct(_) => Some(GoKind::STRUCT),
            Shape::Pointer(Some(_)) => Some(GoKind::POINTER),
            Shape::Pointer(None) => Some(GoKind::UNSAFE_POINTER),
            _ => None,
        }
    }

    fn shape(&self, go_kind: Option<GoKind>) -> Result<Shape, SymbolError> {
        let target = self.target(dw::DW_AT_type);
        let has_kind = self.entry.has(DW_AT_GO_KIND);
        Ok(match self.entry.tag {
            dw::DW_TAG_base_type => self.base(),
            dw::DW_TAG_structure_type | dw::DW_TAG_class_type => match go_kind {
                Some(GoKind::STRING) => Shape::String,
                Some(GoKind::SLICE) => Shape::Slice { elem: self.needed(DW_AT_GO_ELEM)? },
                _ => Shape::Struct(self.fields()?),
            },
            dw::DW_TAG_union_type => Shape::Union(self.fields()?),
            dw::DW_TAG_enumeration_type => Shape::Enum(self.enumerators()?),
            dw::DW_TAG_array_type => self.array()?,
            dw::DW_TAG_subroutine_type => Shape::Func,
            dw::DW_TAG_pointer_type | dw::DW_TAG_reference_type | dw::DW_TAG_rvalue_reference_type => {
                Shape::Pointer(target)
            }
            dw::DW_TAG_typedef if has_kind => match go_kind {
                Some(GoKind::MAP) => Shape::Map {
                    key: self.needed(DW_AT_GO_KEY)?,
                    elem: self.needed(DW_AT_GO_ELEM)?,
                    header: self.header()?,
                },
                Some(GoKind::CHAN) => {
                    Shape::Chan { elem: self.needed(DW_AT_GO_ELEM)?, header: self.header()? }
                }
                Some(GoKind::INTERFACE) => Shape::Interface { empty: self.is_eface()? },
                _ => target.map_or(Shape::Void, Shape::Typedef),
            },
            dw::DW_TAG_ptr_to_member_type => Shape::Struct(Vec::new()),
            dw::DW_TAG_typedef
            | dw::DW_TAG_template_alias
            | dw::DW_TAG_immutable_type
            | dw::DW_TAG_packed_type
            | dw::DW_TAG_shared_type
            | dw::DW_TAG_const_type
            | dw::DW_TAG_volatile_type
            | dw::DW_TAG_restrict_type
            | dw::DW_TAG_atomic_type => target.map_or(Shape::Void, Shape::Typedef),
            dw::DW_TAG_unspecified_type => Shape::Void,
            _ => return Err(self.damage("no type is there")),
        })
    }

    fn damage(&self, what: &str) -> SymbolError {
        self.unit.damaged(self.entry.position, what)
    }

    fn target(&self, name: gimli::DwAt) -> Option<TypeId> {
        self.dwarf.reference(self.unit, &self.entry, name).map(|at| TypeId(at as u64))
    }

    fn needed(&self, name: gimli::DwAt) -> Result<TypeId, SymbolError> {
        self.target(name).ok_or_else(|| self.damage("a type that lacks the types it is made of"))
    }

    fn base(&self) -> Shape {
        match self.entry.value(dw::DW_AT_encoding) {
            Some(AttributeValue::Encoding(encoding)) => match encoding {
                dw::DW_ATE_boolean => Shape::Bool,
                dw::DW_ATE_float | dw::DW_ATE_decimal_float => Shape::Float,
                dw::DW_ATE_complex_float => Shape::Complex,
                dw::DW_ATE_signed | dw::DW_ATE_signed_char | dw::DW_ATE_signed_fixed => Shape::Int,
                _ => Shape::Uint,
            },
            _ => Shape::Uint,
        }
    }

    /// The structure behind the pointer that a map or channel is.
    fn header(&self) -> Result<TypeId, SymbolError> {
        let pointer = self.needed(dw::DW_AT_type)?.entry();
        let unit = self.dwarf.unit_of(pointer)?;
        let entry = unit.entry(pointer)?;
        match self.dwarf.reference(&unit, &entry, dw::DW_AT_type) {
            Some(at) if entry.tag == dw::DW_TAG_pointer_type => Ok(TypeId(at as u64)),
            _ => Err(self.damage("a map or channel that is not a pointer")),
        }
    }

    fn is_eface(&self) -> Result<bool, SymbolError> {
        let target = self.needed(dw::DW_AT_type)?.entry();
        let unit = self.dwarf.unit_of(target)?;
        let entry = unit.entry(target)?;
        Ok(unit.text(&entry, dw::DW_AT_name).as_deref() == Some("runtime.eface"))
    }

    /// Calls `read` with each direct child of the entry.
    fn for_each_child(
        &self,
        mut read: impl FnMut(&Entry<'a>) -> Result<(), SymbolError>,
    ) -> Result<(), SymbolError> {
        if !self.entry.has_children {
            return Ok(());
        }
        let mut cursor = self.unit.cursor(Some(self.entry.position))?;
        let mut child = Entry::empty();
        cursor.read(&mut child)?;
        while !cursor.is_empty() && cursor.read(&mut child)? {
            read(&child)?;
            if child.has_children {
                cursor.skip_children()?;
            }
        }
        Ok(())
    }

    fn fields(&self) -> Result<Vec<Field>, SymbolError> {
        let mut fields = Vec::new();
        self.for_each_child(|child| {
            // Static members are declared, or are of no place (DWARF 5 §5.7.7).
            let is_static = child.flag(dw::DW_AT_declaration) || child.flag(dw::DW_AT_external);
            match child.tag {
                dw::DW_TAG_member if !is_static => fields.extend(self.field(child)),
                // Where a virtual base is, only the object knows.
                dw::DW_TAG_inheritance if !child.has(dw::DW_AT_virtuality) => {
                    fields.extend(self.base_class(child));
                }
                _ => {}
            }
            Ok(())
        })?;
        Ok(fields)
    }

    fn field(&self, member: &Entry<'a>) -> Option<Field> {
        let type_id = self.dwarf.reference(self.unit, member, dw::DW_AT_type).map(|at| TypeId(at as u64))?;
        let name = self.unit.text(member, dw::DW_AT_name).unwrap_or_default();
        let embedded = member.flag(DW_AT_GO_EMBEDDED_FIELD) || name.is_empty();
        let (offset, bits) = self.place(member, type_id);
        Some(Field { name: field_name(&name, embedded).into(), type_id, offset, embedded, bits })
    }

    /// A base class of C++: like an embedded field, its members can be named directly.
    fn base_class(&self, inheritance: &Entry<'a>) -> Option<Field> {
        let at = self.dwarf.reference(self.unit, inheritance, dw::DW_AT_type)?;
        let (unit, base) = self.dwarf.type_entry(at).ok()?;
        let name = unit.text(&base, dw::DW_AT_name)?.as_ref().into();
        let offset = self.member_offset(inheritance);
        Some(Field { name, type_id: TypeId(at as u64), offset, embedded: true, bits: None })
    }

    /// A member's offset in bytes and, for a bit field, its offset and width in bits (DWARF 5 §5.7.6).
    fn place(&self, member: &Entry<'_>, type_id: TypeId) -> (u64, Option<(u64, u64)>) {
        let offset = self.member_offset(member);
        let Some(width) = member.unsigned(dw::DW_AT_bit_size) else { return (offset, None) };
        let bit = match (member.unsigned(dw::DW_AT_data_bit_offset), member.unsigned(dw::DW_AT_bit_offset)) {
            (Some(bit), _) => bit,
            // DWARF 2 and 3 count from the most significant bit of the storage unit.
            (None, Some(from_top)) => {
                let storage = member.unsigned(dw::DW_AT_byte_size);
                let storage = storage.unwrap_or_else(|| TypeProbe::new(self.dwarf).size(type_id.entry()));
                let start = offset.saturating_mul(8);
                match self.dwarf.sections.endian() {
                    gimli::RunTimeEndian::Big => start.saturating_add(from_top),
                    gimli::RunTimeEndian::Little => start
                        .saturating_add(storage.saturating_mul(8))
                        .saturating_sub(from_top.saturating_add(width)),
                }
            }
            (None, None) => offset.saturating_mul(8),
        };
        (bit / 8, Some((bit % 8, width)))
    }

    /// DW_AT_data_member_location: a number or, in DWARF 2, the expression that adds it.
    fn member_offset(&self, member: &Entry<'_>) -> u64 {
        let Some(value) = member.value(dw::DW_AT_data_member_location) else { return 0 };
        let Some(expression) = block(&value) else {
            return member.unsigned(dw::DW_AT_data_member_location).unwrap_or(0);
        };
        let mut reader = gimli::EndianSlice::new(expression, self.dwarf.sections.endian());
        match gimli::Operation::parse(&mut reader, self.unit.unit.encoding()) {
            Ok(gimli::Operation::PlusConstant { value } | gimli::Operation::UnsignedConstant { value }) => {
                value
            }
            _ => 0,
        }
    }

    fn enumerators(&self) -> Result<Vec<(Arc<str>, i64)>, SymbolError> {
        let mut found: Vec<(Arc<str>, i64)> = Vec::new();
        self.for_each_child(|child| {
            let name = self.unit.text(child, dw::DW_AT_name);
            if let (dw::DW_TAG_enumerator, Some(name), Some(value)) =
                (child.tag, name, child.signed(dw::DW_AT_const_value))
            {
                found.push((name.as_ref().into(), value));
            }
            Ok(())
        })?;
        Ok(found)
    }

    /// An array; of a C array with several dimensions, the one that the id names.
    fn array(&self) -> Result<Shape, SymbolError> {
        let dimension = self.id.made() as usize;
        let counts = dimensions(self.unit, &self.entry)?;
        let count = counts.get(dimension).copied().unwrap_or(0);
        let elem = match counts.len() {
            dimensions if dimension + 1 < dimensions => TypeId(self.id.0 + (1 << OFFSET_BITS)),
            _ => self.needed(dw::DW_AT_type)?,
        };
        Ok(Shape::Array { elem, count })
    }
}

/// The name of a field. The linker names a field that has no name of its own by its type, package and all.
fn field_name(name: &str, embedded: bool) -> &str {
    if !embedded {
        return name;
    }
    let name = name.trim_start_matches('*');
    let head = name.split('[').next().unwrap_or(name);
    let start = head.rfind('.').map_or(0, |dot| dot + 1);
    &name[start..]
}
