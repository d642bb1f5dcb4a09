//! Type descriptors, against package reflect.

use adit_goruntime::{RuntimeShape, RuntimeType};
use adit_process::Addr;

use crate::program::{Program, each, number};

fn name(program: &Program, addr: Addr) -> String {
    program.runtime.runtime_type(&program.memory, &program.modules, addr).unwrap().name.unwrap()
}

/// What the program prints of a type's parts.
fn parts(program: &Program, typ: &RuntimeType) -> String {
    let name = |addr| name(program, addr);
    match program.runtime.runtime_shape(&program.memory, &program.modules, typ).unwrap() {
        RuntimeShape::Basic => String::new(),
        RuntimeShape::Array { elem, count } => format!("{};{count}", name(elem)),
        RuntimeShape::Chan { elem, direction } => format!("{};{direction}", name(elem)),
        RuntimeShape::Pointer { elem } | RuntimeShape::Slice { elem } => name(elem),
        RuntimeShape::Map { key, elem } => format!("{};{}", name(key), name(elem)),
        RuntimeShape::Func { params, results, variadic } => {
            let list = |types: Vec<Addr>| types.into_iter().map(|typ| name(typ) + ";").collect::<String>();
            format!("{}->{}{variadic}", list(params), list(results))
        }
        RuntimeShape::Struct(fields) => {
            let field = |f: adit_goruntime::RuntimeField| {
                format!("{}:{}:{}:{};", f.name, name(f.typ), f.offset, f.embedded)
            };
            fields.into_iter().map(field).collect()
        }
        RuntimeShape::Interface { methods } => {
            methods.into_iter().map(|(method, typ)| format!("{method}:{};", name(typ.unwrap()))).collect()
        }
    }
}

#[test]
fn descriptors_say_what_reflect_says() {
    each(|program| {
        let facts = program.facts("type", '\t');
        assert!(facts.len() > 18);
        for fact in facts {
            let at = Addr(number(fact[0]));
            let typ = program.runtime.runtime_type(&program.memory, &program.modules, at).unwrap();
            assert_eq!(typ.name.as_deref(), Some(fact[1]));
            // reflect names the package of defined types only, and of unsafe.Pointer.
            let package = program.runtime.runtime_package(&program.memory, &program.modules, &typ).unwrap();
            assert_eq!(if typ.named { package.unwrap_or_default() } else { String::new() }, fact[2]);
            assert_eq!(u64::from(typ.kind.0), number(fact[3]));
            assert_eq!((typ.size, u64::from(typ.align)), (number(fact[4]), number(fact[5])));
            assert_eq!(parts(program, &typ), fact[6], "{}", fact[1]);
            let methods = program.runtime.runtime_methods(&program.memory, &program.modules, &typ).unwrap();
            let names: String = methods.iter().map(|method| method.name.clone() + ";").collect();
            assert_eq!(names, fact[7], "{}", fact[1]);
            for code in methods.iter().filter_map(|method| method.code) {
                assert!(program.modules.of_pc(code).is_some());
            }
        }
    });
}

#[test]
fn garbage_is_no_type() {
    each(|program| {
        let module = &program.modules.0[0];
        for base in [module.text.0, module.data.0, module.types.0] {
            for step in 0..2000 {
                let at = base.offset(step * 8);
                let Ok(typ) = program.runtime.runtime_type(&program.memory, &program.modules, at) else {
                    continue;
                };
                let _ = program.runtime.runtime_shape(&program.memory, &program.modules, &typ);
                let _ = program.runtime.runtime_methods(&program.memory, &program.modules, &typ);
            }
        }
    });
}
