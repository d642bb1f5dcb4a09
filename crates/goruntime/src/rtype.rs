//! The runtime's type descriptors (`internal/abi/type.go`; `runtime/type.go` before Go 1.21): what an interface
//! value says about its concrete type, with or without DWARF.

use adit_process::{Addr, Memory};

use crate::module::Modules;
use crate::reader::{Reader, Record};
use crate::{Fact, GoRuntime, RuntimeError};

/// A kind of type, numbered as `reflect.Kind` and DW_AT_go_kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Kind(pub u8);

#[allow(missing_docs)] // Go's own names.
impl Kind {
    pub const INVALID: Kind = Kind(0);
    pub const BOOL: Kind = Kind(1);
    pub const INT: Kind = Kind(2);
    pub const INT8: Kind = Kind(3);
    pub const INT16: Kind = Kind(4);
    pub const INT32: Kind = Kind(5);
    pub const INT64: Kind = Kind(6);
    pub const UINT: Kind = Kind(7);
    pub const UINT8: Kind = Kind(8);
    pub const UINT16: Kind = Kind(9);
    pub const UINT32: Kind = Kind(10);
    pub const UINT64: Kind = Kind(11);
    pub const UINTPTR: Kind = Kind(12);
    pub const FLOAT32: Kind = Kind(13);
    pub const FLOAT64: Kind = Kind(14);
    pub const COMPLEX64: Kind = Kind(15);
    pub const COMPLEX128: Kind = Kind(16);
    pub const ARRAY: Kind = Kind(17);
    pub const CHAN: Kind = Kind(18);
    pub const FUNC: Kind = Kind(19);
    pub const INTERFACE: Kind = Kind(20);
    pub const MAP: Kind = Kind(21);
    pub const POINTER: Kind = Kind(22);
    pub const SLICE: Kind = Kind(23);
    pub const STRING: Kind = Kind(24);
    pub const STRUCT: Kind = Kind(25);
    pub const UNSAFE_POINTER: Kind = Kind(26);

    /// The kind's name, as `reflect.Kind.String`.
    pub fn name(self) -> &'static str {
        const NAMES: [&str; 27] = [
            "invalid",
            "bool",
            "int",
            "int8",
            "int16",
            "int32",
            "int64",
            "uint",
            "uint8",
            "uint16",
            "uint32",
            "uint64",
            "uintptr",
            "float32",
            "float64",
            "complex64",
            "complex128",
            "array",
            "chan",
            "func",
            "interface",
            "map",
            "ptr",
            "slice",
            "string",
            "struct",
            "unsafe.Pointer",
        ];
        NAMES.get(usize::from(self.0)).copied().unwrap_or("invalid")
    }
}

/// TFlagUncommon: methods and the package follow the descriptor.
const TFLAG_UNCOMMON: u8 = 1 << 0;
/// TFlagExtraStar: the name has a `*` in front that is not the type's.
const TFLAG_EXTRA_STAR: u8 = 1 << 1;
/// TFlagNamed: it is a defined type.
const TFLAG_NAMED: u8 = 1 << 2;
/// The low bits of `Kind_`; those above were flags until Go 1.25.
const KIND_MASK: u8 = (1 << 5) - 1;

/// The bit that says that an interface holds the value itself, not its address, in the data word.
#[derive(Clone, Copy)]
enum DirectFlag {
    /// In `Kind_` (KindDirectIface).
    Kind(u8),
    /// In `TFlag` (TFlagDirectIface).
    TFlag(u8),
}

/// Where that bit is, from this minor release on.
const DIRECT_FLAGS: [(u16, DirectFlag); 2] =
    [(18, DirectFlag::Kind(1 << 5)), (26, DirectFlag::TFlag(1 << 5))];

/// Entries of a struct, an interface or a function beyond this are taken for corruption.
const MAX_MEMBERS: u64 = 1 << 16;
/// Longest name that is read, in bytes.
const MAX_NAME: u64 = 64 << 10;

