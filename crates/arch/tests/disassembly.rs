//! Disassembled text against the Go project's own: `go tool objdump` over whole programs, and Delve's
//! `disassemble` where a Delve is on PATH.
#![allow(clippy::unwrap_used)]

mod go_program;

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use adit_arch::disasm::{Flavor, Flow, decode, text};
use adit_arch::{AMD64, Arch, by_name};
use go_program::{Go, Symbols, toolchains};

fn plain(flavor: Flavor, code: &[u8]) -> String {
    text(&AMD64, 0x1000, code, flavor, &|_| None)
}

#[test]
fn the_three_flavours_as_delve_shows_them() {
    let rows: [(&[u8], &str, &str, &str); 12] = [
        (
            &[0x49, 0x3b, 0x66, 0x10],
            "cmp rsp, qword ptr [r14+0x10]",
            "cmp 0x10(%r14),%rsp",
            "CMPQ SP, 0x10(R14)",
        ),
        (&[0x76, 0x6a], "jbe 0x106c", "jbe $0x106c", "JBE $0x106c"),
        (
            &[0x48, 0x8d, 0x6c, 0x24, 0x48],
            "lea rbp, ptr [rsp+0x48]",
            "lea 0x48(%rsp),%rbp",
            "LEAQ 0x48(SP), BP",
        ),
        (
            &[0x44, 0x0f, 0x11, 0x7c, 0x24, 0x20],
            "movups xmmword ptr [rsp+0x20], xmm15",
            "movups %xmm15,0x20(%rsp)",
            "MOVUPS X15, 0x20(SP)",
        ),
        (
            &[0x48, 0xc7, 0x44, 0x24, 0x38, 1, 0, 0, 0],
            "mov qword ptr [rsp+0x38], 0x1",
            "movq $0x1,0x38(%rsp)",
            "MOVQ $0x1, 0x38(SP)",
        ),
        (&[0xc3], "ret", "retq", "RET"),
        (&[0x66, 0x90], "data16 nop", "data16 nop", "NOPW"),
        (&[0x74, 0x02], "jz 0x1004", "je $0x1004", "JE $0x1004"),
        (
            &[0xf3, 0x48, 0xab],
            "rep stosq qword ptr [rdi]",
            "rep stos %rax,%es:(%rdi)",
            "REP; STOSQ AX, ES:0(DI)",
        ),
        (&[0x84, 0xc0], "test al, al", "test %al,%al", "TESTL AL, AL"),
        (&[0xff, 0x12], "call qword ptr [rdx]", "callq *(%rdx)", "CALL 0(DX)"),
        (&[0xcc], "int3", "int3", "INT $0x3"),
    ];
    for (code, intel, gnu, go) in rows {
        assert_eq!(plain(Flavor::Intel, code), intel);
        assert_eq!(plain(Flavor::Gnu, code), gnu);
        assert_eq!(plain(Flavor::Go, code), go);
    }
    let symbol = |addr: u64| (addr == 0x2005).then(|| ("runtime.morestack".to_string(), 0));
    let call = [0xe8, 0, 0x10, 0, 0];
    assert_eq!(text(&AMD64, 0x1000, &call, Flavor::Intel, &symbol), "call $runtime.morestack");
    assert_eq!(text(&AMD64, 0x1000, &call, Flavor::Go, &symbol), "CALL $runtime.morestack(SB)");
}

#[test]
fn flow_is_told() {
    let flow = |code: &[u8]| decode(&AMD64, 0x1000, code).map(|i| (i.len, i.flow));
    assert_eq!(flow(&[0xe8, 0, 0x10, 0, 0]), Some((5, Flow::Call(Some(0x2005)))));
    assert_eq!(flow(&[0xff, 0xd0]), Some((2, Flow::Call(None))));
    assert_eq!(flow(&[0xeb, 0xfe]), Some((2, Flow::Jump(Some(0x1000)))));
    assert_eq!(flow(&[0xff, 0xe2]), Some((2, Flow::Jump(None))));
    assert_eq!(flow(&[0x0f, 0x84, 0, 0, 0, 0]), Some((6, Flow::Branch(0x1006))));
    assert_eq!(flow(&[0xc3]), Some((1, Flow::Return)));
    assert_eq!(flow(&[0xcc]), Some((1, Flow::Breakpoint)));
    assert_eq!(flow(&[0x0f, 0x05]), Some((2, Flow::Syscall)));
    assert_eq!(flow(&[0x0f, 0x0b]), Some((2, Flow::Stop)));
    assert_eq!(flow(&[0x06; 16]), Some((1, Flow::Stop)));
    assert_eq!(flow(&[0x48, 0x8b]), None);
}

