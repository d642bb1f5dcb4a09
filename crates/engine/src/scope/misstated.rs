//! What compilers state wrongly about where variables are in optimised code, as far as it can be told.
//!
//! A value that is unknown costs a question; one that is wrong costs a day. So a place counts only if nothing speaks
//! against it.

use std::borrow::Cow;
use std::rc::Rc;

use adit_arch::disasm::{self, Flow};
use adit_symbols::{FileAddr, FunctionInfo, Location, Piece, PiecePlace, Type, Variable as Declared};

use super::Scope;
use super::source_text::Stated;
use crate::Debugger;

/// What a function stores in its frame, and where it jumps backwards.
#[derive(Debug, Default)]
pub(crate) struct FrameStores {
    stores: Vec<Store>,
    /// (from, to) of jumps to lower addresses.
    loops: Vec<(FileAddr, FileAddr)>,
    /// Where calls return to, in ascending order.
    returns: Vec<FileAddr>,
}

#[derive(Clone, Copy, Debug)]
struct Store {
    /// The instruction's address.
    at: FileAddr,
    /// The address after it.
    end: FileAddr,
    /// The first byte that it overwrites, counted from the CFA.
    offset: i64,
    /// In bytes.
    size: u64,
}

impl FrameStores {
    /// Can a store into these bytes of the frame have happened at `pc`, if control came into `low..high` at its start?
    fn may_have_overwritten(
        &self,
        pc: FileAddr,
        (low, high): (FileAddr, FileAddr),
        (offset, size): (i64, u64),
    ) -> bool {
        let end = |offset: i64, size: u64| offset.saturating_add(size.min(1 << 32).cast_signed());
        // A store that ends where the range begins or ends is what the range is about.
        let overlapping = self.stores.iter().filter(|store| {
            let within = low <= store.at && store.end < high;
            within && store.offset < end(offset, size) && offset < end(store.offset, store.size)
        });
        overlapping.into_iter().any(|store| {
            store.at < pc
                || self
                    .loops
                    .iter()
                    .any(|(from, to)| store.at <= *from && *from < high && low <= *to && *to <= pc)
        })
    }
}

impl FrameStores {
    /// Where the last call in `low..high` returns to.
    pub(super) fn last_return(&self, low: FileAddr, high: FileAddr) -> Option<FileAddr> {
        self.returns.iter().rev().find(|at| low < **at && **at <= high).copied()
    }

    /// Does a jump from behind `from`, but before `before`, lead back to `pc` or before it?
    pub(super) fn comes_back(&self, from: FileAddr, before: FileAddr, pc: FileAddr) -> bool {
        self.loops.iter().any(|(jump, to)| from <= *jump && *jump < before && *to <= pc)
    }
}

impl Debugger {
    /// Marks those pieces of a Go variable as missing whose slot on the stack has been given to another value since: the
    /// compiler's lists do not always end there (go1.27, `cmd/compile/internal/ssa/debug.go`).
    pub(super) fn drop_overwritten(
        &self,
        pieces: &mut [Piece],
        ty: &Type,
        scope: &Scope,
        function: &FunctionInfo,
        variable: &Declared,
    ) {
        let pc = self.image.to_file(scope.frame.pc);
        let lookup = self.image.to_file(scope.frame.lookup);
        let Location::List(list) = &variable.location else { return };
        // What has but one place is changed there.
        let lives_there = list.iter().all(|(_, _, place)| *place == list[0].2);
        if !function.is_go || !function.optimized || lives_there {
            return;
        }
        let Some(stated) = list.iter().position(|(low, high, _)| *low <= lookup && lookup < *high) else {
            return;
        };
        let stores = self.frame_stores(function);
        let (low, high, place) = &list[stated];
        let is_same =
            |other: &Declared| other.name != variable.name && other.location_at(lookup) == Some(place);
        let shared = function.variables.iter().any(is_same);
        let since = stated_since(list, *low);
        // Of a struct that was taken apart and of which one part is left, the part is stated as if it were all.
        let is_one_part =
            matches!(pieces, [Piece { size: None, .. }]) && ty.size > u64::from(self.arch().pointer_size);
        for (index, piece) in pieces.iter_mut().enumerate() {
            // A register may hold one value after the other; a slot that stays the place of a piece is not written to.
            let is_slot = matches!(piece.place, PiecePlace::Memory(_));
            let range = if is_slot { same_place(list, stated, index) } else { (*low, *high) };
            let entry = Stated { range, since, shared, stores: &stores };
            if is_one_part || self.is_stale_in_source(scope, function, (variable, ty), &entry) {
                piece.place = PiecePlace::Missing;
            }
            let PiecePlace::Memory(addr) = piece.place else { continue };
            let offset = addr.wrapping_sub(scope.frame.cfa.0).cast_signed();
            let size = piece.size.unwrap_or(ty.size);
            if stores.may_have_overwritten(pc, range, (offset, size)) {
                piece.place = PiecePlace::Missing;
            }
        }
    }

