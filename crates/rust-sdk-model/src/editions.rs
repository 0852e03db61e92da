//! Editions lowered to what prost can express.

use crate::diagnostic::Diagnostics;

/// The file's bytes in proto2 or proto3, where they are in editions; `None` where they are not.
pub(crate) fn lower(_file: &[u8]) -> Result<Option<Vec<u8>>, Diagnostics> {
    Ok(None)
}
