//! The text of whole Go programs for instruction sets that are not this machine's, line by line against
//! `go tool objdump`, or against GNU's where Go has none.
#![allow(clippy::unwrap_used)]

mod go_program;

use std::process::Command;

use adit_arch::disasm::{Flavor, text};
use adit_arch::{Arch, ByteOrder, by_name};
use go_program::{Go, Symbols, oldest_and_newest, skip};

/// The texts are those of this release; each one extends and mends `golang.org/x/arch`.
const SINCE: u32 = 27;

fn newest() -> Option<Go> {
    let newest = oldest_and_newest().pop()?;
    if newest.minor < SINCE {
        skip(&format!("go1.{} is older than go1.{SINCE}, whose texts ours are", newest.minor));
        return None;
    }
    Some(newest)
}

/// A line of an assembler's listing.
struct Line<'a> {
    addr: u64,
    /// As in memory.
    code: Vec<u8>,
    text: &'a str,
}

/// Columns of `go tool objdump`: place, address, bytes (or words, if there are as many as fill them), text.
fn go_line<'a>(arch: &Arch, line: &'a str) -> Option<Line<'a>> {
    let mut columns = line.split('\t').map(str::trim).filter(|column| !column.is_empty());
    // What has no place in a source is padding behind the last function, cut off anywhere.
    let _place = columns.next().filter(|place| !place.starts_with(":-1"))?;
    let addr = u64::from_str_radix(columns.next()?.strip_prefix("0x")?, 16).ok()?;
    let mut code = bytes(&columns.next()?.replace(' ', ""))?;
    if code.len() % 4 == 0 && arch.byte_order == ByteOrder::Little {
        code.chunks_mut(4).for_each(<[u8]>::reverse);
    }
    Some(Line { addr, code, text: columns.next()? })
}

/// Columns of GNU's objdump: address, word, name, operands.
fn gnu_line<'a>(arch: &Arch, line: &'a str) -> Option<Line<'a>> {
    let (addr, rest) = line.trim_start().split_once(":\t")?;
    let (word, text) = rest.split_once(" \t")?;
    let word = u32::from_str_radix(word, 16).ok()?;
    let addr = u64::from_str_radix(addr, 16).ok()?;
    Some(Line { addr, code: arch.byte_order.bytes(word.into(), 4), text })
}

fn bytes(digits: &str) -> Option<Vec<u8>> {
    let byte = |at: usize| u8::from_str_radix(digits.get(2 * at..2 * at + 2)?, 16).ok();
    (0..digits.len() / 2).map(byte).collect()
}

/// Lines compared, and those that are not equal.
#[derive(Default)]
struct Comparison {
    lines: usize,
    /// Lines whose target has a name only here: of the symbols at an address objdump may see one without a size,
    /// such as a bound of a section.
    unnamed: usize,
    different: Vec<String>,
}

impl Comparison {
    fn add(&mut self, line: &Line<'_>, theirs: &str, ours: &str) {
        self.lines += 1;
        if theirs != ours {
            self.different.push(format!("{:#x} {:02x?}: {ours}, not {theirs}", line.addr, line.code));
        }
    }

    fn finish(&self, what: &str) {
        println!("{what}: {} of {} lines agree", self.lines - self.different.len(), self.lines);
        assert!(self.lines > 10_000, "{what}: {} lines", self.lines);
        assert!(self.unnamed < 10, "{what}: {} targets have a name only here", self.unnamed);
        let examples = &self.different[..self.different.len().min(20)];
        assert!(examples.is_empty(), "{what}: {examples:#?}");
    }
}

fn against_go(go: &Go, goarch: &str) {
    let dir = tempfile::tempdir().unwrap();
    let executable = go.build(dir.path(), goarch, "");
    let output = go.command(dir.path()).args(["tool", "objdump", "-gnu"]).arg(&executable).output().unwrap();
    let data = std::fs::read(&executable).unwrap();
    let symbols = Symbols::of(&object::File::parse(&*data).unwrap());
    let arch = by_name(goarch).unwrap();
    let mut comparison = Comparison::default();
    for listed in String::from_utf8_lossy(&output.stdout).lines() {
        let Some(line) = go_line(arch, listed) else { continue };
        let (plan9, gnu) = line.text.split_once(" // ").unwrap_or((line.text, line.text));
        let write = |flavor: Flavor| text(arch, line.addr, &line.code, flavor, &|addr| symbols.at(addr));
        let (theirs, mut ours) = (plan9.trim(), write(Flavor::Go));
        if ours != theirs && text(arch, line.addr, &line.code, Flavor::Go, &|_| None) == theirs {
            ours = theirs.to_string();
            comparison.unnamed += 1;
        }
        comparison.add(&line, theirs, &ours);
        comparison.add(&line, gnu.trim(), &write(Flavor::Gnu));
    }
    comparison.finish(&format!("go1.{} {goarch}", go.minor));
}

#[test]
fn agrees_with_go_tool_objdump() {
    let Some(go) = newest() else { return };
    for goarch in ["arm", "arm64", "loong64", "ppc64", "ppc64le", "riscv64", "s390x"] {
        against_go(&go, goarch);
    }
}

/// Debian's name of GNU's objdump that knows MIPS.
const MIPS_OBJDUMP: &str = "mips-linux-gnu-objdump";

fn against_gnu(go: &Go, goarch: &str, machine: &str) {
    let dir = tempfile::tempdir().unwrap();
    let executable = go.build(dir.path(), goarch, "");
    let mut objdump = Command::new(MIPS_OBJDUMP);
    let output = objdump.args(["-d", "-z", "-m", machine]).arg(&executable).output().unwrap();
    let data = std::fs::read(&executable).unwrap();
    let symbols = Symbols::of(&object::File::parse(&*data).unwrap());
    let arch = by_name(goarch).unwrap();
    let mut comparison = Comparison::default();
    for listed in String::from_utf8_lossy(&output.stdout).lines() {
        let Some(line) = gnu_line(arch, listed) else { continue };
        let theirs = match line.text.split_once('\t') {
            Some((".word", _)) => "?".to_string(),
            Some((name, operands)) => format!("{name} {operands}"),
            None => line.text.to_string(),
        };
        let ours = text(arch, line.addr, &line.code, Flavor::Gnu, &|addr| symbols.at(addr));
        comparison.add(&line, &without_name(&theirs), &without_name(&ours));
    }
    comparison.finish(&format!("go1.{} {goarch}", go.minor));
}

/// GNU's objdump writes no `0x` before addresses, and of several symbols at one it may name another.
fn without_name(text: &str) -> String {
    text.split(" <").next().unwrap_or_default().replace("0x", "")
}

#[test]
fn agrees_with_gnu_objdump_on_mips() {
    if Command::new(MIPS_OBJDUMP).arg("-v").output().is_err() {
        skip(&format!("no {MIPS_OBJDUMP} (Debian's binutils-mips-linux-gnu)"));
        return;
    }
    let Some(go) = newest() else { return };
    against_gnu(&go, "mips", "mips:isa32r2");
    against_gnu(&go, "mips64le", "mips:isa64r2");
}