/// Lines compared, equal ones, and examples of the others by mnemonics.
#[derive(Default)]
struct Agreement {
    lines: u64,
    same: u64,
    differences: BTreeMap<String, (u64, String)>,
}

impl Agreement {
    fn compare(&mut self, theirs: &str, ours: &str) {
        self.lines += 1;
        if theirs == ours {
            self.same += 1;
            return;
        }
        let first = |text: &str| text.split(' ').next().unwrap_or_default().to_string();
        let key = format!("{} | {}", first(theirs), first(ours));
        self.differences.entry(key).or_insert_with(|| (0, format!("{theirs}  <>  {ours}"))).0 += 1;
    }

    fn report(&self, what: &str, at_least: f64) {
        let percent = 100.0 * self.same as f64 / self.lines.max(1) as f64;
        println!("{what}: {percent:.3}% of {} lines agree", self.lines);
        let mut worst: Vec<_> = self.differences.values().collect();
        worst.sort_by_key(|(count, _)| std::cmp::Reverse(*count));
        for (count, example) in worst.iter().take(8) {
            println!("    {count} x {example}");
        }
        assert!(self.lines > 1000 && percent >= at_least, "{what}: {percent:.3}%");
    }
}

/// Address, bytes and text of a line that has them as consecutive columns.
fn columns(line: &str) -> Option<(u64, Vec<u8>, &str)> {
    let fields: Vec<&str> = line.split('\t').filter(|field| !field.is_empty()).collect();
    let at = fields.iter().position(|field| field.starts_with("0x"))?;
    let addr = u64::from_str_radix(fields[at].trim_start_matches("0x").trim_end_matches('*'), 16).ok()?;
    let digits = fields.get(at + 1)?;
    let byte = |i: usize| u8::from_str_radix(digits.get(2 * i..2 * i + 2)?, 16).ok();
    let code = (0..digits.len() / 2).map(byte).collect::<Option<Vec<u8>>>()?;
    Some((addr, code, fields.get(at + 2)?.trim()))
}

/// Before go1.22, x86asm wrote comparisons the other way round.
fn turn_comparison(text: &str) -> String {
    match text.split_once(' ').map(|(name, operands)| (name, operands.split_once(", "))) {
        Some((name @ ("CMPB" | "CMPW" | "CMPL" | "CMPQ"), Some((first, second)))) => {
            format!("{name} {second}, {first}")
        }
        _ => text.to_string(),
    }
}

fn against_objdump(go: &Go, goarch: &str) {
    let dir = tempfile::tempdir().unwrap();
    let executable = go.build(dir.path(), goarch, "");
    let output = go.command(dir.path()).args(["tool", "objdump", "-gnu"]).arg(&executable).output().unwrap();
    let data = std::fs::read(&executable).unwrap();
    let symbols = Symbols::of(&object::File::parse(&*data).unwrap());
    let arch: &Arch = by_name(goarch).unwrap();
    let (mut plan9, mut gnu) = (Agreement::default(), Agreement::default());
    for line in String::from_utf8_lossy(&output.stdout).lines() {
        let Some((addr, code, both)) = columns(line) else { continue };
        let Some((their_go, their_gnu)) = both.split_once(" // ") else { continue };
        let near = decode(arch, addr, &code)
            .is_some_and(|i| matches!(i.flow, Flow::Call(Some(_)) | Flow::Jump(Some(_)) | Flow::Branch(_)));
        // objdump writes relative targets without the `$`, and only the exact ones as names.
        let symbol = |addr: u64| symbols.at(addr).filter(|(_, offset)| !near || *offset == 0);
        let bare = |text: String| if near { text.replacen(" $", " ", 1) } else { text };
        let mut ours = bare(text(arch, addr, &code, Flavor::Go, &symbol));
        if go.minor < 22 {
            ours = turn_comparison(&ours);
        }
        plan9.compare(their_go.trim(), &ours);
        let mut ours = bare(text(arch, addr, &code, Flavor::Gnu, &|_| None));
        if go.minor >= 27 {
            // Since then, x86asm leaves a scale of one out, which GNU's own tools do not.
            ours = ours.replace(",1)", ")");
        }
        gnu.compare(their_gnu.trim(), &ours);
    }
    let what = format!("go1.{} {goarch}", go.minor);
    plan9.report(&format!("{what} Go flavour"), 99.5);
    gnu.report(&format!("{what} GNU flavour"), 99.5);
}

