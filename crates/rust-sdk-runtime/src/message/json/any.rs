//! `google.protobuf.Any`: finding its type, and writing it.

use super::encode::{Encoder, Outcome};
use super::{JsonErrorKind, text};
use crate::message::google_rpc;
use crate::message::schema::{HasSchema as _, MessageSchema, Types, WellKnown, wkt};
use crate::wire::reader::{MAX_DEPTH, Reader, WireError};

/// The key of an Any's type URL.
pub(crate) const TYPE: &str = "@type";
/// The type URL of an Any that stands for one of an unknown type.
pub(crate) const STRUCT: &str = "type.googleapis.com/google.protobuf.Struct";

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
            if self.options.unknown_any && unknown_url(url, wire).is_some() {
                self.out.pop();
                return self.message(schema, wire, depth);
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

/// The type URL that the JSON had, if an Any with this URL and content stands for one of an unknown type.
pub(super) fn unknown_url<'a>(url: &str, wire: &'a [u8]) -> Option<&'a str> {
    let (_, name) = url.rsplit_once('/')?;
    let field = |wire: &'a [u8], wanted: u32| {
        let mut reader = Reader::new(wire);
        let mut fields = std::iter::from_fn(move || reader.field().ok()?);
        fields.find_map(move |(number, value)| (number == wanted).then_some(value))
    };
    if name != prost_types::Struct::schema().name() {
        return None;
    }
    let mut reader = Reader::new(wire);
    let mut entries = std::iter::from_fn(|| reader.field().ok()?);
    entries.find_map(|(_, entry)| {
        let entry = entry.bytes().ok()?;
        if field(entry, 1)?.text().ok()? != TYPE {
            return None;
        }
        // `Value.string_value`
        let url = field(field(entry, 2)?.bytes().ok()?, 3)?.text().ok()?;
        url.contains('/').then_some(url)
    })
}

/// The type URL and the content of an encoded Any.
pub(super) fn parts(wire: &[u8]) -> Result<(&str, &[u8]), WireError> {
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
