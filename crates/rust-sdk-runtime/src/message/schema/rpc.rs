//! The schemas of `google/rpc/status.proto` and `google/rpc/error_details.proto`. An `Any` may always hold them, since the
//! errors of every API do.

use super::tables::{field, schemas};
use super::wkt::{ANY, DURATION};
use super::{Field, Kind, MessageSchema, Presence};

use Presence::{Explicit, Implicit, Repeated};

const LABELS: Kind = Kind::Map(&(Kind::String, Kind::String));

schemas! {
    package "google.rpc";
    STATUS = "Status" [
        field(1, "code", Implicit, Kind::Int32),
        field(2, "message", Implicit, Kind::String),
        field(3, "details", Repeated, Kind::Message(&ANY)),
    ];
    ERROR_INFO = "ErrorInfo" [
        field(1, "reason", Implicit, Kind::String),
        field(2, "domain", Implicit, Kind::String),
        field(3, "metadata", Repeated, LABELS),
    ];
    RETRY_INFO = "RetryInfo" [Field::new(1, "retry_delay", "retryDelay", Explicit, Kind::Message(&DURATION))];
    DEBUG_INFO = "DebugInfo" [
        Field::new(1, "stack_entries", "stackEntries", Repeated, Kind::String),
        field(2, "detail", Implicit, Kind::String),
    ];
    QUOTA_FAILURE = "QuotaFailure" [
        field(1, "violations", Repeated, Kind::Message(&QUOTA_FAILURE_VIOLATION)),
    ];
    QUOTA_FAILURE_VIOLATION = "QuotaFailure.Violation" [
        field(1, "subject", Implicit, Kind::String),
        field(2, "description", Implicit, Kind::String),
        Field::new(3, "api_service", "apiService", Implicit, Kind::String),
        Field::new(4, "quota_metric", "quotaMetric", Implicit, Kind::String),
        Field::new(5, "quota_id", "quotaId", Implicit, Kind::String),
        Field::new(6, "quota_dimensions", "quotaDimensions", Repeated, LABELS),
        Field::new(7, "quota_value", "quotaValue", Implicit, Kind::Int64),
        Field::new(8, "future_quota_value", "futureQuotaValue", Explicit, Kind::Int64),
    ];
    PRECONDITION_FAILURE = "PreconditionFailure" [
        field(1, "violations", Repeated, Kind::Message(&PRECONDITION_FAILURE_VIOLATION)),
    ];
    PRECONDITION_FAILURE_VIOLATION = "PreconditionFailure.Violation" [
        field(1, "type", Implicit, Kind::String),
        field(2, "subject", Implicit, Kind::String),
        field(3, "description", Implicit, Kind::String),
    ];
    BAD_REQUEST = "BadRequest" [
        Field::new(1, "field_violations", "fieldViolations", Repeated, Kind::Message(&BAD_REQUEST_FIELD_VIOLATION)),
    ];
    BAD_REQUEST_FIELD_VIOLATION = "BadRequest.FieldViolation" [
        field(1, "field", Implicit, Kind::String),
        field(2, "description", Implicit, Kind::String),
        field(3, "reason", Implicit, Kind::String),
        Field::new(4, "localized_message", "localizedMessage", Explicit, Kind::Message(&LOCALIZED_MESSAGE)),
    ];
    REQUEST_INFO = "RequestInfo" [
        Field::new(1, "request_id", "requestId", Implicit, Kind::String),
        Field::new(2, "serving_data", "servingData", Implicit, Kind::String),
    ];
    RESOURCE_INFO = "ResourceInfo" [
        Field::new(1, "resource_type", "resourceType", Implicit, Kind::String),
        Field::new(2, "resource_name", "resourceName", Implicit, Kind::String),
        field(3, "owner", Implicit, Kind::String),
        field(4, "description", Implicit, Kind::String),
    ];
    HELP = "Help" [field(1, "links", Repeated, Kind::Message(&HELP_LINK))];
    HELP_LINK = "Help.Link" [field(1, "description", Implicit, Kind::String), field(2, "url", Implicit, Kind::String)];
    LOCALIZED_MESSAGE = "LocalizedMessage" [
        field(1, "locale", Implicit, Kind::String),
        field(2, "message", Implicit, Kind::String),
    ];
}
