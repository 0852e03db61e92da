//! Calls that succeed.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use rust_sdk_runtime::credentials::{Authorization, AuthorizationFuture, Credentials};
use rust_sdk_runtime::{Client, Code, Method, RetryPolicy};

use crate::api::*;
use crate::server::{Answer, Seen, Server, Step, bounded};

fn request(seen: &Seen) -> String {
    format!("{} {} {}", seen.verb, seen.path, seen.body)
}

const TRAILERS: &[(&str, &str)] = &[("x-both", "trailer"), ("x-tail-bin", "AQID"), ("grpc-status", "0")];

#[tokio::test]
async fn every_shape_of_a_request() {
    let server = Server::start(|_| Answer::json(r#"{"id":"a","name":"n","size":3,"newer":{"x":[1]}}"#)).await;
    let client = server.client();
    let expected = Thing { name: "n".into(), size: Some(3), ..thing("a") };

    let asked = Thing { size: Some(0), tags: vec!["x y".into(), "z+".into()], ..thing("a/b?") };
    assert_eq!(bounded(client.call(&GET, asked)).await.unwrap(), expected);
    assert_eq!(request(&server.seen()), "GET /v1/things/a%2Fb%3F?size=0&tags=x%20y&tags=z%2B ");
    assert!(!server.seen().headers.contains_key("content-type"));
    assert_eq!(server.seen().headers["accept"], "application/json");

    assert_eq!(client.call(&CREATE, thing("a")).await.unwrap(), expected);
    assert_eq!(request(&server.seen()), r#"POST /v1/things {"id":"a"}"#);
    assert_eq!(server.seen().headers["content-type"], "application/json");
    assert_eq!(server.seen().headers["content-length"], "10");
    client.call(&CREATE, Thing::default()).await.unwrap();
    assert_eq!(request(&server.seen()), "POST /v1/things {}");

    let update = Update { thing: Some(expected.clone()), force: true, file: None };
    client.call(&UPDATE_THING, update).await.unwrap();
    assert_eq!(request(&server.seen()), r#"PATCH /v1/things/a?force=true {"id":"a","name":"n","size":3}"#);

    client.call(&RESTART, expected.clone()).await.unwrap();
    assert_eq!(request(&server.seen()), "POST /v1/things/a:restart?name=n&size=3 ");
    assert_eq!(server.seen().headers["content-length"], "0");

    client.call(&EITHER, thing("a")).await.unwrap();
    assert_eq!(request(&server.seen()), "GET /v1/ids/a ");
    client.call(&EITHER, expected.clone()).await.unwrap();
    assert_eq!(request(&server.seen()), "GET /v1/names/n?id=a&size=3 ");
}

#[tokio::test]
async fn every_shape_of_a_response() {
    let server = Server::start(|seen| match seen.path.as_str() {
        "/v1/things/a/name" => Answer::json(r#""the name""#),
        "/v1/things/a/file" if seen.verb == "GET" => Answer::new(200, "image/png", vec![0, 0xff, 1]),
        "/v1/things/a/file" => Answer::new(204, "", ""),
        "/v1/things/a" => Answer::new(200, "text/html", ""),
        _ => Answer::json("{}"),
    })
    .await;
    let client = server.client();
    assert_eq!(
        client.call(&NAME, thing("a")).await.unwrap(),
        Thing { name: "the name".into(), ..Thing::default() }
    );
    let file = HttpBody { content_type: "image/png".into(), data: vec![0, 0xff, 1] };
    assert_eq!(client.call(&DOWNLOAD, thing("a")).await.unwrap(), file);
    let file = HttpBody { content_type: "text/csv; header=present".into(), data: b"a,b".to_vec() };
    let upload = Update { thing: Some(thing("a")), file: Some(file), ..Update::default() };
    client.call(&UPLOAD, upload).await.unwrap();
    assert_eq!(request(&server.seen()), "PUT /v1/things/a/file a,b");
    assert_eq!(server.seen().headers["content-type"], "text/csv; header=present");
    client.call(&DELETE, thing("a")).await.unwrap();
    assert_eq!(request(&server.seen()), "DELETE /v1/things/a ");
    client.call(&DELETE, thing("b")).await.unwrap();
}

#[tokio::test]
async fn headers_and_trailers_are_apart_and_the_status_is_not_among_them() {
    let server = Server::start(|_| {
        Answer::json("{}").header("grpc-status", "0").header("x-both", "header").header("x-request-id", "r-1")
    })
    .await;
    let response = server.client().call(&GET, thing("a")).with_response().await.unwrap();
    assert_eq!(response.headers.get("x-both"), Some("header"));
    assert_eq!(response.headers.get("grpc-status"), None);
    assert!(response.trailers.is_empty());
    assert_eq!(response.trace_id.as_deref(), Some("r-1"));

    let (_server, client) =
        Server::http2(|_| Answer::json("{}").header("x-both", "header").step(Step::Trailers(TRAILERS))).await;
    let response = client.call(&GET, thing("a")).with_response().await.unwrap();
    assert_eq!(response.headers.get("x-both"), Some("header"));
    assert_eq!(response.trailers.get("x-both"), Some("trailer"));
    assert_eq!(response.trailers.get_bytes("x-tail-bin"), Some(vec![1, 2, 3]));
    assert_eq!(response.trailers.get("grpc-status"), None);
}

#[tokio::test]
async fn the_server_sees_what_the_call_was_given() {
    let server = Server::start(|_| Answer::json("{}")).await;
    let client = Client::builder()
        .rest(format!("{}/base/", server.url()))
        .api_key("key-1")
        .header("x-a", "client")
        .header("x-data-bin", "AQID")
        .timeout(Duration::from_secs(30))
        .build()
        .unwrap();
    client.call(&GET, thing("a")).header("x-b", "one").header("accept", "application/x").await.unwrap();
    let seen = server.seen();
    assert_eq!(seen.path, "/base/v1/things/a");
    assert_eq!(seen.headers["host"], server.address.to_string());
    for (name, value) in [
        ("authorization", "apikey key-1"),
        ("x-a", "client"),
        ("x-b", "one"),
        ("x-data-bin", "AQID"),
        ("accept", "application/x"),
    ] {
        assert_eq!(seen.headers[name], value, "{name}");
    }
    assert!(seen.headers["user-agent"].to_str().unwrap().starts_with("rust-sdk-runtime/"));
    let timeout = seen.headers["grpc-timeout"].to_str().unwrap();
    let micros: u64 = timeout.strip_suffix('u').unwrap().parse().unwrap();
    assert!((20_000_000..=30_000_000).contains(&micros), "{timeout}");
    assert_eq!(seen.headers["te"], "trailers");
}

#[tokio::test]
async fn a_service_of_the_callers_making_needs_no_socket() {
    let service = tower::service_fn(|request: http::Request<rust_sdk_runtime::transport::Body>| async move {
        let body = format!(r#"{{"id":"{} {}"}}"#, request.method(), request.uri());
        Ok::<_, std::convert::Infallible>(http::Response::new(rust_sdk_runtime::transport::Body::full(body)))
    });
    let client = Client::builder().rest_service(service).build().unwrap();
    assert_eq!(client.call(&GET, thing("a")).await.unwrap(), thing("GET /v1/things/a"));
}

#[tokio::test]
async fn what_passes_is_tried_again_where_that_does_no_harm() {
    let flaky = || {
        let made = AtomicUsize::new(0);
        Server::start(move |_| match made.fetch_add(1, Ordering::SeqCst) {
            0 => Answer::new(503, "text/plain", "busy"),
            _ => Answer::json("{}"),
        })
    };
    let server = flaky().await;
    server.client().call(&GET, thing("a")).await.unwrap();
    assert_eq!(server.requests(), 2);
    assert!(!server.seen().headers.contains_key("grpc-previous-rpc-attempts"));

    let server = flaky().await;
    let error = server.client().call(&CREATE, thing("a")).await.unwrap_err();
    assert_eq!((error.code(), server.requests()), (Some(Code::Unavailable), 1));

    let server = flaky().await;
    server.client().call(&CREATE, thing("a")).idempotency_key("k-1").await.unwrap();
    assert_eq!(server.requests(), 2);
    assert_eq!(server.seen().headers["idempotency-key"], "k-1");
    assert_eq!(server.seen().body, r#"{"id":"a"}"#);
}

/// The policy says what is retried. What is not idempotent is still made once.
#[tokio::test]
async fn a_rule_of_the_callers_decides_what_is_retried() {
    for (status, made) in [(500, 2), (504, 2), (409, 1)] {
        let first = AtomicBool::new(true);
        let server = Server::start(move |_| {
            let is_first = first.swap(false, Ordering::SeqCst);
            if is_first { Answer::new(status, "text/plain", "busy") } else { Answer::json("{}") }
        })
        .await;
        let policy = RetryPolicy::new()
            .first_delay(Duration::from_millis(1))
            .retry_if(|error| error.http().is_some_and(|http| http.status().is_server_error()));
        let client = Client::builder().rest(server.url()).retry(policy).build().unwrap();
        assert_eq!(bounded(client.call(&GET, thing("a"))).await.is_ok(), made == 2, "{status}");
        assert_eq!(server.requests(), made, "{status}");
        let before = server.requests();
        let _ = bounded(client.call(&CREATE, thing("a"))).await;
        assert_eq!(server.requests(), before + 1, "{status}");
    }
}

/// A token that the server rejects is renewed, and the call is made once more, even if it is not idempotent.
#[tokio::test]
async fn rejected_credentials_are_renewed_once() {
    struct Token(AtomicUsize);

    impl Credentials for Token {
        fn authorize(&self, _: &'static Method) -> AuthorizationFuture<'_> {
            let token = format!("t{}", self.0.load(Ordering::SeqCst));
            Box::pin(std::future::ready(Authorization::bearer(&token).map_err(Into::into)))
        }

        fn rejected(&self) -> bool {
            self.0.fetch_add(1, Ordering::SeqCst);
            true
        }
    }

    for (accepted, is_accepted) in [("Bearer t1", true), ("Bearer t9", false)] {
        let server = Server::start(move |seen| {
            let is_accepted = seen.headers["authorization"] == accepted;
            if is_accepted { Answer::json("{}") } else { Answer::new(401, "text/plain", "expired") }
        })
        .await;
        let token = Token(AtomicUsize::new(0));
        let client = Client::builder().rest(server.url()).credentials(token).build().unwrap();
        let result = bounded(client.call(&CREATE, thing("a"))).await;
        assert_eq!(result.is_ok(), is_accepted, "{result:?}");
        assert_eq!(server.requests(), 2);
    }
}

#[tokio::test]
async fn a_quota_is_waited_for() {
    const INFO: &str = r#"{"code":8,"message":"slow down","details":[
        {"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"0.001s"}]}"#;
    for (body, retry_after, made) in
        [(INFO, None, 2), ("{}", Some("0"), 2), (INFO, Some("60"), 2), ("{}", None, 2)]
    {
        let first = AtomicBool::new(true);
        let server = Server::start(move |_| {
            if !first.swap(false, Ordering::SeqCst) {
                return Answer::json("{}");
            }
            let answer = Answer::new(429, "application/json", body);
            retry_after.into_iter().fold(answer, |answer, seconds| answer.header("retry-after", seconds))
        })
        .await;
        let result = bounded(server.client().call(&GET, thing("a"))).await;
        assert_eq!((server.requests(), result.is_ok()), (made, true), "{body} {retry_after:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_calls_at_once_on_one_client() {
    let server =
        Server::start(|seen| Answer::json(format!(r#"{{"id":"{}"}}"#, &seen.path["/v1/things/".len()..])))
            .await;
    let client = server.client();
    let calls: Vec<_> =
        (0..1000).map(|i| tokio::spawn(client.call(&GET, thing(&format!("t{i}"))).into_future())).collect();
    bounded(async {
        for (i, call) in calls.into_iter().enumerate() {
            assert_eq!(call.await.unwrap().unwrap(), thing(&format!("t{i}")));
        }
    })
    .await;
}
