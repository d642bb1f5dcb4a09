//! How a debugger makes the program call a function (`runtime/asm_*.s`, debugCallV2).

/// The entry points, newest first: names of the function, and the register with which each speaks on amd64.
pub const ENTRIES: [(&str, &str); 2] = [("runtime.debugCallV2", "R12"), ("runtime.debugCallV1", "RAX")];

/// Keeps what a call returned alive for the garbage collector: returns a `*runtime.Pinner` (1.25 and later).
pub const PINNER: &str = "runtime.debugPinnerV1";
/// Methods of it that are called likewise.
pub const PIN: &str = "runtime.(*Pinner).Pin";
/// Releases all that was pinned.
pub const UNPIN: &str = "runtime.(*Pinner).Unpin";

/// What the runtime says by the protocol register when it traps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Request {
    /// A call cannot be made; the reason, a string, is on the stack.
    Refused,
    /// The frame is there: write the arguments and set the pc to the function.
    Ready,
    /// The function returned: read the results.
    Returned,
    /// The function panicked; the value, an `any`, is on the stack.
    Panicked,
    /// All is over: restore the registers.
    Restore,
}

impl Request {
    /// Decodes the value of the protocol register.
    pub fn decode(value: u64) -> Option<Request> {
        Some(match value {
            0 => Request::Ready,
            1 => Request::Returned,
            2 => Request::Panicked,
            8 => Request::Refused,
            16 => Request::Restore,
            _ => return None,
        })
    }
}

/// The protocol on one architecture. Offsets and sizes are in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CallProtocol {
    /// The architecture, as Go names it.
    pub arch: &'static str,
    /// The register with which `debugCallV2` says what it wants.
    pub register: &'static str,
    /// Stack that must be free below SP.
    pub stack: u64,
    /// Where the reason for [`Request::Refused`] is, from SP.
    pub refusal: u64,
    /// Where the value of [`Request::Panicked`] is, from SP.
    pub panic: u64,
    /// Where the frame size is written before the start, from the SP that the debugger has set: below it.
    pub frame_size_below: u64,
    /// Registers of integer arguments, in order.
    pub integers: &'static [&'static str],
    /// Registers of floating-point arguments, in order; the numbered registers' common prefix and their count.
    pub floats: (&'static str, u8),
    /// The register that holds the closure that is called.
    pub closure: &'static str,
}

/// Largest frame of arguments and results, in bytes.
pub const MAX_FRAME: u64 = 65_535;

/// The architectures on which calls can be made.
pub const PROTOCOLS: [CallProtocol; 4] = [
    CallProtocol {
        arch: "amd64",
        register: "R12",
        stack: 256,
        refusal: 0,
        panic: 0,
        frame_size_below: 16,
        integers: &["RAX", "RBX", "RCX", "RDI", "RSI", "R8", "R9", "R10", "R11"],
        floats: ("X", 15),
        closure: "RDX",
    },
    CallProtocol {
        arch: "arm64",
        register: "R20",
        stack: 288,
        refusal: 8,
        panic: 8,
        frame_size_below: 16,
        integers: &[
            "R0", "R1", "R2", "R3", "R4", "R5", "R6", "R7", "R8", "R9", "R10", "R11", "R12", "R13", "R14",
            "R15",
        ],
        floats: ("F", 16),
        closure: "R26",
    },
    CallProtocol {
        arch: "ppc64le",
        register: "R20",
        stack: 320,
        refusal: 40,
        panic: 32,
        frame_size_below: 32,
        integers: &["R3", "R4", "R5", "R6", "R7", "R8", "R9", "R10", "R14", "R15", "R16", "R17"],
        floats: ("F", 12),
        closure: "R11",
    },
    CallProtocol {
        arch: "loong64",
        register: "R19",
        stack: 280,
        refusal: 8,
        panic: 8,
        frame_size_below: 16,
        integers: &[
            "R4", "R5", "R6", "R7", "R8", "R9", "R10", "R11", "R12", "R13", "R14", "R15", "R16", "R17",
            "R18", "R19",
        ],
        floats: ("F", 16),
        closure: "R29",
    },
];

/// The protocol on an architecture.
pub fn protocol(arch: &str) -> Option<&'static CallProtocol> {
    PROTOCOLS.iter().find(|protocol| protocol.arch == arch)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_are_decoded() {
        assert_eq!(Request::decode(8), Some(Request::Refused));
        assert_eq!(Request::decode(3), None);
        assert_eq!(protocol("amd64").map(|p| p.integers.len()), Some(9));
        assert!(protocol("386").is_none());
    }
}
