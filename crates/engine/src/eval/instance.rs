//! Instances of generic functions and methods: `main.F[int]`, `main.(*Pair[string,int]).Set`.
//!
//! The compiler makes one function for all instances whose types have the same shape, and passes a dictionary that says
//! which types they are (`cmd/compile/internal/noder/reader.go` of go1.20 and later, `.../stencil.go` of go1.18): the code
//! of `main.F[int]` is `main.F[go.shape.int]`, to go1.19 `main.F[go.shape.int_0]`, and its dictionary
//! `main..dict.F[int]`. Tables of functions name instances only from go1.21 on (`main.F[...]` before), so that names are
//! the linker's.

use std::sync::Arc;

use adit_expr::{LiteralValue, Node, NodeId};
use adit_goruntime::Kind;
use adit_process::Addr;
use adit_symbols::{Shape, Type};

use super::{EvalError, Evaluator, Operand};
use crate::Debugger;
use crate::scope::package_of;

/// What the names of types that stand for all types of one shape begin with.
const SHAPE: &str = "go.shape.";

/// A name with type arguments, taken apart: `main.(*Pair`, `string` and `int`, `).Set`.
struct InstanceName<'a> {
    before: &'a str,
    arguments: Vec<&'a str>,
    after: &'a str,
}

impl<'a> InstanceName<'a> {
    fn parse(name: &'a str) -> Option<InstanceName<'a>> {
        let open = name.find('[')?;
        let mut depth = 0_usize;
        let mut start = open + 1;
        let mut arguments = Vec::new();
        for (at, c) in name.char_indices().skip_while(|(at, _)| *at < open) {
            match c {
                '[' | '(' | '{' => depth += 1,
                ']' | ')' | '}' => depth = depth.checked_sub(1)?,
                ',' if depth == 1 => {
                    arguments.push(name[start..at].trim());
                    start = at + 1;
                }
                _ => {}
            }
            if depth == 0 {
                if c != ']' {
                    return None;
                }
                arguments.push(name[start..at].trim());
                return Some(InstanceName { before: &name[..open], arguments, after: &name[at + 1..] });
            }
        }
        None
    }

    /// The name with other arguments.
    fn with(&self, arguments: &[String]) -> String {
        format!("{}[{}]{}", self.before, arguments.join(","), self.after)
    }

    fn is_of_same_generic(&self, other: &InstanceName<'_>) -> bool {
        let same_text = self.before == other.before && self.after == other.after;
        same_text && self.arguments.len() == other.arguments.len()
    }
}

impl Debugger {
    /// The dictionary of an instance of a generic function. Methods have one each up to go1.19; later, one for all methods
    /// of the type.
    pub(crate) fn dictionary_of(&self, function: &str) -> Result<Addr, EvalError> {
        let package = package_of(function);
        let rest = function.strip_prefix(package).and_then(|rest| rest.strip_prefix('.')).unwrap_or(function);
        let own = self.image().symbol(&format!("{package}..dict.{rest}"));
        let of_type = || {
            let name = InstanceName::parse(rest)?;
            let before = name.before.trim_start_matches("(*");
            self.image().symbol(&format!("{package}..dict.{before}[{}]", name.arguments.join(",")))
        };
        own.or_else(of_type)
            .ok_or_else(|| EvalError(format!("could not find the dictionary of function {function}")))
    }
}

impl Evaluator<'_> {
    /// The instance of a generic function that a node like `F[int]` or `pkg.F[K, V]` names.
    pub(super) fn instance(&self, id: NodeId) -> Option<Operand> {
        self.instance_names(id)?.iter().find_map(|name| self.instance_named(name))
    }

    /// Full names that such a node may stand for.
    fn instance_names(&self, id: NodeId) -> Option<Vec<String>> {
        let Node::Index { x, indices } = self.tree.node(id) else { return None };
        let generics: Vec<String> = match self.tree.node(*x) {
            Node::Ident(name) => {
                self.own_packages().into_iter().map(|package| format!("{package}.{name}")).collect()
            }
            Node::Selector { x: package, name } => {
                let paths = match self.tree.node(*package) {
                    Node::Ident(package) => self.packages_named(package),
                    Node::Literal(literal) => match literal.value() {
                        LiteralValue::String(path) => vec![String::from_utf8_lossy(&path).into_owned()],
                        _ => return None,
                    },
                    _ => return None,
                };
                paths.into_iter().map(|path| format!("{path}.{}", name.text)).collect()
            }
            _ => return None,
        };
        let arguments: Option<Vec<String>> =
            indices.iter().map(|&index| Some(self.named_type(index).ok()?.name.to_string())).collect();
        let arguments = arguments?.join(",");
        Some(generics.into_iter().map(|generic| format!("{generic}[{arguments}]")).collect())
    }

    /// The instance of a generic function, or of a method of a generic type, of this full name.
    pub(super) fn instance_named(&self, name: &str) -> Option<Operand> {
        let wanted = InstanceName::parse(name)?;
        let image = self.debugger.image();
        let entry = image.symbol(name).filter(|addr| self.is_entry(*addr)).or_else(|| {
            let shared = self.shape_of_instance(&wanted)?;
            image.symbol(&wanted.with(&shared))
        })?;
        Some(Operand::Function(name.to_owned(), entry))
    }

