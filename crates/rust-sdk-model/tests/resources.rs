//! The types of resource names, the fields that hold such names, and signatures.

mod common;

use rust_sdk_model::api::{Behavior, Resource};
use rust_sdk_model::{Api, Code, Options};

/// A package with these declarations.
fn source(declarations: &str) -> String {
    format!(
        "syntax = \"proto3\"; package acme.v1;
         import \"google/api/annotations.proto\"; import \"google/api/client.proto\";
         import \"google/api/field_behavior.proto\"; import \"google/api/resource.proto\";
         import \"places/v1/places.proto\";
         {declarations}"
    )
}

fn api(declarations: &str) -> Api {
    common::api_of_source(&source(declarations))
}

/// The functions of a resource: constructors with their parameters, then parts.
fn functions(resource: &Resource) -> Vec<String> {
    let constructors = resource.constructors.iter();
    let parts = resource.parts.iter();
    constructors
        .map(|constructor| format!("{}({})", constructor.function, constructor.parameters.join(", ")))
        .chain(parts.map(|part| format!("{}{}", part.function, if part.is_everywhere { "" } else { "?" })))
        .collect()
}

fn shelf(patterns: &[&str]) -> String {
    format!(
        "option (google.api.resource_definition) = {{ type: \"acme.example.com/Shelf\" pattern: {patterns:?} }};"
    )
}

#[test]
fn each_pattern_has_a_constructor_and_each_variable_a_getter() {
    for (patterns, expected) in [
        (&["shops/{shop}/shelves/{shelf}"][..], &["new(shop, shelf)", "shop", "shelf"][..]),
        (
            &["shops/{shop}/shelves/{shelf}", "malls/{mall}/shelves/{shelf}", "_lost-shelf_", "*"],
            &["new(shop, shelf)", "from_mall_shelf(mall, shelf)", "lost_shelf()", "shop?", "shelf?", "mall?"],
        ),
        // The same variables twice, keywords, and functions that a type has anyway.
        (
            &["a/{new}/b/{type}", "b/{new}/c/{type}", "c/{self}~{pattern}"],
            &[
                "new(new, r#type)",
                "from_new_type(new, r#type)",
                "from_self_pattern(self_, pattern)",
                "new_?",
                "r#type?",
                "self_?",
                "pattern_?",
            ],
        ),
        (&["users/{keyRing}/{key_ring}"], &["new(key_ring, key_ring_)", "key_ring", "key_ring_"]),
    ] {
        let api = api(&shelf(patterns));
        let resource = &api.packages[0].resources[0];
        assert_eq!(resource.name, "ShelfName");
        assert_eq!(resource.patterns, patterns);
        assert_eq!(functions(resource), expected);
    }
}

