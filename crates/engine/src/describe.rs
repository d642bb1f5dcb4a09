//! Types described, and package variables listed.

use std::collections::BTreeSet;

use adit_symbols::{Shape, Type};

use crate::value::{Kind, LoadConfig, Variable, kind_of};
use crate::{Debugger, EngineError, Method};

/// A type, described.
#[derive(Clone, Debug)]
pub struct TypeDescription {
    /// Its kind.
    pub kind: Kind,
    /// Bytes of a value.
    pub size: u64,
    /// The type beneath it, unless it is a struct or its own.
    pub real_type: String,
    /// Names and types of a struct's fields.
    pub fields: Vec<(String, String)>,
    /// Full names of its methods' functions.
    pub methods: Vec<String>,
}

impl Debugger {
    /// The package variables whose full names match, loaded.
    pub fn package_variables(&self, filter: &str, config: &LoadConfig) -> Result<Vec<Variable>, EngineError> {
        let filter = crate::source::pattern(filter)?;
        let loader = self.loader();
        let matching = self.image.binary.dwarf()?.package_variables_matching(&filter)?;
        let own = matching
            .iter()
            .map(|variable| (variable.name.to_string(), self.package_variable_value(variable)));
        Ok(own
            .chain(self.plugin_variables(&filter))
            .map(|(name, value)| match value {
                Ok(value) => loader.load_named(&name, &value, config),
                Err(error) => Variable { name, unreadable: error.to_string(), ..Variable::default() },
            })
            .collect())
    }

    /// What is known of a type.
    pub fn type_info(&self, name: &str) -> Result<TypeDescription, EngineError> {
        let not_found =
            || EngineError::Runtime("no type entry found, use 'types' for a list of valid types".to_owned());
        let ty = self.find_type(name)?.ok_or_else(not_found)?;
        let loader = self.loader();
        let real = loader.underlying(&ty).map_err(|error| EngineError::Runtime(error.to_string()))?;
        let fields = match &real.shape {
            Shape::Struct(fields) | Shape::Union(fields) => fields
                .iter()
                .map(|field| {
                    let ty = loader
                        .type_of(field.type_id)
                        .map_or_else(|_| "?".to_owned(), |ty| ty.name.to_string());
                    (field.name.to_string(), ty)
                })
                .collect(),
            _ => Vec::new(),
        };
        let real_type =
            if fields.is_empty() && real.name != ty.name { real.name.to_string() } else { String::new() };
        Ok(TypeDescription {
            kind: kind_of(&real),
            size: real.size,
            real_type,
            fields,
            methods: self.methods_of(&ty),
        })
    }

    /// Functions that are methods of a type: `pkg.T.m`, `pkg.(*T).m`, and those promoted from what is embedded in it.
    /// Of an interface, the methods that it demands.
    fn methods_of(&self, ty: &Type) -> Vec<String> {
        let name = &*ty.name;
        let set = self.method_set(ty);
        if matches!(ty.shape, Shape::Interface { .. }) {
            let demanded = |method: Method| format!("{name}.{}", method.name);
            return set.into_iter().map(demanded).collect();
        }
        let head = name.find('[').unwrap_or(name.len());
        let Some(dot) = name[..head].rfind('.') else { return Vec::new() };
        let (package, own) = (&name[..dot], &name[dot + 1..]);
        let prefixes = [format!("{package}.{own}."), format!("{package}.(*{own}).")];
        let Ok(table) = self.image.binary.pclntab() else { return Vec::new() };
        let names = table.functions().map(|function| function.name());
        let own = names.filter(|function| {
            prefixes.iter().any(|prefix| {
                function.strip_prefix(prefix.as_str()).is_some_and(|method| !method.contains(['.', '-']))
            })
        });
        let mut methods: BTreeSet<String> = own.map(str::to_owned).collect();
        // What is promoted, and the methods of generic types, whose functions are named `pkg.(*T[...]).m`.
        methods.extend(set.into_iter().filter_map(|method| method.function));
        methods.into_iter().collect()
    }
}
