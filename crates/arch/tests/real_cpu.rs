//! Emulated and displaced instructions against the CPU this runs on: a child under ptrace(2) executes random
//! instructions on random states, and registers, flags and memory must come out the same.
#![cfg(all(target_os = "linux", target_arch = "x86_64"))]
// The whole file is ptrace(2) on a child of its own, and memory shared with it.
#![allow(unsafe_code, clippy::undocumented_unsafe_blocks, clippy::unwrap_used)]

use adit_arch::displaced::{Fixup, Plan, Words, displace, emulate, mend, plan};
use adit_arch::{AMD64, RFLAGS, Registers};
use iced_x86::{Decoder, DecoderOptions, Instruction, Mnemonic, OpKind, Register};

/// Room for data and code, shared between the child and the test, below 4 GiB so that 32-bit addresses reach it.
const DATA: usize = 0x3000;
const CODE: usize = 0x1000;
/// Flags a program can have: the arithmetic ones and DF.
const FLAGS: u64 = 0xcd5;

/// xorshift64*: the tests are the same on every run.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    fn below(&mut self, n: u64) -> u64 {
        (self.next() >> 11) % n
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len() as u64) as usize]
    }
}

/// A child that stands still between single-steps.
struct Child {
    pid: libc::pid_t,
    data: *mut u8,
    code: *mut u8,
    xstate: Vec<u8>,
    /// Registers at the start: what the tests do not choose (segments) always comes from here.
    start: libc::user_regs_struct,
}

impl Child {
    fn start() -> Child {
        let map = |len, protection| unsafe {
            let flags = libc::MAP_SHARED | libc::MAP_ANONYMOUS | libc::MAP_32BIT;
            let at = libc::mmap(std::ptr::null_mut(), len, protection, flags, -1, 0);
            assert_ne!(at, libc::MAP_FAILED);
            at.cast::<u8>()
        };
        let data = map(DATA, libc::PROT_READ | libc::PROT_WRITE);
        let code = map(CODE, libc::PROT_READ | libc::PROT_WRITE | libc::PROT_EXEC);
        let pid = unsafe { libc::fork() };
        assert!(pid >= 0);
        if pid == 0 {
            unsafe {
                libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL);
                libc::ptrace(libc::PTRACE_TRACEME, 0, 0, 0);
                libc::raise(libc::SIGSTOP);
                libc::_exit(1);
            }
        }
        let mut child =
            Child { pid, data, code, xstate: vec![0; 16384], start: unsafe { std::mem::zeroed() } };
        assert_eq!(child.wait(), libc::SIGSTOP);
        let len = child.regset(libc::PTRACE_GETREGSET);
        child.xstate.truncate(len);
        child.start = child.user();
        child
    }

    /// Waits for the child's stop; the signal that stopped it.
    fn wait(&self) -> i32 {
        let mut status = 0;
        assert_eq!(unsafe { libc::waitpid(self.pid, &raw mut status, 0) }, self.pid);
        assert!(libc::WIFSTOPPED(status), "child ended: {status:#x}");
        libc::WSTOPSIG(status)
    }

    /// Gets or sets the whole floating-point and vector state.
    fn regset(&mut self, request: libc::c_uint) -> usize {
        const NT_X86_XSTATE: usize = 0x202;
        let mut iov = libc::iovec { iov_base: self.xstate.as_mut_ptr().cast(), iov_len: self.xstate.len() };
        let result = unsafe { libc::ptrace(request, self.pid, NT_X86_XSTATE, &raw mut iov) };
        assert_eq!(result, 0, "{}", std::io::Error::last_os_error());
        iov.iov_len
    }

    fn user(&self) -> libc::user_regs_struct {
        let mut user: libc::user_regs_struct = unsafe { std::mem::zeroed() };
        assert_eq!(unsafe { libc::ptrace(libc::PTRACE_GETREGS, self.pid, 0, &raw mut user) }, 0);
        user
    }

    fn registers(&self) -> Registers {
        let mut user = self.user();
        let mut registers = Registers::new(&AMD64);
        for (name, slot) in slots(&mut user) {
            registers.set(AMD64.by_name(name).unwrap(), *slot);
        }
        registers
    }

    fn set_registers(&self, registers: &Registers) {
        let mut user = self.start;
        for (name, slot) in slots(&mut user) {
            *slot = registers.get(AMD64.by_name(name).unwrap()).unwrap();
        }
        user.orig_rax = u64::MAX;
        assert_eq!(unsafe { libc::ptrace(libc::PTRACE_SETREGS, self.pid, 0, &raw const user) }, 0);
    }

    fn data(&mut self) -> &mut [u8] {
        unsafe { std::slice::from_raw_parts_mut(self.data, DATA) }
    }

    /// Random data; every other time sparse, so that words in it can be code addresses.
    fn fill(&mut self, random: &mut Random) {
        let sparse = random.below(2) == 0;
        for chunk in self.data().chunks_mut(8) {
            let mask = if sparse { 0xff << (8 * random.below(8)) } else { u64::MAX };
            chunk.copy_from_slice(&(random.next() & mask).to_le_bytes());
        }
    }

    fn put_code(&mut self, at: usize, bytes: &[u8]) {
        assert!(at + bytes.len() <= CODE);
        unsafe { std::ptr::copy_nonoverlapping(bytes.as_ptr(), self.code.add(at), bytes.len()) };
    }

    /// Executes one instruction from `registers`; the signal it stopped with.
    fn step(&mut self, registers: &Registers) -> (i32, Registers) {
        self.regset(libc::PTRACE_SETREGSET);
        self.set_registers(registers);
        assert_eq!(unsafe { libc::ptrace(libc::PTRACE_SINGLESTEP, self.pid, 0, 0) }, 0);
        (self.wait(), self.registers())
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        unsafe {
            libc::kill(self.pid, libc::SIGKILL);
            libc::waitpid(self.pid, std::ptr::null_mut(), 0);
        }
    }
}

