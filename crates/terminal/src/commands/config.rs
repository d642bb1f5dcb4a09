//! Changing the configuration.

use adit_api::format::quote;

use crate::argv::{first_word, split_words};
use crate::command::{Command, Completes, Context, Failure, Group, Outcome};
use crate::config::{Color, Config, Parameter, SubstitutePathRule};
use crate::print::columns::spaced;
use crate::sources::Versions;
use crate::terminal::Terminal;

pub(crate) const COMMANDS: &[Command] = &[Command::new(
    &["config"],
    Group::Other,
    config,
    "Changes configuration parameters.

	config -list
	config -save
	config <parameter> <value>
	config substitute-path [<from> <to>] [<from>] [-clear] [-guess]
	config alias <command> <alias>
	config alias <alias>
	config debug-info-directories [-add <path>] [-rm <path>] [-clear]

-save writes the configuration file. 'help config <parameter>' describes a parameter.

	config max-string-len 200
	config substitute-path /build/src /home/me/src",
)
.completes(Completes::Config)
.options(&["-list", "-save", "-clear", "-guess", "-add", "-rm"])];

fn config(t: &mut Terminal, _: &Context, args: &str) -> Outcome {
    let (name, value) = first_word(args);
    match name {
        "" => Err("wrong number of arguments to \"config\"".into()),
        "-list" => {
            list(t);
            Ok(())
        }
        "-save" => match &t.config_path {
            Some(path) => Ok(t.config.save(path)?),
            None => Err("there is no folder to save the configuration in".into()),
        },
        "alias" => alias(t, value),
        "substitute-path" => substitute_path(t, value),
        "debug-info-directories" => debug_info_directories(t, value),
        _ => set(t, name, value),
    }
}

fn list(t: &mut Terminal) {
    let mut rows = Vec::new();
    for name in Config::NAMES {
        let text = match t.config.parameter(name) {
            Some(Parameter::Text(text)) => quote(text.as_bytes()),
            Some(Parameter::OptionalText(Some(text))) => quote(text.as_bytes()),
            Some(Parameter::Number(Some(number))) => number.to_string(),
            Some(Parameter::OptionalText(None) | Parameter::Number(None)) => "<not defined>".to_owned(),
            Some(Parameter::Switch(on)) => on.to_string(),
            Some(Parameter::Color(None)) => "<nil>".to_owned(),
            Some(Parameter::Color(Some(Color::Code(code)))) => code.to_string(),
            Some(Parameter::Color(Some(Color::Escape(text)))) => quote(text.as_bytes()),
            Some(Parameter::List(text)) => text,
            None => continue,
        };
        rows.push((name.to_owned(), text));
    }
    t.out.print(&spaced(&rows, "", 1));
}

fn set(t: &mut Terminal, name: &str, value: &str) -> Outcome {
    let quoted = quote(name.as_bytes());
    let Some(parameter) = t.config.parameter(name) else {
        return Err(format!("{quoted} is not a configuration parameter").into());
    };
    let positive = |text: &str| -> Result<i64, Failure> {
        let number: i64 = text.parse().map_err(|_| format!("argument to {quoted} must be a number"))?;
        if number < 0 {
            Err(format!("argument to {quoted} must be a number greater than zero").into())
        } else {
            Ok(number)
        }
    };
    match parameter {
        Parameter::Text(slot) => *slot = unquote(value),
        Parameter::OptionalText(slot) => *slot = (!value.is_empty()).then(|| unquote(value)),
        Parameter::Number(slot) => *slot = Some(positive(value)?),
        Parameter::Switch(slot) => {
            *slot = match value {
                "true" => true,
                "false" => false,
                _ => return Err(format!("argument to {quoted} must be true or false").into()),
            }
        }
        Parameter::Color(slot) => {
            *slot = Some(value.parse().map_or_else(|_| Color::Escape(unquote(value)), Color::Code));
        }
        Parameter::List(_) => return Err("wrong number of arguments to \"config\"".into()),
    }
    Ok(())
}

/// A value in Go's quotes without them; anything else as it is.
fn unquote(text: &str) -> String {
    let raw = text.strip_prefix('`').and_then(|rest| rest.strip_suffix('`'));
    if let Some(raw) = raw {
        return raw.to_owned();
    }
    let Some(inner) = text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) else {
        return text.to_owned();
    };
    let mut out = String::new();
    let mut rest = inner;
    while let Some((plain, escape)) = rest.split_once('\\') {
        out.push_str(plain);
        let (c, len) = escape_sequence(escape);
        out.extend(c);
        rest = escape.get(len..).unwrap_or_default();
    }
    out.push_str(rest);
    out
}

