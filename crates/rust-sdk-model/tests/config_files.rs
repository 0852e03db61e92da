//! The files that state how clients behave: what is read, and what is wrong in them.

mod common;

use std::io;
use std::time::Duration;

use rust_sdk_model::api::{Method, Polling};
use rust_sdk_model::plugin::CodeGeneratorRequest;
use rust_sdk_model::{Api, Diagnostics, Options};

const SOURCE: &str = "syntax = \"proto3\"; package acme.v1;
     import \"google/api/annotations.proto\";
     message Request { string name = 1; }
     message Response {}
     service Shelves {
       rpc Get(Request) returns (Response) { option (google.api.http) = { get: \"/v1/{name}\" }; }
       rpc Put(Request) returns (Response);
     }
     service Books { rpc Get(Request) returns (Response); }";

fn request() -> CodeGeneratorRequest {
    common::request_of_source(SOURCE)
}

/// The API with these files, each an option and a text. A file's path is its option's name and its index.
fn build(request: &CodeGeneratorRequest, files: &[(&str, &str)]) -> Result<Api, Diagnostics> {
    let items: Vec<String> =
        files.iter().enumerate().map(|(at, (key, _))| format!("{key}={key}.{at}")).collect();
    let mut options = Options::from_pairs(items.iter().map(String::as_str))?;
    options.read_files(|path| {
        let at: usize = path.rsplit('.').next().unwrap().parse().unwrap();
        Ok(files[at].1.to_owned())
    })?;
    Api::build(request, options)
}

fn built(files: &[(&str, &str)]) -> Api {
    build(&request(), files).unwrap_or_else(|problems| panic!("{problems}"))
}

/// All problems, one per line, without the hints.
fn problems(files: &[(&str, &str)]) -> Vec<String> {
    let problems = match build(&request(), files) {
        Ok(api) => api.warnings,
        Err(problems) => problems,
    };
    problems.iter().map(|problem| problem.to_string().lines().next().unwrap().to_owned()).collect()
}

fn method<'a>(api: &'a Api, name: &str) -> &'a Method {
    api.methods().map(|(_, _, method)| method).find(|method| method.full_name == name).unwrap()
}

#[test]
fn the_most_specific_name_decides_alone() {
    let file = r#"{"methodConfig": [
        {"name": [{}], "timeout": "1s"},
        {"name": [{"service": "acme.v1.Shelves"}], "timeout": "2.5s", "retryPolicy": {"maxAttempts": 3,
            "initialBackoff": "0.1s", "maxBackoff": "9s", "backoffMultiplier": 1.3, "retryableStatusCodes": ["ABORTED", 14]}},
        {"name": [{"service": "acme.v1.Shelves", "method": "Put"}]}
    ]}"#;
    let api = built(&[("grpc_service_config", file)]);
    let get = method(&api, "acme.v1.Shelves/Get");
    assert_eq!(get.timeout, Some(Duration::from_millis(2500)));
    let retry = get.retry.as_ref().unwrap();
    assert_eq!((retry.attempts, retry.codes.as_slice()), (3, &["ABORTED", "UNAVAILABLE"][..]));
    assert_eq!(
        (retry.first_delay, retry.longest_delay),
        (Duration::from_millis(100), Duration::from_secs(9))
    );
    let put = method(&api, "acme.v1.Shelves/Put");
    assert_eq!((put.timeout, &put.retry), (None, &None));
    let other = method(&api, "acme.v1.Books/Get");
    assert_eq!((other.timeout, &other.retry), (Some(Duration::from_secs(1)), &None));
}

#[test]
fn several_files_add_up() {
    let of = |service: &str| {
        format!(r#"{{"methodConfig": [{{"name": [{{"service": "acme.v1.{service}"}}], "timeout": "1s"}}]}}"#)
    };
    let (shelves, books) = (of("Shelves"), of("Books"));
    let api = built(&[("grpc_service_config", &shelves), ("grpc_service_config", &books)]);
    assert!(api.methods().all(|(_, _, method)| method.timeout.is_some()));
    assert_eq!(
        problems(&[("grpc_service_config", &books), ("grpc_service_config", &books)]),
        Vec::<String>::new()
    );
    let other = books.replace("1s", "2s");
    assert_eq!(
        problems(&[("grpc_service_config", &books), ("grpc_service_config", &other)]),
        [
            "grpc_service_config.1:1:29: warning[config-file]: the settings of `acme.v1.Books` are stated before: these replace them"
        ]
    );
    let none = r#"{"methodConfig": [{"name": [{"service": "acme.v1.Books"}], "retryPolicy": {"initialBackoff": "1s",
        "maxBackoff": "2s", "backoffMultiplier": 2, "retryableStatusCodes": []}}]}"#;
    assert_eq!(
        problems(&[("grpc_service_config", none)]),
        [
            "grpc_service_config.0:1:75: warning[config-file]: `retryPolicy` names no codes, so it has no effect"
        ]
    );
}

