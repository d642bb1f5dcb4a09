//! The check of the stack's bound with which a prologue begins on ARM and ARM64, where the frame comes right behind it.

/// What an instruction is to the check.
pub(super) enum Step {
    Checks,
    /// The branch to the call of `runtime.morestack`.
    Ends,
    Other,
}

/// Offset of the first instruction after the check, in bytes; 0 if the code does not begin with one of at most `longest`
/// instructions. `decode` decodes a word, `loaded_bound` gives the register into which an instruction loads the bound,
/// and `step` says what an instruction is to a check of the bound in that register.
pub(super) fn end<D>(
    code: &[u8],
    longest: usize,
    decode: impl Fn(u32) -> Option<D>,
    loaded_bound: impl Fn(&D) -> Option<u8>,
    step: impl Fn(&D, u8) -> Step,
) -> usize {
    let mut words = code.as_chunks::<4>().0.iter().map(|bytes| u32::from_le_bytes(*bytes));
    let mut next = || decode(words.next()?);
    let Some(bound) = next().and_then(|load| loaded_bound(&load)) else { return 0 };
    for number in 1..longest {
        match next().map(|decoded| step(&decoded, bound)) {
            Some(Step::Checks) => {}
            Some(Step::Ends) => return 4 * (number + 1),
            _ => return 0,
        }
    }
    0
}
