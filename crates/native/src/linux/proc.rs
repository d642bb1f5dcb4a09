//! What /proc says of a process (proc(5)). A process or thread may vanish at any moment: that is `None`, an empty
//! list, or an `io::Error` of the one file, never more.

use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::PathBuf;

use adit_process::{Addr, Mapping};

use super::ptrace::Tid;

/// The fields of /proc/PID/status that matter here.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Status {
    /// `R`, `S`, `D`, `T`, `t`, `Z`, `X`.
    pub(crate) state: char,
    /// The process the thread belongs to.
    pub(crate) process: Tid,
    /// The thread that traces it; 0 if none does.
    pub(crate) tracer: Tid,
    /// Its effective user.
    pub(crate) user: u32,
    /// The signals for which it has a handler: bit N - 1 for signal N.
    pub(crate) caught: u64,
}

/// /proc/TID/status.
pub(crate) fn status(tid: Tid) -> Option<Status> {
    parse_status(&fs::read_to_string(format!("/proc/{tid}/status")).ok()?)
}

fn parse_status(text: &str) -> Option<Status> {
    let field = |name: &str| {
        text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':')).map(str::trim_start)
    };
    Some(Status {
        state: field("State")?.chars().next()?,
        process: field("Tgid")?.trim().parse().ok()?,
        tracer: field("TracerPid")?.trim().parse().ok()?,
        user: field("Uid")?.split_whitespace().nth(1)?.parse().ok()?,
        caught: u64::from_str_radix(field("SigCgt")?.trim(), 16).ok()?,
    })
}

/// Some fields of /proc/PID/stat.
#[derive(Default)]
pub(crate) struct Stat {
    pub(crate) parent: Tid,
    /// Its process group.
    pub(crate) group: Tid,
    pub(crate) session: Tid,
    /// The kernel's flags of it.
    pub(crate) flags: u64,
    pub(crate) nice: i8,
    /// Its effective group of users.
    pub(crate) group_id: u32,
}

impl Stat {
    /// Of a process; all zero if it cannot be had.
    pub(crate) fn of(pid: Tid) -> Stat {
        let text = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
        // The name, in parentheses, may hold spaces; the field behind it is the third.
        let rest = text.rsplit_once(')').map_or("", |(_, rest)| rest);
        let fields: Vec<&str> = rest.split_whitespace().collect();
        let field = |number: usize| fields.get(number - 3).copied().unwrap_or("0");
        let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
        let groups = status.lines().find_map(|line| line.strip_prefix("Gid:"));
        Stat {
            parent: field(4).parse().unwrap_or(0),
            group: field(5).parse().unwrap_or(0),
            session: field(6).parse().unwrap_or(0),
            flags: field(9).parse().unwrap_or(0),
            nice: field(19).parse().unwrap_or(0),
            group_id: groups.and_then(|ids| ids.split_whitespace().nth(1)?.parse().ok()).unwrap_or(0),
        }
    }
}

/// The name in /proc/TID/comm.
pub(crate) fn name(tid: Tid) -> String {
    fs::read_to_string(format!("/proc/{tid}/comm")).map(|name| name.trim_end().to_owned()).unwrap_or_default()
}

/// The threads of a process, in ascending order.
pub(crate) fn threads(pid: Tid) -> Vec<Tid> {
    numbers_in(&format!("/proc/{pid}/task"))
}

/// All processes, in ascending order.
pub(crate) fn processes() -> Vec<Tid> {
    numbers_in("/proc")
}

fn numbers_in(directory: &str) -> Vec<Tid> {
    let Ok(entries) = fs::read_dir(directory) else { return Vec::new() };
    let mut tids: Vec<Tid> =
        entries.flatten().filter_map(|entry| entry.file_name().to_str()?.parse().ok()).collect();
    tids.sort_unstable();
    tids
}

/// The arguments with which a process was started.
pub(crate) fn command_line(pid: Tid) -> Vec<String> {
    let bytes = fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
    let text = bytes.strip_suffix(b"\0").unwrap_or(&bytes);
    if text.is_empty() {
        return Vec::new();
    }
    text.split(|&byte| byte == 0).map(|arg| String::from_utf8_lossy(arg).into_owned()).collect()
}

/// Where this process's own arguments are in its memory, and how many bytes they have (proc(5), `arg_start` and
/// `arg_end` of /proc/PID/stat).
pub(crate) fn own_arguments() -> Option<(usize, usize)> {
    let text = fs::read_to_string("/proc/self/stat").ok()?;
    // The name, in parentheses, may hold spaces; the field behind it is the third.
    let mut fields = text.rsplit_once(')')?.1.split_whitespace().skip(48 - 3);
    let (start, end): (usize, usize) = (fields.next()?.parse().ok()?, fields.next()?.parse().ok()?);
    (start != 0 && start < end).then_some((start, end - start))
}

