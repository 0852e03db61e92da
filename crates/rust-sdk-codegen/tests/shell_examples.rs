//! The lines of curl and grpcurl in documentation, run in real shells: the command gets what it should, and nothing else runs.

mod common;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io::Write as _;
use std::process::{Command, Stdio};

/// The shells that are there, with what makes them behave as at a prompt. `cargo xtask test` reports those that are not.
fn shells() -> Vec<(&'static str, &'static [&'static str], &'static str)> {
    let all: [(&str, &[&str], &str); 3] = [
        ("bash", &["--norc"], "set -o history -o histexpand\n"),
        ("zsh", &["-f"], "setopt banghist\n"),
        ("dash", &[], ""),
    ];
    all.into_iter().filter(|(shell, ..)| Command::new(shell).args(["-c", ":"]).status().is_ok()).collect()
}

/// The commands in the documentation of a service with this method.
fn commands(request: &str, http: &str) -> Vec<String> {
    let source = format!(
        "syntax = \"proto3\"; package a.v1;
         import \"google/api/annotations.proto\"; import \"google/api/httpbody.proto\";
         import \"buf/validate/validate.proto\"; import \"google/protobuf/field_mask.proto\";
         message Out {{}}
         {request}
         service S {{ rpc Call(In) returns (Out) {{ option (google.api.http) = {{ {http} }}; }} }}"
    );
    let files = common::files_of_source(&source, "crate_name=a");
    let service = files.iter().find(|(path, _)| path.ends_with("/s.rs")).unwrap().1;
    let lines = service.lines().map(|line| line.trim().trim_start_matches("/// "));
    lines
        .filter(|line| line.starts_with("curl ") || line.starts_with("grpcurl "))
        .map(str::to_owned)
        .collect()
}

/// The arguments that a command gets in this shell, where each variable holds its own name in lower case.
fn arguments(shell: &(&str, &[&str], &str), command: &str) -> Vec<String> {
    let (shell, options, settings) = shell;
    let mut script = (*settings).to_owned();
    script.push_str("show() { for a in \"$@\"; do printf '<%s>\\n' \"$a\"; done; }\ncurl() { show \"$@\"; }\ngrpcurl() { show \"$@\"; }\n");
    for name in ["ACCOUNT_ID", "AUTHORIZATION", "CONTENT_TYPE", "FILE", "HOST", "ID", "URL"] {
        let _ = writeln!(script, "{name}={}", name.to_lowercase());
    }
    script.push_str(command);
    script.push('\n');
    let mut child = Command::new(shell)
        .args(*options)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(script.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && errors.is_empty(), "{shell}: {errors}\n{script}");
    let out = String::from_utf8(output.stdout).unwrap();
    out.lines()
        .map(|line| line.strip_prefix('<').and_then(|line| line.strip_suffix('>')).expect(line).to_owned())
        .collect()
}

/// The variables that a command without single quotes names.
fn variables(command: &str) -> BTreeSet<&str> {
    let is_name = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
    command.split('$').skip(1).map(|rest| rest.split(|c| !is_name(c)).next().unwrap()).collect()
}

/// That curl is given these arguments, and grpcurl those.
fn assert_arguments(request: &str, http: &str, curl: &[&str], grpcurl: &[&str]) {
    let commands = commands(request, http);
    for shell in &shells() {
        assert_eq!(arguments(shell, &commands[0]), curl, "{}: {}", shell.0, commands[0]);
        assert_eq!(arguments(shell, &commands[1]), grpcurl, "{}: {}", shell.0, commands[1]);
    }
}

const AUTHORIZATION: [&str; 2] = ["-H", "Authorization: authorization"];

#[test]
fn templates_are_text() {
    let request = "message In { string account_id = 1; string name = 2; }";
    for text in ["$(rm)", "$HOME", "a!b", "!!", "it's", "~", "a&b;c", "(a)", "=ls", "%24(x)", "$'", "'$"] {
        let template = format!("/x/{text}/{{account_id}}/{text}");
        let url = format!("url/x/{text}/account_id/{text}");
        let [header, value] = AUTHORIZATION;
        assert_arguments(
            request,
            &format!("get: \"{template}\""),
            &[header, value, &url],
            &[header, value, "-d", "{\"accountId\": \"account-id\"}", "host", "a.v1.S/Call"],
        );
    }
}

#[test]
fn verbs_behind_variables_are_no_part_of_them() {
    let [header, value] = AUTHORIZATION;
    for verb in ["watch", "suspend", "t", "h", "s/a/b/", "r$(id)", "-x", "A_b"] {
        // A slash ends a verb.
        let verb = verb.split('/').next().unwrap();
        assert_arguments(
            "message In { string id = 1; }",
            &format!("post: \"/v1/things/{{id}}:{verb}\" body: \"*\""),
            &[header, value, "--json", "{}", &format!("url/v1/things/id:{verb}")],
            &[header, value, "-d", "{\"id\": \"id\"}", "host", "a.v1.S/Call"],
        );
    }
}

#[test]
fn names_in_json_are_text() {
    for (name, json) in [
        ("x'; id; '", "{\"x'; id; '\": \"value\"}"),
        ("x\\\"y", "{\"x\\\"y\": \"value\"}"),
        ("$(id)`id`!!", "{\"$(id)`id`!!\": \"value\"}"),
        ("a\\\\b", "{\"a\\\\b\": \"value\"}"),
        ("\u{202e}", "{\"\\u202e\": \"value\"}"),
    ] {
        let request = format!(
            "message In {{ string value = 1 [json_name = \"{name}\", (buf.validate.field).required = true]; }}"
        );
        let [header, value] = AUTHORIZATION;
        assert_arguments(
            &request,
            "post: \"/v1\" body: \"*\"",
            &[header, value, "--json", json, "url/v1"],
            &[header, value, "-d", json, "host", "a.v1.S/Call"],
        );
    }
}

#[test]
fn names_in_queries_are_escaped() {
    let [header, value] = AUTHORIZATION;
    assert_arguments(
        "message In { string value = 1 [json_name = \"x'&$(id)\\\"é\", (buf.validate.field).required = true]; string id = 2; }",
        "get: \"/v1/{id}\"",
        &[header, value, "url/v1/id?x%27%26%24%28id%29%22%C3%A9=value"],
        &[header, value, "-d", "{\"x'&$(id)\\\"é\": \"value\", \"id\": \"id\"}", "host", "a.v1.S/Call"],
    );
}

#[test]
fn custom_kinds_are_text() {
    let [header, value] = AUTHORIZATION;
    for kind in ["REPORT", "A$B", "!A", "it's", "`A`", "A|B&C"] {
        assert_arguments(
            "message In {}",
            &format!("custom: {{ kind: \"{kind}\" path: \"/v1\" }}"),
            &["-X", kind, header, value, "url/v1"],
            &[header, value, "host", "a.v1.S/Call"],
        );
    }
    assert_arguments(
        "message In {}",
        "custom: { kind: \"HEAD\" path: \"/v1\" }",
        &["--head", header, value, "url/v1"],
        &[header, value, "host", "a.v1.S/Call"],
    );
}

#[test]
fn a_body_of_bytes_comes_from_a_file() {
    let [header, value] = AUTHORIZATION;
    let http_body = ["-H", "Content-Type: content_type", "--data-binary", "@file", "url/v1"];
    assert_arguments(
        "message In { string id = 1; google.api.HttpBody body = 2; }",
        "post: \"/v1\" body: \"body\"",
        &[&[header, value], &http_body[..]].concat(),
        &[header, value, "-d", "{\"body\": {}}", "host", "a.v1.S/Call"],
    );
}

#[test]
fn a_required_mask_names_a_field() {
    let [header, value] = AUTHORIZATION;
    let json = "{\"shelf\": {}, \"updateMask\": \"displayTitle\"}";
    assert_arguments(
        "message Shelf { string name = 1; string display_title = 2; }
         message In {
           Shelf shelf = 1 [(buf.validate.field).required = true];
           google.protobuf.FieldMask update_mask = 2 [(buf.validate.field).required = true];
         }",
        "patch: \"/v1\" body: \"shelf\"",
        &["-X", "PATCH", header, value, "--json", "{}", "url/v1?updateMask=display_title"],
        &[header, value, "-d", json, "host", "a.v1.S/Call"],
    );
}

/// Every variable that a shell starts with, and those that examples use: a field of the same name gets another.
#[test]
fn no_variable_is_a_shells() {
    let mut names: BTreeSet<String> = [
        "PATH",
        "HOME",
        "IFS",
        "PWD",
        "OLDPWD",
        "URL",
        "HOST",
        "AUTHORIZATION",
        "FILE",
        "PS1",
        "BASH_ENV",
        "LD_PRELOAD",
        "LC_ALL",
    ]
    .map(str::to_owned)
    .into();
    for (shell, options, _) in &shells() {
        let list = match *shell {
            "bash" => "compgen -A variable",
            "zsh" => "print -l ${(k)parameters}",
            _ => continue,
        };
        // Without what the test itself was started with.
        let output = Command::new(shell)
            .args(*options)
            .args(["-c", list])
            .env_clear()
            .env("PATH", "/usr/bin:/bin")
            .output()
            .unwrap();
        let list = String::from_utf8(output.stdout).unwrap();
        assert!(list.lines().count() > 10, "{list}");
        names.extend(list.lines().map(str::to_owned));
    }
    names.retain(|name| {
        name.starts_with(|c: char| c.is_ascii_uppercase()) && !name.contains(|c: char| c.is_ascii_lowercase())
    });
    for name in names {
        let field = name.to_lowercase();
        let request = format!("message In {{ string {field} = 1; }}");
        let commands = commands(&request, &format!("get: \"/v1/{{{field}}}\""));
        let others: Vec<&str> = variables(&commands[0])
            .into_iter()
            .filter(|name| !["AUTHORIZATION", "URL"].contains(name))
            .collect();
        assert!(others.len() == 1 && others[0] != name, "{}", commands[0]);
    }
}
