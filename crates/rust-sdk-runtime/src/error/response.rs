//! Errors as HTTP and gRPC responses.

#[cfg(any(feature = "server", feature = "testing"))]
use std::fmt::Write as _;

#[cfg(any(feature = "gateway", feature = "server"))]
use http::StatusCode;
#[cfg(any(feature = "server", feature = "testing"))]
use http::{HeaderMap, HeaderName, HeaderValue};
#[cfg(any(feature = "gateway", feature = "server"))]
use prost::Message;
#[cfg(any(feature = "gateway", feature = "server"))]
use prost_types::Any;
#[cfg(any(feature = "gateway", feature = "server"))]
use serde_json::Value;

use crate::error::Error;
use crate::error::code::Code;
use crate::message::base64;
#[cfg(any(feature = "gateway", feature = "server"))]
use crate::message::json::{self, EncodeOptions};
#[cfg(any(feature = "gateway", feature = "server"))]
use crate::message::schema::{HasSchema as _, Types};

#[cfg(any(feature = "server", feature = "testing"))]
pub(crate) const STATUS: HeaderName = HeaderName::from_static("grpc-status");

/// The trailers of a failed gRPC response.
#[cfg(any(feature = "server", feature = "testing"))]
pub(crate) fn trailers(error: &Error) -> HeaderMap {
    let mut trailers = error.trailers().as_map().clone();
    trailers.insert(STATUS, error.code().unwrap_or(Code::Unknown).number().into());
    if let Ok(message) = HeaderValue::from_str(&percent_encode(error.message())) {
        trailers.insert(HeaderName::from_static("grpc-message"), message);
    }
    if let Ok(details) = HeaderValue::from_str(&base64::encoded(error.details()))
        && !details.is_empty()
    {
        trailers.insert(HeaderName::from_static("grpc-status-details-bin"), details);
    }
    trailers
}

/// Encodes a `Status-Message` (gRPC over HTTP/2).
#[cfg(any(feature = "server", feature = "testing"))]
fn percent_encode(message: &str) -> String {
    let mut out = String::with_capacity(message.len());
    for byte in message.bytes() {
        if (b' '..=b'~').contains(&byte) && byte != b'%' {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

/// The form of an error's body. Clients of this crate read both.
#[cfg(any(feature = "gateway", feature = "server"))]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorBody {
    /// `google.rpc.Status`, as grpc-gateway and Envoy write it: `{"code":5,"message":…,"details":[…]}`.
    #[default]
    Status,
    /// The form of Google's APIs (AIP-193): `{"error":{"code":404,"message":…,"status":"NOT_FOUND","details":[…]}}`, where `code` is the HTTP
    /// status.
    Google,
}

/// The body of a response with this HTTP status. Details may be of `types` and of the well-known types.
#[cfg(any(feature = "gateway", feature = "server"))]
pub(crate) fn body(error: &Error, types: Types, form: ErrorBody, http: StatusCode) -> Vec<u8> {
    let details: Vec<_> = error.status_details().map(|detail| detail_json(&detail, types)).collect();
    let (message, details) = (Value::from(error.message()), details.join(","));
    let code = error.code().unwrap_or(Code::Internal);
    let json = match form {
        ErrorBody::Status => {
            format!(r#"{{"code":{},"message":{message},"details":[{details}]}}"#, code.number())
        }
        ErrorBody::Google => format!(
            r#"{{"error":{{"code":{},"message":{message},"status":"{code}","details":[{details}]}}}}"#,
            http.as_u16()
        ),
    };
    json.into()
}

/// The JSON of a detail. A detail of an unknown type is written as base64, in the form that clients read.
#[cfg(any(feature = "gateway", feature = "server"))]
fn detail_json(detail: &Any, types: Types) -> String {
    let options = EncodeOptions { types, ..EncodeOptions::default() };
    let json = json::from_wire(Any::schema(), &detail.encode_to_vec(), &options);
    json.ok().and_then(|json| String::from_utf8(json).ok()).unwrap_or_else(|| {
        let bytes = base64::encoded(&detail.value);
        serde_json::json!({ "typeUrl": detail.type_url, "value": bytes }).to_string()
    })
}

#[cfg(any(feature = "gateway", feature = "server"))]
/// The HTTP status of a code, as `google/rpc/code.proto` documents it.
pub(crate) fn http_status(code: Code) -> StatusCode {
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
