//! Types.

use super::{Parser, ends_expression};
use crate::ast::{ChanDir, Name, Node, NodeId};
use crate::token::Token;

impl Parser<'_> {
    pub(super) fn ty(&mut self) -> NodeId {
        if let Some(ty) = self.try_type() {
            return ty;
        }
        let start = self.position;
        self.error_expected(start, "type");
        self.advance_to(ends_expression);
        self.bad(start)
    }

    /// A type, or nothing if the token cannot start one.
    pub(super) fn try_type(&mut self) -> Option<NodeId> {
        self.enter();
        let start = self.position;
        let ty = match self.token {
            Token::Ident => Some(self.qualified(None)),
            Token::String if self.selector_follows() => Some(self.in_package_at(start)),
            Token::LeftBracket => {
                self.next();
                Some(self.array_type(start))
            }
            Token::Struct => Some(self.struct_type()),
            Token::Mul => {
                self.next();
                let base = self.ty();
                Some(self.add(Node::Star(base), start))
            }
            Token::Func => Some(self.func_type()),
            Token::Interface => Some(self.interface_type()),
            Token::Map => Some(self.map_type()),
            Token::Chan | Token::Arrow => Some(self.chan_type()),
            Token::LeftParen => {
                self.next();
                let inner = self.ty();
                self.expect(Token::RightParen);
                Some(self.add(Node::Paren(inner), start))
            }
            _ => None,
        };
        self.leave(1);
        ty
    }

    /// `T` or `pkg.T`; `first` is the identifier if it was read already.
    pub(super) fn type_name(&mut self, first: Option<Name>) -> NodeId {
        let first = match first {
            Some(name) => name,
            None => self.name(),
        };
        let start = first.span.start as usize;
        let x = self.ident(first);
        if self.token != Token::Period {
            return x;
        }
        self.next();
        let name = self.name();
        self.add(Node::Selector { x, name }, start)
    }

    /// Does a `.` come next?
    fn selector_follows(&self) -> bool {
        self.text.get(self.end..).is_some_and(|rest| rest.trim_start_matches([' ', '\t']).starts_with('.'))
    }

    /// `"path/to/pkg".T`, which Go does not have: a package is told by its path where its name is not enough.
    fn in_package_at(&mut self, start: usize) -> NodeId {
        let path = self.literal();
        let x = self.add(Node::Literal(path), start);
        self.expect(Token::Period);
        let name = self.name();
        let ty = self.add(Node::Selector { x, name }, start);
        if self.token == Token::LeftBracket { self.type_instance(ty) } else { ty }
    }

    /// `T`, `pkg.T`, `T[args]` or `pkg.T[args]`.
    pub(super) fn qualified(&mut self, first: Option<Name>) -> NodeId {
        let ty = self.type_name(first);
        if self.token == Token::LeftBracket { self.type_instance(ty) } else { ty }
    }

    pub(super) fn type_instance(&mut self, x: NodeId) -> NodeId {
        let start = self.start_of(x);
        let bracket = self.expect(Token::LeftBracket);
        let mut indices = Vec::new();
        while !matches!(self.token, Token::RightBracket | Token::Eof) {
            indices.push(self.ty());
            if !self.at_comma("type argument list", Token::RightBracket) {
                break;
            }
            self.next();
        }
        let closing = self.expect_closing(Token::RightBracket, "type argument list");
        if indices.is_empty() {
            self.error_expected(closing, "type argument list");
            indices.push(self.add(Node::Bad, bracket));
        }
        self.add(Node::Index { x, indices }, start)
    }

    /// The rest of `[len]T` behind its `[`, which is at `start`.
    fn array_type(&mut self, start: usize) -> NodeId {
        let len = match self.token {
            Token::Ellipsis => {
                let at = self.position;
                self.next();
                Some(self.add(Node::Ellipsis(None), at))
            }
            Token::RightBracket => None,
            _ => Some(self.rhs()),
        };
        if self.token == Token::Comma {
            self.error(self.position, "unexpected comma; expecting ]".into());
            self.next();
        }
        self.expect(Token::RightBracket);
        let elem = self.ty();
        self.add(Node::ArrayType { len, elem }, start)
    }

    fn map_type(&mut self) -> NodeId {
        let start = self.expect(Token::Map);
        self.expect(Token::LeftBracket);
        let key = self.ty();
        self.expect(Token::RightBracket);
        let value = self.ty();
        self.add(Node::MapType { key, value }, start)
    }

    fn chan_type(&mut self) -> NodeId {
        let start = self.position;
        let mut arrow = None;
        let dir = if self.token == Token::Chan {
            self.next();
            if self.token == Token::Arrow {
                arrow = Some(self.position);
                self.next();
                ChanDir::Send
            } else {
                ChanDir::Both
            }
        } else {
            arrow = Some(self.expect(Token::Arrow));
            self.expect(Token::Chan);
            ChanDir::Receive
        };
        let value = self.ty();
        let id = self.add(Node::ChanType { dir, value }, start);
        if let Some(arrow) = arrow {
            self.arrows.insert(id, arrow);
        }
        id
    }

    pub(super) fn func_type(&mut self) -> NodeId {
        let start = self.expect(Token::Func);
        if self.token == Token::LeftBracket {
            let opening = self.position;
            if self.type_parameters() {
                self.error(opening, "function type must have no type parameters".into());
            }
        }
        self.signature(start)
    }

    /// Parameters and results.
    pub(super) fn signature(&mut self, start: usize) -> NodeId {
        let params = self.parameters();
        let results = self.results();
        self.add(Node::FuncType { params, results }, start)
    }

    /// `T | ~U | ...`; `first` is the first term if it was read already.
    pub(super) fn type_union(&mut self, first: Option<NodeId>) -> NodeId {
        let mut x = match first {
            Some(x) => x,
            None => self.type_term(),
        };
        let start = self.start_of(x);
        let mut levels = 0;
        while self.token == Token::Or {
            levels += 1;
            self.enter();
            self.next();
            let y = self.type_term();
            x = self.add(Node::Binary { op: Token::Or, x, y }, start);
        }
        self.leave(levels);
        x
    }

    fn type_term(&mut self) -> NodeId {
        let start = self.position;
        if self.token == Token::Tilde {
            self.next();
            let x = self.ty();
            return self.add(Node::Unary { op: Token::Tilde, x }, start);
        }
        if let Some(ty) = self.try_type() {
            return ty;
        }
        self.error_expected(start, "~ term or type");
        self.advance_to(ends_expression);
        self.bad(start)
    }
}
