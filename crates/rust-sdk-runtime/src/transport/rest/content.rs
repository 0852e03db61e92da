//! Reads the messages from the items of a response.

use bytes::Bytes;
use http::HeaderMap;
use http::header::CONTENT_TYPE;

use super::frames::Framing;
use super::scan::sole_member;
use crate::api::method::MethodSchemas;
use crate::api::routing::Binding;
use crate::error::metadata::content_encoding;
use crate::error::{Error, ErrorKind};
use crate::message::json::{self, DecodeOptions};
use crate::message::schema::MessageSchema;
use crate::transcode::{self as rest, status};

/// The data for reading a response.
pub(super) struct Content {
    binding: &'static Binding,
    schemas: MethodSchemas,
    media_type: Option<String>,
    /// Why a body could not be read. It matters only if a body arrives.
    foreign: Option<String>,
}

impl Content {
    pub(super) fn new(binding: &'static Binding, schemas: MethodSchemas) -> Self {
        Self { binding, schemas, media_type: None, foreign: None }
    }

    /// Whether a body is raw bytes, of any type.
    pub(super) fn is_raw(&self) -> bool {
        rest::is_raw(self.binding, &self.schemas)
    }

    /// Reads the headers that describe the body, and returns its media type without parameters.
    pub(super) fn open(&mut self, headers: &HeaderMap) -> Option<String> {
        let media_type = headers.get(CONTENT_TYPE);
        self.media_type = media_type.map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned());
        let essence = self.media_type.as_deref().map(|content_type| {
            content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
        });
        // The client did not offer any encoding.
        if let Some(encoding) = content_encoding(headers) {
            self.foreign = Some(format!("the response has the content encoding {encoding:?}"));
        } else if !self.is_raw() && !essence.as_deref().is_none_or(is_json) {
            let content_type = self.media_type.as_deref().unwrap_or_default();
            self.foreign =
                Some(format!("the server did not answer in JSON: its content type is {content_type:?}"));
        }
        essence
    }

    /// Fails if there is a body that cannot be read.
    pub(super) fn check(&self, body: &[u8]) -> Result<(), Error> {
        match &self.foreign {
            Some(message) if !body.is_empty() => Err(Error::new(ErrorKind::Decode, message.clone())),
            _ => Ok(()),
        }
    }

    /// The encoded message of an item.
    pub(super) fn message(&self, item: &[u8], framing: &Framing) -> Result<Bytes, Error> {
        let mut item = item;
        if framing.has_errors()
            && sole_member(item, "error").is_some_and(|error| error.starts_with(b"{"))
            && !self.is_message(item, "error")
        {
            return Err(status::of_stream_error(item));
        }
        if framing.has_wrappers()
            && let Some(wrapped) = sole_member(item, "result")
            && !self.is_message(item, "result")
        {
            item = wrapped;
        }
        rest::response(self.binding, &self.schemas, self.media_type.as_deref(), item).map(Into::into).map_err(
            |error| {
                Error::new(ErrorKind::Decode, "the response is not a valid message of the method")
                    .with_source(error)
            },
        )
    }

    /// Whether an object with only this key is a message itself, not a wrapper: the message has a field with this key, and the object is a
    /// valid message without unknown fields.
    ///
    /// An ambiguous object counts as the message. This can misread a server that wraps messages and omits default values, if its messages
    /// have a field `result` whose message allows the same fields.
    fn is_message(&self, item: &[u8], key: &str) -> bool {
        let options = DecodeOptions { ignore_unknown: false, unknown_any: true, types: self.schemas.types() };
        item_schema(self.binding, &self.schemas).is_some_and(|schema| {
            schema.well_known().is_none()
                && schema.index_of_key(key, 0).is_some()
                && json::to_wire(schema, item, &options).is_ok()
        })
    }
}

/// The message in a response's body: the response, or its one field that the binding names.
fn item_schema(binding: &Binding, schemas: &MethodSchemas) -> Option<&'static MessageSchema> {
    match binding.response_body_field() {
        None => Some(schemas.response()),
        Some(name) => match schemas.response().field(name)? {
            field if field.presence.is_repeated() => None,
            field => field.kind.message(),
        },
    }
}

/// Media types that are read as JSON, or as a stream of it.
fn is_json(essence: &str) -> bool {
    essence.contains("json") || essence == "text/event-stream" || essence == "text/plain"
}
