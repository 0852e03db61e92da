//! Long-running operations: which methods start one, with which types, and how it is followed.

mod common;

use rust_sdk_model::api::{
    Follow, FollowMethod, FollowMethods, LongRunning, Method, MethodRef, OperationFields, RustType,
};
use rust_sdk_model::{Api, Code, Options, Severity};

const GOOGLE: OperationFields = OperationFields { name: 1, done: 3, error: 4, response: 5, metadata: 2 };

fn kiln() -> Api {
    let options = Options::parse("crate_name=kiln,operation_option=kiln.jobs.v1.job").unwrap();
    Api::build(&common::request_for_folder("kiln"), options).unwrap_or_else(|problems| panic!("{problems}"))
}

fn method<'a>(api: &'a Api, name: &str) -> &'a Method {
    api.methods().map(|(.., method)| method).find(|method| method.name == name).unwrap()
}

fn operation<'a>(api: &'a Api, name: &str) -> &'a LongRunning {
    method(api, name).long_running.as_ref().unwrap()
}

fn types(operation: &LongRunning) -> (&str, Option<&str>) {
    (&operation.response.name, operation.metadata.as_ref().map(|ty| ty.name.as_str()))
}

fn google(version: &str) -> Follow {
    Follow::Google { version: version.to_owned(), routed: false }
}

fn services(api: &Api) -> Vec<&str> {
    api.services().map(|(_, service)| service.full_name.as_str()).collect()
}

/// The API of a file with a service of these methods, which may use the messages `Item`, `Request` and `Response`.
fn source(methods: &str, options: &str) -> Api {
    let source = format!(
        "syntax = \"proto3\"; package acme.shelves.v1; import \"google/api/annotations.proto\";
         import \"google/longrunning/operations.proto\";
         message Item {{ message Part {{ string id = 1; }} }} message Request {{ string id = 1; string parent = 2; }}
         service Shelves {{ {methods} }}"
    );
    let options = Options::parse(options).unwrap();
    Api::build(&common::request_of_source(&source), options).unwrap_or_else(|problems| panic!("{problems}"))
}

fn rpc(options: &str) -> String {
    format!("rpc Build(Request) returns (google.longrunning.Operation) {{ {options} }}")
}

fn info(response: &str, metadata: &str) -> String {
    let option = "option (google.longrunning.operation_info)";
    format!("{option} = {{ response_type: '{response}' metadata_type: '{metadata}' }};")
}

#[test]
fn the_option_states_the_types() {
    let api = kiln();
    let metadata = Some("kiln.v1.FiringMetadata");
    assert_eq!(types(operation(&api, "FirePiece")), ("kiln.v1.Piece", metadata));
    assert_eq!(types(operation(&api, "GrindPiece")), ("google.protobuf.Empty", metadata));
    assert_eq!(operation(&api, "GrindPiece").response.rust, RustType::Foreign("()".into()));
    // The package of this response is there although only the option names it.
    assert_eq!(operation(&api, "TakeStock").response.name, "kiln.reports.v1.Stock");
    let package = api.package("kiln.v1").unwrap();
    assert!(package.needs.contains(&"reports-v1".to_owned()), "{:?}", package.needs);
    let stock = &api.package("kiln.reports.v1").unwrap().messages[0];
    assert!(stock.uses.output && !stock.uses.input, "{:?}", stock.uses);
    assert_eq!(operation(&api, "FireAll").follow, google("v1"));
    assert_eq!(method(&api, "SmashPiece").long_running, None);
    assert_eq!(method(&api, "GetOperation").long_running, None);
    assert!(api.option_types.method.is_empty(), "{:?}", api.option_types.method);
}

#[test]
fn googles_operations_are_followed_below_the_methods_version() {
    let api = kiln();
    assert_eq!(operation(&api, "FirePiece").follow, google("v1"));
    assert_eq!(operation(&api, "TakeStock").follow, google("v2"));
    for (binding, version) in [
        ("", "v1"),
        ("option (google.api.http) = { get: '/v1beta1/{id}' };", "v1beta1"),
        ("option (google.api.http) = { get: '/{id}' };", "v1"),
        ("option (google.api.http) = { get: '/v2/{id}' additional_bindings { get: '/v3/{id}' } };", "v2"),
    ] {
        let api = source(&rpc(&format!("{binding} {}", info("Item", "Request"))), "");
        assert_eq!(operation(&api, "Build").follow, google(version), "{binding}");
    }
}

#[test]
fn an_apis_own_operations_are_followed_by_its_own_methods() {
    let api = kiln();
    let method = |index, field| FollowMethod {
        method: MethodRef { service: "kiln.jobs.v1.JobService".into(), index },
        field,
    };
    let follow = Follow::Methods(FollowMethods {
        fields: OperationFields { name: 1, done: 6, error: 8, response: 9, metadata: 7 },
        get: method(0, 1),
        cancel: Some(method(1, 3)),
        delete: None,
    });
    assert_eq!(operation(&api, "MixGlaze").follow, follow);
    assert_eq!(
        types(operation(&api, "MixGlaze")),
        ("kiln.glaze.v1.Glaze", Some("kiln.glaze.v1.MixingMetadata"))
    );
    assert_eq!(
        (types(operation(&api, "TestGlaze")), &operation(&api, "TestGlaze").follow),
        (("kiln.glaze.v1.GlazeTest", None), &follow)
    );
}

