//! Where a variable is at one PC: DWARF expressions, evaluated (DWARF 5 §2.5, §2.6).

use gimli::{DwAte, EndianSlice, Value, ValueType};

use crate::FileAddr;

/// What an expression may ask about the frame it is evaluated in.
pub trait LocationContext {
    /// The value of the register with this DWARF number in this frame.
    fn register(&self, dwarf_number: u16) -> Option<u64>;
    /// The frame's canonical frame address.
    fn cfa(&self) -> Option<u64>;
    /// Reads `size` (at most 8) bytes of target memory as an unsigned number.
    fn read(&self, addr: u64, size: u8) -> Option<u64>;
    /// Where `addr` of the file is in the target.
    fn relocate(&self, addr: FileAddr) -> u64;
    /// What this expression gave when the frame's function was entered (DW_OP_entry_value). The caller's frame may
    /// know: see [`crate::Dwarf::entry_value`].
    fn entry_value(&self, _expression: &[u8]) -> Option<u64> {
        None
    }
    /// The address, in the current thread, of the thread-local variable at this offset of the binary's thread-local
    /// storage (DW_OP_form_tls_address).
    fn thread_local(&self, _offset: u64) -> Option<u64> {
        None
    }
    /// The address of the object whose member or bound is evaluated (DW_OP_push_object_address).
    fn object_address(&self) -> Option<u64> {
        None
    }
}

/// One piece of a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Size in bytes; `None`: all of the value.
    pub size: Option<u64>,
    /// Where it is.
    pub place: PiecePlace,
}

/// Where a piece of a value is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PiecePlace {
    /// In memory, at this (run-time) address.
    Memory(u64),
    /// In the register with this DWARF number.
    Register(u16),
    /// Nowhere: this is the value itself (DW_OP_stack_value).
    Value(u64),
    /// Nowhere: these bytes are the value (DW_OP_implicit_value).
    Bytes(Vec<u8>),
    /// Optimised away.
    Missing,
}

/// Why a location could not be had.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LocationError {
    /// The variable has no location at this PC.
    #[error("(optimized out)")]
    OptimizedOut,
    /// A register or memory that the expression needs is not available in this frame.
    #[error("could not evaluate the location: {0} is not available")]
    Unavailable(String),
    /// The expression is malformed, or uses what Go and C compilers do not.
    #[error("could not evaluate the location: {0}")]
    Bad(String),
}

/// More steps than any compiler's expression takes: one that takes more is a loop.
const MAX_STEPS: u32 = 10_000;

/// No value that is put together from bits is longer, in bits.
const MAX_BITS: u64 = 1 << 16;

type Slice<'a> = EndianSlice<'a, gimli::RunTimeEndian>;

/// A type that typed operations compute with, as linked expressions name it (see `dwarf::linked`): no number of an
/// entry, but what the entry says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct BaseType(u16);

impl BaseType {
    /// An integer of an address's size and no sign: what untyped operations compute with.
    pub(crate) const GENERIC: BaseType = BaseType(0);

    /// The type with this DW_AT_encoding and size in bytes.
    pub(crate) fn new(encoding: DwAte, size: u64) -> Option<BaseType> {
        let size = u8::try_from(size).ok().filter(|&size| size != 0)?;
        Some(BaseType(u16::from(encoding.0) << 8 | u16::from(size)))
    }

    /// As an operand.
    pub(crate) fn number(self) -> u64 {
        u64::from(self.0)
    }

    fn value_type(operand: gimli::UnitOffset) -> Result<ValueType, LocationError> {
        use gimli::constants as dw;
        if operand.0 == 0 {
            return Ok(ValueType::Generic);
        }
        let [encoding, size] = u16::try_from(operand.0).unwrap_or(0).to_be_bytes();
        let simple = match DwAte(encoding) {
            dw::DW_ATE_signed_char => dw::DW_ATE_signed,
            dw::DW_ATE_unsigned_char | dw::DW_ATE_boolean | dw::DW_ATE_address | dw::DW_ATE_UTF => {
                dw::DW_ATE_unsigned
            }
            other => other,
        };
        let found = ValueType::from_encoding(simple, u64::from(size));
        found.ok_or_else(|| {
            LocationError::Bad(format!("computing with a type of {size} bytes and encoding {encoding}"))
        })
    }
}

/// What all evaluations for one binary have in common.
#[derive(Clone, Copy)]
pub(crate) struct Machine {
    pub(crate) endian: gimli::RunTimeEndian,
    pub(crate) address_size: u8,
}

