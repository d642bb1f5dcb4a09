//! Location specifications: each row of the grammar, each error text, each matching rule.

use adit_expr::{
    BreakArguments, FunctionName, FunctionSpec, Imports, Location, NoImports, Normal, file_matches,
    function_matches, location_ambiguous, location_not_found, parse_location, split_condition,
};

fn spec(text: &str) -> FunctionSpec {
    FunctionSpec::parse(text).unwrap_or_else(|| panic!("{text} has no function's form"))
}

fn matches(typed: &str, full: &str) -> bool {
    function_matches(&spec(typed), full, &NoImports)
}

fn normal(text: &str) -> Normal {
    match parse_location(text) {
        Ok(Location::Normal(normal)) => normal,
        other => panic!("{text}: {other:?}"),
    }
}

#[test]
fn forms_other_than_names() {
    let table = [
        ("*0x4967b4", Location::Address("0x4967b4".into())),
        ("*main.f", Location::Address("main.f".into())),
        ("*", Location::Address(String::new())),
        ("/^main\\./", Location::Regex("^main\\.".into())),
        ("/a\\/b/", Location::Regex("a/b".into())),
        ("/a\\\\/", Location::Regex("a\\\\".into())),
        ("//", Location::Regex(String::new())),
        ("+0", Location::Offset(0)),
        ("+12", Location::Offset(12)),
        ("-1", Location::Offset(-1)),
        ("42", Location::Line(42)),
        ("0x10", Location::Line(16)),
        ("010", Location::Line(8)),
        ("0b11", Location::Line(3)),
        ("0o17", Location::Line(15)),
        ("1_0", Location::Line(10)),
    ];
    for (text, expected) in table {
        assert_eq!(parse_location(text), Ok(expected), "{text}");
    }
}

#[test]
fn files_and_functions() {
    let table = [
        ("main.go:12", "main.go", Some(12)),
        ("a/b/main.go:0", "a/b/main.go", Some(0)),
        ("C:\\src\\main.go:12", "C:\\src\\main.go", Some(12)),
        ("/abs/main.go:7", "/abs/main.go", Some(7)),
        ("/a/b", "/a/b", None),
        ("main.go:+4", "main.go", Some(4)),
        ("main.main", "main.main", None),
        ("main.main:3", "main.main", Some(3)),
        ("12x", "12x", None),
        (":3", "", Some(3)),
    ];
    for (text, base, line) in table {
        let normal = normal(text);
        assert_eq!((normal.base.as_str(), normal.line), (base, line), "{text}");
    }
    assert!(normal("pkg.(*T).m:2").function.is_some());
    assert!(normal("a/b.go/c:2").function.is_none());
}

#[test]
fn malformed_texts() {
    let table = [
        ("", 0, "empty string"),
        ("+", 0, "strconv.Atoi: parsing \"+\": invalid syntax"),
        ("-x", 0, "strconv.Atoi: parsing \"-x\": invalid syntax"),
        ("+99999999999999999999", 0, "strconv.Atoi: parsing \"+99999999999999999999\": value out of range"),
        ("/", 0, "non-terminated regular expression"),
        ("/a\\/", 0, "non-terminated regular expression"),
        ("/a/b/", 0, "no line offset can be specified for regular expression locations"),
        (":", 1, "line offset negative or not a number"),
        ("main.go:", 8, "line offset negative or not a number"),
        ("main.go:x", 8, "line offset negative or not a number"),
        ("main.go:-1", 8, "line offset negative or not a number"),
        ("main.go:0x4", 8, "line offset negative or not a number"),
        ("a:b:c", 4, "line offset negative or not a number"),
    ];
    for (text, position, reason) in table {
        let error = parse_location(text).unwrap_err();
        let expected = format!("Malformed breakpoint location {text:?} at {position}: {reason}");
        assert_eq!(error.to_string(), expected);
    }
}

