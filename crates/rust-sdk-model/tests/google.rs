//! What the annotations of Google's APIs say about clients.

mod common;

use rust_sdk_model::api::{Follow, Method, Routing, RoutingParameter};
use rust_sdk_model::{Api, Code, Options, Severity};

/// A service with this host and these methods.
fn source(host: &str, methods: &str) -> String {
    let host = if host.is_empty() {
        String::new()
    } else {
        format!("option (google.api.default_host) = \"{host}\";")
    };
    format!(
        "syntax = \"proto3\"; package acme.v1;
         import \"google/api/annotations.proto\";
         import \"google/api/client.proto\";
         import \"google/api/routing.proto\";
         import \"google/protobuf/wrappers.proto\";
         message Part {{ string name = 4; google.protobuf.StringValue owner = 5; }}
         message Request {{ string name = 1; int32 size = 2; Part part = 3; }}
         message Response {{ string name = 1; }}
         service Shelves {{ {host} {methods} }}"
    )
}

fn methods(source: &str, options: &str) -> Vec<Method> {
    let options = Options::parse(options).unwrap();
    let mut api = Api::build(&common::request_of_source(source), options)
        .unwrap_or_else(|problems| panic!("{problems}"));
    let mut services = api.packages.iter_mut().flat_map(|package| &mut package.services);
    std::mem::take(&mut services.next().unwrap().methods)
}

fn routing(host: &str, method: &str, options: &str) -> Routing {
    methods(&source(host, method), options).remove(0).routing
}

