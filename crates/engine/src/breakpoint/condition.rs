//! Hit conditions: when, by its count of hits, a breakpoint stops.

use super::BreakpointError;

/// A comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HitOperator {
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
    /// `%`: every so many hits.
    Multiple,
}

/// A comparison of the number of hits with a constant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HitCondition {
    /// How they are compared.
    pub operator: HitOperator,
    /// With what.
    pub value: u64,
}

impl HitCondition {
    /// Parses `OP N`, or `N` for `== N`. Empty text: no condition.
    pub fn parse(text: &str) -> Result<Option<HitCondition>, BreakpointError> {
        use HitOperator::{Equal, Greater, GreaterOrEqual, Less, LessOrEqual, Multiple, NotEqual};
        let words: Vec<&str> = text.split_whitespace().collect();
        let (operator, number) = match words[..] {
            [] => return Ok(None),
            [number] => (Equal, number),
            [operator, number] => {
                let operator = match operator {
                    "==" => Equal,
                    "!=" => NotEqual,
                    "<" => Less,
                    "<=" => LessOrEqual,
                    ">" => Greater,
                    ">=" => GreaterOrEqual,
                    "%" => Multiple,
                    other => return Err(BreakpointError::HitOperator(text.to_owned(), other.to_owned())),
                };
                (operator, number)
            }
            _ => return Err(BreakpointError::HitCondition(text.to_owned())),
        };
        match number.parse() {
            Ok(value) => Ok(Some(HitCondition { operator, value })),
            Err(_) => Err(BreakpointError::HitNumber(text.to_owned(), number.to_owned())),
        }
    }

    /// Does it hold at the `count`th hit?
    pub fn holds(self, count: u64) -> bool {
        match self.operator {
            HitOperator::Equal => count == self.value,
            HitOperator::NotEqual => count != self.value,
            HitOperator::Less => count < self.value,
            HitOperator::LessOrEqual => count <= self.value,
            HitOperator::Greater => count > self.value,
            HitOperator::GreaterOrEqual => count >= self.value,
            HitOperator::Multiple => self.value != 0 && count.is_multiple_of(self.value),
        }
    }

    /// Can it hold at any hit after the `count`th? If not, the breakpoint's instruction is only in the way.
    pub fn can_hold_after(self, count: u64) -> bool {
        match self.operator {
            HitOperator::Equal | HitOperator::LessOrEqual => count < self.value,
            HitOperator::Less => count.saturating_add(1) < self.value,
            HitOperator::Multiple => self.value != 0,
            HitOperator::NotEqual | HitOperator::Greater | HitOperator::GreaterOrEqual => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{HitCondition, HitOperator};
    use crate::breakpoint::BreakpointError;

    #[test]
    fn parses_every_operator_and_a_bare_number() {
        let parse = |text| HitCondition::parse(text).unwrap().unwrap();
        assert_eq!(parse("3"), HitCondition { operator: HitOperator::Equal, value: 3 });
        for (text, below, at, above) in [
            ("== 3", false, true, false),
            ("!= 3", true, false, true),
            ("< 3", true, false, false),
            ("<= 3", true, true, false),
            ("> 3", false, false, true),
            (">= 3", false, true, true),
        ] {
            let condition = parse(text);
            assert_eq!(
                [condition.holds(2), condition.holds(3), condition.holds(4)],
                [below, at, above],
                "{text}"
            );
        }
        let multiple = parse("% 4");
        assert_eq!((1..=8).filter(|n| multiple.holds(*n)).collect::<Vec<_>>(), [4, 8]);
        assert!(!parse("% 0").holds(4));
    }

    #[test]
    fn says_what_is_wrong() {
        assert_eq!(HitCondition::parse(""), Ok(None));
        assert_eq!(
            HitCondition::parse("=> 3"),
            Err(BreakpointError::HitOperator("=> 3".into(), "=>".into()))
        );
        assert_eq!(
            HitCondition::parse("x").unwrap_err().to_string(),
            "unable to parse breakpoint hit condition: \"x\"\ninvalid number: \"x\""
        );
        assert_eq!(
            HitCondition::parse("1 2 3").unwrap_err().to_string(),
            "unable to parse breakpoint hit condition: \"1 2 3\"\n\
             hit conditions should be of the form \"number\" or \"OP number\""
        );
    }

    #[test]
    fn knows_when_it_can_no_longer_hold() {
        let parse = |text| HitCondition::parse(text).unwrap().unwrap();
        assert!(parse("== 3").can_hold_after(2));
        assert!(!parse("== 3").can_hold_after(3));
        assert!(!parse("< 3").can_hold_after(2));
        assert!(parse("> 3").can_hold_after(100));
    }
}