    fn frame_stores(&self, function: &FunctionInfo) -> Rc<FrameStores> {
        if let Some(known) = self.frame_stores.borrow().get(&function.low) {
            return known.clone();
        }
        let found = Rc::new(self.read_frame_stores(function).unwrap_or_default());
        self.frame_stores.borrow_mut().insert(function.low, found.clone());
        found
    }

    fn read_frame_stores(&self, function: &FunctionInfo) -> Option<FrameStores> {
        use adit_process::Memory as _;
        /// More code than any function has, in bytes.
        const LARGEST: u64 = 1 << 20;
        let arch = self.arch();
        let start = self.image.to_target(function.low);
        let module = self.module_at(start);
        let table = module.function(start)?;
        let size = function.high.0.checked_sub(function.low.0).filter(|size| *size <= LARGEST)?;
        let mut code = vec![0; usize::try_from(size).ok()?];
        self.target.read(start, &mut code).ok()?;
        let pushed = if arch.call_pushes_return { i64::from(arch.pointer_size) } else { 0 };
        let mut found = FrameStores::default();
        let mut offset = 0;
        while offset < code.len() {
            let addr = start.0.wrapping_add(offset as u64);
            let Some(instruction) = disasm::decode(arch, addr, &code[offset..]) else { break };
            let at = FileAddr(function.low.0.wrapping_add(offset as u64));
            offset += instruction.len.max(1);
            let end = FileAddr(function.low.0.wrapping_add(offset as u64));
            if let Flow::Jump(Some(to)) | Flow::Branch(to) = instruction.flow
                && to <= addr
            {
                found.loops.push((at, self.image.to_file(adit_process::Addr(to))));
            }
            if matches!(instruction.flow, Flow::Call(_)) {
                found.returns.push(end);
            }
            let bytes = &code[offset - instruction.len.max(1)..offset.min(code.len())];
            if let Some(store) = disasm::stack_store(arch, addr, bytes)
                && let Some(delta) = table.sp_delta(module.to_file(adit_process::Addr(addr)))
            {
                let offset = store.offset.wrapping_sub(delta + pushed);
                found.stores.push(Store { at, end, offset, size: store.size });
            }
        }
        Some(found)
    }

    /// Is this the place of the return address or of the caller's frame pointer? There the compiler puts what has no
    /// place at all: results that escaped and whose address is not kept on the stack (go1.27,
    /// `cmd/compile/internal/dwarfgen`, which takes the frame offset of the address's variable without asking whether it
    /// has one).
    pub(super) fn is_in_linkage(&self, expression: &[u8]) -> bool {
        let arch = self.arch();
        let words = if arch.fp.is_some() { 2 } else { 1 };
        let linkage = -words * i64::from(arch.pointer_size)..0;
        arch.call_pushes_return
            && frame_base_offset(expression).is_some_and(|offset| linkage.contains(&offset))
    }
}

/// Where the entries begin that lead to the one at `low` without a gap.
fn stated_since(list: &[(FileAddr, FileAddr, Vec<u8>)], low: FileAddr) -> FileAddr {
    let mut since = low;
    while let Some((before, _, _)) = list.iter().find(|(before, end, _)| *end == since && *before < since) {
        since = *before;
    }
    since
}

/// The range of code around one entry of a list in which the place of one piece is the same, without a gap.
fn same_place(list: &[(FileAddr, FileAddr, Vec<u8>)], stated: usize, index: usize) -> (FileAddr, FileAddr) {
    let (mut low, mut high) = (list[stated].0, list[stated].1);
    let place = piece_of(&list[stated].2, index);
    let same = || list.iter().filter(|(_, _, other)| piece_of(other, index) == place);
    while let Some((before, _, _)) = same().find(|(before, end, _)| *end == low && *before < low) {
        low = *before;
    }
    while let Some((_, after, _)) = same().find(|(start, after, _)| *start == high && *after > high) {
        high = *after;
    }
    (low, high)
}

/// The part of an expression that states the place of the piece with this number; of one that uses what Go's compiler does
/// not, the whole expression.
fn piece_of(expression: &[u8], index: usize) -> &[u8] {
    /// DW_OP_regx, DW_OP_fbreg, DW_OP_piece: those with an operand, which is a LEB128.
    const WITH_OPERAND: [u8; 3] = [0x90, 0x91, PIECE];
    const PIECE: u8 = 0x93;
    // DW_OP_deref, DW_OP_call_frame_cfa, and DW_OP_reg0 to DW_OP_reg31.
    let is_plain = |op: u8| matches!(op, 0x06 | 0x9c | 0x50..=0x6f);
    let (mut at, mut start, mut found) = (0, 0, 0);
    while let Some(&op) = expression.get(at) {
        at += 1;
        if WITH_OPERAND.contains(&op) {
            let operand = expression[at..].iter().position(|byte| byte & 0x80 == 0);
            at += operand.map_or(0, |last| last + 1);
        } else if !is_plain(op) {
            return expression;
        }
        if op == PIECE {
            if found == index {
                return &expression[start..at];
            }
            (start, found) = (at, found + 1);
        }
    }
    expression
}

