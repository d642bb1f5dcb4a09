//! Bytes that no assembler wrote: whatever they are, nothing panics and what comes out stays in bounds.

use adit_arch::disasm::{Flavor, decode, text};
use adit_arch::displaced::{Plan, Words, displace, emulate, mend, plan};
use adit_arch::{ALL, RegisterId, Registers, prologue};

/// Memory that answers every other access, from anywhere.
struct Fickle(u64);

impl Words for Fickle {
    fn load(&self, addr: u64, buf: &mut [u8]) -> bool {
        buf.fill(addr as u8);
        addr.is_multiple_of(2)
    }

    fn store(&mut self, addr: u64, _: &[u8]) -> bool {
        self.0 += 1;
        addr.is_multiple_of(2)
    }
}

#[test]
fn random_bytes_never_panic() {
    let mut state = 0x853c_49e6_748f_ea9b_u64;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state
    };
    let symbol = |addr: u64| addr.is_multiple_of(3).then(|| ("main.main".to_string(), addr % 7));
    for round in 0..60_000 {
        let arch = ALL[if round % 4 == 0 { next() as usize % ALL.len() } else { round % 2 }];
        let mut code: Vec<u8> = (0..next() % 40).map(|_| next() as u8).collect();
        if let (0, Some(first)) = (round % 3, code.first_mut()) {
            *first = [0x0f, 0x62, 0xc4, 0xc5, 0x48, 0x66, 0xf2, 0xf3, 0x64, 0x67, 0xf0, 0xff]
                [next() as usize % 12];
        }
        let addr = [next(), 0, u64::MAX, 0x40_1000][round % 4];
        let decoded = decode(arch, addr, &code);
        assert!(decoded.is_none_or(|i| i.addr == addr && (1..=15).contains(&i.len) && i.len <= code.len()));
        for flavor in [Flavor::Gnu, Flavor::Intel, Flavor::Go] {
            assert!(!text(arch, addr, &code, flavor, &symbol).is_empty());
        }
        assert!(prologue::end(arch, addr, &code) <= code.len());
        let mut registers = Registers::new(arch);
        for id in 0..arch.registers.len() {
            if next() % 16 != 0 {
                registers.set(RegisterId(id as u8), next());
            }
        }
        registers.set_pc(addr);
        let mut memory = Fickle(0);
        let before = format!("{registers:?}");
        if !emulate(&code, &mut registers, &mut memory) {
            assert_eq!(format!("{registers:?}"), before, "a failed emulation changed something");
        }
        assert!(memory.0 <= 1, "memory is written at most once");
        for plan in [plan(arch, addr, &code, next()), displace(arch, addr, &code, next())] {
            if let Plan::Displace { code: copy, fixup } = plan {
                assert!(copy.len() <= 16 && usize::from(fixup.len) <= code.len());
                registers.set_pc(fixup.scratch.wrapping_add(next() % 20));
                mend(&fixup, &mut registers, &mut memory);
            }
        }
    }
}

#[test]
fn random_words_of_every_set_stay_in_bounds() {
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let symbol = |addr: u64| addr.is_multiple_of(3).then(|| ("main.main".to_string(), addr % 7));
    for arch in ALL {
        for round in 0..4_000_u64 {
            state = state.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(0x1405_7b7e_f767_814f);
            let bytes = (state >> 8).to_le_bytes();
            let code = &bytes[..round as usize % 8];
            let addr = [state, 0, u64::MAX, 0x40_1000][round as usize % 4];
            let decoded = decode(arch, addr, code);
            assert!(decoded.is_none_or(|i| i.addr == addr && (1..=code.len()).contains(&i.len)));
            for flavor in [Flavor::Gnu, Flavor::Intel, Flavor::Go] {
                assert!(!text(arch, addr, code, flavor, &symbol).is_empty());
            }
            assert!(prologue::end(arch, addr, code) <= code.len());
        }
    }
}

#[test]
fn what_looks_at_its_place_is_lifted() {
    let amd64 = adit_arch::by_name("amd64").unwrap();
    let lifted: [&[u8]; 16] = [
        &[0x0f, 0x05],             // syscall
        &[0x0f, 0x34],             // sysenter
        &[0xcd, 0x80],             // int 0x80
        &[0xcc],                   // int3
        &[0xf1],                   // int1
        &[0xcf],                   // iret
        &[0x48, 0xcf],             // iretq
        &[0xcb],                   // retf
        &[0xff, 0x1c, 0x24],       // call far [rsp]
        &[0xff, 0x2c, 0x24],       // jmp far [rsp]
        &[0xf4],                   // hlt
        &[0x0f, 0x0b],             // ud2
        &[0xc7, 0xf8, 0, 0, 0, 0], // xbegin
        &[0x8e, 0xd0],             // mov ss, eax
        &[0x06],                   // no instruction
        &[0x48, 0x8b],             // cut off
    ];
    for code in lifted {
        assert_eq!(plan(amd64, 0x1000, code, 0x2000), Plan::Lift, "{code:02x?}");
        assert_eq!(displace(amd64, 0x1000, code, 0x2000), Plan::Lift, "{code:02x?}");
    }
    // addsd xmm0, [rip+0x10]: its operand can be reached from nearby only.
    let relative = [0xf2, 0x0f, 0x58, 0x05, 0x10, 0, 0, 0];
    let Plan::Displace { code, .. } = plan(amd64, 0x1000, &relative, 0x3000) else { panic!("near enough") };
    assert_eq!(code, [0xf2, 0x0f, 0x58, 0x05, 0x10, 0xe0, 0xff, 0xff]);
    assert_eq!(plan(amd64, 0x1000, &relative, 1 << 40), Plan::Lift);
}