/// Where a file of the API gives `google.longrunning.Operations` other paths, those are the ones that its server has.
#[test]
fn other_paths_of_the_operations_service_are_used() {
    let mut request = common::request_for_folder("kiln");
    // Of the same length, so that the bytes around it stay valid.
    let (old, new) = (b"/v1/{name=operations/**}", b"/v1/{name=studios/*/ops}");
    for encoded in &mut request.proto_file {
        let mut file = encoded.to_vec();
        while let Some(at) = file.windows(old.len()).position(|window| window == old) {
            file[at..at + old.len()].copy_from_slice(new);
        }
        *encoded = file.into();
    }
    let api = Api::build(&request, Options::parse("crate_name=kiln").unwrap()).unwrap();
    let Follow::Methods(methods) = &operation(&api, "FirePiece").follow else { panic!("by its own version") };
    assert_eq!((methods.fields, methods.get.field), (GOOGLE, 1));
    assert_eq!(methods.get.method.service, "google.longrunning.Operations");
    assert!(methods.cancel.is_some() && methods.delete.is_some());
}

#[test]
fn names_are_looked_up_from_the_package_outwards() {
    for (name, full_name) in [
        ("Item", "acme.shelves.v1.Item"),
        ("Item.Part", "acme.shelves.v1.Item.Part"),
        ("v1.Item", "acme.shelves.v1.Item"),
        ("shelves.v1.Item", "acme.shelves.v1.Item"),
        (".acme.shelves.v1.Item", "acme.shelves.v1.Item"),
        // Nothing imports their files.
        ("google.protobuf.Struct", "google.protobuf.Struct"),
        (".google.protobuf.Timestamp", "google.protobuf.Timestamp"),
    ] {
        let api = source(&rpc(&info(name, "Item")), "");
        assert_eq!(operation(&api, "Build").response.name, full_name);
    }
}

#[test]
fn for_consumers_a_mistake_makes_the_method_an_ordinary_one() {
    for (options, code) in [
        (info("Itme", "Item"), Code::OperationUnknownType),
        (info("", "Item"), Code::OperationUnknownType),
        (String::new(), Code::OperationUnstated),
    ] {
        let api = source(&rpc(&options), "");
        let problems: Vec<_> = api.warnings.iter().map(|problem| (problem.severity, problem.code)).collect();
        assert_eq!(problems, [(Severity::Warning, code)], "{options}");
        assert_eq!(method(&api, "Build").long_running, None);
        assert!(source(&rpc(&options), &format!("allow={code}")).warnings.is_empty());
    }
    // Without its metadata, an operation can be followed.
    let api = source(&rpc(&info("Item", "Nowhere")), "");
    assert_eq!((types(operation(&api, "Build")).1, api.warnings.iter().count()), (None, 1));
    let api = source(&rpc(&info("Item", "")), "");
    assert_eq!((types(operation(&api, "Build")).1, api.warnings.iter().count()), (None, 0));
}

#[test]
fn the_operations_service_is_generated_where_it_is_needed() {
    let started = rpc(&info("Item", "Item"));
    let api = source(&started, "");
    assert_eq!(services(&api), ["acme.shelves.v1.Shelves", "google.longrunning.Operations"]);
    // Not for a method that only returns an operation, nor where the types are another crate's.
    assert_eq!(services(&source(&rpc(""), "")), ["acme.shelves.v1.Shelves"]);
    let externs = "extern_path=.google.longrunning=::operations,extern_path=.google.rpc=::operations";
    assert_eq!(services(&source(&started, externs)), ["acme.shelves.v1.Shelves"]);
    // A file that is only imported states no access.
    let api = common::request_of_source(&format!(
        "syntax = \"proto3\"; package a.v1; import \"google/longrunning/operations.proto\";
         import \"lumen/cloud/common/v1/common.proto\"; message Item {{}} message Request {{ string id = 1; string b = 2; }}
         service S {{ {} }}",
        rpc(&format!("option (lumen.cloud.common.v1.requires_authentication) = false; {}", info("Item", "Item")))
    ));
    let api = Api::build(&api, Options::default()).unwrap_or_else(|problems| panic!("{problems}"));
    assert_eq!((services(&api), &operation(&api, "Build").follow), (vec!["a.v1.S"], &google("v1")));
}

#[test]
fn the_plugin_option_switches_operations_off() {
    let api = source(&rpc(&info("Item", "Item")), "operation_option=-");
    assert_eq!((&method(&api, "Build").long_running, api.warnings.is_empty()), (&None, true));
    // Then the option is a typed constant, as every other.
    assert_eq!(method(&api, "Build").custom_options[0].full_name, "google.longrunning.operation_info");
}