#[test]
fn texts_for_results() {
    assert_eq!(location_not_found("a\"b"), "location \"a\\\"b\" not found");
    let names = ["a", "b", "c", "d", "e", "f"];
    assert_eq!(location_ambiguous("x", names), "Location \"x\" ambiguous: a, b, c, d, e\u{2026}");
}

#[test]
fn parts_of_typed_functions() {
    let name = |name: &str| FunctionSpec { name: name.into(), ..FunctionSpec::default() };
    let part = |text: &str| Some(text.to_string());
    let table = [
        ("f", name("f")),
        ("p.f", FunctionSpec { package_or_receiver: part("p"), ..name("f") }),
        ("(*T).m", FunctionSpec { receiver: part("T"), pointer: true, ..name("m") }),
        ("a/p.f", FunctionSpec { package: part("a/p"), ..name("f") }),
        ("/a/p.f", FunctionSpec { package: part("a/p"), absolute: true, ..name("f") }),
        ("/p.f", FunctionSpec { package: part("p"), absolute: true, ..name("f") }),
        ("p.T.m", FunctionSpec { package: part("p"), receiver: part("T"), ..name("m") }),
        (
            "ex.com/p.(*T).m",
            FunctionSpec { package: part("ex.com/p"), receiver: part("T"), pointer: true, ..name("m") },
        ),
        ("main.main.func1", FunctionSpec { package: part("main"), receiver: part("main"), ..name("func1") }),
        ("p.Map[int,a/b.T]", FunctionSpec { package_or_receiver: part("p"), ..name("Map") }),
        (".main", name("main")),
        ("main..main", FunctionSpec { package: part("main"), ..name("main") }),
    ];
    for (text, expected) in table {
        assert_eq!(FunctionSpec::parse(text), Some(expected), "{text}");
    }
    for text in [
        "",
        "a.b.c.d",
        "main.main.func2.1",
        "main.",
        "a/b",
        "/a",
        "(S).Val",
        "main.(S).Val",
        "f()",
        "a b",
        "*f",
    ] {
        assert_eq!(FunctionSpec::parse(text), None, "{text}");
    }
}

#[test]
fn parts_of_full_names() {
    let table = [
        ("main.main", "main", "", "main"),
        ("main.(*S).Ptr", "main", "(*S)", "Ptr"),
        ("main.S.Val", "main", "S", "Val"),
        ("ex.com/a/sub.Foo", "ex.com/a/sub", "", "Foo"),
        ("ex.com/a/sub%2ev2.Foo", "ex.com/a/sub%2ev2", "", "Foo"),
        ("main.Map[...]", "main", "", "Map[...]"),
        ("main.Map[go.shape.int]", "main", "", "Map[go.shape.int]"),
        ("main.Map[a/b.T].func1", "main", "Map[a/b.T]", "func1"),
        ("main.(*Stack[go.shape.int]).Push", "main", "(*Stack[go.shape.int])", "Push"),
        ("main.Stack[a/b.T].Pop", "main", "Stack[a/b.T]", "Pop"),
        ("main.(*S).Ptr.func1", "main", "(*S)", "Ptr.func1"),
        ("main.main.func2.1", "main", "", "main.func2.1"),
        ("_cgo_init", "", "", "_cgo_init"),
    ];
    for (full, package, receiver, name) in table {
        assert_eq!(FunctionName::parse(full), FunctionName { package, receiver, name }, "{full}");
    }
    assert_eq!(FunctionName::parse("main.(*Stack[a.T]).Push").receiver_type(), "Stack");
    assert_eq!(FunctionName::parse("main.Stack[a.T].Push").receiver_type(), "Stack");
}

