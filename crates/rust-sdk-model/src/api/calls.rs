//! How methods are called.

use super::Kind;

/// A parameter of a client's function: a required top-level field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Argument {
    /// The index of the field in the request message.
    pub field: usize,
    /// The parameter.
    pub name: String,
}

/// The fields of a method that lists page by page (AIP-158).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pagination {
    /// The request's page size, if it has one.
    pub page_size: Option<String>,
    /// The request's page token.
    pub page_token: PageField,
    /// The response's next token.
    pub next_page_token: PageField,
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
    /// The name in the file.
    pub name: String,
    /// The Rust field.
    pub rust_name: String,
}
