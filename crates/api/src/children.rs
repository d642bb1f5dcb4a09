//! What is in a value: its fields, elements, entries.

use std::fmt;
use std::ops::{Deref, DerefMut};
use std::sync::{Arc, OnceLock};

use serde::ser::{Error, SerializeSeq};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::{Variable, json};

/// Stack that one level of a value needs where it is walked, and by how much it grows when there is less, in bytes.
const STACK_OF_LEVEL: usize = 64 << 10;
const STACK_GROWTH: usize = 4 << 20;

/// Calls `walk`, which goes one level deeper into a value, with enough stack for it: a list of ten thousand nodes is as
/// many levels.
pub fn one_level_deeper<T>(walk: impl FnOnce() -> T) -> T {
    stacker::maybe_grow(STACK_OF_LEVEL, STACK_GROWTH, walk)
}

/// Variables that are made while they are looked at, because all of them at once would take too much memory.
pub trait Elements: fmt::Debug + Send + Sync {
    /// How many there are.
    fn count(&self) -> usize;

    /// Shows each to `visit`, in order, until it returns `false`.
    fn visit(&self, visit: &mut dyn FnMut(&Variable) -> bool);
}

/// The variables in a variable. It is used like a `Vec`; [`Children::visit`] needs no list of them.
#[derive(Default)]
pub struct Children {
    list: OnceLock<Vec<Variable>>,
    made: Option<Arc<dyn Elements>>,
}

impl Children {
    /// Children that are made when they are looked at.
    pub fn made_by(elements: Arc<dyn Elements>) -> Children {
        Children { list: OnceLock::new(), made: Some(elements) }
    }

    fn unlisted(&self) -> Option<&Arc<dyn Elements>> {
        self.made.as_ref().filter(|_| self.list.get().is_none())
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        match self.unlisted() {
            Some(elements) => elements.count(),
            None => self.deref().len(),
        }
    }

    /// Is there none?
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Shows each to `visit`, in order, until it returns `false`.
    pub fn visit(&self, visit: &mut dyn FnMut(&Variable) -> bool) {
        match self.unlisted() {
            Some(elements) => elements.visit(visit),
            None => {
                self.iter().all(visit);
            }
        }
    }

    /// Adds one.
    pub fn push(&mut self, variable: Variable) {
        self.list_mut().push(variable);
    }

    fn list_mut(&mut self) -> &mut Vec<Variable> {
        let _ = self.deref();
        self.made = None;
        // The list was made just now, if it was not there.
        self.list.get_mut().expect("the list was made above")
    }
}

/// Dropping variables one in the other would need as much stack as they are deep.
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
        self.list.get_or_init(|| {
            let mut list = Vec::new();
            if let Some(elements) = &self.made {
                elements.visit(&mut |variable| {
                    list.push(variable.clone());
                    true
                });
            }
            list
        })
    }
}

impl DerefMut for Children {
    fn deref_mut(&mut self) -> &mut [Variable] {
        self.list_mut()
    }
}

impl Clone for Children {
    fn clone(&self) -> Children {
        match self.unlisted() {
            Some(elements) => Children::made_by(elements.clone()),
            None => one_level_deeper(|| self.to_vec()).into(),
        }
    }
}

impl PartialEq for Children {
    fn eq(&self, other: &Children) -> bool {
        one_level_deeper(|| **self == **other)
    }
}

impl fmt::Debug for Children {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

impl From<Vec<Variable>> for Children {
    fn from(list: Vec<Variable>) -> Children {
        Children { list: OnceLock::from(list), made: None }
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

impl Serialize for Children {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut sequence = serializer.serialize_seq(Some(self.len()))?;
        let mut failed = None;
        self.visit(&mut |variable| {
            failed = one_level_deeper(|| sequence.serialize_element(variable)).err();
            failed.is_none()
        });
        match failed {
            Some(error) => Err(S::Error::custom(error)),
            None => sequence.end(),
        }
    }
}

impl<'de> Deserialize<'de> for Children {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Children, D::Error> {
        one_level_deeper(|| json::null_as_default::<D, Vec<Variable>>(deserializer)).map(Children::from)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::{Children, Elements};
    use crate::Variable;
    use crate::format::Format;

    #[derive(Debug)]
    struct Numbers(usize);

    impl Elements for Numbers {
        fn count(&self) -> usize {
            self.0
        }

        fn visit(&self, visit: &mut dyn FnMut(&Variable) -> bool) {
            (0..self.0).all(|number| visit(&Variable { value: number.to_string(), ..Variable::default() }));
        }
    }

    #[test]
    fn elements_that_are_made_are_the_same_as_listed_ones() {
        let made = Children::made_by(Arc::new(Numbers(3)));
        let listed: Children = made.to_vec().into();
        let made = Children::made_by(Arc::new(Numbers(3)));
        assert_eq!(serde_json::to_string(&made).unwrap(), serde_json::to_string(&listed).unwrap());
        assert_eq!((made.len(), &*made[2].value), (3, "2"));
        assert_eq!(made, listed);
    }

    #[test]
    fn ten_thousand_levels_are_written_serialized_and_dropped_on_a_small_stack() {
        let walk = || {
            let mut variable = Variable { value: "end".to_owned(), ..Variable::default() };
            for _ in 0..10_000 {
                variable = Variable { children: [variable].into(), ..Variable::default() };
                variable.type_name.push_str("*T");
                variable.kind = crate::Kind::POINTER;
            }
            let json = serde_json::to_string(&variable).unwrap();
            assert_eq!(json.matches("children").count(), 10_001);
            assert_eq!(Format::default().text(&variable).matches('*').count(), 10_000);
            assert_eq!(variable, variable.clone());
        };
        std::thread::Builder::new().stack_size(256 << 10).spawn(walk).unwrap().join().unwrap();
    }
}
