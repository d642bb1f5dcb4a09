//! Location specifications resolved: from what users type after `break` to addresses.

use adit_expr::{
    FunctionName, Imports, Location as Spec, MAX_CANDIDATES, Normal, PathRules, file_matches,
    function_matches, location_ambiguous, location_not_found, parse_location, without_type_arguments,
};
use adit_process::Addr;
use adit_symbols::{FileAddr, Pattern};

use crate::eval::address_in;
use crate::plugin::Module;
use crate::scope::Scope;
use crate::value::LoadConfig;
use crate::{Debugger, EngineError};

/// What pclntab has in place of an instance's type arguments, before Go 1.21: all instances go by one name.
pub(crate) const ELIDED: &str = "[...]";

/// A place in the program, with all its addresses.
#[derive(Clone, Debug, Default)]
pub struct FoundLocation {
    /// All addresses, the first one first.
    pub addrs: Vec<Addr>,
    /// Source file; empty if unknown.
    pub file: String,
    /// Line; 0 if unknown.
    pub line: u32,
    /// Name and entry of the function.
    pub function: Option<(String, Addr)>,
    /// A specification that means the same elsewhere, where the one given means the place where the program stopped.
    pub substitute: Option<String>,
}

/// Why a location was not found. The texts are those that Delve's clients know.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LocationSpecError {
    /// It matches nothing, or several places.
    #[error("{0}")]
    Spec(String),
    /// No code belongs to the line.
    #[error("could not find statement at {file}:{line}, please use a line with a statement")]
    NoStatement {
        /// The file.
        file: String,
        /// The line.
        line: u32,
    },
    /// The binary has no line table.
    #[error("could not find statement at {file}:{line}, binary is stripped")]
    Stripped {
        /// The file.
        file: String,
        /// The line.
        line: u32,
    },
    /// No such file.
    #[error("could not find file {0}")]
    NoFile(String),
    /// No such function.
    #[error("could not find function {0}\n")]
    NoFunction(String),
}

fn spec_error<T>(text: impl Into<String>) -> Result<T, LocationSpecError> {
    Err(LocationSpecError::Spec(text.into()))
}

/// What packages are called: by their paths in the binary, whose names differ from the path's end only rarely.
pub(crate) struct Packages<'a>(pub(crate) &'a Debugger);

impl Imports for Packages<'_> {
    fn is_named(&self, path: &str, name: &str) -> bool {
        self.0.image.binary.dwarf().is_ok_and(|dwarf| dwarf.has_package(path, name))
    }
}

impl Debugger {
    /// Finds a location without path substitution.
    pub fn find_location(
        &self,
        scope: Option<&Scope>,
        text: &str,
    ) -> Result<Vec<FoundLocation>, LocationSpecError> {
        self.find_location_with(scope, text, &[])
    }

    /// Finds a location. `rules` are pairs of (this side's, the client's) folders, applied to files.
    pub fn find_location_with(
        &self,
        scope: Option<&Scope>,
        text: &str,
        rules: &[[String; 2]],
    ) -> Result<Vec<FoundLocation>, LocationSpecError> {
        match parse_location(text) {
            Err(malformed) => spec_error(malformed.to_string()),
            Ok(Spec::Address(expression)) => self.find_address(scope, &expression),
            Ok(Spec::Regex(pattern)) => self.find_by_regex(&pattern),
            Ok(Spec::Offset(0)) => self.find_current(scope),
            Ok(Spec::Offset(offset)) => {
                let (file, line) = current_line(scope)?;
                let line = u32::try_from(i64::from(line).saturating_add(offset)).unwrap_or(0);
                self.find_line_here(&file, line)
            }
            Ok(Spec::Line(line)) => {
                let (file, _) = current_line(scope)?;
                let line = u32::try_from(line).unwrap_or(0);
                self.find_line_here(&file, line)
            }
            Ok(Spec::Normal(normal)) => self.find_normal(scope, text, &normal, rules),
        }
    }

    fn find_line_here(&self, file: &str, line: u32) -> Result<Vec<FoundLocation>, LocationSpecError> {
        let addrs = self.statement_addresses(file, line)?;
        let substitute = Some(format!("{file}:{line}"));
        Ok(vec![FoundLocation { substitute, ..self.location_of(addrs) }])
    }

