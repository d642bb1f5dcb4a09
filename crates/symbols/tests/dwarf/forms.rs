//! The same C program, its debug information in every form: what is read must be the same.

use std::collections::HashSet;
use std::fmt::Write as _;

use adit_symbols::{
    CfaRule, Dwarf, FileAddr, ForeignFunction, FunctionInfo, InlinedCall, LineRow, Location, LocationContext,
    ScopeBlock, Shape, TypeId, Variable,
};

use crate::c_programs::{CProgram, SHAPES, build};

/// A frame at some PC in which everything has a value.
struct Frame<'d> {
    dwarf: &'d Dwarf,
    pc: FileAddr,
}

const CFA: u64 = 0x10_0000;

impl LocationContext for Frame<'_> {
    fn register(&self, dwarf_number: u16) -> Option<u64> {
        // The register that the frame's address is computed from: DWARF 2's frame bases are, too.
        let row = self.dwarf.unwind_row(self.pc).unwrap();
        match row.map(|row| row.cfa) {
            Some(CfaRule::RegisterOffset { register, offset }) if register == dwarf_number => {
                CFA.checked_add_signed(-offset)
            }
            _ => Some(0x1000 + u64::from(dwarf_number)),
        }
    }
    fn cfa(&self) -> Option<u64> {
        Some(CFA)
    }
    fn read(&self, addr: u64, size: u8) -> Option<u64> {
        Some((addr ^ 0x5555) & (u64::MAX >> (64 - 8 * u32::from(size))))
    }
    fn relocate(&self, addr: FileAddr) -> u64 {
        addr.0
    }
    fn entry_value(&self, expression: &[u8]) -> Option<u64> {
        Some(expression.iter().fold(0, |sum, byte| sum * 31 + u64::from(*byte)))
    }
    fn thread_local(&self, offset: u64) -> Option<u64> {
        Some(0xf000 + offset)
    }
}

/// All that is known of a program, as text.
struct Description<'d> {
    dwarf: &'d Dwarf,
    text: String,
}

impl Description<'_> {
    fn line(&mut self, text: &str) {
        let _ = writeln!(self.text, "{text}");
    }

    fn function(&mut self, named: &ForeignFunction) {
        let function = self.dwarf.function_at(named.entry).unwrap().unwrap();
        assert_eq!(named.name, format!("C.{}", function.name));
        let file = function.decl_file.as_deref().unwrap_or("?");
        self.line(&format!(
            "{} {}..{} {file}:{} optimized {}",
            function.name, function.low, function.high, function.decl_line, function.optimized
        ));
        let rows: Vec<LineRow> = function
            .ranges
            .iter()
            .flat_map(|(low, high)| self.dwarf.line_rows(*low, *high).unwrap())
            .collect();
        for row in &rows {
            let kind = if row.end_sequence { "end" } else { "" };
            let pc = row.addr;
            self.line(&format!(" {pc} {}:{}:{} {kind}", row.file, row.line, row.column));
            if row.end_sequence {
                continue;
            }
            for frame in self.dwarf.foreign_frames(row.addr) {
                self.line(&format!("  in {} at {}:{}", frame.function, frame.file, frame.line));
            }
            self.variables(&function, &function.variables, pc);
            self.blocks(&function, &function.blocks, pc);
            self.calls(&function, &function.inlined, pc);
        }
        for call in &function.call_sites {
            let callee = call.callee.as_deref().unwrap_or("?");
            self.line(&format!(" calls {callee} from {} tail {}", call.return_pc, call.tail_call));
            for parameter in &call.parameters {
                let pc = FileAddr(call.return_pc.0 - 1);
                let frame_base = function.frame_base_at(pc);
                let value =
                    self.dwarf.evaluate(&parameter.value, frame_base, &Frame { dwarf: self.dwarf, pc });
                self.line(&format!("  with {:x?} {value:x?}", parameter.location));
            }
        }
    }

    fn variables(&mut self, function: &FunctionInfo, variables: &[Variable], pc: FileAddr) {
        for variable in variables {
            let type_name = variable.type_id.map(|id| self.dwarf.type_of(id).unwrap().name.to_string());
            let place = match &variable.location {
                Location::Const(value) => format!("{value:?}"),
                location => match variable.location_at(pc) {
                    Some(expression) => {
                        let base = function.frame_base_at(pc);
                        let pieces = self.dwarf.evaluate(expression, base, &Frame { dwarf: self.dwarf, pc });
                        let pointee =
                            self.dwarf.implicit_pointee(expression, base, &Frame { dwarf: self.dwarf, pc });
                        let pointee =
                            pointee.ok().flatten().map(|(to, offset)| format!("{}+{offset}", to.name));
                        format!("{pieces:x?} {}", pointee.unwrap_or_default())
                    }
                    None => format!("nowhere {}", matches!(location, Location::List(_))),
                },
            };
            self.line(&format!(
                "  {:?} {} {type_name:?} line {} {place}",
                variable.kind, variable.name, variable.decl_line
            ));
        }
    }

    fn blocks(&mut self, function: &FunctionInfo, blocks: &[ScopeBlock], pc: FileAddr) {
        for block in blocks.iter().filter(|block| block.contains(pc)) {
            self.line("  {");
            self.variables(function, &block.variables, pc);
            self.blocks(function, &block.blocks, pc);
            self.line("  }");
        }
    }

    fn calls(&mut self, function: &FunctionInfo, calls: &[InlinedCall], pc: FileAddr) {
        for call in calls.iter().filter(|call| call.contains(pc)) {
            let file = call.call_file.as_deref().unwrap_or("?");
            self.line(&format!("  {} from {file}:{}:{} {{", call.name, call.call_line, call.call_column));
            self.variables(function, &call.variables, pc);
            self.blocks(function, &call.blocks, pc);
            self.calls(function, &call.inlined, pc);
            self.line("  }");
        }
    }

    fn type_named(&mut self, name: &str) {
        let found = self.dwarf.type_by_name(name).unwrap();
        let Some(found) = found else { return self.line(&format!("no type {name}")) };
        self.line(&format!("type {name} is {} of {} bytes", found.name, found.size));
        let resolved = self.dwarf.resolve(found.id).unwrap();
        self.members(resolved.id, 1);
    }

    fn members(&mut self, id: TypeId, depth: usize) {
        let found = self.dwarf.resolve(id).unwrap();
        let indent = " ".repeat(depth);
        match &found.shape {
            Shape::Struct(fields) | Shape::Union(fields) => {
                for field in fields {
                    let of = self.dwarf.type_of(field.type_id).unwrap();
                    let (name, offset, size) = (&field.name, field.offset, of.size);
                    self.line(&format!(
                        "{indent}{name} {} at {offset} size {size} {:?}",
                        of.name, field.bits
                    ));
                    if field.embedded {
                        self.members(field.type_id, depth + 1);
                    }
                }
            }
            Shape::Enum(values) => self.line(&format!("{indent}{values:?}")),
            _ => {}
        }
    }
}

