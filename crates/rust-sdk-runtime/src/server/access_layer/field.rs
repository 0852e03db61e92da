//! Finds a field of a request in the encoded message, without decoding it, and in JSON.

use std::fmt;

use serde::de::{self, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use crate::message::schema::MessageSchema;
use crate::wire::reader::{Reader, Value, WireError};

/// The path from a request message to one of its fields.
#[derive(Debug)]
pub(super) struct FieldPath(Box<[Step]>);

#[derive(Debug)]
struct Step {
    message: &'static MessageSchema,
    index: usize,
    oneof: Option<&'static str>,
}

impl FieldPath {
    /// A path from dotted proto names. `None` if there is no such field, or if it is inside a list or a map.
    pub(super) fn new(mut message: &'static MessageSchema, path: &str) -> Option<Self> {
        let mut steps = Vec::new();
        let mut names = path.split('.').peekable();
        while let Some(name) = names.next() {
            let index = message.fields().iter().position(|field| field.name == name)?;
            let field = &message.fields()[index];
            steps.push(Step { message, index, oneof: field.oneof() });
            if field.presence.is_repeated() {
                return None;
            }
            if names.peek().is_some() {
                message = field.kind.message()?;
            }
        }
        Some(Self(steps.into()))
    }

    /// Whether a query key is one of the field's `ProtoJSON` names.
    pub(super) fn is_key(&self, key: &str) -> bool {
        let mut names = key.split('.');
        self.0.iter().all(|step| names.next().is_some_and(|name| step.is_key(name))) && names.next().is_none()
    }

    /// Whether a value in the field `other` (dotted names) clears the value in this one: both belong to the same oneof on the path.
    pub(super) fn is_ended_by(&self, other: &str) -> bool {
        let mut names = other.split('.');
        for step in &self.0 {
            let index = names.next().and_then(|name| step.message.index_of_key(name, step.index));
            if index != Some(step.index) {
                let other = index.and_then(|index| step.message.fields()[index].oneof());
                return step.oneof.is_some() && step.oneof == other;
            }
        }
        false
    }

    /// The field's value in an encoded message, as decoding would leave it. Later values replace earlier ones, several occurrences of a
    /// message count as one, and a member of a oneof clears the others.
    ///
    /// # Errors
    /// If the bytes on the path are not a valid message.
    pub(super) fn find<'a>(&self, wire: &'a [u8]) -> Result<Option<Value<'a>>, WireError> {
        let mut found = None;
        find(&self.0, wire, &mut found)?;
        Ok(found)
    }

    /// Calls `found` with every text of this field in a JSON value. The value starts `begin` steps into the path; with `stream` it may be
    /// an array of messages.
    pub(super) fn find_in_json<'de, D: Deserializer<'de>>(
        &self,
        json: D,
        begin: usize,
        stream: bool,
        found: &mut dyn FnMut(&str) -> bool,
    ) -> Result<(), D::Error> {
        Seek { steps: self.0.get(begin..).unwrap_or_default(), stream, found }.deserialize(json)
    }
}

impl Step {
    /// Whether a key is one of the field's names.
    fn is_key(&self, key: &str) -> bool {
        self.message.index_of_key(key, self.index) == Some(self.index)
    }
}

fn find<'a>(steps: &[Step], wire: &'a [u8], found: &mut Option<Value<'a>>) -> Result<(), WireError> {
    let Some((step, rest)) = steps.split_first() else { return Ok(()) };
    let field = &step.message.fields()[step.index];
    let mut reader = Reader::new(wire);
    while let Some((number, value)) = reader.field()? {
        if number == field.number {
            match &field.kind {
                kind if kind.is_group() && !matches!(value, Value::Group(_)) => return Err(WireError::Type),
                kind if !kind.is_group() && kind.message().is_some() && !matches!(value, Value::Len(_)) => {
                    return Err(WireError::Type);
                }
                _ if rest.is_empty() => *found = Some(value),
                _ => find(rest, value.message()?, found)?,
            }
        } else if let Some(oneof) = step.oneof
            && let Some((_, other)) = step.message.find(number, 0)
            && other.oneof() == Some(oneof)
        {
            *found = None;
        }
    }
    Ok(())
}

/// Looks for the rest of a path in a JSON value.
struct Seek<'s> {
    steps: &'s [Step],
    stream: bool,
    found: &'s mut dyn FnMut(&str) -> bool,
}

impl<'de> DeserializeSeed<'de> for Seek<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<(), D::Error> {
        json.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Seek<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.steps.is_empty() { "a string" } else { "an object" })
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<(), E> {
        if !self.steps.is_empty() {
            return Err(de::Error::invalid_type(de::Unexpected::Other("a string"), &self));
        }
        if (self.found)(text) { Ok(()) } else { Err(de::Error::custom("another account")) }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let Some((step, rest)) = self.steps.split_first() else {
            return Err(de::Error::invalid_type(de::Unexpected::Map, &self));
        };
        let mut seen = false;
        while let Some(is_step) = map.next_key_seed(Key(step))? {
            if !is_step {
                map.next_value::<IgnoredAny>()?;
            } else if std::mem::replace(&mut seen, true) {
                return Err(de::Error::duplicate_field(step.message.fields()[step.index].name));
            } else {
                map.next_value_seed(Seek { steps: rest, stream: false, found: &mut *self.found })?;
            }
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        if !self.stream {
            return Err(de::Error::invalid_type(de::Unexpected::Seq, &self));
        }
        let Self { steps, found, .. } = self;
        while seq.next_element_seed(Seek { steps, stream: false, found: &mut *found })?.is_some() {}
        Ok(())
    }
}

/// Tells whether a key names a step's field.
struct Key<'s>(&'s Step);

impl<'de> DeserializeSeed<'de> for Key<'_> {
    type Value = bool;

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<bool, D::Error> {
        json.deserialize_str(self)
    }
}

impl Visitor<'_> for Key<'_> {
    type Value = bool;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E>(self, key: &str) -> Result<bool, E> {
        Ok(self.0.is_key(key))
    }
}
