//! A Go program as large as people's largest, most of it debug information: written here, so that the measurement
//! needs no network and means the same everywhere.
//!
//! Its packages hold structs, methods with local variables, loops and inlined calls, package variables and
//! constants, named as people name things. Every function is kept by the linker, for a package's table of functions
//! refers to it.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

/// How much is written.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Extent {
    /// Packages beside main.
    pub(crate) packages: usize,
    /// Structs of each package; each has [`METHODS`] methods, a variable and [`CONSTANTS`] constants.
    pub(crate) types: usize,
}

/// The program of `cargo xtask bench`: over 300 MB with either the oldest or the newest Go.
pub(crate) const LARGE: Extent = Extent { packages: 230, types: 110 };

/// Methods of each struct.
const METHODS: usize = 4;

/// Constants that belong to each struct.
const CONSTANTS: usize = 8;

/// Structs in one source file.
const TYPES_IN_FILE: usize = 11;

const ADJECTIVES: [&str; 16] = [
    "Pending",
    "Remote",
    "Cached",
    "Signed",
    "Weighted",
    "Buffered",
    "Nested",
    "Partial",
    "Shared",
    "Versioned",
    "Local",
    "Indexed",
    "Encoded",
    "Delayed",
    "Primary",
    "Composite",
];
const NOUNS: [&str; 20] = [
    "Order",
    "Ledger",
    "Account",
    "Session",
    "Snapshot",
    "Replica",
    "Segment",
    "Partition",
    "Record",
    "Query",
    "Planner",
    "Cursor",
    "Lease",
    "Channel",
    "Metric",
    "Sample",
    "Bucket",
    "Token",
    "Policy",
    "Schedule",
];
const VERBS: [&str; 16] = [
    "Reconcile",
    "Publish",
    "Validate",
    "Compact",
    "Merge",
    "Restore",
    "Flush",
    "Append",
    "Resolve",
    "Rotate",
    "Inspect",
    "Collect",
    "Encode",
    "Balance",
    "Expire",
    "Observe",
];
const FIELDS: [&str; 12] = [
    "identifier",
    "createdAt",
    "revision",
    "checksum",
    "attempts",
    "priority",
    "retention",
    "threshold",
    "capacity",
    "watermark",
    "generation",
    "timeout",
];
const FIELD_TYPES: [&str; 8] =
    ["int64", "string", "uint32", "[]byte", "map[string]int", "bool", "float64", "[4]uint16"];

/// Writes the module into `folder`.
pub(crate) fn write_source(folder: &Path, extent: Extent) -> Result<()> {
    save(&folder.join("go.mod"), "module example.com/generated\n\ngo 1.18\n")?;
    let mut main = String::from("package main\n\nimport (\n");
    for package in 0..extent.packages {
        writeln!(main, "\t\"example.com/generated/{}\"", package_name(package))?;
    }
    main.push_str(")\n\nfunc main() {\n\ttotal := 0\n");
    for package in 0..extent.packages {
        writeln!(main, "\ttotal += {}.Run(len(\"start\"))", package_name(package))?;
    }
    main.push_str("\tprintln(total)\n}\n");
    save(&folder.join("main.go"), &main)?;
    for package in 0..extent.packages {
        write_package(&folder.join(package_name(package)), package, extent)?;
    }
    Ok(())
}

fn package_name(package: usize) -> String {
    let (noun, adjective) =
        (NOUNS[package % NOUNS.len()], ADJECTIVES[package / NOUNS.len() % ADJECTIVES.len()]);
    format!("{}{}{package}", adjective.to_lowercase(), noun.to_lowercase())
}

fn write_package(folder: &Path, package: usize, extent: Extent) -> Result<()> {
    let head = format!("package {}\n\n", package_name(package));
    for first in (0..extent.types).step_by(TYPES_IN_FILE) {
        let mut text = head.clone();
        for index in first..(first + TYPES_IN_FILE).min(extent.types) {
            write_type(&mut text, index)?;
        }
        save(&folder.join(format!("part{first}.go")), &text)?;
    }
    let mut table = head;
    table.push_str(SHARED);
    for index in 0..extent.types {
        let name = type_name(index);
        for method in 0..METHODS {
            writeln!(table, "\t(&Default{name}).{},", method_name(index, method))?;
        }
    }
    table.push_str("}\n");
    save(&folder.join("table.go"), &table)
}

/// What each package has once: functions that are inlined into all others, and the table that keeps those alive.
const SHARED: &str = "\
func mix(seed int, step int) int {
	rotated := seed<<5 ^ step
	return rotated + seed>>3
}

func clamp(value int, limit int) int {
	if value > limit {
		return limit
	}
	return value
}

// Run calls one of the package's functions.
func Run(seed int) int {
	chosen := table[seed%len(table)]
	total, _ := chosen([]byte(\"input\"), seed)
	return total
}

var table = []func([]byte, int) (int, string){
";

fn type_name(index: usize) -> String {
    let (adjective, noun) = (ADJECTIVES[index % ADJECTIVES.len()], NOUNS[index * 7 % NOUNS.len()]);
    format!("{adjective}{noun}{index}")
}

fn method_name(index: usize, method: usize) -> String {
    let (verb, noun) =
        (VERBS[(index + method * 3) % VERBS.len()], NOUNS[(index + method * 11) % NOUNS.len()]);
    format!("{verb}{noun}{method}")
}

fn write_type(text: &mut String, index: usize) -> Result<()> {
    let name = type_name(index);
    writeln!(text, "const (")?;
    for constant in 0..CONSTANTS {
        let adjective = ADJECTIVES[(index + constant) % ADJECTIVES.len()];
        writeln!(text, "\t{name}State{adjective}{constant} = {}", index * 100 + constant)?;
    }
    writeln!(text, ")\n\n// {name} is one of many.\ntype {name} struct {{")?;
    for (position, field) in FIELDS.iter().enumerate() {
        let of_type = FIELD_TYPES[(position + index) % FIELD_TYPES.len()];
        writeln!(text, "\t{field}{position} {of_type}")?;
    }
    writeln!(text, "\tnext *{name}\n\tstate int\n}}\n\n// Default{name} is where it starts.")?;
    writeln!(text, "var Default{name} = {name}{{state: {index}}}\n")?;
    for method in 0..METHODS {
        write_method(text, index, method)?;
    }
    Ok(())
}

fn write_method(text: &mut String, index: usize, method: usize) -> Result<()> {
    let (receiver, name) = (type_name(index), method_name(index, method));
    let factor = index * METHODS + method + 3;
    write!(
        text,
        "// {name} folds its input.
func (own *{receiver}) {name}(input []byte, limit int) (total int, note string) {{
	previous := own.state
	for position, octet := range input {{
		weight := mix(int(octet)*{factor}, position)
		scaled := clamp(weight, limit)
		if scaled > previous {{
			remainder := clamp(scaled-previous, {factor})
			own.state = mix(remainder, limit)
			previous = remainder
		}}
		total += scaled
	}}
	for follower := own.next; follower != nil; follower = follower.next {{
		share := mix(follower.state, total)
		total = clamp(share, limit+{factor})
	}}
	if total > limit {{
		note = \"{receiver} exceeds its limit\"
	}}
	return total, note
}}

"
    )?;
    Ok(())
}

fn save(path: &Path, text: &str) -> Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).with_context(|| format!("could not create {}", folder.display()))?;
    }
    fs::write(path, text).with_context(|| format!("could not write {}", path.display()))
}
