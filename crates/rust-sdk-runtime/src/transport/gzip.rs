//! gzip (RFC 1952) of REST responses.

use std::io::Write as _;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use flate2::write::GzDecoder;
use http_body::Frame;

use crate::error::{BoxError, Error, ErrorKind};
use crate::transport::Body;

/// The bytes that are unpacked at a time.
const STEP: usize = 1024;

/// A body that unpacks another one.
pub(super) struct Unpacked {
    body: Body,
    decoder: GzDecoder<Vec<u8>>,
    /// What is not unpacked yet.
    packed: Bytes,
    trailers: Option<http::HeaderMap>,
    is_begun: bool,
    is_over: bool,
}

impl Unpacked {
    pub(super) fn new(body: Body) -> Self {
        Self {
            body,
            decoder: GzDecoder::new(Vec::new()),
            packed: Bytes::new(),
            trailers: None,
            is_begun: false,
            is_over: false,
        }
    }

    /// What was unpacked since the last call.
    fn take(&mut self) -> Option<Frame<Bytes>> {
        let unpacked = std::mem::take(self.decoder.get_mut());
        (!unpacked.is_empty()).then(|| Frame::data(unpacked.into()))
    }
}

fn invalid(error: std::io::Error) -> Error {
    Error::new(ErrorKind::Decode, "the response is not valid gzip").with_source(error)
}

impl http_body::Body for Unpacked {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        loop {
            if !self.packed.is_empty() {
                let length = self.packed.len().min(STEP);
                let step = self.packed.split_to(length);
                self.is_begun = true;
                self.decoder.write_all(&step).map_err(invalid)?;
                if let Some(frame) = self.take() {
                    return Poll::Ready(Some(Ok(frame)));
                }
                continue;
            }
            if self.is_over {
                return Poll::Ready(self.trailers.take().map(|trailers| Ok(Frame::trailers(trailers))));
            }
            match ready!(Pin::new(&mut self.body).poll_frame(context)).transpose()? {
                Some(frame) => match frame.into_data() {
                    Ok(data) => self.packed = data,
                    Err(frame) => self.trailers = frame.into_trailers().ok(),
                },
                None => {
                    self.is_over = true;
                    if self.is_begun {
                        self.decoder.try_finish().map_err(invalid)?;
                    }
                    if let Some(frame) = self.take() {
                        return Poll::Ready(Some(Ok(frame)));
                    }
                }
            }
        }
    }
}
