//! What literals stand for, assignments, and the names of nodes.

#![allow(clippy::unwrap_used, reason = "a failing test may panic anywhere")]

use adit_expr::{
    FloatLiteral, IntLiteral, LiteralValue, Node, Statement, parse, parse_assignment, parse_statement, quote,
    quote_bytes, quote_char, unicode_notation,
};

fn value(text: &str) -> LiteralValue {
    let tree = parse(text).unwrap();
    match tree.node(tree.root()) {
        Node::Literal(literal) => literal.value(),
        other => panic!("{text}: {other:?}"),
    }
}

fn int(radix: u32, digits: &str) -> IntLiteral {
    IntLiteral { radix, digits: digits.into() }
}

fn float(radix: u32, digits: &str, exponent_base: u32, exponent: i64) -> FloatLiteral {
    FloatLiteral { radix, digits: digits.into(), exponent_base, exponent }
}

#[test]
fn integers_keep_all_their_digits() {
    let table = [
        ("0", int(10, "0")),
        ("1_000", int(10, "1000")),
        ("0x_Ff", int(16, "Ff")),
        ("0b101", int(2, "101")),
        ("0o17", int(8, "17")),
        ("017", int(8, "17")),
        ("00", int(8, "0")),
        ("340282366920938463463374607431768211456", int(10, "340282366920938463463374607431768211456")),
    ];
    for (text, expected) in table {
        assert_eq!(value(text), LiteralValue::Int(expected), "{text}");
    }
}

#[test]
fn floats_are_digits_and_exponent() {
    let table = [
        ("1.5", float(10, "15", 10, -1)),
        ("1.", float(10, "1", 10, 0)),
        (".25", float(10, "25", 10, -2)),
        ("1e3", float(10, "1", 10, 3)),
        ("1_0.0_1E-1_0", float(10, "1001", 10, -12)),
        ("09.5", float(10, "095", 10, -1)),
        ("0x1p-2", float(16, "1", 2, -2)),
        ("0x1.8P3", float(16, "18", 2, -1)),
        ("0X.8p+1", float(16, "8", 2, -3)),
        ("1e99999999999999999999", float(10, "1", 10, i64::MAX)),
        ("1.0e-99999999999999999999", float(10, "10", 10, i64::MIN)),
    ];
    for (text, expected) in table {
        assert_eq!(value(text), LiteralValue::Float(expected), "{text}");
    }
}

#[test]
fn imaginary_numbers() {
    assert_eq!(value("2i"), LiteralValue::ImaginaryInt(int(10, "2")));
    assert_eq!(value("012i"), LiteralValue::ImaginaryInt(int(10, "012")));
    assert_eq!(value("0x1fi"), LiteralValue::ImaginaryInt(int(16, "1f")));
    assert_eq!(value("0b1i"), LiteralValue::ImaginaryInt(int(2, "1")));
    assert_eq!(value("1.5i"), LiteralValue::ImaginaryFloat(float(10, "15", 10, -1)));
    assert_eq!(value("0x1p1i"), LiteralValue::ImaginaryFloat(float(16, "1", 2, 1)));
    assert_eq!(value("1e2i"), LiteralValue::ImaginaryFloat(float(10, "1", 10, 2)));
}

#[test]
fn runes_and_strings() {
    let runes = [
        ("'a'", 97),
        ("'ä'", 0xe4),
        ("'\\n'", 10),
        ("'\\''", 39),
        ("'\\xff'", 255),
        ("'\\377'", 255),
        ("'\\u20ac'", 0x20ac),
    ];
    for (text, expected) in runes {
        assert_eq!(value(text), LiteralValue::Rune(expected), "{text}");
    }
    let strings: [(&str, &[u8]); 5] = [
        ("\"a\\tb\\\"\\\\\"", b"a\tb\"\\"),
        ("\"\\xff\\101\"", b"\xffA"),
        ("\"\\U0001F600€\"", "😀€".as_bytes()),
        ("`a\\n\r\n`", b"a\\n\n"),
        ("\"\"", b""),
    ];
    for (text, expected) in strings {
        assert_eq!(value(text), LiteralValue::String(expected.into()), "{text}");
    }
}

#[test]
fn assignments() {
    let assignment = parse_assignment("a.b[1] = -c").unwrap();
    assert_eq!(assignment.lhs.to_string(), "a.b[1]");
    assert_eq!(assignment.rhs.to_string(), "-c");
    assert_eq!(assignment.rhs.source(assignment.rhs.root()), "-c");
    let error = |text| parse_assignment(text).unwrap_err().to_string();
    assert_eq!(error("a"), "1:2: expected '=', found newline");
    assert_eq!(error("a = "), "1:5: expected operand, found 'EOF'");
    assert_eq!(error("a = b = c"), "1:7: expected '==', found '='");
    assert_eq!(error("f(a = b) = c"), "1:5: expected '==', found '='");
    assert!(matches!(parse_statement("a = b"), Ok(Statement::Assign(_))));
    assert!(matches!(parse_statement("a == b"), Ok(Statement::Expr(_))));
    assert_eq!(parse_statement("a := b").unwrap_err().to_string(), "1:3: expected 'EOF', found ':='");
}

#[test]
fn nodes_have_gos_names() {
    let table = [
        ("T{1}", "*ast.CompositeLit"),
        ("func() {}", "*ast.FuncLit"),
        ("[]int", "*ast.ArrayType"),
        ("map[K]V", "*ast.MapType"),
        ("chan int", "*ast.ChanType"),
        ("struct{}", "*ast.StructType"),
        ("interface{}", "*ast.InterfaceType"),
        ("func()", "*ast.FuncType"),
        ("G[A, B]", "*ast.IndexListExpr"),
        ("G[A]", "*ast.IndexExpr"),
    ];
    for (text, expected) in table {
        let tree = parse(text).unwrap();
        assert_eq!(tree.node(tree.root()).go_type(), expected);
    }
}

#[test]
fn spans_and_parentheses() {
    let tree = parse(" ((a.b)) + /* c */ d ").unwrap();
    let Node::Binary { x, y, .. } = *tree.node(tree.root()) else { panic!() };
    assert_eq!(tree.source(tree.root()), "((a.b)) + /* c */ d");
    assert_eq!((tree.source(x), tree.source(tree.unparen(x)), tree.source(y)), ("((a.b))", "a.b", "d"));
}

#[test]
fn quoting() {
    assert_eq!(quote("a\"\\\n\x00\x7f\u{80}é€😀\u{200b}\u{ad}\u{a0}\u{301}"), {
        "\"a\\\"\\\\\\n\\x00\\x7f\\u0080é€😀\\u200b\\u00ad\\u00a0\u{301}\""
    });
    assert_eq!(quote_bytes(b"a\xffb\xc3"), "\"a\\xffb\\xc3\"");
    assert_eq!(quote_char('\''), "'\\''");
    assert_eq!(quote_char('"'), "'\"'");
    assert_eq!(quote_char('\u{10ffff}'), "'\\U0010ffff'");
    assert_eq!(unicode_notation('@'), "U+0040 '@'");
    assert_eq!(unicode_notation('\0'), "U+0000");
}
