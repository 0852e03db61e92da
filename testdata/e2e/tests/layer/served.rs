//! What a server serves, against its API.

use lumen_cloud::API;
use rust_sdk_runtime::server::Served;

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
