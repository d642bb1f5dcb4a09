//! Makes expressions that are right by Go's rules of types. A few of them the compiler refuses all the same, as a
//! constant in them is too large.

use crate::random::Random;
use crate::vocabulary::{
    COMPARABLE, CONTAINERS, Class, FLOAT_LITERALS, IMAGINARY_LITERALS, INDEX_TYPES, INDEXED, INT_LITERALS,
    MAPS, NIL_ONLY, RUNE_LITERALS, SLICES, STRING_LITERALS, TYPES, Type,
};

/// How tightly what needs no parentheses binds.
const PRIMARY: u8 = 7;
const UNARY: u8 = 6;

/// An expression as the program has it and as the debugger is asked for it: these differ where Go has no answer.
#[derive(Clone, Debug)]
pub(crate) struct Expression {
    pub(crate) go: String,
    pub(crate) adit: String,
    binds: u8,
}

/// The kinds of untyped constants.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Untyped {
    Int,
    Rune,
    Float,
    Complex,
    String,
    Bool,
}

pub(crate) struct Generator {
    random: Random,
}

impl Expression {
    fn primary(text: &str) -> Expression {
        let binds = if text.starts_with(['*', '&']) { UNARY } else { PRIMARY };
        Expression { go: text.to_owned(), adit: text.to_owned(), binds }
    }

    /// In parentheses, unless it binds at least so tightly.
    fn within(self, least: u8) -> Expression {
        if self.binds >= least { self } else { form("({})", &[&self]) }
    }
}

/// A primary expression made of parts: each `{}` is the next of them.
fn form(template: &str, parts: &[&Expression]) -> Expression {
    let fill = |text: fn(&Expression) -> &str| {
        let mut out = String::new();
        let mut parts = parts.iter();
        for (i, piece) in template.split("{}").enumerate() {
            if i > 0 {
                out.push_str(text(parts.next().unwrap()));
            }
            out.push_str(piece);
        }
        out
    };
    Expression { go: fill(|part| &part.go), adit: fill(|part| &part.adit), binds: PRIMARY }
}

fn precedence(operator: &str) -> u8 {
    match operator {
        "||" => 1,
        "&&" => 2,
        "==" | "!=" | "<" | "<=" | ">" | ">=" => 3,
        "+" | "-" | "|" | "^" => 4,
        _ => 5,
    }
}

fn type_named(name: &str) -> &'static Type {
    TYPES.iter().find(|ty| ty.name == name).unwrap()
}

impl Generator {
    pub(crate) fn new(seed: u64) -> Generator {
        Generator { random: Random::new(seed) }
    }

    /// An expression of any type.
    pub(crate) fn expression(&mut self) -> Expression {
        let depth = 1 + self.random.below(4);
        match self.random.below(20) {
            0 | 1 => self.any_untyped(depth),
            2 => self.elements(),
            3..=6 => self.truth(depth),
            _ => {
                let ty = self.any_type();
                self.of(ty, depth)
            }
        }
    }

