//! Where the names in one function of Go's source are declared and changed: as much of a parser as that takes.

use crate::error::ErrorList;
use crate::scanner::{Scanned, Scanner};
use crate::token::Token;

/// Longer source files are not read, in bytes.
const LONGEST: usize = 4 << 20;
/// Blocks are nested less deep than this.
const DEEPEST: usize = 1000;

/// The declarations and changes of variables in the body of one function.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bindings {
    declarations: Vec<Declared>,
    changes: Vec<Changed>,
    loops: Vec<(u32, u32)>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Declared {
    name: String,
    line: u32,
    /// The last line of the block it is declared in.
    end: u32,
    block: usize,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Changed {
    name: String,
    line: u32,
    /// Is all of it changed, and not a field or an element?
    whole: bool,
    /// Which declaration of the name is meant; `None`: one outside the body.
    declaration: Option<usize>,
}

impl Bindings {
    /// Reads the function, or function literal, whose `func` stands on this line. `None` if there is none, or several.
    pub fn of_function(source: &str, line: u32) -> Option<Bindings> {
        if source.len() > LONGEST {
            return None;
        }
        let start = match line.checked_sub(2) {
            None => 0,
            Some(before) => source.match_indices('\n').nth(before as usize)?.0 + 1,
        };
        Reader::new(&source[start..], line)?.read()
    }

    /// The line of the declaration that `name` means on this line: of the innermost one in the body, if there is any.
    pub fn declaration(&self, name: &str, line: u32) -> Option<u32> {
        let visible = |found: &&Declared| found.name == name && found.line < line && line <= found.end;
        self.declarations.iter().rev().find(visible).map(|found| found.line)
    }

    /// Does the body declare a variable of this name on this line?
    pub fn is_declared_on(&self, name: &str, line: u32) -> bool {
        self.declarations.iter().any(|found| found.name == name && found.line == line)
    }

    /// The lines on which the variable of this name is changed that is declared on the line `declared`, or outside the
    /// body; each with whether all of it is, and not a field or an element.
    pub fn changes(&self, name: &str, declared: Option<u32>) -> impl Iterator<Item = (u32, bool)> {
        let changes = self.changes.iter().filter(move |change| {
            let meant = change.declaration.map(|at| self.declarations[at].line);
            change.name == name && meant == declared
        });
        changes.map(|change| (change.line, change.whole))
    }

    /// The loops of the body: first and last line.
    pub fn loops(&self) -> &[(u32, u32)] {
        &self.loops
    }
}

/// A block that is open.
struct Open {
    kind: Kind,
    id: usize,
    /// How many parentheses and brackets were open.
    depth: usize,
    line: u32,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Braces,
    /// What `if`, `for` and the like open, around the braces that follow.
    Header(Token),
    /// A `case`, up to the next.
    Clause,
}

struct Reader<'t> {
    text: &'t str,
    tokens: Vec<Scanned>,
    /// The line of each token.
    lines: Vec<u32>,
    at: usize,
    open: Vec<Open>,
    blocks: usize,
    depth: usize,
    /// Where the statement being read begins.
    statement: usize,
    found: Bindings,
}

impl<'t> Reader<'t> {
    /// Scans up to the end of the function.
    fn new(text: &'t str, line: u32) -> Option<Reader<'t>> {
        let mut errors = ErrorList::new(text);
        let mut scanner = Scanner::new(text, &mut errors);
        let (mut tokens, mut lines) = (Vec::new(), Vec::new());
        let (mut counted, mut number) = (0, line);
        loop {
            let token = scanner.scan(&mut errors);
            if token.token == Token::Eof {
                break;
            }
            number += text.get(counted..token.start).unwrap_or_default().matches('\n').count() as u32;
            counted = token.start;
            // The next function at the left margin.
            let at_margin = token.start == 0 || text.as_bytes()[token.start - 1] == b'\n';
            if token.token == Token::Func && at_margin && number > line {
                break;
            }
            tokens.push(token);
            lines.push(number);
        }
        let on_line = |at: &usize| tokens[*at].token == Token::Func && lines[*at] == line;
        let mut functions = (0..tokens.len()).take_while(|at| lines[*at] == line).filter(on_line);
        let (first, other) = (functions.next()?, functions.next());
        // Of a declaration, function types of parameters may follow; of literals, it would not be clear which.
        if other.is_some() && tokens[first].start != 0 {
            return None;
        }
        Some(Reader {
            text,
            tokens,
            lines,
            at: first + 1,
            open: Vec::new(),
            blocks: 0,
            depth: 0,
            statement: 0,
            found: Bindings::default(),
        })
    }

    fn token(&self, at: usize) -> Token {
        self.tokens.get(at).map_or(Token::Eof, |token| token.token)
    }

    fn name(&self, at: usize) -> &'t str {
        self.tokens.get(at).map_or("", |token| &self.text[token.start..token.end])
    }

