//! Packages, and their variables and constants.

use std::sync::Arc;

use gimli::constants as dw;
use gimli::{AttributeValue, DwTag};

use super::Dwarf;
use super::entry::{Entry as Die, block};
use super::skim::{Named, TopLevel, name_hash};
use super::units::UnitRef;
use crate::index::{Damaged, Entry, List, Table};
use crate::{NameKind, Pattern, SymbolError, TypeId};

/// A variable of a package, or a global variable of C.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PackageVariable {
    /// Full name: `main.counter`.
    pub name: Arc<str>,
    /// Its type.
    pub type_id: Option<TypeId>,
    /// The location expression.
    pub location: Vec<u8>,
    /// Where it is declared, if recorded (Go records neither).
    pub decl_file: Option<Arc<str>>,
    /// Line of its declaration; 0 if unknown.
    pub decl_line: u32,
}

/// A named constant of a package. Only integers are recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PackageConstant {
    /// Full name: `time.Second`.
    pub name: Arc<str>,
    /// Its type.
    pub type_id: Option<TypeId>,
    /// Its value.
    pub value: i64,
}

impl Dwarf {
    /// The variable with this full name. Only the unit of its package is read, if there is one by the name's
    /// package; else all.
    pub fn package_variable(&self, name: &str) -> Result<Option<PackageVariable>, SymbolError> {
        let found = self.find(name, dw::DW_TAG_variable, |top| &top.variables)?;
        Ok(found.and_then(|at| self.variable_at(at)))
    }

    /// All variables of all packages (and of C code), sorted by name.
    pub fn package_variables(&self) -> Result<Vec<PackageVariable>, SymbolError> {
        self.package_variables_where(|table| (0..table.len()).map(|number| table.get(number)).collect())
    }

    /// The variables of all packages (and of C code) whose full names match, sorted by name.
    pub fn package_variables_matching(&self, pattern: &Pattern) -> Result<Vec<PackageVariable>, SymbolError> {
        self.package_variables_where(|table| table.matching(pattern))
    }

    fn package_variables_where(
        &self,
        find: impl for<'t> Fn(Table<'t>) -> Result<Vec<Entry<'t>>, Damaged>,
    ) -> Result<Vec<PackageVariable>, SymbolError> {
        let entries = self.ask_names(|index| {
            let found = find(index.table(NameKind::Variable))?;
            Ok(found.into_iter().map(|(_, at)| at).collect::<Vec<u64>>())
        })?;
        let mut variables: Vec<PackageVariable> =
            entries.into_iter().filter_map(|at| self.variable_at(at as usize)).collect();
        variables.sort_by(|a, b| (&a.name, &a.location).cmp(&(&b.name, &b.location)));
        Ok(variables)
    }

    /// The constant with this full name.
    pub fn package_constant(&self, name: &str) -> Result<Option<PackageConstant>, SymbolError> {
        let found = self.find(name, dw::DW_TAG_constant, |top| &top.constants)?;
        Ok(found.and_then(|at| self.constant_at(at)))
    }

    /// All constants of a type, in the order of their declaration in the debug information.
    pub fn constants_of_type(&self, id: TypeId) -> Result<Vec<PackageConstant>, SymbolError> {
        let entries = self.ask_names(|index| index.listed(List::ConstantsByType, id.0))?;
        Ok(entries.into_iter().filter_map(|at| self.constant_at(at as usize)).collect())
    }

    /// (import path, package name) of all Go packages in the program, sorted. Kept: conditions that name a package ask
    /// at each hit.
    pub fn packages(&self) -> &[(Arc<str>, Arc<str>)] {
        self.packages.get_or_init(|| self.read_packages())
    }

    fn read_packages(&self) -> Vec<(Arc<str>, Arc<str>)> {
        let all = self.ask_names(|index| {
            let table = index.packages();
            let entries = (0..table.len()).map(|number| Ok(table.get(number)?.0));
            let texts = entries.map(|name| name.map(|name| String::from_utf8_lossy(name).into_owned()));
            texts.collect::<Result<Vec<String>, Damaged>>()
        });
        let all = all.unwrap_or_default();
        let pairs = all.iter().filter_map(|text| text.split_once('\n'));
        let mut packages: Vec<_> = pairs.map(|(path, name)| (Arc::from(path), Arc::from(name))).collect();
        // A package's assembly is a unit of its own, and may lack the package's name.
        packages.sort_by(|a: &(Arc<str>, Arc<str>), b| a.0.cmp(&b.0).then_with(|| b.1.cmp(&a.1)));
        packages.dedup_by(|later, first| later.0 == first.0);
        packages
    }

    /// Does the program have a Go package with this import path and name?
    pub fn has_package(&self, path: &str, name: &str) -> bool {
        let both = format!("{path}\n{name}");
        self.ask_names(|index| index.packages().named(both.as_bytes())).is_ok_and(|found| !found.is_empty())
    }

    /// The entry with this tag and full name: in the units of the name's package if there are any, else anywhere.
    fn find(
        &self,
        name: &str,
        tag: DwTag,
        of_unit: impl Fn(&TopLevel) -> &Vec<Named>,
    ) -> Result<Option<usize>, SymbolError> {
        let kind = if tag == dw::DW_TAG_variable { NameKind::Variable } else { NameKind::Constant };
        let is_it = |at: &usize| self.unit_of(*at).is_ok_and(|unit| is_entry(&unit, *at, tag, name));
        if let Some(entries) = self.entries_named_if_ready(kind, name) {
            return Ok(entries.into_iter().find(is_it));
        }
        let package = package_of(name);
        let mut units = self
            .units()
            .list
            .iter()
            .filter(|unit| unit.root.as_ref().is_ok_and(|root| root.is_go && *root.name == *package));
        let mut is_known = false;
        let mut failure = None;
        let found = units.find_map(|info| {
            is_known = true;
            let hash = name_hash(name.as_bytes());
            match self.unit(info).and_then(|unit| info.top(&unit).map(|top| (unit, of_unit(top)))) {
                Ok((unit, list)) => list
                    .iter()
                    .filter(|named| named.hash == hash)
                    .map(|named| named.entry as usize)
                    .find(|&at| is_entry(&unit, at, tag, name)),
                Err(error) => {
                    failure = Some(error);
                    None
                }
            }
        });
        if is_known {
            return match (found, failure) {
                (None, Some(error)) => Err(error),
                _ => Ok(found),
            };
        }
        Ok(self.entries_named(kind, name)?.into_iter().find(is_it))
    }

    fn variable_at(&self, at: usize) -> Option<PackageVariable> {
        let unit = self.unit_of(at).ok()?;
        let entry = unit.entry(at).ok()?;
        // C's definition of a variable that was declared before leaves the rest to the declaration.
        let location = entry.value(dw::DW_AT_location)?;
        let location = unit.linked(block(&location)?);
        let line = |entry: &Die<'_>| {
            entry.unsigned(dw::DW_AT_decl_line).and_then(|line| u32::try_from(line).ok()).unwrap_or(0)
        };
        let (decl_file, decl_line) = (self.file_of(&unit, &entry, dw::DW_AT_decl_file), line(&entry));
        let (unit, described) = match self.reference(&unit, &entry, dw::DW_AT_specification) {
            Some(at) => {
                let unit = self.unit_of(at).ok()?;
                let declaration = unit.entry(at).ok()?;
                (unit, declaration)
            }
            None => (unit, entry),
        };
        Some(PackageVariable {
            name: unit.text(&described, dw::DW_AT_name)?.as_ref().into(),
            type_id: self.reference(&unit, &described, dw::DW_AT_type).map(|at| TypeId(at as u64)),
            location,
            decl_file: decl_file.or_else(|| self.file_of(&unit, &described, dw::DW_AT_decl_file)),
            decl_line: if decl_line == 0 { line(&described) } else { decl_line },
        })
    }

    fn constant_at(&self, at: usize) -> Option<PackageConstant> {
        let unit = self.unit_of(at).ok()?;
        let entry = unit.entry(at).ok()?;
        Some(PackageConstant {
            name: unit.text(&entry, dw::DW_AT_name)?.as_ref().into(),
            type_id: self.reference(&unit, &entry, dw::DW_AT_type).map(|at| TypeId(at as u64)),
            value: entry.signed(dw::DW_AT_const_value)?,
        })
    }
}

