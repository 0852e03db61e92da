//! Files in editions: how they are lowered, and what cannot be expressed. The compiler of these tests does not support
//! editions, so the descriptors are built by hand.

mod common;

use prost::Message as _;
use prost_types::SourceCodeInfo;
use prost_types::source_code_info::Location;
use rust_sdk_model::api::{Message, Presence};
use rust_sdk_model::plugin::CodeGeneratorRequest;
use rust_sdk_model::{Api, Options};

const EDITION_2023: i32 = 1000;

/// `google.protobuf.FeatureSet`.
#[derive(Clone, Copy, PartialEq, prost::Message)]
struct FeatureSet {
    #[prost(int32, optional, tag = "1")]
    presence: Option<i32>,
    #[prost(int32, optional, tag = "3")]
    repeated: Option<i32>,
    #[prost(int32, optional, tag = "4")]
    utf8: Option<i32>,
    #[prost(int32, optional, tag = "5")]
    encoding: Option<i32>,
}

const IMPLICIT: FeatureSet = FeatureSet { presence: Some(2), ..NONE };
const REQUIRED: FeatureSet = FeatureSet { presence: Some(3), ..NONE };
const EXPANDED: FeatureSet = FeatureSet { repeated: Some(2), ..NONE };
const UNVERIFIED: FeatureSet = FeatureSet { utf8: Some(3), ..NONE };
const DELIMITED: FeatureSet = FeatureSet { encoding: Some(2), ..NONE };
const NONE: FeatureSet = FeatureSet { presence: None, repeated: None, utf8: None, encoding: None };

#[derive(Clone, PartialEq, prost::Message)]
struct FileOptions {
    #[prost(message, optional, tag = "50")]
    features: Option<FeatureSet>,
    /// Represents an extension.
    #[prost(string, optional, tag = "50999")]
    extension: Option<String>,
}

#[derive(Clone, PartialEq, prost::Message)]
struct MessageOptions {
    #[prost(bool, optional, tag = "7")]
    map_entry: Option<bool>,
    #[prost(message, optional, tag = "12")]
    features: Option<FeatureSet>,
}

#[derive(Clone, PartialEq, prost::Message)]
struct FieldOptions {
    #[prost(bool, optional, tag = "2")]
    packed: Option<bool>,
    #[prost(message, optional, tag = "21")]
    features: Option<FeatureSet>,
}

#[derive(Clone, PartialEq, prost::Message)]
struct Field {
    #[prost(string, optional, tag = "1")]
    name: Option<String>,
    #[prost(int32, optional, tag = "3")]
    number: Option<i32>,
    #[prost(int32, optional, tag = "4")]
    label: Option<i32>,
    #[prost(int32, optional, tag = "5")]
    kind: Option<i32>,
    #[prost(string, optional, tag = "6")]
    type_name: Option<String>,
    #[prost(string, optional, tag = "7")]
    default_text: Option<String>,
    #[prost(message, optional, tag = "8")]
    options: Option<FieldOptions>,
    #[prost(int32, optional, tag = "9")]
    oneof: Option<i32>,
    #[prost(bool, optional, tag = "17")]
    proto3_optional: Option<bool>,
}

#[derive(Clone, PartialEq, prost::Message)]
struct MessageType {
    #[prost(string, optional, tag = "1")]
    name: Option<String>,
    #[prost(message, repeated, tag = "2")]
    field: Vec<Field>,
    #[prost(message, repeated, tag = "3")]
    nested: Vec<MessageType>,
    #[prost(message, repeated, tag = "5")]
    extension_range: Vec<prost_types::descriptor_proto::ExtensionRange>,
    #[prost(message, optional, tag = "7")]
    options: Option<MessageOptions>,
    #[prost(message, repeated, tag = "8")]
    oneof: Vec<prost_types::OneofDescriptorProto>,
}

#[derive(Clone, PartialEq, prost::Message)]
struct File {
    #[prost(string, optional, tag = "1")]
    name: Option<String>,
    #[prost(string, optional, tag = "2")]
    package: Option<String>,
    #[prost(string, repeated, tag = "3")]
    dependency: Vec<String>,
    #[prost(message, repeated, tag = "4")]
    message: Vec<MessageType>,
    #[prost(message, repeated, tag = "5")]
    enums: Vec<prost_types::EnumDescriptorProto>,
    #[prost(message, optional, tag = "8")]
    options: Option<FileOptions>,
    #[prost(message, optional, tag = "9")]
    source: Option<SourceCodeInfo>,
    #[prost(string, optional, tag = "12")]
    syntax: Option<String>,
    #[prost(int32, optional, tag = "14")]
    edition: Option<i32>,
    #[prost(string, repeated, tag = "15")]
    option_dependency: Vec<String>,
}