const GET: &str = "rpc Get(Request) returns (Response) { option (google.api.http) = {
    get: \"/v1/{name=shelves/*}/{part.name}/{size}/{part.owner}\"
    additional_bindings { get: \"/v1/{part.name}\" } }; }";

#[test]
fn hosts_of_google_have_routing_headers() {
    let expected = Routing::Variables(vec![vec![1], vec![3, 4], vec![], vec![3, 5, 1]]);
    assert_eq!(routing("shelves.googleapis.com", GET, ""), expected);
    assert_eq!(routing("shelves.googleapis.com", GET, "routing_headers=off"), Routing::None);
    for host in ["", "shelves.example.com", "notgoogleapis.com"] {
        assert_eq!(routing(host, GET, ""), Routing::None, "{host}");
        assert_eq!(routing(host, GET, "routing_headers=on"), expected, "{host}");
    }
}

#[test]
fn a_rule_states_the_header_of_any_host() {
    let rule = |parameters: &str| {
        format!(
            "rpc Get(Request) returns (Response) {{
                option (google.api.http) = {{ get: \"/v1/{{name=shelves/*}}\" }};
                option (google.api.routing) = {{ {parameters} }}; }}"
        )
    };
    let parameter = |template: &str, field: &[u32]| RoutingParameter {
        template: template.to_owned(),
        field: field.to_vec(),
    };
    let two = rule(
        "routing_parameters { field: \"part.name\" }
         routing_parameters { field: \"name\" path_template: \"{shelf}\" }",
    );
    let expected =
        Routing::Parameters(vec![parameter("{part.name=**}", &[3, 4]), parameter("{shelf=*}", &[1])]);
    assert_eq!(routing("", &two, ""), expected);
    assert_eq!(expected.names(None), ["part.name", "shelf"]);
    assert_eq!(routing("", &two, "routing_headers=off"), Routing::None);
    assert_eq!(routing("shelves.googleapis.com", &rule(""), ""), Routing::None);
}

#[test]
fn nothing_routes_a_call_without_text() {
    for method in [
        // No variable, no text, no request before the headers.
        "rpc Get(Request) returns (Response) { option (google.api.http) = { get: \"/v1/shelves\" }; }",
        "rpc Get(Request) returns (Response) { option (google.api.http) = { get: \"/v1/{size}\" }; }",
        "rpc Get(Request) returns (Response);",
        "rpc Put(stream Request) returns (Response) { option (google.api.http) = { post: \"/v1/{name}\" body: \"*\" }; }",
        "rpc Put(stream Request) returns (Response) { option (google.api.routing) = { routing_parameters { field: \"name\" } }; }",
    ] {
        assert_eq!(routing("shelves.googleapis.com", method, ""), Routing::None, "{method}");
    }
    let stream =
        "rpc Get(Request) returns (stream Response) { option (google.api.http) = { get: \"/v1/{name}\" }; }";
    assert_eq!(routing("shelves.googleapis.com", stream, ""), Routing::Variables(vec![vec![1]]));
}

#[test]
fn a_wrong_parameter_can_be_left_out() {
    let text = source(
        "",
        "rpc Get(Request) returns (Response) { option (google.api.routing) = {
            routing_parameters { field: \"size\" } routing_parameters { field: \"name\" } }; }",
    );
    let request = common::request_of_source(&text);
    let problems = Api::build(&request, Options::default()).unwrap_err();
    assert_eq!(problems.iter().map(|problem| problem.code).collect::<Vec<_>>(), [Code::RoutingFieldType]);
    let options = Options::parse("warn=routing-field-type").unwrap();
    let api = Api::build(&request, options).unwrap();
    assert!(api.warnings.iter().all(|warning| warning.severity == Severity::Warning));
    let routing = &api.methods().next().unwrap().2.routing;
    assert_eq!(routing.names(None), ["name"]);
}

/// The fields that a client fills in, of a request with this field.
fn filled(field: &str, method: &str) -> Vec<String> {
    let text = format!(
        "syntax = \"proto3\"; package acme.v1;
         import \"google/api/field_behavior.proto\"; import \"google/api/field_info.proto\";
         message Request {{ string name = 1; {field} }}
         message Response {{}}
         service Shelves {{ {method} }}"
    );
    let method = methods(&text, "").remove(0);
    method.uuid_fields.into_iter().map(|field| format!("{} {}", field.name, field.number)).collect()
}

#[test]
fn request_ids_that_are_uuids_are_filled_in() {
    let uuid = "(google.api.field_info).format = UUID4";
    let unary = "rpc Put(Request) returns (Response);";
    assert_eq!(filled(&format!("string request_id = 7 [{uuid}];"), unary), ["request_id 7"]);
    assert_eq!(filled(&format!("optional string request_id = 7 [{uuid}];"), unary), ["request_id 7"]);
    for field in [
        "string request_id = 7;".to_owned(),
        "string request_id = 7 [(google.api.field_info).format = IPV4];".to_owned(),
        format!("string other_id = 7 [{uuid}];"),
        format!("bytes request_id = 7 [{uuid}];"),
        format!("repeated string request_id = 7 [{uuid}];"),
        format!("oneof one {{ string request_id = 7 [{uuid}]; }}"),
        format!("string request_id = 7 [{uuid}, (google.api.field_behavior) = REQUIRED];"),
    ] {
        assert!(filled(&field, unary).is_empty(), "{field}");
    }
    let field = format!("string request_id = 7 [{uuid}];");
    for method in
        ["rpc Put(stream Request) returns (Response);", "rpc Put(Request) returns (stream Response);"]
    {
        assert!(filled(&field, method).is_empty(), "{method}");
    }
}

#[test]
fn a_host_and_scopes_are_read() {
    let api = |services: &str| {
        let text = format!(
            "syntax = \"proto3\"; package acme.v1; import \"google/api/client.proto\";
             message Request {{}} {services}"
        );
        common::api_of_source(&text)
    };
    let service = |name: &str, options: &str| {
        format!("service {name} {{ {options} rpc DefaultHost(Request) returns (Request); }}")
    };
    let host = |host: &str| format!("option (google.api.default_host) = \"{host}\";");
    let scopes = "option (google.api.oauth_scopes) = \" https://a/b,\\nhttps://a/c , \";";

    let one = api(&service("A", &format!("{}{scopes}", host("a.example.com"))));
    let (_, described) = one.services().next().unwrap();
    assert_eq!(described.default_host.as_deref(), Some("a.example.com"));
    assert_eq!(described.oauth_scopes, ["https://a/b", "https://a/c"]);
    // The constant of a method gives way to that of the host.
    assert_ne!(described.methods[0].constant, "DEFAULT_HOST");
    assert_eq!(one.default_host(), Some("a.example.com"));

    let two = |second: &str| api(&(service("A", &host("a.example.com")) + &service("B", second)));
    assert_eq!(two(&host("a.example.com")).default_host(), Some("a.example.com"));
    assert_eq!(two(&host("b.example.com")).default_host(), None);
    assert_eq!(two("").default_host(), None);
    let none = api(&service("A", ""));
    assert_eq!(none.default_host(), None);
    assert_eq!(none.services().next().unwrap().1.methods[0].constant, "DEFAULT_HOST");
}

#[test]
fn operations_are_followed_with_the_routing_header_of_their_api() {
    let follow = |host: &str| {
        let text = format!(
            "syntax = \"proto3\"; package acme.v1;
             import \"google/api/annotations.proto\"; import \"google/api/client.proto\";
             import \"google/longrunning/operations.proto\";
             message Request {{ string name = 1; }}
             service Shelves {{
               option (google.api.default_host) = \"{host}\";
               rpc Build(Request) returns (google.longrunning.Operation) {{
                 option (google.api.http) = {{ post: \"/v1/{{name=shelves/*}}\" body: \"*\" }};
                 option (google.longrunning.operation_info) = {{ response_type: 'Request' metadata_type: 'Request' }};
               }}
             }}"
        );
        methods(&text, "").remove(0).long_running.unwrap().follow
    };
    let google = |routed| Follow::Google { version: "v1".to_owned(), routed };
    assert_eq!(follow("shelves.googleapis.com"), google(true));
    assert_eq!(follow("shelves.example.com"), google(false));
}