    fn read(mut self) -> Option<Bindings> {
        self.skip_signature()?;
        self.push(Kind::Braces);
        self.at += 1;
        self.statement = self.at;
        while !self.open.is_empty() {
            if self.at >= self.tokens.len() || self.open.len() > DEEPEST {
                return None;
            }
            self.step();
        }
        Some(self.found)
    }

    /// From behind `func` to the brace of its body.
    fn skip_signature(&mut self) -> Option<()> {
        let mut depth = 0usize;
        loop {
            match self.token(self.at) {
                Token::LeftParen | Token::LeftBracket => depth += 1,
                Token::RightParen | Token::RightBracket => depth = depth.checked_sub(1)?,
                Token::LeftBrace => {
                    let of_type = matches!(self.token(self.at - 1), Token::Interface | Token::Struct);
                    if depth == 0 && !of_type {
                        return Some(());
                    }
                    depth += 1;
                }
                Token::RightBrace => depth = depth.checked_sub(1)?,
                Token::Semicolon if depth == 0 => return None,
                Token::Eof => return None,
                _ => {}
            }
            self.at += 1;
        }
    }

    fn push(&mut self, kind: Kind) {
        self.blocks += 1;
        let line = self.lines.get(self.at).copied().unwrap_or_default();
        self.open.push(Open { kind, id: self.blocks, depth: self.depth, line });
    }

    /// Closes the innermost block on the current line.
    fn pop(&mut self) {
        let Some(closed) = self.open.pop() else { return };
        let line = self.lines[self.at.min(self.lines.len() - 1)];
        for declared in self.found.declarations.iter_mut().filter(|declared| declared.block == closed.id) {
            declared.end = line;
        }
        if closed.kind == Kind::Header(Token::For) {
            self.found.loops.push((closed.line, line));
        }
    }

    fn step(&mut self) {
        let token = self.token(self.at);
        match token {
            Token::LeftParen | Token::LeftBracket => self.depth += 1,
            Token::RightParen | Token::RightBracket => self.depth = self.depth.saturating_sub(1),
            Token::If | Token::For | Token::Switch | Token::Select => {
                // `else if` goes on with what the first `if` opened.
                self.push(Kind::Header(token));
                self.statement = self.at + 1;
            }
            Token::Case | Token::Default => {
                if self.open.last().is_some_and(|open| open.kind == Kind::Clause) {
                    self.pop();
                }
                self.push(Kind::Clause);
                self.statement = self.at + 1;
            }
            Token::LeftBrace => {
                self.push(Kind::Braces);
                self.statement = self.at + 1;
            }
            Token::RightBrace => self.close_braces(),
            Token::Semicolon => self.statement = self.at + 1,
            Token::Colon
                if self
                    .open
                    .last()
                    .is_some_and(|open| open.kind == Kind::Clause && open.depth == self.depth) =>
            {
                self.statement = self.at + 1;
            }
            Token::Var | Token::Const | Token::Type => return self.declare_keyword(),
            Token::Func => self.declare_parameters(),
            Token::Define => self.define(),
            Token::Inc | Token::Dec => self.change_left(),
            _ if is_assignment(token) => self.change_left(),
            _ => {}
        }
        self.at += 1;
    }

