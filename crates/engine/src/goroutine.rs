//! Goroutines: which there are, where they are, and which is selected.

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::{BTreeMap, HashMap};
use std::ops::{ControlFlow, Deref, RangeInclusive};
use std::rc::Rc;

use adit_goruntime::{Fact, GPlace, Globals, GoRuntime, Layout, Modules, Release, Status, TlsFacts};
use adit_process::{Addr, ThreadId};
use adit_symbols::Binary;

use crate::eval::EvalError;
use crate::runtime_types::RuntimeTypes;
use crate::scope::Scope;
use crate::target::Target;
use crate::thread::ThreadGoroutine;
use crate::unwind::{Cursor, Frame, StackContext};
use crate::value::{Kind, LoadConfig, ValueError};
use crate::{Debugger, EngineError, Image};

/// Programs whose thread-local variables take more are not searched whole, in bytes.
const LARGEST_TLS: u64 = 1 << 16;

/// Goroutines whose stacks are read at once.
const PREFETCHED: usize = 1024;
/// Goroutines of the list that are kept, for those who go on to ask for their stacks.
const MOST_LISTED: usize = 1 << 14;
/// The cache of places of goroutines starts anew when it has so many.
const MOST_PLACES: usize = 1 << 14;

/// The Go runtime of the program, and what was read of it since it last ran.
pub struct Runtime {
    pub(crate) go: Located,
    g_place: Cell<Option<GPlace>>,
    /// Places in thread-local storage where g may be instead, in a program that does not say.
    other_g_places: Cell<Option<RangeInclusive<i64>>>,
    /// Were the variables searched for, in vain, since the program last ran?
    searched: Cell<bool>,
    /// Addresses of the goroutines seen since the last stop, by id.
    known: RefCell<HashMap<i64, Addr>>,
    /// The goroutines of the stretch of the list that was read last, by id.
    listed: RefCell<HashMap<i64, adit_goruntime::Goroutine>>,
    /// Were all of them seen?
    complete: Cell<bool>,
    modules: RefCell<Option<Rc<Modules>>>,
    /// Types that were read from the runtime's descriptors.
    pub(crate) types: RuntimeTypes,
    /// Places that goroutines have to do with: they share a few by the thousand.
    places: RefCell<HashMap<PlaceKey, Rc<SourcePlace>>>,
    /// The functions that goroutines began with, by their entries as the runtime has them.
    starts: RefCell<HashMap<Addr, (Rc<SourcePlace>, bool)>>,
}

/// A PC, the address by which it is looked up, and how many calls that were inlined there are passed over.
type PlaceKey = (Addr, Addr, usize);

/// Go's runtime in a program. Without a symbol table its variables can be found only once they hold something.
pub(crate) struct Located {
    by_symbols: GoRuntime,
    by_search: OnceCell<GoRuntime>,
}

impl Deref for Located {
    type Target = GoRuntime;

    fn deref(&self) -> &GoRuntime {
        self.by_search.get().unwrap_or(&self.by_symbols)
    }
}

/// A place that a goroutine has to do with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SourcePlace {
    /// The address.
    pub pc: Addr,
    /// Source file; empty if unknown.
    pub file: String,
    /// Line; 0 if unknown.
    pub line: u32,
    /// The function's name, and its entry.
    pub function: Option<(String, Addr)>,
}

/// A goroutine, with where it is.
#[derive(Clone, Debug)]
pub struct Goroutine {
    /// What the runtime says of it.
    pub raw: adit_goruntime::Goroutine,
    /// The thread that runs it, as that thread itself says.
    pub thread: Option<ThreadId>,
    /// Where it is.
    pub current: Rc<SourcePlace>,
    /// The innermost frame of the user's own code.
    pub user: Rc<SourcePlace>,
    /// The `go` statement that made it.
    pub go_statement: Rc<SourcePlace>,
    /// The function that it began with.
    pub start: Rc<SourcePlace>,
    /// Does the runtime run it for itself?
    pub system: bool,
}

