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

/// The same, with each source line in front of the instructions that were made of it. `source` has the text of a line
/// of a file.
pub(crate) fn disassembly_with_source(
    instructions: &[AsmInstruction],
    mut source: impl FnMut(&str, i64) -> Option<String>,
) -> String {
    let plain = disassembly(instructions);
    // Perhaps there is a heading; each instruction is one line.
    let heading = plain.lines().count().saturating_sub(instructions.len());
    let mut lines = plain.lines();
    let mut text: String = lines.by_ref().take(heading).map(|line| format!("{line}\n")).collect();
    let mut before = ("", 0);
    for (line, instruction) in lines.zip(instructions) {
        let here = (instruction.loc.file.as_str(), instruction.loc.line);
        if here != before
            && let Some(code) = source(here.0, here.1)
        {
            text.push_str(&format!("{}:{}: {}\n", here.0, here.1, code.trim()));
        }
        before = here;
        text.push_str(line);
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use adit_api::{AsmInstruction, Location};

    use super::disassembly_with_source;

    #[test]
    fn source_lines_stand_in_front_of_their_instructions() {
        let at = |pc, line| AsmInstruction {
            loc: Location { pc, file: "/x/a.go".to_owned(), line, ..Location::default() },
            text: "nop".to_owned(),
            ..AsmInstruction::default()
        };
        let source = |_: &str, line: i64| (line == 2).then(|| "\treturn x".to_owned());
        let text = disassembly_with_source(&[at(1, 2), at(2, 2), at(3, 3), at(4, 2)], source);
        let row = |pc, line| format!("\ta.go:{line}\t{pc:#x}\t\tnop\n");
        let code = "/x/a.go:2: return x\n";
        assert_eq!(text, format!("{code}{}{}{}{code}{}", row(1, 2), row(2, 2), row(3, 3), row(4, 2)));
    }
}
