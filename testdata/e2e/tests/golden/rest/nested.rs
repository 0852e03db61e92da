//! Lists in the path, and bodies that are fields within messages, as grpc-gateway serves them.

use archive::API;
use archive::v1::ArchiveService as S;
use archive::v1::archive_service::rest;
use rust_sdk_runtime::transcode::{self, Incoming, RequestOptions};
use serde_json::json;

use super::{Cases, refusal};

#[test]
fn lists_in_the_path_have_commas() {
    let mut cases = Cases::new(&API);
    cases.case(
        &S::FETCH_BOXES,
        json!({"numbers": ["7", "18446744073709551615"], "colours": ["red", "dark blue/green"], "sealed": true}),
        rest::FetchBoxes { numbers: "7,18446744073709551615", colours: "red,dark blue/green" }.path(),
        "GET /v1/boxes/7%2C18446744073709551615/of/red%2Cdark%20blue%2Fgreen?sealed=true",
    );
    cases.case(
        &S::FETCH_BOXES,
        json!({"numbers": ["7"], "colours": ["red"]}),
        rest::FetchBoxes { numbers: "7", colours: "red" }.path(),
        "GET /v1/boxes/7/of/red",
    );
    // An item would become two, and an empty list has no place in a path.
    let refused = refusal(&S::FETCH_BOXES, json!({"numbers": ["7"], "colours": ["red,blue"]}));
    assert!(refused.contains("an item of `colours` has a comma"), "{refused}");
    let refused = refusal(&S::FETCH_BOXES, json!({"numbers": ["7"]}));
    assert!(refused.contains("`colours` is not set"), "{refused}");
}

#[test]
fn commas_are_read_escaped_or_not_and_every_item_is_checked() {
    let decode = |path: &str| {
        let found = API.route("GET", path).unwrap();
        let schemas = found.schemas().unwrap();
        let (incoming, options) = (Incoming::default(), RequestOptions::default());
        let wire = transcode::decode_request(&found, &schemas, &incoming, &options);
        wire.map(|wire| <archive::v1::FetchBoxesRequest as prost::Message>::decode(&wire[..]).unwrap())
    };
    for path in ["/v1/boxes/1,2/of/a,b", "/v1/boxes/1%2C2/of/a%2cb"] {
        let request = decode(path).unwrap();
        assert_eq!((&request.numbers[..], request.colours.len()), (&[1, 2][..], 2), "{path}");
    }
    for path in ["/v1/boxes/1,x/of/a", "/v1/boxes/1,,2/of/a", "/v1/boxes/1,/of/a"] {
        let error = decode(path).unwrap_err().to_string();
        assert!(error.starts_with("path: `numbers`: "), "{path}: {error}");
    }
}

#[test]
fn a_body_may_be_within_a_message() {
    let mut cases = Cases::new(&API);
    let path = || rest::MoveBox { number: 3 }.path();
    cases.case(
        &S::MOVE_BOX,
        json!({"number": "3", "change": {"box": {"label": "l"}, "reason": "r", "owner": {"house": "h"}}}),
        path(),
        "PATCH /v1/boxes/3?change.reason=r&change.owner.house=h {\"label\":\"l\"}",
    );
    // A box that is set and empty is an empty body.
    cases.case(&S::MOVE_BOX, json!({"number": "3", "change": {"box": {}}}), path(), "PATCH /v1/boxes/3 {}");
    cases.case(&S::MOVE_BOX, json!({"number": "3"}), path(), "PATCH /v1/boxes/3");
    cases.case(
        &S::MOVE_BOX,
        json!({"number": "3", "change": {"reason": "r"}}),
        path(),
        "PATCH /v1/boxes/3?change.reason=r",
    );
    // Nothing of the request would tell that the change is set.
    let refused = refusal(&S::MOVE_BOX, json!({"number": "3", "change": {}}));
    assert!(
        refused.contains("`change` cannot be sent in a query: the message is set but empty"),
        "{refused}"
    );
}

#[test]
fn what_belongs_in_the_body_is_no_parameter() {
    let decode = |query: &str| {
        let found = API.route("PATCH", "/v1/boxes/3").unwrap();
        let schemas = found.schemas().unwrap();
        let incoming = Incoming { query, content_type: None, body: Some(br#"{"label": "l"}"#) };
        transcode::decode_request(&found, &schemas, &incoming, &RequestOptions::default())
            .map_err(|error| error.to_string())
    };
    assert!(decode("change.reason=r").is_ok());
    for query in ["change.box.label=m", "change.box=m"] {
        assert!(decode(query).unwrap_err().ends_with("it belongs in the body"), "{query}");
    }
}
