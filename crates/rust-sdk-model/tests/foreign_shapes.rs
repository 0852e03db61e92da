//! Shapes of access options that real APIs use, in words of our own.

mod common;

use rust_sdk_model::{Api, Options};

/// `Name: state permissions account` of each method of a file with these options and this service.
fn access(declarations: &str, methods: &str, settings: &[&str]) -> Result<Vec<String>, String> {
    let source = format!(
        "syntax = \"proto3\";\npackage acme.v1;\nimport \"google/protobuf/descriptor.proto\";\n{declarations}\n\
         service S {{\n{methods}\n}}"
    );
    let options = Options::from_pairs(settings.iter().copied()).map_err(|problems| problems.to_string())?;
    let api = Api::build(&common::request_of_source(&source), options).map_err(|error| error.to_string())?;
    Ok(api
        .methods()
        .map(|(_, _, method)| {
            let access = &method.access;
            let scope = access.scope.as_ref().map_or("-", |scope| scope.text.as_str());
            format!("{}: {:?} {} {scope}", method.name, access.state, access.permissions.join("+"))
        })
        .collect())
}

const KEYS: &str = "
    message Key { string needs = 1; }
    extend google.protobuf.MethodOptions { Key old_key = 60001; Key new_key = 60002; bool all = 60003; }
    message R { string tenant = 1; }";

/// Two generations of one option, or a scope and a role.
#[test]
fn permissions_of_several_options_add_up() {
    let both = [
        "permissions_option=acme.v1.old_key#needs",
        "permissions_option=acme.v1.new_key#needs",
        "account_field=-",
    ];
    let methods = r#"
        rpc Old(R) returns (R) { option (old_key) = {needs: "read"}; }
        rpc New(R) returns (R) { option (new_key) = {needs: "write"}; }
        rpc Both(R) returns (R) { option (new_key) = {needs: "write"}; option (old_key) = {needs: "read"}; }"#;
    assert_eq!(
        access(KEYS, methods, &both).unwrap(),
        ["Old: Permissions read -", "New: Permissions write -", "Both: Permissions read+write -"]
    );
    // A caller with one of the two has not both.
    let one = &[both[0], both[2], "unstated=deny"];
    assert_eq!(access(KEYS, methods, one).unwrap()[2], "Both: Permissions read -");
    let prefixed = ["permissions_option=acme.v1.old_key#needs:*=role/*", both[1], both[2]];
    assert_eq!(access(KEYS, methods, &prefixed).unwrap()[2], "Both: Permissions role/read+write -");
}

/// A scope `read` and a role `read` must not become one permission, of which either would do.
#[test]
fn permissions_of_several_kinds_are_never_merged_silently() {
    let settings = |old: &'static str| {
        [old, "permissions_option=acme.v1.new_key#needs", "account_field=-", "require_all_option=acme.v1.all"]
    };
    let same = r#"rpc Get(R) returns (R) { option (old_key) = {needs: "read"}; option (new_key) = {needs: "read"}; }"#;
    let problem = access(KEYS, same, &settings("permissions_option=acme.v1.old_key#needs")).unwrap_err();
    assert!(
        problem.contains("error[access-conflict]: S.Get: `read` is listed by several options"),
        "{problem}"
    );
    assert!(
        problem.contains("give one a prefix: `permissions_option=acme.v1.old_key#needs:*=PREFIX*`"),
        "{problem}"
    );
    for (old, expected) in [
        ("permissions_option=acme.v1.old_key#needs:*=role/*", "Get: Permissions role/read+read -"),
        ("permissions_option=acme.v1.old_key#needs:*=*", "Get: Permissions read -"),
    ] {
        assert_eq!(access(KEYS, same, &settings(old)).unwrap(), [expected]);
    }
    let any = r#"rpc Get(R) returns (R) {
        option (old_key) = {needs: "read"}; option (new_key) = {needs: "write"}; option (all) = false; }"#;
    let problem = access(KEYS, any, &settings("permissions_option=acme.v1.old_key#needs")).unwrap_err();
    assert!(
        problem.contains("error[access-conflict]: S.Get: any one of the permissions is enough, but"),
        "{problem}"
    );
}

