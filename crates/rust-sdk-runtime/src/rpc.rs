//! `google.rpc`: the status that a failed call ends with, and the standard details of it.
//!
//! [`Error`](crate::Error) reads them: `error.error_info()`, `error.field_violations()`, or `error.detail::<T>()` for any
//! type. They are here to be matched on, and to be made in the tests of code that handles errors.
//! Source: `google/rpc/status.proto` and `google/rpc/error_details.proto`.

use std::collections::BTreeMap;

use crate::schema::rpc as schemas;

/// Code, message and details of a failed call.
#[derive(Clone, PartialEq, prost::Message)]
pub struct Status {
    /// The number of a [`Code`](crate::Code).
    #[prost(int32, tag = "1")]
    pub code: i32,
    /// What went wrong, for developers, in English.
    #[prost(string, tag = "2")]
    pub message: String,
    /// Messages of any type that say more.
    #[prost(message, repeated, tag = "3")]
    pub details: Vec<prost_types::Any>,
}

/// Why the call failed, for programs.
#[derive(Clone, PartialEq, Eq, Hash, prost::Message)]
pub struct ErrorInfo {
    /// The cause, a constant of the domain such as `API_DISABLED`.
    #[prost(string, tag = "1")]
    pub reason: String,
    /// Who defines the reason: most often the name of a service.
    #[prost(string, tag = "2")]
    pub domain: String,
    /// More about this one error.
    #[prost(btree_map = "string, string", tag = "3")]
    pub metadata: BTreeMap<String, String>,
}

/// When to try again.
#[derive(Clone, PartialEq, Eq, Hash, prost::Message)]
pub struct RetryInfo {
    /// The shortest time to wait.
    #[prost(message, optional, tag = "1")]
    pub retry_delay: Option<prost_types::Duration>,
}

/// What the server's developers want to know.
#[derive(Clone, PartialEq, Eq, Hash, prost::Message)]
pub struct DebugInfo {
    /// The stack where it happened, innermost first.
    #[prost(string, repeated, tag = "1")]
    pub stack_entries: Vec<String>,
    /// Anything else.
    #[prost(string, tag = "2")]
    pub detail: String,
}

/// Which quotas are used up.
#[derive(Clone, PartialEq, Eq, Hash, prost::Message)]
pub struct QuotaFailure {
    /// Every one of them.
    #[prost(message, repeated, tag = "1")]
    pub violations: Vec<QuotaViolation>,
}

/// A quota that is used up (`google.rpc.QuotaFailure.Violation`).
#[derive(Clone, PartialEq, Eq, Hash, prost::Message)]
pub struct QuotaViolation {
    /// Whose quota it is, such as `project:<id>`.
    #[prost(string, tag = "1")]
    pub subject: String,
    /// What the check found, for people.
    #[prost(string, tag = "2")]
    pub description: String,
    /// The service that the quota belongs to.
    #[prost(string, tag = "3")]
    pub api_service: String,
    /// What is counted.
    #[prost(string, tag = "4")]
    pub quota_metric: String,
    /// The limit's name.
    #[prost(string, tag = "5")]
    pub quota_id: String,
    /// What the limit applies to, such as a region.
    #[prost(btree_map = "string, string", tag = "6")]
    pub quota_dimensions: BTreeMap<String, String>,
    /// The limit as it was enforced.
    #[prost(int64, tag = "7")]
    pub quota_value: i64,
    /// The limit that is being rolled out.
    #[prost(int64, optional, tag = "8")]
    pub future_quota_value: Option<i64>,
}

/// Which conditions the call needs and does not find.
#[derive(Clone, PartialEq, Eq, Hash, prost::Message)]
pub struct PreconditionFailure {
    /// Every one of them.
    #[prost(message, repeated, tag = "1")]
    pub violations: Vec<PreconditionViolation>,
}

