//! Packages `reflect` and `internal/abi`: which type a descriptor describes, which value a `reflect.Value` holds.

use adit_process::Addr;

use super::super::Value;
use super::view::View;
use super::{Family, Formatter};

/// `flagIndir` of `reflect/value.go`: the pointer points to the value, it is not itself the value.
const INDIRECT: u64 = 1 << 7;

pub(super) fn family(package: &str, name: &str) -> Option<Family> {
    Some(match (package, name) {
        ("reflect", "Value") => held,
        ("reflect", "rtype") | ("internal/abi", "Type") | ("runtime", "_type") => {
            |_, view| Some(view.loader.type_at(view.value.addr()?).ok()?.name.to_string())
        }
        _ => return None,
    })
}

/// The descriptor's field is `typ` before go1.21.
fn held(f: &Formatter, view: &View<'_>) -> Option<String> {
    let descriptor = view.any_field(&["typ_", "typ"])?.uint()?;
    if descriptor == 0 {
        return Some("<invalid Value>".to_owned());
    }
    let ty = view.loader.type_at(Addr(descriptor)).ok()?;
    let pointer = view.field("ptr")?;
    let value = match view.field("flag")?.uint()? & INDIRECT {
        0 => Value { ty: ty.clone(), ..pointer.value },
        _ => Value::at(ty.clone(), Addr(pointer.uint()?)),
    };
    let inner = View::new(view.loader, value);
    let text = f.nested(|| f.brief(&inner))?;
    // Numbers and strings are written without their types if those have no names of their own.
    Some(match ty.name.contains(['.', '*', '[', ' ', '{']) {
        true => text,
        false => format!("{}({text})", ty.name),
    })
}