/// A type's descriptor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuntimeType {
    /// Where it is.
    pub addr: Addr,
    /// Size of a value in bytes.
    pub size: u64,
    /// Leading bytes of a value that may hold pointers.
    pub pointer_bytes: u64,
    /// Hash of the type, as in itabs.
    pub hash: u32,
    /// Alignment of a value in bytes.
    pub align: u8,
    /// Its kind.
    pub kind: Kind,
    /// Does an interface hold a value of it in its data word, rather than a pointer to one?
    pub direct: bool,
    /// Is it a defined type?
    pub named: bool,
    /// Its text, as `reflect.Type.String`: `*main.T`, `map[string]int`. `None`: it was made by package reflect while
    /// the program ran, or the name is damaged.
    pub name: Option<String>,
    uncommon: bool,
}

/// What a type is made of. Addresses are those of descriptors.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RuntimeShape {
    /// Numbers, bool, string, unsafe.Pointer: the kind says it all.
    Basic,
    /// An array.
    Array {
        /// Element type.
        elem: Addr,
        /// Number of elements.
        count: u64,
    },
    /// A channel.
    Chan {
        /// Element type.
        elem: Addr,
        /// 1: receive only; 2: send only; 3: both.
        direction: u8,
    },
    /// A function.
    Func {
        /// Types of the parameters.
        params: Vec<Addr>,
        /// Types of the results.
        results: Vec<Addr>,
        /// Is the last parameter `...T`?
        variadic: bool,
    },
    /// An interface; without methods, its values start with a type rather than an itab.
    Interface {
        /// Its methods' names and types.
        methods: Vec<(String, Option<Addr>)>,
    },
    /// A map.
    Map {
        /// Key type.
        key: Addr,
        /// Element type.
        elem: Addr,
    },
    /// A pointer.
    Pointer {
        /// Element type.
        elem: Addr,
    },
    /// A slice.
    Slice {
        /// Element type.
        elem: Addr,
    },
    /// A struct.
    Struct(Vec<RuntimeField>),
}

/// A field of a struct.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuntimeField {
    /// Its name; for an embedded field, its type's.
    pub name: String,
    /// Its type's descriptor.
    pub typ: Addr,
    /// Its offset in bytes.
    pub offset: u64,
    /// Is it embedded?
    pub embedded: bool,
}

/// A method of a type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuntimeMethod {
    /// Its name.
    pub name: String,
    /// Its type without the receiver; `None`: the linker removed it as unused.
    pub typ: Option<Addr>,
    /// Its code; `None`: removed likewise.
    pub code: Option<Addr>,
}

impl GoRuntime {
    /// Reads the descriptor at `addr`.
    pub fn runtime_type(
        &self,
        memory: &dyn Memory,
        modules: &Modules,
        addr: Addr,
    ) -> Result<RuntimeType, RuntimeError> {
        let layout = &self.layout;
        let reader = Reader::new(memory, layout.arch);
        let header = reader.record(addr, layout.of(Fact::TypeHeaderSize)?)?;
        let (kind_bits, tflag) = (
            header.uint(layout.of(Fact::TypeKind)?, 1) as u8,
            header.uint(layout.of(Fact::TypeTFlag)?, 1) as u8,
        );
        let kind = Kind(kind_bits & KIND_MASK);
        if kind == Kind::INVALID || kind > Kind::UNSAFE_POINTER {
            return Err(RuntimeError::corrupt("a type descriptor", addr, format!("its kind is {}", kind.0)));
        }
        let flag = DIRECT_FLAGS.iter().rev().find(|(since, _)| *since <= layout.release.0);
        let name =
            self.name_at_offset(memory, modules, addr, header.uint(layout.of(Fact::TypeStr)?, 4) as u32).ok();
        let extra_star = tflag & TFLAG_EXTRA_STAR != 0;
        Ok(RuntimeType {
            addr,
            size: header.pointer(layout.of(Fact::TypeSize)?).0,
            pointer_bytes: header.pointer(layout.of(Fact::TypePtrBytes)?).0,
            hash: header.uint(layout.of(Fact::TypeHash)?, 4) as u32,
            align: header.uint(layout.of(Fact::TypeAlign)?, 1) as u8,
            kind,
            direct: match flag.unwrap_or(&DIRECT_FLAGS[0]).1 {
                DirectFlag::Kind(bit) => kind_bits & bit != 0,
                DirectFlag::TFlag(bit) => tflag & bit != 0,
            },
            named: tflag & TFLAG_NAMED != 0,
            name: name.map(|(name, _)| if extra_star { name.replacen('*', "", 1) } else { name }),
            uncommon: tflag & TFLAG_UNCOMMON != 0,
        })
    }

