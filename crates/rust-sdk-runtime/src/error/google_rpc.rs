//! `google.rpc`: the status that a failed call ends with, and the standard details of it.
//!
//! [`Error`](crate::Error) reads them: `error.error_info()`, `error.field_violations()`, or `error.detail::<T>()` for any
//! type. They are here to be matched on, and to be made in the tests of code that handles errors.
//! Source: `google/rpc/status.proto` and `google/rpc/error_details.proto`.

use std::collections::BTreeMap;

use crate::message::schema::rpc as schemas;

/// Code, message and details of a failed call.
#[derive(Clone, Default)]
pub struct Status {
    /// The number of a [`Code`](crate::Code).
    pub code: i32,
    /// What went wrong, for developers, in English.
    pub message: String,
    /// Messages of any type that say more.
    pub details: Vec<prost_types::Any>,
}

/// Why the call failed, for programs.
#[derive(Clone, Default)]
pub struct ErrorInfo {
    /// The cause, a constant of the domain such as `API_DISABLED`.
    pub reason: String,
    /// Who defines the reason: most often the name of a service.
    pub domain: String,
    /// More about this one error.
    pub metadata: BTreeMap<String, String>,
}

/// When to try again.
#[derive(Clone, Default)]
pub struct RetryInfo {
    /// The shortest time to wait.
    pub retry_delay: Option<prost_types::Duration>,
}

/// What the server's developers want to know.
#[derive(Clone, Default)]
pub struct DebugInfo {
    /// The stack where it happened, innermost first.
    pub stack_entries: Vec<String>,
    /// Anything else.
    pub detail: String,
}

/// Which quotas are used up.
#[derive(Clone, Default)]
pub struct QuotaFailure {
    /// Every one of them.
    pub violations: Vec<QuotaViolation>,
}

/// A quota that is used up (`google.rpc.QuotaFailure.Violation`).
#[derive(Clone, Default)]
pub struct QuotaViolation {
    /// Whose quota it is, such as `project:<id>`.
    pub subject: String,
    /// What the check found, for people.
    pub description: String,
    /// The service that the quota belongs to.
    pub api_service: String,
    /// What is counted.
    pub quota_metric: String,
    /// The limit's name.
    pub quota_id: String,
    /// What the limit applies to, such as a region.
    pub quota_dimensions: BTreeMap<String, String>,
    /// The limit as it was enforced.
    pub quota_value: i64,
    /// The limit that is being rolled out.
    pub future_quota_value: Option<i64>,
}

/// Which conditions the call needs and does not find.
#[derive(Clone, Default)]
pub struct PreconditionFailure {
    /// Every one of them.
    pub violations: Vec<PreconditionViolation>,
}

/// A condition that is not met (`google.rpc.PreconditionFailure.Violation`).
#[derive(Clone, Default)]
pub struct PreconditionViolation {
    /// The kind of condition, such as `TOS`.
    pub r#type: String,
    /// What does not meet it.
    pub subject: String,
    /// How to meet it, for people.
    pub description: String,
}

/// Which fields of the request are wrong.
#[derive(Clone, Default)]
pub struct BadRequest {
    /// Every one of them.
    pub field_violations: Vec<FieldViolation>,
}

/// A field that is wrong (`google.rpc.BadRequest.FieldViolation`).
#[derive(Clone, Default)]
pub struct FieldViolation {
    /// The path to the field, such as `cluster.nodes[0].size`.
    pub field: String,
    /// What is wrong with it, for people.
    pub description: String,
    /// What is wrong with it, for programs: a constant such as `TOO_LONG`.
    pub reason: String,
    /// The description in the user's language.
    pub localized_message: Option<LocalizedMessage>,
}

/// What names the request in a report to the server's operators.
#[derive(Clone, Default)]
pub struct RequestInfo {
    /// The id of the request in the server's logs.
    pub request_id: String,
    /// What the operators asked for to be sent back to them.
    pub serving_data: String,
}

/// The resource that the call failed on.
#[derive(Clone, Default)]
pub struct ResourceInfo {
    /// Its type, in words or as a type URL.
    pub resource_type: String,
    /// Its name.
    pub resource_name: String,
    /// Who owns it.
    pub owner: String,
    /// What happened to it, for people.
    pub description: String,
}

/// Where to read on.
#[derive(Clone, Default)]
pub struct Help {
    /// Every link.
    pub links: Vec<HelpLink>,
}

/// A link (`google.rpc.Help.Link`).
#[derive(Clone, Default)]
pub struct HelpLink {
    /// What it leads to.
    pub description: String,
    /// The URL, as the server wrote it.
    pub url: String,
}

/// The error's message in the user's language.
#[derive(Clone, Default)]
pub struct LocalizedMessage {
    /// The language (BCP 47), such as `de-CH`.
    pub locale: String,
    /// The text.
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

crate::fields! {
    Status { 1 0 code 2 0 message 3 0 details }
    ErrorInfo { 1 0 reason 2 0 domain 3 0 metadata }
    RetryInfo { 1 8 retry_delay }
    DebugInfo { 1 0 stack_entries 2 0 detail }
    QuotaFailure { 1 0 violations }
    QuotaViolation { 1 0 subject 2 0 description 3 0 api_service 4 0 quota_metric 5 0 quota_id 6 0 quota_dimensions 7 0 quota_value 8 8 future_quota_value }
    PreconditionFailure { 1 0 violations }
    PreconditionViolation { 1 0 r#type 2 0 subject 3 0 description }
    BadRequest { 1 0 field_violations }
    FieldViolation { 1 0 field 2 0 description 3 0 reason 4 8 localized_message }
    RequestInfo { 1 0 request_id 2 0 serving_data }
    ResourceInfo { 1 0 resource_type 2 0 resource_name 3 0 owner 4 0 description }
    Help { 1 0 links }
    HelpLink { 1 0 description 2 0 url }
    LocalizedMessage { 1 0 locale 2 0 message }
}

crate::eq! { ErrorInfo, RetryInfo, DebugInfo, QuotaFailure, QuotaViolation, PreconditionFailure, PreconditionViolation, BadRequest, FieldViolation, RequestInfo, ResourceInfo, Help, HelpLink, LocalizedMessage }
