//! GNU's flavour (AT&T), as `x86asm.GNUSyntax` and so `go tool objdump -gnu` write it: a size suffix only where no
//! register operand tells the size.

use iced_x86::{Mnemonic, Register};

use super::operand::{Code, Memory, Operand, lower_case_name, signed};

pub(super) fn text(code: &Code<'_>) -> String {
    let instruction = code.instruction;
    let mut text = String::new();
    if instruction.has_lock_prefix() {
        text.push_str("lock ");
    }
    if instruction.has_rep_prefix() {
        text.push_str("rep ");
    }
    if instruction.has_repne_prefix() {
        text.push_str("repn ");
    }
    if code.mnemonic() == Mnemonic::Nop && code.opcode() == 0x90 && code.count_prefix(0x66) > 0 {
        text.push_str("data16 ");
    }
    let mut operands = code.operands();
    let name = name(code, &mut operands);
    text.push_str(&name);
    if matches!(code.opcode(), 0xd0 | 0xd1) {
        // A shift by one does not say so.
        operands.truncate(1);
    }
    let indirect = matches!(code.mnemonic(), Mnemonic::Call | Mnemonic::Jmp)
        && matches!(operands.first(), Some(Operand::Register(_) | Operand::Memory(_)));
    let mut args: Vec<String> = operands.iter().map(|operand| argument(code, operand)).collect();
    if let Some(destination) = args.first_mut() {
        destination.push_str(&code.mask_text("%"));
    }
    if !matches!(code.mnemonic(), Mnemonic::Enter | Mnemonic::Bound) {
        args.reverse();
    }
    if !args.is_empty() {
        text.push(' ');
        if indirect {
            text.push('*');
        }
        text.push_str(&args.join(","));
    }
    text
}

/// The mnemonic with its suffix. Operands that the mnemonic absorbs are taken out.
fn name(code: &Code<'_>, operands: &mut Vec<Operand>) -> String {
    let base = match code.mnemonic() {
        Mnemonic::Cbw => "cbtw".to_string(),
        Mnemonic::Cwde => "cwtl".to_string(),
        Mnemonic::Cdqe => "cltq".to_string(),
        Mnemonic::Cwd => "cwtd".to_string(),
        Mnemonic::Cdq => "cltd".to_string(),
        Mnemonic::Cqo => "cqto".to_string(),
        Mnemonic::Cmpsd if code.instruction.is_string_instruction() => "cmpsl".to_string(),
        Mnemonic::Lodsd => "lods".to_string(),
        Mnemonic::Lodsb | Mnemonic::Lodsw | Mnemonic::Lodsq => "lods".to_string(),
        Mnemonic::Movsd if code.instruction.is_string_instruction() => "movsl".to_string(),
        Mnemonic::Scasb | Mnemonic::Scasw | Mnemonic::Scasd | Mnemonic::Scasq => "scas".to_string(),
        Mnemonic::Stosb | Mnemonic::Stosw | Mnemonic::Stosd | Mnemonic::Stosq => "stos".to_string(),
        Mnemonic::Insd => "insl".to_string(),
        Mnemonic::Outsd => "outsl".to_string(),
        Mnemonic::Retf => "lret".to_string(),
        Mnemonic::Wait => "fwait".to_string(),
        Mnemonic::Int1 => "icebp".to_string(),
        Mnemonic::Xlatb => return "xlat".to_string(),
        Mnemonic::Pushfd => "pushf".to_string(),
        Mnemonic::Popfd => "popf".to_string(),
        Mnemonic::Pushad => "pusha".to_string(),
        Mnemonic::Popad => "popa".to_string(),
        Mnemonic::Sha256rnds2 => {
            operands.push(Operand::Register(Register::XMM0));
            code.name()
        }
        Mnemonic::Movzx => "movz".to_string(),
        Mnemonic::Movsx => "movs".to_string(),
        Mnemonic::Int3 => {
            operands.clear();
            "int3".to_string()
        }
        Mnemonic::Cmpps | Mnemonic::Cmppd | Mnemonic::Cmpss | Mnemonic::Cmpsd => comparison(code, operands),
        Mnemonic::Pclmulqdq => carryless(operands),
        _ => code.name(),
    };
    base + suffix(code, operands).as_str()
}