const TYPES: [&str; 7] =
    ["struct shape", "shape_t", "struct node", "enum kind", "struct pair", "shape_ref", "int64_t"];

fn describe(program: &CProgram) -> String {
    let binary = program.binary();
    let dwarf = binary.dwarf().unwrap();
    let mut description = Description { dwarf, text: String::new() };
    for function in dwarf.foreign_functions() {
        description.function(function);
    }
    for name in TYPES {
        description.type_named(name);
    }
    for variable in dwarf.package_variables().unwrap() {
        let place = dwarf.evaluate(&variable.location, &[], &Frame { dwarf, pc: FileAddr(0) }).unwrap();
        let of = dwarf.type_of(variable.type_id.unwrap()).unwrap();
        let file = variable.decl_file.as_deref().unwrap_or("?");
        description.line(&format!("{} {} {file}:{} {place:x?}", variable.name, of.name, variable.decl_line));
    }
    description.text
}

/// Lines that one of two descriptions lacks.
fn difference(base: &[&str], other: &[&str]) -> String {
    let missing = |from: &[&str], of: &[&str], sign: char| -> String {
        let known: HashSet<&str> = of.iter().copied().collect();
        let lines = from.iter().filter(|line| !known.contains(*line)).take(12);
        lines.map(|line| format!("{sign}{line}\n")).collect()
    };
    missing(base, other, '-') + &missing(other, base, '+')
}

#[track_caller]
fn assert_same(base: &str, program: &CProgram) {
    assert!(!base.contains("no type"), "{base}");
    let other = describe(program);
    let is_split = program.description.contains("gcc") && program.description.contains("-gsplit-dwarf");
    let [base, other] = [base, &other].map(|text| {
        text.lines()
            .filter_map(|line| match line {
                // gcc gives split units the address of a thread-local variable's initial value for its offset, and null for
                // the target of a pointer that is nowhere.
                line if is_split && line.starts_with("per_thread") => None,
                line if is_split => Some(line.trim_end_matches("p+0")),
                line => Some(line),
            })
            .collect::<Vec<_>>()
    });
    assert!(base == other, "{}:\n{}", program.description, difference(&base, &other));
}

/// Builds the program with `base` and then with each of `variants` instead of the first's last flags; all must read the
/// same.
fn assert_forms_agree(compiler: &[&str], base: &[&str], variants: &[&[&str]]) {
    let Some(first) = build(&[compiler, base].concat(), SHAPES, &[]) else { return };
    let expected = describe(&first);
    assert!(expected.lines().count() > 500, "{expected}");
    for flags in variants {
        let link: Vec<&str> = flags.iter().copied().filter(|flag| flag.starts_with("-gz")).collect();
        if let Some(program) = build(&[compiler, flags].concat(), SHAPES, &link) {
            assert_same(&expected, &program);
        }
    }
}

