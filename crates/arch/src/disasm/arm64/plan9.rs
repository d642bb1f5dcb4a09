//! The Go assembler's flavour, as `arm64asm.GoSyntax` and so `go tool objdump` write it.

use super::super::Symbolizer;
use super::Decoded;
use super::field::{Bank, Mode};
use super::gnu::prefetch;
use super::operand::{Extend, Filling, Operand, Register};
use super::tables::Op;

/// Opcodes that have no `W` for working on 32 bits, and no `V` for vectors.
const BARE: [&str; 29] = [
    "AESD",
    "AESE",
    "AESIMC",
    "AESMC",
    "CRC32B",
    "CRC32CB",
    "CRC32CH",
    "CRC32CW",
    "CRC32CX",
    "CRC32H",
    "CRC32W",
    "CRC32X",
    "LDARB",
    "LDARH",
    "LDAXRB",
    "LDAXRH",
    "LDTRH",
    "LDXRB",
    "LDXRH",
    "SHA1C",
    "SHA1H",
    "SHA1M",
    "SHA1P",
    "SHA1SU0",
    "SHA1SU1",
    "SHA256H",
    "SHA256H2",
    "SHA256SU0",
    "SHA256SU1",
];

pub(super) fn text(decoded: &Decoded, addr: u64, symbol: Symbolizer<'_>) -> String {
    let operands = decoded.operands();
    let args = operands.iter().map(|operand| argument(decoded, operand, addr, symbol)).collect();
    let mut line = Line { name: decoded.name().to_owned(), args, suffix: suffix(operands) };
    if let Some(text) = branch(decoded, &line) {
        return text;
    }
    if let Some(text) = pair(decoded, &line) {
        return text;
    }
    let known = moves(decoded, &mut line, addr, symbol)
        || memory(decoded, &mut line)
        || integer(decoded, &mut line)
        || float(decoded, &mut line)
        || system(decoded, &mut line);
    if !known {
        general(decoded, &mut line);
    }
    if let Some(Operand::Condition(_)) = operands.get(3) {
        match operands.get(2) {
            Some(Operand::Register(_)) => line.args.swap(1, 2),
            _ => line.args.swap(0, 2),
        }
    }
    line.args.reverse();
    match line.args.as_slice() {
        [] => line.name,
        args => format!("{} {}", line.name, args.join(", ")),
    }
}

/// A name with its arguments in the manual's order, on the way to a text.
struct Line {
    name: String,
    args: Vec<String>,
    /// The mode of addressing, which is a part of Go's names.
    suffix: &'static str,
}

impl Line {
    fn rename(&mut self, name: &str) {
        self.name = format!("{name}{}", self.suffix);
    }

    /// Adds `W` where the operand is a register of 32 bits.
    fn add_w(&mut self, operand: Option<&Operand>) {
        if matches!(bank(operand), Some(Bank::W)) {
            self.name += "W";
        }
    }

    /// Adds the letter of a floating-point register.
    fn add_float(&mut self, operand: Option<&Operand>) -> bool {
        match bank(operand) {
            Some(Bank::S) => self.name += "S",
            Some(Bank::D) => self.name += "D",
            _ => return false,
        }
        true
    }
}

/// The bank of a register that is an operand as a whole.
fn bank(operand: Option<&Operand>) -> Option<Bank> {
    match operand {
        Some(Operand::Register(register)) => Some(register.bank),
        _ => None,
    }
}

/// The same, the stack pointer among them.
fn bank_or_stack(operand: Option<&Operand>) -> Option<Bank> {
    match operand {
        Some(Operand::Register(register) | Operand::StackRegister(register)) => Some(register.bank),
        _ => None,
    }
}

fn suffix(operands: &[Operand]) -> &'static str {
    operands
        .iter()
        .find_map(|operand| match operand {
            Operand::Memory { mode: Mode::PreIndex, .. } => Some(".W"),
            Operand::Memory { mode: Mode::PostIndex, .. } | Operand::MemoryByRegister { .. } => Some(".P"),
            _ => None,
        })
        .unwrap_or("")
}

