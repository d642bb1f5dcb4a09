//! What a name means: a local variable, something of a package, a constant of the language, a register.
use std::sync::Arc;

use adit_symbols::{FileAddr, LocationError, PackageVariable, Type};

use adit_expr::constant::Constant;

use super::operand::Scalar;
use super::{EvalError, Evaluator, Operand, fail};
use crate::scope::ScopeVariable;
use crate::value::{Loader, ValueError};

/// What C code goes by as a package, as in Go's own sources.
const FOREIGN: &str = "C";

impl Evaluator<'_> {
    /// Innermost first: locals, the package, the language's constants, registers.
    pub(super) fn ident(&self, name: &str) -> Result<Operand, EvalError> {
        match self.name(name)? {
            Some(operand) => Ok(operand),
            None => fail(format!("could not find symbol value for {name}")),
        }
    }

    fn name(&self, name: &str) -> Result<Option<Operand>, EvalError> {
        if let Some(variable) = self.local(name) {
            return Ok(Some(Operand::Variable {
                name: variable.name,
                value: variable.value,
                flags: variable.flags,
            }));
        }
        // The body of a loop over a function has captured only what it uses of the function around it.
        let outer = self.debugger.range_scopes(self.scope);
        if let Some(variable) = outer.iter().find_map(|scope| self.debugger.variable_named(scope, name)) {
            return Ok(Some(Operand::Variable {
                name: variable.name,
                value: variable.value,
                flags: variable.flags,
            }));
        }
        for package in self.own_packages() {
            if let Some(found) = self.in_package(&package, name)? {
                return Ok(Some(found));
            }
        }
        Ok(match name {
            "true" => Some(Operand::Constant(Constant::Bool(true))),
            "false" => Some(Operand::Constant(Constant::Bool(false))),
            "nil" => Some(Operand::Nil),
            _ => self.register(name)?,
        })
    }

    /// The packages in which a plain name is looked up: the frame's. Without a frame, the program's main package, whose
    /// path in a plugin is another than its name.
    pub(super) fn own_packages(&self) -> Vec<String> {
        match self.scope.has_frame() {
            true => vec![self.scope.package().to_owned()],
            false => self.packages_named("main"),
        }
    }

    /// The innermost visible variable of this name.
    pub(crate) fn local(&self, name: &str) -> Option<ScopeVariable> {
        self.debugger.variable_named(self.scope, name)
    }

    /// A variable, function or constant of a package, by the package's import path.
    pub(super) fn in_package(&self, package: &str, name: &str) -> Result<Option<Operand>, EvalError> {
        let full = format!("{package}.{name}");
        if package == FOREIGN {
            return self.foreign(name, full);
        }
        let binary = &self.debugger.image().binary;
        if let Ok(dwarf) = binary.dwarf() {
            if let Some(variable) = dwarf.package_variable(&full)? {
                return self.package_variable(&variable).map(Some);
            }
            if let Some(constant) = dwarf.package_constant(&full)? {
                let ty = dwarf.type_of(
                    constant.type_id.ok_or_else(|| EvalError(format!("constant {full} has no type")))?,
                )?;
                return self.constant_of_package(constant.value, ty).map(Some);
            }
        }
        if let Some((value, ty)) = self.debugger.plugin_constant(&full) {
            return self.constant_of_package(value, ty).map(Some);
        }
        if let Some(value) = self.debugger.plugin_variable(&full) {
            return Ok(Some(Operand::Variable { name: full, value: value?, flags: 0 }));
        }
        Ok(self.function(&full))
    }

    fn constant_of_package(&self, value: i64, ty: Arc<Type>) -> Result<Operand, EvalError> {
        let value = Constant::Int(value.into());
        // Debug information says `int` of those without a type, too.
        Ok(match self.number_type(&ty)?.filter(|_| &*ty.name != "int") {
            Some(number) => Operand::Typed(Scalar::Number(value.to_number_wrapping(number)?), ty),
            None => Operand::Constant(value),
        })
    }

    /// Does a plain name mean a constant of the package?
    pub(super) fn names_constant(&self, name: &str) -> bool {
        let Ok(dwarf) = self.debugger.image().binary.dwarf() else { return false };
        self.own_packages()
            .iter()
            .any(|package| matches!(dwarf.package_constant(&format!("{package}.{name}")), Ok(Some(_))))
    }

    /// A variable or function of C.
    fn foreign(&self, name: &str, full: String) -> Result<Option<Operand>, EvalError> {
        if let Some(variable) = self.debugger.foreign_variable(name, self.scope.frame.file_pc) {
            return self.package_variable(&variable).map(Some);
        }
        let entry = self
            .debugger
            .foreign_dwarf()
            .and_then(|_| self.debugger.foreign_function(&full).first().copied());
        Ok(entry.map(|entry| Operand::Function(full, entry)))
    }

    fn package_variable(&self, variable: &PackageVariable) -> Result<Operand, EvalError> {
        let value = self.debugger.package_variable_value(variable)?;
        Ok(Operand::Variable { name: variable.name.to_string(), value, flags: 0 })
    }

    /// A register by its name in upper case, with or without underscores in front.
    pub(super) fn register(&self, name: &str) -> Result<Option<Operand>, EvalError> {
        let plain = name.trim_start_matches('_');
        if plain.is_empty() || !plain.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit()) {
            return Ok(None);
        }
        let Some(id) = self.debugger.arch().by_name(plain) else { return Ok(None) };
        let frame = &self.scope.frame.registers;
        let bytes = frame.bytes(id).or_else(|| {
            // Vector registers are read only when somebody asks, and only the topmost frame still has them.
            let thread = self.scope.thread.filter(|_| self.is_top_frame())?;
            self.debugger.target().all_registers(thread).ok()?.bytes(id)
        });
        match bytes {
            Some(bytes) => Ok(Some(Operand::Register(plain.to_owned(), bytes))),
            None => fail(format!("register {plain} is not available in this frame")),
        }
    }

    pub(super) fn is_top_frame(&self) -> bool {
        let registers = self.scope.thread.and_then(|thread| self.debugger.target().registers(thread).ok());
        registers.is_some_and(|registers| registers.pc() == self.scope.frame.pc.0)
    }
}

