//! The messages of pluginrpc v1 and of `buf.plugin.check.v1`, as the files below `proto/` declare them.
//!
//! They are written by hand, with prost's derive. Files stay bytes here: a generated message would decode them and drop the
//! extensions that the rules are about. For the same reason, JSON is read with prost-reflect, which knows the extensions of a request.
#![allow(missing_docs)] // The protocol's own words.

use prost::{Enumeration, Message, Oneof};

#[derive(Clone, PartialEq, Message)]
pub struct Procedure {
    #[prost(string, tag = "1")]
    pub path: String,
    #[prost(string, repeated, tag = "2")]
    pub args: Vec<String>,
}

#[derive(Clone, PartialEq, Message)]
pub struct Spec {
    #[prost(message, repeated, tag = "1")]
    pub procedures: Vec<Procedure>,
}

#[derive(Clone, PartialEq, Message)]
pub struct Request {
    #[prost(message, optional, tag = "1")]
    pub value: Option<prost_types::Any>,
}

#[derive(Clone, PartialEq, Message)]
pub struct Response {
    #[prost(message, optional, tag = "1")]
    pub value: Option<prost_types::Any>,
    #[prost(message, optional, tag = "2")]
    pub error: Option<Error>,
}

#[derive(Clone, PartialEq, Message)]
pub struct Error {
    #[prost(enumeration = "Code", tag = "1")]
    pub code: i32,
    #[prost(string, tag = "2")]
    pub message: String,
}

/// The values of `google.rpc.Code` that responses use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Enumeration)]
#[repr(i32)]
pub enum Code {
    Unspecified = 0,
    InvalidArgument = 3,
    Internal = 13,
}

#[derive(Clone, PartialEq, Message)]
pub struct CheckRequest {
    #[prost(message, repeated, tag = "1")]
    pub file_descriptors: Vec<FileDescriptor>,
    #[prost(message, repeated, tag = "2")]
    pub against_file_descriptors: Vec<FileDescriptor>,
    #[prost(message, repeated, tag = "3")]
    pub options: Vec<Setting>,
    #[prost(string, repeated, tag = "4")]
    pub rule_ids: Vec<String>,
}

#[derive(Clone, PartialEq, Message)]
pub struct FileDescriptor {
    /// The encoded `FileDescriptorProto`.
    #[prost(bytes = "vec", tag = "1")]
    pub file_descriptor_proto: Vec<u8>,
    #[prost(bool, tag = "2")]
    pub is_import: bool,
}

/// `buf.plugin.option.v1.Option`.
#[derive(Clone, PartialEq, Message)]
pub struct Setting {
    #[prost(string, tag = "1")]
    pub key: String,
    #[prost(message, optional, tag = "2")]
    pub value: Option<Value>,
}

#[derive(Clone, PartialEq, Message)]
pub struct Value {
    #[prost(oneof = "Kind", tags = "1, 2, 3, 4, 5, 6")]
    pub kind: Option<Kind>,
}

#[derive(Clone, PartialEq, Oneof)]
pub enum Kind {
    #[prost(bool, tag = "1")]
    Bool(bool),
    #[prost(int64, tag = "2")]
    Int64(i64),
    #[prost(double, tag = "3")]
    Double(f64),
    #[prost(string, tag = "4")]
    String(String),
    #[prost(bytes, tag = "5")]
    Bytes(Vec<u8>),
    #[prost(message, tag = "6")]
    List(List),
}

#[derive(Clone, PartialEq, Message)]
pub struct List {
    #[prost(message, repeated, tag = "1")]
    pub values: Vec<Value>,
}

#[derive(Clone, PartialEq, Message)]
pub struct CheckResponse {
    #[prost(message, repeated, tag = "1")]
    pub annotations: Vec<Annotation>,
}

#[derive(Clone, PartialEq, Message)]
pub struct Annotation {
    #[prost(string, tag = "1")]
    pub rule_id: String,
    #[prost(string, tag = "2")]
    pub message: String,
    #[prost(message, optional, tag = "3")]
    pub file_location: Option<FileLocation>,
    #[prost(message, optional, tag = "4")]
    pub against_file_location: Option<FileLocation>,
}

#[derive(Clone, PartialEq, Message)]
pub struct FileLocation {
    #[prost(string, tag = "1")]
    pub file_name: String,
    #[prost(int32, repeated, tag = "2")]
    pub source_path: Vec<i32>,
}

/// `ListRulesRequest` and `ListCategoriesRequest`.
#[derive(Clone, PartialEq, Message)]
pub struct ListRequest {
    #[prost(uint32, tag = "1")]
    pub page_size: u32,
    #[prost(string, tag = "2")]
    pub page_token: String,
}

#[derive(Clone, PartialEq, Message)]
pub struct ListRulesResponse {
    #[prost(string, tag = "1")]
    pub next_page_token: String,
    #[prost(message, repeated, tag = "2")]
    pub rules: Vec<Rule>,
}

#[derive(Clone, PartialEq, Message)]
pub struct Rule {
    #[prost(string, tag = "1")]
    pub id: String,
    #[prost(string, repeated, tag = "2")]
    pub category_ids: Vec<String>,
    #[prost(bool, tag = "3")]
    pub default: bool,
    #[prost(string, tag = "4")]
    pub purpose: String,
    #[prost(enumeration = "RuleType", tag = "5")]
    pub r#type: i32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Enumeration)]
#[repr(i32)]
pub enum RuleType {
    Unspecified = 0,
    Lint = 1,
    Breaking = 2,
}

#[derive(Clone, PartialEq, Message)]
pub struct ListCategoriesResponse {
    #[prost(string, tag = "1")]
    pub next_page_token: String,
    #[prost(message, repeated, tag = "2")]
    pub categories: Vec<Category>,
}

#[derive(Clone, PartialEq, Message)]
pub struct Category {
    #[prost(string, tag = "1")]
    pub id: String,
    #[prost(string, tag = "2")]
    pub purpose: String,
}

#[derive(Clone, PartialEq, Message)]
pub struct GetPluginInfoResponse {
    #[prost(message, optional, tag = "1")]
    pub plugin_info: Option<PluginInfo>,
}

#[derive(Clone, PartialEq, Message)]
pub struct PluginInfo {
    #[prost(string, tag = "1")]
    pub documentation: String,
}
