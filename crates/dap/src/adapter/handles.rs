//! Numbers by which an editor names what it was told of.

/// The first number: small ones are easily mistaken for others.
const FIRST: i64 = 1000;

/// Things by number, until they are forgotten all at once.
pub(crate) struct Handles<T>(Vec<T>);

impl<T> Default for Handles<T> {
    fn default() -> Self {
        Handles(Vec::new())
    }
}

impl<T> Handles<T> {
    /// Gives it a number.
    pub(crate) fn add(&mut self, value: T) -> i64 {
        self.0.push(value);
        FIRST + self.0.len() as i64 - 1
    }

    pub(crate) fn get(&self, number: i64) -> Option<&T> {
        self.0.get(usize::try_from(number.checked_sub(FIRST)?).ok()?)
    }

    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_those_given() {
        let mut handles = Handles::default();
        assert_eq!((handles.add('a'), handles.add('b')), (1000, 1001));
        assert_eq!((handles.get(1001), handles.get(1002)), (Some(&'b'), None));
        assert_eq!((handles.get(i64::MIN), handles.get(-1)), (None, None));
        handles.clear();
        assert_eq!(handles.get(1000), None);
    }
}