/// A stretch of the list of all goroutines.
pub struct GoroutineList {
    /// The goroutines, in the runtime's order.
    pub goroutines: Vec<Goroutine>,
    /// Texts for those that could not be read.
    pub unreadable: Vec<String>,
    /// Where to read on.
    pub next: Option<u64>,
}

impl Runtime {
    /// `None` if the program is not Go's, or says nothing of its version.
    pub(crate) fn open(image: &Image) -> Option<Runtime> {
        let binary = &image.binary;
        let version = binary.go_version()?;
        let release = Release(u16::try_from(version.minor).ok()?);
        let mut layout = Layout::of_release(release, binary.arch());
        if !release.is_known() {
            // A release after the tables: its own debug information knows best.
            if let Ok(dwarf) = binary.dwarf() {
                layout = layout.with_dwarf(dwarf).0;
            }
        }
        let mut globals = Globals::find(|name| image.symbol(name));
        if globals.firstmoduledata.is_none() {
            let known = binary.pclntab().ok().and_then(adit_symbols::Pclntab::moduledata);
            globals.firstmoduledata = known.map(|addr| image.to_target(addr));
        }
        let facts = tls_facts(binary);
        let word = i64::from(binary.arch().pointer_size);
        let unsure = facts.tlsg.is_none() && matches!(binary.arch().name, "amd64" | "386");
        let segment = facts.segment.filter(|_| unsure && binary.goos() == "linux");
        let other_g_places = segment.map(|(_, size, align)| {
            let size = size.min(LARGEST_TLS).next_multiple_of(align.clamp(1, LARGEST_TLS));
            -size.cast_signed()..=-word
        });
        Some(Runtime {
            g_place: Cell::new(GPlace::find(binary.goos(), binary.arch(), release, facts)),
            other_g_places: Cell::new(other_g_places),
            go: Located { by_symbols: GoRuntime { layout, globals }, by_search: OnceCell::new() },
            searched: Cell::new(false),
            known: RefCell::default(),
            listed: RefCell::default(),
            complete: Cell::new(false),
            modules: RefCell::default(),
            types: RuntimeTypes::default(),
            places: RefCell::default(),
            starts: RefCell::default(),
        })
    }

    /// The runtime with its variables: where the symbol table says, or else, in a stripped program whose runtime is
    /// up, where they are recognised by what they hold.
    pub(crate) fn located(&self, image: &Image, target: &Target) -> &GoRuntime {
        if self.go.globals.allgs.is_none() && !self.searched.replace(true) {
            let found = Self::search(image, target, &self.go.layout).filter(|found| found.allgs.is_some());
            if let Some(globals) = found {
                // Empty until now: there was no list of goroutines.
                let _ = self.go.by_search.set(GoRuntime { layout: self.go.layout.clone(), globals });
            }
        }
        &self.go
    }

    fn search(image: &Image, target: &Target, layout: &Layout) -> Option<Globals> {
        let table = image.to_target(image.binary.pclntab().ok()?.address());
        let mappings = target.mappings().ok()?;
        // The file may have been deleted or replaced since: its mappings are known by one of them.
        let own = mappings.iter().find(|mapping| mapping.start <= table && table < mapping.end)?;
        // The zeroed data behind the file's own is an anonymous mapping right after it.
        let mut writable: Vec<(Addr, Addr)> = Vec::new();
        for mapping in mappings.iter().filter(|mapping| mapping.writable) {
            let follows =
                writable.last().is_some_and(|(_, end)| *end == mapping.start) && mapping.path.is_empty();
            if own.path == mapping.path || follows {
                writable.push((mapping.start, mapping.end));
            }
        }
        Globals::search(target, layout, table, &writable).ok()
    }

