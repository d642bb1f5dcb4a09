//! The Go assembler's flavour, as `armasm.GoSyntax` and so `go tool objdump` write it.

use super::super::Symbolizer;
use super::Decoded;
use super::operand::{Added, LR, Mode, Operand, PC, SP, Shift};
use super::tables::Op;

pub(super) fn text(decoded: &Decoded, addr: u64, symbol: Symbolizer<'_>) -> String {
    let condition = decoded.condition_suffix();
    if let (
        Op::Ldr,
        [
            Operand::Register(PC),
            Operand::Memory { base: SP, mode: Mode::PostIndex, added: Added::Bytes(bytes) },
        ],
    ) = (decoded.op, decoded.operands.as_slice())
    {
        return format!("RET{condition} #{bytes}");
    }
    let mut args: Vec<String> =
        decoded.operands.iter().map(|operand| argument(operand, addr, symbol)).collect();
    let mut suffix = String::new();
    if let Some(at) = addressed(decoded.op)
        && let Some(Operand::Memory { base, mode, added }) = decoded.operands.get(at)
    {
        (args[at], suffix) = go_address(*base, *mode, *added);
    }
    args.reverse();
    reorder(decoded.op, &mut args);
    let (stem, types) = decoded.name();
    let name = match float_name(decoded) {
        Some(name) => {
            float_arguments(decoded, &mut args);
            format!("{name}{condition}")
        }
        None => match move_name(decoded.op) {
            Some(name) => format!("{name}{condition}"),
            None => format!("{stem}{condition}{types}"),
        },
    };
    if matches!(decoded.op, Op::Str | Op::Strb | Op::Strh | Op::Vstr) {
        args.swap(0, 1);
    }
    match args.as_slice() {
        [] => format!("{name}{suffix}"),
        args => format!("{name}{suffix} {}", args.join(", ")),
    }
}

/// Which operand is an address in Go's way of writing one.
fn addressed(op: Op) -> Option<usize> {
    match op {
        Op::Pld | Op::Pli | Op::PldW => Some(0),
        Op::Ldr
        | Op::Ldrb
        | Op::Ldrsb
        | Op::Ldrh
        | Op::Ldrsh
        | Op::Str
        | Op::Strb
        | Op::Strh
        | Op::Vldr
        | Op::Vstr
        | Op::Ldrex
        | Op::Ldrexh
        | Op::Ldrexb => Some(1),
        Op::Swp | Op::SwpB | Op::Strex | Op::Strexb | Op::Strexh => Some(2),
        _ => None,
    }
}

/// Base and displacement, and what the mode adds to the name: `.W` and `.P` for changing the base before and after,
/// `.U` for an index that is taken away.
fn go_address(base: u8, mode: Mode, added: Added) -> (String, String) {
    let mut suffix = match mode {
        Mode::Offset => "",
        Mode::PreIndex => ".W",
        Mode::PostIndex => ".P",
    }
    .to_owned();
    let text = match added {
        Added::Bytes(0) => format!("(R{base})"),
        Added::Bytes(bytes @ ..0) => format!("-{:#x}(R{base})", bytes.unsigned_abs()),
        Added::Bytes(bytes) => format!("{bytes:#x}(R{base})"),
        Added::Index { register, negative, shift, amount } => {
            if negative {
                suffix += ".U";
            }
            let shift = if amount == 0 { String::new() } else { format!("{}{amount}", sign(shift)) };
            format!("(R{base})(R{register}{shift})")
        }
    };
    (text, suffix)
}

/// From the manual's order turned round to Go's.
fn reorder(op: Op, args: &mut [String]) {
    match (op, args) {
        // The number that is added comes third.
        (
            Op::Smlawt
            | Op::Smlawb
            | Op::Mla
            | Op::MlaS
            | Op::Mls
            | Op::Smmla
            | Op::Smmls
            | Op::Smlabb
            | Op::Smlatb
            | Op::Smlabt
            | Op::Smlatt
            | Op::Smlad
            | Op::SmladX
            | Op::Smlsd
            | Op::SmlsdX,
            [added, first, second, _],
        ) => {
            std::mem::swap(added, first);
            std::mem::swap(first, second);
        }
        (Op::Strex | Op::Strexb | Op::Strexh | Op::Swp | Op::SwpB, [memory, value, _]) => {
            std::mem::swap(memory, value);
        }
        _ => {}
    }
}

/// What Go calls loads, stores and moves, which are all moves.
fn move_name(op: Op) -> Option<&'static str> {
    Some(match op {
        Op::Mov | Op::Ldr | Op::Str | Op::Msr | Op::Mrs | Op::Vmrs | Op::Vmsr => "MOVW",
        Op::Ldrb | Op::Uxtb => "MOVBU",
        Op::Ldrsb | Op::Sxtb => "MOVBS",
        Op::Ldrh | Op::Uxth => "MOVHU",
        Op::Ldrsh | Op::Sxth => "MOVHS",
        Op::Strb => "MOVB",
        Op::Strh => "MOVH",
        _ => return None,
    })
}

