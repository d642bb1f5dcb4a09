//! The runtime's variables in programs without symbols, recognised by what they hold.

use adit_process::{Addr, Memory};

use crate::reader::{Reader, uint_in};
use crate::{Fact, Globals, GoRuntime, Layout, RuntimeError};

/// Bytes searched in one range, at most; the rest of a larger one is not searched.
const MAX_SEARCHED: u64 = 256 << 20;
/// Bytes read at once.
const CHUNK: u64 = 1 << 20;
/// A list of goroutines longer than this is none.
const MAX_GOROUTINES: u64 = 1 << 26;

impl Globals {
    /// Finds `firstmoduledata` and `allgs` in the memory of a program without symbols. `pclntab` is where the table
    /// of functions (`.gopclntab`) is in memory, `writable` the executable's writable mappings (start and end).
    ///
    /// The module is recognised by its first word, which points to the table; the list of goroutines, within the
    /// module's zeroed data, by its first entry being goroutine 1.
    pub fn search(
        memory: &dyn Memory,
        layout: &Layout,
        pclntab: Addr,
        writable: &[(Addr, Addr)],
    ) -> Result<Globals, RuntimeError> {
        let mut globals = Globals::default();
        let word = layout.pointer_size();
        let reader = Reader::new(memory, layout.arch);
        for &range in writable {
            globals.firstmoduledata = each_word(reader, range, |addr, bytes| {
                (uint_in(layout.arch, bytes, 0, word) == pclntab.0 && is_module(reader, layout, addr))
                    .then_some(addr)
            });
            if globals.firstmoduledata.is_some() {
                break;
            }
        }
        let runtime = GoRuntime { layout: layout.clone(), globals };
        let modules = runtime.modules(memory)?;
        let Some(module) = modules.0.first() else { return Ok(globals) };
        globals.allgs = each_word(reader, module.bss, |addr, bytes| {
            let field = |i| uint_in(layout.arch, bytes, i * word, word);
            let (array, len, cap) = (field(0), field(1), field(2));
            let plausible =
                array != 0 && array % word == 0 && (1..=cap).contains(&len) && cap <= MAX_GOROUTINES;
            (plausible && starts_with_main(memory, &runtime, module.text, Addr(array))).then_some(addr)
        });
        Ok(globals)
    }
}

/// Does what lies here have a module's sane text?
fn is_module(reader: Reader<'_>, layout: &Layout, addr: Addr) -> bool {
    let word = |fact| {
        let offset = layout.of(fact).ok()?;
        reader.pointer(addr.offset(offset.cast_signed())).ok()
    };
    let range = |start, end| matches!((word(start), word(end)), (Some(start), Some(end)) if start < end && start.0 > 0);
    range(Fact::ModuleText, Fact::ModuleEText) && range(Fact::ModuleTypes, Fact::ModuleETypes)
}

/// Is the first pointer of the array that of goroutine 1?
fn starts_with_main(memory: &dyn Memory, runtime: &GoRuntime, text: (Addr, Addr), array: Addr) -> bool {
    let reader = Reader::new(memory, runtime.layout.arch);
    let Ok(first) = reader.pointer(array) else { return false };
    match runtime.goroutine(memory, first) {
        Ok(g) => {
            g.id == 1 && g.status.0 <= 16 && g.stack.0 < g.stack.1 && (text.0..text.1).contains(&g.start_pc)
        }
        Err(_) => false,
    }
}

/// Shows each aligned word of a range, with the two behind it, to `check`, until it finds something. Memory that
/// cannot be read is passed over.
fn each_word(
    reader: Reader<'_>,
    (start, end): (Addr, Addr),
    mut check: impl FnMut(Addr, &[u8]) -> Option<Addr>,
) -> Option<Addr> {
    let word = u64::from(reader.arch.pointer_size);
    let (start, end) = (start.0.next_multiple_of(word), end.0.min(start.0.saturating_add(MAX_SEARCHED)));
    let mut at = start;
    while at < end {
        let len = CHUNK.min(end - at);
        // The last words of a chunk need those of the next one; at the end of the range there are none.
        let extended = (len + 2 * word).min(end - at);
        if let Ok(bytes) = reader.bytes(Addr(at), extended, 2 * CHUNK) {
            for offset in (0..len).step_by(word as usize) {
                if let Some(found) = check(Addr(at + offset), &bytes[offset as usize..]) {
                    return Some(found);
                }
            }
        }
        at += CHUNK;
    }
    None
}