#[test]
fn mistakes_in_a_service_config_have_their_positions() {
    let file = r#"{"methodConfig": [
  {"name": [{"service": "acme.v1.Shelvs"}, {"service": "acme.v1.Shelves", "method": "Gte"}]},
  {"name": [{"method": "Get"}], "timeout": 60, "waitForReady": true},
  {"name": [{"service": "acme.v1.Books"}], "retryPolicy": {"maxAttempts": 1, "initialBackof": "1s"}},
  {"name": [{"service": "acme.v1.Shelves"}], "retryPolicy": {"maxBackoff": "1s", "backoffMultiplier": 0.5, "initialBackoff": "1s"}},
  {"retryPolicy": {"retryableStatusCodes": ["OK", "GONE"], "maxBackoff": ["1s"]}}
], "loadBalancingConfig": []}"#;
    assert_eq!(
        problems(&[("grpc_service_config", file)]),
        [
            "grpc_service_config.0:3:13: error[config-file]: the method `Get` has no service",
            "grpc_service_config.0:3:44: error[config-file]: `timeout` has the invalid value `60`",
            "grpc_service_config.0:3:48: error[config-file]: `methodConfig` has no field `waitForReady`",
            "grpc_service_config.0:4:75: error[config-file]: `maxAttempts` has the invalid value `1`",
            "grpc_service_config.0:4:78: error[config-file]: `retryPolicy` has no field `initialBackof`",
            "grpc_service_config.0:5:61: error[config-file]: `retryPolicy` has no `retryableStatusCodes`",
            "grpc_service_config.0:6:45: error[config-file]: `retryableStatusCodes` has the invalid value `OK`",
            "grpc_service_config.0:6:51: error[config-file]: `retryableStatusCodes` has the invalid value `GONE`",
            "grpc_service_config.0:6:74: error[config-file]: `maxBackoff` is a list, not a text",
            "grpc_service_config.0:7:4: error[config-file]: the service config has no field `loadBalancingConfig`",
            "grpc_service_config.0:2:13: warning[config-unknown-method]: the request has no service `acme.v1.Shelvs`",
            "grpc_service_config.0:2:44: warning[config-unknown-method]: `acme.v1.Shelves` has no method `Gte`",
        ]
    );
    let broken = problems(&[("grpc_service_config", "{\"methodConfig\": [\n  {\"name\": ]\n")]);
    assert_eq!(broken.len(), 1);
    assert!(broken[0].starts_with("grpc_service_config.0:2:12: error[config-file]: "), "{broken:?}");
    assert_eq!(
        problems(&[("grpc_service_config", "[]")]),
        ["grpc_service_config.0:1:1: error[config-file]: the service config is a list, not a mapping"]
    );
}

#[test]
fn a_file_must_be_read() {
    let mut options = Options::parse("grpc_service_config=nowhere.json").unwrap();
    let problems = Api::build(&request(), options.clone()).unwrap_err().to_string();
    assert!(problems.contains("the file `nowhere.json` was not read"), "{problems}");
    let problems = options.read_files(|_| Err(io::ErrorKind::NotFound.into())).unwrap_err().to_string();
    assert!(
        problems.contains("the file `nowhere.json` of `grpc_service_config` cannot be read"),
        "{problems}"
    );
}

const HEAD: &str = "type: google.api.Service\nconfig_version: 3\n";

/// A service configuration with these lines.
fn service(lines: &str) -> String {
    format!("{HEAD}{lines}")
}

fn routes(method: &Method) -> Vec<String> {
    method.bindings.iter().map(|binding| format!("{} {}", binding.verb, binding.text)).collect()
}

