//! Options that may state access but are not read: they are reported, with the settings that would read them.

mod common;

use rust_sdk_model::{Api, Code, Options, Severity};

const HEAD: &str = r#"syntax = "proto3";
package acme.v1;
import "google/api/annotations.proto";
import "google/protobuf/descriptor.proto";
import "lumen/cloud/common/v1/common.proto";
enum Level { LEVEL_UNSPECIFIED = 0; LEVEL_PUBLIC = 1; LEVEL_LOGIN = 2; LEVEL_OWNER = 3; }
message Who { repeated string scopes = 1; bool open = 2; int32 weight = 3; repeated Who others = 4; Level level = 5; Who inner = 6; }
message Marker {}
message Numbers { int32 qps = 1; }
extend google.protobuf.MethodOptions {
  repeated string scopes = 61001;
  bool open = 61002;
  string tenant = 61003;
  Level level = 61004;
  repeated Level levels = 61005;
  Who rule = 61006;
  repeated Who rules = 61007;
  Marker marker = 61008;
  Numbers numbers = 61009;
  int32 quota = 61010;
  string audit_event = 61011;
}
message R { string account_id = 1; string id = 2; }
"#;

/// An API of methods with these options.
fn lenient(settings: &str, methods: &[&str]) -> Api {
    let service = |(index, options): (usize, &&str)| {
        format!("service S{index} {{ rpc M{index}(R) returns (R) {{ {options} }} }}\n")
    };
    let services: String = methods.iter().enumerate().map(service).collect();
    let mut source = format!("{HEAD}{services}");
    // No import of the usual access options, unless an option needs it.
    if !methods.iter().any(|options| options.contains("common.v1")) {
        source = source.replace("import \"lumen/cloud/common/v1/common.proto\";\n", "");
    }
    let settings = Options::parse(settings).unwrap();
    Api::build_lenient(&common::request_of_source(&source), settings)
        .unwrap_or_else(|problems| panic!("{problems}"))
}

fn warning(api: &Api) -> Option<String> {
    let mut found = api.warnings.iter().filter(|problem| problem.code == Code::AccessUnread);
    let first = found.next()?;
    assert!(found.next().is_none(), "it is told once");
    assert_eq!(first.severity, Severity::Warning);
    assert!(first.position.as_ref().unwrap().line > 0);
    Some(first.to_string())
}

fn settings(options: &str) -> Vec<(String, Option<String>)> {
    let api = lenient("", &[options]);
    assert_eq!(warning(&api).is_some(), !api.unread_options.is_empty());
    assert!(!api.states_access);
    api.unread_options.into_iter().map(|option| (option.name, option.setting)).collect()
}

#[test]
fn every_kind_of_option_is_reported_with_a_setting() {
    let rule = "acme.v1.rule";
    for (options, expected) in [
        ("option (scopes) = \"a\";", vec![("acme.v1.scopes", "permissions_option=acme.v1.scopes")]),
        ("option (open) = true;", vec![("acme.v1.open", "mode_option=acme.v1.open:true=public")]),
        ("option (tenant) = \"id\";", vec![("acme.v1.tenant", "account_option=acme.v1.tenant")]),
        // By its value, which names a field of the request.
        (
            "option (audit_event) = \"id\";",
            vec![("acme.v1.audit_event", "account_option=acme.v1.audit_event")],
        ),
        (
            "option (audit_event) = \"e\";",
            vec![("acme.v1.audit_event", "permissions_option=acme.v1.audit_event")],
        ),
        (
            "option (level) = LEVEL_OWNER;",
            vec![(
                "acme.v1.level",
                "mode_option=acme.v1.level:LEVEL_PUBLIC=public;LEVEL_LOGIN=authenticated;LEVEL_OWNER=custom",
            )],
        ),
        ("option (levels) = LEVEL_OWNER;", vec![("acme.v1.levels", "permissions_option=acme.v1.levels")]),
        (
            "option (rule) = {scopes: [\"a\"], inner: {open: true, weight: 3}};",
            vec![
                ("acme.v1.rule#inner.open", "mode_option=acme.v1.rule#inner.open:true=public"),
                ("acme.v1.rule#scopes", "permissions_option=acme.v1.rule#scopes"),
            ],
        ),
        // Options that no setting can read are reported, too.
        ("option (rule) = {};", vec![(rule, "")]),
        ("option (marker) = {};", vec![("acme.v1.marker", "")]),
        ("option (rules) = {open: true};", vec![("acme.v1.rules", "")]),
        // Numbers and options of others say nothing about callers.
        ("option (quota) = 3; option (numbers) = {qps: 1};", vec![]),
        ("option deprecated = true; option (google.api.http) = {get: \"/v1/x\"};", vec![]),
        ("", vec![]),
    ] {
        let expected: Vec<(String, Option<String>)> = expected
            .into_iter()
            .map(|(name, setting)| (name.to_owned(), Some(setting.to_owned()).filter(|it| !it.is_empty())))
            .collect();
        assert_eq!(settings(options), expected, "{options}");
    }
}

