//! Short readable texts for values of well-known types, shown beside the raw value: `1.5s` for a `time.Duration`,
//! `locked, 2 waiters` for a mutex, the text of an error.
//!
//! A formatter reads what it needs by the names of types and fields, and runs nothing in the program. Where a field is
//! not as any known release of Go has it, or the memory is not what it should be, there is no text, and the raw value
//! stands alone. One module for each family of types; [`View`] is how they read.

mod atomic;
mod context;
mod errors;
mod file;
mod list;
mod log;
mod math;
mod net;
mod reflect;
mod sync;
mod sync_map;
mod text;
mod time;
mod url;
mod uuid;
mod view;

use std::cell::Cell;

use adit_symbols::{Shape, Type};

use super::{LoadConfig, Loader, Value};
use text::Text;
use view::View;

/// How often one text may go on to another value: wrapped errors, parents of contexts, entries of lists.
const MOST_STEPS: usize = 2048;
/// How deep a text may contain others.
const DEEPEST: usize = 12;
/// Characters of a text, whatever the configuration says.
const LONGEST: usize = 4096;

/// Makes the text of one value, and of what it refers to.
struct Formatter {
    /// Most bytes of a string.
    limit: usize,
    steps: Cell<usize>,
    depth: Cell<usize>,
}

/// What makes the text of one type.
type Family = fn(&Formatter, &View<'_>) -> Option<String>;

impl Loader<'_> {
    /// What [`Loader::summary`] has for a value, or for what it points to.
    pub(super) fn summary_behind(&self, value: &Value, config: &LoadConfig) -> Option<Box<str>> {
        let view = View::new(self, value.clone()).behind()?;
        self.summary(&view.value, config)
    }

    /// A short text for a value of a well-known type, without line breaks; `None` for all others, and where the value
    /// is not what it should be.
    pub(super) fn summary(&self, value: &Value, config: &LoadConfig) -> Option<Box<str>> {
        let family = family_of(&value.ty)?;
        if config.max_string_len == 0 {
            return None;
        }
        let formatter = Formatter {
            limit: config.max_string_len.min(LONGEST),
            steps: Cell::new(MOST_STEPS),
            depth: Cell::new(0),
        };
        let text = family(&formatter, &View::new(self, value.clone()))?;
        (!text.is_empty()).then(|| cut(text).into())
    }
}

/// Is there a formatter for values of this type?
pub(super) fn is_well_known(ty: &Type) -> bool {
    family_of(ty).is_some()
}

/// Texts that are put together of many may become long.
fn cut(mut text: String) -> String {
    if let Some((end, _)) = text.char_indices().nth(LONGEST) {
        text.truncate(end);
        text.push_str("...");
    }
    text
}

/// A type's name without its arguments, split at the end of the package's path: `sync/atomic` and `Pointer`.
fn split_name(name: &str) -> Option<(&str, &str)> {
    name[..name.find('[').unwrap_or(name.len())].rsplit_once('.')
}

/// The formatter for values of a type, by its name.
fn family_of(ty: &Type) -> Option<Family> {
    let (package, name) = split_name(&ty.name)?;
    let found: Option<Family> = match package {
        "time" => time::family(name),
        "sync" | "internal/sync" => sync::family(name),
        "sync/atomic" | "internal/runtime/atomic" | "runtime/internal/atomic" => atomic::family(name),
        "math/big" => math::family(name),
        "net" => net::family(name).or_else(|| errors::family(package, name)),
        "net/netip" => net::netip_family(name),
        "net/url" => url::family(name).or_else(|| errors::family(package, name)),
        "reflect" | "internal/abi" | "runtime" => {
            reflect::family(package, name).or_else(|| errors::family(package, name))
        }
        "context" => context::family(name).or_else(|| errors::family(package, name)),
        "bytes" | "strings" | "regexp" => text::family(package, name),
        "os" => file::family(name).or_else(|| errors::family(package, name)),
        "container/list" => list::family(name),
        "encoding/json" | "encoding/json/jsontext" => {
            text::family(package, name).or_else(|| errors::family(package, name))
        }
        "unique" | "weak" | "internal/weak" => atomic::handle_family(package, name),
        "log/slog" => log::family(name),
        _ if name == "UUID" => return (ty.size == 16).then_some(uuid::uuid as Family),
        _ => errors::family(package, name),
    };
    found
}

