//! Which functions call which, and which are inlined where.

use std::collections::{BTreeMap, BTreeSet};

use adit_arch::disasm::{Flow, decode};
use adit_process::Addr;

use crate::Debugger;

impl Debugger {
    /// The functions given, and those that they call, to a depth.
    pub fn with_callees(&self, functions: Vec<String>, depth: usize) -> Vec<String> {
        let Ok(table) = self.image.binary.pclntab() else { return functions };
        let mut all: BTreeSet<String> = functions.iter().cloned().collect();
        let mut level = functions;
        for _ in 1..depth {
            let mut next = Vec::new();
            for function in level.iter().filter_map(|name| table.by_name(name)) {
                for target in self.direct_calls(self.image.to_target(function.entry())) {
                    let Some(callee) = self.function_at(target) else { continue };
                    let name = callee.name().to_owned();
                    if !adit_goruntime::functions::is_unexported_runtime(&name) && all.insert(name.clone()) {
                        next.push(name);
                    }
                }
            }
            level = next;
        }
        all.into_iter().collect()
    }

    /// Targets of the direct calls, and of the jumps to other functions, in the function at `entry`.
    pub(crate) fn direct_calls(&self, entry: Addr) -> Vec<Addr> {
        let Some((start, end)) = self.function_range(entry) else { return Vec::new() };
        let code = self.code(start, end);
        let mut targets = Vec::new();
        let mut at = 0;
        while at < code.len() {
            let addr = start.offset(at as i64);
            let Some(instruction) = decode(self.arch(), addr.0, &code[at..]) else { break };
            match instruction.flow {
                Flow::Call(Some(to)) => targets.push(Addr(to)),
                Flow::Jump(Some(to)) if !(start.0..end.0).contains(&to) => targets.push(Addr(to)),
                _ => {}
            }
            at += instruction.len.max(1);
        }
        targets
    }

    /// First addresses of the places where a function is inlined. Programs built without inlining are not searched.
    pub(crate) fn inlined_copies(&self, name: &str) -> Vec<Addr> {
        if let Some(all) = self.inlined_functions.get() {
            return all.get(name).cloned().unwrap_or_default();
        }
        let table = self.image.binary.pclntab().ok().filter(|_| !self.built_without_optimization());
        let copies = table.map(|table| table.inlined_copies(name)).unwrap_or_default();
        copies.into_iter().map(|pc| self.image.to_target(pc)).collect()
    }

    /// The functions that are inlined somewhere, and where; some have no code of their own.
    pub(crate) fn inlined_functions(&self) -> &BTreeMap<String, Vec<Addr>> {
        self.inlined_functions.get_or_init(|| {
            let mut found: BTreeMap<String, Vec<Addr>> = BTreeMap::new();
            let table = self.image.binary.pclntab().ok().filter(|_| !self.built_without_optimization());
            for (function, pc) in
                table.into_iter().flat_map(adit_symbols::Pclntab::functions).flat_map(|f| f.inlined_calls())
            {
                found.entry(function.to_owned()).or_default().push(self.image.to_target(pc));
            }
            found
        })
    }

    /// Was every package compiled with `-N -l`? The build settings in the binary say so, without debug information.
    pub(crate) fn built_without_optimization(&self) -> bool {
        let Some(info) = self.image.binary.build_info() else { return false };
        info.settings.iter().any(|(key, value)| {
            let flags: Vec<&str> = value.strip_prefix("all=").unwrap_or("").split_whitespace().collect();
            key == "-gcflags" && flags.contains(&"-N") && flags.contains(&"-l")
        })
    }
}