    /// Where this thread's g is. In a program that does not say so, it is looked for among the thread-local variables:
    /// it is the one whose m knows it.
    fn g_place(&self, target: &Target, tls_base: Addr) -> Option<GPlace> {
        let Some(range) = self.other_g_places.take() else { return self.g_place.get() };
        let word = usize::from(target.arch().pointer_size);
        let likely = self.g_place.get();
        let others = range.clone().step_by(word).map(GPlace::Tls);
        for place in likely.into_iter().chain(others) {
            if let GPlace::Tls(offset) = place
                && self.is_g_at(target, tls_base.offset(offset))
            {
                self.g_place.set(Some(place));
                return Some(place);
            }
        }
        self.other_g_places.set(Some(range));
        likely
    }

    /// Is this a pointer to a g, whose m has it for one of its own?
    fn is_g_at(&self, target: &Target, at: Addr) -> bool {
        let known = || {
            let g = target.read_pointer(at).ok().filter(|g| g.0 != 0)?;
            let m = target.read_pointer(g.offset(self.go.layout.get(Fact::GM)?.cast_signed())).ok()?;
            let own = [Fact::MG0, Fact::MCurG].into_iter().filter_map(|fact| self.go.layout.get(fact));
            let mut own = own.filter_map(|offset| target.read_pointer(m.offset(offset.cast_signed())).ok());
            Some(m.0 != 0 && own.any(|other| other == g))
        };
        known().unwrap_or(false)
    }

    /// The type that an interface table is for (`runtime.itab`, `internal/abi.ITab`).
    pub(crate) fn itab_type(&self, target: &Target, itab: Addr) -> Result<Addr, ValueError> {
        let offset =
            self.go.layout.of(Fact::ItabType).map_err(|error| ValueError::Other(error.to_string()))?;
        Ok(target.read_pointer(itab.offset(offset.cast_signed()))?)
    }

    pub(crate) fn modules(&self, target: &Target) -> Rc<Modules> {
        let mut known = self.modules.borrow_mut();
        known.get_or_insert_with(|| Rc::new(self.go.modules(target).unwrap_or_default())).clone()
    }

    /// Places may have been looked up when memory could not be read.
    pub(crate) fn forget_places(&self) {
        self.places.borrow_mut().clear();
        self.starts.borrow_mut().clear();
        self.types.forget(true);
    }

    /// The program ran: what was read may no longer be so.
    pub(crate) fn forget(&self) {
        self.known.borrow_mut().clear();
        self.listed.borrow_mut().clear();
        let before = self.modules.borrow_mut().take();
        self.types.forget(before.is_some_and(|modules| modules.0.len() > 1));
        self.complete.set(false);
        self.searched.set(false);
    }
}

fn tls_facts(binary: &Binary) -> TlsFacts {
    TlsFacts {
        tlsg: binary.symbol("runtime.tlsg").map(|symbol| symbol.addr.0),
        tls_g: binary.symbol("runtime.tls_g").map(|symbol| symbol.addr.0),
        segment: binary.tls_segment().map(|segment| (segment.addr.0, segment.memsz, segment.align)),
    }
}

impl Debugger {
    pub(crate) fn open_runtime(&mut self) {
        self.runtime = Runtime::open(&self.image);
    }

    pub(crate) fn runtime(&self) -> Result<&Runtime, EngineError> {
        self.runtime.as_ref().ok_or_else(|| EngineError::Runtime("this is not a Go program".to_owned()))
    }

    pub(crate) fn find_thread_goroutine(&self, thread: ThreadId) -> Option<ThreadGoroutine> {
        let runtime = self.runtime.as_ref()?;
        let registers = self.target.registers(thread).ok()?;
        let base = self.target.tls_base(thread).ok()?;
        // A thread that is being made has its parent's TLS.
        if self.function_at(Addr(registers.pc())).is_some_and(|function| function.name() == "runtime.clone") {
            return None;
        }
        let current = runtime
            .go
            .g_of_thread(&self.target, runtime.g_place(&self.target, base)?, base, &registers)
            .ok()??;
        let g = current.goroutine?;
        let id =
            self.target.read_uint(g.offset(runtime.go.layout.get(Fact::GGoid)?.cast_signed()), 8).ok()?;
        let id = id.cast_signed();
        if id == 0 {
            return None;
        }
        runtime.known.borrow_mut().insert(id, g);
        Some(ThreadGoroutine { id, g, on_system_stack: current.on_system_stack })
    }

