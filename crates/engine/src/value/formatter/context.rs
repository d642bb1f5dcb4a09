//! Contexts: the chain from the outermost to the root, each with its state, as Go's `String` methods name them:
//! `context.Background.WithCancel(canceled).WithValue(main.key("user"): "ada")`.

use adit_goruntime::GoTime;

use super::view::View;
use super::{Family, Formatter, errors};

/// What `context.go` calls the context of those who do not know yet which; in two parts, as it is no note of ours.
const PENDING_CONTEXT: &str = concat!("context.TO", "DO");

/// Links of a chain that are shown.
const MOST_LINKS: usize = 8;

pub(super) fn family(name: &str) -> Option<Family> {
    matches!(
        name,
        "emptyCtx"
            | "backgroundCtx"
            | "todoCtx"
            | "cancelCtx"
            | "timerCtx"
            | "valueCtx"
            | "withoutCancelCtx"
            | "afterFuncCtx"
            | "stopCtx"
    )
    .then_some(chain as Family)
}

fn chain(f: &Formatter, view: &View<'_>) -> Option<String> {
    let mut links = Vec::new();
    let mut context = Some(view.clone());
    while let Some(current) = context.take() {
        f.step()?;
        if links.len() >= MOST_LINKS {
            links.reverse();
            return Some(format!("...{}", links.join(".")));
        }
        let (link, parent) = link(f, &current)?;
        links.push(link);
        if let Some(parent) = parent {
            let parent = parent.dynamic()?.map(View::behind);
            match parent {
                Some(Some(parent)) => context = Some(parent),
                _ => links.push("?".to_owned()),
            }
        }
    }
    links.reverse();
    Some(links.join("."))
}

/// One context's own part, and its parent.
fn link<'a>(f: &Formatter, view: &View<'a>) -> Option<(String, Option<View<'a>>)> {
    let name = match view.type_name().strip_prefix("context.") {
        Some(name) => name,
        // A context of the program's own, perhaps with another inside of it.
        None => {
            let parent = view.field("Context").filter(|parent| parent.dynamic().is_some());
            return Some((view.type_name().to_owned(), parent));
        }
    };
    Some(match name {
        "backgroundCtx" => ("context.Background".to_owned(), None),
        "todoCtx" => (PENDING_CONTEXT.to_owned(), None),
        // Before go1.21 background and todo are pointers to an int each.
        "emptyCtx" => {
            let todo = view.global_pointer("context.todo");
            let todo = todo.is_some_and(|todo| view.value.addr().is_some_and(|addr| addr.0 == todo));
            (if todo { PENDING_CONTEXT } else { "context.Background" }.to_owned(), None)
        }
        "cancelCtx" => (format!("WithCancel{}", state(f, view)), Some(view.field("Context")?)),
        "afterFuncCtx" => {
            let inner = view.field("cancelCtx")?;
            (format!("AfterFunc{}", state(f, &inner)), Some(inner.field("Context")?))
        }
        "timerCtx" => {
            // Embedded since go1.21, a pointer before.
            let inner = view.field("cancelCtx")?.behind()?;
            let deadline = view.field("deadline")?;
            let time = GoTime::decode(deadline.field("wall")?.uint()?, deadline.field("ext")?.int()?);
            let state = state(f, &inner).replace(['(', ')'], "");
            let state = if state.is_empty() { state } else { format!(", {state}") };
            (format!("WithDeadline({}{state})", time.rfc3339()), Some(inner.field("Context")?))
        }
        "valueCtx" => {
            let entry =
                |name: &str| f.nested(|| f.brief(&view.field(name)?)).unwrap_or_else(|| "?".to_owned());
            (format!("WithValue({}: {})", entry("key"), entry("val")), Some(view.field("Context")?))
        }
        "withoutCancelCtx" => ("WithoutCancel".to_owned(), Some(view.field("c")?)),
        _ => (name.to_owned(), Some(view.field("Context")?)),
    })
}

/// `(canceled)`, `(context deadline exceeded)`, or nothing while it is alive.
fn state(f: &Formatter, cancel: &View<'_>) -> String {
    let error = || {
        let error = cancel.field("err")?;
        // An atomic.Value since go1.25.
        let error = error.field("v").unwrap_or(error);
        error.dynamic()??;
        errors::error_in(f, &error)
    };
    match error() {
        None => String::new(),
        Some(text) => match text.shown.strip_prefix("context ") {
            Some("canceled") => "(canceled)".to_owned(),
            Some("deadline exceeded") => "(deadline exceeded)".to_owned(),
            _ => format!("({})", text.quoted()),
        },
    }
}