impl Formatter {
    /// Goes on to another value, unless that was done too often.
    fn step(&self) -> Option<()> {
        let left = self.steps.get().checked_sub(1)?;
        self.steps.set(left);
        Some(())
    }

    /// Is what follows too deep to be shown?
    fn is_deep(&self) -> bool {
        self.depth.get() >= DEEPEST
    }

    /// Does something one level deeper.
    fn nested<T>(&self, work: impl FnOnce() -> Option<T>) -> Option<T> {
        self.step()?;
        if self.is_deep() {
            return None;
        }
        let depth = self.depth.get();
        self.depth.set(depth + 1);
        let result = work();
        self.depth.set(depth);
        result
    }

    /// The text of a value of a well-known type.
    fn known(&self, view: &View<'_>) -> Option<String> {
        let family = family_of(&view.value.ty)?;
        self.nested(|| family(self, view))
    }

    /// Any value in few words: `5`, `"text"`, `main.key(5)`, `net/url.URL(https://go.dev)`, `(*main.T)(0xc000012345)`.
    fn brief(&self, view: &View<'_>) -> Option<String> {
        let name = view.type_name();
        if let Some(text) = self.known(view) {
            return Some(format!("{name}({text})"));
        }
        let real = view.real()?;
        let text = match &real.shape {
            Shape::Bool | Shape::Int | Shape::Uint | Shape::Float | Shape::Complex | Shape::Enum(_) => {
                let text = view.scalar_text()?;
                return Some(if name.contains('.') { format!("{name}({text})") } else { text });
            }
            Shape::String => {
                let text = view.text(self.limit)?.quoted();
                return Some(if name.contains('.') { format!("{name}({text})") } else { text });
            }
            Shape::Pointer(_) => return self.pointer(view),
            Shape::Interface { .. } => {
                return match view.dynamic()? {
                    Some(inner) => self.nested(|| self.brief(&inner)),
                    None => Some("nil".to_owned()),
                };
            }
            Shape::Struct(fields) if fields.is_empty() => "{}".to_owned(),
            Shape::Struct(_) | Shape::Union(_) => " {...}".to_owned(),
            Shape::Array { .. } => " [...]".to_owned(),
            Shape::Slice { .. } => match view.word(0)? {
                0 => " nil".to_owned(),
                _ => format!(" len: {}", view.slice()?.len),
            },
            _ if view.word(0)? == 0 => " nil".to_owned(),
            _ => String::new(),
        };
        Some(format!("{name}{text}"))
    }

    /// A pointer in few words: nil, what is known of what it points to, or the address.
    fn pointer(&self, view: &View<'_>) -> Option<String> {
        let addr = view.word(0)?;
        if addr == 0 {
            return Some("nil".to_owned());
        }
        let pointee = view.pointee().flatten();
        let known = pointee.as_ref().and_then(|pointee| self.known(pointee));
        Some(match known {
            Some(text) => format!("*{}({text})", pointee.as_ref().map_or("?", |pointee| pointee.type_name())),
            None => address(view.type_name(), addr),
        })
    }
}

/// A pointer as an expression that gives it back: `(*main.T)(0xc000012345)`.
fn address(pointer_type: &str, addr: u64) -> String {
    match pointer_type.contains('/') {
        true => format!("({})({addr:#x})", adit_expr::quote(pointer_type)),
        false => format!("({pointer_type})({addr:#x})"),
    }
}

/// `1 waiter`, `2 waiters`.
fn plural(count: u64, what: &str) -> String {
    match count {
        1 => format!("1 {what}"),
        _ => format!("{count} {what}s"),
    }
}

/// Text of the program on one line, without quotes: what cannot be printed is escaped.
fn plain(text: &Text) -> String {
    let mut out = String::with_capacity(text.shown.len());
    for c in text.shown.chars() {
        match adit_expr::is_printable(c) {
            true => out.push(c),
            false => out.push_str(adit_expr::quote_char(c).trim_matches('\'')),
        }
    }
    if text.more > 0 {
        out.push_str(&format!("...+{} more", text.more));
    }
    out
}
