//! Instructions of Power and IBM Z: flow, and the texts of `golang.org/x/arch` of go1.27.3 with names of targets.
#![allow(clippy::unwrap_used)]

use adit_arch::disasm::{Flavor, Flow, decode, text};
use adit_arch::{Arch, ByteOrder, by_name};

/// Bytes of hexadecimal digits.
fn bytes(hex: &str) -> Vec<u8> {
    (0..hex.len() / 2).map(|i| u8::from_str_radix(&hex[2 * i..2 * i + 2], 16).unwrap()).collect()
}

fn name_of(addr: u64) -> Option<(String, u64)> {
    (0x11000..0x12000).contains(&addr).then(|| ("main.f".to_string(), addr - 0x11000))
}

/// Each line: the instruction at 0x10000 most significant byte first, its flow, its text for Go and for GNU.
fn golden(arch: &Arch, lines: &[(&str, Flow, &str, &str)]) {
    for (hex, flow, go, gnu) in lines {
        let mut code = bytes(hex);
        if arch.byte_order == ByteOrder::Little {
            code.chunks_mut(4).for_each(<[u8]>::reverse);
        }
        let decoded = decode(arch, 0x10000, &code).unwrap();
        let shown = |flavor| text(arch, 0x10000, &code, flavor, &name_of);
        assert_eq!((shown(Flavor::Go).as_str(), shown(Flavor::Gnu).as_str()), (*go, *gnu), "{hex}");
        assert_eq!(shown(Flavor::Intel), shown(Flavor::Go));
        assert_eq!(decoded.flow, *flow, "{hex} {gnu}");
        let unknown = go == &"?";
        let shortest = if arch.name == "s390x" { 2 } else { 4 };
        assert_eq!(decoded.len, if unknown { shortest } else { code.len() }, "{hex}");
        assert!(unknown || (0..code.len()).all(|cut| decode(arch, 0x10000, &code[..cut]).is_none()), "{hex}");
    }
}

