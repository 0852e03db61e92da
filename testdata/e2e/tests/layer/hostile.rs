//! Requests that are made to be taken for others: all of them are refused, or decided for what the handler gets.

use std::net::SocketAddr;

use rust_sdk_runtime::Code;
use rust_sdk_runtime::access::Identity;
use rust_sdk_runtime::server::Authorizer;

use crate::server::{self, Directory};
use crate::wire::{self, Sender, framed};

const GREENHOUSES: &str = "/api/greenhouse/v1/accounts/a/greenhouses";
const GET: &str = "/lumen.cloud.greenhouse.v1.GreenhouseService/GetGreenhouse";

/// `VERB target HTTP/1.1` with these header lines, from the caller who may read greenhouses in the account `a`.
async fn status(address: SocketAddr, request: &str, headers: &str) -> u16 {
    let answer = wire::raw(address, &format!("{request} HTTP/1.1\nx-caller: 0{headers}"), b"").await;
    answer.split(' ').nth(1).unwrap().parse().unwrap()
}

async fn axum() -> (SocketAddr, Directory) {
    let directory = Directory::reader();
    (server::axum(directory.clone()).await, directory)
}

async fn tonic() -> (SocketAddr, Directory) {
    let directory = Directory::reader();
    (server::tonic(directory.clone(), server::routes()).await, directory)
}

#[tokio::test]
async fn what_is_allowed_is_reached_and_what_is_not_is_told_apart() {
    let (axum, directory) = axum().await;
    assert_eq!(status(axum, &format!("GET {GREENHOUSES}/g"), "").await, 200);
    assert_eq!(status(axum, &format!("HEAD {GREENHOUSES}/g"), "").await, 200, "the handler of GET answers");
    assert_eq!(status(axum, &format!("GET {GREENHOUSES}/suggest-name"), "").await, 200);
    let names: Vec<_> =
        directory.take_admitted().iter().map(|(name, _)| name.rsplit('/').next().unwrap()).collect();
    assert_eq!(names, ["GetGreenhouse", "GetGreenhouse", "SuggestGreenhouseName"]);
    assert_eq!(status(axum, &format!("DELETE {GREENHOUSES}/g"), "").await, 403);
    assert_eq!(status(axum, "GET /api/greenhouse/v1/accounts/b/greenhouses/g", "").await, 403);
    assert_eq!(status(axum, "GET /api/platform/v1/regions", "\nx-caller: 7").await, 200, "public");
    let unknown = wire::raw(axum, &format!("GET {GREENHOUSES}/g HTTP/1.1"), b"").await;
    assert!(unknown.starts_with("HTTP/1.1 401 "), "{unknown}");
    let stranger = wire::raw(axum, &format!("GET {GREENHOUSES}/g HTTP/1.1\nx-caller: 7"), b"").await;
    assert!(stranger.starts_with("HTTP/1.1 401 ") && stranger.contains("no such caller"), "{stranger}");
}

#[tokio::test]
async fn paths_that_no_route_has() {
    let (axum, directory) = axum().await;
    for target in [
        // Not of the API, though the server has it.
        "/admin",
        "/",
        "*",
        "/api/greenhouse/v1/accounts/a/glasshouses/g",
        // Slashes, dots, case, parameters.
        "/api/greenhouse/v1/accounts/a/greenhouses/g/",
        "/api/greenhouse/v1/accounts/a/greenhouses//",
        "/api/greenhouse/v1/accounts/a//greenhouses/g",
        "//api/greenhouse/v1/accounts/a/greenhouses/g",
        "/api/greenhouse/v1/accounts//greenhouses/g",
        "/api/greenhouse/v1/accounts/a/greenhouses/../greenhouses/g",
        "/api/greenhouse/v1/accounts/a/greenhouses/%2e%2e",
        "/api/greenhouse/v1/accounts/a/greenhouses/.",
        "/API/greenhouse/v1/accounts/a/greenhouses/g",
        "/api/greenhouse/v1/Accounts/a/greenhouses/g",
        "/api/greenhouse/v1/accounts;x=1/a/greenhouses/g",
        "/api/greenhouse/v1/accounts/a%2Fgreenhouses/g",
        "/api/greenhouse/v1/accounts/a%2fgreenhouses%2fg",
        "/api%2Fgreenhouse/v1/accounts/a/greenhouses/g",
        // Literals that are escaped: another router takes `suggest%2Dname` for the ID of a greenhouse.
        "/api/greenhouse/v1/accounts/a/greenhouses/suggest%2Dname",
        "/api/greenhouse/v1/accounts/a/greenhouses/suggest%2dname",
        "/api/greenhouse/v1/accounts/a/greenhouses/%73uggest-name",
        "/%61pi/greenhouse/v1/accounts/a/greenhouses/g",
        // What does not decode.
        "/api/greenhouse/v1/accounts/a/greenhouses/%",
        "/api/greenhouse/v1/accounts/a/greenhouses/%zz",
        "/api/greenhouse/v1/accounts/a/greenhouses/%ff",
        // The gRPC path without gRPC.
        GET,
    ] {
        let answer = status(axum, &format!("GET {target}"), "").await;
        assert!(matches!(answer, 400 | 404), "{target}: {answer}");
        let answer = status(axum, &format!("POST {target}"), "\ncontent-type: application/json").await;
        assert!(matches!(answer, 400 | 404 | 405), "{target}: {answer}");
    }
    assert_eq!(directory.take_admitted(), []);
}

