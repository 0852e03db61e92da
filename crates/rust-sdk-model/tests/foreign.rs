//! APIs with their own access options, which configuration maps.

mod common;

use rust_sdk_model::api::Access;
use rust_sdk_model::{Api, Options};

const HARBOR: [&str; 7] = [
    "permissions_option=harbor.auth.v1.rule#auth.permission:signed-in=authenticated",
    "account_option=harbor.auth.v1.rule#auth.port_field",
    "account_field=-",
    "actors_option=harbor.auth.v1.rule#auth.callers",
    "mode_option=harbor.auth.v1.open_gate:true=public",
    "mode_option=harbor.auth.v1.inspection:INSPECTION_GATE=permissions;INSPECTION_PIER=custom",
    "unstated=deny",
];

/// The harbour's model, with some options replaced.
fn harbor(replaced: &[(&str, &str)]) -> Result<Api, String> {
    let options: Vec<&str> = HARBOR
        .iter()
        .map(|option| {
            replaced.iter().find(|(old, _)| option.starts_with(old)).map_or(*option, |(_, new)| *new)
        })
        .filter(|option| !option.is_empty())
        .collect();
    let options = Options::from_pairs(options).map_err(|problems| problems.to_string())?;
    Api::build(&common::request_for_folder("harbor"), options).map_err(|problems| problems.to_string())
}

fn rule(access: &Access) -> String {
    let scope = access.scope.as_ref().map_or("-", |scope| scope.text.as_str());
    format!("{:?} {} {scope} [{}]", access.state, access.permissions.join("+"), access.actors.join(" "))
}

#[test]
fn every_method_has_the_state_that_its_options_mean() {
    let api = harbor(&[]).unwrap();
    let found: Vec<String> =
        api.methods().map(|(_, _, method)| format!("{}: {}", method.name, rule(&method.access))).collect();
    assert_eq!(
        found,
        [
            "ListBerths: Permissions berth.read port_id []",
            "MoorShip: Permissions berth.write berth.port_id [CALLER_CAPTAIN CALLER_AGENT]",
            "NearestPort: Authenticated  - []",
            "GetTide: Public  - []",
            "ScuttleShip: Unstated  - []",
            "LoadContainer: Public  - []",
            "SignOn: Permissions crew.write port_id []",
            "SignOff: Permissions crew.write port_id []",
            "GetMyCrew: Authenticated  - []",
        ]
    );
}

/// An API that states only what else a method needs. An unread rule must not become a weaker one.
#[test]
fn a_method_without_a_rule_may_be_for_every_authenticated_caller() {
    let state = |replaced: &[(&str, &str)], name: &str| {
        let api = harbor(replaced).unwrap();
        let (_, _, method) = api.methods().find(|(_, _, method)| method.name == name).unwrap();
        format!("{:?}", method.access.state)
    };
    let authenticated = ("unstated", "unstated=authenticated");
    assert_eq!(state(&[authenticated], "ScuttleShip"), "Authenticated");
    assert_eq!(state(&[authenticated], "MoorShip"), "Permissions");
    let without = [authenticated, ("permissions_option", ""), ("mode_option=harbor.auth.v1.inspection", "")];
    assert_eq!(state(&without, "MoorShip"), "Unstated");
}

/// What an option states besides access stays a custom option.
#[test]
fn nothing_that_is_stated_gets_lost() {
    let api = harbor(&[]).unwrap();
    let with_options: Vec<&str> = api
        .methods()
        .filter(|(_, _, method)| !method.custom_options.is_empty())
        .map(|(_, _, method)| method.name.as_str())
        .collect();
    assert_eq!(with_options, ["MoorShip", "ScuttleShip", "LoadContainer"]);
}

