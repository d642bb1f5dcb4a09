//! Operands, what may follow them, and operators.

use super::{Parser, starts_statement};
use crate::ast::{ChanDir, Name, Node, NodeId, Span};
use crate::token::{LOWEST_PRECEDENCE, Token};

impl Parser<'_> {
    /// An expression where `=` is assignment.
    pub(super) fn expression(&mut self) -> NodeId {
        self.binary(LOWEST_PRECEDENCE + 1)
    }

    /// An expression where `=` can only be a misspelt `==`.
    pub(super) fn rhs(&mut self) -> NodeId {
        let outer = std::mem::replace(&mut self.in_rhs, true);
        let x = self.expression();
        self.in_rhs = outer;
        x
    }

    /// Operands joined by operators that bind at least as tightly as `least`.
    fn binary(&mut self, least: u8) -> NodeId {
        let mut x = self.unary();
        let start = self.start_of(x);
        let mut levels = 0;
        loop {
            levels += 1;
            self.enter();
            let op = if self.in_rhs && self.token == Token::Assign { Token::Equal } else { self.token };
            let precedence = op.precedence();
            if precedence < least {
                break;
            }
            self.expect(op);
            let y = self.binary(precedence + 1);
            x = self.add(Node::Binary { op, x, y }, start);
        }
        self.leave(levels);
        x
    }

    fn unary(&mut self) -> NodeId {
        self.enter();
        let start = self.position;
        let x = match self.token {
            op @ (Token::Add | Token::Sub | Token::Not | Token::Xor | Token::And | Token::Tilde) => {
                self.next();
                let x = self.unary();
                self.add(Node::Unary { op, x }, start)
            }
            Token::Arrow => {
                self.next();
                let x = self.unary();
                self.receive_or_type(start, x)
            }
            Token::Mul => {
                self.next();
                let x = self.unary();
                self.add(Node::Star(x), start)
            }
            _ => self.primary(),
        };
        self.leave(1);
        x
    }

    /// `<- x` is a receive, unless `x` is a channel type: `<-(chan T)` is the type `(<-chan T)`, and
    /// `<-(chan<- T)` is `(<-chan (<-T))`, where `T` must be a channel type again.
    fn receive_or_type(&mut self, mut arrow: usize, x: NodeId) -> NodeId {
        let mut outer_dir = ChanDir::Send;
        let mut current = x;
        if !matches!(self.node(x), Node::ChanType { .. }) {
            return self.add(Node::Unary { op: Token::Arrow, x }, arrow);
        }
        while outer_dir == ChanDir::Send
            && let Node::ChanType { dir, value } = *self.node(current)
        {
            let own_arrow = self.arrows.get(&current).copied();
            if dir == ChanDir::Receive {
                self.error_expected(own_arrow.unwrap_or(arrow), "'chan'");
            }
            self.arrows.insert(current, arrow);
            let (node, span) = &mut self.nodes[current.0 as usize];
            *node = Node::ChanType { dir: ChanDir::Receive, value };
            span.start = arrow as u32;
            outer_dir = dir;
            arrow = own_arrow.unwrap_or(arrow);
            current = value;
        }
        if outer_dir == ChanDir::Send {
            self.error_expected(arrow, "channel type");
        }
        x
    }

    /// An operand and the selectors, indices, calls and literal values behind it.
    fn primary(&mut self) -> NodeId {
        let mut x = self.operand();
        let mut levels = 0;
        loop {
            levels += 1;
            self.enter();
            x = match self.token {
                Token::Period => self.selector_or_assertion(x),
                Token::LeftBracket => self.index_or_slice(x),
                Token::LeftParen => self.call(x),
                Token::LeftBrace if self.may_be_literal_type(x) => {
                    let ty = self.unparen(x);
                    if ty != x {
                        let message = "cannot parenthesize type in composite literal";
                        self.error(self.start_of(ty), message.into());
                    }
                    self.literal_value(Some(x))
                }
                _ => break,
            };
        }
        self.leave(levels);
        x
    }

    fn unparen(&self, mut id: NodeId) -> NodeId {
        while let Node::Paren(inner) = self.node(id) {
            id = *inner;
        }
        id
    }

    fn may_be_literal_type(&self, x: NodeId) -> bool {
        matches!(
            self.node(self.unparen(x)),
            Node::Bad
                | Node::Ident(_)
                | Node::Selector { .. }
                | Node::Index { .. }
                | Node::ArrayType { .. }
                | Node::StructType(_)
                | Node::MapType { .. }
        )
    }

    fn operand(&mut self) -> NodeId {
        let start = self.position;
        match self.token {
            Token::Ident => {
                let name = self.name();
                return self.ident(name);
            }
            Token::Int | Token::Float | Token::Imag | Token::Char | Token::String => {
                let literal = self.literal();
                return self.add(Node::Literal(literal), start);
            }
            Token::LeftParen => {
                self.next();
                let x = self.rhs();
                self.expect(Token::RightParen);
                return self.add(Node::Paren(x), start);
            }
            Token::Func => return self.func_type_or_literal(),
            _ => {}
        }
        if let Some(ty) = self.try_type() {
            return ty;
        }
        self.error_expected(start, "operand");
        self.advance_to(starts_statement);
        self.bad(start)
    }

    fn func_type_or_literal(&mut self) -> NodeId {
        let start = self.position;
        let ty = self.func_type();
        if self.token != Token::LeftBrace {
            return ty;
        }
        let body_start = self.position;
        let mut open = 0usize;
        while self.token != Token::Eof {
            match self.token {
                Token::LeftBrace => open += 1,
                Token::RightBrace => open -= 1,
                _ => {}
            }
            if open == 0 {
                break;
            }
            self.next();
        }
        self.expect(Token::RightBrace);
        let body = Span::new(body_start, self.previous_end);
        self.add(Node::FuncLit { ty, body }, start)
    }

    fn selector_or_assertion(&mut self, x: NodeId) -> NodeId {
        let start = self.start_of(x);
        self.next();
        match self.token {
            Token::Ident => {
                let name = self.name();
                self.add(Node::Selector { x, name }, start)
            }
            Token::LeftParen => {
                self.next();
                let ty = if self.token == Token::Type {
                    self.next();
                    None
                } else {
                    Some(self.ty())
                };
                self.expect(Token::RightParen);
                self.add(Node::TypeAssert { x, ty }, start)
            }
            _ => {
                let at = self.position;
                self.error_expected(at, "selector or type assertion");
                if self.token != Token::RightBrace {
                    self.next();
                }
                let name = Name { text: "_".into(), span: Span::new(at, at) };
                self.add(Node::Selector { x, name }, start)
            }
        }
    }

    fn index_or_slice(&mut self, x: NodeId) -> NodeId {
        let start = self.start_of(x);
        let bracket = self.expect(Token::LeftBracket);
        if self.token == Token::RightBracket {
            self.error_expected(self.position, "operand");
            self.next();
            let index = self.add(Node::Bad, bracket);
            return self.add(Node::Index { x, indices: vec![index] }, start);
        }
        let first = if self.token == Token::Colon { None } else { Some(self.rhs()) };
        match (self.token, first) {
            (Token::Colon, low) => self.slice(x, low),
            (Token::Comma, Some(first)) => {
                let mut indices = vec![first];
                while self.token == Token::Comma {
                    self.next();
                    if !matches!(self.token, Token::RightBracket | Token::Eof) {
                        indices.push(self.ty());
                    }
                }
                self.expect(Token::RightBracket);
                self.add(Node::Index { x, indices }, start)
            }
            (_, first) => {
                self.expect(Token::RightBracket);
                self.add(Node::Index { x, indices: first.into_iter().collect() }, start)
            }
        }
    }

    fn slice(&mut self, x: NodeId, low: Option<NodeId>) -> NodeId {
        let start = self.start_of(x);
        let mut bounds = [low, None, None];
        let mut colons = Vec::with_capacity(2);
        while self.token == Token::Colon && colons.len() < 2 {
            colons.push(self.position);
            self.next();
            if !matches!(self.token, Token::Colon | Token::RightBracket | Token::Eof) {
                bounds[colons.len()] = Some(self.rhs());
            }
        }
        self.expect(Token::RightBracket);
        if let [first, second] = colons[..] {
            for (bound, colon, which) in [(1, first, "middle"), (2, second, "final")] {
                if bounds[bound].is_none() {
                    self.error(colon, format!("{which} index required in 3-index slice"));
                    bounds[bound] = Some(self.add(Node::Bad, colon));
                }
            }
        }
        let [low, high, max] = bounds;
        self.add(Node::Slice { x, low, high, max }, start)
    }

    fn call(&mut self, fun: NodeId) -> NodeId {
        let start = self.start_of(fun);
        self.expect(Token::LeftParen);
        let mut args = Vec::new();
        let mut ellipsis = false;
        while !matches!(self.token, Token::RightParen | Token::Eof) && !ellipsis {
            args.push(self.rhs());
            if self.token == Token::Ellipsis {
                ellipsis = true;
                self.next();
            }
            if !self.at_comma("argument list", Token::RightParen) {
                break;
            }
            self.next();
        }
        self.expect_closing(Token::RightParen, "argument list");
        self.add(Node::Call { fun, args, ellipsis }, start)
    }

    fn literal_value(&mut self, ty: Option<NodeId>) -> NodeId {
        self.enter();
        let brace = self.expect(Token::LeftBrace);
        let start = ty.map_or(brace, |ty| self.start_of(ty));
        let mut elements = Vec::new();
        while !matches!(self.token, Token::RightBrace | Token::Eof) {
            elements.push(self.element());
            if !self.at_comma("composite literal", Token::RightBrace) {
                break;
            }
            self.next();
        }
        self.expect_closing(Token::RightBrace, "composite literal");
        self.leave(1);
        self.add(Node::CompositeLit { ty, elements }, start)
    }

    fn element(&mut self) -> NodeId {
        let key = self.element_value();
        if self.token != Token::Colon {
            return key;
        }
        self.next();
        let value = self.element_value();
        self.add(Node::KeyValue { key, value }, self.start_of(key))
    }

    fn element_value(&mut self) -> NodeId {
        if self.token == Token::LeftBrace { self.literal_value(None) } else { self.expression() }
    }
}
