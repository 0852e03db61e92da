//! The method table: a static entry for each method, which every transport and the access look-ups read.

mod operation;
mod options;
mod polling;
mod request_params;
mod retry;
mod schemas;
mod scope;
#[cfg(feature = "json")]
mod values;

use std::fmt;
use std::marker::PhantomData;
use std::ops::Deref;

#[cfg(feature = "_client")]
pub(crate) use self::operation::OperationStep;
pub use self::operation::{LongRunning, OperationFields, OperationInfo, OperationMethod, OperationMethods};
pub use self::options::{Event, EventKind, PatchSource};
pub use self::polling::Polling;
pub use self::retry::Retry;
pub use self::schemas::MethodSchemas;
pub use self::scope::Scope;
#[cfg(feature = "json")]
pub use self::values::{EventValues, Side, ValueError, ValueErrorKind};

use self::options::MethodOptions;
use crate::api::access::Access;
use crate::api::routing::{Binding, PathResult, PathValue, Template};

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
    /// Unknown: the client sends the call at most once, unless the caller says that it is idempotent.
    Unknown,
    /// Repeating the call has the same effect as making it once.
    Idempotent,
    /// The call changes nothing.
    Safe,
}

/// An entry of a service's method table: the method's path, HTTP bindings, access and options. Generated code makes it.
#[derive(Debug)]
pub struct Method {
    path: &'static str,
    streaming: Streaming,
    idempotency: Option<Idempotency>,
    deprecated: bool,
    binding: Option<Binding>,
    additional: &'static [Binding],
    access: Access,
    options: MethodOptions,
}

impl Method {
    /// An entry for the method with this gRPC path, `/package.Service/Method`. Nobody may call it until its access is set.
    #[doc(hidden)]
    pub const fn new(path: &'static str, streaming: Streaming) -> Self {
        Self {
            path,
            streaming,
            idempotency: None,
            deprecated: false,
            binding: None,
            additional: &[],
            access: Access::denied(),
            options: MethodOptions::NONE,
        }
    }

    /// A method with one request and one response.
    #[doc(hidden)]
    pub const fn unary(path: &'static str) -> Self {
        Self::new(path, Streaming::Unary)
    }

    /// A method with many requests.
    #[doc(hidden)]
    pub const fn client_streaming(path: &'static str) -> Self {
        Self::new(path, Streaming::Client)
    }

    /// A method with many responses.
    #[doc(hidden)]
    pub const fn server_streaming(path: &'static str) -> Self {
        Self::new(path, Streaming::Server)
    }

    /// A method with many requests and many responses.
    #[doc(hidden)]
    pub const fn bidirectional(path: &'static str) -> Self {
        Self::new(path, Streaming::Bidirectional)
    }

    /// Sets who may call the method.
    #[doc(hidden)]
    #[must_use]
    pub const fn requires(mut self, access: Access) -> Self {
        self.access = access;
        self
    }

    /// Sets the primary HTTP binding: a `GET`.
    #[doc(hidden)]
    #[must_use]
    pub const fn get(self, template: Template) -> Self {
        self.binding(Binding::get(template))
    }

    /// Sets the primary HTTP binding: a `PUT`.
    #[doc(hidden)]
    #[must_use]
    pub const fn put(self, template: Template) -> Self {
        self.binding(Binding::put(template))
    }

    /// Sets the primary HTTP binding: a `POST`.
    #[doc(hidden)]
    #[must_use]
    pub const fn post(self, template: Template) -> Self {
        self.binding(Binding::post(template))
    }

    /// Sets the primary HTTP binding: a `DELETE`.
    #[doc(hidden)]
    #[must_use]
    pub const fn delete(self, template: Template) -> Self {
        self.binding(Binding::delete(template))
    }

    /// Sets the primary HTTP binding: a `PATCH`.
    #[doc(hidden)]
    #[must_use]
    pub const fn patch(self, template: Template) -> Self {
        self.binding(Binding::patch(template))
    }

