//! The parser, its error texts and the printer against those of the Go distribution (go/parser, go/printer).

#![allow(clippy::unwrap_used, reason = "a failing test may panic anywhere")]

mod generate;
mod go_answers;
mod random;

use std::fmt::Write as _;

use adit_expr::{ChanDir, Field, Node, NodeId, Tree, parse, quote};
use random::Random;

/// What Go makes of a text.
#[derive(Debug, PartialEq, Eq)]
enum Answer {
    Tree { tree: String, print: String },
    Error(String),
}

fn answer(line: &str) -> Answer {
    let parts: Vec<&str> = line.split('\t').collect();
    match parts[..] {
        ["error", text] => Answer::Error(unquote(text)),
        ["tree", tree, print] => Answer::Tree { tree: unquote(tree), print: unquote(print) },
        _ => panic!("unexpected answer {line}"),
    }
}

fn unquote(text: &str) -> String {
    let tree = parse(text).unwrap();
    let Node::Literal(literal) = tree.node(tree.root()) else { panic!("no literal: {text}") };
    let adit_expr::LiteralValue::String(bytes) = literal.value() else { panic!("no string: {text}") };
    String::from_utf8(bytes).unwrap()
}

fn dump(tree: &Tree) -> String {
    let mut out = String::new();
    write_node(tree, tree.root(), &mut out);
    out
}

fn write_optional(tree: &Tree, id: Option<NodeId>, out: &mut String) {
    match id {
        Some(id) => write_node(tree, id, out),
        None => out.push_str("nil"),
    }
}

fn write_list(tree: &Tree, ids: &[NodeId], out: &mut String) {
    out.push_str(" [");
    for (i, id) in ids.iter().enumerate() {
        if i > 0 {
            out.push(' ');
        }
        write_node(tree, *id, out);
    }
    out.push(']');
}

fn write_fields(tree: &Tree, fields: &[Field], out: &mut String) {
    out.push_str(" [");
    for (i, field) in fields.iter().enumerate() {
        out.push_str(if i > 0 { " (field" } else { "(field" });
        for name in &field.names {
            let _ = write!(out, " {}", name.text);
        }
        out.push(' ');
        write_node(tree, field.ty, out);
        if let Some(tag) = &field.tag {
            let _ = write!(out, " {}", tag.text());
        }
        out.push(')');
    }
    out.push(']');
}

fn write_node(tree: &Tree, id: NodeId, out: &mut String) {
    let node = tree.node(id);
    let _ = write!(out, "({}", node.go_type());
    let sub = |ids: &[Option<NodeId>], out: &mut String| {
        for id in ids {
            out.push(' ');
            write_optional(tree, *id, out);
        }
    };
    match node {
        Node::Bad => {}
        Node::Ident(name) => {
            let _ = write!(out, " {name}");
        }
        Node::Literal(literal) => {
            let kind = format!("{:?}", literal.kind()).to_uppercase();
            let _ = write!(out, " {kind} {}", literal.text());
        }
        Node::CompositeLit { ty, elements } => {
            sub(&[*ty], out);
            write_list(tree, elements, out);
        }
        Node::KeyValue { key, value } | Node::MapType { key, value } => {
            sub(&[Some(*key), Some(*value)], out);
        }
        Node::FuncLit { ty: x, .. } | Node::Paren(x) | Node::Star(x) => sub(&[Some(*x)], out),
        Node::Selector { x, name } => {
            sub(&[Some(*x)], out);
            let _ = write!(out, " {}", name.text);
        }
        Node::Index { x, indices } => {
            sub(&[Some(*x)], out);
            write_list(tree, indices, out);
        }
        Node::Slice { x, low, high, max } => sub(&[Some(*x), *low, *high, *max], out),
        Node::TypeAssert { x, ty } => sub(&[Some(*x), *ty], out),
        Node::Call { fun, args, ellipsis } => {
            sub(&[Some(*fun)], out);
            write_list(tree, args, out);
            let _ = write!(out, " {ellipsis}");
        }
        Node::Unary { op, x } => {
            let _ = write!(out, " {op}");
            sub(&[Some(*x)], out);
        }
        Node::Binary { op, x, y } => {
            let _ = write!(out, " {op}");
            sub(&[Some(*x), Some(*y)], out);
        }
        Node::Ellipsis(elem) => sub(&[*elem], out),
        Node::ArrayType { len, elem } => sub(&[*len, Some(*elem)], out),
        Node::StructType(fields) | Node::InterfaceType(fields) => write_fields(tree, fields, out),
        Node::FuncType { params, results } => {
            write_fields(tree, params, out);
            write_fields(tree, results, out);
        }
        Node::ChanType { dir, value } => {
            let dir = match dir {
                ChanDir::Send => 1,
                ChanDir::Receive => 2,
                ChanDir::Both => 3,
            };
            let _ = write!(out, " {dir}");
            sub(&[Some(*value)], out);
        }
    }
    // Go counts positions from 1.
    let span = tree.span(id);
    let _ = write!(out, " {}-{})", span.start + 1, span.end + 1);
}

