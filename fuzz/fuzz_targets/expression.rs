//! Any text is an expression or an error, an expression that is printed reads as itself, and constants in it have a value
//! or none.
#![no_main]

use adit_expr::constant::{ArithmeticError, Constant, NumberType};
use adit_expr::{Node, NodeId, Token, Tree};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Ok(tree) = adit_expr::parse(text) {
        let printed = tree.to_string();
        match adit_expr::parse(&printed) {
            Ok(again) => assert_eq!(again.to_string(), printed, "{text:?}"),
            // What is printed may be longer than what may be read.
            Err(_) if printed.len() > adit_expr::MAX_TEXT => {}
            Err(error) => panic!("{text:?} is printed as {printed:?}: {error}"),
        }
        if let Some(Ok(value)) = constant(&tree, tree.root()) {
            let _ = value.shown();
            for ty in [NumberType::Int { bits: 8, signed: true }, NumberType::Float32, NumberType::Complex128]
            {
                if let Ok(number) = value.to_number_wrapping(ty) {
                    assert_eq!(number.ty(), ty);
                    let _ = (number.binary(Token::Quo, &number), number.compare(Token::Less, &number));
                }
            }
        }
    }
    let _ = adit_expr::parse_statement(text);
});

/// What a constant expression comes to; `None` if it is not one.
fn constant(tree: &Tree, id: NodeId) -> Option<Result<Constant, ArithmeticError>> {
    Some(match tree.node(id) {
        Node::Paren(x) => return constant(tree, *x),
        Node::Literal(literal) => Constant::from_literal(literal),
        Node::Unary { op, x } => constant(tree, *x)?.and_then(|x| x.unary(*op)),
        Node::Binary { op, x, y } => {
            let (x, y) = match (constant(tree, *x)?, constant(tree, *y)?) {
                (Ok(x), Ok(y)) => (x, y),
                (Err(error), _) | (_, Err(error)) => return Some(Err(error)),
            };
            match op {
                Token::Shl | Token::Shr => x.shift(*op, &y),
                Token::Equal | Token::Less => x.compare(*op, &y).map(Constant::Bool),
                _ => x.binary(*op, &y),
            }
        }
        _ => return None,
    })
}
