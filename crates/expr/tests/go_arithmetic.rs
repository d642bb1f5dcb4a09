//! Constants and numbers against what Go computes (go/types for constants, a running program for values).

#![allow(clippy::unwrap_used, reason = "a failing test may panic anywhere")]

mod go_answers;
mod random;

use adit_expr::constant::{ArithmeticError, Constant, Number, NumberType};
use adit_expr::{Node, NodeId, Token, Tree, parse};
use random::Random;

fn evaluate(tree: &Tree, id: NodeId) -> Result<Constant, ArithmeticError> {
    match tree.node(id) {
        Node::Literal(literal) => Constant::from_literal(literal),
        Node::Paren(x) => evaluate(tree, *x),
        Node::Ident(name) => Ok(Constant::Bool(&**name == "true")),
        Node::Unary { op, x } => evaluate(tree, *x)?.unary(*op),
        Node::Binary { op, x, y } => {
            let (x, y) = (evaluate(tree, *x)?, evaluate(tree, *y)?);
            match op {
                Token::Shl | Token::Shr => x.shift(*op, &y),
                _ if op.precedence() == 3 => x.compare(*op, &y).map(Constant::Bool),
                _ => x.binary(*op, &y),
            }
        }
        other => panic!("{other:?}"),
    }
}

fn describe(constant: &Constant) -> String {
    match constant {
        Constant::Bool(value) => format!("untyped bool {value}"),
        Constant::String(_) => format!("untyped string {constant}"),
        Constant::Int(value) => format!("untyped int {value}"),
        Constant::Rune(value) => format!("untyped rune {value}"),
        Constant::Float(value) => format!("untyped float {value}"),
        Constant::Complex(real, imaginary) => format!("untyped complex {real} {imaginary}"),
    }
}

fn constant_expression(random: &mut Random, depth: usize) -> String {
    const LEAVES: &[&str] = &[
        "0",
        "1",
        "2",
        "3",
        "7",
        "10",
        "64",
        "100",
        "255",
        "0xffff",
        "1_000_003",
        "18446744073709551615",
        "0x1p-3",
        "123456789012345678901234567890",
        "0b1011",
        "0o17",
        "'a'",
        "'\\xff'",
        "1.5",
        "2.0",
        "0.1",
        "1e10",
        "3e-5",
        "0.3333",
        "1i",
        "2.5i",
        "\"a\"",
        "\"bc\"",
        "true",
        "false",
    ];
    const NUMBERS: usize = 24;
    if depth == 0 {
        let bound = if random.below(12) == 0 { LEAVES.len() } else { NUMBERS };
        return LEAVES[random.below(bound)].into();
    }
    let (x, y) = (constant_expression(random, depth - 1), constant_expression(random, depth - 1));
    match random.below(20) {
        0 => format!("-({x})"),
        1 => format!("^({x})"),
        2 => format!("!({x} < {y})"),
        3 => format!("({x}) << {}", random.below(20)),
        4 => format!("({x}) >> {}", random.below(100)),
        5 => format!("({x} {} {y})", random.pick(&["==", "!=", "<", "<=", ">", ">="])),
        6 => format!("(({x}) == ({y})) {} (({x}) < ({y}))", random.pick(&["&&", "||"])),
        7 | 8 => format!("({x}) {} ({y})", random.pick(&["&", "|", "^", "&^", "%"])),
        _ => format!("({x}) {} ({y})", random.pick(&["+", "-", "*", "/"])),
    }
}

