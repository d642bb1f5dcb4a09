//! The parser: recursive descent for operands and types, precedence climbing for binary operators.
//!
//! Its order of decisions and its recovery after an error are those of go/parser (go1.26,
//! `src/go/parser/parser.go`), because its users know that parser's error texts, and the first of several
//! errors depends on both. Bodies of function literals are skipped by their braces.

mod expression;
mod field;
mod types;

use std::collections::HashMap;

use crate::ast::{Name, Node, NodeId, Span, Tree};
use crate::error::{ErrorList, SyntaxError};
use crate::literal::Literal;
use crate::scanner::Scanner;
use crate::token::Token;

/// How deep expressions may nest, counted as go/parser counts: a parenthesis counts three, a selector or a
/// further operand one. No [`Tree`] is deeper than twice this.
pub const MAX_DEPTH: usize = 1000;

/// Longest text that is parsed, in bytes.
pub const MAX_TEXT: usize = 1 << 20;

/// An expression, or an assignment of one to another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Statement {
    /// `x`
    Expr(Tree),
    /// `lhs = rhs`
    Assign(Assignment),
}

/// `lhs = rhs`. Both trees hold the whole text, so that spans count from its start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assignment {
    /// What is assigned to.
    pub lhs: Tree,
    /// The new value.
    pub rhs: Tree,
}

/// Parses an expression: a value or a type.
pub fn parse(text: &str) -> Result<Tree, SyntaxError> {
    let mut parser = Parser::new(text)?;
    let root = parser.rhs();
    parser.finish()?;
    Ok(parser.take_tree(root))
}

/// Parses `lhs = rhs`.
pub fn parse_assignment(text: &str) -> Result<Assignment, SyntaxError> {
    let mut parser = Parser::new(text)?;
    let lhs = parser.expression();
    parser.assignment_to(lhs)
}

/// Parses an expression, or an assignment if a `=` follows the first one.
pub fn parse_statement(text: &str) -> Result<Statement, SyntaxError> {
    let mut parser = Parser::new(text)?;
    let root = parser.expression();
    if parser.token == Token::Assign {
        return parser.assignment_to(root).map(Statement::Assign);
    }
    parser.finish()?;
    Ok(Statement::Expr(parser.take_tree(root)))
}

struct Parser<'t> {
    text: &'t str,
    scanner: Scanner<'t>,
    errors: ErrorList,
    nodes: Vec<(Node, Span)>,
    /// The token looked at, and where it starts and ends.
    token: Token,
    position: usize,
    end: usize,
    automatic_semicolon: bool,
    /// End of the token before.
    previous_end: usize,
    /// Where recovery last stopped, and how often it did so there.
    sync_position: Option<usize>,
    sync_count: u32,
    /// Whether `=` stands where `==` was meant.
    in_rhs: bool,
    nesting: usize,
    /// Set when parsing was given up: nothing but [`Token::Eof`] is seen from then on.
    gave_up: bool,
    /// Offsets of the arrows of channel types, needed where `<-` is found to belong to a type.
    arrows: HashMap<NodeId, usize>,
}

