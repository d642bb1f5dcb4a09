//! Package `sync`: who holds a lock, who waits, how many are left.

use super::view::View;
use super::{Family, Formatter, plural, sync_map};

/// `rwmutexMaxReaders` (`sync/rwmutex.go`): taken off `readerCount` while a writer has or wants the lock.
const MOST_READERS: i64 = 1 << 30;
/// Local pools, and stretches of one, that are counted.
const MOST_POOLS: u64 = 1024;
const MOST_STRETCHES: usize = 64;

pub(super) fn family(name: &str) -> Option<Family> {
    Some(match name {
        "Mutex" => mutex,
        "RWMutex" => rw_mutex,
        "WaitGroup" => wait_group,
        "Once" => {
            |_, view| Some(if view.field("done")?.uint()? != 0 { "done" } else { "not done" }.to_owned())
        }
        "Cond" => cond,
        "Pool" => pool,
        "Map" | "HashTrieMap" => sync_map::summary,
        _ => return None,
    })
}

/// The bits of a mutex (`sync/mutex.go`; go1.24 has moved it to `internal/sync` and left a wrapper).
struct MutexState {
    locked: bool,
    starving: bool,
    waiters: u64,
}

fn mutex_state(view: &View<'_>) -> Option<MutexState> {
    let state = match view.field("mu") {
        Some(inner) => inner.field("state")?,
        None => view.field("state")?,
    };
    let state = state.uint()?;
    Some(MutexState { locked: state & 1 != 0, starving: state & 4 != 0, waiters: (state & 0xffff_ffff) >> 3 })
}

fn mutex(_: &Formatter, view: &View<'_>) -> Option<String> {
    let state = mutex_state(view)?;
    let mut text = if state.locked { "locked" } else { "unlocked" }.to_owned();
    if state.waiters > 0 {
        text = format!("{text}, {}", plural(state.waiters, "waiter"));
    }
    if state.starving {
        text.push_str(", starving");
    }
    Some(text)
}

/// `readerCount` is a plain number before go1.20.
fn rw_mutex(_: &Formatter, view: &View<'_>) -> Option<String> {
    let writers = mutex_state(&view.field("w")?)?;
    let readers = view.field("readerCount")?.int()?;
    let departing = view.field("readerWait")?.int()?;
    let (mut text, waiting) = match readers {
        0 => ("unlocked".to_owned(), 0),
        1.. => (format!("locked by {}", plural(readers.unsigned_abs(), "reader")), 0),
        // A writer waits for the readers that were there before it; readers that came later wait for the writer.
        _ if departing > 0 => (
            format!("locked by {}, a writer waits", plural(departing.unsigned_abs(), "reader")),
            readers + MOST_READERS - departing,
        ),
        _ => ("locked by a writer".to_owned(), readers + MOST_READERS),
    };
    if waiting > 0 {
        text = format!("{text}, {} waiting", plural(waiting.unsigned_abs(), "reader"));
    }
    if writers.waiters > 0 {
        text = format!("{text}, {} waiting", plural(writers.waiters, "writer"));
    }
    Some(text)
}

/// go1.20 and later: `state`; before, `state1` and `state2`, of which the eight aligned bytes are the state.
fn wait_group(_: &Formatter, view: &View<'_>) -> Option<String> {
    let state = match view.field("state") {
        Some(state) => state.uint()?,
        None => {
            let state = view.field("state1")?;
            let swapped = view.loader.word_size() == 4 && state.value.addr()?.0 % 8 != 0;
            view.loader.uint(&state.value, if swapped { 4 } else { 0 }, 8).ok()?
        }
    };
    // The topmost bit of the lower half belongs to testing/synctest (go1.25).
    let (count, waiters) = ((state >> 32) as u32, state & 0x7fff_ffff);
    let mut text = format!("counter {}", count.cast_signed());
    if waiters > 0 {
        text = format!("{text}, {}", plural(waiters, "waiter"));
    }
    Some(text)
}

/// The tickets handed out to waiters less those called up (`runtime/sema.go`, `notifyList`).
fn cond(_: &Formatter, view: &View<'_>) -> Option<String> {
    let notify = view.field("notify")?;
    let ticket = |name: &str| Some(notify.field(name)?.uint()? as u32);
    let waiters = ticket("wait")?.wrapping_sub(ticket("notify")?);
    Some(plural(u64::from(waiters), "waiter"))
}

/// What waits in a pool: one item of each P, and what is in its queue; and the victims of the last collection.
fn pool(f: &Formatter, view: &View<'_>) -> Option<String> {
    let local = view.type_named("sync.poolLocal");
    let mut items = 0;
    for (array, size) in [("local", "localSize"), ("victim", "victimSize")] {
        let (start, size) = (view.field(array)?.uint()?, view.field(size)?.uint()?);
        if start == 0 {
            continue;
        }
        let local = local.clone()?;
        for index in 0..size.min(MOST_POOLS) {
            let addr = start.checked_add(index.checked_mul(local.size)?)?;
            let inner = view.at(local.clone(), addr).field("poolLocalInternal")?;
            items += u64::from(inner.field("private")?.word(0)? != 0);
            items += queued(f, &inner.field("shared")?)?;
        }
    }
    Some(plural(items, "item"))
}

/// Items of a `poolChain`: from `tail` on, each stretch counts from its tail to its head (`sync/poolqueue.go`).
fn queued(f: &Formatter, chain: &View<'_>) -> Option<u64> {
    let mut items = 0;
    let mut stretch = chain.field("tail")?.pointee()?;
    for _ in 0..MOST_STRETCHES {
        let Some(current) = stretch else { break };
        f.step()?;
        let ends = current.path(&["poolDequeue", "headTail"])?.uint()?;
        items += u64::from(((ends >> 32) as u32).wrapping_sub(ends as u32));
        stretch = current.field("next")?.pointee()?;
    }
    Some(items)
}
