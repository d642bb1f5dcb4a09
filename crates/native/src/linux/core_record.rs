//! What a core file records of a live process, in the layouts in which Linux itself would write it
//! (fs/binfmt_elf.c and include/linux/elfcore.h of Linux 6.12).
#![allow(unsafe_code)]

use std::fs::{self, File};
use std::io;
use std::ops::Range;
use std::os::unix::fs::FileExt;

use adit_process::{CoreRecord, Note, ProcessError, Segment};

use super::ptrace::{self, NT_FPREGSET, NT_X86_XSTATE, Tid, UserRegs};
use super::thread::Thread;
use super::{LinuxProcess, cached_regs, id, os, proc};

const NT_PRSTATUS: u32 = 1;
const NT_PRPSINFO: u32 = 3;
const NT_AUXV: u32 = 6;
const NT_FILE: u32 = 0x4649_4c45;
const NT_SIGINFO: u32 = 0x5349_4749;

const PAGE: u64 = 4096;
/// Most bytes that a processor's extended state has taken so far (AMX) fit into this.
const MOST_XSTATE: usize = 16 << 10;

impl LinuxProcess {
    /// `Process::core_record`.
    pub(super) fn record(&self) -> Result<CoreRecord, ProcessError> {
        self.alive()?;
        let stat = proc::Stat::of(self.pid);
        let mut threads = Vec::new();
        for (&tid, thread) in &self.threads {
            match self.thread_notes(tid, thread, &stat) {
                Ok(notes) => threads.push((id(tid), notes)),
                // Killed, or about to be gone: it has no registers any more.
                Err(cause) if ptrace::is_gone(&cause) => {}
                Err(cause) => return Err(os("read the registers", cause)),
            }
        }
        let tid = self.memory.tid;
        let areas = areas(tid).map_err(|cause| os("read the memory map", cause))?;
        let auxv =
            fs::read(format!("/proc/{tid}/auxv")).map_err(|cause| os("read the auxiliary vector", cause))?;
        let note = |kind, contents| Note { owner: "CORE", kind, contents };
        let process = vec![
            note(NT_PRPSINFO, self.process_info(&stat)),
            note(NT_AUXV, auxv),
            note(NT_FILE, mapped_files(&areas)),
        ];
        Ok(CoreRecord { process, threads, segments: segments(tid, &areas) })
    }

    fn thread_notes(&self, tid: Tid, thread: &Thread, stat: &proc::Stat) -> io::Result<Vec<Note>> {
        let regs = cached_regs(tid, thread)?;
        let signal = thread.last_signal.as_ref().filter(|_| thread.held.info().is_some());
        let number = signal.map_or(0, |info| info.si_signo);
        let mut notes = vec![Note {
            owner: "CORE",
            kind: NT_PRSTATUS,
            contents: thread_status(tid, &regs, number, stat),
        }];
        let mut set = |owner, kind: libc::c_int, most: usize| {
            let mut contents = vec![0; most];
            // A processor without extended state has no such set.
            if let Ok(len) = ptrace::register_set(tid, kind, &mut contents) {
                contents.truncate(len);
                notes.push(Note { owner, kind: kind.cast_unsigned(), contents });
            }
        };
        set("CORE", NT_FPREGSET, 512);
        set("LINUX", NT_X86_XSTATE, MOST_XSTATE);
        if let Some(info) = signal {
            // SAFETY: siginfo_t is plain data of this size, filled by the kernel or zero.
            let bytes = unsafe {
                std::slice::from_raw_parts(std::ptr::from_ref(info).cast::<u8>(), size_of_val(info))
            };
            notes.push(Note { owner: "CORE", kind: NT_SIGINFO, contents: bytes.to_vec() });
        }
        Ok(notes)
    }

    /// `struct elf_prpsinfo`.
    fn process_info(&self, stat: &proc::Stat) -> Vec<u8> {
        const NAME: usize = 16;
        const ARGUMENTS: usize = 80;
        let mut bytes = Vec::with_capacity(136);
        bytes.extend([0, b'T', 0, stat.nice.cast_unsigned()]);
        bytes.extend([0; 4]);
        bytes.extend(stat.flags.to_le_bytes());
        let user = proc::status(self.pid).map_or(0, |status| status.user);
        bytes.extend(user.to_le_bytes());
        bytes.extend(stat.group_id.to_le_bytes());
        for number in [self.pid, stat.parent, stat.group, stat.session] {
            bytes.extend(number.to_le_bytes());
        }
        // Both end with a zero.
        let mut text = |text: &[u8], room: usize| {
            bytes.extend(&text[..text.len().min(room - 1)]);
            bytes.resize(bytes.len() + room - text.len().min(room - 1), 0);
        };
        text(proc::name(self.memory.tid).as_bytes(), NAME);
        text(self.command_line.join(" ").as_bytes(), ARGUMENTS);
        bytes
    }
}

/// `struct elf_prstatus`.
fn thread_status(tid: Tid, regs: &UserRegs, signal: i32, stat: &proc::Stat) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(336);
    bytes.extend(signal.to_le_bytes());
    bytes.extend([0; 8]);
    bytes.extend((signal as u16).to_le_bytes());
    // Padding; pending and blocked signals are not known to ptrace(2) in this form.
    bytes.resize(32, 0);
    for number in [tid, stat.parent, stat.group, stat.session] {
        bytes.extend(number.to_le_bytes());
    }
    // Times: nobody looks at them.
    bytes.resize(112, 0);
    // SAFETY: `UserRegs` is a struct of integers without padding.
    bytes.extend(unsafe {
        std::slice::from_raw_parts(std::ptr::from_ref(regs).cast::<u8>(), size_of::<UserRegs>())
    });
    // The floating-point registers are there.
    bytes.extend(1_i32.to_le_bytes());
    bytes.extend([0; 4]);
    bytes
}

