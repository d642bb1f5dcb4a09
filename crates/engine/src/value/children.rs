//! What is in a value: its fields, elements, entries.
//!
//! A slice of a million integers would be a million [`Variable`]s of some hundred bytes each. Where all elements are
//! scalars or strings of one type, only their texts are kept, in a [`Column`]; they become variables one at a time, for
//! those who visit them, or all at once for those who want a list.

use std::fmt;
use std::ops::{Deref, DerefMut};
use std::sync::{Arc, OnceLock};

use super::Variable;

/// The variables in a variable. It is used like a `Vec`; [`Children::packed`] leads to what makes the list unnecessary.
#[derive(Default)]
pub struct Children {
    list: OnceLock<Vec<Variable>>,
    packed: Option<Arc<Packed>>,
}

/// Elements that are not variables yet: a column of an array's elements, or one of a map's keys and one of its elements.
#[derive(Debug)]
pub struct Packed {
    columns: Vec<Column>,
}

/// Scalars or strings of one type.
#[derive(Debug)]
pub struct Column {
    /// What they have in common.
    model: Variable,
    places: Places,
    /// The texts of all, one after the other, and where each ends.
    text: Vec<u8>,
    ends: Vec<usize>,
    /// Of strings: where their bytes are, and how many. What was loaded of them is their text.
    strings: Vec<(u64, i64)>,
}

/// Where the values of a column are.
#[derive(Debug)]
pub(crate) enum Places {
    /// Beginning here, each so many bytes after the one before.
    Every(u64, u64),
    /// Here and there.
    At(Vec<u64>),
}

impl Places {
    pub(crate) fn get(&self, index: usize) -> Option<u64> {
        match self {
            Places::Every(base, stride) => Some(base.wrapping_add(stride.wrapping_mul(index as u64))),
            Places::At(places) => places.get(index).copied(),
        }
    }
}

impl Column {
    /// An empty column of variables that are like `model`.
    pub(crate) fn new(model: Variable) -> Column {
        let places = Places::At(Vec::new());
        Column { model, places, text: Vec::new(), ends: Vec::new(), strings: Vec::new() }
    }

    /// The same column, of values that are at these places.
    pub(crate) fn at(self, places: Places) -> Column {
        Column { places, ..self }
    }

    /// Adds a scalar, whose text `write` appends.
    pub(crate) fn push_scalar(&mut self, write: impl FnOnce(&mut Vec<u8>)) {
        write(&mut self.text);
        self.ends.push(self.text.len());
    }

    /// Adds a string of `len` bytes at `base`, of which `loaded` are the first.
    pub(crate) fn push_string(&mut self, base: u64, len: i64, loaded: &[u8]) {
        self.text.extend_from_slice(loaded);
        self.ends.push(self.text.len());
        self.strings.push((base, len));
    }

    fn len(&self) -> usize {
        self.ends.len()
    }

    /// Makes `variable`, which was a clone of the model at first, the one with this index.
    fn fill(&self, index: usize, variable: &mut Variable) {
        let start = index.checked_sub(1).map_or(0, |before| self.ends[before]);
        let text = &self.text[start..self.ends[index]];
        variable.addr = self.places.get(index).unwrap_or(0);
        if let Some((base, len)) = self.strings.get(index) {
            (variable.base, variable.len) = (*base, *len);
        }
        variable.value.clear();
        match std::str::from_utf8(text) {
            Ok(text) => {
                variable.value.push_str(text);
                variable.string_bytes = None;
            }
            Err(_) => {
                variable.value.push_str(&String::from_utf8_lossy(text));
                variable.string_bytes = Some(text.to_vec());
            }
        }
    }
}

impl Packed {
    /// Rows of one value of each column.
    pub(crate) fn new(columns: impl Into<Vec<Column>>) -> Packed {
        Packed { columns: columns.into() }
    }

    fn rows(&self) -> usize {
        self.columns.iter().map(Column::len).min().unwrap_or(0)
    }

    /// How many variables it stands for.
    pub fn count(&self) -> usize {
        self.rows() * self.columns.len()
    }

    /// Shows each of them to `visit`, row by row, until it returns `false`.
    pub fn visit(&self, visit: &mut dyn FnMut(&Variable) -> bool) {
        let mut row: Vec<_> = self.columns.iter().map(|column| column.model.clone()).collect();
        for index in 0..self.rows() {
            for (column, variable) in self.columns.iter().zip(&mut row) {
                column.fill(index, variable);
                if !visit(variable) {
                    return;
                }
            }
        }
    }

    fn list(&self) -> Vec<Variable> {
        let mut list = Vec::with_capacity(self.count());
        self.visit(&mut |variable| {
            list.push(variable.clone());
            true
        });
        list
    }
}