/// A suggestion is copied unchanged: each must be accepted, and must read the option.
#[test]
fn suggestions_are_taken_and_read_the_option() {
    let all = "option (scopes) = \"a\"; option (open) = false; option (tenant) = \"id\"; option (level) = LEVEL_OWNER;
        option (levels) = LEVEL_OWNER; option (rule) = {scopes: [\"a\"], level: LEVEL_LOGIN};";
    let suggested: Vec<String> =
        lenient("", &[all]).unread_options.into_iter().filter_map(|option| option.setting).collect();
    assert_eq!(suggested.len(), 7);
    for setting in suggested {
        let api = lenient(&setting, &[all]);
        let option = setting.split(['=', ':']).nth(1).unwrap();
        let others: Vec<&str> = api.unread_options.iter().map(|option| option.name.as_str()).collect();
        // An account alone states no access, so it stays unread.
        assert_eq!(others.contains(&option), setting.starts_with("account_option"), "{setting}: {others:?}");
        assert_eq!(api.states_access, !setting.starts_with("account_option"), "{setting}");
    }
}

#[test]
fn the_warning_says_where_and_what_to_do() {
    let api = lenient("", &["option (quota) = 1;", "option (scopes) = \"a\"; option (audit_event) = \"x\";"]);
    assert_eq!(
        warning(&api).unwrap(),
        "source.proto:24:38: warning[access-unread]: S1.M1: no access rule is read: 1 method sets custom options, but none \
         is read as access: `acme.v1.scopes` (1 method), `acme.v1.audit_event` (1 method)\n  help: set plugin options \
         for the options that state access: `permissions_option=acme.v1.scopes`, `permissions_option=acme.v1.audit_event`; if none \
         of them states access, set `access=off`"
    );
    assert_eq!(warning(&lenient("access=off", &["option (scopes) = \"a\";"])), None);
    assert!(lenient("access=off", &["option (scopes) = \"a\";"]).unread_options.is_empty());
    assert_eq!(warning(&lenient("custom_option=acme.v1.scopes", &["option (scopes) = \"a\";"])), None);
    assert_eq!(
        warning(&lenient(
            "unstated=deny,permissions_option=acme.v1.scopes",
            &["", "option (scopes) = \"a\";"]
        )),
        None
    );
}

/// Kinds of callers or an account alone state no access, so the other options are still reported.
#[test]
fn options_that_state_nothing_by_themselves_are_not_taken_for_access() {
    let api = lenient("actors_option=acme.v1.levels", &["option (levels) = LEVEL_OWNER;"]);
    assert!(!api.states_access);
    let names: Vec<_> =
        api.unread_options.iter().map(|option| (option.name.as_str(), &option.setting)).collect();
    assert_eq!(names, [("acme.v1.levels", &None)]);
    assert!(warning(&api).unwrap().contains("help: if none of them states access, set `access=off`"));
}

#[test]
fn where_access_is_read_only_options_that_look_like_it_are_reported() {
    let own = "option (lumen.cloud.common.v1.permissions) = \"a\";";
    assert_eq!(warning(&lenient("", &[&format!("{own} option (audit_event) = \"x\";")])), None);
    assert_eq!(
        warning(&lenient("", &[&format!("{own} option (open) = true;")]))
            .unwrap()
            .split_once(": warning")
            .unwrap()
            .1,
        "[access-unread]: S0.M0: custom options look like access rules, but are not read: `acme.v1.open` (1 method)\n  help: set \
         plugin options for the options that state access: `mode_option=acme.v1.open:true=public`; if it does not state \
         access, set `custom_option=acme.v1.open`"
    );
    assert_eq!(
        warning(&lenient("custom_option=acme.v1.open", &[&format!("{own} option (open) = true;")])),
        None
    );
    // The unread rest of an option that is read in part.
    let rule = "option (rule) = {scopes: [\"a\"], open: true, inner: {scopes: [\"b\"]}};";
    let text = warning(&lenient("permissions_option=acme.v1.rule#scopes", &[rule])).unwrap();
    assert!(
        text.contains("`acme.v1.rule#open` (1 method)") && text.contains("`acme.v1.rule#inner.scopes`"),
        "{text}"
    );
    assert!(!text.contains("`acme.v1.rule#scopes`"), "{text}");
}

#[test]
fn each_method_has_its_unread_values() {
    let rule =
        "option (open) = true; option (rule) = {scopes: [\"a\", \"b\"], level: LEVEL_LOGIN, weight: 2};";
    let api = lenient("", &[rule]);
    let values: Vec<String> = api
        .methods()
        .flat_map(|(_, _, method)| &method.unread)
        .map(|value| format!("{}={}", value.option, value.value))
        .collect();
    assert_eq!(values, ["acme.v1.open=true", "acme.v1.rule#level=LEVEL_LOGIN", "acme.v1.rule#scopes=a, b"]);
}

/// An earlier version may lack what the options name; the rest is read.
#[test]
fn a_base_may_lack_what_the_options_name() {
    let options = || {
        Options::parse(
            "permissions_option=acme.v1.scopes,mode_option=acme.v1.opened:true=public,account_option=acme.v1.rule#who.id,\
             actors_option=acme.later,mode_option=acme.v1.level:LEVEL_NEW=public;LEVEL_LOGIN=authenticated,custom_option=acme.gone",
        )
        .unwrap()
    };
    let source = format!(
        "{HEAD}service S {{ rpc M(R) returns (R) {{ option (level) = LEVEL_LOGIN; }} rpc N(R) returns (R) {{ option (scopes) = \"a\"; }} }}"
    );
    let request = common::request_of_source(&source);
    assert!(Api::build_lenient(&request, options()).is_err());
    let api = Api::build_lenient_base(&request, options()).unwrap();
    assert!(!api.warnings.has_errors(), "{}", api.warnings);
    let absent: Vec<_> = api.warnings.iter().filter(|problem| problem.code == Code::PluginOption).collect();
    assert_eq!(absent.len(), 5, "{}", api.warnings);
    let states: Vec<String> =
        api.methods().map(|(_, _, method)| format!("{:?}", method.access.state)).collect();
    assert_eq!(states, ["Authenticated", "Permissions"]);
    // A version with an option of another type cannot be read.
    let wrong = Options::parse("permissions_option=acme.v1.open").unwrap();
    assert!(Api::build_lenient_base(&request, wrong).is_err());
    // No package with this prefix exists.
    let none = Api::build_lenient_base(&request, Options::parse("package=later").unwrap()).unwrap();
    assert_eq!(none.methods().count(), 0);
}
