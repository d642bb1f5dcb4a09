//! Functions: their variables, lexical blocks and inlined calls.

use std::collections::HashMap;
use std::sync::Arc;

use gimli::constants as dw;

use super::Dwarf;
use super::calls::{self, CallSite, is_call_site};
use super::cursor::Cursor;
use super::entry::{DW_AT_GO_CLOSURE_OFFSET, Entry};
use super::units::UnitRef;
use crate::{FileAddr, SymbolError, TypeId};

/// Blocks and inlined calls are nested less deep than this in any program.
const MAX_DEPTH: usize = 1000;

/// How many ranges and location list entries one function may have in all.
const MAX_RANGES: usize = 1 << 20;

/// How often an abstract origin may have an abstract origin (DWARF 5 §2.16 allows chains).
const MAX_ORIGINS: usize = 8;

/// One function with code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FunctionInfo {
    /// Full name, as the symbol table has it.
    pub name: Arc<str>,
    /// First address of its (first) range.
    pub low: FileAddr,
    /// The address after the last of its (first) range.
    pub high: FileAddr,
    /// All of its code: (from, up to). C compilers move unlikely code away from the rest; Go has one range.
    pub ranges: Vec<(FileAddr, FileAddr)>,
    /// Where it is declared, if recorded: Go records no file for functions that are also inlined.
    pub decl_file: Option<Arc<str>>,
    /// Line of its declaration; 0 if unknown.
    pub decl_line: u32,
    /// Was it compiled with optimisations or inlining (Go: without `-N` or without `-l`)?
    pub optimized: bool,
    /// Is it Go code?
    pub is_go: bool,
    /// Parameters, results and local variables of the outermost block, in the order of their entries.
    pub variables: Vec<Variable>,
    /// Blocks within it that have variables.
    pub blocks: Vec<ScopeBlock>,
    /// Calls that were inlined into it directly (those inlined into them are in [`InlinedCall::inlined`]).
    pub inlined: Vec<InlinedCall>,
    /// Is it a compiler-made wrapper (DW_AT_trampoline)?
    pub trampoline: bool,
    /// The function that the wrapper leads to, if recorded. Go only records that it is one.
    pub trampoline_target: Option<String>,
    /// DW_AT_frame_base: the expression for what DW_OP_fbreg counts from; empty if it is not the same everywhere (see
    /// [`FunctionInfo::frame_base_at`]).
    pub frame_base: Vec<u8>,
    /// If it is not the same everywhere: an expression for each range of PCs (from, up to).
    pub frame_bases: Vec<(FileAddr, FileAddr, Vec<u8>)>,
    /// Calls in its code and in what was inlined into it, by the address they return to. Go records none.
    pub call_sites: Vec<CallSite>,
}

/// A variable of a function.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variable {
    /// Its name, as the compiler recorded it: `&x` is a pointer to an escaped `x`, `~r0` an unnamed result.
    pub name: Arc<str>,
    /// Its type.
    pub type_id: Option<TypeId>,
    /// What it is.
    pub kind: VariableKind,
    /// Line of its declaration; 0 if unknown. It can be seen from there on.
    pub decl_line: u32,
    /// Where it is.
    pub location: Location,
    /// DW_AT_go_closure_offset: it is captured, at this offset in the closure (Go 1.23 and later).
    pub closure_offset: Option<u64>,
}

/// What a variable is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VariableKind {
    /// A local variable.
    Local,
    /// A parameter or receiver.
    Parameter,
    /// A result.
    Result,
}

/// Where a variable is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Location {
    /// The same expression at every PC.
    Expr(Vec<u8>),
    /// An expression for each range of PCs (from, up to), in the order of the list.
    List(Vec<(FileAddr, FileAddr, Vec<u8>)>),
    /// It has no location, but this value (DW_AT_const_value).
    Const(Constant),
    /// It is optimised away.
    None,
}

/// The value of a variable that is known to the compiler.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Constant {
    /// A number. Only as many of its low bits count as the variable has.
    Int(i64),
    /// The bytes as they would stand in memory.
    Bytes(Vec<u8>),
}

/// A lexical block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScopeBlock {
    /// Its code: (from, up to).
    pub ranges: Vec<(FileAddr, FileAddr)>,
    /// Its variables.
    pub variables: Vec<Variable>,
    /// Blocks within it.
    pub blocks: Vec<ScopeBlock>,
}

