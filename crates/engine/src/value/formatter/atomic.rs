//! What is behind one pointer or in one word: `sync/atomic`, `unique.Handle`, `weak.Pointer`.

use super::view::View;
use super::{Family, Formatter, address};

pub(super) fn family(name: &str) -> Option<Family> {
    Some(match name {
        "Int32" | "Int64" => |_, view| Some(view.int()?.to_string()),
        "Uint32" | "Uint64" | "Uintptr" | "Uint8" => |_, view| Some(view.uint()?.to_string()),
        "Bool" => |_, view| Some((view.uint()? != 0).to_string()),
        "Pointer" => pointer,
        "Value" => |f, view| match view.field("v")?.dynamic()? {
            Some(inner) => f.nested(|| f.brief(&inner)),
            None => Some("nil".to_owned()),
        },
        _ => return None,
    })
}

pub(super) fn handle_family(package: &str, name: &str) -> Option<Family> {
    Some(match (package, name) {
        ("unique", "Handle") => |f, view| match view.field("value")?.pointee()? {
            Some(value) => f.nested(|| f.brief(&value)),
            None => Some("nil".to_owned()),
        },
        (_, "Pointer") => weak,
        _ => return None,
    })
}

fn pointer(f: &Formatter, view: &View<'_>) -> Option<String> {
    let Some(target) = view.pointee()? else { return Some("nil".to_owned()) };
    Some(match f.known(&target) {
        Some(text) => format!("*{}({text})", target.type_name()),
        None => address(&format!("*{}", target.type_name()), target.value.addr()?.0),
    })
}

/// A weak pointer points to a word of the runtime's, which points to the value until that is collected
/// (`runtime/mheap.go`, `specialWeakHandle`).
fn weak(f: &Formatter, view: &View<'_>) -> Option<String> {
    let Some(target) = view.pointee()? else { return Some("nil".to_owned()) };
    let addr = view.loader.target.read_pointer(target.value.addr()?).ok()?;
    if addr.0 == 0 {
        return Some("collected".to_owned());
    }
    let target = target.at(target.value.ty.clone(), addr.0);
    Some(match f.known(&target) {
        Some(text) => format!("*{}({text})", target.type_name()),
        None => address(&format!("*{}", target.type_name()), addr.0),
    })
}
