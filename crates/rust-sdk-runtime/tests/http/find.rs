//! Which route a path belongs to.

use rust_sdk_runtime::http::Routes;

use crate::routes;

/// The template of the route and its captures, as `template x=1 y=2`.
fn find(routes: &Routes, verb: &str, path: &str) -> Option<String> {
    let found = routes.find(verb, path)?;
    let captures = found.captures().map(|(field, value)| format!(" {field}={value}"));
    Some(found.binding.template().to_owned() + &captures.collect::<String>())
}

#[track_caller]
fn check(templates: &[&'static str], cases: &[(&str, &str)]) {
    let routes = routes(templates);
    for (path, expected) in cases {
        let found = find(&routes, "GET", path);
        assert_eq!(found.as_deref().unwrap_or("none"), *expected, "{path}");
    }
}

#[test]
fn captures_are_read_from_the_path() {
    let routes = routes(&["GET /api/{version}/accounts/{account_id}/clusters/{cluster.id}"]);
    let found = routes.find("GET", "/api/v1/accounts/a%20b/clusters/c").unwrap();
    assert_eq!(found.get("account_id").as_deref(), Some("a b"));
    assert_eq!(found.get("cluster.id").as_deref(), Some("c"));
    assert_eq!(found.get("cluster"), None);
    assert_eq!(found.method.path(), "/test.v1.Test/Call");
    assert_eq!(found.service.name(), "test.v1.Test");
}

#[test]
fn literals_beat_variables_and_one_segment_beats_many() {
    check(
        &[
            "GET /c/{id}",
            "GET /c/suggest-name",
            "GET /c/{rest=**}",
            "GET /c/{id}/x",
            "GET /{any}/y",
            "GET /{r=**}/z",
        ],
        &[
            ("/c/suggest-name", "/c/suggest-name"),
            ("/c/suggest-names", "/c/{id} id=suggest-names"),
            ("/c/a/x", "/c/{id}/x id=a"),
            ("/c/y", "/c/{id} id=y"),
            ("/c/a/b", "/c/{rest=**} rest=a/b"),
            ("/c", "/c/{rest=**} rest="),
            // Back out of `c` where nothing ends, and out of `suggest-name` likewise.
            ("/d/y", "/{any}/y any=d"),
            ("/c/suggest-name/x", "/c/{id}/x id=suggest-name"),
            ("/d/e/z", "/{r=**}/z r=d/e"),
            ("/d/e", "none"),
        ],
    );
}

#[test]
fn literals_of_every_length_are_told_apart() {
    check(
        &[
            "GET /abcd",
            "GET /abce",
            "GET /abcdefgh1234",
            "GET /abcdefgi1234",
            "GET /abcdefghijklmnopq",
            "GET /ab",
        ],
        &[
            ("/abcd", "/abcd"),
            ("/abce", "/abce"),
            ("/abc", "none"),
            ("/ab", "/ab"),
            ("/abcdefgh1234", "/abcdefgh1234"),
            ("/abcdefgi1234", "/abcdefgi1234"),
            ("/abcdefghijklmnopq", "/abcdefghijklmnopq"),
            // The same first and last eight bytes and the same length are not enough.
            ("/abcdefghXjklmnopq", "none"),
        ],
    );
}

#[test]
fn a_rest_may_have_segments_after_it() {
    check(
        &["GET /v1/{p=a/*/stores/**}/entries:purge", "GET /v1/{p=**}/entries", "GET /v1/{p=**}/more/entries"],
        &[
            ("/v1/a/1/stores/x/y/entries:purge", "/v1/{p=a/*/stores/**}/entries:purge p=a/1/stores/x/y"),
            ("/v1/a/1/stores/entries:purge", "/v1/{p=a/*/stores/**}/entries:purge p=a/1/stores"),
            ("/v1/x/entries", "/v1/{p=**}/entries p=x"),
            ("/v1/x/more/entries", "/v1/{p=**}/more/entries p=x"),
            ("/v1/more/entries", "/v1/{p=**}/entries p=more"),
            ("/v1/entries", "/v1/{p=**}/entries p="),
            ("/v1/x//entries", "none"),
            ("/v1//entries", "none"),
        ],
    );
}

#[test]
fn an_empty_rest_before_other_segments_comes_after_every_other_route() {
    check(
        &[
            "GET /v1/{p=**}/{c}",
            "GET /v1/{n=docs/*/**}",
            "GET /{p=**}/raw",
            "GET /{p=**}/v1/raw",
            "GET /{p=**}/raw:go",
        ],
        &[
            // Only the path of the first.
            ("/v1/c", "/v1/{p=**}/{c} p= c=c"),
            ("/v1/a/b/c", "/v1/{p=**}/{c} p=a/b c=c"),
            ("/v1/docs/d", "/v1/{n=docs/*/**} n=docs/d"),
            ("/v1/docs", "/v1/{p=**}/{c} p= c=docs"),
            // A `**` that takes a segment comes first, wherever it is.
            ("/v1/raw", "/{p=**}/raw p=v1"),
            ("/raw", "/{p=**}/raw p="),
            ("/raw:go", "/{p=**}/raw:go p="),
            ("/", "none"),
            ("/v1", "none"),
        ],
    );
    check(
        &["GET /a/{p=**}/b", "GET /{p=**}/a/b", "POST /a/{p=**}/b:go", "POST /a/{id}"],
        &[("/a/b", "/a/{p=**}/b p="), ("/c/a/b", "/{p=**}/a/b p=c")],
    );
    // A route without custom verbs comes first, too.
    let routes = routes(&["POST /a/{p=**}/b:go", "POST /a/{id}"]);
    assert_eq!(find(&routes, "POST", "/a/b:go").unwrap(), "/a/{id} id=b:go");
    assert_eq!(find(&routes, "POST", "/a/c/b:go").unwrap(), "/a/{p=**}/b:go p=c");
}

#[test]
fn a_trailing_rest_may_be_empty() {
    check(
        &["GET /v1/{p=**}", "GET /v2/{p=shelves/**}", "GET /v3/{p=**}:undo"],
        &[
            ("/v1", "/v1/{p=**} p="),
            ("/v1/", "none"),
            ("/v1/a/", "none"),
            ("/v1/a//b", "none"),
            ("/v2/shelves", "/v2/{p=shelves/**} p=shelves"),
            ("/v2/shelves/a/b", "/v2/{p=shelves/**} p=shelves/a/b"),
            ("/v2", "none"),
            ("/v3:undo", "/v3/{p=**}:undo p="),
            ("/v3/a/b:undo", "/v3/{p=**}:undo p=a/b"),
            ("/v3/:undo", "none"),
            ("/v3", "none"),
        ],
    );
    check(
        &["GET /{p=**}", "GET /{p=**}:undo"],
        &[
            ("/", "/{p=**} p="),
            ("/a", "/{p=**} p=a"),
            ("/:undo", "/{p=**}:undo p="),
            ("", "none"),
            ("a", "none"),
            ("//", "none"),
        ],
    );
}

#[test]
fn a_custom_verb_is_one_only_where_a_route_has_it() {
    check(
        &["GET /v1/{x}:undo", "GET /v1/{x}", "GET /v2/{x}", "GET /v1/{x}/{y=**}", "GET /v1/things:list"],
        &[
            ("/v1/a:undo", "/v1/{x}:undo x=a"),
            ("/v1/a:b:undo", "/v1/{x}:undo x=a:b"),
            ("/v1/a:redo", "/v1/{x} x=a:redo"),
            ("/v1/a%3Aundo", "/v1/{x} x=a:undo"),
            ("/v1/a:u%6Edo", "/v1/{x}:undo x=a"),
            ("/v1/a:", "/v1/{x} x=a:"),
            ("/v1/:undo", "/v1/{x} x=:undo"),
            ("/v2/a:undo", "/v2/{x} x=a:undo"),
            ("/v1/a:undo/b", "/v1/{x}/{y=**} x=a:undo y=b"),
            ("/v1/things:list", "/v1/things:list"),
            ("/v1/things", "/v1/{x} x=things"),
            ("/v1/others:list", "/v1/{x} x=others:list"),
        ],
    );
}

#[test]
fn segments_are_decoded_after_splitting() {
    check(
        &["GET /v1/{x}/end", "GET /v1/{x=shelves/*}/{y=**}", "GET /v1/a%20b/{x}", "GET /größe", "GET /p%25"],
        &[
            ("/v1/a%2Fb/end", "/v1/{x}/end x=a/b"),
            ("/v1/shelves/a%2Fb/c%2fd/e%20f", "/v1/{x=shelves/*}/{y=**} x=shelves/a%2Fb y=c%2fd/e f"),
            ("/v1/a%20b/1", "/v1/a%20b/{x} x=1"),
            ("/v1/%61%20b/1", "/v1/a%20b/{x} x=1"),
            ("/v1/x/%65nd", "/v1/{x}/end x=x"),
            ("/%76%31/x/end", "/v1/{x}/end x=x"),
            ("/gr%C3%B6%C3%9Fe", "/größe"),
            ("/größe", "/größe"),
            ("/p%25", "/p%25"),
            ("/p%", "none"),
            ("/v1%2Fx/end", "none"),
        ],
    );
}

#[test]
fn what_cannot_be_a_path_matches_nothing() {
    check(
        &["GET /v1/{x}", "GET /{y=**}", "GET /v1/a/b"],
        &[
            ("/v1/a", "/v1/{x} x=a"),
            ("/v1/%", "none"),
            ("/v1/%f", "none"),
            ("/v1/%zz", "none"),
            ("/v1/%FF", "none"),
            ("/v1/%C3", "none"),
            ("/v1/.", "none"),
            ("/v1/..", "none"),
            ("/v1/%2e%2E", "none"),
            ("/v1/.%2e", "none"),
            ("/v1/../v1", "none"),
            ("/v1/%2e/v1", "none"),
            ("/v1//a", "none"),
            ("/v1/a/", "none"),
            ("//v1/a", "none"),
            ("v1/a", "none"),
            ("/v1/a?b=c", "none"),
            ("/v1/a#b", "none"),
            ("/v1/a%3Fb%23", "/v1/{x} x=a?b#"),
        ],
    );
    check(&["GET /v1/{x}"], &[("/V1/a", "none"), ("/v1", "none"), ("/v1/a/b", "none"), ("/", "none")]);
}

#[test]
fn http_verbs_are_exact_and_a_star_takes_the_rest() {
    let routes = routes(&[
        "GET /v1/{x}",
        "DELETE /v1/{x}",
        "GET /v1/a",
        "* /v2/{x}",
        "GET /v2/{x}",
        "PURGE /v1/{x=**}",
    ]);
    assert_eq!(find(&routes, "DELETE", "/v1/a").unwrap(), "/v1/{x} x=a");
    assert_eq!(find(&routes, "GET", "/v1/a").unwrap(), "/v1/a");
    assert_eq!(find(&routes, "PURGE", "/v1/a").unwrap(), "/v1/{x=**} x=a");
    for verb in ["POST", "get", "HEAD", ""] {
        assert_eq!(find(&routes, verb, "/v1/a"), None, "{verb}");
    }
    assert_eq!(routes.find("GET", "/v2/a").unwrap().binding.verb(), "GET");
    assert_eq!(routes.find("ANYTHING", "/v2/a").unwrap().binding.verb(), "*");
    assert_eq!(routes.allowed("/v1/a").collect::<Vec<_>>(), ["GET", "DELETE", "PURGE"]);
    assert_eq!(routes.allowed("/v1/a/b").collect::<Vec<_>>(), ["PURGE"]);
    assert_eq!(routes.allowed("/v3").count(), 0);
    assert!(routes.allowed("/v2/a").any(|verb| verb == "*"));
}

#[test]
fn of_equal_routes_the_first_stays() {
    let routes = routes(&["GET /v1/{first}", "GET /v1/{second}"]);
    assert_eq!(find(&routes, "GET", "/v1/a").unwrap(), "/v1/{first} first=a");
}

#[test]
fn anonymous_wildcards_match_and_are_not_captured() {
    check(
        &["GET /v1/*/{x}/**"],
        &[("/v1/a/b/c/d", "/v1/*/{x}/** x=b"), ("/v1/a/b", "/v1/*/{x}/** x=b"), ("/v1/a", "none")],
    );
}

#[test]
fn malformed_templates_match_nothing_and_disturb_nothing() {
    check(
        &["GET /v1/%zz", "GET /v1/{x=**}/{y=**}", "GET /v1/{x}"],
        &[("/v1/%zz", "none"), ("/v1/a", "/v1/{x} x=a")],
    );
}

#[test]
fn long_paths_are_cheap() {
    let routes = routes(&["GET /v1/{x}", "GET /v1/{x=**}/end", "GET /v2/{x=**}", "GET /v1/{a}/{b}/{c=**}"]);
    let megabyte = "a/".repeat(500_000);
    assert_eq!(routes.find("GET", &format!("/v2/{megabyte}b")).unwrap().get("x").unwrap().len(), 1_000_001);
    assert!(routes.find("GET", &format!("/v2/{megabyte}")).is_none());
    assert!(routes.find("GET", &"/".repeat(1_000_000)).is_none());
}
