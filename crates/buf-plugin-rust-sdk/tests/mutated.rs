//! Broken requests: never a panic, always a response.
//!
//! In a file of its own, since it silences the panic hook of the process, as the binary does.

mod common;

use std::collections::BTreeSet;

use buf_plugin_rust_sdk::messages::{
    CheckRequest, CheckResponse, Code, FileDescriptor, ListRulesResponse, Response,
};
use buf_plugin_rust_sdk::{Format, respond};
use common::{Random, envelope, list};
use prost::Message as _;

const THREADS: u64 = 2;
const REQUESTS_PER_THREAD: usize = 1_200;

/// Flips bits, overwrites, truncates, cuts out or doubles; mostly once, since further damage is seldom readable.
fn mutate(bytes: &mut Vec<u8>, random: &mut Random) {
    for _ in 0..=random.below(4) * random.below(2) {
        let at = random.below(bytes.len());
        let end = (at + random.below(16)).min(bytes.len());
        match random.below(6) {
            0 | 1 if !bytes.is_empty() => bytes[at] ^= 1 << random.below(8),
            2 if !bytes.is_empty() => bytes[at] = u8::try_from(random.below(256)).unwrap(),
            3 => drop(bytes.drain(at..end)),
            4 => {
                let copy = bytes[at..end].to_vec();
                let to = random.below(bytes.len());
                bytes.splice(to..to, copy);
            }
            _ if random.below(10) == 0 => bytes.truncate(at),
            _ => {}
        }
    }
}

#[derive(Default)]
struct Outcomes {
    refused: usize,
    clean: usize,
    found: usize,
}

impl Outcomes {
    fn add(&mut self, format: Format, request: &[u8]) {
        let response = respond("check", format, request).unwrap();
        if format == Format::Json {
            let text = String::from_utf8(response).unwrap();
            assert!(!text.contains("internal error"), "{text}\n{}", String::from_utf8_lossy(request));
            return;
        }
        let response = Response::decode(response.as_slice()).unwrap();
        if let Some(error) = response.error {
            assert_eq!(error.code, i32::from(Code::InvalidArgument), "{}\n{request:?}", error.message);
            self.refused += 1;
            return;
        }
        let response = CheckResponse::decode(response.value.unwrap().value.as_slice()).unwrap();
        if response.annotations.is_empty() {
            self.clean += 1;
        } else {
            self.found += 1;
        }
    }
}

fn run(seed: u64, original: &CheckRequest) -> Outcomes {
    let mut random = Random(seed);
    let mut outcomes = Outcomes::default();
    let whole = envelope(common::CHECK, original.encode_to_vec());
    for round in 0..REQUESTS_PER_THREAD {
        let bytes = match round % 8 {
            0 => {
                let mut bytes = whole.clone();
                mutate(&mut bytes, &mut random);
                bytes
            }
            1 => {
                let mut request = original.encode_to_vec();
                mutate(&mut request, &mut random);
                envelope(common::CHECK, request)
            }
            // Most mutations of the whole break a length; those inside one file get further.
            _ => {
                let mut request = original.clone();
                // A few rules at a time: one rule may fail where others do not.
                let first = random.below(request.rule_ids.len());
                request.rule_ids = request.rule_ids.split_off(first);
                request.rule_ids.truncate(3);
                let lists = [&mut request.file_descriptors, &mut request.against_file_descriptors];
                let files = lists.into_iter().nth(random.below(2)).unwrap();
                let file = files.len() - 1 - random.below(2);
                mutate(&mut files[file].file_descriptor_proto, &mut random);
                envelope(common::CHECK, request.encode_to_vec())
            }
        };
        outcomes.add(Format::Binary, &bytes);
    }
    outcomes
}

