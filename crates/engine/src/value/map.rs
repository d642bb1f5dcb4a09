//! Maps.

use adit_goruntime::MapShape;
use adit_process::Addr;
use adit_symbols::{Shape, TypeId};

use super::descriptor::descriptor_of;
use super::{Children, LoadConfig, Loader, Value, ValueError, Variable};
use crate::eval::EvalError;

/// A map's key, element and header types.
pub(crate) type MapTypes = (TypeId, TypeId, TypeId);

/// Entries that are read at once when the search of a map begins.
const FIRST_BATCH: usize = 1 << 12;

/// Some entries of a map.
struct Entries {
    /// Where their keys and elements are.
    places: Vec<(Addr, Addr)>,
    /// Why there are fewer than were wanted, if parts of the map could not be read.
    damage: Option<ValueError>,
}

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
        let found = self.entries(Addr(header), types, skipped, shown)?;
        match self.packed_entries(&found.places, &key_type, &elem_type, config) {
            Some(packed) => variable.children = Children::of(packed),
            None => {
                for (key, elem) in found.places {
                    variable.children.push(self.load_at(
                        &Value::at(key_type.clone(), key),
                        config,
                        depth + 1,
                    ));
                    variable.children.push(self.load_at(
                        &Value::at(elem_type.clone(), elem),
                        config,
                        depth + 1,
                    ));
                }
            }
        }
        // What was not found stands behind what was.
        let Some(damage) = found.damage else { return Ok(()) };
        if variable.children.is_empty() {
            return Err(damage);
        }
        for ty in [key_type, elem_type] {
            variable.children.push(self.unloaded(&Self::missing(ty, damage.clone())));
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

    pub(crate) fn go_runtime(&self) -> Result<&adit_goruntime::GoRuntime, ValueError> {
        let runtime =
            self.runtime.ok_or_else(|| ValueError::Other("the Go runtime is unknown".to_owned()))?;
        Ok(&runtime.go)
    }

    /// Where the keys and elements are in maps of a type.
    pub(crate) fn map_shape(&self, (key, elem, header): MapTypes) -> Result<MapShape, ValueError> {
        match descriptor_of(header) {
            Some(descriptor) => self.map_shape_of_descriptor(descriptor, key, elem),
            None => {
                let layout = &self.go_runtime()?.layout;
                MapShape::from_dwarf(layout, key, elem, header, |id| self.type_of(id).ok())
                    .ok_or_else(|| ValueError::Other("this kind of map is not known".to_owned()))
            }
        }
    }

    /// Where the keys and elements of some entries are.
    fn entries(
        &self,
        header: Addr,
        types: MapTypes,
        start: u64,
        count: usize,
    ) -> Result<Entries, ValueError> {
        let (go, shape) = (self.go_runtime()?, self.map_shape(types)?);
        let found = go.map_entries(self.target, &shape, header, start, count).map_err(runtime_error)?;
        let damage = found.errors.into_iter().next().filter(|_| found.entries.len() < count);
        let places = found.entries.into_iter().map(|entry| (entry.key, entry.elem)).collect();
        Ok(Entries { places, damage: damage.map(runtime_error) })
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
        // Each batch walks the map from its beginning: the batches grow, so that this costs no more than one more walk.
        let (mut start, mut batch) = (0, FIRST_BATCH);
        loop {
            let found = self.entries(Addr(header), types, start, batch)?;
            let last = found.places.len() < batch;
            start += found.places.len() as u64;
            for (key, elem) in found.places {
                if !visit(Value::at(key_type.clone(), key), Value::at(elem_type.clone(), elem))? {
                    return Ok(());
                }
            }
            if last {
                return found.damage.map_or(Ok(()), |damage| Err(damage.into()));
            }
            batch = batch.saturating_mul(2);
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