fn is_entry(unit: &UnitRef<'_>, at: usize, tag: DwTag, name: &str) -> bool {
    let Ok(entry) = unit.entry(at) else { return false };
    entry.tag == tag && entry_name_is(unit, &entry, name)
}

fn entry_name_is<'a>(unit: &UnitRef<'a>, entry: &Die<'a>, name: &str) -> bool {
    match entry.value(dw::DW_AT_name) {
        Some(value @ AttributeValue::String(_)) => unit.raw_text(value) == Some(name.as_bytes()),
        Some(_) => unit.text(entry, dw::DW_AT_name).as_deref() == Some(name),
        None => match unit.reference(entry, dw::DW_AT_specification) {
            Some(super::entry::Reference::Entry(at)) => unit.name_at(at) == Some(name.as_bytes()),
            _ => false,
        },
    }
}

/// The import path in a symbol's full name: up to the first dot after the last slash. The linker escapes what
/// would be ambiguous there (`cmd/internal/objabi/path.go`).
fn package_of(name: &str) -> String {
    let head = name.split(['[', '(']).next().unwrap_or(name);
    let slash = head.rfind('/').map_or(0, |slash| slash + 1);
    let end = head[slash..].find('.').map_or(head.len(), |dot| slash + dot);
    unescape(&name[..end])
}

fn unescape(path: &str) -> String {
    if !path.contains('%') {
        return path.to_owned();
    }
    let mut plain = Vec::with_capacity(path.len());
    let mut rest = path.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        let digits = after.get(..2).and_then(|digits| std::str::from_utf8(digits).ok());
        match digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(escaped) if byte == b'%' => {
                plain.push(escaped);
                rest = &after[2..];
            }
            _ => {
                plain.push(byte);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&plain).into_owned()
}

#[cfg(test)]
mod tests {
    use super::package_of;

    #[test]
    fn finds_the_package_in_a_full_name() {
        assert_eq!(package_of("main.counter"), "main");
        assert_eq!(package_of("gopkg.in/yaml%2ev3.Node"), "gopkg.in/yaml.v3");
        assert_eq!(package_of("example.com/a/b.(*T).m"), "example.com/a/b");
        assert_eq!(package_of("main.Map[go.shape.int,a/b.T]"), "main");
    }
}
