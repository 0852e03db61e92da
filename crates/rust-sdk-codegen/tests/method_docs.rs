//! What rustdoc says of a method: its facts, its setters, and how it is called by curl and grpcurl.

mod common;

const MESSAGES: &str = "
    enum Kind { KIND_UNSPECIFIED = 0; KIND_ONE = 1; }
    message Owner { string id = 1; }
    message Cluster { string account_id = 1; string id = 2; Owner owner = 3; string name = 4; }
    message Update { Cluster cluster = 1 [(buf.validate.field).required = true]; bool dry_run = 2; }
    message Get {
      string account_id = 1; string cluster_id = 2 [(buf.validate.field).string = {uuid: true}];
      Kind kind = 3 [(buf.validate.field).enum = {not_in: [0]}]; string type = 4; string old = 5 [deprecated = true];
    }
    message Many { string a = 1; string b = 2; string c = 3; string d = 4; string e = 5; string f = 6; string g = 7;
      string h = 8; string i = 9; string j = 10; string k = 11; string l = 12; }";

/// The lines above the function `call` of a service with this method.
fn docs(comment: &str, request: &str, options: &str) -> Vec<String> {
    let text = format!(
        "syntax = \"proto3\"; package a.v1;
         import \"buf/validate/validate.proto\"; import \"google/api/annotations.proto\";
         import \"lumen/cloud/common/v1/common.proto\";
         {MESSAGES}
         service S {{\n{comment}\nrpc Call({request}) returns (Owner) {{ {options} }} }}"
    );
    let files = common::files_of_source(&text, "crate_name=a");
    let service = files.iter().find(|(path, _)| path.ends_with("/s.rs")).unwrap().1;
    let before = service.split("pub fn call(").next().unwrap();
    let lines = before.rsplit("\n\n").next().unwrap().lines();
    lines.map(|line| line.trim().trim_start_matches("/// ").to_owned()).collect()
}

fn shell(request: &str, options: &str) -> Vec<String> {
    let is_shell = |line: &String| line.starts_with("curl") || line.starts_with("grpcurl");
    docs("", request, options).into_iter().filter(is_shell).collect()
}

const AUTHORIZATION: &str = "-H \"Authorization: $AUTHORIZATION\"";

