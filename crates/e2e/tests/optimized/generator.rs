//! Go programs that say what their variables hold.
//!
//! Each is made of random functions whose bodies reach numbered marks. Around each mark the program prints what the
//! variables in scope hold there, one by one: before it, so that they need not live on, or after it, so that they do.

use std::fmt::Write;

/// The same numbers for the same seed, everywhere (xorshift64*).
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        ((self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) as usize) % bound
    }

    fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Ty {
    Int,
    Int8,
    Uint16,
    Uint32,
    Float64,
    Float32,
    Bool,
    Text,
    Ints,
    Pair,
    PairPointer,
    Array,
}

const TYPES: [Ty; 12] = [
    Ty::Int,
    Ty::Int8,
    Ty::Uint16,
    Ty::Uint32,
    Ty::Float64,
    Ty::Float32,
    Ty::Bool,
    Ty::Text,
    Ty::Ints,
    Ty::Pair,
    Ty::PairPointer,
    Ty::Array,
];

impl Ty {
    fn go(self) -> &'static str {
        match self {
            Ty::Int => "int",
            Ty::Int8 => "int8",
            Ty::Uint16 => "uint16",
            Ty::Uint32 => "uint32",
            Ty::Float64 => "float64",
            Ty::Float32 => "float32",
            Ty::Bool => "bool",
            Ty::Text => "string",
            Ty::Ints => "[]int",
            Ty::Pair => "pair",
            Ty::PairPointer => "*pair",
            Ty::Array => "[3]int16",
        }
    }

    /// What is asked of a variable of this type: the expressions, and the functions that print them.
    fn questions(self, name: &str) -> Vec<(String, &'static str)> {
        let parts = |parts: &[(&str, &'static str)]| {
            parts.iter().map(|(part, say)| (part.replace('@', name), *say)).collect()
        };
        match self {
            Ty::Int | Ty::Int8 | Ty::Uint16 | Ty::Uint32 => parts(&[("@", "sayInt")]),
            Ty::Float64 | Ty::Float32 => parts(&[("@", "sayFloat")]),
            Ty::Bool => parts(&[("@", "sayBool")]),
            Ty::Text => parts(&[("@", "sayText"), ("len(@)", "sayInt")]),
            Ty::Ints => parts(&[("len(@)", "sayInt"), ("cap(@)", "sayInt"), ("@[0]", "sayInt")]),
            Ty::Pair | Ty::PairPointer => parts(&[("@.a", "sayInt"), ("@.b", "sayText"), ("@.c", "sayBool")]),
            Ty::Array => parts(&[("@[0]", "sayInt"), ("@[2]", "sayInt")]),
        }
    }
}

struct Variable {
    name: String,
    ty: Ty,
    /// Counters of loops and what functions have captured stay as they are.
    fixed: bool,
}

struct Function {
    parameters: Vec<Ty>,
    results: Vec<Ty>,
}

struct Generator {
    random: Random,
    text: String,
    indent: usize,
    scope: Vec<Variable>,
    functions: Vec<Function>,
    names: usize,
    marks: usize,
    reassigns: bool,
}

/// The source of the program of this seed. Unless it `reassigns`, its variables keep what they were declared with, but
/// for the counters of loops.
pub(crate) fn program(seed: u64, functions: usize, reassigns: bool) -> String {
    let mut generator = Generator {
        random: Random(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1),
        text: PRELUDE.to_owned(),
        indent: 0,
        scope: Vec::new(),
        functions: Vec::new(),
        names: 0,
        marks: 0,
        reassigns,
    };
    for _ in 0..functions {
        generator.function();
    }
    generator.main();
    generator.text
}

impl Generator {
    fn line(&mut self, line: &str) {
        let _ = writeln!(self.text, "{}{line}", "\t".repeat(self.indent));
    }

    fn name(&mut self) -> String {
        self.names += 1;
        format!("v{}", self.names)
    }

    fn types(&mut self, most: usize) -> Vec<Ty> {
        let count = self.random.below(most + 1);
        (0..count).map(|_| *self.random.pick(&TYPES)).collect()
    }