#[test]
fn less_configuration_is_never_a_weaker_rule() {
    // What is not mapped states nothing, so nobody may call it; a special text is a permission that nobody has.
    let states = |replaced: &[(&str, &str)]| -> Vec<String> {
        let api = harbor(replaced).unwrap();
        ["NearestPort", "GetTide", "GetMyCrew"]
            .map(|name| {
                let method = api.methods().find(|(_, _, method)| method.name == name).unwrap().2;
                format!("{:?} {}", method.access.state, method.access.permissions.join("+"))
            })
            .to_vec()
    };
    let plain = "permissions_option=harbor.auth.v1.rule#auth.permission";
    assert_eq!(
        states(&[("permissions_option", plain)]),
        ["Permissions signed-in", "Public ", "Authenticated "]
    );
    assert_eq!(
        states(&[("mode_option=harbor.auth.v1.open_gate", "")]),
        ["Authenticated ", "Unstated ", "Authenticated "]
    );
    assert_eq!(
        states(&[("mode_option=harbor.auth.v1.inspection", "")]),
        ["Authenticated ", "Public ", "Unstated "]
    );
}

/// A method's own check neither weakens nor strengthens its other rules.
#[test]
fn custom_keeps_all_other_rules() {
    let state = |options: &str| {
        let source = format!(
            "syntax = \"proto3\";\n\
             import \"harbor/auth/v1/auth.proto\";\n\
             service S {{ rpc M(R) returns (R) {{\n\
             option (harbor.auth.v1.inspection) = INSPECTION_PIER;\n{options} }} }}\n\
             message R {{ string id = 1; }}"
        );
        let options = Options::from_pairs(HARBOR).unwrap();
        let api =
            Api::build(&common::request_of_source(&source), options).map_err(|error| error.to_string())?;
        let method = api.methods().next().unwrap().2;
        Ok::<_, String>(format!("{:?}", method.access.state))
    };
    let rule = |permission: &str| {
        format!("option (harbor.auth.v1.rule) = {{auth: {{permission: \"{permission}\"}}}};")
    };
    let open = "option (harbor.auth.v1.open_gate) = true;";
    assert_eq!(state("").as_deref(), Ok("Authenticated"));
    assert_eq!(state(open).as_deref(), Ok("Public"));
    assert_eq!(state(&rule("a")).as_deref(), Ok("Permissions"));
    assert_eq!(state(&rule("signed-in")).as_deref(), Ok("Authenticated"));
    assert!(state(&format!("{open}{}", rule("a"))).unwrap_err().contains("access-public-with-permissions"));
    assert!(state(&format!("{open}{}", rule("signed-in"))).unwrap_err().contains("access-conflict"));
}

/// Permissions may be the values of an enum. A value that is not a permission is one that nobody has.
#[test]
fn permissions_may_be_values_of_an_enum() {
    let source = |options: &str| {
        format!(
            "syntax = \"proto3\";\n\
             import \"google/protobuf/descriptor.proto\";\n\
             enum P {{ P_NONE = 0; P_READ = 1; P_WRITE = 2; }}\n\
             message Rule {{ repeated P perms = 1; P one = 2; }}\n\
             extend google.protobuf.MethodOptions {{ Rule rule = 60001; repeated P perms = 60002; P one = 60003; }}\n\
             service S {{ rpc M(R) returns (R) {{ {options} }} }}\n\
             message R {{ string account_id = 1; }}"
        )
    };
    let access = |options: &str, setting: &str| {
        let options = source(options);
        let settings = Options::parse(setting).unwrap();
        let api =
            Api::build(&common::request_of_source(&options), settings).map_err(|error| error.to_string())?;
        let access = &api.methods().next().unwrap().2.access;
        Ok::<_, String>(format!("{:?} {}", access.state, access.permissions.join("+")))
    };
    let list = "option (perms) = P_READ; option (perms) = P_WRITE;";
    assert_eq!(access(list, "permissions_option=perms").as_deref(), Ok("Permissions P_READ+P_WRITE"));
    assert_eq!(
        access("option (one) = P_READ;", "permissions_option=one").as_deref(),
        Ok("Permissions P_READ")
    );
    let rule = "option (rule) = {perms: [P_READ], one: P_WRITE};";
    assert_eq!(access(rule, "permissions_option=rule#perms").as_deref(), Ok("Permissions P_READ"));
    assert_eq!(access(rule, "permissions_option=rule#one").as_deref(), Ok("Permissions P_WRITE"));
    let none = "option (perms) = P_NONE;";
    assert_eq!(access(none, "permissions_option=perms").as_deref(), Ok("Permissions P_NONE"));
    let meaning = "permissions_option=perms:P_NONE=authenticated";
    assert_eq!(access(none, meaning).as_deref(), Ok("Authenticated "));
    let problem = access(none, "permissions_option=perms:P_NOBODY=public").unwrap_err();
    assert!(problem.contains("`P_NOBODY` in `permissions_option` is not a value of `perms`"), "{problem}");
}

