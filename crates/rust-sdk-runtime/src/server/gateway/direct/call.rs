//! Calls the functions of server traits.

use std::pin::Pin;

use http::HeaderMap;
use prost::Message;
use tokio_stream::Stream;
use tonic::metadata::MetadataMap;
use tonic::{Request, Response, Status};

use super::limits::Limits;
use super::responses::{Responses, ended};
use crate::message::schema::HasSchema;
use crate::server::gateway::answer::{Answer, Messages, single};
use crate::server::gateway::call::{Call, Calling};
use crate::server::gateway::failure::Failure;
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

/// The answer of a call that was begun.
pub struct DirectAnswer<'a>(pub(super) Calling<'a>);

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
            let (call, response) = self.begin(service, limits, function).await?;
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
            let (call, response) = self.begin(service, limits, function).await?;
            let (metadata, responses, _) = response.into_parts();
            let responses = Responses::new(responses, limits, *call.0.options);
            Ok(Answer::Many(metadata.into_headers(), Box::new(Messages::Direct(responses))))
        }))
    }

    /// Makes the call over gRPC.
    pub(super) async fn over_grpc(self, service: &HttpService) -> Result<Answer, Failure> {
        self.0.over_grpc(service).await
    }

    /// Calls a function. Returns its response, and the call without the parts of the request.
    async fn begin<T, I, O>(
        self,
        service: &T,
        limits: Limits,
        function: Function<T, I, O>,
    ) -> Result<(Self, Response<O>), Failure>
    where
        I: Message + HasSchema + Default,
    {
        let (request, call) = self.request(limits)?;
        match function(service, request).await {
            Ok(response) => Ok((call, response)),
            Err(status) => Err(call.failed(&status)),
        }
    }

    /// The request, and the call without the parts of it.
    fn request<I: Message + HasSchema + Default>(
        mut self,
        limits: Limits,
    ) -> Result<(Request<I>, Self), Failure> {
        let call = &mut self.0;
        let message: I = rest::decode_message(call.found, call.schemas, call.request, call.options.request)?;
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
