//! The `google.rpc` details of an error, read on demand.
//!
//! A server's bytes are untrusted: unreadable parts are skipped, and everything before them is kept.

use std::time::{Duration, SystemTime};

use bytes::Bytes;
use prost::Message;
use prost_types::Any;

use super::Error;
use crate::error::metadata::Metadata;
use crate::message::buf_validate::Violations;
use crate::message::google_rpc as rpc;
use crate::message::schema::HasSchema;

/// `google.rpc.Status` with each detail as bytes, so that a broken detail does not affect the others.
#[derive(Clone, PartialEq, prost::Message)]
struct RawStatus {
    #[prost(bytes = "bytes", repeated, tag = "3")]
    details: Vec<Bytes>,
}

/// A detail that consists of one list, with each element as bytes.
#[derive(Clone, PartialEq, prost::Message)]
struct RawList {
    #[prost(bytes = "bytes", repeated, tag = "1")]
    elements: Vec<Bytes>,
}

/// The readable part of a message.
fn lenient<T: Message + Default>(wire: impl bytes::Buf) -> T {
    let mut message = T::default();
    // On an error, the fields before it are already merged.
    let _ = message.merge(wire);
    message
}

/// Typed details of the status (`google.rpc`), the same for every transport. Each call reads them from [`details`](Self::details). None of
/// these functions fails: they skip unreadable details.
impl Error {
    /// Every detail of every type, in the server's order.
    ///
    /// Over REST, a detail of a type of the API is a `google.protobuf.Struct` with the type's URL in its field `@type`, since the client
    /// does not know the type. [`detail`](Self::detail) reads it over both transports.
    pub fn status_details(&self) -> impl Iterator<Item = Any> + use<> {
        let status: RawStatus = lenient(self.0.details.clone());
        status.details.into_iter().filter_map(|detail| Any::decode(detail).ok())
    }

    /// The first detail of this type. The type may be one of the API's own.
    pub fn detail<T: Message + Default + HasSchema>(&self) -> Option<T> {
        self.status_details().find_map(|any| {
            if is_a::<T>(&any) { T::decode(any.value.as_slice()).ok() } else { of_unknown_type(&any) }
        })
    }

    /// The encoded contents of every detail of this type.
    fn wires_of<T: HasSchema>(&self) -> impl Iterator<Item = Vec<u8>> + use<T> {
        self.status_details().filter(is_a::<T>).map(|any| any.value)
    }

    /// The elements of every detail of type `L`, whose first field is the list.
    fn list_of<L: HasSchema, T: Message + Default>(&self) -> Vec<T> {
        self.wires_of::<L>()
            .flat_map(|wire| lenient::<RawList>(Bytes::from(wire)).elements)
            .map(lenient)
            .collect()
    }

    /// Why the call failed, for programs: a reason, and the domain that defines it.
    pub fn error_info(&self) -> Option<rpc::ErrorInfo> {
        self.detail()
    }

    /// How long to wait before a retry: from `google.rpc.RetryInfo`, else from gRPC's `grpc-retry-pushback-ms` (gRFC A6) or the header
    /// `Retry-After`. A date there counts from the response's own `Date`.
    pub fn retry_delay(&self) -> Option<Duration> {
        self.wires_of::<rpc::RetryInfo>()
            .filter_map(|wire| rpc::RetryInfo::decode(wire.as_slice()).ok()?.retry_delay)
            .find_map(to_delay)
            .or_else(|| self.pushback()?.parse().ok().map(Duration::from_millis))
            .or_else(|| retry_after(&self.0.trailers).or_else(|| retry_after(&self.0.headers)))
    }

    /// Whether the server asks that the call is not retried (gRFC A6, "Pushback": a negative or unreadable number).
    #[cfg(feature = "_client")]
    pub(crate) fn forbids_retry(&self) -> bool {
        self.pushback().is_some_and(|millis| millis.parse::<u64>().is_err())
    }

    fn pushback(&self) -> Option<&str> {
        self.metadata("grpc-retry-pushback-ms").map(str::trim)
    }

