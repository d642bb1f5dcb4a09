//! Maps of both kinds, through each way to know their shape.

use adit_goruntime::{Fact, MapShape, Release, SlotSize};
use adit_process::Addr;
use adit_symbols::{Shape, Type};

use crate::program::{Program, each, number};

pub(crate) struct Told<'a> {
    pub(crate) name: &'a str,
    pub(crate) header: Addr,
    typ: Addr,
    pub(crate) key: SlotSize,
    pub(crate) elem: SlotSize,
    pub(crate) entries: Vec<&'a str>,
}

pub(crate) fn told(program: &Program) -> Vec<Told<'_>> {
    let of = |fact: Vec<&'_ str>| -> (u64, u64, SlotSize, SlotSize) {
        let at = |i: usize| number(fact[i]);
        (at(1), at(2), SlotSize { size: at(3), align: at(4) }, SlotSize { size: at(5), align: at(6) })
    };
    let facts = program.facts("map", ' ').into_iter().map(|fact| {
        let (header, typ, key, elem) = of(fact.clone());
        let (name, mut entries) = (fact[0], fact[7..].to_vec());
        entries.sort_unstable();
        Told { name, header: Addr(header), typ: Addr(typ), key, elem, entries }
    });
    facts.collect()
}

fn check(program: &Program, map: &Told<'_>, shape: &MapShape) {
    let (runtime, memory) = (&program.runtime, &program.memory);
    assert_eq!(runtime.map_len(memory, map.header).unwrap(), map.entries.len() as u64, "{}", map.name);
    let found = runtime.map_entries(memory, shape, map.header, 0, usize::MAX).unwrap();
    assert!(found.errors.is_empty() && !found.truncated, "{}: {:?}", map.name, found.errors);
    let text =
        |key, elem| program.hex(key, map.key.size as usize) + &program.hex(elem, map.elem.size as usize);
    let mut entries: Vec<String> = found.entries.iter().map(|entry| text(entry.key, entry.elem)).collect();
    entries.sort_unstable();
    assert_eq!(entries, map.entries, "{}", map.name);

    // Any stretch is that of the whole.
    for (start, count) in [(0, 1), (1, 3), (map.entries.len() / 2, 10), (map.entries.len(), 5)] {
        let part = runtime.map_entries(memory, shape, map.header, start as u64, count).unwrap();
        let end = (start + count).min(found.entries.len());
        assert_eq!(part.entries, found.entries[start.min(end)..end], "{} {start} {count}", map.name);
    }
}

#[test]
fn maps_hold_what_the_program_says() {
    each(|program| {
        let maps = told(program);
        assert!(maps.len() > 15);
        let layout = &program.runtime.layout;
        if layout.release < Release(24) {
            // One of the maps is in the midst of growing.
            let old = layout.of(Fact::HmapOldBuckets).unwrap().cast_signed();
            let growing =
                maps.iter().filter(|map| program.hex(map.header.offset(old), 8) != "0000000000000000.");
            assert!(growing.count() > 0);
        }
        for map in &maps {
            check(program, map, &MapShape::computed(&program.runtime.layout, map.key, map.elem).unwrap());
            let shape = program.runtime.map_shape(&program.memory, map.typ, map.key, map.elem);
            check(program, map, &shape.unwrap());
        }
    });
}

#[test]
fn dwarf_states_the_shapes() {
    each(|program| {
        let dwarf = program.dwarf();
        let mut checked = 0;
        for map in told(program) {
            let module = program.modules.of_type(map.typ).unwrap();
            // Before Go 1.22, the attribute is an address (`cmd/link/internal/ld/dwarf.go`).
            let offset = module.type_offset(map.typ).unwrap();
            let typ = [offset, map.typ.0].iter().find_map(|at| dwarf.type_by_runtime_offset(*at).unwrap());
            let Some(typ) = typ else { continue };
            let type_of = |id| dwarf.type_of(id).ok();
            let (key, elem, header) = map_parts(&typ, &type_of);
            let shape = MapShape::from_dwarf(&program.runtime.layout, key, elem, header, type_of).unwrap();
            check(program, &map, &shape);
            checked += 1;
        }
        assert!(checked > 10, "{checked}");
    });
}

fn map_parts(
    typ: &Type,
    type_of: &dyn Fn(adit_symbols::TypeId) -> Option<std::sync::Arc<Type>>,
) -> (adit_symbols::TypeId, adit_symbols::TypeId, adit_symbols::TypeId) {
    match &typ.shape {
        Shape::Typedef(of) => map_parts(&type_of(*of).unwrap(), type_of),
        Shape::Map { key, elem, header } => (*key, *elem, *header),
        other => panic!("{} is {other:?}", typ.name),
    }
}

#[test]
fn corrupt_maps_end() {
    each(|program| {
        let layout = &program.runtime.layout;
        let word = SlotSize { size: 8, align: 8 };
        let shape = MapShape::computed(layout, word, word).unwrap();
        let text = program.modules.0[0].text.0;
        // Code, type descriptors and module data make wild headers.
        for base in
            [text, program.modules.0[0].types.0, program.modules.0[0].data.0, program.modules.0[0].addr]
        {
            for step in 0..200 {
                let header = base.offset(step * 24);
                let _ = program.runtime.map_entries(&program.memory, &shape, header, 0, 100);
                if let Ok(Some(index)) = program.runtime.map_index(&program.memory, &shape, header) {
                    for hash in [0, 1, 0x0123456789abcdef, u64::MAX] {
                        let _ = index.candidates(hash);
                    }
                }
            }
        }
        assert!(program.runtime.map_entries(&program.memory, &shape, Addr(16), 0, 1).is_err());
        assert_eq!(MapShape::computed(layout, SlotSize { size: 8, align: 3 }, word), None);
    });
}
