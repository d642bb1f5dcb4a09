//! The Go assembler's flavour, as `loong64asm.GoSyntax` and so `go tool objdump` write it.

use super::super::Symbolizer;
use super::Decoded;
use super::operand::{Operand, sign_extend};
use super::tables::Op;

pub(super) fn text(decoded: &Decoded, addr: u64, symbol: Symbolizer<'_>) -> String {
    let name = match decoded.go_name() {
        Some(name) => name.to_string(),
        None => format!("Unknown {}", decoded.name().to_ascii_uppercase()),
    };
    let args: Vec<String> =
        decoded.operands.iter().map(|operand| argument(decoded, operand, addr, symbol)).collect();
    let line = Line { name, args };
    match decoded.op {
        Op::BstrpickW | Op::BstrpickD | Op::BstrinsW | Op::BstrinsD => bit_string(decoded, line),
        Op::Bcnez | Op::Bceqz => Line { args: line.args[1..].to_vec(), ..line }.joined(),
        Op::Beq | Op::Bne | Op::Blt | Op::Bltu | Op::Bge | Op::Bgeu => branch(decoded, line),
        Op::Beqz | Op::Bnez => line.joined(),
        Op::Jirl => indirect_jump(decoded),
        _ if is_indexed(decoded.op) => line.indexed(is_load(decoded)),
        _ if is_load_or_store(decoded.op) => line.with_offset(decoded, is_load(decoded)),
        _ if is_atomic(decoded) => {
            format!("{} {}, ({}), {}", line.name, line.args[1], line.args[2], line.args[0])
        }
        _ => arithmetic(decoded, line),
    }
}

/// A name with its arguments, on the way to a text.
struct Line {
    name: String,
    args: Vec<String>,
}

impl Line {
    fn joined(self) -> String {
        format!("{} {}", self.name, self.args.join(", "))
    }

    fn indexed(self, is_load: bool) -> String {
        let Line { name, args } = self;
        match is_load {
            true => format!("{name} ({})({}), {}", args[1], args[2], args[0]),
            false => format!("{name} {}, ({})({})", args[0], args[1], args[2]),
        }
    }

    fn with_offset(self, decoded: &Decoded, is_load: bool) -> String {
        let Line { name, args } = self;
        let offset = match decoded.operands[2] {
            Operand::Signed(offset) => offset,
            Operand::Scaled(offset) => low_14_bits(offset) >> 2,
            _ => 0,
        };
        match is_load {
            true => format!("{name} {offset}({}), {}", args[1], args[0]),
            false => format!("{name} {}, {offset}({})", args[0], args[1]),
        }
    }
}

fn argument(decoded: &Decoded, operand: &Operand, addr: u64, symbol: Symbolizer<'_>) -> String {
    match *operand {
        Operand::General(register) => format!("R{register}"),
        Operand::Float(register) => format!("F{register}"),
        Operand::Control(register) => format!("FCSR{register}"),
        Operand::Condition(flag) => format!("FCC{flag}"),
        Operand::Unsigned(value) => format!("${value}"),
        Operand::Signed(value) => format!("${value}"),
        Operand::Scaled(value) => format!("${}", low_14_bits(value)),
        Operand::Offset(offset) => {
            let target = addr.wrapping_add_signed(offset.into());
            match symbol(target) {
                Some((name, 0)) if matches!(decoded.op, Op::B | Op::Bl) => format!("{name}(SB)"),
                _ => format!("{}(PC)", offset >> 2),
            }
        }
    }
}

/// What x/arch leaves of an offset that is a multiple of four.
fn low_14_bits(value: i32) -> i32 {
    sign_extend(value.cast_unsigned() & 0x3fff, 14)
}

fn bit_string(decoded: &Decoded, mut line: Line) -> String {
    let bounds = &decoded.operands[2..];
    if decoded.op == Op::BstrpickD && bounds == [Operand::Unsigned(15), Operand::Unsigned(0)] {
        return format!("MOVHU {}, {}", line.args[1], line.args[0]);
    }
    // Highest bit, source, lowest bit, destination.
    line.args.swap(0, 2);
    line.args.swap(2, 3);
    line.joined()
}