/// Evaluates a linked expression. An empty one says that the value is optimised away.
pub(crate) fn evaluate(
    expr: &[u8],
    frame_base: &[u8],
    ctx: &dyn LocationContext,
    machine: Machine,
) -> Result<Vec<Piece>, LocationError> {
    let evaluator = Evaluator::new(frame_base, ctx, machine);
    let pieces = evaluator.run(expr, true)?;
    if pieces.iter().any(|piece| !evaluator.is_whole_bytes(piece)) {
        let bytes = evaluator.gather(&pieces)?;
        return Ok(vec![Piece { size: None, place: PiecePlace::Bytes(bytes) }]);
    }
    pieces.iter().map(|piece| evaluator.piece(piece)).collect()
}

/// What an expression points to, if it gives no address but says so (DW_OP_implicit_pointer): the position of the
/// entry, and the offset in bytes in what it describes.
pub(crate) fn implicit_pointee(
    expr: &[u8],
    frame_base: &[u8],
    ctx: &dyn LocationContext,
    machine: Machine,
) -> Result<Option<(usize, i64)>, LocationError> {
    let pieces = Evaluator::new(frame_base, ctx, machine).run(expr, true)?;
    Ok(match pieces.as_slice() {
        [gimli::Piece { location: gimli::Location::ImplicitPointer { value, byte_offset }, .. }] => {
            Some((value.0, *byte_offset))
        }
        _ => None,
    })
}

/// What one evaluation works with.
struct Evaluator<'a> {
    frame_base: &'a [u8],
    ctx: &'a dyn LocationContext,
    endian: gimli::RunTimeEndian,
    encoding: gimli::Encoding,
}

