//! What a refusal says, to people and to programs.

use rust_sdk_runtime::access::{Access, Caller, Decision};
use rust_sdk_runtime::method::Method;
use rust_sdk_runtime::{Code, ErrorKind};

static METHOD: Method = Method::unary("/acme.v1.Shelves/Get");

/// A refusal's code, reason, sentence and metadata.
fn told(decision: Decision<'_>) -> (Code, &'static str, String, String) {
    let refusal = decision.into_result().unwrap_err();
    let info = refusal.error_info(&METHOD);
    assert_eq!((info.reason.as_str(), info.domain.as_str()), (refusal.reason().as_str(), "acme.v1.Shelves"));
    assert_eq!(info.metadata["method"], "acme.v1.Shelves/Get");
    let rest = info.metadata.iter().filter(|(key, _)| *key != "method");
    let metadata = rest.map(|(key, value)| format!("{key}={value}")).collect::<Vec<_>>().join(" ");

    let error = refusal.to_error(&METHOD);
    assert_eq!((error.kind(), error.code()), (ErrorKind::Refused, Some(refusal.code())));
    assert!(error.is_local() && error.method() == Some("acme.v1.Shelves/Get"));
    assert_eq!(error.error_info(), Some(info));
    assert!(error.to_string().contains(&format!("rejected locally: {refusal}")), "{error}");

    (refusal.code(), refusal.reason().as_str(), refusal.to_string(), metadata)
}

#[test]
fn every_refusal_says_what_would_be_needed() {
    let grants = ["read:a"];
    let caller = Caller::new(&grants).actor("KEY");
    let own = caller.within("x");
    let denied = Code::PermissionDenied;
    let all = Access::all(&["read:a", "write:a", "read:b"]);
    let expected = [
        (
            Access::denied().check(&own, None),
            denied,
            "ACCESS_UNSTATED",
            "the API does not state who may call the method, so nobody may",
            "",
        ),
        (
            all.check(&Caller::anonymous(), None),
            Code::Unauthenticated,
            "UNAUTHENTICATED",
            "the method is for authenticated callers",
            "",
        ),
        (
            all.only(&["USER"]).check(&own, None),
            denied,
            "ACTOR_NOT_ALLOWED",
            "the method is only for `USER`, and the caller is `KEY`",
            "actors=USER",
        ),
        (
            all.only(&["A", "B", "C"]).check(&Caller::new(&grants), None),
            denied,
            "ACTOR_NOT_ALLOWED",
            "the method is only for `A`, `B` and `C`, and the caller's kind is unknown",
            "actors=A,B,C",
        ),
        (
            all.within("shelf.account").check(&own, None),
            denied,
            "ACCOUNT_MISSING",
            "the request names no account in `shelf.account`",
            "field=shelf.account",
        ),
        (
            all.within("id").check(&own, Some("y")),
            denied,
            "ACCOUNT_MISMATCH",
            "the request's `id` is not the caller's account",
            "field=id",
        ),
        (
            all.within("id").check(&caller, Some("y")),
            denied,
            "ACCOUNT_UNKNOWN",
            "the account of the caller's permissions is unknown (the request's is in `id`)",
            "field=id",
        ),
        (
            all.check(&own, None),
            denied,
            "PERMISSION_MISSING",
            "the caller lacks the permissions `write:a` and `read:b`",
            "permissions=write:a,read:b require=all",
        ),
        (
            Access::all(&["write:a", "read:a"]).check(&own, None),
            denied,
            "PERMISSION_MISSING",
            "the caller lacks the permission `write:a`",
            "permissions=write:a require=all",
        ),
        (
            Access::any(&["a", "b", "c"]).check(&own, None),
            denied,
            "PERMISSION_MISSING",
            "the caller has none of the permissions `a`, `b` or `c`",
            "permissions=a,b,c require=any",
        ),
    ];
    for (decision, code, reason, sentence, metadata) in expected {
        assert_eq!(told(decision), (code, reason, sentence.to_owned(), metadata.to_owned()));
    }
}

#[test]
fn a_hostile_kind_of_caller_forges_no_line() {
    let decision = Access::authenticated().only(&["USER"]);
    let caller = Caller::new(&[""; 0]).actor("x`\ny\u{1b}[31m");
    let (_, _, sentence, _) = told(decision.check(&caller, None));
    assert!(!sentence.contains(char::is_control), "{sentence:?}");
}
