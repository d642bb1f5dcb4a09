//! Fields of structs, methods of interfaces, parameters of functions.

use super::{Parser, ends_expression};
use crate::ast::{Field, Name, Node, NodeId, Span};
use crate::token::Token;

/// A parameter as it stands: `a`, `T` or `a T`. Which of the first two a lone name is, the whole list decides.
struct Parameter {
    name: Option<Name>,
    ty: Option<NodeId>,
}

/// What a list of parameters belongs to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum ListKind {
    Parameters,
    Results,
    /// Type parameters of a function, whose constraints may be unions.
    TypeParameters,
}

impl ListKind {
    fn closing(self) -> Token {
        if self == ListKind::TypeParameters { Token::RightBracket } else { Token::RightParen }
    }
}

impl Parser<'_> {
    pub(super) fn struct_type(&mut self) -> NodeId {
        let start = self.expect(Token::Struct);
        self.expect(Token::LeftBrace);
        let mut fields = Vec::new();
        while matches!(self.token, Token::Ident | Token::Mul | Token::LeftParen) {
            fields.push(self.struct_field());
        }
        self.expect(Token::RightBrace);
        self.add(Node::StructType(fields), start)
    }

    fn struct_field(&mut self) -> Field {
        let (names, ty) = match self.token {
            Token::Ident => self.named_or_embedded(),
            Token::Mul => (Vec::new(), self.embedded_pointer()),
            _ => {
                // A parenthesis is no Go, but reported by name.
                self.error(self.position, "cannot parenthesize embedded type".into());
                self.next();
                let start = self.position;
                let ty = if self.token == Token::Mul {
                    self.next();
                    let base = self.qualified(None);
                    self.add(Node::Star(base), start)
                } else {
                    self.qualified(None)
                };
                self.skip_closing_paren();
                (Vec::new(), ty)
            }
        };
        let tag = if self.token == Token::String { Some(self.literal()) } else { None };
        self.expect_semicolon();
        Field { names, ty, tag }
    }

    fn skip_closing_paren(&mut self) {
        if self.token == Token::RightParen {
            self.next();
        }
    }

    fn embedded_pointer(&mut self) -> NodeId {
        let start = self.expect(Token::Mul);
        let base = if self.token == Token::LeftParen {
            self.error(self.position, "cannot parenthesize embedded type".into());
            self.next();
            let base = self.qualified(None);
            self.skip_closing_paren();
            base
        } else {
            self.qualified(None)
        };
        self.add(Node::Star(base), start)
    }

    fn named_or_embedded(&mut self) -> (Vec<Name>, NodeId) {
        let first = self.name();
        match self.token {
            Token::Period => return (Vec::new(), self.qualified(Some(first))),
            Token::String | Token::Semicolon | Token::RightBrace => {
                return (Vec::new(), self.ident(first));
            }
            Token::LeftBracket => {
                let (name, ty) = self.array_or_instance(first);
                return (name.into_iter().collect(), ty);
            }
            _ => {}
        }
        let mut names = vec![first];
        while self.token == Token::Comma {
            self.next();
            names.push(self.name());
        }
        (names, self.ty())
    }

    /// Behind a name, `[` starts the array type of a field of that name, or the arguments of the generic type
    /// of that name; only what follows the `]` tells.
    fn array_or_instance(&mut self, name: Name) -> (Option<Name>, NodeId) {
        let bracket = self.expect(Token::LeftBracket);
        let mut trailing_comma = None;
        let mut args = Vec::new();
        if self.token != Token::RightBracket {
            args.push(self.rhs());
            while self.token == Token::Comma {
                let comma = self.position;
                self.next();
                if self.token == Token::RightBracket {
                    trailing_comma = Some(comma);
                    break;
                }
                args.push(self.rhs());
            }
        }
        self.expect(Token::RightBracket);
        let closed = self.previous_end;
        if args.is_empty() {
            let elem = self.ty();
            return (Some(name), self.add(Node::ArrayType { len: None, elem }, bracket));
        }
        if let [len] = args[..]
            && let Some(elem) = self.try_type()
        {
            if let Some(comma) = trailing_comma {
                self.error(comma, "unexpected comma; expecting ]".into());
            }
            return (Some(name), self.add(Node::ArrayType { len: Some(len), elem }, bracket));
        }
        let start = name.span.start as usize;
        let x = self.ident(name);
        (None, self.add_spanning(Node::Index { x, indices: args }, start, closed))
    }

    pub(super) fn interface_type(&mut self) -> NodeId {
        let start = self.expect(Token::Interface);
        self.expect(Token::LeftBrace);
        let mut methods = Vec::new();
        loop {
            let field = match self.token {
                Token::Ident => {
                    let mut method = self.method();
                    if method.names.is_empty() {
                        method.ty = self.type_union(Some(method.ty));
                    }
                    method
                }
                Token::Tilde => Field { names: Vec::new(), ty: self.type_union(None), tag: None },
                _ => match self.try_type() {
                    Some(term) => Field { names: Vec::new(), ty: self.type_union(Some(term)), tag: None },
                    None => break,
                },
            };
            self.expect_semicolon();
            methods.push(field);
        }
        self.expect(Token::RightBrace);
        self.add(Node::InterfaceType(methods), start)
    }

    fn method(&mut self) -> Field {
        let name = self.name();
        match self.token {
            Token::LeftParen => {
                let ty = self.signature(self.position);
                return Field { names: vec![name], ty, tag: None };
            }
            Token::LeftBracket => return self.generic_method_or_instance(name),
            _ => {}
        }
        let ty = self.qualified(Some(name));
        Field { names: Vec::new(), ty, tag: None }
    }

    fn generic_method_or_instance(&mut self, name: Name) -> Field {
        let bracket = self.position;
        self.next();
        let first = self.expression();
        let first_name = match self.node(first) {
            Node::Ident(text) if !matches!(self.token, Token::Comma | Token::RightBracket) => {
                Some(Name { text: text.clone(), span: self.nodes[first.0 as usize].1 })
            }
            _ => None,
        };
        if first_name.is_some() {
            self.parameter_list(first_name, ListKind::TypeParameters, false);
            self.expect(Token::RightBracket);
            self.error(bracket, "interface method must have no type parameters".into());
            let ty = self.signature(self.position);
            return Field { names: vec![name], ty, tag: None };
        }
        let mut indices = vec![first];
        if self.at_comma("type argument list", Token::RightBracket) {
            self.next();
            while !matches!(self.token, Token::RightBracket | Token::Eof) {
                indices.push(self.ty());
                if !self.at_comma("type argument list", Token::RightBracket) {
                    break;
                }
                self.next();
            }
        }
        self.expect_closing(Token::RightBracket, "type argument list");
        let start = name.span.start as usize;
        let x = self.ident(name);
        Field { names: Vec::new(), ty: self.add(Node::Index { x, indices }, start), tag: None }
    }

    /// Type parameters, which no function type may have; whether there were any.
    pub(super) fn type_parameters(&mut self) -> bool {
        self.expect(Token::LeftBracket);
        let any = self.token != Token::RightBracket
            && !self.parameter_list(None, ListKind::TypeParameters, true).is_empty();
        let closing = self.expect(Token::RightBracket);
        if !any {
            self.error(closing, "empty type parameter list".into());
        }
        any
    }

    pub(super) fn parameters(&mut self) -> Vec<Field> {
        self.parenthesized(ListKind::Parameters)
    }

    pub(super) fn results(&mut self) -> Vec<Field> {
        if self.token == Token::LeftParen {
            return self.parenthesized(ListKind::Results);
        }
        self.try_type().map(|ty| Field { names: Vec::new(), ty, tag: None }).into_iter().collect()
    }

    fn parenthesized(&mut self, kind: ListKind) -> Vec<Field> {
        self.expect(Token::LeftParen);
        let list =
            if self.token == Token::RightParen { Vec::new() } else { self.parameter_list(None, kind, false) };
        self.expect(Token::RightParen);
        list
    }

    fn parameter_list(&mut self, first: Option<Name>, kind: ListKind, unions: bool) -> Vec<Field> {
        let unions = unions || kind == ListKind::TypeParameters;
        let list_start = first.as_ref().map_or(self.position, |name| name.span.start as usize);
        let mut first = first;
        let mut list = Vec::new();
        while first.is_some() || self.token != kind.closing() && self.token != Token::Eof {
            let parameter = self.parameter(first.take(), unions);
            if parameter.name.is_some() || parameter.ty.is_some() {
                list.push(parameter);
            }
            if !self.at_comma("parameter list", kind.closing()) {
                break;
            }
            self.next();
        }
        if list.is_empty() {
            return Vec::new();
        }
        let named = list.iter().filter(|p| p.name.is_some() && p.ty.is_some()).count();
        let typed = list.iter().filter(|p| p.ty.is_some()).count();
        if named == 0 {
            self.names_are_types(&mut list, typed, list_start, kind);
        } else if named != list.len() {
            self.share_types(&mut list, named == typed, kind);
        }
        self.check_ellipsis(&mut list, kind);
        collect_fields(list)
    }

    /// No parameter has both name and type: what looked like names are types.
    fn names_are_types(&mut self, list: &mut [Parameter], typed: usize, start: usize, kind: ListKind) {
        let count = list.len();
        for parameter in list {
            if let Some(name) = parameter.name.take() {
                parameter.ty = Some(self.ident(name));
            }
        }
        if kind != ListKind::TypeParameters {
            return;
        }
        if typed == 0 {
            self.error(self.position, "missing type constraint".into());
        } else {
            let length = if count == 1 { " or invalid array length" } else { "" };
            self.error(start, format!("missing type parameter name{length}"));
        }
    }

    /// Some parameters are named, so all must be; a name without a type has that of the next.
    fn share_types(&mut self, list: &mut [Parameter], types_missing: bool, kind: ListKind) {
        let count = list.len();
        let mut error_at = None;
        let mut shared = None;
        for parameter in list.iter_mut().rev() {
            if let Some(ty) = parameter.ty {
                shared = Some(ty);
                if parameter.name.is_none() {
                    let at = self.start_of(ty);
                    error_at = Some(at);
                    parameter.name = Some(Name { text: "_".into(), span: Span::new(at, at) });
                }
            } else if shared.is_some() {
                parameter.ty = shared;
            } else {
                let at = parameter.name.as_ref().map_or(0, |name| name.span.start as usize);
                error_at = Some(at);
                parameter.ty = Some(self.bad(at));
            }
        }
        let Some(at) = error_at else { return };
        let type_parameters = kind == ListKind::TypeParameters;
        let (at, message) = match (types_missing, type_parameters) {
            (true, true) => (self.position, "missing type constraint"),
            (true, false) => (self.position, "missing parameter type"),
            (false, true) if count == 1 => (at, "missing type parameter name or invalid array length"),
            (false, true) => (at, "missing type parameter name"),
            (false, false) => (at, "missing parameter name"),
        };
        self.error(at, message.into());
    }

    fn check_ellipsis(&mut self, list: &mut [Parameter], kind: ListKind) {
        let count = list.len();
        let mut reported = false;
        for (i, parameter) in list.iter_mut().enumerate() {
            let Some(ty) = parameter.ty.filter(|&ty| matches!(self.node(ty), Node::Ellipsis(_))) else {
                continue;
            };
            let variadic = kind == ListKind::Parameters;
            if variadic && i + 1 == count {
                continue;
            }
            if !reported {
                let message =
                    if variadic { "can only use ... with final parameter" } else { "invalid use of ..." };
                self.error(self.start_of(ty), message.into());
                reported = true;
            }
            parameter.ty = Some(self.bad(self.start_of(ty)));
        }
    }

    fn parameter(&mut self, first: Option<Name>, unions: bool) -> Parameter {
        if first.is_none() && unions && self.token == Token::Tilde {
            return Parameter { name: None, ty: Some(self.type_union(None)) };
        }
        let mut parameter = Parameter { name: None, ty: None };
        match self.token {
            _ if first.is_some() || self.token == Token::Ident => {
                let name = match first {
                    Some(name) => name,
                    None => self.name(),
                };
                if self.named_parameter(name, unions, &mut parameter) {
                    return parameter;
                }
            }
            Token::Mul
            | Token::Arrow
            | Token::Func
            | Token::LeftBracket
            | Token::Chan
            | Token::Map
            | Token::Struct
            | Token::Interface
            | Token::LeftParen => parameter.ty = Some(self.ty()),
            Token::Ellipsis => {
                parameter.ty = Some(self.variadic());
                return parameter;
            }
            _ => {
                self.error_expected(self.position, "')'");
                self.advance_to(ends_expression);
            }
        }
        if unions && self.token == Token::Or && parameter.ty.is_some() {
            parameter.ty = Some(self.type_union(parameter.ty));
        }
        parameter
    }

    /// What follows a parameter's leading name; whether that ends the parameter for certain.
    fn named_parameter(&mut self, name: Name, unions: bool, parameter: &mut Parameter) -> bool {
        match self.token {
            Token::Ident
            | Token::Mul
            | Token::Arrow
            | Token::Func
            | Token::Chan
            | Token::Map
            | Token::Struct
            | Token::Interface
            | Token::LeftParen => {
                parameter.name = Some(name);
                parameter.ty = Some(self.ty());
            }
            Token::LeftBracket => {
                let (name, ty) = self.array_or_instance(name);
                *parameter = Parameter { name, ty: Some(ty) };
            }
            Token::Ellipsis => {
                *parameter = Parameter { name: Some(name), ty: Some(self.variadic()) };
                return true;
            }
            Token::Period => parameter.ty = Some(self.qualified(Some(name))),
            Token::Tilde if unions => {
                *parameter = Parameter { name: Some(name), ty: Some(self.type_union(None)) };
                return true;
            }
            Token::Or if unions => {
                let first = self.ident(name);
                parameter.ty = Some(self.type_union(Some(first)));
                return true;
            }
            _ => parameter.name = Some(name),
        }
        false
    }

    fn variadic(&mut self) -> NodeId {
        let start = self.expect(Token::Ellipsis);
        let elem = self.ty();
        self.add(Node::Ellipsis(Some(elem)), start)
    }
}

/// Parameters of one declared type, `a, b T`, become one field.
fn collect_fields(list: Vec<Parameter>) -> Vec<Field> {
    let mut fields: Vec<Field> = Vec::new();
    for Parameter { name, ty } in list {
        let Some(ty) = ty else { continue };
        match (fields.last_mut(), name) {
            (Some(last), Some(name)) if last.ty == ty => last.names.push(name),
            (_, name) => fields.push(Field { names: name.into_iter().collect(), ty, tag: None }),
        }
    }
    fields
}
