//! Assembles a message from values that name their fields: path variables and query parameters.

use super::options::RequestOptions;
use crate::api::routing::percent::DecodeError;
use crate::message::json::{DecodeOptions, JsonErrorKind, parts};
use crate::message::schema::{Kind, MessageSchema, Presence};
use crate::wire::reader::{MAX_DEPTH, close_len, open_len, put_tag};

/// The problem with a value of a path or a query.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ParameterError {
    /// No field has this name.
    #[error("there is no such parameter")]
    Unknown,
    /// The field belongs in the body.
    #[error("it belongs in the body")]
    InBody,
    /// The field is a message, a list of messages or a map.
    #[error("it is not a flat value; a query can hold only its fields")]
    NotFlat,
    /// The value does not decode to text.
    #[error(transparent)]
    Escape(#[from] DecodeError),
    /// The text is not a value of the field.
    #[error(transparent)]
    Value(#[from] JsonErrorKind),
}

/// The fields of one message that were given.
#[derive(Debug)]
pub(super) struct Parameters {
    schema: &'static MessageSchema,
    fields: Vec<(usize, Given)>,
}

#[derive(Debug)]
enum Given {
    /// The records of one value or of several.
    Records(Vec<u8>),
    Message(Parameters),
}

impl Parameters {
    pub(super) const fn new(schema: &'static MessageSchema) -> Self {
        Self { schema, fields: Vec::new() }
    }

    /// Adds the value of a path variable, by its field path of proto names. The items of a list have commas between them.
    pub(super) fn variable(&mut self, path: &str, value: &str) -> Result<(), ParameterError> {
        let (step, rest) = path.split_once('.').unwrap_or((path, ""));
        let found = self.schema.fields().iter().position(|field| field.name == step);
        let index = found.ok_or(ParameterError::Unknown)?;
        if rest.is_empty() {
            let field = &self.schema.fields()[index];
            let is_list = field.presence.is_repeated() && !field.is_map();
            if !is_list {
                return self.value(index, value, RequestOptions::default());
            }
            return value.split(',').try_for_each(|item| self.value(index, item, RequestOptions::default()));
        }
        self.message(index)?.variable(rest, value)
    }

    /// Adds the value of a query parameter, by its dotted key of JSON names or proto names.
    pub(super) fn parameter(
        &mut self,
        key: &str,
        value: &str,
        options: RequestOptions,
    ) -> Result<(), ParameterError> {
        self.parameter_within(key, value, options, 0)
    }

    fn parameter_within(
        &mut self,
        key: &str,
        value: &str,
        options: RequestOptions,
        depth: u32,
    ) -> Result<(), ParameterError> {
        if depth > MAX_DEPTH {
            return Err(JsonErrorKind::TooDeep.into());
        }
        match self.step(key).ok_or(ParameterError::Unknown)? {
            (index, None) => self.value(index, value, options),
            (index, Some(rest)) => self.message(index)?.parameter_within(rest, value, options, depth + 1),
        }
    }

    /// The field at the start of a dotted key, and the rest of the key. A JSON name may contain dots itself.
    fn step<'k>(&self, key: &'k str) -> Option<(usize, Option<&'k str>)> {
        let whole = self.schema.index_of_key(key, 0).map(|index| (index, None));
        whole.or_else(|| {
            key.match_indices('.')
                .find_map(|(dot, _)| Some((self.schema.index_of_key(&key[..dot], 0)?, Some(&key[dot + 1..]))))
        })
    }

    /// Whether a query key names the field at this dotted path, or a field inside it.
    pub(super) fn is_within(&self, key: &str, path: &str) -> bool {
        let (name, rest) = path.split_once('.').map_or((path, None), |(name, rest)| (name, Some(rest)));
        let Some((index, behind)) = self.step(key) else { return false };
        let field = &self.schema.fields()[index];
        field.name == name
            && rest.is_none_or(|rest| {
                let inner = field.message().map(Self::new);
                inner.zip(behind).is_some_and(|(inner, behind)| inner.is_within(behind, rest))
            })
    }

    /// Adds one value of a field.
    fn value(&mut self, index: usize, text: &str, options: RequestOptions) -> Result<(), ParameterError> {
        let field = &self.schema.fields()[index];
        if !parts::is_text(field) {
            return Err(ParameterError::NotFlat);
        }
        if text.is_empty() && options.empty_is_unset && !parts::is_empty_text(field) {
            return Ok(());
        }
        let json = DecodeOptions { ignore_unknown: options.ignore_unknown, ..DecodeOptions::default() };
        let record = parts::text(field, text, &json)?;
        match self.fields.iter_mut().find(|given| given.0 == index) {
            Some((_, Given::Records(records))) if field.presence.is_repeated() => records.extend(record),
            Some(_) => return Err(JsonErrorKind::Duplicate.into()),
            None => self.add(index, Given::Records(record))?,
        }
        Ok(())
    }

    /// The message in a field, created if none of its fields was given before.
    fn message(&mut self, index: usize) -> Result<&mut Self, ParameterError> {
        let field = &self.schema.fields()[index];
        let schema = match field.kind.message() {
            Some(schema) if !field.presence.is_repeated() && schema.well_known().is_none() => schema,
            Some(_) if !field.is_map() => return Err(ParameterError::NotFlat),
            _ => return Err(ParameterError::Unknown),
        };
        let at = match self.fields.iter().position(|given| given.0 == index) {
            Some(at) => at,
            None => {
                self.add(index, Given::Message(Self::new(schema)))?;
                self.fields.len() - 1
            }
        };
        match &mut self.fields[at].1 {
            Given::Message(message) => Ok(message),
            Given::Records(_) => Err(ParameterError::NotFlat),
        }
    }

    /// Takes note of a field that was set elsewhere. No other member of its oneof may follow.
    pub(super) fn occupy(&mut self, field: &str) {
        if let Some(index) = self.schema.fields().iter().position(|found| found.name == field) {
            self.fields.push((index, Given::Records(Vec::new())));
        }
    }

    /// Whether another member of the field's oneof is set.
    pub(super) fn excludes(&self, field: &str) -> bool {
        let of = |index: usize| &self.schema.fields()[index];
        let found = self.schema.fields().iter().find(|found| found.name == field);
        found.is_some_and(|found| {
            matches!(found.presence, Presence::Oneof(_))
                && self
                    .fields
                    .iter()
                    .any(|(index, _)| of(*index).presence == found.presence && of(*index).name != field)
        })
    }

    fn add(&mut self, index: usize, given: Given) -> Result<(), JsonErrorKind> {
        let presence = |index: usize| self.schema.fields()[index].presence;
        if let oneof @ Presence::Oneof(_) = presence(index)
            && self.fields.iter().any(|given| presence(given.0) == oneof)
        {
            return Err(JsonErrorKind::OneofConflict);
        }
        self.fields.push((index, given));
        Ok(())
    }

    /// Appends the fields in wire format.
    pub(super) fn write(&self, out: &mut Vec<u8>) {
        for (index, given) in &self.fields {
            let field = &self.schema.fields()[*index];
            match given {
                Given::Records(records) => out.extend_from_slice(records),
                Given::Message(message) if matches!(field.kind, Kind::Group(_)) => {
                    put_tag(out, field.number, 3);
                    message.write(out);
                    put_tag(out, field.number, 4);
                }
                Given::Message(message) => {
                    let start = open_len(out, field.number);
                    message.write(out);
                    close_len(out, start);
                }
            }
        }
    }

    /// Whether a message that has been started has required fields.
    pub(super) fn has_required(&self) -> bool {
        let within = |given: &Given| matches!(given, Given::Message(message) if message.has_required());
        self.schema.has_required() || self.fields.iter().any(|(_, given)| within(given))
    }
}
