//! Where a variable is at one PC: DWARF expressions, evaluated (DWARF 5 §2.5, §2.6).

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

type Slice<'a> = gimli::EndianSlice<'a, gimli::RunTimeEndian>;

/// Evaluates an expression. An empty one says that the value is optimised away.
pub(crate) fn evaluate(
    expr: &[u8],
    frame_base: &[u8],
    ctx: &dyn LocationContext,
    endian: gimli::RunTimeEndian,
    address_size: u8,
) -> Result<Vec<Piece>, LocationError> {
    if expr.is_empty() {
        return Err(LocationError::OptimizedOut);
    }
    let encoding = gimli::Encoding { address_size, format: gimli::Format::Dwarf32, version: 5 };
    let evaluator = Evaluator { frame_base, ctx, endian, encoding };
    let pieces = evaluator.run(expr, true)?;
    pieces.iter().map(|piece| evaluator.piece(piece)).collect()
}

/// What one evaluation works with.
struct Evaluator<'a> {
    frame_base: &'a [u8],
    ctx: &'a dyn LocationContext,
    endian: gimli::RunTimeEndian,
    encoding: gimli::Encoding,
}

impl<'a> Evaluator<'a> {
    /// Runs an expression to its end. The frame base's own expression may not ask for the frame base.
    fn run(
        &self,
        expr: &'a [u8],
        with_frame_base: bool,
    ) -> Result<Vec<gimli::Piece<Slice<'a>>>, LocationError> {
        use gimli::EvaluationResult as Needs;
        let mut evaluation =
            gimli::Evaluation::new(gimli::EndianSlice::new(expr, self.endian), self.encoding);
        evaluation.set_max_iterations(MAX_STEPS);
        let mut state = evaluation.evaluate().map_err(bad)?;
        loop {
            let next = match state {
                Needs::Complete => return Ok(evaluation.result()),
                Needs::RequiresRegister { register, base_type } => {
                    self.only_generic(base_type)?;
                    let value = self.register(register)?;
                    evaluation.resume_with_register(gimli::Value::Generic(value))
                }
                Needs::RequiresMemory { address, size, space: None, base_type } => {
                    self.only_generic(base_type)?;
                    let value = self.ctx.read(address, size);
                    let value = value.ok_or_else(|| unavailable(format!("memory at {address:#x}")))?;
                    evaluation.resume_with_memory(gimli::Value::Generic(value))
                }
                Needs::RequiresFrameBase if with_frame_base => {
                    evaluation.resume_with_frame_base(self.frame_base()?)
                }
                Needs::RequiresCallFrameCfa => {
                    let cfa = self.ctx.cfa();
                    evaluation
                        .resume_with_call_frame_cfa(cfa.ok_or_else(|| unavailable("the frame's address"))?)
                }
                Needs::RequiresRelocatedAddress(address) => {
                    evaluation.resume_with_relocated_address(self.ctx.relocate(FileAddr(address)))
                }
                Needs::RequiresEntryValue(_) => {
                    return Err(unavailable("a value from when the function was entered"));
                }
                Needs::RequiresParameterRef(_) => return Err(unavailable("a parameter of the caller")),
                Needs::RequiresTls(_) => return Err(unavailable("thread-local storage")),
                Needs::RequiresFrameBase => {
                    return Err(LocationError::Bad("a frame base that depends on itself".to_owned()));
                }
                _ => return Err(LocationError::Bad("an operation that is not supported".to_owned())),
            };
            state = next.map_err(bad)?;
        }
    }

    /// Typed operations name a base type of the unit, which an expression on its own does not have.
    fn only_generic(&self, base_type: gimli::UnitOffset) -> Result<(), LocationError> {
        match base_type.0 {
            0 => Ok(()),
            _ => Err(LocationError::Bad("typed operations are not supported".to_owned())),
        }
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
            Some(gimli::Location::Value { value }) => value.to_u64(self.mask()).map_err(bad),
            _ => Err(LocationError::Bad("the frame base is no address".to_owned())),
        }
    }

    fn mask(&self) -> u64 {
        u64::MAX >> (64 - 8 * u32::from(self.encoding.address_size.clamp(1, 8)))
    }

    fn piece(&self, piece: &gimli::Piece<Slice<'a>>) -> Result<Piece, LocationError> {
        let size = match piece.size_in_bits {
            Some(bits) if bits % 8 != 0 => {
                return Err(LocationError::Bad(
                    "pieces that are no whole bytes are not supported".to_owned(),
                ));
            }
            Some(bits) => Some(bits / 8),
            None => None,
        };
        let offset = piece.bit_offset.unwrap_or(0);
        let place = match &piece.location {
            gimli::Location::Empty => PiecePlace::Missing,
            gimli::Location::Address { address } if offset % 8 == 0 => {
                PiecePlace::Memory(address.wrapping_add(offset / 8))
            }
            gimli::Location::Register { register } if offset == 0 => PiecePlace::Register(register.0),
            gimli::Location::Value { value } if offset == 0 => {
                PiecePlace::Value(value.to_u64(self.mask()).map_err(bad)?)
            }
            gimli::Location::Bytes { value } if offset == 0 => PiecePlace::Bytes(value.slice().to_vec()),
            // A pointer to something that is nowhere in memory.
            gimli::Location::ImplicitPointer { .. } => PiecePlace::Missing,
            _ => {
                return Err(LocationError::Bad("pieces from within a register are not supported".to_owned()));
            }
        };
        Ok(Piece { size, place })
    }
}

fn bad(error: gimli::Error) -> LocationError {
    LocationError::Bad(error.to_string())
}

fn unavailable(what: impl Into<String>) -> LocationError {
    LocationError::Unavailable(what.into())
}
