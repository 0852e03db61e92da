//! The error that a REST response states, in whichever shape its server writes it: pure functions, for any HTTP client.
//!
//! - `{"code", "message", "details"}`: Envoy, and grpc-gateway since v2
//! - `{"error": {"code", "message", "status", "details"}}`: Google, where `code` is the HTTP status
//! - `{"error", "message", "code"}` and, in streams, `{"error": {"grpc_code", "http_code", "message"}}`: grpc-gateway v1
//! - gRPC's own headers, where a proxy leaves them
//! - anything else, such as the page of a proxy
//!
//! Details become the same `google.rpc.Status` that gRPC sends, so [`Error`] reads them in the same way. A body is not
//! trusted: whatever it holds, the outcome is an error of [`ErrorKind::Status`](crate::ErrorKind::Status) with a code.

use http::header::CONTENT_TYPE;
use http::{HeaderMap, StatusCode};
use prost::Message;
use prost_types::{Any, Struct, value};
use serde_json::{Map, Value};

use crate::error::Error;
use crate::error::code::Code;
use crate::error::grpc_status;
use crate::error::metadata::percent_decode;
use crate::message::base64;
use crate::message::google_rpc as rpc;
use crate::message::json::{self, DecodeOptions, EncodeOptions};
use crate::message::schema::{HasSchema, Types};

/// How much of a plain text becomes the message.
const MAX_EXCERPT: usize = 200;
/// How long the message of a JSON body may be; about what HTTP/2 lets gRPC send.
const MAX_MESSAGE: usize = 8 * 1024;
/// From a detail to the text of `BadRequest.field_violations[].localized_message`. More would cost a hostile server
/// little, and its client much.
const LEVELS: u32 = 5;
const TYPE: &str = "@type";
const TYPE_PREFIX: &str = "type.googleapis.com/";

/// The error of a response that is no success.
///
/// The code is the one that gRPC's headers or the body state, else the one that belongs to the HTTP status.
/// Of a plain text the start becomes the message; of HTML and of what cannot be read nothing does.
pub fn of_response(status: StatusCode, headers: &HeaderMap, body: &[u8]) -> Error {
    let json = serde_json::from_slice::<Value>(body);
    let stated = json.map(|json| Stated::read(&json)).unwrap_or_default();
    let code = grpc_status::code(headers)
        .and_then(Result::ok)
        .filter(|code| *code != Code::Ok)
        .or(stated.code)
        .unwrap_or_else(|| of_http(status));
    let message = headers
        .get("grpc-message")
        .map(|message| clip(&percent_decode(message.as_bytes()), MAX_MESSAGE))
        .filter(|message| !message.is_empty())
        .or(stated.message)
        .or_else(|| excerpt(headers, body))
        .unwrap_or_else(|| format!("the server answered HTTP {status}"));
    let details =
        headers.get("grpc-status-details-bin").and_then(|details| base64::decoded(details.to_str().ok()?));
    error(code, message, details, stated.details).with_headers(headers.clone())
}

/// The error that an item of a stream states, `{"error": …}`.
pub fn of_stream_error(json: &[u8]) -> Error {
    let json = serde_json::from_slice::<Value>(json);
    let stated = json.map(|json| Stated::read(&json)).unwrap_or_default();
    let message = stated.message.unwrap_or_else(|| "the server ended the stream with an error".to_owned());
    error(stated.code.unwrap_or(Code::Unknown), message, None, stated.details)
}

fn error(code: Code, message: String, wire: Option<Vec<u8>>, details: Vec<Any>) -> Error {
    let wire = match wire {
        Some(wire) => wire,
        None if details.is_empty() => Vec::new(),
        None => rpc::Status { code: code.number(), message: message.clone(), details }.encode_to_vec(),
    };
    Error::from_status(code, message).with_details(wire)
}

/// What a body states.
#[derive(Default)]
struct Stated {
    code: Option<Code>,
    message: Option<String>,
    details: Vec<Any>,
}