/// A call whose callee was inlined.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InlinedCall {
    /// Full name of the callee.
    pub name: Arc<str>,
    /// Its code: (from, up to).
    pub ranges: Vec<(FileAddr, FileAddr)>,
    /// File of the call; `None` if unknown.
    pub call_file: Option<Arc<str>>,
    /// Line of the call; 0 if unknown.
    pub call_line: u32,
    /// Column of the call, from 1; 0 if unknown.
    pub call_column: u32,
    /// Line of the callee's declaration; 0 if unknown.
    pub decl_line: u32,
    /// Was the callee's unit compiled with optimisations or inlining?
    pub optimized: bool,
    /// The callee's variables.
    pub variables: Vec<Variable>,
    /// The callee's blocks that have variables.
    pub blocks: Vec<ScopeBlock>,
    /// Calls inlined into the callee.
    pub inlined: Vec<InlinedCall>,
}

impl FunctionInfo {
    /// The expression for what DW_OP_fbreg counts from at `pc`; empty if there is none.
    pub fn frame_base_at(&self, pc: FileAddr) -> &[u8] {
        if !self.frame_base.is_empty() {
            return &self.frame_base;
        }
        let found = self.frame_bases.iter().find(|(low, high, _)| *low <= pc && pc < *high);
        found.map_or(&[], |(_, _, expression)| expression)
    }
}

impl Variable {
    /// The location expression at `pc`; `None` if the variable has none there.
    pub fn location_at(&self, pc: FileAddr) -> Option<&[u8]> {
        match &self.location {
            Location::Expr(expression) => Some(expression),
            Location::List(list) => {
                let found = list.iter().find(|(low, high, _)| *low <= pc && pc < *high);
                found
                    .map(|(_, _, expression)| expression.as_slice())
                    .filter(|expression| !expression.is_empty())
            }
            Location::Const(_) | Location::None => None,
        }
    }
}

impl ScopeBlock {
    /// Does the block's code contain `pc`?
    pub fn contains(&self, pc: FileAddr) -> bool {
        self.ranges.iter().any(|&(low, high)| low <= pc && pc < high)
    }
}

impl InlinedCall {
    /// Does the inlined code contain `pc`?
    pub fn contains(&self, pc: FileAddr) -> bool {
        self.ranges.iter().any(|&(low, high)| low <= pc && pc < high)
    }
}

/// What a scope contains, while it is read.
#[derive(Default)]
struct Contents {
    variables: Vec<Variable>,
    blocks: Vec<ScopeBlock>,
    inlined: Vec<InlinedCall>,
}

/// A scope whose end has not been reached.
struct Scope {
    kind: ScopeKind,
    contents: Contents,
}

enum ScopeKind {
    Function,
    Block(Vec<(FileAddr, FileAddr)>),
    /// A block that is all of its parent.
    WholeBlock,
    Inlined(InlinedCall),
}

impl Contents {
    /// Adds a scope that has ended. Calls inlined into a block belong to the function around it.
    fn close(&mut self, kind: ScopeKind, inner: Contents) {
        let Contents { variables, blocks, inlined } = inner;
        match kind {
            ScopeKind::Function | ScopeKind::WholeBlock => {
                self.variables.extend(variables);
                self.blocks.extend(blocks);
                self.inlined.extend(inlined);
            }
            ScopeKind::Block(ranges) => {
                self.blocks.push(ScopeBlock { ranges, variables, blocks });
                self.inlined.extend(inlined);
            }
            ScopeKind::Inlined(call) => self.inlined.push(InlinedCall { variables, blocks, inlined, ..call }),
        }
    }
}

/// Names and properties from the entry itself or those it abstracts from.
struct Origin {
    name: Arc<str>,
    decl_file: Option<Arc<str>>,
    decl_line: u32,
    optimized: bool,
    /// Is some of it in a supplementary file that was not found?
    needs_supplementary: bool,
}