impl<'t> Parser<'t> {
    fn new(text: &'t str) -> Result<Parser<'t>, SyntaxError> {
        if text.len() > MAX_TEXT {
            let message = format!("expression longer than {MAX_TEXT} bytes");
            return Err(SyntaxError { line: 1, column: 1, message, more: 0 });
        }
        let mut errors = ErrorList::new(text);
        let scanner = Scanner::new(text, &mut errors);
        let mut parser = Parser {
            text,
            scanner,
            errors,
            nodes: Vec::new(),
            token: Token::Illegal,
            position: 0,
            end: 0,
            automatic_semicolon: false,
            previous_end: 0,
            sync_position: None,
            sync_count: 0,
            in_rhs: false,
            nesting: 0,
            gave_up: false,
            arrows: HashMap::new(),
        };
        parser.next();
        Ok(parser)
    }

    /// Checks that nothing follows, and that there were no errors.
    fn finish(&mut self) -> Result<(), SyntaxError> {
        if self.token == Token::Semicolon && self.automatic_semicolon {
            self.next();
        }
        self.expect(Token::Eof);
        std::mem::replace(&mut self.errors, ErrorList::new("")).into_result()
    }

    fn take_tree(&mut self, root: NodeId) -> Tree {
        Tree { text: self.text.into(), nodes: std::mem::take(&mut self.nodes), root }
    }

    fn assignment_to(mut self, lhs: NodeId) -> Result<Assignment, SyntaxError> {
        self.expect(Token::Assign);
        let lhs = self.take_tree(lhs);
        self.arrows.clear();
        let rhs = self.rhs();
        self.finish()?;
        Ok(Assignment { lhs, rhs: self.take_tree(rhs) })
    }

    fn next(&mut self) {
        self.previous_end = self.end;
        if self.gave_up {
            return;
        }
        let scanned = self.scanner.scan(&mut self.errors);
        self.token = scanned.token;
        self.position = scanned.start;
        self.end = scanned.end;
        self.automatic_semicolon = scanned.automatic;
    }

    fn give_up(&mut self) {
        self.gave_up = true;
        self.token = Token::Eof;
        self.position = self.text.len();
        self.end = self.text.len();
    }

    /// Goes one level deeper. Every call is matched by one of [`Parser::leave`].
    fn enter(&mut self) {
        self.nesting += 1;
        if self.nesting > MAX_DEPTH && !self.gave_up {
            self.error(self.position, "exceeded max nesting depth".into());
            self.give_up();
        }
    }

    fn leave(&mut self, levels: usize) {
        self.nesting -= levels;
    }

    fn add(&mut self, node: Node, start: usize) -> NodeId {
        self.add_spanning(node, start, self.previous_end)
    }

    fn add_spanning(&mut self, node: Node, start: usize, end: usize) -> NodeId {
        // At most one node a byte, and MAX_TEXT bounds those.
        let id = NodeId(self.nodes.len() as u32);
        self.nodes.push((node, Span::new(start, end)));
        id
    }

    fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id.0 as usize].0
    }

    fn start_of(&self, id: NodeId) -> usize {
        self.nodes[id.0 as usize].1.start as usize
    }

    /// Records an error, unless one was just recorded on the same line: that would likely be its echo.
    fn error(&mut self, position: usize, message: String) {
        if self.gave_up || self.errors.last_line() == Some(self.errors.line_of(position)) {
            return;
        }
        if self.errors.count() > 10 {
            self.give_up();
            return;
        }
        self.errors.add(position, message);
    }

    fn error_expected(&mut self, position: usize, what: &str) {
        let mut message = format!("expected {what}");
        if position == self.position {
            if self.token == Token::Semicolon && self.automatic_semicolon {
                message.push_str(", found newline");
            } else if self.token.is_literal() {
                message.push_str(", found ");
                message.push_str(&self.literal_text());
            } else {
                message.push_str(&format!(", found '{}'", self.token));
            }
        }
        self.error(position, message);
    }

    fn expect(&mut self, token: Token) -> usize {
        let position = self.position;
        if self.token != token {
            self.error_expected(position, &format!("'{token}'"));
        }
        self.next();
        position
    }

    /// Expects the end of a list whose elements commas separate.
    fn expect_closing(&mut self, token: Token, context: &str) -> usize {
        if self.token != token && self.token == Token::Semicolon && self.automatic_semicolon {
            self.error(self.position, format!("missing ',' before newline in {context}"));
            self.next();
        }
        self.expect(token)
    }

    fn expect_semicolon(&mut self) {
        match self.token {
            Token::RightParen | Token::RightBrace => {}
            Token::Comma => {
                self.error_expected(self.position, "';'");
                self.next();
            }
            Token::Semicolon => self.next(),
            _ => {
                self.error_expected(self.position, "';'");
                self.advance_to(starts_statement);
            }
        }
    }

    /// Whether an element follows: at a comma, or where one is missing (which is reported).
    fn at_comma(&mut self, context: &str, follow: Token) -> bool {
        if self.token == Token::Comma {
            return true;
        }
        if self.token == follow {
            return false;
        }
        let newline = self.token == Token::Semicolon && self.automatic_semicolon;
        let place = if newline { " before newline" } else { "" };
        self.error(self.position, format!("missing ','{place} in {context}"));
        true
    }

    /// Skips tokens until one that `stops` recovery, making progress at the latest at the tenth call.
    fn advance_to(&mut self, stops: fn(Token) -> bool) {
        while self.token != Token::Eof {
            if stops(self.token) {
                if self.sync_position == Some(self.position) && self.sync_count < 10 {
                    self.sync_count += 1;
                    return;
                }
                if Some(self.position) > self.sync_position {
                    self.sync_position = Some(self.position);
                    self.sync_count = 0;
                    return;
                }
            }
            self.next();
        }
    }

    /// The token's text; raw strings without the carriage returns that do not belong to their value.
    fn literal_text(&self) -> Box<str> {
        let text = self.text.get(self.position..self.end).unwrap_or_default();
        if text.starts_with('`') && text.contains('\r') { text.replace('\r', "").into() } else { text.into() }
    }

    fn literal(&mut self) -> Literal {
        let literal = Literal { token: self.token, text: self.literal_text() };
        self.next();
        literal
    }

    fn name(&mut self) -> Name {
        let start = self.position;
        if self.token != Token::Ident {
            self.expect(Token::Ident);
            return Name { text: "_".into(), span: Span::new(start, start) };
        }
        let text = self.literal_text();
        self.next();
        Name { text, span: Span::new(start, self.previous_end) }
    }

    fn ident(&mut self, name: Name) -> NodeId {
        self.add_spanning(Node::Ident(name.text), name.span.start as usize, name.span.end as usize)
    }

    fn bad(&mut self, start: usize) -> NodeId {
        self.add_spanning(Node::Bad, start, self.position)
    }
}

fn starts_statement(token: Token) -> bool {
    matches!(
        token,
        Token::Break
            | Token::Const
            | Token::Continue
            | Token::Defer
            | Token::Fallthrough
            | Token::For
            | Token::Go
            | Token::Goto
            | Token::If
            | Token::Return
            | Token::Select
            | Token::Switch
            | Token::Type
            | Token::Var
    )
}

fn ends_expression(token: Token) -> bool {
    matches!(
        token,
        Token::Comma
            | Token::Colon
            | Token::Semicolon
            | Token::RightParen
            | Token::RightBracket
            | Token::RightBrace
    )
}
