//! Details from the bytes of `grpc-status-details-bin`.

use std::time::Duration;

use http::HeaderMap;
use proptest::prelude::*;
use prost::Message;
use prost_types::Any;
use rust_sdk_runtime::{Code, Error, ErrorKind, rpc};
use tonic_types::{ErrorDetails, StatusExt as _};

use crate::{assert_typed, error_info, field_violation, pack, status};

fn with(details: Vec<Any>) -> Error {
    let status = rpc::Status { details, ..status() };
    Error::from_status(Code::ResourceExhausted, status.message.clone()).with_details(status.encode_to_vec())
}

fn with_header(name: &'static str, value: &str) -> Error {
    let headers = HeaderMap::from_iter([(http::HeaderName::from_static(name), value.parse().unwrap())]);
    Error::from_status(Code::Unavailable, "").with_headers(headers)
}

#[test]
fn every_detail_comes_out_typed() {
    let error = with(status().details);
    assert_typed(&error);
    assert_eq!(error.status_details().collect::<Vec<_>>(), status().details);
}

#[test]
fn an_error_without_details_has_none() {
    for error in [Error::from_status(Code::Internal, "x"), Error::invalid_argument("x")] {
        assert_eq!(error.error_info(), None);
        assert_eq!(error.retry_delay(), None);
        assert_eq!(error.field_violations(), []);
        assert_eq!(error.status_details().count(), 0);
        assert_eq!(error.trace_id(), None);
    }
}

