//! The types that the runtime has descriptors of, for programs whose debug information is missing or silent, and the
//! method sets that only descriptors state.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;
use std::sync::Arc;

use adit_goruntime::{RuntimeMethod, RuntimeShape, RuntimeType};
use adit_process::Addr;
use adit_symbols::Type;

use crate::goroutine::Runtime;
use crate::target::Target;
use crate::value::ValueError;
use crate::{Debugger, EngineError};

/// What was read of the runtime's types.
#[derive(Default)]
pub(crate) struct RuntimeTypes {
    /// Types that were built from their descriptors.
    pub(crate) built: RefCell<HashMap<Addr, Arc<Type>>>,
    /// Types that expressions composed of others. They are never forgotten, as values may still be of them.
    pub(crate) composed: RefCell<Vec<Arc<Type>>>,
    /// All types of the modules, by name; made when first asked for.
    listed: RefCell<Option<Rc<BTreeMap<String, Addr>>>>,
}

impl RuntimeTypes {
    /// The program ran. Descriptors do not change, but those that reflection made may be collected, and a plugin
    /// brings more.
    pub(crate) fn forget(&self, has_plugins: bool) {
        self.built.borrow_mut().clear();
        if has_plugins {
            self.listed.borrow_mut().take();
        }
    }
}

/// A method in the method set of a type or of pointers to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Method {
    /// Its name.
    pub name: String,
    /// Its type, without the receiver (`func(int) string`); unknown where the linker removed it.
    pub signature: Option<String>,
    /// Is it only in the method set of pointers?
    pub by_pointer: bool,
    /// The function that is called; unknown where the linker removed it, and of interfaces.
    pub function: Option<String>,
}

fn value_error(error: adit_goruntime::RuntimeError) -> ValueError {
    ValueError::Other(error.to_string())
}

impl Runtime {
    /// A runtime type descriptor.
    pub(crate) fn descriptor(&self, target: &Target, addr: Addr) -> Result<RuntimeType, ValueError> {
        self.go.runtime_type(target, &self.modules(target), addr).map_err(value_error)
    }

    /// What a type is made of.
    pub(crate) fn shape(&self, target: &Target, ty: &RuntimeType) -> Result<RuntimeShape, ValueError> {
        self.go.runtime_shape(target, &self.modules(target), ty).map_err(value_error)
    }

    /// Import path of the package that defines a type.
    pub(crate) fn package_of_type(&self, target: &Target, ty: &RuntimeType) -> Option<String> {
        self.go.runtime_package(target, &self.modules(target), ty).ok().flatten()
    }

    /// A descriptor's offset in its module's types, by which that module's debug information names it, and where the
    /// module's code is; `None` of the executable's, which is the first.
    pub(crate) fn type_offset(&self, target: &Target, addr: Addr) -> Option<(u64, Option<Addr>)> {
        let modules = self.modules(target);
        let module = modules.of_type(addr)?;
        let is_first = modules.0.first().is_some_and(|first| first.addr == module.addr);
        Some((module.type_offset(addr)?, (!is_first).then_some(module.text.0)))
    }
}

impl Debugger {
    /// All types that the modules have descriptors of: full names, and where the descriptors are.
    pub(crate) fn listed_types(&self) -> Result<Rc<BTreeMap<String, Addr>>, EngineError> {
        let runtime = self.runtime()?;
        if let Some(known) = &*runtime.types.listed.borrow() {
            return Ok(known.clone());
        }
        let modules = runtime.modules(&self.target);
        let all = runtime.go.all_types(&self.target, &modules);
        let all = all.map_err(|error| EngineError::Runtime(error.to_string()))?;
        let loader = self.loader();
        let mut names = BTreeMap::new();
        for ty in &all {
            let Ok(shape) = runtime.shape(&self.target, ty) else { continue };
            // Of the same type in several modules, the first module's.
            names.entry(loader.name_of(runtime, ty, &shape)).or_insert(ty.addr);
        }
        let names = Rc::new(names);
        *runtime.types.listed.borrow_mut() = Some(names.clone());
        Ok(names)
    }

    /// The type of this name: from debug information or, where that does not know it, from the runtime.
    pub(crate) fn find_type(&self, name: &str) -> Result<Option<Arc<Type>>, EngineError> {
        if let Ok(dwarf) = self.image.binary.dwarf()
            && let Some(found) = dwarf.type_by_name(name)?
        {
            return Ok(Some(found));
        }
        if let Some(found) = self.plugin_type(name).or_else(|| self.c_type(name)) {
            return Ok(Some(found));
        }
        let listed = match self.listed_types() {
            Ok(listed) => listed,
            // A program without a runtime, or one that has not begun: there are no more types.
            Err(_) => return Ok(None),
        };
        Ok(listed.get(name).and_then(|&descriptor| self.loader().type_from_descriptor(descriptor).ok()))
    }

    /// The methods of a type and of pointers to it, promoted ones too; of an interface, those that it demands.
    /// Sorted by name. Empty for types without a descriptor.
    pub fn method_set(&self, ty: &Type) -> Vec<Method> {
        self.read_method_set(ty).unwrap_or_default()
    }

    fn read_method_set(&self, ty: &Type) -> Option<Vec<Method>> {
        let runtime = self.runtime.as_ref()?;
        let modules = runtime.modules(&self.target);
        let addr = self.descriptor_of_type(ty)?;
        let descriptor = runtime.descriptor(&self.target, addr).ok()?;
        if let Ok(RuntimeShape::Interface { methods }) = runtime.shape(&self.target, &descriptor) {
            let method = |(name, ty): (String, Option<Addr>)| Method {
                name,
                signature: self.signature(ty),
                by_pointer: false,
                function: None,
            };
            return Some(methods.into_iter().map(method).collect());
        }
        let read =
            |ty: &RuntimeType| runtime.go.runtime_methods(&self.target, &modules, ty).unwrap_or_default();
        let own = read(&descriptor);
        let pointer = runtime.go.pointer_to_type(&self.target, &modules, addr).ok().flatten();
        let pointer = pointer.and_then(|pointer| runtime.descriptor(&self.target, pointer).ok());
        let by_pointer = pointer.as_ref().map(read).unwrap_or_default();
        let mut set: BTreeMap<String, Method> = BTreeMap::new();
        for (methods, by_pointer) in [(own, false), (by_pointer, true)] {
            for method in methods {
                let described = self.method(&method, by_pointer);
                set.entry(method.name).or_insert(described);
            }
        }
        Some(set.into_values().collect())
    }

    fn method(&self, method: &RuntimeMethod, by_pointer: bool) -> Method {
        let function = method.code.and_then(|code| self.function_at(code));
        Method {
            name: method.name.clone(),
            signature: self.signature(method.typ),
            by_pointer,
            function: function.map(|function| function.name().to_owned()),
        }
    }

    fn signature(&self, ty: Option<Addr>) -> Option<String> {
        self.loader().type_at(ty?).ok().map(|ty| ty.name.to_string())
    }

    /// Where the runtime's descriptor of a type is.
    pub(crate) fn descriptor_of_type(&self, ty: &Type) -> Option<Addr> {
        if let Some(addr) = crate::value::descriptor::descriptor_of(ty.id) {
            return Some(addr);
        }
        let modules = self.runtime.as_ref()?.modules(&self.target);
        let module = match crate::plugin_info::library_of(ty.id) {
            Some(number) => {
                let library = self.image.libraries.numbered(number)?;
                modules.0.iter().find(|module| library.has_code_at(module.text.0))
            }
            // The executable is the first.
            None => modules.0.first(),
        };
        module?.type_address(ty.runtime_type?)
    }
}