/// Reads the function whose entry is at this position.
pub(super) fn read(dwarf: &Dwarf, unit: &UnitRef<'_>, at: usize) -> Result<FunctionInfo, SymbolError> {
    let mut reader = FunctionReader::new(dwarf, unit);
    let mut cursor = unit.cursor(Some(at))?;
    let mut entry = Entry::empty();
    if !cursor.read(&mut entry)? {
        return Err(unit.damaged(at, "no function is there"));
    }
    let ranges = reader.ranges(&entry);
    let (low, high) = ranges.first().copied().unwrap_or_default();
    let origin = reader.origin(&entry);
    if origin.name.is_empty() && origin.needs_supplementary {
        return Err(dwarf.missing_supplementary());
    }
    let (trampoline, trampoline_target) = reader.trampoline(&entry);
    let (frame_base, frame_bases) = match unit.location_of(&entry, dw::DW_AT_frame_base, &mut reader.budget) {
        Location::Expr(expression) => (expression, Vec::new()),
        Location::List(list) => (Vec::new(), list),
        Location::Const(_) | Location::None => (Vec::new(), Vec::new()),
    };
    let contents = if entry.has_children { reader.contents(&mut cursor)? } else { Contents::default() };
    reader.call_sites.sort_by_key(|call| call.return_pc);
    Ok(FunctionInfo {
        name: origin.name,
        low,
        high,
        ranges,
        decl_file: origin.decl_file,
        decl_line: origin.decl_line,
        optimized: unit.root.optimized,
        is_go: unit.root.is_go,
        variables: contents.variables,
        blocks: contents.blocks,
        inlined: contents.inlined,
        trampoline,
        trampoline_target,
        frame_base,
        frame_bases,
        call_sites: reader.call_sites,
    })
}

/// Does what is known of a function start in a supplementary file that was not found?
fn needs_supplementary(unit: &UnitRef<'_>, entry: &Entry<'_>) -> bool {
    let names = [dw::DW_AT_abstract_origin, dw::DW_AT_specification, dw::DW_AT_name];
    let is_there = |value| {
        matches!(value, gimli::AttributeValue::DebugInfoRefSup(_) | gimli::AttributeValue::DebugStrRefSup(_))
    };
    unit.supplementary_base().is_none() && names.iter().any(|name| entry.value(*name).is_some_and(is_there))
}

/// Reads the variable whose entry is at this position. It may have no name.
pub(super) fn read_variable(dwarf: &Dwarf, at: usize) -> Result<Variable, SymbolError> {
    let unit = dwarf.unit_of(at)?;
    let entry = unit.entry(at)?;
    Ok(FunctionReader::new(dwarf, &unit).variable(&entry))
}

/// Name and first address of the function whose entry is at this position, without what is in it.
pub(super) fn name_and_low(dwarf: &Dwarf, unit: &UnitRef<'_>, at: u64) -> Option<(Arc<str>, FileAddr)> {
    let mut reader = FunctionReader::new(dwarf, unit);
    let entry = unit.entry(usize::try_from(at).ok()?).ok()?;
    let (low, _) = *reader.ranges(&entry).first()?;
    Some((reader.origin(&entry).name, low)).filter(|(name, _)| !name.is_empty())
}

/// Reads one function.
struct FunctionReader<'d, 'u, 'a> {
    dwarf: &'d Dwarf,
    unit: &'u UnitRef<'a>,
    /// How many more ranges and location list entries are read.
    budget: usize,
    /// Variables' names seen, to keep one copy of each.
    names: HashMap<String, Arc<str>>,
    call_sites: Vec<CallSite>,
}

