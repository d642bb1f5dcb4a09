//! Channels, interfaces and times.

use adit_goruntime::GoTime;
use adit_process::Addr;

use crate::program::{each, number};

#[test]
fn channels_are_as_the_program_says() {
    each(|program| {
        for fact in program.facts("chan", ' ') {
            let channel = program.runtime.channel(&program.memory, Addr(number(fact[1]))).unwrap();
            assert_eq!((channel.capacity, channel.closed.to_string()), (number(fact[2]), fact[3].to_owned()));
            assert_eq!((channel.len, channel.elem_size), (number(fact[4]), 8));
            let ids = |waiters: &[adit_goruntime::Waiter]| {
                let id = |g| program.runtime.goroutine(&program.memory, g).unwrap().id.to_string();
                waiters.iter().map(|waiter| id(waiter.g)).collect::<Vec<_>>().join(",") + ";"
            };
            assert_eq!((ids(&channel.receivers), ids(&channel.senders)), (fact[5].into(), fact[6].into()));
            let elems = (0..channel.len).map(|i| program.hex(channel.element(i).unwrap(), 8));
            let told = fact[7..].iter().map(|n| format!("{:016x}.", number(n).swap_bytes()));
            assert!(elems.eq(told), "{}", fact[0]);
            assert_eq!(channel.element(channel.len), None);
        }
        let typ = program.modules.0[0].types.0;
        let _ = program.runtime.channel(&program.memory, typ);
        assert!(program.runtime.channel(&program.memory, Addr(8)).is_err());
    });
}

#[test]
fn interfaces_hold_what_the_program_says() {
    each(|program| {
        let facts = program.facts("iface", '\t');
        assert!(facts.len() > 20);
        for fact in facts {
            let at = Addr(number(fact[1]));
            let value = program.runtime.interface(&program.memory, &program.modules, at, fact[0] == "any");
            let value = value.unwrap().unwrap();
            assert_eq!(value.typ.name.as_deref(), Some(fact[2]));
            assert_eq!(program.hex(value.value, value.typ.size as usize), fact[3], "{}", fact[2]);
            let module = &program.modules.0[value.module.unwrap()];
            assert_eq!(module.type_address(value.type_offset.unwrap()), Some(value.typ.addr));
        }
        let nil = Addr(number(program.facts("nil", '\t')[0][0]));
        assert_eq!(program.runtime.interface(&program.memory, &program.modules, nil, true), Ok(None));
    });
}

#[test]
fn concrete_types_are_found_in_dwarf() {
    each(|program| {
        let dwarf = program.dwarf();
        let mut found = 0;
        for fact in program.facts("iface", '\t') {
            let at = Addr(number(fact[1]));
            let value = program.runtime.interface(&program.memory, &program.modules, at, fact[0] == "any");
            let value = value.unwrap().unwrap();
            let offsets = [value.type_offset.unwrap(), value.typ.addr.0];
            if let Some(typ) = offsets.iter().find_map(|at| dwarf.type_by_runtime_offset(*at).unwrap()) {
                assert_eq!(typ.size, value.typ.size, "{}", fact[2]);
                found += 1;
            }
        }
        assert!(found > 15, "{found}");
    });
}

#[test]
fn times_are_as_go_prints_them() {
    each(|program| {
        for fact in program.facts("time", ' ') {
            let mut bytes = [0; 16];
            adit_process::Memory::read(&program.memory, Addr(number(fact[0])), &mut bytes).unwrap();
            let word = |i: usize| u64::from_le_bytes(bytes[8 * i..][..8].try_into().unwrap());
            let time = GoTime::decode(word(0), word(1).cast_signed());
            assert_eq!(
                (time.rfc3339().as_str(), time.monotonic.is_some().to_string().as_str()),
                (fact[1], fact[2])
            );
        }
    });
}