    /// The fields of the request that the server found wrong: from `google.rpc.BadRequest`, and from `buf.validate.Violations`, whose rule
    /// ids become reasons.
    pub fn field_violations(&self) -> Vec<rpc::FieldViolation> {
        let validated = self.detail::<Violations>().unwrap_or_default().violations;
        let validated = validated.into_iter().map(rpc::FieldViolation::from);
        self.list_of::<rpc::BadRequest, _>().into_iter().chain(validated).collect()
    }

    /// The quotas that are used up.
    pub fn quota_violations(&self) -> Vec<rpc::QuotaViolation> {
        self.list_of::<rpc::QuotaFailure, _>()
    }

    /// The preconditions of the call that are not met.
    pub fn precondition_violations(&self) -> Vec<rpc::PreconditionViolation> {
        self.list_of::<rpc::PreconditionFailure, _>()
    }

    /// The resource that the call failed on.
    pub fn resource_info(&self) -> Option<rpc::ResourceInfo> {
        self.detail()
    }

    /// The request's id and data, for a report to the server's operators.
    pub fn request_info(&self) -> Option<rpc::RequestInfo> {
        self.detail()
    }

    /// Debugging information for the server's developers.
    pub fn debug_info(&self) -> Option<rpc::DebugInfo> {
        self.detail()
    }

    /// Links to more information.
    pub fn help_links(&self) -> Vec<rpc::HelpLink> {
        self.list_of::<rpc::Help, _>()
    }

    /// The message in the user's language, fit to be shown.
    pub fn localized_message(&self) -> Option<rpc::LocalizedMessage> {
        self.detail()
    }

    /// The reason, if it is a constant as AIP-193 requires and therefore safe to log.
    pub(super) fn plain_reason(&self) -> Option<String> {
        let is_plain = |reason: &String| {
            (1..=63).contains(&reason.len())
                && reason.bytes().all(|byte| matches!(byte, b'A'..=b'Z' | b'0'..=b'9' | b'_'))
        };
        self.error_info().map(|info| info.reason).filter(is_plain)
    }
}

fn is_a<T: HasSchema>(any: &Any) -> bool {
    any.type_url.rsplit('/').next() == Some(T::schema().name())
}

/// Reads a detail that came as JSON and whose type was unknown then.
#[cfg(feature = "rest")]
fn of_unknown_type<T: Message + Default + HasSchema>(any: &Any) -> Option<T> {
    super::rest_status::unpack(any)
}

#[cfg(not(feature = "rest"))]
fn of_unknown_type<T>(_: &Any) -> Option<T> {
    None
}

/// The duration, if it is valid and not negative. prost's own conversion overflows on some values of a hostile server.
fn to_delay(delay: prost_types::Duration) -> Option<Duration> {
    let nanos = u32::try_from(delay.nanos).ok().filter(|nanos| *nanos < 1_000_000_000)?;
    Some(Duration::new(u64::try_from(delay.seconds).ok()?, nanos))
}

/// RFC 9110, "Retry-After": seconds, or the date until which to wait.
fn retry_after(headers: &Metadata) -> Option<Duration> {
    // The others are grpc-gateway's names for those of the server behind it.
    let names = ["retry-after", "grpc-metadata-retry-after", "grpc-trailer-retry-after"];
    let value = names.into_iter().find_map(|name| headers.get(name))?.trim();
    if value.bytes().all(|byte| byte.is_ascii_digit()) {
        return value.parse().ok().map(Duration::from_secs);
    }
    let until = httpdate::parse_http_date(value).ok()?;
    let date = headers.get("date").and_then(|date| httpdate::parse_http_date(date).ok());
    // A past date means: retry at once.
    Some(until.duration_since(date.or_else(now)?).unwrap_or_default())
}

fn now() -> Option<SystemTime> {
    // Browsers have no such clock: asking for it panics.
    if cfg!(all(target_family = "wasm", target_os = "unknown")) { None } else { Some(SystemTime::now()) }
}
