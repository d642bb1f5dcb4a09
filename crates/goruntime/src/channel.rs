//! Channels (`runtime/chan.go`).

use adit_process::{Addr, Memory};

use crate::reader::Reader;
use crate::{Fact, GoRuntime, RuntimeError};

/// A channel at the moment of reading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Channel {
    /// Elements in the buffer: `len`.
    pub len: u64,
    /// Elements that the buffer holds: `cap`.
    pub capacity: u64,
    /// Size of an element in bytes.
    pub elem_size: u64,
    /// Descriptor of the elements' type.
    pub elem_type: Addr,
    /// Is it closed?
    pub closed: bool,
    /// Goroutines that wait to receive, first come first.
    pub receivers: Vec<Waiter>,
    /// Goroutines that wait to send, first come first.
    pub senders: Vec<Waiter>,
    buffer: Addr,
    first: u64,
}

/// A goroutine in the queue of a channel (`runtime.sudog`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Waiter {
    /// Its `runtime.g`.
    pub g: Addr,
    /// The element to send, or where to put the one received; zero: it is not wanted.
    pub elem: Addr,
}

/// Waiters beyond this are not read.
const MAX_WAITERS: usize = 100_000;

impl Channel {
    /// Where the `index`th element is, counted in the order in which elements will be received.
    pub fn element(&self, index: u64) -> Option<Addr> {
        if index >= self.len {
            return None;
        }
        // Both are below the capacity, whose sum may be more than a word.
        let left = self.capacity - self.first;
        let slot = if index < left { self.first + index } else { index - left };
        Some(Addr(self.buffer.0.wrapping_add(slot.wrapping_mul(self.elem_size))))
    }
}

impl GoRuntime {
    /// Reads the channel whose `hchan` is at `addr`: the value of a `chan` variable.
    pub fn channel(&self, memory: &dyn Memory, addr: Addr) -> Result<Channel, RuntimeError> {
        let layout = &self.layout;
        let hchan = Reader::new(memory, layout.arch).record(addr, layout.of(Fact::HchanSize)?)?;
        let word = |fact| layout.of(fact).map(|offset| hchan.pointer(offset).0);
        let (len, capacity) = (word(Fact::HchanQCount)?, word(Fact::HchanDataQSiz)?);
        let first = word(Fact::HchanRecvX)?;
        if len > capacity || (first >= capacity && capacity > 0) {
            return Err(RuntimeError::corrupt(
                "a channel",
                addr,
                format!("{len} of {capacity} elements at {first}"),
            ));
        }
        let queue = |fact| {
            let at = layout.of(fact)? + layout.of(Fact::WaitQFirst)?;
            self.waiters(memory, hchan.pointer(at))
        };
        Ok(Channel {
            len,
            capacity,
            elem_size: hchan.uint(layout.of(Fact::HchanElemSize)?, 2),
            elem_type: Addr(word(Fact::HchanElemType)?),
            closed: hchan.uint(layout.of(Fact::HchanClosed)?, 4) != 0,
            receivers: queue(Fact::HchanRecvQ)?,
            senders: queue(Fact::HchanSendQ)?,
            buffer: Addr(word(Fact::HchanBuf)?),
            first,
        })
    }

    fn waiters(&self, memory: &dyn Memory, mut sudog: Addr) -> Result<Vec<Waiter>, RuntimeError> {
        let layout = &self.layout;
        let (g, next, elem) =
            (layout.of(Fact::SudogG)?, layout.of(Fact::SudogNext)?, layout.of(Fact::SudogElem)?);
        let size = g.max(next).max(elem) + layout.pointer_size();
        let mut waiters = Vec::new();
        while sudog.0 != 0 && waiters.len() < MAX_WAITERS {
            let record = Reader::new(memory, layout.arch).record(sudog, size)?;
            waiters.push(Waiter { g: record.pointer(g), elem: record.pointer(elem) });
            sudog = record.pointer(next);
        }
        Ok(waiters)
    }
}
