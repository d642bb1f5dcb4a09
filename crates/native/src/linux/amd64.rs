//! Linux's amd64 register sets and [`Registers`]: `user_regs_struct` of sys/user.h for the general ones, the XSAVE
//! area (Intel SDM volume 1, chapter 13) for the vector ones. Registers meet by the names of
//! [`adit_arch::AMD64`]'s table; a name that is not known here stays unknown.

use std::arch::x86_64::__cpuid_count;
use std::io;
use std::sync::OnceLock;

use adit_arch::{AMD64, RegisterClass, RegisterId, Registers};

use super::ptrace::{self, NT_FPREGSET, NT_X86_XSTATE, Tid, UserRegs};

/// How a field of `user_regs_struct` is read and written.
struct Field {
    name: &'static str,
    get: fn(&UserRegs) -> u64,
    set: fn(&mut UserRegs, u64),
}

macro_rules! fields {
    ($($name:literal $field:ident)*) => {
        [$(Field { name: $name, get: |regs| regs.$field, set: |regs, value| regs.$field = value }),*]
    };
}

static FIELDS: [Field; 27] = fields! {
    "Rip" rip "Rsp" rsp "Rax" rax "Rbx" rbx "Rcx" rcx "Rdx" rdx "Rsi" rsi "Rdi" rdi "Rbp" rbp
    "R8" r8 "R9" r9 "R10" r10 "R11" r11 "R12" r12 "R13" r13 "R14" r14 "R15" r15
    "Rflags" eflags "Cs" cs "Ss" ss "Ds" ds "Es" es "Fs" fs "Gs" gs
    "Fs_base" fs_base "Gs_base" gs_base "Orig_rax" orig_rax
};

/// The general registers' places in the architecture's table, looked up once.
pub(crate) struct RegisterMap {
    general: Vec<(RegisterId, &'static Field)>,
}

impl RegisterMap {
    pub(crate) fn new() -> RegisterMap {
        let place = |field: &'static Field| Some((AMD64.by_name(field.name)?, field));
        RegisterMap { general: FIELDS.iter().filter_map(place).collect() }
    }

    /// Fills the general registers of `registers`.
    pub(crate) fn load(&self, regs: &UserRegs, registers: &mut Registers) {
        for (id, field) in &self.general {
            registers.set(*id, (field.get)(regs));
        }
    }

    /// Takes over those general registers that are known in `registers`.
    pub(crate) fn store(&self, registers: &Registers, regs: &mut UserRegs) {
        for (id, field) in &self.general {
            if let Some(value) = registers.get(*id) {
                (field.set)(regs, value);
            }
        }
    }
}

/// A component of the XSAVE area: its number, and the bytes of it that one register takes.
const SSE: u32 = 1;
const YMM_HIGH: u32 = 2;
const OPMASK: u32 = 5;
const ZMM_HIGH: u32 = 6;
const ZMM_16_TO_31: u32 = 7;
/// Where the header's bit vector of components in use stands.
const XSTATE_BV: usize = 512;
/// The largest area that is read: today's largest (with AMX) is below 12 KiB.
const MAX_AREA: usize = 16 * 1024;

/// One thread's XSAVE area.
pub(crate) struct VectorState {
    area: Vec<u8>,
    set: libc::c_int,
}

impl VectorState {
    /// Reads it; on CPUs without XSAVE, the older FXSAVE area, which is its beginning.
    pub(crate) fn read(tid: Tid) -> io::Result<VectorState> {
        let mut area = vec![0; MAX_AREA];
        let (set, len) = match ptrace::register_set(tid, NT_X86_XSTATE, &mut area) {
            Ok(len) => (NT_X86_XSTATE, len),
            Err(_) => (NT_FPREGSET, ptrace::register_set(tid, NT_FPREGSET, &mut area)?),
        };
        area.truncate(len);
        Ok(VectorState { area, set })
    }

    /// Writes it back.
    pub(crate) fn write(&self, tid: Tid) -> io::Result<()> {
        ptrace::set_register_set(tid, self.set, &self.area)
    }

    /// Fills the vector and control registers of `registers`. An `XMM` register comes with its `YMM` and `ZMM`
    /// parts where the thread has used them.
    pub(crate) fn load(&self, registers: &mut Registers) {
        for (index, info) in AMD64.registers.iter().enumerate() {
            if info.class == RegisterClass::General {
                continue;
            }
            let parts = parts(info.name);
            let mut bytes = Vec::new();
            for part in &parts {
                match self.part(part) {
                    Some(part) => bytes.extend_from_slice(part),
                    None if bytes.is_empty() && self.knows(part) => bytes.resize(part.len, 0),
                    None => break,
                }
            }
            if !bytes.is_empty() {
                registers.set_bytes(RegisterId(index as u8), &bytes);
            }
        }
    }