#[test]
fn wrong_configuration_is_rejected_with_a_hint() {
    let problem = |old: &str, new: &str| harbor(&[(old, new)]).unwrap_err();
    assert_eq!(
        problem("permissions_option", "permissions_option=harbor.auth.v1.rules#auth.permission"),
        "error[plugin-option]: `harbor.auth.v1.rules` is not an extension of `google.protobuf.MethodOptions` in this \
         request\n  help: did you mean `permissions_option=harbor.auth.v1.rule`?"
    );
    assert_eq!(
        problem("permissions_option", "permissions_option=harbor.auth.v1.rule#auth.permissions"),
        "error[plugin-option]: `permissions_option=harbor.auth.v1.rule#auth.permissions` does not resolve: in \
         `auth.permissions`, `harbor.auth.v1.Auth` has no field `permissions`\n  help: did you mean `permission`?"
    );
    assert_eq!(
        problem("permissions_option", "permissions_option=harbor.auth.v1.rule#answer.status"),
        "error[plugin-option]: `permissions_option=harbor.auth.v1.rule#answer.status` names a field that is not \
         `string`, an enum, or a list of them\n  help: name a field that is `string`, an enum, or a list of them"
    );
    assert_eq!(
        problem("permissions_option", "permissions_option=harbor.auth.v1.open_gate#auth"),
        "error[plugin-option]: `permissions_option=harbor.auth.v1.open_gate#auth` has a path, but the option is not \
         a single message\n  help: leave out the `#` and the path"
    );
    assert_eq!(
        problem("mode_option=harbor.auth.v1.inspection", "mode_option=harbor.auth.v1.inspection:PIER=custom"),
        "error[plugin-option]: `PIER` in `mode_option` is not a value of `harbor.auth.v1.inspection`\n  \
         help: did you mean `INSPECTION_PIER`?"
    );
    assert!(problem("account_field", "account_field=dock_id").contains("error[access-unknown-scope]"));
}

#[test]
fn options_of_messages_fields_and_values_are_opt_in() {
    let request = common::request_for_folder("harbor");
    let api = |extra: &[&str]| {
        let options = Options::from_pairs(HARBOR.iter().chain(extra).copied()).unwrap();
        Api::build(&request, options)
    };
    let count = |api: &Api| api.packages.iter().map(|package| package.item_options.len()).sum::<usize>();
    assert_eq!(count(&api(&[]).unwrap()), 0);
    assert_eq!(count(&api(&["custom_option=harbor.cargo.v1.label"]).unwrap()), 1);

    let unknown = api(&["custom_option=harbor.cargo.v1.lable"]).unwrap_err().to_string();
    assert_eq!(
        unknown,
        "error[plugin-option]: `harbor.cargo.v1.lable` is not an option of methods, services, messages, fields or \
         enum values in this request\n  help: did you mean `custom_option=harbor.cargo.v1.label`?"
    );
    // One of Google's options, on request.
    let http = api(&["custom_option=google.api.http"]).unwrap();
    let load = http.methods().find(|(_, _, method)| method.name == "GetTide").unwrap().2;
    assert_eq!(load.custom_options[0].full_name, "google.api.http");
}
