//! How methods are called: their parameters, and the names of services on the client.

mod common;

use std::collections::BTreeMap;

use prost::Message as _;
use prost_types::{DescriptorProto, FileDescriptorProto, MethodDescriptorProto, ServiceDescriptorProto};
use rust_sdk_model::plugin::CodeGeneratorRequest;
use rust_sdk_model::{Api, Options};

/// Whether a field with this type and these rules is a parameter.
fn is_required(ty: &str, rules: &str) -> bool {
    let api = common::api_of_source(&format!(
        "syntax = \"proto3\"; package a; import \"buf/validate/validate.proto\";
         service S {{ rpc Get(Q) returns (Q); }} enum E {{ E_UNSPECIFIED = 0; E_ONE = 1; }} message M {{}}
         message Q {{ {ty} f = 1 [{rules}]; }}"
    ));
    !api.packages[0].services[0].methods[0].arguments.is_empty()
}

#[test]
fn zero_values_may_be_rejected() {
    let rules = |rules: &str| format!("(buf.validate.field).{rules}");
    for (ty, refusing, allowing) in [
        (
            "string",
            &[
                "uuid: true",
                "email: true",
                "min_len: 1",
                "len: 3",
                "const: 'a'",
                "in: ['a', 'b']",
                "prefix: 'a'",
            ][..],
            &["uuid: false", "uri_ref: true", "min_len: 0", "max_len: 3", "const: ''", "in: ['a', '']"][..],
        ),
        (
            "int32",
            &["gt: 0", "gte: 1", "lt: 0", "gte: 1, lte: 9", "const: 1", "in: [1, 2]", "not_in: [0]"],
            &[
                "gt: -1",
                "gte: 0",
                "lte: 9",
                "lt: 9, gte: 0",
                "gt: 9, lt: 1",
                "const: 0",
                "in: [0]",
                "not_in: [1]",
            ],
        ),
        ("bool", &["const: true"], &["const: false"]),
        (
            "E",
            &["const: 1", "in: [1]", "not_in: [0]"],
            &["const: 0", "in: [0, 1]", "not_in: [1]", "defined_only: true"],
        ),
    ] {
        let kind = if ty == "E" { "enum" } else { ty };
        for text in refusing {
            assert!(is_required(ty, &rules(&format!("{kind} = {{{text}}}"))), "{ty} {text}");
            // Absence is not the zero value.
            assert!(
                !is_required(&format!("optional {ty}"), &rules(&format!("{kind} = {{{text}}}"))),
                "{ty} {text}"
            );
        }
        for text in allowing {
            assert!(!is_required(ty, &rules(&format!("{kind} = {{{text}}}"))), "{ty} {text}");
        }
    }
    assert!(is_required("repeated string", &rules("repeated.min_items = 1")));
    assert!(!is_required(
        "repeated string",
        &rules("repeated = {max_items: 1, items: {string: {min_len: 1}}}")
    ));
    assert!(is_required("map<string, string>", &rules("map.min_pairs = 1")));
    assert!(!is_required("map<string, string>", &rules("map.min_pairs = 0")));
}

#[test]
fn rules_may_be_ignored() {
    let with = |ignore: &str| {
        is_required("string", &format!("(buf.validate.field) = {{string: {{uuid: true}}, ignore: {ignore}}}"))
    };
    assert!(with("IGNORE_UNSPECIFIED"));
    assert!(!with("IGNORE_IF_ZERO_VALUE"));
    assert!(!with("IGNORE_ALWAYS"));
}