    /// What the unwinder must know of the goroutine at `g`.
    pub(crate) fn stack_context(&self, g: Addr, on_system_stack: bool) -> StackContext {
        let Some(runtime) = &self.runtime else { return StackContext::default() };
        let layout = &runtime.go.layout;
        let word = |base: Addr, facts: &[Fact]| {
            let offset = facts.iter().map(|fact| layout.get(*fact)).sum::<Option<u64>>()?;
            self.target.read_pointer(base.offset(offset.cast_signed())).ok()
        };
        let g0 = word(g, &[Fact::GM]).filter(|m| m.0 != 0).and_then(|m| word(m, &[Fact::MG0]));
        StackContext {
            bounds: word(g, &[Fact::GStack, Fact::StackLo]).zip(word(g, &[Fact::GStack, Fact::StackHi])),
            sched: word(g, &[Fact::GSched, Fact::GobufPc]).and_then(|pc| {
                Some((pc, word(g, &[Fact::GSched, Fact::GobufSp])?, word(g, &[Fact::GSched, Fact::GobufBp])?))
            }),
            on_system_stack,
            g0_sched_sp: g0.filter(|g0| g0.0 != 0).and_then(|g0| word(g0, &[Fact::GSched, Fact::GobufSp])),
            release: layout.release,
        }
    }

    /// Goroutines from index `start` of the runtime's list on, about `count` of them.
    pub fn goroutines(&self, start: u64, count: usize) -> Result<GoroutineList, EngineError> {
        self.check_started()?;
        let runtime = self.runtime()?;
        let page = match runtime.located(&self.image, &self.target).goroutines(&self.target, start, count) {
            Ok(page) => page,
            Err(error) => return Err(EngineError::Runtime(error.to_string())),
        };
        let running = self.running_goroutines();
        let mut known = runtime.known.borrow_mut();
        known.extend(page.goroutines.iter().map(|raw| (raw.id, raw.addr)));
        drop(known);
        let mut listed = runtime.listed.borrow_mut();
        listed.clear();
        listed.extend(page.goroutines.iter().take(MOST_LISTED).map(|raw| (raw.id, raw.clone())));
        drop(listed);
        let mut goroutines = Vec::with_capacity(page.goroutines.len());
        let mut rest = page.goroutines.into_iter();
        loop {
            let batch: Vec<_> = rest.by_ref().take(PREFETCHED).collect();
            if batch.is_empty() {
                break;
            }
            let waiting = batch.iter().filter(|raw| !running.contains_key(&raw.id));
            self.target.prefetch(waiting.map(|raw| raw.sched.sp));
            goroutines.extend(batch.into_iter().map(|raw| self.locate(raw, &running)));
        }
        let unreadable = page.errors.into_iter().map(|(_, error)| error.to_string()).collect();
        Ok(GoroutineList { goroutines, unreadable, next: page.next })
    }

    /// Which thread runs which goroutine: asked of the threads, since a goroutine remembers an old one for a while.
    pub(crate) fn running_goroutines(&self) -> HashMap<i64, ThreadId> {
        let threads = self.target.threads().into_iter();
        threads.filter_map(|thread| Some((self.goroutine_of_thread(thread)?, thread))).collect()
    }

    /// The goroutine with this id; -1 is the selected one.
    pub fn goroutine(&self, id: i64) -> Result<Goroutine, EngineError> {
        self.check_started()?;
        let id = self.goroutine_id(id)?;
        let raw = self.raw_goroutine(id)?;
        let mut running = HashMap::new();
        if let Some(thread) = self.thread_of_goroutine(id) {
            running.insert(id, thread);
        }
        Ok(self.locate(raw, &running))
    }