fn float_name(decoded: &Decoded) -> Option<&'static str> {
    Some(match decoded.op {
        Op::VaddF32 => "ADDF",
        Op::VaddF64 => "ADDD",
        Op::VsubF32 => "SUBF",
        Op::VsubF64 => "SUBD",
        Op::VmulF32 => "MULF",
        Op::VmulF64 => "MULD",
        Op::VnmulF32 => "NMULF",
        Op::VnmulF64 => "NMULD",
        Op::VmlaF32 => "MULAF",
        Op::VmlaF64 => "MULAD",
        Op::VmlsF32 => "MULSF",
        Op::VmlsF64 => "MULSD",
        Op::VnmlaF32 => "NMULAF",
        Op::VnmlaF64 => "NMULAD",
        Op::VnmlsF32 => "NMULSF",
        Op::VnmlsF64 => "NMULSD",
        Op::VdivF32 => "DIVF",
        Op::VdivF64 => "DIVD",
        Op::VnegF32 => "NEGF",
        Op::VnegF64 => "NEGD",
        Op::VabsF32 => "ABSF",
        Op::VabsF64 => "ABSD",
        Op::VsqrtF32 => "SQRTF",
        Op::VsqrtF64 => "SQRTD",
        Op::VcmpF32 | Op::VcmpEF32 => "CMPF",
        Op::VcmpF64 | Op::VcmpEF64 => "CMPD",
        Op::Vldr | Op::Vstr => match decoded.operands.first() {
            Some(Operand::Double(_)) => "MOVD",
            _ => "MOVF",
        },
        Op::VmovF32 => "MOVF",
        Op::VmovF64 => "MOVD",
        Op::Vmov32 | Op::Vmov => "MOVW",
        Op::VcvtF64F32 => "MOVFD",
        Op::VcvtF32F64 => "MOVDF",
        Op::VcvtF32U32 => "MOVWF.U",
        Op::VcvtF32S32 => "MOVWF",
        Op::VcvtS32F32 => "MOVFW",
        Op::VcvtU32F32 => "MOVFW.U",
        Op::VcvtF64U32 => "MOVWD.U",
        Op::VcvtF64S32 => "MOVWD",
        Op::VcvtS32F64 => "MOVDW",
        Op::VcvtU32F64 => "MOVDW.U",
        _ => return None,
    })
}

/// Go's assembler has only the registers `F0` to `F15`: doubles, and singles with an even number.
fn float_arguments(decoded: &Decoded, args: &mut [String]) {
    for (operand, arg) in decoded.operands.iter().zip(args.iter_mut().rev()) {
        match *operand {
            Operand::Double(number) | Operand::Half(number, 0) => *arg = format!("F{number}"),
            Operand::Single(number) if number % 2 == 0 => *arg = format!("F{}", number / 2),
            _ => {}
        }
    }
}

fn argument(operand: &Operand, addr: u64, symbol: Symbolizer<'_>) -> String {
    match *operand {
        Operand::Register(number) => format!("R{number}"),
        Operand::Flags => "APSR".to_owned(),
        Operand::FlagsOfFloat => "APSR_NZCV".to_owned(),
        Operand::FloatFlags => "FPSCR".to_owned(),
        Operand::Single(number) => format!("S{number}"),
        Operand::Double(number) => format!("D{number}"),
        Operand::Half(number, half) => format!("D{number}[{half}]"),
        Operand::Number(value) => format!("${value}"),
        Operand::Rotated { value, by } => format!("#0X{value:X}, {by}"),
        Operand::BigEndian(true) => "BE".to_owned(),
        Operand::BigEndian(false) => "LE".to_owned(),
        Operand::Relative(offset) => {
            let target = Decoded::target(addr, offset);
            match symbol(target) {
                Some((name, 0)) => format!("{name}(SB)"),
                _ => format!("{target:#x}"),
            }
        }
        Operand::Shifted { register, shift, amount } => format!("R{register}{}${amount}", sign(shift)),
        Operand::ShiftedByRegister { register, shift, by } => format!("R{register}{}R{by}", sign(shift)),
        Operand::Memory { base, mode, added } => manual_address(base, mode, added),
        Operand::Multiple { base, write_back } => {
            format!("{}{}", manual_register(base), if write_back { "!" } else { "" })
        }
        Operand::Registers(set) => registers(set),
    }
}

/// An address of an instruction that Go has no way of its own to write one for.
fn manual_address(base: u8, mode: Mode, added: Added) -> String {
    let base = manual_register(base);
    let added = match added {
        Added::Bytes(0) if mode == Mode::Offset => return format!("[{base}]"),
        Added::Bytes(bytes) => format!("#{bytes}"),
        Added::Index { register, negative, shift, amount } => {
            let sign = if negative { "-" } else { "+" };
            let index = manual_register(register);
            match (shift, amount) {
                (Shift::Lsl, 0) => format!("{sign}{index}"),
                _ => format!("{sign}{index}, {} #{amount}", shift.name()),
            }
        }
    };
    match mode {
        Mode::Offset => format!("[{base}, {added}]"),
        Mode::PreIndex => format!("[{base}, {added}]!"),
        Mode::PostIndex => format!("[{base}], {added}"),
    }
}

fn manual_register(number: u8) -> String {
    match number {
        SP => "SP".to_owned(),
        LR => "LR".to_owned(),
        PC => "PC".to_owned(),
        _ => format!("R{number}"),
    }
}

fn sign(shift: Shift) -> &'static str {
    match shift {
        Shift::Lsl => "<<",
        Shift::Lsr => ">>",
        Shift::Asr => "->",
        Shift::Ror => "@>",
        Shift::Rrx => "@x>",
    }
}

/// A set of registers, with ranges.
fn registers(set: u32) -> String {
    let mut ranges: Vec<(u32, u32)> = Vec::new();
    for at in (0..16).filter(|at| set >> at & 1 == 1) {
        match ranges.last_mut() {
            Some((_, last)) if *last + 1 == at => *last = at,
            _ => ranges.push((at, at)),
        }
    }
    let texts = ranges.iter().map(|(first, last)| match first == last {
        true => format!("R{first}"),
        false => format!("R{first}-R{last}"),
    });
    format!("[{}]", texts.collect::<Vec<_>>().join(","))
}
