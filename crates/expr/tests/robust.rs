//! Whatever the input, an answer in time proportional to its length.

mod generate;
mod random;

use std::time::{Duration, Instant};

use adit_expr::{
    FunctionName, FunctionSpec, LineScanner, MAX_DEPTH, MAX_TEXT, NoImports, Node, NodeId, Tree,
    file_matches, function_matches, parse, parse_assignment, parse_location, parse_statement,
    split_condition, without_type_arguments,
};
use random::Random;

fn exercise(text: &str) {
    for tree in [parse(text).ok(), parse_assignment(text).ok().map(|a| a.rhs)].into_iter().flatten() {
        let printed = tree.to_string();
        if let Err(error) = parse(&printed) {
            // Without the parentheses around a lone result, that counts as one level more.
            let too_deep = error.message == "exceeded max nesting depth";
            assert!(too_deep, "{error}: {text:?} prints as {printed:?}");
        }
        for_each_literal(&tree, tree.root(), &mut |literal| {
            literal.value();
        });
    }
    let _ = parse_statement(text);
    let _ = parse_location(text);
    let _ = split_condition(text);
    let _ = without_type_arguments(text);
    let _ = file_matches(text, "a/b.go") || file_matches("b.go", text);
    FunctionName::parse(text).receiver_type();
    if let Some(spec) = FunctionSpec::parse(text) {
        function_matches(&spec, text, &NoImports);
        function_matches(&spec, "a/b.(*T[...]).m", &NoImports);
    }
    let mut scanner = LineScanner::new();
    for line in text.lines() {
        let mut end = 0;
        for piece in scanner.line(line) {
            assert_eq!(piece.range.start, end);
            assert!(line.get(piece.range.clone()).is_some_and(|piece| !piece.is_empty()));
            end = piece.range.end;
        }
        assert_eq!(end, line.len());
    }
}

fn for_each_literal(tree: &Tree, id: NodeId, visit: &mut dyn FnMut(&adit_expr::Literal)) {
    match tree.node(id) {
        Node::Literal(literal) => visit(literal),
        Node::Binary { x, y, .. } => {
            for_each_literal(tree, *x, visit);
            for_each_literal(tree, *y, visit);
        }
        Node::Paren(x) | Node::Star(x) | Node::Unary { x, .. } | Node::Selector { x, .. } => {
            for_each_literal(tree, *x, visit);
        }
        Node::Call { fun: x, args: xs, .. } | Node::Index { x, indices: xs } => {
            for_each_literal(tree, *x, visit);
            for x in xs {
                for_each_literal(tree, *x, visit);
            }
        }
        _ => {}
    }
}

#[test]
fn random_bytes() {
    let mut random = Random::new(3);
    for _ in 0..20_000 {
        let bytes: Vec<u8> = (0..random.below(40)).map(|_| random.next() as u8).collect();
        exercise(&String::from_utf8_lossy(&bytes));
    }
}

#[test]
fn random_tokens() {
    const TOKENS: &[&str] = &[
        "a",
        "b",
        ".",
        ",",
        ":",
        ";",
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        "*",
        "&",
        "<-",
        "chan",
        "func",
        "struct",
        "interface",
        "map",
        "...",
        "=",
        "==",
        "+",
        "-",
        "/",
        "|",
        "~",
        "1",
        "0x",
        "1e",
        "'",
        "\"",
        "`",
        "\\",
        "\n",
        "type",
        "T",
        " ",
        "//",
        "/*",
        "*/",
        "if",
        "\u{feff}",
        "é",
    ];
    let mut random = Random::new(4);
    for _ in 0..20_000 {
        let text: String = (0..random.below(24)).map(|_| random.pick(TOKENS)).collect();
        exercise(&text);
    }
}

#[test]
fn mutated_expressions() {
    let mut random = Random::new(5);
    for _ in 0..5_000 {
        let text = generate::expression(&mut random);
        exercise(&text);
        exercise(&generate::mutate(&text, &mut random));
    }
}

