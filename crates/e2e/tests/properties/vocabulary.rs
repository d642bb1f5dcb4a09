//! What the expressions speak of: the types and variables of `values.go`, and literals.

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Class {
    Signed,
    Unsigned,
    Float,
    Complex,
    String,
    Bool,
}

/// A type that expressions have, with what has it.
#[derive(Debug)]
pub(crate) struct Type {
    pub(crate) name: &'static str,
    pub(crate) class: Class,
    /// In bits; what a constant of the type must fit in.
    pub(crate) bits: u32,
    /// Variables, and parts of variables.
    pub(crate) places: &'static [&'static str],
}

const fn ty(name: &'static str, class: Class, bits: u32, places: &'static [&'static str]) -> Type {
    Type { name, class, bits, places }
}

use Class::{Bool, Complex, Float, Signed, String, Unsigned};

pub(crate) const TYPES: &[Type] = &[
    ty(
        "int",
        Signed,
        64,
        &[
            "i",
            "negative",
            "zero",
            "heap",
            "*ph",
            "*pnil",
            "ints[1]",
            "ints[2]",
            "*&ints[4]",
            "any1.(int)",
            "any2.(int)",
            "ages[\"ann\"]",
            "len(ints)",
            "ints[1:4][2]",
            "ints[2:][0]",
            "none[0]",
        ],
    ),
    ty(
        "int8",
        Signed,
        8,
        &[
            "i8",
            "j8",
            "array[4]",
            "parray[1]",
            "(*parray)[2]",
            "o.Depth",
            "po.Depth",
            "po.inner.Depth",
            "lonely.inner.Depth",
            "sp.A",
            "nothing.Depth",
            "any5.(inner).Depth",
            "array[1:3][0]",
        ],
    ),
    ty("int16", Signed, 16, &["i16"]),
    ty("int32", Signed, 32, &["i32", "r", "runes[3]", "runes[1]"]),
    ty("int64", Signed, 64, &["i64", "j64", "total"]),
    ty("uint", Unsigned, 64, &["u"]),
    ty(
        "uint8",
        Unsigned,
        8,
        &[
            "u8",
            "v8",
            "grid[1][2]",
            "grid[0][1]",
            "bytes[2]",
            "s[8]",
            "broken[1]",
            "empty[0]",
            "caption[2]",
            "marks[sp]",
            "marks[sq]",
            "s[2:5][1]",
        ],
    ),
    ty("uint16", Unsigned, 16, &["u16", "table[3]", "table[2]", "o.Bits", "po.Bits"]),
    ty(
        "uint32",
        Unsigned,
        32,
        &["u32", "limit", "o.Value", "po.link.Value", "chain.Next.Value", "lonely.Value"],
    ),
    ty("uint64", Unsigned, 64, &["u64"]),
    ty("uintptr", Unsigned, 64, &["up"]),
    ty(
        "float32",
        Float,
        32,
        &["f32", "g32", "nan32", "share", "floats[0]", "area.(square).Side", "rates[0.5]"],
    ),
    ty(
        "float64",
        Float,
        64,
        &[
            "f64",
            "g64",
            "negativeZero",
            "infinite",
            "nan",
            "*pf",
            "o.Ratio",
            "sp.F",
            "any4.(float64)",
            "odd[1]",
        ],
    ),
    ty("complex64", Complex, 64, &["c64", "d64", "o.Weight", "o.Next.Weight"]),
    ty("complex128", Complex, 128, &["c128", "d128"]),
    ty(
        "string",
        String,
        0,
        &[
            "s",
            "empty",
            "broken",
            "caption",
            "o.Tag",
            "po.Name",
            "any2.(string)",
            "any1.(string)",
            "texts[2]",
            "names[1]",
            "sp.S",
            "s[1:4]",
            "s[:2]",
            "s[7:]",
            "o.Name[1:][:1]",
        ],
    ),
    ty("bool", Bool, 0, &["yes", "no"]),
    ty("count", Signed, 16, &["n16"]),
    ty("mask", Unsigned, 8, &["m8"]),
    ty("big", Unsigned, 64, &["b64"]),
    ty("celsius", Float, 32, &["warm"]),
    ty("phase", Complex, 64, &["turned"]),
    ty("label", String, 0, &["tag", "tag[1:]"]),
    ty("flag", Bool, 0, &["set", "o.On"]),
];

/// What can be compared by `==` and `!=` alone: groups of one type each.
pub(crate) const COMPARABLE: &[&[&str]] = &[
    &["ph", "pnil", "&heap", "nil", "&ints[2]", "(*int)(nil)"],
    &["chain", "tail", "o.link", "lonely.link", "nil", "chain.Next", "o.Next", "tail.Next"],
    &["any1", "any2", "any3", "any4", "any5", "nil", "any1"],
    &["any1", "any2", "any3", "any4", "any5", "any6", "nil", "any1"],
    &["area", "noArea", "pointed", "nil", "area"],
    &["sp", "sq"],
    &["o", "lonely", "*po"],
    &["array", "other", "*parray"],
    &["odd", "odd"],
    &["grid[0]", "grid[1]"],
    &["queue", "noQueue", "nil"],
    &["any1", "i", "5", "any2", "\"text\"", "s"],
    &["any4", "f64", "2.5", "*pf"],
    &["any5", "o.inner", "lonely.inner"],
    &["area", "area.(square)", "pointed.(*square)"],
];

/// What can be compared with nil alone.
pub(crate) const NIL_ONLY: &[&str] =
    &["ints", "none", "ages", "absent", "call", "noCall", "bytes[:0]", "runes"];

/// What has a length; of those with `true`, a capacity, too.
pub(crate) const CONTAINERS: &[(&str, bool)] = &[
    ("s", false),
    ("empty", false),
    ("tag", false),
    ("\"wörld\"", false),
    ("ints", true),
    ("none", true),
    ("array", true),
    ("parray", true),
    ("grid", true),
    ("grid[1]", true),
    ("ages", false),
    ("absent", false),
    ("queue", true),
    ("noQueue", true),
    ("ints[1:3]", true),
    ("array[2:4]", true),
    ("o.Name", false),
    ("any2.(string)", false),
    ("bytes[1:]", true),
    ("names", false),
    ("[]byte(s)", false),
    ("[]rune(s)", false),
    ("parray[:3]", true),
];

/// Slices of numbers and booleans, which are shown on one line, and arrays.
pub(crate) const SLICES: &[(&str, usize)] = &[
    ("ints", 5),
    ("floats", 3),
    ("bytes", 6),
    ("runes", 4),
    ("array", 5),
    ("parray", 5),
    ("table", 4),
    ("none", 0),
];

/// What is indexed by an expression: its elements' type, and how many there are.
pub(crate) const INDEXED: &[(&str, &str, usize)] = &[
    ("int", "ints", 5),
    ("int8", "array", 5),
    ("int8", "parray", 5),
    ("uint16", "table", 4),
    ("string", "texts", 3),
    ("uint8", "s", 13),
    ("uint8", "bytes", 6),
    ("int32", "runes", 4),
    ("float32", "floats", 3),
    ("uint8", "grid[1]", 3),
    ("uint8", "\"const\"", 5),
];

/// Maps: the types of their keys and elements.
pub(crate) const MAPS: &[(&str, &str, &str)] = &[
    ("ages", "string", "int"),
    ("names", "int8", "string"),
    ("rates", "float64", "float32"),
    ("absent", "string", "int"),
];

pub(crate) const INT_LITERALS: &[&str] = &[
    "0",
    "1",
    "2",
    "3",
    "7",
    "10",
    "63",
    "64",
    "100",
    "127",
    "128",
    "255",
    "0x1F",
    "0XaB",
    "0b1011",
    "0B1",
    "0o17",
    "017",
    "1_000",
    "0x_ff_ff",
    "65536",
    "2147483647",
    "4294967296",
    "9223372036854775807",
    "18446744073709551615",
    "0x1_0000_0000_0000_0000",
    "perDay",
];
pub(crate) const RUNE_LITERALS: &[&str] =
    &["'a'", "'Z'", "'\\n'", "'\\x41'", "'\\''", "'世'", "'\\u00e9'", "'\\U0001F600'", "'\\101'", "'\\\\'"];
pub(crate) const FLOAT_LITERALS: &[&str] = &[
    "0.0",
    "1.0",
    "0.5",
    ".25",
    "2.",
    "3.0",
    "0.1",
    "1e3",
    "1E-3",
    "1_0.2_5",
    "0x1p-2",
    "0x1.8p1",
    "0X.8P+3",
    "1e10",
    "1e100",
    "123456789.0",
    "012.5",
    "epsilon",
    "1e-320",
];
pub(crate) const IMAGINARY_LITERALS: &[&str] =
    &["1i", "0i", "2.5i", "0x1p1i", "1e2i", ".5i", "0b11i", "3_0i"];
pub(crate) const STRING_LITERALS: &[&str] = &[
    "\"\"",
    "\"a\"",
    "\"hello\"",
    "\"text\"",
    "`raw \\n`",
    "\"tab\\there\"",
    "\"\\xff\\x00\"",
    "\"\\u4e16\"",
    "\"\\\"q\\\"\"",
    "\"b\"",
    "\"\\a\\b\\f\\v\\101\"",
];

/// The types of indices.
pub(crate) const INDEX_TYPES: &[&str] = &["int", "int8", "int32", "int64", "count"];