/// SSE's comparisons carry the predicate in the mnemonic: `cmpltsd`.
fn comparison(code: &Code<'_>, operands: &mut Vec<Operand>) -> String {
    const PREDICATES: [&str; 8] = ["eq", "lt", "le", "unord", "neq", "nlt", "nle", "ord"];
    let name = code.name();
    let Some(Operand::Immediate(value)) = operands.last().copied() else {
        return name;
    };
    match usize::try_from(value).ok().and_then(|value| PREDICATES.get(value)) {
        Some(predicate) => {
            operands.pop();
            format!("cmp{predicate}{}", &name[3..])
        }
        None => name,
    }
}

fn carryless(operands: &mut Vec<Operand>) -> String {
    let name = match operands.last() {
        Some(Operand::Immediate(0)) => "pclmullqlqdq",
        Some(Operand::Immediate(1)) => "pclmulhqlqdq",
        Some(Operand::Immediate(0x10)) => "pclmullqhqdq",
        Some(Operand::Immediate(0x11)) => "pclmulhqhqdq",
        _ => return "pclmulqdq".to_string(),
    };
    operands.pop();
    name.to_string()
}

fn suffix(code: &Code<'_>, operands: &[Operand]) -> String {
    let mnemonic = code.mnemonic();
    if matches!(mnemonic, Mnemonic::Movzx | Mnemonic::Movsx) {
        return extension(operands);
    }
    let tells_size = |(at, operand): (usize, &Operand)| match operand {
        Operand::Register(register) => {
            let is_count = at == 1 && is_shift(mnemonic);
            let is_pushed_segment =
                register.is_segment_register() && matches!(mnemonic, Mnemonic::Push | Mnemonic::Pop);
            let is_converted =
                register.is_vector_register() && matches!(mnemonic, Mnemonic::Cvtsi2sd | Mnemonic::Cvtsi2ss);
            let is_known = register.is_gpr()
                || register.is_segment_register()
                || register.is_vector_register()
                || register.is_mm()
                || register.is_k();
            is_known && !is_count && !is_pushed_segment && !is_converted && mnemonic != Mnemonic::Crc32
        }
        _ => false,
    };
    if operands.iter().enumerate().any(tells_size) {
        return String::new();
    }
    sized(code, operands).to_string()
}

/// The suffix where no register tells the size.
fn sized(code: &Code<'_>, operands: &[Operand]) -> &'static str {
    let bytes = code.memory_bytes();
    let narrow = code.count_prefix(0x66) > 0;
    match code.mnemonic() {
        Mnemonic::Cmpxchg8b
        | Mnemonic::Fldcw
        | Mnemonic::Fnstcw
        | Mnemonic::Fnstsw
        | Mnemonic::Ldmxcsr
        | Mnemonic::Stmxcsr
        | Mnemonic::Vldmxcsr
        | Mnemonic::Vstmxcsr
        | Mnemonic::Lldt
        | Mnemonic::Lmsw
        | Mnemonic::Ltr
        | Mnemonic::Sldt
        | Mnemonic::Smsw
        | Mnemonic::Str
        | Mnemonic::Verr
        | Mnemonic::Verw => "",
        _ if code.name().starts_with("set") || code.name().starts_with("prefetch") => "",
        _ if code.instruction.is_string_instruction() => "",
        Mnemonic::Call
        | Mnemonic::Jmp
        | Mnemonic::Ret
        | Mnemonic::Retf
        | Mnemonic::Leave
        | Mnemonic::Enter => match code.bits {
            _ if code.opcode() == 0xeb => "",
            64 => "q",
            _ => "",
        },
        Mnemonic::Push | Mnemonic::Pop if narrow => "w",
        Mnemonic::Push | Mnemonic::Pop if code.bits == 64 => "q",
        Mnemonic::Crc32 => match operands.get(1) {
            Some(Operand::Register(register)) => letter(register.size()),
            _ => letter(bytes),
        },
        _ if code.name().starts_with('f') => float_letter(code, bytes),
        _ => letter(bytes),
    }
}

/// MOVZX and MOVSX tell both sizes: `movzbl`.
fn extension(operands: &[Operand]) -> String {
    let size = |operand: Option<&Operand>| match operand {
        Some(Operand::Register(register)) => register.size(),
        Some(Operand::Memory(memory)) => memory.size,
        _ => 0,
    };
    format!("{}{}", letter(size(operands.get(1))), letter(size(operands.first())))
}

fn is_shift(mnemonic: Mnemonic) -> bool {
    matches!(
        mnemonic,
        Mnemonic::Shl
            | Mnemonic::Shr
            | Mnemonic::Sar
            | Mnemonic::Rcl
            | Mnemonic::Rcr
            | Mnemonic::Rol
            | Mnemonic::Ror
    )
}

fn letter(bytes: usize) -> &'static str {
    match bytes {
        1 => "b",
        2 => "w",
        4 => "l",
        8 => "q",
        _ => "",
    }
}