    /// Sets the primary HTTP binding, of a custom kind.
    #[doc(hidden)]
    #[must_use]
    pub const fn custom(self, kind: &'static str, template: Template) -> Self {
        self.binding(Binding::custom(kind, template))
    }

    /// Sets the primary HTTP binding.
    #[doc(hidden)]
    #[must_use]
    pub const fn binding(mut self, binding: Binding) -> Self {
        self.binding = Some(binding);
        self
    }

    /// Sets what the primary binding's body holds, as annotated: `*`, or a field's name.
    #[doc(hidden)]
    #[must_use]
    pub const fn body(mut self, body: &'static str) -> Self {
        if let Some(binding) = self.binding {
            self.binding = Some(binding.body(body));
        }
        self
    }

    /// Names the response field that is the primary binding's whole response body.
    #[doc(hidden)]
    #[must_use]
    pub const fn response_body(mut self, field: &'static str) -> Self {
        if let Some(binding) = self.binding {
            self.binding = Some(binding.response_body(field));
        }
        self
    }

    /// Sets the further HTTP bindings.
    #[doc(hidden)]
    #[must_use]
    pub const fn additional(mut self, bindings: &'static [Binding]) -> Self {
        self.additional = bindings;
        self
    }

    /// Sets the API's own `idempotency_level`.
    #[doc(hidden)]
    #[must_use]
    pub const fn idempotency(mut self, idempotency: Idempotency) -> Self {
        self.idempotency = Some(idempotency);
        self
    }

    /// Marks the method as deprecated.
    #[doc(hidden)]
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

    /// Whether this is the method's own name. The compiler runs this for each constant, so the most common case is checked first: a name of
    /// another length.
    const fn is_named(&self, name: &[u8]) -> bool {
        let path = self.path.as_bytes();
        if path.len() <= name.len() {
            return false;
        }
        let start = path.len() - name.len();
        if path[start - 1] != b'/' {
            return false;
        }
        let mut index = 0;
        while index < name.len() {
            if path[start + index] != name[index] {
                return false;
            }
            index += 1;
        }
        true
    }

    /// How many messages each side sends.
    pub const fn streaming(&self) -> Streaming {
        self.streaming
    }

    /// Whether the call may be repeated: as the API states, else by the primary binding's verb (RFC 9110 §9.2).
    pub fn idempotency_level(&self) -> Idempotency {
        self.idempotency.unwrap_or_else(|| match self.binding.as_ref().map(Binding::verb) {
            Some("GET" | "HEAD" | "OPTIONS") => Idempotency::Safe,
            Some("PUT" | "DELETE") => Idempotency::Idempotent,
            _ => Idempotency::Unknown,
        })
    }

    /// Whether the method is marked deprecated.
    pub const fn is_deprecated(&self) -> bool {
        self.deprecated
    }

    /// The HTTP bindings (`google.api.http`), the primary one first. Empty for a method without bindings.
    pub fn bindings(&self) -> impl Iterator<Item = &Binding> {
        self.binding.iter().chain(self.additional)
    }

    /// The HTTP binding with this index; the primary one has index 0.
    #[inline]
    pub fn binding_at(&self, index: usize) -> Option<&Binding> {
        match index.checked_sub(1) {
            None => self.binding.as_ref(),
            Some(index) => self.additional.get(index),
        }
    }

    /// The request field with the account (or other scope), if every HTTP path of the method contains it. An empty field then leaves no
    /// valid path.
    #[cfg(feature = "_client")]
    pub(crate) fn scope_in_path(&self) -> Option<&'static str> {
        let scope = self.access.scope()?;
        let has_it = |binding: &Binding| {
            binding
                .parts()
                .iter()
                .any(|part| matches!(part, crate::api::routing::Part::Variable(field, _) if *field == scope))
        };
        (self.binding.is_some() && self.bindings().all(has_it)).then_some(scope)
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
    schemas: Option<fn(usize) -> Option<MethodSchemas>>,
}

