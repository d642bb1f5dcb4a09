//! `m[k]` of a map: found by the key's hash, as Go does, or else among all entries.

use std::sync::Arc;

use adit_expr::constant::Constant;
use adit_goruntime::{GoRuntime, MapHasher, MapIndex, MapShape};
use adit_process::Addr;
use adit_symbols::{Shape, Type};

use super::operand::{Scalar, number_type};
use super::operators::convert_constant;
use super::{EvalError, Evaluator, Operand, fail};
use crate::value::{Joining, KeyHash, MapTypes, Value, ValueError};

/// Entries of a map that must be found by their hashes before one that is not found is taken for absent.
const SAMPLES: usize = 4;

/// A key to look for in a map.
enum Key {
    /// A boolean, number or string.
    Scalar(Scalar),
    /// A value of the key's type.
    Value(Value),
    /// What an interface may hold.
    Held(Constant),
}

/// What a map's hashes are made of.
struct Hashed<'a> {
    go: &'a GoRuntime,
    hasher: MapHasher,
    shape: MapShape,
    index: MapIndex<'a>,
    header: Addr,
}

impl Evaluator<'_> {
    /// The element of a map whose key equals `wanted`.
    pub(super) fn map_element(
        &self,
        map: &Value,
        types: MapTypes,
        wanted: &Operand,
    ) -> Result<Operand, EvalError> {
        let loader = self.debugger.loader();
        let key_type = loader.type_of(types.0)?;
        let key = self.key(&key_type, wanted)?;
        // Whatever stands in the way of hashing does not stand in the way of looking at all entries.
        let mut found = match self.hashed_element(map, types, (&key_type, &key), wanted) {
            Ok(Some(found)) => return found.map(Operand::Value).ok_or_else(key_not_found),
            Ok(None) | Err(_) => None,
        };
        loader.each_entry(map, types, &mut |candidate, elem| {
            let same = self.is_key(candidate, &key)?;
            if same {
                found = Some(elem);
            }
            Ok(!same)
        })?;
        found.map(Operand::Value).ok_or_else(key_not_found)
    }

    fn is_key(&self, candidate: Value, key: &Key) -> Result<bool, EvalError> {
        match key {
            Key::Scalar(key) => Ok(self.scalar(&Operand::Value(candidate))?.as_ref() == Some(key)),
            Key::Value(key) => self.equal(&candidate, key),
            Key::Held(key) => self.holds(&candidate, key),
        }
    }

    /// The element, found by the key's hash: `Some(None)` if the key is absent for certain, `None` if that cannot be
    /// said.
    fn hashed_element(
        &self,
        map: &Value,
        types: MapTypes,
        (key_type, key): (&Arc<Type>, &Key),
        wanted: &Operand,
    ) -> Result<Option<Option<Value>>, EvalError> {
        let loader = self.debugger.loader();
        let header = Addr(loader.word(map, 0)?);
        if header.0 == 0 {
            return Ok(Some(None));
        }
        let go = loader.go_runtime()?;
        let Some(hasher) = go.map_hasher(loader.target) else { return Ok(None) };
        let shape = loader.map_shape(types)?;
        let Ok(Some(index)) = go.map_index(loader.target, &shape, header) else { return Ok(None) };
        let hashed = Hashed { go, hasher, shape, index, header };
        let mut ways = Vec::new();
        for joining in Joining::of_maps(go.layout.release) {
            let Some(way) = KeyHash::of_type(loader, &hashed.hasher, joining, key_type)? else { continue };
            let Some(hash) = self.hash(&hashed, &way, key, wanted)? else { continue };
            for entry in hashed.index.candidates(hash).map_err(runtime_error)? {
                if self.is_key(Value::at(key_type.clone(), entry.key), key)? {
                    let elem = loader.type_of(types.1)?;
                    return Ok(Some(Some(Value::at(elem, entry.elem))));
                }
            }
            ways.push(way);
        }
        for way in ways {
            // A constant may be held as a value of another type than was tried.
            if !matches!(key, Key::Held(_)) && self.finds_samples(&hashed, &way, key_type)? {
                return Ok(Some(None));
            }
        }
        Ok(None)
    }

    /// Are some of the map's entries where their hashes say? Then so is any other.
    fn finds_samples(
        &self,
        hashed: &Hashed<'_>,
        way: &KeyHash<'_>,
        key_type: &Arc<Type>,
    ) -> Result<bool, EvalError> {
        let target = self.debugger.target();
        let samples = hashed.go.map_entries(target, &hashed.shape, hashed.header, 0, SAMPLES);
        let samples = samples.map_err(runtime_error)?;
        if !samples.errors.is_empty() || samples.truncated {
            return Ok(false);
        }
        let mut found = samples.entries.is_empty();
        for entry in samples.entries {
            let key = Value::at(key_type.clone(), entry.key);
            let Some(hash) = way.of(&key, hashed.index.seed())? else { continue };
            if !hashed.index.candidates(hash).map_err(runtime_error)?.contains(&entry) {
                return Ok(false);
            }
            found = true;
        }
        Ok(found)
    }

    fn hash(
        &self,
        hashed: &Hashed<'_>,
        way: &KeyHash<'_>,
        key: &Key,
        wanted: &Operand,
    ) -> Result<Option<u64>, EvalError> {
        let seed = hashed.index.seed();
        match key {
            Key::Value(value) => Ok(way.of(value, seed)?),
            Key::Scalar(scalar) => self.scalar_hash(way, scalar, seed),
            Key::Held(constant) => {
                let default = || self.basic_type(constant.kind().default_type());
                let Some(ty) = self.type_of(wanted).or_else(default) else { return Ok(None) };
                let real = self.debugger.loader().underlying(&ty)?;
                let scalar = match (number_type(&real), constant) {
                    (Some(number), _) => Scalar::Number(convert_constant(constant, number, &ty)?),
                    (None, Constant::Bool(value)) => Scalar::Bool(*value),
                    (None, Constant::String(bytes)) => Scalar::String(bytes.clone()),
                    _ => return Ok(None),
                };
                let loader = self.debugger.loader();
                let held = KeyHash::of_type(loader, &hashed.hasher, Joining::Fields, &ty)?;
                let Some(held) = held else { return Ok(None) };
                MapHasher::interface(seed, |seed| self.scalar_hash(&held, &scalar, seed))
            }
        }
    }

    fn scalar_hash(&self, way: &KeyHash<'_>, scalar: &Scalar, seed: u64) -> Result<Option<u64>, EvalError> {
        match scalar {
            Scalar::String(bytes) => Ok(way.of_string(bytes, seed)),
            other => match other.bytes(self.debugger.arch().byte_order) {
                Some(bytes) => Ok(way.of_bytes(&bytes, seed)?),
                None => Ok(None),
            },
        }
    }

    /// `wanted` as a key of type `ty`.
    fn key(&self, ty: &Arc<Type>, wanted: &Operand) -> Result<Key, EvalError> {
        let loader = self.debugger.loader();
        let real = loader.underlying(ty)?;
        if let Some(given) = self.type_of(wanted) {
            if matches!(real.shape, Shape::Interface { .. }) && given.name != ty.name {
                return match self.constant(wanted)? {
                    Some(constant) => Ok(Key::Held(constant)),
                    None => fail(format!("can not convert value of type {} to {}", given.name, ty.name)),
                };
            }
            if given.name != ty.name {
                return fail(format!("can not convert value of type {} to {}", given.name, ty.name));
            }
            return match self.scalar(wanted)? {
                Some(scalar) => Ok(Key::Scalar(scalar)),
                None => self.value(wanted, "key").map(Key::Value),
            };
        }
        let constant = match wanted {
            Operand::Nil => {
                let bytes = vec![0; usize::try_from(real.size).unwrap_or(0).min(16)];
                return Ok(Key::Value(Value::of_bytes(ty.clone(), &bytes)));
            }
            other => {
                self.constant(other)?.ok_or_else(|| EvalError("the key can not be compared".to_owned()))?
            }
        };
        match (&real.shape, self.number_type(ty)?, constant) {
            (Shape::Interface { .. }, _, constant) => Ok(Key::Held(constant)),
            (_, Some(number), constant) if constant.kind().is_numeric() => {
                Ok(Key::Scalar(Scalar::Number(convert_constant(&constant, number, ty)?)))
            }
            (Shape::Bool, _, Constant::Bool(value)) => Ok(Key::Scalar(Scalar::Bool(value))),
            (Shape::String, _, Constant::String(bytes)) => Ok(Key::Scalar(Scalar::String(bytes))),
            (_, _, constant) => fail(format!("can not convert {constant} constant to {}", ty.name)),
        }
    }

    /// Does an interface hold this constant?
    fn holds(&self, candidate: &Value, wanted: &Constant) -> Result<bool, EvalError> {
        let loader = self.debugger.loader();
        let Shape::Interface { empty } = loader.underlying(&candidate.ty)?.shape else { return Ok(false) };
        let Some(inner) = loader.dynamic_value(candidate, empty)? else { return Ok(false) };
        let inner = self.scalar(&Operand::Value(inner))?;
        let Some(Ok(inner)) = inner.map(|scalar| scalar.constant()) else { return Ok(false) };
        Ok(inner.compare(adit_expr::Token::Equal, wanted).unwrap_or(false))
    }
}

fn key_not_found() -> EvalError {
    EvalError("key not found".to_owned())
}

fn runtime_error(error: adit_goruntime::RuntimeError) -> EvalError {
    ValueError::Other(error.to_string()).into()
}
