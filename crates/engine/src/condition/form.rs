//! What conditions are compiled to: which places are read, and how what is there is compared.
//!
//! A form holds for one address of code. It knows nothing of names, types or debug information, so whoever can read the
//! registers and memory of a thread that stands there ([`Standing`]) can evaluate it: the debugger from outside, or code
//! made of it in the program itself.

use std::cmp::Ordering;

use adit_arch::Arch;

/// A thread at the address for which a form was made.
pub(crate) trait Standing {
    /// Byte order and size of pointers.
    fn arch(&self) -> &'static Arch;
    /// The thread's stack pointer.
    fn stack_pointer(&self) -> u64;
    /// Fills `buf` with what is at `addr`. `false`: it cannot be read.
    fn read(&self, addr: u64, buf: &mut [u8]) -> bool;
}

/// Where a path begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Base {
    /// At the stack pointer.
    StackPointer,
    /// At address 0: the first offset is the address.
    Zero,
}

/// How a place in memory is found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Path {
    base: Base,
    /// Added to the base.
    first: u64,
    /// For each: the pointer that is there is followed, and this is added.
    then: Vec<u64>,
}

/// A comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// A whole number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Integer {
    Constant(i128),
    /// `size` is 1, 2, 4 or 8 bytes.
    Read {
        path: Path,
        size: u8,
        signed: bool,
    },
}

/// A floating-point number.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Float {
    Constant(f64),
    /// `size` is 4 or 8 bytes.
    Read {
        path: Path,
        size: u8,
    },
}

/// Something that is true or false.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Form {
    Constant(bool),
    /// A `bool` of the program.
    Is(Path),
    Integers(Integer, Comparison, Integer),
    Floats(Float, Comparison, Float),
    /// Is the string whose pointer and length are at the path this one?
    Text(Path, Vec<u8>),
    Not(Box<Form>),
    /// The second is looked at only if the first is true.
    And(Box<Form>, Box<Form>),
    /// The second is looked at only if the first is false.
    Or(Box<Form>, Box<Form>),
}

impl Path {
    /// An offset from the stack pointer.
    pub(crate) fn from_stack_pointer(offset: u64) -> Path {
        Path { base: Base::StackPointer, first: offset, then: Vec::new() }
    }

    /// A fixed address.
    pub(crate) fn at(addr: u64) -> Path {
        Path { base: Base::Zero, first: addr, then: Vec::new() }
    }

    /// The place so many bytes further on.
    pub(crate) fn offset(mut self, offset: u64) -> Path {
        let last = self.then.last_mut().unwrap_or(&mut self.first);
        *last = last.wrapping_add(offset);
        self
    }

    /// The place to which the pointer there points.
    pub(crate) fn pointee(mut self) -> Path {
        self.then.push(0);
        self
    }

    /// The place's address; `None` if a pointer on the way is nil, or cannot be read.
    fn address(&self, at: &dyn Standing) -> Option<u64> {
        let base = match self.base {
            Base::StackPointer => at.stack_pointer(),
            Base::Zero => 0,
        };
        self.then.iter().try_fold(base.wrapping_add(self.first), |addr, offset| {
            let pointer = word(at, addr, at.arch().pointer_size)?;
            (pointer != 0).then(|| pointer.wrapping_add(*offset))
        })
    }
}

impl Comparison {
    /// Does it hold of numbers in this order? Those that have none (NaN) are only not equal.
    fn holds(self, order: Option<Ordering>) -> bool {
        match self {
            Comparison::Equal => order == Some(Ordering::Equal),
            Comparison::NotEqual => order != Some(Ordering::Equal),
            Comparison::Less => order == Some(Ordering::Less),
            Comparison::LessOrEqual => matches!(order, Some(Ordering::Less | Ordering::Equal)),
            Comparison::Greater => order == Some(Ordering::Greater),
            Comparison::GreaterOrEqual => matches!(order, Some(Ordering::Greater | Ordering::Equal)),
        }
    }
}

impl Integer {
    fn value(&self, at: &dyn Standing) -> Option<i128> {
        match self {
            Integer::Constant(value) => Some(*value),
            Integer::Read { path, size, signed } => {
                let value = word(at, path.address(at)?, *size)?;
                let unused = 64 - 8 * u32::from(*size).clamp(1, 8);
                let extended = (value << unused).cast_signed() >> unused;
                Some(if *signed { extended.into() } else { value.into() })
            }
        }
    }
}

impl Float {
    fn value(&self, at: &dyn Standing) -> Option<f64> {
        match self {
            Float::Constant(value) => Some(*value),
            Float::Read { path, size } => {
                let bits = word(at, path.address(at)?, *size)?;
                Some(if *size == 4 { f64::from(f32::from_bits(bits as u32)) } else { f64::from_bits(bits) })
            }
        }
    }
}

impl Form {
    /// Is it true? `None` if something could not be read, or a pointer on the way to it is nil.
    pub(crate) fn holds(&self, at: &dyn Standing) -> Option<bool> {
        match self {
            Form::Constant(value) => Some(*value),
            Form::Is(path) => Some(word(at, path.address(at)?, 1)? != 0),
            Form::Integers(a, comparison, b) => Some(comparison.holds(Some(a.value(at)?.cmp(&b.value(at)?)))),
            Form::Floats(a, comparison, b) => Some(comparison.holds(a.value(at)?.partial_cmp(&b.value(at)?))),
            Form::Text(path, text) => is_text(at, path.address(at)?, text),
            Form::Not(form) => form.holds(at).map(|holds| !holds),
            Form::And(a, b) => {
                if a.holds(at)? {
                    b.holds(at)
                } else {
                    Some(false)
                }
            }
            Form::Or(a, b) => {
                if a.holds(at)? {
                    Some(true)
                } else {
                    b.holds(at)
                }
            }
        }
    }
}

