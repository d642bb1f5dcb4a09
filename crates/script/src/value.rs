//! Values of the program: what is in a variable, loaded further where a script looks.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use adit_api::format::{quote, single_line};
use adit_api::{Kind, Variable, VariableFlags};

use crate::session::{CHUNK, Session};

/// What a variable is to a script.
pub(crate) enum Converted {
    /// There is nothing, or nothing that scripts could do something with.
    None,
    Bool(bool),
    Int(i128),
    Float(f64),
    String(String),
    /// A value with parts.
    Parts(ProgramValue),
}

/// A struct, slice, array, map, pointer or interface of the program.
#[derive(Debug)]
pub(crate) struct ProgramValue {
    pub(crate) session: Arc<Session>,
    variable: Arc<Variable>,
    /// The variable with its parts, if it came without.
    loaded: OnceLock<Result<Arc<Variable>, String>>,
    /// Elements or entries behind those that were loaded with the variable: where they begin, and they.
    chunk: Mutex<Option<(i64, Arc<Variable>)>>,
}

/// The key of a map's entry, as scripts can give it.
pub(crate) enum Key {
    Bool(bool),
    Int(i128),
    Float(f64),
    String(String),
    /// A struct of the program: its address and its text.
    Struct(u64, String),
}

/// An expression for a variable: its address as a pointer to its type.
pub(crate) fn expression(variable: &Variable) -> String {
    format!("(*(*{:?})({:#x}))", variable.type_name, variable.addr)
}

/// Converts a variable's value.
pub(crate) fn convert(session: &Arc<Session>, variable: Arc<Variable>) -> Result<Converted, String> {
    if !variable.unreadable.is_empty() {
        return Err(format!("value of {} unreadable: {}", variable.name, variable.unreadable));
    }
    Ok(match variable.kind {
        Kind::BOOL => Converted::Bool(variable.value == "true"),
        kind if (Kind::INT..=Kind::UINTPTR).contains(&kind) => match integer(&variable.value) {
            Some(value) => Converted::Int(value),
            None => return Err(format!("can not convert {:?} to int", variable.value)),
        },
        Kind::FLOAT32 | Kind::FLOAT64 => match float(&variable.value) {
            Some(value) => Converted::Float(value),
            None => return Err(format!("can not convert {:?} to float", variable.value)),
        },
        Kind::STRING if variable.string_value_bytes.is_empty() => Converted::String(variable.value.clone()),
        Kind::STRING => Converted::String(String::from_utf8_lossy(&variable.string_value_bytes).into_owned()),
        Kind::POINTER | Kind::INTERFACE | Kind::STRUCT | Kind::SLICE | Kind::ARRAY | Kind::MAP => {
            Converted::Parts(ProgramValue::new(session, variable))
        }
        _ => Converted::None,
    })
}

/// The number of an integer's text: that in parentheses behind a constant's name.
fn integer(text: &str) -> Option<i128> {
    let number = match text.strip_suffix(')').and_then(|text| text.rsplit_once('(')) {
        Some((_, number)) => number,
        None => text,
    };
    match number.strip_prefix("0x") {
        Some(digits) => i128::from_str_radix(digits, 16).ok(),
        None => number.parse().ok(),
    }
}

fn float(text: &str) -> Option<f64> {
    match text {
        "+Inf" => Some(f64::INFINITY),
        "-Inf" => Some(f64::NEG_INFINITY),
        "NaN" => Some(f64::NAN),
        text => text.parse().ok(),
    }
}

impl ProgramValue {
    fn new(session: &Arc<Session>, variable: Arc<Variable>) -> ProgramValue {
        ProgramValue {
            session: Arc::clone(session),
            variable,
            loaded: OnceLock::new(),
            chunk: Mutex::default(),
        }
    }

    /// The name of its type.
    pub(crate) fn type_name(&self) -> &str {
        &self.variable.type_name
    }

    /// Its kind.
    pub(crate) fn kind(&self) -> Kind {
        self.variable.kind
    }

    /// How many elements, entries or fields there are.
    pub(crate) fn len(&self) -> i64 {
        self.variable.len
    }