#[test]
fn power() {
    let lines = [
        ("7c0802a6", Flow::Next, "MOVD LR,R0", "mflr r0"),
        ("7c0803a6", Flow::Next, "MOVD R0,LR", "mtlr r0"),
        ("f821ffc1", Flow::Next, "MOVDU R1,-64(R1)", "stdu r1,-64(r1)"),
        ("e83e0010", Flow::Next, "MOVD 16(R30),R1", "ld r1,16(r30)"),
        ("7c21b040", Flow::Next, "CMPU R1,R22", "cmpld r1,r22"),
        ("41800008", Flow::Branch(0x10008), "BLT 0x10008", "blt 0x10008"),
        ("41810010", Flow::Branch(0x10010), "BGT 0x10010", "bgt 0x10010"),
        ("4bfffff1", Flow::Call(Some(0xfff0)), "CALL 0xfff0", "bl 0xfff0"),
        ("48001001", Flow::Call(Some(0x11000)), "CALL main.f(SB)", "bl 0x11000"),
        ("48001009", Flow::Call(Some(0x11008)), "CALL main.f+8(SB)", "bl 0x11008"),
        ("4e800020", Flow::Return, "RET", "blr"),
        ("4e800420", Flow::Jump(None), "BR (CTR)", "bctr"),
        ("4e800421", Flow::Call(None), "BL (CTR)", "bctrl"),
        ("4d820020", Flow::Return, "BCLR $12, EQ, $0", "beqlr"),
        ("4c9e0020", Flow::Return, "BCLR $4, CR7EQ, $0", "bnelr cr7"),
        ("4200fff8", Flow::Branch(0xfff8), "BC $16,LT,0xfff8", "bdnz 0xfff8"),
        ("41c20010", Flow::Branch(0x10010), "BC $14,EQ,0x10010", "beq- 0x10010"),
        ("429f0005", Flow::Next, "BCL $20,CR7SO,0x10004", "bcl 20,4*cr7+so,0x10004"),
        ("7fe00008", Flow::Breakpoint, "TW R0,R0,$31", "tw 31,r0,r0"),
        ("44000002", Flow::Syscall, "SC $0", "sc 0"),
        ("00000000", Flow::Stop, "WORD $0", ".long 0x0"),
        ("60000000", Flow::Next, "NOP", "nop"),
        ("38600005", Flow::Next, "MOVD $5,R3", "li r3,5"),
        ("3860fff0", Flow::Next, "MOVD $-16,R3", "li r3,-16"),
        ("3ca00010", Flow::Next, "ADDIS $0,$16,R5", "lis r5,16"),
        ("38a3ffff", Flow::Next, "ADD R3,$-1,R5", "addi r5,r3,-1"),
        ("7c632214", Flow::Next, "ADD R4,R3,R3", "add r3,r3,r4"),
        ("7c641850", Flow::Next, "SUB R4,R3,R3", "subf r3,r4,r3"),
        ("7c6321d2", Flow::Next, "MULLD R4,R3,R3", "mulld r3,r3,r4"),
        ("7c6323d2", Flow::Next, "DIVD R4,R3,R3", "divd r3,r3,r4"),
        ("7ca3282a", Flow::Next, "MOVD (R5)(R3),R5", "ldx r5,r3,r5"),
        ("7ca3212a", Flow::Next, "MOVD R5,(R4)(R3)", "stdx r5,r3,r4"),
        ("e8a30008", Flow::Next, "MOVD 8(R3),R5", "ld r5,8(r3)"),
        ("f8a30008", Flow::Next, "MOVD R5,8(R3)", "std r5,8(r3)"),
        ("7c001828", Flow::Next, "LWAR (R3),R0", "lwarx r0,0,r3"),
        ("7c20192d", Flow::Next, "STWCCC R1,(R3)(R0)", "stwcx. r1,r0,r3"),
        ("7c2004ac", Flow::Next, "LWSYNC", "lwsync"),
        ("7c0004ac", Flow::Next, "HWSYNC", "hwsync"),
        ("7c63209e", Flow::Next, "ISEL $2,R3,R4,R3", "isel r3,r3,r4,eq"),
        ("7c632040", Flow::Next, "CMPU R3,R4", "cmpld r3,r4"),
        ("2f830005", Flow::Next, "CMPW R3,$5,CR7", "cmpwi cr7,r3,5"),
        ("fc012040", Flow::Next, "FCMPO F1,F4", "fcmpo cr0,f1,f4"),
        ("fc21202a", Flow::Next, "FADD F4,F1,F1", "fadd f1,f1,f4"),
        ("10632000", Flow::Next, "VADDUBM V3,V4,V3", "vaddubm v3,v3,v4"),
        ("f0842496", Flow::Next, "XXLOR VS36,VS36,VS4", "xxlor vs4,vs36,vs36"),
        ("7c8c0119", Flow::Next, "STXSIWX VS36,(R0)(R12)", "stxsiwx vs36,r12,r0"),
        ("0600000038600001", Flow::Next, "PADDI R0,$1,$0,R3", "pli r3,1"),
        ("0610000038600008", Flow::Next, "PADDI R0,$8,$1,R3", "pla r3,8"),
        ("04100000e4600000", Flow::Next, "PLD 0(0),$1,R3", "pld r3,0"),
        ("0600000080630004", Flow::Next, "PLWZ 4(R3),$0,R3", "plwz r3,4(r3)"),
        ("ffffffff", Flow::Next, "FNMADDCC F31,F31,F31,F31", "fnmadd. f31,f31,f31,f31"),
        ("7c631b79", Flow::Next, "ORCC R3,R3,R3", "or. r3,r3,r3"),
        ("54632036", Flow::Next, "RLWINM R3,$4,$0,$27,R3", "rlwinm r3,r3,4,0,27"),
        ("4182000a", Flow::Branch(0x8), "BCA $12,EQ,0x8", "beqa 0x8"),
        ("40820011", Flow::Call(Some(0x10010)), "BCL $4,EQ,0x10010", "bnel 0x10010"),
        ("4e400020", Flow::Return, "BCLR $18, LT, $0", "bdzlr"),
        ("4c000020", Flow::Return, "BCLR $0, LT, $0", "bdnzflr lt"),
    ];
    golden(by_name("ppc64le").unwrap(), &lines);
    golden(by_name("ppc64").unwrap(), &lines);
}

