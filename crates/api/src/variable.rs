//! Values and types of the target.

use std::cell::Cell;

use serde::{Deserialize, Serialize};

use crate::{Children, json};

/// A value of the target, loaded within the limits of a [`LoadConfig`].
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Variable {
    /// Variable/field name; "" for elements.
    pub name: String,
    /// Address; fake addresses are >= 0xbeef000000000000.
    pub addr: u64,
    /// Only addr is valid, value not loaded.
    #[serde(rename = "onlyAddr")]
    pub only_addr: bool,
    /// Type name as in DWARF.
    #[serde(rename = "type")]
    pub type_name: String,
    /// Type after resolving named types.
    #[serde(rename = "realType")]
    pub real_type: String,
    /// Flags.
    pub flags: VariableFlags,
    /// Kind of its underlying type.
    pub kind: Kind,
    /// Scalar text; function name for func; formatted time for time.Time; "" for containers.
    pub value: String,
    /// A short readable text for a value of a well-known type, shown beside the raw value if that is wanted. It is
    /// not a part of Delve's API, and written for those who ask for it only: see [`with_readable_texts`].
    #[serde(skip_serializing_if = "is_left_out")]
    pub summary: Option<Box<str>>,
    /// Raw bytes (base64) when a string value is not valid UTF-8, else null.
    #[serde(rename = "StringValueBytes", with = "json::base64")]
    pub string_value_bytes: Vec<u8>,
    /// Elements/keys/fields/bytes/captured vars.
    pub len: i64,
    /// Slice capacity.
    pub cap: i64,
    /// Elements, fields, captured vars; maps alternate key,value; pointer/interface has 1 child; complex
    /// has "real","imaginary"; `[]` when none.
    pub children: Children,
    /// Backing array / string data / chan / map / function entry address; 0 if nil.
    pub base: u64,
    /// Error text when unreadable.
    pub unreadable: String,
    /// DWARF location rendered as text.
    #[serde(rename = "LocationExpr")]
    pub location_expr: String,
    /// Declaration line.
    #[serde(rename = "DeclLine")]
    pub decl_line: i64,
}

thread_local! {
    static READABLE_TEXTS: Cell<bool> = const { Cell::new(false) };
}

/// Does `write`, in which values are written with their readable texts, [`Variable::summary`].
pub fn with_readable_texts<T>(write: impl FnOnce() -> T) -> T {
    let before = READABLE_TEXTS.replace(true);
    let written = write();
    READABLE_TEXTS.set(before);
    written
}

fn is_left_out(summary: &Option<Box<str>>) -> bool {
    summary.is_none() || !READABLE_TEXTS.get()
}

/// How much of a value is read from the target. The zero value loads no children and empty strings.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct LoadConfig {
    /// Dereference pointers automatically.
    #[serde(rename = "FollowPointers")]
    pub follow_pointers: bool,
    /// Nesting depth loaded.
    #[serde(rename = "MaxVariableRecurse")]
    pub max_variable_recurse: i64,
    /// Max bytes per string.
    #[serde(rename = "MaxStringLen")]
    pub max_string_len: i64,
    /// Max elements per array/slice/map.
    #[serde(rename = "MaxArrayValues")]
    pub max_array_values: i64,
    /// Max fields per struct, -1 = all.
    #[serde(rename = "MaxStructFields")]
    pub max_struct_fields: i64,
}

/// Where an expression is evaluated: a frame of a goroutine, or one of its deferred calls.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct EvalScope {
    /// -1 = selected goroutine.
    #[serde(rename = "GoroutineID")]
    pub goroutine_id: i64,
    /// 0 = topmost.
    #[serde(rename = "Frame")]
    pub frame: i64,
    /// Above 0: the n-th deferred call of the frame.
    #[serde(rename = "DeferredCall")]
    pub deferred_call: i64,
}

/// What is known of a type.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct TypeInfo {
    /// Kind of its underlying type.
    #[serde(rename = "Kind")]
    pub kind: Kind,
    /// Bytes.
    #[serde(rename = "Size")]
    pub size: i64,
    /// Underlying type for non-struct named types, else "".
    #[serde(rename = "RealType")]
    pub real_type: String,
    /// Struct fields, null otherwise.
    #[serde(rename = "Fields", with = "json::nullable")]
    pub fields: Vec<TypeInfoField>,
    /// Function symbols of the method set, null if none.
    #[serde(rename = "Methods", with = "json::nullable")]
    pub methods: Vec<TypeInfoMethod>,
}

