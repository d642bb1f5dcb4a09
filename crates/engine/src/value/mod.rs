//! Values of the program: a type and a place, and what is loaded of them to be shown.
//!
//! A [`Value`] is lazy: it names its type and where its bytes are, and reads nothing. [`Loader::load`] turns it into a
//! [`Variable`], a tree of texts that front ends show, as deep and as wide as a [`LoadConfig`] allows. Whatever cannot
//! be read says so in its own place; the rest is shown.

mod compound;
mod function;
mod interface;
mod load;
mod map;
mod place;
mod scalar;
mod time;

pub use load::Loader;
pub use load::kind_of;
pub use place::{Place, Value, ValueError};
pub use time::rfc3339;

/// How much of a value is loaded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LoadConfig {
    /// Load what pointers point to.
    pub follow_pointers: bool,
    /// How many levels of compound values.
    pub max_variable_recurse: usize,
    /// Bytes of a string.
    pub max_string_len: usize,
    /// Elements of an array, slice or map.
    pub max_array_values: usize,
    /// Fields of a struct; `None`: all.
    pub max_struct_fields: Option<usize>,
}

impl LoadConfig {
    /// What front ends load unless they say otherwise.
    pub const FULL: LoadConfig = LoadConfig {
        follow_pointers: true,
        max_variable_recurse: 1,
        max_string_len: 64,
        max_array_values: 64,
        max_struct_fields: None,
    };

    /// One line's worth: no pointers followed, no elements.
    pub const SHORT: LoadConfig = LoadConfig {
        follow_pointers: false,
        max_variable_recurse: 0,
        max_string_len: 64,
        max_array_values: 0,
        max_struct_fields: Some(3),
    };
}

/// `reflect.Kind`, with 0 for what Go has no kind for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Kind(pub u8);

#[allow(missing_docs, reason = "the names are reflect.Kind's own")]
impl Kind {
    pub const INVALID: Kind = Kind(0);
    pub const BOOL: Kind = Kind(1);
    pub const INT: Kind = Kind(2);
    pub const INT8: Kind = Kind(3);
    pub const INT16: Kind = Kind(4);
    pub const INT32: Kind = Kind(5);
    pub const INT64: Kind = Kind(6);
    pub const UINT: Kind = Kind(7);
    pub const UINT8: Kind = Kind(8);
    pub const UINT16: Kind = Kind(9);
    pub const UINT32: Kind = Kind(10);
    pub const UINT64: Kind = Kind(11);
    pub const UINTPTR: Kind = Kind(12);
    pub const FLOAT32: Kind = Kind(13);
    pub const FLOAT64: Kind = Kind(14);
    pub const COMPLEX64: Kind = Kind(15);
    pub const COMPLEX128: Kind = Kind(16);
    pub const ARRAY: Kind = Kind(17);
    pub const CHAN: Kind = Kind(18);
    pub const FUNC: Kind = Kind(19);
    pub const INTERFACE: Kind = Kind(20);
    pub const MAP: Kind = Kind(21);
    pub const PTR: Kind = Kind(22);
    pub const SLICE: Kind = Kind(23);
    pub const STRING: Kind = Kind(24);
    pub const STRUCT: Kind = Kind(25);
    pub const UNSAFE_POINTER: Kind = Kind(26);
}

impl Kind {
    /// The kind's name, as `reflect.Kind` has it.
    pub fn name(self) -> &'static str {
        const NAMES: [&str; 27] = [
            "invalid",
            "bool",
            "int",
            "int8",
            "int16",
            "int32",
            "int64",
            "uint",
            "uint8",
            "uint16",
            "uint32",
            "uint64",
            "uintptr",
            "float32",
            "float64",
            "complex64",
            "complex128",
            "array",
            "chan",
            "func",
            "interface",
            "map",
            "ptr",
            "slice",
            "string",
            "struct",
            "unsafe.Pointer",
        ];
        NAMES.get(usize::from(self.0)).copied().unwrap_or("invalid")
    }
}

/// What is special about a variable: the bits that Delve's clients know.
#[allow(missing_docs, reason = "the names are the reference's own")]
pub mod flags {
    pub const ESCAPED: u16 = 1;
    pub const SHADOWED: u16 = 2;
    pub const CONSTANT: u16 = 4;
    pub const ARGUMENT: u16 = 8;
    pub const RETURN_ARGUMENT: u16 = 16;
    pub const FAKE_ADDRESS: u16 = 32;
    pub const C_POINTER: u16 = 64;
    pub const CPU_REGISTER: u16 = 128;
}

/// A value, loaded to be shown.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Variable {
    /// Name of the variable or field; empty for elements.
    pub name: String,
    /// Where it is; at or above [`FAKE_ADDRESS`] if it is not in memory.
    pub addr: u64,
    /// Nothing but the address was loaded.
    pub only_addr: bool,
    /// Its type's name.
    pub type_name: String,
    /// The name of the type beneath it.
    pub real_type: String,
    /// See [`flags`].
    pub flags: u16,
    /// Its kind.
    pub kind: Kind,
    /// The text of a scalar, a string's contents, a function's name.
    pub value: String,
    /// The bytes of a string that is not UTF-8.
    pub string_bytes: Option<Vec<u8>>,
    /// Elements, keys, fields, or bytes.
    pub len: i64,
    /// A slice's capacity.
    pub cap: i64,
    /// Elements, fields; of maps, keys and values in turn; of pointers and interfaces, what they hold.
    pub children: Vec<Variable>,
    /// Where the elements are: backing array, string data, map, channel, function entry. 0 if nil.
    pub base: u64,
    /// Why it cannot be read; empty if it can.
    pub unreadable: String,
    /// Its location as DWARF states it.
    pub location_expr: String,
    /// Where it is declared.
    pub decl_line: i64,
}

/// Addresses from here on are no addresses: the value is in registers.
pub const FAKE_ADDRESS: u64 = 0xbeef_0000_0000_0000;
