//! One word for each row of the instruction tables, with the texts that others give them. `golden/arm.txt`,
//! `golden/arm64.txt`, `golden/loong64.txt` and `golden/riscv64.txt` hold word (as in memory), Go's and GNU's text, by
//! `golang.org/x/arch` of go1.27.3; `golden/mips.txt` and `golden/mips64.txt` word and text by GNU objdump 2.40, for
//! release 2 of the architecture and with numbers for the registers of coprocessor 0.
#![allow(clippy::unwrap_used)]

use adit_arch::disasm::{Flavor, Flow, decode, text};
use adit_arch::{Arch, by_name};

const ADDR: u64 = 0x1000;

fn bytes(digits: &str) -> Vec<u8> {
    (0..digits.len() / 2).map(|i| u8::from_str_radix(&digits[2 * i..2 * i + 2], 16).unwrap()).collect()
}

fn plain(arch: &Arch, flavor: Flavor, code: &[u8]) -> String {
    text(arch, ADDR, code, flavor, &|_| None)
}

fn compare(goarch: &str, golden: &str, flavors: &[Flavor]) {
    let arch = by_name(goarch).unwrap();
    let mut different = Vec::new();
    for line in golden.lines() {
        let mut columns = line.split('\t');
        let code = bytes(columns.next().unwrap());
        for (flavor, theirs) in flavors.iter().zip(columns) {
            let ours = plain(arch, *flavor, &code);
            if ours != theirs {
                different.push(format!("{code:02x?}: {ours}, not {theirs}"));
            }
        }
        let decoded = decode(arch, ADDR, &code).unwrap();
        assert_eq!(decoded.len, code.len(), "{line}");
    }
    assert!(different.is_empty(), "{goarch}: {different:#?}");
}

#[test]
fn every_row_has_the_text_that_others_give_it() {
    compare("arm", include_str!("golden/arm.txt"), &[Flavor::Go, Flavor::Gnu]);
    compare("arm64", include_str!("golden/arm64.txt"), &[Flavor::Go, Flavor::Gnu]);
    compare("riscv64", include_str!("golden/riscv64.txt"), &[Flavor::Go, Flavor::Gnu]);
    compare("loong64", include_str!("golden/loong64.txt"), &[Flavor::Go, Flavor::Gnu]);
    compare("mips", include_str!("golden/mips.txt"), &[Flavor::Gnu]);
    compare("mips64", include_str!("golden/mips64.txt"), &[Flavor::Gnu]);
}

fn flow(goarch: &str, digits: &str) -> Option<(usize, Flow)> {
    decode(by_name(goarch).unwrap(), ADDR, &bytes(digits)).map(|i| (i.len, i.flow))
}

#[test]
fn flow_of_riscv64() {
    let rows = [
        ("6f00e000", 4, Flow::Jump(Some(0x100e))), // j
        ("ef00e000", 4, Flow::Call(Some(0x100e))), // jal x1
        ("ef02e000", 4, Flow::Call(Some(0x100e))), // jal x5: runtime.morestack
        ("67800000", 4, Flow::Return),             // ret
        ("67800400", 4, Flow::Jump(None)),         // jr x9
        ("e7800400", 4, Flow::Call(None)),         // jalr x9
        ("6389d500", 4, Flow::Branch(0x1012)),     // beq
        ("73000000", 4, Flow::Syscall),            // ecall
        ("73001000", 4, Flow::Breakpoint),         // ebreak
        ("0290", 2, Flow::Breakpoint),             // c.ebreak
        ("8280", 2, Flow::Return),                 // c.jr x1
        ("8294", 2, Flow::Call(None)),             // c.jalr x9
        ("8284", 2, Flow::Jump(None)),             // c.jr x9
        ("01a0", 2, Flow::Jump(Some(0x1000))),     // c.j
        ("09c1", 2, Flow::Branch(0x1002)),         // c.beqz x10
        ("0000", 2, Flow::Stop),                   // c.unimp
        ("ffffffff", 2, Flow::Stop),               // no instruction
        ("3387e400", 4, Flow::Next),               // add
    ];
    for (digits, len, expected) in rows {
        assert_eq!(flow("riscv64", digits), Some((len, expected)), "{digits}");
    }
    assert_eq!(flow("riscv64", "3387e4"), None);
    assert_eq!(flow("riscv64", "02"), None);
}

/// x/arch shifts the distance of a compressed jump wrongly; GNU's tools write this one as we do.
#[test]
fn a_compressed_jump_goes_where_the_manual_says() {
    let riscv64 = by_name("riscv64").unwrap();
    assert_eq!(plain(riscv64, Flavor::Gnu, &[0x1d, 0xbd]), "j -458");
    assert_eq!(plain(riscv64, Flavor::Go, &[0x1d, 0xbd]), "JMP -114(PC)");
}

#[test]
fn flow_of_loong64() {
    let rows = [
        ("00100050", Flow::Jump(Some(0x1010))), // b
        ("00100054", Flow::Call(Some(0x1010))), // bl
        ("2000004c", Flow::Return),             // jirl r0, r1, 0
        ("8000004c", Flow::Jump(None)),         // jirl r0, r4, 0
        ("8100004c", Flow::Call(None)),         // jirl r1, r4, 0
        ("85100058", Flow::Branch(0x1010)),     // beq r4, r5
        ("84100058", Flow::Jump(Some(0x1010))), // beq r4, r4
        ("80100040", Flow::Branch(0x1010)),     // beqz r4
        ("00002b00", Flow::Syscall),            // syscall
        ("00002a00", Flow::Breakpoint),         // break
        ("00000000", Flow::Stop),               // no instruction
        ("00004003", Flow::Next),               // nop
    ];
    for (digits, expected) in rows {
        assert_eq!(flow("loong64", digits), Some((4, expected)), "{digits}");
    }
    assert_eq!(flow("loong64", "000050"), None);
}

#[test]
fn flow_of_mips() {
    let rows = [
        ("0c030a27", Flow::Call(Some(0xc289c))), // jal
        ("080044e3", Flow::Jump(Some(0x1138c))), // j
        ("1000fff8", Flow::Jump(Some(0xfe4))),   // b
        ("14200006", Flow::Branch(0x101c)),      // bnez
        ("04110001", Flow::Call(Some(0x1008))),  // bal
        ("04310001", Flow::Call(Some(0x1008))),  // bgezal at
        ("45010008", Flow::Branch(0x1024)),      // bc1t
        ("03e00008", Flow::Return),              // jr ra
        ("00200008", Flow::Jump(None)),          // jr at
        ("0020f809", Flow::Call(None)),          // jalr at
        ("0000000c", Flow::Syscall),             // syscall
        ("0000000d", Flow::Breakpoint),          // break
        ("00000034", Flow::Stop),                // teq zero,zero
        ("00000000", Flow::Next),                // nop
        ("ffffffff", Flow::Stop),                // sd: only 64-bit CPUs have it
    ];
    for (digits, expected) in rows {
        assert_eq!(flow("mips", digits), Some((4, expected)), "{digits}");
        let turned: String = bytes(digits).iter().rev().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(flow("mipsle", &turned), Some((4, expected)), "{digits}");
    }
    assert_eq!(flow("mips64", "ffffffff"), Some((4, Flow::Next)));
    assert_eq!(flow("mips", "03e000"), None);
    let symbol = |addr: u64| (addr == 0xc289c).then(|| ("runtime.morestack".to_string(), 4));
    let call = text(by_name("mips").unwrap(), ADDR, &bytes("0c030a27"), Flavor::Go, &symbol);
    assert_eq!(call, "jal 0xc289c <runtime.morestack+0x4>");
}
