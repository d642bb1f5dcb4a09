//! The modules of a program: the executable itself, and plugins and shared libraries of Go code.

use adit_process::{Addr, Memory};

use crate::reader::Reader;
use crate::{Fact, GoRuntime, RuntimeError};

/// One `runtime.moduledata` (`runtime/symtab.go`). All addresses are run-time addresses; an end is the first
/// address after.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Module {
    /// Where it is itself.
    pub addr: Addr,
    /// Start and end of the code.
    pub text: (Addr, Addr),
    /// Start and end of the type descriptors. DW_AT_go_runtime_type counts from the start.
    pub types: (Addr, Addr),
    /// Start and end of the initialised data with pointers.
    pub data: (Addr, Addr),
    /// Start and end of the zeroed data with pointers.
    pub bss: (Addr, Addr),
    /// Base of funcdata (`go:func.*`).
    pub gofunc: Addr,
    /// Path of the plugin; empty for the executable.
    pub plugin_path: String,
}

/// The modules of a program, in the order of loading.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Modules(pub Vec<Module>);

/// Modules beyond this are taken for a cycle.
const MAX_MODULES: usize = 4096;

impl GoRuntime {
    /// Reads the list of modules. It changes only when a plugin is opened.
    pub fn modules(&self, memory: &dyn Memory) -> Result<Modules, RuntimeError> {
        let layout = &self.layout;
        let reader = Reader::new(memory, layout.arch);
        let mut addr =
            self.globals.firstmoduledata.ok_or(RuntimeError::NoSymbol("runtime.firstmoduledata"))?;
        let mut modules = Vec::new();
        while addr.0 != 0 {
            if modules.len() == MAX_MODULES {
                return Err(RuntimeError::corrupt("the list of modules", addr, "it does not end"));
            }
            let record = reader.record(addr, layout.of(Fact::ModuleSize)?)?;
            let word = |fact| layout.of(fact).map(|offset| record.pointer(offset));
            let range = |start, end| Ok::<_, RuntimeError>((word(start)?, word(end)?));
            let path = addr.offset(layout.of(Fact::ModulePluginPath)?.cast_signed());
            modules.push(Module {
                addr,
                text: range(Fact::ModuleText, Fact::ModuleEText)?,
                types: range(Fact::ModuleTypes, Fact::ModuleETypes)?,
                data: range(Fact::ModuleData, Fact::ModuleEData)?,
                bss: range(Fact::ModuleBss, Fact::ModuleEBss)?,
                gofunc: layout.get(Fact::ModuleGoFunc).map_or(Addr(0), |offset| record.pointer(offset)),
                plugin_path: reader.string(path, 4096).unwrap_or_default(),
            });
            addr = word(Fact::ModuleNext)?;
        }
        Ok(Modules(modules))
    }
}

impl Modules {
    /// The module whose types contain `addr`.
    pub fn of_type(&self, addr: Addr) -> Option<&Module> {
        self.0.iter().find(|module| (module.types.0..module.types.1).contains(&addr))
    }

    /// The module whose code contains `pc`.
    pub fn of_pc(&self, pc: Addr) -> Option<&Module> {
        self.0.iter().find(|module| (module.text.0..module.text.1).contains(&pc))
    }
}

impl Module {
    /// What DW_AT_go_runtime_type says of the type whose descriptor is at `addr`.
    pub fn type_offset(&self, addr: Addr) -> Option<u64> {
        (self.types.0..self.types.1).contains(&addr).then(|| addr.0 - self.types.0.0)
    }

    /// Where the descriptor of the type with this DW_AT_go_runtime_type is.
    pub fn type_address(&self, offset: u64) -> Option<Addr> {
        let addr = Addr(self.types.0.0.checked_add(offset)?);
        (self.types.0..self.types.1).contains(&addr).then_some(addr)
    }
}
