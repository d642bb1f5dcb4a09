//! Values of the program: a type and a place, and what is loaded of them to be shown.
//!
//! A [`Value`] is lazy: it names its type and where its bytes are, and reads nothing. [`Loader::load`] turns it into a
//! [`Variable`], a tree of texts that front ends show, as deep and as wide as a [`LoadConfig`] allows. Whatever cannot
//! be read says so in its own place; the rest is shown.

pub(crate) mod budget;
mod children;
mod compound;
pub(crate) mod descriptor;
mod foreign;
mod formatter;
mod function;
mod interface;
mod key_hash;
mod load;
mod map;
mod packed;
mod place;
mod scalar;
mod time;

pub use adit_goruntime::Kind;
pub use children::{Children, Column, Packed};
pub(crate) use key_hash::{Joining, KeyHash};
pub use load::Loader;
pub use load::kind_of;
pub(crate) use map::MapTypes;
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
    /// A short readable text beside the raw value, of a type that is known well: `1.5s`, `locked, 2 waiters`.
    pub summary: Option<Box<str>>,
    /// The bytes of a string that is not UTF-8.
    pub string_bytes: Option<Vec<u8>>,
    /// Elements, keys, fields, or bytes.
    pub len: i64,
    /// A slice's capacity.
    pub cap: i64,
    /// Elements, fields; of maps, keys and values in turn; of pointers and interfaces, what they hold.
    pub children: Children,
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
