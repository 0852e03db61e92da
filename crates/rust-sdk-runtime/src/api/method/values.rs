//! The values that a call logs and the values of its event, read from encoded messages by their schemas.

use std::fmt;

use http::{HeaderMap, HeaderName};
use prost::Message;

use super::{Event, Method, Rpc};
use crate::api::routing::leaf::Leaf;
use crate::api::routing::percent::{Keep, encode_into};
use crate::error::metadata::is_secret;
use crate::message::json::JsonErrorKind;
use crate::message::schema::{Field, HasSchema, MessageSchema};
use crate::wire::reader::{Reader, Value, WireError};

/// An error about one value. It names the value's source, never the value.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("`{source_path}` {kind}")]
pub struct ValueError {
    source_path: &'static str,
    kind: ValueErrorKind,
}

impl ValueError {
    /// The source of the value, such as `req.cluster.id`.
    pub const fn place(&self) -> &'static str {
        self.source_path
    }

    /// The problem with the value.
    pub const fn kind(&self) -> &ValueErrorKind {
        &self.kind
    }
}

/// The problem with a value.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ValueErrorKind {
    /// The value is not set, or it is empty.
    #[error("is not set")]
    Missing,
    /// The value is `.` or `..`, which URL parsers collapse, escaped or not.
    #[error("is `.` or `..`, which a URL cannot hold as a segment")]
    DotSegment,
    /// The message has no such field, or the field cannot hold a single value. Generated tables name no such field.
    #[error("is not a field with a single value")]
    Unknown,
    /// The bytes are not a valid message.
    #[error("cannot be read: {0}")]
    Malformed(JsonErrorKind),
}

/// One side of a call: an encoded message with its schema, and the metadata that came with it.
#[derive(Clone, Copy)]
pub struct Side<'a> {
    schema: &'static MessageSchema,
    wire: &'a [u8],
    metadata: Option<&'a HeaderMap>,
}

impl<'a> Side<'a> {
    /// A side with this schema and encoded message.
    pub const fn new(schema: &'static MessageSchema, wire: &'a [u8]) -> Self {
        Self { schema, wire, metadata: None }
    }

    /// Sets the metadata: the headers of a request; the headers, or headers and trailers, of a response.
    #[must_use]
    pub const fn metadata(mut self, metadata: &'a HeaderMap) -> Self {
        self.metadata = Some(metadata);
        self
    }
}

impl fmt::Debug for Side<'_> {
    /// Shows no contents.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Side").field("message", &self.schema.name()).finish_non_exhaustive()
    }
}

/// The values of an event.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct EventValues {
    /// The resource's ID.
    pub resource_id: String,
    /// The resource's URL. Each value in it is escaped as one segment.
    pub resource_url: String,
    /// Additional context, without unset values. The values of a list are joined by commas.
    pub context: Vec<(&'static str, String)>,
}

impl Method {
    /// The names and values to log for an encoded request, without unset values. The values of a list are joined by commas. Fields that are
    /// marked `debug_redact` are not among [`Self::log_fields`].
    ///
    /// # Errors
    /// If the bytes on the way to the fields are not a valid message.
    pub fn log_values(
        &self,
        schema: &'static MessageSchema,
        wire: &[u8],
    ) -> Result<Vec<(&'static str, String)>, ValueError> {
        let mut values = Vec::with_capacity(self.log_fields().len());
        for &(name, path) in self.log_fields() {
            let value = text(schema, wire, path)
                .map_err(|kind| ValueError { source_path: path, kind })?
                .filter(|value| !value.is_empty());
            values.extend(value.map(|value| (name, value)));
        }
        Ok(values)
    }
}

impl Event {
    /// The event's values, from both sides of the call.
    ///
    /// # Errors
    /// If the resource's ID or a part of its URL is not set, if a part of the URL is `.` or `..`, or if the bytes are not a valid message.
    pub fn values(&self, request: Side<'_>, response: Side<'_>) -> Result<EventValues, ValueError> {
        let value = |source: &'static str| value(source, request, response);
        let resource_id = value(self.resource_id())?.ok_or_else(|| missing(self.resource_id()))?;
        let mut context = Vec::with_capacity(self.additional_context().len());
        for &(name, source) in self.additional_context() {
            context.extend(value(source)?.map(|value| (name, value)));
        }
        let mut resource_url = String::with_capacity(self.resource_url().len());
        let mut rest = self.resource_url();
        while let Some((literal, (source, behind))) =
            rest.split_once('{').and_then(|(literal, open)| Some((literal, open.split_once('}')?)))
        {
            let part = value(source)?.ok_or_else(|| missing(source))?;
            if matches!(part.as_str(), "." | "..") {
                return Err(ValueError { source_path: source, kind: ValueErrorKind::DotSegment });
            }
            resource_url.push_str(literal);
            encode_into(&mut resource_url, &part, Keep::Unreserved);
            rest = behind;
        }
        resource_url.push_str(rest);
        Ok(EventValues { resource_id, resource_url, context })
    }
}

