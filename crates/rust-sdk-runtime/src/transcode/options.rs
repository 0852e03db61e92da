//! How a request is read.

use std::borrow::Cow;

use crate::api::method::MethodSchemas;
use crate::api::routing::percent::{DecodeError, decode};
use crate::message::json::DecodeOptions;

/// How requests are read.
#[derive(Clone, Copy, Debug)]
pub struct RequestOptions {
    /// Ignore unknown fields and query parameters; otherwise they are errors.
    pub ignore_unknown: bool,
    /// Read a `+` in the query as a space, which is the default.
    ///
    /// Forms and their encoders send spaces so (the WHATWG URL standard's `URLSearchParams`, Python's `urlencode`, Java's `URLEncoder`), and
    /// grpc-gateway reads them so. Envoy keeps the `+` unless `query_param_unescape_plus` is set. Clients of this crate send `%20` and `%2B`,
    /// which mean the same either way.
    pub plus_is_space: bool,
    /// Read an empty query parameter (`?page_size=`) of a field that has no empty value, such as a number or a time, as if it were absent.
    /// Otherwise it is an error. Texts, bytes and field masks may be empty.
    pub empty_is_unset: bool,
    /// Fill the field mask of a `PATCH` that has none with the fields of its body, as grpc-gateway does.
    ///
    /// The mask is the request's field `update_mask`, else its only field of this type. The body must be one field of the request. The
    /// mask gets the path of each member of the JSON, of the inner members for messages. It leaves out fields that the path of the URL
    /// holds, since they name the resource.
    pub fill_mask: bool,
}

impl Default for RequestOptions {
    fn default() -> Self {
        Self { ignore_unknown: false, plus_is_space: true, empty_is_unset: false, fill_mask: false }
    }
}

impl RequestOptions {
    pub(super) const fn json(self, schemas: &MethodSchemas) -> DecodeOptions {
        DecodeOptions { ignore_unknown: self.ignore_unknown, types: schemas.types(), unknown_any: false }
    }

    /// The text of a key or a value of a query.
    pub(super) fn text(self, raw: &str) -> Result<Cow<'_, str>, DecodeError> {
        if !self.plus_is_space || !raw.contains('+') {
            return decode(raw);
        }
        // A space never occurs in a URL, so it stays what it is.
        decode(&raw.replace('+', " ")).map(|text| Cow::Owned(text.into_owned()))
    }
}
