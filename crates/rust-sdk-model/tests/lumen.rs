//! The lumen API's model agrees with its hand-written oracle.

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use rust_sdk_model::api::{Event, EventKind, Method, MethodRef, PatchSource, Service};
use rust_sdk_model::{Api, Options};
use serde_json::{Value, json};

fn facts(service: &Service, method: &Method) -> Value {
    let bindings: Vec<Value> = method
        .bindings
        .iter()
        .map(|binding| {
            json!({
                "verb": binding.verb,
                "path": binding.text,
                "body": binding.body.as_str(),
                "path_params": binding.slots.iter().map(|slot| slot.field.clone()).collect::<Vec<_>>(),
                "query_params": binding.query,
            })
        })
        .collect();
    json!({
        "state": method.access.state.as_str(),
        "permissions": method.access.permissions,
        "require": method.access.require.as_str(),
        "scope": method.access.scope.as_ref().map(|scope| scope.text.clone()),
        "actors": method.access.actors,
        "bindings": bindings,
        "api_version": service.api_version,
        "deprecated": method.deprecated,
    })
}

#[test]
fn every_fact_of_the_oracle_holds() {
    let oracle = std::fs::read_to_string(common::testdata().join("oracle/lumen.json")).unwrap();
    let oracle: Value = serde_json::from_str(&oracle).unwrap();
    let expected = oracle["methods"].as_object().unwrap();

    let api = common::api("lumen");
    let found: BTreeMap<String, Value> = api
        .methods()
        .map(|(_, service, method)| (method.full_name.clone(), facts(service, method)))
        .collect();

    // Sorted: serde_json keeps the file's order if another crate of the build asks for that.
    assert_eq!(found.keys().collect::<BTreeSet<_>>(), expected.keys().collect::<BTreeSet<_>>());
    assert_eq!(found.len(), 53);
    for (name, expected) in expected {
        assert_eq!(&found[name], expected, "{name}");
    }
}

#[test]
fn the_sensor_service_looks_like_this() {
    let api = common::api("lumen");
    let (_, service) = api.services().find(|(_, service)| service.name == "SensorService").unwrap();
    insta::assert_snapshot!(dump(service));
}

/// The parts of a service that a reviewer of a change needs.
fn dump(service: &Service) -> String {
    let mut out = String::new();
    let version = service.api_version.as_deref().unwrap_or("-");
    let _ = writeln!(
        out,
        "{} mod {} struct {} client {} version {version}",
        service.full_name, service.module, service.marker, service.client
    );
    for method in &service.methods {
        let _ = writeln!(out, "\n{} fn {} const {}", method.full_name, method.function, method.constant);
        let _ = writeln!(out, "  {:?} -> {:?}", method.input.rust, method.output.rust);
        let _ = writeln!(out, "  docs {:?}", method.docs.lines);
        let access = &method.access;
        let _ = writeln!(
            out,
            "  {:?} {:?} {:?} by {:?}",
            access.state, access.require, access.permissions, access.actors
        );
        if let Some(scope) = &access.scope {
            let _ = writeln!(out, "  scope {} {:?}", scope.text, scope.steps);
        }
        for binding in &method.bindings {
            let _ = writeln!(
                out,
                "  {} {} {} body {:?}",
                binding.builder, binding.verb, binding.template, binding.body
            );
            for slot in &binding.slots {
                let _ = writeln!(out, "    {}: {:?} from {:?}", slot.name, slot.kind, slot.field);
            }
            let _ = writeln!(out, "    query {:?}", binding.query);
        }
        let _ = writeln!(out, "  {:?}", method.idempotency);
        if let Some(pages) = &method.pagination {
            let _ = writeln!(out, "  {pages:?}");
        }
        for field in &method.log_fields {
            let _ = writeln!(out, "  logs {} as {}", field.path, field.name);
        }
        if let Some(source) = &method.patch_source {
            let _ = writeln!(out, "  {source:?}");
        }
        if let Some(event) = &method.event {
            let _ = writeln!(out, "  {event:?}");
        }
    }
    out
}

fn method<'a>(api: &'a Api, name: &str) -> &'a Method {
    api.methods().find(|(_, _, method)| method.name == name).unwrap().2
}

fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
}

