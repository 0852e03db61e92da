//! Calls with one request and one response.

use std::convert::Infallible;

use lumen_cloud::greenhouse::v1::*;
use prost::Message;
use rust_sdk_runtime::json::EncodeOptions;
use rust_sdk_runtime::{Client, Code};
use serde_json::json;
use tower_service::Service;

use crate::server::{Greenhouses, framed};
use crate::{get, request, send};

const GREENHOUSES: &str = "/api/greenhouse/v1/accounts/a/greenhouses";

#[tokio::test]
async fn a_path_leads_to_the_method_with_its_values() {
    let gateway = Greenhouses::default().gateway();
    let answer = get(&gateway, "/api/greenhouse/v1/accounts/a%2Fb%3F/greenhouses/%C3%A9+%25").await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.json(), json!({"greenhouse": {"accountId": "a/b?", "id": "é+%"}}));
    assert_eq!(answer.header("grpc-status"), None);
    let head = send(&gateway, request(&format!("HEAD {GREENHOUSES}/g"), &[], "")).await;
    assert_eq!((head.status.as_u16(), head.text()), (200, ""));
}

#[tokio::test]
async fn a_body_and_the_metadata_both_ways() {
    let service = Greenhouses::default();
    let gateway = service.gateway();
    let headers = [
        ("content-type", "application/json"),
        ("authorization", "Bearer t"),
        ("connection", "x-hop"),
        ("x-hop", "1"),
        ("x-server-timeout", "2.5"),
        ("x-key-bin", "AP8"),
    ];
    let body = r#"{"greenhouse":{"name":"north","accountId":"other"}}"#;
    let answer = send(&gateway, request(&format!("POST {GREENHOUSES}"), &headers, body)).await;
    assert_eq!(answer.json(), json!({"greenhouse": {"name": "north", "accountId": "a"}}));
    assert_eq!((answer.header("x-trace"), answer.header("x-token-bin")), (Some("t-1"), Some("AP8")));
    let seen = service.seen();
    assert_eq!(seen.get("authorization").unwrap(), "Bearer t");
    assert_eq!(seen.get("grpc-timeout").unwrap(), "2500m");
    assert_eq!(seen.get_bin("x-key-bin").unwrap().to_bytes().unwrap(), &[0, 0xff][..]);
    assert!(seen.get("x-hop").is_none());

    let gateway = gateway.prefix_metadata(true);
    let answer = send(&gateway, request(&format!("POST {GREENHOUSES}"), &headers, body)).await;
    assert_eq!((answer.header("x-trace"), answer.header("grpc-metadata-x-trace")), (None, Some("t-1")));
}

#[tokio::test]
async fn an_error_has_its_status_its_details_and_its_headers() {
    let gateway = Greenhouses::default().gateway();
    let answer = get(&gateway, &format!("{GREENHOUSES}/none")).await;
    assert_eq!(answer.status, 404);
    let expected = json!({
        "code": 5,
        "message": "no \"greenhouse\" – none",
        "details": [
            {"@type": "type.googleapis.com/google.protobuf.Duration", "value": "1.500s"},
            {"typeUrl": "type.googleapis.com/nowhere.Secret", "value": "CAU="},
        ],
    });
    assert_eq!(answer.json(), expected);
    assert_eq!((answer.header("x-request-id"), answer.header("grpc-status")), (Some("r-404"), None));
    let answer = get(&gateway.prefix_metadata(true), &format!("{GREENHOUSES}/none")).await;
    assert_eq!(answer.header("grpc-trailer-x-request-id"), Some("r-404"));
}

#[tokio::test]
async fn every_code_has_its_http_status() {
    let gateway = Greenhouses::default().gateway();
    let statuses =
        [499, 500, 400, 504, 404, 409, 403, 429, 400, 409, 400, 501, 500, 503, 500, 401].into_iter();
    for (number, status) in (1..).zip(statuses) {
        let answer = send(&gateway, request(&format!("DELETE {GREENHOUSES}/{number}"), &[], "")).await;
        assert_eq!(answer.status, status, "{}", Code::from_number(number));
        assert_eq!(answer.json(), json!({"code": number, "message": "as you wish", "details": []}));
    }
}

