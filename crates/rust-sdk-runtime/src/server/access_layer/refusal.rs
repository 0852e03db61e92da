//! The answer to a rejected request.

use std::borrow::Cow;

use bytes::Bytes;
use http::header::{ALLOW, CONTENT_TYPE, WWW_AUTHENTICATE};
use http::{HeaderValue, Response, StatusCode};
use prost::Message;

use super::ahead::Unread;
use super::body::{Content, ResponseBody, Stopped};
use super::settings::Settings;
use crate::api::access;
use crate::api::method::Method;
use crate::error::code::Code;
use crate::error::response::{self, ErrorBody};
use crate::error::{Error, ErrorKind};
use crate::message::google_rpc as rpc;

/// The protocol of a request and of its answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Protocol {
    Grpc,
    Rest,
}

/// A rejected request.
#[derive(Debug)]
pub(super) struct Refused {
    error: Error,
    /// An HTTP status that replaces the code's.
    status: Option<StatusCode>,
    allow: Option<HeaderValue>,
    /// Whether the compression of a message is the reason.
    is_compression: bool,
}

impl Refused {
    pub(super) fn new(code: Code, message: impl Into<Cow<'static, str>>) -> Self {
        let error = Error::from_status(code, message.into());
        Self { error, status: None, allow: None, is_compression: false }
    }

    /// Sets an HTTP status that replaces the code's.
    pub(super) const fn with_status(mut self, status: StatusCode) -> Self {
        self.status = Some(status);
        self
    }

    /// No method has this gRPC path or this route.
    pub(super) fn unknown(protocol: Protocol) -> Self {
        match protocol {
            Protocol::Grpc => Self::new(Code::Unimplemented, "there is no such method"),
            Protocol::Rest => Self::new(Code::NotFound, "no method is bound to this path"),
        }
    }

    /// The methods of this path have other verbs.
    pub(super) fn not_allowed(allowed: &[&str]) -> Self {
        let message = "the methods of this path have other verbs";
        let refused = Self::new(Code::Unimplemented, message);
        let allow = HeaderValue::try_from(allowed.join(", ")).ok();
        Self { allow, ..refused.with_status(StatusCode::METHOD_NOT_ALLOWED) }
    }

    /// The request names different accounts.
    pub(super) fn conflict() -> Self {
        Self::new(Code::InvalidArgument, "the request names more than one account")
    }

    /// Rejected by the access check. The answer says what the method requires only with `explain`.
    pub(super) fn by_check(refusal: &access::Refusal<'_>, method: &'static Method, explain: bool) -> Self {
        let code = refusal.code();
        let (message, mut info) = (refusal.to_string(), refusal.error_info(method));
        let message = match (explain, code) {
            (true, _) => message,
            (false, Code::Unauthenticated) => "the call has no valid credentials".to_owned(),
            (false, _) => "the caller is not allowed to do this".to_owned(),
        };
        if !explain {
            code.as_str().clone_into(&mut info.reason);
            info.metadata.retain(|key, _| key == "method");
        }
        let detail = prost_types::Any {
            type_url: "type.googleapis.com/google.rpc.ErrorInfo".to_owned(),
            value: info.encode_to_vec(),
        };
        let status = rpc::Status { code: code.number(), message: message.clone(), details: vec![detail] };
        let error = Error::from_status(code, message).with_details(status.encode_to_vec());
        Self { error, status: None, allow: None, is_compression: false }
    }

    /// Rejected by the program's authorizer. An internal error of the program is not shown to the caller.
    pub(super) fn by_authorizer(error: Error) -> Self {
        match (error.kind(), error.code()) {
            (ErrorKind::Status, Some(code)) if code != Code::Ok => {
                Self { error, status: None, allow: None, is_compression: false }
            }
            (_, Some(code @ (Code::Unavailable | Code::DeadlineExceeded))) => {
                Self::new(code, "the caller's permissions cannot be determined for now")
            }
            _ => Self::new(Code::Internal, "the caller's permissions could not be determined"),
        }
    }

    /// The answer of a future that is polled after its end.
    pub(super) fn done() -> Self {
        Self::new(Code::Internal, "the call is over")
    }

    /// The answer. The settings are absent if the method is unknown.
    pub(super) fn into_response<B>(
        self,
        protocol: Protocol,
        form: ErrorBody,
        settings: Option<&Settings>,
    ) -> Response<ResponseBody<B>> {
        let code = self.error.code().unwrap_or(Code::Internal);
        let status = self.status.unwrap_or_else(|| response::http_status(code));
        let (body, content_type) = match protocol {
            Protocol::Grpc => (Bytes::new(), "application/grpc"),
            Protocol::Rest => (response::body(&self.error, &[], form, status).into(), "application/json"),
        };
        let mut response = Response::new(ResponseBody(Content::Refusal(body)));
        match protocol {
            // A gRPC response without messages sends its trailers as headers.
            Protocol::Grpc => {
                *response.headers_mut() = response::trailers(&self.error);
                if self.is_compression {
                    // Says which compression would be accepted (gRPC over HTTP/2, "Compression").
                    let accepts_gzip = settings.is_some_and(|settings| settings.accept_gzip);
                    let accepted = if accepts_gzip { "identity,gzip" } else { "identity" };
                    response.headers_mut().insert("grpc-accept-encoding", HeaderValue::from_static(accepted));
                }
            }
            Protocol::Rest => {
                *response.status_mut() = status;
                let challenge = settings.filter(|_| status == StatusCode::UNAUTHORIZED);
                let challenge = challenge.map(|settings| settings.challenge.clone());
                let named = [(WWW_AUTHENTICATE, challenge), (ALLOW, self.allow)];
                for (name, value) in named {
                    if let Some(value) = value {
                        response.headers_mut().insert(name, value);
                    }
                }
            }
        }
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
        response
    }
}
impl From<Unread> for Refused {
    fn from(unread: Unread) -> Self {
        match unread {
            Unread::TooLarge(limit) => Stopped::TooLarge(limit).into(),
            Unread::Compressed => Stopped::Compressed.into(),
            Unread::Unpackable => Stopped::Unpackable.into(),
            Unread::Truncated => Self::new(Code::InvalidArgument, "the request ended within a message"),
            Unread::Broken => Self::new(Code::Cancelled, "the request broke off"),
        }
    }
}

impl From<Stopped> for Refused {
    fn from(stopped: Stopped) -> Self {
        let refused = Self::new(stopped.code(), stopped.to_string());
        match stopped {
            Stopped::TooLarge(_) => refused.with_status(StatusCode::PAYLOAD_TOO_LARGE),
            Stopped::Compressed => Self { is_compression: true, ..refused },
            Stopped::OtherAccount | Stopped::Unpackable => refused,
        }
    }
}
