//! The levels of diagnostics: what a consumer of an API gets in spite of a problem, and what its authors are told.

mod common;

use rust_sdk_model::api::Method;
use rust_sdk_model::plugin::CodeGeneratorRequest;
use rust_sdk_model::{Api, Code, Diagnostics, Severity};

/// The methods of a service in a file with the messages that they use.
fn request(methods: &str, parameter: &str) -> CodeGeneratorRequest {
    let access =
        if methods.contains("lumen.") { "import \"lumen/cloud/common/v1/common.proto\";" } else { "" };
    let source = format!(
        "syntax = \"proto3\"; package acme.v1; import \"google/api/annotations.proto\"; {access}
         message Inner {{ string value = 1; string other = 2; }}
         message Request {{ string id = 1; repeated uint64 numbers = 2; Inner input = 3; string parent = 4; }}
         message Response {{ string id = 1; }}
         service Shelves {{ {methods} }}"
    );
    let mut request = common::request_of_source(&source);
    request.parameter = Some(parameter.to_owned());
    request
}

fn rpc(name: &str, rule: &str) -> String {
    format!("rpc {name}(Request) returns (Response) {{ option (google.api.http) = {{ {rule} }}; }}")
}

fn codes(problems: &Diagnostics) -> Vec<(Severity, Code)> {
    problems.iter().map(|problem| (problem.severity, problem.code)).collect()
}

fn bindings(method: &Method) -> Vec<String> {
    method.bindings.iter().map(|binding| format!("{} {}", binding.verb, binding.text)).collect()
}

/// Everything that a gateway serves is generated without a word; a strict check names what the specification does not allow.
#[test]
fn what_a_gateway_serves_is_generated() {
    for (rule, expected, strict) in [
        ("", vec![], None),
        (
            "additional_bindings { get: \"/v1/a\" } additional_bindings { get: \"/v1/b\" }",
            vec!["GET /v1/a", "GET /v1/b"],
            None,
        ),
        ("post: \"/\"", vec!["POST /"], None),
        (
            "post: \"/v1/workers:create:worker-led\"",
            vec!["POST /v1/workers:create:worker-led"],
            Some(Code::HttpTwoVerbs),
        ),
        (
            "get: \"/v1/{parent=a/*/**}/{id}\"",
            vec!["GET /v1/{parent=a/*/**}/{id}"],
            Some(Code::HttpAfterRest),
        ),
        (
            "post: \"/v1/{id}/validate\" body: \"id\"",
            vec!["POST /v1/{id}/validate"],
            Some(Code::HttpBodyIsVariable),
        ),
        ("get: \"/v1/acks/{numbers}\"", vec!["GET /v1/acks/{numbers}"], Some(Code::HttpVariableType)),
        ("post: \"/v1/x\" body: \"input.value\"", vec!["POST /v1/x"], Some(Code::HttpDottedBody)),
    ] {
        let methods = rpc("Call", rule);
        let api = Api::from_request(&request(&methods, "")).unwrap();
        assert_eq!(codes(&api.warnings), [], "{rule}");
        assert_eq!(bindings(&api.packages[0].services[0].methods[0]), expected, "{rule}");
        let strict_codes =
            Api::from_request(&request(&methods, "lint=strict")).err().map(|problems| codes(&problems));
        assert_eq!(strict_codes, strict.map(|code| vec![(Severity::Error, code)]), "{rule}");
    }
}

/// A route that cannot be generated is left out with a warning. The method keeps its other routes.
#[test]
fn other_routes_are_left_out() {
    for (rule, code) in [
        ("get: \"/v1/{parent=**}/{id=**}\"", Code::HttpAfterRest),
        ("get: \"/v1/{unknown}\"", Code::HttpUnknownField),
        ("get: \"v1\"", Code::HttpLeadingSlash),
        ("body: \"*\"", Code::HttpNoPattern),
        ("get: \"/v1\" body: \"*\"", Code::HttpBodyOnGet),
        ("get: \"/v1/{input}\"", Code::HttpVariableType),
        ("post: \"/v1\" body: \"input.nope\"", Code::HttpDottedBody),
        ("post: \"/v1\" body: \"numbers.value\"", Code::HttpDottedBody),
    ] {
        let methods = rpc("Call", &format!("{rule} additional_bindings {{ get: \"/v1/good\" }}"));
        let api = Api::from_request(&request(&methods, "")).unwrap();
        assert_eq!(codes(&api.warnings), [(Severity::Warning, code)], "{rule}");
        let text = api.warnings.to_string();
        assert!(text.contains("help: the route is left out; in the API: "), "{text}");
        assert_eq!(bindings(&api.packages[0].services[0].methods[0]), ["GET /v1/good"], "{rule}");
        let with = |parameter: String| {
            Api::from_request(&request(&methods, &parameter)).map(|api| codes(&api.warnings))
        };
        assert_eq!(
            with("lint=strict".to_owned())
                .unwrap_err()
                .iter()
                .map(|problem| problem.code)
                .collect::<Vec<_>>(),
            [code]
        );
        assert_eq!(with(format!("lint=strict,warn={code}")).unwrap(), [(Severity::Warning, code)]);
        assert_eq!(with(format!("allow={code}@acme.v1")).unwrap(), []);
        assert_eq!(with(format!("allow={code}@acme.v2")).unwrap(), [(Severity::Warning, code)]);
        assert!(with(format!("deny={code}@acme.v1.Shelves/Call")).is_err());
        // Without REST, nobody needs to know.
        assert_eq!(with("rest=off".to_owned()).unwrap(), []);
    }
}