#[test]
fn types_keep_clear_of_other_items() {
    let api = api(&format!(
        "{}
         option (google.api.resource_definition) = {{ type: \"other.example.com/Shelf\" pattern: \"x/{{x}}\" }};
         option (google.api.resource_definition) = {{ type: \"third.example.com/Shelf\" pattern: \"*\" }};
         option (google.api.resource_definition) = {{ type: \"acme.example.com/Book\" pattern: \"books/{{book}}\" }};
         message BookName {{}} message AcmeBookName {{}}
         message Book {{ option (google.api.resource) = {{ type: \"acme.example.com/Book\" pattern: \"books/{{book}}\" pattern: \"tomes/{{book}}\" }}; }}",
        shelf(&["shops/{shop}"])
    ));
    let names: Vec<_> = api.packages[0]
        .resources
        .iter()
        .map(|resource| (resource.name.as_str(), resource.resource_type.as_str(), resource.patterns.len()))
        .collect();
    // Two definitions of one type are one resource. A type whose names have no form has no Rust type.
    assert_eq!(
        names,
        [
            ("AcmeBookName2", "acme.example.com/Book", 2),
            ("ShelfName", "acme.example.com/Shelf", 1),
            ("OtherShelfName", "other.example.com/Shelf", 1),
        ]
    );
}

#[test]
fn fields_know_what_they_name() {
    let api = api(&format!(
        "{}
         message Shelf {{ option (google.api.resource) = {{ type: \"acme.example.com/Box\" pattern: \"coasts/{{coast}}/boxes/{{box}}\" name_field: \"path\" }};
           string path = 1; string name = 2; }}
         message Request {{
           string shelf = 1 [(google.api.resource_reference).type = \"acme.example.com/Shelf\"];
           string parent = 2 [(google.api.resource_reference).child_type = \"acme.example.com/Box\"];
           repeated string ports = 3 [(google.api.resource_reference).type = \"places.example.com/Port\"];
           string any = 4 [(google.api.resource_reference).type = \"*\"];
           string far = 5 [(google.api.resource_reference).type = \"far.example.com/Away\"];
           bytes raw = 6 [(google.api.resource_reference).type = \"acme.example.com/Shelf\"];
           string shop = 7 [(google.api.resource_reference).child_type = \"acme.example.com/Shelf\"];
         }}",
        shelf(&["shops/{shop}/shelves/{shelf}", "malls/{mall}/shelves/{shelf}"])
    ));
    let package = &api.packages[0];
    let fields = package.messages.iter().flat_map(|message| &message.fields);
    let named: Vec<_> = fields
        .filter_map(|field| {
            let names = field.names.as_ref()?;
            let rust = names.rust.as_ref().map(|path| path.join("::")).unwrap_or_default();
            Some((field.name.clone(), rust, names.samples.join(" ")))
        })
        .collect();
    let expected = [
        ("path", "BoxName", "coasts/my-coast/boxes/my-box"),
        ("shelf", "ShelfName", "shops/my-shop/shelves/my-shelf malls/my-mall/shelves/my-shelf"),
        ("parent", "CoastName", "coasts/my-coast"),
        ("ports", "PortName", "coasts/my-coast/ports/my-port"),
        // No resource has the pattern of the parent.
        ("shop", "", "shops/my-shop malls/my-mall"),
    ];
    let expected = expected.map(|(field, rust, samples)| {
        let rust = if rust.is_empty() { rust.to_owned() } else { format!("v1::{rust}") };
        (field.to_owned(), rust, samples.to_owned())
    });
    assert_eq!(named, expected);
    // The referenced resources of imported files have types here, others do not.
    let own: Vec<&str> = package.resources.iter().map(|resource| resource.name.as_str()).collect();
    assert_eq!(own, ["BoxName", "ShelfName", "CoastName", "PortName"]);
}

#[test]
fn a_wrong_definition_is_left_out_or_an_error() {
    let request = common::request_of_source(&source(&shelf(&["shops/{shop", "shops/{shop}"])));
    let api = Api::build(&request, Options::default()).unwrap();
    let codes: Vec<Code> = api.warnings.iter().map(|warning| warning.code).collect();
    assert_eq!(codes, [Code::ResourceDefinition]);
    assert_eq!(api.packages[0].resources[0].patterns, ["shops/{shop}"]);
    assert!(Api::build(&request, Options::parse("lint=strict").unwrap()).is_err());
    let api =
        Api::build(&request, Options::parse("lint=strict,allow=resource-definition@acme").unwrap()).unwrap();
    assert_eq!(api.warnings.iter().count(), 0);
}

/// The parameters of a method with this request and these signatures.
fn arguments(fields: &str, options: &str) -> Vec<String> {
    let api = api(&format!(
        "message Request {{ {fields} }} message Response {{}}
         service Shelves {{ rpc Get(Request) returns (Response) {{ {options} }} }}"
    ));
    let (package, _, method) = api.methods().next().unwrap();
    let request = package.messages.iter().find(|message| message.name == "Request").unwrap();
    method.arguments.iter().map(|argument| request.fields[argument.field].name.clone()).collect()
}

#[test]
fn a_signature_that_names_all_parameters_orders_them() {
    const REQUIRED: &str = "[(google.api.field_behavior) = REQUIRED]";
    let fields = format!("string a = 1 {REQUIRED}; string b = 2 {REQUIRED}; string c = 3; string d = 4;");
    for (signatures, expected) in [
        (&[][..], ["a", "b"]),
        (&["a,b"], ["a", "b"]),
        (&["b,a"], ["b", "a"]),
        (&["b, a"], ["b", "a"]),
        // The first one that names them all; its other fields are setters.
        (&["b", "b,c,a", "a,b"], ["b", "a"]),
        // A signature with fewer fields takes no parameter away.
        (&["b"], ["a", "b"]),
        (&["", "x,b", "a.b"], ["a", "b"]),
    ] {
        let options =
            signatures.iter().map(|text| format!("option (google.api.method_signature) = \"{text}\";"));
        let options = options.collect::<Vec<_>>().concat();
        assert_eq!(arguments(&fields, &options), expected, "{signatures:?}");
    }
    // The fields of the path are parameters, too.
    let options = "option (google.api.http) = { get: \"/v1/{c}/{d}\" };
                   option (google.api.method_signature) = \"d,c,b,a\";";
    assert_eq!(arguments(&fields, options), ["d", "c", "b", "a"]);
}

#[test]
fn only_the_server_sets_what_is_output_only() {
    let api = api("message Shelf {
           string name = 1 [(google.api.field_behavior) = IDENTIFIER];
           string state = 2 [(google.api.field_behavior) = OUTPUT_ONLY];
           string size = 3 [(google.api.field_behavior) = IMMUTABLE, (google.api.field_behavior) = REQUIRED];
           string key = 4 [(google.api.field_behavior) = INPUT_ONLY];
         }
         service Shelves { rpc Create(Shelf) returns (Shelf); }");
    let shelf = &api.packages[0].messages[0];
    let setters: Vec<_> = shelf.request.as_ref().unwrap().setters.iter().map(Option::as_deref).collect();
    assert_eq!(setters, [Some("name"), None, Some("size"), Some("key")]);
    let behavior: Vec<_> = shelf.fields.iter().flat_map(|field| field.behavior.clone()).collect();
    assert_eq!(
        behavior,
        [Behavior::Identifier, Behavior::OutputOnly, Behavior::Immutable, Behavior::InputOnly]
    );
    assert!(shelf.fields[2].required);
    assert_eq!(shelf.fields[1].setter, "with_state");
}