/// An enum whose values have their text in an option; a message whose presence states something; an option that marks the account.
const BADGES: &str = r#"
    extend google.protobuf.EnumValueOptions { string badge_text = 60011; }
    enum Badge { BADGE_UNSPECIFIED = 0; BADGE_READ = 1 [(badge_text) = "files.read"]; BADGE_WRITE = 2; }
    message Nothing {}
    message Gate { oneof kind { Nothing open = 1; Wanted wanted = 2; } }
    message Wanted { repeated Badge badges = 1; }
    extend google.protobuf.MethodOptions { Gate gate = 60012; }
    extend google.protobuf.FieldOptions { bool is_owner = 60013; }
    message Get { string id = 1; Nested nested = 2; }
    message Nested { string owner = 1 [(is_owner) = true]; Nested again = 2; }
    message Two { string a = 1 [(is_owner) = true]; string b = 2 [(is_owner) = true]; }
    message Off { string a = 1 [(is_owner) = false]; }
    message R {}"#;
const BADGE_SETTINGS: [&str; 4] = [
    "permissions_option=acme.v1.gate#wanted.badges@acme.v1.badge_text",
    "mode_option=acme.v1.gate#open:set=public",
    "account_option=acme.v1.is_owner",
    "account_field=-",
];

#[test]
fn enum_values_have_the_text_of_their_option_and_fields_are_marked() {
    let methods = "
        rpc Both(Get) returns (R) { option (gate) = {wanted: {badges: [BADGE_READ, BADGE_WRITE]}}; }
        rpc Open(Get) returns (R) { option (gate) = {open: {}}; }
        rpc Plain(Off) returns (R) { option (gate) = {wanted: {badges: BADGE_READ}}; }";
    assert_eq!(
        access(BADGES, methods, &BADGE_SETTINGS).unwrap(),
        [
            "Both: Permissions files.read+BADGE_WRITE nested.owner",
            "Open: Public  -",
            "Plain: Permissions files.read -"
        ]
    );
}

#[test]
fn marks_and_texts_are_checked() {
    let problem = |methods: &str, replaced: usize, by: &'static str| {
        let mut settings = BADGE_SETTINGS;
        settings[replaced] = by;
        access(BADGES, methods, &settings).unwrap_err()
    };
    let one = "rpc Get(Two) returns (R) { option (gate) = {wanted: {badges: BADGE_READ}}; }";
    let found = access(BADGES, one, &BADGE_SETTINGS).unwrap_err();
    assert!(
        found.contains(
            "error[access-conflict]: S.Get: `acme.v1.is_owner` marks several fields as the account: `a`, `b`"
        ),
        "{found}"
    );
    let found = problem("", 0, "permissions_option=acme.v1.gate#wanted.badges@acme.v1.is_owner");
    assert!(
        found.contains("`acme.v1.is_owner` is not an extension of `google.protobuf.EnumValueOptions`"),
        "{found}"
    );
    let found = problem("", 1, "mode_option=acme.v1.gate#open:unset=public");
    assert!(found.contains("`unset` in `mode_option` is not a value of `acme.v1.gate#open`"), "{found}");
}

/// The rule is an option of the request message.
#[test]
fn a_request_message_may_state_the_permission() {
    let declarations = r#"
        message Privilege { string kind = 1; Action action = 2; }
        enum Action { ACTION_NONE = 0; ACTION_LOAD = 1; }
        extend google.protobuf.MessageOptions { Privilege privilege = 60021; }
        message Load { option (privilege) = {kind: "shelf" action: ACTION_LOAD}; string name = 1; }
        message Ping {}
        message R {}"#;
    let methods = "rpc Load(Load) returns (R); rpc Ping(Ping) returns (R);";
    let settings =
        ["permissions_option=acme.v1.privilege#action", "account_field=-", "unstated=authenticated"];
    assert_eq!(
        access(declarations, methods, &settings).unwrap(),
        ["Load: Permissions ACTION_LOAD -", "Ping: Authenticated  -"]
    );
    let strict = &settings[..2];
    assert!(access(declarations, methods, strict).unwrap_err().contains("error[access-unstated]: S.Ping"));
}

/// A scope of all methods of a service holds besides those of each method.
#[test]
fn a_service_may_state_a_permission() {
    let declarations = "
        extend google.protobuf.ServiceOptions { string service_scope = 60031; }
        extend google.protobuf.MethodOptions { string method_scope = 60032; }
        message R {}";
    let methods = r#"
        option (service_scope) = "shelf";
        rpc Get(R) returns (R);
        rpc Set(R) returns (R) { option (method_scope) = "shelf:write"; }"#;
    let settings = [
        "permissions_option=acme.v1.service_scope",
        "permissions_option=acme.v1.method_scope",
        "account_field=-",
    ];
    assert_eq!(
        access(declarations, methods, &settings).unwrap(),
        ["Get: Permissions shelf -", "Set: Permissions shelf+shelf:write -"]
    );
}
