//! Reads masks from text. The table of the message checks the paths, by both names of its fields.

use prost_types::FieldMask;

use super::{Mask, add};
use crate::message::schema::{HasSchema, MessageSchema};

impl<M: HasSchema> Mask<M> {
    /// Reads paths joined by commas, in the names of the `.proto` file or of JSON: `name,climate.target_temperature`. After a map comes one
    /// of its keys. `*` means everything.
    ///
    /// # Errors
    /// If a path leads to no field of the message.
    pub fn parse(text: &str) -> Result<Self, UnknownPath> {
        let mut mask = Self::new();
        for path in text.split(',').filter(|_| !text.is_empty()) {
            add(&mut mask.paths, resolve(M::schema(), path)?);
        }
        Ok(mask)
    }
}

impl<M: HasSchema> std::str::FromStr for Mask<M> {
    type Err = UnknownPath;

    fn from_str(text: &str) -> Result<Self, UnknownPath> {
        Self::parse(text)
    }
}

impl<M: HasSchema> TryFrom<FieldMask> for Mask<M> {
    type Error = UnknownPath;

    fn try_from(mask: FieldMask) -> Result<Self, UnknownPath> {
        let mut out = Self::new();
        for path in &mask.paths {
            add(&mut out.paths, resolve(M::schema(), path)?);
        }
        Ok(out)
    }
}

/// The path in the names of the `.proto` file.
fn resolve(schema: &'static MessageSchema, path: &str) -> Result<String, UnknownPath> {
    if path == "*" {
        return Ok(path.to_owned());
    }
    let unknown = || UnknownPath { message: schema.name(), path: path.chars().take(200).collect() };
    let mut out = String::with_capacity(path.len());
    let mut within = Some(schema);
    let mut parts = path.split('.');
    while let Some(part) = parts.next() {
        let fields = within.ok_or_else(unknown)?.fields();
        let field = fields
            .iter()
            .find(|field| field.name == part)
            .or_else(|| fields.iter().find(|field| field.json_name() == part))
            .ok_or_else(unknown)?;
        if !out.is_empty() {
            out.push('.');
        }
        out.push_str(field.name);
        if field.is_map() {
            let Some(key) = parts.next() else { break };
            if key.is_empty() {
                return Err(unknown());
            }
            out.push('.');
            out.push_str(key);
        }
        // A path cannot lead into a list.
        let is_list = field.presence.is_repeated() && !field.is_map();
        within = if is_list { None } else { field.kind.message() };
    }
    Ok(out)
}

/// A path that leads to no field.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{path:?} is not a field of {message}")]
pub struct UnknownPath {
    message: &'static str,
    path: String,
}

impl UnknownPath {
    /// The message's full name, `package.Message`.
    pub const fn message(&self) -> &'static str {
        self.message
    }

    /// The path, cut if it is long.
    pub fn path(&self) -> &str {
        &self.path
    }
}