impl Children {
    /// Children of which no list exists.
    pub(crate) fn of(packed: Packed) -> Children {
        Children { list: OnceLock::new(), packed: Some(Arc::new(packed)) }
    }

    /// What they are made from, if nobody has asked for a list.
    pub fn packed(&self) -> Option<&Arc<Packed>> {
        self.packed.as_ref().filter(|_| self.list.get().is_none())
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        match self.packed() {
            Some(packed) => packed.count(),
            None => self.deref().len(),
        }
    }

    /// Is there none?
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Adds one.
    pub fn push(&mut self, variable: Variable) {
        self.list_mut().push(variable);
    }

    /// All of them, as variables.
    pub fn into_list(mut self) -> Vec<Variable> {
        std::mem::take(self.list_mut())
    }

    fn list_mut(&mut self) -> &mut Vec<Variable> {
        self.list.get_or_init(|| self.packed.as_ref().map(|packed| packed.list()).unwrap_or_default());
        self.packed = None;
        // The list was made just now, if it was not there.
        self.list.get_mut().expect("the list was made above")
    }
}

/// A list of ten thousand nodes is ten thousand variables deep: dropping them one in the other would need as many
/// frames on the stack.
impl Drop for Children {
    fn drop(&mut self) {
        let Some(list) = self.list.get_mut() else { return };
        let nested = |child: &Variable| child.children.list.get().is_some_and(|list| !list.is_empty());
        if !list.iter().any(nested) {
            return;
        }
        let mut pending = std::mem::take(list);
        while let Some(mut variable) = pending.pop() {
            if let Some(list) = variable.children.list.get_mut() {
                pending.append(list);
            }
        }
    }
}

impl Deref for Children {
    type Target = [Variable];

    fn deref(&self) -> &[Variable] {
        self.list.get_or_init(|| self.packed.as_ref().map(|packed| packed.list()).unwrap_or_default())
    }
}

impl DerefMut for Children {
    fn deref_mut(&mut self) -> &mut [Variable] {
        self.list_mut()
    }
}

impl Clone for Children {
    fn clone(&self) -> Children {
        match self.packed() {
            Some(packed) => Children { list: OnceLock::new(), packed: Some(packed.clone()) },
            None => self.to_vec().into(),
        }
    }
}

impl PartialEq for Children {
    fn eq(&self, other: &Children) -> bool {
        **self == **other
    }
}

impl fmt::Debug for Children {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

impl From<Vec<Variable>> for Children {
    fn from(list: Vec<Variable>) -> Children {
        Children { list: OnceLock::from(list), packed: None }
    }
}

impl<const N: usize> From<[Variable; N]> for Children {
    fn from(list: [Variable; N]) -> Children {
        Vec::from(list).into()
    }
}

impl FromIterator<Variable> for Children {
    fn from_iter<I: IntoIterator<Item = Variable>>(list: I) -> Children {
        list.into_iter().collect::<Vec<_>>().into()
    }
}

impl<'a> IntoIterator for &'a Children {
    type Item = &'a Variable;
    type IntoIter = std::slice::Iter<'a, Variable>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::{Children, Column, Packed, Places, Variable};

    fn numbers(count: usize) -> Column {
        let mut column = Column::new(Variable::default());
        for number in 0..count {
            column.push_scalar(|text| text.extend_from_slice(number.to_string().as_bytes()));
        }
        column.at(Places::Every(0x1000, 8))
    }

    #[test]
    fn packed_values_are_the_same_visited_and_as_a_list() {
        let children = Children::of(Packed::new([numbers(1000)]));
        assert_eq!(children.len(), 1000);
        let mut visited = Vec::new();
        children.packed().unwrap().visit(&mut |variable| {
            visited.push(variable.clone());
            true
        });
        assert_eq!((&*visited[10].value, visited[10].addr), ("10", 0x1050));
        assert_eq!(*children, *visited);
        assert!(children.packed().is_none(), "the list is there now");
    }

    #[test]
    fn strings_that_are_no_text_keep_their_bytes() {
        let mut column = Column::new(Variable::default());
        column.push_string(0x900, 4, b"\xffab");
        column.push_string(0x800, 2, b"ok");
        let children = Children::of(Packed::new([numbers(2), column.at(Places::At(vec![0x20, 0x10]))]));
        assert_eq!(children[1].string_bytes.as_deref(), Some(&b"\xffab"[..]));
        assert_eq!((children[1].base, children[1].len, children[1].addr), (0x900, 4, 0x20));
        assert_eq!((&*children[3].value, &children[3].string_bytes), ("ok", &None));
    }

    #[test]
    fn a_million_levels_are_dropped_without_recursion() {
        let mut variable = Variable::default();
        for _ in 0..1_000_000 {
            variable = Variable { children: [variable].into(), ..Variable::default() };
        }
        drop(variable);
    }
}
