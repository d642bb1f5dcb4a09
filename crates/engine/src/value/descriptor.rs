//! Types that only the runtime knows: made by package reflect, left out of the debug information by the linker, or of
//! a program without any. They are built from the runtime's descriptors.
//!
//! Their [`TypeId`]s carry the descriptor's address, told from an offset in `.debug_info` by a mark in the bits above.

use std::cell::Cell;
use std::sync::Arc;

use adit_goruntime::{Fact, Kind as GoTypeKind, MapShape, RuntimeField, RuntimeShape, RuntimeType, SlotSize};
use adit_process::Addr;
use adit_symbols::{Field, GoKind, Shape, Type, TypeId};

use super::{Loader, ValueError};
use crate::goroutine::Runtime;

/// What follows the mark is a descriptor's address.
const DESCRIPTOR: u64 = 0x4000;
/// What follows the mark is a `reflect.Kind`: a basic type that needs no descriptor.
const BASIC: u64 = 0x4001;
/// The header of channels.
const HCHAN: u64 = 0x4002;
/// What follows the mark is the number of a type that an expression composed of others.
const COMPOSED: u64 = 0x4003;
/// So many are kept; who asks for more in one run gets no element types any more.
const MOST_COMPOSED: usize = 1 << 16;
/// Where the marks are. `symbols` uses other values there for pointers (0x8000 and above) and dimensions (small).
const MARK_SHIFT: u32 = 48;
const BELOW_MARK: u64 = (1 << MARK_SHIFT) - 1;
/// Unnamed types that contain one another are spelled out this deep.
const DEEPEST_NAME: usize = 16;
/// And so many of them at most: descriptors that are overwritten may branch at each level.
const MOST_NAMED: usize = 1000;

/// The fields of `runtime.hchan` that users look at, with their kinds.
const HCHAN_FIELDS: [(&str, Fact, GoTypeKind); 6] = [
    ("qcount", Fact::HchanQCount, GoTypeKind::UINT),
    ("dataqsiz", Fact::HchanDataQSiz, GoTypeKind::UINT),
    ("buf", Fact::HchanBuf, GoTypeKind::UNSAFE_POINTER),
    ("closed", Fact::HchanClosed, GoTypeKind::UINT32),
    ("sendx", Fact::HchanSendX, GoTypeKind::UINT),
    ("recvx", Fact::HchanRecvX, GoTypeKind::UINT),
];

/// Where the descriptor is from which the type was built.
pub(crate) fn descriptor_of(id: TypeId) -> Option<Addr> {
    (id.0 >> MARK_SHIFT == DESCRIPTOR).then_some(Addr(id.0 & BELOW_MARK))
}

/// Is the type not from debug information?
pub(crate) fn is_built(id: TypeId) -> bool {
    matches!(id.0 >> MARK_SHIFT, DESCRIPTOR | BASIC | HCHAN | COMPOSED)
}

fn marked(mark: u64, value: u64) -> TypeId {
    TypeId(mark << MARK_SHIFT | value & BELOW_MARK)
}

/// Are both the same array, slice or pointer?
pub(crate) fn is_same(a: &Shape, b: &Shape) -> bool {
    match (a, b) {
        (Shape::Slice { elem: a }, Shape::Slice { elem: b }) => a == b,
        (Shape::Array { elem: a, count: n }, Shape::Array { elem: b, count: m }) => a == b && n == m,
        (Shape::Pointer(a), Shape::Pointer(b)) => a == b,
        _ => false,
    }
}

