//! Reads the status of a gRPC response, which is untrusted.

#[cfg(feature = "grpc")]
use http::StatusCode;
use http::{HeaderMap, HeaderName};

use crate::error::Error;
#[cfg(feature = "grpc")]
use crate::error::ErrorKind;
use crate::error::code::Code;
use crate::error::metadata::percent_decode;

static STATUS: HeaderName = HeaderName::from_static("grpc-status");
static MESSAGE: HeaderName = HeaderName::from_static("grpc-message");
static DETAILS: HeaderName = HeaderName::from_static("grpc-status-details-bin");

/// The headers or trailers have a `grpc-status`, but it states no code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the response's grpc-status is not a single number")]
pub(crate) struct MalformedStatus;

/// The code in headers or trailers (gRPC over HTTP/2, "Status": `1*DIGIT`). `None` if there is no status.
pub(crate) fn code(headers: &HeaderMap) -> Option<Result<Code, MalformedStatus>> {
    let mut values = headers.get_all(&STATUS).iter();
    let first = values.next()?.as_bytes();
    // Several values contradict each other, so they count as malformed.
    let is_number = values.next().is_none() && first.iter().all(u8::is_ascii_digit);
    let number = std::str::from_utf8(first).ok().filter(|_| is_number);
    Some(number.and_then(|digits| digits.parse().ok()).map(Code::from_number).ok_or(MalformedStatus))
}

/// Takes the status out of trailers. `Ok` holds the remaining trailers, or the error that the status states; `Err` returns trailers without
/// a status.
pub(crate) fn take(mut trailers: HeaderMap) -> Result<Result<HeaderMap, Error>, HeaderMap> {
    let Some(code) = code(&trailers) else {
        return Err(trailers);
    };
    trailers.remove(&STATUS);
    let mut message =
        trailers.remove(&MESSAGE).map(|message| percent_decode(message.as_bytes())).unwrap_or_default();
    let code = code.unwrap_or_else(|malformed| {
        if message.is_empty() {
            message = malformed.to_string();
        }
        Code::Unknown
    });
    if code == Code::Ok {
        return Ok(Ok(trailers));
    }
    let mut error = Error::from_status(code, message);
    // Details that are not base64 stay among the trailers.
    if let Some(details) =
        trailers.get(&DETAILS).and_then(|details| crate::message::base64::decoded(details.to_str().ok()?))
    {
        trailers.remove(&DETAILS);
        error = error.with_details(details);
    }
    Ok(Err(error.with_trailers(trailers)))
}

/// The error for a response that is not gRPC, such as a proxy's page (gRPC's `http-grpc-status-mapping`). `None` if the response looks like
/// gRPC.
#[cfg(feature = "grpc")]
pub(crate) fn of_http(status: StatusCode, headers: &HeaderMap) -> Option<Error> {
    let code = match status {
        StatusCode::OK => {
            let content_type = headers.get(http::header::CONTENT_TYPE);
            if content_type.is_some_and(|value| value.as_bytes().starts_with(b"application/grpc")) {
                return None;
            }
            let stated = content_type.map(|value| String::from_utf8_lossy(value.as_bytes()));
            let message = match stated {
                Some(stated) => format!("the server did not answer in gRPC: its content type is {stated:?}"),
                None => "the server did not answer in gRPC: its response has no content type".to_owned(),
            };
            return Some(Error::new(ErrorKind::Decode, message).with_code(Code::Unknown));
        }
        StatusCode::BAD_REQUEST => Code::Internal,
        StatusCode::UNAUTHORIZED => Code::Unauthenticated,
        StatusCode::FORBIDDEN => Code::PermissionDenied,
        StatusCode::NOT_FOUND => Code::Unimplemented,
        StatusCode::TOO_MANY_REQUESTS
        | StatusCode::BAD_GATEWAY
        | StatusCode::SERVICE_UNAVAILABLE
        | StatusCode::GATEWAY_TIMEOUT => Code::Unavailable,
        _ => Code::Unknown,
    };
    Some(Error::from_status(code, format!("the server answered HTTP {status} instead of gRPC")))
}

/// The error of a response message over the limit of its size, in bytes.
#[cfg(feature = "grpc")]
pub(crate) fn too_large(length: usize, limit: usize) -> Error {
    let message = format!("a response of {length} bytes is over the limit of {limit} bytes");
    Error::new(ErrorKind::Decode, message).with_code(Code::ResourceExhausted)
}

#[cfg(all(test, feature = "grpc"))]
mod tests {
    use http::{HeaderMap, StatusCode};

    use super::{of_http, take};
    use crate::error::code::Code;

    fn headers(entries: &[(&'static str, &'static str)]) -> HeaderMap {
        entries.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect()
    }

    #[test]
    fn broken_details_and_unknown_codes_do_not_panic_and_are_kept() {
        let trailers =
            headers(&[("grpc-status", "99"), ("grpc-status-details-bin", "not base64!"), ("x", "y")]);
        let error = take(trailers).unwrap().unwrap_err();
        assert_eq!(error.code(), Some(Code::Unknown));
        assert_eq!(error.details(), b"");
        assert_eq!(error.metadata("grpc-status-details-bin"), Some("not base64!"));
        assert_eq!(error.metadata("x"), Some("y"));

        let trailers = headers(&[("grpc-status", "5"), ("grpc-status-details-bin", "CAU")]);
        let error = take(trailers).unwrap().unwrap_err();
        assert_eq!((error.code(), error.details()), (Some(Code::NotFound), &[8, 5][..]));
        assert!(take(headers(&[("x", "y")])).is_err());
    }

    /// gRPC over HTTP/2, "Status": `"grpc-status" 1*DIGIT`.
    #[test]
    fn what_is_no_number_or_not_one_is_unknown() {
        let code = |values: &[&str]| {
            let mut trailers = HeaderMap::new();
            for value in values {
                trailers.append("grpc-status", value.parse().unwrap());
            }
            take(trailers).unwrap().err().map(|error| error.code().unwrap())
        };
        assert_eq!(code(&["0"]), None);
        assert_eq!(code(&["05"]), Some(Code::NotFound));
        for values in [
            &["+0"][..],
            &["-0"],
            &[""],
            &[" 0"],
            &["0x0"],
            &["0, 0"],
            &["OK"],
            &["٠"],
            &["17"],
            &["4294967296"],
            &["99999999999999999999"],
            &["0", "0"],
            &["5", "5"],
            &["0", "13"],
            &["13", "0"],
        ] {
            assert_eq!(code(values), Some(Code::Unknown), "{values:?}");
        }
        let error = take(headers(&[("grpc-status", "ok")])).unwrap().unwrap_err();
        assert_eq!(error.message(), "the response's grpc-status is not a single number");
    }

    #[test]
    fn a_proxys_page_is_an_error_with_the_mapped_code() {
        let html = headers(&[("content-type", "text/html")]);
        assert_eq!(of_http(StatusCode::BAD_GATEWAY, &html).unwrap().code(), Some(Code::Unavailable));
        assert!(of_http(StatusCode::OK, &html).unwrap().to_string().contains("text/html"));
        assert!(of_http(StatusCode::OK, &headers(&[("content-type", "application/grpc+proto")])).is_none());
    }
}
