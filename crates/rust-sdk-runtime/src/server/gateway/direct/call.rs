//! Calls the functions of server traits.

use std::pin::Pin;
use std::time::Duration;

use http::HeaderMap;
use prost::Message;
use tokio_stream::Stream;
use tonic::metadata::MetadataMap;
use tonic::{Request, Response, Status};

use super::responses::{Responses, ended};
use crate::error::Error;
use crate::error::code::Code;
use crate::message::schema::HasSchema;
use crate::server::gateway::answer::{Answer, Messages, single};
use crate::server::gateway::backend::Call;
use crate::server::gateway::failure::Failure;
use crate::server::gateway::settings::Options;
use crate::transcode::{self as rest, ToResponse as _};
use crate::transport::HttpService;

/// A generated server whose functions can be called. Generated code implements it.
pub trait DirectService: Send + Sync + 'static {
    /// The service's full name.
    fn name(&self) -> &'static str;

    /// Calls the function of the method with this gRPC path.
    ///
    /// # Errors
    /// The call, if it must be made over gRPC.
    fn call<'a>(&'a self, path: &str, call: DirectCall<'a>) -> Result<DirectAnswer<'a>, DirectCall<'a>>;
}

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
    fn check_request(self, text: usize, length: impl FnOnce() -> usize) -> Result<(), Error> {
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
        if length > own { Err(Error::too_large(length, own)) } else { Ok(()) }
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

/// The answer of a call that was begun.
pub struct DirectAnswer<'a>(pub(super) Pin<Box<dyn Future<Output = Result<Answer, Failure>> + Send + 'a>>);

type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;
type BoxStream<T> = Pin<Box<dyn Stream<Item = Result<T, Status>> + Send>>;

/// A function of a server trait, as `async_trait` declares it.
type Function<T, I, O> = for<'f> fn(&'f T, Request<I>) -> BoxFuture<'f, Result<Response<O>, Status>>;

/// A call on its way to a function.
pub struct DirectCall<'a>(Call<'a>);

impl<'a> DirectCall<'a> {
    pub(super) const fn new(call: Call<'a>) -> Self {
        Self(call)
    }

    /// Calls a function with one response.
    pub fn unary<T, I, O>(
        self,
        service: &'a T,
        limits: Limits,
        function: Function<T, I, O>,
    ) -> DirectAnswer<'a>
    where
        T: Sync,
        I: Message + HasSchema + Default + 'static,
        O: Message + HasSchema + 'static,
    {
        DirectAnswer(Box::pin(async move {
            let (request, call) = self.request(limits)?;
            let response = function(service, request).await.map_err(|status| call.failed(&status))?;
            let (metadata, message, _) = response.into_parts();
            call.answer(
                limits,
                metadata,
                || message.encoded_len(),
                |call| message.to_response(call.0.found.binding, call.0.schemas, &call.0.options.encode),
            )
        }))
    }

    /// Calls a function with many responses.
    pub fn server_streaming<T, I, O>(
        self,
        service: &'a T,
        limits: Limits,
        function: Function<T, I, BoxStream<O>>,
    ) -> DirectAnswer<'a>
    where
        T: Sync,
        I: Message + HasSchema + Default + 'static,
        O: Message + HasSchema + 'static,
    {
        DirectAnswer(Box::pin(async move {
            let (request, call) = self.request(limits)?;
            let response = function(service, request).await.map_err(|status| call.failed(&status))?;
            let (metadata, responses, _) = response.into_parts();
            let responses = Responses::new(responses, limits, *call.0.options);
            Ok(Answer::Many(metadata.into_headers(), Messages::Direct(responses)))
        }))
    }

    /// Makes the call over gRPC.
    pub(super) async fn over_grpc(self, service: &HttpService) -> Result<Answer, Failure> {
        self.0.over_grpc(service).await
    }

    /// The request, and the call without the parts of it.
    fn request<I: Message + HasSchema + Default>(
        mut self,
        limits: Limits,
    ) -> Result<(Request<I>, Self), Failure> {
        let call = &mut self.0;
        let message: I = rest::decode_message(call.found, call.schemas, call.request, &call.options.request)?;
        limits
            .check_request(call.request_size(), || message.encoded_len())
            .map_err(|error| Failure::of_service(error, call.schemas))?;
        let metadata = MetadataMap::from_headers(std::mem::take(call.headers));
        let extensions = std::mem::take(call.extensions);
        Ok((Request::from_parts(metadata, extensions, message), self))
    }

    /// A call that ended with a status.
    #[cold]
    fn failed(&self, status: &Status) -> Failure {
        match ended(status) {
            Err(error) => Failure::of_service(error, self.0.schemas),
            // The status says that the call succeeded.
            Ok(_) => Failure::no_response(),
        }
    }

    /// The answer with this response.
    fn answer(
        &self,
        limits: Limits,
        metadata: MetadataMap,
        length: impl FnOnce() -> usize,
        content: impl FnOnce(&Self) -> Result<rest::RestResponse, rest::RestError>,
    ) -> Result<Answer, Failure> {
        let headers = metadata.into_headers();
        if let Err(error) = limits.check_response(self.0.options, length) {
            return Err(Failure::of_service(error.with_headers(headers), self.0.schemas));
        }
        let content = content(self)?;
        Ok(Answer::One(single(self.0.options, headers, content, &HeaderMap::new())))
    }
}

impl Call<'_> {
    /// The size of the text that the request is read from, in bytes.
    fn request_size(&self) -> usize {
        self.request.body.map_or(0, <[u8]>::len) + self.request.query.len() + self.found.path_len()
    }
}

/// The time that the client allows (gRPC over HTTP/2, "Timeout").
pub(super) fn timeout_of(headers: &HeaderMap) -> Option<Duration> {
    let (unit, digits) = headers.get("grpc-timeout")?.as_bytes().split_last()?;
    let value: u64 = std::str::from_utf8(digits).ok()?.parse().ok()?;
    Some(match unit {
        b'H' => Duration::from_secs(value * 3600),
        b'M' => Duration::from_secs(value * 60),
        b'S' => Duration::from_secs(value),
        b'm' => Duration::from_millis(value),
        b'u' => Duration::from_micros(value),
        b'n' => Duration::from_nanos(value),
        _ => return None,
    })
}
