//! A call of a method, and how it is made over gRPC.

use std::pin::Pin;

use bytes::Bytes;
use http::header::{CONTENT_TYPE, TE};
use http::{Extensions, HeaderMap, HeaderValue, Method as Verb, Request};

use super::answer::{Answer, Messages, single};
use super::body;
use super::failure::Failure;
use super::settings::Options;
use crate::api::method::{MethodSchemas, Streaming};
use crate::api::routing::Match;
use crate::error::Error;
use crate::error::code::Code;
use crate::transcode::{self as rest, Incoming};
use crate::transport::{GrpcMessages, HttpService, receive};

/// The answer of a call that was begun.
pub(super) type Calling<'a> = Pin<Box<dyn Future<Output = Result<Answer, Failure>> + Send + 'a>>;

/// A call of a method, from a REST request that was read to its end. By reference, since it is moved from future to future.
pub(super) struct Call<'a> {
    pub(super) found: &'a Match<'a>,
    pub(super) schemas: &'a MethodSchemas,
    pub(super) request: &'a Incoming<'a>,
    /// The client's headers as the service gets them. They are taken.
    pub(super) headers: &'a mut HeaderMap,
    /// The request's extensions. They are taken.
    pub(super) extensions: &'a mut Extensions,
    pub(super) options: &'a Options,
}

impl Call<'_> {
    /// Makes the call over gRPC.
    pub(super) async fn over_grpc(self, service: &HttpService) -> Result<Answer, Failure> {
        let mut request = Request::new(body::framed(&self.messages()?)?);
        *request.method_mut() = Verb::POST;
        *request.version_mut() = http::Version::HTTP_2;
        *request.uri_mut() = http::Uri::from_static(self.found.method.path());
        *request.headers_mut() = std::mem::take(self.headers);
        *request.extensions_mut() = std::mem::take(self.extensions);
        request.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/grpc"));
        request.headers_mut().insert(TE, HeaderValue::from_static("trailers"));
        let response = service.send(request).await;
        let (headers, messages) = receive(response, self.options.max_message_size)
            .map_err(|error| Failure::of_service(error, self.schemas))?;
        match self.found.method.streaming() {
            Streaming::Server | Streaming::Bidirectional => {
                Ok(Answer::Many(headers, Box::new(Messages::Grpc(messages))))
            }
            Streaming::Unary | Streaming::Client => {
                let (message, trailers) = only(messages, &headers, self.schemas).await?;
                let encode = &self.options.encode;
                let content = rest::encode_response(self.found.binding, self.schemas, &message, encode)?;
                Ok(Answer::One(single(self.options, headers, content, &trailers)))
            }
        }
    }

    /// The encoded request messages.
    pub(super) fn messages(&self) -> Result<Vec<Vec<u8>>, Failure> {
        let Self { found, schemas, request, options, .. } = self;
        match found.method.streaming() {
            Streaming::Unary | Streaming::Server => {
                Ok(vec![rest::decode_request(found, schemas, request, &options.request)?])
            }
            Streaming::Client | Streaming::Bidirectional => {
                let messages = rest::decode_requests(found, schemas, request, &options.request)?;
                let message = "requests can be streamed only by a binding with the body `*`";
                messages.ok_or_else(|| Failure::new(Code::Unimplemented, message))
            }
        }
    }
}

/// The only response of a call, and the trailers after it.
async fn only(
    mut messages: GrpcMessages,
    headers: &HeaderMap,
    schemas: &MethodSchemas,
) -> Result<(Bytes, HeaderMap), Failure> {
    let failed = |error: Error| Failure::of_service(error.with_headers(headers.clone()), schemas);
    let mut next = async || std::future::poll_fn(|context| messages.poll_next(context)).await.transpose();
    let Some(first) = next().await.map_err(failed)? else {
        return Err(Failure::no_response());
    };
    if next().await.map_err(failed)?.is_some() {
        return Err(Failure::new(Code::Internal, "the service sent more than one response"));
    }
    Ok((first, messages.trailers().clone()))
}