impl Stated {
    fn read(json: &Value) -> Self {
        let top = match json {
            Value::Object(top) => top,
            // Google's streams are arrays, their errors too.
            Value::Array(items) => match items.first() {
                Some(Value::Object(top)) => top,
                _ => return Self::default(),
            },
            Value::String(text) => return Self { message: message(text), ..Self::default() },
            _ => return Self::default(),
        };
        let object = top.get("error").and_then(Value::as_object).unwrap_or(top);
        // A name in `status` says more than the HTTP status beside it in `code`.
        let code = ["grpc_code", "grpcCode", "status", "code", "http_code", "httpCode"]
            .iter()
            .find_map(|key| code(object.get(*key)?));
        // `message` is everyone's; the others are grpc-gateway v1, OAuth, and problem details (RFC 9457).
        let message = ["message", "error_description", "error", "detail", "title"]
            .iter()
            .find_map(|key| message(object.get(*key)?.as_str()?));
        let details = match object.get("details") {
            Some(Value::Array(details)) => details.iter().filter_map(pack).collect(),
            Some(details @ Value::Object(_)) => pack(details).into_iter().collect(),
            _ => Vec::new(),
        };
        Self { code, message, details }
    }
}

/// A code by its number or name, or by the HTTP status: the ranges of the two do not touch.
fn code(json: &Value) -> Option<Code> {
    let number = match json {
        Value::Number(number) => number.as_i64()?,
        Value::String(text) => match text.parse() {
            Ok(number) => number,
            Err(_) => return named(text),
        },
        _ => return None,
    };
    match u16::try_from(number).ok()? {
        number @ 1..=16 => Some(Code::from_number(number.into())),
        number @ 400..=599 => StatusCode::from_u16(number).ok().map(of_http),
        _ => None,
    }
}

/// A code by its name as gRPC, Connect (`not_found`) or Go (`NotFound`) write it.
fn named(text: &str) -> Option<Code> {
    let plain = |name: &str| name.replace('_', "").to_ascii_uppercase();
    if text.len() > 32 {
        return None;
    }
    let name = plain(text);
    let is_named =
        |code: &Code| plain(code.as_str()) == name || (*code == Code::Cancelled && name == "CANCELED");
    (1..=16).map(Code::from_number).find(is_named)
}

/// The code that belongs to an HTTP status, the inverse of the map in `google/rpc/code.proto` as far as it has one.
fn of_http(status: StatusCode) -> Code {
    match status.as_u16() {
        400 => Code::InvalidArgument,
        401 => Code::Unauthenticated,
        403 => Code::PermissionDenied,
        404 => Code::NotFound,
        409 => Code::Aborted,
        416 => Code::OutOfRange,
        429 => Code::ResourceExhausted,
        499 => Code::Cancelled,
        501 => Code::Unimplemented,
        // A gateway that does not reach its server says so by 502: gRPC too takes that as a failure that passes.
        502 | 503 => Code::Unavailable,
        504 => Code::DeadlineExceeded,
        402..=498 => Code::FailedPrecondition,
        500..=599 => Code::Internal,
        _ => Code::Unknown,
    }
}

fn message(text: &str) -> Option<String> {
    (!text.trim().is_empty()).then(|| clip(text, MAX_MESSAGE))
}

/// At most so many bytes of the text.
fn clip(text: &str, max: usize) -> String {
    if text.len() <= max {
        return text.to_owned();
    }
    let end = (0..=max).rev().find(|end| text.is_char_boundary(*end)).unwrap_or_default();
    format!("{}…", &text[..end])
}

/// The start of a plain text, as one line.
fn excerpt(headers: &HeaderMap, body: &[u8]) -> Option<String> {
    if let Some(content_type) = headers.get(CONTENT_TYPE) {
        let essence = content_type.to_str().ok()?.split(';').next()?.trim();
        if !essence.eq_ignore_ascii_case("text/plain") {
            return None;
        }
    }
    // A little more than is wanted, since white space goes. What is not text ends it.
    let start = &body[..body.len().min(4 * MAX_EXCERPT)];
    let text = start.utf8_chunks().next()?.valid();
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    // Whatever its type says, this is markup, or JSON that is broken.
    if line.is_empty() || line.starts_with(['<', '{', '[']) {
        return None;
    }
    Some(clip(&line, MAX_EXCERPT))
}

