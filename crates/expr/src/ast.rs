//! The tree of an expression: an arena of nodes, each with the bytes of the text it stands for.

use std::ops::Range;

use crate::literal::Literal;
use crate::token::Token;

/// Bytes of the expression's text, half open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Span {
    /// Offset of the first byte.
    pub start: u32,
    /// Offset after the last byte.
    pub end: u32,
}

impl Span {
    pub(crate) fn new(start: usize, end: usize) -> Span {
        // Texts longer than MAX_TEXT are refused before anything is parsed, so offsets fit.
        Span { start: start as u32, end: end.max(start) as u32 }
    }

    /// The span as a range to index the text with.
    pub fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// A node of one [`Tree`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct NodeId(pub(crate) u32);

/// An identifier that is part of a node rather than an expression of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    /// The identifier.
    pub text: Box<str>,
    /// Where it stands.
    pub span: Span,
}

/// One declaration in a struct, an interface, or a list of parameters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// `a, b` of `a, b T`; the method's name; empty for embedded and unnamed ones.
    pub names: Vec<Name>,
    /// The type; of a method its signature, a [`Node::FuncType`].
    pub ty: NodeId,
    /// The tag of a struct field.
    pub tag: Option<Literal>,
}

/// Which ends of a channel a channel type gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ChanDir {
    /// `chan T`
    Both,
    /// `chan<- T`
    Send,
    /// `<-chan T`
    Receive,
}

/// What a node is. Types and values share one enum, as the grammar cannot tell `f(x)` the call from `T(x)` the
/// conversion, nor `a[i]` the element from `G[T]` the instance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Node {
    /// What stands in a tree with errors where nothing could be parsed; never in a tree that was handed out.
    Bad,
    /// A name.
    Ident(Box<str>),
    /// A number, rune or string.
    Literal(Literal),
    /// `T{...}`, or `{...}` as an element of one.
    CompositeLit {
        /// `T`; omitted inside other literals.
        ty: Option<NodeId>,
        /// The elements, [`Node::KeyValue`] where keyed.
        elements: Vec<NodeId>,
    },
    /// `key: value` in a composite literal.
    KeyValue {
        /// Field name, index or map key.
        key: NodeId,
        /// The element.
        value: NodeId,
    },
    /// `func(...) { ... }`; the body is kept as text.
    FuncLit {
        /// The signature.
        ty: NodeId,
        /// The body with its braces.
        body: Span,
    },
    /// `(x)`
    Paren(NodeId),
    /// `x.name`
    Selector {
        /// The operand: a value, a package's name, or a package's path as a string literal.
        x: NodeId,
        /// The field, method or package member.
        name: Name,
    },
    /// `x[i]`; with several indices, or one that is a type, an instance of a generic.
    Index {
        /// What is indexed.
        x: NodeId,
        /// At least one.
        indices: Vec<NodeId>,
    },
    /// `x[low:high]` or `x[low:high:max]`
    Slice {
        /// What is sliced.
        x: NodeId,
        /// First bound.
        low: Option<NodeId>,
        /// Second bound.
        high: Option<NodeId>,
        /// Third bound, present exactly in 3-index slices.
        max: Option<NodeId>,
    },
    /// `x.(T)`; no type for `x.(type)`.
    TypeAssert {
        /// The interface.
        x: NodeId,
        /// The type, or the identifier `data`.
        ty: Option<NodeId>,
    },
    /// `f(args)`, calls and conversions alike.
    Call {
        /// What is called or converted to.
        fun: NodeId,
        /// The arguments; types where builtins take them.
        args: Vec<NodeId>,
        /// Whether the last argument is followed by `...`.
        ellipsis: bool,
    },
    /// `*x`, dereference and pointer type alike.
    Star(NodeId),
    /// `op x` for `+ - ! ^ & ~ <-`.
    Unary {
        /// The operator.
        op: Token,
        /// The operand.
        x: NodeId,
    },
    /// `x op y`
    Binary {
        /// The operator.
        op: Token,
        /// Left operand.
        x: NodeId,
        /// Right operand.
        y: NodeId,
    },
    /// `...` as an array's length, `...T` as a parameter's type.
    Ellipsis(Option<NodeId>),
    /// `[len]elem`; a slice without length.
    ArrayType {
        /// The length, [`Node::Ellipsis`] for `[...]T`.
        len: Option<NodeId>,
        /// The element type.
        elem: NodeId,
    },
    /// `struct{...}`
    StructType(Vec<Field>),
    /// `func(...) ...`
    FuncType {
        /// Parameters.
        params: Vec<Field>,
        /// Results.
        results: Vec<Field>,
    },
    /// `interface{...}`
    InterfaceType(Vec<Field>),
    /// `map[key]value`
    MapType {
        /// Key type.
        key: NodeId,
        /// Element type.
        value: NodeId,
    },
    /// `chan T`, `chan<- T`, `<-chan T`
    ChanType {
        /// Direction.
        dir: ChanDir,
        /// Element type.
        value: NodeId,
    },
}

