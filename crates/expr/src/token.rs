//! Go's tokens, under the names the parser's error texts use (go/token of go1.26).

use std::fmt;

macro_rules! tokens {
    ($($(#[$meta:meta])* $name:ident = $text:literal,)*) => {
        /// One kind of token of the Go language.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Token { $($(#[$meta])* #[doc = concat!("`", $text, "`")] $name,)* }

        impl Token {
            /// The token as error texts show it: the operator or keyword itself, or the name of the class
            /// (`IDENT`, `EOF`).
            pub fn text(self) -> &'static str {
                match self { $(Token::$name => $text,)* }
            }
        }
    };
}

tokens! {
    Illegal = "ILLEGAL", Eof = "EOF", Comment = "COMMENT",
    Ident = "IDENT", Int = "INT", Float = "FLOAT", Imag = "IMAG", Char = "CHAR", String = "STRING",
    Add = "+", Sub = "-", Mul = "*", Quo = "/", Rem = "%",
    And = "&", Or = "|", Xor = "^", Shl = "<<", Shr = ">>", AndNot = "&^",
    AddAssign = "+=", SubAssign = "-=", MulAssign = "*=", QuoAssign = "/=", RemAssign = "%=",
    AndAssign = "&=", OrAssign = "|=", XorAssign = "^=", ShlAssign = "<<=", ShrAssign = ">>=",
    AndNotAssign = "&^=",
    LogicalAnd = "&&", LogicalOr = "||", Arrow = "<-", Inc = "++", Dec = "--",
    Equal = "==", Less = "<", Greater = ">", Assign = "=", Not = "!",
    NotEqual = "!=", LessEqual = "<=", GreaterEqual = ">=", Define = ":=", Ellipsis = "...",
    LeftParen = "(", LeftBracket = "[", LeftBrace = "{", Comma = ",", Period = ".",
    RightParen = ")", RightBracket = "]", RightBrace = "}", Semicolon = ";", Colon = ":", Tilde = "~",
    Break = "break", Case = "case", Chan = "chan", Const = "const", Continue = "continue",
    Default = "default", Defer = "defer", Else = "else", Fallthrough = "fallthrough", For = "for",
    Func = "func", Go = "go", Goto = "goto", If = "if", Import = "import", Interface = "interface",
    Map = "map", Package = "package", Range = "range", Return = "return", Select = "select",
    Struct = "struct", Switch = "switch", Type = "type", Var = "var",
}

/// Precedence below that of every binary operator.
pub(crate) const LOWEST_PRECEDENCE: u8 = 0;
/// Precedence of unary operators.
pub(crate) const UNARY_PRECEDENCE: u8 = 6;
/// Precedence of operands, selectors, calls and indexing.
pub(crate) const HIGHEST_PRECEDENCE: u8 = 7;

impl Token {
    /// The keyword `word` is, if it is one of Go's 25.
    pub fn keyword(word: &str) -> Option<Token> {
        Some(match word {
            "break" => Token::Break,
            "case" => Token::Case,
            "chan" => Token::Chan,
            "const" => Token::Const,
            "continue" => Token::Continue,
            "default" => Token::Default,
            "defer" => Token::Defer,
            "else" => Token::Else,
            "fallthrough" => Token::Fallthrough,
            "for" => Token::For,
            "func" => Token::Func,
            "go" => Token::Go,
            "goto" => Token::Goto,
            "if" => Token::If,
            "import" => Token::Import,
            "interface" => Token::Interface,
            "map" => Token::Map,
            "package" => Token::Package,
            "range" => Token::Range,
            "return" => Token::Return,
            "select" => Token::Select,
            "struct" => Token::Struct,
            "switch" => Token::Switch,
            "type" => Token::Type,
            "var" => Token::Var,
            _ => return None,
        })
    }

    /// Whether the token is a name or a literal, whose text error texts show instead of its class.
    pub fn is_literal(self) -> bool {
        matches!(self, Token::Ident | Token::Int | Token::Float | Token::Imag | Token::Char | Token::String)
    }

    /// Precedence as a binary operator, 1 (`||`) to 5 (`*`); 0 for tokens that are none.
    pub fn precedence(self) -> u8 {
        match self {
            Token::LogicalOr => 1,
            Token::LogicalAnd => 2,
            Token::Equal
            | Token::NotEqual
            | Token::Less
            | Token::LessEqual
            | Token::Greater
            | Token::GreaterEqual => 3,
            Token::Add | Token::Sub | Token::Or | Token::Xor => 4,
            Token::Mul | Token::Quo | Token::Rem | Token::Shl | Token::Shr | Token::And | Token::AndNot => 5,
            _ => LOWEST_PRECEDENCE,
        }
    }
}

impl fmt::Display for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text())
    }
}
