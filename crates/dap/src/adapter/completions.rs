//! `completions`: what can follow in the console.

use adit_api::{EvalScope, LoadConfig, Variable};

use crate::failure::Failure;
use crate::protocol::Request;
use crate::protocol::arguments::CompletionsArguments;
use crate::protocol::responses::CompletionsResponseBody;
use crate::protocol::types::{CompletionItem, CompletionItemType};

use super::stack::FrameKey;
use super::{Adapter, Answer, arguments};

/// More are of no use to anybody.
const MOST: usize = 200;

impl Adapter {
    pub(super) fn completions(&mut self, request: &Request) -> Result<Answer, Failure> {
        let wanted: CompletionsArguments = arguments(request)?;
        let column = usize::try_from(wanted.column - 1).unwrap_or(0);
        let typed = before(&wanted.text, column);
        let scope =
            wanted.frame_id.and_then(|id| self.frames.get(id)).map_or(EvalScope::CURRENT, FrameKey::scope);
        let mut targets = match typed.strip_prefix("dlv ") {
            Some(command) => super::console::completions(command),
            None => self.expression_completions(scope, typed),
        };
        targets.truncate(MOST);
        Answer::of(&CompletionsResponseBody { targets })
    }

    /// What the last name in the text can become: a field of what stands before its dot, or a variable.
    fn expression_completions(&self, scope: EvalScope, typed: &str) -> Vec<CompletionItem> {
        let Ok(client) = self.client() else { return Vec::new() };
        let start = typed.rfind(|letter: char| !is_of_path(letter)).map_or(0, |at| at + 1);
        // A blank or a sign may be of several bytes.
        let start = (start..=typed.len()).find(|&at| typed.is_char_boundary(at)).unwrap_or(typed.len());
        let path = &typed[start..];
        let shallow = LoadConfig { follow_pointers: true, max_struct_fields: -1, ..LoadConfig::default() };
        let (names, prefix) = match path.rsplit_once('.') {
            Some((owner, prefix)) => {
                let fields = match client.eval(
                    scope,
                    owner,
                    Some(LoadConfig { max_variable_recurse: 1, ..shallow }),
                ) {
                    Ok(value) => fields_of(&value),
                    // It may be a package.
                    Err(_) => client
                        .list_package_vars(&format!("^{}[.]", owner.replace('.', "[.]")), shallow)
                        .unwrap_or_default()
                        .into_iter()
                        .map(|variable| Variable {
                            name: variable.name.rsplit('.').next().unwrap_or_default().to_owned(),
                            ..variable
                        })
                        .collect(),
                };
                (fields, prefix)
            }
            None => {
                let mut variables = client.list_function_args(scope, shallow).unwrap_or_default();
                variables.extend(client.list_local_vars(scope, shallow).unwrap_or_default());
                (variables, path)
            }
        };
        let mut items: Vec<CompletionItem> = Vec::new();
        for variable in names {
            let is_new = items.iter().all(|item| item.label != variable.name);
            if is_new && variable.name.starts_with(prefix) && !variable.name.starts_with('~') {
                items.push(CompletionItem {
                    label: variable.name,
                    detail: Some(variable.type_name),
                    r#type: Some(CompletionItemType::Variable),
                    ..CompletionItem::default()
                });
            }
        }
        items
    }
}

/// The text up to a column, which counts UTF-16 units.
fn before(text: &str, column: usize) -> &str {
    let mut units = 0;
    for (at, letter) in text.char_indices() {
        if units >= column {
            return &text[..at];
        }
        units += letter.len_utf16();
    }
    text
}

fn is_of_path(letter: char) -> bool {
    letter.is_alphanumeric() || matches!(letter, '_' | '.' | '[' | ']' | '*')
}

fn fields_of(value: &Variable) -> Vec<Variable> {
    let mut value = value;
    while matches!(value.kind, adit_api::Kind::POINTER | adit_api::Kind::INTERFACE) {
        let Some(target) = value.children.first() else { return Vec::new() };
        value = target;
    }
    match value.kind {
        adit_api::Kind::STRUCT => value.children.to_vec(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_as_editors_count() {
        assert_eq!(before("abc", 2), "ab");
        assert_eq!(before("a\u{1f600}b", 3), "a\u{1f600}");
        assert_eq!(before("ab", 9), "ab");
    }
}
