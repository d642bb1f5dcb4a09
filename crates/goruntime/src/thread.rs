//! Which goroutine a thread runs.

use adit_arch::{Arch, RegisterId, Registers};
use adit_process::{Addr, Memory};

use crate::reader::Reader;
use crate::{Fact, GoRuntime, RuntimeError};

/// Where a thread keeps its `g`. Found once per program by [`GPlace::find`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GPlace {
    /// In memory, this many bytes from the thread's TLS base.
    Tls(i64),
    /// In memory, at the offset from the TLS base that this variable of the program holds: `runtime.tls_g`.
    TlsVariable(Addr),
    /// In the memory to which the word at this offset from the TLS base points.
    TlsPointer(i64),
    /// In this register while Go code runs.
    Register(RegisterId),
}

/// What a binary says about its thread-local storage; file addresses are enough for it.
#[derive(Clone, Copy, Debug, Default)]
pub struct TlsFacts {
    /// Value of the symbol `runtime.tlsg`: the offset of g in the TLS segment. ELF on x86.
    pub tlsg: Option<u64>,
    /// Value, not address, of the symbol `runtime.tls_g` in ELF; elsewhere the variable's run-time address.
    pub tls_g: Option<u64>,
    /// The PT_TLS segment: address, size in memory, alignment.
    pub segment: Option<(u64, u64, u64)>,
}

impl GPlace {
    /// Where Go keeps g on this operating system and architecture (`runtime/tls_*.s`, `runtime/asm_*.s`,
    /// `cmd/link/internal/ld/data.go`). `None`: not a port of Go that keeps it where it can be found.
    pub fn find(goos: &str, arch: &'static Arch, release: crate::Release, tls: TlsFacts) -> Option<GPlace> {
        let word = i64::from(arch.pointer_size);
        let register = arch.g.map(GPlace::Register);
        match (goos, arch.name) {
            ("windows", "amd64") if release.0 < 20 => Some(GPlace::TlsPointer(0x28)),
            ("windows", "386") if release.0 < 20 => Some(GPlace::TlsPointer(0x14)),
            ("windows", _) => tls.tls_g.map(|addr| GPlace::TlsVariable(Addr(addr))),
            ("darwin", "amd64") => Some(GPlace::Tls(0x30)),
            (_, "amd64" | "386") => Some(GPlace::Tls(match (tls.tlsg, tls.segment) {
                (Some(tlsg), Some((_, size, align))) => tlsg
                    .wrapping_sub(size.checked_next_multiple_of(align.max(1)).unwrap_or(size))
                    .cast_signed(),
                _ => -word,
            })),
            // Go's own code keeps g in a register; only C code entered by cgo has another use for it.
            _ => register,
        }
    }

    /// In TLS, for architectures whose [`GPlace`] is a register, while a thread runs C code.
    pub fn in_cgo(arch: &Arch, tls: TlsFacts) -> Option<GPlace> {
        let word = u64::from(arch.pointer_size);
        match (arch.name, tls.tls_g, tls.segment) {
            ("arm64", Some(value), Some((addr, _, align))) => {
                let padding = addr.wrapping_sub(2 * word) % align.max(1);
                Some(GPlace::Tls(value.wrapping_add(2 * word).wrapping_add(padding).cast_signed()))
            }
            ("arm64", ..) => Some(GPlace::Tls((2 * word).cast_signed())),
            _ => None,
        }
    }
}

/// The goroutine of a thread.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CurrentG {
    /// The `g` that the thread's TLS or register names: on a system stack that is g0 or gsignal.
    pub g: Addr,
    /// The user goroutine: `g` itself, or on a system stack `g.m.curg`. `None`: the thread runs none.
    pub goroutine: Option<Addr>,
    /// The m of the thread.
    pub m: Addr,
    /// Is the thread on g0's or gsignal's stack?
    pub on_system_stack: bool,
    /// The stack of `g`: lowest address, first address above. g0's bounds may be rough when C made the thread.
    pub stack: (Addr, Addr),
}

impl GoRuntime {
    /// The goroutine of a stopped thread. `None`: none yet (the runtime is still starting, or C made the thread
    /// and it has not called Go).
    pub fn g_of_thread(
        &self,
        memory: &dyn Memory,
        place: GPlace,
        tls_base: Addr,
        registers: &Registers,
    ) -> Result<Option<CurrentG>, RuntimeError> {
        let reader = Reader::new(memory, self.layout.arch);
        let g = match place {
            GPlace::Tls(offset) => reader.pointer(tls_base.offset(offset)),
            GPlace::TlsPointer(offset) => {
                reader.pointer(tls_base.offset(offset)).and_then(|at| reader.pointer(at))
            }
            GPlace::TlsVariable(variable) => {
                let offset = reader.pointer(variable)?;
                reader.pointer(tls_base.offset(offset.0.cast_signed()))
            }
            GPlace::Register(id) => Ok(Addr(registers.get(id).unwrap_or(0))),
        };
        // A thread without TLS (base 0, or a fresh clone) has no g.
        match g {
            Ok(Addr(0)) | Err(_) => Ok(None),
            Ok(g) => self.current_g(memory, g).map(Some),
        }
    }

    /// The same, for a `g` that is known already.
    pub fn current_g(&self, memory: &dyn Memory, g: Addr) -> Result<CurrentG, RuntimeError> {
        let layout = &self.layout;
        let reader = Reader::new(memory, layout.arch);
        let record = reader.record(g, layout.of(Fact::GSize)?)?;
        let stack = layout.of(Fact::GStack)?;
        let m = record.pointer(layout.of(Fact::GM)?);
        let mut current = CurrentG {
            g,
            goroutine: Some(g),
            m,
            on_system_stack: false,
            stack: (
                record.pointer(stack + layout.of(Fact::StackLo)?),
                record.pointer(stack + layout.of(Fact::StackHi)?),
            ),
        };
        if m.0 == 0 || record.uint(layout.of(Fact::GGoid)?, 8) != 0 {
            return Ok(current);
        }
        // Only g0 and gsignal have the goroutine id 0.
        current.on_system_stack = true;
        let goroutine = reader.pointer(m.offset(layout.of(Fact::MCurG)?.cast_signed()))?;
        current.goroutine = (goroutine.0 != 0).then_some(goroutine);
        Ok(current)
    }
}