#[test]
fn agrees_with_go_tool_objdump() {
    for go in toolchains() {
        against_objdump(&go, "amd64");
        against_objdump(&go, "386");
    }
}

/// What a debugger names: functions at their entry, and package variables.
fn debugger_symbols<'a>(
    symbols: &'a Symbols,
    functions: &'a [(u64, &'a str, &'a [u8])],
) -> impl Fn(u64) -> Option<(String, u64)> + 'a {
    let end = functions.last().map_or(0, |(addr, _, code)| addr + code.len() as u64);
    move |addr| {
        let (name, offset) = symbols.at(addr)?;
        if addr < end {
            return (offset == 0).then(|| (name.trim_end_matches(".abi0").to_string(), 0));
        }
        let is_variable = name.contains('.') && !name.contains([':', '$']);
        is_variable.then_some((name, offset))
    }
}

fn against_delve(executable: &Path, flavor: Flavor, word: &str, at_least: f64) {
    let data = std::fs::read(executable).unwrap();
    let file = object::File::parse(&*data).unwrap();
    let symbols = Symbols::of(&file);
    let functions = symbols.functions(&file);
    let mut commands = format!("config disassemble-flavor {word}\nbreak main.main\ncontinue\n");
    for (_, name, _) in functions.iter().filter(|(_, name, _)| !name.ends_with(".abi0")).step_by(5) {
        commands += &format!("disassemble -l {name}\n");
    }
    commands += "exit\n";
    let mut delve = Command::new("dlv")
        .args(["exec", "--allow-non-terminal-interactive=true"])
        .arg(executable)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut input = delve.stdin.take().unwrap();
    let feeder = std::thread::spawn(move || input.write_all(commands.as_bytes()));
    let output = delve.wait_with_output().unwrap();
    feeder.join().unwrap().unwrap();
    let symbol = debugger_symbols(&symbols, &functions);
    let mut agreement = Agreement::default();
    for line in String::from_utf8_lossy(&output.stdout).lines() {
        let Some((addr, code, theirs)) = columns(line) else { continue };
        let mut ours = text(&AMD64, addr, &code, flavor, &symbol);
        if flavor == Flavor::Go {
            ours = turn_comparison(&ours);
        }
        agreement.compare(theirs, &ours);
    }
    agreement.report(&format!("Delve, {word}"), at_least);
}

#[test]
fn agrees_with_delve() {
    if Command::new("dlv").arg("version").output().is_err() {
        println!("skipped: no dlv on PATH");
        return;
    }
    let Some(go) = toolchains().into_iter().find(|go| go.minor <= 20) else {
        println!(
            "skipped: Debian's dlv 1.20 reads programs of go1.20 and before; set ADIT_GO to such a toolchain"
        );
        return;
    };
    let dir = tempfile::tempdir().unwrap();
    let executable = go.build(dir.path(), "amd64", "-N -l");
    for (flavor, word) in [(Flavor::Intel, "intel"), (Flavor::Gnu, "gnu"), (Flavor::Go, "go")] {
        against_delve(&executable, flavor, word, 99.5);
    }
}
