//! Values as text, kind by kind.

use std::borrow::Cow;

use super::quote::{quote, quote_contents};
use super::types::shorten_type;
use super::verb::{Scalar, apply_verb};
use crate::{Kind, Variable, one_level_deeper};

/// Lines are indented this deep; the nodes of a long list would disappear to the right.
const MAX_INDENT: usize = 100;

/// Strings of which no more bytes were loaded do not make their container spread over several lines.
const SHORT_STRING: usize = 7;

/// How a value is written.
#[derive(Clone, Copy, Debug, Default)]
pub struct Format<'a> {
    /// Spread containers of containers over several lines.
    pub multi_line: bool,
    /// What every line after the first starts with.
    pub indent: &'a str,
    /// A format of Go's `fmt`, like `%x`, for every bool, number and string; empty for none.
    pub verb: &'a str,
    /// Shorten the package paths of types.
    pub short_types: bool,
    /// Leave out the type of the value itself.
    pub omit_type: bool,
    /// Show the readable texts of well-known types beside their raw values; not with a verb, which asks for the raw
    /// ones.
    pub summaries: bool,
    /// Write a string that is not part of another value as it is, without quotes.
    pub raw_strings: bool,
}

impl Format<'_> {
    /// The text of `variable`.
    pub fn text(&self, variable: &Variable) -> String {
        let mut writer = Writer {
            out: String::new(),
            verb: self.verb,
            short_types: self.short_types,
            summaries: self.summaries && self.verb.is_empty(),
            raw_strings: self.raw_strings,
        };
        let flags = Flags { top: true, lines: self.multi_line, typed: !self.omit_type };
        writer.value(variable, flags, self.indent);
        writer.out
    }
}

#[derive(Clone, Copy)]
struct Flags {
    /// The value is not part of another one.
    top: bool,
    /// Several lines are allowed.
    lines: bool,
    /// The type is written in front.
    typed: bool,
}

impl Flags {
    fn nested(self, lines: bool, typed: bool) -> Self {
        Self { top: false, lines, typed }
    }
}

struct Writer<'a> {
    out: String,
    verb: &'a str,
    short_types: bool,
    summaries: bool,
    raw_strings: bool,
}

