//! C code: unwinding by call frame information (DWARF 5 §6.4).

use adit_process::{Addr, Registers};
use adit_symbols::{CfaRule, Dwarf, FileAddr, LocationContext, PiecePlace, RegisterRule, UnwindRow};

use super::{Cursor, Unwinder};

/// A frame whose registers an expression of the table may ask for.
struct TableContext<'a> {
    unwinder: &'a Unwinder<'a>,
    registers: &'a Registers,
    cfa: Option<Addr>,
    /// Added to addresses of the file that the table is from.
    slide: u64,
}

impl LocationContext for TableContext<'_> {
    fn register(&self, dwarf_number: u16) -> Option<u64> {
        self.registers.arch().by_dwarf(dwarf_number).and_then(|id| self.registers.get(id))
    }

    fn cfa(&self) -> Option<u64> {
        self.cfa.map(|cfa| cfa.0)
    }

    fn read(&self, addr: u64, size: u8) -> Option<u64> {
        self.unwinder.target.read_uint(Addr(addr), usize::from(size)).ok()
    }

    fn relocate(&self, addr: FileAddr) -> u64 {
        addr.0.wrapping_add(self.slide)
    }
}

impl Unwinder<'_> {
    /// The CFA and the caller of a frame that has a frame table; `None` if it has none, or one that cannot be followed.
    pub(super) fn caller_by_frame_table(&self, cursor: &Cursor, lookup: Addr) -> Option<(Addr, Cursor)> {
        let own = self.image.binary.dwarf().ok();
        if let Some(dwarf) = own
            && let Ok(Some(row)) = dwarf.unwind_row(self.image.to_file(lookup))
        {
            let slide = self.image.to_target(FileAddr(0)).0;
            return self.caller_by_row(cursor, dwarf, slide, &row);
        }
        let library = self.image.libraries.at(self.target, lookup)?;
        let dwarf = library.binary.dwarf().ok()?;
        let row = dwarf.unwind_row(library.to_file(lookup)).ok()??;
        self.caller_by_row(cursor, dwarf, library.slide, &row)
    }

    fn caller_by_row(
        &self,
        cursor: &Cursor,
        dwarf: &Dwarf,
        slide: u64,
        row: &UnwindRow,
    ) -> Option<(Addr, Cursor)> {
        let registers = cursor.registers();
        let arch = registers.arch();
        let mut context = TableContext { unwinder: self, registers: &registers, cfa: None, slide };
        let cfa = match &row.cfa {
            CfaRule::RegisterOffset { register, offset } => {
                Addr(context.register(*register)?).offset(*offset)
            }
            CfaRule::Expression(expression) => expression_value(dwarf, expression, &context)?,
        };
        context.cfa = Some(cfa);
        // A caller has the registers that its callee preserves; the psABI's callee-saved ones are those with rules.
        let mut caller = Registers::new(arch);
        for (number, rule) in &row.registers {
            let Some(id) = arch.by_dwarf(*number) else { continue };
            let value = match rule {
                RegisterRule::Undefined => None,
                RegisterRule::SameValue => context.register(*number),
                RegisterRule::Offset(offset) => {
                    self.target.read_pointer(cfa.offset(*offset)).ok().map(|word| word.0)
                }
                RegisterRule::ValueOffset(offset) => Some(cfa.offset(*offset).0),
                RegisterRule::Register(other) => context.register(*other),
                RegisterRule::Expression(expression) => expression_value(dwarf, expression, &context)
                    .and_then(|addr| self.target.read_pointer(addr).ok())
                    .map(|word| word.0),
                RegisterRule::ValueExpression(expression) => {
                    expression_value(dwarf, expression, &context).map(|value| value.0)
                }
                RegisterRule::Constant(value) => Some(*value),
            };
            if let Some(value) = value {
                caller.set(id, value);
            }
        }
        self.keep_preserved(&row.registers, &registers, &mut caller);
        let return_address =
            arch.by_dwarf(row.return_address).and_then(|id| caller.get(id)).or_else(|| {
                let word = i64::from(arch.pointer_size);
                let slot = arch.call_pushes_return.then(|| cfa.offset(-word))?;
                self.target.read_pointer(slot).ok().map(|word| word.0)
            })?;
        caller.set_pc(return_address);
        if !row.registers.iter().any(|(number, _)| arch.by_dwarf(*number) == Some(arch.sp)) {
            caller.set_sp(cfa.0);
        }
        Some((cfa, Cursor::top(caller)))
    }

    /// Registers that C functions preserve and the table does not mention were not touched (System V psABI, AMD64
    /// supplement, §3.2.1).
    fn keep_preserved(&self, rules: &[(u16, RegisterRule)], from: &Registers, to: &mut Registers) {
        for name in ["Rbx", "Rbp", "R12", "R13", "R14", "R15"] {
            let Some(id) = from.arch().by_name(name) else { continue };
            let mentioned = rules.iter().any(|(number, _)| from.arch().by_dwarf(*number) == Some(id));
            if let (false, Some(value)) = (mentioned, from.get(id)) {
                to.set(id, value);
            }
        }
    }
}

fn expression_value(dwarf: &Dwarf, expression: &[u8], context: &TableContext<'_>) -> Option<Addr> {
    let pieces = dwarf.evaluate(expression, &[], context).ok()?;
    match pieces.first()?.place {
        PiecePlace::Memory(value) | PiecePlace::Value(value) => Some(Addr(value)),
        _ => None,
    }
}