#[test]
fn functions_match_by_package_receiver_and_name() {
    let sub = "ex.com/lp/sub.Foo";
    for typed in ["Foo", "sub.Foo", "lp/sub.Foo", "ex.com/lp/sub.Foo", "/ex.com/lp/sub.Foo", ".Foo"] {
        assert!(matches(typed, sub), "{typed}");
    }
    for typed in ["p/sub.Foo", "/lp/sub.Foo", "ub.Foo", "other.Foo", "sub.Fo", "(*sub).Foo", "sub.T.Foo"] {
        assert!(!matches(typed, sub), "{typed}");
    }
    for typed in ["Ptr", "S.Ptr", "(*S).Ptr", "main.(*S).Ptr", "main.S.Ptr", "main.Ptr"] {
        assert!(matches(typed, "main.(*S).Ptr"), "{typed}");
    }
    assert!(matches("(*S).Val", "main.S.Val"));
    assert!(matches("main.main.func1", "main.main.func1"));
    assert!(!matches("main.main.func1", "main.main.func1.1"));
    assert!(matches("gopkg.in/yaml%2ev3.Node", "gopkg.in/yaml%2ev3.Node"));
}

#[test]
fn generic_functions_match_all_their_instances() {
    for full in ["main.Map[...]", "main.Map[go.shape.int_0]", "main.Map[int,ex.com/a.T]"] {
        for typed in ["main.Map", "Map", "main.Map[...]", "Map[int]"] {
            assert!(matches(typed, full), "{typed} {full}");
        }
    }
    for typed in ["main.Stack.Push", "(*Stack).Push", "main.(*Stack[...]).Push", "Stack[int].Push", "Push"] {
        assert!(matches(typed, "main.(*Stack[go.shape.int_0]).Push"), "{typed}");
    }
    assert!(!matches("Map", "main.Mapper[...]"));
}

#[test]
fn packages_match_by_the_names_they_are_known_by() {
    struct Yaml;
    impl Imports for Yaml {
        fn is_named(&self, path: &str, name: &str) -> bool {
            (path, name) == ("gopkg.in/yaml%2ev3", "yaml")
        }
    }
    assert!(function_matches(&spec("yaml.Marshal"), "gopkg.in/yaml%2ev3.Marshal", &Yaml));
    assert!(!function_matches(&spec("yaml.Marshal"), "gopkg.in/yaml%2ev3.Marshal", &NoImports));
}

#[test]
fn files_match_by_whole_elements() {
    let path = "/home/u/src/lp/sub/sub.go";
    for typed in [path, "sub.go", "sub/sub.go", "lp/sub/sub.go"] {
        assert!(file_matches(typed, path), "{typed}");
    }
    for typed in ["ub.go", "/sub.go", "/sub/sub.go", "sub", "", "x/home/u/src/lp/sub/sub.go", "SUB.go"] {
        assert!(!file_matches(typed, path), "{typed}");
    }
    assert!(file_matches("sub\\x.go", "C:/src/sub/x.go"));
    assert!(file_matches("sub/x.go", "C:\\src\\sub\\x.go"));
}

#[test]
fn arguments_of_break() {
    let reading = |name, location, condition| BreakArguments { name, location, condition };
    let table = [
        ("", vec![reading(None, "", None)]),
        ("main.main", vec![reading(None, "main.main", None)]),
        ("b1 main.main", vec![reading(Some("b1"), "main.main", None), reading(None, "b1 main.main", None)]),
        ("12 main.main", vec![reading(None, "12 main.main", None)]),
        (
            "main.go:3 if i == 2",
            vec![reading(None, "main.go:3 if i == 2", None), reading(None, "main.go:3", Some("i == 2"))],
        ),
        (
            "b1 main.go:3 if i == 2",
            vec![
                reading(Some("b1"), "main.go:3 if i == 2", None),
                reading(Some("b1"), "main.go:3", Some("i == 2")),
                reading(None, "b1 main.go:3", Some("i == 2")),
            ],
        ),
        (
            "if s == \" if \"",
            vec![reading(Some("if"), "s == \" if \"", None), reading(None, "", Some("s == \" if \""))],
        ),
    ];
    for (text, expected) in table {
        assert_eq!(split_condition(text), expected, "{text}");
    }
}
