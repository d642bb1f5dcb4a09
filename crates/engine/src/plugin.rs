//! Go plugins (`go build -buildmode=plugin`): Go code that the program loads while it runs. Their functions, files and
//! lines are found as the executable's are, and breakpoints on what is not loaded yet are set when it is.

use std::collections::BTreeSet;
use std::rc::Rc;

use adit_expr::{
    FunctionName, MAX_CANDIDATES, Normal, PathRules, file_matches, function_matches, without_type_arguments,
};
use adit_goruntime::functions::PLUGIN_OPEN;
use adit_process::Addr;
use adit_symbols::{Binary, FileAddr, Function, Pattern};

use crate::breakpoint::{Breakpoint, Owner};
use crate::image::Image;
use crate::library::Library;
use crate::location::{FoundLocation, LocationSpecError, Packages};
use crate::{Debugger, EngineError};

/// Where the runtime knows a plugin that it has mapped, and has not run any of its code yet (`runtime/plugin.go`).
const REGISTERED: &str = "plugin.lastmoduleinit";

/// What holds code: the executable, or a library.
pub(crate) enum Module<'a> {
    Executable(&'a Image),
    Library(Rc<Library>),
}

impl Module<'_> {
    pub(crate) fn binary(&self) -> &Binary {
        match self {
            Module::Executable(image) => &image.binary,
            Module::Library(library) => &library.binary,
        }
    }

    pub(crate) fn to_file(&self, addr: Addr) -> FileAddr {
        match self {
            Module::Executable(image) => image.to_file(addr),
            Module::Library(library) => library.to_file(addr),
        }
    }

    pub(crate) fn to_target(&self, addr: FileAddr) -> Addr {
        match self {
            Module::Executable(image) => image.to_target(addr),
            Module::Library(library) => library.to_target(addr),
        }
    }

    /// The Go function around `pc`.
    pub(crate) fn function(&self, pc: Addr) -> Option<Function<'_>> {
        self.binary().pclntab().ok()?.find(self.to_file(pc))
    }
}

