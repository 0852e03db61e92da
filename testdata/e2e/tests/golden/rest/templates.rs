//! Every form of a path template: sub-templates, `*`, `**`, custom verbs, nested variables, odd literals.

use serde_json::json;
use shapes::API;
use shapes::http::v1::TemplateService as S;
use shapes::http::v1::template_service::rest;

use super::{Cases, refusal};

#[test]
fn every_method() {
    let mut cases = Cases::new(&API);
    variables(&mut cases);
    rests(&mut cases);
    verbs(&mut cases);
    wildcards(&mut cases);
    cases.finish("shapes.http.v1.TemplateService");
}

fn variables(cases: &mut Cases) {
    cases.case(
        &S::GET_SHELF,
        json!({"name": "shelves/a b", "view": "full"}),
        rest::GetShelf { name: "shelves/a b" }.path(),
        "GET /v1/shelves/a%20b?view=full",
    );
    cases.case(
        &S::GET_BOOK,
        json!({"name": "shelves/1/books/é"}),
        rest::GetBook { name: "shelves/1/books/é" }.path(),
        "GET /v1/shelves/1/books/%C3%A9",
    );
    cases.case(
        &S::GET_PAGE,
        json!({"parent": "shelves/1", "copy": "2/3"}),
        rest::GetPage { parent: "shelves/1", copy: "2/3", page: 0 }.path(),
        "GET /v1/shelves/1/copies/2%2F3/pages/0",
    );
    // Two variables within one message; what else is in it goes to the query.
    cases.case(
        &S::GET_CHAPTER,
        json!({"book": {"name": "libraries/l/books/b", "author": {"id": "x y", "fullName": "X & Y"}}, "number": 7}),
        rest::GetChapter { book_name: "libraries/l/books/b", book_author_id: "x y", number: 7 }.path(),
        "GET /v1/libraries/l/books/b/authors/x%20y/chapters/7?book.author.fullName=X%20%26%20Y",
    );
    cases.case(
        &S::GET_GLOBAL,
        json!({"name": "global"}),
        rest::GetGlobal { name: "global" }.path(),
        "GET /v1/global/settings",
    );
    cases.case(
        &S::GET_ODD,
        json!({"id": "x"}),
        rest::GetOdd { id: "x" }.path(),
        "GET /v1/caf%C3%A9/a+b/it's;x=1,2&(y)!/~me@home$/-._/%7Bz%7D/x",
    );
    cases.case(&S::GET_STATUS, json!({}), rest::GetStatus.path(), "GET /status");
    cases.case(&S::GET_ITEM, json!({"id": "1"}), rest::GetItem { id: "1" }.path(), "GET /v1/items/1");
    cases.case(&S::GET_LATEST_ITEM, json!({}), rest::GetLatestItem.path(), "GET /v1/items/latest");
}

fn rests(cases: &mut Cases) {
    cases.case(
        &S::READ_FILE,
        json!({"path": "a/b c/%2F.txt"}),
        rest::ReadFile { path: "a/b c/%2F.txt" }.path(),
        "GET /v1/files/a/b%20c/%252F.txt",
    );
    // It may be nothing at all.
    cases.case(&S::READ_FILE, json!({}), rest::ReadFile { path: "" }.path(), "GET /v1/files");
    cases.case(
        &S::READ_TREE,
        json!({"path": "trees/t/blobs/a/b"}),
        rest::ReadTree { path: "trees/t/blobs/a/b" }.path(),
        "GET /v1/trees/t/blobs/a/b",
    );
    cases.case(
        &S::LIST_FILE_VERSIONS,
        json!({"path": "a/versions"}),
        rest::ListFileVersions { path: "a/versions" }.path(),
        "GET /v1/versioned/a/versions/versions",
    );
    // Before other segments, too.
    cases.case(
        &S::LIST_FILE_VERSIONS,
        json!({}),
        rest::ListFileVersions { path: "" }.path(),
        "GET /v1/versioned/versions",
    );
}