/// What is data stays data: the account and the ID are what the handler gets.
#[tokio::test]
async fn escapes_and_colons_in_values() {
    let (axum, directory) = axum().await;
    for (target, expected) in [
        ("/api/greenhouse/v1/accounts/%61/greenhouses/g", 200),
        ("/api/greenhouse/v1/accounts/a/greenhouses/g%2Fx", 200),
        ("/api/greenhouse/v1/accounts/a/greenhouses/g:go", 200),
        ("/api/greenhouse/v1/accounts/a/greenhouses/g%3Ago", 200),
        ("/api/greenhouse/v1/accounts/a/greenhouses/suggest-name:go", 200),
        ("/api/greenhouse/v1/accounts/A/greenhouses/g", 403),
        ("/api/greenhouse/v1/accounts/a:go/greenhouses/g", 403),
        ("/api/greenhouse/v1/accounts/a%00/greenhouses/g", 403),
        ("/api/greenhouse/v1/accounts/a%2F..%2Fb/greenhouses/g", 403),
        ("/api/greenhouse/v1/accounts/a%20/greenhouses/g", 403),
        ("/api/greenhouse/v1/accounts/%2561/greenhouses/g", 403),
        ("/api/greenhouse/v1/accounts/a/greenhouses:go", 404),
    ] {
        assert_eq!(status(axum, &format!("GET {target}"), "").await, expected, "{target}");
    }
    let admitted = directory.take_admitted();
    assert_eq!(admitted.len(), 5);
    for (method, account) in admitted {
        assert!(method.ends_with("/GetGreenhouse"), "{method}");
        assert_eq!(account.as_deref(), Some("a"));
    }
}