    /// The variable with its parts.
    fn loaded(&self) -> Result<Arc<Variable>, String> {
        let load = || {
            let variable = &self.variable;
            let container = matches!(variable.kind, Kind::STRUCT | Kind::SLICE | Kind::ARRAY | Kind::MAP);
            let without_parts = container && variable.children.is_empty() && variable.len > 0;
            if variable.only_addr || without_parts {
                self.check_addressable()?;
                return self.session.load(&expression(variable)).map(Arc::new);
            }
            Ok(Arc::clone(variable))
        };
        self.loaded.get_or_init(load).clone()
    }

    fn check_addressable(&self) -> Result<(), String> {
        match self.variable.addr {
            0 => Err("value not loaded".to_owned()),
            _ => Ok(()),
        }
    }

    /// Its address.
    pub(crate) fn address(&self) -> u64 {
        self.variable.addr
    }

    /// The text of the value on one line.
    pub(crate) fn text(&self) -> String {
        single_line(&self.loaded().unwrap_or_else(|_| Arc::clone(&self.variable)))
    }

    /// What a pointer or an interface leads to; `None` if that is nothing.
    pub(crate) fn target(&self) -> Result<Option<Arc<Variable>>, String> {
        let variable = self.loaded()?;
        let Some(child) = variable.children.first() else { return Ok(None) };
        let nothing = match variable.kind {
            Kind::POINTER => child.addr == 0,
            // An interface that is nil has a child of no kind.
            _ => child.kind == Kind::INVALID && child.addr == 0,
        };
        if nothing {
            return Ok(None);
        }
        if child.only_addr && child.addr != 0 {
            return self.session.load(&expression(child)).map(|target| Some(Arc::new(target)));
        }
        Ok(Some(Arc::new(child.clone())))
    }

    /// The struct behind pointers and interfaces; `None` if they lead to something else, or to nothing.
    fn struct_value(&self) -> Result<Option<Arc<Variable>>, String> {
        /// `type P *P` leads to no end.
        const MOST_POINTERS: usize = 8;
        let mut value = ProgramValue::new(&self.session, self.loaded()?);
        for _ in 0..MOST_POINTERS {
            match value.kind() {
                Kind::STRUCT => return value.loaded().map(Some),
                Kind::POINTER | Kind::INTERFACE => match value.target()? {
                    Some(target) => value = ProgramValue::new(&self.session, target),
                    None => return Ok(None),
                },
                _ => return Ok(None),
            }
        }
        Ok(None)
    }

    /// A field of the struct, through pointers and interfaces; `None` if there is none of that name.
    pub(crate) fn field(&self, name: &str) -> Result<Option<Arc<Variable>>, String> {
        let Some(value) = self.struct_value()? else { return Ok(None) };
        let field = value.children.iter().find(|field| field.name == name);
        if field.is_none() && (value.children.len() as u64) < u64::try_from(value.len).unwrap_or_default() {
            return Err("value not loaded".to_owned());
        }
        Ok(field.map(|field| Arc::new(field.clone())))
    }

    /// The names of the struct's fields, through pointers and interfaces.
    pub(crate) fn field_names(&self) -> Vec<String> {
        let value = self.struct_value().ok().flatten();
        value.iter().flat_map(|value| value.children.iter()).map(|field| field.name.clone()).collect()
    }

    /// An element of a slice or an array; `index` is less than [`ProgramValue::len`].
    pub(crate) fn element(&self, index: i64) -> Result<Arc<Variable>, String> {
        if let Some(element) = self.element_of_made_slice(index) {
            return self.session.load(&element).map(Arc::new);
        }
        let chunk = self.chunk(index)?;
        let within = usize::try_from(index - chunk.0).unwrap_or(usize::MAX);
        let element = chunk.1.children.get(within).ok_or("value not loaded")?;
        Ok(Arc::new(element.clone()))
    }

    /// An expression for an element that was not loaded, of a slice that is nowhere in memory: `x[2:]` is such. Its
    /// elements are somewhere.
    fn element_of_made_slice(&self, index: i64) -> Option<String> {
        let variable = &self.variable;
        let made = variable.addr == 0 || variable.flags.contains(VariableFlags::FAKE_ADDRESS);
        let [first, second, ..] = &variable.children[..] else { return None };
        if !made || usize::try_from(index).ok()? < variable.children.len() || first.addr == 0 {
            return None;
        }
        let size = second.addr.checked_sub(first.addr)?;
        let address = first.addr.checked_add(size.checked_mul(u64::try_from(index).ok()?)?)?;
        Some(expression(&Variable {
            addr: address,
            type_name: first.type_name.clone(),
            ..Variable::default()
        }))
    }

