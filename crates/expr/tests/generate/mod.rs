//! Random Go expressions, the same ones for the same seed.

use crate::random::Random;

const NAMES: &[&str] = &["a", "b", "x", "pkg", "T", "Größe", "_", "true", "nil", "len"];
const LITERALS: &[&str] = &[
    "0",
    "1",
    "42",
    "0x1F",
    "0b101",
    "0o17",
    "017",
    "1_000_000",
    "1.5",
    ".5",
    "1e3",
    "1E-3",
    "0x1p-2",
    "0x1.8P3",
    "2i",
    "1.5i",
    "0x1i",
    "'a'",
    "'\\n'",
    "'\\x41'",
    "'\\u00e4'",
    "\"s\"",
    "\"\\t\\\"q\\\"\"",
    "`raw\\`",
    "\"path/pkg\".Name",
    "18446744073709551616",
];
const BINARY: &[&str] =
    &["+", "-", "*", "/", "%", "&", "|", "^", "&^", "<<", ">>", "==", "!=", "<", "<=", ">", ">=", "&&", "||"];
const UNARY: &[&str] = &["+", "-", "!", "^", "&", "*", "<-"];

/// A well-formed expression.
pub(crate) fn expression(random: &mut Random) -> String {
    value(random, 5)
}

fn space(random: &mut Random) -> &'static str {
    random.pick(&["", "", " ", "  "])
}

fn value(random: &mut Random, depth: usize) -> String {
    if depth == 0 {
        return leaf(random);
    }
    let d = depth - 1;
    match random.below(17) {
        0..=2 => {
            let (x, y) = (value(random, d), value(random, d));
            let (op, blank) = (random.pick(BINARY), space(random));
            format!("{x}{blank}{op} {y}")
        }
        3 => format!("{} {}", random.pick(UNARY), value(random, d)),
        4 => format!("{}{}", random.pick(&["-", "!", "&", "*"]), primary(random, d)),
        5 => format!("({}{})", space(random), value(random, d)),
        6 => ty(random, d),
        7 => format!("func{} {{ return }}", signature(random, d)),
        8 => leaf(random),
        _ => primary(random, depth),
    }
}

fn leaf(random: &mut Random) -> String {
    if random.below(2) == 0 { random.pick(NAMES).into() } else { random.pick(LITERALS).into() }
}

fn values(random: &mut Random, depth: usize, least: usize) -> String {
    let count = least + random.below(3);
    let list: Vec<String> = (0..count).map(|_| value(random, depth)).collect();
    list.join(random.pick(&[", ", ","]))
}

fn primary(random: &mut Random, depth: usize) -> String {
    if depth == 0 {
        return random.pick(NAMES).into();
    }
    let d = depth - 1;
    let x = match random.below(4) {
        0 => format!("({})", value(random, d)),
        _ => primary(random, d),
    };
    match random.below(13) {
        0 | 1 => format!("{x}.{}", random.pick(&["f", "Name", "x"])),
        2 => format!("{x}[{}]", value(random, d)),
        3 => format!("{x}[{}:{}]", value(random, d), value(random, d)),
        4 => format!("{x}[{}:{}:{}]", optional(random, d), value(random, d), value(random, d)),
        5 => format!("{x}[{}:{}]", optional(random, d), optional(random, d)),
        6 => format!("{x}[{}, {}]", ty(random, d), ty(random, d)),
        7 => format!("{x}.({})", random.pick(&["T", "*T", "data", "pkg.T", "[]int", "type"])),
        8 => format!("{x}({})", values(random, d, 0)),
        9 => format!("{x}({}...)", values(random, d, 1)),
        10 => format!("{}{{{}}}", literal_type(random, d), elements(random, d)),
        11 => format!("(*{})({})", type_name(random, d), value(random, d)),
        _ => format!("({})({})", ty(random, d), value(random, d)),
    }
}

fn optional(random: &mut Random, depth: usize) -> String {
    if random.below(2) == 0 { String::new() } else { value(random, depth) }
}