    fn find_current(&self, scope: Option<&Scope>) -> Result<Vec<FoundLocation>, LocationSpecError> {
        match scope {
            Some(scope) if scope.has_frame() => Ok(vec![self.location_of(vec![scope.frame.pc])]),
            Some(_) => match self.check_started() {
                Err(error) => spec_error(error.to_string()),
                Ok(()) => spec_error("could not determine current location"),
            },
            None => spec_error("could not determine current location (scope is nil)"),
        }
    }

    fn find_address(
        &self,
        scope: Option<&Scope>,
        expression: &str,
    ) -> Result<Vec<FoundLocation>, LocationSpecError> {
        let number = crate::eval::parse_address(expression);
        let addr = match (number, scope) {
            (Some(addr), _) => addr,
            (None, None) => return spec_error("could not determine location (scope is nil)"),
            (None, Some(scope)) => {
                let value = self
                    .eval(scope, expression, &LoadConfig::SHORT)
                    .map_err(|error| LocationSpecError::Spec(error.to_string()))?;
                if value.kind == crate::value::Kind::FUNC {
                    let entry = Addr(value.base);
                    let addrs = vec![self.after_prologue(entry).unwrap_or(entry)];
                    return Ok(vec![FoundLocation {
                        substitute: Some(value.value),
                        ..self.location_of(addrs)
                    }]);
                }
                match address_in(&value) {
                    Some(addr) => addr,
                    None => return spec_error(format!("wrong expression kind: {}", value.type_name)),
                }
            }
        };
        Ok(vec![self.location_of(vec![addr])])
    }

    fn find_by_regex(&self, pattern: &str) -> Result<Vec<FoundLocation>, LocationSpecError> {
        let filter = Pattern::new(pattern).map_err(|error| {
            let fault = crate::source::regex_fault(&error, pattern);
            LocationSpecError::Spec(format!("invalid filter argument: {fault}"))
        })?;
        let table =
            self.image.binary.pclntab().map_err(|error| LocationSpecError::Spec(error.to_string()))?;
        let mut names = self.image.binary.functions_matching(&filter).unwrap_or_else(|| {
            let own = table.functions().map(|function| function.name());
            let all = own.chain(self.inlined_functions().keys().map(String::as_str));
            all.filter(|name| filter.matches(name)).map(str::to_owned).collect()
        });
        names.sort_unstable();
        names.dedup();
        let own = names.iter().filter_map(|name| self.pcs_of_function(name, None).ok());
        let found = own.chain(self.plugin_functions_matching(&filter));
        Ok(found.filter(|addrs| !addrs.is_empty()).map(|addrs| self.location_of(addrs)).collect())
    }

    fn find_normal(
        &self,
        scope: Option<&Scope>,
        text: &str,
        normal: &Normal,
        rules: &[[String; 2]],
    ) -> Result<Vec<FoundLocation>, LocationSpecError> {
        let files = self.matching_files(&normal.base, rules);
        let mut functions = Vec::new();
        if files.len() < MAX_CANDIDATES {
            functions = self.matching_functions(normal, MAX_CANDIDATES - files.len());
        }
        match (&files[..], &functions[..]) {
            ([], []) => match self.find_address(scope, text) {
                Ok(found) => Ok(found),
                Err(_) => match self.find_in_plugins(normal, rules)? {
                    Some(found) => Ok(vec![found]),
                    None => match self.find_foreign(text, normal, rules)? {
                        Some(found) => Ok(vec![found]),
                        None => spec_error(location_not_found(text)),
                    },
                },
            },
            ([file], []) => match normal.line {
                Some(line) => Ok(vec![self.location_of(self.statement_addresses(file, line)?)]),
                None => spec_error(adit_expr::NO_LINE_OFFSET),
            },
            ([], [function]) => {
                let addrs = self.pcs_of_function(function, normal.line).map_err(|error| match error {
                    EngineError::Location(error) => error,
                    other => LocationSpecError::Spec(other.to_string()),
                })?;
                let mut found = self.location_of(addrs);
                if let Some((name, _)) = &mut found.function {
                    // Inlined copies and instances are shown as the function that was asked for.
                    name.clone_from(function);
                }
                Ok(vec![found])
            }
            _ => {
                let candidates = files.iter().chain(&functions).map(String::as_str);
                spec_error(location_ambiguous(text, candidates))
            }
        }
    }