/// A field of a struct type.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct TypeInfoField {
    /// Field name.
    #[serde(rename = "Name")]
    pub name: String,
    /// Type.
    #[serde(rename = "Type")]
    pub type_name: String,
}

/// A method of a type.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct TypeInfoMethod {
    /// Function symbol.
    #[serde(rename = "Name")]
    pub name: String,
}

/// The kind of a value: the numbers of `reflect.Kind`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Kind(pub u32);

impl Kind {
    /// `invalid`.
    pub const INVALID: Self = Self(0);
    /// `bool`.
    pub const BOOL: Self = Self(1);
    /// `int`.
    pub const INT: Self = Self(2);
    /// `int8`.
    pub const INT8: Self = Self(3);
    /// `int16`.
    pub const INT16: Self = Self(4);
    /// `int32`.
    pub const INT32: Self = Self(5);
    /// `int64`.
    pub const INT64: Self = Self(6);
    /// `uint`.
    pub const UINT: Self = Self(7);
    /// `uint8`.
    pub const UINT8: Self = Self(8);
    /// `uint16`.
    pub const UINT16: Self = Self(9);
    /// `uint32`.
    pub const UINT32: Self = Self(10);
    /// `uint64`.
    pub const UINT64: Self = Self(11);
    /// `uintptr`.
    pub const UINTPTR: Self = Self(12);
    /// `float32`.
    pub const FLOAT32: Self = Self(13);
    /// `float64`.
    pub const FLOAT64: Self = Self(14);
    /// `complex64`.
    pub const COMPLEX64: Self = Self(15);
    /// `complex128`.
    pub const COMPLEX128: Self = Self(16);
    /// `array`.
    pub const ARRAY: Self = Self(17);
    /// `chan`.
    pub const CHAN: Self = Self(18);
    /// `func`.
    pub const FUNC: Self = Self(19);
    /// `interface`.
    pub const INTERFACE: Self = Self(20);
    /// `map`.
    pub const MAP: Self = Self(21);
    /// `ptr`.
    pub const POINTER: Self = Self(22);
    /// `slice`.
    pub const SLICE: Self = Self(23);
    /// `string`.
    pub const STRING: Self = Self(24);
    /// `struct`.
    pub const STRUCT: Self = Self(25);
    /// `unsafe.Pointer`.
    pub const UNSAFE_POINTER: Self = Self(26);
}

/// Flags of a variable; bits 256 and 512 are internal and may appear.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct VariableFlags(pub u16);

impl VariableFlags {
    /// `Escaped`.
    pub const ESCAPED: Self = Self(1);
    /// `Shadowed`.
    pub const SHADOWED: Self = Self(2);
    /// `Constant`.
    pub const CONSTANT: Self = Self(4);
    /// `Argument`.
    pub const ARGUMENT: Self = Self(8);
    /// `ReturnArgument`.
    pub const RETURN_ARGUMENT: Self = Self(16);
    /// `FakeAddress`.
    pub const FAKE_ADDRESS: Self = Self(32);
    /// `CPtr`.
    pub const C_POINTER: Self = Self(64);
    /// `CPURegister`.
    pub const CPU_REGISTER: Self = Self(128);
}

impl VariableFlags {
    /// Whether all of `flags` are set.
    pub fn contains(self, flags: Self) -> bool {
        self.0 & flags.0 == flags.0
    }
}

impl LoadConfig {
    /// What is loaded when a request names no limits, and for a value shown alone.
    pub const FULL: Self = Self {
        follow_pointers: true,
        max_variable_recurse: 1,
        max_string_len: 64,
        max_array_values: 64,
        max_struct_fields: -1,
    };

    /// What is loaded for a value shown among others.
    pub const SHORT: Self = Self {
        follow_pointers: false,
        max_variable_recurse: 0,
        max_string_len: 64,
        max_array_values: 0,
        max_struct_fields: 3,
    };
}

impl EvalScope {
    /// The topmost frame of the selected goroutine.
    pub const CURRENT: Self = Self { goroutine_id: -1, frame: 0, deferred_call: 0 };
}
