//! Requests that no compiler makes. Each gets a response soon, on the stack of a test thread.

mod common;

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use prost::Message as _;
use prost_types::field_descriptor_proto::{Label, Type};
use prost_types::{
    DescriptorProto, FieldDescriptorProto, FileDescriptorProto, MethodDescriptorProto, ServiceDescriptorProto,
};
use rust_sdk_model::plugin::CodeGeneratorRequest;
use rust_sdk_model::{Api, Code, Diagnostics, Options};

const DEEP: usize = 10_000;

fn field(name: &str, number: i32, type_name: &str) -> FieldDescriptorProto {
    FieldDescriptorProto {
        name: Some(name.to_owned()),
        number: Some(number),
        label: Some(Label::Optional as i32),
        r#type: Some(Type::Message as i32),
        type_name: Some(type_name.to_owned()),
        ..Default::default()
    }
}

fn message(name: &str, field: Vec<FieldDescriptorProto>) -> DescriptorProto {
    DescriptorProto { name: Some(name.to_owned()), field, ..Default::default() }
}

fn file(name: &str, package: &str, dependency: Vec<String>) -> FileDescriptorProto {
    FileDescriptorProto {
        name: Some(name.to_owned()),
        package: Some(package.to_owned()),
        dependency,
        syntax: Some("proto3".to_owned()),
        ..Default::default()
    }
}

/// A service with `GET /v1` of this message.
fn get(file: &mut FileDescriptorProto, input: &str) {
    file.service.push(ServiceDescriptorProto {
        name: Some("S".to_owned()),
        method: vec![MethodDescriptorProto {
            name: Some("Get".to_owned()),
            input_type: Some(input.to_owned()),
            output_type: Some(input.to_owned()),
            ..Default::default()
        }],
        ..Default::default()
    });
}

/// The `google.api.http` option of such a method, which prost-types cannot hold.
fn with_http(file: &FileDescriptorProto) -> Vec<u8> {
    #[derive(Clone, PartialEq, prost::Message)]
    struct Rule {
        #[prost(string, tag = "2")]
        get: String,
    }
    #[derive(Clone, PartialEq, prost::Message)]
    struct MethodOptions {
        #[prost(message, optional, tag = "72295728")]
        http: Option<Rule>,
    }
    #[derive(Clone, PartialEq, prost::Message)]
    struct Method {
        #[prost(string, tag = "1")]
        name: String,
        #[prost(string, tag = "2")]
        input: String,
        #[prost(string, tag = "3")]
        output: String,
        #[prost(message, optional, tag = "4")]
        options: Option<MethodOptions>,
    }
    #[derive(Clone, PartialEq, prost::Message)]
    struct Service {
        #[prost(string, tag = "1")]
        name: String,
        #[prost(message, repeated, tag = "2")]
        method: Vec<Method>,
    }
    #[derive(Clone, PartialEq, prost::Message)]
    struct Services {
        #[prost(message, repeated, tag = "6")]
        service: Vec<Service>,
    }
    let method = &file.service[0].method[0];
    let method = Method {
        name: method.name().to_owned(),
        input: method.input_type().to_owned(),
        output: method.output_type().to_owned(),
        options: Some(MethodOptions { http: Some(Rule { get: "/v1".to_owned() }) }),
    };
    let mut bytes = FileDescriptorProto { service: Vec::new(), ..file.clone() }.encode_to_vec();
    Services { service: vec![Service { name: "S".to_owned(), method: vec![method] }] }
        .encode(&mut bytes)
        .unwrap();
    bytes
}

fn request(files: Vec<Vec<u8>>, names: &[&str]) -> CodeGeneratorRequest {
    CodeGeneratorRequest {
        file_to_generate: names.iter().map(|&name| name.to_owned()).collect(),
        parameter: None,
        proto_file: files.into_iter().map(Into::into).collect(),
    }
}

fn encode(files: &[FileDescriptorProto]) -> Vec<Vec<u8>> {
    files.iter().map(prost::Message::encode_to_vec).collect()
}

/// Builds the model within a time that only an exponential search exceeds.
fn build(request: &CodeGeneratorRequest) -> Result<Api, Diagnostics> {
    let start = Instant::now();
    let result = Api::build(request, Options { reflection: true, ..Options::default() });
    assert!(start.elapsed() < Duration::from_secs(60), "{:?}", start.elapsed());
    result
}

