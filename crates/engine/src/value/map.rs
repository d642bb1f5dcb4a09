//! Maps.

use adit_goruntime::MapShape;
use adit_process::Addr;
use adit_symbols::{Shape, TypeId};

use super::descriptor::descriptor_of;
use super::{Children, LoadConfig, Loader, Value, ValueError, Variable};
use crate::eval::EvalError;

/// A map's key, element and header types.
pub(crate) type MapTypes = (TypeId, TypeId, TypeId);

/// Entries that are read at once when a map is searched.
const BATCH: usize = 1 << 16;

impl Loader<'_> {
    pub(super) fn fill_map(
        &self,
        variable: &mut Variable,
        value: &Value,
        types: MapTypes,
        skipped: u64,
        config: &LoadConfig,
        depth: usize,
    ) -> Result<(), ValueError> {
        let header = self.word(value, 0)?;
        variable.base = header;
        if header == 0 {
            return Ok(());
        }
        variable.len = self.map_len(value, types.2)?.saturating_sub_unsigned(skipped).max(0);
        if depth > config.max_variable_recurse || config.max_array_values == 0 {
            return Ok(());
        }
        let shown = config.max_array_values.min(usize::try_from(variable.len).unwrap_or(usize::MAX));
        let (key_type, elem_type) = (self.type_of(types.0)?, self.type_of(types.1)?);
        let entries = self.entries(Addr(header), types, skipped, shown)?;
        if let Some(packed) = self.packed_entries(&entries, &key_type, &elem_type, config) {
            variable.children = Children::of(packed);
            return Ok(());
        }
        for (key, elem) in entries {
            variable.children.push(self.load_at(&Value::at(key_type.clone(), key), config, depth + 1));
            variable.children.push(self.load_at(&Value::at(elem_type.clone(), elem), config, depth + 1));
        }
        Ok(())
    }

    /// How many entries a map has.
    pub fn map_len(&self, value: &Value, _header: TypeId) -> Result<i64, ValueError> {
        let header = self.word(value, 0)?;
        if header == 0 {
            return Ok(0);
        }
        let len = self.go_runtime()?.map_len(self.target, Addr(header)).map_err(runtime_error)?;
        Ok(i64::try_from(len).unwrap_or(i64::MAX))
    }

    fn go_runtime(&self) -> Result<&adit_goruntime::GoRuntime, ValueError> {
        let runtime =
            self.runtime.ok_or_else(|| ValueError::Other("the Go runtime is unknown".to_owned()))?;
        Ok(&runtime.go)
    }

    /// Where the keys and elements of some entries are.
    fn entries(
        &self,
        header: Addr,
        (key, elem, header_type): MapTypes,
        start: u64,
        count: usize,
    ) -> Result<Vec<(Addr, Addr)>, ValueError> {
        let go = self.go_runtime()?;
        let shape = match descriptor_of(header_type) {
            Some(descriptor) => self.map_shape_of_descriptor(descriptor, key, elem)?,
            None => MapShape::from_dwarf(&go.layout, key, elem, header_type, |id| self.type_of(id).ok())
                .ok_or_else(|| ValueError::Other("this kind of map is not known".to_owned()))?,
        };
        let found = go.map_entries(self.target, &shape, header, start, count).map_err(runtime_error)?;
        if let (true, Some(error)) = (found.entries.is_empty(), found.errors.first()) {
            return Err(ValueError::Other(error.to_string()));
        }
        Ok(found.entries.into_iter().map(|entry| (entry.key, entry.elem)).collect())
    }

    /// Visits a map's entries, until `visit` says that it has seen enough.
    pub(crate) fn each_entry(
        &self,
        map: &Value,
        types: MapTypes,
        visit: &mut dyn FnMut(Value, Value) -> Result<bool, EvalError>,
    ) -> Result<(), EvalError> {
        let header = self.word(map, 0)?;
        if header == 0 {
            return Ok(());
        }
        let (key_type, elem_type) = (self.type_of(types.0)?, self.type_of(types.1)?);
        let mut start = 0;
        loop {
            let entries = self.entries(Addr(header), types, start, BATCH)?;
            let last = entries.len() < BATCH;
            start += entries.len() as u64;
            for (key, elem) in entries {
                if !visit(Value::at(key_type.clone(), key), Value::at(elem_type.clone(), elem))? {
                    return Ok(());
                }
            }
            if last {
                return Ok(());
            }
        }
    }

    /// How many elements a channel holds, and for how many it has room.
    pub(crate) fn chan_counts(&self, value: &Value, header: TypeId) -> Result<(i64, i64), ValueError> {
        let addr = self.word(value, 0)?;
        if addr == 0 {
            return Ok((0, 0));
        }
        let header = Value::at(self.type_of(header)?, Addr(addr));
        let Shape::Struct(fields) = &self.underlying(&header.ty)?.shape else {
            return Err(ValueError::Other("the channel's header is no struct".to_owned()));
        };
        let read = |name: &str| match fields.iter().find(|field| &*field.name == name) {
            Some(field) => Ok(self.uint(&header, field.offset, self.word_size())?.cast_signed()),
            None => Err(ValueError::Other(format!("the channel's header has no {name}"))),
        };
        Ok((read("qcount")?, read("dataqsiz")?))
    }
}

fn runtime_error(error: adit_goruntime::RuntimeError) -> ValueError {
    ValueError::Other(error.to_string())
}
