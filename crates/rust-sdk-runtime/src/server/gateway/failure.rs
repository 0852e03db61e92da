//! The response to a failed request.

use http::header::{ALLOW, CONTENT_TYPE, WWW_AUTHENTICATE};
use http::{HeaderMap, HeaderValue, Response, StatusCode};

use super::headers::{add_metadata, header_prefix, trailer_prefix};
use super::settings::Options;
use crate::api::method::MethodSchemas;
use crate::error::code::Code;
use crate::error::response::{self, ErrorBody};
use crate::error::{Error, ErrorKind};
use crate::message::schema::Types;
use crate::transcode::{RequestError, RestError};
use crate::transport::Body;

const UNREACHABLE: &str = "the service behind the gateway cannot be reached";

/// An error, with the status and headers of its response.
#[derive(Debug)]
pub(super) struct Failure {
    error: Error,
    status: Option<StatusCode>,
    /// The verbs in the `Allow` header of a 405.
    allow: Option<HeaderValue>,
    /// The types that a detail may have, in addition to the well-known ones.
    types: Types,
}

impl Failure {
    pub(super) fn new(code: Code, message: impl Into<String>) -> Self {
        Error::from_status(code, message).into()
    }

    /// A failed call, or an invalid response of the service.
    pub(super) fn of_service(error: Error, schemas: &MethodSchemas) -> Self {
        // Clients need not know how the gateway reaches the service.
        let error = match error.kind() {
            ErrorKind::Transport => Error::from_status(Code::Unavailable, UNREACHABLE),
            _ => error,
        };
        Self { error, status: None, allow: None, types: schemas.types() }
    }

    /// The service broke the protocol: a call without a response.
    pub(super) fn no_response() -> Self {
        Self::new(Code::Internal, "the service sent no response")
    }

    /// Sets an HTTP status that replaces the code's.
    pub(super) fn with_status(mut self, status: StatusCode) -> Self {
        self.status = Some(status);
        self
    }

    /// A 405 with the allowed verbs.
    pub(super) fn not_allowed(allowed: &[&str]) -> Self {
        let message = "the methods of this path have other verbs";
        let mut failure = Self::new(Code::Unimplemented, message).with_status(StatusCode::METHOD_NOT_ALLOWED);
        failure.allow = HeaderValue::try_from(allowed.join(", ")).ok();
        failure
    }

    fn code(&self) -> Code {
        self.error.code().unwrap_or(Code::Internal)
    }

    /// The service's trailers.
    pub(super) fn trailers(&self) -> &HeaderMap {
        self.error.trailers().as_map()
    }

    /// The response. `challenge` is the `WWW-Authenticate` of a 401, if the service sent none.
    pub(super) fn into_response(self, options: &Options, challenge: &HeaderValue) -> Response<Body> {
        let prefix_metadata = options.prefix_metadata;
        let body = Body::full(self.to_json(options.error_body));
        let mut headers = HeaderMap::new();
        add_metadata(&mut headers, self.error.headers().as_map(), header_prefix(prefix_metadata));
        add_metadata(&mut headers, self.trailers(), trailer_prefix(prefix_metadata));
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        if let Some(allow) = self.allow.clone() {
            headers.insert(ALLOW, allow);
        }
        if self.http_status() == StatusCode::UNAUTHORIZED {
            headers.entry(WWW_AUTHENTICATE).or_insert_with(|| challenge.clone());
        }
        let mut response = Response::new(body);
        *response.status_mut() = self.http_status();
        *response.headers_mut() = headers;
        response
    }

    fn http_status(&self) -> StatusCode {
        self.status.unwrap_or_else(|| response::http_status(self.code()))
    }

    /// The body of a response.
    fn to_json(&self, form: ErrorBody) -> Vec<u8> {
        response::body(&self.error, self.types, form, self.http_status())
    }

    /// The item of a stream, `{"error":…}`.
    pub(super) fn to_item(&self, form: ErrorBody) -> Vec<u8> {
        let json = self.to_json(form);
        match form {
            ErrorBody::Status => [br#"{"error":"#, &json[..], b"}"].concat(),
            ErrorBody::Google => json,
        }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self { error, status: None, allow: None, types: &[] }
    }
}

impl From<RequestError> for Failure {
    fn from(error: RequestError) -> Self {
        Self::new(error.code(), error.to_string())
    }
}

impl From<RestError> for Failure {
    fn from(error: RestError) -> Self {
        Self::new(Code::Internal, format!("the response has no REST form: {error}"))
    }
}

/// The response to a gRPC request that reached no service.
pub(super) fn without_call(code: Code) -> Response<Body> {
    let mut response = Response::new(Body::empty());
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/grpc"));
    headers.insert("grpc-status", HeaderValue::from(code.number()));
    if code == Code::Unavailable {
        headers.insert("grpc-message", HeaderValue::from_static(UNREACHABLE));
    }
    response
}

#[cfg(test)]
mod tests {
    use prost::Message;
    use prost_types::Any;

    use super::{Error, ErrorBody, Failure, HeaderMap, StatusCode};
    use crate::api::method::MethodSchemas;
    use crate::error::code::Code;
    use crate::message::google_rpc as rpc;
    use crate::message::schema::HasSchema as _;
    use crate::transcode::status;

    #[test]
    fn a_client_reads_the_same_error() {
        let info = rpc::ErrorInfo { reason: "FULL".into(), ..rpc::ErrorInfo::default() };
        let details = vec![
            Any { type_url: "type.googleapis.com/google.rpc.ErrorInfo".into(), value: info.encode_to_vec() },
            Any { type_url: "type.googleapis.com/nowhere.Thing".into(), value: vec![8, 5, 0xff] },
        ];
        let sent = rpc::Status { details: details.clone(), ..rpc::Status::default() };
        let schemas = MethodSchemas::new(<()>::schema, <()>::schema);
        for number in 1..=16 {
            let code = Code::from_number(number);
            let error = Error::from_status(code, "no \"room\"").with_details(sent.encode_to_vec());
            let failure = Failure::of_service(error, &schemas);
            for form in [ErrorBody::Status, ErrorBody::Google] {
                let json = failure.to_json(form);
                let read = status::of_response(StatusCode::IM_A_TEAPOT, &HeaderMap::new(), &json);
                assert_eq!((read.code(), read.message()), (Some(code), "no \"room\""));
                assert_eq!(read.status_details().collect::<Vec<_>>(), details);
                assert_eq!(read.error_info().as_ref(), Some(&info));
                let item = status::of_stream_error(&failure.to_item(form));
                assert_eq!((item.code(), item.details()), (Some(code), read.details()));
            }
        }
    }
}
