//! Many scalars or strings of one type, loaded into a column.

use std::sync::Arc;

use adit_process::{Addr, Memory};
use adit_symbols::{Shape, Type};

use super::budget::PACKED;
use super::children::Places;
use super::formatter::is_well_known;
use super::{Column, LoadConfig, Loader, Packed, Value, Variable};

/// Fewer values are quicker as a list.
const FEWEST: usize = 32;
/// Bytes that are read at once.
const BLOCK: usize = 1 << 20;

impl Loader<'_> {
    /// The first `count` elements of an array as a column; `None` if they are no scalars or strings, or not all can be
    /// read: then each says for itself what is wrong with it.
    pub(super) fn column_of_elements(
        &self,
        start: &Value,
        elem: &Arc<Type>,
        count: u64,
        config: &LoadConfig,
    ) -> Option<Column> {
        let base = start.addr()?.0;
        self.column(elem, Places::Every(base, elem.size), usize::try_from(count).ok()?, config)
    }

    /// A map's entries, if both keys and elements can be packed.
    pub(super) fn packed_entries(
        &self,
        entries: &[(Addr, Addr)],
        key: &Arc<Type>,
        elem: &Arc<Type>,
        config: &LoadConfig,
    ) -> Option<Packed> {
        let keys = entries.iter().map(|(key, _)| key.0).collect();
        let keys = self.column(key, Places::At(keys), entries.len(), config)?;
        let elems = entries.iter().map(|(_, elem)| elem.0).collect();
        let elems = self.column(elem, Places::At(elems), entries.len(), config)?;
        Some(Packed::new([keys, elems]))
    }

    fn column(&self, elem: &Arc<Type>, places: Places, count: usize, config: &LoadConfig) -> Option<Column> {
        let real = self.underlying(elem).ok()?;
        let packable = matches!(
            real.shape,
            Shape::Bool | Shape::Int | Shape::Uint | Shape::Float | Shape::Enum(_) | Shape::String
        );
        // Of some types each value has a text of its own beside it.
        if count < FEWEST || !packable || elem.size == 0 || is_well_known(elem) {
            return None;
        }
        let mut column = Column::new(self.model(elem));
        let size = usize::try_from(elem.size).ok()?;
        if matches!(real.shape, Shape::String) {
            self.each_place(&places, count, size, &mut |bytes| {
                let header = Value::of_bytes(elem.clone(), bytes);
                let (data, len) = self.string_header(&header).ok()?;
                let loaded = self.string_bytes(data, len, self.budget.part(config.max_string_len)).ok()?;
                self.budget.take(PACKED + loaded.len()).then_some(())?;
                column.push_string(data.0, len, &loaded);
                Some(())
            })?;
        } else {
            let scalar = self.scalar_text(elem, &real).ok()?;
            self.each_place(&places, count, size, &mut |bytes| {
                self.budget.take(PACKED).then_some(())?;
                column.push_scalar(|text| scalar.write(&bytes[..scalar.size], text));
                Some(())
            })?;
        }
        Some(column.at(places))
    }

    /// Shows `visit` the `size` bytes of each of `count` values; what is in a row is read in large blocks.
    fn each_place(
        &self,
        places: &Places,
        count: usize,
        size: usize,
        visit: &mut dyn FnMut(&[u8]) -> Option<()>,
    ) -> Option<()> {
        let per_block = match places {
            Places::Every(..) => (BLOCK / size).max(1),
            Places::At(_) => 1,
        };
        let mut block = Vec::new();
        let mut done = 0;
        while done < count {
            let now = per_block.min(count - done);
            block.resize(now.checked_mul(size)?, 0);
            self.target.read(Addr(places.get(done)?), &mut block).ok()?;
            block.chunks_exact(size).try_for_each(&mut *visit)?;
            done += now;
        }
        Some(())
    }

    /// What all values of a column have in common.
    fn model(&self, elem: &Arc<Type>) -> Variable {
        Variable { addr: 0, ..self.unloaded(&Value::at(elem.clone(), Addr(0))) }
    }
}
