//! Does a file belong to a binary? One that does not is worse than none: it would answer, and wrongly.

use super::{Candidate, Proof};
use crate::{Binary, OpenError};

/// Why a file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum Mismatch {
    /// It cannot be opened.
    #[error("{0}")]
    Open(OpenError),
    /// It is for another machine.
    #[error("it is for {theirs}, not {ours}")]
    Arch {
        /// What it is for.
        theirs: &'static str,
        /// What it should be for.
        ours: &'static str,
    },
    /// It is of another build.
    #[error("its build ID is {theirs}, not {ours}: it is of another build")]
    BuildId {
        /// The ID that it has.
        theirs: String,
        /// The ID that it should have.
        ours: String,
    },
    /// It is not the file that the link was made for.
    #[error("its CRC is {theirs:08x}, not {ours:08x}: it is of another build, or was changed")]
    Crc {
        /// The checksum of its bytes.
        theirs: u32,
        /// The checksum that the link states.
        ours: u32,
    },
    /// It has none either; it may be the binary itself, or a part of a debug file.
    #[error("it has no debug information, or is cut off")]
    Empty,
}

/// Opens what may be the debug information of `binary`.
pub(super) fn debug_file(binary: &Binary, candidate: &Candidate) -> Result<Binary, Mismatch> {
    let found = Binary::open(&candidate.path).map_err(Mismatch::Open)?;
    if found.arch().name != binary.arch().name {
        return Err(Mismatch::Arch { theirs: found.arch().name, ours: binary.arch().name });
    }
    match &candidate.proof {
        Proof::BuildId => same_identity(&binary.identity().unwrap_or_default(), &found)?,
        Proof::Identity(id) => same_identity(id, &found)?,
        // Build IDs are compared where there are any: they stay the same when the file is compressed afterwards. Else
        // all of it is read.
        Proof::Crc(crc) => match (binary.identity(), found.identity()) {
            (Some(ours), Some(_)) => same_identity(&ours, &found)?,
            _ => same_crc(*crc, &found)?,
        },
    }
    same_go_build(binary, &found)?;
    if found.has_own_debug_info() { Ok(found) } else { Err(Mismatch::Empty) }
}

/// Opens what may be a supplementary file.
pub(super) fn supplementary_file(candidate: &Candidate) -> Result<Binary, Mismatch> {
    let found = Binary::open_supplementary(&candidate.path).map_err(Mismatch::Open)?;
    if let Proof::Identity(id) = &candidate.proof {
        same_identity(id, &found)?;
    }
    // It may be no more than texts that several files have in common.
    if found.has_own_debug_info() || found.has_section(".debug_str") {
        Ok(found)
    } else {
        Err(Mismatch::Empty)
    }
}

fn same_identity(ours: &[u8], found: &Binary) -> Result<(), Mismatch> {
    match found.identity() {
        Some(theirs) if theirs == ours && !theirs.is_empty() => Ok(()),
        theirs => Err(Mismatch::BuildId {
            theirs: theirs.map_or_else(|| "missing".to_owned(), |id| hex(&id)),
            ours: hex(ours),
        }),
    }
}

/// Go's build ID is kept in a debug file like any note. It is of what was compiled, not of how it was linked: that it
/// is the same proves little, that it is not, everything.
fn same_go_build(binary: &Binary, found: &Binary) -> Result<(), Mismatch> {
    match (binary.build_id(), found.build_id()) {
        (Some(ours), Some(theirs)) if ours != theirs => Err(Mismatch::BuildId { theirs, ours }),
        _ => Ok(()),
    }
}

fn same_crc(ours: u32, found: &Binary) -> Result<(), Mismatch> {
    let mut crc = flate2::Crc::new();
    crc.update(found.file_bytes());
    let theirs = crc.sum();
    if theirs == ours { Ok(()) } else { Err(Mismatch::Crc { theirs, ours }) }
}

/// Long ones are cut: a note may claim anything.
fn hex(id: &[u8]) -> String {
    const SHOWN: usize = 32;
    let mut text: String = id.iter().take(SHOWN).map(|byte| format!("{byte:02x}")).collect();
    if id.len() > SHOWN {
        text.push('…');
    }
    text
}
