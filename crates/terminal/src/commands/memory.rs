//! Registers, memory and instructions.

use adit_api::requests::{DisassembleIn, ListRegistersIn};
use adit_api::{Examine, format};

use crate::argv::{first_word, parse_integer};
use crate::command::{Command, Completes, Context, Failure, Group, Outcome};
use crate::print::disassembly::{disassembly, disassembly_with_source};
use crate::print::listing::Sources;
use crate::terminal::Terminal;

pub(crate) const COMMANDS: &[Command] = &[
    Command::new(
        &["regs"],
        Group::Data,
        regs,
        "Print contents of CPU registers.

	regs [-a]

With -a, floating point and vector registers too.

	frame 1 regs",
    ).options(&["-a"]),
    Command::new(
        &["examinemem", "x"],
        Group::Data,
        examine,
        "Examine raw memory at the given address.

	examinemem [-fmt <format>] [-count|-len <count>] [-size <size>] <address>
	examinemem [-fmt <format>] [-count|-len <count>] [-size <size>] -x <expression>
	x/<count><format><size> <address or expression>

The formats are hex, hexadecimal, dec, decimal, oct, octal, bin, binary and raw, or in the short form the letters
x, d, u, o, t; sizes are 1 to 8 bytes, or b, h, w, g for 1, 2, 4, 8. -x must be the last option.

	x -fmt hex -count 20 -size 1 0xc00008af38
	x -fmt dec -size 4 -count 10 -x &main.counter
	x/8xg 0xc00008af38",
    ).completes(Completes::Variables).options(&["-fmt", "-count", "-len", "-size", "-x"])
    .paged(),
    Command::new(
        &["disassemble", "disass"],
        Group::Other,
        disassemble,
        "Disassembler.

	disassemble [-s] [-a <start> <end>] [-l <locspec>]

Without arguments, the function of the current frame; -a gives a range of addresses, -l the function of a location.
-s shows each source line in front of its instructions.

	disassemble -l main.add
	disassemble -s -a 0x4de164 0x4de190",
    ).options(&["-s", "-a", "-l"])
    .paged()
    .completes(Completes::Locations),
];

fn regs(t: &mut Terminal, context: &Context, args: &str) -> Outcome {
    let request = ListRegistersIn { thread_id: 0, include_fp: args == "-a", scope: Some(context.scope) };
    let reply = t.client.list_registers(&request)?;
    let width = reply.regs.iter().map(|r| r.name.chars().count()).max().unwrap_or(0);
    let mut text = String::new();
    for register in &reply.regs {
        text.push_str(&format!("{:>width$} = {}\n", register.name, register.value));
    }
    t.println(&text);
    Ok(())
}

fn examine(t: &mut Terminal, context: &Context, args: &str) -> Outcome {
    let request = Examine::parse(args)?;
    let (address, bytes, little_endian) = request.read(&*t.client, context.scope)?;
    match request.is_raw() {
        true => t.out.print_bytes(&bytes),
        false => t.out.print(&request.rows(address, &bytes, little_endian)),
    }
    Ok(())
}

fn disassemble(t: &mut Terminal, context: &Context, args: &str) -> Outcome {
    const USAGE: &str = "wrong number of arguments: disassemble [-a <start> <end>] [-l <locspec>]";
    let (with_source, args) = match first_word(args) {
        ("-s", rest) => (true, rest),
        _ => (false, args),
    };
    let (option, rest) = first_word(args);
    let mut request =
        DisassembleIn { scope: context.scope, start_pc: 0, end_pc: 0, flavour: t.config.flavour() };
    match option {
        "" => {
            let locations = t.find_location(context, "+0", true)?.0;
            request.start_pc = locations.first().ok_or("could not determine current location")?.pc;
        }
        "-a" => {
            let (start, end) = first_word(rest);
            if start.is_empty() || end.is_empty() || end.contains(char::is_whitespace) {
                return Err(USAGE.into());
            }
            let number = |text: &str| {
                parse_integer(text).ok_or_else(|| {
                    Failure::Message(format!(
                        "wrong argument: {} is not a number",
                        format::quote(text.as_bytes())
                    ))
                })
            };
            request.start_pc = number(start)?;
            request.end_pc = number(end)?;
        }
        "-l" if !rest.is_empty() => {
            let locations = t.find_location(context, rest, true)?.0;
            let [location] = &locations[..] else {
                return Err("expression specifies multiple locations".into());
            };
            request.start_pc = location.pc;
        }
        _ => return Err(USAGE.into()),
    }
    let instructions = t.client.disassemble(&request)?;
    let text = if with_source {
        let mut files = Sources::new(t);
        disassembly_with_source(&instructions, |file, line| files.line(file, line))
    } else {
        disassembly(&instructions)
    };
    t.out.print(&text);
    Ok(())
}