const INT32: i32 = 5;
const STRING: i32 = 9;
const MESSAGE: i32 = 11;
const OPTIONAL: i32 = 1;
const REPEATED: i32 = 3;

fn field(name: &str, number: i32, kind: i32) -> Field {
    Field {
        name: Some(name.to_owned()),
        number: Some(number),
        label: Some(OPTIONAL),
        kind: Some(kind),
        ..Field::default()
    }
}

impl Field {
    fn with(mut self, features: FeatureSet) -> Self {
        self.options = Some(FieldOptions { packed: None, features: Some(features) });
        self
    }

    fn of(mut self, type_name: &str) -> Self {
        self.type_name = Some(type_name.to_owned());
        self
    }

    fn repeated(mut self) -> Self {
        self.label = Some(REPEATED);
        self
    }

    fn default_value(mut self, value: &str) -> Self {
        self.default_text = Some(value.to_owned());
        self
    }
}

fn message(name: &str, field: Vec<Field>) -> MessageType {
    MessageType { name: Some(name.to_owned()), field, ..MessageType::default() }
}

/// `p.proto` of package `p` in edition 2023.
fn file(message: Vec<MessageType>) -> File {
    let line = |path: &[i32], line: i32| Location {
        path: path.to_vec(),
        span: vec![line - 1, 0, 9],
        ..Location::default()
    };
    // Distinct lines: the edition, the file's features, and each field of the first message.
    let mut location = vec![line(&[14], 1), line(&[8, 50, 1], 2), line(&[8, 50, 4], 3), line(&[8, 50, 5], 4)];
    location.extend((0..9).map(|index| line(&[4, 0, 2, index], 10 + index)));
    File {
        name: Some("p.proto".to_owned()),
        package: Some("p".to_owned()),
        message,
        source: Some(SourceCodeInfo { location }),
        syntax: Some("editions".to_owned()),
        edition: Some(EDITION_2023),
        ..File::default()
    }
}

impl File {
    fn with(mut self, features: FeatureSet) -> Self {
        self.options = Some(FileOptions { features: Some(features), extension: None });
        self
    }

    fn request(&self) -> CodeGeneratorRequest {
        CodeGeneratorRequest {
            file_to_generate: vec!["p.proto".to_owned()],
            parameter: None,
            proto_file: vec![self.encode_to_vec().into()],
        }
    }

    fn api(&self) -> Api {
        Api::build(&self.request(), Options { reflection: true, ..Options::default() })
            .unwrap_or_else(|problems| panic!("{problems}"))
    }

    fn problems(&self) -> String {
        Api::build(&self.request(), Options::default()).unwrap_err().to_string()
    }

    /// What the file is lowered to.
    fn lowered(&self) -> Self {
        let set = common::RawFiles::decode(self.api().descriptor_set.as_slice()).unwrap();
        Self::decode(set.file[0].clone()).unwrap()
    }
}

fn presences(message: &Message) -> Vec<(&str, Presence)> {
    message.fields.iter().map(|field| (field.name.as_str(), field.presence)).collect()
}

fn oneof(name: &str) -> prost_types::OneofDescriptorProto {
    prost_types::OneofDescriptorProto { name: Some(name.to_owned()), options: None }
}

#[test]
fn presence_and_packing_become_those_of_proto3() {
    let mut first = message(
        "M",
        vec![
            field("explicit", 1, INT32),
            field("implicit", 2, INT32).with(IMPLICIT),
            field("packed", 3, INT32).repeated(),
            field("expanded", 4, INT32).repeated().with(EXPANDED),
            Field { oneof: Some(0), ..field("member", 5, STRING) },
            field("message", 6, MESSAGE).of(".p.M"),
            field("texts", 7, STRING).repeated(),
        ],
    );
    // The name of the synthetic oneof is taken.
    first.nested = vec![message("_explicit", vec![])];
    first.oneof = vec![oneof("choice")];
    let file = file(vec![first]);
    let api = file.api();
    assert_eq!(
        presences(&api.packages[0].messages[0]),
        [
            ("explicit", Presence::Explicit),
            ("implicit", Presence::Implicit),
            ("packed", Presence::Packed),
            ("expanded", Presence::Repeated),
            ("member", Presence::Oneof(0)),
            ("message", Presence::Explicit),
            ("texts", Presence::Repeated),
        ]
    );

    let lowered = file.lowered();
    assert_eq!((lowered.syntax.as_deref(), lowered.edition), (Some("proto3"), None));
    let [message] = &lowered.message[..] else { panic!("{lowered:?}") };
    assert_eq!(message.oneof, [oneof("choice"), oneof("X_explicit")]);
    assert_eq!((message.field[0].oneof, message.field[0].proto3_optional), (Some(1), Some(true)));
    // Features are legal in editions only.
    assert_eq!(message.field[1].options, None);
    assert_eq!(message.field[2].options, None, "packed is the default");
    assert_eq!(message.field[3].options, Some(FieldOptions { packed: Some(false), features: None }));
    assert_eq!(message.field[5].proto3_optional, None, "a message has presence anyway");
}

