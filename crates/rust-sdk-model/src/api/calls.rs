//! How methods are called.

use super::Kind;
use crate::options::PageKind;

/// A parameter of a client's function: a required top-level field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Argument {
    /// The index of the field in the request message.
    pub field: usize,
    /// The parameter.
    pub name: String,
}

/// The fields of a method that lists page by page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pagination {
    /// How the next page is requested.
    pub kind: PageKind,
    /// Whether tokens are bytes.
    pub is_bytes: bool,
    /// The request's page size, if it has one.
    pub page_size: Option<String>,
    /// The request's page token, offset or number.
    pub page_token: PageField,
    /// The response's next token.
    pub next_page_token: Option<PageField>,
    /// The response's list or map.
    pub items: PageField,
    /// The type of its elements.
    pub item: Kind,
    /// The response's total, if it has one.
    pub total_size: Option<String>,
    /// Whether the request's type implements pagination for this method: of several methods with the same messages, only for the first.
    pub implements: bool,
}

/// A field for pagination.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageField {
    /// The dotted path, by the names in the files.
    pub name: String,
    /// The Rust fields on the path.
    pub rust_path: Vec<String>,
}