/// The auxiliary vector, without its terminating zero.
pub(crate) fn auxv(tid: Tid) -> io::Result<Vec<(u64, u64)>> {
    let bytes = fs::read(format!("/proc/{tid}/auxv"))?;
    let word = |bytes: &[u8]| bytes.iter().rev().fold(0, |value, &byte| value << 8 | u64::from(byte));
    Ok(bytes
        .chunks_exact(16)
        .map(|pair| (word(&pair[..8]), word(&pair[8..])))
        .take_while(|&(kind, _)| kind != 0)
        .collect())
}

/// The mappings of the address space in which `tid` runs.
pub(crate) fn mappings(tid: Tid) -> io::Result<Vec<Mapping>> {
    let text = fs::read(format!("/proc/{tid}/maps"))?;
    Ok(String::from_utf8_lossy(&text).lines().filter_map(parse_mapping).collect())
}

/// `7f01-7f02 r-xp 00001000 08:01 1234   /usr/lib/x.so`; the path may hold spaces.
pub(crate) fn parse_mapping(line: &str) -> Option<Mapping> {
    let mut rest = line;
    let mut word = || {
        rest = rest.trim_start();
        let (word, tail) = rest.split_once(' ').unwrap_or((rest, ""));
        rest = tail;
        word
    };
    let (range, rights, offset) = (word(), word(), word());
    word();
    word();
    let (start, end) = range.split_once('-')?;
    let hex = |text: &str| u64::from_str_radix(text, 16).ok();
    Some(Mapping {
        start: Addr(hex(start)?),
        end: Addr(hex(end)?),
        executable: rights.contains('x'),
        writable: rights.contains('w'),
        offset: hex(offset)?,
        path: rest.trim_start().to_owned(),
    })
}

/// Why a process does not run as the owner of its file, if that is what the file wants: the kernel gives such rights to no
/// program that is traced by somebody who does not have them (execve(2), "Effect on set-user-ID").
pub(crate) fn withheld_rights(tid: Tid) -> Option<String> {
    const SET_USER_ID: u32 = 0o4000;
    let file = fs::metadata(format!("/proc/{tid}/exe")).ok()?;
    let (user, owner) = (status(tid)?.user, file.uid());
    (file.mode() & SET_USER_ID != 0 && user != owner).then(|| {
        format!(
            "it runs as user {user}, not as user {owner} as its file wants (set-user-ID), because the kernel withholds \
             such rights from a program that is being debugged; run the debugger as user {owner} or root"
        )
    })
}

/// The executable of a process, as this process can open it: its path if that names the same file here, or else
/// the kernel's own link (the file was deleted or replaced, or the process sees another file system).
pub(crate) fn executable(tid: Tid) -> PathBuf {
    let link = PathBuf::from(format!("/proc/{tid}/exe"));
    let same_file = |path: &PathBuf| {
        let (here, there) = (fs::metadata(path).ok()?, fs::metadata(&link).ok()?);
        Some(here.dev() == there.dev() && here.ino() == there.ino())
    };
    match fs::read_link(&link) {
        Ok(path) if same_file(&path) == Some(true) => path,
        _ => link,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mapping_with_a_path_with_spaces() {
        let line = "00400000-00452000 r-xp 0001f000 08:02 173521   /tmp/a b/c (deleted)";
        let mapping = parse_mapping(line).unwrap();
        assert_eq!((mapping.start, mapping.end), (Addr(0x400000), Addr(0x452000)));
        assert_eq!((mapping.executable, mapping.writable, mapping.offset), (true, false, 0x1f000));
        assert_eq!(mapping.path, "/tmp/a b/c (deleted)");
        assert_eq!(parse_mapping("7f-80 rw-p 0 00:00 0").unwrap().path, "");
        assert!(parse_mapping("garbage").is_none() && parse_mapping("").is_none());
    }

    #[test]
    fn a_status_and_its_lack() {
        let text = "Name:\ta b\nState:\tZ (zombie)\nTgid:\t12\nTracerPid:\t34\nSigCgt:\t0000000000000400\nUid:\t1\t2\t3\t4\n";
        let status = parse_status(text).unwrap();
        assert_eq!(status, Status { state: 'Z', process: 12, tracer: 34, user: 2, caught: 0x400 });
        assert!(parse_status("Name:\tx\n").is_none());
    }
}