fn slots(user: &mut libc::user_regs_struct) -> [(&'static str, &mut u64); 20] {
    [
        ("rip", &mut user.rip),
        ("rsp", &mut user.rsp),
        ("rax", &mut user.rax),
        ("rbx", &mut user.rbx),
        ("rcx", &mut user.rcx),
        ("rdx", &mut user.rdx),
        ("rsi", &mut user.rsi),
        ("rdi", &mut user.rdi),
        ("rbp", &mut user.rbp),
        ("r8", &mut user.r8),
        ("r9", &mut user.r9),
        ("r10", &mut user.r10),
        ("r11", &mut user.r11),
        ("r12", &mut user.r12),
        ("r13", &mut user.r13),
        ("r14", &mut user.r14),
        ("r15", &mut user.r15),
        ("rflags", &mut user.eflags),
        ("fs_base", &mut user.fs_base),
        ("gs_base", &mut user.gs_base),
    ]
}

/// The data area, as emulation sees it.
struct Model {
    base: u64,
    bytes: Vec<u8>,
}

impl Model {
    fn range(&self, addr: u64, len: usize) -> Option<std::ops::Range<usize>> {
        let at = usize::try_from(addr.checked_sub(self.base)?).ok()?;
        (at < DATA && at + len <= DATA).then_some(at..at + len)
    }
}

impl Words for Model {
    fn load(&self, addr: u64, buf: &mut [u8]) -> bool {
        self.range(addr, buf.len()).map(|at| buf.copy_from_slice(&self.bytes[at])).is_some()
    }

    fn store(&mut self, addr: u64, bytes: &[u8]) -> bool {
        self.range(addr, bytes.len()).map(|at| self.bytes[at].copy_from_slice(bytes)).is_some()
    }
}

/// Random bytes that start like an instruction with one of these opcodes (`0x100` and above: after 0F).
fn random_code(random: &mut Random, opcodes: &[u16]) -> Vec<u8> {
    let mut code = Vec::new();
    while random.below(8) == 0 {
        code.push(random.pick(&[0x66, 0x66, 0x67, 0x64, 0x65, 0x2e, 0x3e, 0xf2, 0xf3]));
    }
    if random.below(3) > 0 {
        code.push(0x40 | random.below(16) as u8);
    }
    let opcode = random.pick(opcodes);
    if opcode >= 0x100 {
        code.push(0x0f);
    }
    code.push(opcode as u8);
    while code.len() < 24 {
        code.push(random.next() as u8);
    }
    code
}

/// A random state in which the instruction's memory operand and stack lie in the data area.
fn random_state(random: &mut Random, code: &mut [u8], at: u64, data: u64) -> (Instruction, Registers) {
    let mut decoder = Decoder::with_ip(64, code, at, DecoderOptions::NONE);
    let instruction = decoder.decode();
    let offsets = decoder.get_constant_offsets(&instruction);
    let mut registers = Registers::new(&AMD64);
    let mut user: libc::user_regs_struct = unsafe { std::mem::zeroed() };
    for (name, _) in slots(&mut user) {
        let value = match random.below(5) {
            0 => random.next(),
            1 => random.below(16),
            2 => random.pick(&[
                0,
                1,
                0x7f,
                0x80,
                0xff,
                0x7fff,
                0x8000,
                0x7fff_ffff,
                0x8000_0000,
                u64::MAX,
                1 << 63,
            ]),
            3 => u64::from(random.next() as u32),
            _ => data + 0x1000 + random.below(DATA as u64 - 0x2000),
        };
        registers.set(AMD64.by_name(name).unwrap(), value);
    }
    registers.set_pc(at);
    registers.set_sp(data + 0x1000 + random.below(DATA as u64 - 0x2000));
    registers.set(RFLAGS, 0x202 | random.next() & FLAGS);
    registers.set(adit_arch::FS_BASE, random.below(64));
    registers.set(adit_arch::GS_BASE, random.below(64));
    let wanted = data + 0x1000 + random.below(DATA as u64 - 0x2000);
    if instruction.is_ip_rel_memory_operand() && offsets.displacement_size() == 4 {
        let distance = wanted.wrapping_sub(instruction.next_ip()) as i32;
        let field = offsets.displacement_offset();
        code[field..field + 4].copy_from_slice(&distance.to_le_bytes());
    } else if (0..instruction.op_count()).any(|i| instruction.op_kind(i) == OpKind::Memory) {
        aim(random, &instruction, &mut registers, wanted);
    }
    let instruction = Decoder::with_ip(64, code, at, DecoderOptions::NONE).decode();
    (instruction, registers)
}

/// Chooses base and index so that the memory operand lies at `wanted`.
fn aim(random: &mut Random, instruction: &Instruction, registers: &mut Registers, wanted: u64) {
    let id = |register: Register| AMD64.by_name(&format!("{:?}", register.full_register()));
    let index =
        if instruction.memory_index() == Register::None { None } else { id(instruction.memory_index()) };
    if let Some(index) = index {
        registers.set(index, random.below(100));
    }
    if let Some(base) = id(instruction.memory_base()) {
        let scaled =
            index.map_or(0, |i| registers.get(i).unwrap() * u64::from(instruction.memory_index_scale()));
        let rest = wanted.wrapping_sub(scaled).wrapping_sub(instruction.memory_displacement64());
        registers.set(base, rest);
    }
}

fn assert_same(what: &str, cpu: &Registers, ours: &Registers, before: &Registers) {
    for id in cpu.known() {
        assert_eq!(
            cpu.get(id),
            ours.get(id),
            "{what}: {} (was {:x?}, flags were {:x?})\nCPU {cpu:?}\nus  {ours:?}",
            AMD64.info(id).name,
            before.get(id),
            before.get(RFLAGS)
        );
    }
}

fn emulated_opcodes() -> Vec<u16> {
    let mut opcodes = Vec::new();
    for group in [0x00, 0x08, 0x20, 0x28, 0x30, 0x38] {
        opcodes.extend(group..group + 6);
    }
    opcodes.extend(0x50..0x60);
    opcodes.extend(0x70..0x80);
    opcodes.extend(0x180..0x190);
    opcodes.extend(0xa0..0xa4);
    opcodes.extend(0xb0..0xc0);
    opcodes.extend([
        0x63, 0x63, 0x68, 0x6a, 0x80, 0x81, 0x83, 0x84, 0x85, 0x88, 0x89, 0x8a, 0x8b, 0x8d, 0x8f, 0x90,
    ]);
    opcodes.extend([
        0x9c, 0xa8, 0xa9, 0xc2, 0xc3, 0xc6, 0xc7, 0xc9, 0xe3, 0xe8, 0xe9, 0xeb, 0xfe, 0xff, 0xff, 0x11f,
    ]);
    opcodes.extend([0x1b6, 0x1b7, 0x1be, 0x1bf]);
    opcodes
}

#[test]
fn emulation_is_exact() {
    let mut child = Child::start();
    let (code_at, data_at) = (child.code as u64, child.data as u64);
    let opcodes = emulated_opcodes();
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let mut counts = std::collections::BTreeMap::<String, u32>::new();
    for _ in 0..60_000 {
        let mut code = random_code(&mut random, &opcodes);
        let (instruction, before) = random_state(&mut random, &mut code, code_at, data_at);
        if plan(&AMD64, code_at, &code, code_at + 64) != Plan::Emulate {
            continue;
        }
        child.fill(&mut random);
        let mut model = Model { base: data_at, bytes: child.data().to_vec() };
        let mut ours = before.clone();
        if !emulate(&code, &mut ours, &mut model) {
            assert_same("not emulated", &before, &ours, &before);
            continue;
        }
        child.put_code(0, &code);
        let (signal, cpu) = child.step(&before);
        let what = format!("{instruction} ({:02x?})", &code[..instruction.len()]);
        assert_eq!(signal, libc::SIGTRAP, "{what}: emulated, but the CPU faults");
        assert_same(&what, &cpu, &ours, &before);
        if instruction.mnemonic() == Mnemonic::Pushfq {
            // The pushed flags show the trap flag of the single-step: what emulation avoids.
            let at = (cpu.sp() - data_at) as usize + 1;
            assert_eq!(child.data()[at] & 1, 1);
            child.data()[at] &= !1;
        }
        assert!(child.data() == model.bytes, "{what}: memory differs");
        *counts.entry(format!("{:?}", instruction.mnemonic())).or_default() += 1;
    }
    println!("{counts:?}");
    assert!(counts.values().sum::<u32>() > 20_000, "{counts:?}");
    for form in
        ["Mov", "Lea", "Push", "Pop", "Call", "Ret", "Jmp", "Je", "Sub", "Test", "Movsxd", "Leave", "Pushfq"]
    {
        assert!(counts.get(form).is_some_and(|n| *n > 30), "{form}: {counts:?}");
    }
}

/// What gives another result each time, or leaves the child's other state changed.
fn is_repeatable(instruction: &Instruction) -> bool {
    !matches!(
        instruction.mnemonic(),
        Mnemonic::Rdtsc
            | Mnemonic::Rdtscp
            | Mnemonic::Rdrand
            | Mnemonic::Rdseed
            | Mnemonic::Cpuid
            | Mnemonic::Rdpid
            | Mnemonic::Xsave
            | Mnemonic::Xsave64
            | Mnemonic::Xsaveopt
            | Mnemonic::Xsaveopt64
            | Mnemonic::Fxsave
            | Mnemonic::Fxsave64
            | Mnemonic::Fnsave
            | Mnemonic::Fnstenv
            // The CPU's mask for these sees the single-step trap.
            | Mnemonic::Pushf
            | Mnemonic::Pushfd
            | Mnemonic::Popf
            | Mnemonic::Popfq
    )
}

#[test]
fn displaced_copies_do_the_same() {
    let mut child = Child::start();
    let (code_at, data_at) = (child.code as u64, child.data as u64);
    let scratch = code_at + 0x800;
    let opcodes: Vec<u16> = (0..0x200).collect();
    let mut random = Random(0x1234_5678_9abc_def1);
    let (mut same, mut faults, mut lifted) = (0, 0, 0);
    for _ in 0..40_000 {
        let mut code = random_code(&mut random, &opcodes);
        let (instruction, before) = random_state(&mut random, &mut code, code_at, data_at);
        if instruction.is_invalid() || !is_repeatable(&instruction) {
            continue;
        }
        let Plan::Displace { code: copy, fixup } = displace(&AMD64, code_at, &code, scratch) else {
            lifted += 1;
            continue;
        };
        child.fill(&mut random);
        let memory = child.data().to_vec();
        child.put_code(0, &code);
        let (signal, there) = child.step(&before);
        let after = child.data().to_vec();
        child.data().copy_from_slice(&memory);

        child.put_code(0x800, &copy);
        let mut moved = before.clone();
        moved.set_pc(scratch);
        let (displaced_signal, mut here) = child.step(&moved);
        let mut model = Model { base: data_at, bytes: child.data().to_vec() };
        mend(&fixup, &mut here, &mut model);
        let what = format!("{instruction} ({:02x?})", &code[..instruction.len()]);
        assert_eq!(displaced_signal, signal, "{what}");
        assert_same(&what, &there, &here, &before);
        assert!(model.bytes == after, "{what}: memory differs");
        if signal == libc::SIGTRAP { same += 1 } else { faults += 1 }
    }
    println!("{same} executed, {faults} faulted alike, {lifted} lifted");
    assert!(same > 8_000, "{same} executed, {faults} faulted, {lifted} lifted");
}

#[test]
fn a_copy_that_did_not_execute_goes_home() {
    let fixup = |call| Fixup {
        original: 0x1000,
        scratch: 0x9000,
        len: 5,
        pushed_return: call,
        relative: call,
        repeats: false,
    };
    let mut model = Model { base: 0, bytes: vec![0; DATA] };
    let mut registers = Registers::new(&AMD64);
    registers.set_sp(0x100);
    for call in [false, true] {
        registers.set_pc(0x9000);
        mend(&fixup(call), &mut registers, &mut model);
        assert_eq!(registers.pc(), 0x1000);
    }
    model.bytes[0x100..0x108].copy_from_slice(&0x9005_u64.to_le_bytes());
    registers.set_pc(0xa000);
    mend(&fixup(true), &mut registers, &mut model);
    assert_eq!(registers.pc(), 0x2000);
    assert_eq!(model.bytes[0x100..0x108], 0x1005_u64.to_le_bytes());
}

#[test]
fn a_repeated_copy_may_run_to_its_trap() {
    let mut child = Child::start();
    let (code_at, data_at) = (child.code as u64, child.data as u64);
    let code = [0xf3, 0xa4, 0x90, 0x90];
    let Plan::Displace { code: copy, fixup } = plan(&AMD64, code_at, &code, code_at + 64) else {
        panic!("rep movsb is displaced");
    };
    assert_eq!((copy.as_slice(), fixup.repeats), ([0xf3, 0xa4, 0xcc].as_slice(), true));
    child.put_code(64, &copy);
    let mut registers = child.registers();
    registers.set_pc(code_at + 64);
    registers.set(AMD64.by_name("rsi").unwrap(), data_at);
    registers.set(AMD64.by_name("rdi").unwrap(), data_at + 0x1000);
    registers.set(AMD64.by_name("rcx").unwrap(), 100);
    let (_, mut stepped) = child.step(&registers);
    let mut model = Model { base: data_at, bytes: vec![0; DATA] };
    mend(&fixup, &mut stepped, &mut model);
    assert_eq!(stepped.pc(), code_at, "one repetition: not done");
    assert_eq!(stepped.get(AMD64.by_name("rcx").unwrap()), Some(99));
    child.set_registers(&registers);
    assert_eq!(unsafe { libc::ptrace(libc::PTRACE_CONT, child.pid, 0, 0) }, 0);
    assert_eq!(child.wait(), libc::SIGTRAP);
    let mut done = child.registers();
    mend(&fixup, &mut done, &mut model);
    assert_eq!(done.pc(), code_at + 2);
    assert_eq!(done.get(AMD64.by_name("rcx").unwrap()), Some(0));
}