#[tokio::test]
async fn other_verbs_than_the_routes_have() {
    let (axum, directory) = axum().await;
    let target = format!("{GREENHOUSES}/g/restart");
    for verb in ["GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "post", "*"] {
        let answer = status(axum, &format!("{verb} {target}"), "").await;
        assert!(matches!(answer, 400 | 405), "{verb}: {answer}");
    }
    for verb in ["OPTIONS", "TRACE", "get", "Get", "POST", "QUERY"] {
        assert_eq!(status(axum, &format!("{verb} {GREENHOUSES}/g"), "").await, 405, "{verb}");
    }
    let answer = wire::raw(axum, &format!("OPTIONS {GREENHOUSES}/g HTTP/1.1\nx-caller: 0"), b"").await;
    assert!(answer.contains("allow: GET, PUT, DELETE\r\n"), "{answer}");
    assert!(answer.contains(r#""code":12"#), "{answer}");
    assert_eq!(directory.take_admitted(), []);
}

#[tokio::test]
async fn requests_to_be_taken_for_another_verb() {
    let (axum, directory) = axum().await;
    for name in [
        "X-HTTP-Method-Override",
        "X-HTTP-Method",
        "X-Method-Override",
        "X-Http-Verb",
        "X-Method",
        "x-http-method-override",
    ] {
        for value in ["DELETE", "GET", "", "delete, get"] {
            let header = format!("\n{name}: {value}");
            assert_eq!(status(axum, &format!("GET {GREENHOUSES}/g"), &header).await, 400, "{name}: {value}");
        }
    }
    for query in ["_method=DELETE", "a=b&_METHOD=DELETE", "%5Fmethod=DELETE", "_method"] {
        assert_eq!(status(axum, &format!("GET {GREENHOUSES}/g?{query}"), "").await, 400, "{query}");
    }
    assert_eq!(directory.take_admitted(), []);
}

#[tokio::test]
async fn an_account_beside_the_one_in_the_path() {
    let (axum, directory) = axum().await;
    for query in [
        "account_id=b",
        "accountId=b",
        "accountId=a&accountId=b",
        "account%5Fid=b",
        "ACCOUNT_ID=b",
        "AccountID=b",
        "account-id=b",
        "%61ccountId=b",
        "accountId=",
        "accountId",
        "pageSize=1&accountId=%62",
        "accountId=%zz",
    ] {
        assert_eq!(status(axum, &format!("GET {GREENHOUSES}?{query}"), "").await, 400, "{query}");
    }
    assert_eq!(directory.take_admitted(), []);
    for query in ["accountId=a", "account_id=%61&pageSize=5", "pageSize=5", "x=account_id"] {
        assert_eq!(status(axum, &format!("GET {GREENHOUSES}?{query}"), "").await, 200, "{query}");
    }
    assert_eq!(directory.take_admitted().len(), 4);
}

#[tokio::test]
async fn content_types_of_the_other_protocol() {
    let (axum, directory) = axum().await;
    let (tonic, other) = tonic().await;
    let message = framed(&[10, 1, b'a']);
    for content_type in [
        "application/grpc-web",
        "application/grpc-web+proto",
        "application/grpc-web-text",
        "application/grpc+json",
        "application/grpcx",
        "application/json",
        "application/x-protobuf",
        "text/plain",
        "",
    ] {
        let head = format!("POST {GET} HTTP/1.1\nx-caller: 0\ncontent-type: {content_type}");
        let answer = wire::raw(tonic, &head, &message).await;
        let refused = answer.contains("grpc-status: 12\r\n") || answer.starts_with("HTTP/1.1 404 ");
        assert!(refused, "{content_type}: {answer}");
    }
    let head = format!("POST {GET} HTTP/1.1\nx-caller: 0");
    assert!(wire::raw(tonic, &head, &message).await.starts_with("HTTP/1.1 404 "), "no content type");
    let twice = format!("{head}\ncontent-type: application/json\ncontent-type: application/grpc");
    assert!(wire::raw(tonic, &twice, &message).await.starts_with("HTTP/1.1 400 "));
    assert_eq!(other.take_admitted(), []);

    for content_type in
        ["application/grpc", "application/grpc+proto", "Application/gRPC; x=y", "application/GRPC+Proto"]
    {
        // The REST path in gRPC: there is no such method.
        let head = format!("GET {GREENHOUSES}/g HTTP/1.1\nx-caller: 0\ncontent-type: {content_type}");
        let answer = wire::raw(axum, &head, b"").await;
        assert!(answer.contains("grpc-status: 12\r\n"), "{content_type}: {answer}");
        // And gRPC as it should be.
        let head = format!("POST {GET} HTTP/1.1\nx-caller: 0\ncontent-type: {content_type}");
        let answer = wire::raw(tonic, &head, &message).await;
        assert!(
            answer.contains("grpc-message: the%20method%20is%20not%20implemented\r\n"),
            "{content_type}: {answer}"
        );
    }
    assert_eq!(directory.take_admitted(), []);
    assert_eq!(other.take_admitted().len(), 4);
}

#[tokio::test]
async fn grpc_paths_that_no_method_has() {
    let (address, directory) = tonic().await;
    let sender = Sender::http2(address);
    let message = [10, 1, b'a'];
    for path in [
        "/",
        "/lumen.cloud.greenhouse.v1.GreenhouseService",
        "/lumen.cloud.greenhouse.v1.GreenhouseService/",
        "/lumen.cloud.greenhouse.v1.GreenhouseService/Nothing",
        "/lumen.cloud.greenhouse.v1.GreenhouseService/getGreenhouse",
        "/lumen.cloud.greenhouse.v1.greenhouseservice/GetGreenhouse",
        "/lumen.cloud.greenhouse.v1.GreenhouseService/GetGreenhouse/",
        "/lumen.cloud.greenhouse.v1.GreenhouseService//GetGreenhouse",
        "//lumen.cloud.greenhouse.v1.GreenhouseService/GetGreenhouse",
        "/lumen.cloud.greenhouse.v1.GreenhouseService/GetGreenhouse:go",
        "/lumen.cloud.greenhouse.v1.GreenhouseService%2FGetGreenhouse",
        "/lumen.cloud.greenhouse.v1.GreenhouseService/%47etGreenhouse",
        "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo",
        "/grpc.health.v1.Health/Check",
        GREENHOUSES,
    ] {
        let answer = sender.call(path, 0, &message).await;
        let error = answer.error().unwrap();
        assert_eq!(answer.headers["grpc-status"], "12", "of a status alone: {path}");
        assert_eq!((error.code(), error.message()), (Some(Code::Unimplemented), "there is no such method"));
    }
    for verb in ["GET", "PUT", "DELETE", "OPTIONS", "HEAD"] {
        let headers = [("content-type", "application/grpc"), ("x-caller", "0")];
        let answer = sender.send(&format!("{verb} {GET}"), &headers, framed(&message)).await;
        assert_eq!(answer.code(), Some(Code::Unimplemented), "{verb}");
    }
    let headers =
        [("content-type", "application/grpc"), ("x-caller", "0"), ("x-http-method-override", "GET")];
    let answer = sender.send(&format!("POST {GET}"), &headers, framed(&message)).await;
    assert_eq!(answer.code(), Some(Code::InvalidArgument));
    assert_eq!(directory.take_admitted(), []);
    assert_eq!(sender.call(GET, 0, &message).await.error().unwrap().message(), server::STUB);
}

struct Unimplemented;

impl Authorizer for Unimplemented {
    type Identity = Identity;
}

#[tokio::test]
async fn an_authorizer_that_implements_nothing_lets_nobody_in() {
    let address = server::axum(Unimplemented).await;
    let mut public = 0;
    for method in lumen_cloud::API.methods() {
        for binding in method.bindings() {
            let target = binding.template().replace(['{', '}'], "");
            let answer = status(address, &format!("{} {target}", binding.verb()), "").await;
            public += usize::from(answer == 200);
            assert!(matches!(answer, 200 | 401), "{target}: {answer}");
        }
    }
    assert_eq!(public, 3, "those that the API calls public");
}
