//! Loaded values and load limits.

use adit_api::{Kind, VariableFlags};
use adit_engine::value::{LoadConfig, Variable};

/// A loaded value, as the API has it.
pub(crate) fn api_variable(variable: Variable) -> adit_api::Variable {
    adit_api::Variable {
        name: variable.name,
        addr: variable.addr,
        only_addr: variable.only_addr,
        type_name: variable.type_name,
        real_type: variable.real_type,
        flags: VariableFlags(variable.flags),
        kind: Kind(u32::from(variable.kind.0)),
        value: variable.value,
        summary: variable.summary,
        string_value_bytes: variable.string_bytes.unwrap_or_default(),
        len: variable.len,
        cap: variable.cap,
        children: variable.children.into_iter().map(api_variable).collect(),
        base: variable.base,
        unreadable: variable.unreadable,
        location_expr: variable.location_expr,
        decl_line: variable.decl_line,
    }
}

/// Load limits; negative numbers of fields mean all of them, other negative limits nothing.
pub(crate) fn load_config(config: &adit_api::LoadConfig) -> LoadConfig {
    let limit = |number: i64| usize::try_from(number).unwrap_or(0);
    LoadConfig {
        follow_pointers: config.follow_pointers,
        max_variable_recurse: limit(config.max_variable_recurse),
        max_string_len: limit(config.max_string_len),
        max_array_values: limit(config.max_array_values),
        max_struct_fields: usize::try_from(config.max_struct_fields).ok(),
    }
}