impl Node {
    /// The node's type as Go's `%T` prints it, for texts like `expression *ast.FuncLit not implemented`.
    pub fn go_type(&self) -> &'static str {
        match self {
            Node::Bad => "*ast.BadExpr",
            Node::Ident(_) => "*ast.Ident",
            Node::Literal(_) => "*ast.BasicLit",
            Node::CompositeLit { .. } => "*ast.CompositeLit",
            Node::KeyValue { .. } => "*ast.KeyValueExpr",
            Node::FuncLit { .. } => "*ast.FuncLit",
            Node::Paren(_) => "*ast.ParenExpr",
            Node::Selector { .. } => "*ast.SelectorExpr",
            Node::Index { indices, .. } if indices.len() > 1 => "*ast.IndexListExpr",
            Node::Index { .. } => "*ast.IndexExpr",
            Node::Slice { .. } => "*ast.SliceExpr",
            Node::TypeAssert { .. } => "*ast.TypeAssertExpr",
            Node::Call { .. } => "*ast.CallExpr",
            Node::Star(_) => "*ast.StarExpr",
            Node::Unary { .. } => "*ast.UnaryExpr",
            Node::Binary { .. } => "*ast.BinaryExpr",
            Node::Ellipsis(_) => "*ast.Ellipsis",
            Node::ArrayType { .. } => "*ast.ArrayType",
            Node::StructType(_) => "*ast.StructType",
            Node::FuncType { .. } => "*ast.FuncType",
            Node::InterfaceType(_) => "*ast.InterfaceType",
            Node::MapType { .. } => "*ast.MapType",
            Node::ChanType { .. } => "*ast.ChanType",
        }
    }
}

/// A parsed expression: its text, its nodes and the root among them.
///
/// The depth of the tree is bounded by [`crate::MAX_DEPTH`], so code that walks it may recurse.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tree {
    pub(crate) text: Box<str>,
    pub(crate) nodes: Vec<(Node, Span)>,
    pub(crate) root: NodeId,
}

impl Tree {
    /// The whole text that was parsed.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The outermost node.
    pub fn root(&self) -> NodeId {
        self.root
    }

    /// A node. `id` must come from this tree.
    pub fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id.0 as usize].0
    }

    /// The bytes of the text that a node stands for. `id` must come from this tree.
    pub fn span(&self, id: NodeId) -> Span {
        self.nodes[id.0 as usize].1
    }

    /// A node's text as it was typed. See [`Tree::print`] for Go's canonical form.
    pub fn source(&self, id: NodeId) -> &str {
        self.text.get(self.span(id).range()).unwrap_or_default()
    }

    /// The node inside all parentheses around it.
    pub fn unparen(&self, mut id: NodeId) -> NodeId {
        while let Node::Paren(inner) = self.node(id) {
            id = *inner;
        }
        id
    }
}
