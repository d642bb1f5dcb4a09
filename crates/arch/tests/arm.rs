//! ARM and ARM64: what instructions do to the program counter, which symbols their texts name, and which addresses
//! they load.
#![allow(clippy::unwrap_used)]

use adit_arch::disasm::{Flavor, Flow, decode, loaded_address, text};
use adit_arch::{ARM, ARM64, Arch};

const ADDR: u64 = 0x1000;

fn flow(arch: &Arch, word: u32) -> Flow {
    let decoded = decode(arch, ADDR, &word.to_le_bytes()).unwrap();
    assert_eq!((decoded.addr, decoded.len), (ADDR, 4));
    decoded.flow
}

#[test]
fn flow_of_arm64() {
    let rows = [
        (0x1400_0004, Flow::Jump(Some(0x1010))), // b
        (0x17ff_ffff, Flow::Jump(Some(0xffc))),  // b, backwards
        (0x9400_0004, Flow::Call(Some(0x1010))), // bl
        (0xd63f_0140, Flow::Call(None)),         // blr x10
        (0xd61f_0140, Flow::Jump(None)),         // br x10
        (0xd65f_03c0, Flow::Return),             // ret
        (0xd65f_0140, Flow::Return),             // ret x10
        (0xd69f_03e0, Flow::Return),             // eret
        (0x5400_0080, Flow::Branch(0x1010)),     // b.eq
        (0x3400_0080, Flow::Branch(0x1010)),     // cbz
        (0xb5ff_ffe0, Flow::Branch(0xffc)),      // cbnz
        (0x3600_0080, Flow::Branch(0x1010)),     // tbz
        (0xb700_0080, Flow::Branch(0x1010)),     // tbnz
        (0xd420_0000, Flow::Breakpoint),         // brk #0
        (0xd43e_0000, Flow::Breakpoint),         // brk #0xf000, Windows'
        (0xd400_0001, Flow::Syscall),            // svc #0
        (0xd440_0000, Flow::Stop),               // hlt
        (0x0000_0000, Flow::Stop),               // udf #0
        (0xd400_0002, Flow::Next),               // hvc
        (0xd400_0003, Flow::Next),               // smc
        (0xd65f_0bff, Flow::Return),             // retaa
        (0xd65f_0fff, Flow::Return),             // retab
        (0xd69f_0bff, Flow::Return),             // eretaa
        (0xd71f_0901, Flow::Jump(None)),         // braa x8, x1
        (0xd61f_091f, Flow::Jump(None)),         // braaz x8
        (0xd73f_0d01, Flow::Call(None)),         // blrab x8, x1
        (0xf820_0020, Flow::Next),               // ldadd
        (0xd503_201f, Flow::Next),               // nop
        (0xd503_233f, Flow::Next),               // paciasp
        (0x0400_0000, Flow::Next),               // add, of SVE
        (0xd7ff_ffff, Flow::Stop),               // no instruction
    ];
    for (word, expected) in rows {
        assert_eq!(flow(&ARM64, word), expected, "{word:08x}");
    }
    assert_eq!(decode(&ARM64, ADDR, &[0xc0, 0x03, 0x5f]), None);
}