    /// What the type is made of.
    pub fn runtime_shape(
        &self,
        memory: &dyn Memory,
        modules: &Modules,
        typ: &RuntimeType,
    ) -> Result<RuntimeShape, RuntimeError> {
        let reader = Reader::new(memory, self.layout.arch);
        let pointer = |fact| reader.pointer(typ.addr.offset(self.layout.of(fact)?.cast_signed()));
        Ok(match typ.kind {
            Kind::ARRAY => {
                RuntimeShape::Array { elem: pointer(Fact::ArrayElem)?, count: pointer(Fact::ArrayLen)?.0 }
            }
            Kind::CHAN => {
                let direction = pointer(Fact::ChanDir)?.0 as u8;
                RuntimeShape::Chan { elem: pointer(Fact::ChanElem)?, direction }
            }
            Kind::FUNC => self.func_shape(reader, typ)?,
            Kind::INTERFACE => self.interface_shape(reader, modules, typ)?,
            Kind::MAP => RuntimeShape::Map { key: pointer(Fact::MapKey)?, elem: pointer(Fact::MapElem)? },
            Kind::POINTER => RuntimeShape::Pointer { elem: pointer(Fact::PtrElem)? },
            Kind::SLICE => RuntimeShape::Slice { elem: pointer(Fact::SliceElem)? },
            Kind::STRUCT => self.struct_shape(reader, typ)?,
            _ => RuntimeShape::Basic,
        })
    }

    /// Import path of the package that defines the type; `None` for types that no package defines.
    pub fn runtime_package(
        &self,
        memory: &dyn Memory,
        modules: &Modules,
        typ: &RuntimeType,
    ) -> Result<Option<String>, RuntimeError> {
        let Some(uncommon) = self.uncommon(memory, typ)? else { return Ok(None) };
        let offset = uncommon.uint(self.layout.of(Fact::UncommonPkgPath)?, 4) as u32;
        if offset == 0 {
            return Ok(None);
        }
        self.name_at_offset(memory, modules, typ.addr, offset).map(|(name, _)| Some(name))
    }

    /// The type's methods, sorted by name.
    pub fn runtime_methods(
        &self,
        memory: &dyn Memory,
        modules: &Modules,
        typ: &RuntimeType,
    ) -> Result<Vec<RuntimeMethod>, RuntimeError> {
        let layout = &self.layout;
        let Some(uncommon) = self.uncommon(memory, typ)? else { return Ok(Vec::new()) };
        let count = uncommon.uint(layout.of(Fact::UncommonMCount)?, 2);
        let at = uncommon.addr.offset(uncommon.uint(layout.of(Fact::UncommonMOff)?, 4).cast_signed());
        let module = modules.of_type(typ.addr);
        let methods = self.members(Reader::new(memory, layout.arch), at, count, Fact::MethodSize)?;
        let mut list = Vec::with_capacity(methods.len());
        for method in methods {
            // -1 marks what the linker removed (`cmd/link/internal/ld/deadcode.go`), 0 too since Go 1.22.
            let offset = |fact| {
                let offset = method.uint(layout.of(fact)?, 4) as u32;
                Ok::<_, RuntimeError>((offset != 0 && offset != u32::MAX).then_some(u64::from(offset)))
            };
            let name = method.uint(layout.of(Fact::MethodName)?, 4) as u32;
            list.push(RuntimeMethod {
                name: self.name_at_offset(memory, modules, typ.addr, name)?.0,
                typ: offset(Fact::MethodType)?.and_then(|offset| module?.type_address(offset)),
                code: offset(Fact::MethodTfn)?
                    .and_then(|offset| Some(Addr(module?.text.0.0.checked_add(offset)?))),
            });
        }
        Ok(list)
    }