impl Writer<'_> {
    fn push(&mut self, text: &str) {
        self.out.push_str(text);
    }

    fn type_name<'v>(&self, v: &'v Variable) -> Cow<'v, str> {
        if self.short_types { Cow::Owned(shorten_type(&v.type_name)) } else { Cow::Borrowed(&v.type_name) }
    }

    /// Between the type and the body of a value: `(text)`.
    fn summary(&mut self, v: &Variable) -> bool {
        let summary = v.summary.as_deref().filter(|_| self.summaries);
        if let Some(text) = summary {
            self.push(&format!("({text})"));
        }
        summary.is_some()
    }

    /// Does the body say just the same, as `{s: "EOF"}` of an error?
    fn is_summary_of_its_only_field(&self, v: &Variable) -> bool {
        let (Some(text), [field], 1) = (v.summary.as_deref(), &v.children[..], v.len) else { return false };
        field.kind == Kind::STRING && Format::default().text(field) == text
    }

    /// Behind a value that has no body: ` (text)`.
    fn summary_behind(&mut self, v: &Variable) {
        if let Some(text) = v.summary.as_deref().filter(|_| self.summaries) {
            self.push(&format!(" ({text})"));
        }
    }

    fn value(&mut self, v: &Variable, flags: Flags, indent: &str) {
        one_level_deeper(|| self.one_value(v, flags, indent));
    }

    fn one_value(&mut self, v: &Variable, flags: Flags, indent: &str) {
        if !v.unreadable.is_empty() {
            self.push(&format!("(unreadable {})", v.unreadable));
            return;
        }
        if !flags.top && v.addr == 0 && v.value.is_empty() && v.children.is_empty() && v.kind != Kind::STRING
        {
            let text = if flags.typed && !v.type_name.is_empty() && v.type_name != "void" {
                format!("{} nil", self.type_name(v))
            } else {
                "nil".to_owned()
            };
            self.push(&text);
            return;
        }
        match v.kind {
            Kind::SLICE => self.slice(v, flags, indent),
            Kind::ARRAY => self.array(v, flags, indent),
            Kind::POINTER => self.pointer(v, flags, indent),
            Kind::UNSAFE_POINTER => self.unsafe_pointer(v, flags, indent),
            Kind::CHAN => self.channel(v, flags, indent),
            Kind::STRUCT => self.structure(v, flags, indent),
            Kind::INTERFACE => self.interface(v, flags, indent),
            Kind::MAP => self.map(v, flags, indent),
            Kind::FUNC => self.function(v, flags, indent),
            _ => {
                self.scalar(v, flags);
                self.summary_behind(v);
            }
        }
    }

    /// What lines within a value start with that starts its own lines with `indent`.
    fn inner(indent: &str) -> String {
        let deeper = if indent.len() < MAX_INDENT { "\t" } else { "" };
        format!("{indent}{deeper}")
    }

    fn slice(&mut self, v: &Variable, flags: Flags, indent: &str) {
        if flags.typed {
            let name = self.type_name(v).into_owned();
            self.push(&name);
        }
        self.summary(v);
        if flags.typed {
            self.push(&format!(" len: {}, cap: {}, ", v.len, v.cap));
        }
        if v.base == 0 && v.children.is_empty() {
            self.push("nil");
            return;
        }
        self.elements(v, flags, indent);
    }

    fn array(&mut self, v: &Variable, flags: Flags, indent: &str) {
        if flags.typed {
            let name = self.type_name(v).into_owned();
            self.push(&name);
        }
        self.summary(v);
        if flags.typed {
            self.push(" ");
        }
        self.elements(v, flags, indent);
    }

    fn elements(&mut self, v: &Variable, flags: Flags, indent: &str) {
        if v.len > 0 && v.children.is_empty() {
            self.push("[...]");
            return;
        }
        let lines = flags.lines && elements_on_lines(v);
        let inner = Self::inner(indent);
        let separator = if lines { format!("\n{inner}") } else { String::new() };
        self.push("[");
        let mut first = true;
        v.children.visit(&mut |child| {
            if !std::mem::take(&mut first) && !lines {
                self.push(",");
            }
            self.push(&separator);
            self.value(child, flags.nested(lines, false), &inner);
            if lines {
                self.push(",");
            }
            true
        });
        let more = v.len - v.children.len() as i64;
        if more > 0 {
            self.push(if lines { &separator } else { "," });
            self.push(&format!("...+{more} more"));
        }
        if lines {
            self.push(&format!("\n{indent}"));
        }
        self.push("]");
    }

    /// `(*T)(0xaddr)`; a type whose name has a slash is quoted, so that the text can be pasted into an expression.
    fn address(&mut self, pointer_type: &str, addr: u64) {
        let text = if pointer_type.contains('/') {
            format!("({})({addr:#x})", quote(pointer_type.as_bytes()))
        } else {
            format!("({pointer_type})({addr:#x})")
        };
        self.push(&text);
    }

    fn pointer(&mut self, v: &Variable, flags: Flags, indent: &str) {
        let Some(target) = v.children.first().filter(|_| !v.type_name.is_empty()) else {
            self.push("nil");
            return;
        };
        let type_name = self.type_name(v).into_owned();
        if target.only_addr && target.addr != 0 {
            self.address(&type_name, target.addr);
            self.summary_behind(target);
            return;
        }
        if flags.top && flags.lines && target.addr != 0 {
            self.address(&type_name, target.addr);
            self.push(&format!("\n{indent}"));
        }
        self.push("*");
        if target.only_addr && target.kind == Kind::STRING {
            let name = if flags.typed { format!("{} ", self.type_name(target)) } else { String::new() };
            self.push(&format!("{name}nil"));
            return;
        }
        self.value(target, flags.nested(flags.lines, flags.typed), indent);
    }

    fn unsafe_pointer(&mut self, v: &Variable, flags: Flags, indent: &str) {
        let target = v.children.first().filter(|t| t.addr != 0);
        match target {
            None => self.push("unsafe.Pointer(nil)"),
            Some(target) if flags.top && flags.lines && !target.only_addr => {
                self.push(&format!("(unsafe.Pointer)({:#x})", target.addr));
                self.push(&format!("\n{indent}*"));
                self.value(target, flags.nested(flags.lines, flags.typed), indent);
            }
            Some(target) => self.push(&format!("unsafe.Pointer({:#x})", target.addr)),
        }
    }

    fn channel(&mut self, v: &Variable, flags: Flags, indent: &str) {
        if flags.lines {
            self.structure(v, flags, indent);
            return;
        }
        let name = self.type_name(v).into_owned();
        match &v.children[..] {
            [] => self.push(&format!("{name} nil")),
            [count, capacity, ..] => self.push(&format!("{name} {}/{}", count.value, capacity.value)),
            [_] => self.push(&format!("{name} (unreadable)")),
        }
    }

    fn structure(&mut self, v: &Variable, flags: Flags, indent: &str) {
        if v.len > 0 && v.children.is_empty() {
            let name = format!("*{}", self.type_name(v));
            self.address(&name, v.addr);
            self.summary_behind(v);
            return;
        }
        let is_time = v.type_name == "time.Time" && !v.value.is_empty();
        if is_time {
            self.push(&format!("time.Time({})", v.value));
        } else {
            if flags.typed {
                let name = self.type_name(v).into_owned();
                self.push(&name);
            }
            let is_said = self.is_summary_of_its_only_field(v) || !self.summary(v);
            if is_said && flags.typed {
                self.push(" ");
            }
        }
        let lines = flags.lines && v.children.iter().any(field_on_lines);
        let inner = Self::inner(indent);
        self.push("{");
        for (i, field) in v.children.iter().enumerate() {
            if lines {
                self.push(&format!("\n{inner}"));
            } else if i > 0 {
                self.push(", ");
            }
            self.push(&format!("{}: ", field.name));
            self.value(field, flags.nested(lines, true), &inner);
            if lines {
                self.push(",");
            }
        }
        let more = v.len - v.children.len() as i64;
        if more > 0 {
            self.push(&if lines { format!("\n{inner}") } else { ",".to_owned() });
            self.push(&format!("...+{more} more"));
        }
        self.push("}");
    }

    fn interface(&mut self, v: &Variable, flags: Flags, indent: &str) {
        let Some(data) = v.children.first().filter(|d| d.kind != Kind::INVALID || d.addr != 0) else {
            if flags.typed {
                self.push(&format!("{} ", self.type_name(v)));
            }
            self.push("nil");
            return;
        };
        if !data.unreadable.is_empty() {
            self.push(&format!("(unreadable {})", data.unreadable));
            return;
        }
        if flags.typed {
            self.push(&format!("{}({}) ", self.type_name(v), self.type_name(data)));
        }
        if data.kind == Kind::POINTER
            && flags.typed
            && let Some(target) = data.children.first()
            && target.only_addr
            && target.addr != 0
        {
            self.push(&format!("{:#x}", target.addr));
            self.summary_behind(target);
            return;
        }
        if data.only_addr && data.kind == Kind::POINTER {
            self.push("...");
            self.summary_behind(data);
            return;
        }
        if data.only_addr {
            self.push("*");
            let pointer = format!("*{}", self.type_name(v));
            self.address(&pointer, v.addr);
            self.summary_behind(data);
            return;
        }
        if data.kind == Kind::POINTER && data.children.first().is_some_and(|t| t.addr == 0) {
            let nil = if flags.typed { "nil".to_owned() } else { format!("{} nil", self.type_name(data)) };
            self.push(&nil);
            return;
        }
        self.value(data, flags.nested(flags.lines, !flags.typed), indent);
    }

    fn map(&mut self, v: &Variable, flags: Flags, indent: &str) {
        if flags.typed {
            self.push(&format!("{} ", self.type_name(v)));
        }
        if v.base == 0 && v.children.is_empty() {
            self.push("nil");
            return;
        }
        if v.len > 0 && v.children.is_empty() {
            self.push("[...]");
            return;
        }
        let lines = flags.lines && !v.children.is_empty();
        let inner = Self::inner(indent);
        let separator = if lines { format!("\n{inner}") } else { String::new() };
        self.push("[");
        let mut is_key = false;
        v.children.visit(&mut |child| {
            is_key = !is_key;
            if is_key {
                self.push(&separator);
                self.value(child, flags.nested(false, false), indent);
                self.push(": ");
            } else {
                self.value(child, flags.nested(lines, false), &inner);
                self.push(", ");
            }
            true
        });
        let more = v.len - v.children.len() as i64 / 2;
        if more > 0 {
            self.push(&separator);
            self.push(&format!("...+{more} more"));
        }
        if lines {
            self.push(&format!("\n{indent}"));
        }
        self.push("]");
    }

    fn function(&mut self, v: &Variable, flags: Flags, indent: &str) {
        if v.value.is_empty() {
            self.push("nil");
            return;
        }
        self.push(&v.value);
        if !flags.lines || v.children.is_empty() {
            return;
        }
        let inner = Self::inner(indent);
        self.push(" {");
        for captured in &v.children {
            self.push(&format!("\n{inner}{} {} = ", captured.name, self.type_name(captured)));
            self.value(captured, flags.nested(true, false), &inner);
        }
        self.push(&format!("\n{indent}}}"));
    }

    fn scalar(&mut self, v: &Variable, flags: Flags) {
        if v.kind == Kind::STRING {
            self.string(v, flags.top);
        } else if let (false, Some(scalar)) = (self.verb.is_empty(), scalar_of(v)) {
            let text = apply_verb(self.verb, scalar);
            self.push(&text);
        } else if !v.value.is_empty() {
            self.push(&v.value);
        } else if let (Kind::COMPLEX64 | Kind::COMPLEX128, [re, im]) = (v.kind, &v.children[..]) {
            self.push(&format!("({} + {}i)", re.value, im.value));
        } else {
            self.push(&format!("(unknown {})", kind_name(v.kind)));
        }
    }

    fn string(&mut self, v: &Variable, top: bool) {
        let bytes = string_bytes(v);
        if !self.verb.is_empty() {
            let text = apply_verb(self.verb, Scalar::Str(bytes));
            self.push(&text);
            return;
        }
        let quote = if self.raw_strings && top { "" } else { "\"" };
        self.push(quote);
        match quote {
            "" => self.push(&String::from_utf8_lossy(bytes)),
            _ => quote_contents(&mut self.out, bytes, '"'),
        }
        let more = v.len - bytes.len() as i64;
        if more > 0 {
            self.push(&format!("...+{more} more"));
        }
        self.push(quote);
    }
}