fn is_text(at: &dyn Standing, header: u64, text: &[u8]) -> Option<bool> {
    let size = at.arch().pointer_size;
    let len = word(at, header.wrapping_add(size.into()), size)?;
    if len != text.len() as u64 {
        return Some(false);
    }
    let mut bytes = vec![0; text.len()];
    let readable = text.is_empty() || at.read(word(at, header, size)?, &mut bytes);
    readable.then(|| bytes == text)
}

/// An unsigned number of `size` (1 to 8) bytes.
fn word(at: &dyn Standing, addr: u64, size: u8) -> Option<u64> {
    let mut bytes = [0; 8];
    let bytes = &mut bytes[..usize::from(size.clamp(1, 8))];
    at.read(addr, bytes).then(|| at.arch().byte_order.uint(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A thread whose stack pointer is 0x1000, and 64 bytes of memory from there on.
    struct Stack(&'static Arch, [u8; 64]);

    impl Standing for Stack {
        fn arch(&self) -> &'static Arch {
            self.0
        }

        fn stack_pointer(&self) -> u64 {
            0x1000
        }

        fn read(&self, addr: u64, buf: &mut [u8]) -> bool {
            let from = addr.wrapping_sub(0x1000) as usize;
            let bytes = from.checked_add(buf.len()).and_then(|end| self.1.get(from..end));
            bytes.is_some_and(|bytes| {
                buf.copy_from_slice(bytes);
                true
            })
        }
    }

    fn stack() -> Stack {
        let mut memory = [0; 64];
        memory[..8].copy_from_slice(&(-2_i64).to_le_bytes());
        memory[8..16].copy_from_slice(&0x1018_u64.to_le_bytes());
        memory[16..20].copy_from_slice(&1.5_f32.to_le_bytes());
        memory[24..32].copy_from_slice(&0x1030_u64.to_le_bytes());
        memory[32..40].copy_from_slice(&2_u64.to_le_bytes());
        memory[48..50].copy_from_slice(b"hi");
        Stack(&adit_arch::AMD64, memory)
    }

    fn integer(offset: u64, size: u8, signed: bool) -> Integer {
        Integer::Read { path: Path::from_stack_pointer(offset), size, signed }
    }

    #[test]
    fn whole_numbers_are_compared_with_their_signs() {
        let holds = |a, comparison, b| Form::Integers(a, comparison, Integer::Constant(b)).holds(&stack());
        assert_eq!(holds(integer(0, 8, true), Comparison::Equal, -2), Some(true));
        assert_eq!(holds(integer(0, 8, false), Comparison::Greater, i128::from(i64::MAX)), Some(true));
        assert_eq!(holds(integer(0, 1, true), Comparison::Less, -1), Some(true));
        assert_eq!(holds(integer(0, 1, false), Comparison::Equal, 254), Some(true));
        assert_eq!(holds(integer(0, 2, false), Comparison::LessOrEqual, 0xfffd), Some(false));
        assert_eq!(holds(integer(1000, 8, true), Comparison::NotEqual, 0), None);
    }

    #[test]
    fn floats_that_are_no_numbers_are_only_unequal() {
        let float = || Float::Read { path: Path::from_stack_pointer(16), size: 4 };
        let holds = |comparison, b| Form::Floats(float(), comparison, Float::Constant(b)).holds(&stack());
        assert_eq!(holds(Comparison::Equal, 1.5), Some(true));
        assert_eq!(holds(Comparison::GreaterOrEqual, 2.0), Some(false));
        assert_eq!(holds(Comparison::NotEqual, f64::NAN), Some(true));
        assert_eq!(holds(Comparison::Less, f64::NAN), Some(false));
    }

    #[test]
    fn pointers_are_followed_but_not_nil_ones() {
        let text = |path: Path, text: &str| Form::Text(path, text.into()).holds(&stack());
        let behind = |offset| Path::from_stack_pointer(offset).pointee();
        assert_eq!(text(behind(8), "hi"), Some(true));
        assert_eq!(text(behind(8), "ho"), Some(false));
        assert_eq!(text(behind(8), "longer"), Some(false));
        assert_eq!(text(behind(40), "hi"), None);
        assert_eq!(text(Path::at(0x1018), "hi"), Some(true));
        let number = Integer::Read { path: behind(8).offset(8), size: 8, signed: true };
        assert_eq!(
            Form::Integers(number, Comparison::Equal, Integer::Constant(2)).holds(&stack()),
            Some(true)
        );
    }

    #[test]
    fn what_is_not_looked_at_need_not_be_readable() {
        let unreadable = || Box::new(Form::Is(Path::at(0)));
        let yes = || Box::new(Form::Constant(true));
        let no = || Box::new(Form::Not(yes()));
        assert_eq!(Form::And(no(), unreadable()).holds(&stack()), Some(false));
        assert_eq!(Form::Or(yes(), unreadable()).holds(&stack()), Some(true));
        assert_eq!(Form::And(yes(), unreadable()).holds(&stack()), None);
        assert_eq!(Form::Or(unreadable(), yes()).holds(&stack()), None);
        assert_eq!(Form::Is(Path::from_stack_pointer(0)).holds(&stack()), Some(true));
    }
}
