//! Disassembled code.

use adit_api::AsmInstruction;

use super::columns::tabbed;

/// The instructions in columns, under the name of the function if they start with its first.
pub(crate) fn disassembly(instructions: &[AsmInstruction]) -> String {
    let mut text = String::new();
    let Some(first) = instructions.first() else { return text };
    if let Some(function) = first.loc.function.as_ref().filter(|f| f.value == first.loc.pc) {
        text.push_str(&format!("TEXT {}(SB) {}\n", function.name, first.loc.file));
    }
    let rows: Vec<_> = instructions
        .iter()
        .map(|instruction| {
            let loc = &instruction.loc;
            let base = loc.file.rsplit(['/', '\\']).next().unwrap_or_default();
            vec![
                if instruction.at_pc { "=>" } else { "" }.to_owned(),
                format!("{base}:{}", loc.line),
                format!("{:#x}{}", loc.pc, if instruction.breakpoint { "*" } else { "" }),
                instruction.bytes.iter().map(|b| format!("{b:02x}")).collect(),
                instruction.text.clone(),
            ]
        })
        .collect();
    text.push_str(&tabbed(&rows));
    text
}
