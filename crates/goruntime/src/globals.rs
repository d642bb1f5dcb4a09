//! Where the runtime's own variables are.

use adit_process::Addr;

/// Run-time addresses of the runtime's variables; `None` for what the program does not have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Globals {
    /// `runtime.allgs`, a `[]*g`: all goroutines that ever were.
    pub allgs: Option<Addr>,
    /// `runtime.allglen`, the number of them that is safe to read.
    pub allglen: Option<Addr>,
    /// `runtime.allm`, the head of the list of all m.
    pub allm: Option<Addr>,
    /// `runtime.firstmoduledata`, the head of the list of modules.
    pub firstmoduledata: Option<Addr>,
    /// `runtime.zeroVal`, which absent map keys and nil reads are answered with.
    pub zero_value: Option<Addr>,
    /// `useAeshash`, a bool: are maps' keys hashed by AES instructions? In `runtime`, since Go 1.27 in
    /// `internal/runtime/maps`, as the next two.
    pub use_aes_hash: Option<Addr>,
    /// `aeskeysched`, the random bytes that go into AES hashes.
    pub aes_key_schedule: Option<Addr>,
    /// `hashkey`, the random words that go into other hashes.
    pub hash_key: Option<Addr>,
}

impl Globals {
    /// Looks the variables up by their symbols. `find` gives run-time addresses.
    pub fn find(mut find: impl FnMut(&str) -> Option<Addr>) -> Globals {
        Globals {
            allgs: find("runtime.allgs"),
            allglen: find("runtime.allglen"),
            allm: find("runtime.allm"),
            firstmoduledata: find("runtime.firstmoduledata"),
            zero_value: find("runtime.zeroVal"),
            use_aes_hash: find("runtime.useAeshash").or_else(|| find("internal/runtime/maps.UseAeshash")),
            aes_key_schedule: find("runtime.aeskeysched")
                .or_else(|| find("internal/runtime/maps.aeskeysched")),
            hash_key: find("runtime.hashkey").or_else(|| find("internal/runtime/maps.hashkey")),
        }
    }
}
