//! What a client gets in place of a response.

use http::header::{ALLOW, CONTENT_TYPE};
use http::{HeaderMap, HeaderValue, Response, StatusCode};
use prost::Message;
use prost_types::Any;
use serde_json::Value;

use super::headers::{add_metadata, header_prefix, trailer_prefix};
use crate::base64;
use crate::code::Code;
use crate::error::{Error, ErrorKind};
use crate::json::{self, EncodeOptions};
use crate::method::MethodSchemas;
use crate::rest::{RequestError, RestError};
use crate::schema::{Types, wkt};
use crate::transport::Body;

const UNREACHABLE: &str = "the service behind the gateway cannot be reached";

/// An error, and the headers of the response that tells it.
#[derive(Debug)]
pub(super) struct Failure {
    error: Error,
    status: Option<StatusCode>,
    /// The verbs that a 405 names.
    allow: Option<HeaderValue>,
    /// The types that a detail may be of, besides the well-known ones.
    types: Types,
}

impl Failure {
    pub(super) fn new(code: Code, message: impl Into<String>) -> Self {
        let error = Error::from_status(code, message);
        Self { error, status: None, allow: None, types: &[] }
    }

    /// Of a call that the service did not answer as it should, or with an error.
    pub(super) fn of_service(error: Error, schemas: &MethodSchemas) -> Self {
        // How the service is reached is not the client's business.
        let error = match error.kind() {
            ErrorKind::Transport => Error::from_status(Code::Unavailable, UNREACHABLE),
            _ => error,
        };
        Self { error, status: None, allow: None, types: schemas.types }
    }

    /// Sets another HTTP status than the code's.
    pub(super) fn with_status(mut self, status: StatusCode) -> Self {
        self.status = Some(status);
        self
    }

    /// A 405 with the verbs that there are.
    pub(super) fn not_allowed(allowed: &[&str]) -> Self {
        let message = "the methods that are bound to this path have another verb";
        let mut failure = Self::new(Code::Unimplemented, message).with_status(StatusCode::METHOD_NOT_ALLOWED);
        failure.allow = HeaderValue::try_from(allowed.join(", ")).ok();
        failure
    }

    fn code(&self) -> Code {
        self.error.code().unwrap_or(Code::Internal)
    }

    /// What the service sent after everything else.
    pub(super) fn trailers(&self) -> &HeaderMap {
        self.error.trailers().as_map()
    }

    pub(super) fn into_response(self, prefix_metadata: bool) -> Response<Body> {
        let body = Body::full(self.to_json());
        let mut headers = HeaderMap::new();
        add_metadata(&mut headers, self.error.headers().as_map(), header_prefix(prefix_metadata));
        add_metadata(&mut headers, self.trailers(), trailer_prefix(prefix_metadata));
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        if let Some(allow) = self.allow.clone() {
            headers.insert(ALLOW, allow);
        }
        let mut response = Response::new(body);
        *response.status_mut() = self.status.unwrap_or_else(|| http_status(self.code()));
        *response.headers_mut() = headers;
        response
    }

    /// `{"code":…,"message":…,"details":[…]}`.
    pub(super) fn to_json(&self) -> Vec<u8> {
        let details: Vec<_> = self.error.status_details().map(|detail| self.detail(&detail)).collect();
        let (code, message) = (self.code().number(), Value::from(self.error.message()));
        format!(r#"{{"code":{code},"message":{message},"details":[{}]}}"#, details.join(",")).into()
    }

    /// The JSON of a detail; of one whose type is not known its bytes, in the form that clients take for such.
    fn detail(&self, detail: &Any) -> String {
        let options = EncodeOptions { types: self.types, ..EncodeOptions::default() };
        let json = json::to_vec(&wkt::ANY, &detail.encode_to_vec(), &options);
        json.ok().and_then(|json| String::from_utf8(json).ok()).unwrap_or_else(|| {
            let bytes = base64::encoded(&detail.value);
            serde_json::json!({ "typeUrl": detail.type_url, "value": bytes }).to_string()
        })
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

/// The answer to a gRPC request when there is no service.
pub(super) fn unreachable() -> Response<Body> {
    let mut response = Response::new(Body::empty());
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/grpc"));
    headers.insert("grpc-status", HeaderValue::from(Code::Unavailable.number()));
    headers.insert("grpc-message", HeaderValue::from_static(UNREACHABLE));
    response
}

/// The HTTP status of a code, as its documentation states (`google/rpc/code.proto`).
fn http_status(code: Code) -> StatusCode {
    match code {
        Code::Ok => StatusCode::OK,
        // 499 has no name: the client closed the request.
        Code::Cancelled => StatusCode::from_u16(499).unwrap_or(StatusCode::REQUEST_TIMEOUT),
        Code::InvalidArgument | Code::FailedPrecondition | Code::OutOfRange => StatusCode::BAD_REQUEST,
        Code::DeadlineExceeded => StatusCode::GATEWAY_TIMEOUT,
        Code::NotFound => StatusCode::NOT_FOUND,
        Code::AlreadyExists | Code::Aborted => StatusCode::CONFLICT,
        Code::PermissionDenied => StatusCode::FORBIDDEN,
        Code::ResourceExhausted => StatusCode::TOO_MANY_REQUESTS,
        Code::Unimplemented => StatusCode::NOT_IMPLEMENTED,
        Code::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        Code::Unauthenticated => StatusCode::UNAUTHORIZED,
        Code::Unknown | Code::Internal | Code::DataLoss => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

#[cfg(test)]
mod tests {
    use prost::Message;
    use prost_types::Any;

    use super::{Error, Failure, HeaderMap, StatusCode};
    use crate::code::Code;
    use crate::method::MethodSchemas;
    use crate::rest::status;
    use crate::rpc;
    use crate::schema::wkt;

    #[test]
    fn a_client_reads_the_same_error() {
        let info = rpc::ErrorInfo { reason: "FULL".into(), ..rpc::ErrorInfo::default() };
        let details = vec![
            Any { type_url: "type.googleapis.com/google.rpc.ErrorInfo".into(), value: info.encode_to_vec() },
            Any { type_url: "type.googleapis.com/nowhere.Thing".into(), value: vec![8, 5, 0xff] },
        ];
        let sent = rpc::Status { details: details.clone(), ..rpc::Status::default() };
        let schemas = MethodSchemas::new(&wkt::EMPTY, &wkt::EMPTY);
        for number in 1..=16 {
            let code = Code::from_number(number);
            let error = Error::from_status(code, "no \"room\"").with_details(sent.encode_to_vec());
            let json = Failure::of_service(error, &schemas).to_json();
            let read = status::of_response(StatusCode::IM_A_TEAPOT, &HeaderMap::new(), &json);
            assert_eq!((read.code(), read.message()), (Some(code), "no \"room\""));
            assert_eq!(read.status_details().collect::<Vec<_>>(), details);
            assert_eq!(read.error_info().as_ref(), Some(&info));
            let item = [br#"{"error":"#, &json[..], b"}"].concat();
            assert_eq!(status::of_stream_error(&item).details(), read.details());
        }
    }
}