/// The character that an escape sequence of Go, without its backslash, stands for, and how long it is.
fn escape_sequence(text: &str) -> (Option<char>, usize) {
    let code = |start: usize, len: usize, radix: u32| {
        let value = text.get(start..start + len).and_then(|digits| u32::from_str_radix(digits, radix).ok());
        (value.and_then(char::from_u32), start + len)
    };
    match text.chars().next() {
        Some('x') => code(1, 2, 16),
        Some('u') => code(1, 4, 16),
        Some('U') => code(1, 8, 16),
        Some('0'..='7') => code(0, 3, 8),
        Some('a') => (Some('\x07'), 1),
        Some('b') => (Some('\x08'), 1),
        Some('f') => (Some('\x0c'), 1),
        Some('n') => (Some('\n'), 1),
        Some('r') => (Some('\r'), 1),
        Some('t') => (Some('\t'), 1),
        Some('v') => (Some('\x0b'), 1),
        other => (other, other.map_or(0, char::len_utf8)),
    }
}

fn alias(t: &mut Terminal, args: &str) -> Outcome {
    let words: Vec<_> = args.split_whitespace().collect();
    match words[..] {
        [alias] => {
            for aliases in t.config.aliases.values_mut() {
                aliases.retain(|a| a != alias);
            }
            t.config.aliases.retain(|_, aliases| !aliases.is_empty());
            Ok(())
        }
        [command, alias] => {
            if crate::command::find(command).is_none() {
                return Err(format!("command {} not found", quote(command.as_bytes())).into());
            }
            let aliases = t.config.aliases.entry(command.to_owned()).or_default();
            if !aliases.iter().any(|a| a == alias) {
                aliases.push(alias.to_owned());
            }
            Ok(())
        }
        _ => Err("wrong number of arguments to \"config\"".into()),
    }
}

fn substitute_path(t: &mut Terminal, args: &str) -> Outcome {
    let words: Vec<_> = split_words(args)?.into_iter().map(|(word, _)| word).collect();
    match &words[..] {
        [] => {
            for rule in t.config.substitute_path.clone() {
                t.println(&format!("{} \u{2192} {}", quote(rule.from.as_bytes()), quote(rule.to.as_bytes())));
            }
        }
        [option] if option == "-clear" => t.config.substitute_path.clear(),
        [option] if option == "-guess" => {
            let pairs = t.guess_rules(Versions::Any)?;
            t.config.substitute_path =
                pairs.into_iter().map(|[from, to]| SubstitutePathRule { from, to }).collect();
        }
        [from] => {
            let before = t.config.substitute_path.len();
            t.config.substitute_path.retain(|rule| rule.from != *from);
            if t.config.substitute_path.len() == before {
                return Err(format!("could not find rule for {}", quote(from.as_bytes())).into());
            }
        }
        [from, to] => {
            let rule = SubstitutePathRule { from: from.clone(), to: to.clone() };
            match t.config.substitute_path.iter_mut().find(|r| r.from == *from) {
                Some(existing) => *existing = rule,
                None => t.config.substitute_path.push(rule),
            }
        }
        _ => return Err("too many arguments to \"config substitute-path\"".into()),
    }
    Ok(())
}

fn debug_info_directories(t: &mut Terminal, args: &str) -> Outcome {
    let (option, path) = first_word(args);
    match (option, path) {
        ("-clear", "") => t.config.debug_info_directories.clear(),
        ("-add", path) if !path.is_empty() => {
            if !t.config.debug_info_directories.iter().any(|p| p == path) {
                t.config.debug_info_directories.push(path.to_owned());
            }
        }
        ("-rm", path) if !path.is_empty() => t.config.debug_info_directories.retain(|p| p != path),
        ("", "") => {
            for path in t.config.debug_info_directories.clone() {
                t.println(&path);
            }
            return Ok(());
        }
        _ => return Err("wrong number of arguments to \"config debug-info-directories\"".into()),
    }
    t.send_debug_info_directories();
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::unquote;

    #[test]
    fn go_quotes() {
        for (text, plain) in [
            (r#""\x1b[31m""#, "\x1b[31m"),
            (r#""\033[0m""#, "\x1b[0m"),
            ("`a\\b`", "a\\b"),
            ("plain", "plain"),
            (r#""a\tb""#, "a\tb"),
        ] {
            assert_eq!(unquote(text), plain, "{text}");
        }
    }
}