#[test]
fn z() {
    golden(
        by_name("s390x").unwrap(),
        &[
            ("07fe", Flow::Return, "RET", "br %r14"),
            ("07ff", Flow::Jump(None), "RET", "br %r15"),
            ("0700", Flow::Next, "NOPH", "nopr %r0"),
            ("071e", Flow::Return, "BCR $1, R14", "bor %r14"),
            ("078e", Flow::Return, "BCR $8, R14", "ber %r14"),
            ("0de1", Flow::Call(None), "BASR R14, R1", "basr %r14,%r1"),
            ("0d10", Flow::Next, "BASR R1, R0", "basr %r1,%r0"),
            ("0a01", Flow::Syscall, "SYSALL $1", "svc 1"),
            ("0001", Flow::Breakpoint, "?", "?"),
            ("0000", Flow::Stop, "?", "?"),
            ("c0e500000800", Flow::Call(Some(0x11000)), "CALL main.f(SB)", "brasl %r14,0x11000"),
            ("c0e500000805", Flow::Call(Some(0x1100a)), "CALL 684(PC)", "brasl %r14,0x1100a"),
            ("c0f400000010", Flow::Jump(Some(0x10020)), "BR 5(PC)", "jg 0x10020"),
            ("a7f40008", Flow::Jump(Some(0x10010)), "BR 4(PC)", "j 0x10010"),
            ("a7840008", Flow::Branch(0x10010), "BEQ 4(PC)", "je 0x10010"),
            ("a7080005", Flow::Next, "LHI R0, $5", "lhi %r0,5"),
            ("a7090005", Flow::Next, "MOVB $5, R0", "lghi %r0,5"),
            ("a709ffff", Flow::Next, "MOVB $-1, R0", "lghi %r0,-1"),
            ("c0a000001000", Flow::Next, "MOVD 1365(PC), R10", "larl %r10,0x12000"),
            ("e3f0ffd8ff71", Flow::Next, "MOVD -40(R15), R15", "lay %r15,-40(%r15)"),
            ("e3e0ffd8ff24", Flow::Next, "MOVD R14, -40(R15)", "stg %r14,-40(%r15)"),
            ("e310d0100004", Flow::Next, "MOVD 16(R13), R1", "lg %r1,16(%r13)"),
            ("e31050180024", Flow::Next, "MOVD R1, 24(R5)", "stg %r1,24(%r5)"),
            ("5810f008", Flow::Next, "L R1, 8(R15)", "l %r1,8(%r15)"),
            ("ec1a00088064", Flow::Branch(0x10010), "CMPBEQ R1, R10, 2(PC)", "cgrje %r1,%r10,0x10010"),
            ("ecaf001ac065", Flow::Branch(0x10034), "CMPUBLE R10, R15, 8(PC)", "clgrjnh %r10,%r15,0x10034"),
            ("ec1f0010a065", Flow::Branch(0x10020), "CMPUBGE R1, R15, 5(PC)", "clgrjnl %r1,%r15,0x10020"),
            ("ec12000a2076", Flow::Branch(0x10014), "CRJ $2, R1, R2, 3(PC)", "crjh %r1,%r2,0x10014"),
            ("ec3500208055", Flow::Next, "RISBG $0, $32, $128, R5, R3", "risbg %r3,%r5,0,32,128"),
            ("ec12000040f6", Flow::Jump(None), "CRB R1, R2, $4, (R0)", "crbl %r1,%r2,0"),
            ("b9040012", Flow::Next, "MOVD R2, R1", "lgr %r1,%r2"),
            ("b904001d", Flow::Next, "MOVD g, R1", "lgr %r1,%r13"),
            ("b90400d1", Flow::Next, "MOVD R1, g", "lgr %r13,%r1"),
            ("b9080012", Flow::Next, "AGR R1, R2", "agr %r1,%r2"),
            ("b9e82012", Flow::Next, "ADD R2, R2, R1", "agrk %r1,%r2,%r2"),
            ("b9e91012", Flow::Next, "SUB R1, R2, R1", "sgrk %r1,%r2,%r1"),
            ("a71bfff8", Flow::Next, "SUB $8, R1", "aghi %r1,-8"),
            ("a71b0008", Flow::Next, "ADD $8, R1", "aghi %r1,8"),
            ("c00fffffffff", Flow::Next, "MOVD $-1, R0", "llilf %r0,-1"),
            ("a5ef0001", Flow::Next, "LLILL R14, $1", "llill %r14,1"),
            ("eb68f0300024", Flow::Next, "STMG R6, R8, 48(R15)", "stmg %r6,%r8,48(%r15)"),
            ("eb68f0300004", Flow::Next, "LMG 48(R15), R6, R8", "lmg %r6,%r8,48(%r15)"),
            ("d20750001008", Flow::Next, "MVC $8, (R5), 8(R1)", "mvc 0(8,%r5),8(%r1)"),
            ("d5071000f008", Flow::Next, "CLC $8, (R1), 8(R15)", "clc 0(8,%r1),8(%r15)"),
            ("ba123008", Flow::Next, "CS R1, R2, 8(R3)", "cs %r1,%r2,8(%r3)"),
            ("a7460010", Flow::Branch(0x10020), "BRCT R4, 8(PC)", "brct %r4,0x10020"),
            ("e71020000806", Flow::Next, "VL (R2), V17", "vl %v17,0(%r2),0"),
            ("e71230003068", Flow::Stop, "?", "?"),
            ("e7123000006a", Flow::Next, "VO V2, V3, V1", "vo %v1,%v2,%v3"),
            ("e71000000044", Flow::Next, "VZERO V1", "vzeo %v1"),
            ("e710ffff0044", Flow::Next, "VONE V1", "vone %v1"),
            ("e712300030f3", Flow::Next, "VAG V2, V3, V1", "vag %v1,%v2,%v3"),
            ("e712300083e3", Flow::Next, "VFA V1, V2, V19, $8, $0", "vfa %v1,%v2,%v19,8,0"),
            ("b31a0012", Flow::Next, "FADD F2, F1", "adbr %f1,%f2"),
            ("b3c10012", Flow::Next, "LDGR F1, R2", "ldgr %f1,%r2"),
            ("44101008", Flow::Next, "EX R1, 8(R1)", "ex %r1,8(%r1)"),
            ("c60000000004", Flow::Next, "EXRL R0, 1(PC)", "exrl %r0,0x10008"),
            ("e3100000001e", Flow::Next, "MOVWBR (R0), R1", "lrv %r1,0"),
            ("c60500000010", Flow::Next, "CHRL R0, 5(PC)", "chrl %r0,0x10020"),
            ("ed1020080004", Flow::Next, "LDEB F1, 8(R2)", "ldeb %f1,8(%r2)"),
            ("8c000000", Flow::Next, "SRDL R0, (R0)", "srdl %r0,0"),
        ],
    );
}

/// Where s390xasm fails to write an instruction, ours is written, and its word on those that the machine refuses
/// ends with the line.
#[test]
fn z_beyond_its_library() {
    let s390x = by_name("s390x").unwrap();
    let shown = |hex, flavor| text(s390x, 0x10000, &bytes(hex), flavor, &name_of);
    assert_eq!(shown("1a1d", Flavor::Go), "ADDW g, R1");
    assert_eq!(shown("e7120000005c", Flavor::Gnu), "vistrb %v1,%v2");
    let refused = "specification exception is recognized for \"VA\" with mask value: 5";
    assert_eq!(shown("e711000050f3", Flavor::Go), refused);
    assert_eq!(shown("e711000050f3", Flavor::Gnu), "va %v1,%v1,%v0,5");
}