    fn function(&mut self) {
        let number = self.functions.len();
        let (parameters, results) = (self.types(6), self.types(2));
        self.scope.clear();
        if self.random.chance(60) {
            self.line("//go:noinline");
        }
        let declare = |scope: &mut Vec<Variable>, prefix: &str, types: &[Ty]| {
            let names = types.iter().enumerate().map(|(i, ty)| {
                let name = format!("{prefix}{i}");
                scope.push(Variable { name: name.clone(), ty: *ty, fixed: false });
                format!("{name} {}", ty.go())
            });
            names.collect::<Vec<_>>().join(", ")
        };
        let inputs = declare(&mut self.scope, "p", &parameters);
        let outputs = declare(&mut self.scope, "r", &results);
        // Pointers among the results must not be nil where they are looked through.
        self.line(&format!("func f{number}({inputs}) ({outputs}) {{"));
        self.indent += 1;
        for (i, ty) in results.iter().enumerate() {
            if matches!(ty, Ty::PairPointer | Ty::Ints) {
                let value = self.literal(*ty);
                self.line(&format!("r{i} = {value}"));
            }
        }
        let count = 3 + self.random.below(5);
        self.statements(count, 2);
        self.mark();
        if self.random.chance(50) {
            let values: Vec<String> = results.iter().map(|ty| self.expression(*ty, 2)).collect();
            self.line(&format!("return {}", values.join(", ")));
        } else {
            self.line("return");
        }
        self.indent -= 1;
        self.line("}\n");
        self.functions.push(Function { parameters, results });
    }

    fn main(&mut self) {
        self.scope.clear();
        self.line("func main() {");
        self.indent += 1;
        for number in 0..self.functions.len() {
            self.call(number);
        }
        self.indent -= 1;
        self.line("}");
    }

    fn statements(&mut self, count: usize, depth: usize) {
        for _ in 0..count {
            match self.random.below(if depth == 0 { 6 } else { 11 }) {
                0 | 1 => self.declaration(),
                2 | 3 => self.assignment(),
                4 => self.mark(),
                5 => match self.functions.len() {
                    0 => self.declaration(),
                    // Calls of calls would be very many.
                    known => {
                        let number = known - 1 - self.random.below(known.min(3));
                        if self.random.chance(30) { self.call(number) } else { self.assignment() }
                    }
                },
                6 => self.branch(depth),
                7 => self.counted_loop(depth),
                8 => self.range_loop(depth),
                9 => self.closure(depth),
                _ => self.shadow(depth),
            }
        }
    }

    fn block(&mut self, depth: usize) {
        let outer = self.scope.len();
        self.indent += 1;
        let count = 1 + self.random.below(4);
        self.statements(count, depth - 1);
        self.indent -= 1;
        self.scope.truncate(outer);
    }

    fn declaration(&mut self) {
        let ty = *self.random.pick(&TYPES);
        let (name, value) = (self.name(), self.expression(ty, 2));
        let keyword = format!("var {name} {} = {value}", ty.go());
        self.line(&keyword);
        self.line(&format!("_ = {name}"));
        self.scope.push(Variable { name, ty, fixed: false });
    }

    /// A variable of this type that is in scope.
    fn known(&mut self, wanted: impl Fn(&Variable) -> bool) -> Option<(String, Ty)> {
        let visible = |at: usize| !self.scope[at + 1..].iter().any(|inner| inner.name == self.scope[at].name);
        let known: Vec<usize> =
            (0..self.scope.len()).filter(|at| wanted(&self.scope[*at]) && visible(*at)).collect();
        let at = *(!known.is_empty()).then(|| self.random.pick(&known))?;
        Some((self.scope[at].name.clone(), self.scope[at].ty))
    }

    fn assignment(&mut self) {
        if !self.reassigns {
            return self.declaration();
        }
        let Some((name, ty)) = self.known(|variable| !variable.fixed) else { return self.declaration() };
        let value = self.expression(ty, 2);
        let line = match ty {
            Ty::Pair | Ty::PairPointer if self.random.chance(60) => {
                let value = self.expression(Ty::Int, 1);
                format!("{name}.a = {value}")
            }
            Ty::Array if self.random.chance(60) => {
                let value = self.expression(Ty::Int, 1);
                format!("{name}[2] = int16({value})")
            }
            Ty::Int | Ty::Uint16 | Ty::Text if self.random.chance(50) => {
                format!("{name} += {value}")
            }
            _ => format!("{name} = {value}"),
        };
        self.line(&line);
    }

