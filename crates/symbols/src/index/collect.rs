//! Names as they are found, sorted, and laid out as the tables of an index.

/// Names of one kind and what each stands for, in the order in which they were found.
#[derive(Debug, Default)]
pub(crate) struct Found {
    text: Vec<u8>,
    names: Vec<Name>,
    /// There were more names than a table can hold.
    is_full: bool,
}

#[derive(Clone, Copy, Debug)]
struct Name {
    start: u32,
    length: u32,
    value: u64,
}

impl Found {
    /// Adds a name. Empty ones are none.
    pub(crate) fn add(&mut self, name: &[u8], value: u64) {
        let (Ok(start), Ok(length)) = (u32::try_from(self.text.len()), u32::try_from(name.len())) else {
            self.is_full = true;
            return;
        };
        if !name.is_empty() {
            self.text.extend_from_slice(name);
            self.names.push(Name { start, length, value });
        }
    }

    /// Sorts by name, and by value where names are equal.
    pub(crate) fn sort(&mut self) {
        let text = &self.text;
        let of = |name: &Name| text.get(name.start as usize..(name.start + name.length) as usize);
        self.names.sort_unstable_by(|a, b| of(a).cmp(&of(b)).then(a.value.cmp(&b.value)));
    }

    fn get(&self, index: usize) -> Option<(&[u8], u64)> {
        let name = self.names.get(index)?;
        Some((self.text.get(name.start as usize..)?.get(..name.length as usize)?, name.value))
    }
}

/// How much memory names may take that a part of a file gives: in damaged ones, many may share long texts.
#[derive(Debug)]
pub(crate) struct Room(usize);

impl Room {
    /// Room for the names of a part of `size` bytes, more than any has that a compiler made.
    pub(crate) fn new(size: usize) -> Room {
        Room(size.saturating_mul(16).saturating_add(1 << 16))
    }

    /// Is there room for this name? Takes it if so.
    pub(crate) fn take(&mut self, name: &[u8]) -> bool {
        self.0.checked_sub(name.len()).map(|rest| self.0 = rest).is_some()
    }
}

/// A table of names in the index's format: see [`super::table`].
#[derive(Debug, Default)]
pub(super) struct Laid {
    pub(super) records: Vec<u8>,
    pub(super) text: Vec<u8>,
    pub(super) by_base: Vec<u8>,
}

/// Size of a record: where the name starts, its length, both of 32 bits; the value, of 64.
pub(super) const RECORD: usize = 16;

/// Merges sorted names into one table. `None` if there are too many for its offsets.
pub(super) fn lay_out(sorted: &[Found]) -> Option<Laid> {
    if sorted.iter().any(|found| found.is_full) {
        return None;
    }
    let mut laid = Laid::default();
    laid.records.reserve_exact(RECORD * sorted.iter().map(|found| found.names.len()).sum::<usize>());
    let mut next = vec![0; sorted.len()];
    let mut last: Option<(u32, u32)> = None;
    loop {
        let heads = sorted.iter().zip(&next).enumerate();
        let heads = heads.filter_map(|(part, (found, at))| Some((found.get(*at)?, part)));
        let Some(((name, value), part)) = heads.min() else { break };
        next[part] += 1;
        // Equal names are stored once.
        let same = last.filter(|(start, _)| laid.text.get(*start as usize..) == Some(name));
        let (start, length) = match same {
            Some(known) => known,
            None => {
                let start = u32::try_from(laid.text.len()).ok()?;
                laid.text.extend_from_slice(name);
                (start, name.len() as u32)
            }
        };
        last = Some((start, length));
        laid.records.extend_from_slice(&start.to_le_bytes());
        laid.records.extend_from_slice(&length.to_le_bytes());
        laid.records.extend_from_slice(&value.to_le_bytes());
    }
    u32::try_from(laid.text.len()).ok()?;
    laid.by_base = by_base(&laid);
    Some(laid)
}

/// The numbers of all records, by [`base_name`] and then by number.
fn by_base(laid: &Laid) -> Vec<u8> {
    let records = laid.records.as_chunks::<RECORD>().0.iter();
    let names = records.map(|record| {
        let [a, b, c, d, e, f, g, h, ..] = *record;
        let start = u32::from_le_bytes([a, b, c, d]) as usize;
        base_name(laid.text.get(start..start + u32::from_le_bytes([e, f, g, h]) as usize).unwrap_or_default())
    });
    let mut bases: Vec<(&[u8], u32)> = names.zip(0..).collect();
    bases.sort_unstable();
    bases.iter().flat_map(|(_, number)| number.to_le_bytes()).collect()
}

/// The last part of a full name, without type arguments: `m` of `main.(*T[int]).m`, `Map` of `main.Map[a/b.K,int]`.
pub(crate) fn base_name(name: &[u8]) -> &[u8] {
    let (mut depth, mut start, mut end) = (0usize, 0, name.len());
    for (at, byte) in name.iter().enumerate() {
        match byte {
            b'[' => {
                if depth == 0 && end == name.len() {
                    end = at;
                }
                depth += 1;
            }
            b']' => depth = depth.saturating_sub(1),
            b'.' | b'/' | b'*' if depth == 0 => (start, end) = (at + 1, name.len()),
            // What follows brackets at once is the element of `[]T` or `map[K]T`; behind a name, they are arguments.
            _ if depth == 0 && end == start => (start, end) = (at, name.len()),
            _ => {}
        }
    }
    name.get(start..end).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base_names_are_what_people_type() {
        let base = |name: &'static str| std::str::from_utf8(base_name(name.as_bytes())).unwrap();
        assert_eq!(base("main.worker"), "worker");
        assert_eq!(base("main.(*T).m"), "m");
        assert_eq!(base("example.com/a.b/c.(*T[go.shape.int]).m"), "m");
        assert_eq!(base("main.Map[a/b.K,int]"), "Map");
        assert_eq!(base("main.Map[...].func1"), "func1");
        assert_eq!(base("[]main.T"), "T");
        assert_eq!(base("*main.T"), "T");
        assert_eq!(base("map[string]int"), "map");
        assert_eq!(base("int"), "int");
        assert_eq!(base("[]int"), "int");
        assert_eq!(base(""), "");
    }

    #[test]
    fn equal_names_share_their_text() {
        let mut one = Found::default();
        one.add(b"main.b", 2);
        one.add(b"main.a", 5);
        let mut two = Found::default();
        two.add(b"main.b", 1);
        two.add(b"", 7);
        one.sort();
        two.sort();
        let laid = lay_out(&[one, two]).unwrap();
        assert_eq!(laid.text, b"main.amain.b");
        assert_eq!(laid.records.len(), 3 * RECORD);
        assert_eq!(laid.records[RECORD + 8], 1);
    }
}