    fn goroutine_id(&self, id: i64) -> Result<i64, EngineError> {
        match id {
            -1 => self.selection.goroutine.ok_or(EngineError::NoGoroutineSelected),
            id => Ok(id),
        }
    }

    pub(crate) fn raw_goroutine(&self, id: i64) -> Result<adit_goruntime::Goroutine, EngineError> {
        let runtime = self.runtime()?;
        let addr = self.goroutine_addr(id)?;
        runtime.go.goroutine(&self.target, addr).map_err(|error| EngineError::Runtime(error.to_string()))
    }

    /// The same, without reading it again if it was listed just now.
    pub(crate) fn listed_goroutine(&self, id: i64) -> Result<adit_goruntime::Goroutine, EngineError> {
        let listed = self.runtime()?.listed.borrow().get(&id).cloned();
        listed.map_or_else(|| self.raw_goroutine(id), Ok)
    }

    /// Where the `g` of a goroutine is.
    pub(crate) fn goroutine_addr(&self, id: i64) -> Result<Addr, EngineError> {
        let runtime = self.runtime()?;
        // A goroutine on a thread is found by its thread, even if the list of all cannot be read.
        self.thread_of_goroutine(id);
        if let Some(addr) = runtime.known.borrow().get(&id) {
            return Ok(*addr);
        }
        if !runtime.complete.get() {
            let mut start = Some(0);
            while let Some(from) = start {
                let page = runtime
                    .located(&self.image, &self.target)
                    .goroutines(&self.target, from, 1 << 16)
                    .map_err(|error| EngineError::Runtime(error.to_string()))?;
                runtime.known.borrow_mut().extend(page.goroutines.iter().map(|raw| (raw.id, raw.addr)));
                start = page.next;
            }
            runtime.complete.set(true);
        }
        runtime.known.borrow().get(&id).copied().ok_or(EngineError::UnknownGoroutine(id))
    }

    /// Finds out where a goroutine is.
    fn locate(&self, raw: adit_goruntime::Goroutine, running: &HashMap<i64, ThreadId>) -> Goroutine {
        let thread = running.get(&raw.id).copied();
        let (start_at, context) = self.stack_start(&raw, thread);
        let pc = start_at.pc;
        let current = self.shared_place((pc, pc, 0));
        let user =
            if raw.status == Status::IDLE { current.clone() } else { self.user_place(start_at, &context) };
        let (start, system) = self.start_place(raw.start_pc);
        let go_statement = self.shared_place((raw.go_pc, raw.go_pc.offset(-1), 0));
        Goroutine { raw, thread, current, user, go_statement, start, system }
    }

    /// The source place of a PC, from the cache of those that goroutines have to do with.
    fn shared_place(&self, key: PlaceKey) -> Rc<SourcePlace> {
        let make = || {
            let (pc, lookup, inlined) = key;
            Rc::new(self.inlined_place(pc, lookup, inlined))
        };
        let Some(runtime) = &self.runtime else { return make() };
        let mut places = runtime.places.borrow_mut();
        if places.len() >= MOST_PLACES {
            places.clear();
        }
        places.entry(key).or_insert_with(make).clone()
    }

    /// Where the walk over a goroutine's stack begins.
    pub(crate) fn stack_start(
        &self,
        raw: &adit_goruntime::Goroutine,
        thread: Option<ThreadId>,
    ) -> (Cursor, StackContext) {
        if let Some(registers) = thread.and_then(|thread| self.target.registers(thread).ok()) {
            let context = thread.map(|thread| self.stack_context_of_thread(thread)).unwrap_or_default();
            return (Cursor::top(registers), context);
        }
        let context = StackContext { bounds: Some(raw.stack), ..StackContext::default() };
        // In a system call without a thread of its own yet, the scheduler's registers are older than the call's.
        let at = match raw.status {
            Status::SYSCALL if raw.syscall.pc.0 != 0 => raw.syscall,
            _ => raw.sched,
        };
        (Cursor::caller(self.arch(), at.pc.0, at.sp.0, Some(at.bp.0)), context)
    }

