//! Real values of a Go 1.19 program, with the texts expected of them, and made-up ones for what it does not have.

use super::{Format, multi_line, single_line};
use crate::{Kind, Variable};

#[derive(serde::Deserialize)]
struct Case {
    name: String,
    variable: Variable,
    single: Option<String>,
    multi: Option<String>,
}

#[test]
fn values_of_a_program() {
    let cases: Vec<Case> = serde_json::from_str(include_str!("testdata/values.json")).unwrap();
    assert!(cases.len() > 90);
    let mut wrong = String::new();
    for case in &cases {
        let texts = [
            (case.single.as_ref(), single_line(&case.variable)),
            (case.multi.as_ref(), multi_line(&case.variable, "")),
        ];
        for (expected, text) in texts {
            if expected.is_some_and(|e| *e != text) {
                wrong.push_str(&format!("{}:\n{}\nshould be\n{}\n\n", case.name, text, expected.unwrap()));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

fn variable(kind: Kind, type_name: &str, value: &str) -> Variable {
    Variable {
        kind,
        type_name: type_name.into(),
        value: value.into(),
        addr: 0xc000010000,
        ..Variable::default()
    }
}

fn string(text: &[u8], len: i64) -> Variable {
    let mut v = variable(Kind::STRING, "string", &String::from_utf8_lossy(text));
    v.len = len;
    if std::str::from_utf8(text).is_err() {
        v.string_value_bytes = text.to_vec();
    }
    v
}

fn named(name: &str, mut v: Variable) -> Variable {
    v.name = name.into();
    v
}

fn structure(type_name: &str, fields: Vec<Variable>) -> Variable {
    Variable { len: fields.len() as i64, children: fields.into(), ..variable(Kind::STRUCT, type_name, "") }
}

#[test]
fn strings() {
    assert_eq!(single_line(&string(b"hello", 5)), r#""hello""#);
    assert_eq!(single_line(&string(b"hello", 36)), r#""hello...+31 more""#);
    assert_eq!(single_line(&string(b"\xff\x00a", 3)), r#""\xff\x00a""#);
    assert_eq!(single_line(&string(b"", 0)), r#""""#);
}

#[test]
fn unreadable_and_missing() {
    let mut v = variable(Kind::INT, "int", "");
    assert_eq!(single_line(&v), "(unknown int)");
    v.unreadable = "could not read memory".into();
    assert_eq!(single_line(&v), "(unreadable could not read memory)");
    assert_eq!(multi_line(&v, ""), "(unreadable could not read memory)");
}

#[test]
fn pointers() {
    let target = |only_addr| Variable { only_addr, ..structure("example.com/p.T", vec![]) };
    let pointer = |target| Variable {
        children: [target].into(),
        len: 1,
        ..variable(Kind::POINTER, "*example.com/p.T", "1")
    };
    assert_eq!(single_line(&pointer(target(true))), r#"("*example.com/p.T")(0xc000010000)"#);
    assert_eq!(single_line(&pointer(target(false))), "*example.com/p.T {}");
    assert_eq!(
        multi_line(&pointer(target(false)), ""),
        "(\"*example.com/p.T\")(0xc000010000)\n*example.com/p.T {}"
    );
    let nil = Variable { addr: 0, ..target(true) };
    assert_eq!(multi_line(&pointer(nil), ""), "*example.com/p.T nil");
    let deep = Variable { len: 3, ..target(false) };
    assert_eq!(single_line(&pointer(deep)), r#"*("*example.com/p.T")(0xc000010000)"#);
}

#[test]
fn unsafe_pointers() {
    let target = Variable { only_addr: true, ..variable(Kind::INVALID, "void", "") };
    let mut v =
        Variable { children: [target].into(), ..variable(Kind::UNSAFE_POINTER, "unsafe.Pointer", "") };
    assert_eq!(single_line(&v), "unsafe.Pointer(0xc000010000)");
    v.children[0].only_addr = false;
    v.children[0].unreadable = "void".into();
    assert_eq!(multi_line(&v, ""), "(unsafe.Pointer)(0xc000010000)\n*(unreadable void)");
    v.children = Vec::new().into();
    assert_eq!(single_line(&v), "unsafe.Pointer(nil)");
}

#[test]
fn closures_show_what_they_captured() {
    let mut v = variable(Kind::FUNC, "func()", "main.main.func1");
    assert_eq!(multi_line(&v, ""), "main.main.func1");
    v.children = [named("i", variable(Kind::INT, "int", "42")), named("s", string(b"hello", 5))].into();
    v.len = 2;
    assert_eq!(single_line(&v), "main.main.func1");
    assert_eq!(multi_line(&v, ""), "main.main.func1 {\n\ti int = 42\n\ts string = \"hello\"\n}");
}

#[test]
fn truncated_containers() {
    let one = variable(Kind::INT, "int", "1");
    let ints = Variable {
        len: 38,
        cap: 40,
        base: 1,
        children: vec![one.clone(); 2].into(),
        ..variable(Kind::SLICE, "[]int", "")
    };
    assert_eq!(single_line(&ints), "[]int len: 38, cap: 40, [1,1,...+36 more]");
    let map = Variable {
        len: 5,
        base: 1,
        children: vec![one.clone(); 4].into(),
        ..variable(Kind::MAP, "map[int]int", "")
    };
    assert_eq!(single_line(&map), "map[int]int [1: 1, 1: 1, ...+3 more]");
    assert_eq!(multi_line(&map, ""), "map[int]int [\n\t1: 1, \n\t1: 1, \n\t...+3 more\n]");
    let fields = Variable { len: 4, ..structure("main.T", vec![named("A", one)]) };
    assert_eq!(single_line(&fields), "main.T {A: 1,...+3 more}");
}

#[test]
fn verbs_reach_every_scalar() {
    let v = structure(
        "main.Rect",
        vec![named("W", variable(Kind::INT, "main.Color", "Blue (26)")), named("Name", string(b"plain", 5))],
    );
    let hex = Format { verb: "%x", ..Format::default() };
    assert_eq!(hex.text(&v), "main.Rect {W: 1a, Name: 706c61696e}");
}

#[test]
fn short_types_and_no_types() {
    let v = structure("example.com/some/path.T", vec![named("P", structure("a/b/c.U", vec![]))]);
    assert_eq!(Format { short_types: true, ..Format::default() }.text(&v), "path.T {P: c.U {}}");
    assert_eq!(Format { omit_type: true, ..Format::default() }.text(&v), "{P: a/b/c.U {}}");
}

#[test]
fn deep_nesting_is_written_whole_and_indented_only_so_far() {
    let mut v = structure("T", vec![named("n", variable(Kind::INT, "int", "1"))]);
    for _ in 0..5000 {
        v = structure("T", vec![named("n", v)]);
    }
    assert_eq!(single_line(&v).matches("T {").count(), 5001);
    let lines = multi_line(&v, "");
    assert_eq!(lines.lines().map(|line| line.matches('\t').count()).max(), Some(100));
}

#[test]
fn readable_texts_stand_beside_the_raw_values() {
    let known = |v: Variable, text: &str| Variable { summary: Some(text.into()), ..v };
    let readable = |v: &Variable| Format { summaries: true, ..Format::default() }.text(v);
    let wait = known(variable(Kind::INT64, "time.Duration", "1500000000"), "1.5s");
    assert_eq!(readable(&wait), "1500000000 (1.5s)");
    assert_eq!(single_line(&wait), "1500000000");
    assert_eq!(Format { verb: "%x", summaries: true, ..Format::default() }.text(&wait), "59682f00");
    let number = structure("math/big.Int", vec![named("neg", variable(Kind::BOOL, "bool", "false"))]);
    assert_eq!(readable(&known(number.clone(), "7")), "math/big.Int(7){neg: false}");
    assert_eq!(single_line(&known(number.clone(), "7")), "math/big.Int {neg: false}");
    let list = Variable {
        len: 1,
        cap: 1,
        base: 1,
        children: [known(number.clone(), "7")].into(),
        ..variable(Kind::SLICE, "[]math/big.Int", "")
    };
    assert_eq!(readable(&list), "[]math/big.Int len: 1, cap: 1, [(7){neg: false}]");
    let pointer = |target| Variable {
        children: [target].into(),
        len: 1,
        ..variable(Kind::POINTER, "*math/big.Int", "")
    };
    let followed = pointer(known(number.clone(), "7"));
    assert_eq!(readable(&followed), "*math/big.Int(7){neg: false}");
    let not_followed =
        pointer(Variable { only_addr: true, children: Vec::new().into(), ..known(number, "7") });
    assert_eq!(readable(&not_followed), "(\"*math/big.Int\")(0xc000010000) (7)");
    let bytes = |type_name| Variable {
        len: 1,
        cap: 1,
        base: 1,
        children: [variable(Kind::UINT8, "uint8", "10")].into(),
        ..variable(Kind::SLICE, type_name, "")
    };
    assert_eq!(readable(&known(bytes("net.IP"), "x")), "net.IP(x) len: 1, cap: 1, [10]");
    let array = Variable { kind: Kind::ARRAY, ..known(bytes("main.UUID"), "x") };
    assert_eq!(readable(&array), "main.UUID(x) [10]");
    // What the body says is not said twice.
    let error = structure("errors.errorString", vec![named("s", string(b"EOF", 3))]);
    assert_eq!(readable(&known(error, "\"EOF\"")), "errors.errorString {s: \"EOF\"}");
}

#[test]
fn readable_texts_are_no_part_of_the_api() {
    let known = Variable { summary: Some("1.5s".into()), ..variable(Kind::INT64, "time.Duration", "1") };
    let json = serde_json::to_string(&known).unwrap();
    assert!(!json.contains("summary") && !json.contains("1.5s"), "{json}");
    // For those who ask.
    let json = crate::with_readable_texts(|| serde_json::to_string(&known).unwrap());
    assert_eq!(serde_json::from_str::<Variable>(&json).unwrap(), known);
}

#[test]
fn raw_strings_are_written_as_they_are() {
    let raw = |v: &Variable| Format { raw_strings: true, ..Format::default() }.text(v);
    assert_eq!(raw(&string(b"a\"b\n", 9)), "a\"b\n...+5 more");
    assert_eq!(raw(&structure("main.T", vec![named("S", string(b"a", 1))])), "main.T {S: \"a\"}");
}

#[test]
fn nil_pointers_to_strings_are_nil() {
    let nil = Variable { addr: 0, only_addr: true, ..variable(Kind::STRING, "string", "") };
    let pointer = Variable { children: [nil].into(), len: 1, ..variable(Kind::POINTER, "*string", "") };
    assert_eq!(single_line(&pointer), "*string nil");
    let list = Variable {
        len: 1,
        cap: 1,
        base: 1,
        children: [pointer].into(),
        ..variable(Kind::SLICE, "[]*string", "")
    };
    assert_eq!(single_line(&list), "[]*string len: 1, cap: 1, [*nil]");
}
