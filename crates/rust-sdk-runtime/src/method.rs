//! The method table: one static row per RPC method, read by every transport and by the access look-ups.

use std::fmt;
use std::marker::PhantomData;
use std::ops::Deref;

use crate::access::Access;
use crate::http::Binding;
use crate::schema::MessageSchema;

/// How many messages each side sends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Streaming {
    /// One request, one response.
    Unary,
    /// Many requests, one response.
    Client,
    /// One request, many responses.
    Server,
    /// Many requests, many responses.
    Bidirectional,
}

/// Whether a call may be sent twice: `idempotency_level` of the method, else its HTTP verb (RFC 9110 §9.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Idempotency {
    /// Nothing is known: sent at most once unless the caller says otherwise.
    Unknown,
    /// Repeating it has the effect of doing it once.
    Idempotent,
    /// It changes nothing.
    Safe,
}

/// One row of a service's method table. Built by generated code in const context.
#[derive(Debug)]
pub struct Method {
    path: &'static str,
    streaming: Streaming,
    idempotency: Idempotency,
    deprecated: bool,
    bindings: &'static [Binding],
    access: Access,
}

impl Method {
    /// A row for the method with this gRPC path, `/package.Service/Method`.
    pub const fn new(path: &'static str, streaming: Streaming, access: Access) -> Self {
        Self { path, streaming, idempotency: Idempotency::Unknown, deprecated: false, bindings: &[], access }
    }

    /// Sets the HTTP bindings, the first being the primary one.
    #[must_use]
    pub const fn bindings(mut self, bindings: &'static [Binding]) -> Self {
        self.bindings = bindings;
        self
    }

    /// Sets what is known about repeating the call.
    #[must_use]
    pub const fn idempotency(mut self, idempotency: Idempotency) -> Self {
        self.idempotency = idempotency;
        self
    }

    /// Marks the method as deprecated.
    #[must_use]
    pub const fn deprecated(mut self) -> Self {
        self.deprecated = true;
        self
    }

    /// The gRPC path, `/package.Service/Method`.
    pub const fn path(&self) -> &'static str {
        self.path
    }

    /// The full name, `package.Service/Method`.
    pub fn full_name(&self) -> &'static str {
        &self.path[1..]
    }

    /// The method's own name, `Method`.
    pub fn name(&self) -> &'static str {
        self.path.rsplit('/').next().unwrap_or(self.path)
    }

    /// How many messages each side sends.
    pub const fn streaming(&self) -> Streaming {
        self.streaming
    }

    /// What is known about repeating the call.
    pub const fn idempotency_level(&self) -> Idempotency {
        self.idempotency
    }

    /// Whether the method is marked deprecated.
    pub const fn is_deprecated(&self) -> bool {
        self.deprecated
    }

    /// The HTTP bindings (`google.api.http`), the primary one first. Empty for a method with none.
    pub const fn http(&self) -> &'static [Binding] {
        self.bindings
    }

    /// Who may call the method.
    pub const fn access(&self) -> &Access {
        &self.access
    }
}

/// The static description of one service.
#[derive(Debug)]
pub struct Service {
    name: &'static str,
    version: Option<&'static str>,
    methods: &'static [Method],
    schemas: &'static [MethodSchemas],
}

/// The schemas of one method's messages.
#[derive(Debug)]
pub struct MethodSchemas {
    /// Of the request message.
    pub request: &'static MessageSchema,
    /// Of the response message.
    pub response: &'static MessageSchema,
    /// Of the messages that a `google.protobuf.Any` in either may hold; the well-known types are always known.
    pub types: &'static [&'static MessageSchema],
}

impl MethodSchemas {
    /// Of a method's request and response.
    pub const fn new(request: &'static MessageSchema, response: &'static MessageSchema) -> Self {
        Self { request, response, types: &[] }
    }

    /// Sets the types that a `google.protobuf.Any` may hold.
    #[must_use]
    pub const fn types(mut self, types: &'static [&'static MessageSchema]) -> Self {
        self.types = types;
        self
    }
}

impl Service {
    /// A service by its full name and its method table.
    pub const fn new(name: &'static str, methods: &'static [Method]) -> Self {
        Self { name, version: None, methods, schemas: &[] }
    }

    /// Sets the version that the API states for the service.
    #[must_use]
    pub const fn version(mut self, version: &'static str) -> Self {
        self.version = Some(version);
        self
    }

    /// Sets the schemas, one entry per method in the table's order. Absent where REST and JSON are switched off.
    #[must_use]
    pub const fn schemas(mut self, schemas: &'static [MethodSchemas]) -> Self {
        self.schemas = schemas;
        self
    }

    /// The full name, `package.Service`.
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// The version that the API states, such as `1.0.0`.
    pub const fn api_version(&self) -> Option<&'static str> {
        self.version
    }

    /// The methods in declaration order.
    pub const fn methods(&self) -> &'static [Method] {
        self.methods
    }

    /// The schemas of the method at this index of [`Self::methods`].
    pub fn method_schemas(&self, index: usize) -> Option<&'static MethodSchemas> {
        self.schemas.get(index)
    }
}

/// A method together with its request and response types; derefs to its [`Method`] row.
pub struct Rpc<I, O> {
    service: &'static Service,
    index: usize,
    scope: fn(&I) -> Option<&str>,
    types: PhantomData<fn(I) -> O>,
}

impl<I, O> Rpc<I, O> {
    /// The method at `index` of the service's table; `scope` reads the account that a request is for.
    pub const fn new(service: &'static Service, index: usize, scope: fn(&I) -> Option<&str>) -> Self {
        Self { service, index, scope, types: PhantomData }
    }

    /// The table row.
    pub const fn method(&self) -> &'static Method {
        &self.service.methods()[self.index]
    }

    /// The service that the method belongs to.
    pub const fn service(&self) -> &'static Service {
        self.service
    }

    /// The request and response schemas, where they are compiled in.
    pub fn schemas(&self) -> Option<&'static MethodSchemas> {
        self.service.method_schemas(self.index)
    }

    /// The account (or other scope) that this request acts on: the field that the method's scope expression names.
    /// `None` where the method has no scope or a message on the way is not set.
    pub fn scope_of<'a>(&self, request: &'a I) -> Option<&'a str> {
        (self.scope)(request)
    }
}

impl<I, O> Clone for Rpc<I, O> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<I, O> Copy for Rpc<I, O> {}

impl<I, O> Deref for Rpc<I, O> {
    type Target = Method;

    fn deref(&self) -> &Method {
        self.method()
    }
}

impl<I, O> fmt::Debug for Rpc<I, O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Rpc").field(&self.path()).finish()
    }
}