fn branch(decoded: &Decoded, line: &Line) -> Option<String> {
    let register = || match decoded.operands().first() {
        Some(Operand::Register(register)) => Some(format!("(R{})", register.number)),
        _ => None,
    };
    Some(match (decoded.op, decoded.operands()) {
        (Op::Bl, _) => format!("CALL {}", line.args.first()?),
        (Op::Blr, _) => format!("CALL {}", register()?),
        (Op::Br, _) => format!("JMP {}", register()?),
        (Op::Ret, [Operand::Register(Register { number: 30, .. })]) => "RET".to_owned(),
        (Op::B, [Operand::Condition(name), _]) => format!("B{name} {}", line.args.get(1)?),
        (Op::B, _) => format!("JMP {}", line.args.first()?),
        _ => return None,
    })
}

/// Loads and stores of two registers, which stand in parentheses.
fn pair(decoded: &Decoded, line: &Line) -> Option<String> {
    let (operands, args) = (decoded.operands(), &line.args);
    let name = decoded.name();
    let two = |first: usize| Some(format!("({}, {})", args.get(first)?, args.get(first + 1)?));
    let w = |at| if bank(operands.get(at)) == Some(Bank::W) { "W" } else { "" };
    Some(match decoded.op {
        Op::Ldaxp | Op::Ldxp => format!("{name}{} {}, {}", w(0), args.get(2)?, two(0)?),
        Op::Stlxp | Op::Stxp => format!("{name}{} {}, {}, {}", w(1), two(1)?, args.get(3)?, args.first()?),
        Op::Stp | Op::Ldp => {
            let (before, after) = match bank_or_stack(operands.first()) {
                Some(Bank::W) => ("", "W"),
                Some(Bank::S) => ("F", "S"),
                Some(Bank::D) => ("F", "D"),
                Some(Bank::Q) => ("F", "Q"),
                _ => ("", ""),
            };
            let suffix = line.suffix;
            match decoded.op {
                Op::Stp => format!("{before}STP{after}{suffix} {}, {}", two(0)?, args.get(2)?),
                _ => format!("{before}LDP{after}{suffix} {}, {}", args.get(2)?, two(0)?),
            }
        }
        _ => return None,
    })
}

/// Loads, stores and moves between registers, all of which Go calls moves.
fn moves(decoded: &Decoded, line: &mut Line, addr: u64, symbol: Symbolizer<'_>) -> bool {
    let operands = decoded.operands();
    let is_word = bank(operands.first()) == Some(Bank::W);
    match decoded.op {
        Op::Ldr | Op::Ldrb | Op::Ldrh | Op::Ldrsb | Op::Ldrsh | Op::Ldrsw => {
            load_by_name(operands, line, addr, symbol);
        }
        _ => {}
    }
    match decoded.op {
        Op::Mov => {
            let lane = matches!(operands.get(1), Some(Operand::Element { .. }));
            match (lane, operands.first()) {
                (true, _) | (_, Some(Operand::Vector { .. } | Operand::Element { .. })) => {
                    line.name = "VMOV".into();
                }
                (_, first) => match bank_or_stack(first) {
                    Some(Bank::W) => line.name = "MOVW".into(),
                    Some(Bank::X) => line.name = "MOVD".into(),
                    _ => {}
                },
            }
        }
        Op::Ldr | Op::Ldur => whole(operands, line, "MOVWU"),
        Op::Str | Op::Stur => {
            whole(operands, line, "MOVW");
            line.args.swap(0, 1);
        }
        Op::Ldrb => line.rename("MOVBU"),
        Op::Ldrh => line.rename("MOVHU"),
        Op::Ldrsw => line.rename("MOVW"),
        Op::Ldrsb => line.rename(if is_word { "MOVBW" } else { "MOVB" }),
        Op::Ldrsh => line.rename(if is_word { "MOVHW" } else { "MOVH" }),
        Op::Strb | Op::Sturb => {
            line.rename("MOVB");
            line.args.swap(0, 1);
        }
        Op::Strh | Op::Sturh => {
            line.rename("MOVH");
            line.args.swap(0, 1);
        }
        _ => return false,
    }
    true
}