impl<'d, 'u, 'a> FunctionReader<'d, 'u, 'a> {
    fn new(dwarf: &'d Dwarf, unit: &'u UnitRef<'a>) -> FunctionReader<'d, 'u, 'a> {
        FunctionReader { dwarf, unit, budget: MAX_RANGES, names: HashMap::new(), call_sites: Vec::new() }
    }

    /// Reads the children of an entry that was just read, up to the null entry that ends them.
    fn contents(&mut self, cursor: &mut Cursor<'_, 'a>) -> Result<Contents, SymbolError> {
        // Scopes that are open, the function's own first. A list, because a stack overflow cannot be caught.
        let mut open = vec![Scope { kind: ScopeKind::Function, contents: Contents::default() }];
        let mut entry = Entry::empty();
        loop {
            let depth = open.len();
            let Some(scope) = open.last_mut() else { break };
            let is_entry = !cursor.is_empty() && cursor.read(&mut entry)?;
            if !is_entry {
                let Some(Scope { kind, contents }) = open.pop() else { break };
                match open.last_mut() {
                    Some(outer) => outer.contents.close(kind, contents),
                    None => return Ok(contents),
                }
                continue;
            }
            let kind = match entry.tag {
                dw::DW_TAG_formal_parameter | dw::DW_TAG_variable => {
                    scope.contents.variables.extend(self.named_variable(&entry));
                    None
                }
                dw::DW_TAG_lexical_block => Some(self.block(&entry)),
                tag if is_call_site(tag) => {
                    self.call_site(cursor, &entry)?;
                    continue;
                }
                dw::DW_TAG_inlined_subroutine => Some(ScopeKind::Inlined(self.inlined_call(&entry))),
                _ => None,
            };
            match kind {
                Some(_) if depth > MAX_DEPTH => {
                    return Err(self.unit.damaged(entry.position, "blocks are nested too deep"));
                }
                Some(kind) if entry.has_children => {
                    open.push(Scope { kind, contents: Contents::default() });
                }
                Some(kind) => scope.contents.close(kind, Contents::default()),
                None if entry.has_children => cursor.skip_children()?,
                None => {}
            }
        }
        Ok(Contents::default())
    }

    fn block(&mut self, entry: &Entry<'a>) -> ScopeKind {
        // Compilers leave a block's range out when it is all of the parent's.
        if !entry.has(dw::DW_AT_ranges) && !entry.has(dw::DW_AT_low_pc) {
            return ScopeKind::WholeBlock;
        }
        ScopeKind::Block(self.ranges(entry))
    }

    fn inlined_call(&mut self, entry: &Entry<'a>) -> InlinedCall {
        let origin = self.origin(entry);
        InlinedCall {
            name: origin.name,
            ranges: self.ranges(entry),
            call_file: self.file(entry, dw::DW_AT_call_file),
            call_line: line(entry, dw::DW_AT_call_line),
            call_column: line(entry, dw::DW_AT_call_column),
            decl_line: origin.decl_line,
            optimized: origin.optimized,
            variables: Vec::new(),
            blocks: Vec::new(),
            inlined: Vec::new(),
        }
    }

    fn call_site(&mut self, cursor: &mut Cursor<'_, 'a>, entry: &Entry<'a>) -> Result<(), SymbolError> {
        let callee = self.dwarf.reference(self.unit, entry, dw::DW_AT_call_origin);
        let callee = callee.or_else(|| self.dwarf.reference(self.unit, entry, dw::DW_AT_abstract_origin));
        let callee = callee.and_then(|at| self.dwarf.function_name(at));
        let call = calls::read(self.unit, cursor, entry, callee, &mut self.budget)?;
        self.call_sites.extend(call);
        Ok(())
    }

    fn ranges(&mut self, entry: &Entry<'a>) -> Vec<(FileAddr, FileAddr)> {
        let ranges = self.unit.ranges(entry, &mut self.budget);
        ranges.into_iter().map(|(low, high)| (FileAddr(low), FileAddr(high))).collect()
    }

    /// A variable; `None` for one without a name, which no one can ask for.
    fn named_variable(&mut self, entry: &Entry<'a>) -> Option<Variable> {
        let mut variable = self.variable(entry);
        if variable.name.is_empty() {
            return None;
        }
        let shared =
            self.names.entry(variable.name.to_string()).or_insert_with(|| Arc::clone(&variable.name));
        variable.name = Arc::clone(shared);
        Some(variable)
    }

    fn variable(&mut self, entry: &Entry<'a>) -> Variable {
        let location = self.unit.location(entry, &mut self.budget);
        let closure_offset = entry.unsigned(DW_AT_GO_CLOSURE_OFFSET);
        let mut variable = Variable {
            name: Arc::from(""),
            type_id: None,
            kind: VariableKind::Local,
            decl_line: 0,
            location,
            closure_offset,
        };
        self.follow_origins(entry, |unit, entry| {
            if variable.name.is_empty()
                && let Some(name) = unit.text(entry, dw::DW_AT_name)
            {
                variable.name = name.as_ref().into();
            }
            if variable.type_id.is_none() {
                variable.type_id =
                    self.dwarf.reference(unit, entry, dw::DW_AT_type).map(|at| TypeId(at as u64));
            }
            if variable.decl_line == 0 {
                variable.decl_line = line(entry, dw::DW_AT_decl_line);
            }
            if entry.tag == dw::DW_TAG_formal_parameter && variable.kind == VariableKind::Local {
                variable.kind = VariableKind::Parameter;
            }
            if entry.flag(dw::DW_AT_variable_parameter) {
                variable.kind = VariableKind::Result;
            }
            if variable.location == Location::None {
                // Optimised C keeps constant values in the abstract variable.
                if let Some(value) = unit.constant(entry) {
                    variable.location = Location::Const(value);
                }
            }
        });
        variable
    }

    fn origin(&self, entry: &Entry<'a>) -> Origin {
        let mut origin = Origin {
            name: Arc::from(""),
            decl_file: None,
            decl_line: 0,
            optimized: false,
            needs_supplementary: false,
        };
        self.follow_origins(entry, |unit, entry| {
            if origin.name.is_empty() {
                origin.name = function_name_in(unit, entry).unwrap_or_default();
            }
            if origin.decl_file.is_none() {
                origin.decl_file = self.dwarf.file_of(unit, entry, dw::DW_AT_decl_file);
            }
            if origin.decl_line == 0 {
                origin.decl_line = line(entry, dw::DW_AT_decl_line);
            }
            origin.optimized = unit.root.optimized;
            origin.needs_supplementary |= needs_supplementary(unit, entry);
        });
        origin
    }

    /// Calls `read` with an entry and then with those that it is an instance of, in their units.
    fn follow_origins(&self, entry: &Entry<'a>, mut read: impl for<'x> FnMut(&UnitRef<'x>, &Entry<'x>)) {
        read(self.unit, entry);
        let mut next = self.origin_of(self.unit, entry);
        for _ in 0..MAX_ORIGINS {
            let Some(at) = next else { return };
            if (self.unit.info.offset..self.unit.info.end).contains(&at) {
                let Ok(entry) = self.unit.entry(at) else { return };
                read(self.unit, &entry);
                next = self.origin_of(self.unit, &entry);
            } else {
                let Ok(unit) = self.dwarf.unit_of(at) else { return };
                let Ok(entry) = unit.entry(at) else { return };
                read(&unit, &entry);
                next = self.origin_of(&unit, &entry);
            }
        }
    }

    fn origin_of(&self, unit: &UnitRef<'_>, entry: &Entry<'_>) -> Option<usize> {
        self.dwarf
            .reference(unit, entry, dw::DW_AT_abstract_origin)
            .or_else(|| self.dwarf.reference(unit, entry, dw::DW_AT_specification))
    }

    fn file(&self, entry: &Entry<'a>, name: gimli::DwAt) -> Option<Arc<str>> {
        self.dwarf.file_of(self.unit, entry, name)
    }

    /// DW_AT_trampoline: a flag, a name, or a reference to the target (DWARF 5 §3.3.6).
    fn trampoline(&self, entry: &Entry<'a>) -> (bool, Option<String>) {
        let Some(value) = entry.value(dw::DW_AT_trampoline) else { return (false, None) };
        if let gimli::AttributeValue::Flag(flag) = value {
            return (flag, None);
        }
        if let Some(name) = self.unit.text(entry, dw::DW_AT_trampoline) {
            return (true, Some(name.into_owned()));
        }
        let target = self.dwarf.reference(self.unit, entry, dw::DW_AT_trampoline);
        let name = target.and_then(|at| self.dwarf.function_name(at));
        (true, name.map(|name| name.to_string()))
    }
}

impl Dwarf {
    /// The name of the function whose entry is at this position, its own or of what it is an instance of.
    pub(super) fn function_name(&self, at: usize) -> Option<Arc<str>> {
        let mut next = Some(at);
        for _ in 0..MAX_ORIGINS {
            let at = next?;
            let unit = self.unit_of(at).ok()?;
            let entry = unit.entry(at).ok()?;
            if let Some(name) = function_name_in(&unit, &entry) {
                return Some(name);
            }
            next = self
                .reference(&unit, &entry, dw::DW_AT_abstract_origin)
                .or_else(|| self.reference(&unit, &entry, dw::DW_AT_specification));
        }
        None
    }
}

/// The full name that a function's entry itself gives. What compilers make up has only a linkage name.
fn function_name_in<'a>(unit: &UnitRef<'a>, entry: &Entry<'a>) -> Option<Arc<str>> {
    if let Some(name) = unit.text(entry, dw::DW_AT_name) {
        return Some(unit.qualified(entry.position, &name));
    }
    // What is an instance of another entry has that one's name.
    if entry.has(dw::DW_AT_specification) || entry.has(dw::DW_AT_abstract_origin) {
        return None;
    }
    let linkage = unit.text(entry, dw::DW_AT_linkage_name);
    linkage.or_else(|| unit.text(entry, dw::DW_AT_MIPS_linkage_name)).map(|name| name.as_ref().into())
}

fn line(entry: &Entry<'_>, name: gimli::DwAt) -> u32 {
    entry.unsigned(name).and_then(|line| u32::try_from(line).ok()).unwrap_or(0)
}
