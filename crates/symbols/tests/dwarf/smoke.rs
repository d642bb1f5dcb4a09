use crate::program::{Build, each};

#[test]
fn reads_functions() {
    for build in [Build::Debug, Build::Optimized] {
        for program in each("zoo", build) {
            println!("=== {}", program.description);
            let dwarf = program.dwarf();
            for name in ["main.results", "main.outer", "main.escapes", "main.escapes.func1", "main.lists"] {
                let pc = program.symbol(name);
                let function = dwarf.function_at(pc).unwrap().unwrap();
                println!("{function:#?}");
                for v in &function.variables {
                    println!("{:?}", v.type_id.map(|id| dwarf.type_of(id).unwrap()));
                }
            }
            println!("{:#?}", dwarf.type_by_name("main.Everything").unwrap().unwrap());
            println!("{:#?}", dwarf.package_variable("main.counter").unwrap().unwrap());
        }
    }
}
