//! What the program and its types are, whether or not it runs.

use adit_api::requests::TypeLayoutIn;
use adit_api::{BuildInfo, ProgramInfo, TypeLayout};

use crate::argv::first_word;
use crate::command::{Command, Completes, Context, Failure, Group, Outcome};
use crate::terminal::Terminal;

pub(crate) const COMMANDS: &[Command] = &[
    Command::new(
        &["layout"],
        Group::Data,
        layout,
        "Prints how a type is laid out in memory.

	layout [-r | -d <levels>] <type or expression>

Offset, size and alignment of each field of a struct in bytes, and the padding between them. -r takes structs within
fields apart too, -d only so many levels of them. Of an expression that is a pointer, what it points to is meant.

	layout main.T
	layout -r http.DefaultClient",
    ).options(&["-r", "-d"])
    .paged()
    .completes(Completes::Types),
    Command::new(
        &["buildinfo"],
        Group::Other,
        build_info,
        "Prints how the program was built.

	buildinfo

The version of Go, the modules and the settings of the build, as 'go version -m' has them.

	buildinfo",
    )
    .paged(),
    Command::new(
        &["headers"],
        Group::Other,
        headers,
        "Prints what the headers of the program's file say.

	headers

Format and platform, entry point, build ID, the libraries that it needs, and its sections, with the addresses and sizes
that the file states.

	headers",
    )
    .paged(),
];

/// Enough levels for any type.
const ALL_LEVELS: i64 = 64;

fn layout(t: &mut Terminal, context: &Context, args: &str) -> Outcome {
    let (option, rest) = first_word(args);
    let (depth, expr) = match option {
        "-r" => (ALL_LEVELS, rest),
        "-d" => {
            let (levels, rest) = first_word(rest);
            let levels = levels.parse().ok().filter(|levels| *levels >= 0);
            (levels.ok_or_else(|| Failure::Message("-d wants a number of levels".to_owned()))?, rest)
        }
        _ => (0, args),
    };
    if expr.is_empty() {
        return Err("not enough arguments".into());
    }
    let request = TypeLayoutIn { scope: context.scope, expr: expr.to_owned(), depth };
    let layout = t.client.type_layout(&request)?;
    t.out.print(&layout_text(&layout));
    Ok(())
}

fn layout_text(layout: &TypeLayout) -> String {
    let mut text = format!("{}: {}, alignment {}", layout.type_name, bytes(layout.size), layout.align);
    if layout.padding > 0 {
        text.push_str(&format!(", {} padding", bytes(layout.padding)));
    }
    if layout.best_size < layout.size {
        text.push_str(&format!(" ({} with the fields in another order)", bytes(layout.best_size)));
    }
    text.push('\n');
    let mut rows = Vec::new();
    add_rows(layout, 0, 0, &mut rows);
    if !rows.is_empty() {
        text.push_str("  offset    size   align\n");
        text.push_str(&rows.concat());
    }
    text
}

/// A row for each part of a type, parts of parts further in. Offsets count from the start of the outermost type.
fn add_rows(layout: &TypeLayout, base: u64, level: usize, rows: &mut Vec<String>) {
    let indent = "  ".repeat(level);
    for field in &layout.fields {
        let start = base.saturating_add(field.offset);
        let inner = &field.layout;
        let bits = match field.bits {
            [_, 0] => String::new(),
            [first, count] => format!(" : bits {first} to {}", first.saturating_add(count - 1)),
        };
        let named = match (&*field.name, field.embedded) {
            ("", _) | (_, true) => inner.type_name.clone(),
            (name, false) => format!("{name} {}", inner.type_name),
        };
        rows.push(format!("{start:8}{:8}{:8}  {indent}{named}{bits}\n", inner.size, inner.align));
        add_rows(inner, start, level + 1, rows);
        if field.padding_after > 0 {
            let padding = start.saturating_add(extent(field.bits, inner.size));
            rows.push(format!("{padding:8}{:8}{:8}  {indent}(padding)\n", field.padding_after, ""));
        }
    }
    if let Some(element) = &layout.element {
        rows.push(format!(
            "{base:8}{:8}{:8}  {indent}[each] {}\n",
            element.size, element.align, element.type_name
        ));
        add_rows(element, base, level + 1, rows);
    }
}