    fn branch(&mut self, depth: usize) {
        let condition = self.expression(Ty::Bool, 2);
        self.line(&format!("if {condition} {{"));
        self.block(depth);
        if self.random.chance(50) {
            self.line("} else {");
            self.block(depth);
        }
        self.line("}");
    }

    fn counted_loop(&mut self, depth: usize) {
        let name = self.name();
        self.line(&format!("for {name} := 0; {name} < 2; {name}++ {{"));
        self.scope.push(Variable { name, ty: Ty::Int, fixed: true });
        self.block(depth);
        self.scope.pop();
        self.line("}");
    }

    fn range_loop(&mut self, depth: usize) {
        let Some((list, _)) = self.known(|variable| variable.ty == Ty::Ints) else {
            return self.declaration();
        };
        let (index, element) = (self.name(), self.name());
        self.line(&format!("for {index}, {element} := range {list} {{"));
        self.scope.push(Variable { name: index.clone(), ty: Ty::Int, fixed: true });
        self.scope.push(Variable { name: element.clone(), ty: Ty::Int, fixed: false });
        self.indent += 1;
        self.line(&format!("_, _ = {index}, {element}"));
        self.line(&format!("if {index} > 1 {{"));
        self.line("\tbreak");
        self.line("}");
        self.indent -= 1;
        self.block(depth);
        self.scope.truncate(self.scope.len() - 2);
        self.line("}");
    }

    fn closure(&mut self, depth: usize) {
        let (function, parameter) = (self.name(), self.name());
        let value = self.expression(Ty::Int, 1);
        let deferred = self.random.chance(20);
        match deferred {
            true => self.line(&format!("defer func({parameter} int) {{")),
            false => self.line(&format!("{function} := func({parameter} int) {{")),
        }
        self.scope.push(Variable { name: parameter, ty: Ty::Int, fixed: false });
        self.block(depth);
        self.scope.pop();
        match deferred {
            true => self.line(&format!("}}({value})")),
            false => {
                self.line("}");
                self.line(&format!("{function}({value})"));
            }
        }
    }

    fn shadow(&mut self, depth: usize) {
        let Some((name, ty)) = self.known(|_| true) else { return self.declaration() };
        let value = self.expression(ty, 1);
        // What is not an int or a float64 by itself has to say so.
        let value = match ty {
            Ty::Int8 | Ty::Uint16 | Ty::Uint32 | Ty::Float32 => format!("{}({value})", ty.go()),
            _ => value,
        };
        self.line("{");
        self.indent += 1;
        self.line(&format!("{name} := {value}"));
        self.line(&format!("_ = {name}"));
        self.indent -= 1;
        self.scope.push(Variable { name, ty, fixed: false });
        self.block(depth);
        self.scope.pop();
        self.line("}");
    }

    fn call(&mut self, number: usize) {
        let parameters = self.functions[number].parameters.clone();
        let results = self.functions[number].results.clone();
        let arguments: Vec<String> = parameters.iter().map(|ty| self.expression(*ty, 2)).collect();
        let call = format!("f{number}({})", arguments.join(", "));
        if results.is_empty() {
            return self.line(&call);
        }
        let names: Vec<String> = results.iter().map(|_| self.name()).collect();
        self.line(&format!("{} := {call}", names.join(", ")));
        self.line(&format!("{} = {}", vec!["_"; names.len()].join(", "), names.join(", ")));
        let declared = names.into_iter().zip(results);
        self.scope.extend(declared.map(|(name, ty)| Variable { name, ty, fixed: false }));
    }

    fn mark(&mut self) {
        self.marks += 1;
        let mark = self.marks;
        let visible: Vec<(String, Ty)> = self
            .scope
            .iter()
            .enumerate()
            .filter(|(at, variable)| !self.scope[at + 1..].iter().any(|inner| inner.name == variable.name))
            .map(|(_, variable)| (variable.name.clone(), variable.ty))
            .collect();
        let (mut before, mut after) = (Vec::new(), Vec::new());
        for (name, ty) in visible {
            let lives_on = self.random.chance(40);
            for (question, say) in ty.questions(&name) {
                let value = match say {
                    "sayInt" => format!("int64({question})"),
                    "sayFloat" => format!("float64({question})"),
                    _ => question.clone(),
                };
                let list = if lives_on { &mut after } else { &mut before };
                let side = if lives_on { "A" } else { "B" };
                list.push(format!("{say}(\"{side} {question}\", {value})"));
            }
        }
        for line in before {
            self.line(&line);
        }
        self.line(&format!("mark({mark}) // mark {mark}"));
        for line in after {
            self.line(&line);
        }
    }