#[tokio::test]
async fn what_the_client_did_wrong_is_told_before_the_service_is_called() {
    let gateway = Greenhouses::default().gateway().max_body_size(100);
    let large = format!(r#"{{"greenhouse":{{"name":"{}"}}}}"#, "x".repeat(100));
    let create = format!("POST {GREENHOUSES}");
    let get = format!("GET {GREENHOUSES}/g");
    let gzip = ("content-encoding", "gzip");
    for (what, headers, body, status, code, message) in [
        ("GET /nowhere", None, "", 404, 5, "no method is bound to this path"),
        ("GET /", None, "", 404, 5, "no method is bound to this path"),
        (&get.replace("/g", "/%2e%2e"), None, "", 404, 5, "no method is bound to this path"),
        (&format!("{get}?x=1"), None, "", 400, 3, "query: `x`: there is no such parameter"),
        (&create, None, r#"{"x":1}"#, 400, 3, "body: x: there is no such field"),
        (&create, None, "{", 400, 3, "body: not JSON: EOF while parsing an object at line 1 column 1"),
        (&create, None, &large, 413, 8, "the body is over the limit of 100 bytes"),
        (&create, Some(gzip), "{}", 415, 3, "the body must not have a content encoding"),
        (
            &create,
            Some(("x-server-timeout", "x")),
            "{}",
            400,
            3,
            "x-server-timeout must be a number of seconds",
        ),
    ] {
        let headers: Vec<_> = headers.into_iter().collect();
        let answer = send(&gateway, request(what, &headers, body.to_owned())).await;
        assert_eq!(answer.status, status, "{what}");
        assert_eq!(answer.json(), json!({"code": code, "message": message, "details": []}), "{what}");
    }
    // Of several headers of a name none is the first.
    for (headers, status, message) in [
        ([("content-encoding", "identity"), gzip], 415, "the body must not have a content encoding"),
        ([("grpc-timeout", "1S"), ("grpc-timeout", "9S")], 400, "the request has more than one grpc-timeout"),
        (
            [("x-server-timeout", "1"), ("x-server-timeout", "9")],
            400,
            "the request has more than one x-server-timeout",
        ),
        (
            [("content-type", "application/json"), ("content-type", "text/html")],
            400,
            "the request has more than one content-type",
        ),
    ] {
        let answer = send(&gateway, request(&create, &headers, "{}")).await;
        assert_eq!((answer.status.as_u16(), &answer.json()["message"]), (status, &json!(message)));
    }
    let identity = [("content-encoding", "identity"), ("content-encoding", "Identity")];
    assert_eq!(send(&gateway, request(&create, &identity, r#"{"greenhouse":{}}"#)).await.status, 200);
    let other = send(&gateway, request(&format!("PATCH {GREENHOUSES}/g"), &[], "{}")).await;
    assert_eq!((other.status.as_u16(), other.header("allow")), (405, Some("GET, PUT, DELETE")));
    assert_eq!(other.json()["code"], 12);

    let lenient = gateway.ignore_unknown(true);
    let answer =
        send(&lenient, request(&format!("{create}?alt=json"), &[], r#"{"greenhouse":{"x":1}}"#)).await;
    assert_eq!(answer.status, 200);
}

#[tokio::test]
async fn the_form_of_messages_can_be_chosen() {
    let options = EncodeOptions { proto_names: true, ..EncodeOptions::default() };
    let gateway = Greenhouses::default().gateway().encode(options);
    let answer = get(&gateway, &format!("{GREENHOUSES}/g")).await;
    assert_eq!(answer.json(), json!({"greenhouse": {"account_id": "a", "id": "g"}}));
}

#[tokio::test]
async fn grpc_is_passed_through() {
    let gateway = Greenhouses::default().gateway();
    let message = GetGreenhouseRequest { account_id: "a".into(), greenhouse_id: "g".into() };
    let path = "POST /lumen.cloud.greenhouse.v1.GreenhouseService/GetGreenhouse";
    let grpc = request(path, &[("content-type", "application/grpc")], framed(&message));
    let answer = send(&gateway, grpc).await;
    assert_eq!(answer.header("content-type"), Some("application/grpc"));
    assert_eq!(answer.trailers.get("grpc-status").unwrap(), "0");
    let response = GetGreenhouseResponse::decode(&answer.body[5..]).unwrap();
    assert_eq!(response.greenhouse.unwrap().id, "g");
}

#[tokio::test]
async fn a_client_of_the_api_calls_through_it() {
    let client: Client = Client::builder().grpc_service(Greenhouses::default().gateway()).build().unwrap();
    let message = |id: &str| GetGreenhouseRequest { account_id: "a".into(), greenhouse_id: id.into() };
    let response = client.call(&GreenhouseService::GET_GREENHOUSE, message("g")).await.unwrap();
    assert_eq!(response.greenhouse.unwrap().id, "g");
    let error = client.call(&GreenhouseService::GET_GREENHOUSE, message("none")).await.unwrap_err();
    assert_eq!((error.code(), error.metadata("x-request-id")), (Some(Code::NotFound), Some("r-404")));
}

/// What a client writes into a path is one value, or leads nowhere.
#[tokio::test]
async fn a_hostile_path_reaches_nothing_else() {
    let gateway = Greenhouses::default().gateway();
    for (segment, id) in [
        ("..", None),
        ("%2e%2E", None),
        (".", None),
        ("", None),
        ("g/", None),
        ("/g", None),
        ("%", None),
        ("%zz", None),
        ("%ff", None),
        ("g/../../../iam", None),
        ("..%2F..%2Fiam", Some("../../iam")),
        ("%2F", Some("/")),
        ("%3Fx=1", Some("?x=1")),
        ("%23", Some("#")),
        ("%00", Some("\0")),
        ("%252e%252e", Some("%2e%2e")),
        ("suggest-name%2F", Some("suggest-name/")),
        ("g:restart", Some("g:restart")),
        ("...", Some("...")),
    ] {
        let answer = get(&gateway, &format!("{GREENHOUSES}/{segment}")).await;
        match id {
            Some(id) => assert_eq!(answer.json()["greenhouse"]["id"], id, "{segment}"),
            None => assert_eq!(answer.status, 404, "{segment}"),
        }
    }
}

#[test]
fn it_is_what_servers_take() {
    fn takes<S>(_: &S)
    where
        S: Service<http::Request<tonic::body::Body>, Error = Infallible> + Clone + Send + Sync + 'static,
        S::Future: Send,
    {
    }
    takes(&Greenhouses::default().gateway());
}
