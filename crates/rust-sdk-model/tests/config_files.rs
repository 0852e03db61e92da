//! The files that state how clients behave: what is read, and what is wrong in them.

mod common;

use std::io;
use std::time::Duration;

use rust_sdk_model::api::Method;
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
        ["grpc_service_config.1:1:29: error[config-file]: the settings of `acme.v1.Books` are stated twice"]
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