    fn close_braces(&mut self) {
        while self.open.last().is_some_and(|open| open.kind == Kind::Clause) {
            self.pop();
        }
        // Of a literal in a header, the header stays open.
        self.pop();
        self.statement = self.at + 1;
        let is_body = self.is_body_end();
        while is_body && self.token(self.at + 1) != Token::Else {
            match self.open.last() {
                Some(Open { kind: Kind::Header(header), depth, .. }) if *depth == self.depth => {
                    let was_if = *header == Token::If;
                    self.pop();
                    // One `if` in the `else` of another ends both.
                    if !was_if || !self.is_else_if() {
                        return;
                    }
                }
                _ => return,
            }
        }
    }

    /// Does the brace that closes end a statement, and not a literal within one?
    fn is_body_end(&self) -> bool {
        matches!(self.token(self.at + 1), Token::Semicolon | Token::Else | Token::RightBrace | Token::Eof)
            && self.open.last().is_some_and(|open| open.depth == self.depth)
    }

    fn is_else_if(&self) -> bool {
        self.open.last().is_some_and(|open| open.kind == Kind::Header(Token::If) && open.depth == self.depth)
    }

    fn declare(&mut self, at: usize) {
        let name = self.name(at);
        let Some(block) = self.open.last().map(|open| open.id) else { return };
        if name == "_" {
            return;
        }
        let line = self.lines[at];
        self.found.declarations.push(Declared { name: name.to_owned(), line, end: u32::MAX, block });
    }

    /// The declaration that a name means here.
    fn meant(&self, name: &str) -> Option<usize> {
        self.found.declarations.iter().rposition(|declared| declared.name == name && declared.end == u32::MAX)
    }

    /// `var a, b T`, `const c = 1`, `type t struct`, and groups of them.
    fn declare_keyword(&mut self) {
        let is_type = self.token(self.at) == Token::Type;
        self.at += 1;
        let grouped = self.token(self.at) == Token::LeftParen;
        if !grouped {
            self.declare_list();
        } else {
            let mut depth = 0usize;
            let mut begins = false;
            while self.at < self.tokens.len() {
                match self.token(self.at) {
                    Token::LeftParen | Token::LeftBrace | Token::LeftBracket => depth += 1,
                    Token::RightParen | Token::RightBrace | Token::RightBracket => depth -= 1,
                    _ => {}
                }
                if depth == 0 {
                    break;
                }
                if begins && depth == 1 {
                    self.declare_list();
                    begins = false;
                    continue;
                }
                begins = depth == 1 && matches!(self.token(self.at), Token::LeftParen | Token::Semicolon);
                self.at += 1;
            }
        }
        // A type has no statements in it, but may have names that look like parameters.
        if is_type && self.token(self.at) == Token::Struct {
            self.at += 1;
        }
        self.statement = self.at;
    }

    fn declare_list(&mut self) {
        while self.token(self.at) == Token::Ident {
            self.declare(self.at);
            self.at += 1;
            if self.token(self.at) != Token::Comma {
                return;
            }
            self.at += 1;
        }
    }

    /// The parameters of a function literal: all names between its parentheses, of types too, which does no harm.
    fn declare_parameters(&mut self) {
        let mut at = self.at + 1;
        let mut depth = 0usize;
        // They are declared in the literal's own block, which opens behind them.
        let block = self.blocks + 1;
        loop {
            match self.token(at) {
                Token::LeftParen => depth += 1,
                Token::RightParen => depth = depth.saturating_sub(1),
                Token::Ident if depth > 0 => {
                    let (name, line) = (self.name(at).to_owned(), self.lines[at]);
                    self.found.declarations.push(Declared { name, line, end: u32::MAX, block });
                }
                Token::LeftBrace | Token::Eof | Token::Semicolon if depth == 0 => return,
                Token::Eof => return,
                _ => {}
            }
            at += 1;
            if depth == 0 && self.token(at) != Token::LeftParen && self.token(at) != Token::Ident {
                return;
            }
        }
    }

    /// `a, b := …`: new names are declared, those of the same block are changed.
    fn define(&mut self) {
        let block = self.open.last().map(|open| open.id);
        for at in self.statement..self.at {
            if self.token(at) != Token::Ident {
                continue;
            }
            let name = self.name(at);
            match self.meant(name).filter(|known| Some(self.found.declarations[*known].block) == block) {
                Some(known) => self.change(at, true, Some(known)),
                None => self.declare(at),
            }
        }
    }

