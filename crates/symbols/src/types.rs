//! Types as DWARF describes them.

use std::sync::Arc;

/// A type: its entry's offset in `.debug_info`, in bytes, with high bits set for types that have no entry of their
/// own (see [`crate::Dwarf::pointer_to`]). Unique within one binary.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TypeId(pub u64);

/// `reflect.Kind`, as DW_AT_go_kind states it (`internal/abi/type.go`): bool is 1, unsafe.Pointer 26.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct GoKind(pub u8);

impl GoKind {
    /// `bool`.
    pub const BOOL: GoKind = GoKind(1);
    /// `int`; the sized ones and the unsigned ones follow.
    pub const INT: GoKind = GoKind(2);
    /// `uintptr`.
    pub const UINTPTR: GoKind = GoKind(12);
    /// Arrays.
    pub const ARRAY: GoKind = GoKind(17);
    /// Channels.
    pub const CHAN: GoKind = GoKind(18);
    /// Functions.
    pub const FUNC: GoKind = GoKind(19);
    /// Interfaces.
    pub const INTERFACE: GoKind = GoKind(20);
    /// Maps.
    pub const MAP: GoKind = GoKind(21);
    /// Pointers.
    pub const POINTER: GoKind = GoKind(22);
    /// Slices.
    pub const SLICE: GoKind = GoKind(23);
    /// `string`.
    pub const STRING: GoKind = GoKind(24);
    /// Structs.
    pub const STRUCT: GoKind = GoKind(25);
    /// `unsafe.Pointer`.
    pub const UNSAFE_POINTER: GoKind = GoKind(26);
}

/// One type. Types that it is made of are named by id and read when needed, so cycles cost nothing.
#[derive(Clone, Debug)]
pub struct Type {
    /// Which type this is.
    pub id: TypeId,
    /// Its name as Go prints it (`map[string]int`, `main.Rect`). For C types as `debug/dwarf` does: `*char`,
    /// `[10]int`, `struct point`.
    pub name: Arc<str>,
    /// Size of a value in bytes.
    pub size: u64,
    /// What it is made of.
    pub shape: Shape,
    /// DW_AT_go_kind, of a typedef that of the type it names; `None` for C types.
    pub go_kind: Option<GoKind>,
    /// DW_AT_go_runtime_type: the offset of the runtime's descriptor from `moduledata.types` (its address, in old
    /// Go versions).
    pub runtime_type: Option<u64>,
    /// DW_AT_go_dict_index: in generic code, where the dictionary keeps the concrete type.
    pub dict_index: Option<u64>,
}

/// What a type is made of.
#[derive(Clone, Debug)]
pub enum Shape {
    /// No value.
    Void,
    /// `bool`.
    Bool,
    /// Signed integers.
    Int,
    /// Unsigned integers and `uintptr`.
    Uint,
    /// `float32`, `float64`.
    Float,
    /// `complex64`, `complex128`.
    Complex,
    /// A pointer; `None` for `unsafe.Pointer` and C's `void *`.
    Pointer(Option<TypeId>),
    /// A struct.
    Struct(Vec<Field>),
    /// A C union.
    Union(Vec<Field>),
    /// An array.
    Array {
        /// Element type.
        elem: TypeId,
        /// Number of elements.
        count: u64,
    },
    /// Another name for a type.
    Typedef(TypeId),
    /// A C enumeration: names and values, in the order of declaration.
    Enum(Vec<(Arc<str>, i64)>),
    /// A Go string (pointer and length).
    String,
    /// A slice (pointer, length and capacity).
    Slice {
        /// Element type.
        elem: TypeId,
    },
    /// A map: a pointer to the runtime's `hmap` or `maps.Map`.
    Map {
        /// Key type.
        key: TypeId,
        /// Element type.
        elem: TypeId,
        /// The runtime's header struct behind the pointer.
        header: TypeId,
    },
    /// A channel: a pointer to the runtime's `hchan`.
    Chan {
        /// Element type.
        elem: TypeId,
        /// The runtime's header struct behind the pointer.
        header: TypeId,
    },
    /// An interface.
    Interface {
        /// Has it no methods, and so starts with a type (runtime.eface) instead of an itab (runtime.iface)?
        empty: bool,
    },
    /// A function value: a pointer to a closure (whose first word is the code's address). In C: a function.
    Func,
}

/// One field of a struct or union.
#[derive(Clone, Debug)]
pub struct Field {
    /// Its name; for an embedded field, the type's name without its package. Anonymous members of C have none.
    pub name: Arc<str>,
    /// Its type.
    pub type_id: TypeId,
    /// Offset in bytes.
    pub offset: u64,
    /// Is it embedded (in C: anonymous), so that its own fields can be named directly?
    pub embedded: bool,
    /// C bit fields: offset in bits from `offset`'s byte, and width in bits. Counted, as DW_AT_data_bit_offset is, in
    /// the target's bit order: on a little-endian one, from the least significant bit.
    pub bits: Option<(u64, u64)>,
}
