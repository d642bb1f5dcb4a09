//! The arithmetic flags, as the CPU sets them (Intel SDM volume 1, §3.4.3.1).

use iced_x86::ConditionCode;

pub(super) const CF: u64 = 1 << 0;
pub(super) const PF: u64 = 1 << 2;
pub(super) const AF: u64 = 1 << 4;
pub(super) const ZF: u64 = 1 << 6;
pub(super) const SF: u64 = 1 << 7;
pub(super) const TF: u64 = 1 << 8;
pub(super) const OF: u64 = 1 << 11;
/// Set in saved flags by a fault, cleared by every instruction that completes.
pub(super) const RF: u64 = 1 << 16;
pub(super) const VM: u64 = 1 << 17;
pub(super) const AC: u64 = 1 << 18;

const ARITHMETIC: u64 = CF | PF | AF | ZF | SF | OF;

/// A mask of the low `size` bytes.
pub(super) fn mask(size: usize) -> u64 {
    u64::MAX >> (64 - 8 * size.clamp(1, 8))
}

/// The highest bit of `size` bytes.
fn sign(size: usize) -> u64 {
    1 << (8 * size.clamp(1, 8) - 1)
}

/// PF, ZF and SF of `result`.
fn of_result(result: u64, size: usize) -> u64 {
    let parity = if (result as u8).count_ones().is_multiple_of(2) { PF } else { 0 };
    let zero = if result & mask(size) == 0 { ZF } else { 0 };
    let negative = if result & sign(size) != 0 { SF } else { 0 };
    parity | zero | negative
}

fn when(condition: bool, flag: u64) -> u64 {
    if condition { flag } else { 0 }
}

/// `a + b`: the result, and `flags` as the addition leaves them.
pub(super) fn add(a: u64, b: u64, size: usize, flags: u64) -> (u64, u64) {
    let (a, b) = (a & mask(size), b & mask(size));
    let result = a.wrapping_add(b) & mask(size);
    let overflow = (a ^ result) & (b ^ result) & sign(size) != 0;
    let set = of_result(result, size)
        | when(result < a, CF)
        | when((a ^ b ^ result) & 0x10 != 0, AF)
        | when(overflow, OF);
    (result, flags & !ARITHMETIC | set)
}

/// `a - b`: the result, and `flags` as the subtraction or comparison leaves them.
pub(super) fn sub(a: u64, b: u64, size: usize, flags: u64) -> (u64, u64) {
    let (a, b) = (a & mask(size), b & mask(size));
    let result = a.wrapping_sub(b) & mask(size);
    let overflow = (a ^ b) & (a ^ result) & sign(size) != 0;
    let set = of_result(result, size)
        | when(a < b, CF)
        | when((a ^ b ^ result) & 0x10 != 0, AF)
        | when(overflow, OF);
    (result, flags & !ARITHMETIC | set)
}

/// Flags after a bitwise operation that gave `result`. AF is undefined by the manual; CPUs clear it.
pub(super) fn logic(result: u64, size: usize, flags: u64) -> u64 {
    flags & !ARITHMETIC | of_result(result, size)
}

/// Does a conditional instruction with this condition act under `flags`?
pub(super) fn holds(condition: ConditionCode, flags: u64) -> Option<bool> {
    let set = |flag| flags & flag != 0;
    let less = set(SF) != set(OF);
    Some(match condition {
        ConditionCode::o => set(OF),
        ConditionCode::no => !set(OF),
        ConditionCode::b => set(CF),
        ConditionCode::ae => !set(CF),
        ConditionCode::e => set(ZF),
        ConditionCode::ne => !set(ZF),
        ConditionCode::be => set(CF) || set(ZF),
        ConditionCode::a => !set(CF) && !set(ZF),
        ConditionCode::s => set(SF),
        ConditionCode::ns => !set(SF),
        ConditionCode::p => set(PF),
        ConditionCode::np => !set(PF),
        ConditionCode::l => less,
        ConditionCode::ge => !less,
        ConditionCode::le => set(ZF) || less,
        ConditionCode::g => !set(ZF) && !less,
        _ => return None,
    })
}