/// A condition that is not met (`google.rpc.PreconditionFailure.Violation`).
#[derive(Clone, PartialEq, Eq, Hash, prost::Message)]
pub struct PreconditionViolation {
    /// The kind of condition, such as `TOS`.
    #[prost(string, tag = "1")]
    pub r#type: String,
    /// What does not meet it.
    #[prost(string, tag = "2")]
    pub subject: String,
    /// How to meet it, for people.
    #[prost(string, tag = "3")]
    pub description: String,
}

/// Which fields of the request are wrong.
#[derive(Clone, PartialEq, Eq, Hash, prost::Message)]
pub struct BadRequest {
    /// Every one of them.
    #[prost(message, repeated, tag = "1")]
    pub field_violations: Vec<FieldViolation>,
}

/// A field that is wrong (`google.rpc.BadRequest.FieldViolation`).
#[derive(Clone, PartialEq, Eq, Hash, prost::Message)]
pub struct FieldViolation {
    /// The path to the field, such as `cluster.nodes[0].size`.
    #[prost(string, tag = "1")]
    pub field: String,
    /// What is wrong with it, for people.
    #[prost(string, tag = "2")]
    pub description: String,
    /// What is wrong with it, for programs: a constant such as `TOO_LONG`.
    #[prost(string, tag = "3")]
    pub reason: String,
    /// The description in the user's language.
    #[prost(message, optional, tag = "4")]
    pub localized_message: Option<LocalizedMessage>,
}

/// What names the request in a report to the server's operators.
#[derive(Clone, PartialEq, Eq, Hash, prost::Message)]
pub struct RequestInfo {
    /// The id of the request in the server's logs.
    #[prost(string, tag = "1")]
    pub request_id: String,
    /// What the operators asked for to be sent back to them.
    #[prost(string, tag = "2")]
    pub serving_data: String,
}

/// The resource that the call failed on.
#[derive(Clone, PartialEq, Eq, Hash, prost::Message)]
pub struct ResourceInfo {
    /// Its type, in words or as a type URL.
    #[prost(string, tag = "1")]
    pub resource_type: String,
    /// Its name.
    #[prost(string, tag = "2")]
    pub resource_name: String,
    /// Who owns it.
    #[prost(string, tag = "3")]
    pub owner: String,
    /// What happened to it, for people.
    #[prost(string, tag = "4")]
    pub description: String,
}

/// Where to read on.
#[derive(Clone, PartialEq, Eq, Hash, prost::Message)]
pub struct Help {
    /// Every link.
    #[prost(message, repeated, tag = "1")]
    pub links: Vec<HelpLink>,
}

/// A link (`google.rpc.Help.Link`).
#[derive(Clone, PartialEq, Eq, Hash, prost::Message)]
pub struct HelpLink {
    /// What it leads to.
    #[prost(string, tag = "1")]
    pub description: String,
    /// The URL, as the server wrote it.
    #[prost(string, tag = "2")]
    pub url: String,
}

/// The error's message in the user's language.
#[derive(Clone, PartialEq, Eq, Hash, prost::Message)]
pub struct LocalizedMessage {
    /// The language (BCP 47), such as `de-CH`.
    #[prost(string, tag = "1")]
    pub locale: String,
    /// The text.
    #[prost(string, tag = "2")]
    pub message: String,
}

crate::messages! {
    Status => schemas::STATUS,
    ErrorInfo => schemas::ERROR_INFO,
    RetryInfo => schemas::RETRY_INFO,
    DebugInfo => schemas::DEBUG_INFO,
    QuotaFailure => schemas::QUOTA_FAILURE,
    QuotaViolation => schemas::QUOTA_FAILURE_VIOLATION,
    PreconditionFailure => schemas::PRECONDITION_FAILURE,
    PreconditionViolation => schemas::PRECONDITION_FAILURE_VIOLATION,
    BadRequest => schemas::BAD_REQUEST,
    FieldViolation => schemas::BAD_REQUEST_FIELD_VIOLATION,
    RequestInfo => schemas::REQUEST_INFO,
    ResourceInfo => schemas::RESOURCE_INFO,
    Help => schemas::HELP,
    HelpLink => schemas::HELP_LINK,
    LocalizedMessage => schemas::LOCALIZED_MESSAGE,
}
