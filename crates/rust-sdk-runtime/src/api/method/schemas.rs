//! The schemas of a method's messages.

use super::Rpc;
use crate::message::schema::{HasSchema, MessageSchema, SchemaOf, Types};

/// The schemas of one method's messages.
#[derive(Clone, Copy, Debug)]
pub struct MethodSchemas {
    request: SchemaOf,
    response: SchemaOf,
    types: Types,
}

impl MethodSchemas {
    /// The schemas of a method with these types.
    #[doc(hidden)]
    pub const fn of<I: HasSchema, O: HasSchema, K>(_: &Rpc<I, O, K>) -> Self {
        // Both lists come from one crate. They differ only if one message has no Any: its list is empty.
        let types = if I::TYPES.is_empty() { O::TYPES } else { I::TYPES };
        Self { request: I::schema, response: O::schema, types }
    }

    /// Schemas from those of the request and the response.
    #[doc(hidden)]
    pub const fn new(request: SchemaOf, response: SchemaOf) -> Self {
        Self { request, response, types: &[] }
    }

    /// Sets the types that a `google.protobuf.Any` may hold.
    #[doc(hidden)]
    #[must_use]
    pub const fn with_types(mut self, types: Types) -> Self {
        self.types = types;
        self
    }

    /// The same schemas with another request.
    #[cfg(feature = "_client")]
    pub(crate) const fn with_request(mut self, request: SchemaOf) -> Self {
        self.request = request;
        self
    }

    /// The schema of the request message.
    pub fn request(&self) -> &'static MessageSchema {
        (self.request)()
    }

    /// The schema of the response message.
    pub fn response(&self) -> &'static MessageSchema {
        (self.response)()
    }

    /// The messages that a `google.protobuf.Any` in the request or response may hold, in addition to the well-known types.
    pub const fn types(&self) -> Types {
        self.types
    }
}
