//! Trees to text in Go's canonical form: the spacing of go/printer (go1.26, `src/go/printer/nodes.go`), which the
//! names of results are written in.
//!
//! Everything goes on one line, as go/printer does with expressions that carry no positions; struct and interface
//! types of several members too, with `; ` between them, where it would break lines.

use std::fmt;

use crate::ast::{ChanDir, Field, Node, NodeId, Tree};
use crate::token::{HIGHEST_PRECEDENCE, LOWEST_PRECEDENCE, Token, UNARY_PRECEDENCE};

impl fmt::Display for Tree {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.print(self.root()))
    }
}

impl Tree {
    /// A node in Go's canonical form: `a + b*c`, `f(a, b...)`, `[]int{1, 2}`.
    pub fn print(&self, id: NodeId) -> String {
        let mut printer = Printer { tree: self, out: String::new(), last: None };
        printer.expr(id);
        printer.out
    }
}

struct Printer<'t> {
    tree: &'t Tree,
    out: String,
    /// The token written last, if writing another right behind it could make a third of the two.
    last: Option<Token>,
}

impl Printer<'_> {
    fn token(&mut self, token: Token) {
        let text = token.text();
        if self.would_join(text) {
            self.out.push(' ');
        }
        self.out.push_str(text);
        self.last = Some(token);
    }

    fn would_join(&self, next: &str) -> bool {
        let first = next.bytes().next();
        match self.last {
            Some(Token::Int) => first == Some(b'.'),
            Some(Token::Add) => first == Some(b'+'),
            Some(Token::Sub) => first == Some(b'-'),
            Some(Token::Quo) => first == Some(b'*'),
            Some(Token::Less) => matches!(first, Some(b'-' | b'<')),
            Some(Token::And) => matches!(first, Some(b'&' | b'^')),
            _ => false,
        }
    }

    fn text(&mut self, text: &str) {
        self.out.push_str(text);
        self.last = None;
    }

    fn blank(&mut self) {
        self.text(" ");
    }

    fn expr(&mut self, id: NodeId) {
        self.expr_at(id, LOWEST_PRECEDENCE, 1);
    }

    fn expr_at(&mut self, id: NodeId, least: u8, depth: usize) {
        let tree = self.tree;
        match tree.node(id) {
            Node::Bad => self.text("BadExpr"),
            Node::Ident(name) => self.text(name),
            Node::Literal(literal) => {
                if self.would_join(literal.text()) {
                    self.out.push(' ');
                }
                self.text(literal.text());
                self.last = Some(literal.kind());
            }
            Node::Binary { op, x, y } => self.binary(id, (*op, *x, *y), least, depth),
            Node::Star(x) => self.star(*x, least),
            Node::Unary { op, x } => self.unary(*op, *x, least, depth),
            Node::Paren(x) => self.paren(*x, depth),
            Node::Selector { x, name } => {
                self.expr_at(*x, HIGHEST_PRECEDENCE, depth);
                self.token(Token::Period);
                self.text(&name.text);
            }
            Node::TypeAssert { x, ty } => {
                self.expr_at(*x, HIGHEST_PRECEDENCE, depth);
                self.token(Token::Period);
                self.text("(");
                match ty {
                    Some(ty) => self.expr(*ty),
                    None => self.text("type"),
                }
                self.text(")");
            }
            Node::Index { x, indices } => {
                self.expr_at(*x, HIGHEST_PRECEDENCE, 1);
                self.text("[");
                self.list(indices, depth + 1);
                self.text("]");
            }
            Node::Slice { x, low, high, max } => self.slice(*x, [*low, *high, *max], depth),
            Node::Call { fun, args, ellipsis } => self.call(*fun, args, *ellipsis, depth),
            Node::CompositeLit { ty, elements } => {
                if let Some(ty) = ty {
                    self.expr_at(*ty, HIGHEST_PRECEDENCE, depth);
                }
                self.text("{");
                self.list(elements, 1);
                self.text("}");
            }
            Node::KeyValue { key, value } => {
                self.expr(*key);
                self.text(": ");
                self.expr(*value);
            }
            Node::FuncLit { ty, body } => {
                self.expr(*ty);
                self.blank();
                self.text(tree.text.get(body.range()).unwrap_or_default());
            }
            ty => self.ty(ty),
        }
    }

    fn ty(&mut self, node: &Node) {
        match node {
            Node::Ellipsis(elem) => {
                self.text("...");
                if let Some(elem) = elem {
                    self.expr(*elem);
                }
            }
            Node::ArrayType { len, elem } => {
                self.text("[");
                if let Some(len) = len {
                    self.expr(*len);
                }
                self.text("]");
                self.expr(*elem);
            }
            Node::MapType { key, value } => {
                self.text("map[");
                self.expr(*key);
                self.text("]");
                self.expr(*value);
            }
            Node::ChanType { dir, value } => {
                self.text(match dir {
                    ChanDir::Both => "chan ",
                    ChanDir::Send => "chan<- ",
                    ChanDir::Receive => "<-chan ",
                });
                self.expr(*value);
            }
            Node::FuncType { params, results } => {
                self.text("func");
                self.signature(params, results);
            }
            Node::StructType(fields) => {
                self.text("struct");
                self.members(fields, Printer::struct_field);
            }
            Node::InterfaceType(methods) => {
                self.text("interface");
                self.members(methods, Printer::method);
            }
            // Everything else is printed as an expression.
            _ => {}
        }
    }

    fn list(&mut self, items: &[NodeId], depth: usize) {
        for (i, &item) in items.iter().enumerate() {
            if i > 0 {
                self.text(", ");
            }
            self.expr_at(item, LOWEST_PRECEDENCE, depth);
        }
    }

    fn star(&mut self, x: NodeId, least: u8) {
        let parenthesized = UNARY_PRECEDENCE < least;
        if parenthesized {
            self.text("(");
        }
        self.token(Token::Mul);
        self.expr(x);
        if parenthesized {
            self.text(")");
        }
    }

    fn unary(&mut self, op: Token, x: NodeId, least: u8, depth: usize) {
        if UNARY_PRECEDENCE < least {
            self.text("(");
            self.unary(op, x, LOWEST_PRECEDENCE, 1);
            self.text(")");
            return;
        }
        self.token(op);
        self.expr_at(x, UNARY_PRECEDENCE, depth);
    }

    fn paren(&mut self, x: NodeId, depth: usize) {
        if matches!(self.tree.node(x), Node::Paren(_)) {
            self.expr_at(x, LOWEST_PRECEDENCE, depth);
            return;
        }
        self.text("(");
        self.expr_at(x, LOWEST_PRECEDENCE, reduced(depth));
        self.text(")");
    }

    fn binary(&mut self, id: NodeId, (op, x, y): (Token, NodeId, NodeId), least: u8, depth: usize) {
        let precedence = op.precedence();
        if precedence < least {
            self.text("(");
            self.expr_at(id, LOWEST_PRECEDENCE, reduced(depth));
            self.text(")");
            return;
        }
        let blanks = precedence < self.cutoff(id, depth);
        let same = matches!(self.tree.node(x), Node::Binary { op, .. } if op.precedence() == precedence);
        self.expr_at(x, precedence, if same { depth } else { depth + 1 });
        if blanks {
            self.blank();
        }
        self.token(op);
        if blanks {
            self.blank();
        }
        self.expr_at(y, precedence + 1, depth + 1);
    }

    /// Operators that bind less tightly than this have blanks around them.
    fn cutoff(&self, id: NodeId, depth: usize) -> u8 {
        let mut mix = Mix::default();
        mix.add(self.tree, id);
        if mix.problem > 0 {
            return mix.problem + 1;
        }
        match (mix.sums && mix.products, depth == 1) {
            (true, true) => 5,
            (false, true) => 6,
            (_, false) => 4,
        }
    }

    fn slice(&mut self, x: NodeId, bounds: [Option<NodeId>; 3], depth: usize) {
        self.expr_at(x, HIGHEST_PRECEDENCE, 1);
        self.text("[");
        let given: Vec<NodeId> = bounds.iter().flatten().copied().collect();
        let any_binary = given.iter().any(|&b| matches!(self.tree.node(b), Node::Binary { .. }));
        let blanks = depth <= 1 && given.len() > 1 && any_binary;
        let count = if bounds[2].is_some() { 3 } else { 2 };
        for (i, bound) in bounds[..count].iter().enumerate() {
            if i > 0 {
                if blanks && bounds[i - 1].is_some() {
                    self.blank();
                }
                self.text(":");
                if blanks && bound.is_some() {
                    self.blank();
                }
            }
            if let Some(bound) = bound {
                self.expr_at(*bound, LOWEST_PRECEDENCE, depth + 1);
            }
        }
        self.text("]");
    }

    fn call(&mut self, fun: NodeId, args: &[NodeId], ellipsis: bool, depth: usize) {
        let depth = if args.len() > 1 { depth + 1 } else { depth };
        let parenthesized = matches!(
            self.tree.node(fun),
            Node::FuncType { .. } | Node::ChanType { dir: ChanDir::Receive, .. }
        );
        if parenthesized {
            self.text("(");
        }
        self.expr_at(fun, HIGHEST_PRECEDENCE, depth);
        self.text(if parenthesized { ")(" } else { "(" });
        self.list(args, depth);
        self.text(if ellipsis { "...)" } else { ")" });
    }

    fn signature(&mut self, params: &[Field], results: &[Field]) {
        self.parameters(params);
        match results {
            [] => {}
            [only] if only.names.is_empty() => {
                self.blank();
                self.without_parens(only.ty);
            }
            _ => {
                self.blank();
                self.parameters(results);
            }
        }
    }

    fn without_parens(&mut self, ty: NodeId) {
        self.expr(self.tree.unparen(ty));
    }

    fn names(&mut self, field: &Field) {
        for (i, name) in field.names.iter().enumerate() {
            if i > 0 {
                self.text(", ");
            }
            self.text(&name.text);
        }
    }

    fn parameters(&mut self, fields: &[Field]) {
        self.text("(");
        for (i, field) in fields.iter().enumerate() {
            if i > 0 {
                self.text(", ");
            }
            self.names(field);
            if !field.names.is_empty() {
                self.blank();
            }
            self.without_parens(field.ty);
        }
        self.text(")");
    }

    fn members(&mut self, fields: &[Field], member: fn(&mut Self, &Field)) {
        if fields.is_empty() {
            return self.text("{}");
        }
        self.text("{ ");
        for (i, field) in fields.iter().enumerate() {
            if i > 0 {
                self.text("; ");
            }
            member(self, field);
        }
        self.text(" }");
    }

    fn struct_field(&mut self, field: &Field) {
        self.names(field);
        if !field.names.is_empty() {
            self.blank();
        }
        self.expr(field.ty);
        if let Some(tag) = &field.tag {
            self.blank();
            self.text(tag.text());
        }
    }

    fn method(&mut self, field: &Field) {
        self.names(field);
        match self.tree.node(field.ty) {
            Node::FuncType { params, results } if !field.names.is_empty() => {
                self.signature(params, results);
            }
            _ => self.expr(field.ty),
        }
    }
}

fn reduced(depth: usize) -> usize {
    depth.saturating_sub(1).max(1)
}

/// What kinds of operators an expression mixes, not looking into its operands.
#[derive(Default)]
struct Mix {
    sums: bool,
    products: bool,
    /// The level up to which blanks must keep an operator and the unary operator behind it apart.
    problem: u8,
}

impl Mix {
    fn add(&mut self, tree: &Tree, id: NodeId) {
        let Node::Binary { op, x, y } = tree.node(id) else { return };
        let precedence = op.precedence();
        self.sums |= precedence == 4;
        self.products |= precedence == 5;
        if matches!(tree.node(*x), Node::Binary { op, .. } if op.precedence() >= precedence) {
            self.add(tree, *x);
        }
        match tree.node(*y) {
            Node::Binary { op, .. } if op.precedence() > precedence => self.add(tree, *y),
            Node::Star(_) if *op == Token::Quo => self.problem = 5,
            Node::Unary { op: unary, .. } => match (*op, *unary) {
                (Token::And, Token::And | Token::Xor) => self.problem = 5,
                (Token::Add, Token::Add) | (Token::Sub, Token::Sub) => self.problem = self.problem.max(4),
                _ => {}
            },
            _ => {}
        }
    }
}