/// A mapping with what /proc/PID/smaps says of it (proc(5)).
struct Area {
    addrs: Range<u64>,
    rights: [bool; 3],
    private: bool,
    offset: u64,
    path: String,
    /// Bytes of it that are this process's own: anonymous, or written to.
    own: u64,
    /// It is a device's, or its owner has said that it is not to be dumped (madvise(2), MADV_DONTDUMP).
    excluded: bool,
}

fn areas(tid: Tid) -> io::Result<Vec<Area>> {
    let text = fs::read(format!("/proc/{tid}/smaps"))?;
    let mut areas: Vec<Area> = Vec::new();
    for line in String::from_utf8_lossy(&text).lines() {
        if let Some(area) = parse_area(line) {
            areas.push(area);
        } else if let (Some(area), Some((name, value))) = (areas.last_mut(), line.split_once(':')) {
            match name {
                "Anonymous" | "Swap" => {
                    let kilobytes =
                        value.split_whitespace().next().and_then(|number| number.parse::<u64>().ok());
                    area.own += kilobytes.unwrap_or(0) << 10;
                }
                "VmFlags" => {
                    area.excluded = value.split_whitespace().any(|flag| matches!(flag, "io" | "pf" | "dd"));
                }
                _ => {}
            }
        }
    }
    Ok(areas)
}

fn parse_area(line: &str) -> Option<Area> {
    let rights = line.split_whitespace().nth(1)?.as_bytes();
    let mapping = proc::parse_mapping(line)?;
    Some(Area {
        addrs: mapping.start.0..mapping.end.0,
        rights: [rights.first() == Some(&b'r'), mapping.writable, mapping.executable],
        private: rights.get(3) == Some(&b'p'),
        offset: mapping.offset,
        path: mapping.path,
        own: 0,
        excluded: false,
    })
}

impl Area {
    /// How many bytes of it belong in the file: what cannot be read anew from elsewhere, and the headers of mapped
    /// files, by which debuggers know them (core(5), "Controlling which mappings are written to the core dump").
    fn dumped(&self) -> u64 {
        let len = self.addrs.end - self.addrs.start;
        let is_file = self.path.starts_with('/') && !self.path.ends_with(" (deleted)");
        if !self.rights[0] || self.excluded || self.path == "[vsyscall]" {
            0
        } else if !is_file || (self.private && (self.own > 0 || self.rights[1])) {
            len
        } else if self.offset == 0 && self.private {
            len.min(PAGE)
        } else {
            0
        }
    }
}

fn segments(tid: Tid, areas: &[Area]) -> Vec<Segment> {
    let pages = File::open(format!("/proc/{tid}/pagemap")).ok();
    areas
        .iter()
        .map(|area| {
            let len = area.dumped();
            let dumped = area.addrs.start..area.addrs.start + len;
            // A page of a file that is not in memory still has contents.
            let sparse = area.path.is_empty() || area.path.starts_with('[');
            let present = match &pages {
                Some(pages) if sparse => present(pages, &dumped),
                _ => None,
            };
            let present = present.unwrap_or_else(|| vec![dumped.clone()]);
            Segment {
                addrs: area.addrs.clone(),
                rights: area.rights,
                len,
                present: present.into_iter().filter(|range| !range.is_empty()).collect(),
            }
        })
        .collect()
}

/// The stretches of a mapping whose pages exist, in memory or swapped out (Linux,
/// Documentation/admin-guide/mm/pagemap.rst). To read the others would make them.
fn present(pages: &File, addrs: &Range<u64>) -> Option<Vec<Range<u64>>> {
    const ENTRY: u64 = 8;
    const EXISTS: u64 = 0b11 << 62;
    let mut found: Vec<Range<u64>> = Vec::new();
    let mut entries = vec![0; 64 << 10];
    let mut page = addrs.start / PAGE;
    while page < addrs.end / PAGE {
        let count = (addrs.end / PAGE - page).min(entries.len() as u64 / ENTRY);
        let bytes = &mut entries[..(count * ENTRY) as usize];
        pages.read_exact_at(bytes, page * ENTRY).ok()?;
        for (index, entry) in bytes.chunks_exact(ENTRY as usize).enumerate() {
            let entry = entry.iter().rev().fold(0, |word, byte| word << 8 | u64::from(*byte));
            let start = (page + index as u64) * PAGE;
            if entry & EXISTS == 0 {
                continue;
            }
            match found.last_mut() {
                Some(last) if last.end == start => last.end += PAGE,
                _ => found.push(start..start + PAGE),
            }
        }
        page += count;
    }
    Some(found)
}

/// The contents of `NT_FILE`: a count and the page size, then each mapped file's addresses and offset in pages, then
/// their names.
fn mapped_files(areas: &[Area]) -> Vec<u8> {
    let files: Vec<&Area> = areas.iter().filter(|area| area.path.starts_with('/')).collect();
    let mut words = vec![files.len() as u64, PAGE];
    words.extend(files.iter().flat_map(|area| [area.addrs.start, area.addrs.end, area.offset / PAGE]));
    let mut bytes: Vec<u8> = words.into_iter().flat_map(u64::to_le_bytes).collect();
    for area in files {
        bytes.extend(area.path.as_bytes());
        bytes.push(0);
    }
    bytes
}