impl<'a> Evaluator<'a> {
    fn new(frame_base: &'a [u8], ctx: &'a dyn LocationContext, machine: Machine) -> Evaluator<'a> {
        // Linked expressions refer to entries in eight bytes.
        let encoding = gimli::Encoding {
            address_size: machine.address_size,
            format: gimli::Format::Dwarf64,
            version: 5,
        };
        Evaluator { frame_base, ctx, endian: machine.endian, encoding }
    }

    /// Runs an expression to its end. The frame base's own expression may not ask for the frame base.
    fn run(
        &self,
        expr: &'a [u8],
        with_frame_base: bool,
    ) -> Result<Vec<gimli::Piece<Slice<'a>>>, LocationError> {
        if expr.is_empty() {
            return Err(LocationError::OptimizedOut);
        }
        let mut evaluation = gimli::Evaluation::new(EndianSlice::new(expr, self.endian), self.encoding);
        evaluation.set_max_iterations(MAX_STEPS);
        if let Some(address) = self.ctx.object_address() {
            evaluation.set_object_address(address);
        }
        let mut state = evaluation.evaluate().map_err(bad)?;
        loop {
            state = match state {
                gimli::EvaluationResult::Complete => return Ok(evaluation.result()),
                needed => self.resume(&mut evaluation, needed, with_frame_base)?,
            };
        }
    }

    /// Gives an evaluation what it waits for.
    fn resume(
        &self,
        evaluation: &mut gimli::Evaluation<Slice<'a>>,
        needed: gimli::EvaluationResult<Slice<'a>>,
        with_frame_base: bool,
    ) -> Result<gimli::EvaluationResult<Slice<'a>>, LocationError> {
        use gimli::EvaluationResult as Needs;
        let next = match needed {
            Needs::RequiresRegister { register, base_type } => {
                let value = typed(BaseType::value_type(base_type)?, self.register(register)?)?;
                evaluation.resume_with_register(value)
            }
            Needs::RequiresMemory { address, size, space: None, base_type } => {
                let value_type = BaseType::value_type(base_type)?;
                let value = if size <= 8 { self.ctx.read(address, size) } else { None };
                let value = value.ok_or_else(|| unavailable(format!("memory at {address:#x}")))?;
                evaluation.resume_with_memory(typed(value_type, value)?)
            }
            Needs::RequiresMemory { .. } => return Err(unavailable("memory of another address space")),
            Needs::RequiresFrameBase if with_frame_base => {
                evaluation.resume_with_frame_base(self.frame_base()?)
            }
            Needs::RequiresFrameBase => {
                return Err(LocationError::Bad("a frame base that depends on itself".to_owned()));
            }
            Needs::RequiresCallFrameCfa => {
                let cfa = self.ctx.cfa().ok_or_else(|| unavailable("the frame's address"))?;
                evaluation.resume_with_call_frame_cfa(cfa)
            }
            Needs::RequiresRelocatedAddress(address) => {
                evaluation.resume_with_relocated_address(self.ctx.relocate(FileAddr(address)))
            }
            Needs::RequiresEntryValue(expression) => {
                let value = self.ctx.entry_value(expression.0.slice());
                let value = value.ok_or_else(|| unavailable("a value from when the function was entered"))?;
                evaluation.resume_with_entry_value(Value::Generic(value))
            }
            Needs::RequiresTls(offset) => {
                let address = self.ctx.thread_local(offset);
                evaluation.resume_with_tls(address.ok_or_else(|| unavailable("thread-local storage"))?)
            }
            Needs::RequiresBaseType(operand) => {
                evaluation.resume_with_base_type(BaseType::value_type(operand)?)
            }
            Needs::RequiresParameterRef(_) => return Err(unavailable("a parameter of the caller")),
            _ => return Err(LocationError::Bad("an operation that is not supported".to_owned())),
        };
        next.map_err(bad)
    }

    fn register(&self, register: gimli::Register) -> Result<u64, LocationError> {
        self.ctx.register(register.0).ok_or_else(|| unavailable(format!("register {}", register.0)))
    }

    /// The address that DW_OP_fbreg counts from (DWARF 5 §3.3.5): a register's value, or an address.
    fn frame_base(&self) -> Result<u64, LocationError> {
        if self.frame_base.is_empty() {
            return Err(unavailable("the frame base"));
        }
        let pieces = self.run(self.frame_base, false)?;
        match pieces.first().map(|piece| &piece.location) {
            Some(gimli::Location::Register { register }) => self.register(*register),
            Some(gimli::Location::Address { address }) => Ok(*address),
            Some(gimli::Location::Value { value }) => self.bits_of(*value),
            _ => Err(LocationError::Bad("the frame base is no address".to_owned())),
        }
    }

    fn mask(&self) -> u64 {
        u64::MAX >> (64 - 8 * u32::from(self.encoding.address_size.clamp(1, 8)))
    }

    /// A value's bits, as they would stand in a register.
    fn bits_of(&self, value: Value) -> Result<u64, LocationError> {
        match value {
            Value::F32(value) => Ok(u64::from(value.to_bits())),
            Value::F64(value) => Ok(value.to_bits()),
            value => value.to_u64(self.mask()).map_err(bad),
        }
    }

    /// Is a piece of whole bytes, at the start of what it is in?
    fn is_whole_bytes(&self, piece: &gimli::Piece<Slice<'a>>) -> bool {
        let offset = piece.bit_offset.unwrap_or(0);
        let is_memory = matches!(piece.location, gimli::Location::Address { .. } | gimli::Location::Empty);
        piece.size_in_bits.unwrap_or(0).is_multiple_of(8)
            && (offset == 0 || is_memory && offset.is_multiple_of(8))
    }

    fn piece(&self, piece: &gimli::Piece<Slice<'a>>) -> Result<Piece, LocationError> {
        let place = match &piece.location {
            gimli::Location::Empty => PiecePlace::Missing,
            gimli::Location::Address { address } => {
                PiecePlace::Memory(address.wrapping_add(piece.bit_offset.unwrap_or(0) / 8))
            }
            gimli::Location::Register { register } => PiecePlace::Register(register.0),
            gimli::Location::Value { value } => PiecePlace::Value(self.bits_of(*value)?),
            gimli::Location::Bytes { value } => PiecePlace::Bytes(value.slice().to_vec()),
            // A pointer to something that is nowhere in memory.
            gimli::Location::ImplicitPointer { .. } => PiecePlace::Missing,
        };
        Ok(Piece { size: piece.size_in_bits.map(|bits| bits / 8), place })
    }

    /// Puts a value together from pieces that are not all of whole bytes (DWARF 5 §2.6.1.2). Bits are counted as the
    /// target does: from the least significant of each byte on little-endian ones, else from the most significant.
    fn gather(&self, pieces: &[gimli::Piece<Slice<'a>>]) -> Result<Vec<u8>, LocationError> {
        let sizes: Option<Vec<u64>> = pieces.iter().map(|piece| piece.size_in_bits).collect();
        let total = sizes.and_then(|sizes| sizes.iter().try_fold(0u64, |sum, size| sum.checked_add(*size)));
        let Some(total) = total.filter(|&total| total <= MAX_BITS) else {
            return Err(LocationError::Bad("pieces of bits with absurd sizes".to_owned()));
        };
        let mut bytes = vec![0; total.div_ceil(8) as usize];
        let mut at = 0;
        for piece in pieces {
            for bit in 0..piece.size_in_bits.unwrap_or(0) {
                if self.bit(piece, bit)? {
                    bytes[(at / 8) as usize] |= self.bit_mask(at);
                }
                at += 1;
            }
        }
        Ok(bytes)
    }

    /// One bit of a piece.
    fn bit(&self, piece: &gimli::Piece<Slice<'a>>, bit: u64) -> Result<bool, LocationError> {
        let offset = piece.bit_offset.unwrap_or(0);
        let at = offset.saturating_add(bit);
        // In a number, the offset counts from the least significant bit, whatever the order of bytes.
        let of_number = |number: u64| {
            let size = piece.size_in_bits.unwrap_or(0);
            let at = match self.endian {
                gimli::RunTimeEndian::Little => at,
                gimli::RunTimeEndian::Big => offset.saturating_add(size - 1 - bit),
            };
            at < 64 && number >> at & 1 == 1
        };
        let outside = || LocationError::Bad("a piece that is larger than what it is in".to_owned());
        Ok(match &piece.location {
            gimli::Location::Register { register } => of_number(self.register(*register)?),
            gimli::Location::Value { value } => of_number(self.bits_of(*value)?),
            gimli::Location::Address { address } => {
                let address = address.wrapping_add(at / 8);
                let byte = self.ctx.read(address, 1);
                let byte = byte.ok_or_else(|| unavailable(format!("memory at {address:#x}")))?;
                byte as u8 & self.bit_mask(at) != 0
            }
            gimli::Location::Bytes { value } => {
                let byte = value.slice().get((at / 8) as usize).ok_or_else(outside)?;
                byte & self.bit_mask(at) != 0
            }
            gimli::Location::Empty | gimli::Location::ImplicitPointer { .. } => {
                return Err(LocationError::OptimizedOut);
            }
        })
    }

    fn bit_mask(&self, at: u64) -> u8 {
        match self.endian {
            gimli::RunTimeEndian::Little => 1 << (at % 8),
            gimli::RunTimeEndian::Big => 0x80 >> (at % 8),
        }
    }
}

