//! Typed details of errors, over both transports.

mod details;
#[cfg(feature = "rest")]
mod rest;
#[cfg(feature = "json")]
mod schemas;

use std::collections::BTreeMap;

use prost::Message;
use prost_types::{Any, Duration};
use rust_sdk_runtime::rpc;
use rust_sdk_runtime::schema::HasSchema;

/// A detail as a server packs it.
fn pack<T: Message + HasSchema>(message: &T) -> Any {
    let type_url = format!("type.googleapis.com/{}", T::schema().name());
    Any { type_url, value: message.encode_to_vec() }
}

fn labels(entries: &[(&str, &str)]) -> BTreeMap<String, String> {
    entries.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
}

fn error_info() -> rpc::ErrorInfo {
    let metadata = labels(&[("limit", "3"), ("service", "shelves")]);
    rpc::ErrorInfo { reason: "TOO_MANY_SHELVES".to_owned(), domain: "library.example".to_owned(), metadata }
}

fn field_violation(field: &str) -> rpc::FieldViolation {
    rpc::FieldViolation {
        field: field.to_owned(),
        description: "must not be empty".to_owned(),
        reason: "EMPTY".to_owned(),
        localized_message: Some(localized_message()),
    }
}

fn quota_violation() -> rpc::QuotaViolation {
    rpc::QuotaViolation {
        subject: "project:7".to_owned(),
        description: "shelves in a region".to_owned(),
        api_service: "shelves".to_owned(),
        quota_metric: "shelves/count".to_owned(),
        quota_id: "ShelvesPerRegion".to_owned(),
        quota_dimensions: labels(&[("region", "eu")]),
        quota_value: 9_007_199_254_740_993,
        future_quota_value: Some(0),
    }
}

fn precondition_violation() -> rpc::PreconditionViolation {
    rpc::PreconditionViolation {
        r#type: "TOS".to_owned(),
        subject: "library.example".to_owned(),
        description: "accept the terms".to_owned(),
    }
}

fn resource_info() -> rpc::ResourceInfo {
    rpc::ResourceInfo {
        resource_type: "shelf".to_owned(),
        resource_name: "shelves/1".to_owned(),
        owner: "user:ada".to_owned(),
        description: "in use".to_owned(),
    }
}

fn request_info() -> rpc::RequestInfo {
    rpc::RequestInfo { request_id: "r-17".to_owned(), serving_data: "x".to_owned() }
}

fn debug_info() -> rpc::DebugInfo {
    rpc::DebugInfo { stack_entries: vec!["a".to_owned(), "b".to_owned()], detail: "d".to_owned() }
}

fn help_link() -> rpc::HelpLink {
    rpc::HelpLink { description: "limits".to_owned(), url: "https://library.example/limits".to_owned() }
}

fn localized_message() -> rpc::LocalizedMessage {
    rpc::LocalizedMessage { locale: "de-CH".to_owned(), message: "Zu viele Regale: é".to_owned() }
}

fn retry_info() -> rpc::RetryInfo {
    rpc::RetryInfo { retry_delay: Some(Duration { seconds: 1, nanos: 500_000_000 }) }
}

/// A status with every detail, the lists in two parts each.
fn status() -> rpc::Status {
    let bad_request = |fields: &[&str]| rpc::BadRequest {
        field_violations: fields.iter().map(|field| field_violation(field)).collect(),
    };
    rpc::Status {
        code: 8,
        message: "too many shelves".to_owned(),
        details: vec![
            pack(&error_info()),
            pack(&retry_info()),
            pack(&bad_request(&["a", "b.c"])),
            pack(&rpc::QuotaFailure { violations: vec![quota_violation()] }),
            pack(&rpc::PreconditionFailure { violations: vec![precondition_violation()] }),
            pack(&resource_info()),
            pack(&request_info()),
            pack(&debug_info()),
            pack(&rpc::Help { links: vec![help_link(), help_link()] }),
            pack(&localized_message()),
            pack(&bad_request(&["d"])),
        ],
    }
}

/// What every typed accessor gives for [`status`].
fn assert_typed(error: &rust_sdk_runtime::Error) {
    assert_eq!(error.kind(), rust_sdk_runtime::ErrorKind::Status);
    assert_eq!(error.code(), Some(rust_sdk_runtime::Code::ResourceExhausted));
    assert_eq!(error.message(), "too many shelves");
    assert_eq!(error.error_info(), Some(error_info()));
    assert_eq!(error.retry_delay(), Some(std::time::Duration::from_millis(1500)));
    assert_eq!(error.field_violations(), ["a", "b.c", "d"].map(field_violation));
    assert_eq!(error.quota_violations(), [quota_violation()]);
    assert_eq!(error.precondition_violations(), [precondition_violation()]);
    assert_eq!(error.resource_info(), Some(resource_info()));
    assert_eq!(error.request_info(), Some(request_info()));
    assert_eq!(error.debug_info(), Some(debug_info()));
    assert_eq!(error.help_links(), [help_link(), help_link()]);
    assert_eq!(error.localized_message(), Some(localized_message()));
    assert_eq!(error.trace_id(), Some("r-17"));
    let types = |details: &mut dyn Iterator<Item = Any>| details.map(|any| any.type_url).collect::<Vec<_>>();
    assert_eq!(types(&mut error.status_details()), types(&mut status().details.into_iter()));
    assert_eq!(
        error.to_string(),
        "RESOURCE_EXHAUSTED: too many shelves (reason TOO_MANY_SHELVES, trace r-17)"
    );
}