    /// Files that a specification may mean, as the client sees their paths.
    fn matching_files(&self, base: &str, rules: &[[String; 2]]) -> Vec<String> {
        let Ok(table) = self.image.binary.pclntab() else { return Vec::new() };
        let wanted = match base.strip_prefix("./") {
            Some(rest) => match self.image.binary.path().parent() {
                Some(directory) => directory.join(rest).display().to_string(),
                None => rest.to_owned(),
            },
            None => base.to_owned(),
        };
        let rules = PathRules::new(rules.iter().map(|[from, to]| (from.clone(), to.clone())));
        let mut found: Vec<String> = Vec::new();
        for file in table.files() {
            let seen = rules.apply(file);
            if seen == *base || seen == wanted {
                return vec![file.to_owned()];
            }
            if found.len() < MAX_CANDIDATES && file_matches(base, &seen) {
                found.push(file.to_owned());
            }
        }
        found
    }

    /// Names of functions that a specification may mean, all instances of a generic function as one.
    fn matching_functions(&self, normal: &Normal, most: usize) -> Vec<String> {
        let Ok(table) = self.image.binary.pclntab() else { return Vec::new() };
        if table.by_name(&normal.base).is_some() || !self.inlined_copies(&normal.base).is_empty() {
            return vec![normal.base.clone()];
        }
        let Some(spec) = &normal.function else { return Vec::new() };
        let packages = Packages(self);
        let mut found: Vec<String> = Vec::new();
        let indexed = self.image.binary.functions_with_base(&spec.name);
        let all: Box<dyn Iterator<Item = &str>> = match &indexed {
            Some(names) => Box::new(names.iter().map(String::as_str)),
            None => {
                let own = table.functions().map(|function| function.name());
                Box::new(own.chain(self.inlined_functions().keys().map(String::as_str)))
            }
        };
        for name in all {
            // Most names are ruled out by their last part, before they are taken apart.
            if !name.contains(spec.name.as_str()) || !function_matches(spec, name, &packages) {
                continue;
            }
            let name = without_type_arguments(name).into_owned();
            if !found.contains(&name) {
                found.push(name);
                if found.len() >= most {
                    break;
                }
            }
        }
        found
    }

    pub(crate) fn location_of(&self, addrs: Vec<Addr>) -> FoundLocation {
        let first = addrs.first().copied().unwrap_or_default();
        let place = self.source_place(first, first);
        FoundLocation {
            addrs,
            file: place.file,
            line: place.line,
            function: place.function,
            substitute: None,
        }
    }

    /// The addresses at which a breakpoint on a source line belongs, in ascending order.
    pub fn pcs_of_line(&self, file: &str, line: u32) -> Result<Vec<Addr>, EngineError> {
        Ok(self.statement_addresses(file, line)?)
    }

    fn statement_addresses(&self, file: &str, line: u32) -> Result<Vec<Addr>, LocationSpecError> {
        let table =
            self.image.binary.pclntab().map_err(|error| LocationSpecError::Spec(error.to_string()))?;
        let file = match self.known_file(file) {
            Ok(file) => file,
            Err(unknown) => match self.plugin_line(file, line) {
                None if self.is_foreign_file(file) => file.to_owned(),
                None => return Err(unknown),
                Some(addrs) if addrs.is_empty() => {
                    return Err(LocationSpecError::NoStatement { file: file.to_owned(), line });
                }
                Some(addrs) => return Ok(addrs),
            },
        };
        let executable = Module::Executable(&self.image);
        let mut addrs: Vec<Addr> = table
            .pcs_for_line(&file, line)
            .into_iter()
            .map(|pc| self.statement_address(&executable, pc, &file, line))
            .collect();
        addrs.sort_unstable();
        addrs.dedup();
        if addrs.is_empty() {
            // C code in a Go file's `import "C"` is of that file, too.
            addrs = self.foreign_line(&file, line);
        }
        if addrs.is_empty() {
            return Err(LocationSpecError::NoStatement { file, line });
        }
        Ok(addrs)
    }

