//! Rules that gateways serve although the specification does not allow them.

use serde_json::json;
use shapes::API;
use shapes::http::v1::DeviationService as S;
use shapes::http::v1::deviation_service::rest;

use super::Cases;

#[test]
fn every_method() {
    let mut cases = Cases::new(&API);
    cases.case(&S::PING, json!({"id": "1"}), rest::Ping.path(), "POST /?id=1");
    let blob = || rest::GetBlob { name: "a/b c/blobs", id: "d/e" }.path();
    cases.case(
        &S::GET_BLOB,
        json!({"name": "a/b c/blobs", "id": "d/e"}),
        blob(),
        "GET /v1/repositories/a/b%20c/blobs/blobs/d%2Fe",
    );
    cases.case(
        &S::CREATE_WORKER,
        json!({"name": "n"}),
        rest::CreateWorker.path(),
        "POST /v1/workers:create:worker-led {\"name\":\"n\"}",
    );
    cases.case(
        &S::VALIDATE,
        json!({"name": "n", "id": "1"}),
        rest::Validate { name: "n" }.path(),
        "POST /v1/names/n:validate?id=1 \"n\"",
    );
    cases.case(
        &S::GET_EITHER,
        json!({"name": "n", "id": "1"}),
        rest::GetEither { id: "1" }.path(),
        "GET /v1/either/1?name=n",
    );
    cases.finish("shapes.http.v1.DeviationService");
    // Reached by gRPC only.
    assert_eq!(S::HIDDEN.method().bindings().count(), 0);
}