/// The pieces of a value of this size; `None` if they are of something else. Of slices that are ranged over, go1.20 and
/// earlier state the first piece twice (`cmd/compile/internal/ssa/debug.go`).
pub(super) fn fitting(pieces: &[Piece], size: u64) -> Option<Cow<'_, [Piece]>> {
    let sizes: Option<Vec<u64>> = pieces.iter().map(|piece| piece.size).collect();
    let total = sizes.map_or(0, |sizes| sizes.iter().fold(0, |sum: u64, size| sum.saturating_add(*size)));
    if total <= size {
        return Some(pieces.into());
    }
    let repeated = pieces.windows(2).position(|pair| pair[0] == pair[1])?;
    let left: Vec<Piece> =
        pieces.iter().enumerate().filter(|(i, _)| *i != repeated).map(|(_, piece)| piece.clone()).collect();
    (total - pieces[repeated].size? == size).then(|| left.into())
}

/// The offset in an expression that begins with DW_OP_fbreg.
fn frame_base_offset(expression: &[u8]) -> Option<i64> {
    const FRAME_BASE_OFFSET: u8 = 0x91;
    let (&FRAME_BASE_OFFSET, operand) = expression.split_first()? else { return None };
    let mut offset = 0i64;
    for (i, byte) in operand.iter().take(9).enumerate() {
        offset |= i64::from(byte & 0x7f) << (7 * i);
        if byte & 0x80 == 0 {
            let unused = 64 - 7 * (i as u32 + 1);
            return Some(offset << unused >> unused);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions_are_cut_into_pieces() {
        // DW_OP_fbreg -80, DW_OP_piece 8, DW_OP_piece 8, DW_OP_reg2, DW_OP_piece 8.
        let expression = [0x91, 0xb0, 0x7f, 0x93, 8, 0x93, 8, 0x52, 0x93, 8];
        assert_eq!(piece_of(&expression, 0), &expression[..5]);
        assert_eq!(piece_of(&expression, 1), &expression[5..7]);
        assert_eq!(piece_of(&expression, 2), &expression[7..]);
        assert_eq!(piece_of(&[0x9c], 0), [0x9c]);
        // DW_OP_breg7 8: not one that Go's compiler uses.
        assert_eq!(piece_of(&[0x77, 8, 0x93, 8], 0), [0x77, 8, 0x93, 8]);
        assert_eq!(frame_base_offset(&[0x91, 0x70]), Some(-16));
        assert_eq!(frame_base_offset(&[0x91, 0xb0, 0x7f]), Some(-80));
        assert_eq!(frame_base_offset(&[0x9c]), None);
    }

    #[test]
    fn pieces_that_are_stated_twice_are_taken_once() {
        let piece = |size, register| Piece { size: Some(size), place: PiecePlace::Register(register) };
        let twice = [piece(8, 0), piece(8, 0), piece(8, 3), piece(8, 2)];
        assert_eq!(fitting(&twice, 24).as_deref(), Some(&[piece(8, 0), piece(8, 3), piece(8, 2)][..]));
        assert_eq!(fitting(&twice[..3], 24).as_deref(), Some(&twice[..3]));
        assert_eq!(fitting(&[piece(8, 0), piece(8, 1)], 8), None);
    }

    #[test]
    fn ranges_of_the_same_place_are_joined() {
        let entry = |low, high, place: &[u8]| (FileAddr(low), FileAddr(high), place.to_vec());
        let list = [
            entry(0, 4, &[0x50]),
            entry(4, 8, &[0x91, 8]),
            entry(8, 12, &[0x91, 8]),
            entry(16, 20, &[0x91, 8]),
        ];
        assert_eq!(same_place(&list, 2, 0), (FileAddr(4), FileAddr(12)));
        assert_eq!(stated_since(&list, FileAddr(8)), FileAddr(0));
        assert_eq!(stated_since(&list, FileAddr(16)), FileAddr(16));
    }

    #[test]
    fn stores_count_if_they_may_have_come_before() {
        let store = |at| Store { at: FileAddr(at), end: FileAddr(at + 4), offset: -40, size: 8 };
        let found = FrameStores { stores: vec![store(20)], ..FrameStores::default() };
        let range = (FileAddr(10), FileAddr(40));
        assert!(found.may_have_overwritten(FileAddr(30), range, (-40, 8)));
        assert!(found.may_have_overwritten(FileAddr(30), range, (-36, 8)));
        assert!(!found.may_have_overwritten(FileAddr(30), range, (-48, 8)));
        assert!(!found.may_have_overwritten(FileAddr(15), range, (-40, 8)));
        assert!(!found.may_have_overwritten(FileAddr(30), (FileAddr(10), FileAddr(24)), (-40, 8)));
        let looping = FrameStores { loops: vec![(FileAddr(30), FileAddr(12))], ..found };
        assert!(looping.may_have_overwritten(FileAddr(15), range, (-40, 8)));
    }
}