    fn is_entry(&self, addr: Addr) -> bool {
        let image = self.debugger.image();
        self.debugger.function_at(addr).is_some_and(|function| image.to_target(function.entry()) == addr)
    }

    /// The type arguments of the function that all instances of this one's shape share.
    fn shape_of_instance(&self, wanted: &InstanceName<'_>) -> Option<Vec<String>> {
        let binary = &self.debugger.image().binary;
        let types: Option<Vec<Arc<Type>>> =
            wanted.arguments.iter().map(|name| self.type_by_text(name).ok()).collect();
        let types = types?;
        let start = format!("{}[", wanted.before);
        let functions = binary.pclntab().ok()?.functions();
        let mut alike = Vec::new();
        for function in functions.filter(|function| function.name().starts_with(&start)) {
            let Some(symbol) = binary.symbol_at(function.entry()) else { continue };
            let Some(found) = InstanceName::parse(&symbol.name) else { continue };
            if !wanted.is_of_same_generic(&found) {
                continue;
            }
            let fits: Vec<Fit> =
                types.iter().zip(&found.arguments).map(|(ty, shape)| self.fit(ty, shape)).collect();
            let arguments = || found.arguments.iter().map(|&name| name.to_owned()).collect::<Vec<_>>();
            if fits.iter().all(|fit| *fit == Fit::Same) {
                return Some(arguments());
            }
            if !fits.contains(&Fit::Other) {
                alike.push(arguments());
            }
        }
        // Some shapes are spelled in ways that debug information does not tell: with one candidate there is no doubt.
        if alike.len() == 1 { alike.pop() } else { None }
    }

    /// Is `shape` the shape of `ty`?
    fn fit(&self, ty: &Arc<Type>, shape: &str) -> Fit {
        let Some(shape) = shape.strip_prefix(SHAPE) else { return Fit::Other };
        // To go1.19, the position of the type parameter is appended.
        let shape = match shape.rsplit_once('_') {
            Some((plain, index)) if index.bytes().all(|byte| byte.is_ascii_digit()) => plain,
            _ => shape,
        };
        let loader = self.debugger.loader();
        let Ok(real) = loader.underlying(ty) else { return Fit::Other };
        let name = |id| loader.type_of(id).map(|ty| ty.name.to_string()).unwrap_or_default();
        let by = |same: bool, alike: bool| match (same, alike) {
            (true, _) => Fit::Same,
            (false, true) => Fit::Alike,
            _ => Fit::Other,
        };
        match &real.shape {
            // All pointers have one shape, where the constraint does not need more (`noder.shapify`).
            Shape::Pointer(Some(target)) => {
                by(shape == "*uint8" || shape == format!("*{}", name(*target)), false)
            }
            Shape::Slice { elem } => by(shape == format!("[]{}", name(*elem)), false),
            Shape::Array { elem, count } => by(shape == format!("[{count}]{}", name(*elem)), false),
            Shape::Map { key, elem, .. } => by(shape == format!("map[{}]{}", name(*key), name(*elem)), false),
            Shape::Chan { elem, .. } => {
                let start = ["chan ", "<-chan ", "chan<- "].iter().find_map(|way| shape.strip_prefix(way));
                by(*ty.name == *shape, start == Some(&name(*elem)))
            }
            Shape::Func => by(*ty.name == *shape, shape.starts_with("func(")),
            Shape::Interface { .. } => by(*ty.name == *shape, shape.starts_with("interface {")),
            Shape::Struct(fields) => {
                let package = package_of(&ty.name);
                let fields: Vec<String> = fields
                    .iter()
                    .map(|field| match (field.embedded, field.name.starts_with(char::is_uppercase)) {
                        (true, _) => name(field.type_id),
                        (false, true) => format!("{} {}", field.name, name(field.type_id)),
                        (false, false) => format!("{package}.{} {}", field.name, name(field.type_id)),
                    })
                    .collect();
                by(shape == format!("struct {{ {} }}", fields.join("; ")), shape.starts_with("struct {"))
            }
            _ => by(basic_name(&real) == Some(shape), false),
        }
    }
}

/// How well a type has a shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fit {
    /// It has it.
    Same,
    /// The shape is of its kind.
    Alike,
    Other,
}

/// The name of the predeclared type with this type's contents.
fn basic_name(real: &Type) -> Option<&'static str> {
    let kind = Kind(real.go_kind?.0);
    let is_basic = (Kind::BOOL.0..=Kind::COMPLEX128.0).contains(&kind.0);
    (is_basic || matches!(kind, Kind::STRING | Kind::UNSAFE_POINTER)).then(|| kind.name())
}

#[cfg(test)]
mod tests {
    use super::InstanceName;

    #[test]
    fn names_of_instances_are_taken_apart() {
        let parts = |name| InstanceName::parse(name).map(|n| (n.before, n.arguments, n.after));
        assert_eq!(parts("main.F[int]"), Some(("main.F", vec!["int"], "")));
        assert_eq!(
            parts("main.(*Pair[map[string]int,struct { A int; B func(int, []int) }]).Set"),
            Some(("main.(*Pair", vec!["map[string]int", "struct { A int; B func(int, []int) }"], ").Set"))
        );
        assert_eq!(parts("main.F"), None);
        assert_eq!(parts("main.F[int"), None);
        assert_eq!(parts("main.F[)"), None);
    }
}