/// A value of a type whose bits are the low ones of `bits`.
fn typed(value_type: ValueType, bits: u64) -> Result<Value, LocationError> {
    match value_type {
        ValueType::Generic => Ok(Value::Generic(bits)),
        value_type => {
            let bytes = bits.to_le_bytes();
            Value::parse(value_type, EndianSlice::new(&bytes, gimli::LittleEndian)).map_err(bad)
        }
    }
}

fn bad(error: gimli::Error) -> LocationError {
    LocationError::Bad(error.to_string())
}

fn unavailable(what: impl Into<String>) -> LocationError {
    LocationError::Unavailable(what.into())
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;

    const LITTLE: Machine = Machine { endian: gimli::RunTimeEndian::Little, address_size: 8 };
    const BIG: Machine = Machine { endian: gimli::RunTimeEndian::Big, address_size: 4 };

    /// Registers by number, and memory that holds each address's own value plus one.
    #[derive(Default)]
    struct Frame {
        registers: HashMap<u16, u64>,
        cfa: Option<u64>,
    }

    impl LocationContext for Frame {
        fn register(&self, dwarf_number: u16) -> Option<u64> {
            self.registers.get(&dwarf_number).copied()
        }
        fn cfa(&self) -> Option<u64> {
            self.cfa
        }
        fn read(&self, addr: u64, size: u8) -> Option<u64> {
            (addr < 0x10_000 && size <= 8).then_some(addr + 1)
        }
        fn relocate(&self, addr: FileAddr) -> u64 {
            addr.0 + 0x1000
        }
        fn entry_value(&self, expression: &[u8]) -> Option<u64> {
            (expression == [0x55]).then_some(99)
        }
        fn thread_local(&self, offset: u64) -> Option<u64> {
            Some(0xf000 + offset)
        }
    }

    fn frame() -> Frame {
        Frame { registers: HashMap::from([(0, 7), (6, 0x2000), (17, 3)]), cfa: Some(0x8000) }
    }

    fn run(expr: &[u8], frame_base: &[u8]) -> Result<Vec<Piece>, LocationError> {
        evaluate(expr, frame_base, &frame(), LITTLE)
    }

    fn memory(addr: u64) -> Result<Vec<Piece>, LocationError> {
        Ok(vec![Piece { size: None, place: PiecePlace::Memory(addr) }])
    }

    #[test]
    fn places_of_go_and_c_variables() {
        // DW_OP_call_frame_cfa; DW_OP_fbreg -16 from it, and from a register (gcc's DW_OP_breg6 0, DW_OP_reg6).
        assert_eq!(run(&[0x9c], &[]), memory(0x8000));
        assert_eq!(run(&[0x91, 0x70], &[0x9c]), memory(0x7ff0));
        assert_eq!(run(&[0x91, 0x70], &[0x76, 0x00]), memory(0x1ff0));
        assert_eq!(run(&[0x91, 0x70], &[0x56]), memory(0x1ff0));
        // DW_OP_addr 0x4000, moved by the loader.
        assert_eq!(run(&[0x03, 0, 0x40, 0, 0, 0, 0, 0, 0], &[]), memory(0x5000));
        // DW_OP_fbreg 8, DW_OP_deref, DW_OP_plus_uconst 5: through a pointer (below what can be read).
        assert_eq!(run(&[0x91, 0x08, 0x06, 0x23, 5], &[0x76, 0x00]), memory(0x2009 + 5));
        assert_eq!(run(&[0x50], &[]), Ok(vec![Piece { size: None, place: PiecePlace::Register(0) }]));
        // DW_OP_lit5, DW_OP_stack_value; DW_OP_implicit_value of two bytes.
        assert_eq!(run(&[0x35, 0x9f], &[]), Ok(vec![Piece { size: None, place: PiecePlace::Value(5) }]));
        let bytes = PiecePlace::Bytes(vec![1, 2]);
        assert_eq!(run(&[0x9e, 2, 1, 2], &[]), Ok(vec![Piece { size: None, place: bytes }]));
    }

    #[test]
    fn pieces_are_in_order() {
        // A string in registers: RAX and RCX, whose second half is optimised away; then a field in memory.
        let pieces = run(&[0x50, 0x93, 8, 0x93, 8, 0x91, 0x08, 0x93, 4], &[0x9c]).unwrap();
        let expected = [
            Piece { size: Some(8), place: PiecePlace::Register(0) },
            Piece { size: Some(8), place: PiecePlace::Missing },
            Piece { size: Some(4), place: PiecePlace::Memory(0x8008) },
        ];
        assert_eq!(pieces, expected);
    }

    #[test]
    fn what_cannot_be_evaluated_says_why() {
        assert_eq!(run(&[], &[]), Err(LocationError::OptimizedOut));
        let missing = |result: Result<Vec<Piece>, LocationError>| match result {
            Err(LocationError::Unavailable(what)) => what,
            other => panic!("{other:?}"),
        };
        assert_eq!(missing(run(&[0x73, 0], &[])), "register 3");
        assert_eq!(missing(run(&[0x91, 0], &[])), "the frame base");
        assert_eq!(missing(run(&[0x0c, 0, 0, 2, 0, 0x06], &[])), "memory at 0x20000");
        // DW_OP_entry_value(DW_OP_reg0), DW_OP_stack_value.
        assert_eq!(missing(run(&[0xa3, 1, 0x50, 0x9f], &[])), "a value from when the function was entered");
        let no_cfa = evaluate(&[0x9c], &[], &Frame::default(), LITTLE);
        assert_eq!(missing(no_cfa), "the frame's address");
        // A frame base that asks for the frame base, a loop (DW_OP_skip -3), and a stack that is empty.
        assert!(matches!(run(&[0x91, 0], &[0x91, 0]), Err(LocationError::Bad(_))));
        assert!(matches!(run(&[0x2f, 0xfd, 0xff], &[]), Err(LocationError::Bad(_))));
        assert!(matches!(run(&[0x22], &[]), Err(LocationError::Bad(_))));
        // Division by zero.
        assert!(matches!(run(&[0x31, 0x30, 0x1b], &[]), Err(LocationError::Bad(_))));
    }

    #[test]
    fn big_endian_32_bit() {
        let found = evaluate(&[0x03, 0, 0, 0x40, 0], &[], &frame(), BIG);
        assert_eq!(found, memory(0x5000));
    }

    fn value(expr: &[u8]) -> PiecePlace {
        let pieces = run(expr, &[]).unwrap();
        assert_eq!((pieces.len(), pieces[0].size), (1, None));
        pieces.into_iter().next().unwrap().place
    }

    #[test]
    fn typed_values() {
        let operand = |encoding, size| {
            let number = BaseType::new(encoding, size).unwrap().number();
            [(number & 0x7f | 0x80) as u8, (number >> 7) as u8]
        };
        let [double_low, double_high] = operand(gimli::DW_ATE_float, 8);
        let [char_low, char_high] = operand(gimli::DW_ATE_signed_char, 1);
        let [long_low, long_high] = operand(gimli::DW_ATE_signed, 8);
        // DW_OP_lit3, DW_OP_convert to double.
        let three = [0x33, 0xa8, double_low, double_high, 0x9f];
        assert_eq!(value(&three), PiecePlace::Value(3f64.to_bits()));
        // DW_OP_regval_type of register 0 as a char (7), converted to a long and back to an address's type.
        let register = [0xa5, 0, char_low, char_high, 0xa8, long_low, long_high, 0xa8, 0, 0x9f];
        assert_eq!(value(&register), PiecePlace::Value(7));
        // DW_OP_const_type of the char 0xff: sign-extended.
        let constant = [0xa4, char_low, char_high, 1, 0xff, 0xa8, long_low, long_high, 0x9f];
        assert_eq!(value(&constant), PiecePlace::Value(u64::MAX));
        // DW_OP_lit8, DW_OP_deref_type of 8 bytes as a double, reinterpreted as a long.
        let memory = [0x38, 0xa6, 8, double_low, double_high, 0xa9, long_low, long_high, 0x9f];
        assert_eq!(value(&memory), PiecePlace::Value(9));
        // A type of 16 bytes.
        let [low, high] = operand(gimli::DW_ATE_float, 16);
        let error = run(&[0x33, 0xa8, low, high, 0x9f], &[]).unwrap_err().to_string();
        assert!(error.ends_with("computing with a type of 16 bytes and encoding 4"), "{error}");
    }

    #[test]
    fn values_from_elsewhere() {
        // DW_OP_entry_value(DW_OP_reg5), DW_OP_lit1, DW_OP_plus.
        assert_eq!(value(&[0xa3, 1, 0x55, 0x31, 0x22, 0x9f]), PiecePlace::Value(100));
        // GNU's form of it; DW_OP_const1u 8, DW_OP_form_tls_address, and GNU's form.
        assert_eq!(value(&[0xf3, 1, 0x55, 0x9f]), PiecePlace::Value(99));
        assert_eq!(run(&[0x08, 8, 0x9b], &[]), memory(0xf008));
        assert_eq!(run(&[0x08, 8, 0xe0], &[]), memory(0xf008));
        // DW_OP_implicit_pointer to the entry at position 0x1234, 4 bytes in.
        let pointer = [0xa0, 0x34, 0x12, 0, 0, 0, 0, 0, 0, 4];
        assert_eq!(value(&pointer), PiecePlace::Missing);
        assert_eq!(implicit_pointee(&pointer, &[], &frame(), LITTLE), Ok(Some((0x1234, 4))));
        assert_eq!(implicit_pointee(&[0x50], &[], &frame(), LITTLE), Ok(None));
    }

    #[test]
    fn pieces_of_bits() {
        // Register 0 is 7, 17 is 3: the three low bits of the first from bit 1 on, then five bits of the second.
        let bits = [0x50, 0x9d, 3, 1, 0x90, 17, 0x9d, 5, 0];
        assert_eq!(value(&bits), PiecePlace::Bytes(vec![0b11_011]));
        // Four bits of memory at 0x30 (whose first byte reads as 0x31), from bit 4 on, then four of a value.
        let memory = [0x08, 0x30, 0x9d, 4, 4, 0x3a, 0x9f, 0x9d, 4, 0];
        assert_eq!(value(&memory), PiecePlace::Bytes(vec![0xa3]));
        let big = evaluate(&memory, &[], &frame(), BIG).unwrap();
        assert_eq!(big[0].place, PiecePlace::Bytes(vec![0x1a]));
        // Bits that are optimised away, and more of them than anything has.
        assert_eq!(run(&[0x50, 0x9d, 3, 0, 0x9d, 5, 0], &[]), Err(LocationError::OptimizedOut));
        let huge = [0x50, 0x9d, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f, 0];
        assert!(matches!(run(&huge, &[]), Err(LocationError::Bad(_))));
    }
}
