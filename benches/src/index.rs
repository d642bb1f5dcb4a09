//! The index of names: how fast it is built and opened, and how fast it answers, inside the library. Each part runs
//! in a process of its own, which is this program again: only so is its peak memory its own.

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use adit_symbols::{Binary, Cache, NameKind, Pattern};
use anyhow::{Context, Result, ensure};

use crate::measure::{Outcome, Unit, milliseconds};

/// The argument with which this program measures an index, and does nothing else.
pub(crate) const ARGUMENT: &str = "--index-of";

/// More than any cache takes here.
const CACHE_LIMIT: u64 = 1 << 40;

/// Building with an empty cache, opening with a full one, and looking up.
pub(crate) fn measure(program: &Path) -> Outcome {
    let cache = tempfile::tempdir().context("there is no place for a cache")?;
    let cold = run(program, cache.path())?;
    let warm = run(program, cache.path())?;
    let [built, cold_memory, ..] = cold.as_slice() else { anyhow::bail!("no numbers") };
    let [opened, warm_memory, bytes, lookups @ ..] = warm.as_slice() else { anyhow::bail!("no numbers") };
    let [names, functions, types, variables, pattern] = lookups else { anyhow::bail!("no numbers") };
    Ok(vec![
        ("built", Unit::Milliseconds, *built),
        ("built, of .debug_info", Unit::MebibytesPerSecond, bytes / 1_048_576.0 / built * 1000.0),
        ("built, peak memory", Unit::Mebibytes, *cold_memory),
        ("opened again", Unit::Milliseconds, *opened),
        ("opened and asked, peak memory", Unit::Mebibytes, *warm_memory),
        ("names", Unit::Count, *names),
        ("functions, slowest lookup", Unit::Milliseconds, *functions),
        ("types, slowest lookup", Unit::Milliseconds, *types),
        ("variables, slowest lookup", Unit::Milliseconds, *variables),
        ("pattern that no text rules out", Unit::Milliseconds, *pattern),
    ])
}

fn run(program: &Path, cache: &Path) -> Result<Vec<f64>> {
    let own = std::env::current_exe().context("this program is not found")?;
    let output =
        Command::new(own).arg(ARGUMENT).arg(program).arg(cache).env("RUST_BACKTRACE", "0").output()?;
    let said = String::from_utf8_lossy(&output.stdout);
    ensure!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
    said.split_whitespace().map(|word| word.parse().with_context(|| format!("{word} is no number"))).collect()
}

/// What the process of its own does: prints the numbers.
pub(crate) fn print(program: &Path, cache: &Path) -> Result<()> {
    let begun = Instant::now();
    let cache = Cache::new(cache.to_owned(), CACHE_LIMIT);
    let binary = Binary::open(program)?.with_cache(Some(cache));
    binary.index_names();
    let ready = begun.elapsed();
    let mut slowest = Vec::new();
    let mut names = 0;
    for kind in [NameKind::Function, NameKind::Type, NameKind::Variable] {
        let all = binary.names_matching(kind, &Pattern::new("")?)?;
        names += all.len();
        let some = all.get(all.len() / 3).context("there are no names")?;
        let (_, last) = some.rsplit_once('.').unwrap_or(("", some));
        let quoted: String = last.chars().take_while(char::is_ascii_alphanumeric).collect();
        let time = |ask: &dyn Fn() -> Result<usize>| -> Result<Duration> {
            let begun = Instant::now();
            let found = ask()?;
            ensure!(found > 0, "{kind:?}: nothing is found for {some}");
            Ok(begun.elapsed())
        };
        let start: String = some.chars().take_while(char::is_ascii_alphanumeric).collect();
        let anchored = Pattern::new(&format!("^{start}.*{quoted}"))?;
        let inner = Pattern::new(&format!("[a-z.]*{quoted}"))?;
        let times = [
            time(&|| Ok(usize::from(binary.has_name(kind, some)?)))?,
            time(&|| Ok(binary.names_with_base(kind, last)?.len().max(1)))?,
            time(&|| Ok(binary.names_starting(kind, &some[..some.len() / 2], 100)?.len()))?,
            time(&|| Ok(binary.names_matching(kind, &anchored)?.len()))?,
            time(&|| Ok(binary.names_matching(kind, &inner)?.len()))?,
        ];
        slowest.push(times.into_iter().max().unwrap_or_default());
    }
    let begun = Instant::now();
    binary.names_matching(NameKind::Function, &Pattern::new("[x-z][0-9]{3}[A-Z]")?)?;
    let pattern = begun.elapsed();
    let memory = crate::debugger::peak_memory(std::process::id())?;
    print!("{} {}", milliseconds(ready), memory as f64 / 1024.0);
    let size = binary.section(".debug_info").map_or(0, |section| section.data().len());
    print!(" {size} {names}");
    for time in slowest.into_iter().chain([pattern]) {
        print!(" {}", milliseconds(time));
    }
    println!();
    Ok(())
}
