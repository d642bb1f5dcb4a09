//! Reading a unit's entries one after the other.

use gimli::UnitOffset;

use super::entry::{Entry, MAX_ATTRIBUTES};
use super::sections::Slice;
use super::units::UnitRef;
use crate::SymbolError;

/// Reads a unit's entries one after the other.
pub(super) struct Cursor<'r, 'a> {
    unit: &'r UnitRef<'a>,
    raw: gimli::EntriesRaw<'r, Slice<'a>>,
}

impl<'r, 'a> Cursor<'r, 'a> {
    /// Starts at an offset in the unit (of the root entry, without one).
    pub(super) fn new(unit: &'r UnitRef<'a>, at: Option<UnitOffset>) -> Result<Cursor<'r, 'a>, SymbolError> {
        let raw = unit
            .unit
            .header
            .entries_raw(&unit.unit.abbreviations, at)
            .map_err(|error| unit.error(at.unwrap_or(UnitOffset(0)), error))?;
        Ok(Cursor { unit, raw })
    }

    /// Reads the next entry; `false` if it is a null entry, which ends a list of children.
    pub(super) fn read(&mut self, entry: &mut Entry<'a>) -> Result<bool, SymbolError> {
        let position = self.position();
        match self.abbreviation()? {
            Some(abbreviation) => self.read_attributes(abbreviation, entry, position).map(|()| true),
            None => {
                *entry = Entry::empty();
                Ok(false)
            }
        }
    }

    /// Reads the next entry's abbreviation only; what follows must read or skip its attributes.
    pub(super) fn abbreviation(&mut self) -> Result<Option<&'r gimli::Abbreviation>, SymbolError> {
        let offset = self.raw.next_offset();
        let abbreviation = self.raw.read_abbreviation().map_err(|error| self.unit.error(offset, error))?;
        if abbreviation.is_some_and(|known| known.attributes().len() > MAX_ATTRIBUTES) {
            let at = self.unit.absolute(offset);
            return Err(self.unit.damaged(at, "an entry with absurdly many attributes"));
        }
        Ok(abbreviation)
    }

    /// Skips the attributes of an entry whose abbreviation was read.
    pub(super) fn skip(&mut self, abbreviation: &gimli::Abbreviation) -> Result<(), SymbolError> {
        let offset = self.raw.next_offset();
        self.raw.skip_attributes(abbreviation.attributes()).map_err(|error| self.unit.error(offset, error))
    }

    /// Skips the rest of a list of children, with its terminating null entry, and all they contain.
    pub(super) fn skip_children(&mut self) -> Result<(), SymbolError> {
        let depth = self.depth();
        while self.depth() >= depth && !self.is_empty() {
            if let Some(abbreviation) = self.abbreviation()? {
                self.skip(abbreviation)?;
            }
        }
        Ok(())
    }

    /// Goes on at a later entry's position; `false`, and nothing done, if there can be none.
    pub(super) fn jump(&mut self, position: usize) -> bool {
        if position <= self.position() || position >= self.unit.info.end {
            return false;
        }
        let Ok(cursor) = self.unit.cursor(Some(position)) else { return false };
        *self = cursor;
        true
    }

    /// Reads the attributes of an entry whose abbreviation was read, and which starts at `position`.
    pub(super) fn read_attributes(
        &mut self,
        abbreviation: &gimli::Abbreviation,
        entry: &mut Entry<'a>,
        position: usize,
    ) -> Result<(), SymbolError> {
        entry
            .read_attributes(&mut self.raw, abbreviation, position)
            .map_err(|error| self.unit.damaged(position, &error.to_string()))
    }

    /// The depth of the next entry, relative to where the cursor started.
    pub(super) fn depth(&self) -> isize {
        self.raw.next_depth()
    }

    /// Has the unit ended?
    pub(super) fn is_empty(&self) -> bool {
        self.raw.is_empty()
    }

    /// The position of the next entry.
    pub(super) fn position(&self) -> usize {
        self.unit.absolute(self.raw.next_offset())
    }
}
