//! gzip (RFC 1952) of gRPC messages and of REST responses. What is unpacked is bounded: a kilobyte can hold a megabyte.

#[cfg(feature = "grpc")]
pub(super) use self::messages::{UnpackError, pack, unpack};
#[cfg(feature = "rest")]
pub(super) use self::responses::Unpacked;

#[cfg(feature = "grpc")]
mod messages {
    use std::io::{Read as _, Write as _};

    use bytes::Bytes;
    use flate2::Compression;
    use flate2::read::GzDecoder;
    use flate2::write::GzEncoder;

    /// Why a message could not be unpacked.
    pub(in crate::transport) enum UnpackError {
        TooLarge,
        Invalid(std::io::Error),
    }

    /// Unpacks a message of at most `limit` bytes.
    pub(in crate::transport) fn unpack(packed: &[u8], limit: usize) -> Result<Bytes, UnpackError> {
        let mut unpacked = Vec::new();
        let most = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
        GzDecoder::new(packed).take(most).read_to_end(&mut unpacked).map_err(UnpackError::Invalid)?;
        if unpacked.len() > limit { Err(UnpackError::TooLarge) } else { Ok(unpacked.into()) }
    }

    /// Packs a message.
    pub(in crate::transport) fn pack(message: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        // Writing to memory cannot fail.
        let _ = encoder.write_all(message);
        encoder.finish().unwrap_or_default()
    }
}

#[cfg(feature = "rest")]
mod responses {
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
    pub(in crate::transport) struct Unpacked {
        body: Body,
        decoder: GzDecoder<Vec<u8>>,
        /// What is not unpacked yet.
        packed: Bytes,
        trailers: Option<http::HeaderMap>,
        is_begun: bool,
        is_over: bool,
    }

    impl Unpacked {
        pub(in crate::transport) fn new(body: Body) -> Self {
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
}