fn string_bytes(v: &Variable) -> &[u8] {
    if v.string_value_bytes.is_empty() { v.value.as_bytes() } else { &v.string_value_bytes }
}

/// The number in the text of a scalar; a constant is written `Name (number)`.
fn scalar_of(v: &Variable) -> Option<Scalar<'static>> {
    let text = match v.value.rsplit_once(" (") {
        Some((_, number)) if v.kind != Kind::COMPLEX64 && v.kind != Kind::COMPLEX128 => {
            number.strip_suffix(')')?
        }
        _ => &v.value,
    };
    match v.kind {
        Kind::BOOL => text.parse().ok().map(Scalar::Bool),
        Kind::INT | Kind::INT8 | Kind::INT16 | Kind::INT32 | Kind::INT64 => {
            text.parse().ok().map(Scalar::Int)
        }
        Kind::UINT | Kind::UINT8 | Kind::UINT16 | Kind::UINT32 | Kind::UINT64 | Kind::UINTPTR => {
            text.parse().ok().map(Scalar::Uint)
        }
        Kind::FLOAT32 | Kind::FLOAT64 => text.parse().ok().map(Scalar::Float),
        Kind::COMPLEX64 | Kind::COMPLEX128 => {
            let (re, im) = text.strip_prefix('(')?.strip_suffix("i)")?.split_once(" + ")?;
            Some(Scalar::Complex(re.parse().ok()?, im.parse().ok()?))
        }
        _ => None,
    }
}