/// Texts that nest or chain `n` deep in each way the grammar has.
fn deep(n: usize) -> Vec<String> {
    let wrapped =
        |open: &str, inner: &str, close: &str| format!("{}{inner}{}", open.repeat(n), close.repeat(n));
    let mut texts: Vec<String> = [
        ("(", "x", ")"),
        ("f(", "x", ")"),
        ("a[", "x", "]"),
        ("a[:", "x", "]"),
        ("T{", "x", "}"),
        ("T{k: ", "x", "}"),
        ("T{{", "x", "}}"),
        ("*", "x", ""),
        ("-", "x", ""),
        ("<-", "x", ""),
        ("<-chan ", "T", ""),
        ("chan<- ", "T", ""),
        ("[]", "T", ""),
        ("map[T]", "T", ""),
        ("map[", "T", "]T"),
        ("[", "x", "]T"),
        ("func(", "T", ")"),
        ("func(a ", "T", ")"),
        ("func(...", "T", ")"),
        ("func() ", "T", ""),
        ("func() (", "T", ")"),
        ("struct{ a ", "T", "}"),
        ("struct{ a []", "T", "}"),
        ("struct{ a [", "x", "]T }"),
        ("interface{ m(", "T", ") }"),
        ("interface{ m[", "T", "] }"),
        ("interface{ ~", "T", "}"),
        ("x.(", "T", ")"),
        ("G[", "T", "]"),
        ("func[a ", "T", "]()"),
        ("func() { ", "x", " }"),
    ]
    .iter()
    .map(|(open, inner, close)| wrapped(open, inner, close))
    .collect();
    for chain in
        ["+x", "||x", ".x", "()", "[i]", "[:]", ".(T)", "{}", "=x", "+", ".", "(", "[", "{", "@", "&&", ";"]
    {
        texts.push(format!("x{}", chain.repeat(n)));
    }
    texts.push(format!("interface{{ T{} }}", "|T".repeat(n)));
    texts.push(format!("f({})", "x,".repeat(n)));
    texts.push(format!("f({})", "x\n".repeat(n)));
    texts.push(format!("struct{{ {} }}", "a T;".repeat(n)));
    texts.push(format!("func({} T)", "a,".repeat(n)));
    texts.push("<-".repeat(n) + &"chan<- ".repeat(n) + "T");
    texts.push("a\n".repeat(n));
    texts.push("/*".repeat(n));
    texts.push("\"\\q".repeat(n));
    texts
}

/// The stack is that of a thread as sessions have it, 2 MiB.
#[test]
fn deep_nesting_is_an_error_not_an_overflow() {
    for n in [10, 150, MAX_DEPTH, 20_000] {
        for text in deep(n) {
            exercise(&text);
        }
    }
    let error = parse(&deep(20_000)[0]).unwrap_err();
    assert_eq!(error.message, "exceeded max nesting depth");
    assert!(parse(&format!("{}x{}", "(".repeat(150), ")".repeat(150))).is_ok());
}

#[test]
fn long_texts_take_linear_time() {
    for (short, long) in deep(2_000).iter().zip(deep(100_000)) {
        let time = |text: &str| {
            let start = Instant::now();
            let _ = parse(text);
            let _ = parse_location(text);
            start.elapsed()
        };
        let (base, grown) = (time(short), time(&long));
        // 50 times the length; a quadratic step would take 2500 times as long.
        let allowed = base * 500 + Duration::from_secs(3);
        assert!(grown < allowed, "{}...: {base:?}, then {grown:?}", &short[..20]);
    }
}

#[test]
fn texts_beyond_the_limit_are_refused() {
    let error = parse(&"x".repeat(MAX_TEXT + 1)).unwrap_err();
    assert_eq!(error.to_string(), "1:1: expression longer than 1048576 bytes");
}
