//! What a server serves, against its API.

use lumen_cloud::API;
use rust_sdk_runtime::access::Access;
use rust_sdk_runtime::http::Binding;
use rust_sdk_runtime::http::{Part, Segment};
use rust_sdk_runtime::server::Served;
use rust_sdk_runtime::{Api, Method, Service, template};

use crate::server::NAMES;

#[test]
fn services_both_ways() {
    let all = NAMES.iter().fold(Served::new(), |served, name| served.service(*name));
    assert_eq!(all.check(&API), Ok(()));
    let error = all.clone().service("grpc.health.v1.Health").method("a.B/C").check(&API).unwrap_err();
    assert_eq!(error.not_in_api(), ["grpc.health.v1.Health", "a.B/C"]);
    assert_eq!(
        error.to_string(),
        "the server and its API differ; not in the API: grpc.health.v1.Health, a.B/C"
    );

    let some = NAMES.iter().skip(1).fold(Served::new(), |served, name| served.service(*name));
    let error = some.clone().service("lumen.cloud.account.v1.Accounts").check(&API).unwrap_err();
    assert_eq!(error.not_in_api(), ["lumen.cloud.account.v1.Accounts"]);
    assert_eq!(error.not_served().len(), 6);
    let account = API.services().iter().find(|service| service.name().ends_with("AccountService")).unwrap();
    let rest = account.methods().iter().fold(some, |served, method| served.method(method.full_name()));
    assert_eq!(rest.check(&API), Ok(()));
}

#[test]
fn routes_both_ways() {
    let bindings =
        || API.methods().flat_map(|method| method.bindings().map(move |binding| (method, binding)));
    let route = |served: Served, template: &str, verb| {
        // Variables may have other names.
        let path = template.replace("account_id}", "account}").replace("{greenhouse.account}", "{account}");
        served.route(verb, &path)
    };
    let all = bindings()
        .fold(Served::new(), |served, (_, binding)| route(served, binding.template(), binding.verb()));
    assert_eq!(all.check(&API), Ok(()));
    let error = all.route("GET", "/admin/{*rest}").check(&API).unwrap_err();
    assert_eq!((error.not_served(), error.not_in_api()), (&[][..], &["GET /admin/{*}".to_owned()][..]));

    let less = bindings().skip(1);
    let less =
        less.fold(Served::new(), |served, (_, binding)| route(served, binding.template(), binding.verb()));
    let first = bindings().next().unwrap().0.full_name();
    assert_eq!(less.check(&API).unwrap_err().not_served(), [first]);

    // Templates with more than one segment in a variable.
    let served = shapes::API.methods().fold(Served::new(), |served, method| {
        let mut bindings = method.bindings().peekable();
        if bindings.peek().is_none() {
            return served.method(method.full_name());
        }
        bindings.fold(served, |served, binding| served.route(binding.verb(), binding.template()))
    });
    assert_eq!(served.check(&shapes::API), Ok(()));
}

/// axum's `{*rest}` takes one segment at least, a template's `**` none as well.
#[test]
fn a_rest_of_axum_needs_a_route_without_it() {
    static METHODS: [Method; 3] = [
        Method::unary("/test.S/File").requires(Access::authenticated()).binding(Binding::new(
            "GET",
            "/files/{name=**}",
            FILES,
        )),
        Method::unary("/test.S/All").requires(Access::authenticated()).binding(Binding::new(
            "DELETE",
            "/{name=**}",
            ALL,
        )),
        Method::unary("/test.S/List").requires(Access::authenticated()).delete(template!("/")),
    ];
    static SERVICE: Service = Service::new("test.S", &METHODS);
    static API: Api = Api::new(&[&SERVICE]);
    const FILES: &[Part] = &[Part::Literal("/files/"), Part::Variable("name", &[Segment::Rest])];
    const ALL: &[Part] = &[Part::Literal("/"), Part::Variable("name", &[Segment::Rest])];

    let others = || Served::new().route("DELETE", "/{*rest}").route("DELETE", "/");
    assert_eq!(others().route("GET", "/files/{*rest}").route("GET", "/files").check(&API), Ok(()));
    assert_eq!(others().route("GET", "/files/{name=**}").check(&API), Ok(()));

    let error = others().route("GET", "/files/{*rest}").check(&API).unwrap_err();
    assert_eq!(error.not_served(), ["test.S/File"]);
    assert_eq!((error.missing_routes(), error.not_in_api()), (&["GET /files".to_owned()][..], &[][..]));
    assert!(
        error.to_string().contains("; missing: GET /files (add these routes: `**` may match no segment"),
        "{error}"
    );
    let error = others().route("GET", "/files").check(&API).unwrap_err();
    assert_eq!(
        (error.not_served(), error.not_in_api()),
        (&["test.S/File"][..], &["GET /files".to_owned()][..])
    );
    let error = others().check(&API).unwrap_err();
    assert_eq!((error.not_served(), error.missing_routes()), (&["test.S/File"][..], &[][..]));
    // Another verb's route is none of it.
    let error = others().route("GET", "/files/{*rest}").route("POST", "/files").check(&API).unwrap_err();
    assert_eq!((error.missing_routes().len(), error.not_in_api()), (1, &["POST /files".to_owned()][..]));
}
