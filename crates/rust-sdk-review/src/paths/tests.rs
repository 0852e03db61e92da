use rust_sdk_runtime::http::{Binding, Part as RuntimePart, Routes, Segment as RuntimeSegment};
use rust_sdk_runtime::method::{Method, Service};

use rust_sdk_model::template::{Segment, Wildcard};

use super::*;

fn reached(
    routes: &[(&'static str, &'static str, &'static str)],
    a: usize,
    b: usize,
) -> Vec<(String, &'static str)> {
    let routes: Vec<Route<'static>> =
        routes.iter().map(|(method, verb, path)| Route::new(method, verb, path).unwrap()).collect();
    let (a, b) = (routes[a].clone(), routes[b].clone());
    let all = Router::new(routes);
    let verb = verb_of_both(&a, &b);
    let found = a.overlaps(&b);
    let is_near = all.near(&a).iter().any(|index| all.routes()[*index].path == b.path);
    assert!(found.is_empty() || is_near, "{a:?} {b:?}");
    found
        .into_iter()
        .map(|example| (example.shown.clone(), all.find(verb, &example).unwrap().method))
        .collect()
}

#[test]
fn the_more_specific_route_is_reached() {
    let get = "GET";
    for (routes, expected) in [
        (
            vec![("Get", get, "/v1/items/{id}"), ("Suggest", get, "/v1/items/suggest")],
            vec![("/v1/items/suggest", "Suggest")],
        ),
        (vec![("Get", get, "/v1/items/{id}"), ("Other", get, "/v2/items/suggest")], vec![]),
        (vec![("Get", get, "/v1/items/{id}"), ("Post", "POST", "/v1/items/suggest")], vec![]),
        (
            vec![("Get", get, "/v1/items/{id}"), ("Any", "*", "/v1/items/suggest")],
            vec![("/v1/items/suggest", "Any")],
        ),
        (
            vec![("Get", get, "/v1/items/{id}"), ("Any", "*", "/v1/items/{other}")],
            vec![("/v1/items/*", "Get")],
        ),
        (vec![("A", get, "/{a}/x"), ("B", get, "/y/{b}")], vec![("/y/x", "B")]),
        (vec![("Get", get, "/v1/{id}"), ("Go", get, "/v1/{id}:go")], vec![("/v1/*:go", "Go")]),
        (vec![("Get", get, "/v1/a%62"), ("Go", get, "/v1/ab")], vec![("/v1/ab", "Get")]),
        (vec![("File", get, "/f/{path=**}"), ("One", get, "/f/{name}")], vec![("/f/*", "One")]),
        (
            vec![("File", get, "/f/{path=**}"), ("Tail", get, "/f/{path=**}/raw")],
            vec![("/f/raw", "File"), ("/f/*/raw", "Tail"), ("/f/*/*/raw", "Tail")],
        ),
        (vec![("Tail", get, "/f/{path=**}/raw"), ("One", get, "/f/{name}")], vec![("/f/raw", "One")]),
    ] {
        let expected: Vec<(String, &str)> =
            expected.into_iter().map(|(path, method)| (path.to_owned(), method)).collect();
        assert_eq!(reached(&routes, 0, 1), expected, "{routes:?}");
        let mut turned = reached(&routes, 1, 0);
        turned.sort();
        assert_eq!(turned.len(), expected.len(), "{routes:?}");
    }
}

/// A template as in generated code.
fn parts(template: &str) -> &'static [RuntimePart] {
    let template = Template::parse(template).unwrap();
    let wildcard = |kind: &Wildcard| match kind {
        Wildcard::One => RuntimeSegment::Any,
        Wildcard::Rest => RuntimeSegment::Rest,
    };
    let mut parts = Vec::new();
    for segment in &template.segments {
        parts.push(RuntimePart::Literal("/"));
        parts.push(match segment {
            Segment::Literal(text) => RuntimePart::Literal(text.clone().leak()),
            Segment::Wildcard(kind) => RuntimePart::Wildcard(wildcard(kind)),
            Segment::Variable { .. } => unreachable!("no variables here"),
        });
    }
    parts.extend(template.verb.map(|verb| RuntimePart::Literal(format!(":{verb}").leak())));
    parts.leak()
}

/// The search finds all overlapping routes.
fn near_routes_are_all_that_overlap(router: &Router<'_>) {
    for a in router.routes() {
        let near = router.near(a);
        for (index, b) in router.routes().iter().enumerate() {
            assert!(near.contains(&index) || a.overlaps(b).is_empty(), "{a:?} {b:?}");
        }
    }
}

/// The router of servers, which reads generated tables, finds the same route for each path.
#[test]
fn the_runtime_reaches_the_same_route() {
    let mut templates = vec![String::new()];
    let mut all = Vec::new();
    for _ in 0..3 {
        let longer = |path: &String| ["a", "b", "*", "**"].map(|segment| format!("{path}/{segment}"));
        templates = templates.iter().flat_map(longer).filter(|path| Template::parse(path).is_ok()).collect();
        all.extend(templates.iter().flat_map(|path| [path.clone(), format!("{path}:go")]));
    }
    let names = ["a", "b", "c", "a:go", "c:go"];
    let mut paths: Vec<Vec<&str>> = vec![Vec::new()];
    let mut longest = paths.clone();
    for _ in 0..4 {
        longest = longest
            .iter()
            .flat_map(|path| names.map(|name| path.iter().copied().chain([name]).collect()))
            .collect();
        paths.extend(longest.iter().cloned());
    }
    // Colons only begin a verb at the end.
    paths.retain(|path| path.iter().rev().skip(1).all(|segment| !segment.contains(':')) && !path.is_empty());
    let mut number = 0x9e37_79b9_7f4a_7c15_u64;
    let mut random = |below: usize| {
        number ^= number << 13;
        number ^= number >> 7;
        number ^= number << 17;
        usize::try_from(number % below as u64).unwrap()
    };
    for _ in 0..400 {
        let mut table: Vec<(&str, &str)> = Vec::new();
        for _ in 0..=random(6) {
            let route = (["GET", "GET", "*", "PUT"][random(4)], all[random(all.len())].as_str());
            if !table.contains(&route) {
                table.push(route);
            }
        }
        let methods: Vec<Method> = table
            .iter()
            .map(|(verb, path)| {
                let (verb, text) = ((*verb).to_owned().leak(), (*path).to_owned().leak());
                Method::unary("/test.v1.Test/Call").binding(Binding::new(verb, text, parts(path)))
            })
            .collect();
        let service: &'static Service = Box::leak(Box::new(Service::new("test.v1.Test", methods.leak())));
        let runtime = Routes::new(vec![service].leak());
        let ours: Vec<Route<'_>> =
            table.iter().map(|(verb, path)| Route::new("x", verb, path).unwrap()).collect();
        let ours = Router::new(ours);
        near_routes_are_all_that_overlap(&ours);
        for path in &paths {
            let shown = format!("/{}", path.join("/"));
            let segments = path.iter().map(|segment| (*segment).to_owned()).collect();
            let example = Example { segments, shown: shown.clone() };
            let expected =
                runtime.find("GET", &shown).map(|found| (found.binding.verb(), found.binding.template()));
            let found = ours.find("GET", &example).map(|route| (route.verb, route.path));
            assert_eq!(found, expected, "{shown} in {table:?}");
        }
    }
}
