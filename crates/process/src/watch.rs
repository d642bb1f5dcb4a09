//! Places in memory that the CPU watches.

use crate::Addr;

/// Which accesses are watched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WatchKind {
    /// Writes, of whatever value.
    Write,
    /// Reads and writes. (No CPU that is supported can tell reads alone.)
    ReadWrite,
}

/// A place in memory that is watched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Watch {
    /// Its first byte; a multiple of `len`.
    pub addr: Addr,
    /// 1, 2, 4 or 8 bytes.
    pub len: u8,
    /// Which accesses.
    pub kind: WatchKind,
}

impl Watch {
    /// Does an access to `len` bytes at `addr` touch it?
    pub fn overlaps(&self, addr: Addr, len: usize) -> bool {
        let gap = |low: Addr, high: Addr| high.0.wrapping_sub(low.0);
        gap(self.addr, addr) < u64::from(self.len) || gap(addr, self.addr) < len as u64
    }

    /// The fewest watches that cover `len` bytes from `addr`, each aligned as CPUs demand.
    pub fn cover(addr: Addr, len: u64, kind: WatchKind) -> Vec<Watch> {
        let (mut at, end) = (addr.0, addr.0.saturating_add(len));
        let mut watches = Vec::new();
        while at < end {
            let size = [8, 4, 2, 1].into_iter().find(|size| at % size == 0 && *size <= end - at).unwrap_or(1);
            watches.push(Watch { addr: Addr(at), len: size as u8, kind });
            at += size;
        }
        watches
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn covered(addr: u64, len: u64) -> Vec<(u64, u8)> {
        Watch::cover(Addr(addr), len, WatchKind::Write).iter().map(|w| (w.addr.0, w.len)).collect()
    }

    #[test]
    fn any_range_is_covered_by_aligned_watches() {
        assert_eq!(covered(0x1000, 8), [(0x1000, 8)]);
        assert_eq!(covered(0x1000, 16), [(0x1000, 8), (0x1008, 8)]);
        assert_eq!(covered(0x1001, 8), [(0x1001, 1), (0x1002, 2), (0x1004, 4), (0x1008, 1)]);
        assert_eq!(covered(0x1006, 3), [(0x1006, 2), (0x1008, 1)]);
        assert_eq!(covered(0x1000, 0), []);
    }

    #[test]
    fn accesses_overlap_from_both_sides() {
        let watch = Watch { addr: Addr(0x1008), len: 4, kind: WatchKind::Write };
        assert!(watch.overlaps(Addr(0x100b), 1) && watch.overlaps(Addr(0x1007), 2));
        assert!(watch.overlaps(Addr(0x1000), 16) && watch.overlaps(Addr(0x1008), 4));
        assert!(!watch.overlaps(Addr(0x100c), 8) && !watch.overlaps(Addr(0x1000), 8));
    }
}