/// Comparing branches; comparisons with zero or with the same register have names of their own.
fn branch(decoded: &Decoded, mut line: Line) -> String {
    let (zero_first, zero_second) = (decoded.is_register(0, 0), decoded.is_register(1, 0));
    let is_always = matches!(decoded.op, Op::Beq | Op::Bge | Op::Bgeu);
    if is_always && decoded.operands[0] == decoded.operands[1] {
        return format!("JMP {}", line.args[2]);
    }
    if zero_first {
        match decoded.op {
            Op::Bge => line.name = "BLEZ".to_string(),
            Op::Blt => line.name = "BGTZ".to_string(),
            _ => {}
        }
        line.args.remove(0);
    } else if zero_second {
        if matches!(decoded.op, Op::Blt | Op::Bge) {
            line.name.push('Z');
        }
        line.args.remove(1);
    }
    line.joined()
}

fn indirect_jump(decoded: &Decoded) -> String {
    let &[Operand::General(link), Operand::General(base), Operand::Offset(offset)] = &decoded.operands[..]
    else {
        return "?".to_string();
    };
    match (link, base, offset) {
        (0, 1, 0) => "RET".to_string(),
        (0, _, 0) => format!("JMP (R{base})"),
        (0, _, _) => format!("JMP {offset}(R{base})"),
        _ => format!("CALL (R{base})"),
    }
}

fn is_indexed(op: Op) -> bool {
    matches!(
        op,
        Op::LdxB
            | Op::LdxH
            | Op::LdxW
            | Op::LdxD
            | Op::LdxBu
            | Op::LdxHu
            | Op::LdxWu
            | Op::FldxS
            | Op::FldxD
            | Op::StxB
            | Op::StxH
            | Op::StxW
            | Op::StxD
            | Op::FstxS
            | Op::FstxD
    )
}

fn is_load_or_store(op: Op) -> bool {
    matches!(
        op,
        Op::LdB
            | Op::LdH
            | Op::LdW
            | Op::LdD
            | Op::LdBu
            | Op::LdHu
            | Op::LdWu
            | Op::LlW
            | Op::LlD
            | Op::StB
            | Op::StH
            | Op::StW
            | Op::StD
            | Op::ScW
            | Op::ScD
            | Op::FldS
            | Op::FldD
            | Op::FstS
            | Op::FstD
    )
}

fn is_load(decoded: &Decoded) -> bool {
    decoded.name().starts_with('l') || decoded.name().starts_with("fl")
}

fn is_atomic(decoded: &Decoded) -> bool {
    decoded.name().starts_with("am")
}

/// Everything else: the operands turned around, so that the destination is last, and named once if it is also
/// the first source.
fn arithmetic(decoded: &Decoded, mut line: Line) -> String {
    line.args.reverse();
    match line.args.len() {
        0 | 1 if !matches!(decoded.op, Op::B | Op::Bl) => return line.name,
        3 => {
            let is_zero = |at| decoded.is_register(at, 0);
            let is_register = matches!(decoded.operands[0], Operand::General(_) | Operand::Float(_));
            if is_register && decoded.operands[0] == decoded.operands[1] && !is_zero(0) {
                line.args.truncate(2);
            }
            match decoded.op {
                Op::SubW | Op::SubD | Op::AddiW | Op::AddiD | Op::Ori if is_zero(1) => {
                    line.args.remove(1);
                    line.name = match decoded.op {
                        Op::SubW => "NEGW",
                        Op::SubD => "NEGV",
                        _ => "MOVW",
                    }
                    .to_string();
                }
                Op::Andi if decoded.operands[2] == Operand::Unsigned(0xff) => {
                    line.name = "MOVBU".to_string();
                    line.args.remove(0);
                }
                Op::Andi if decoded.operands[2] == Operand::Unsigned(0) && is_zero(0) && is_zero(1) => {
                    return "NOOP".to_string();
                }
                Op::SllW | Op::Or if is_zero(2) => {
                    line.name = if decoded.op == Op::SllW { "MOVW" } else { "MOVV" }.to_string();
                    line.args.remove(0);
                }
                _ => {}
            }
        }
        _ => {}
    }
    line.joined()
}
