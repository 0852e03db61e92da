//! `google.rpc`: the status of a failed call and its standard details.
//!
//! [`Error`](crate::Error) reads them: `error.error_info()`, `error.field_violations()`, or `error.detail::<T>()` for any type. Use these
//! types to match on details, and to build details in tests of error handling. Source: `google/rpc/status.proto` and
//! `google/rpc/error_details.proto`.

use std::collections::BTreeMap;

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

/// Debugging information for the server's developers.
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
    /// The violations.
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
    /// The metric that the quota counts.
    pub quota_metric: String,
    /// The limit's name.
    pub quota_id: String,
    /// What the limit applies to, such as a region.
    pub quota_dimensions: BTreeMap<String, String>,
    /// The limit as it was enforced.
    pub quota_value: i64,
    /// The new limit, while it is being rolled out.
    pub future_quota_value: Option<i64>,
}

/// Which preconditions of the call are not met.
#[derive(Clone, Default)]
pub struct PreconditionFailure {
    /// The violations.
    pub violations: Vec<PreconditionViolation>,
}

/// A condition that is not met (`google.rpc.PreconditionFailure.Violation`).
#[derive(Clone, Default)]
pub struct PreconditionViolation {
    /// The kind of condition, such as `TOS`.
    pub r#type: String,
    /// The thing that does not meet the condition.
    pub subject: String,
    /// How to meet it, for people.
    pub description: String,
}

/// Which fields of the request are wrong.
#[derive(Clone, Default)]
pub struct BadRequest {
    /// The violations.
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

/// The request's id and data, for a report to the server's operators.
#[derive(Clone, Default)]
pub struct RequestInfo {
    /// The id of the request in the server's logs.
    pub request_id: String,
    /// Data about how the request was served, to send back to the operators.
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

/// Links to more information.
#[derive(Clone, Default)]
pub struct Help {
    /// The links.
    pub links: Vec<HelpLink>,
}

/// A link (`google.rpc.Help.Link`).
#[derive(Clone, Default)]
pub struct HelpLink {
    /// The page that the link leads to.
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
    pub const ALL;

    Status = "google.rpc.Status" {
        1 singular int32 code,
        2 singular string message,
        3 repeated message details: prost_types::Any,
    }

    ErrorInfo: Eq = "google.rpc.ErrorInfo" {
        1 singular string reason,
        2 singular string domain,
        3 map(string) string metadata,
    }

    RetryInfo: Eq = "google.rpc.RetryInfo" {
        1 optional message retry_delay: prost_types::Duration,
    }

    DebugInfo: Eq = "google.rpc.DebugInfo" {
        1 repeated string stack_entries,
        2 singular string detail,
    }

    QuotaFailure: Eq = "google.rpc.QuotaFailure" {
        1 repeated message violations: QuotaViolation,
    }

    QuotaViolation: Eq = "google.rpc.QuotaFailure.Violation" {
        1 singular string subject,
        2 singular string description,
        3 singular string api_service,
        4 singular string quota_metric,
        5 singular string quota_id,
        6 map(string) string quota_dimensions,
        7 singular int64 quota_value,
        8 optional int64 future_quota_value,
    }

    PreconditionFailure: Eq = "google.rpc.PreconditionFailure" {
        1 repeated message violations: PreconditionViolation,
    }

    PreconditionViolation: Eq = "google.rpc.PreconditionFailure.Violation" {
        1 singular string r#type = "type",
        2 singular string subject,
        3 singular string description,
    }

    BadRequest: Eq = "google.rpc.BadRequest" {
        1 repeated message field_violations: FieldViolation,
    }

    FieldViolation: Eq = "google.rpc.BadRequest.FieldViolation" {
        1 singular string field,
        2 singular string description,
        3 singular string reason,
        4 optional message localized_message: LocalizedMessage,
    }

    RequestInfo: Eq = "google.rpc.RequestInfo" {
        1 singular string request_id,
        2 singular string serving_data,
    }

    ResourceInfo: Eq = "google.rpc.ResourceInfo" {
        1 singular string resource_type,
        2 singular string resource_name,
        3 singular string owner,
        4 singular string description,
    }

    Help: Eq = "google.rpc.Help" {
        1 repeated message links: HelpLink,
    }

    HelpLink: Eq = "google.rpc.Help.Link" {
        1 singular string description,
        2 singular string url,
    }

    LocalizedMessage: Eq = "google.rpc.LocalizedMessage" {
        1 singular string locale,
        2 singular string message,
    }
}