#[test]
fn constant_expressions() {
    let mut random = Random::new(11);
    let texts: Vec<String> = (0..6000).map(|i| constant_expression(&mut random, 1 + i % 3)).collect();
    let lines: Vec<String> = texts.iter().map(|text| format!("eval {text}")).collect();
    let Some(answers) = go_answers::ask("goarith", 21, &lines) else { return };
    let mut compared = 0;
    for (text, go) in texts.iter().zip(answers) {
        let tree = parse(text).unwrap();
        let ours = evaluate(&tree, tree.root());
        match (&ours, go.strip_prefix("error ")) {
            // Integer operators on floats that happen to be whole are refused, as by dlv, and complex ones too.
            (Err(ArithmeticError::ShiftOf(_) | ArithmeticError::InvalidUnary(..)), None) => {}
            // Go's compilers stop at 512 bits.
            (Ok(_), Some(error)) if error.contains("overflow") || error.contains("excessively") => {}
            (Ok(ours), None) => {
                compared += 1;
                assert_eq!(describe(ours), go, "{text}");
            }
            (Err(_), Some(_)) => {}
            (ours, _) => panic!("{text}: ours {ours:?}, go {go}"),
        }
    }
    assert!(compared > 3000, "only {compared} compared");
}

const INTS: [&str; 8] = ["int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"];

fn number_type(name: &str) -> NumberType {
    match name {
        "float32" => NumberType::Float32,
        "float64" => NumberType::Float64,
        _ => {
            let signed = !name.starts_with('u');
            let bits = name.trim_start_matches(char::is_alphabetic).parse().unwrap();
            NumberType::Int { bits, signed }
        }
    }
}

/// What Go prints for `x op y`; the operator may be a type to convert to.
fn compute(op: &str, x: Number, y: Number) -> String {
    let shown = |result: Result<Number, ArithmeticError>| match result {
        Ok(number) => number.to_string(),
        Err(ArithmeticError::DivisionByZero | ArithmeticError::NegativeShift) => "panic".into(),
        Err(other) => other.to_string(),
    };
    let token = |op: &str| {
        let tree = parse(&format!("a {op} b")).unwrap();
        match tree.node(tree.root()) {
            Node::Binary { op, .. } => *op,
            other => panic!("{other:?}"),
        }
    };
    match op {
        "parse" => x.to_string(),
        "neg" => shown(x.unary(Token::Sub)),
        "not" => shown(x.unary(Token::Xor)),
        "<<" | ">>" => shown(x.shift(token(op), &y)),
        "==" | "!=" | "<" | "<=" | ">" | ">=" => x.compare(token(op), &y).unwrap().to_string(),
        _ if op.starts_with(char::is_alphabetic) => shown(x.convert(number_type(op))),
        _ => shown(x.binary(token(op), &y)),
    }
}

#[test]
fn integers_wrap_as_in_a_program() {
    const OPS: &[&str] = &[
        "+", "-", "*", "/", "%", "&", "|", "^", "&^", "<<", ">>", "neg", "not", "==", "!=", "<", "<=", ">",
        ">=", "int8", "uint8", "int16", "uint32", "int64", "uint64", "float32", "float64",
    ];
    let mut random = Random::new(12);
    let mut cases = Vec::new();
    for _ in 0..8000 {
        let (name, op) = (random.pick(&INTS), random.pick(OPS));
        let ty = number_type(name);
        let mut operand = || {
            let edge =
                [0, 1, 2, 7, 8, 31, 63, 64, 0x7f, 0x80, 0xff, 0x7fff, u64::MAX, 1 << 63, u64::MAX >> 1];
            let bits = if random.below(2) == 0 { edge[random.below(edge.len())] } else { random.next() };
            let wide = Number::Int { bits: 64, signed: false, value: bits.into() };
            wide.convert(ty).unwrap()
        };
        cases.push((name, op, operand(), operand()));
    }
    check(&cases);
}

#[test]
fn floats_round_as_in_a_program() {
    const OPS: &[&str] = &["+", "-", "*", "/", "neg", "==", "<", ">=", "float32", "float64", "parse"];
    let mut random = Random::new(13);
    let mut cases = Vec::new();
    while cases.len() < 8000 {
        let (name, op) = (random.pick(&["float32", "float64"]), random.pick(OPS));
        let mut operand = || {
            if random.below(2) == 0 {
                let exact = ["0", "1.5", "-2.25", "0.1", "1e-45", "3.4e38", "1e300", "4.9e-324", "16777217"];
                exact[random.below(exact.len())].parse().unwrap()
            } else {
                f64::from_bits(random.next())
            }
        };
        let number = |value: f64| match name {
            "float32" => Number::Float32(value as f32),
            _ => Number::Float64(value),
        };
        let (x, y) = (number(operand()), number(operand()));
        cases.push((name, op, x, y));
    }
    check(&cases);
}