    /// Bytes of the uncommontype and the methods that follow a descriptor.
    pub(crate) fn uncommon_size(&self, memory: &dyn Memory, typ: &RuntimeType) -> Result<u64, RuntimeError> {
        let layout = &self.layout;
        let Some(uncommon) = self.uncommon(memory, typ)? else { return Ok(0) };
        let methods = uncommon.uint(layout.of(Fact::UncommonMCount)?, 2) * layout.of(Fact::MethodSize)?;
        Ok(layout.of(Fact::UncommonSize)? + methods)
    }

    /// The uncommontype behind a descriptor, whose size depends on the kind.
    fn uncommon(&self, memory: &dyn Memory, typ: &RuntimeType) -> Result<Option<Record>, RuntimeError> {
        if !typ.uncommon {
            return Ok(None);
        }
        let before = self.layout.of(match typ.kind {
            Kind::ARRAY => Fact::ArrayTypeSize,
            Kind::CHAN => Fact::ChanTypeSize,
            Kind::FUNC => Fact::FuncTypeSize,
            Kind::INTERFACE => Fact::InterfaceTypeSize,
            Kind::MAP => Fact::MapTypeSize,
            Kind::POINTER => Fact::PtrTypeSize,
            Kind::SLICE => Fact::SliceTypeSize,
            Kind::STRUCT => Fact::StructTypeSize,
            _ => Fact::TypeHeaderSize,
        })?;
        let reader = Reader::new(memory, self.layout.arch);
        reader.record(typ.addr.offset(before.cast_signed()), self.layout.of(Fact::UncommonSize)?).map(Some)
    }

    fn func_shape(&self, reader: Reader<'_>, typ: &RuntimeType) -> Result<RuntimeShape, RuntimeError> {
        const VARIADIC: u64 = 1 << 15;
        let layout = &self.layout;
        let header = reader.record(typ.addr, layout.of(Fact::FuncTypeSize)?)?;
        let inputs = header.uint(layout.of(Fact::FuncInCount)?, 2);
        let outputs = header.uint(layout.of(Fact::FuncOutCount)?, 2);
        let uncommon = if typ.uncommon { layout.of(Fact::UncommonSize)? } else { 0 };
        let at = typ.addr.offset((layout.of(Fact::FuncTypeSize)? + uncommon).cast_signed());
        let mut params = reader.pointers(at, inputs + (outputs & !VARIADIC), 2 * MAX_MEMBERS)?;
        let results = params.split_off(inputs as usize);
        Ok(RuntimeShape::Func { params, results, variadic: outputs & VARIADIC != 0 })
    }

    fn interface_shape(
        &self,
        reader: Reader<'_>,
        modules: &Modules,
        typ: &RuntimeType,
    ) -> Result<RuntimeShape, RuntimeError> {
        let layout = &self.layout;
        let header = reader.record(typ.addr, layout.of(Fact::InterfaceTypeSize)?)?;
        let slice = layout.of(Fact::InterfaceMethods)?;
        let count = header.pointer(slice + layout.pointer_size()).0;
        let module = modules.of_type(typ.addr);
        let mut methods = Vec::new();
        for method in self.members(reader, header.pointer(slice), count, Fact::ImethodSize)? {
            let name = method.uint(layout.of(Fact::ImethodName)?, 4) as u32;
            let offset = method.uint(layout.of(Fact::ImethodType)?, 4);
            let name = self.name_at_offset(reader.memory, modules, typ.addr, name)?.0;
            methods.push((name, module.and_then(|module| module.type_address(offset))));
        }
        Ok(RuntimeShape::Interface { methods })
    }

