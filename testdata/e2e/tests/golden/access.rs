//! Who may call what, through the generated API, against the facts that another program read out of the descriptors.

use std::collections::BTreeSet;

use lumen_cloud::access::{actors, permissions};
use lumen_cloud::account::v1::{Account, AccountService, UpdateAccountRequest};
use lumen_cloud::billing::v1::{BillingService, RecordUsageRequest, Usage, usage};
use lumen_cloud::greenhouse::v1::{
    CreateGreenhouseRequest, GetGreenhouseRequest, Greenhouse, GreenhouseService, SensorService,
};
use lumen_cloud::iam::v1::{GetAuthenticatedUserRequest, IamService};
use lumen_cloud::platform::v1::{GetRegionLoadRequest, PlatformService};
use lumen_cloud::{API, FILE_DESCRIPTOR_SET};
use prost::Message as _;
use rust_sdk_runtime::Idempotency;
use rust_sdk_runtime::access::{Actor, Permission, Rule};
use rust_sdk_runtime::http::Body;
use serde_json::{Map, Value, json};

fn oracle() -> Map<String, Value> {
    let text = include_str!("../../../oracle/lumen.json");
    let mut facts: Value = serde_json::from_str(text).unwrap();
    match facts["methods"].take() {
        Value::Object(methods) => methods,
        other => panic!("{other}"),
    }
}

#[test]
fn every_method_has_the_access_that_the_api_states() {
    let oracle = oracle();
    assert_eq!(API.methods().count(), oracle.len());
    for (name, facts) in &oracle {
        let method = API.method(&format!("/{name}")).unwrap_or_else(|| panic!("{name}"));
        assert_eq!(method.full_name(), name);
        let access = method.access();
        let (state, require) = match access.rule() {
            Rule::Public => ("public", "all"),
            Rule::Authenticated => ("authenticated", "all"),
            Rule::All(_) => ("permissions", "all"),
            Rule::Any(_) => ("permissions", "any"),
            Rule::Denied => ("unstated", "all"),
        };
        let seen = json!({
            "state": state,
            "require": require,
            "permissions": access.permissions(),
            "actors": access.actors(),
            "scope": access.scope(),
            "deprecated": method.is_deprecated(),
        });
        for (fact, value) in seen.as_object().unwrap() {
            assert_eq!(*value, facts[fact], "{fact} of {name}");
        }
    }
}

#[test]
fn every_method_has_the_routes_that_the_api_states() {
    for (name, facts) in oracle() {
        let method = API.method_by_name(&name).unwrap();
        let bindings = method.bindings().map(|binding| {
            let body = match binding.request_body() {
                Body::None => None,
                Body::All => Some("*"),
                Body::Field(field) => Some(field),
            };
            (binding.verb(), binding.template(), body)
        });
        let stated = facts["bindings"].as_array().unwrap();
        let stated: Vec<_> = stated
            .iter()
            .map(|fact| {
                (fact["verb"].as_str().unwrap(), fact["path"].as_str().unwrap(), fact["body"].as_str())
            })
            .collect();
        assert_eq!(bindings.collect::<Vec<_>>(), stated, "{name}");
        let route = API.routes().allowed(&stated[0].1.replace(['{', '}'], "")).collect::<Vec<_>>();
        assert!(route.contains(&stated[0].0), "{name}: {route:?}");
    }
}

#[test]
fn services_know_their_version_and_their_methods() {
    let oracle = oracle();
    for service in API.services() {
        for method in service.methods() {
            assert_eq!(method.full_name(), format!("{}/{}", service.name(), method.name()));
            assert_eq!(
                service.api_version(),
                oracle[method.full_name()]["api_version"].as_str(),
                "{}",
                service.name()
            );
        }
    }
    assert_eq!(GreenhouseService::SERVICE.api_version(), Some("1.12.0"));
}

#[test]
fn look_ups_agree_and_do_not_know_the_unknown() {
    let constant = GreenhouseService::GET_GREENHOUSE.method();
    let path = "/lumen.cloud.greenhouse.v1.GreenhouseService/GetGreenhouse";
    assert!(std::ptr::eq(API.method(path).unwrap(), constant));
    assert!(std::ptr::eq(API.method_by_name(&path[1..]).unwrap(), constant));
    let route = API.route("GET", "/api/greenhouse/v1/accounts/a/greenhouses/g").unwrap();
    assert!(std::ptr::eq(route.method, constant));
    assert!(std::ptr::eq(route.service, GreenhouseService::SERVICE));
    // The account of a request, without decoding any message.
    assert_eq!(route.get(route.method.access().scope().unwrap()).as_deref(), Some("a"));

    for unknown in [
        "",
        "/",
        "lumen.cloud.greenhouse.v1.GreenhouseService/GetGreenhouse",
        "//lumen.cloud.greenhouse.v1.GreenhouseService/GetGreenhouse",
        "/lumen.cloud.greenhouse.v1.GreenhouseService/GetGreenhouse/",
        "/lumen.cloud.greenhouse.v1.GreenhouseService/getGreenhouse",
        "/lumen.cloud.greenhouse.v1.GreenhouseService/",
        "/lumen.cloud.greenhouse.v1.GreenhouseService",
        "/lumen.cloud.greenhouse.v2.GreenhouseService/GetGreenhouse",
    ] {
        assert!(API.method(unknown).is_none(), "{unknown}");
    }
    assert!(API.method_by_name(path).is_none());
    assert!(API.method_by_name("").is_none());
}