#[test]
fn http_rules_replace_annotations() {
    let file = service(
        "http:
  rules:
  - selector: acme.v1.Shelves.Get
    post: /v2/{name=shelves/*}
    body: '*'
    additional_bindings:
    - custom: {kind: HEAD, path: '/v2/{name}'}
  - {selector: acme.v1.Shelves.Put, get: /v1/wrong}
  # The last rule wins.
  - {selector: acme.v1.Shelves.Put, get: '/v1/right'}
  - {selector: acme.v1.Books.Get}
",
    );
    let api = built(&[("service_config", &file)]);
    assert_eq!(routes(method(&api, "acme.v1.Shelves/Get")), ["POST /v2/{name=shelves/*}", "HEAD /v2/{name}"]);
    assert_eq!(routes(method(&api, "acme.v1.Shelves/Put")), ["GET /v1/right"]);
    assert!(api.warnings.is_empty(), "{}", api.warnings);
    let none = built(&[("service_config", &service("http: {rules: [{selector: acme.v1.Shelves.Get}]}"))]);
    assert!(routes(method(&none, "acme.v1.Shelves/Get")).is_empty());
}

#[test]
fn a_wrong_rule_is_reported_at_its_line() {
    let file = service(
        "http:
  rules:
  - selector: acme.v1.Shelves.Get
    get: /v1/{nmae}
    body: '*'
  - selector: acme.v1.Shelves.Put
    get: /v1/a
    additional_bindings:
    - {body: '*'}
    - get: /v1/b
      additional_bindings: [{get: /v1/c}]
",
    );
    let mut options = Options::parse("service_config=a.yaml,lint=strict").unwrap();
    options.read_files(|_| Ok(file.clone())).unwrap();
    let problems = Api::build(&request(), options).unwrap_err().to_string();
    for expected in [
        "a.yaml:5:5: error[http-unknown-field]: Shelves.Get: ",
        "a.yaml:5:5: error[http-body-on-get]: Shelves.Get: ",
        "a.yaml:8:5: error[http-no-pattern]: Shelves.Put, binding 2: ",
        "a.yaml:8:5: error[http-nested-bindings]: Shelves.Put, binding 3: ",
    ] {
        assert!(problems.contains(expected), "{expected}\n{problems}");
    }
}

#[test]
fn mistakes_in_a_service_configuration_have_their_positions() {
    let file = service(
        "htpp: {}
apis:
- {nam: x}
- name: acme.v1.Shelvs
- name: google.iam.v1.IAMPolicy
http:
  rules:
  - get: /v1/a
  - selector: 'acme.v1.*'
  - {selector: acme.v1.Shelves.Gte, get: /v1/a}
  - {selector: acme.v1.Shelves.Get, get: /v1/a, put: /v1/b}
  - {selector: google.iam.v1.IAMPolicy.GetIamPolicy, get: /v1/a}
publishing:
  method_settings:
  - auto_populated_fields: [name]
  - {selector: acme.v1.Shelves.Get, auto_populated_fields: [nmae, name]}
",
    );
    assert_eq!(
        problems(&[("service_config", &file)]),
        [
            "service_config.0:3:1: error[config-file]: the service has no field `htpp`",
            "service_config.0:5:4: error[config-file]: `apis` has no field `nam`",
            "service_config.0:10:5: error[config-file]: the rule has no selector",
            "service_config.0:11:5: error[config-file]: the selector `acme.v1.*` is a pattern",
            "service_config.0:13:49: error[config-file]: the rule has more than one pattern",
            "service_config.0:17:5: error[config-file]: `method_settings` has no selector",
            "service_config.0:18:61: error[config-file]: `acme.v1.Request` has no field `nmae`, which clients should fill in",
            "service_config.0:18:67: error[config-file]: clients cannot fill `name` in: it is not marked as a UUID",
            "service_config.0:6:9: warning[config-unknown-method]: the request has no service `acme.v1.Shelvs`",
            "service_config.0:7:9: warning[config-unknown-method]: the request has no service `google.iam.v1.IAMPolicy`",
            "service_config.0:12:5: warning[config-unknown-method]: `acme.v1.Shelves` has no method `Gte`",
        ]
    );
    assert_eq!(
        problems(&[("service_config", "type: google.api.Gapic\n")]),
        ["service_config.0:1:1: error[config-file]: the file is not the configuration of a service"]
    );
}

#[test]
fn two_files_cannot_state_the_same_rule_unseen() {
    let of =
        |path: &str| service(&format!("http: {{rules: [{{selector: acme.v1.Shelves.Get, get: {path}}}]}}"));
    let (one, two) = (of("/v1/a"), of("/v1/b"));
    let files = [("service_config", one.as_str()), ("service_config", two.as_str())];
    assert_eq!(routes(method(&built(&files), "acme.v1.Shelves/Get")), ["GET /v1/b"]);
    let told = problems(&files);
    assert_eq!(told.len(), 1);
    assert!(told[0].contains("warning[config-file]: `acme.v1.Shelves.Get` has HTTP rules in"), "{told:?}");
}

#[test]
fn listed_services_are_generated_although_they_are_only_imported() {
    let text = "syntax = \"proto3\"; package acme.v1;
         import \"google/cloud/location/locations.proto\";
         message Request { google.cloud.location.Location location = 1; }
         service Shelves { rpc Get(Request) returns (Request); }";
    let request = common::request_of_source(text);
    let services = |file: &str| {
        let api = build(&request, &[("service_config", file)]).unwrap();
        let services = api.services().map(|(_, service)| (service.full_name.clone(), service.mixed_in));
        services.collect::<Vec<_>>()
    };
    let own = ("acme.v1.Shelves".to_owned(), false);
    assert_eq!(services(HEAD), std::slice::from_ref(&own));
    let locations = ("google.cloud.location.Locations".to_owned(), true);
    assert_eq!(services(&service("apis: [{name: google.cloud.location.Locations}]")), [own, locations]);
    let mut options = Options::parse("service_config=a.yaml").unwrap();
    let apis = "apis: [{name: google.iam.v1.IAMPolicy}, {name: acme.v1.Shelves}]";
    options.read_files(|_| Ok(service(apis))).unwrap();
    assert_eq!(options.mixin_files(), ["google/iam/v1/iam_policy.proto"]);
}

#[test]
fn no_file_causes_a_panic() {
    let yaml = std::fs::read_to_string(common::testdata().join("proto/signal/v1/signal_v1.yaml")).unwrap();
    let json =
        std::fs::read_to_string(common::testdata().join("proto/signal/v1/signal_grpc_service_config.json"))
            .unwrap();
    let request = request();
    let mut random = 7_u64;
    let mut next = |below: usize| {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(random >> 33).unwrap() % below
    };
    for (key, text) in [("service_config", &yaml), ("grpc_service_config", &json)] {
        for _ in 0..250 {
            let mut chars: Vec<char> = text.chars().collect();
            for _ in 0..=next(4) {
                let at = next(chars.len());
                match next(4) {
                    0 => drop(chars.splice(at..(at + next(40)).min(chars.len()), [])),
                    1 => chars.truncate(at.max(1)),
                    _ => chars[at] = "\n\t:-[]{}#&*!|>'\"%@`,? é\u{0}".chars().nth(next(24)).unwrap_or('x'),
                }
                if chars.is_empty() {
                    chars.push('x');
                }
            }
            let text: String = chars.into_iter().collect();
            let _ = build(&request, &[(key, &text)]);
        }
    }
}

const OPERATIONS: &str = "syntax = \"proto3\"; package acme.v1;
     import \"google/longrunning/operations.proto\";
     message Request { string name = 1; }
     service Shelves {
       rpc Build(Request) returns (google.longrunning.Operation) {
         option (google.longrunning.operation_info) = { response_type: \"Request\" metadata_type: \"Request\" }; }
       rpc Get(Request) returns (Request);
     }";

#[test]
fn polling_of_operations_is_read() {
    let request = common::request_of_source(OPERATIONS);
    let build = |settings: &str| {
        let file = format!("type: google.api.Service\npublishing:\n  method_settings:\n{settings}");
        build(&request, &[("service_config", &file)])
    };
    let of = |method: &str, lines: &[&str]| {
        let lines = lines.join("\n      ");
        format!("  - selector: acme.v1.Shelves.{method}\n    long_running:\n      {lines}\n")
    };
    let polling = |api: &Api| method(api, "acme.v1.Shelves/Build").long_running.as_ref().unwrap().polling;
    let all = of(
        "Build",
        &[
            "initial_poll_delay: 1s",
            "poll_delay_multiplier: 1.25",
            "max_poll_delay: 45s",
            "total_poll_timeout: 86400s",
        ],
    );
    let expected = Polling {
        first_delay: Some(Duration::from_secs(1)),
        multiplier: Some(1.25),
        longest_delay: Some(Duration::from_secs(45)),
        limit: Some(Duration::from_secs(24 * 60 * 60)),
    };
    assert_eq!(polling(&build(&all).unwrap()), Some(expected));
    let some = of("Build", &["max_poll_delay: 9s"]);
    let expected = Polling { longest_delay: Some(Duration::from_secs(9)), ..Polling::default() };
    // The last statement counts.
    assert_eq!(polling(&build(&(all + &some)).unwrap()), Some(expected));
    assert_eq!(polling(&build("").unwrap()), None);

    let texts = |result: Result<Api, Diagnostics>| {
        let problems = result.map_or_else(|problems| problems, |api| api.warnings);
        problems
            .iter()
            .map(|problem| problem.to_string().lines().next().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        texts(build(&of("Get", &["max_poll_delay: 9s"]))),
        [
            "service_config.0:5:5: warning[config-file]: `acme.v1.Shelves.Get` starts no operation that clients follow, so `long_running` has no effect"
        ]
    );
    let wrong = of("Build", &["initial_poll_delay: 1", "poll_delay_multiplier: 0.5", "max_delay: 3s"]);
    assert_eq!(
        texts(build(&wrong)),
        [
            "service_config.0:6:27: error[config-file]: `initial_poll_delay` has the invalid value `1`",
            "service_config.0:7:30: error[config-file]: `poll_delay_multiplier` has the invalid value `0.5`",
            "service_config.0:8:7: error[config-file]: `long_running` has no field `max_delay`",
        ]
    );
}
