//! The Go assembler's flavour, as `x86asm.GoSyntax` and so `go tool objdump` write it.

use iced_x86::{Mnemonic, Register};

use super::operand::{Code, Memory, Operand, signed};

pub(super) fn text(code: &Code<'_>) -> String {
    let mut text = String::new();
    if code.instruction.has_rep_prefix() {
        text.push_str("REP; ");
    }
    if code.instruction.has_repne_prefix() {
        text.push_str("REPNE; ");
    }
    if code.instruction.has_lock_prefix() {
        text.push_str("LOCK ");
    }
    let mut operands = code.operands();
    if code.mnemonic() == Mnemonic::Int3 {
        operands.push(Operand::Immediate(3));
    }
    if code.mnemonic() == Mnemonic::Sha256rnds2 {
        operands.push(Operand::Register(Register::XMM0));
    }
    text.push_str(&name(code));
    text.push_str(suffix(code, &operands));
    if code.instruction.is_broadcast() {
        text.push_str(".BCST");
    }
    if code.instruction.zeroing_masking() {
        text.push_str(".Z");
    }
    if let Some(mask) = code.mask() {
        operands.insert(1.min(operands.len()), Operand::Register(mask));
    }
    // Sources come first; but comparisons read from left to right, since go1.22.
    if code.mnemonic() != Mnemonic::Cmp {
        operands.reverse();
    }
    let args: Vec<String> = operands.iter().map(|operand| argument(code, operand)).collect();
    if !args.is_empty() {
        text.push(' ');
        text.push_str(&args.join(", "));
    }
    text
}

fn name(code: &Code<'_>) -> String {
    match code.mnemonic() {
        Mnemonic::Int3 => "INT".to_string(),
        Mnemonic::Retf => "LRET".to_string(),
        Mnemonic::Wait => "FWAIT".to_string(),
        Mnemonic::Int1 => "ICEBP".to_string(),
        Mnemonic::Movsd if !code.instruction.is_string_instruction() => "MOVSD_XMM".to_string(),
        Mnemonic::Cmpsd if !code.instruction.is_string_instruction() => "CMPSD_XMM".to_string(),
        _ => code.name().to_ascii_uppercase(),
    }
}

/// The size letter that the Go assembler appends.
fn suffix(code: &Code<'_>, operands: &[Operand]) -> &'static str {
    if !has_suffix(code.mnemonic()) {
        return "";
    }
    let memory = code.memory_bytes() as u32 * 8;
    let size = match operands {
        _ if memory != 0 => memory,
        [Operand::Register(register)] if register.is_gpr64() => 64,
        // Byte registers do not count: `TESTL AL, AL`.
        _ => code.data_size(),
    };
    match size {
        8 => "B",
        16 => "W",
        32 => "L",
        64 => "Q",
        _ => "",
    }
}

fn has_suffix(mnemonic: Mnemonic) -> bool {
    matches!(
        mnemonic,
        Mnemonic::Adc
            | Mnemonic::Add
            | Mnemonic::And
            | Mnemonic::Bsf
            | Mnemonic::Bsr
            | Mnemonic::Bt
            | Mnemonic::Btc
            | Mnemonic::Btr
            | Mnemonic::Bts
            | Mnemonic::Cmp
            | Mnemonic::Cmpxchg
            | Mnemonic::Cvtsi2sd
            | Mnemonic::Cvtsi2ss
            | Mnemonic::Cvtsd2si
            | Mnemonic::Cvtss2si
            | Mnemonic::Cvttsd2si
            | Mnemonic::Cvttss2si
            | Mnemonic::Dec
            | Mnemonic::Div
            | Mnemonic::Fldenv
            | Mnemonic::Frstor
            | Mnemonic::Idiv
            | Mnemonic::Imul
            | Mnemonic::In
            | Mnemonic::Inc
            | Mnemonic::Lea
            | Mnemonic::Mov
            | Mnemonic::Movnti
            | Mnemonic::Mul
            | Mnemonic::Neg
            | Mnemonic::Nop
            | Mnemonic::Not
            | Mnemonic::Or
            | Mnemonic::Out
            | Mnemonic::Pop
            | Mnemonic::Popa
            | Mnemonic::Popcnt
            | Mnemonic::Push
            | Mnemonic::Pusha
            | Mnemonic::Rcl
            | Mnemonic::Rcr
            | Mnemonic::Rol
            | Mnemonic::Ror
            | Mnemonic::Sar
            | Mnemonic::Sbb
            | Mnemonic::Shl
            | Mnemonic::Shld
            | Mnemonic::Shr
            | Mnemonic::Shrd
            | Mnemonic::Sub
            | Mnemonic::Test
            | Mnemonic::Xadd
            | Mnemonic::Xchg
            | Mnemonic::Xor
    )
}

fn argument(code: &Code<'_>, operand: &Operand) -> String {
    match operand {
        Operand::Register(register) => register_name(*register),
        Operand::Immediate(value) => immediate(code, *value),
        Operand::Target(addr) => target(code, *addr),
        Operand::Far(selector, offset) => format!("${selector:#x}, ${offset:#x}"),
        Operand::Memory(memory) => memory_text(code, memory),
    }
}

fn immediate(code: &Code<'_>, value: i64) -> String {
    match code.immediate_symbol(value) {
        Some((name, offset)) => format!("${name}{offset}(SB)"),
        None => format!("${}", code.number(value)),
    }
}

fn target(code: &Code<'_>, addr: u64) -> String {
    match code.name_of(addr) {
        Some((name, offset)) => format!("${name}{offset}(SB)"),
        None => format!("${}", code.number(addr.cast_signed())),
    }
}

/// One name for all widths of a general register; the suffix tells the width.
fn register_name(register: Register) -> String {
    if register == Register::RIP || register == Register::EIP {
        return "IP".to_string();
    }
    if register.is_gpr() && !matches!(register, Register::AH | Register::BH | Register::CH | Register::DH) {
        let full = format!("{:?}", register.full_register());
        let is_numbered = full.as_bytes().get(1).is_some_and(u8::is_ascii_digit);
        let byte = register.is_gpr8() && matches!(full.as_str(), "RAX" | "RBX" | "RCX" | "RDX");
        return match full.strip_prefix('R') {
            Some(name) if byte => format!("{}L", &name[..1]),
            Some(name) if !is_numbered => name.to_string(),
            _ => full,
        };
    }
    let name = format!("{register:?}");
    match name.as_bytes() {
        [b'X' | b'Y' | b'Z', b'M', b'M', ..] => format!("{}{}", &name[..1], &name[3..]),
        [b'M', b'M', ..] => format!("M{}", &name[2..]),
        [b'S', b'T', ..] => format!("F{}", &name[2..]),
        _ => name,
    }
}

fn memory_text(code: &Code<'_>, memory: &Memory) -> String {
    if let Some(symbol) = code.memory_symbol(memory) {
        return symbol + "(SB)";
    }
    let mut text = String::new();
    if memory.segment != Register::None {
        text.push_str(&register_name(memory.segment));
        text.push(':');
    }
    match memory.displacement {
        0 => text.push('0'),
        displacement => text.push_str(&signed(displacement)),
    }
    if memory.base != Register::None {
        text.push_str(&format!("({})", register_name(memory.base)));
    }
    if memory.index != Register::None {
        text.push_str(&format!("({}*{})", register_name(memory.index), memory.scale));
    }
    text
}
