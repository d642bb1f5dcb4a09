//! Looking at everything there is to be seen at a stop.

use std::fs;
use std::time::{Duration, Instant};

use adit_engine::value::LoadConfig;
use adit_engine::{Debugger, EngineError};

use crate::Stopped;

/// Nothing that a user asks for once takes longer, of processor time, in a debug build: nearly all take milliseconds.
const LONGEST: Duration = Duration::from_secs(5);

/// Nor does it read more than this.
const MOST_READ: u64 = 1 << 30;

/// Address space and memory of the whole test, in MiB.
const MOST_MEMORY: (u64, u64) = (16 << 10, 1 << 10);

/// More than anyone asks for at once.
const WIDE: LoadConfig = LoadConfig {
    follow_pointers: true,
    max_variable_recurse: 3,
    max_string_len: 4096,
    max_array_values: 1000,
    max_struct_fields: None,
};

const EXPRESSIONS: [&str; 34] = [
    "all",
    "*all",
    "all.Index",
    "all.Index[\"root\"]",
    "all.Index[\"root\"].Left.Right.Name",
    "all.Shapes[1]",
    "all.Shapes[0].(main.square)",
    "all.Shapes[1].(*main.circle).Radius",
    "all.When",
    "all.Func",
    "all.Queue",
    "len(all.Queue)",
    "all.Err",
    "text + \"x\"",
    "text[2:7]",
    "slices[1][0]",
    "slices[0:2]",
    "array[1].Y",
    "**double",
    "keys[key]",
    "sets",
    "rest[1:]",
    "number",
    "value",
    "dynamic.(data)",
    "self[1]",
    "main.registry[\"two\"]",
    "main.large[77]",
    "main.large[100000]",
    "main.root.Left.Next",
    "main.failure",
    "runtime.curg",
    "runtime.allgs",
    "all == nil || none == one",
];

/// Bounds one question to the debugger.
pub(crate) fn bounded<T>(stopped: &Stopped, what: &str, ask: impl FnOnce() -> T) -> T {
    let (began, used, read) = (Instant::now(), processor_time(), stopped.bytes_read());
    let answer = ask();
    // The processor's clock is coarse, that on the wall counts other people's work.
    if began.elapsed() > LONGEST {
        let used = processor_time() - used;
        assert!(used < LONGEST, "{what}: {used:?}");
    }
    let read = stopped.bytes_read() - read;
    assert!(read < MOST_READ, "{what}: {read} bytes were read");
    answer
}

/// Processor time of this thread, from fields 14 and 15 of proc_pid_stat(5), in ticks of 10 ms.
fn processor_time() -> Duration {
    let stat = fs::read_to_string("/proc/thread-self/stat").unwrap();
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap().split_whitespace().collect();
    Duration::from_millis(fields[11..13].iter().map(|field| 10 * field.parse::<u64>().unwrap()).sum())
}

/// Of all that was asked in this process, nothing took an enormous amount of memory.
pub(crate) fn assert_modest() {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let peak = |name: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap();
        line.split_whitespace().next().unwrap().parse::<u64>().unwrap() / 1024
    };
    let (space, memory) = (peak("VmPeak:"), peak("VmHWM:"));
    assert!(space < MOST_MEMORY.0 && memory < MOST_MEMORY.1, "{space} MiB, {memory} MiB in memory");
}

/// All that can be asked at a stop.
pub(crate) fn look(stopped: &Stopped, seed: u64) {
    let ask = |what: &str, ask: &mut dyn FnMut()| bounded(stopped, what, ask);
    let mut debugger = None;
    ask("starting", &mut || debugger = Some(stopped.debugger(seed, !seed.is_multiple_of(4))));
    let Some(debugger) = debugger else { return };
    ask("threads", &mut || drop(debugger.threads()));
    ask("the thread's stack", &mut || drop(debugger.stack_of(stopped.thread, 1000)));
    ask("the goroutine's variables", &mut || frames(stopped, &debugger, -1, 6));
    ask("expressions", &mut || expressions(stopped, &debugger));
    let mut ids = Vec::new();
    ask("goroutines", &mut || {
        let Ok(list) = debugger.goroutines(0, 1000) else { return };
        for goroutine in &list.goroutines {
            debugger.goroutine_labels(goroutine);
        }
        ids.extend(list.goroutines.iter().map(|goroutine| goroutine.raw.id));
    });
    for id in ids.into_iter().take(8) {
        ask("a goroutine's variables", &mut || frames(stopped, &debugger, id, 3));
    }
    ask("package variables", &mut || drop(debugger.package_variables("^main\\.", &WIDE)));
    if seed % 16 == 1 {
        let short = &LoadConfig::SHORT;
        ask("all package variables", &mut || drop(debugger.package_variables("^runtime\\.[a-f]", short)));
    }
}

/// The variables of a goroutine's innermost frames.
fn frames(stopped: &Stopped, debugger: &Debugger, goroutine: i64, most: usize) {
    let Ok(frames) = bounded(stopped, "stack", || debugger.stack(goroutine, 500)) else { return };
    for index in 0..frames.len().min(most) {
        let Ok(scope) = debugger.scope(goroutine, index) else { continue };
        for (number, _) in debugger.defers_of_frame(goroutine, &frames, index).iter().enumerate().take(3) {
            let Ok(scope) = debugger.deferred_scope(goroutine, index, number + 1) else { continue };
            drop(bounded(stopped, "a deferred call", || debugger.variables(&scope)));
        }
        let Ok(variables) = debugger.variables(&scope) else { continue };
        for variable in variables {
            for config in [LoadConfig::SHORT, LoadConfig::FULL, WIDE] {
                bounded(stopped, &variable.name, || debugger.loader().load(&variable.value, &config));
            }
        }
    }
}

fn expressions(stopped: &Stopped, debugger: &Debugger) {
    let Ok(scope) = debugger.scope(-1, 1) else { return };
    let ask = |text: &str| -> Result<_, EngineError> { debugger.eval(&scope, text, &LoadConfig::FULL) };
    for text in EXPRESSIONS {
        drop(bounded(stopped, text, || ask(text)));
    }
    for channel in ["all.Queue", "buffered"] {
        drop(bounded(stopped, channel, || debugger.goroutines_waiting_on(&scope, channel)));
    }
}