#[test]
fn well_known_options_are_read() {
    let api = common::api("lumen");
    let create = method(&api, "CreateGreenhouse");
    let logs: Vec<(&str, &str)> =
        create.log_fields.iter().map(|field| (field.name.as_str(), field.path.as_str())).collect();
    assert_eq!(logs, [("greenhouse_name", "greenhouse.name"), ("region_id", "greenhouse.region_id")]);
    // A map is sorted by key, not in the file's order.
    let event = Event {
        kind: EventKind::Created,
        resource_type: "greenhouse".to_owned(),
        resource_id: "resp.greenhouse.id".to_owned(),
        resource_url: "/accounts/{req.greenhouse.account_id}/greenhouses/{resp.greenhouse.id}".to_owned(),
        context: pairs(&[
            ("greenhouse_name", "req.greenhouse.name"),
            ("region_id", "req.greenhouse.region_id"),
        ]),
        status_only: false,
    };
    assert_eq!(create.event.as_ref(), Some(&event));
    assert_eq!((create.max_message_mb, &create.patch_source), (None, &None));

    let source = PatchSource {
        get: MethodRef { service: "lumen.cloud.greenhouse.v1.GreenhouseService".to_owned(), index: 1 },
        request_field: "greenhouse".to_owned(),
        response_field: "greenhouse".to_owned(),
        mapping: pairs(&[("account_id", "greenhouse.account_id"), ("greenhouse_id", "greenhouse.id")]),
    };
    assert_eq!(method(&api, "UpdateGreenhouse").patch_source.as_ref(), Some(&source));
    let restart = method(&api, "RestartGreenhouse").event.as_ref().unwrap();
    assert_eq!(restart.kind, EventKind::Action("restart".to_owned()));
    assert_eq!(method(&api, "UploadPlan").max_message_mb, Some(32));

    // Each is reported once.
    assert!(api.methods().all(|(_, _, method)| method.custom_options.is_empty()));
    assert_eq!(api.option_types, rust_sdk_model::api::OptionTypes::default());
}

#[test]
fn well_known_options_can_be_left_to_the_api() {
    let request =
        common::request(&["proto"], &["lumen/cloud/greenhouse/v1/greenhouse.proto"].map(str::to_owned));
    let options = |parameter: &str| Options::parse(parameter).unwrap();
    let api = Api::build(&request, options("event_option=-")).unwrap();
    let create = method(&api, "CreateGreenhouse");
    assert_eq!(create.event, None);
    assert_eq!(create.custom_options[0].full_name, "lumen.cloud.event.v1.event_options");

    let unknown =
        Api::build(&request, options("event_option=lumen.cloud.event.v1.event_option")).unwrap_err();
    assert_eq!(
        unknown.to_string(),
        "error[plugin-option]: `lumen.cloud.event.v1.event_option` is not an extension of \
         `google.protobuf.MethodOptions` in this request\n  \
         help: did you mean `event_option=lumen.cloud.event.v1.event_options`?"
    );
    let other = Api::build(&request, options("event_option=lumen.cloud.common.v1.log_fields")).unwrap_err();
    assert!(other.to_string().contains("error[option-type]: lumen.cloud.common.v1.log_fields"), "{other}");
}

#[test]
fn pages_are_found_by_their_shape() {
    let api = common::api("lumen");
    let found: Vec<String> = api
        .methods()
        .filter_map(|(_, _, method)| {
            let pages = method.pagination.as_ref()?;
            Some(format!(
                "{} {} {}",
                method.name,
                pages.items.name,
                pages.total_size.as_deref().unwrap_or("-")
            ))
        })
        .collect();
    insta::assert_snapshot!(found.join("\n"));
}

#[test]
fn fields_are_required_by_any_option() {
    let api = common::api("lumen");
    let required = |package: &str, message: &str| -> Vec<String> {
        let messages = &api.package(package).unwrap().messages;
        let message =
            messages.iter().find(|found| found.full_name == format!("{package}.{message}")).unwrap();
        message.fields.iter().filter(|field| field.required).map(|field| field.name.clone()).collect()
    };
    // buf.validate.field
    assert_eq!(required("lumen.cloud.key.v1", "CreateKeyRequest"), ["key"]);
    // google.api.field_behavior; its other values require nothing
    assert_eq!(required("lumen.cloud.account.v1", "GetAccountRequest"), ["account_id"]);
    // The zero value is rejected.
    assert_eq!(required("lumen.cloud.account.v1", "Account"), ["name", "owner_email"]);
}