impl<I: Message + HasSchema, O: Message + HasSchema, K> Rpc<I, O, K> {
    /// The names and values to log for a request: see [`Method::log_values`].
    ///
    /// # Errors
    /// If a value cannot be read, such as a time that is out of range.
    pub fn log_values(&self, request: &I) -> Result<Vec<(&'static str, String)>, ValueError> {
        self.method().log_values(I::schema(), &request.encode_to_vec())
    }

    /// The values of the event that this call emits; `None` for a method without one. Pass the metadata that was sent with the request and
    /// with the response.
    ///
    /// # Errors
    /// If the resource's ID or a part of its URL is not set, or if a part of the URL is `.` or `..`.
    pub fn event_values(
        &self,
        (request, request_metadata): (&I, &HeaderMap),
        (response, response_metadata): (&O, &HeaderMap),
    ) -> Option<Result<EventValues, ValueError>> {
        let event = self.event()?;
        let (request, response) = (request.encode_to_vec(), response.encode_to_vec());
        let request = Side::new(I::schema(), &request).metadata(request_metadata);
        Some(event.values(request, Side::new(O::schema(), &response).metadata(response_metadata)))
    }
}

const fn missing(source_path: &'static str) -> ValueError {
    ValueError { source_path, kind: ValueErrorKind::Missing }
}

/// The value at a source; `None` if it is not set or empty.
fn value(source: &'static str, request: Side<'_>, response: Side<'_>) -> Result<Option<String>, ValueError> {
    let failed = |kind| ValueError { source_path: source, kind };
    let (root, path) = source.split_once('.').ok_or_else(|| failed(ValueErrorKind::Unknown))?;
    let found = match root {
        "req" => text(request.schema, request.wire, path).map_err(failed)?,
        "resp" => text(response.schema, response.wire, path).map_err(failed)?,
        "req-md" => header(request.metadata, path),
        "resp-md" => header(response.metadata, path),
        _ => return Err(failed(ValueErrorKind::Unknown)),
    };
    Ok(found.filter(|value| !value.is_empty()))
}

/// The metadata's value for a key, unless it is a secret.
fn header(metadata: Option<&HeaderMap>, key: &str) -> Option<String> {
    let name = HeaderName::from_bytes(key.as_bytes()).ok()?;
    let value = metadata?.get(&name).filter(|value| !is_secret(&name, value))?;
    value.to_str().ok().map(str::to_owned)
}

/// The text of the field at a dotted path; `None` if the field or a parent message is not set.
fn text(schema: &'static MessageSchema, wire: &[u8], path: &str) -> Result<Option<String>, ValueErrorKind> {
    let mut fields = Vec::new();
    let mut message = Some(schema);
    for name in path.split('.') {
        let within = message.ok_or(ValueErrorKind::Unknown)?;
        let field = within.field(name).ok_or(ValueErrorKind::Unknown)?;
        fields.push((within, field));
        message = field.message();
    }
    let Some((_, target)) = fields.last() else { return Err(ValueErrorKind::Unknown) };
    let mut found = Vec::new();
    find(&fields, wire, &mut found).map_err(|error| ValueErrorKind::Malformed(error.into()))?;
    if !target.presence.is_repeated() {
        found.drain(..found.len().saturating_sub(1));
    }
    if found.is_empty() {
        return Ok(None);
    }
    let mut text = String::new();
    for (index, value) in found.into_iter().enumerate() {
        let leaf = if target.is_map() { Ok(None) } else { Leaf::read(&target.kind, value) };
        let leaf = leaf.map_err(ValueErrorKind::Malformed)?.ok_or(ValueErrorKind::Unknown)?;
        if index > 0 {
            text.push(',');
        }
        text.push_str(&leaf.value().to_string());
    }
    Ok(Some(text))
}

/// Collects the field's values as decoding the message would leave them: several occurrences of a message count as one, and a member of a
/// oneof clears the others.
fn find<'a>(
    path: &[(&'static MessageSchema, &'static Field)],
    wire: &'a [u8],
    found: &mut Vec<Value<'a>>,
) -> Result<(), WireError> {
    let Some(((message, field), rest)) = path.split_first() else { return Ok(()) };
    let mut reader = Reader::new(wire);
    while let Some((number, value)) = reader.field()? {
        if number == field.number {
            match value {
                _ if !rest.is_empty() => find(rest, value.message()?, found)?,
                Value::Len(packed) if field.presence.is_repeated() && field.is_packable() => {
                    let mut items = Reader::new(packed);
                    while !items.rest().is_empty() {
                        found.push(items.value(field.kind.wire_type())?);
                    }
                }
                value => found.push(value),
            }
        } else if field.oneof().is_some()
            && message.find(number, 0).is_some_and(|(_, other)| other.oneof() == field.oneof())
        {
            found.clear();
        }
    }
    Ok(())
}