    /// The innermost frame that belongs to the user rather than to the runtime.
    fn user_place(&self, start: Cursor, context: &StackContext) -> Rc<SourcePlace> {
        let mut found = None;
        let mut first = None;
        let mut seen = 0;
        self.unwinder().walk(start, context, &mut |physical| {
            let sources = self.image.source_frames(physical.lookup);
            for (i, source) in sources.iter().enumerate() {
                let key = (physical.cursor.pc, physical.lookup, i);
                if adit_goruntime::functions::is_user_location(&source.function) {
                    found = Some(key);
                    return ControlFlow::Break(());
                }
                first.get_or_insert(key);
            }
            // Frames of which nothing is known count too: garbage on a stack may lead through any number of them.
            seen += sources.len().max(1);
            if seen >= adit_goruntime::functions::MAX_USER_LOCATION_DEPTH {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            }
        });
        found.or(first).map(|key| self.shared_place(key)).unwrap_or_default()
    }

    /// Where `pc` is in the source, looked up by `lookup`: the call before a return address.
    pub fn source_place(&self, pc: Addr, lookup: Addr) -> SourcePlace {
        self.inlined_place(pc, lookup, 0)
    }

    /// The same, without the innermost `inlined` calls that were inlined there.
    fn inlined_place(&self, pc: Addr, lookup: Addr, inlined: usize) -> SourcePlace {
        match self.image.source_frames_anywhere(&self.target, lookup).get(inlined) {
            Some(source) => SourcePlace {
                pc,
                file: source.file.clone(),
                line: source.line,
                function: Some((source.function.clone(), self.image.to_target(source.entry))),
            },
            None => SourcePlace { pc, ..SourcePlace::default() },
        }
    }

    /// The function that a goroutine began with, behind the wrapper that the compiler makes for a `go` statement
    /// with arguments; and whether the runtime runs it for itself.
    fn start_place(&self, entry: Addr) -> (Rc<SourcePlace>, bool) {
        let make = || {
            let start = self.unwrapped(entry).unwrap_or(entry);
            let place = self.source_place(start, start);
            let name = place.function.as_ref().map(|(name, _)| name.as_str());
            let system = name.is_some_and(adit_goruntime::functions::is_system_goroutine);
            (Rc::new(place), system)
        };
        let Some(runtime) = &self.runtime else { return make() };
        runtime.starts.borrow_mut().entry(entry).or_insert_with(make).clone()
    }

    /// The function that a wrapper made by the compiler, for a `go` or `defer` statement with arguments, is there to
    /// call; `None` if the function at `entry` is no wrapper.
    pub fn unwrapped(&self, entry: Addr) -> Option<Addr> {
        let function = self.function_at(entry)?;
        if !function.func_id().is_wrapper() {
            return None;
        }
        self.direct_calls(entry).into_iter().find(|target| {
            self.function_at(*target)
                .is_some_and(|function| adit_goruntime::functions::is_user_location(function.name()))
        })
    }

    /// Selects a goroutine, and the thread that runs it, if one does.
    pub fn select_goroutine(&mut self, id: i64) -> Result<(), EngineError> {
        self.check_started()?;
        self.raw_goroutine(id)?;
        self.selection.goroutine = Some(id);
        if let Some(thread) = self.thread_of_goroutine(id) {
            self.selection.thread = thread;
        }
        Ok(())
    }

    /// The stack of a goroutine (-1: what is selected), innermost frame first, at most `most` frames.
    pub fn stack(&self, goroutine: i64, most: usize) -> Result<Vec<Frame>, EngineError> {
        self.check_started()?;
        if goroutine == -1 {
            return self.stack_of_selection(most);
        }
        let raw = self.raw_goroutine(goroutine)?;
        let (start, context) = self.stack_start(&raw, self.thread_of_goroutine(goroutine));
        Ok(self.unwinder().frames(start, &context, most))
    }

