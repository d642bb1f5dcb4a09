//! The target's memory, raw: breakpoints are hidden one level up.
#![allow(unsafe_code)]

use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::FileExt;

use adit_process::{Addr, MemoryError};

use super::ptrace::Tid;

/// The kernel takes at most this many buffers at once (`UIO_MAXIOV`).
const MAX_BUFFERS: usize = 1024;

/// One address space, through process_vm_readv(2) (the fastest way) and /proc/PID/mem (which writes read-only
/// pages too, and works after the main thread has exited).
pub(crate) struct AddressSpace {
    /// A live thread in it: a leader that exited has no memory any more.
    pub(crate) tid: Tid,
    file: File,
}

impl AddressSpace {
    /// The address space in which `tid` runs now. An execve makes another.
    pub(crate) fn open(tid: Tid) -> io::Result<AddressSpace> {
        let file = OpenOptions::new().read(true).write(true).open(format!("/proc/{tid}/mem"))?;
        Ok(AddressSpace { tid, file })
    }

    /// /proc/PID/mem, open for reading and writing.
    pub(crate) fn file(&self) -> &File {
        &self.file
    }

    /// Fills `buf` whole or fails.
    pub(crate) fn read(&self, addr: u64, buf: &mut [u8]) -> io::Result<()> {
        let local = libc::iovec { iov_base: buf.as_mut_ptr().cast(), iov_len: buf.len() };
        let remote =
            libc::iovec { iov_base: std::ptr::without_provenance_mut(addr as usize), iov_len: buf.len() };
        // SAFETY: the kernel writes into `buf` alone, at most its length; the remote address is no pointer of ours.
        let count = unsafe { libc::process_vm_readv(self.tid, &raw const local, 1, &raw const remote, 1, 0) };
        if usize::try_from(count) == Ok(buf.len()) {
            return Ok(());
        }
        whole(buf.len(), |done| self.file.read_at(&mut buf[done..], addr.wrapping_add(done as u64)))
    }

    /// Writes `bytes` whole or fails; read-only pages too.
    pub(crate) fn write(&self, addr: u64, bytes: &[u8]) -> io::Result<()> {
        whole(bytes.len(), |done| self.file.write_at(&bytes[done..], addr.wrapping_add(done as u64)))
    }

    /// Writes data (writable pages, as a rule) whole or fails.
    pub(crate) fn write_data(&self, addr: u64, bytes: &[u8]) -> io::Result<()> {
        let local = libc::iovec { iov_base: bytes.as_ptr().cast_mut().cast(), iov_len: bytes.len() };
        let remote =
            libc::iovec { iov_base: std::ptr::without_provenance_mut(addr as usize), iov_len: bytes.len() };
        // SAFETY: the kernel only reads `bytes`; the remote address is no pointer of ours.
        let count =
            unsafe { libc::process_vm_writev(self.tid, &raw const local, 1, &raw const remote, 1, 0) };
        if usize::try_from(count) == Ok(bytes.len()) { Ok(()) } else { self.write(addr, bytes) }
    }

    /// Fills as many of the buffers as can be filled; says which were.
    pub(crate) fn read_many(&self, reads: &mut [(Addr, &mut [u8])]) -> Vec<bool> {
        let mut filled = vec![false; reads.len()];
        let mut start = 0;
        while start < reads.len() {
            let end = reads.len().min(start + MAX_BUFFERS);
            let whole = self.read_batch(&mut reads[start..end]);
            filled[start..start + whole].fill(true);
            start += whole;
            if start < end {
                // The batch ended in the middle of this one: it alone is tried another way, the rest goes on.
                filled[start] = self.read(reads[start].0.0, reads[start].1).is_ok();
                start += 1;
            }
        }
        filled
    }

    /// Reads a batch with one system call; returns how many buffers, from the first on, were filled whole.
    fn read_batch(&self, reads: &mut [(Addr, &mut [u8])]) -> usize {
        let mut local = Vec::with_capacity(reads.len());
        let mut remote = Vec::with_capacity(reads.len());
        for (addr, buf) in reads.iter_mut() {
            local.push(libc::iovec { iov_base: buf.as_mut_ptr().cast(), iov_len: buf.len() });
            remote.push(libc::iovec {
                iov_base: std::ptr::without_provenance_mut(addr.0 as usize),
                iov_len: buf.len(),
            });
        }
        let (count, n) = (local.len() as libc::c_ulong, remote.len() as libc::c_ulong);
        // SAFETY: every local vector is one of the buffers with its length; remote addresses are no pointers of ours.
        let read = unsafe { libc::process_vm_readv(self.tid, local.as_ptr(), count, remote.as_ptr(), n, 0) };
        let mut left = usize::try_from(read).unwrap_or(0);
        let whole = reads.iter().take_while(|(_, buf)| {
            let fits = read >= 0 && buf.len() <= left;
            left = left.saturating_sub(buf.len());
            fits
        });
        whole.count()
    }
}

/// Repeats a partial transfer until all of `len` bytes are done.
fn whole(len: usize, mut transfer: impl FnMut(usize) -> io::Result<usize>) -> io::Result<()> {
    let mut done = 0;
    while done < len {
        match transfer(done) {
            // The address space is gone.
            Ok(0) => return Err(io::Error::from_raw_os_error(libc::ESRCH)),
            Ok(count) => done += count,
            Err(cause) if cause.kind() == io::ErrorKind::Interrupted => {}
            Err(cause) => return Err(cause),
        }
    }
    Ok(())
}

/// The error of a failed access, in the words that clients know.
pub(crate) fn memory_error(addr: Addr, len: usize, writing: bool, cause: &io::Error) -> MemoryError {
    let cause = match cause.raw_os_error() {
        Some(libc::EIO) => "input/output error".to_owned(),
        Some(libc::EFAULT) => "bad address".to_owned(),
        Some(libc::ESRCH) => "no such process".to_owned(),
        _ => cause.to_string(),
    };
    MemoryError { addr, len, writing, cause }
}