#[test]
fn gcc_programs_read_the_same_in_every_form() {
    let variants: [&[&str]; 11] = [
        &["-gdwarf-4"],
        &["-gdwarf-3"],
        &["-gdwarf-2"],
        &["-gdwarf-5", "-gdwarf64"],
        &["-gdwarf-4", "-gdwarf64"],
        &["-gdwarf-5", "-fdebug-types-section"],
        &["-gdwarf-4", "-fdebug-types-section"],
        &["-gdwarf-5", "-gz=zlib"],
        &["-gdwarf-5", "-gz=zlib-gnu"],
        &["-gdwarf-5", "-gsplit-dwarf"],
        &["-gdwarf-5", "-gsplit-dwarf", "-fdebug-types-section"],
    ];
    for level in ["-O0", "-O2"] {
        assert_forms_agree(&["gcc", "-g", level], &["-gdwarf-5"], &variants);
    }
    // Optimised, this form's location lists end two bytes early.
    assert_forms_agree(&["gcc", "-g", "-O0"], &["-gdwarf-5"], &[&["-gdwarf-4", "-gsplit-dwarf"]]);
}

#[test]
fn clang_programs_read_the_same_in_every_form() {
    let variants: [&[&str]; 6] = [
        &["-gdwarf-4"],
        &["-gdwarf-5", "-gdwarf64"],
        &["-gdwarf-5", "-fdebug-types-section"],
        &["-gdwarf-5", "-gsplit-dwarf"],
        &["-gdwarf-4", "-gsplit-dwarf"],
        &["-gdwarf-5", "-gpubnames", "-glldb"],
    ];
    for level in ["-O0", "-O2"] {
        assert_forms_agree(&["clang", "-g", level], &["-gdwarf-5"], &variants);
    }
}

/// Builds the program, and what it reads as before and after each tool's work.
fn assert_unchanged_by(command: &[&str], tools: &[&[&str]]) {
    let Some(mut program) = build(command, SHAPES, &[]) else { return };
    let expected = describe(&program);
    for tool in tools {
        if !program.transform(tool) {
            return;
        }
    }
    assert_same(&expected, &program);
}

#[test]
fn tools_change_nothing_that_is_read() {
    assert_unchanged_by(&["gcc", "-g", "-O2"], &[&["objcopy", "--compress-debug-sections=zstd", "program"]]);
    for version in ["-gdwarf-4", "-gdwarf-5"] {
        assert_unchanged_by(&["gcc", "-g", version, "-O2"], &[&["dwz", "program"]]);
        assert_unchanged_by(&["gcc", "-g", version, "-O0"], &[&["dwz", "program"]]);
    }
    // A package of the split files, which then are gone. GNU's packager knows no DWARF 5.
    let package: [&[&str]; 2] =
        [&["dwp", "-o", "program.dwp", "main.c.dwo", "other.c.dwo"], &["rm", "main.c.dwo", "other.c.dwo"]];
    for types in ["-fno-debug-types-section", "-fdebug-types-section"] {
        assert_unchanged_by(&["gcc", "-g", "-gdwarf-4", "-O2", "-gsplit-dwarf", types], &package);
    }
    let package: [&[&str]; 2] = [
        &["llvm-dwp", "-o", "program.dwp", "main.c.dwo", "other.c.dwo"],
        &["rm", "main.c.dwo", "other.c.dwo"],
    ];
    for types in ["-fno-debug-types-section", "-fdebug-types-section"] {
        assert_unchanged_by(&["clang", "-g", "-gdwarf-5", "-O2", "-gsplit-dwarf", types], &package);
    }
}

#[test]
fn supplementary_files() {
    for version in ["-gdwarf-4", "-gdwarf-5"] {
        let tools: [&[&str]; 2] =
            [&["cp", "program", "twin"], &["dwz", "-m", "shared.debug", "program", "twin"]];
        assert_unchanged_by(&["gcc", "-g", version, "-O2"], &tools);
    }
}

#[test]
fn a_supplementary_file_that_is_gone() {
    let Some(mut program) = build(&["gcc", "-g", "-gdwarf-4", "-O2"], SHAPES, &[]) else { return };
    let heavy = |program: &CProgram| {
        let binary = program.binary();
        let functions = binary.dwarf().unwrap().foreign_functions();
        functions.iter().find(|function| function.name == "C.heavy").unwrap().entry
    };
    let heavy = heavy(&program);
    let tools: [&[&str]; 3] = [
        &["cp", "program", "twin"],
        &["dwz", "-m", "shared.debug", "program", "twin"],
        &["rm", "shared.debug"],
    ];
    if !tools.iter().all(|tool| program.transform(tool)) {
        return;
    }
    let binary = program.binary();
    let dwarf = binary.dwarf().unwrap();
    let link = dwarf.supplementary_link().unwrap();
    assert!(link.path.ends_with("shared.debug") && link.id.len() == 20, "{link:?}");
    let error = dwarf.function_at(heavy).unwrap_err().to_string();
    assert!(error.starts_with("debug information that is shared with other programs is in "), "{error}");
    assert!(error.ends_with("shared.debug, which was not found"), "{error}");
    // Lines are the program's own.
    assert!(!dwarf.line_rows(heavy, FileAddr(heavy.0 + 1)).unwrap().is_empty());
}