fn ours(text: &str) -> Answer {
    match parse(text) {
        Ok(tree) => Answer::Tree { tree: dump(&tree), print: tree.to_string() },
        Err(error) => Answer::Error(error.to_string()),
    }
}

/// go/printer breaks lines in struct and interface types that are long or have several members.
fn same(go: &Answer, ours: &Answer) -> bool {
    match (go, ours) {
        (Answer::Tree { tree: a, print: p }, Answer::Tree { tree: b, print: q }) => {
            a == b && (p == q || p.contains('\n'))
        }
        (a, b) => a == b,
    }
}

fn compare(texts: &[String]) {
    let lines: Vec<String> = texts.iter().map(|text| quote(text)).collect();
    // Go 1.26 changed error texts and the spans of raw strings.
    let Some(answers) = go_answers::ask("gotree", 26, &lines) else { return };
    let mut failures = String::new();
    let mut count = 0;
    for (text, go) in texts.iter().zip(answers) {
        let (go, ours) = (answer(&go), ours(text));
        if !same(&go, &ours) {
            count += 1;
            if count <= 5 {
                let _ = writeln!(failures, "{}\n  go   {go:?}\n  ours {ours:?}", quote(text));
            }
        }
    }
    assert!(count == 0, "{count} of {} differ\n{failures}", texts.len());
}

#[test]
fn malformed_inputs_give_gos_errors() {
    let table = include_str!("malformed.txt");
    let texts: Vec<String> = table.lines().map(unquote).collect();
    assert!(texts.len() >= 60);
    compare(&texts);
}

#[test]
fn types_may_be_asserted_by_their_packages_paths() {
    // Go has no such expressions: there, a package goes by the name that a file imports it under.
    for text in [r#"x.("a/b".T)"#, r#"x.(*"a/b".T)"#] {
        let tree = parse(text).unwrap();
        assert_eq!(tree.print(tree.root()), text);
    }
    assert_eq!(parse(r#"x.("a/b")"#).unwrap_err().to_string(), r#"1:4: expected type, found "a/b""#);
}

#[test]
fn well_formed_inputs_give_gos_trees() {
    let table = include_str!("wellformed.txt");
    let texts: Vec<String> = table.lines().map(unquote).collect();
    for text in &texts {
        assert!(parse(text).is_ok(), "{text}: {:?}", parse(text));
    }
    compare(&texts);
}

#[test]
fn generated_expressions_give_gos_trees() {
    let mut random = Random::new(1);
    let texts: Vec<String> = (0..4000).map(|_| generate::expression(&mut random)).collect();
    compare(&texts);
}

#[test]
fn mutated_expressions_give_gos_errors() {
    let mut random = Random::new(2);
    let texts: Vec<String> = (0..4000)
        .map(|_| {
            let text = generate::expression(&mut random);
            generate::mutate(&text, &mut random)
        })
        // The bodies of function literals are not parsed.
        .filter(|text| !text.contains("func"))
        .collect();
    compare(&texts);
}