    fn struct_shape(&self, reader: Reader<'_>, typ: &RuntimeType) -> Result<RuntimeShape, RuntimeError> {
        let layout = &self.layout;
        let header = reader.record(typ.addr, layout.of(Fact::StructTypeSize)?)?;
        let slice = layout.of(Fact::StructFields)?;
        let count = header.pointer(slice + layout.pointer_size()).0;
        let mut fields = Vec::new();
        for field in self.members(reader, header.pointer(slice), count, Fact::FieldSize)? {
            let (name, name_flags) = read_name(reader, field.pointer(layout.of(Fact::FieldName)?))?;
            let offset = field.pointer(layout.of(Fact::FieldOffset)?).0;
            // Go 1.18 kept the embedded flag in the offset (`runtime/type.go`, offsetAnon); later the name has it.
            let (offset, embedded) = match layout.release.0 {
                ..=18 => (offset >> 1, offset & 1 != 0),
                _ => (offset, name_flags & NAME_EMBEDDED != 0),
            };
            fields.push(RuntimeField {
                name,
                typ: field.pointer(layout.of(Fact::FieldType)?),
                offset,
                embedded,
            });
        }
        Ok(RuntimeShape::Struct(fields))
    }

    /// The structs of an array, in one read.
    fn members(
        &self,
        reader: Reader<'_>,
        at: Addr,
        count: u64,
        size: Fact,
    ) -> Result<Vec<Record>, RuntimeError> {
        let size = self.layout.of(size)?;
        let bytes = reader.bytes(at, count.saturating_mul(size), MAX_MEMBERS * size)?;
        let records = bytes.chunks_exact(size as usize).enumerate().map(|(i, bytes)| Record {
            addr: at.offset((i as u64 * size).cast_signed()),
            arch: self.layout.arch,
            bytes: bytes.to_vec(),
        });
        Ok(records.collect())
    }

    /// The name at an offset from the types of the module that contains `typ` (`runtime/type.go`, resolveNameOff).
    fn name_at_offset(
        &self,
        memory: &dyn Memory,
        modules: &Modules,
        typ: Addr,
        offset: u32,
    ) -> Result<(String, u8), RuntimeError> {
        let module = modules
            .of_type(typ)
            .ok_or_else(|| RuntimeError::corrupt("a type descriptor", typ, "it is in no module's types"))?;
        let at = module.type_address(u64::from(offset)).ok_or_else(|| {
            RuntimeError::corrupt("a type descriptor", typ, "its name is outside its module")
        })?;
        read_name(Reader::new(memory, self.layout.arch), at)
    }
}

/// In a name's first byte: the field with this name is embedded.
const NAME_EMBEDDED: u8 = 1 << 3;

/// A name and its flags: a byte of flags, the length as a varint, the bytes (`internal/abi/type.go`, Name).
fn read_name(reader: Reader<'_>, at: Addr) -> Result<(String, u8), RuntimeError> {
    if at.0 == 0 {
        return Ok((String::new(), 0));
    }
    let mut head = [0; 4];
    reader.memory.read(at, &mut head)?;
    let (mut len, mut used) = (0, 1);
    loop {
        let Some(byte) = head.get(used) else {
            return Err(RuntimeError::corrupt("a name", at, "its length is out of bounds"));
        };
        len |= u64::from(byte & 0x7f) << (7 * (used - 1));
        used += 1;
        if byte & 0x80 == 0 {
            break;
        }
    }
    let bytes = reader.bytes(at.offset(used as i64), len, MAX_NAME)?;
    Ok((String::from_utf8_lossy(&bytes).into_owned(), head[0]))
}
