//! Long-running operations (AIP-151): the methods that start one, and the methods that follow it.

use std::fmt;
use std::marker::PhantomData;

use super::{Method, MethodSchemas, Polling, Rpc};

/// Marks a method or a call that starts a long-running operation with a response `R` and metadata `M`. A type without a meaning for a
/// method is `()`, such as the response of a deletion.
pub struct LongRunning<R, M>(PhantomData<fn() -> (R, M)>);

impl<R, M> fmt::Debug for LongRunning<R, M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LongRunning")
    }
}

/// The operation that a method starts: the types of its response and metadata, and the methods that follow it.
#[derive(Clone, Copy, Debug)]
pub struct OperationInfo {
    response_type: &'static str,
    metadata_type: &'static str,
    methods: &'static OperationMethods,
    polling: Option<Polling>,
}

impl OperationInfo {
    /// How often clients ask for the operation's state, if the API states it.
    pub const fn polling(&self) -> Option<&Polling> {
        self.polling.as_ref()
    }

    /// The full name of the response's message.
    pub const fn response_type(&self) -> &'static str {
        self.response_type
    }

    /// The full name of the metadata's message; empty if the API states none.
    pub const fn metadata_type(&self) -> &'static str {
        self.metadata_type
    }

    /// The methods that follow the operation.
    pub const fn methods(&self) -> &'static OperationMethods {
        self.methods
    }
}

impl Method {
    /// Sets the operation that the method starts.
    #[doc(hidden)]
    #[must_use]
    pub const fn starts(
        mut self,
        response_type: &'static str,
        metadata_type: &'static str,
        methods: &'static OperationMethods,
    ) -> Self {
        self.options.operation = Some(OperationInfo { response_type, metadata_type, methods, polling: None });
        self
    }

    /// Sets how often clients ask for the state of the operation that the method [`starts`](Self::starts).
    #[doc(hidden)]
    #[must_use]
    pub const fn polls(mut self, polling: Polling) -> Self {
        if let Some(operation) = &mut self.options.operation {
            operation.polling = Some(polling);
        }
        self
    }

    /// The long-running operation that the method starts, if it starts one.
    pub const fn operation(&self) -> Option<&OperationInfo> {
        self.options.operation.as_ref()
    }
}

impl<I, O, K> Rpc<I, O, K> {
    /// The entry of the method table and the schemas, without the types.
    #[doc(hidden)]
    pub fn erased(&self) -> (&'static Method, Option<MethodSchemas>) {
        (self.method(), self.schemas())
    }
}

/// The methods that follow an operation, and the form of its message.
#[derive(Debug)]
pub struct OperationMethods {
    #[cfg_attr(not(feature = "_client"), expect(dead_code, reason = "only clients read operations"))]
    fields: OperationFields,
    get: OperationMethod,
    cancel: Option<OperationMethod>,
    delete: Option<OperationMethod>,
}

impl OperationMethods {
    /// Methods of the API's own.
    #[doc(hidden)]
    pub const fn new(fields: OperationFields, get: OperationMethod) -> Self {
        Self { fields, get, cancel: None, delete: None }
    }

    /// Sets the method that cancels the operation.
    #[doc(hidden)]
    #[must_use]
    pub const fn cancel_by(mut self, cancel: OperationMethod) -> Self {
        self.cancel = Some(cancel);
        self
    }

    /// Sets the method that deletes the operation.
    #[doc(hidden)]
    #[must_use]
    pub const fn delete_by(mut self, delete: OperationMethod) -> Self {
        self.delete = Some(delete);
        self
    }

    /// `GetOperation`, `CancelOperation` and `DeleteOperation` of `google.longrunning.Operations`:
    /// [`google_operations!`](crate::google_operations).
    #[doc(hidden)]
    pub const fn google([get, cancel, delete]: &'static [Method; 3]) -> Self {
        Self::new(OperationFields::GOOGLE, OperationMethod::of_google(get))
            .cancel_by(OperationMethod::of_google(cancel))
            .delete_by(OperationMethod::of_google(delete))
    }

    /// The method that reads the operation.
    pub fn get(&self) -> &'static Method {
        self.get.method()
    }

    /// The method that cancels the operation, if the API has one.
    pub fn cancel(&self) -> Option<&'static Method> {
        self.cancel.as_ref().map(OperationMethod::method)
    }

    /// The method that deletes the operation, if the API has one.
    pub fn delete(&self) -> Option<&'static Method> {
        self.delete.as_ref().map(OperationMethod::method)
    }

    #[cfg(feature = "_client")]
    pub(crate) const fn fields(&self) -> OperationFields {
        self.fields
    }

    #[cfg(feature = "_client")]
    pub(crate) const fn target(&self, step: OperationStep) -> Option<&OperationMethod> {
        match step {
            OperationStep::Get => Some(&self.get),
            OperationStep::Cancel => self.cancel.as_ref(),
            OperationStep::Delete => self.delete.as_ref(),
        }
    }
}

/// What is done with an operation.
#[cfg(feature = "_client")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OperationStep {
    Get,
    Cancel,
    Delete,
}

/// A method that takes the name of an operation.
#[doc(hidden)]
pub struct OperationMethod {
    target: Target,
    /// The number of the request's field for the name.
    #[cfg_attr(not(feature = "_client"), expect(dead_code, reason = "only clients send it"))]
    field: u32,
}

enum Target {
    /// A method of `google.longrunning.Operations`, whose messages are well known.
    Google(&'static Method),
    /// A method of the API. It is a function, since a table cannot refer to itself by name.
    Own(fn() -> (&'static Method, Option<MethodSchemas>)),
}

impl OperationMethod {
    /// A method of the API, and the number of its request's field for the name.
    pub const fn new(find: fn() -> (&'static Method, Option<MethodSchemas>), field: u32) -> Self {
        Self { target: Target::Own(find), field }
    }

    const fn of_google(method: &'static Method) -> Self {
        Self { target: Target::Google(method), field: 1 }
    }

    pub(crate) fn method(&self) -> &'static Method {
        match self.target {
            Target::Google(method) => method,
            Target::Own(find) => find().0,
        }
    }

    /// Looks up the API's own method and its schemas; `None` for a method of `google.longrunning.Operations`.
    #[cfg(feature = "_client")]
    pub(crate) fn own(&self) -> Option<(&'static Method, Option<MethodSchemas>)> {
        match self.target {
            Target::Google(_) => None,
            Target::Own(find) => Some(find()),
        }
    }

    /// The number of the request's field for the name.
    #[cfg(feature = "_client")]
    pub(crate) const fn field(&self) -> u32 {
        self.field
    }
}

impl fmt::Debug for OperationMethod {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.method().path())
    }
}

/// The numbers of the fields of an operation's message.
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
pub struct OperationFields {
    pub name: u32,
    pub done: u32,
    /// Member of a oneof with `response`.
    pub error: u32,
    pub response: u32,
    /// 0 for a message without metadata.
    pub metadata: u32,
}

impl OperationFields {
    /// Those of `google.longrunning.Operation`.
    pub const GOOGLE: Self = Self { name: 1, done: 3, error: 4, response: 5, metadata: 2 };
}
