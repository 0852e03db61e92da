//! `google.protobuf.Any`: finding its type, and writing it.

use super::encode::{Encoder, Outcome};
use super::{JsonErrorKind, text};
use crate::message::google_rpc;
use crate::message::schema::{MessageSchema, Types, WellKnown, wkt};
use crate::wire::reader::{MAX_DEPTH, Reader, WireError};

/// The key of an Any's type URL.
pub(crate) const TYPE: &str = "@type";

/// The schema that a type URL names, among the given types, the well-known ones and the details of errors.
pub(crate) fn find(types: Types, url: &str) -> Result<&'static MessageSchema, JsonErrorKind> {
    let (_, name) = url.rsplit_once('/').ok_or(JsonErrorKind::AnyType)?;
    let own = [wkt::ALL, wkt::WRAPPERS, google_rpc::ALL];
    let all = types.iter().copied().chain(own).flatten();
    all.map(|schema| schema())
        .find(|schema| schema.name() == name)
        .ok_or_else(|| JsonErrorKind::UnknownType(name.to_owned()))
}

impl Encoder {
    /// Writes an Any.
    pub(crate) fn any(&mut self, wire: &[u8], depth: u32) -> Outcome {
        let (url, wire) = parts(wire).map_err(|e| self.fail(e))?;
        self.any_of(url, wire, depth)
    }

    /// Writes an Any with this type URL and content.
    pub(super) fn any_of(&mut self, url: &str, wire: &[u8], depth: u32) -> Outcome {
        self.out.push(b'{');
        if !url.is_empty() || !wire.is_empty() {
            let schema = find(self.options.types, url).map_err(|e| self.fail(e))?;
            let depth = depth + 1;
            if depth > MAX_DEPTH {
                return Err(self.fail(JsonErrorKind::TooDeep));
            }
            self.out.extend_from_slice(b"\"@type\":");
            text::push_string(url.as_bytes(), &mut self.out);
            self.out.push(b',');
            match schema.well_known() {
                None | Some(WellKnown::Empty) => self.fields(schema, wire, depth)?,
                Some(_) => {
                    self.out.extend_from_slice(b"\"value\":");
                    self.message(schema, wire, depth)?;
                }
            }
        }
        self.close(b'}');
        Ok(())
    }
}

fn parts(wire: &[u8]) -> Result<(&str, &[u8]), WireError> {
    let (mut url, mut content) = ("", &[][..]);
    let mut reader = Reader::new(wire);
    while let Some((number, value)) = reader.field()? {
        match number {
            1 => url = value.text()?,
            2 => content = value.bytes()?,
            _ => {}
        }
    }
    Ok((url, content))
}
