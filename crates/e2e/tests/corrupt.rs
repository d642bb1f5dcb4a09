//! Values that no Go program makes: what can be read of them is printed, what cannot is said, and at once.

#![allow(missing_docs, clippy::unwrap_used)]

use std::fs;

use adit_e2e::{Program, Session, on_oldest_and_newest};

/// Processor time of a whole session, in seconds: ten times what a debug build needs.
const MOST_SECONDS: f64 = 20.0;

/// Memory of the debugger, in MiB.
const MOST_MEMORY: u64 = 256;

/// The same, where it is asked for a graph with 2^64 paths, of which it shows some.
const MOST_FOR_PATHS: u64 = 1024;

/// No value is longer on the terminal, whatever its header says: 64 elements of 64 bytes, twice nested.
const LONGEST: usize = 1 << 20;

/// A variable, and what stands in its printed text.
type Shown = (&'static str, &'static [&'static str]);

/// By the mark where they are printed.
const SHOWN: &[(&str, &[Shown])] = &[
    (
        "headers",
        &[
            (
                "long",
                &[
                    "[]int len: 1152921504606846976, cap: 1152921504606846976, [1,2,3,",
                    "...+1152921504606846912 more]",
                ],
            ),
            ("negative", &["(unreadable invalid slice: length -5, capacity 1)"]),
            ("overfull", &["(unreadable invalid slice: length 2, capacity 1)"]),
            (
                "wild",
                &["[]int len: 1, cap: 1, [(unreadable could not read 8 bytes of memory at 0xdead0000: "],
            ),
            (
                "lowest",
                &[
                    "[]string len: 1152921504606846976",
                    "(unreadable could not read 8 bytes of memory at 0x8: ",
                ],
            ),
            ("highest", &["[]string len: 1, cap: 1, [(unreadable could not read "]),
            ("nothing", &["[]struct {} len: 1152921504606846976", "{},", "...+1152921504606846912 more"]),
            ("longText", &["\"text", "...+1152921504606846912 more\""]),
            ("negativeText", &["(unreadable invalid length: -1)"]),
            ("wildText", &["(unreadable could not read 4 bytes of memory at 0xdead0000: "]),
            ("nilText", &["(unreadable could not read 4 bytes of memory at 0x0: "]),
            (
                "texts",
                &["[\"before\",(unreadable could not read 4 bytes of memory at 0xdead0000: ", ",\"after\"]"],
            ),
            ("rows", &["[1],", "[2,", "...+1152921504606846912 more],", "[3],"]),
            (
                "pointer",
                &["(*int)(0xdead0000)", "*(unreadable could not read 8 bytes of memory at 0xdead0000: "],
            ),
            ("misaligned", &["(*uint64)(0xfffffffffffffffc)", "*(unreadable could not read "]),
        ],
    ),
    (
        "places",
        &[
            ("hidden", &["[]uint8 len: 10, cap: 12288, ["]),
            (
                "partly",
                &[
                    "[]uint8 len: 8, cap: 4100, [109,109,109,109,(unreadable could not read 1 bytes of memory at ",
                ],
            ),
            ("unmapped", &["[]uint8 len: 10, cap: 4096, [(unreadable could not read 1 bytes of memory at "]),
            ("partlyText", &["(unreadable could not read 4 bytes of memory at ", ", after \"mmmm\")"]),
            (
                "partlyInts",
                &[
                    "[]int64 len: 4, cap: 4, [7885078839350357357,7885078839350357357,(unreadable could not read 8 bytes",
                ],
            ),
            ("array", &["*[1048576]int64 [7885078839350357357,7885078839350357357,(unreadable ", "more]"]),
            ("structure", &["Before: [16]uint8 [109,", "Text: (unreadable ", "Number: (unreadable "]),
            (
                "structures",
                &[
                    "Before: [16]uint8 [109,",
                    "Number: 7885078839350357357",
                    "Number: (unreadable could not read 8 bytes",
                ],
            ),
            ("cut", &["*(unreadable could not read "]),
        ],
    ),
    (
        "maps",
        &[
            ("nowhere", &["(unreadable could not read 8 bytes of memory at 0xdead0000: "]),
            ("inside", &["(unreadable a map at 0x", "is corrupt: "]),
            ("wildBuckets", &["(unreadable could not read ", "at 0xdead0000: "]),
            ("tooMany", &["(unreadable a map at 0x", "is corrupt: "]),
            ("manyMore", &["1: 10, ", "...+1152921504606846975 more"]),
            ("fewer", &["1: 10, ", "2: 20, ", " more"]),
            ("endless", &[": ", " more"]),
            ("growing", &[]),
            ("badKeys", &["\"key\": \"value\", ", "\"lost\": \"lost", "...+1152921504606846912 more\""]),
        ],
    ),
    (
        "channels",
        &[
            ("nowhere", &["(unreadable could not read 8 bytes of memory at 0xdead0000: "]),
            ("wildBuffer", &["qcount: 1,", "buf: *[2]string [(unreadable ", "sendx: 1,"]),
            ("manyElements", &["qcount: 1152921504606846976,", "buf: *[2]int [1,0],"]),
            (
                "hugeBuffer",
                &["dataqsiz: 1152921504606846976,", "buf: *[1152921504606846976]int [0,0,", "elemsize: 8,"],
            ),
            ("negativeBuffer", &["dataqsiz: 18446744073709551615,", "elemsize: 8,"]),
            ("noBuffer", &["dataqsiz: 0,", "elemsize: 64,"]),
        ],
    ),
    (
        "interfaces",
        &[
            ("wildType", &["(unreadable could not read ", "at 0xdead0000: "]),
            ("lowType", &["(unreadable could not read ", "at 0x9: "]),
            ("wildData", &["(unreadable could not read 8 bytes of memory at 0xdead0000: "]),
            ("wildItab", &["(unreadable could not read 8 bytes of memory at 0xdead0008: "]),
            (
                "wildError",
                &[
                    "error(*errors.errorString) *{s: (unreadable could not read 8 bytes of memory at 0xdead0000: ",
                ],
            ),
            ("heapItab", &["(unreadable "]),
            ("codeAsType", &["(unreadable "]),
            ("offType", &["(unreadable a type descriptor at 0x", "is corrupt: "]),
            ("several", &["1,", "(unreadable could not read ", "\"three\","]),
        ],
    ),
    (
        "descriptors",
        &[
            ("ofHeap", &["Before: [16]uint8 [5,0,0,0,0,0,0,0,6,0,0,0,0,0,0,0],", "Number: 0,"]),
            ("zeroes", &["(unreadable a type descriptor at 0x", "is corrupt: its kind is 0)"]),
            ("large", &["[5,6]"]),
            ("many", &["[5,6,7,0,", " more]"]),
            ("elements", &["(unreadable could not read ", "at 0xdead0000: "]),
            ("fields", &["(unreadable could not read ", "at 0xdead0000: "]),
            ("members", &["(unreadable "]),
            ("endless", &["(unreadable could not read 8 bytes of memory at 0x5: "]),
            ("inward", &["(unreadable could not read "]),
            ("bush", &["A: "]),
            ("wrongKind", &["(unreadable a type descriptor at 0x", "is corrupt: its kind is 31)"]),
            ("wrongSize", &["{X: 2}"]),
            ("wrongName", &["{X: 3}"]),
            ("wrongFields", &["{X: 4, Y: 5}"]),
        ],
    ),
    (
        "functions",
        &[
            ("nowhere", &["(unreadable could not read 8 bytes of memory at 0xdead0000: "]),
            ("noCode", &["(unreadable could not find function for 0xdead0000)"]),
            ("dataAsCode", &["(unreadable could not find function for 0x"]),
            ("closure", &["main.functions.func1"]),
            ("cutClosure", &["main.functions.func2"]),
            ("method", &["main.(*adder).Add-fm"]),
            ("halfway", &["main.reached"]),
        ],
    ),
    (
        "cycles",
        &[
            ("list", &["Value: 1,", "Value: 2,", "Next: *(*main.node)(0x"]),
            ("chain", &["Value: 1,", "Value: 2,", "Next: interface {}(*main.link) "]),
            ("around", &["**(main.turn)(0x"]),
            ("pointer", &["interface {}(*interface {}) **interface {}(*interface {}) "]),
            ("self", &["1,", "[]interface {} len: 2, cap: 2, ["]),
            ("dict", &["\"self\": ["]),
            ("any", &["\"self\": map[string]interface {} ["]),
            ("branches", &["Branches: []main.tree len: 2, cap: 2, ["]),
            ("strands", &["Left: *main.braid {", "Right: *main.braid {"]),
        ],
    ),
    (
        "library",
        &[
            (
                "wildZone",
                &[
                    "time.Time(",
                    "ext: ",
                    "name: (unreadable could not read 8 bytes of memory at 0xdead0000: ",
                ],
            ),
            (
                "brokenZone",
                &[
                    "time.Time(",
                    "name: \"long",
                    "zone: (unreadable invalid slice: length 1152921504606846976, capacity 1)",
                ],
            ),
            ("late", &["time.Time(", "wall: 9223372036854775807,"]),
            ("early", &["time.Time(", "ext: -9223372036854775808,"]),
            ("forever", &["-9223372036854775808"]),
            (
                "untyped",
                &[
                    "reflect.Value {",
                    "(unreadable could not read 8 bytes of memory at 0xdead0000: ",
                    "flag: ",
                ],
            ),
            ("flagged", &["reflect.Value", "flag: 18446744073709551615,"]),
            ("pointed", &["ptr: unsafe.Pointer(0xdead0000),"]),
        ],
    ),
];

/// Parts of the values, and what is computed of them: what is printed, or the refusal.
const PARTS: &[(&str, &[(&str, &str)])] = &[
    (
        "headers",
        &[
            ("long[2]", "3\n"),
            ("long[1<<59]", "(unreadable could not read "),
            ("long[1<<60]", "Command failed: index out of bounds\n"),
            ("long[0:2]", "[]int len: 2, cap: 1152921504606846976, [1,2]\n"),
            ("long[1<<59:]", "[]int len: 576460752303423488, cap: 576460752303423488, [(unreadable "),
            ("negative[0]", "Command failed: invalid slice: length -5, capacity 1\n"),
            ("negative[0:]", "Command failed: invalid slice: length -5, capacity 1\n"),
            ("len(negative)", "Command failed: "),
            ("wild[0] + 1", "Command failed: could not read 8 bytes of memory at 0xdead0000: "),
            ("wild == nil", "false\n"),
            ("longText[3]", "116\n"),
            ("longText[0:4]", "\"text\"\n"),
            ("longText[1<<59]", "Command failed: could not read "),
            ("longText == longText", "Command failed: string too long for comparison\n"),
            ("longText == \"text\"", "false\n"),
            ("longText + \"x\"", "Command failed: "),
            ("[]byte(longText)", "Command failed: "),
            ("negativeText == \"text\"", "Command failed: invalid length: -1\n"),
            ("negativeText[0]", "Command failed: invalid length: -1\n"),
            ("texts[0] + texts[2]", "\"beforeafter\"\n"),
            ("texts[0] + texts[1]", "Command failed: could not read 4 bytes of memory at 0xdead0000: "),
            ("*pointer", "(unreadable could not read 8 bytes of memory at 0xdead0000: "),
            ("nothing[1<<59]", "struct {} {}\n"),
        ],
    ),
    (
        "places",
        &[
            ("partly[3]", "109\n"),
            ("partly[4]", "(unreadable could not read 1 bytes of memory at "),
            ("structure.Number", "(unreadable could not read 8 bytes of memory at "),
            ("structure.After.After.Text", "Command failed: "),
            ("structures[1].Number", "7885078839350357357\n"),
            ("structures[0].After.Text", "(unreadable could not read "),
            ("partlyText[2]", "109\n"),
            ("partlyText[0:4]", "\"mmmm\"\n"),
        ],
    ),
    (
        "maps",
        &[
            ("nowhere[1]", "Command failed: could not read "),
            ("len(nowhere)", "Command failed: could not read 8 bytes of memory at 0xdead0000: "),
            ("wildBuckets[1]", "Command failed: "),
            ("tooMany[1]", "Command failed: "),
            ("manyMore[1]", "10\n"),
            ("manyMore[2]", "Command failed: key not found\n"),
            ("fewer[2]", "20\n"),
            ("endless[7]", "70\n"),
            ("endless[1000]", "Command failed: "),
            ("badKeys[\"key\"]", "\"value\"\n"),
            ("badKeys[\"none\"]", "Command failed: key not found\n"),
            ("manyMore[1:]", "map[int]int ["),
            ("endless[1<<50:]", "Command failed: "),
        ],
    ),
    (
        "channels",
        &[
            ("len(manyElements)", "1152921504606846976\n"),
            ("cap(negativeBuffer)", "-1\n"),
            ("len(nowhere)", "Command failed: could not read "),
            ("hugeBuffer.qcount", "1152921504606846976\n"),
        ],
    ),
    (
        "interfaces",
        &[
            ("wildType.(int)", "Command failed: could not read "),
            ("wildType.(data)", "Command failed: could not read "),
            ("wildType == wildType", "Command failed: could not read "),
            ("wildType == nil", "false\n"),
            ("wildData.(string)", "(unreadable could not read "),
            ("wildError.s", "(unreadable could not read "),
            ("wildItab == nil", "false\n"),
            ("several[2]", "interface {}(string) \"three\"\n"),
        ],
    ),
    ("descriptors", &[("many.(data)[2]", "7\n"), ("endless.(data)", ""), ("ofHeap.(data).Text", "\"\"\n")]),
    ("functions", &[("method == nil", "false\n"), ("nowhere == nil", "false\n")]),
    (
        "cycles",
        &[
            ("list.Next.Next.Next.Value", "2\n"),
            ("chain.Next.Next.Next.Value", "2\n"),
            ("dict[\"self\"][\"self\"][\"none\"]", "Command failed: key not found\n"),
            ("branches == branches", "Command failed: "),
            ("pointer == pointer", "true\n"),
            ("*around == around", "true\n"),
        ],
    ),
];

/// Processor time that a process has used, in seconds, and the most memory that it had, in MiB.
fn usage(pid: u32) -> (f64, u64) {
    // Fields 14 and 15 of proc_pid_stat(5), in ticks of which Linux shows a hundred to the second.
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap();
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap().split_whitespace().collect();
    let ticks: f64 = fields[11..13].iter().map(|field| field.parse::<f64>().unwrap()).sum();
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    (ticks / 100.0, peak.split_whitespace().next().unwrap().parse::<u64>().unwrap() / 1024)
}

/// Each mark with what is to be found there, the program stopped at it.
fn at_each_stop(program: &Program, session: &mut Session, mut check: impl FnMut(&mut Session, &str)) {
    for (mark, _) in SHOWN {
        session.send(&format!("break {}", program.at(mark)));
    }
    for (mark, _) in SHOWN {
        let stop = session.send("continue");
        assert!(stop.contains(&format!("main.{mark}()")), "{mark}: {stop}");
        check(session, mark);
    }
}

fn assert_modest(session: &Session, most_memory: u64) {
    let (seconds, memory) = usage(session.pid());
    assert!(seconds < MOST_SECONDS && memory < most_memory, "{seconds} s, {memory} MiB");
}

on_oldest_and_newest! {
    fn what_can_be_read_is_printed_and_what_cannot_is_said(go) {
        let program = Program::build("corrupt", go);
        let mut session = Session::exec(&program);
        let mut wrong = Vec::new();
        at_each_stop(&program, &mut session, |session, mark| {
            let (_, shown) = SHOWN.iter().find(|(name, _)| *name == mark).unwrap();
            for (name, expected) in *shown {
                let text = session.send(&format!("print {name}"));
                let refused = text.starts_with("Command failed") || text.len() > LONGEST;
                if refused || !expected.iter().all(|part| text.contains(part)) {
                    wrong.push(format!("{mark}: print {name}\n{:.3000}", text));
                }
                let text = session.send(&format!("whatis {name}"));
                if text.is_empty() || text.contains("Command failed") || text.len() > 10_000 {
                    wrong.push(format!("{mark}: whatis {name}\n{:.3000}", text));
                }
            }
            let (_, parts) = PARTS.iter().find(|(name, _)| *name == mark).unwrap_or(&("", &[]));
            for (expression, expected) in *parts {
                let text = session.send(&format!("print {expression}"));
                if !text.starts_with(expected) {
                    wrong.push(format!("{mark}: print {expression}\n{:.3000}", text));
                }
            }
            for command in ["locals", "locals -v", "args -v", "stack -full"] {
                let text = session.send(command);
                if text.contains("Command failed") {
                    wrong.push(format!("{mark}: {command}\n{:.3000}", text));
                }
            }
        });
        assert_modest(&session, MOST_MEMORY);
        session.quit();
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }

    fn the_widest_limits_do_not_help_them(go) {
        let program = Program::build("corrupt", go);
        let mut session = Session::exec(&program);
        session.send("config max-array-values 100000");
        session.send("config max-string-len 1000000");
        session.send("config max-variable-recurse 10000");
        at_each_stop(&program, &mut session, |session, mark| {
            let (_, shown) = SHOWN.iter().find(|(name, _)| *name == mark).unwrap();
            for (name, _) in *shown {
                let text = session.send(&format!("print {name}"));
                assert!(!text.is_empty(), "{mark}: {name}");
            }
        });
        assert_modest(&session, MOST_FOR_PATHS);
        session.quit();
    }
}