    fn any_type(&mut self) -> &'static Type {
        &TYPES[self.random.below(TYPES.len())]
    }

    fn type_of_class(&mut self, wanted: &[Class]) -> &'static Type {
        loop {
            let ty = self.any_type();
            if wanted.contains(&ty.class) {
                return ty;
            }
        }
    }

    /// An expression of a type.
    fn of(&mut self, ty: &'static Type, depth: usize) -> Expression {
        if depth == 0 || self.random.one_in(6) {
            return self.leaf(ty);
        }
        if self.random.one_in(8) {
            return self.conversion(ty, depth - 1);
        }
        if self.random.one_in(9) && !matches!(ty.class, Class::Bool | Class::Complex) {
            return self.extreme(ty, depth - 1);
        }
        if self.random.one_in(10)
            && let Some(found) = self.element(ty, depth - 1)
        {
            return found;
        }
        match ty.class {
            Class::Bool if ty.name == "bool" => self.truth(depth - 1),
            Class::Bool => {
                let (x, y) = (self.of(ty, depth - 1), self.of(ty, depth - 1));
                let operator = self.random.pick(&["&&", "||"]);
                self.binary(operator, x, y)
            }
            Class::String => self.text(ty, depth - 1),
            Class::Signed | Class::Unsigned => self.integer(ty, depth - 1),
            Class::Float => {
                if self.random.one_in(5) && ty.name.starts_with("float") {
                    let from = if ty.bits == 32 { "complex64" } else { "complex128" };
                    let part = self.random.pick(&["real({})", "imag({})"]);
                    return form(part, &[&self.of(type_named(from), depth - 1)]);
                }
                self.arithmetic(ty, &["+", "-", "*", "/"], &["-", "+"], depth - 1)
            }
            Class::Complex => {
                if self.random.one_in(4) && ty.name.starts_with("complex") {
                    let from = type_named(if ty.bits == 64 { "float32" } else { "float64" });
                    let (x, y) = (self.of(from, depth - 1), self.beside(from, depth - 1));
                    return form("complex({}, {})", &[&x, &y]);
                }
                self.arithmetic(ty, &["+", "-", "*", "/"], &["-", "+"], depth - 1)
            }
        }
    }

    fn leaf(&mut self, ty: &'static Type) -> Expression {
        if self.random.one_in(5) {
            let constant = self.constant_for(ty, 0);
            return form(&format!("{}({{}})", ty.name), &[&constant]);
        }
        Expression::primary(self.random.pick(ty.places))
    }

    fn integer(&mut self, ty: &'static Type, depth: usize) -> Expression {
        match self.random.below(8) {
            0 | 1 => {
                let x = self.of(ty, depth);
                let count = self.shift_count(depth);
                let operator = self.random.pick(&["<<", ">>"]);
                self.binary(operator, x, count)
            }
            2 if ty.name == "int" => {
                let (container, has_capacity) = CONTAINERS[self.random.below(CONTAINERS.len())];
                let name = if has_capacity && self.random.one_in(2) { "cap" } else { "len" };
                Expression::primary(&format!("{name}({container})"))
            }
            _ => {
                let binary = ["+", "-", "*", "/", "%", "&", "|", "^", "&^"];
                self.arithmetic(ty, &binary, &["-", "+", "^"], depth)
            }
        }
    }

    fn shift_count(&mut self, depth: usize) -> Expression {
        match self.random.below(4) {
            0 => Expression::primary(
                self.random.pick(&["0", "1", "3", "7", "8", "31", "33", "64", "200", "'\\x02'", "2.0"]),
            ),
            1 => Expression::primary(
                self.random.pick(&["u8", "v8", "u", "negative", "i", "zero", "m8", "n16", "u64"]),
            ),
            _ => {
                let ty = self.type_of_class(&[Class::Signed, Class::Unsigned]);
                self.of(ty, depth)
            }
        }
    }

    /// A unary or binary operation on numbers of one type.
    fn arithmetic(&mut self, ty: &'static Type, binary: &[&str], unary: &[&str], depth: usize) -> Expression {
        if self.random.one_in(5) {
            let operand = self.of(ty, depth);
            let operator = self.random.pick(unary);
            return self.unary(operator, operand);
        }
        let (x, y) = (self.of(ty, depth), self.beside(ty, depth));
        let operator = self.random.pick(binary);
        // Two constants may be anything beside each other, so the first is a value.
        if self.random.one_in(4) { self.binary(operator, y, x) } else { self.binary(operator, x, y) }
    }

    /// What may stand beside a value of the type: another, or an untyped constant.
    fn beside(&mut self, ty: &'static Type, depth: usize) -> Expression {
        if self.random.one_in(3) { self.constant_for(ty, depth.min(1)) } else { self.of(ty, depth) }
    }

    fn unary(&mut self, operator: &str, operand: Expression) -> Expression {
        let operand = operand.within(UNARY);
        let ambiguous = operand.adit.starts_with(['+', '-', '^', '&']);
        let template = if ambiguous { format!("{operator}({{}})") } else { format!("{operator}{{}}") };
        Expression { binds: UNARY, ..form(&template, &[&operand]) }
    }

    /// With as few parentheses as precedence allows, mostly, and sometimes without spaces.
    fn binary(&mut self, operator: &str, x: Expression, y: Expression) -> Expression {
        let binds = precedence(operator);
        let (x, y) = match self.random.one_in(4) {
            true => (x.within(PRIMARY), y.within(PRIMARY)),
            false => (x.within(binds), y.within(binds + 1)),
        };
        let tight = self.random.one_in(3) && !y.go.starts_with(['+', '-', '^', '&', '*', '!', '<']);
        let template = if tight { format!("{{}}{operator}{{}}") } else { format!("{{}} {operator} {{}}") };
        Expression { binds, ..form(&template, &[&x, &y]) }
    }

    fn conversion(&mut self, ty: &'static Type, depth: usize) -> Expression {
        let template = format!("{}({{}})", ty.name);
        let alias = match ty.name {
            "uint8" => "byte({})",
            "int32" => "rune({})",
            _ => &template,
        };
        let integer = matches!(ty.class, Class::Signed | Class::Unsigned);
        let from = match ty.class {
            Class::String if self.random.one_in(3) => return self.converted_text(ty, depth),
            Class::Signed | Class::Unsigned | Class::Float => {
                self.type_of_class(&[Class::Signed, Class::Unsigned, Class::Float])
            }
            class => self.type_of_class(&[class]),
        };
        let operand = self.of(from, depth);
        let mut converted = form(alias, &[&operand]);
        if integer && from.class == Class::Float {
            converted.go = format!("truncated[{}]({})", ty.name, operand.go);
        }
        converted
    }

    fn converted_text(&mut self, ty: &'static Type, depth: usize) -> Expression {
        let template = format!("{}({{}})", ty.name);
        if self.random.one_in(2) {
            let from = self.type_of_class(&[Class::Signed, Class::Unsigned]);
            let number = self.of(from, depth);
            return form(&template, &[&number]);
        }
        let elements = self.random.pick(&[
            "bytes",
            "runes",
            "bytes[1:3]",
            "runes[:2]",
            "[]byte(s)",
            "[]rune(broken)",
            "none2",
        ]);
        let elements = if elements == "none2" { "[]byte(empty)" } else { elements };
        form(&template, &[&Expression::primary(elements)])
    }

    fn text(&mut self, ty: &'static Type, depth: usize) -> Expression {
        if self.random.one_in(3) {
            let text = self.of(ty, depth).within(PRIMARY);
            let low = self.random.pick(&["", "0", "1", "2", "i-6", "zero"]);
            let high = self.random.pick(&["", "2", "3", "i", "9"]);
            return form(&format!("{{}}[{low}:{high}]"), &[&text]);
        }
        let (x, y) = (self.of(ty, depth), self.beside(ty, depth));
        if self.random.one_in(3) { self.binary("+", y, x) } else { self.binary("+", x, y) }
    }

    fn extreme(&mut self, ty: &'static Type, depth: usize) -> Expression {
        let name = self.random.pick(&["min", "max"]);
        let mut arguments = vec![self.of(ty, depth)];
        for _ in 0..self.random.below(3) {
            arguments.push(self.beside(ty, depth.min(1)));
        }
        let template = format!("{name}({})", vec!["{}"; arguments.len()].join(", "));
        form(&template, &arguments.iter().collect::<Vec<_>>())
    }

    /// An element by a computed index or key, if something has elements of the type.
    fn element(&mut self, ty: &'static Type, depth: usize) -> Option<Expression> {
        let indexed: Vec<_> = INDEXED.iter().filter(|(elem, ..)| *elem == ty.name).collect();
        let maps: Vec<_> = MAPS.iter().filter(|(.., elem)| *elem == ty.name).collect();
        if !maps.is_empty() && self.random.one_in(2) {
            let (map, key, _) = maps[self.random.below(maps.len())];
            let key = self.beside(type_named(key), depth.min(1));
            return Some(Expression {
                go: format!("entry({map}, {})", key.go),
                adit: format!("{map}[{}]", key.adit),
                binds: PRIMARY,
            });
        }
        if indexed.is_empty() {
            return None;
        }
        let (_, container, count) = indexed[self.random.below(indexed.len())];
        let index = type_named(self.random.pick(INDEX_TYPES));
        let index = self.of(index, depth).within(5);
        // Out of range now and then.
        Some(match self.random.below(4) {
            0 => form(&format!("{container}[{{}}]"), &[&index]),
            _ => form(&format!("{container}[{{}} & 0x7fff % {count}]"), &[&index.within(PRIMARY)]),
        })
    }

    /// A slice of one line.
    fn elements(&mut self) -> Expression {
        if self.random.one_in(4) {
            let text = self.of(type_named("string"), 1);
            return form(self.random.pick(&["[]byte({})", "[]rune({})"]), &[&text]);
        }
        let (name, count) = SLICES[self.random.below(SLICES.len())];
        let mut bound = |least: usize| match self.random.below(5) {
            0 => String::new(),
            1 => "i - 5".to_owned(),
            _ => (least + self.random.below(count + 2 - least.min(count))).to_string(),
        };
        let low = bound(0);
        let high = bound(low.parse().unwrap_or(0));
        Expression::primary(&format!("{name}[{low}:{high}]"))
    }

    /// An untyped boolean, or one of type bool.
    fn truth(&mut self, depth: usize) -> Expression {
        let depth = depth.saturating_sub(1);
        match self.random.below(12) {
            0 => Expression::primary(self.random.pick(&["yes", "no", "true", "false"])),
            1 => {
                let operand = self.truth(depth);
                self.unary("!", operand)
            }
            2..=4 if depth > 0 => {
                let (x, y) = (self.truth(depth), self.truth(depth));
                let operator = self.random.pick(&["&&", "||"]);
                self.binary(operator, x, y)
            }
            5 => {
                let group = COMPARABLE[self.random.below(COMPARABLE.len())];
                let (x, y) = (self.random.pick(group), self.random.pick(group));
                let operator = self.random.pick(&["==", "!="]);
                self.binary(operator, Expression::primary(x), Expression::primary(y))
            }
            6 => {
                let (x, nil) = (self.random.pick(NIL_ONLY), Expression::primary("nil"));
                let operator = self.random.pick(&["==", "!="]);
                let x = Expression::primary(x);
                if self.random.one_in(3) {
                    self.binary(operator, nil, x)
                } else {
                    self.binary(operator, x, nil)
                }
            }
            _ => {
                let ty = self.any_type();
                let (x, y) = (self.of(ty, depth), self.beside(ty, depth));
                let ordered = !matches!(ty.class, Class::Bool | Class::Complex);
                let operators: &[&str] =
                    if ordered { &["==", "!=", "<", "<=", ">", ">="] } else { &["==", "!="] };
                let operator = self.random.pick(operators);
                if self.random.one_in(4) { self.binary(operator, y, x) } else { self.binary(operator, x, y) }
            }
        }
    }

    /// A constant that may fit in the type.
    fn constant_for(&mut self, ty: &Type, depth: usize) -> Expression {
        let kind = match ty.class {
            Class::Bool => Untyped::Bool,
            Class::String => Untyped::String,
            Class::Complex => [Untyped::Complex, Untyped::Float, Untyped::Int][self.random.below(3)],
            Class::Float => [Untyped::Float, Untyped::Int, Untyped::Rune][self.random.below(3)],
            _ if self.random.one_in(6) => Untyped::Rune,
            _ if self.random.one_in(6) => {
                return Expression::primary(self.random.pick(&["2.0", "1e2", "0x1p3", "4 + 0i"]))
                    .within(PRIMARY);
            }
            _ => Untyped::Int,
        };
        if depth == 0 && ty.bits == 8 {
            return Expression::primary(
                self.random.pick(&["0", "1", "2", "3", "7", "'a'", "0x1F", "100", "017", "0b1011"]),
            );
        }
        self.untyped(kind, depth)
    }

    fn any_untyped(&mut self, depth: usize) -> Expression {
        use Untyped::{Bool, Complex, Float, Int, Rune, String};
        let kind = [Int, Int, Rune, Float, Float, Complex, String, Bool][self.random.below(8)];
        self.untyped(kind, depth)
    }

    fn untyped(&mut self, kind: Untyped, depth: usize) -> Expression {
        let literals = match kind {
            Untyped::Int => INT_LITERALS,
            Untyped::Rune => RUNE_LITERALS,
            Untyped::Float => FLOAT_LITERALS,
            Untyped::Complex => IMAGINARY_LITERALS,
            Untyped::String => STRING_LITERALS,
            Untyped::Bool => &["true", "false"],
        };
        if depth == 0 || self.random.one_in(4) {
            return Expression::primary(self.random.pick(literals));
        }
        let lesser = |random: &mut Random| match kind {
            Untyped::Int | Untyped::Rune => Untyped::Int,
            Untyped::Float => [Untyped::Int, Untyped::Rune, Untyped::Float][random.below(3)],
            Untyped::Complex => {
                [Untyped::Int, Untyped::Rune, Untyped::Float, Untyped::Complex][random.below(4)]
            }
            other => other,
        };
        let other = lesser(&mut self.random);
        let (x, y) = (self.untyped(kind, depth - 1), self.untyped(other, depth - 1));
        let operators: &[&str] = match kind {
            Untyped::String => &["+"],
            Untyped::Bool => &["&&", "||"],
            Untyped::Int | Untyped::Rune => &["+", "-", "*", "/", "%", "&", "|", "^", "&^", "<<", ">>"],
            Untyped::Float | Untyped::Complex => &["+", "-", "*", "/"],
        };
        let operator = self.random.pick(operators);
        match operator {
            "<<" | ">>" => {
                let count = self.random.pick(&["1", "3", "10", "40", "70", "200"]);
                self.binary(operator, x, Expression::primary(count))
            }
            _ if kind != Untyped::String && kind != Untyped::Bool && self.random.one_in(6) => {
                let operators: &[&str] =
                    if matches!(kind, Untyped::Int | Untyped::Rune) { &["-", "+", "^"] } else { &["-", "+"] };
                let operator = self.random.pick(operators);
                self.unary(operator, x)
            }
            _ if kind == Untyped::Complex && self.random.one_in(5) => {
                let (re, im) =
                    (self.untyped(Untyped::Float, depth - 1), self.untyped(Untyped::Int, depth - 1));
                form("complex({}, {})", &[&re, &im])
            }
            _ if kind == Untyped::Float && self.random.one_in(6) => {
                let x = self.untyped(Untyped::Complex, depth - 1);
                form(self.random.pick(&["real({})", "imag({})"]), &[&x])
            }
            _ if !matches!(kind, Untyped::Complex | Untyped::Bool) && self.random.one_in(6) => {
                form(self.random.pick(&["min({}, {})", "max({}, {})"]), &[&x, &y])
            }
            _ if kind == Untyped::Bool && self.random.one_in(2) => {
                let kinds = [Untyped::Int, Untyped::Rune, Untyped::Float, Untyped::String, Untyped::Complex];
                let kind = kinds[self.random.below(kinds.len())];
                let (x, y) = (self.untyped(kind, depth - 1), self.untyped(kind, depth - 1));
                let equality = kind == Untyped::Complex;
                let operators: &[&str] =
                    if equality { &["==", "!="] } else { &["==", "!=", "<", "<=", ">", ">="] };
                let operator = self.random.pick(operators);
                self.binary(operator, x, y)
            }
            _ => self.binary(operator, x, y),
        }
    }
}
