//! Where a value's bytes are.

use std::sync::Arc;

use adit_process::{Addr, MemoryError};
use adit_symbols::{SymbolError, Type};

/// A value: what it is, and where.
#[derive(Clone, Debug)]
pub struct Value {
    /// Its type.
    pub ty: Arc<Type>,
    /// Where its bytes are.
    pub place: Place,
}

/// Where a value's bytes are.
#[derive(Clone, Debug)]
pub enum Place {
    /// In memory.
    Memory(Addr),
    /// Not in memory: in registers, or computed. Parts that do not exist are `None`.
    Bytes(Arc<[Option<u8>]>),
    /// Nowhere.
    Missing(ValueError),
}

/// Why a value cannot be had. The text stands in the value's place.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ValueError {
    /// The compiler kept it nowhere at this PC.
    #[error("optimized out")]
    OptimizedOut,
    /// Its memory cannot be read.
    #[error(transparent)]
    Memory(#[from] MemoryError),
    /// Its type, or something in it, is not what it should be.
    #[error("{0}")]
    Other(String),
}

impl From<SymbolError> for ValueError {
    fn from(error: SymbolError) -> ValueError {
        ValueError::Other(error.to_string())
    }
}

impl Value {
    /// A value in memory.
    pub fn at(ty: Arc<Type>, addr: Addr) -> Value {
        Value { ty, place: Place::Memory(addr) }
    }

    /// A value that is made of these bytes.
    pub fn of_bytes(ty: Arc<Type>, bytes: &[u8]) -> Value {
        Value { ty, place: Place::Bytes(bytes.iter().copied().map(Some).collect()) }
    }

    /// Its address, if it is in memory.
    pub fn addr(&self) -> Option<Addr> {
        match self.place {
            Place::Memory(addr) => Some(addr),
            _ => None,
        }
    }

    /// The part of it that begins at `offset` (in bytes) and has type `ty`.
    pub fn part(&self, offset: u64, ty: Arc<Type>) -> Value {
        let place = match &self.place {
            Place::Memory(addr) => Place::Memory(Addr(addr.0.wrapping_add(offset))),
            Place::Bytes(bytes) => {
                let from = usize::try_from(offset).unwrap_or(usize::MAX).min(bytes.len());
                let to = from.saturating_add(usize::try_from(ty.size).unwrap_or(usize::MAX)).min(bytes.len());
                Place::Bytes(bytes[from..to].into())
            }
            Place::Missing(error) => Place::Missing(error.clone()),
        };
        Value { ty, place }
    }
}
