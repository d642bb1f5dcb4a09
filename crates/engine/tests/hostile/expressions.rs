//! Random expressions in a live scope.

use adit_engine::value::LoadConfig;

use crate::look::{assert_modest, bounded};
use crate::program::{DEBUG, Go};
use crate::random::Random;
use crate::{Stopped, for_each_seed};

/// Variables of the frame and its packages, and what is none.
const NAMES: &[&str] = &[
    "all",
    "depth",
    "rest",
    "result",
    "err",
    "i8",
    "u16",
    "f32",
    "c128",
    "text",
    "runes",
    "bytes",
    "slices",
    "array",
    "favourite",
    "empty",
    "none",
    "one",
    "pointer",
    "double",
    "add",
    "buffered",
    "keys",
    "sets",
    "number",
    "address",
    "value",
    "dynamic",
    "now",
    "took",
    "flag",
    "self",
    "main.numbers",
    "main.registry",
    "main.large",
    "main.matrix",
    "main.root",
    "main.failure",
    "main.mutex",
    "main.blue",
    "blue",
    "main.tree",
    "fmt.Println",
    "nil",
    "true",
    "RIP",
    "_RSP",
    "XMM0",
    "runtime.curg",
    "runtime.allgs",
    "runtime.frameoff",
    "runtime.frame(1).all",
    "main",
    "missing",
    "runtime.threadid",
    "delve.bphitcount",
    "math.MaxInt8",
    "len",
    "_",
    "time.Local",
    "\"math/big\".natOne",
];

/// Fields, methods and what is neither.
const MEMBERS: &[&str] = &[
    "A", "B", "Names", "Index", "Shapes", "When", "Any", "Func", "Queue", "Err", "Mutex", "Count", "Raw",
    "embedded", "Value", "Name", "Left", "Right", "Next", "Side", "Radius", "Area", "X", "Y", "wall", "ext",
    "loc", "abs", "typ_", "flag", "goid", "stack", "qcount", "buf", "none", "uint8", "float32", "len",
    "state", "Seconds",
];

const TYPES: &[&str] = &[
    "int",
    "int8",
    "uint8",
    "uint64",
    "float32",
    "float64",
    "string",
    "[]byte",
    "[]rune",
    "[]int",
    "bool",
    "complex64",
    "error",
    "uintptr",
    "unsafe.Pointer",
    "*int",
    "**main.node",
    "*main.node",
    "main.color",
    "main.square",
    "main.shape",
    "*main.circle",
    "*main.wide",
    "[3]int",
    "map[string]int",
    "chan int",
    "func(int) int",
    "interface {}",
    "struct {}",
    "*[1048576]uint64",
    "*[4611686018427387904]int",
    "*\"math/big\".Int",
    "time.Time",
    "time.Duration",
    "missing.T",
    "data",
];

const LITERALS: &[&str] = &[
    "0",
    "1",
    "-1",
    "2",
    "7",
    "63",
    "64",
    "65",
    "255",
    "256",
    "1 << 31",
    "9223372036854775807",
    "18446744073709551615",
    "18446744073709551616",
    "0xc000000000",
    "0xffffffffffffffff",
    "1.5",
    "0.1",
    "1e308",
    "1e-400",
    "1e4000",
    "2i",
    "'a'",
    "'\\u20ac'",
    "\"\"",
    "\"one\"",
    "\"root\"",
    "`raw`",
    "\"\\xff\"",
    "true",
    "nil",
    "0b101",
    "0o17",
    "1_000",
];

const BINARY: &[&str] = &[
    "+", "-", "*", "/", "%", "&", "|", "^", "&^", "<<", ">>", "==", "!=", "<", "<=", ">", ">=", "&&", "||",
    "<-",
];

const UNARY: &[&str] = &["+", "-", "!", "^", "*", "&", "<-", "**", "&*", "*&"];

const BUILTINS: &[&str] =
    &["len", "cap", "complex", "real", "imag", "min", "max", "append", "new", "string", "copy"];

/// A random expression, nested at most `depth` deep.
fn expression(random: &mut Random, depth: usize) -> String {
    if depth == 0 {
        return match random.below(3) {
            0 => random.pick(LITERALS).to_owned(),
            _ => random.pick(NAMES).to_owned(),
        };
    }
    let inner = |random: &mut Random| {
        let shallower = random.below(depth);
        expression(random, shallower)
    };
    match random.below(16) {
        0..=2 => format!("{} {} {}", inner(random), random.pick(BINARY), inner(random)),
        3 => format!("{}{}", random.pick(UNARY), inner(random)),
        4..=6 => format!("{}.{}", inner(random), random.pick(MEMBERS)),
        7 | 8 => format!("{}[{}]", inner(random), inner(random)),
        9 => format!("{}[{}:{}]", inner(random), inner(random), inner(random)),
        10 => match random.below(4) {
            0 => format!("{}[:{}]", inner(random), inner(random)),
            1 => format!("{}[{}:]", inner(random), inner(random)),
            2 => format!("{}[:]", inner(random)),
            _ => format!("{}[0:1:{}]", inner(random), inner(random)),
        },
        11 => format!("({})", inner(random)),
        12 => format!("{}.({})", inner(random), random.pick(TYPES)),
        13 => format!("({})({})", random.pick(TYPES), inner(random)),
        14 => match random.below(3) {
            0 => format!("{}()", random.pick(BUILTINS)),
            1 => format!("{}({})", random.pick(BUILTINS), inner(random)),
            _ => format!("{}({}, {})", random.pick(BUILTINS), inner(random), inner(random)),
        },
        _ => match random.below(4) {
            0 => format!("*(*{})({})", random.pick(TYPES), inner(random)),
            1 => format!("{}{{{}}}", random.pick(TYPES), inner(random)),
            2 => format!("{}({})", inner(random), inner(random)),
            _ => format!("{} {} {}", random.pick(NAMES), random.pick(BINARY), random.pick(NAMES)),
        },
    }
}

fn evaluate(stopped: &Stopped, seed: u64, damaged: bool) {
    /// Expressions for each seed: a debugger is made only once for them.
    const COUNT: usize = 200;
    let debugger = stopped.debugger(if damaged { seed } else { 0 }, true);
    let mut random = Random::new(seed);
    let scopes: Vec<_> = (0..3).filter_map(|frame| debugger.scope(-1, frame).ok()).collect();
    if scopes.is_empty() {
        return;
    }
    for _ in 0..COUNT {
        let depth = random.below(6);
        let text = expression(&mut random, depth);
        let scope = &scopes[random.below(scopes.len())];
        drop(bounded(stopped, &text, || debugger.eval(scope, &text, &LoadConfig::FULL)));
        drop(bounded(stopped, &text, || debugger.type_layout(scope, &text, 2)));
    }
}

#[test]
fn random_expressions_are_evaluated() {
    for go in Go::all() {
        println!("Go 1.{}", go.minor);
        let stopped = Stopped::start(&go, DEBUG);
        for_each_seed(6, |seed| evaluate(&stopped, seed, false));
    }
    assert_modest();
}

#[test]
fn random_expressions_are_evaluated_in_damaged_memory() {
    for go in Go::all() {
        println!("Go 1.{}", go.minor);
        let stopped = Stopped::start(&go, DEBUG);
        for_each_seed(4, |seed| evaluate(&stopped, seed, true));
    }
    assert_modest();
}
