//! The table of architectures: one file each.

mod amd64;
mod arm;
mod arm64;
mod i386;
mod loong64;
mod mips;
mod mips64;
mod ppc64;
mod riscv64;
mod s390x;

pub use amd64::{AMD64, FS_BASE, GS_BASE, RFLAGS};
pub use arm::ARM;
pub use arm64::ARM64;
pub use i386::I386;
pub use loong64::LOONG64;
pub use mips::{MIPS, MIPSLE};
pub use mips64::{MIPS64, MIPS64LE};
pub use ppc64::{PPC64, PPC64LE};
pub use riscv64::RISCV64;
pub use s390x::S390X;

use crate::RegisterClass::{Control, General, Vector};
use crate::{Arch, RegisterInfo};

/// Every architecture there is a table for.
pub static ALL: [&Arch; 13] = [
    &AMD64, &I386, &ARM, &ARM64, &PPC64, &PPC64LE, &RISCV64, &S390X, &LOONG64, &MIPS, &MIPSLE, &MIPS64,
    &MIPS64LE,
];

/// The architecture that Go calls `name` (`GOARCH`).
pub fn by_name(name: &str) -> Option<&'static Arch> {
    ALL.into_iter().find(|arch| arch.name == name)
}

const fn general(name: &'static str, dwarf: u16, size: u8) -> RegisterInfo {
    RegisterInfo { name, dwarf: Some(dwarf), size, class: General }
}

/// A general register to which DWARF gives no number.
const fn unnumbered(name: &'static str, size: u8) -> RegisterInfo {
    RegisterInfo { name, dwarf: None, size, class: General }
}

const fn vector(name: &'static str, dwarf: u16, size: u8) -> RegisterInfo {
    RegisterInfo { name, dwarf: Some(dwarf), size, class: Vector }
}

const fn control(name: &'static str, dwarf: u16, size: u8) -> RegisterInfo {
    RegisterInfo { name, dwarf: Some(dwarf), size, class: Control }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::RegisterClass;

    #[test]
    fn tables_are_consistent() {
        let mut arches = HashSet::new();
        for arch in ALL {
            assert!(arches.insert(arch.name), "{} twice", arch.name);
            assert!(std::ptr::eq(by_name(arch.name).unwrap(), arch));
            assert!(matches!(arch.pointer_size, 4 | 8), "{}", arch.name);
            assert_eq!(arch.breakpoint.len() % usize::from(arch.min_instruction), 0, "{}", arch.name);
            assert!(usize::from(arch.pc_after_breakpoint) <= arch.breakpoint.len(), "{}", arch.name);
            assert!(arch.registers.len() <= 256, "{}: a RegisterId is one byte", arch.name);
            let mut names = HashSet::new();
            let mut numbers = HashSet::new();
            for register in arch.registers {
                let what = format!("{} {}", arch.name, register.name);
                assert!(names.insert(register.name.to_ascii_uppercase()), "{what} twice");
                if let Some(number) = register.dwarf {
                    assert!(numbers.insert(number), "{what}: DWARF {number} twice");
                    let id = arch.by_dwarf(number).unwrap();
                    assert_eq!(arch.info(id).name, register.name);
                }
                assert!(register.size > 0);
                if register.class == RegisterClass::General {
                    assert!(register.size <= arch.pointer_size, "{what}");
                }
            }
            for (alias, id) in arch.aliases {
                assert!(names.insert(alias.to_ascii_uppercase()), "{} alias {alias} twice", arch.name);
                assert_eq!(arch.by_name(alias), Some(*id));
            }
            let roles = [Some(arch.pc), Some(arch.sp), arch.fp, arch.lr, arch.g, arch.closure];
            let roles: Vec<_> = roles.into_iter().flatten().collect();
            assert_eq!(
                roles.iter().collect::<HashSet<_>>().len(),
                roles.len(),
                "{}: roles overlap",
                arch.name
            );
            for id in roles {
                let info = arch.info(id);
                assert_eq!(
                    (info.class, info.size),
                    (RegisterClass::General, arch.pointer_size),
                    "{}",
                    info.name
                );
            }
            assert_eq!(arch.call_pushes_return, arch.lr.is_none(), "{}", arch.name);
        }
    }

    #[test]
    fn amd64_roles_are_gos() {
        let name = |id| AMD64.info(id).name;
        assert_eq!([AMD64.pc, AMD64.sp].map(name), ["Rip", "Rsp"]);
        assert_eq!(AMD64.fp.map(name), Some("Rbp"));
        assert_eq!(AMD64.g.map(name), Some("R14"));
        assert_eq!(AMD64.closure.map(name), Some("Rdx"));
        assert_eq!([RFLAGS, FS_BASE, GS_BASE].map(name), ["Rflags", "Fs_base", "Gs_base"]);
        assert_eq!(AMD64.by_name("EFLAGS"), Some(RFLAGS));
    }
}
