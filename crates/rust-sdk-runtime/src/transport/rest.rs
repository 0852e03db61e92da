//! REST and JSON over HTTP, by the methods' `google.api.http` bindings.

use std::task::{Context, Poll};

use bytes::Bytes;
use http::HeaderMap;

use super::{RawRequest, Transport};
use crate::error::{Error, ErrorKind};

/// The messages of one response.
pub(crate) struct Messages {}

impl Messages {
    /// What came after the messages.
    pub(crate) fn trailers(&self) -> &HeaderMap {
        todo!()
    }

    /// The next message.
    pub(crate) fn poll_next(&mut self, _: &mut Context<'_>) -> Poll<Option<Result<Bytes, Error>>> {
        Poll::Ready(None)
    }
}

/// Sends the request and waits for the response's headers.
pub(super) async fn open(_: &Transport, _: RawRequest) -> Result<(HeaderMap, Messages), Error> {
    Err(Error::new(ErrorKind::Config, "not yet"))
}