#[test]
fn features_are_inherited_from_the_file_and_the_message() {
    let mut within = message("In", vec![field("a", 1, INT32), field("b", 2, INT32).repeated()]);
    within.options = Some(MessageOptions { map_entry: None, features: Some(EXPANDED) });
    let mut outer = message("Out", vec![field("c", 1, INT32), field("d", 2, INT32).repeated()]);
    outer.nested = vec![within];
    let api = file(vec![outer]).with(IMPLICIT).api();
    let [outer, within] = &api.packages[0].messages[..] else { panic!("{api:?}") };
    assert_eq!(presences(outer), [("c", Presence::Implicit), ("d", Presence::Packed)]);
    assert_eq!(presences(within), [("a", Presence::Implicit), ("b", Presence::Repeated)]);
}

#[test]
fn required_fields_defaults_and_groups_make_a_file_proto2() {
    let file = file(vec![
        message(
            "M",
            vec![
                field("required", 1, INT32).with(REQUIRED),
                field("with_default", 2, INT32).default_value("42"),
                field("group", 3, MESSAGE).of(".p.N").with(DELIMITED),
                field("groups", 4, MESSAGE).of(".p.M").repeated().with(DELIMITED),
                field("plain", 5, MESSAGE).of(".p.N"),
                field("packed", 6, INT32).repeated(),
                field("expanded", 7, INT32).repeated().with(EXPANDED),
            ],
        ),
        message("N", vec![]),
    ]);
    let lowered = file.lowered();
    assert_eq!((lowered.syntax.as_deref(), lowered.edition), (None, None));
    let found: Vec<_> = lowered.message[0].field.iter().map(|field| (field.label, field.kind)).collect();
    let (required, group) = (2, 10);
    assert_eq!(
        found,
        [
            (Some(required), Some(INT32)),
            (Some(OPTIONAL), Some(INT32)),
            (Some(OPTIONAL), Some(group)),
            (Some(REPEATED), Some(group)),
            (Some(OPTIONAL), Some(MESSAGE)),
            (Some(REPEATED), Some(INT32)),
            (Some(REPEATED), Some(INT32)),
        ]
    );
    let api = file.api();
    assert_eq!(
        presences(&api.packages[0].messages[0]),
        [
            ("required", Presence::Required),
            ("with_default", Presence::Explicit),
            ("group", Presence::Explicit),
            ("groups", Presence::Repeated),
            ("plain", Presence::Explicit),
            ("packed", Presence::Packed),
            ("expanded", Presence::Repeated),
        ]
    );
}

#[test]
fn what_proto3_has_not_makes_a_file_proto2() {
    let mut extensible = file(vec![message("M", vec![field("a", 1, INT32)])]);
    extensible.message[0].extension_range = vec![prost_types::descriptor_proto::ExtensionRange {
        start: Some(100),
        end: Some(200),
        options: None,
    }];
    assert_eq!(extensible.lowered().syntax, None);

    let mut closed = file(vec![message("M", vec![field("a", 1, INT32)])]);
    closed.enums = vec![prost_types::EnumDescriptorProto {
        name: Some("E".to_owned()),
        value: vec![prost_types::EnumValueDescriptorProto {
            name: Some("E_ONE".to_owned()),
            number: Some(1),
            options: None,
        }],
        ..Default::default()
    }];
    assert_eq!(closed.lowered().syntax, None);
}

#[test]
fn maps_are_neither_groups_nor_optional() {
    let mut entry = message("MapEntry", vec![field("key", 1, STRING), field("value", 2, MESSAGE).of(".p.N")]);
    entry.options = Some(MessageOptions { map_entry: Some(true), features: None });
    let mut holder = message("M", vec![field("map", 1, MESSAGE).of(".p.M.MapEntry").repeated()]);
    holder.nested = vec![entry];
    let lowered = file(vec![holder, message("N", vec![])]).with(DELIMITED).lowered();
    assert_eq!(lowered.syntax.as_deref(), Some("proto3"));
    let holder = &lowered.message[0];
    assert_eq!(holder.field[0].kind, Some(MESSAGE));
    assert_eq!(holder.nested[0].field[1].kind, Some(MESSAGE));
    assert_eq!(holder.nested[0].field[0].proto3_optional, None);
}