fn verbs(cases: &mut Cases) {
    cases.case(
        &S::PURGE_ENTRIES,
        json!({"parent": "projects/p/stores/a/b", "force": true}),
        rest::PurgeEntries { parent: "projects/p/stores/a/b" }.path(),
        r#"POST /v1/projects/p/stores/a/b/entries:purge {"force":true}"#,
    );
    cases.case(
        &S::PURGE_ENTRIES,
        json!({"parent": "projects/p/stores"}),
        rest::PurgeEntries { parent: "projects/p/stores" }.path(),
        "POST /v1/projects/p/stores/entries:purge {}",
    );
    cases.case(
        &S::ARCHIVE_FILE,
        json!({"path": "a/b:archive"}),
        rest::ArchiveFile { path: "a/b:archive" }.path(),
        "POST /v1/archive/a/b%3Aarchive:archive {}",
    );
    cases.case(
        &S::CANCEL_TASK,
        json!({"id": "t", "reason": "none"}),
        rest::CancelTask { id: "t" }.path(),
        r#"POST /v1/tasks/t:cancel {"reason":"none"}"#,
    );
    // Data that looks like a verb is escaped, so that the route of the verb is not taken.
    cases.case(
        &S::RUN_TASK,
        json!({"id": "t:cancel"}),
        rest::RunTask { id: "t:cancel" }.path(),
        "POST /v1/tasks/t%3Acancel {}",
    );
    cases.case(&S::CANCEL_ALL_TASKS, json!({}), rest::CancelAllTasks.path(), "POST /v1/tasks:cancel");
    cases.case(
        &S::UNDELETE_BOOK,
        json!({"name": "shelves/1/books/2"}),
        rest::UndeleteBook { name: "shelves/1/books/2" }.path(),
        "POST /v1/shelves/1/books/2:undelete {}",
    );
}

fn wildcards(cases: &mut Cases) {
    // A message says nothing about a wildcard without a name: only a path builder can fill it.
    assert_eq!(
        rest::FindAnywhere { segment: "any where", id: "t" }.path().unwrap(),
        "/v1/anywhere/any%20where/tasks/t"
    );
    let wildcard = refusal(&S::FIND_ANYWHERE, json!({"id": "t"}));
    assert!(wildcard.contains("/v1/anywhere/*/tasks/{id}") && wildcard.contains("wildcard"), "{wildcard}");
    cases.seen.insert(S::FIND_ANYWHERE.path());
    // The next binding can be filled.
    cases.case(
        &S::FIND_SOMEWHERE,
        json!({"id": "t"}),
        rest::FindSomewhere_ { id: "t" }.path(),
        "GET /v1/somewhere/t",
    );
    assert_eq!(rest::FindSomewhere { segment: "s", id: "t" }.path().unwrap(), "/v1/somewhere/s/tasks/t");
    assert_eq!(rest::FindSomewhere__ { id: "t", rest: "a/b c" }.path().unwrap(), "/v1/elsewhere/t/a/b%20c");
    assert_eq!(rest::FindSomewhere__ { id: "t", rest: "" }.path().unwrap(), "/v1/elsewhere/t");
}

#[test]
fn a_value_that_does_not_match_its_sub_template_is_refused() {
    for name in [
        "",
        "shelves",
        "shelves/",
        "shelves//",
        "shelves/1/2",
        "racks/1",
        "shelves/.",
        "shelves/..",
        "/shelves/1",
    ] {
        let message = refusal(&S::GET_SHELF, json!({"name": name}));
        assert!(message.contains("`name`"), "{name}: {message}");
    }
    for path in ["/", "a//b", "a/", "/a", "a/../b", "a/.", ".."] {
        let message = refusal(&S::READ_FILE, json!({"path": path}));
        assert!(message.contains("`path`"), "{path}: {message}");
    }
    let other = refusal(&S::GET_GLOBAL, json!({"name": "local"}));
    assert!(other.contains("`name`"), "{other}");
}

#[test]
fn a_method_without_a_binding_has_no_request() {
    let message = refusal(&S::NOT_BOUND, json!({"id": "x"}));
    assert!(message.contains("NotBound"), "{message}");
}