/// Another implementation of the same messages writes, this one reads.
#[test]
fn what_tonic_writes_is_read() {
    let mut details = ErrorDetails::new();
    details
        .set_error_info("REASON", "domain", [("k".to_owned(), "v".to_owned())])
        .set_retry_info(Some(Duration::new(3, 5)))
        .set_debug_info(vec!["frame".to_owned()], "detail")
        .add_quota_failure_violation("subject", "quota")
        .add_precondition_failure_violation("type", "subject", "precondition")
        .add_bad_request_violation("field", "field is bad")
        .set_request_info("id", "data")
        .set_resource_info("type", "name", "owner", "resource")
        .add_help_link("link", "https://x")
        .set_localized_message("en", "localized");
    let status = tonic::Status::with_error_details(tonic::Code::Aborted, "m", details);
    let error = Error::from_status(Code::Aborted, "m").with_details(status.details().to_vec());

    let info = error.error_info().unwrap();
    assert_eq!((&*info.reason, &*info.domain, &*info.metadata["k"]), ("REASON", "domain", "v"));
    assert_eq!(error.retry_delay(), Some(Duration::new(3, 5)));
    let debug = error.debug_info().unwrap();
    assert_eq!((&*debug.stack_entries[0], &*debug.detail), ("frame", "detail"));
    let quota = &error.quota_violations()[0];
    assert_eq!((&*quota.subject, &*quota.description), ("subject", "quota"));
    let precondition = &error.precondition_violations()[0];
    let precondition = (&*precondition.r#type, &*precondition.subject, &*precondition.description);
    assert_eq!(precondition, ("type", "subject", "precondition"));
    let field = &error.field_violations()[0];
    assert_eq!((&*field.field, &*field.description), ("field", "field is bad"));
    let request = error.request_info().unwrap();
    assert_eq!((&*request.request_id, &*request.serving_data), ("id", "data"));
    let resource = error.resource_info().unwrap();
    assert_eq!((&*resource.resource_type, &*resource.resource_name), ("type", "name"));
    assert_eq!((&*resource.owner, &*resource.description), ("owner", "resource"));
    let link = &error.help_links()[0];
    assert_eq!((&*link.description, &*link.url), ("link", "https://x"));
    let localized = error.localized_message().unwrap();
    assert_eq!((&*localized.locale, &*localized.message), ("en", "localized"));
    assert_eq!(error.status_details().count(), 10);
}

/// The numbers of the fields that tonic does not have, as `google/rpc/error_details.proto` states them.
#[test]
fn newer_fields_have_their_numbers() {
    let quota = rpc::QuotaViolation {
        api_service: "s".to_owned(),
        quota_metric: "m".to_owned(),
        quota_id: "i".to_owned(),
        quota_dimensions: crate::labels(&[("k", "v")]),
        quota_value: 1,
        future_quota_value: Some(2),
        ..Default::default()
    };
    let wire = b"\x1a\x01s\x22\x01m\x2a\x01i\x32\x06\x0a\x01k\x12\x01v\x38\x01\x40\x02";
    assert_eq!(quota.encode_to_vec(), wire);
    let localized_message = Some(rpc::LocalizedMessage { locale: "l".to_owned(), ..Default::default() });
    let field = rpc::FieldViolation { reason: "r".to_owned(), localized_message, ..Default::default() };
    assert_eq!(field.encode_to_vec(), b"\x1a\x01r\x22\x03\x0a\x01l");
}

#[test]
fn what_cannot_be_read_is_passed_over_and_the_rest_is_kept() {
    let broken = |name: &str| Any { type_url: format!("x/google.rpc.{name}"), value: vec![0x0a, 5, b'x'] };
    let mut details = vec![broken("ErrorInfo"), broken("BadRequest"), broken("RetryInfo")];
    details.extend(status().details);
    assert_eq!(with(details).error_info(), Some(error_info()));

    // An element of a list that is not as it should be keeps its place.
    let mut second = field_violation("b").encode_to_vec();
    second.extend([0x1a, 1, 0xff]);
    let mut value = Vec::new();
    for element in [field_violation("a").encode_to_vec(), second, field_violation("c").encode_to_vec()] {
        value.extend([0x0a, u8::try_from(element.len()).unwrap()]);
        value.extend(element);
    }
    let error = with(vec![broken("BadRequest"), Any { value, ..broken("BadRequest") }]);
    let fields: Vec<_> = error.field_violations().into_iter().map(|violation| violation.field).collect();
    assert_eq!(fields, ["a", "b", "c"]);

    // A status that ends too early, and one with a broken Any.
    let mut wire = status().encode_to_vec();
    wire.extend([0x1a, 3, 0x0a, 9, b'x', 0x1a, 100]);
    assert_typed(&Error::from_status(Code::ResourceExhausted, "too many shelves").with_details(wire));
}

#[test]
fn a_delay_comes_from_retry_info_else_from_the_header() {
    let delay = |seconds, nanos| {
        pack(&rpc::RetryInfo { retry_delay: Some(prost_types::Duration { seconds, nanos }) })
    };
    let error = with_header("retry-after", "7");
    assert_eq!(error.retry_delay(), Some(Duration::from_secs(7)));
    let status = rpc::Status { details: vec![delay(-1, 0), delay(2, 0), delay(3, 0)], ..status() };
    assert_eq!(error.with_details(status.encode_to_vec()).retry_delay(), Some(Duration::from_secs(2)));

    let none = rpc::Status { details: vec![pack(&rpc::RetryInfo::default()), delay(i64::MIN, -1)], ..status };
    let error = with_header("retry-after", " 8 ").with_details(none.encode_to_vec());
    assert_eq!(error.retry_delay(), Some(Duration::from_secs(8)));
    let trailers = HeaderMap::from_iter([(http::header::RETRY_AFTER, "9".parse().unwrap())]);
    assert_eq!(error.with_trailers(trailers).retry_delay(), Some(Duration::from_secs(9)));
    for wrong in ["", "-1", "1.5", "soon", "99999999999999999999999", "Sun, 99 Nov 1994 08:49:37 GMT"] {
        assert_eq!(with_header("retry-after", wrong).retry_delay(), None, "{wrong}");
    }
}

/// gRFC A6, "Pushback". A negative or unreadable number means no retry, so it is no delay.
#[test]
fn a_pushback_is_a_delay() {
    let delay = |value: &str| with_header("grpc-retry-pushback-ms", value).retry_delay();
    assert_eq!(delay("5000"), Some(Duration::from_secs(5)));
    for value in ["-1", "soon", "", "99999999999999999999999"] {
        assert_eq!(delay(value), None, "{value}");
    }
}

#[test]
fn a_date_to_retry_at_counts_from_the_date_of_the_response() {
    let delay = |after: &str, date: &str| {
        let names = [(http::header::RETRY_AFTER, after), (http::header::DATE, date)];
        let headers: HeaderMap =
            names.into_iter().map(|(name, value)| (name, value.parse().unwrap())).collect();
        Error::from_status(Code::Unavailable, "").with_headers(headers).retry_delay()
    };
    let date = "Sun, 06 Nov 1994 08:49:37 GMT";
    assert_eq!(delay("Sun, 06 Nov 1994 08:51:07 GMT", date), Some(Duration::from_secs(90)));
    assert_eq!(delay("Sunday, 06-Nov-94 08:49:38 GMT", date), Some(Duration::from_secs(1)));
    assert_eq!(delay("Sun Nov  6 08:49:39 1994", date), Some(Duration::from_secs(2)));
    // Past already, by the response's clock and by this machine's.
    assert_eq!(delay("Sun, 06 Nov 1994 08:49:00 GMT", date), Some(Duration::ZERO));
    assert_eq!(delay(date, "no date"), Some(Duration::ZERO));
}

#[test]
fn the_trace_id_of_a_header_comes_before_the_request_id() {
    let error = with(status().details).with_method("a.v1.S/Get");
    assert_eq!(error.trace_id(), Some("r-17"));
    let error = error.with_trace_id("abc\n");
    assert_eq!(error.trace_id(), Some("abc\n"));
    assert!(error.to_string().ends_with(" (a.v1.S/Get, reason TOO_MANY_SHELVES, trace abc\\n)"), "{error}");
    assert_eq!(error.with_trace_id("").trace_id(), Some("r-17"));

    // Other details give another id.
    let error = with(status().details);
    assert_eq!(error.trace_id(), Some("r-17"));
    assert_eq!(error.with_details(Vec::new()).trace_id(), None);
}

#[test]
fn display_shows_no_reason_that_is_not_a_constant_and_no_metadata() {
    for reason in ["", "two words", "a\nb", "lower", &"A".repeat(64)] {
        let error = with(vec![pack(&rpc::ErrorInfo { reason: reason.to_owned(), ..error_info() })]);
        assert_eq!(error.to_string(), "RESOURCE_EXHAUSTED: too many shelves", "{reason:?}");
        assert!(!format!("{error:?}").contains("shelves\", \""), "{error:?}");
    }
}

type Predicate = fn(&Error) -> bool;

#[test]
fn predicates_go_by_the_code() {
    let predicates: [(Code, Predicate); 12] = [
        (Code::Cancelled, Error::is_cancelled),
        (Code::InvalidArgument, Error::is_invalid_argument),
        (Code::DeadlineExceeded, Error::is_timeout),
        (Code::NotFound, Error::is_not_found),
        (Code::AlreadyExists, Error::is_already_exists),
        (Code::PermissionDenied, Error::is_permission_denied),
        (Code::ResourceExhausted, Error::is_resource_exhausted),
        (Code::FailedPrecondition, Error::is_failed_precondition),
        (Code::Aborted, Error::is_aborted),
        (Code::Unimplemented, Error::is_unimplemented),
        (Code::Unavailable, Error::is_unavailable),
        (Code::Unauthenticated, Error::is_unauthenticated),
    ];
    for number in 1..=16 {
        let code = Code::from_number(number);
        let error = Error::from_status(code, "");
        for (of, is) in predicates {
            assert_eq!(is(&error), of == code, "{of} of {code}");
        }
    }
    // Whoever it was that refused it.
    let error = Error::invalid_argument("no id");
    assert_eq!((error.kind(), error.is_local()), (ErrorKind::InvalidArgument, true));
    assert!(error.is_invalid_argument());
}

/// Calls every accessor.
pub(crate) fn read_all(error: &Error) {
    let _ = (error.error_info(), error.retry_delay(), error.field_violations(), error.quota_violations());
    let _ = (error.precondition_violations(), error.resource_info(), error.request_info());
    let _ = (error.debug_info(), error.help_links(), error.localized_message(), error.trace_id());
    let _ = (error.status_details().count(), error.to_string(), format!("{error:?}"));
}

proptest! {
    #[test]
    fn arbitrary_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..200), header in "[ -~]{0,40}") {
        read_all(&with_header("retry-after", &header).with_details(bytes));
    }

    #[test]
    fn changed_details_never_panic(at: prop::sample::Index, byte: u8, end: prop::sample::Index) {
        let mut wire = status().encode_to_vec();
        let at = at.index(wire.len());
        wire[at] = byte;
        wire.truncate(end.index(wire.len()) + 1);
        read_all(&Error::from_status(Code::Internal, "").with_details(wire));
    }
}