    /// Takes over those vector and control registers that are known in `registers`; says whether any changed.
    pub(crate) fn store(&mut self, registers: &Registers) -> bool {
        let before = self.area.clone();
        for id in registers.known() {
            let info = AMD64.info(id);
            let Some(bytes) = registers.bytes(id).filter(|_| info.class != RegisterClass::General) else {
                continue;
            };
            let mut rest = &bytes[..];
            for part in parts(info.name) {
                let (now, later) = rest.split_at(rest.len().min(part.len));
                rest = later;
                self.set_part(&part, now);
            }
        }
        self.area != before
    }

    /// Is the part's component in the area, in use or not?
    fn knows(&self, part: &Part) -> bool {
        part.offset().is_some_and(|at| at + part.len <= self.area.len())
    }

    /// The part's bytes, if its component is in use: a component that is not is all zero, whatever the area holds.
    fn part(&self, part: &Part) -> Option<&[u8]> {
        let at = part.offset()?;
        let bytes = self.area.get(at..at + part.len)?;
        (part.component <= SSE || self.in_use(part.component)).then_some(bytes)
    }

    fn in_use(&self, component: u32) -> bool {
        self.area.get(XSTATE_BV).is_some_and(|bits| bits >> component & 1 == 1)
    }

    fn set_part(&mut self, part: &Part, bytes: &[u8]) {
        let Some(at) = part.offset().filter(|_| !bytes.is_empty()) else { return };
        let unused = part.component > SSE && !self.in_use(part.component);
        if unused && bytes.iter().all(|&byte| byte == 0) {
            return;
        }
        if let Some(place) = self.area.get_mut(at..at + bytes.len()) {
            place.copy_from_slice(bytes);
            if let Some(bits) = self.area.get_mut(XSTATE_BV) {
                *bits |= 1 << part.component;
            }
        }
    }
}

/// Where a register, or a part of it, stands in the XSAVE area.
struct Part {
    component: u32,
    /// Offset in the component; in the whole area for the legacy components 0 (x87) and 1 (SSE).
    within: usize,
    len: usize,
}

impl Part {
    /// Offset in the area, in the non-compacted form that ptrace gives.
    fn offset(&self) -> Option<usize> {
        if self.component <= SSE {
            return Some(self.within);
        }
        let (size, offset) = component(self.component);
        (size != 0).then_some(offset as usize + self.within)
    }
}

/// Size and offset of a component in the area, in bytes. In virtual machines, asking the CPU takes longer than reading
/// the whole area: it is asked once.
fn component(number: u32) -> (u32, u32) {
    static KNOWN: [OnceLock<(u32, u32)>; 32] = [const { OnceLock::new() }; 32];
    match KNOWN.get(number as usize) {
        Some(known) => *known.get_or_init(|| cpuid(0xd, number)),
        None => (0, 0),
    }
}

/// CPUID's EAX and EBX.
#[allow(unsafe_code, unused_unsafe)]
fn cpuid(leaf: u32, subleaf: u32) -> (u32, u32) {
    // SAFETY: every 64-bit x86 has CPUID; an unknown leaf gives zeros or other data, never a fault.
    let result = unsafe { __cpuid_count(leaf, subleaf) };
    (result.eax, result.ebx)
}

/// The parts of the register called `name`, low bytes first; none if it is not known here.
fn parts(name: &str) -> Vec<Part> {
    let part = |component, within, len| Part { component, within, len };
    let number = |prefix: &str| -> Option<usize> {
        name.strip_prefix(prefix)?.trim_matches(['(', ')']).parse().ok().filter(|&n| n < 32)
    };
    if let Some(n) = number("XMM") {
        return if n < 16 {
            vec![part(SSE, 160 + 16 * n, 16), part(YMM_HIGH, 16 * n, 16), part(ZMM_HIGH, 32 * n, 32)]
        } else {
            vec![part(ZMM_16_TO_31, 64 * (n - 16), 64)]
        };
    }
    if let Some(n) = number("ST").filter(|&n| n < 8) {
        return vec![part(0, 32 + 16 * n, 10)];
    }
    if let Some(n) = number("K").filter(|&n| n < 8) {
        return vec![part(OPMASK, 8 * n, 8)];
    }
    match name {
        "CW" => vec![part(0, 0, 2)],
        "SW" => vec![part(0, 2, 2)],
        "TW" => vec![part(0, 4, 1)],
        "FOP" => vec![part(0, 6, 2)],
        "FIP" => vec![part(0, 8, 8)],
        "FDP" => vec![part(0, 16, 8)],
        "MXCSR" => vec![part(SSE, 24, 4)],
        "MXCSR_MASK" => vec![part(SSE, 28, 4)],
        _ => Vec::new(),
    }
}
