//! Names of functions: taken apart, and matched with what people type for them.

/// A function's name as typed: `[package.][receiver.]name`.
///
/// Of two parts the first may be either, unless its form tells.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FunctionSpec {
    /// The package: its path, the end of that from a `/` on, or its name.
    pub package: Option<String>,
    /// The type a method belongs to, without `*` and type arguments.
    pub receiver: Option<String>,
    /// The first of two parts where it may be the package as well as the receiver.
    pub package_or_receiver: Option<String>,
    /// The function's or method's own name.
    pub name: String,
    /// Whether a leading `/` said that [`FunctionSpec::package`] is a whole path.
    pub absolute: bool,
    /// Whether the receiver was typed with a `*`. Matching does not ask: `T.m` matches `(*T).m`.
    pub pointer: bool,
}

impl FunctionSpec {
    /// Takes a typed name apart; `None` if it has no function's form.
    pub fn parse(text: &str) -> Option<FunctionSpec> {
        let text = without_type_arguments(text);
        let (absolute, text) = match text.strip_prefix('/') {
            Some(rest) => (true, rest),
            None => (false, &*text),
        };
        let (path, tail) = text.rfind('/').map_or(("", text), |slash| text.split_at(slash + 1));
        let parts: Vec<&str> = tail.split('.').collect();
        if parts.iter().any(|part| part.is_empty()) {
            return None;
        }
        let mut spec = FunctionSpec { absolute, ..FunctionSpec::default() };
        match parts[..] {
            [name] if path.is_empty() && !absolute => spec.name = name.into(),
            [first, name] => {
                spec.name = name.into();
                let (receiver, pointer, parenthesized) = receiver_type(first);
                if !path.is_empty() || absolute {
                    spec.package = Some(format!("{path}{first}"));
                } else if parenthesized {
                    spec.receiver = Some(receiver.into());
                    spec.pointer = pointer;
                } else {
                    spec.package_or_receiver = Some(first.into());
                }
            }
            [package, receiver, name] => {
                let (receiver, pointer, _) = receiver_type(receiver);
                spec.package = Some(format!("{path}{package}"));
                spec.receiver = Some(receiver.into());
                spec.pointer = pointer;
                spec.name = name.into();
            }
            _ => return None,
        }
        is_name(&spec.name).then_some(spec)
    }
}

fn is_name(name: &str) -> bool {
    !name.contains(['(', ')', '*', ' ', '"'])
}

/// The type of `(*T)`, `*T`, `(T)` or `T`; whether there was a `*`; whether there were parentheses.
fn receiver_type(text: &str) -> (&str, bool, bool) {
    let inner = text.strip_prefix('(').and_then(|t| t.strip_suffix(')'));
    let parenthesized = inner.is_some();
    let inner = inner.unwrap_or(text);
    match inner.strip_prefix('*') {
        Some(base) => (base, true, parenthesized),
        None => (inner, false, parenthesized),
    }
}

/// A name without what stands in its brackets, and without these: `main.Map[int,string].Get` is `main.Map.Get`.
pub fn without_type_arguments(name: &str) -> std::borrow::Cow<'_, str> {
    if !name.contains('[') {
        return name.into();
    }
    let mut depth = 0usize;
    let mut plain = String::with_capacity(name.len());
    for c in name.chars() {
        match c {
            '[' => depth += 1,
            ']' if depth > 0 => depth -= 1,
            _ if depth == 0 => plain.push(c),
            _ => {}
        }
    }
    plain.into()
}

/// The parts of a function's full name as the binary holds it: `path/pkg.(*T[...]).name.func1`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FunctionName<'a> {
    /// Path of the package; empty if the name has none, as those of C functions.
    pub package: &'a str,
    /// Receiver as written in the name, with parentheses, `*` and type arguments; empty for functions.
    pub receiver: &'a str,
    /// All behind package and receiver, type arguments included: of a closure, `f.func1`.
    pub name: &'a str,
}

impl<'a> FunctionName<'a> {
    /// Takes a full name apart.
    ///
    /// The package ends at the first `.` behind the last `/`, type arguments (which may hold paths as well) aside;
    /// dots in a path's last element are escaped as `%2e` (cmd/internal/objabi `PathToPrefix`). A receiver is told by
    /// its parentheses, or for value receivers by there being three parts.
    pub fn parse(full: &'a str) -> FunctionName<'a> {
        let plain = full.find('[').map_or(full, |bracket| &full[..bracket]);
        let from = plain.rfind('/').map_or(0, |slash| slash + 1);
        let Some(dot) = plain[from..].find('.').map(|at| from + at) else {
            return FunctionName { package: "", receiver: "", name: full };
        };
        let (package, rest) = (&full[..dot], &full[dot + 1..]);
        let (receiver, name) = match part_end(rest) {
            Some(end) if rest.starts_with('(') || part_end(&rest[end + 1..]).is_none() => {
                (&rest[..end], &rest[end + 1..])
            }
            _ => ("", rest),
        };
        FunctionName { package, receiver, name }
    }

    /// The receiver's type without parentheses, `*` and type arguments.
    pub fn receiver_type(&self) -> &'a str {
        let (base, _, _) = receiver_type(self.receiver);
        base.find('[').map_or(base, |bracket| base[..bracket].trim_end_matches(')'))
    }
}

/// Where the first `.` outside of brackets and parentheses is.
fn part_end(text: &str) -> Option<usize> {
    let mut depth = 0usize;
    for (i, byte) in text.bytes().enumerate() {
        match byte {
            b'[' | b'(' => depth += 1,
            b']' | b')' => depth = depth.saturating_sub(1),
            b'.' if depth == 0 => return Some(i),
            _ => {}
        }
    }
    None
}

/// Which names packages go by besides the last element of their path.
pub trait Imports {
    /// Whether the package of that path is known by `name` in the program (its package clause says so, or a file
    /// imports it under that name).
    fn is_named(&self, path: &str, name: &str) -> bool;
}

/// For programs nothing is known of the names of packages in.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoImports;

impl Imports for NoImports {
    fn is_named(&self, _path: &str, _name: &str) -> bool {
        false
    }
}

/// Whether a function of that full name is meant by what was typed. If the typed text is a full name exactly, that
/// function wins over all others that match; this is for the caller to look for first.
pub fn function_matches(spec: &FunctionSpec, full_name: &str, imports: &impl Imports) -> bool {
    let function = FunctionName::parse(full_name);
    if spec.name != without_type_arguments(function.name) {
        return false;
    }
    let receiver = function.receiver_type();
    if spec.receiver.as_ref().is_some_and(|wanted| wanted != receiver) {
        return false;
    }
    if let Some(package) = &spec.package {
        let matches = if spec.absolute {
            package_path_is(package, function.package)
        } else {
            package_matches(package, function.package, imports)
        };
        if !matches {
            return false;
        }
    }
    match &spec.package_or_receiver {
        Some(first) => first == receiver || package_matches(first, function.package, imports),
        None => true,
    }
}

/// Whether `typed` is the whole path; the last element's dots may stand as they are in the source.
fn package_path_is(typed: &str, path: &str) -> bool {
    typed == path || path.contains('%') && path.replace("%2e", ".") == typed
}

fn package_matches(typed: &str, path: &str, imports: &impl Imports) -> bool {
    let is_end = path.strip_suffix(typed).is_some_and(|rest| rest.is_empty() || rest.ends_with('/'));
    is_end
        || path.contains('%') && package_matches(typed, &path.replace("%2e", "."), imports)
        || imports.is_named(path, typed)
}