fn check(cases: &[(&str, &str, Number, Number)]) {
    let lines: Vec<String> = cases.iter().map(|(name, op, x, y)| format!("{name} {op} {x} {y}")).collect();
    let Some(answers) = go_answers::ask("goarith", 21, &lines) else { return };
    for ((line, (_, op, x, y)), go) in lines.iter().zip(cases).zip(answers) {
        let ours = compute(op, *x, *y);
        assert_eq!(ours, go, "{line}");
    }
}

#[test]
fn decimal_literals_round_to_the_nearest_float() {
    let mut random = Random::new(14);
    let mut lines = Vec::new();
    for _ in 0..4000 {
        let digits = random.next() >> random.below(60);
        let name = random.pick(&["float32", "float64"]);
        let (low, span) = if name == "float32" { (-60, 90) } else { (-345, 640) };
        let exponent = low + random.below(span) as i64;
        lines.push(format!("{name} parse {digits}e{exponent} 0"));
    }
    let Some(answers) = go_answers::ask("goarith", 21, &lines) else { return };
    for (line, go) in lines.iter().zip(answers) {
        let parts: Vec<&str> = line.split(' ').collect();
        let tree = parse(parts[2]).unwrap();
        let constant = evaluate(&tree, tree.root()).unwrap();
        match constant.to_number(number_type(parts[0])) {
            Ok(number) => assert_eq!(number.to_string(), go, "{line}"),
            Err(ArithmeticError::Overflows(..)) => assert_eq!(go, "+Inf", "{line}"),
            Err(other) => panic!("{line}: {other}"),
        }
    }
}

#[test]
fn errors() {
    let error = |text: &str| {
        let tree = parse(text).unwrap();
        evaluate(&tree, tree.root()).unwrap_err().to_string()
    };
    let table = [
        ("7 / 0", "division by zero"),
        ("7 % 0", "division by zero"),
        ("7.5 / 0.0", "division by zero"),
        ("1i / 0", "division by zero"),
        ("7.5 % 2", "invalid binary operation 7.5 % 2"),
        ("6 & 1.5", "invalid binary operation 6 & 1.5"),
        ("\"abc\" - \"abc\"", "invalid binary operation \"abc\" - \"abc\""),
        ("1i < 2i", "invalid comparison (0 + 1i) < (0 + 2i)"),
        ("true < false", "invalid comparison true < false"),
        ("!7", "invalid unary operation !7"),
        ("-\"abc\"", "invalid unary operation -\"abc\""),
        ("^1.5", "invalid unary operation ^1.5"),
        ("1 << -1", "shift count must not be negative"),
        ("1.5 << 1", "shift of type float64"),
        ("1 << 1.5", "shift count type float64, must be unsigned integer"),
        ("1 << 100000", "constant shift overflow"),
        ("1 + \"a\"", "mismatched types \"int\" and \"string\""),
        ("1e999999999", "constant literal overflow"),
    ];
    for (text, expected) in table {
        assert_eq!(error(text), expected, "{text}");
    }
}

