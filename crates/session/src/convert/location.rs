//! Places in the program, and frames.

use adit_api::{Function, Location, Stackframe};
use adit_engine::Debugger;
use adit_engine::goroutine::SourcePlace;
use adit_engine::unwind::Frame;
use adit_process::Addr;

/// A function that contains `pc`.
pub(crate) fn api_function(debugger: &Debugger, name: &str, entry: Addr) -> Function {
    Function {
        name: name.to_owned(),
        value: entry.0,
        optimized: debugger.is_optimized(entry),
        ..Function::default()
    }
}

/// A place that a goroutine has to do with.
pub(crate) fn api_place(debugger: &Debugger, place: &SourcePlace) -> Location {
    Location {
        pc: place.pc.0,
        file: place.file.clone(),
        line: i64::from(place.line),
        function: place.function.as_ref().map(|(name, entry)| api_function(debugger, name, *entry)),
        ..Location::default()
    }
}

/// Where `pc` is in the source.
pub(crate) fn api_location(debugger: &Debugger, pc: Addr) -> Location {
    api_place(debugger, &debugger.source_place(pc, pc))
}

/// A frame, without its variables.
pub(crate) fn api_frame(debugger: &Debugger, frame: &Frame) -> Stackframe {
    let source = frame.source.as_ref();
    Stackframe {
        location: Location {
            pc: frame.pc.0,
            file: source.map(|source| source.file.clone()).unwrap_or_default(),
            line: source.map_or(0, |source| i64::from(source.line)),
            function: source.map(|source| {
                api_function(debugger, &source.function, debugger.image().to_target(source.entry))
            }),
            ..Location::default()
        },
        frame_offset: frame.offset,
        frame_pointer_offset: frame.frame_pointer_offset,
        bottom: frame.bottom,
        err: frame.error.clone().unwrap_or_default(),
        ..Stackframe::default()
    }
}
