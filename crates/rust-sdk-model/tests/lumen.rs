//! The lumen API's model is what its hand-written oracle says.

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use rust_sdk_model::Api;
use rust_sdk_model::api::{Method, OptionType, OptionValue, Service};
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

    // Sorted: serde_json keeps the file's order where another crate of the build asks for that.
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

/// What a reader of a change would want to see of a service.
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
        let _ = writeln!(out, "  docs {:?}", method.docs);
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
        for option in &method.custom_options {
            let _ = writeln!(out, "  {} = {:?}", option.field, option.value);
        }
    }
    out
}

fn method<'a>(api: &'a Api, name: &str) -> &'a Method {
    api.methods().find(|(_, _, method)| method.name == name).unwrap().2
}

fn text(value: &str) -> OptionValue {
    OptionValue::Text(value.to_owned())
}

fn pairs(pairs: &[(&str, &str)]) -> OptionValue {
    OptionValue::Map(pairs.iter().map(|(key, value)| (text(key), text(value))).collect())
}

fn message(rust: &str, fields: &[(&str, OptionValue)]) -> OptionValue {
    let fields = fields.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
    OptionValue::Message(rust.to_owned(), fields)
}

#[test]
fn custom_options_keep_their_values() {
    let api = common::api("lumen");
    let options = |name: &str| -> Vec<(String, OptionValue)> {
        let options = &method(&api, name).custom_options;
        options.iter().map(|option| (option.field.clone(), option.value.clone())).collect()
    };
    let log = |name: &str, field: &str| {
        message("LogField", &[("name", text(name)), ("field_expression", text(field))])
    };
    let some = |value| OptionValue::Optional(Some(Box::new(value)));
    let event = |kind: &str, id: &str, url: &str, context: &[(&str, &str)]| {
        some(message(
            "EventOptions",
            &[
                ("event_type", OptionValue::Enum("EventType".to_owned(), kind.to_owned())),
                ("resource_type", text("greenhouse")),
                ("resource_id_field", text(id)),
                ("resource_url_template", text(url)),
                ("action_type", OptionValue::Optional(None)),
                ("additional_context_fields", pairs(context)),
            ],
        ))
    };
    // Sorted by the options' full names; a map by its keys, whatever the file's order.
    assert_eq!(
        options("CreateGreenhouse"),
        [
            (
                "log_fields".to_owned(),
                OptionValue::List(vec![
                    log("greenhouse_name", "greenhouse.name"),
                    log("region_id", "greenhouse.region_id")
                ])
            ),
            (
                "event_options".to_owned(),
                event(
                    "Created",
                    "resp.greenhouse.id",
                    "/accounts/{req.greenhouse.account_id}/greenhouses/{resp.greenhouse.id}",
                    &[("greenhouse_name", "req.greenhouse.name"), ("region_id", "req.greenhouse.region_id")]
                )
            ),
        ]
    );
    let source = options("UpdateGreenhouse").into_iter().find(|(field, _)| field == "patch_source");
    assert_eq!(
        source.unwrap().1,
        some(message(
            "PatchSource",
            &[
                ("get_method", text("/lumen.cloud.greenhouse.v1.GreenhouseService/GetGreenhouse")),
                (
                    "field_mapping",
                    pairs(&[("account_id", "greenhouse.account_id"), ("greenhouse_id", "greenhouse.id")])
                ),
                ("response_resource_field", text("greenhouse")),
                ("request_resource_field", text("greenhouse")),
            ]
        ))
    );
}

#[test]
fn custom_options_keep_their_types() {
    let types = common::api("lumen").option_types;
    let names = |fields: &[rust_sdk_model::api::OptionField]| -> Vec<(String, OptionType)> {
        fields.iter().map(|field| (field.name.clone(), field.ty.clone())).collect()
    };
    let string = || OptionType::Scalar("&'static str");
    let of = |name: &str| types.messages.iter().find(|message| message.rust == name).unwrap();
    assert_eq!(
        names(&types.method),
        [
            ("log_fields".to_owned(), OptionType::List(Box::new(OptionType::Message("LogField".to_owned())))),
            ("max_message_size".to_owned(), OptionType::Optional(Box::new(OptionType::Scalar("i32")))),
            (
                "patch_source".to_owned(),
                OptionType::Optional(Box::new(OptionType::Message("PatchSource".to_owned())))
            ),
            (
                "event_options".to_owned(),
                OptionType::Optional(Box::new(OptionType::Message("EventOptions".to_owned())))
            ),
        ]
    );
    let mapping = OptionType::Map(Box::new(string()), Box::new(string()));
    assert!(names(&of("PatchSource").fields).contains(&("field_mapping".to_owned(), mapping)));
    let event = names(&of("EventOptions").fields);
    assert!(event.contains(&("event_type".to_owned(), OptionType::Enum("EventType".to_owned()))));
    assert_eq!(of("LogField").docs, ["One field in the log of a call."]);
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
    // google.api.field_behavior, whose other values are no demand
    assert_eq!(required("lumen.cloud.account.v1", "GetAccountRequest"), ["account_id"]);
    // What absence means is refused.
    assert_eq!(required("lumen.cloud.account.v1", "Account"), ["name", "owner_email"]);
}
