//! Loaded values and load limits.

use std::sync::Arc;

use adit_api::{Elements, Kind, VariableFlags, one_level_deeper};
use adit_engine::value::{Children, LoadConfig, Packed, Variable};

/// A loaded value, as the API has it.
pub(crate) fn api_variable(variable: Variable) -> adit_api::Variable {
    one_level_deeper(|| converted(variable))
}

fn converted(variable: Variable) -> adit_api::Variable {
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
        children: api_children(variable.children),
        base: variable.base,
        unreadable: variable.unreadable,
        location_expr: variable.location_expr,
        decl_line: variable.decl_line,
    }
}

fn api_children(children: Children) -> adit_api::Children {
    match children.packed() {
        Some(packed) => adit_api::Children::made_by(Arc::new(Unpacking(packed.clone()))),
        None => children.into_list().into_iter().map(api_variable).collect(),
    }
}

/// Elements that stay packed until somebody looks at them.
#[derive(Debug)]
struct Unpacking(Arc<Packed>);

impl Elements for Unpacking {
    fn count(&self) -> usize {
        self.0.count()
    }

    fn visit(&self, visit: &mut dyn FnMut(&adit_api::Variable) -> bool) {
        // The two kinds that map entries have, in turn; their texts' room is used again.
        let mut converted = [adit_api::Variable::default(), adit_api::Variable::default()];
        let mut turn = 0;
        self.0.visit(&mut |variable| {
            turn = 1 - turn;
            let element = &mut converted[turn];
            copy_leaf(variable, element);
            visit(element)
        });
    }
}

/// Makes `to` the variable `from`, which has nothing in it.
fn copy_leaf(from: &Variable, to: &mut adit_api::Variable) {
    to.addr = from.addr;
    to.kind = Kind(u32::from(from.kind.0));
    to.flags = VariableFlags(from.flags);
    to.type_name.clone_from(&from.type_name);
    to.real_type.clone_from(&from.real_type);
    to.value.clone_from(&from.value);
    to.string_value_bytes.clear();
    to.string_value_bytes.extend_from_slice(from.string_bytes.as_deref().unwrap_or_default());
    (to.len, to.base) = (from.len, from.base);
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