#[test]
fn flow_of_arm() {
    let rows = [
        (0xea00_0002, Flow::Jump(Some(0x1010))), // b
        (0xeaff_fffe, Flow::Jump(Some(0x1000))), // b to itself
        (0x0a00_0002, Flow::Branch(0x1010)),     // beq
        (0xeb00_0002, Flow::Call(Some(0x1010))), // bl
        (0x1b00_0002, Flow::Call(Some(0x1010))), // blne
        (0xfb00_0002, Flow::Call(Some(0x1012))), // blx, into Thumb
        (0xe12f_ff37, Flow::Call(None)),         // blx r7
        (0xe12f_ff17, Flow::Jump(None)),         // bx r7
        (0xe12f_ff1e, Flow::Return),             // bx lr
        (0x112f_ff1e, Flow::Return),             // bxne lr
        (0xe1a0_f00e, Flow::Return),             // mov pc, lr
        (0xe1a0_f007, Flow::Jump(None)),         // mov pc, r7
        (0xe28e_f000, Flow::Return),             // add pc, lr, #0
        (0xe28e_f004, Flow::Jump(None)),         // add pc, lr, #4
        (0xe08f_f100, Flow::Jump(None)),         // add pc, pc, r0, lsl #2
        (0xe25e_f004, Flow::Return),             // subs pc, lr, #4
        (0xe49d_f014, Flow::Return),             // ldr pc, [sp], #20
        (0xe69d_f00b, Flow::Return),             // ldr pc, [sp], r11
        (0xe59f_f004, Flow::Jump(None)),         // ldr pc, [pc, #4]
        (0xe8bd_8010, Flow::Return),             // pop {r4, pc}
        (0xe49d_f004, Flow::Return),             // pop {pc}
        (0xe8bd_0010, Flow::Next),               // pop {r4}
        (0xe91b_a800, Flow::Return),             // ldmdb fp, {fp, sp, pc}
        (0xe15f_0001, Flow::Next),               // cmp pc, r1
        (0xe120_0070, Flow::Breakpoint),         // bkpt
        (0xe7f0_01f0, Flow::Breakpoint),         // the kernel's
        (0xe7ff_ffff, Flow::Stop),               // udf
        (0xf7fa_bcfd, Flow::Stop),               // Go's undefined instruction
        (0xef00_0000, Flow::Syscall),            // svc
        (0xf221_0842, Flow::Next),               // vadd.i32, of NEON
        (0xe1a0_0000, Flow::Next),               // nop
    ];
    for (word, expected) in rows {
        assert_eq!(flow(&ARM, word), expected, "{word:08x}");
    }
    assert_eq!(decode(&ARM, ADDR, &[0x1e, 0xff, 0x2f]), None);
}

#[test]
fn texts_name_what_begins_at_their_target() {
    let symbol = |addr: u64| Some(("main.main".to_string(), addr.checked_sub(0x1010)?));
    let texts = |arch: &Arch, word: u32| {
        [Flavor::Go, Flavor::Gnu, Flavor::Intel]
            .map(|flavor| text(arch, ADDR, &u32::to_le_bytes(word), flavor, &symbol))
    };
    assert_eq!(texts(&ARM64, 0x9400_0004), ["CALL main.main(SB)", "bl .+0x10", "CALL main.main(SB)"]);
    assert_eq!(texts(&ARM64, 0x9400_0005), ["CALL 5(PC)", "bl .+0x14", "CALL 5(PC)"]);
    assert_eq!(
        texts(&ARM64, 0x5800_0080),
        ["MOVD $main.main(SB), R0", "ldr x0, .+0x10", "MOVD $main.main(SB), R0"]
    );
    assert_eq!(texts(&ARM, 0xeb00_0002), ["BL main.main(SB)", "bl .+0xc", "BL main.main(SB)"]);
    assert_eq!(texts(&ARM, 0x1a00_0003), ["B.NE 0x1014", "bne .+0x10", "B.NE 0x1014"]);
    assert_eq!(texts(&ARM64, 0), ["?", "?", "?"]);
    assert_eq!(texts(&ARM, 0xe7ff_ffff), ["?", "?", "?"]);
}

#[test]
fn an_address_may_be_in_the_instruction() {
    let loaded = |arch: &Arch, word: u32| loaded_address(arch, ADDR, &word.to_le_bytes());
    assert_eq!(loaded(&ARM64, 0x1000_0080), Some(0x1010)); // adr x0
    assert_eq!(loaded(&ARM64, 0x10ff_ffe0), Some(0xffc)); // adr x0, backwards
    assert_eq!(loaded(&ARM64, 0x9000_0080), None); // adrp x0: a page
    assert_eq!(loaded(&ARM, 0xe28f_0008), Some(0x1010)); // add r0, pc, #8
    assert_eq!(loaded(&ARM, 0xe24f_0008), Some(0x1000)); // sub r0, pc, #8
    assert_eq!(loaded(&ARM, 0xe281_0008), None); // add r0, r1, #8
}
