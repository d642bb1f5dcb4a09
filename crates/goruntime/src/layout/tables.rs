//! Where the fields of the runtime's structs are, from the DWARF of Go 1.18 .. 1.27 on Linux.
//! Made by `tools/layouts`; do not edit.

use super::{Row, Since};

/// One fact about a layout: the offset of a field in its struct, or the size of a struct, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Fact {
    /// `runtime.g`: size of a g.
    GSize,
    /// `runtime.g`: the stack's bounds, a `runtime.stack`.
    GStack,
    /// `runtime.g`: innermost panic.
    GPanic,
    /// `runtime.g`: innermost deferred call.
    GDefer,
    /// `runtime.g`: the m that runs it.
    GM,
    /// `runtime.g`: registers while it does not run, a `runtime.gobuf`.
    GSched,
    /// `runtime.g`: stack pointer at the entry of a system call.
    GSyscallSp,
    /// `runtime.g`: program counter at the entry of a system call.
    GSyscallPc,
    /// `runtime.g`: frame pointer at the entry of a system call.
    GSyscallBp,
    /// `runtime.g`: `param`.
    GParam,
    /// `runtime.g`: status, with the scan bit.
    GAtomicStatus,
    /// `runtime.g`: goroutine id.
    GGoid,
    /// `runtime.g`: when it began to wait, nanoseconds of the runtime's clock.
    GWaitSince,
    /// `runtime.g`: why it waits.
    GWaitReason,
    /// `runtime.g`: id of the goroutine that created it.
    GParentGoid,
    /// `runtime.g`: return address of the `go` statement.
    GGoPc,
    /// `runtime.g`: entry of its function.
    GStartPc,
    /// `runtime.g`: `*[]ancestorInfo`.
    GAncestors,
    /// `runtime.g`: the sudogs it waits on.
    GWaiting,
    /// `runtime.g`: profiler labels.
    GLabels,
    /// `runtime.g`: the m it is locked to.
    GLockedM,
    /// `runtime.g`: the coroutine it switches to.
    GCoroArg,
    /// `runtime.stack`: lowest address.
    StackLo,
    /// `runtime.stack`: first address above.
    StackHi,
    /// `runtime.gobuf`: stack pointer.
    GobufSp,
    /// `runtime.gobuf`: program counter.
    GobufPc,
    /// `runtime.gobuf`: closure context.
    GobufCtxt,
    /// `runtime.gobuf`: link register.
    GobufLr,
    /// `runtime.gobuf`: frame pointer.
    GobufBp,
    /// `runtime.m`: goroutine with the scheduling stack.
    MG0,
    /// `runtime.m`: operating-system thread id.
    MProcId,
    /// `runtime.m`: goroutine that handles signals.
    MGSignal,
    /// `runtime.m`: user goroutine that runs.
    MCurG,
    /// `runtime.m`: the p attached to it.
    MP,
    /// `runtime.m`: its number.
    MId,
    /// `runtime.m`: is it running C code.
    MInCgo,
    /// `runtime.m`: next in `runtime.allm`.
    MAllLink,
    /// `runtime.m`: the g it is locked to.
    MLockedG,
    /// `runtime.ancestorInfo`: its stack, `[]uintptr`.
    AncestorPcs,
    /// `runtime.ancestorInfo`: goroutine id.
    AncestorGoid,
    /// `runtime.ancestorInfo`: return address of the `go` statement.
    AncestorGoPc,
    /// `runtime.ancestorInfo`: size of an ancestorInfo.
    AncestorSize,
    /// `runtime.coro`: the goroutine that waits in the coroutine.
    CoroGp,
    /// `runtime.coro`: its function.
    CoroF,
    /// `runtime._defer`: stack pointer at the time of the defer.
    DeferSp,
    /// `runtime._defer`: program counter at the time of the defer.
    DeferPc,
    /// `runtime._defer`: the deferred closure.
    DeferFn,
    /// `runtime._defer`: next on the goroutine.
    DeferLink,
    /// `runtime._defer`: is it allocated on the heap.
    DeferHeap,
    /// `runtime._defer`: has it begun.
    DeferStarted,
    /// `runtime._defer`: does it stand for a frame's open-coded defers.
    DeferOpen,
    /// `runtime._defer`: does it head a range-over-func list.
    DeferRangeFunc,
    /// `runtime._defer`: `*atomic.Pointer[_defer]`, the range-over-func list.
    DeferHead,
    /// `runtime._defer`: size of a _defer.
    DeferSize,
    /// `runtime._panic`: the argument, an `any`.
    PanicArg,
    /// `runtime._panic`: the panic before.
    PanicLink,
    /// `runtime._panic`: is it recovered.
    PanicRecovered,
    /// `runtime._panic`: is it a `runtime.Goexit`.
    PanicGoexit,
    /// `runtime._panic`: is it none, but a function that returns through its defers.
    PanicDeferReturn,
    /// `runtime._panic`: size of a _panic.
    PanicSize,
    /// `runtime.moduledata`: start of the code.
    ModuleText,
    /// `runtime.moduledata`: end of the code.
    ModuleEText,
    /// `runtime.moduledata`: start of the data without pointers.
    ModuleNoPtrData,
    /// `runtime.moduledata`: end of the zeroed data without pointers.
    ModuleENoPtrBss,
    /// `runtime.moduledata`: start of the data with pointers.
    ModuleData,
    /// `runtime.moduledata`: end of the data with pointers.
    ModuleEData,
    /// `runtime.moduledata`: start of the zeroed data with pointers.
    ModuleBss,
    /// `runtime.moduledata`: end of the zeroed data with pointers.
    ModuleEBss,
    /// `runtime.moduledata`: start of the types.
    ModuleTypes,
    /// `runtime.moduledata`: end of the types.
    ModuleETypes,
    /// `runtime.moduledata`: `[]int32`, offsets from the types, until Go 1.26.
    ModuleTypeLinks,
    /// `runtime.moduledata`: `[]*itab`, until Go 1.26.
    ModuleItabLinks,
    /// `runtime.moduledata`: bytes of descriptors, without gaps, from the types' start, since Go 1.27.
    ModuleTypeDescLen,
    /// `runtime.moduledata`: where the itabs are, counted from the types' start, since Go 1.27.
    ModuleItabOffset,
    /// `runtime.moduledata`: bytes of itabs, since Go 1.27.
    ModuleItabSize,
    /// `runtime.moduledata`: start of the read-only data.
    ModuleRoData,
    /// `runtime.moduledata`: `go:func.*`, the base of funcdata.
    ModuleGoFunc,
    /// `runtime.moduledata`: `[]textsect`.
    ModuleTextSectMap,
    /// `runtime.moduledata`: path of the plugin, a string.
    ModulePluginPath,
    /// `runtime.moduledata`: name of the module, a string.
    ModuleName,
    /// `runtime.moduledata`: the next module.
    ModuleNext,
    /// `runtime.moduledata`: size of a moduledata.
    ModuleSize,
    /// `runtime.hchan`: elements in the buffer.
    HchanQCount,
    /// `runtime.hchan`: capacity of the buffer.
    HchanDataQSiz,
    /// `runtime.hchan`: the buffer.
    HchanBuf,
    /// `runtime.hchan`: size of an element, 16 bits.
    HchanElemSize,
    /// `runtime.hchan`: is it closed.
    HchanClosed,
    /// `runtime.hchan`: type of the elements.
    HchanElemType,
    /// `runtime.hchan`: where the next send writes.
    HchanSendX,
    /// `runtime.hchan`: where the next receive reads.
    HchanRecvX,
    /// `runtime.hchan`: waiting receivers, a `runtime.waitq`.
    HchanRecvQ,
    /// `runtime.hchan`: waiting senders, a `runtime.waitq`.
    HchanSendQ,
    /// `runtime.hchan`: size of a hchan.
    HchanSize,
    /// `runtime.waitq`: first sudog.
    WaitQFirst,
    /// `runtime.sudog`: the waiting goroutine.
    SudogG,
    /// `runtime.sudog`: next in the queue.
    SudogNext,
    /// `runtime.sudog`: the value sent, or where to receive it.
    SudogElem,
    /// `runtime.sudog`: next in `g.waiting`.
    SudogWaitLink,
    /// `runtime.sudog`: the channel.
    SudogC,
    /// `runtime.hmap`: number of entries.
    HmapCount,
    /// `runtime.hmap`: flags.
    HmapFlags,
    /// `runtime.hmap`: log2 of the number of buckets.
    HmapB,
    /// `runtime.hmap`: seed of its hashes, 32 bits.
    HmapHash0,
    /// `runtime.hmap`: the buckets.
    HmapBuckets,
    /// `runtime.hmap`: the buckets before the growth in progress.
    HmapOldBuckets,
    /// `runtime.hmap`: old buckets below this are evacuated.
    HmapNEvacuate,
    /// `runtime.hmap`: size of a hmap.
    HmapSize,
    /// `internal/runtime/maps.Map`: number of entries, 64 bits.
    SwissUsed,
    /// `internal/runtime/maps.Map`: seed of its hashes.
    SwissSeed,
    /// `internal/runtime/maps.Map`: directory, or the one group of a small map.
    SwissDirPtr,
    /// `internal/runtime/maps.Map`: length of the directory; 0: small map.
    SwissDirLen,
    /// `internal/runtime/maps.Map`: not 0 while the map is written to, 8 bits.
    SwissWriting,
    /// `internal/runtime/maps.Map`: size of a maps.Map.
    SwissSize,
    /// `internal/runtime/maps.table`: entries in the table, 16 bits.
    TableUsed,
    /// `internal/runtime/maps.table`: slots in the table, 16 bits.
    TableCapacity,
    /// `internal/runtime/maps.table`: first index in the directory.
    TableIndex,
    /// `internal/runtime/maps.table`: a `groupsReference`.
    TableGroups,
    /// `internal/runtime/maps.table`: size of a table.
    TableSize,
    /// `internal/runtime/maps.groupsReference`: the groups.
    GroupsData,
    /// `internal/runtime/maps.groupsReference`: number of groups minus one, 64 bits.
    GroupsLengthMask,
    /// `internal/abi.Type`: size of a value.
    TypeSize,
    /// `internal/abi.Type`: bytes that may hold pointers.
    TypePtrBytes,
    /// `internal/abi.Type`: hash of the type.
    TypeHash,
    /// `internal/abi.Type`: flags.
    TypeTFlag,
    /// `internal/abi.Type`: alignment of a value.
    TypeAlign,
    /// `internal/abi.Type`: kind.
    TypeKind,
    /// `internal/abi.Type`: name, an offset.
    TypeStr,
    /// `internal/abi.Type`: size of the common header.
    TypeHeaderSize,
    /// `internal/abi.ArrayType`: element type.
    ArrayElem,
    /// `internal/abi.ArrayType`: number of elements.
    ArrayLen,
    /// `internal/abi.ArrayType`: size of an array's descriptor.
    ArrayTypeSize,
    /// `internal/abi.ChanType`: element type.
    ChanElem,
    /// `internal/abi.ChanType`: direction: 1 receive, 2 send.
    ChanDir,
    /// `internal/abi.ChanType`: size of a channel's descriptor.
    ChanTypeSize,
    /// `internal/abi.FuncType`: number of parameters, 16 bits.
    FuncInCount,
    /// `internal/abi.FuncType`: number of results; top bit: variadic.
    FuncOutCount,
    /// `internal/abi.FuncType`: size of a function's descriptor, without its parameters.
    FuncTypeSize,
    /// `internal/abi.InterfaceType`: package, a name.
    InterfacePkgPath,
    /// `internal/abi.InterfaceType`: `[]imethod`.
    InterfaceMethods,
    /// `internal/abi.InterfaceType`: size of an interface's descriptor.
    InterfaceTypeSize,
    /// `internal/abi.Imethod`: name, an offset.
    ImethodName,
    /// `internal/abi.Imethod`: type, an offset.
    ImethodType,
    /// `internal/abi.Imethod`: size of an imethod.
    ImethodSize,
    /// `internal/abi.SwissMapType`: key type.
    MapKey,
    /// `internal/abi.SwissMapType`: element type.
    MapElem,
    /// `internal/abi.SwissMapType`: size of a map's descriptor.
    MapTypeSize,
    /// `internal/abi.SwissMapType`: flags.
    MapFlags,
    /// `internal/abi.SwissMapType`: size of a bucket, 16 bits.
    MapBucketSize,
    /// `internal/abi.MapType`: size of a group.
    MapGroupSize,
    /// `internal/abi.MapType`: size of a slot.
    MapSlotSize,
    /// `internal/abi.MapType`: offset of the element in a slot.
    MapElemOff,
    /// `internal/abi.MapType`: offset of the first key in a group.
    MapKeysOff,
    /// `internal/abi.MapType`: distance of keys.
    MapKeyStride,
    /// `internal/abi.MapType`: offset of the first element in a group.
    MapElemsOff,
    /// `internal/abi.MapType`: distance of elements.
    MapElemStride,
    /// `internal/abi.PtrType`: element type.
    PtrElem,
    /// `internal/abi.PtrType`: size of a pointer's descriptor.
    PtrTypeSize,
    /// `internal/abi.SliceType`: element type.
    SliceElem,
    /// `internal/abi.SliceType`: size of a slice's descriptor.
    SliceTypeSize,
    /// `internal/abi.StructType`: package, a name.
    StructPkgPath,
    /// `internal/abi.StructType`: `[]structfield`.
    StructFields,
    /// `internal/abi.StructType`: size of a struct's descriptor.
    StructTypeSize,
    /// `internal/abi.StructField`: name.
    FieldName,
    /// `internal/abi.StructField`: type.
    FieldType,
    /// `internal/abi.StructField`: offset in bytes; before 1.19 shifted left by one, with the embedded flag below.
    FieldOffset,
    /// `internal/abi.StructField`: size of a structfield.
    FieldSize,
    /// `internal/abi.UncommonType`: import path, an offset.
    UncommonPkgPath,
    /// `internal/abi.UncommonType`: number of methods, 16 bits.
    UncommonMCount,
    /// `internal/abi.UncommonType`: offset of the methods from here, 32 bits.
    UncommonMOff,
    /// `internal/abi.UncommonType`: size of an uncommontype.
    UncommonSize,
    /// `internal/abi.Method`: name, an offset.
    MethodName,
    /// `internal/abi.Method`: type without receiver, an offset.
    MethodType,
    /// `internal/abi.Method`: code, an offset from the text.
    MethodTfn,
    /// `internal/abi.Method`: size of a method.
    MethodSize,
    /// `internal/abi.Type`: offset of the pointer type's descriptor from the types, or 0.
    TypePtrToThis,
    /// `internal/abi.ITab`: the interface's type.
    ItabInter,
    /// `internal/abi.ITab`: the concrete type.
    ItabType,
}

