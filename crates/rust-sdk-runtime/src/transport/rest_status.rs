//! The error that a REST response states.

use http::{HeaderMap, StatusCode};
use serde_json::Value;

use crate::code::Code;
use crate::error::Error;

/// The error of a response that is no success.
pub(super) fn of_response(status: StatusCode, _: &HeaderMap, body: &[u8]) -> Error {
    let json = serde_json::from_slice::<Value>(body).unwrap_or_default();
    let stated = json.get("error").filter(|error| error.is_object()).unwrap_or(&json);
    of_json(stated).unwrap_or_else(|| {
        let code = match status.as_u16() {
            400 => Code::InvalidArgument,
            401 => Code::Unauthenticated,
            403 => Code::PermissionDenied,
            404 => Code::NotFound,
            409 => Code::Aborted,
            416 => Code::OutOfRange,
            429 => Code::ResourceExhausted,
            499 => Code::Cancelled,
            501 => Code::Unimplemented,
            503 => Code::Unavailable,
            504 => Code::DeadlineExceeded,
            402..=498 => Code::FailedPrecondition,
            500..=599 => Code::Internal,
            _ => Code::Unknown,
        };
        Error::from_status(code, format!("the server answered HTTP {status}"))
    })
}

/// The error that an item of a stream states, `{"error": …}`.
pub(super) fn of_stream_error(json: &[u8]) -> Error {
    let json = serde_json::from_slice::<Value>(json).unwrap_or_default();
    json.get("error")
        .and_then(of_json)
        .unwrap_or_else(|| Error::from_status(Code::Unknown, "the server ended the stream by an error"))
}

fn of_json(stated: &Value) -> Option<Error> {
    let message = stated.get("message")?.as_str()?;
    let name = stated.get("status").and_then(Value::as_str).and_then(|name| name.parse().ok());
    let number = stated.get("code").or_else(|| stated.get("grpc_code")).and_then(Value::as_i64);
    let code = name.or_else(|| Some(Code::from_number(number?.try_into().ok()?))).unwrap_or(Code::Unknown);
    Some(Error::from_status(code, message))
}