/// The accessors of services; services are written as `package.Service`.
fn accessors(services: &[&str]) -> Vec<String> {
    let mut files: BTreeMap<&str, FileDescriptorProto> = BTreeMap::new();
    for service in services {
        let (package, name) = service.rsplit_once('.').unwrap();
        let file = files.entry(package).or_insert_with(|| FileDescriptorProto {
            name: Some(format!("{package}.proto")),
            package: Some(package.to_owned()),
            syntax: Some("proto3".to_owned()),
            message_type: vec![DescriptorProto { name: Some("M".to_owned()), ..Default::default() }],
            ..Default::default()
        });
        let ty = Some(format!(".{package}.M"));
        file.service.push(ServiceDescriptorProto {
            name: Some(name.to_owned()),
            method: vec![MethodDescriptorProto {
                name: Some("Get".to_owned()),
                input_type: ty.clone(),
                output_type: ty,
                ..Default::default()
            }],
            ..Default::default()
        });
    }
    let request = CodeGeneratorRequest {
        file_to_generate: files.values().map(|file| file.name().to_owned()).collect(),
        parameter: None,
        proto_file: files.values().map(|file| file.encode_to_vec().into()).collect(),
    };
    let options = Options { strip_prefix: Some("acme".to_owned()), ..Options::default() };
    let api = Api::build(&request, options).unwrap_or_else(|problems| panic!("{problems}"));
    let accessor = |full_name: &&str| {
        api.services().find(|(_, service)| service.full_name == *full_name).unwrap().1.accessor.clone()
    };
    services.iter().map(accessor).collect()
}

#[test]
fn a_service_named_like_a_function_of_the_client_gets_another_name() {
    let source = include_str!("../../rust-sdk-runtime/src/macros/client.rs");
    let (_, client) = source.split_once("impl Client {").unwrap();
    let (client, _) = client.split_once("\n        }\n").unwrap();
    let functions: Vec<&str> = client
        .lines()
        .filter_map(|line| line.trim().strip_prefix("pub fn "))
        .map(|line| line.split(['<', '(']).next().unwrap())
        .collect();
    assert!(functions.contains(&"call") && functions.len() > 4, "{functions:?}");
    for function in functions {
        assert_ne!(accessors(&[&format!("acme.v1.{function}")]), [function]);
    }
}

#[test]
fn services_of_one_name_are_distinguished() {
    let check = |expected: &[(&str, &str)]| {
        let (services, names): (Vec<&str>, Vec<&str>) = expected.iter().copied().unzip();
        assert_eq!(accessors(&services), names, "{services:?}");
    };
    check(&[
        ("acme.cluster.v1.ClusterService", "cluster_service"),
        ("acme.iam.v1.UserService", "user_service"),
    ]);
    check(&[
        ("acme.cluster.backup.v1.BackupService", "cluster_backup_service"),
        ("acme.serverless.backup.v1.BackupService", "serverless_backup_service"),
    ]);
    // One has no segment of its own.
    check(&[
        ("acme.quota.v1.QuotaService", "quota_service"),
        ("acme.serverless.quota.v1.QuotaService", "serverless_quota_service"),
    ]);
    // Only the versions differ, and only those of one package.
    check(&[("acme.key.v1.KeyService", "key_service_v1"), ("acme.key.v2.KeyService", "key_service_v2")]);
    check(&[
        ("acme.cluster.auth.v1.KeyService", "cluster_key_service_v1"),
        ("acme.cluster.auth.v2.KeyService", "cluster_key_service_v2"),
        ("acme.serverless.auth.v1.KeyService", "serverless_key_service"),
    ]);
    // Two have no segments of their own.
    check(&[
        ("acme.a.b.v1.KeyService", "a_b_key_service"),
        ("acme.b.c.v1.KeyService", "c_key_service"),
        ("acme.a.v1.KeyService", "a_key_service"),
    ]);
    // A segment that the name begins with is not repeated.
    check(&[
        ("acme.backup.v1.BackupService", "backup_service"),
        ("acme.cluster.v1.BackupService", "cluster_backup_service"),
    ]);
    // A service's own name wins.
    check(&[
        ("acme.cluster.backup.v1.BackupService", "cluster_backup_backup_service"),
        ("acme.serverless.backup.v1.BackupService", "serverless_backup_service"),
        ("acme.other.v1.ClusterBackupService", "cluster_backup_service"),
    ]);
}