fn elements(random: &mut Random, depth: usize) -> String {
    let mut list = Vec::new();
    for _ in 0..random.below(4) {
        let element = match random.below(4) {
            0 if depth > 0 => format!("{{{}}}", elements(random, depth - 1)),
            _ => value(random, depth),
        };
        let keyed = random.below(2) == 0;
        list.push(if keyed { format!("{}: {element}", value(random, depth)) } else { element });
    }
    list.join(", ")
}

fn literal_type(random: &mut Random, depth: usize) -> String {
    match random.below(6) {
        0 => format!("[]{}", ty(random, depth)),
        1 => format!("[...]{}", ty(random, depth)),
        2 => format!("map[{}]{}", ty(random, depth), ty(random, depth)),
        3 => "struct{ a int }".into(),
        _ => type_name(random, depth),
    }
}

fn type_name(random: &mut Random, depth: usize) -> String {
    match random.below(4) {
        0 => "pkg.T".into(),
        1 if depth > 0 => format!("G[{}]", ty(random, depth - 1)),
        2 if depth > 0 => format!("pkg.G[{}, {}]", ty(random, depth - 1), ty(random, depth - 1)),
        _ => random.pick(&["T", "int", "string"]).into(),
    }
}

fn ty(random: &mut Random, depth: usize) -> String {
    if depth == 0 {
        return type_name(random, 0);
    }
    let d = depth - 1;
    match random.below(14) {
        0 => format!("*{}", ty(random, d)),
        1 => format!("[]{}", ty(random, d)),
        2 => format!("[{}]{}", random.pick(&["3", "N", "2*N+1"]), ty(random, d)),
        3 => format!("map[{}]{}", ty(random, d), ty(random, d)),
        4 => format!("chan {}", ty(random, d)),
        5 => format!("chan<- {}", ty(random, d)),
        6 => format!("<-chan {}", ty(random, d)),
        7 => format!("func{}", signature(random, d)),
        8 => random.pick(&["struct{}", "interface{}", "interface { m(int) T; T }"]).into(),
        9 => format!("struct {{ a, b {}; *T; c []int `tag` }}", ty(random, d)),
        10 => format!("({})", ty(random, d)),
        11 => random.pick(&["interface{ ~int | string }", "struct{ G[int] }", "struct{ a [3]int }"]).into(),
        _ => type_name(random, depth),
    }
}

fn signature(random: &mut Random, depth: usize) -> String {
    let params = match random.below(5) {
        0 => String::new(),
        1 => format!("a, b {}", ty(random, depth)),
        2 => format!("a {}, c ...{}", ty(random, depth), ty(random, depth)),
        3 => format!("{}, {}", ty(random, depth), ty(random, depth)),
        _ => format!("...{}", ty(random, depth)),
    };
    let results = match random.below(4) {
        0 => " error".into(),
        1 => format!(" (r {})", ty(random, depth)),
        2 => " (int, error)".into(),
        _ => String::new(),
    };
    format!("({params}){results}")
}

/// A text near a well-formed one: tokens dropped, doubled, put in, cut off.
pub(crate) fn mutate(text: &str, random: &mut Random) -> String {
    const PIECES: &[&str] = &[
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        ",",
        ":",
        ";",
        ".",
        "...",
        "=",
        ":=",
        "++",
        "<-",
        "!",
        "~",
        "type",
        "struct",
        "interface",
        "map",
        "chan",
        "if",
        "return",
        "\n",
        "\"",
        "'",
        "`",
        "//",
        "/*",
        "*/",
        "@",
        "#",
        "$",
        "\\",
        "0x",
        "1e",
        "09",
        "1_",
        "'ab'",
        "\"\\q\"",
        "“",
        "é",
        "\0",
        "0b2",
        "x",
        " 1 ",
        "\u{feff}",
    ];
    let mut chars: Vec<char> = text.chars().collect();
    for _ in 0..1 + random.below(3) {
        let at = random.below(chars.len() + 1);
        match random.below(4) {
            0 if at < chars.len() => {
                chars.remove(at);
            }
            1 => chars.truncate(at),
            _ => {
                let piece: Vec<char> = random.pick(PIECES).chars().collect();
                chars.splice(at..at, piece);
            }
        }
    }
    chars.into_iter().collect()
}