    pub(crate) fn stack_of_selection(&self, most: usize) -> Result<Vec<Frame>, EngineError> {
        match self.selection.goroutine {
            Some(id) => self.stack(id, most),
            None => self.stack_of_thread(self.selection.thread, most),
        }
    }

    /// Frame `frame` of a goroutine (-1: what is selected) as a scope.
    pub fn scope(&self, goroutine: i64, frame: usize) -> Result<Scope, EngineError> {
        self.check_alive()?;
        if self.not_started.is_some() && goroutine == -1 && frame == 0 {
            return Ok(Scope::without_frame(self.arch()));
        }
        self.check_started()?;
        let goroutine = match goroutine {
            -1 => self.selection.goroutine,
            id => Some(id),
        };
        let Some(id) = goroutine else { return self.thread_scope(self.selection.thread, frame) };
        let raw = self.raw_goroutine(id)?;
        let thread = self.thread_of_goroutine(id);
        let (start, stack) = self.stack_start(&raw, thread);
        let frames = self.unwinder().frames(start, &stack, frame.saturating_add(2));
        Self::frame_scope(frames, frame, goroutine, thread, stack)
    }

    /// The topmost frame of a thread as a scope.
    pub fn scope_of_thread(&self, thread: ThreadId) -> Result<Scope, EngineError> {
        self.thread_scope(thread, 0)
    }

    fn thread_scope(&self, thread: ThreadId, frame: usize) -> Result<Scope, EngineError> {
        let registers = self.target.registers(thread)?;
        let stack = self.stack_context_of_thread(thread);
        // A condition of the topmost frame is evaluated at each hit: no more than that frame is walked for it.
        let most = if frame == 0 { 1 } else { frame.saturating_add(2) };
        let frames = self.unwinder().frames(Cursor::top(registers), &stack, most);
        Self::frame_scope(frames, frame, self.goroutine_of_thread(thread), Some(thread), stack)
    }

    fn frame_scope(
        frames: Vec<Frame>,
        frame: usize,
        goroutine: Option<i64>,
        thread: Option<ThreadId>,
        stack: StackContext,
    ) -> Result<Scope, EngineError> {
        let mut frames = frames.into_iter().skip(frame);
        match frames.next() {
            Some(found) => {
                Ok(Scope { frame: found, callers: frames.collect(), goroutine, thread, stack, closure: None })
            }
            None => Err(EngineError::NoFrame { frame, goroutine: goroutine.unwrap_or(0) }),
        }
    }
}

impl Debugger {
    /// A goroutine's profiler labels.
    pub fn goroutine_labels(&self, goroutine: &Goroutine) -> BTreeMap<String, String> {
        let Ok(runtime) = self.runtime() else { return BTreeMap::new() };
        if goroutine.raw.labels.0 == 0 {
            return BTreeMap::new();
        }
        runtime.go.labels(&self.target, &goroutine.raw).unwrap_or_default().into_iter().collect()
    }

    /// Addresses of the `g`s that wait on the channel that `expression` denotes.
    pub fn goroutines_waiting_on(&self, scope: &Scope, expression: &str) -> Result<Vec<Addr>, EngineError> {
        let channel = self.eval(scope, expression, &LoadConfig::SHORT)?;
        if channel.kind != Kind::CHAN {
            return Err(EvalError(format!("expression {expression:?} is not a channel")).into());
        }
        if channel.base == 0 {
            return Ok(Vec::new());
        }
        let runtime = self.runtime()?;
        let channel = runtime
            .go
            .channel(&self.target, Addr(channel.base))
            .map_err(|error| EngineError::Runtime(error.to_string()))?;
        Ok(channel.receivers.iter().chain(&channel.senders).map(|waiter| waiter.g).collect())
    }
}
