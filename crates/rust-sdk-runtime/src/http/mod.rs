//! HTTP bindings (`google.api.http`): static tables, path building and route matching.
//!
//! Source: the public specification in `google/api/http.proto` and RFC 3986.

mod binding;

pub use binding::{Binding, Body, Part, Segment};
