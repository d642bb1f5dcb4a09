//! The compressed tables that give a value for every PC of a function (runtime/symtab.go, pcvalue and step).

/// Iterates over the runs of one table: start and end, in bytes from the function's entry, and the value between.
#[derive(Clone, Debug)]
pub(super) struct Runs<'a> {
    data: &'a [u8],
    quantum: u64,
    pc: u64,
    value: i32,
    first: bool,
}

impl<'a> Runs<'a> {
    pub(super) fn new(data: &'a [u8], quantum: u8) -> Runs<'a> {
        Runs { data, quantum: u64::from(quantum), pc: 0, value: -1, first: true }
    }

    /// The value at `offset` bytes from the entry.
    pub(super) fn at(mut self, offset: u64) -> Option<i32> {
        self.find(|run| offset < run.1).map(|run| run.2)
    }

    fn varint(&mut self) -> Option<u32> {
        let mut value = 0u32;
        for shift in [0, 7, 14, 21, 28] {
            let (byte, rest) = self.data.split_first()?;
            self.data = rest;
            value |= u32::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Some(value);
            }
        }
        None
    }
}

impl Iterator for Runs<'_> {
    type Item = (u64, u64, i32);

    fn next(&mut self) -> Option<Self::Item> {
        let delta = self.varint()?;
        if delta == 0 && !self.first {
            self.data = &[];
            return None;
        }
        self.first = false;
        // Zigzag: the lowest bit is the sign.
        let delta = ((delta >> 1) as i32) ^ -((delta & 1) as i32);
        self.value = self.value.wrapping_add(delta);
        let start = self.pc;
        self.pc += u64::from(self.varint()?) * self.quantum;
        Some((start, self.pc, self.value))
    }
}