impl Debugger {
    /// What holds the Go code at `pc`; the executable if nothing does.
    pub(crate) fn module_at(&self, pc: Addr) -> Module<'_> {
        let executable = Module::Executable(&self.image);
        if self.not_started.is_some() || executable.function(pc).is_some() {
            return executable;
        }
        match self.image.libraries.at(&self.target, pc) {
            Some(library) if library.binary.pclntab().is_ok() => Module::Library(library),
            _ => executable,
        }
    }

    /// Does something with the Go function at `pc`, of the executable or a plugin.
    pub(crate) fn with_function<T>(&self, pc: Addr, with: impl FnOnce(&Function<'_>) -> T) -> Option<T> {
        self.module_at(pc).function(pc).map(|function| with(&function))
    }

    /// The plugins that are loaded.
    pub(crate) fn plugins(&self) -> Vec<Rc<Library>> {
        if !self.loads_plugins() {
            return Vec::new();
        }
        // A plugin's file may have any name.
        let mappings = self.target.mappings().unwrap_or_default();
        let code = mappings.iter().filter(|mapping| mapping.executable && mapping.path.starts_with('/'));
        let own = |library: &Library| library.binary.path() == self.image.binary.path();
        let mut found: Vec<Rc<Library>> = Vec::new();
        for library in code.filter_map(|mapping| self.image.libraries.at(&self.target, mapping.start)) {
            let known = found.iter().any(|other| Rc::ptr_eq(other, &library));
            if !known && !own(&library) && library.binary.pclntab().is_ok() {
                found.push(library);
            }
        }
        found
    }

    /// A place in a plugin, as [`Debugger::find_location`] finds it in the executable.
    pub(crate) fn find_in_plugins(
        &self,
        normal: &Normal,
        rules: &[[String; 2]],
    ) -> Result<Option<FoundLocation>, LocationSpecError> {
        let rules = PathRules::new(rules.iter().map(|[from, to]| (from.clone(), to.clone())));
        let packages = Packages(self);
        for plugin in self.plugins() {
            let Ok(table) = plugin.binary.pclntab() else { continue };
            let matches = |file: &&str| {
                let seen = rules.apply(file);
                seen == *normal.base || file_matches(&normal.base, &seen)
            };
            if let Some(file) = table.files().find(matches) {
                let Some(line) = normal.line else {
                    return Err(LocationSpecError::Spec(adit_expr::NO_LINE_OFFSET.to_owned()));
                };
                let addrs = self.lines_in_plugin(&plugin, file, line);
                if addrs.is_empty() {
                    return Err(LocationSpecError::NoStatement { file: file.to_owned(), line });
                }
                return Ok(Some(self.location_of(addrs)));
            }
            let Some(spec) = &normal.function else { continue };
            let names = table.functions().map(|function| function.name().to_owned());
            let mut names: Vec<String> = names
                .filter(|name| *name == normal.base || function_matches(spec, name, &packages))
                .map(|name| without_type_arguments(&name).into_owned())
                .collect();
            names.sort_unstable();
            names.dedup();
            names.truncate(MAX_CANDIDATES);
            if let Some(exact) = names.iter().position(|name| *name == normal.base) {
                names = vec![names.swap_remove(exact)];
            }
            match &names[..] {
                [] => {}
                [name] => {
                    let addrs = self.functions_in_plugin(&plugin, name, normal.line)?;
                    return Ok(Some(self.location_of(addrs)));
                }
                several => {
                    let candidates = several.iter().map(String::as_str);
                    return Err(LocationSpecError::Spec(adit_expr::location_ambiguous(
                        &normal.base,
                        candidates,
                    )));
                }
            }
        }
        Ok(None)
    }

    /// Where a line of a plugin begins; `None` if no plugin has the file.
    pub(crate) fn plugin_line(&self, file: &str, line: u32) -> Option<Vec<Addr>> {
        let has_file = |plugin: &Rc<Library>| {
            plugin.binary.pclntab().is_ok_and(|table| table.files().any(|known| known == file))
        };
        let plugin = self.plugins().into_iter().find(has_file)?;
        Some(self.lines_in_plugin(&plugin, file, line))
    }

    /// Where a function of a plugin begins, behind its prologue.
    pub(crate) fn plugin_function(&self, name: &str, offset: Option<u32>) -> Vec<Addr> {
        let plugins = self.plugins();
        let found = plugins.iter().filter_map(|plugin| self.functions_in_plugin(plugin, name, offset).ok());
        found.flatten().collect()
    }

    /// Where the functions of plugins begin whose names match, each behind its prologue, by name. Those of packages that the
    /// executable has too are never called in a plugin.
    pub(crate) fn plugin_functions_matching(&self, filter: &Pattern) -> Vec<Vec<Addr>> {
        let own = self.image.binary.pclntab().ok();
        let mut found = Vec::new();
        for plugin in self.plugins() {
            let Ok(table) = plugin.binary.pclntab() else { continue };
            let names = table.functions().map(|function| function.name());
            let is_new = |name: &&str| own.is_none_or(|own| own.by_name(name).is_none());
            let names: BTreeSet<&str> = names.filter(|name| filter.matches(name)).filter(is_new).collect();
            let addrs = names.iter().filter_map(|name| self.functions_in_plugin(&plugin, name, None).ok());
            found.extend(addrs);
        }
        found
    }

    fn lines_in_plugin(&self, plugin: &Rc<Library>, file: &str, line: u32) -> Vec<Addr> {
        let Ok(table) = plugin.binary.pclntab() else { return Vec::new() };
        let module = Module::Library(plugin.clone());
        let pcs = table.pcs_for_line(file, line).into_iter();
        let mut addrs: Vec<Addr> = pcs.map(|pc| self.statement_address(&module, pc, file, line)).collect();
        addrs.sort_unstable();
        addrs.dedup();
        addrs
    }

    fn functions_in_plugin(
        &self,
        plugin: &Rc<Library>,
        name: &str,
        offset: Option<u32>,
    ) -> Result<Vec<Addr>, LocationSpecError> {
        let Ok(table) = plugin.binary.pclntab() else { return Ok(Vec::new()) };
        let last = FunctionName::parse(name).name.to_owned();
        let is_it = |function: &Function<'_>| {
            let other = function.name();
            other == name || other.contains(last.as_str()) && without_type_arguments(other) == name
        };
        let mut addrs = Vec::new();
        for function in table.functions().filter(is_it) {
            let entry = plugin.to_target(function.entry());
            match (offset, function.file_line(function.entry())) {
                (Some(offset), Some((file, line))) if offset > 0 => {
                    let line = function.start_line().unwrap_or(line).saturating_add(offset);
                    let statements = self.statements(entry).unwrap_or_default();
                    let found = statements.iter().find(|at| at.line == line && at.file == file);
                    let missing = || LocationSpecError::NoStatement { file: file.to_owned(), line };
                    addrs.push(found.ok_or_else(missing)?.addr);
                }
                _ => addrs.extend(self.after_prologue(entry)),
            }
        }
        Ok(addrs)
    }

    /// Watches for plugins, if the program can load any.
    pub(crate) fn watch_plugins(&mut self) {
        let Some(points) = [REGISTERED, PLUGIN_OPEN].iter().find_map(|name| self.return_addresses(name).ok())
        else {
            return;
        };
        for addr in points {
            if !self.breakpoints.owners(addr).iter().any(|owner| matches!(owner, Owner::PluginLoaded)) {
                self.breakpoints.add_watch_for_plugins(addr);
            }
        }
    }

    /// Can the program load plugins?
    pub(crate) fn loads_plugins(&self) -> bool {
        self.image.binary.pclntab().is_ok_and(|table| table.by_name(PLUGIN_OPEN).is_some())
    }

    /// A plugin was loaded: sets the breakpoints that waited for it.
    pub(crate) fn set_suspended_breakpoints(&mut self) -> Result<(), EngineError> {
        self.image.libraries.expect_new();
        let suspended: Vec<Breakpoint> =
            self.breakpoints.iter().filter(|breakpoint| breakpoint.is_suspended()).cloned().collect();
        for breakpoint in suspended {
            if let Ok((place, addrs)) = self.find_anew(&breakpoint) {
                self.breakpoints.relocate(breakpoint.id, place, addrs);
            }
        }
        self.sync_breakpoints()
    }
}