/// A load from where something with a name begins.
fn load_by_name(operands: &[Operand], line: &mut Line, addr: u64, symbol: Symbolizer<'_>) {
    if let [Operand::Register(_), Operand::Relative(offset)] = operands
        && let Some((name, 0)) = symbol(addr.wrapping_add_signed(*offset))
    {
        line.args[1] = format!("${name}(SB)");
    }
}

/// A load or store of a whole register.
fn whole(operands: &[Operand], line: &mut Line, word: &str) {
    let Some(Operand::Register(register) | Operand::StackRegister(register)) = operands.first() else {
        return;
    };
    match register.bank {
        Bank::W => line.rename(word),
        Bank::X => line.rename("MOVD"),
        bank => {
            line.rename(&format!("FMOV{}", bank.letter()));
            line.args[0] = format!("F{}", register.number);
        }
    }
}

/// Loads and stores with other names of their own.
fn memory(decoded: &Decoded, line: &mut Line) -> bool {
    let operands = decoded.operands();
    match decoded.op {
        Op::Stlr => {
            line.add_w(operands.first());
            line.args.swap(0, 1);
        }
        Op::Stlrb | Op::Stlrh => line.args.swap(0, 1),
        Op::Stlxr | Op::Stxr => {
            line.add_w(operands.get(1));
            line.args.swap(1, 2);
        }
        Op::Stlxrb | Op::Stlxrh | Op::Stxrb | Op::Stxrh => line.args.swap(1, 2),
        Op::St1 => {
            line.rename("VST1");
            line.args.swap(0, 1);
        }
        Op::Ld1 => line.rename("VLD1"),
        _ => return false,
    }
    true
}

fn integer(decoded: &Decoded, line: &mut Line) -> bool {
    let operands = decoded.operands();
    match decoded.op {
        Op::Tbnz | Op::Tbz => line.args.rotate_right(1),
        Op::Madd | Op::Msub | Op::Smaddl | Op::Smsubl | Op::Umaddl | Op::Umsubl => {
            line.add_w(operands.first());
            line.args.swap(2, 3);
        }
        Op::Bfi | Op::Bfxil | Op::Sbfiz | Op::Sbfx | Op::Ubfiz | Op::Ubfx => {
            line.add_w(operands.first());
            line.args[1..4].rotate_right(1);
        }
        Op::Cbnz | Op::Cbz => {
            line.add_w(operands.first());
            line.args.swap(0, 1);
        }
        Op::Adr | Op::Adrp => {
            if let Some(Operand::Relative(offset)) = operands.get(1) {
                line.args[1] = format!("{offset}(PC)");
            }
        }
        Op::Umov => line.name = "VMOV".into(),
        _ => return false,
    }
    true
}