#[test]
fn constants_become_numbers_of_types_that_hold_them() {
    let convert = |text: &str, name: &str| {
        let tree = parse(text).unwrap();
        let constant = evaluate(&tree, tree.root()).unwrap();
        match constant.to_number(number_type(name)) {
            Ok(number) => number.to_string(),
            Err(error) => error.to_string(),
        }
    };
    let table = [
        ("255", "uint8", "255"),
        ("300", "uint8", "constant 300 overflows uint8"),
        ("-1", "uint64", "constant -1 overflows uint64"),
        ("-128", "int8", "-128"),
        ("18446744073709551616", "uint64", "constant 18446744073709551616 overflows uint64"),
        ("2.0", "int64", "2"),
        ("1.5", "int64", "can not convert 1.5 constant to int64"),
        ("1e30", "int64", "constant 1e+30 overflows int64"),
        ("\"a\"", "int64", "can not convert \"a\" constant to int64"),
        ("1i", "float64", "can not convert (0 + 1i) constant to float64"),
        ("1 + 0i", "float32", "1"),
        ("0.1", "float32", "0.1"),
        ("1e39", "float32", "constant 1e+39 overflows float32"),
        ("'a'", "uint8", "97"),
    ];
    for (text, name, expected) in table {
        assert_eq!(convert(text, name), expected, "{text} {name}");
    }
    let complex = Constant::Int(2.into()).to_number(NumberType::Complex64).unwrap();
    assert_eq!(complex.to_string(), "(2 + 0i)");
    let product = complex.binary(Token::Mul, &Number::Complex64(0.5, -1.0)).unwrap();
    assert_eq!(product, Number::Complex64(1.0, -2.0));
    assert_eq!(
        product.compare(Token::Less, &complex).unwrap_err().to_string(),
        "invalid comparison (1 + -2i) < (2 + 0i)"
    );
    let infinite = Number::Float64(f64::INFINITY);
    assert_eq!(infinite.compare(Token::Equal, &infinite), Ok(true));
    assert_eq!(
        infinite.to_constant().unwrap_err().to_string(),
        "operations on non-finite floats not implemented"
    );
}

#[test]
fn constants_wrap_and_show_as_values() {
    let constant = |text: &str| {
        let tree = parse(text).unwrap();
        evaluate(&tree, tree.root()).unwrap()
    };
    let wrapped = [
        ("300", "uint8", "44"),
        ("200", "int8", "-56"),
        ("-1", "uint64", "18446744073709551615"),
        ("18446744073709551616 + 5", "int64", "5"),
        ("-18446744073709551616 - 5", "int16", "-5"),
        ("1.5", "uint8", "can not convert 1.5 constant to uint8"),
        ("0.5", "float32", "0.5"),
    ];
    for (text, name, expected) in wrapped {
        let shown = match constant(text).to_number_wrapping(number_type(name)) {
            Ok(number) => number.to_string(),
            Err(error) => error.to_string(),
        };
        assert_eq!(shown, expected, "{text} {name}");
    }
    let shown = [
        ("7/2", "3"),
        ("7/2.0", "3.5"),
        ("1/3.0", "0.3333333333333333"),
        ("0.1 + 0.2", "0.3"),
        ("'a' + 1", "98"),
        ("1e20", "100000000000000000000"),
        ("1e400", "+Inf"),
        ("1i * 1i", "(-1 + 0i)"),
        ("\"a\" + \"\\n\"", "\"a\\n\""),
        ("1 < 2", "true"),
    ];
    for (text, expected) in shown {
        assert_eq!(constant(text).shown(), expected, "{text}");
    }
    let two = Number::int(NumberType::Int { bits: 8, signed: true }, 2).unwrap();
    assert_eq!(two.convert(NumberType::Complex128).unwrap().to_string(), "(2 + 0i)");
    assert_eq!(Number::int(NumberType::Int { bits: 8, signed: true }, 128), None);
}

#[test]
fn hostile_constants_end_in_time() {
    for text in [
        "1e100000 / 3e99999 * 1e-100000 - 1e-100000",
        "1e-100000 + 1e100000 * 1.1 / 7e99999",
        "0x1p500000 * 0x1p-500000 + 0.1",
        "(1 << 60000) / 3 * 3 % 7",
    ] {
        let tree = parse(text).unwrap();
        let _ = evaluate(&tree, tree.root()).map(|constant| constant.to_string());
    }
    let long = "7".repeat(1 << 19);
    let tree = parse(&long).unwrap();
    assert_eq!(evaluate(&tree, tree.root()), Err(ArithmeticError::TooLarge("literal")));
    let squares = vec!["(1 << 30000 + 1)"; 100].join(" * ");
    let tree = parse(&squares).unwrap();
    assert_eq!(evaluate(&tree, tree.root()), Err(ArithmeticError::TooLarge("multiplication")));
}
