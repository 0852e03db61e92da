//! Long-running operations (AIP-151).

use std::time::Duration;

use super::{MethodRef, TypeRef};

/// The operation that a method starts.
#[derive(Clone, Debug, PartialEq)]
pub struct LongRunning {
    /// The message of a successful end.
    pub response: TypeRef,
    /// The message about the progress, if the API states one.
    pub metadata: Option<TypeRef>,
    /// How the operation is followed.
    pub follow: Follow,
    /// How often clients ask for its state, if the API states it.
    pub polling: Option<Polling>,
}

/// How often clients ask for the state of an operation (AIP-4221). What is not stated has the client's default.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Polling {
    /// The pause before the first poll.
    pub first_delay: Option<Duration>,
    /// The factor from one pause to the next.
    pub multiplier: Option<f64>,
    /// The longest pause.
    pub longest_delay: Option<Duration>,
    /// The limit of the whole wait; zero stands for none.
    pub limit: Option<Duration>,
}

/// How an operation is followed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Follow {
    /// By `google.longrunning.Operations`, with REST paths below this version: `v1`, `v1beta1`.
    Google {
        /// The first segment of the paths.
        version: String,
        /// Whether they send a routing header (AIP-4222), as the method does that starts the operation.
        routed: bool,
    },
    /// By these methods, as they are annotated.
    Methods(FollowMethods),
}

/// The methods that follow an operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FollowMethods {
    /// The fields of the operation's message.
    pub fields: OperationFields,
    /// The method that reads the operation.
    pub get: FollowMethod,
    /// The method that cancels it.
    pub cancel: Option<FollowMethod>,
    /// The method that deletes it.
    pub delete: Option<FollowMethod>,
}

/// A method that takes the name of an operation, and nothing else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FollowMethod {
    /// The method.
    pub method: MethodRef,
    /// The number of the request's field for the name.
    pub field: u32,
}

/// The numbers of the fields of an operation's message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OperationFields {
    /// The name or ID, a `string`.
    pub name: u32,
    /// Whether it is done, a `bool`.
    pub done: u32,
    /// The `google.rpc.Status` of a failed operation.
    pub error: u32,
    /// The `google.protobuf.Any` with the response.
    pub response: u32,
    /// The `google.protobuf.Any` with the metadata; 0 if there is none.
    pub metadata: u32,
}