#[test]
fn two_methods_may_share_a_route_if_they_have_the_same_access() {
    let methods = rpc("List", "get: \"/v1/shelves\"") + &rpc("ListAll", "get: \"/v1/shelves\"");
    let api = Api::from_request(&request(&methods, "")).unwrap();
    assert_eq!(codes(&api.warnings), [(Severity::Warning, Code::HttpDuplicateRoute)]);
    assert!(api.methods().all(|(_, _, method)| bindings(method) == ["GET /v1/shelves"]));
    assert!(Api::from_request(&request(&methods, "lint=strict")).is_err());
}

/// A look-up by path must not find the rule of another method.
#[test]
fn a_shared_route_with_another_rule_is_an_error_or_left_out() {
    let guarded = |name: &str, permission: &str| {
        format!(
            "rpc {name}(Request) returns (Response) {{
               option (lumen.cloud.common.v1.permissions) = \"{permission}\";
               option (lumen.cloud.common.v1.account_id_expression) = \"id\";
               option (google.api.http) = {{ get: \"/v1/shelves\" }}; }}"
        )
    };
    let methods = guarded("List", "a") + &guarded("ListAll", "b") + &guarded("ListTwo", "b");
    let problems = Api::from_request(&request(&methods, "")).unwrap_err();
    let error = (Severity::Error, Code::HttpDuplicateRoute);
    assert_eq!(codes(&problems), [error, error]);
    assert!(
        problems.to_string().contains("`warn=http-duplicate-route@acme.v1.Shelves/ListAll`"),
        "{problems}"
    );
    for (parameter, severity) in [
        ("warn=http-duplicate-route", Some(Severity::Warning)),
        ("allow=http-duplicate-route@acme.v1.Shelves", None),
        ("rest=off", None),
    ] {
        let api = Api::from_request(&request(&methods, parameter)).unwrap();
        assert_eq!(api.warnings.iter().map(|problem| problem.severity).next(), severity, "{parameter}");
        let routes: Vec<_> = api.methods().map(|(_, _, method)| bindings(method).len()).collect();
        assert_eq!(routes, [1, 0, 0], "{parameter}");
    }
}

/// A server would check the account in the path, while the handler of the other method reads it from the query.
#[test]
fn a_shared_route_with_its_account_elsewhere_is_an_error() {
    let guarded = |name: &str, path: &str| {
        format!(
            "rpc {name}(Request) returns (Response) {{
               option (lumen.cloud.common.v1.permissions) = \"a\";
               option (lumen.cloud.common.v1.account_id_expression) = \"id\";
               option (google.api.http) = {{ get: \"{path}\" }}; }}"
        )
    };
    let methods = |second: &str| guarded("List", "/v1/{id}/shelves") + &guarded("ListAll", second);
    assert!(Api::from_request(&request(&methods("/v1/{id}/shelves"), "")).is_ok());
    let problems = Api::from_request(&request(&methods("/v1/{parent}/shelves"), "")).unwrap_err();
    assert_eq!(codes(&problems), [(Severity::Error, Code::HttpDuplicateRoute)]);
}

/// Servers go by the path alone, so only they must not have such a route.
#[test]
fn a_route_with_the_path_of_a_grpc_method_is_no_problem_for_clients() {
    let methods = rpc("Get", "get: \"/{parent}/{id=**}\"");
    let build = |parameter: &str| Api::from_request(&request(&methods, parameter));
    let api = build("").unwrap();
    assert_eq!(codes(&api.warnings), [(Severity::Warning, Code::HttpGrpcPath)]);
    assert_eq!(bindings(&api.packages[0].services[0].methods[0]), ["GET /{parent}/{id=**}"]);
    assert!(build("server=on").is_err() && build("lint=strict").is_err());
    let api = build("server=on,warn=http-grpc-path").unwrap();
    assert!(bindings(&api.packages[0].services[0].methods[0]).is_empty());
}

#[test]
fn many_warnings_of_a_kind_are_one() {
    let methods: String = (0..5).map(|index| rpc(&format!("Call{index}"), "get: \"v1\"")).collect();
    let api = Api::from_request(&request(&methods, "")).unwrap();
    assert_eq!(api.warnings.iter().count(), 5);
    let summary = api.warnings.summary();
    assert_eq!(summary.len(), 1);
    assert!(
        summary[0].contains("Shelves.Call0") && summary[0].ends_with("note: 4 more of this kind in the file")
    );
}

/// Whatever the options can lower has sound output: the model is built, without what has the problem.
#[test]
fn every_code_that_can_be_lowered_leaves_an_api() {
    let mut lowered = 0;
    for file in std::fs::read_dir(common::testdata().join("invalid")).unwrap() {
        let file = file.unwrap().file_name().into_string().unwrap();
        let code = file.trim_end_matches(".proto");
        let text = std::fs::read_to_string(common::testdata().join("invalid").join(&file)).unwrap();
        let options = text.lines().filter_map(|line| line.strip_prefix("// option: "));
        let mut options: Vec<String> = options.map(str::to_owned).collect();
        options.extend(["lint=strict".to_owned(), format!("allow={code}")]);
        if rust_sdk_model::Options::parse(&options.join(",")).is_err() || file == "edition-unsupported.proto"
        {
            continue;
        }
        let mut request = common::request(&["invalid", "proto"], std::slice::from_ref(&file));
        request.parameter = Some(options.join(","));
        match Api::from_request(&request) {
            Ok(api) => {
                assert!(api.warnings.iter().all(|problem| problem.code.as_str() != code), "{file}");
                lowered += 1;
            }
            Err(problems) => {
                assert!(problems.iter().all(|problem| problem.code.as_str() != code), "{file}: {problems}");
            }
        }
    }
    assert!(lowered > 40, "{lowered}");
}