impl Loader<'_> {
    /// A type whose id says that it was built here.
    pub(super) fn built_type(&self, id: TypeId) -> Result<Arc<Type>, ValueError> {
        match id.0 >> MARK_SHIFT {
            DESCRIPTOR => self.type_from_descriptor(Addr(id.0 & BELOW_MARK)),
            BASIC => Ok(Arc::new(self.basic(GoTypeKind((id.0 & 0xff) as u8)))),
            COMPOSED => {
                let composed = self.runtime.ok_or_else(no_runtime)?.types.composed.borrow();
                let known = usize::try_from(id.0 & BELOW_MARK).ok().and_then(|number| composed.get(number));
                known.cloned().ok_or_else(|| ValueError::Other("the type is not known".to_owned()))
            }
            _ => Ok(Arc::new(self.hchan(id)?)),
        }
    }

    /// Builds a type from its descriptor. Types that it is made of are taken from debug information where they are
    /// there, when they are needed.
    pub(crate) fn type_from_descriptor(&self, addr: Addr) -> Result<Arc<Type>, ValueError> {
        let runtime = self.runtime.ok_or_else(no_runtime)?;
        if let Some(known) = runtime.types.built.borrow().get(&addr) {
            return Ok(known.clone());
        }
        if addr.0 > BELOW_MARK {
            return Err(ValueError::Other(format!("there is no type descriptor at {addr}")));
        }
        let descriptor = runtime.descriptor(self.target, addr)?;
        let shape = runtime.shape(self.target, &descriptor)?;
        let name = self.name_of(runtime, &descriptor, &shape);
        let built = Arc::new(Type {
            id: marked(DESCRIPTOR, addr.0),
            name: name.into(),
            size: descriptor.size,
            shape: self.shape(&descriptor, shape)?,
            go_kind: Some(GoKind(descriptor.kind.0)),
            runtime_type: runtime.type_offset(self.target, addr).map(|(offset, _)| offset),
            dict_index: None,
        });
        runtime.types.built.borrow_mut().insert(addr, built.clone());
        Ok(built)
    }

    fn shape(&self, descriptor: &RuntimeType, shape: RuntimeShape) -> Result<Shape, ValueError> {
        let id = |addr: Addr| marked(DESCRIPTOR, addr.0);
        Ok(match shape {
            RuntimeShape::Basic => basic_shape(descriptor.kind),
            RuntimeShape::Array { elem, count } => Shape::Array { elem: id(elem), count },
            RuntimeShape::Chan { elem, .. } => Shape::Chan { elem: id(elem), header: marked(HCHAN, elem.0) },
            RuntimeShape::Func { .. } => Shape::Func,
            RuntimeShape::Interface { methods } => Shape::Interface { empty: methods.is_empty() },
            // Its descriptor says all of a map that others know from its header's type.
            RuntimeShape::Map { key, elem } => {
                Shape::Map { key: id(key), elem: id(elem), header: id(descriptor.addr) }
            }
            RuntimeShape::Pointer { elem } => Shape::Pointer(Some(id(elem))),
            RuntimeShape::Slice { elem } => Shape::Slice { elem: id(elem) },
            RuntimeShape::Struct(fields) => {
                let field = |field: RuntimeField| Field {
                    name: field.name.into(),
                    type_id: id(field.typ),
                    offset: field.offset,
                    embedded: field.embedded,
                    bits: None,
                };
                Shape::Struct(fields.into_iter().map(field).collect())
            }
        })
    }

    /// The name as debug information would have it: with the whole path of the package.
    pub(crate) fn name_of(
        &self,
        runtime: &Runtime,
        descriptor: &RuntimeType,
        shape: &RuntimeShape,
    ) -> String {
        self.spell(runtime, descriptor, shape, &[], &Cell::new(MOST_NAMED))
    }

    /// `around` are the descriptors of the types that this one is a part of; `left` more types are named.
    fn spell(
        &self,
        runtime: &Runtime,
        descriptor: &RuntimeType,
        shape: &RuntimeShape,
        around: &[Addr],
        left: &Cell<usize>,
    ) -> String {
        let written = descriptor.name.clone().filter(|name| !name.is_empty());
        if around.len() > DEEPEST_NAME || around.contains(&descriptor.addr) || left.get() == 0 {
            return written.unwrap_or_else(|| "?".to_owned());
        }
        left.set(left.get() - 1);
        let around = [around, &[descriptor.addr]].concat();
        let of = |addr: Addr| {
            let part = runtime.descriptor(self.target, addr)?;
            let shape = runtime.shape(self.target, &part)?;
            Ok::<_, ValueError>(self.spell(runtime, &part, &shape, &around, left))
        };
        let name = |addr: &Addr| of(*addr).unwrap_or_else(|_| "?".to_owned());
        if descriptor.named {
            let package = runtime.package_of_type(self.target, descriptor);
            return match (written, package) {
                (Some(name), Some(package)) => qualified(&name, &package),
                (Some(name), None) => name,
                _ => "?".to_owned(),
            };
        }
        match shape {
            RuntimeShape::Pointer { elem } => format!("*{}", name(elem)),
            RuntimeShape::Slice { elem } => format!("[]{}", name(elem)),
            RuntimeShape::Array { elem, count } => format!("[{count}]{}", name(elem)),
            RuntimeShape::Map { key, elem } => format!("map[{}]{}", name(key), name(elem)),
            RuntimeShape::Chan { elem, direction: 1 } => format!("<-chan {}", name(elem)),
            RuntimeShape::Chan { elem, direction: 2 } => format!("chan<- {}", name(elem)),
            RuntimeShape::Chan { elem, .. } => format!("chan {}", name(elem)),
            RuntimeShape::Struct(fields) => written.unwrap_or_else(|| struct_name(fields, &name)),
            _ => written.unwrap_or_else(|| descriptor.kind.name().to_owned()),
        }
    }

    /// A type made of others that the program itself does not have: an array, a slice or a pointer.
    pub(crate) fn compose(&self, name: &str, size: u64, shape: Shape, kind: GoKind) -> Arc<Type> {
        let made = |number: u64| {
            Arc::new(Type {
                id: marked(COMPOSED, number),
                name: name.into(),
                size,
                shape: shape.clone(),
                go_kind: Some(kind),
                runtime_type: None,
                dict_index: None,
            })
        };
        let Some(runtime) = self.runtime else { return made(BELOW_MARK) };
        let mut composed = runtime.types.composed.borrow_mut();
        if let Some(known) =
            composed.iter().find(|known| *known.name == *name && is_same(&known.shape, &shape))
        {
            return known.clone();
        }
        let number = if composed.len() < MOST_COMPOSED { composed.len() as u64 } else { BELOW_MARK };
        let ty = made(number);
        if number != BELOW_MARK {
            composed.push(ty.clone());
        }
        ty
    }

    /// A predeclared type by its name.
    pub(crate) fn basic_type(&self, name: &str) -> Option<Arc<Type>> {
        let numbers = GoTypeKind::BOOL.0..=GoTypeKind::COMPLEX128.0;
        let mut kinds = numbers.chain([GoTypeKind::STRING.0]).map(GoTypeKind);
        kinds.find(|kind| kind.name() == name).map(|kind| Arc::new(self.basic(kind)))
    }

    /// `uintptr`.
    pub(crate) fn word_type(&self) -> Arc<Type> {
        Arc::new(self.basic(GoTypeKind::UINTPTR))
    }

    fn basic(&self, kind: GoTypeKind) -> Type {
        let word = self.word_size() as u64;
        let size = match kind {
            GoTypeKind::BOOL | GoTypeKind::INT8 | GoTypeKind::UINT8 => 1,
            GoTypeKind::INT16 | GoTypeKind::UINT16 => 2,
            GoTypeKind::INT32 | GoTypeKind::UINT32 | GoTypeKind::FLOAT32 => 4,
            GoTypeKind::INT64 | GoTypeKind::UINT64 | GoTypeKind::FLOAT64 | GoTypeKind::COMPLEX64 => 8,
            GoTypeKind::COMPLEX128 => 16,
            GoTypeKind::STRING => 2 * word,
            _ => word,
        };
        Type {
            id: marked(BASIC, u64::from(kind.0)),
            name: kind.name().into(),
            size,
            shape: basic_shape(kind),
            go_kind: Some(GoKind(kind.0)),
            runtime_type: None,
            dict_index: None,
        }
    }

    fn hchan(&self, id: TypeId) -> Result<Type, ValueError> {
        let layout = &self.runtime.ok_or_else(no_runtime)?.go.layout;
        let field = |(name, fact, kind): (&str, Fact, GoTypeKind)| {
            Some(Field {
                name: name.into(),
                type_id: marked(BASIC, u64::from(kind.0)),
                offset: layout.get(fact)?,
                embedded: false,
                bits: None,
            })
        };
        let mut fields: Vec<Field> = HCHAN_FIELDS.into_iter().filter_map(field).collect();
        fields.sort_by_key(|field| field.offset);
        Ok(Type {
            id,
            name: "runtime.hchan".into(),
            size: layout.get(Fact::HchanSize).unwrap_or(0),
            shape: Shape::Struct(fields),
            go_kind: Some(GoKind::STRUCT),
            runtime_type: None,
            dict_index: None,
        })
    }

    /// The shape of the maps whose type's descriptor is at `typ`.
    pub(super) fn map_shape_of_descriptor(
        &self,
        typ: Addr,
        key: TypeId,
        elem: TypeId,
    ) -> Result<MapShape, ValueError> {
        let runtime = self.runtime.ok_or_else(no_runtime)?;
        let size = |id: TypeId| -> Result<SlotSize, ValueError> {
            let addr =
                descriptor_of(id).ok_or_else(|| ValueError::Other("the map's type is odd".to_owned()))?;
            let descriptor = runtime.descriptor(self.target, addr)?;
            Ok(SlotSize { size: descriptor.size, align: u64::from(descriptor.align) })
        };
        let shape = runtime.go.map_shape(self.target, typ, size(key)?, size(elem)?);
        shape.map_err(|error| ValueError::Other(error.to_string()))
    }
}

