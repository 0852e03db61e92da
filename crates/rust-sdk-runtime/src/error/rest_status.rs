//! Reads the error of a REST response. Pure functions, for any HTTP client. They know the shapes that servers use:
//!
//! - `{"code", "message", "details"}`: Envoy, and grpc-gateway since v2
//! - `{"error": {"code", "message", "status", "details"}}`: Google, where `code` is the HTTP status
//! - `{"error", "message", "code"}` and, in streams, `{"error": {"grpc_code", "http_code", "message"}}`: grpc-gateway v1
//! - gRPC's own headers, if a proxy keeps them
//! - anything else, such as the page of a proxy
//!
//! Details become the same `google.rpc.Status` that gRPC sends, so [`Error`] reads them in the same way. A body is not
//! trusted: with any content, the outcome is an error of [`ErrorKind::Status`](crate::ErrorKind::Status) with a code.

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

/// The most bytes of a plain text that become the message.
const MAX_EXCERPT: usize = 200;
/// The most bytes of a JSON body's message; about what HTTP/2 lets gRPC send.
const MAX_MESSAGE: usize = 8 * 1024;
/// The depth of the search in `fitting`: from a detail to the text of `BadRequest.field_violations[].localized_message`. A deeper search
/// would let a hostile server burden its clients at little cost.
const LEVELS: u32 = 5;
const TYPE: &str = "@type";
const TYPE_PREFIX: &str = "type.googleapis.com/";

/// The error of an unsuccessful response.
///
/// The code comes from gRPC's headers, else from the body, else from the HTTP status. The message comes from gRPC's headers, else from a
/// JSON body or the start of a plain text. HTML and unreadable bodies give no message.
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
    error(code, message, details, stated.details).with_headers(headers.clone()).with_http(status, body)
}

/// The error of a stream's item `{"error": …}`.
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

/// The error as a body states it.
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
            // Google sends streams as arrays, and their errors, too.
            Value::Array(items) => match items.first() {
                Some(Value::Object(top)) => top,
                _ => return Self::default(),
            },
            Value::String(text) => return Self { message: message(text), ..Self::default() },
            _ => return Self::default(),
        };
        let object = top.get("error").and_then(Value::as_object).unwrap_or(top);
        // A name in `status` is more precise than the HTTP status in `code`.
        let code = ["grpc_code", "grpcCode", "status", "code", "http_code", "httpCode"]
            .iter()
            .find_map(|key| code(object.get(*key)?));
        // Most servers use `message`; grpc-gateway v1, OAuth and problem details (RFC 9457) use the other keys.
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

/// A code from its number, its name or an HTTP status. The numbers of codes and of HTTP statuses do not overlap.
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

/// The code of an HTTP status: the inverse of the map in `google/rpc/code.proto`, where an inverse exists.
fn of_http(status: StatusCode) -> Code {
    match status.as_u16() {
        400 => Code::InvalidArgument,
        401 => Code::Unauthenticated,
        403 => Code::PermissionDenied,
        404 => Code::NotFound,
        408 | 504 => Code::DeadlineExceeded,
        409 => Code::Aborted,
        413 | 429 => Code::ResourceExhausted,
        416 => Code::OutOfRange,
        499 => Code::Cancelled,
        501 => Code::Unimplemented,
        // A gateway answers 502 if it cannot reach its server. gRPC, too, treats that as transient.
        502 | 503 => Code::Unavailable,
        402..=498 => Code::FailedPrecondition,
        500..=599 => Code::Internal,
        _ => Code::Unknown,
    }
}

fn message(text: &str) -> Option<String> {
    (!text.trim().is_empty()).then(|| clip(text, MAX_MESSAGE))
}

/// The text, cut to at most `max` bytes and then marked with `…`.
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
    // Reads more than the excerpt needs, since white space is collapsed. Invalid UTF-8 ends the text.
    let start = &body[..body.len().min(4 * MAX_EXCERPT)];
    let text = start.utf8_chunks().next()?.valid();
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    // Such text is markup or broken JSON, even if its content type says otherwise.
    if line.is_empty() || line.starts_with(['<', '{', '[']) {
        return None;
    }
    Some(clip(&line, MAX_EXCERPT))
}

/// A detail as gRPC sends it. A detail of an unknown type becomes a `google.protobuf.Struct` (or `Value`), so that nothing is lost;
/// [`unpack`] reads it when a caller asks for its type.
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
    DecodeOptions { ignore_unknown: true, types, ..DecodeOptions::default() }
}

/// A detail from its `@type`, which should be a URL but is sometimes only a name. Values that do not fit the type are left out, such as a
/// number for a text.
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

/// The part of the JSON that fits, found by trying each field and each element alone, down to this many levels.
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

/// A detail whose content is base64, from Connect or from servers that write an Any like an ordinary message.
fn encoded(object: &Map<String, Value>) -> Option<Any> {
    let name = ["type_url", "typeUrl", "type"].iter().find_map(|key| object.get(*key)?.as_str())?;
    let value = base64::decoded(object.get("value")?.as_str()?)?;
    let type_url = if name.contains('/') { name.to_owned() } else { format!("{TYPE_PREFIX}{name}") };
    Some(Any { type_url, value })
}

/// Reads a detail whose type [`of_response`] did not know.
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
