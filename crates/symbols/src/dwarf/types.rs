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
    DW_AT_GO_DICT_INDEX, DW_AT_GO_ELEM, DW_AT_GO_EMBEDDED_FIELD, DW_AT_GO_KEY, DW_AT_GO_KIND,
    DW_AT_GO_RUNTIME_TYPE, Entry, block,
};
use super::units::UnitRef;
use super::{Dwarf, damaged};
use crate::{Field, GoKind, Shape, SymbolError, Type, TypeId};

/// How many typedefs and other wrappings of a type are followed to find its size or name.
const MAX_CHAIN: usize = 64;

/// C arrays have fewer dimensions than this.
const MAX_DIMENSIONS: usize = 16;

/// [`TypeId`]s of types that no entry describes: the bits above an entry's offset say how they are made from it.
const OFFSET_BITS: u32 = 48;
/// Of the bits above: this one means "pointers to", and the lower ones how often.
const POINTER: u64 = 0x8000;
/// Pointers to pointers to … at most this often.
const MAX_POINTERS: u64 = 64;

impl TypeId {
    fn entry(self) -> usize {
        (self.0 & ((1 << OFFSET_BITS) - 1)) as usize
    }

    fn made(self) -> u64 {
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
            made if made & POINTER != 0 && made < POINTER + MAX_POINTERS => TypeId(id.0 + (1 << OFFSET_BITS)),
            // A dimension of a C array: no one needs a pointer to that.
            _ => id,
        }
    }

    fn read_type(&self, id: TypeId) -> Result<Type, SymbolError> {
        if id.made() & POINTER != 0 {
            return self.made_pointer(id);
        }
        let unit = self.unit_of(id.entry())?;
        let entry = unit.entry(id.entry())?;
        TypeReader { dwarf: self, unit: &unit, entry, id }.read()
    }

    fn made_pointer(&self, id: TypeId) -> Result<Type, SymbolError> {
        let target = match id.made() - POINTER {
            0 | 1 => TypeId(id.entry() as u64),
            _ => TypeId(id.0 - (1 << OFFSET_BITS)),
        };
        let pointee = self.type_of(target)?;
        Ok(Type {
            id,
            name: format!("*{}", pointee.name).into(),
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
            name: probe.name(at).into(),
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
            dw::DW_TAG_typedef
            | dw::DW_TAG_const_type
            | dw::DW_TAG_volatile_type
            | dw::DW_TAG_restrict_type
            | dw::DW_TAG_atomic_type => target.map_or(Shape::Void, Shape::Typedef),
            dw::DW_TAG_unspecified_type => Shape::Void,
            _ => return Err(self.damage("no type is there")),
        })
    }

    fn damage(&self, what: &str) -> SymbolError {
        damaged(SectionId::DebugInfo, self.id.entry(), what)
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
        let mut cursor = self.unit.cursor(Some(self.id.entry()))?;
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
            if child.tag == dw::DW_TAG_member && !child.flag(dw::DW_AT_declaration) {
                fields.extend(self.field(child));
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

/// The name of a field. Linkers before Go 1.2x named an embedded field by its type, package and all.
fn field_name(name: &str, embedded: bool) -> &str {
    if !embedded {
        return name;
    }
    let name = name.trim_start_matches('*');
    let head = name.split('[').next().unwrap_or(name);
    let start = head.rfind('.').map_or(0, |dot| dot + 1);
    &name[start..]
}

/// The number of elements in each dimension of an array type; 0 where it is open.
fn dimensions(unit: &UnitRef<'_>, array: &Entry<'_>) -> Result<Vec<u64>, SymbolError> {
    let mut counts = Vec::new();
    if !array.has_children {
        return Ok(counts);
    }
    let mut cursor = unit.cursor(Some(array.position))?;
    let mut child = Entry::empty();
    cursor.read(&mut child)?;
    while !cursor.is_empty() && cursor.read(&mut child)? && counts.len() < MAX_DIMENSIONS {
        if child.tag == dw::DW_TAG_subrange_type {
            let upper = || child.signed(dw::DW_AT_upper_bound).map(|bound| bound.saturating_add(1));
            let count = child.unsigned(dw::DW_AT_count).map(|count| i64::try_from(count).unwrap_or(i64::MAX));
            counts.push(count.or_else(upper).map_or(0, |count| u64::try_from(count).unwrap_or(0)));
        }
        if child.has_children {
            cursor.skip_children()?;
        }
    }
    Ok(counts)
}

/// Answers simple questions about types without reading them whole, following a bounded number of entries.
struct TypeProbe<'d> {
    dwarf: &'d Dwarf,
    budget: usize,
}

impl<'d> TypeProbe<'d> {
    fn new(dwarf: &'d Dwarf) -> TypeProbe<'d> {
        TypeProbe { dwarf, budget: 4 * MAX_CHAIN }
    }

    fn entry(&mut self, at: usize) -> Option<(UnitRef<'d>, Entry<'d>)> {
        self.budget = self.budget.checked_sub(1)?;
        let unit = self.dwarf.unit_of(at).ok()?;
        let entry = unit.entry(at).ok()?;
        Some((unit, entry))
    }

    /// DW_AT_go_kind and DW_AT_go_runtime_type, of the entry or of what it is a typedef of.
    fn go_kind(&mut self, at: usize) -> (Option<GoKind>, Option<u64>) {
        let mut next = Some(at);
        while let Some((unit, entry)) = next.and_then(|at| self.entry(at)) {
            let kind = entry.unsigned(DW_AT_GO_KIND).and_then(|kind| u8::try_from(kind).ok());
            let kind = kind.filter(|&kind| kind != 0).map(GoKind);
            let runtime_type = entry.unsigned(DW_AT_GO_RUNTIME_TYPE).filter(|&offset| offset != 0);
            if kind.is_some() || runtime_type.is_some() || entry.tag != dw::DW_TAG_typedef {
                return (kind, runtime_type);
            }
            next = self.dwarf.reference(&unit, &entry, dw::DW_AT_type);
        }
        (None, None)
    }

    /// The size of a value in bytes; 0 if that cannot be known.
    fn size(&mut self, at: usize) -> u64 {
        let mut factor = 1u64;
        let mut next = Some(at);
        while let Some((unit, entry)) = next.and_then(|at| self.entry(at)) {
            if let Some(size) = entry.unsigned(dw::DW_AT_byte_size) {
                return size.saturating_mul(factor);
            }
            match entry.tag {
                dw::DW_TAG_pointer_type | dw::DW_TAG_reference_type | dw::DW_TAG_rvalue_reference_type => {
                    return u64::from(self.dwarf.address_size).saturating_mul(factor);
                }
                dw::DW_TAG_array_type => {
                    let counts = dimensions(&unit, &entry).unwrap_or_default();
                    factor = counts.iter().fold(factor, |factor, &count| factor.saturating_mul(count));
                }
                dw::DW_TAG_structure_type | dw::DW_TAG_union_type | dw::DW_TAG_subroutine_type => return 0,
                _ => {}
            }
            next = self.dwarf.reference(&unit, &entry, dw::DW_AT_type);
        }
        0
    }

    /// The name of a type, made up like `debug/dwarf` of Go does for C types that have none.
    fn name(&mut self, at: usize) -> String {
        let Some((unit, entry)) = self.entry(at) else { return "?".to_owned() };
        let name = unit.text(&entry, dw::DW_AT_name);
        let is_go = unit.root.is_go;
        let keyword = match entry.tag {
            dw::DW_TAG_structure_type => "struct",
            dw::DW_TAG_class_type => "class",
            dw::DW_TAG_union_type => "union",
            dw::DW_TAG_enumeration_type => "enum",
            _ => "",
        };
        match name {
            Some(name) if is_go || keyword.is_empty() => return name.into_owned(),
            Some(name) => return format!("{keyword} {name}"),
            None if !keyword.is_empty() => return format!("{keyword} {{...}}"),
            None => {}
        }
        let target = self.dwarf.reference(&unit, &entry, dw::DW_AT_type);
        let prefix = match entry.tag {
            dw::DW_TAG_pointer_type => "*".to_owned(),
            dw::DW_TAG_reference_type | dw::DW_TAG_rvalue_reference_type => "&".to_owned(),
            dw::DW_TAG_const_type => "const ".to_owned(),
            dw::DW_TAG_volatile_type => "volatile ".to_owned(),
            dw::DW_TAG_restrict_type => "restrict ".to_owned(),
            dw::DW_TAG_atomic_type => "_Atomic ".to_owned(),
            dw::DW_TAG_array_type => {
                let counts = dimensions(&unit, &entry).unwrap_or_default();
                counts.iter().map(|count| format!("[{count}]")).collect()
            }
            dw::DW_TAG_subroutine_type => return self.function_name(&unit, &entry, target),
            _ => return "?".to_owned(),
        };
        prefix + &target.map_or_else(|| "void".to_owned(), |target| self.name(target))
    }

    fn function_name<'a>(&mut self, unit: &UnitRef<'a>, entry: &Entry<'a>, result: Option<usize>) -> String {
        let mut parameters = Vec::new();
        if let Ok(mut cursor) = unit.cursor(Some(entry.position))
            && entry.has_children
        {
            let mut child = Entry::empty();
            let _ = cursor.read(&mut child);
            while !cursor.is_empty() && self.budget > 0 && cursor.read(&mut child).unwrap_or(false) {
                match child.tag {
                    dw::DW_TAG_formal_parameter => {
                        let target = self.dwarf.reference(unit, &child, dw::DW_AT_type);
                        parameters.push(target.map_or_else(|| "?".to_owned(), |target| self.name(target)));
                    }
                    dw::DW_TAG_unspecified_parameters => parameters.push("...".to_owned()),
                    _ => {}
                }
                if child.has_children && cursor.skip_children().is_err() {
                    break;
                }
            }
        }
        let result = result.map(|result| format!(" {}", self.name(result))).unwrap_or_default();
        format!("func({}){result}", parameters.join(", "))
    }
}
