//! What people type to a debugger of Go programs, as trees. Pure syntax: nothing here knows of a program.
//!
//! - [`parse`] makes a [`Tree`] of a Go expression (value or type), [`parse_statement`] and [`parse_assignment`] of
//!   `lhs = rhs`. A tree is an arena of [`Node`]s with the [`Span`] of text each stands for. It holds all that Go's
//!   grammar allows in an expression, so that an evaluator can say what it does not support by name
//!   ([`Node::go_type`]); a [`SyntaxError`] reads as that of Go's own parser. A [`Literal`] is its text and,
//!   exactly, its value. `Display` writes a tree in Go's canonical form.
//! - [`parse_location`] makes a [`Location`] of what says where a breakpoint goes; [`function_matches`] and
//!   [`file_matches`] are the rules by which names in the program answer to it.
//! - [`LineScanner`] cuts lines of Go source into coloured pieces.
//! - [`constant`] computes with untyped constants and typed numbers as Go does.
//! - [`quote`](quote()) and its kin write text the way Go quotes it, [`format_float64`] numbers the way it prints them.

mod ast;
mod bindings;
pub mod constant;
mod error;
mod float;
mod literal;
mod location;
mod parser;
mod printer;
mod quote;
mod regexp;
mod scanner;
mod source;
mod token;

pub use ast::{ChanDir, Field, Name, Node, NodeId, Span, Tree};
pub use bindings::Bindings;
pub use error::SyntaxError;
pub use float::{format_float32, format_float64};
pub use literal::{FloatLiteral, IntLiteral, Literal, LiteralValue};
pub use location::{
    BreakArguments, FunctionName, FunctionSpec, Imports, Location, MAX_CANDIDATES, MalformedLocation,
    NO_LINE_OFFSET, NoImports, Normal, PathRules, file_matches, function_matches, location_ambiguous,
    location_not_found, parse_location, split_condition, without_type_arguments,
};
pub use parser::{Assignment, MAX_DEPTH, MAX_TEXT, Statement, parse, parse_assignment, parse_statement};
pub use quote::{is_printable, quote, quote_bytes, quote_char, unicode_notation};
pub use regexp::regexp_error;
pub use source::{LineScanner, Piece, PieceKind};
pub use token::Token;
