//! Bodies of loops over functions, which the compiler makes functions themselves, `f-range1`
//! (`cmd/compile/internal/rangefunc` of go1.23). They have captured only what they use of the function around them; the
//! rest is in its frame.

use super::{Scope, ScopeVariable};
use crate::unwind::Frame;
use crate::{Debugger, EngineError};

/// Frames between a loop's body and the loop that are looked at.
const FARTHEST: usize = 256;
const BODY: &str = "-range";

impl Debugger {
    /// The scopes around this one if its code is such a body: those of the bodies that it is nested in, innermost first,
    /// and last that of the function itself. Empty if that is not on the stack any more.
    pub(crate) fn range_scopes(&self, scope: &Scope) -> Vec<Scope> {
        let own = &scope.frame;
        let Some(parent) = parent_of(own.function()) else { return Vec::new() };
        let goroutine = scope.goroutine;
        let Ok(frames) = self.stack(goroutine.unwrap_or(-1), FARTHEST) else { return Vec::new() };
        let is_own =
            |frame: &Frame| frame.cfa == own.cfa && frame.pc == own.pc && frame.function() == own.function();
        let Some(inner) = frames.iter().position(is_own) else { return Vec::new() };
        let outside = inner + 1..frames.len();
        let Some(end) = outside.clone().find(|at| frames[*at].function() == parent) else {
            return Vec::new();
        };
        let is_body = |at: &usize| {
            let name = frames[*at].function().strip_prefix(parent);
            // What is called in a body is not a body of this function.
            name.is_some_and(|rest| rest.is_empty() || rest.starts_with(BODY) && !rest.contains('.'))
        };
        let scopes = outside.take_while(|at| *at <= end).filter(is_body);
        scopes.map(|at| self.scope_of_frame(&frames, at, goroutine)).collect()
    }

    /// The variables of the scopes around a loop's body, outermost first, but for those that are among `known`: the body
    /// has captured them.
    pub(super) fn variables_around(
        &self,
        scope: &Scope,
        known: &[ScopeVariable],
    ) -> Result<Vec<ScopeVariable>, EngineError> {
        let mut around: Vec<ScopeVariable> = Vec::new();
        for outer in self.range_scopes(scope) {
            let mut found = self.own_variables(&outer)?;
            let is_captured = |found: &ScopeVariable| {
                known.iter().chain(&around).any(|other| other.captured && other.name == found.name)
            };
            found.retain(|found| !is_captured(found));
            around.splice(..0, found);
        }
        Ok(around)
    }
}

/// The function that a loop's body is in: its name before `-range1-range2` at the end. A closure in a body is none.
fn parent_of(function: &str) -> Option<&str> {
    let mut parent = function;
    while let Some((before, number)) = parent.rsplit_once(BODY)
        && !number.is_empty()
        && number.bytes().all(|byte| byte.is_ascii_digit())
    {
        parent = before;
    }
    (parent.len() < function.len()).then_some(parent)
}

#[cfg(test)]
mod tests {
    use super::parent_of;

    #[test]
    fn bodies_are_told_by_the_ends_of_their_names() {
        assert_eq!(parent_of("main.walk-range1"), Some("main.walk"));
        assert_eq!(parent_of("main.keys[...]-range1-range12"), Some("main.keys[...]"));
        assert_eq!(parent_of("main.walk.func1-range1"), Some("main.walk.func1"));
        assert_eq!(parent_of("main.walk-range1.func2"), None);
        assert_eq!(parent_of("main.out-range"), None);
    }
}
