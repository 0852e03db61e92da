//! The limits of message sizes.

use crate::error::code::Code;
use crate::error::{Error, grpc_status};
use crate::server::gateway::settings::Options;

/// The limits of a server.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// The largest request message, in bytes.
    decoding: usize,
    /// The largest response message, in bytes; `None` for any.
    encoding: Option<usize>,
}

impl Limits {
    /// The settings of a server, with tonic's default.
    pub fn new(decoding: Option<usize>, encoding: Option<usize>) -> Self {
        Self { decoding: decoding.unwrap_or(4 << 20), encoding }
    }

    /// Fails if a message that was read from this much text is too large, with the status of tonic.
    pub(super) fn check_request(self, text: usize, length: impl FnOnce() -> usize) -> Result<(), Error> {
        // At most, a byte of JSON becomes eight bytes on the wire. Only large requests need to be measured.
        if text.saturating_mul(16).saturating_add(1024) <= self.decoding {
            return Ok(());
        }
        too_large("decoded", length(), self.decoding)
    }

    /// Fails if a message is too large for the server, with the status of tonic, or for the gateway.
    pub(super) fn check_response(
        self,
        options: &Options,
        length: impl FnOnce() -> usize,
    ) -> Result<(), Error> {
        let own = options.max_message_size;
        if self.encoding.is_none() && own == usize::MAX {
            return Ok(());
        }
        let length = length();
        too_large("encoded", length, self.encoding.unwrap_or(usize::MAX))?;
        if length > own { Err(grpc_status::too_large(length, own)) } else { Ok(()) }
    }
}

fn too_large(what: &str, found: usize, limit: usize) -> Result<(), Error> {
    if found <= limit {
        return Ok(());
    }
    let message =
        format!("Error, {what} message length too large: found {found} bytes, the limit is: {limit} bytes");
    Err(Error::from_status(Code::OutOfRange, message))
}