/// protovalidate's detail, as its interceptors send it: the path in parts, or as text in old versions.
#[test]
fn violations_of_protovalidate_are_field_violations() {
    fn field(number: u8, content: &[u8]) -> Vec<u8> {
        let mut wire = vec![number << 3 | 2, u8::try_from(content.len()).unwrap()];
        wire.extend_from_slice(content);
        wire
    }
    let named = [field(2, b"nodes"), vec![6 << 3, 3]].concat();
    let keyed = [field(2, b"labels"), field(10, b"a")].concat();
    let path = [field(1, &named), field(1, &keyed)].concat();
    let new = [field(5, &path), field(2, b"string.min_len"), field(3, b"too short")].concat();
    let old = [field(1, b"a.b"), field(3, b"is wrong")].concat();
    let violations = [field(1, &new), field(1, &old)].concat();
    let detail = prost_types::Any {
        type_url: "type.googleapis.com/buf.validate.Violations".to_owned(),
        value: violations,
    };
    let status = rpc::Status { code: 3, message: String::new(), details: vec![detail] };
    let error = Error::from_status(Code::InvalidArgument, "").with_details(status.encode_to_vec());
    let violations = error.field_violations();
    assert_eq!(violations.len(), 2);
    assert_eq!(violations[0].field, r#"nodes[3].labels["a"]"#);
    assert_eq!(violations[0].reason, "string.min_len");
    assert_eq!(violations[0].description, "too short");
    assert_eq!((violations[1].field.as_str(), violations[1].description.as_str()), ("a.b", "is wrong"));
}