/// A chain of imports; each file has a message that contains the next file's message.
fn chain(package: impl Fn(usize) -> String, public: bool) -> Vec<FileDescriptorProto> {
    (0..DEEP)
        .map(|index| {
            let next = index + 1;
            let last = next == DEEP;
            let dependency = if last { Vec::new() } else { vec![format!("{next}.proto")] };
            let mut file = file(&format!("{index}.proto"), &package(index), dependency);
            file.public_dependency = if public && !last { vec![0] } else { Vec::new() };
            let fields = if last {
                Vec::new()
            } else {
                vec![field("next", 1, &format!(".{}.M{next}", package(next)))]
            };
            file.message_type.push(message(&format!("M{index}"), fields));
            file
        })
        .collect()
}

#[test]
fn a_long_chain_of_imports_and_messages() {
    let mut files = chain(|_| "p".to_owned(), false);
    get(&mut files[0], ".p.M0");
    let names: Vec<String> = files.iter().map(|file| file.name().to_owned()).collect();
    let mut bytes = encode(&files);
    bytes[0] = with_http(&files[0]);
    bytes.extend(http_definition());
    let request = request(bytes, &names.iter().map(String::as_str).collect::<Vec<_>>());
    let api = build(&request).unwrap();
    assert_eq!(api.packages[0].messages.len(), DEEP);
    // The last message of the chain is the first in the list.
    assert_eq!(common::embedded(&api)[0].name(), "9999.proto");
    let warnings: Vec<_> = api.warnings.iter().map(|warning| warning.code).collect();
    assert_eq!(warnings, [Code::HttpInexpressibleQuery]);
}

#[test]
fn a_long_chain_of_packages() {
    let files = chain(|index| format!("p{index}"), false);
    let api = build(&request(encode(&files), &["0.proto"])).unwrap();
    assert_eq!(api.packages.len(), DEEP);
}

#[test]
fn public_imports_reach_through_each_other() {
    let mut files = vec![
        file("c.proto", "p", vec![]),
        file("b.proto", "p", vec!["c.proto".to_owned()]),
        file("a.proto", "p", vec!["b.proto".to_owned()]),
        file("main.proto", "q", vec!["a.proto".to_owned()]),
    ];
    files[1].public_dependency = vec![0];
    files[2].public_dependency = vec![0];
    files[0].message_type.push(message("C", vec![]));
    files[3].message_type.push(message("M", vec![field("c", 1, ".p.C")]));
    let api = build(&request(encode(&files), &["main.proto"])).unwrap();
    assert_eq!(api.packages.len(), 2);
    // The embedded files are the original ones.
    assert_eq!(common::embedded(&api).iter().map(|file| file.public_dependency.len()).sum::<usize>(), 2);
}

#[test]
fn public_imports_in_a_circle_or_a_long_row() {
    let mut own = file("own.proto", "p", vec!["own.proto".to_owned()]);
    own.public_dependency = vec![0];
    let _ = build(&request(encode(&[own]), &["own.proto"]));

    let mut files = chain(|_| "p".to_owned(), true);
    // One file that imports all of them before it looks into the first.
    let all = (0..DEEP).rev().map(|index| format!("{index}.proto")).collect();
    files.push(file("all.proto", "p", all));
    let _ = build(&request(encode(&files), &["all.proto"]));

    // Every file imports the next one twice: 2³⁰ paths to the last.
    let twice: Vec<FileDescriptorProto> = (0..30)
        .map(|index| {
            let mut file = file(&format!("{index}.proto"), "p", vec![format!("{}.proto", index + 1); 2]);
            file.public_dependency = vec![0, 1];
            file
        })
        .chain([file("30.proto", "p", Vec::new())])
        .collect();
    let _ = build(&request(encode(&twice), &["0.proto"]));
}

#[test]
fn messages_within_messages() {
    let nested = |depth: usize| {
        let mut inner = message("M", vec![]);
        for _ in 1..depth {
            inner = DescriptorProto { nested_type: vec![inner], ..message("M", vec![]) };
        }
        let mut file = file("deep.proto", "p", vec![]);
        file.message_type.push(inner);
        request(encode(&[file]), &["deep.proto"])
    };
    assert_eq!(build(&nested(90)).unwrap().packages[0].messages.len(), 90);
    for depth in [98, 99, 100, 101, 200, 2_000] {
        if let Err(problems) = build(&nested(depth)) {
            assert_eq!(problems.iter().next().unwrap().code, Code::Descriptor, "{problems}");
        }
    }
}

