//! The schemas of `google.rpc` agree with the Rust types.

use std::collections::BTreeSet;
use std::fmt::Debug;

use prost::Message;
use prost_types::Any;
use rust_sdk_runtime::schema::HasSchema;
use rust_sdk_runtime::{json, rpc};

use crate::{pack, status};

/// Every field of the message is set, so each must be in its JSON and come back from it.
fn check<T: Message + Default + HasSchema + PartialEq + Debug>(message: &T) -> &'static str {
    let text = json::to_string(message).unwrap();
    let object: serde_json::Map<String, serde_json::Value> = serde_json::from_str(&text).unwrap();
    let keys: BTreeSet<std::borrow::Cow<'_, str>> = object.keys().map(|key| key.as_str().into()).collect();
    assert_eq!(keys, T::schema().fields().iter().map(|field| field.json_name()).collect());
    assert_eq!(json::from_str::<T>(&text).unwrap(), *message, "{text}");
    // In an Any without its type being given.
    let packed = pack(message);
    let text = json::to_string(&packed).unwrap();
    assert_eq!(json::from_str::<Any>(&text).unwrap(), packed, "{text}");
    T::schema().name()
}

#[test]
fn every_field_is_in_the_json_and_comes_back() {
    let checked = [
        check(&status()),
        check(&crate::error_info()),
        check(&crate::retry_info()),
        check(&crate::debug_info()),
        check(&rpc::QuotaFailure { violations: vec![crate::quota_violation()] }),
        check(&crate::quota_violation()),
        check(&rpc::PreconditionFailure { violations: vec![crate::precondition_violation()] }),
        check(&crate::precondition_violation()),
        check(&rpc::BadRequest { field_violations: vec![crate::field_violation("a")] }),
        check(&crate::field_violation("a")),
        check(&crate::request_info()),
        check(&crate::resource_info()),
        check(&rpc::Help { links: vec![crate::help_link()] }),
        check(&crate::help_link()),
        check(&crate::localized_message()),
    ];
    assert_eq!(checked.to_vec(), rpc::ALL.iter().map(|schema| schema().name()).collect::<Vec<_>>());
}

#[test]
fn the_json_is_that_of_the_specification() {
    let json = json::to_string(&rpc::Status {
        code: 8,
        message: String::new(),
        details: vec![pack(&crate::retry_info()), pack(&crate::quota_violation())],
    });
    assert_eq!(
        json.unwrap(),
        concat!(
            r#"{"code":8,"details":[{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"1.500s"},"#,
            r#"{"@type":"type.googleapis.com/google.rpc.QuotaFailure.Violation","subject":"project:7","#,
            r#""description":"shelves in a region","apiService":"shelves","quotaMetric":"shelves/count","#,
            r#""quotaId":"ShelvesPerRegion","quotaDimensions":{"region":"eu"},"#,
            r#""quotaValue":"9007199254740993","futureQuotaValue":"0"}]}"#
        )
    );
}