impl Service {
    /// A service by its full name and its method table.
    #[doc(hidden)]
    pub const fn new(name: &'static str, methods: &'static [Method]) -> Self {
        Self { name, version: None, methods, schemas: None }
    }

    /// Sets the version that the API states for the service.
    #[doc(hidden)]
    #[must_use]
    pub const fn version(mut self, version: &'static str) -> Self {
        self.version = Some(version);
        self
    }

    /// Sets the function that returns the schemas of the method at an index. A table of schemas would have to exist before the constants
    /// that it is made from. Not set if REST and JSON are switched off.
    #[doc(hidden)]
    #[must_use]
    pub const fn schemas(mut self, schemas: fn(usize) -> Option<MethodSchemas>) -> Self {
        self.schemas = Some(schemas);
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
    #[doc(hidden)]
    pub fn method_schemas(&self, index: usize) -> Option<MethodSchemas> {
        self.schemas.and_then(|schemas| schemas(index))
    }
}

/// A method together with its request and response types; derefs to its [`Method`].
///
/// `K` is what a call of the method starts: `()` for nothing, or [`LongRunning`] for an operation.
pub struct Rpc<I, O, K = ()> {
    service: &'static Service,
    index: usize,
    scope: Scope<I>,
    types: PhantomData<fn(I) -> (O, K)>,
}

impl<I, O, K> Rpc<I, O, K> {
    /// The method at `index` of the service's table; `scope` is the request field with the account.
    #[doc(hidden)]
    pub const fn new(service: &'static Service, index: usize, scope: Scope<I>) -> Self {
        Self { service, index, scope, types: PhantomData }
    }

    /// The method with this short name, looked up when the constant is compiled.
    ///
    /// # Panics
    /// If the service has no such method.
    #[doc(hidden)]
    pub const fn named(service: &'static Service, name: &str, scope: Scope<I>) -> Self {
        let mut index = 0;
        while index < service.methods.len() {
            if service.methods[index].is_named(name.as_bytes()) {
                return Self::new(service, index, scope);
            }
            index += 1;
        }
        panic!("the service has no method of this name")
    }

    /// The entry of the method table.
    pub const fn method(&self) -> &'static Method {
        &self.service.methods()[self.index]
    }

    /// The service that the method belongs to.
    pub const fn service(&self) -> &'static Service {
        self.service
    }

    /// The request and response schemas, if they are compiled in.
    pub fn schemas(&self) -> Option<MethodSchemas> {
        self.service.method_schemas(self.index)
    }

    /// The escaped path of the HTTP binding with this index. `values` are those of its variables and wildcards, in order.
    ///
    /// # Panics
    /// If the method has no such binding. Generated code asks only for existing ones.
    #[doc(hidden)]
    pub fn path_of(&self, binding: usize, values: &[PathValue<'_>]) -> PathResult {
        match self.method().binding_at(binding) {
            Some(binding) => binding.path(values),
            None => panic!("{} has no HTTP binding {binding}", self.path()),
        }
    }

    /// The account (or other scope) of this request, from the field that the method's scope expression names. `None` if the method has no
    /// scope or a parent message is not set.
    pub fn scope_of<'a>(&self, request: &'a I) -> Option<&'a str> {
        self.scope.of(request)
    }

    /// The request field with the account (or other scope).
    pub const fn scope(&self) -> Scope<I> {
        self.scope
    }
}

impl<I, O, K> Clone for Rpc<I, O, K> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<I, O, K> Copy for Rpc<I, O, K> {}

impl<I, O, K> Deref for Rpc<I, O, K> {
    type Target = Method;

    fn deref(&self) -> &Method {
        self.method()
    }
}

impl<I, O, K> fmt::Debug for Rpc<I, O, K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Rpc").field(&self.path()).finish()
    }
}