/// The x87's sizes: `s`, `l` and `t` for floating point, `l` and `ll` for integers.
fn float_letter(code: &Code<'_>, bytes: usize) -> &'static str {
    let integer = code.name().starts_with("fi");
    match (bytes, integer) {
        (4, false) => "s",
        (4, true) | (8, false) => "l",
        (8, true) => "ll",
        (10, _) if matches!(code.mnemonic(), Mnemonic::Fld | Mnemonic::Fstp) => "t",
        _ => "",
    }
}

fn argument(code: &Code<'_>, operand: &Operand) -> String {
    match operand {
        Operand::Register(Register::DX) if is_port(code.mnemonic()) => "(%dx)".to_string(),
        Operand::Register(register) => register_name(*register),
        Operand::Immediate(value) => immediate(code, *value),
        Operand::Target(addr) => target(code, *addr),
        Operand::Far(selector, offset) => format!("${selector:#x},${offset:#x}"),
        Operand::Memory(memory) => memory_text(code, memory) + &code.broadcast_text(),
    }
}

fn is_port(mnemonic: Mnemonic) -> bool {
    matches!(
        mnemonic,
        Mnemonic::In
            | Mnemonic::Out
            | Mnemonic::Insb
            | Mnemonic::Insw
            | Mnemonic::Insd
            | Mnemonic::Outsb
            | Mnemonic::Outsw
            | Mnemonic::Outsd
    )
}

fn immediate(code: &Code<'_>, value: i64) -> String {
    match code.immediate_symbol(value) {
        Some((name, offset)) => format!("${name}{offset}"),
        None => number(code, value),
    }
}

fn target(code: &Code<'_>, addr: u64) -> String {
    match code.name_of(addr) {
        Some((name, offset)) => format!("${name}{offset}"),
        None => number(code, addr.cast_signed()),
    }
}

fn number(code: &Code<'_>, value: i64) -> String {
    if code.bits == 32 { format!("${:#x}", value as u32) } else { format!("${}", signed(value)) }
}

fn register_name(register: Register) -> String {
    let name = lower_case_name(register);
    match name.strip_prefix("st") {
        Some("0") => "%st".to_string(),
        Some(number) => format!("%st({number})"),
        None => format!("%{name}"),
    }
}

fn memory_text(code: &Code<'_>, memory: &Memory) -> String {
    if let Some(symbol) = code.memory_symbol(memory) {
        return symbol;
    }
    let mut text = String::new();
    if memory.segment != Register::None {
        text.push_str(&register_name(memory.segment));
        text.push(':');
    }
    if memory.displacement != 0 {
        text.push_str(&signed(memory.displacement));
    }
    if memory.base == Register::None && memory.index == Register::None {
        return text;
    }
    text.push('(');
    if memory.base != Register::None {
        text.push_str(&register_name(memory.base));
    }
    if memory.index != Register::None {
        text.push_str(&format!(",{},{}", register_name(memory.index), memory.scale));
    } else if memory.base == Register::R12 {
        // R12 cannot be encoded without an index byte, and the text says so.
        text.push_str(",%riz,1");
    }
    text.push(')');
    text
}