#[test]
fn everything_else_stays() {
    let mut file = file(vec![message("M", vec![])]).with(IMPLICIT);
    file.options.as_mut().unwrap().extension = Some("kept".to_owned());
    let lowered = file.lowered();
    assert_eq!(lowered.options, Some(FileOptions { features: None, extension: Some("kept".to_owned()) }));
}

#[test]
fn imports_for_options_are_imports() {
    let mut file = file(vec![message("M", vec![])]);
    file.edition = Some(1001);
    file.option_dependency = vec!["options.proto".to_owned()];
    // Nothing may be read as if it had no options.
    assert!(file.problems().contains("options.proto"), "{}", file.problems());

    let options =
        File { name: Some("options.proto".to_owned()), syntax: Some("proto3".to_owned()), ..File::default() };
    let mut request = file.request();
    request.proto_file.push(options.encode_to_vec().into());
    let api = Api::build(&request, Options { reflection: true, ..Options::default() }).unwrap();
    let files = common::embedded(&api);
    assert_eq!(files.iter().map(|file| file.name()).collect::<Vec<_>>(), ["options.proto", "p.proto"]);
}

#[test]
fn what_cannot_be_expressed_is_reported_at_once() {
    let conflict = file(vec![message(
        "M",
        vec![
            field("a", 1, STRING).with(REQUIRED),
            field("b", 2, STRING).with(IMPLICIT),
            field("c", 3, STRING).with(UNVERIFIED),
            field("d", 4, MESSAGE).of(".p.M").with(DELIMITED),
            field("e", 5, INT32).with(FeatureSet { presence: Some(7), ..NONE }),
            field("f", 6, INT32).default_value("1"),
        ],
    )]);
    insta::assert_snapshot!(conflict.problems());
}

#[test]
fn a_feature_of_the_file_is_reported_once() {
    let names = ["a", "b", "c", "d", "e", "f"];
    let fields = (1..).zip(names).map(|(number, name)| field(name, number, STRING)).collect();
    insta::assert_snapshot!(file(vec![message("M", fields)]).with(UNVERIFIED).problems());
    // A feature without effect on any field is not a problem.
    assert!(!file(vec![message("M", vec![field("a", 1, INT32)])]).with(UNVERIFIED).api().packages.is_empty());
}

/// `testdata/invalid/edition-unsupported.proto`, as buf compiles it.
#[test]
fn the_invalid_file_causes_what_it_expects() {
    let name = "edition-unsupported.proto";
    let text = std::fs::read_to_string(common::testdata().join("invalid").join(name)).unwrap();
    let expected = text.lines().find_map(|line| line.strip_prefix("// expect: ")).unwrap();

    let mut file = file(vec![
        message("Request", vec![field("id", 1, STRING)]),
        message("Response", vec![field("text", 1, STRING)]),
    ])
    .with(UNVERIFIED);
    file.edition = Some(1001);
    let feature = Location { path: vec![8, 50, 4], span: vec![1, 18, 57], ..Location::default() };
    file.source = Some(SourceCodeInfo { location: vec![feature] });
    let problems = Api::build(&file.request(), Options::default()).unwrap_err();
    let found: Vec<String> = problems
        .iter()
        .map(|problem| {
            let line = problem.position.as_ref().unwrap().line;
            format!("{line}: {}[{}]", common::severity(problem.severity), problem.code)
        })
        .collect();
    assert_eq!(found, [expected]);
}

#[test]
fn a_needless_conflict_is_not_reported() {
    // proto2 has required fields: only the encoding of the string is wrong.
    let problems = file(vec![message(
        "M",
        vec![field("a", 1, INT32).with(REQUIRED), field("b", 2, STRING).with(UNVERIFIED)],
    )])
    .problems();
    assert_eq!(
        problems.lines().filter(|line| line.contains("error[edition-unsupported]")).count(),
        1,
        "{problems}"
    );
    assert!(problems.starts_with("p.proto:11:1: error[edition-unsupported]: M.b: "), "{problems}");
}

#[test]
fn other_editions_are_rejected() {
    let mut file = file(vec![message("M", vec![])]);
    for edition in [None, Some(0), Some(998), Some(999), Some(1002), Some(99_999), Some(i32::MAX)] {
        file.edition = edition;
        let problems = file.problems();
        assert!(problems.starts_with("p.proto:1:1: error[edition-unsupported]: "), "{problems}");
    }
    // Whatever the syntax is.
    file.edition = Some(1002);
    file.syntax = None;
    assert!(file.problems().contains("error[edition-unsupported]"));
    // Compilers may state the edition of proto3.
    file.edition = Some(999);
    file.syntax = Some("proto3".to_owned());
    assert_eq!(file.lowered().syntax.as_deref(), Some("proto3"));
}
