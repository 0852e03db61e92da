//! Where messages occur, and their field masks.

use super::{RustType, TypeRef};

/// Where a message occurs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Uses {
    /// In a request, at any depth. In an API without methods, every message may be in one.
    pub input: bool,
    /// In a response, at any depth. In an API without methods, every message may be in one.
    pub output: bool,
    /// As the response of a method, if a field can be taken out of it. A response that contains itself does not count.
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
    /// The path below the root, if the type is generated.
    pub fn local(&self) -> Option<&[String]> {
        match &self.rust {
            RustType::Local(path) => Some(path),
            RustType::Foreign(_) => None,
        }
    }

    /// Whether another crate of the workspace has the type.
    pub fn is_of_sibling(&self) -> bool {
        self.local().and_then(<[String]>::first).is_some_and(|first| first.starts_with("::"))
    }
}
