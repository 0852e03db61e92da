//! Checks that a message assembled from parts has its required fields (proto2).

use crate::message::schema::canonical::Canonical;
use crate::message::schema::{MessageSchema, Presence};
use crate::wire::reader::{Reader, WireError};

/// The dotted path of the first required field that is not set.
pub(super) fn missing(schema: &'static MessageSchema, wire: &[u8]) -> Result<Option<String>, WireError> {
    let message = Canonical::new(schema, wire)?;
    for (index, field) in schema.fields().iter().enumerate() {
        if field.presence == Presence::Required && message.get(index)?.is_none() {
            return Ok(Some(field.name.to_owned()));
        }
    }
    let mut fields = message.fields();
    while let Some(set) = fields.next()? {
        let Some(inner) = set.field.kind.message() else { continue };
        let mut elements = set.elements();
        while let Some(value) = elements.next()? {
            let content = if set.field.is_map() { map_value(value.bytes()?)? } else { value.message()? };
            if let Some(path) = missing(inner, content)? {
                return Ok(Some(format!("{}.{path}", set.field.name)));
            }
        }
    }
    Ok(None)
}

fn map_value(entry: &[u8]) -> Result<&[u8], WireError> {
    let mut reader = Reader::new(entry);
    let mut content = &[][..];
    while let Some((number, value)) = reader.field()? {
        if number == 2 {
            content = value.message()?;
        }
    }
    Ok(content)
}
