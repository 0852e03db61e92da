//! Texts in options that would act where they are printed.

mod common;

use rust_sdk_model::text::is_invisible;

const OPTIONS: &str = r#"
syntax = "proto3";
package a.options.v1;
import "google/protobuf/descriptor.proto";
extend google.protobuf.MethodOptions {
  repeated string permissions = 50001;
  string account_id_expression = 50002;
  bool requires_authentication = 50003;
  string label = 50004;
}
extend google.protobuf.ServiceOptions { string api_version = 50005; }
"#;

/// With names of characters that rustc accepts in no literal.
const SERVICE: &str = r#"
syntax = "proto3";
package a.v1;
import "a/options.proto";
// Calls. RLO A LRIcomment.
service S {
  option (a.options.v1.api_version) = "1RLO\n```\nstd::process::abort();\n```\n";
  // (-- RLO --) Calls `itRLO`.
  rpc Call(In) returns (In) {
    option (a.options.v1.permissions) = "readRLO`:a\n```";
    option (a.options.v1.permissions) = "TAG\x7f|<b>";
    option (a.options.v1.label) = "LRI```";
  }
}
message In { string account_id = 1; }
"#;

fn files(options: &str) -> rust_sdk_codegen::Files {
    let service = SERVICE.replace("RLO", "\u{202e}").replace("LRI", "\u{2066}").replace("TAG", "\u{e0001}");
    let sources = vec![("a/options.proto", OPTIONS.to_owned()), ("a/s.proto", service)];
    common::files_of(sources, &format!("crate_name=a,server=on{options}"))
}

#[test]
fn no_character_acts_in_any_file() {
    for (path, text) in files("").into_iter().chain(files(",layout=modules")) {
        let found = text.char_indices().find(|(_, c)| is_invisible(*c) && *c != '\n');
        if let Some((at, c)) = found {
            panic!("{path}: {c:?} behind {:?}", &text[..at].lines().next_back());
        }
    }
}

#[test]
fn access_json_holds_the_names_as_they_are() {
    let access: serde_json::Value = serde_json::from_str(&files("")["access.json"]).unwrap();
    let method = &access["methods"]["a.v1.S/Call"];
    assert_eq!(method["permissions"], serde_json::json!(["read\u{202e}`:a\n```", "\u{e0001}\u{7f}|<b>"]));
    assert_eq!(access["permissions"].as_object().unwrap().len(), 2);
}

#[test]
fn no_text_of_an_option_leaves_its_code_span() {
    let files = files("");
    for (path, text) in &files {
        let code = text.lines().filter(|line| line.contains("process::abort"));
        for line in code {
            let is_literal = line.contains("\"1\\u{202e}\\n") || line.contains("\"1\\u202e\\n");
            let is_span = line.contains("`1\\u{202e}\\u{a}```");
            assert!(is_literal || is_span, "{path}: {line}");
        }
    }
    let permissions = &files["PERMISSIONS.md"];
    assert!(permissions.contains(r"```` read\u{202e}`:a\u{a}``` ````"), "{permissions}");
}

/// Each message holds the next one three times: 3⁶⁰ paths to the last. What a struct derives depends on the structs in it.
#[test]
fn messages_that_multiply_take_no_time() {
    const DEPTH: usize = 60;
    let mut proto = "syntax = \"proto3\";\npackage a.v1;\nmessage D60 { string x = 1; }\n".to_owned();
    for level in 0..DEPTH {
        let fields =
            "NEXT a = 1; NEXT b = 2; optional NEXT c = 3;".replace("NEXT", &format!("D{}", level + 1));
        proto += &["message D", &level.to_string(), " { ", &fields, " }\n"].concat();
    }
    proto += "service S { rpc Call(D0) returns (D0); }\n";
    let start = std::time::Instant::now();
    let files = common::files_of_source(&proto, "crate_name=a,server=on");
    assert!(start.elapsed() < std::time::Duration::from_secs(20), "{:?}", start.elapsed());
    let messages = files.values().filter(|text| text.contains("pub struct D59")).count();
    assert_eq!(messages, 1);
}