fn kind_name(kind: Kind) -> &'static str {
    const NAMES: [&str; 27] = [
        "invalid",
        "bool",
        "int",
        "int8",
        "int16",
        "int32",
        "int64",
        "uint",
        "uint8",
        "uint16",
        "uint32",
        "uint64",
        "uintptr",
        "float32",
        "float64",
        "complex64",
        "complex128",
        "array",
        "chan",
        "func",
        "interface",
        "map",
        "ptr",
        "slice",
        "string",
        "struct",
        "unsafe.Pointer",
    ];
    NAMES.get(kind.0 as usize).copied().unwrap_or("invalid")
}

/// The value a chain of pointers ends at, as far as it was followed, and whether there was a pointer.
fn behind_pointers(v: &Variable) -> (&Variable, bool) {
    let mut value = v;
    let mut pointer = false;
    while value.kind == Kind::POINTER {
        pointer = true;
        match value.children.first() {
            Some(target) => value = target,
            None => break,
        }
    }
    (value, pointer)
}

fn is_container(kind: Kind) -> bool {
    matches!(kind, Kind::SLICE | Kind::ARRAY | Kind::STRUCT | Kind::MAP | Kind::INTERFACE)
}

/// Whether the elements of a slice or array go on lines of their own.
fn elements_on_lines(v: &Variable) -> bool {
    let mut on_lines = false;
    v.children.visit(&mut |child| {
        let (element, pointer) = behind_pointers(child);
        let is_string = element.kind == Kind::STRING;
        on_lines = is_container(element.kind)
            || is_string && (pointer || string_bytes(element).len() > SHORT_STRING);
        // All elements are of one kind; but strings differ in length.
        is_string && !on_lines
    });
    on_lines
}

/// Whether a field makes its struct spread over several lines.
fn field_on_lines(field: &Variable) -> bool {
    let (value, pointer) = behind_pointers(field);
    match value.kind {
        Kind::STRING => pointer || string_bytes(value).len() > SHORT_STRING,
        kind => is_container(kind),
    }
}