#[test]
fn what_is_in_the_path_is_left_out_of_the_body() {
    let update = |body: &str| {
        shell(
            "Update",
            &format!(
                "option (lumen.cloud.common.v1.permissions) = \"w\";
                 option (lumen.cloud.common.v1.account_id_expression) = \"cluster.account_id\";
                 option (google.api.http) = {{ put: \"/v1/{{cluster.owner.id}}/{{cluster.id}}\", body: \"{body}\" }};"
            ),
        )
    };
    let members = "{\"accountId\": \"account-id\", \"owner\": {\"id\": \"id\"}, \"id\": \"id\"}";
    let grpcurl = format!("grpcurl {AUTHORIZATION} -d '{{\"cluster\": {members}}}' \"$HOST\" a.v1.S/Call");
    let url = "\"$URL/v1/$CLUSTER_OWNER_ID/$CLUSTER_ID\"";
    let left = "{\"accountId\": \"account-id\", \"owner\": {}}";
    assert_eq!(
        update("*"),
        [format!("curl -X PUT {AUTHORIZATION} --json '{{\"cluster\": {left}}}' {url}"), grpcurl.clone()]
    );
    assert_eq!(update("cluster"), [format!("curl -X PUT {AUTHORIZATION} --json '{left}' {url}"), grpcurl]);
}

#[test]
fn what_is_in_neither_goes_to_the_query() {
    let options = "option (lumen.cloud.common.v1.permissions) = \"r\"; option (google.api.http) = { get: \"/v1/{cluster_id}\" };";
    assert_eq!(
        shell("Get", options),
        [
            format!("curl {AUTHORIZATION} \"$URL/v1/$CLUSTER_ID?accountId=account-id&kind=1\""),
            format!(
                "grpcurl {AUTHORIZATION} -d '{{\"accountId\": \"account-id\", \"clusterId\": \"cluster-id\", \"kind\": 1}}' \"$HOST\" a.v1.S/Call"
            ),
        ]
    );
}

#[test]
fn public_methods_need_no_authorization() {
    let options = "option (lumen.cloud.common.v1.requires_authentication) = false; option (google.api.http) = { get: \"/v1\" };";
    assert_eq!(shell("Owner", options), ["curl \"$URL/v1\"", "grpcurl \"$HOST\" a.v1.S/Call"]);
}

#[test]
fn facts_are_a_list_of_their_own() {
    let public = "option (lumen.cloud.common.v1.requires_authentication) = false;";
    let facts = |comment: &str, bullet: &str| -> Vec<String> {
        let docs = docs(comment, "Owner", public);
        docs.into_iter().filter(|line| line.starts_with(bullet)).collect()
    };
    assert_eq!(
        facts("// Needs:\n// - this", "* "),
        [
            "* Access: public, no authentication",
            "* Retries: only if nothing was sent, unless the call has an `idempotency_key`.",
            "* Optional setters: `id`"
        ]
    );
    assert_eq!(
        facts("// Needs:\n// * this", "- "),
        [
            "- Access: public, no authentication",
            "- Retries: only if nothing was sent, unless the call has an `idempotency_key`.",
            "- Optional setters: `id`"
        ]
    );
}

#[test]
fn setters_are_named() {
    let setters = |request: &str, options: &str| -> Vec<String> {
        let docs = docs("", request, options);
        let names = |line: &String| {
            line.starts_with("* Required setters:") || line.starts_with("* Optional setters:")
        };
        docs.into_iter().filter(names).collect()
    };
    let read = "option (lumen.cloud.common.v1.permissions) = \"r\";";
    assert_eq!(setters("Get", read), ["* Optional setters: `account_id` (default: the client's), `r#type`"]);
    let public = "option (lumen.cloud.common.v1.requires_authentication) = false;";
    let first = "* Optional setters: `a`, `b`, `c`, `d`, `e`, `f`, `g`, `h`, `i`, `j`, …";
    assert_eq!(setters("Many", public), [first]);
    // Too many to be parameters.
    let path = format!(
        "{public} option (google.api.http) = {{ get: \"/{{a}}/{{b}}/{{c}}/{{d}}/{{e}}/{{f}}/{{g}}\" }};"
    );
    assert_eq!(
        setters("Many", &path),
        [
            "* Required setters: `a`, `b`, `c`, `d`, `e`, `f`, `g`",
            "* Optional setters: `h`, `i`, `j`, `k`, `l`"
        ]
    );
}

#[test]
fn a_deprecation_says_why() {
    let options = "option deprecated = true; option (lumen.cloud.common.v1.requires_authentication) = false;";
    let deprecated = |comment: &str| {
        let docs = docs(comment, "Owner", options);
        docs[docs.iter().position(|line| line.starts_with("#[deprecated")).unwrap()].clone()
    };
    assert_eq!(deprecated("// Calls."), "#[deprecated]");
    assert_eq!(
        deprecated("// Calls.\n//\n// Deprecated: call\n// another.\n// Needs: much"),
        "#[deprecated(note = \"call another.\")]"
    );
}

#[test]
fn a_required_mask_is_made_of_a_field() {
    let source = "syntax = \"proto3\"; package a.v1;
         import \"buf/validate/validate.proto\"; import \"google/protobuf/field_mask.proto\";
         message Shelf { string name = 1; string title = 2; }
         message UpdateShelfRequest {
           Shelf shelf = 1 [(buf.validate.field).required = true];
           google.protobuf.FieldMask update_mask = 2 [(buf.validate.field).required = true];
         }
         service S { rpc UpdateShelf(UpdateShelfRequest) returns (Shelf); }";
    let files = common::files_of_source(source, "crate_name=a");
    let call = "update_shelf(Shelf::default().with_title(\"title\"), Shelf::mask().title())";
    for (path, text) in [("docs", &files["src/v1/s.rs"]), ("README", &files["README.md"])] {
        assert!(text.contains(call), "{path}: {text}");
    }
}

/// The Rust of the method's example, without hidden lines.
fn example(source: &str, function: &str) -> Vec<String> {
    let source =
        format!("syntax = \"proto3\"; package a.v1; import \"google/protobuf/field_mask.proto\"; {source}");
    let text = &common::files_of_source(&source, "crate_name=a")["src/v1/s.rs"];
    let before = text.split(&format!("pub fn {function}(")).next().unwrap();
    let example = before.rsplit("```no_run\n").next().unwrap().split("```").next().unwrap();
    let lines = example.lines().map(|line| line.trim().trim_start_matches("///").trim());
    lines.filter(|line| !line.is_empty() && !line.starts_with('#')).map(str::to_owned).collect()
}

#[test]
fn an_example_reads_what_a_user_wants() {
    let source = "import \"buf/validate/validate.proto\";
         message Shelf { string id = 1; string title = 2; Kind kind = 3; }
         enum Kind { KIND_UNSPECIFIED = 0; KIND_OPEN = 1; }
         message GetShelfRequest { string id = 1; }
         message GetShelfResponse { Shelf shelf = 1 [(buf.validate.field).required = true]; }
         message ListShelvesRequest { int32 page_size = 1; string page_token = 2; }
         message ListShelvesResponse { repeated Shelf shelves = 1; string next_page_token = 2; }
         message UpdateShelfRequest { Shelf shelf = 1; google.protobuf.FieldMask update_mask = 2; }
         service S {
           rpc GetShelf(GetShelfRequest) returns (GetShelfResponse);
           rpc ListShelves(ListShelvesRequest) returns (ListShelvesResponse);
           rpc UpdateShelf(UpdateShelfRequest) returns (Shelf);
         }";
    assert_eq!(example(source, "get_shelf"), ["let shelf = client.s().get_shelf().await?.into_shelf()?;"]);
    assert_eq!(
        example(source, "list_shelves"),
        [
            "let mut items = client.s().list_shelves().items();",
            "while let Some(item) = items.item().await? {",
            "println!(\"{item:?}\");",
            "}"
        ]
    );
    // Without a mask, it would replace the whole resource.
    let update = example(source, "update_shelf").join(" ");
    assert!(update.contains(".update_mask(Shelf::mask().title())"), "{update}");
}

#[test]
fn an_example_names_two_types_of_one_name_apart() {
    let source = "message A { message Kind {} } message B { message Kind {} } message Client {}
         import \"buf/validate/validate.proto\";
         message R {
           A.Kind a = 1 [(buf.validate.field).required = true];
           B.Kind b = 2 [(buf.validate.field).required = true];
           Client c = 3 [(buf.validate.field).required = true];
         }
         service S { rpc Call(R) returns (A); }";
    assert_eq!(
        example(source, "call").join(" "),
        "use a::v1::a::Kind; let response = client .s() .call( Kind::default(), a::v1::b::Kind::default(), \
         a::v1::Client::default(), ) .await?;"
    );
}
