//! Methods with several bindings, and every HTTP verb.

use serde_json::json;
use shapes::API;
use shapes::http::v1::BindingService as S;
use shapes::http::v1::binding_service::rest;

use super::{Cases, refusal};

#[test]
fn every_method() {
    let mut cases = Cases::new(&API);
    choosing(&mut cases);
    tags(&mut cases);
    verbs(&mut cases);
    cases.finish("shapes.http.v1.BindingService");
}

/// The first binding that the message fits is taken, with its own verb, variables and body.
fn choosing(cases: &mut Cases) {
    let note = json!({"name": "n", "title": "t", "place": {"latitude": 1.5}});
    cases.case(
        &S::CREATE_NOTE,
        json!({"parent": "users/u", "note": note, "dryRun": true}),
        rest::CreateNote { parent: "users/u" }.path(),
        r#"POST /v1/users/u/notes?dryRun=true {"name":"n","title":"t","place":{"latitude":1.5}}"#,
    );
    cases.case(
        &S::CREATE_NOTE,
        json!({"parent": "teams/t", "note": note, "dryRun": false}),
        rest::CreateNote_ { parent: "teams/t" }.path(),
        concat!(
            "POST /v1/teams/t/notes ",
            r#"{"note":{"name":"n","title":"t","place":{"latitude":1.5}},"dryRun":false}"#,
        ),
    );
    cases.case(
        &S::CREATE_NOTE,
        json!({"parent": "boards/b", "note": note}),
        rest::CreateNote__ { parent: "boards/b", note_title: "t" }.path(),
        "PUT /v1/boards/b/notes/t?note.name=n&note.place.latitude=1.5",
    );
    cases.case(
        &S::GET_NOTE,
        json!({"name": "users/u/notes/n", "id": "i"}),
        rest::GetNote { name: "users/u/notes/n" }.path(),
        "GET /v1/users/u/notes/n?id=i",
    );
    cases.case(
        &S::GET_NOTE,
        json!({"name": "teams/t/notes/n"}),
        rest::GetNote_ { name: "teams/t/notes/n" }.path(),
        "GET /v1/teams/t/notes/n",
    );
    cases.case(
        &S::GET_NOTE,
        json!({"id": "i", "name": "others/x"}),
        rest::GetNote__ { id: "i" }.path(),
        "GET /v1/notes/i?name=others%2Fx",
    );
    cases.case(&S::GET_NOTE, json!({"name": "x"}), rest::GetNote___.path(), "GET /v1/notes?name=x");
}

fn tags(cases: &mut Cases) {
    let message = |name: &str| json!({"name": name, "tag": "t", "colour": "c"});
    let paths = [
        rest::TagNote { name: "a/1" }.path(),
        rest::TagNote_ { name: "b/1" }.path(),
        rest::TagNote__ { name: "c/1" }.path(),
        rest::TagNote___ { name: "d/1" }.path(),
        rest::TagNote____ { name: "e/1" }.path(),
        rest::TagNote_____ { name: "f/1" }.path(),
    ];
    for (letter, path) in ["a", "b", "c", "d", "e", "f"].into_iter().zip(paths) {
        cases.case(
            &S::TAG_NOTE,
            message(&format!("{letter}/1")),
            path,
            &format!(r#"POST /v1/{letter}/1:tag {{"tag":"t","colour":"c"}}"#),
        );
    }
    let g = rest::TagNote______ { name: "g/1" }.path();
    cases.case(&S::TAG_NOTE, message("g/1"), g, r#"POST /v1/g/1:tag?colour=c "t""#);
    let h = rest::TagNote_______ { name: "h/1" }.path();
    cases.case(&S::TAG_NOTE, message("h/1"), h, "POST /v1/h/1:tag?tag=t&colour=c");
    let i = rest::TagNote________ { name: "i/1" }.path();
    cases.case(&S::TAG_NOTE, message("i/1"), i, "GET /v1/i/1:tag?tag=t&colour=c");
}

fn verbs(cases: &mut Cases) {
    cases.case(
        &S::REPLACE_NOTE,
        json!({"note": {"name": "users/u/notes/n", "title": "t"}, "etag": "\"e\""}),
        rest::ReplaceNote { note_name: "users/u/notes/n" }.path(),
        r#"PUT /v1/users/u/notes/n?etag=%22e%22 {"name":"users/u/notes/n","title":"t"}"#,
    );
    cases.case(
        &S::UPDATE_NOTE,
        json!({"note": {"name": "users/u/notes/n"}, "fields": ["title", "place.latitude"]}),
        rest::UpdateNote { note_name: "users/u/notes/n" }.path(),
        r#"PATCH /v1/users/u/notes/n?fields=title&fields=place.latitude {"name":"users/u/notes/n"}"#,
    );
    cases.case(
        &S::DELETE_NOTE,
        json!({"name": "users/u/notes/n", "etag": "e"}),
        rest::DeleteNote { name: "users/u/notes/n" }.path(),
        "DELETE /v1/users/u/notes/n?etag=e",
    );
    cases.case(
        &S::DELETE_NOTES,
        json!({"parent": "users/u", "names": ["a", "b"]}),
        rest::DeleteNotes { parent: "users/u" }.path(),
        r#"DELETE /v1/users/u/notes {"names":["a","b"]}"#,
    );
    cases.case(
        &S::PROBE_NOTE,
        json!({"name": "users/u/notes/n"}),
        rest::ProbeNote { name: "users/u/notes/n" }.path(),
        "HEAD /v1/users/u/notes/n",
    );
    // A binding for every verb: a body calls for a POST.
    cases.case(
        &S::ECHO_NOTE,
        json!({"name": "n", "text": "t"}),
        rest::EchoNote { name: "n" }.path(),
        r#"POST /v1/echo/n {"text":"t"}"#,
    );
    for verb in ["GET", "POST", "PURGE"] {
        assert_eq!(API.route(verb, "/v1/echo/n").unwrap().method.path(), S::ECHO_NOTE.path());
    }
    cases.case(
        &S::LINK_NOTE,
        json!({"from": "a", "to": "b"}),
        rest::LinkNote { from: "a", to: "b" }.path(),
        "LINK /v1/links/a/b",
    );
    cases.case(
        &S::LINK_NOTE,
        json!({"from": "a"}),
        rest::LinkNote_ { from: "a" }.path(),
        "OPTIONS /v1/links/a",
    );
}

#[test]
fn when_no_binding_fits_every_one_is_told_with_its_reason() {
    let message = refusal(&S::CREATE_NOTE, json!({"parent": "boards/b", "note": {"name": "n"}}));
    for part in ["users/*", "teams/*", "`parent`", "`note.title`"] {
        assert!(message.contains(part), "{part} is not in: {message}");
    }
    let message = refusal(&S::CREATE_NOTE, json!({"parent": "boards/b"}));
    assert!(message.contains("`note` is not set"), "{message}");
}