fn float(decoded: &Decoded, line: &mut Line) -> bool {
    let operands = decoded.operands();
    match decoded.op {
        Op::Fccmp | Op::Fccmpe | Op::Fcmp | Op::Fcmpe => {
            if matches!(decoded.op, Op::Fccmp | Op::Fccmpe) {
                line.args.swap(0, 1);
            }
            if matches!(operands.get(1), Some(Operand::Number { wide: false, .. })) {
                line.args[1] = "$(0.0)".into();
            }
            line.add_float(operands.first());
        }
        Op::Fmadd | Op::Fmsub | Op::Fnmadd | Op::Fnmsub => {
            line.args.swap(2, 3);
            line.add_float(operands.first());
        }
        Op::Fadd
        | Op::Fsub
        | Op::Fmul
        | Op::Fnmul
        | Op::Fdiv
        | Op::Fmax
        | Op::Fmin
        | Op::Fmaxnm
        | Op::Fminnm
        | Op::Fcsel => {
            line.add_float(operands.first());
        }
        Op::Fcvt => {
            for at in [1, 0] {
                match bank(operands.get(at)) {
                    Some(Bank::H) => line.name += "H",
                    _ => _ = line.add_float(operands.get(at)),
                }
            }
        }
        Op::Fabs
        | Op::Fneg
        | Op::Fsqrt
        | Op::Frintn
        | Op::Frintp
        | Op::Frintm
        | Op::Frintz
        | Op::Frinta
        | Op::Frintx
        | Op::Frinti => {
            line.add_float(operands.get(1));
        }
        Op::Fcvtzs | Op::Fcvtzu | Op::Scvtf | Op::Ucvtf => {
            let has_fraction = matches!(operands.get(2), Some(Operand::Number { wide: false, .. }));
            for at in [1, 0].into_iter().filter(|_| !has_fraction) {
                line.add_float(operands.get(at));
                line.add_w(operands.get(at));
            }
        }
        Op::Fmov => {
            _ = line.add_float(operands.first()) || line.add_float(operands.get(1));
        }
        _ => return false,
    }
    true
}

fn system(decoded: &Decoded, line: &mut Line) -> bool {
    match (decoded.op, decoded.operands()) {
        (Op::Sysl, [_, rest @ ..]) => {
            let field = |at: usize| match rest.get(at) {
                Some(Operand::Number { value, .. }) => *value,
                Some(Operand::Control(number)) => u64::from(*number),
                _ => 0,
            };
            let number = field(0) << 16 | field(1) << 12 | field(2) << 8 | field(3) << 5;
            line.args.truncate(1);
            line.args.push(format!("${number}"));
        }
        (Op::Msr, [Operand::ProcessorState(name), ..]) => line.args[0] = (*name).to_owned(),
        (Op::Msr, [Operand::SystemRegister { op0, op1, crn, crm, op2 }, ..]) => {
            line.args[0] = format!("S{op0}_{op1}_C{crn}_C{crm}_{op2}");
        }
        (Op::Nop, _) => line.name = "NOOP".into(),
        _ => return false,
    }
    true
}

/// What has no rule of its own: `V` before vector instructions, `W` after those of 32 bits.
fn general(decoded: &Decoded, line: &mut Line) {
    if BARE.binary_search(&decoded.name()).is_err() {
        match decoded.operands().first() {
            Some(Operand::Vector { .. }) => line.name.insert(0, 'V'),
            first => match bank_or_stack(first) {
                Some(Bank::W) => line.name += "W",
                Some(Bank::X) | None => {}
                Some(_) if line.name.starts_with('F') => {}
                Some(_) => line.name.insert(0, 'V'),
            },
        }
    }
    line.name += line.suffix;
}