/// All facts, in the order of [`Fact`].
#[rustfmt::skip]
pub(super) const ROWS: &[Row] = &[
    Row { fact: Fact::GSize, structs: &["runtime.g"], fields: &["-"], since: &[Since(18, Some(392), Some(236)), Since(19, Some(392), Some(240)), Since(21, Some(408), Some(252)), Since(22, Some(424), Some(260)), Since(23, Some(432), Some(272)), Since(24, Some(440), Some(280)), Since(26, Some(456), Some(288))] },
    Row { fact: Fact::GStack, structs: &["runtime.g"], fields: &["stack"], since: &[Since(18, Some(0), Some(0))] },
    Row { fact: Fact::GPanic, structs: &["runtime.g"], fields: &["_panic"], since: &[Since(18, Some(32), Some(16))] },
    Row { fact: Fact::GDefer, structs: &["runtime.g"], fields: &["_defer"], since: &[Since(18, Some(40), Some(20))] },
    Row { fact: Fact::GM, structs: &["runtime.g"], fields: &["m"], since: &[Since(18, Some(48), Some(24))] },
    Row { fact: Fact::GSched, structs: &["runtime.g"], fields: &["sched"], since: &[Since(18, Some(56), Some(28))] },
    Row { fact: Fact::GSyscallSp, structs: &["runtime.g"], fields: &["syscallsp"], since: &[Since(18, Some(112), Some(56)), Since(25, Some(104), Some(52))] },
    Row { fact: Fact::GSyscallPc, structs: &["runtime.g"], fields: &["syscallpc"], since: &[Since(18, Some(120), Some(60)), Since(25, Some(112), Some(56))] },
    Row { fact: Fact::GSyscallBp, structs: &["runtime.g"], fields: &["syscallbp"], since: &[Since(18, None, None), Since(23, Some(128), Some(64)), Since(25, Some(120), Some(60))] },
    Row { fact: Fact::GParam, structs: &["runtime.g"], fields: &["param"], since: &[Since(18, Some(136), Some(68)), Since(23, Some(144), Some(72)), Since(25, Some(136), Some(68))] },
    Row { fact: Fact::GAtomicStatus, structs: &["runtime.g"], fields: &["atomicstatus"], since: &[Since(18, Some(144), Some(72)), Since(23, Some(152), Some(76)), Since(25, Some(144), Some(72))] },
    Row { fact: Fact::GGoid, structs: &["runtime.g"], fields: &["goid"], since: &[Since(18, Some(152), Some(80)), Since(23, Some(160), Some(84)), Since(25, Some(152), Some(80))] },
    Row { fact: Fact::GWaitSince, structs: &["runtime.g"], fields: &["waitsince"], since: &[Since(18, Some(168), Some(92)), Since(23, Some(176), Some(96)), Since(25, Some(168), Some(92))] },
    Row { fact: Fact::GWaitReason, structs: &["runtime.g"], fields: &["waitreason"], since: &[Since(18, Some(176), Some(100)), Since(23, Some(184), Some(104)), Since(25, Some(176), Some(100))] },
    Row { fact: Fact::GParentGoid, structs: &["runtime.g"], fields: &["parentGoid"], since: &[Since(18, None, None), Since(21, Some(272), Some(164)), Since(23, Some(280), Some(168)), Since(24, Some(280), Some(172)), Since(25, Some(272), Some(168)), Since(26, Some(280), Some(176))] },
    Row { fact: Fact::GGoPc, structs: &["runtime.g"], fields: &["gopc"], since: &[Since(18, Some(296), Some(184)), Since(21, Some(280), Some(172)), Since(23, Some(288), Some(176)), Since(24, Some(288), Some(180)), Since(25, Some(280), Some(176)), Since(26, Some(288), Some(184))] },
    Row { fact: Fact::GStartPc, structs: &["runtime.g"], fields: &["startpc"], since: &[Since(18, Some(312), Some(192)), Since(21, Some(296), Some(180)), Since(23, Some(304), Some(184)), Since(24, Some(304), Some(188)), Since(25, Some(296), Some(184)), Since(26, Some(304), Some(192))] },
    Row { fact: Fact::GAncestors, structs: &["runtime.g"], fields: &["ancestors"], since: &[Since(18, Some(304), Some(188)), Since(21, Some(288), Some(176)), Since(23, Some(296), Some(180)), Since(24, Some(296), Some(184)), Since(25, Some(288), Some(180)), Since(26, Some(296), Some(188))] },
    Row { fact: Fact::GWaiting, structs: &["runtime.g"], fields: &["waiting"], since: &[Since(18, Some(328), Some(200)), Since(21, Some(312), Some(188)), Since(23, Some(320), Some(192)), Since(24, Some(320), Some(196)), Since(25, Some(312), Some(192)), Since(26, Some(320), Some(200))] },
    Row { fact: Fact::GLabels, structs: &["runtime.g"], fields: &["labels"], since: &[Since(18, Some(360), Some(216)), Since(21, Some(344), Some(204)), Since(23, Some(352), Some(208)), Since(24, Some(352), Some(212)), Since(25, Some(344), Some(208)), Since(26, Some(352), Some(216))] },
    Row { fact: Fact::GLockedM, structs: &["runtime.g"], fields: &["lockedm"], since: &[Since(18, Some(232), Some(152)), Since(21, Some(208), Some(132)), Since(23, Some(216), Some(136)), Since(25, Some(208), Some(132))] },
    Row { fact: Fact::GCoroArg, structs: &["runtime.g"], fields: &["coroarg"], since: &[Since(18, None, None), Since(22, Some(368), Some(216)), Since(23, Some(384), Some(232)), Since(24, Some(384), Some(236)), Since(25, Some(376), Some(232)), Since(26, Some(384), Some(240))] },
    Row { fact: Fact::StackLo, structs: &["runtime.stack"], fields: &["lo"], since: &[Since(18, Some(0), Some(0))] },
    Row { fact: Fact::StackHi, structs: &["runtime.stack"], fields: &["hi"], since: &[Since(18, Some(8), Some(4))] },
    Row { fact: Fact::GobufSp, structs: &["runtime.gobuf"], fields: &["sp"], since: &[Since(18, Some(0), Some(0))] },
    Row { fact: Fact::GobufPc, structs: &["runtime.gobuf"], fields: &["pc"], since: &[Since(18, Some(8), Some(4))] },
    Row { fact: Fact::GobufCtxt, structs: &["runtime.gobuf"], fields: &["ctxt"], since: &[Since(18, Some(24), Some(12))] },
    Row { fact: Fact::GobufLr, structs: &["runtime.gobuf"], fields: &["lr"], since: &[Since(18, Some(40), Some(20)), Since(25, Some(32), Some(16))] },
    Row { fact: Fact::GobufBp, structs: &["runtime.gobuf"], fields: &["bp"], since: &[Since(18, Some(48), Some(24)), Since(25, Some(40), Some(20))] },
    Row { fact: Fact::MG0, structs: &["runtime.m"], fields: &["g0"], since: &[Since(18, Some(0), Some(0))] },
    Row { fact: Fact::MProcId, structs: &["runtime.m"], fields: &["procid"], since: &[Since(18, Some(72), Some(40)), Since(25, Some(64), Some(32))] },
    Row { fact: Fact::MGSignal, structs: &["runtime.m"], fields: &["gsignal"], since: &[Since(18, Some(80), Some(48)), Since(25, Some(72), Some(40))] },
    Row { fact: Fact::MCurG, structs: &["runtime.m"], fields: &["curg"], since: &[Since(18, Some(192), Some(108)), Since(25, Some(184), Some(100))] },
    Row { fact: Fact::MP, structs: &["runtime.m"], fields: &["p"], since: &[Since(18, Some(208), Some(116)), Since(25, Some(200), Some(108)), Since(26, Some(208), Some(112))] },
    Row { fact: Fact::MId, structs: &["runtime.m"], fields: &["id"], since: &[Since(18, Some(232), Some(128)), Since(25, Some(224), Some(120)), Since(26, Some(232), Some(124))] },
    Row { fact: Fact::MInCgo, structs: &["runtime.m"], fields: &["incgo"], since: &[Since(18, Some(280), Some(168)), Since(25, Some(272), Some(160)), Since(26, Some(280), Some(164))] },
    Row { fact: Fact::MAllLink, structs: &["runtime.m"], fields: &["alllink"], since: &[Since(18, Some(336), Some(212)), Since(22, Some(328), Some(204)), Since(24, Some(352), Some(216)), Since(25, Some(344), Some(208)), Since(26, Some(352), Some(212))] },
    Row { fact: Fact::MLockedG, structs: &["runtime.m"], fields: &["lockedg"], since: &[Since(18, Some(352), Some(220)), Since(22, Some(344), Some(212)), Since(24, Some(368), Some(224)), Since(25, Some(360), Some(216)), Since(26, Some(384), Some(228))] },
    Row { fact: Fact::AncestorPcs, structs: &["runtime.ancestorInfo"], fields: &["pcs"], since: &[Since(18, Some(0), Some(0))] },
    Row { fact: Fact::AncestorGoid, structs: &["runtime.ancestorInfo"], fields: &["goid"], since: &[Since(18, Some(24), Some(12))] },
    Row { fact: Fact::AncestorGoPc, structs: &["runtime.ancestorInfo"], fields: &["gopc"], since: &[Since(18, Some(32), Some(20))] },
    Row { fact: Fact::AncestorSize, structs: &["runtime.ancestorInfo"], fields: &["-"], since: &[Since(18, Some(40), Some(24))] },
    Row { fact: Fact::CoroGp, structs: &["runtime.coro"], fields: &["gp"], since: &[Since(22, Some(0), Some(0))] },
    Row { fact: Fact::CoroF, structs: &["runtime.coro"], fields: &["f"], since: &[Since(22, Some(8), Some(4))] },
    Row { fact: Fact::DeferSp, structs: &["runtime._defer"], fields: &["sp"], since: &[Since(18, Some(8), Some(4))] },
    Row { fact: Fact::DeferPc, structs: &["runtime._defer"], fields: &["pc"], since: &[Since(18, Some(16), Some(8))] },
    Row { fact: Fact::DeferFn, structs: &["runtime._defer"], fields: &["fn"], since: &[Since(18, Some(24), Some(12))] },
    Row { fact: Fact::DeferLink, structs: &["runtime._defer"], fields: &["link"], since: &[Since(18, Some(40), Some(20)), Since(22, Some(32), Some(16))] },
    Row { fact: Fact::DeferHeap, structs: &["runtime._defer"], fields: &["heap"], since: &[Since(18, Some(1), Some(1)), Since(22, Some(0), Some(0))] },
    Row { fact: Fact::DeferStarted, structs: &["runtime._defer"], fields: &["started"], since: &[Since(18, Some(0), Some(0)), Since(22, None, None)] },
    Row { fact: Fact::DeferOpen, structs: &["runtime._defer"], fields: &["openDefer"], since: &[Since(18, Some(2), Some(2)), Since(22, None, None)] },
    Row { fact: Fact::DeferRangeFunc, structs: &["runtime._defer"], fields: &["rangefunc"], since: &[Since(18, None, None), Since(22, Some(1), Some(1))] },
    Row { fact: Fact::DeferHead, structs: &["runtime._defer"], fields: &["head"], since: &[Since(18, None, None), Since(22, Some(40), Some(20))] },
    Row { fact: Fact::DeferSize, structs: &["runtime._defer"], fields: &["-"], since: &[Since(18, Some(72), Some(36)), Since(22, Some(48), Some(24))] },
    Row { fact: Fact::PanicArg, structs: &["runtime._panic"], fields: &["arg"], since: &[Since(18, Some(8), Some(4)), Since(26, Some(0), Some(0))] },
    Row { fact: Fact::PanicLink, structs: &["runtime._panic"], fields: &["link"], since: &[Since(18, Some(24), Some(12)), Since(26, Some(16), Some(8))] },
    Row { fact: Fact::PanicRecovered, structs: &["runtime._panic"], fields: &["recovered"], since: &[Since(18, Some(48), Some(24)), Since(22, Some(96), Some(48)), Since(26, Some(88), Some(44))] },
    Row { fact: Fact::PanicGoexit, structs: &["runtime._panic"], fields: &["goexit"], since: &[Since(18, Some(50), Some(26)), Since(22, Some(97), Some(49)), Since(25, Some(98), Some(50)), Since(26, Some(90), Some(46))] },
    Row { fact: Fact::PanicDeferReturn, structs: &["runtime._panic"], fields: &["deferreturn"], since: &[Since(18, None, None), Since(22, Some(98), Some(50)), Since(25, Some(99), Some(51)), Since(26, Some(91), Some(47))] },
    Row { fact: Fact::PanicSize, structs: &["runtime._panic"], fields: &["-"], since: &[Since(18, Some(56), Some(28)), Since(22, Some(104), Some(52)), Since(27, Some(96), Some(48))] },
    Row { fact: Fact::ModuleText, structs: &["runtime.moduledata"], fields: &["text"], since: &[Since(18, Some(176), Some(88))] },
    Row { fact: Fact::ModuleEText, structs: &["runtime.moduledata"], fields: &["etext"], since: &[Since(18, Some(184), Some(92))] },
    Row { fact: Fact::ModuleNoPtrData, structs: &["runtime.moduledata"], fields: &["noptrdata"], since: &[Since(18, Some(192), Some(96))] },
    Row { fact: Fact::ModuleENoPtrBss, structs: &["runtime.moduledata"], fields: &["enoptrbss"], since: &[Since(18, Some(248), Some(124))] },
    Row { fact: Fact::ModuleData, structs: &["runtime.moduledata"], fields: &["data"], since: &[Since(18, Some(208), Some(104))] },
    Row { fact: Fact::ModuleEData, structs: &["runtime.moduledata"], fields: &["edata"], since: &[Since(18, Some(216), Some(108))] },
    Row { fact: Fact::ModuleBss, structs: &["runtime.moduledata"], fields: &["bss"], since: &[Since(18, Some(224), Some(112))] },
    Row { fact: Fact::ModuleEBss, structs: &["runtime.moduledata"], fields: &["ebss"], since: &[Since(18, Some(232), Some(116))] },
    Row { fact: Fact::ModuleTypes, structs: &["runtime.moduledata"], fields: &["types"], since: &[Since(18, Some(280), Some(140)), Since(20, Some(296), Some(148))] },
    Row { fact: Fact::ModuleETypes, structs: &["runtime.moduledata"], fields: &["etypes"], since: &[Since(18, Some(288), Some(144)), Since(20, Some(304), Some(152)), Since(27, Some(312), Some(156))] },
    Row { fact: Fact::ModuleTypeLinks, structs: &["runtime.moduledata"], fields: &["typelinks"], since: &[Since(18, Some(336), Some(168)), Since(20, Some(352), Some(176)), Since(26, Some(360), Some(180)), Since(27, None, None)] },
    Row { fact: Fact::ModuleItabLinks, structs: &["runtime.moduledata"], fields: &["itablinks"], since: &[Since(18, Some(360), Some(180)), Since(20, Some(376), Some(188)), Since(26, Some(384), Some(192)), Since(27, None, None)] },
    Row { fact: Fact::ModuleTypeDescLen, structs: &["runtime.moduledata"], fields: &["typedesclen"], since: &[Since(18, None, None), Since(27, Some(304), Some(152))] },
    Row { fact: Fact::ModuleItabOffset, structs: &["runtime.moduledata"], fields: &["itaboffset"], since: &[Since(18, None, None), Since(27, Some(320), Some(160))] },
    Row { fact: Fact::ModuleItabSize, structs: &["runtime.moduledata"], fields: &["itabsize"], since: &[Since(18, None, None), Since(27, Some(328), Some(164))] },
    Row { fact: Fact::ModuleRoData, structs: &["runtime.moduledata"], fields: &["rodata"], since: &[Since(18, Some(296), Some(148)), Since(20, Some(312), Some(156)), Since(27, Some(336), Some(168))] },
    Row { fact: Fact::ModuleGoFunc, structs: &["runtime.moduledata"], fields: &["gofunc"], since: &[Since(18, Some(304), Some(152)), Since(20, Some(320), Some(160)), Since(27, Some(344), Some(172))] },
    Row { fact: Fact::ModuleTextSectMap, structs: &["runtime.moduledata"], fields: &["textsectmap"], since: &[Since(18, Some(312), Some(156)), Since(20, Some(328), Some(164)), Since(26, Some(336), Some(168)), Since(27, Some(360), Some(180))] },
    Row { fact: Fact::ModulePluginPath, structs: &["runtime.moduledata"], fields: &["pluginpath"], since: &[Since(18, Some(408), Some(204)), Since(20, Some(424), Some(212)), Since(26, Some(432), Some(216)), Since(27, Some(408), Some(204))] },
    Row { fact: Fact::ModuleName, structs: &["runtime.moduledata"], fields: &["modulename"], since: &[Since(18, Some(448), Some(224)), Since(20, Some(464), Some(232)), Since(21, Some(488), Some(244)), Since(26, Some(496), Some(248)), Since(27, Some(472), Some(236))] },
    Row { fact: Fact::ModuleNext, structs: &["runtime.moduledata"], fields: &["next"], since: &[Since(18, Some(544), Some(272)), Since(20, Some(560), Some(280)), Since(21, Some(584), Some(292)), Since(23, Some(576), Some(288)), Since(26, Some(584), Some(292)), Since(27, Some(560), Some(280))] },
    Row { fact: Fact::ModuleSize, structs: &["runtime.moduledata"], fields: &["-"], since: &[Since(18, Some(552), Some(276)), Since(20, Some(568), Some(284)), Since(21, Some(592), Some(296)), Since(23, Some(584), Some(292)), Since(26, Some(592), Some(296)), Since(27, Some(568), Some(284))] },
    Row { fact: Fact::HchanQCount, structs: &["runtime.hchan"], fields: &["qcount"], since: &[Since(18, Some(0), Some(0))] },
    Row { fact: Fact::HchanDataQSiz, structs: &["runtime.hchan"], fields: &["dataqsiz"], since: &[Since(18, Some(8), Some(4))] },
    Row { fact: Fact::HchanBuf, structs: &["runtime.hchan"], fields: &["buf"], since: &[Since(18, Some(16), Some(8))] },
    Row { fact: Fact::HchanElemSize, structs: &["runtime.hchan"], fields: &["elemsize"], since: &[Since(18, Some(24), Some(12))] },
    Row { fact: Fact::HchanClosed, structs: &["runtime.hchan"], fields: &["closed"], since: &[Since(18, Some(28), Some(16))] },
    Row { fact: Fact::HchanElemType, structs: &["runtime.hchan"], fields: &["elemtype"], since: &[Since(18, Some(32), Some(20)), Since(23, Some(40), Some(24))] },
    Row { fact: Fact::HchanSendX, structs: &["runtime.hchan"], fields: &["sendx"], since: &[Since(18, Some(40), Some(24)), Since(23, Some(48), Some(28))] },
    Row { fact: Fact::HchanRecvX, structs: &["runtime.hchan"], fields: &["recvx"], since: &[Since(18, Some(48), Some(28)), Since(23, Some(56), Some(32))] },
    Row { fact: Fact::HchanRecvQ, structs: &["runtime.hchan"], fields: &["recvq"], since: &[Since(18, Some(56), Some(32)), Since(23, Some(64), Some(36))] },
    Row { fact: Fact::HchanSendQ, structs: &["runtime.hchan"], fields: &["sendq"], since: &[Since(18, Some(72), Some(40)), Since(23, Some(80), Some(44))] },
    Row { fact: Fact::HchanSize, structs: &["runtime.hchan"], fields: &["-"], since: &[Since(18, Some(96), Some(52)), Since(23, Some(104), Some(56)), Since(25, Some(112), Some(60))] },
    Row { fact: Fact::WaitQFirst, structs: &["runtime.waitq"], fields: &["first"], since: &[Since(18, Some(0), Some(0))] },
    Row { fact: Fact::SudogG, structs: &["runtime.sudog"], fields: &["g"], since: &[Since(18, Some(0), Some(0))] },
    Row { fact: Fact::SudogNext, structs: &["runtime.sudog"], fields: &["next"], since: &[Since(18, Some(8), Some(4))] },
    Row { fact: Fact::SudogElem, structs: &["runtime.sudog"], fields: &["elem"], since: &[Since(18, Some(24), Some(12))] },
    Row { fact: Fact::SudogWaitLink, structs: &["runtime.sudog"], fields: &["waitlink"], since: &[Since(18, Some(64), Some(44)), Since(26, Some(72), Some(48))] },
    Row { fact: Fact::SudogC, structs: &["runtime.sudog"], fields: &["c"], since: &[Since(18, Some(80), Some(52)), Since(26, Some(88), Some(56))] },
    Row { fact: Fact::HmapCount, structs: &["runtime.hmap"], fields: &["count"], since: &[Since(18, Some(0), Some(0))] },
    Row { fact: Fact::HmapFlags, structs: &["runtime.hmap"], fields: &["flags"], since: &[Since(18, Some(8), Some(4))] },
    Row { fact: Fact::HmapB, structs: &["runtime.hmap"], fields: &["B"], since: &[Since(18, Some(9), Some(5))] },
    Row { fact: Fact::HmapHash0, structs: &["runtime.hmap"], fields: &["hash0"], since: &[Since(18, Some(12), Some(8))] },
    Row { fact: Fact::HmapBuckets, structs: &["runtime.hmap"], fields: &["buckets"], since: &[Since(18, Some(16), Some(12))] },
    Row { fact: Fact::HmapOldBuckets, structs: &["runtime.hmap"], fields: &["oldbuckets"], since: &[Since(18, Some(24), Some(16))] },
    Row { fact: Fact::HmapNEvacuate, structs: &["runtime.hmap"], fields: &["nevacuate"], since: &[Since(18, Some(32), Some(20))] },
    Row { fact: Fact::HmapSize, structs: &["runtime.hmap"], fields: &["-"], since: &[Since(18, Some(48), Some(28))] },
    Row { fact: Fact::SwissUsed, structs: &["internal/runtime/maps.Map"], fields: &["used"], since: &[Since(24, Some(0), Some(0))] },
    Row { fact: Fact::SwissSeed, structs: &["internal/runtime/maps.Map"], fields: &["seed"], since: &[Since(24, Some(8), Some(8))] },
    Row { fact: Fact::SwissDirPtr, structs: &["internal/runtime/maps.Map"], fields: &["dirPtr"], since: &[Since(24, Some(16), Some(12))] },
    Row { fact: Fact::SwissDirLen, structs: &["internal/runtime/maps.Map"], fields: &["dirLen"], since: &[Since(24, Some(24), Some(16))] },
    Row { fact: Fact::SwissWriting, structs: &["internal/runtime/maps.Map"], fields: &["writing"], since: &[Since(24, Some(34), Some(22))] },
    Row { fact: Fact::SwissSize, structs: &["internal/runtime/maps.Map"], fields: &["-"], since: &[Since(24, Some(48), Some(32))] },
    Row { fact: Fact::TableUsed, structs: &["internal/runtime/maps.table"], fields: &["used"], since: &[Since(24, Some(0), Some(0))] },
    Row { fact: Fact::TableCapacity, structs: &["internal/runtime/maps.table"], fields: &["capacity"], since: &[Since(24, Some(2), Some(2))] },
    Row { fact: Fact::TableIndex, structs: &["internal/runtime/maps.table"], fields: &["index"], since: &[Since(24, Some(8), Some(8))] },
    Row { fact: Fact::TableGroups, structs: &["internal/runtime/maps.table"], fields: &["groups"], since: &[Since(24, Some(16), Some(12))] },
    Row { fact: Fact::TableSize, structs: &["internal/runtime/maps.table"], fields: &["-"], since: &[Since(24, Some(32), Some(24))] },
    Row { fact: Fact::GroupsData, structs: &["internal/runtime/maps.groupsReference"], fields: &["data"], since: &[Since(24, Some(0), Some(0))] },
    Row { fact: Fact::GroupsLengthMask, structs: &["internal/runtime/maps.groupsReference"], fields: &["lengthMask"], since: &[Since(24, Some(8), Some(4))] },
    Row { fact: Fact::TypeSize, structs: &["runtime._type", "internal/abi.Type"], fields: &["size", "Size_"], since: &[Since(18, Some(0), Some(0))] },
    Row { fact: Fact::TypePtrBytes, structs: &["runtime._type", "internal/abi.Type"], fields: &["ptrdata", "PtrBytes"], since: &[Since(18, Some(8), Some(4))] },
    Row { fact: Fact::TypeHash, structs: &["runtime._type", "internal/abi.Type"], fields: &["hash", "Hash"], since: &[Since(18, Some(16), Some(8))] },
    Row { fact: Fact::TypeTFlag, structs: &["runtime._type", "internal/abi.Type"], fields: &["tflag", "TFlag"], since: &[Since(18, Some(20), Some(12))] },
    Row { fact: Fact::TypeAlign, structs: &["runtime._type", "internal/abi.Type"], fields: &["align", "Align_"], since: &[Since(18, Some(21), Some(13))] },
    Row { fact: Fact::TypeKind, structs: &["runtime._type", "internal/abi.Type"], fields: &["kind", "Kind_"], since: &[Since(18, Some(23), Some(15))] },
    Row { fact: Fact::TypeStr, structs: &["runtime._type", "internal/abi.Type"], fields: &["str", "Str"], since: &[Since(18, Some(40), Some(24))] },
    Row { fact: Fact::TypeHeaderSize, structs: &["runtime._type", "internal/abi.Type"], fields: &["-"], since: &[Since(18, Some(48), Some(32))] },
    Row { fact: Fact::ArrayElem, structs: &["runtime.arraytype", "internal/abi.ArrayType"], fields: &["elem", "Elem"], since: &[Since(18, Some(48), Some(32))] },
    Row { fact: Fact::ArrayLen, structs: &["runtime.arraytype", "internal/abi.ArrayType"], fields: &["len", "Len"], since: &[Since(18, Some(64), Some(40))] },
    Row { fact: Fact::ArrayTypeSize, structs: &["runtime.arraytype", "internal/abi.ArrayType"], fields: &["-"], since: &[Since(18, Some(72), Some(44))] },
    Row { fact: Fact::ChanElem, structs: &["runtime.chantype", "internal/abi.ChanType"], fields: &["elem", "Elem"], since: &[Since(18, Some(48), Some(32))] },
    Row { fact: Fact::ChanDir, structs: &["runtime.chantype", "internal/abi.ChanType"], fields: &["dir", "Dir"], since: &[Since(18, Some(56), Some(36))] },
    Row { fact: Fact::ChanTypeSize, structs: &["runtime.chantype", "internal/abi.ChanType"], fields: &["-"], since: &[Since(18, Some(64), Some(40))] },
    Row { fact: Fact::FuncInCount, structs: &["runtime.functype", "internal/abi.FuncType"], fields: &["inCount", "InCount"], since: &[Since(18, Some(48), Some(32))] },
    Row { fact: Fact::FuncOutCount, structs: &["runtime.functype", "internal/abi.FuncType"], fields: &["outCount", "OutCount"], since: &[Since(18, Some(50), Some(34))] },
    Row { fact: Fact::FuncTypeSize, structs: &["runtime.functype", "internal/abi.FuncType"], fields: &["-"], since: &[Since(18, Some(56), Some(36))] },
    Row { fact: Fact::InterfacePkgPath, structs: &["runtime.interfacetype", "internal/abi.InterfaceType"], fields: &["pkgpath", "PkgPath"], since: &[Since(18, Some(48), Some(32))] },
    Row { fact: Fact::InterfaceMethods, structs: &["runtime.interfacetype", "internal/abi.InterfaceType"], fields: &["mhdr", "Methods"], since: &[Since(18, Some(56), Some(36))] },
    Row { fact: Fact::InterfaceTypeSize, structs: &["runtime.interfacetype", "internal/abi.InterfaceType"], fields: &["-"], since: &[Since(18, Some(80), Some(48))] },
    Row { fact: Fact::ImethodName, structs: &["runtime.imethod", "internal/abi.Imethod"], fields: &["name", "Name"], since: &[Since(18, Some(0), Some(0))] },
    Row { fact: Fact::ImethodType, structs: &["runtime.imethod", "internal/abi.Imethod"], fields: &["ityp", "Typ"], since: &[Since(18, Some(4), Some(4))] },
    Row { fact: Fact::ImethodSize, structs: &["runtime.imethod", "internal/abi.Imethod"], fields: &["-"], since: &[Since(18, Some(8), Some(8))] },
    Row { fact: Fact::MapKey, structs: &["runtime.maptype", "internal/abi.MapType", "internal/abi.OldMapType", "internal/abi.SwissMapType"], fields: &["key", "Key"], since: &[Since(18, Some(48), Some(32))] },
    Row { fact: Fact::MapElem, structs: &["runtime.maptype", "internal/abi.MapType", "internal/abi.OldMapType", "internal/abi.SwissMapType"], fields: &["elem", "Elem"], since: &[Since(18, Some(56), Some(36))] },
    Row { fact: Fact::MapTypeSize, structs: &["runtime.maptype", "internal/abi.MapType", "internal/abi.OldMapType", "internal/abi.SwissMapType"], fields: &["-"], since: &[Since(18, Some(88), Some(56)), Since(24, Some(112), Some(64)), Since(27, Some(136), Some(76))] },
    Row { fact: Fact::MapFlags, structs: &["runtime.maptype", "internal/abi.MapType", "internal/abi.OldMapType", "internal/abi.SwissMapType"], fields: &["flags", "Flags"], since: &[Since(18, Some(84), Some(52)), Since(24, Some(104), Some(60)), Since(27, Some(128), Some(72))] },
    Row { fact: Fact::MapBucketSize, structs: &["runtime.maptype", "internal/abi.MapType", "internal/abi.OldMapType", "internal/abi.SwissMapType"], fields: &["bucketsize", "BucketSize"], since: &[Since(18, Some(82), Some(50)), Since(24, None, None)] },
    Row { fact: Fact::MapGroupSize, structs: &["internal/abi.SwissMapType", "internal/abi.MapType"], fields: &["GroupSize"], since: &[Since(21, None, None), Since(24, Some(80), Some(48))] },
    Row { fact: Fact::MapSlotSize, structs: &["internal/abi.SwissMapType", "internal/abi.MapType"], fields: &["SlotSize"], since: &[Since(21, None, None), Since(24, Some(88), Some(52)), Since(27, None, None)] },
    Row { fact: Fact::MapElemOff, structs: &["internal/abi.SwissMapType", "internal/abi.MapType"], fields: &["ElemOff"], since: &[Since(21, None, None), Since(24, Some(96), Some(56)), Since(27, Some(120), Some(68))] },
    Row { fact: Fact::MapKeysOff, structs: &["internal/abi.SwissMapType", "internal/abi.MapType"], fields: &["KeysOff"], since: &[Since(21, None, None), Since(27, Some(88), Some(52))] },
    Row { fact: Fact::MapKeyStride, structs: &["internal/abi.SwissMapType", "internal/abi.MapType"], fields: &["KeyStride"], since: &[Since(21, None, None), Since(27, Some(96), Some(56))] },
    Row { fact: Fact::MapElemsOff, structs: &["internal/abi.SwissMapType", "internal/abi.MapType"], fields: &["ElemsOff"], since: &[Since(21, None, None), Since(27, Some(104), Some(60))] },
    Row { fact: Fact::MapElemStride, structs: &["internal/abi.SwissMapType", "internal/abi.MapType"], fields: &["ElemStride"], since: &[Since(21, None, None), Since(27, Some(112), Some(64))] },
    Row { fact: Fact::PtrElem, structs: &["runtime.ptrtype", "internal/abi.PtrType"], fields: &["elem", "Elem"], since: &[Since(18, Some(48), Some(32))] },
    Row { fact: Fact::PtrTypeSize, structs: &["runtime.ptrtype", "internal/abi.PtrType"], fields: &["-"], since: &[Since(18, Some(56), Some(36))] },
    Row { fact: Fact::SliceElem, structs: &["runtime.slicetype", "internal/abi.SliceType"], fields: &["elem", "Elem"], since: &[Since(18, Some(48), Some(32))] },
    Row { fact: Fact::SliceTypeSize, structs: &["runtime.slicetype", "internal/abi.SliceType"], fields: &["-"], since: &[Since(18, Some(56), Some(36))] },
    Row { fact: Fact::StructPkgPath, structs: &["runtime.structtype", "internal/abi.StructType"], fields: &["pkgPath", "PkgPath"], since: &[Since(18, Some(48), Some(32))] },
    Row { fact: Fact::StructFields, structs: &["runtime.structtype", "internal/abi.StructType"], fields: &["fields", "Fields"], since: &[Since(18, Some(56), Some(36))] },
    Row { fact: Fact::StructTypeSize, structs: &["runtime.structtype", "internal/abi.StructType"], fields: &["-"], since: &[Since(18, Some(80), Some(48))] },
    Row { fact: Fact::FieldName, structs: &["runtime.structfield", "internal/abi.StructField"], fields: &["name", "Name"], since: &[Since(18, Some(0), Some(0))] },
    Row { fact: Fact::FieldType, structs: &["runtime.structfield", "internal/abi.StructField"], fields: &["typ", "Typ"], since: &[Since(18, Some(8), Some(4))] },
    Row { fact: Fact::FieldOffset, structs: &["runtime.structfield", "internal/abi.StructField"], fields: &["offset", "offsetAnon", "Offset"], since: &[Since(18, Some(16), Some(8))] },
    Row { fact: Fact::FieldSize, structs: &["runtime.structfield", "internal/abi.StructField"], fields: &["-"], since: &[Since(18, Some(24), Some(12))] },
    Row { fact: Fact::UncommonPkgPath, structs: &["runtime.uncommontype", "internal/abi.UncommonType"], fields: &["pkgpath", "PkgPath"], since: &[Since(18, Some(0), Some(0))] },
    Row { fact: Fact::UncommonMCount, structs: &["runtime.uncommontype", "internal/abi.UncommonType"], fields: &["mcount", "Mcount"], since: &[Since(18, Some(4), Some(4))] },
    Row { fact: Fact::UncommonMOff, structs: &["runtime.uncommontype", "internal/abi.UncommonType"], fields: &["moff", "Moff"], since: &[Since(18, Some(8), Some(8))] },
    Row { fact: Fact::UncommonSize, structs: &["runtime.uncommontype", "internal/abi.UncommonType"], fields: &["-"], since: &[Since(18, Some(16), Some(16))] },
    Row { fact: Fact::MethodName, structs: &["runtime.method", "internal/abi.Method"], fields: &["name", "Name"], since: &[Since(18, Some(0), Some(0))] },
    Row { fact: Fact::MethodType, structs: &["runtime.method", "internal/abi.Method"], fields: &["mtyp", "Mtyp"], since: &[Since(18, Some(4), Some(4))] },
    Row { fact: Fact::MethodTfn, structs: &["runtime.method", "internal/abi.Method"], fields: &["tfn", "Tfn"], since: &[Since(18, Some(12), Some(12))] },
    Row { fact: Fact::MethodSize, structs: &["runtime.method", "internal/abi.Method"], fields: &["-"], since: &[Since(18, Some(16), Some(16))] },
    Row { fact: Fact::TypePtrToThis, structs: &["runtime._type", "internal/abi.Type"], fields: &["ptrToThis", "PtrToThis"], since: &[Since(18, Some(44), Some(28))] },
    Row { fact: Fact::ItabInter, structs: &["runtime.itab", "internal/abi.ITab"], fields: &["inter", "Inter"], since: &[Since(18, Some(0), Some(0))] },
    Row { fact: Fact::ItabType, structs: &["runtime.itab", "internal/abi.ITab"], fields: &["_type", "Type"], since: &[Since(18, Some(8), Some(4))] },
];
