//! `disassemble`: instructions around an address.

use adit_api::requests::DisassembleIn;
use adit_api::{AsmInstruction, AssemblyFlavour, Client, EvalScope};

use crate::failure::{Failure, Kind};
use crate::protocol::Request;
use crate::protocol::arguments::DisassembleArguments;
use crate::protocol::responses::DisassembleResponseBody;
use crate::protocol::types::DisassembledInstruction;

use super::{Adapter, Answer, address, arguments};

/// No editor shows more.
const MOST: usize = 100_000;
/// Between two functions is no more than padding to a multiple of this, in bytes.
const FARTHEST: u64 = 64;

impl Adapter {
    pub(super) fn disassemble(&mut self, request: &Request) -> Result<Answer, Failure> {
        let wanted: DisassembleArguments = arguments(request)?;
        let count = usize::try_from(wanted.instruction_count).unwrap_or(0).min(MOST);
        let skip = wanted.instruction_offset.unwrap_or(0);
        let start = address(&wanted.memory_reference)
            .map_err(|_| Kind::Disassemble.because("could not find memory reference"))?;
        let client = self.client()?;
        let start = start.wrapping_add_signed(wanted.offset.unwrap_or(0));
        let instructions = match start {
            0 => vec![invalid(0); count],
            u64::MAX => vec![invalid(u64::MAX); count],
            _ => {
                let code =
                    around(&*client, start, skip, count).map_err(|error| Kind::Disassemble.because(error))?;
                self.window(&code, start, skip, count)
            }
        };
        Answer::of(&DisassembleResponseBody { instructions })
    }

    /// The instructions that were asked for; what lies outside of code is invalid.
    fn window(
        &self,
        code: &[AsmInstruction],
        start: u64,
        skip: i64,
        count: usize,
    ) -> Vec<DisassembledInstruction> {
        let at = code.partition_point(|instruction| instruction.loc.pc < start) as i64;
        let mut last = (String::new(), 0);
        (0..count as i64)
            .map(|index| match usize::try_from(at + skip + index).map(|index| code.get(index)) {
                Ok(Some(instruction)) => self.instruction(instruction, &mut last),
                Ok(None) => invalid(u64::MAX),
                Err(_) => invalid(0),
            })
            .collect()
    }

    fn instruction(&self, instruction: &AsmInstruction, last: &mut (String, i64)) -> DisassembledInstruction {
        let at = &instruction.loc;
        // Said only where it changes.
        let is_elsewhere = *last != (at.file.clone(), at.line);
        let location = (last.0 != at.file).then(|| self.source(&at.file)).flatten();
        *last = (at.file.clone(), at.line);
        DisassembledInstruction {
            address: format!("{:#x}", at.pc),
            instruction: instruction.text.clone(),
            instruction_bytes: Some(instruction.bytes.iter().map(|byte| format!("{byte:02x}")).collect()),
            line: Some(at.line).filter(|_| is_elsewhere),
            location,
            ..DisassembledInstruction::default()
        }
    }
}

fn invalid(address: u64) -> DisassembledInstruction {
    DisassembledInstruction {
        address: format!("{address:#x}"),
        instruction: "invalid instruction".to_owned(),
        ..DisassembledInstruction::default()
    }
}

/// Whole functions, one after the other, from so many instructions before `start` to so many behind it.
fn around(client: &dyn Client, start: u64, skip: i64, count: usize) -> Result<Vec<AsmInstruction>, String> {
    let function = |pc: u64| {
        let request = DisassembleIn {
            scope: EvalScope::CURRENT,
            start_pc: pc,
            end_pc: 0,
            flavour: AssemblyFlavour::GO,
        };
        client.disassemble(&request).map_err(|error| error.to_string())
    };
    let mut code = function(start)?;
    let place =
        |code: &[AsmInstruction]| code.partition_point(|instruction| instruction.loc.pc < start) as i64;
    while place(&code) + skip < 0 {
        let Some(first) = code.first().map(|first| first.loc.pc) else { break };
        let Some(mut before) = (1..=FARTHEST).find_map(|back| function(first.checked_sub(back)?).ok()) else {
            break;
        };
        before.retain(|instruction| instruction.loc.pc < first);
        if before.is_empty() {
            break;
        }
        before.append(&mut code);
        code = before;
    }
    while (code.len() as i64) < place(&code) + skip + count as i64 {
        let Some(end) = code.last().map(|last| last.loc.pc + last.bytes.len() as u64) else { break };
        let Some(mut after) = (0..FARTHEST).find_map(|on| function(end + on).ok()) else { break };
        after.retain(|instruction| instruction.loc.pc >= end);
        if after.is_empty() {
            break;
        }
        code.append(&mut after);
    }
    Ok(code)
}
