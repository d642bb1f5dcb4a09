//! `net/url.URL`, as its method `String` writes it.

use super::text::Text;
use super::view::View;
use super::{Family, Formatter, plain};

/// Bytes of each part.
const LONGEST_PART: usize = 2048;

pub(super) fn family(name: &str) -> Option<Family> {
    Some(match name {
        "URL" => url,
        "Userinfo" => |_, view| user(view),
        _ => return None,
    })
}

/// What is escaped in a part (`net/url/url.go`, `shouldEscape`): everything but letters, digits, `-_.~` and these.
const IN_PATH: &str = "$&+,/:;=@";
const IN_HOST: &str = "!$&'()*+,;=:[]<>\"";
const IN_USER: &str = "$&+,;=";
const IN_FRAGMENT: &str = "$&+,/:;=?@!()*";

fn escaped(text: &Text, kept: &str) -> Text {
    let mut out = String::with_capacity(text.shown.len());
    for byte in text.shown.bytes() {
        match byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) || kept.as_bytes().contains(&byte) {
            true => out.push(char::from(byte)),
            false => out.push_str(&format!("%{byte:02X}")),
        }
    }
    Text { shown: out, more: text.more }
}

fn url(f: &Formatter, view: &View<'_>) -> Option<String> {
    let part = |name: &str| view.text_field(name, LONGEST_PART);
    let flag = |name: &str| view.field(name).map_or(Some(false), |field| Some(field.uint()? != 0));
    let mut text = Text::default();
    let scheme = part("Scheme")?;
    if !scheme.is_empty() {
        text.append(&scheme);
        text.push(":");
    }
    let opaque = part("Opaque")?;
    if !opaque.is_empty() {
        text.append(&opaque);
    } else {
        let user = view.field("User")?.pointee()?;
        let (host, path) = (part("Host")?, escaped_or_raw(view, "Path", IN_PATH)?);
        let has_authority = !host.is_empty() || user.is_some();
        let written = if flag("OmitHost")? { has_authority } else { has_authority || !scheme.is_empty() };
        if written && (has_authority || !path.is_empty()) {
            text.push("//");
        }
        if let Some(user) = user {
            text.push(&self::user(&user)?);
            text.push("@");
        }
        text.append(&escaped(&host, IN_HOST));
        if !path.is_empty() && !path.shown.starts_with('/') && !host.is_empty() {
            text.push("/");
        }
        // Otherwise what is before the colon would be the scheme (RFC 3986 §4.2).
        if text.is_empty() && path.shown.split('/').next().is_some_and(|first| first.contains(':')) {
            text.push("./");
        }
        text.append(&path);
    }
    let query = part("RawQuery")?;
    if flag("ForceQuery")? || !query.is_empty() {
        text.push("?");
        text.append(&query);
    }
    if !part("Fragment")?.is_empty() {
        text.push("#");
        text.append(&escaped_or_raw(view, "Fragment", IN_FRAGMENT)?);
    }
    let limit = f.limit.max(256);
    Some(plain(&text.limited(limit)))
}

/// A part as it was written, if that is kept, else escaped.
fn escaped_or_raw(view: &View<'_>, name: &str, kept: &str) -> Option<Text> {
    let raw = view.text_field(&format!("Raw{name}"), LONGEST_PART)?;
    match raw.is_empty() {
        true => {
            let text = view.field(name)?.text(LONGEST_PART)?;
            // A path of a lone star is one (RFC 9110 §7.1).
            Some(if name == "Path" && text.shown == "*" { text } else { escaped(&text, kept) })
        }
        false => Some(raw),
    }
}

fn user(view: &View<'_>) -> Option<String> {
    let part = |name: &str| Some(escaped(&view.field(name)?.text(LONGEST_PART)?, IN_USER).shown);
    let name = part("username")?;
    Some(match view.field("passwordSet")?.uint()? {
        0 => name,
        _ => format!("{name}:{}", part("password")?),
    })
}