/// Every message contains the next one twice: 2³⁰ paths to the last, with or without a leaf there.
#[test]
fn messages_that_multiply_in_a_query() {
    for leaf in [false, true] {
        let mut file = file("wide.proto", "p", vec![]);
        for index in 0..30 {
            let next = format!(".p.M{}", index + 1);
            let fields = vec![field("a", 1, &next), field("b", 2, &next)];
            file.message_type.push(message(&format!("M{index}"), fields));
        }
        let mut last = message("M30", vec![]);
        if leaf {
            let text = FieldDescriptorProto {
                r#type: Some(Type::String as i32),
                type_name: None,
                ..field("c", 1, "")
            };
            last.field.push(text);
        }
        file.message_type.push(last);
        get(&mut file, ".p.M0");
        let mut files = http_definition();
        files.push(with_http(&file));
        let api = build(&request(files, &["wide.proto"])).unwrap();
        assert!(api.warnings.iter().all(|warning| warning.code == Code::HttpInexpressibleQuery));
        assert!(!api.warnings.is_empty());
        assert!(api.methods().next().unwrap().2.bindings[0].query.len() < 10_000);
    }
}

/// The files that define `google.api.http`.
fn http_definition() -> Vec<Vec<u8>> {
    let annotations = "google/api/annotations.proto".to_owned();
    common::request(&["proto"], &[annotations]).proto_file.into_iter().map(Into::into).collect()
}

/// A chain of option types, each of which contains the next.
#[test]
fn a_long_chain_of_option_types() {
    let mut source = String::from(
        "syntax = \"proto3\"; package p; import \"google/protobuf/descriptor.proto\";
         extend google.protobuf.MethodOptions { M0 chain = 50901; }
         service S { rpc Do(M0) returns (M0) { option (chain) = {}; } }\n",
    );
    for index in 0..DEEP {
        let _ = writeln!(source, "message M{index} {{ M{} next = 1; }}", (index + 1) % DEEP);
    }
    let api = build(&common::request_of_source(&source)).unwrap();
    assert_eq!(api.option_types.messages.len(), DEEP);
}

/// An option whose bytes do not match its type.
#[test]
fn options_that_cannot_be_read() {
    let source = "syntax = \"proto3\"; package p; import \"google/api/annotations.proto\";
         service S { rpc Do(M) returns (M) { option (google.api.http) = {get: \"/v1/longer\"}; } }
         message M { string a = 1; }";
    let mut request = common::request_of_source(source);
    let mut file = request.proto_file.pop().unwrap().to_vec();
    let at = file.windows(10).position(|window| window == b"/v1/longer").unwrap();
    // The length of the path now exceeds its rule.
    file[at - 1] = 100;
    request.proto_file.push(file.into());
    let problems = build(&request).unwrap_err();
    assert_eq!(
        problems.to_string(),
        "source.proto: error[descriptor]: the descriptors are inconsistent: \
         failed to decode Protobuf message: buffer underflow\n  \
         help: compile the files with protoc or buf, with all their imports"
    );
}

#[test]
fn invalid_map_entries() {
    let entry = |fields| {
        let options = prost_types::MessageOptions { map_entry: Some(true), ..Default::default() };
        DescriptorProto { options: Some(options), ..message("E", fields) }
    };
    let text = |name: &str, number| FieldDescriptorProto {
        r#type: Some(Type::String as i32),
        type_name: None,
        ..field(name, number, "")
    };
    let list = |field| FieldDescriptorProto { label: Some(Label::Repeated as i32), ..field };
    let bytes = |field| FieldDescriptorProto { r#type: Some(Type::Bytes as i32), ..field };
    let check = |fields: Vec<FieldDescriptorProto>, holder: FieldDescriptorProto| {
        let mut file = file("map.proto", "p", vec![]);
        let outer = DescriptorProto { nested_type: vec![entry(fields)], ..message("M", vec![holder]) };
        file.message_type.push(outer);
        let problems = build(&request(encode(&[file]), &["map.proto"])).err().unwrap_or_default();
        problems.iter().map(|problem| problem.code).collect::<Vec<_>>()
    };
    let map = || list(field("map", 1, ".p.M.E"));
    let key = || text("key", 1);
    let value = || text("value", 2);
    assert_eq!(check(vec![key(), value()], map()), []);
    for wrong in [
        vec![],
        vec![key()],
        vec![value()],
        vec![value(), key()],
        vec![key(), value(), text("more", 3)],
        vec![key(), list(value())],
        vec![bytes(key()), value()],
    ] {
        assert_eq!(check(wrong.clone(), map()), [Code::Descriptor], "{wrong:?}");
    }
    assert_eq!(check(vec![key(), value()], field("map", 1, ".p.M.E")), [Code::Descriptor]);
}