    /// The path as the binary has it, if it is known exactly or by its end.
    fn known_file(&self, file: &str) -> Result<String, LocationSpecError> {
        let table =
            self.image.binary.pclntab().map_err(|error| LocationSpecError::Spec(error.to_string()))?;
        if table.files().any(|known| known == file) {
            return Ok(file.to_owned());
        }
        Err(LocationSpecError::NoFile(file.to_owned()))
    }

    /// The best address for a line in the function around `pc`, which is the first that belongs to the line: behind the
    /// prologue if that is the function's own line, and where the line program says that a statement begins.
    pub(crate) fn statement_address(&self, module: &Module<'_>, pc: FileAddr, file: &str, line: u32) -> Addr {
        let at = module.to_target(pc);
        let Some((start, end)) = self.function_range(at) else { return at };
        if at == start {
            return self.after_prologue(start).unwrap_or(at);
        }
        let Ok(dwarf) = module.binary().dwarf() else { return at };
        let rows = dwarf.line_rows(module.to_file(start), module.to_file(end)).unwrap_or_default();
        let statement = rows
            .iter()
            .find(|row| row.is_stmt && row.line == line && *row.file == *file && !row.end_sequence);
        statement.map_or(at, |row| module.to_target(row.addr))
    }

    /// The addresses at which a breakpoint on a function belongs: behind its prologue, and wherever it is inlined. With
    /// `offset`, those of the line so many lines below the function's first.
    pub fn pcs_of_function(&self, name: &str, offset: Option<u32>) -> Result<Vec<Addr>, EngineError> {
        let table = self.image.binary.pclntab()?;
        let mut entries: Vec<Addr> = Vec::new();
        if let Some(function) = table.by_name(name).filter(|_| !name.contains(ELIDED)) {
            entries.push(self.image.to_target(function.entry()));
        } else if name.contains(ELIDED) {
            let instances = table.functions().filter(|function| function.name() == name);
            entries.extend(instances.map(|instance| self.image.to_target(instance.entry())));
        } else {
            let last = FunctionName::parse(name).name.to_owned();
            for function in table.functions() {
                let other = function.name();
                if other.contains(last.as_str())
                    && other.contains('[')
                    && without_type_arguments(other) == name
                {
                    entries.push(self.image.to_target(function.entry()));
                }
            }
        }
        let mut addrs: Vec<Addr> = Vec::new();
        for entry in &entries {
            match offset {
                None | Some(0) => addrs.extend(self.after_prologue(*entry)),
                Some(offset) => addrs.extend(self.line_below(*entry, offset)?),
            }
        }
        if offset.is_none() {
            addrs.extend(self.inlined_copies(name));
        }
        if addrs.is_empty() {
            addrs = self.plugin_function(name, offset);
        }
        if addrs.is_empty() && offset.is_none_or(|offset| offset == 0) {
            addrs = self.foreign_function(name);
        }
        if addrs.is_empty() {
            return Err(LocationSpecError::NoFunction(name.to_owned()).into());
        }
        addrs.sort_unstable();
        addrs.dedup();
        // The function's own code comes first, before the places where it is inlined.
        if let Some(own) = entries.first().and_then(|entry| self.after_prologue(*entry))
            && let Some(at) = addrs.iter().position(|addr| *addr == own).filter(|_| offset.is_none())
        {
            addrs[..=at].rotate_right(1);
        }
        Ok(addrs)
    }

    fn line_below(&self, entry: Addr, offset: u32) -> Result<Option<Addr>, EngineError> {
        let Some(function) = self.function_at(entry) else { return Ok(None) };
        let Some((file, line)) = function.file_line(function.entry()) else { return Ok(None) };
        let first = function.start_line().unwrap_or(line);
        let wanted = first + offset;
        let statements = self.statements(entry)?;
        match statements.iter().find(|statement| statement.line == wanted && statement.file == file) {
            Some(statement) => Ok(Some(statement.addr)),
            None => Err(LocationSpecError::NoStatement { file: file.to_owned(), line: wanted }.into()),
        }
    }
}

fn current_line(scope: Option<&Scope>) -> Result<(String, u32), LocationSpecError> {
    let Some(scope) = scope else { return spec_error("could not determine current location (scope is nil)") };
    match &scope.frame.source {
        Some(source) if source.line != 0 => Ok((source.file.clone(), source.line)),
        _ => spec_error("could not determine current location"),
    }
}