    /// The elements around `index`: where they begin, and a slice or an array of them.
    fn chunk(&self, index: i64) -> Result<(i64, Arc<Variable>), String> {
        let has = |start: i64, count: usize| (start..start + count as i64).contains(&index);
        let variable = self.loaded()?;
        if has(0, variable.children.len()) {
            return Ok((0, variable));
        }
        let mut chunk = self.chunk.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((start, elements)) = &*chunk
            && has(*start, elements.children.len())
        {
            return Ok((*start, Arc::clone(elements)));
        }
        self.check_addressable()?;
        let start = index - index % CHUNK;
        let end = (start + CHUNK).min(self.len());
        let elements =
            Arc::new(self.session.load(&format!("{}[{start}:{end}]", expression(&self.variable)))?);
        *chunk = Some((start, Arc::clone(&elements)));
        Ok((start, elements))
    }

    /// Shows the entries of a map, in order, until `visit` returns `false`.
    pub(crate) fn visit_entries(
        &self,
        visit: &mut dyn FnMut(&Variable, &Variable) -> bool,
    ) -> Result<(), String> {
        let mut variable = self.loaded()?;
        let mut seen = 0;
        loop {
            for entry in variable.children.chunks_exact(2) {
                if !visit(&entry[0], &entry[1]) {
                    return Ok(());
                }
            }
            let new = variable.children.len() / 2;
            seen += new as i64;
            if new == 0 || seen >= self.len() {
                return Ok(());
            }
            self.check_addressable()?;
            variable = Arc::new(self.session.load(&format!("{}[{seen}:]", expression(&self.variable)))?);
        }
    }

    /// The value of a map's entry; `None` if there is no such key.
    pub(crate) fn entry(&self, key: &Key) -> Result<Option<Arc<Variable>>, String> {
        let variable = self.loaded()?;
        let loaded = variable.children.chunks_exact(2).find(|entry| key.is(&entry[0]));
        if let Some(entry) = loaded {
            return Ok(Some(Arc::new(entry[1].clone())));
        }
        if (variable.children.len() / 2) as i64 >= self.len() {
            return Ok(None);
        }
        if let Some(literal) = key.literal()
            && self.variable.addr != 0
            && let Ok(value) = self.session.load(&format!("{}[{literal}]", expression(&self.variable)))
        {
            // The program's own table finds a key at once.
            return Ok(Some(Arc::new(value)));
        }
        let mut found = None;
        self.visit_entries(&mut |entry, value| {
            if key.is(entry) {
                found = Some(Arc::new(value.clone()));
            }
            found.is_none()
        })?;
        Ok(found)
    }
}

impl Key {
    /// The key as an expression, if it is a scalar.
    fn literal(&self) -> Option<String> {
        match self {
            Self::Bool(value) => Some(value.to_string()),
            Self::Int(value) => Some(value.to_string()),
            Self::Float(value) => value.is_finite().then(|| format!("{value:?}")),
            Self::String(text) => Some(quote(text.as_bytes())),
            Self::Struct(..) => None,
        }
    }

    /// Whether a map's key is this one.
    fn is(&self, key: &Variable) -> bool {
        match (self, key.kind) {
            (Self::Bool(value), Kind::BOOL) => (key.value == "true") == *value,
            (Self::Int(value), kind) if (Kind::INT..=Kind::UINTPTR).contains(&kind) => {
                integer(&key.value) == Some(*value)
            }
            (Self::Int(value), Kind::FLOAT32 | Kind::FLOAT64) => float(&key.value) == Some(*value as f64),
            (Self::Float(value), Kind::FLOAT32 | Kind::FLOAT64) => float(&key.value) == Some(*value),
            (Self::String(text), Kind::STRING) => key.value == *text,
            (Self::Struct(address, text), Kind::STRUCT) => {
                key.addr != 0 && key.addr == *address || single_line(key) == *text
            }
            (key_given, Kind::INTERFACE) => key.children.first().is_some_and(|inner| key_given.is(inner)),
            _ => false,
        }
    }
}
