//! Finding the rows of a decoding table that an instruction word may match.

/// The rows (each a mask and the value of the bits under it) of one table, by the key of a word: a few of its bits
/// that most rows look at.
pub(super) struct RowIndex {
    key_mask: u32,
    key: fn(u32) -> usize,
    /// Where each key's rows start in `rows`, and at last where they all end.
    starts: Vec<u32>,
    rows: Vec<u16>,
}

impl RowIndex {
    /// `key` makes a number of the bits in `key_mask`, the greatest if all are set.
    pub(super) fn new(
        table: impl Iterator<Item = (u32, u32)>,
        key_mask: u32,
        key: fn(u32) -> usize,
    ) -> RowIndex {
        let mut buckets = vec![Vec::new(); key(key_mask) + 1];
        for (row, (mask, value)) in table.enumerate() {
            // Every setting of the key's bits that the row leaves open.
            let open = key_mask & !mask;
            let mut setting = open;
            loop {
                buckets[key(value & key_mask | setting)].push(row as u16);
                if setting == 0 {
                    break;
                }
                setting = (setting - 1) & open;
            }
        }
        let mut starts = vec![0];
        let mut rows = Vec::new();
        for bucket in buckets {
            rows.extend(bucket);
            starts.push(rows.len() as u32);
        }
        RowIndex { key_mask, key, starts, rows }
    }

    /// The numbers of the rows that `word` may match, in the table's order.
    pub(super) fn candidates(&self, word: u32) -> impl Iterator<Item = usize> {
        let key = (self.key)(word & self.key_mask);
        let range = self.starts[key] as usize..self.starts[key + 1] as usize;
        self.rows[range].iter().map(|row| usize::from(*row))
    }
}