impl crate::Debugger {
    /// The value of a package variable.
    pub(crate) fn package_variable_value(
        &self,
        variable: &PackageVariable,
    ) -> Result<crate::value::Value, EvalError> {
        let dwarf = self.image.binary.dwarf()?;
        let ty = dwarf
            .type_of(variable.type_id.ok_or_else(|| EvalError(format!("{} has no type", variable.name)))?)?;
        let context = PackageContext { debugger: self };
        let pieces = match dwarf.evaluate(&variable.location, &[], &context) {
            Ok(pieces) => pieces,
            Err(LocationError::OptimizedOut) => return Ok(Loader::missing(ty, ValueError::OptimizedOut)),
            Err(error) => return fail(error.to_string()),
        };
        match pieces[..] {
            [adit_symbols::Piece { place: adit_symbols::PiecePlace::Memory(addr), .. }] => {
                Ok(crate::value::Value::at(ty, adit_process::Addr(addr)))
            }
            _ => Ok(Loader::missing(ty, ValueError::OptimizedOut)),
        }
    }
}

/// Package variables are where they are, whatever the frame.
struct PackageContext<'a> {
    debugger: &'a crate::Debugger,
}

impl adit_symbols::LocationContext for PackageContext<'_> {
    fn register(&self, _: u16) -> Option<u64> {
        None
    }

    fn cfa(&self) -> Option<u64> {
        None
    }

    fn read(&self, addr: u64, size: u8) -> Option<u64> {
        self.debugger.target.read_uint(adit_process::Addr(addr), usize::from(size)).ok()
    }

    fn relocate(&self, addr: FileAddr) -> u64 {
        self.debugger.image.to_target(addr).0
    }

    fn thread_local(&self, offset: u64) -> Option<u64> {
        self.debugger.thread_local_address(self.debugger.selection.thread, offset)
    }
}