fn extent(bits: [u64; 2], size: u64) -> u64 {
    match bits {
        [_, 0] => size,
        [first, count] => first.saturating_add(count).div_ceil(8),
    }
}

fn bytes(count: u64) -> String {
    if count == 1 { "1 byte".to_owned() } else { format!("{count} bytes") }
}

fn build_info(t: &mut Terminal, _: &Context, args: &str) -> Outcome {
    if !args.is_empty() {
        return Err("too many arguments".into());
    }
    let info = t.client.program_info()?;
    let Some(build) = &info.build else {
        return Err(format!("{} does not say how it was built", info.path).into());
    };
    t.out.print(&build_text(&info.path, build));
    Ok(())
}

fn headers(t: &mut Terminal, _: &Context, args: &str) -> Outcome {
    if !args.is_empty() {
        return Err("too many arguments".into());
    }
    let info = t.client.program_info()?;
    t.out.print(&headers_text(&info));
    Ok(())
}

fn headers_text(info: &ProgramInfo) -> String {
    let order = if info.big_endian { "big-endian" } else { "little-endian" };
    let place = if info.position_independent { ", position-independent" } else { "" };
    let bits = 8 * info.pointer_size;
    let mut text =
        format!("{}: {}, {}/{}, {bits}-bit, {order}{place}\n", info.path, info.format, info.os, info.arch);
    text.push_str(&format!("Entry point: {:#x}\n", info.entry));
    if !info.build_id.is_empty() {
        text.push_str(&format!("Build ID: {}\n", info.build_id));
    }
    for library in &info.libraries {
        text.push_str(&format!("Library: {library}\n"));
    }
    for section in &info.sections {
        let note = if section.in_file { "" } else { " (not in the file)" };
        text.push_str(&format!("{:#18x} {:10} {}{note}\n", section.address, section.size, section.name));
    }
    text
}

/// What `go version -m` prints.
fn build_text(path: &str, build: &BuildInfo) -> String {
    let details: String = build.text().lines().map(|line| format!("\t{line}\n")).collect();
    format!("{path}: {}\n{details}", build.go_version)
}

#[cfg(test)]
mod tests {
    use adit_api::{FieldLayout, TypeLayout};

    use super::layout_text;

    #[test]
    fn fields_padding_and_nested_structs() {
        let plain = |name: &str, size, align| TypeLayout {
            type_name: name.to_owned(),
            size,
            align,
            best_size: size,
            ..TypeLayout::default()
        };
        let field = |name: &str, offset, padding_after, layout| FieldLayout {
            name: name.to_owned(),
            offset,
            padding_after,
            layout,
            ..FieldLayout::default()
        };
        let inner = TypeLayout {
            fields: vec![field("a", 0, 3, plain("uint8", 1, 1)), field("b", 4, 0, plain("int32", 4, 4))],
            padding: 3,
            ..plain("main.In", 8, 4)
        };
        let embedded = FieldLayout { embedded: true, ..field("In", 16, 0, inner) };
        let outer = TypeLayout {
            fields: vec![
                field("flag", 0, 7, plain("bool", 1, 1)),
                field("n", 8, 0, plain("int", 8, 8)),
                embedded,
            ],
            padding: 7,
            ..plain("main.T", 24, 8)
        };
        insta::assert_snapshot!(layout_text(&outer), @r"
        main.T: 24 bytes, alignment 8, 7 bytes padding
          offset    size   align
               0       1       1  flag bool
               1       7          (padding)
               8       8       8  n int
              16       8       4  main.In
              16       1       1    a uint8
              17       3            (padding)
              20       4       4    b int32
        ");
    }
}
