//! How methods are called.

use super::Kind;

/// A parameter of a client's function: a top-level field that every call must state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Argument {
    /// Which field of the request message, by its place in the list.
    pub field: usize,
    /// The parameter.
    pub name: String,
}

/// The fields of a method that lists page by page (AIP-158).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pagination {
    /// The request's page size.
    pub page_size: String,
    /// The request's page token.
    pub page_token: PageField,
    /// The response's next token.
    pub next_page_token: PageField,
    /// The response's one repeated field.
    pub items: PageField,
    /// What that field is a list of.
    pub item: Kind,
    /// The response's total, where it has one.
    pub total_size: Option<String>,
    /// Whether the request's type has this as its own: of several methods with the same messages, the first has.
    pub implements: bool,
}

/// A field that pages go by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageField {
    /// The name in the file.
    pub name: String,
    /// The Rust field.
    pub rust_name: String,
}