fn argument(decoded: &Decoded, operand: &Operand, addr: u64, symbol: Symbolizer<'_>) -> String {
    match *operand {
        Operand::Register(register) => match register.bank {
            Bank::W | Bank::X => general_register(register),
            _ if is_float(decoded) => format!("F{}", register.number),
            _ => format!("V{}", register.number),
        },
        Operand::StackRegister(Register { number: 31, .. }) => "RSP".to_owned(),
        Operand::StackRegister(register) => format!("R{}", register.number),
        Operand::Vector { number, arrangement, count } => {
            let (elements, size) = arrangement.parts();
            list(number, &format!("{}{elements}", size.letter()), count, count > 0)
        }
        Operand::Element { number, size, index, count } => {
            format!("{}[{index}]", list(number, &size.letter().to_string(), count, count > 1))
        }
        Operand::Shifted { register, shift, amount } => shifted(register, shift, amount),
        Operand::Extended { register, extend, amount } => shifted(register, extend, amount),
        Operand::Memory { base, displacement: 0, .. } => self::base(base),
        Operand::Memory { base, displacement, .. } => format!("{displacement}{}", self::base(base)),
        Operand::MemoryByRegister { base, register } => format!("{}(R{register})", self::base(base)),
        Operand::Indexed { base, index, extend, amount, is_byte } => {
            let index = general_register(index);
            let index = match (extend, amount) {
                (Extend::Lsl, 0) => index,
                (Extend::Lsl, _) if is_byte => format!("{index}<<0"),
                (Extend::Lsl, _) => format!("{index}<<{amount}"),
                (_, 1..) if !is_byte => format!("{index}.{}<<{amount}", extend.name()),
                _ => format!("{index}.{}", extend.name()),
            };
            format!("{}({index})", self::base(base))
        }
        Operand::Number { value, wide: true, .. } => format!("${}", value.cast_signed()),
        Operand::Number { value, .. } => format!("${value}"),
        Operand::Optional { value, .. } => format!("${value}"),
        Operand::ShiftedNumber { value, amount: 0, .. } => format!("${value}"),
        Operand::ShiftedNumber { value, amount, filling } => {
            // The mark that x/arch keeps in the amount comes out in its text.
            let amount = if filling == Filling::Ones { amount + 128 } else { amount };
            format!("$({value}<<{amount})")
        }
        Operand::Float(value) => format!("${}", format!("{value:.6}").trim_end_matches('0')),
        Operand::Relative(offset) => match symbol(addr.wrapping_add_signed(offset)) {
            Some((name, 0)) => format!("{name}(SB)"),
            _ => format!("{}(PC)", offset / 4),
        },
        Operand::Condition("CS") => "HS".to_owned(),
        Operand::Condition("CC") => "LO".to_owned(),
        Operand::Condition(name) => name.to_owned(),
        Operand::Control(number) => format!("C{number}"),
        Operand::Barrier(option) => format!("${option}"),
        Operand::Prefetch(operation) => prefetch(operation).unwrap_or_else(|| format!("${operation}")),
        Operand::ProcessorState(name) => name.to_ascii_uppercase(),
        Operand::SystemRegister { op0, op1, crn, crm, op2 } => {
            format!("${}", (op0 & 1) << 14 | op1 << 11 | crn << 7 | crm << 3 | op2)
        }
        Operand::Operation { operation, register } => match register {
            Some(number) => {
                format!("{}, {}", operation.name, general_register(Register { bank: Bank::X, number }))
            }
            None => operation.name.to_owned(),
        },
    }
}

/// Whether registers are named as floating-point ones rather than as vectors.
fn is_float(decoded: &Decoded) -> bool {
    let name = decoded.name();
    name.starts_with('F') || name.ends_with("CVTF") || matches!(decoded.op, Op::Ldp | Op::Stp)
}

fn general_register(register: Register) -> String {
    if register.number == 31 { "ZR".to_owned() } else { format!("R{}", register.number) }
}

fn base(number: u8) -> String {
    if number == 31 { "(RSP)".to_owned() } else { format!("(R{number})") }
}

fn list(first: u8, elements: &str, count: u8, brackets: bool) -> String {
    let one = |at: u8| format!("V{}.{elements}", (first + at) % 32);
    if !brackets {
        return one(0);
    }
    format!("[{}]", (0..count).map(one).collect::<Vec<_>>().join(", "))
}

fn shifted(register: Register, extend: Extend, amount: u8) -> String {
    let register = general_register(register);
    match extend {
        Extend::None => register,
        Extend::Lsl => format!("{register}<<{amount}"),
        Extend::Lsr => format!("{register}>>{amount}"),
        Extend::Asr => format!("{register}->{amount}"),
        Extend::Ror => format!("{register}@>{amount}"),
        _ if amount == 0 => format!("{register}.{}", extend.name()),
        _ => format!("{register}.{}<<{amount}", extend.name()),
    }
}