const SOURCE: &str = r#"syntax = "proto3";
package acme.shelf.v1;
import "google/api/annotations.proto";
import "lumen/cloud/common/v1/common.proto";
// Shelves.
service ShelfService {
  // Gets one.
  rpc GetShelf(GetShelfRequest) returns (Shelf) {
    option (lumen.cloud.common.v1.permissions) = "read:shelves";
    option (google.api.http) = {get: "/v1/accounts/{account_id}/shelves/{shelf.id}"};
  }
  rpc UpdateShelf(GetShelfRequest) returns (Shelf) {
    option (lumen.cloud.common.v1.permissions) = "write:shelves";
    option (google.api.http) = {patch: "/v1/accounts/{account_id}/shelves/{shelf.id}" body: "shelf"};
  }
}
message GetShelfRequest { string account_id = 1; Shelf shelf = 2; }
message Box { map<string, Shelf> more = 3; }
message Shelf { string id = 1; string name = 2; string account_id = 3; string created_at = 4; oneof x { int32 a = 5; } }
"#;

fn shelf(text: &str) -> Vec<FileDescriptor> {
    let folder = tempfile::TempDir::new().unwrap();
    std::fs::write(folder.path().join("shelf.proto"), text).unwrap();
    common::files(&[folder.path().to_owned(), common::testdata().join("proto")], &["shelf.proto"])
}

/// Two versions with a finding for every kind of rule.
fn original() -> CheckRequest {
    let rules = respond("list-rules", Format::Binary, b"").unwrap();
    let rules = Response::decode(rules.as_slice()).unwrap().value.unwrap();
    let rules = ListRulesResponse::decode(rules.value.as_slice()).unwrap().rules;
    let rules: Vec<&str> = rules.iter().map(|rule| rule.id.as_str()).collect();
    let options = [("required_method_options", list(&["lumen.cloud.common.v1.api_version"]))];
    let against = SOURCE.replace("read:shelves", "list:shelves").replace("patch:", "put:");
    common::request(shelf(&SOURCE.replace("{account_id}", "{acount_id}")), shelf(&against), &rules, &options)
}

#[test]
fn no_mutated_request_panics() {
    let original = &original();
    let found: BTreeSet<String> =
        common::check(original).unwrap().into_iter().map(|found| found.rule_id).collect();
    assert!(found.len() > 5, "{found:?}");
    std::panic::set_hook(Box::new(|_| {}));
    let results: Vec<_> = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..THREADS).map(|seed| scope.spawn(move || run(seed, original))).collect();
        workers.into_iter().map(|worker| worker.join()).collect()
    });
    let _ = std::panic::take_hook();
    let mut sum = Outcomes::default();
    for outcomes in results {
        let outcomes =
            outcomes.unwrap_or_else(|panic| panic!("{:?}", panic.downcast::<String>().unwrap_or_default()));
        sum.refused += outcomes.refused;
        sum.clean += outcomes.clean;
        sum.found += outcomes.found;
    }
    // The mutations must reach every depth; otherwise this test proves nothing.
    for (what, count) in [("refused", sum.refused), ("clean", sum.clean), ("found", sum.found)] {
        println!("{what}: {count}");
        assert!(count > 150, "{what}: {count}");
    }
}

#[test]
fn no_mutated_json_panics() {
    let text = r#"{"value": {"@type": "type.googleapis.com/buf.plugin.check.v1.CheckRequest", "fileDescriptors": [{"fileDescriptorProto":
        {"name": "a.proto", "package": "a", "syntax": "proto3",
         "service": [{"name": "S", "method": [{"name": "M", "inputType": ".a.R", "outputType": ".a.R", "options": {"deprecated": true}}]}],
         "messageType": [{"name": "R"}]}, "isImport": false}], "ruleIds": ["RUST_SDK_HTTP"]}}"#;
    let response = respond("check", Format::Json, text.as_bytes()).unwrap();
    let response: serde_json::Value = serde_json::from_slice(&response).unwrap();
    assert!(response.get("error").is_none(), "{response}");
    let mut random = Random(7);
    let mut outcomes = Outcomes::default();
    for _ in 0..300 {
        let mut bytes = text.as_bytes().to_vec();
        mutate(&mut bytes, &mut random);
        outcomes.add(Format::Json, &bytes);
    }
}