    fn literal(&mut self, ty: Ty) -> String {
        let number = self.random.below(100);
        match ty {
            Ty::Int => format!("{}", number as i64 - 50),
            Ty::Int8 | Ty::Uint16 | Ty::Uint32 => format!("{number}"),
            Ty::Float64 | Ty::Float32 => format!("{}.25", number),
            Ty::Bool => (if number < 50 { "true" } else { "false" }).to_owned(),
            Ty::Text => format!("\"text {number}\""),
            Ty::Ints => format!("list({number}, {})", 1 + number % 4),
            Ty::Pair => format!("pair{{a: {number}, b: \"b{number}\", c: {}}}", number.is_multiple_of(2)),
            Ty::PairPointer => {
                format!("&pair{{a: {number}, b: \"p{number}\", c: {}}}", number.is_multiple_of(2))
            }
            Ty::Array => format!("[3]int16{{{number}, 2, {}}}", number * 3),
        }
    }

    fn expression(&mut self, ty: Ty, depth: usize) -> String {
        if depth == 0 || self.random.chance(20) {
            return self.literal(ty);
        }
        if self.random.chance(40)
            && let Some((name, _)) = self.known(|variable| variable.ty == ty)
        {
            return name;
        }
        match ty {
            Ty::Int => self.integer(depth),
            Ty::Int8 | Ty::Uint16 | Ty::Uint32 => {
                let inner = self.expression(Ty::Int, depth - 1);
                format!("{}(hidden({inner}))", ty.go())
            }
            Ty::Float64 | Ty::Float32 => {
                let inner = self.expression(Ty::Uint16, depth - 1);
                format!("{}({inner}) * 0.5", ty.go())
            }
            Ty::Bool => {
                let (left, right) =
                    (self.expression(Ty::Int, depth - 1), self.expression(Ty::Int, depth - 1));
                format!("{left} < hidden({right})")
            }
            Ty::Text => {
                let (left, right) =
                    (self.expression(Ty::Text, depth - 1), self.expression(Ty::Text, depth - 1));
                format!("short({left} + {right})")
            }
            _ => self.literal(ty),
        }
    }

    fn integer(&mut self, depth: usize) -> String {
        let part = match self.random.below(4) {
            0 => self.known(|variable| variable.ty == Ty::Pair).map(|(name, _)| format!("{name}.a")),
            1 => self.known(|variable| variable.ty == Ty::PairPointer).map(|(name, _)| format!("{name}.a")),
            2 => self.known(|variable| variable.ty == Ty::Text).map(|(name, _)| format!("len({name})")),
            _ => self.known(|variable| variable.ty == Ty::Ints).map(|(name, _)| format!("{name}[0]")),
        };
        let left = part.unwrap_or_else(|| self.literal(Ty::Int));
        let right = self.expression(Ty::Int, depth - 1);
        let operator = *self.random.pick(&["+", "-", "^", "&"]);
        format!("({left} {operator} hidden({right}))")
    }
}

const PRELUDE: &str = r#"// Code generated by the test; DO NOT EDIT.

package main

import (
	"os"
	"strconv"
)

type pair struct {
	a int
	b string
	c bool
}

//go:noinline
func hidden(n int) int { return n }

//go:noinline
func short(text string) string {
	if len(text) > 40 {
		return text[:40]
	}
	return text
}

//go:noinline
func list(first, count int) []int {
	made := make([]int, 0, count+2)
	for i := 0; i < count; i++ {
		made = append(made, first+i)
	}
	return made
}

//go:noinline
func say(what, value string) { os.Stdout.WriteString(what + "\t" + value + "\n") }

//go:noinline
func sayInt(what string, value int64) { say(what, strconv.FormatInt(value, 10)) }

//go:noinline
func sayFloat(what string, value float64) { say(what, strconv.FormatFloat(value, 'g', -1, 64)) }

//go:noinline
func sayBool(what string, value bool) { say(what, strconv.FormatBool(value)) }

//go:noinline
func sayText(what, value string) { say(what, strconv.Quote(value)) }

//go:noinline
func mark(number int) { sayInt("M mark", int64(number)) }

"#;