fn no_runtime() -> ValueError {
    ValueError::Other("the Go runtime is unknown".to_owned())
}

fn basic_shape(kind: GoTypeKind) -> Shape {
    match kind {
        GoTypeKind::BOOL => Shape::Bool,
        GoTypeKind::INT | GoTypeKind::INT8 | GoTypeKind::INT16 | GoTypeKind::INT32 | GoTypeKind::INT64 => {
            Shape::Int
        }
        GoTypeKind::FLOAT32 | GoTypeKind::FLOAT64 => Shape::Float,
        GoTypeKind::COMPLEX64 | GoTypeKind::COMPLEX128 => Shape::Complex,
        GoTypeKind::STRING => Shape::String,
        GoTypeKind::UNSAFE_POINTER => Shape::Pointer(None),
        _ => Shape::Uint,
    }
}

/// `http.Server` of package `net/http` as `net/http.Server`; what stands in brackets has whole paths already.
fn qualified(name: &str, package: &str) -> String {
    let head = name.find('[').unwrap_or(name.len());
    match name[..head].rfind('.') {
        Some(dot) => format!("{package}{}", &name[dot..]),
        None => name.to_owned(),
    }
}

fn struct_name(fields: &[RuntimeField], name: &dyn Fn(&Addr) -> String) -> String {
    if fields.is_empty() {
        return "struct {}".to_owned();
    }
    let field = |field: &RuntimeField| match field.embedded {
        true => name(&field.typ),
        false => format!("{} {}", field.name, name(&field.typ)),
    };
    format!("struct {{ {} }}", fields.iter().map(field).collect::<Vec<_>>().join("; "))
}

#[cfg(test)]
mod tests {
    use super::qualified;

    #[test]
    fn named_types_get_their_package_s_path() {
        assert_eq!(qualified("http.Server", "net/http"), "net/http.Server");
        assert_eq!(qualified("main.Pair[example.com/x.T,int]", "main"), "main.Pair[example.com/x.T,int]");
        assert_eq!(qualified("error", ""), "error");
    }
}
