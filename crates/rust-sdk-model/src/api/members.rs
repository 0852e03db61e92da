//! What generated messages have besides their fields.

use super::{RustType, TypeRef};

/// Where a message occurs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Uses {
    /// In a request, however deep. In an API without methods, every message may be one.
    pub input: bool,
    /// In a response, however deep. In an API without methods, every message may be one.
    pub output: bool,
    /// It is a response itself with a field that can be taken out of it.
    pub response: bool,
}

/// How the fields of a message are named in a field mask.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessageMask {
    /// The type, in the package's module for masks.
    pub name: String,
    /// The function on the message that starts a mask.
    pub function: String,
    /// The fields by number.
    pub fields: Vec<MaskField>,
}

/// One field in a mask.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MaskField {
    /// The name in the file.
    pub name: String,
    /// The function that adds the whole field.
    pub function: String,
    /// For a message: the function that adds some of its fields, and the path of its mask's type below the root.
    pub within: Option<(String, Vec<String>)>,
}

impl TypeRef {
    /// The path below the root, for a type that is generated.
    pub fn local(&self) -> Option<&[String]> {
        match &self.rust {
            RustType::Local(path) => Some(path),
            RustType::Foreign(_) => None,
        }
    }
}
