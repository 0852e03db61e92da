//! Updates with a field mask, which are told what they leave alone.

use bytes::Bytes;
use lumen_cloud::API;
use lumen_cloud::greenhouse::v1::{Greenhouse, UpdateGreenhouseRequest};
use prost::Message as _;
use prost_types::FieldMask;
use rust_sdk_runtime::access::Identity;
use rust_sdk_runtime::server::access_layer;
use rust_sdk_runtime::transport::Body;
use tower_service::Service as _;

use crate::gzip::packed;
use crate::server::{Directory, routes};
use crate::wire::{Answer, framed};

const UPDATE: &str = "/lumen.cloud.greenhouse.v1.GreenhouseService/UpdateGreenhouse";
const ROUTE: &str = "/api/greenhouse/v1/accounts/a/greenhouses/g";

/// The reason that somebody with these permissions is refused for.
async fn refusal(masks: bool, permissions: &[&'static str], request: http::Request<Body>) -> Option<String> {
    let caller = Identity::new(permissions.to_vec()).within("a");
    let layer = access_layer(&API, Directory::of([caller])).explain(true).masks(masks).accept_gzip(true);
    let mut service = layer.layer(routes());
    let (parts, body) = service.call(request).await.unwrap().into_parts();
    let body = http_body_util::BodyExt::collect(body).await.unwrap().to_bytes();
    let answer =
        Answer { status: parts.status, headers: parts.headers, body, trailers: http::HeaderMap::new() };
    answer.refusal().map(|(_, reason)| reason)
}

fn update(mask: Option<&[&str]>) -> Bytes {
    let greenhouse = Greenhouse { account_id: "a".into(), id: "g".into(), ..Greenhouse::default() };
    let paths = |paths: &[&str]| FieldMask { paths: paths.iter().map(|path| (*path).to_owned()).collect() };
    let update = UpdateGreenhouseRequest { greenhouse: Some(greenhouse), update_mask: mask.map(paths) };
    framed(&update.encode_to_vec())
}

fn call(message: Bytes) -> http::Request<Body> {
    let request = http::Request::builder().method("POST").uri(UPDATE).header("x-caller", "0");
    request.header("content-type", "application/grpc").body(Body::full(message)).unwrap()
}

fn grpc(mask: Option<&[&str]>) -> http::Request<Body> {
    call(update(mask))
}

fn compressed(mask: Option<&[&str]>) -> http::Request<Body> {
    let mut call = call(packed(&update(mask)));
    call.headers_mut().insert("grpc-encoding", http::HeaderValue::from_static("gzip"));
    call
}

fn rest() -> http::Request<Body> {
    let request = http::Request::builder().method("PUT").uri(ROUTE).header("x-caller", "0");
    request.header("content-type", "application/json").body(Body::full("{}")).unwrap()
}

#[tokio::test]
async fn an_update_with_a_mask_needs_to_read_where_that_is_asked_for() {
    let missing = Some("PERMISSION_MISSING".to_owned());
    let both = ["write:greenhouses", "read:greenhouses"];
    let write = &both[..1];
    for request in [|| grpc(Some(&["name"])), || compressed(Some(&["name"])), rest] {
        assert_eq!(refusal(true, write, request()).await, missing);
        assert_eq!(refusal(true, &both[1..], request()).await, missing);
        assert_ne!(refusal(true, &both, request()).await, missing);
        assert_ne!(refusal(false, write, request()).await, missing);
    }
    // Whole resources leave nothing alone.
    assert_eq!(refusal(true, write, grpc(None)).await, None);
    assert_eq!(refusal(true, write, grpc(Some(&[]))).await, None);
    assert_ne!(refusal(true, write, compressed(None)).await, missing);
}