    /// `a, b.c, d[i] = …`, `a += …`, `a++`.
    fn change_left(&mut self) {
        let mut begin = self.statement;
        let mut depth = 0usize;
        for at in self.statement..=self.at {
            match self.token(at) {
                Token::LeftParen | Token::LeftBracket | Token::LeftBrace => depth += 1,
                Token::RightParen | Token::RightBracket | Token::RightBrace => {
                    depth = depth.saturating_sub(1);
                }
                _ => {}
            }
            if at == self.at || depth == 0 && self.token(at) == Token::Comma {
                if self.token(begin) == Token::Ident {
                    self.change(begin, begin + 1 == at, self.meant(self.name(begin)));
                }
                begin = at + 1;
            }
        }
    }

    fn change(&mut self, at: usize, whole: bool, declaration: Option<usize>) {
        let (name, line) = (self.name(at).to_owned(), self.lines[at]);
        self.found.changes.push(Changed { name, line, whole, declaration });
    }
}

fn is_assignment(token: Token) -> bool {
    token == Token::Assign
        || matches!(
            token,
            Token::AddAssign
                | Token::SubAssign
                | Token::MulAssign
                | Token::QuoAssign
                | Token::RemAssign
                | Token::AndAssign
                | Token::OrAssign
                | Token::XorAssign
                | Token::ShlAssign
                | Token::ShrAssign
                | Token::AndNotAssign
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOURCE: &str = r#"package main

func f(a int, b struct{ x int }) (r interface{}) {
	a = 1
	c := 2
	if c := a; c > 1 {
		c++
		a, d := 3, c
		use(a, d)
	} else if d := c; d == 2 {
		c = d
	} else {
		c = 9
	}
	for i := 0; i < c; i++ {
		b.x = i
		var (
			e = 1
			g int
		)
		e, g = g, e
	}
	switch x := r.(type) {
	case int:
		c := x
		use(c)
	default:
		use(c)
	}
	h := func(a int) { a = 4; c = 5 }
	for _, k := range []int{1, 2} {
		c += k
	}
	*p, q[a] = 1, 2
}

func other() { a = 7 }
"#;

    fn changes(name: &str, declared: Option<u32>) -> Vec<(u32, bool)> {
        Bindings::of_function(SOURCE, 3).unwrap().changes(name, declared).collect()
    }

    #[test]
    fn changes_are_those_of_the_variable_that_is_meant() {
        assert_eq!(changes("a", None), [(4, true)]);
        assert_eq!(changes("c", Some(6)), [(7, true), (11, true), (13, true)]);
        assert_eq!(changes("c", Some(5)), [(30, true), (32, true)]);
        assert_eq!(changes("b", None), [(16, false)]);
        assert_eq!(changes("i", Some(15)), [(15, true)]);
        assert_eq!(changes("e", Some(18)), [(21, true)]);
        assert_eq!(changes("q", None), [(34, false)]);
        assert_eq!(changes("p", None), []);
    }

    #[test]
    fn declarations_are_in_force_to_the_end_of_their_block() {
        let found = Bindings::of_function(SOURCE, 3).unwrap();
        assert_eq!(found.declaration("a", 4), None);
        assert_eq!(found.declaration("a", 9), Some(8));
        assert_eq!(found.declaration("c", 7), Some(6));
        assert_eq!(found.declaration("c", 13), Some(6));
        assert_eq!(found.declaration("c", 16), Some(5));
        assert_eq!(found.declaration("c", 26), Some(25));
        assert_eq!(found.declaration("c", 28), Some(5));
        assert_eq!(found.declaration("k", 33), Some(31));
        assert_eq!(found.declaration("k", 34), None);
        assert_eq!(found.loops(), [(15, 22), (31, 33)]);
    }

    #[test]
    fn what_is_no_function_is_refused() {
        assert_eq!(Bindings::of_function(SOURCE, 4), None);
        assert_eq!(Bindings::of_function(SOURCE, 400), None);
        assert_eq!(Bindings::of_function("func f(", 1), None);
        assert_eq!(Bindings::of_function("func f() {", 1), None);
        assert!(Bindings::of_function("func f() { if x { } }", 1).is_some());
    }
}