#[test]
fn every_method_is_found_and_every_one_just_beside_it_is_not() {
    for api in [&API, &shapes::API] {
        for method in api.methods() {
            assert!(std::ptr::eq(api.method(method.path()).unwrap(), method));
            assert!(api.method(&format!("{}x", method.path())).is_none());
            // One name may begin another: `Get`, `GetSelf`.
            let shorter = &method.path()[..method.path().len() - 1];
            assert!(api.method(shorter).is_none_or(|other| other.path() == shorter));
        }
    }
}

#[test]
fn the_scope_is_read_from_the_message() {
    let request = GetGreenhouseRequest { account_id: "a".into(), greenhouse_id: "g".into() };
    assert_eq!(GreenhouseService::GET_GREENHOUSE.scope_of(&request), Some("a"));
    // Nested, with and without the message around it.
    let mut create = CreateGreenhouseRequest::default();
    assert_eq!(GreenhouseService::CREATE_GREENHOUSE.scope_of(&create), None);
    create.greenhouse = Some(Greenhouse { account_id: "b".into(), ..Greenhouse::default() });
    assert_eq!(GreenhouseService::CREATE_GREENHOUSE.scope_of(&create), Some("b"));
    // A field of another name, and one two messages down.
    let update = UpdateAccountRequest {
        account: Some(Account { id: "c".into(), ..Account::default() }),
        update_mask: None,
    };
    assert_eq!(AccountService::UPDATE_ACCOUNT.scope_of(&update), Some("c"));
    let owner = usage::Owner { account_id: "d".into(), greenhouse_id: None };
    let mut record = RecordUsageRequest { usage: Some(Usage { owner: Some(owner), ..Usage::default() }) };
    assert_eq!(BillingService::RECORD_USAGE.scope_of(&record), Some("d"));
    record.usage = Some(Usage::default());
    assert_eq!(BillingService::RECORD_USAGE.scope_of(&record), None);
    // No scope at all; and a scope on a public method.
    assert_eq!(IamService::GET_AUTHENTICATED_USER.scope_of(&GetAuthenticatedUserRequest {}), None);
    let load = GetRegionLoadRequest { account_id: "e".into(), region_id: "r".into() };
    assert_eq!(PlatformService::GET_REGION_LOAD.scope_of(&load), Some("e"));
    assert_eq!(PlatformService::GET_REGION_LOAD.access().rule(), Rule::Public);
}

#[test]
fn the_constants_are_the_names_that_the_methods_use() {
    let used: BTreeSet<_> = API.methods().flat_map(|method| method.access().permissions()).copied().collect();
    let constants: Vec<_> = permissions::ALL.iter().map(Permission::as_str).collect();
    assert_eq!(constants, used.into_iter().collect::<Vec<_>>(), "sorted, each one once");
    let used: BTreeSet<_> = API.methods().flat_map(|method| method.access().actors()).copied().collect();
    let constants: Vec<_> = actors::ALL.iter().map(Actor::as_str).collect();
    assert_eq!(constants, used.into_iter().collect::<Vec<_>>());

    assert_eq!(permissions::READ_GREENHOUSES, "read:greenhouses");
    assert_eq!(
        (permissions::WRITE_CONTROLLER_KEYS.verb(), permissions::READ_KEYS.resource()),
        ("write", Some("keys"))
    );
    assert_eq!(actors::ACTOR_TYPE_USER, "ACTOR_TYPE_USER");
    assert_eq!("write:tunnels".parse::<Permission>().unwrap().as_str(), "write:tunnels", "names are open");
}

#[test]
fn the_table_is_known_when_a_program_is_compiled() {
    const RULE: Rule = SensorService::LIST_SENSORS.method().access().rule();
    const ACTORS: &[&str] = SensorService::CALIBRATE_SENSOR.method().access().actors();
    assert_eq!(RULE, Rule::Any(&["read:greenhouses", "read:sensors"]));
    assert_eq!(ACTORS, ["ACTOR_TYPE_MANAGEMENT_KEY", "ACTOR_TYPE_SERVICE_ACCOUNT"]);
}

#[test]
fn idempotency_is_stated_or_follows_from_the_verb() {
    let level = |path: &str| {
        let method = API.method(path).or_else(|| shapes::API.method(path));
        method.unwrap().idempotency_level()
    };
    assert_eq!(level("/lumen.cloud.greenhouse.v1.GreenhouseService/GetGreenhouse"), Idempotency::Safe);
    assert_eq!(
        level("/lumen.cloud.greenhouse.v1.GreenhouseService/DeleteGreenhouse"),
        Idempotency::Idempotent
    );
    assert_eq!(level("/lumen.cloud.greenhouse.v1.GreenhouseService/CreateGreenhouse"), Idempotency::Unknown);
    assert_eq!(level("/shapes.streaming.v1.StreamingService/Ask"), Idempotency::Safe);
    assert_eq!(level("/shapes.streaming.v1.StreamingService/Collect"), Idempotency::Unknown);
}

#[test]
fn the_descriptor_set_for_reflection_holds_every_method() {
    let set = prost_types::FileDescriptorSet::decode(FILE_DESCRIPTOR_SET).unwrap();
    let mut known = BTreeSet::new();
    for file in &set.file {
        for service in &file.service {
            for method in &service.method {
                known.insert(format!("{}.{}/{}", file.package(), service.name(), method.name()));
            }
        }
    }
    for method in API.methods() {
        assert!(known.contains(method.full_name()), "{}", method.full_name());
    }
}