/// A detail as gRPC sends it. One whose type is not known here becomes a `google.protobuf.Struct` (or `Value`), so that
/// nothing is lost; [`unpack`] reads it when its type is asked for.
fn pack(detail: &Value) -> Option<Any> {
    if let Value::Object(object) = detail
        && let Some(any) = typed(object, &[]).or_else(|| encoded(object))
    {
        return Some(any);
    }
    let schema = match detail {
        Value::Null => return None,
        Value::Object(_) => Struct::schema(),
        _ => prost_types::Value::schema(),
    };
    let value = json::to_wire(schema, &serde_json::to_vec(detail).ok()?, &options(&[])).ok()?;
    Some(Any { type_url: format!("{TYPE_PREFIX}{}", schema.name()), value })
}

fn options(types: Types) -> DecodeOptions {
    DecodeOptions { ignore_unknown: true, types }
}

/// A detail with its `@type`, which should be a URL and at times is a name alone. What of it does not fit the type, such
/// as a number for a text, is left out.
fn typed(object: &Map<String, Value>, types: Types) -> Option<Any> {
    let name = object.get(TYPE)?.as_str()?;
    let url = if name.contains('/') { name.to_owned() } else { format!("{TYPE_PREFIX}{name}") };
    let read = |content: &Value| {
        let mut object = content.as_object()?.clone();
        object.insert(TYPE.to_owned(), url.clone().into());
        json::to_wire(Any::schema(), &serde_json::to_vec(&object).ok()?, &options(types)).ok()
    };
    let content = Value::Object(object.clone());
    let wire =
        read(&content).or_else(|| read(&fitting(&content, LEVELS, &|content| read(content).is_some())?))?;
    Any::decode(wire.as_slice()).ok()
}

/// What of the JSON fits, where not all of it does: each element and each field is tried alone, so many levels deep.
fn fitting(json: &Value, levels: u32, fits: &dyn Fn(&Value) -> bool) -> Option<Value> {
    if fits(json) {
        return Some(json.clone());
    }
    let levels = levels.checked_sub(1)?;
    match json {
        Value::Object(object) if fits(&Value::Object(Map::new())) => {
            let alone =
                |key: &String, value: &Value| fits(&Map::from_iter([(key.clone(), value.clone())]).into());
            let fields = object.iter();
            let fields = fields.filter_map(|(key, value)| {
                Some((key.clone(), fitting(value, levels, &|value| alone(key, value))?))
            });
            Some(Value::Object(fields.collect()))
        }
        Value::Array(list) if fits(&Value::Array(Vec::new())) => {
            let alone = |value: &Value| fits(&vec![value.clone()].into());
            Some(list.iter().filter_map(|value| fitting(value, levels, &alone)).collect())
        }
        _ => None,
    }
}

/// A detail whose content is base64: Connect, and servers that write an Any as if it were any message.
fn encoded(object: &Map<String, Value>) -> Option<Any> {
    let name = ["type_url", "typeUrl", "type"].iter().find_map(|key| object.get(*key)?.as_str())?;
    let value = base64::decoded(object.get("value")?.as_str()?)?;
    let type_url = if name.contains('/') { name.to_owned() } else { format!("{TYPE_PREFIX}{name}") };
    Some(Any { type_url, value })
}

/// A detail that [`of_response`] did not know the type of.
pub(crate) fn unpack<T: Message + Default + HasSchema>(detail: &Any) -> Option<T> {
    let is_a = |url: &str, name: &str| url.rsplit('/').next() == Some(name);
    if !is_a(&detail.type_url, Struct::schema().name()) {
        return None;
    }
    let content = Struct::decode(detail.value.as_slice()).ok()?;
    let Some(value::Kind::StringValue(url)) = &content.fields.get(TYPE)?.kind else { return None };
    if !is_a(url, T::schema().name()) {
        return None;
    }
    let json = json::from_wire(Struct::schema(), &detail.value, &EncodeOptions::default()).ok()?;
    let any = typed(&serde_json::from_slice(&json).ok()?, const { &[&[T::schema]] })?;
    T::decode(any.value.as_slice()).ok()
}
