//! HTTP bindings (`google.api.http`): static tables, path building and route matching.
//!
//! Source: the public specification in `google/api/http.proto` and RFC 3986.
//!
//! Building and matching are inverse: for every value that [`Binding::path`] accepts, [`Routes::find`] returns that value from the path.

mod binding;
#[cfg(feature = "server")]
pub(crate) mod by_text;
mod captures;
mod error;
#[cfg(feature = "json")]
pub(crate) mod leaf;
mod path;
pub mod percent;
#[cfg(feature = "rest")]
pub(crate) mod query;
mod routes;
mod slot;
mod split;
mod template;
mod trie;
mod value;

#[doc(hidden)]
pub use binding::ONE;
pub use binding::{Binding, Body, Part, Segment, Template};
pub use captures::{Captures, Match};
pub use error::{PathError, PathErrorKind, PathResult};
#[cfg(feature = "rest")]
pub use query::{QueryError, QueryErrorKind};
pub use routes::Routes;
pub use slot::PathEncoding;
pub use value::PathValue;
