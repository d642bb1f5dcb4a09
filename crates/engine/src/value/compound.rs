//! Structs, arrays, slices, pointers and channels.

use std::sync::Arc;

use adit_process::Addr;
use adit_symbols::{Field, Shape, Type, TypeId};

use super::{Children, Kind, LoadConfig, Loader, Packed, Place, Value, ValueError, Variable};

/// After so many unreadable elements the rest will not be better.
const MOST_ERRORS: usize = 3;

/// Bytes of scalars that are read at once.
const LARGEST_BLOCK: usize = 1 << 28;

impl Loader<'_> {
    pub(super) fn fill_struct(
        &self,
        variable: &mut Variable,
        value: &Value,
        fields: &[Field],
        config: &LoadConfig,
        depth: usize,
    ) {
        variable.len = fields.len() as i64;
        if depth > config.max_variable_recurse {
            return;
        }
        let shown = config.max_struct_fields.unwrap_or(fields.len()).min(fields.len());
        for field in &fields[..shown] {
            let child = match self.field(value, field) {
                Ok(part) => self.load_at(&part, config, depth + 1),
                Err(error) => Variable { unreadable: error.to_string(), ..Variable::default() },
            };
            variable.children.push(Variable { name: field.name.to_string(), ..child });
        }
    }

    /// One field of a struct.
    pub fn field(&self, value: &Value, field: &Field) -> Result<Value, ValueError> {
        let ty = self.type_of(field.type_id)?;
        let Some((start, width)) = field.bits else { return Ok(value.part(field.offset, ty)) };
        // A C bit field: cut out of the bytes that hold it, and widened to its type.
        let last = (start + width).div_ceil(8).clamp(1, 8) as usize;
        let word = self.uint(value, field.offset, last)? >> start.min(63);
        let mut bits = word & (u64::MAX >> (64 - width.clamp(1, 64)));
        if matches!(self.underlying(&ty)?.shape, Shape::Int) && bits >> (width.clamp(1, 64) - 1) & 1 == 1 {
            bits |= u64::MAX.checked_shl(width as u32).unwrap_or(0);
        }
        let order = adit_process::Process::arch(&**self.target).byte_order;
        Ok(Value::of_bytes(ty.clone(), &order.bytes(bits, ty.size as usize)))
    }

    pub(super) fn fill_slice(
        &self,
        variable: &mut Variable,
        value: &Value,
        elem: TypeId,
        config: &LoadConfig,
        depth: usize,
    ) -> Result<(), ValueError> {
        let (base, len, cap) = self.slice_header(value)?;
        variable.base = base.0;
        variable.len = len;
        variable.cap = cap;
        let elem = self.type_of(elem)?;
        let start = Value::at(elem.clone(), base);
        self.fill_elements(variable, &start, &elem, len as u64, config, depth);
        Ok(())
    }

    /// Where a slice's elements are, and how many there are. Optimised code keeps them longer than the capacity.
    pub fn slice_elements(&self, value: &Value) -> Result<(Addr, i64), ValueError> {
        let (base, len) = (self.word(value, 0)?, self.word(value, 1)?.cast_signed());
        let cap = self.word(value, 2).map_or(i64::MAX, u64::cast_signed);
        check_extent(len, cap)?;
        Ok((Addr(base), len))
    }

    /// Where a slice's elements are, how many there are, and for how many there is room.
    pub fn slice_header(&self, value: &Value) -> Result<(Addr, i64, i64), ValueError> {
        let base = self.word(value, 0)?;
        let (len, cap) = (self.word(value, 1)?.cast_signed(), self.word(value, 2)?.cast_signed());
        check_extent(len, cap)?;
        Ok((Addr(base), len, cap))
    }

    /// Loads the first of `count` elements, of which the first is at `start`.
    pub(super) fn fill_elements(
        &self,
        variable: &mut Variable,
        start: &Value,
        elem: &Arc<Type>,
        count: u64,
        config: &LoadConfig,
        depth: usize,
    ) {
        if depth > config.max_variable_recurse && !self.nests_finitely(elem) {
            return;
        }
        let shown = count.min(config.max_array_values as u64);
        if let Some(column) = self.column_of_elements(start, elem, shown, config) {
            variable.children = Children::of(Packed::new([column]));
            return;
        }
        let block = self.block(start, elem, shown);
        let start = block.as_ref().unwrap_or(start);
        let mut errors = 0;
        for i in 0..shown {
            let mut child = self.load_at(&start.part(i * elem.size, elem.clone()), config, depth + 1);
            if block.is_some() {
                self.put_back(&mut child, variable.base.wrapping_add(i * elem.size));
            }
            errors += usize::from(!child.unreadable.is_empty());
            variable.children.push(child);
            if errors >= MOST_ERRORS || self.budget.is_spent() {
                break;
            }
        }
    }

    /// Arrays of arrays cost no levels, as their type says where they end; that of `type list []list` does not.
    fn nests_finitely(&self, elem: &Arc<Type>) -> bool {
        /// No one nests arrays deeper.
        const DEEPEST_NEST: usize = 8;
        let mut ty = elem.clone();
        for _ in 0..DEEPEST_NEST {
            let inner = match self.underlying(&ty).map(|real| real.shape.clone()) {
                Ok(Shape::Array { elem, .. } | Shape::Slice { elem }) => self.type_of(elem),
                Ok(_) => return true,
                Err(_) => return false,
            };
            let Ok(inner) = inner else { return false };
            ty = inner;
        }
        false
    }

    /// Scalars are read all at once: a million integers are one read, not a million.
    fn block(&self, start: &Value, elem: &Arc<Type>, count: u64) -> Option<Value> {
        let addr = start.addr()?;
        let scalar = matches!(
            self.underlying(elem).ok()?.shape,
            Shape::Bool | Shape::Int | Shape::Uint | Shape::Float | Shape::Complex
        );
        let len = usize::try_from(elem.size.checked_mul(count)?).ok()?;
        if !scalar || count < 2 || len > LARGEST_BLOCK {
            return None;
        }
        let bytes = self.bytes(&Value::at(elem.clone(), addr), 0, len).ok()?;
        Some(Value::of_bytes(elem.clone(), &bytes))
    }

    /// An element that was read as a part of a block is in memory all the same.
    fn put_back(&self, child: &mut Variable, addr: u64) {
        child.addr = addr;
        child.flags &= !super::flags::FAKE_ADDRESS;
        for (i, part) in child.children.iter_mut().enumerate() {
            part.addr = addr.wrapping_add(i as u64 * if part.kind == Kind::FLOAT32 { 4 } else { 8 });
            part.flags &= !super::flags::FAKE_ADDRESS;
        }
    }

    pub(super) fn fill_pointer(
        &self,
        variable: &mut Variable,
        value: &Value,
        target: Option<TypeId>,
        config: &LoadConfig,
        depth: usize,
    ) -> Result<(), ValueError> {
        let addr = self.word(value, 0)?;
        let real = self.underlying(&value.ty)?;
        if self.is_c_pointer(&real) && self.fill_c_pointer(variable, &real, Addr(addr), config)? {
            return Ok(());
        }
        variable.len = 1;
        let Some(target) = target else {
            variable.children.push(Variable { addr, only_addr: true, ..Variable::default() });
            return Ok(());
        };
        let pointee = Value::at(self.type_of(target)?, Addr(addr));
        let mut child = self.unloaded(&pointee);
        // Pointers to pointers and to interfaces can form circles; others cost no level.
        let deeper = matches!(child.kind, Kind::POINTER | Kind::INTERFACE);
        let stops = child.kind == Kind::POINTER && depth > config.max_variable_recurse;
        if config.follow_pointers && !stops && addr != 0 {
            child = self.load_at(&pointee, config, if deeper { depth + 1 } else { depth });
        } else {
            child.only_addr = true;
            if addr != 0 {
                child.summary = self.summary(&pointee, config);
            }
        }
        variable.children.push(child);
        Ok(())
    }

    /// A channel is shown as the runtime's header behind it.
    pub(super) fn fill_chan(
        &self,
        variable: &mut Variable,
        value: &Value,
        (elem, header): (TypeId, TypeId),
        config: &LoadConfig,
    ) -> Result<(), ValueError> {
        let addr = self.word(value, 0)?;
        variable.base = addr;
        if addr == 0 {
            return Ok(());
        }
        let header = Value::at(self.type_of(header)?, Addr(addr));
        let fields = match &self.underlying(&header.ty)?.shape {
            Shape::Struct(fields) => fields.clone(),
            _ => return Err(ValueError::Other("the channel's header is no struct".to_owned())),
        };
        // A channel is loaded as if alone, and no less than usual, wherever it is. One in another channel, which may be
        // the same one, is not: that might never end.
        let usual = LoadConfig::FULL;
        let is_nested = self.in_channel.replace(true);
        let config = &LoadConfig {
            follow_pointers: !is_nested,
            max_variable_recurse: config.max_variable_recurse.max(usual.max_variable_recurse),
            max_string_len: config.max_string_len.max(usual.max_string_len),
            max_array_values: config.max_array_values.max(usual.max_array_values),
            max_struct_fields: None,
        };
        let depth = if is_nested { config.max_variable_recurse } else { 0 };
        let filled = self.fill_header(variable, &header, &fields, elem, config, depth);
        self.in_channel.set(is_nested);
        filled
    }

    fn fill_header(
        &self,
        variable: &mut Variable,
        header: &Value,
        fields: &[Field],
        elem: TypeId,
        config: &LoadConfig,
        depth: usize,
    ) -> Result<(), ValueError> {
        self.fill_struct(variable, header, fields, config, depth);
        let count = |name: &str| fields.iter().find(|field| &*field.name == name);
        if let Some(field) = count("qcount") {
            variable.len = self.uint(header, field.offset, self.word_size())?.cast_signed();
        }
        if let Some(field) = count("dataqsiz") {
            variable.cap = self.uint(header, field.offset, self.word_size())?.cast_signed();
        }
        self.type_buffer(variable, elem, config, depth)
    }

    /// The runtime knows a channel's buffer as an `unsafe.Pointer`; it is an array of elements.
    fn type_buffer(
        &self,
        channel: &mut Variable,
        elem: TypeId,
        config: &LoadConfig,
        depth: usize,
    ) -> Result<(), ValueError> {
        let count = channel.cap.cast_unsigned();
        let Some(buffer) = channel.children.iter_mut().find(|child| child.name == "buf") else {
            return Ok(());
        };
        let Some(addr) = buffer.children.first().map(|child| child.addr) else { return Ok(()) };
        let elem = self.type_of(elem)?;
        let array = Arc::new(Type {
            name: format!("[{count}]{}", elem.name).into(),
            size: elem.size.saturating_mul(count),
            shape: Shape::Array { elem: elem.id, count },
            go_kind: Some(adit_symbols::GoKind::ARRAY),
            ..(*elem).clone()
        });
        let value = Value::at(array.clone(), Addr(addr));
        let mut child = self.unloaded(&value);
        match config.follow_pointers && addr != 0 {
            true => child = self.load_at(&value, config, depth + 1),
            false => child.only_addr = true,
        }
        buffer.kind = Kind::POINTER;
        buffer.type_name = format!("*{}", array.name);
        buffer.real_type.clone_from(&buffer.type_name);
        buffer.children = [child].into();
        Ok(())
    }

    /// What a pointer points to.
    pub fn dereference(&self, value: &Value) -> Result<Value, ValueError> {
        match self.underlying(&value.ty)?.shape {
            Shape::Pointer(Some(target)) => Ok(Value::at(self.type_of(target)?, Addr(self.word(value, 0)?))),
            _ => Err(ValueError::Other(format!("{} is not a pointer", value.ty.name))),
        }
    }

    /// A value that exists nowhere.
    pub fn missing(ty: Arc<Type>, error: ValueError) -> Value {
        Value { ty, place: Place::Missing(error) }
    }
}

/// No slice has such lengths: its memory was overwritten, or is something else at this point of optimised code.
fn check_extent(len: i64, cap: i64) -> Result<(), ValueError> {
    match 0 <= len && len <= cap {
        true => Ok(()),
        false => Err(ValueError::Other(format!("invalid slice: length {len}, capacity {cap}"))),
    }
}
