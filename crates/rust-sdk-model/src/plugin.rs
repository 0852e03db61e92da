//! `CodeGeneratorRequest` and `CodeGeneratorResponse` (`google/protobuf/compiler/plugin.proto`).
//!
//! prost-types' messages lack the newer fields and decode the files, which drops every extension. Here the files stay
//! bytes, so that options can be read through a descriptor pool.

use prost::bytes::Bytes;

/// The request of protoc or buf to a plugin.
#[derive(Clone, PartialEq, prost::Message)]
pub struct CodeGeneratorRequest {
    /// The names of the files to generate code for.
    #[prost(string, repeated, tag = "1")]
    pub file_to_generate: Vec<String>,
    /// The plugin's options, as one string.
    #[prost(string, optional, tag = "2")]
    pub parameter: Option<String>,
    /// All required files as encoded `FileDescriptorProto`s, dependencies first. They are not copied if the request is decoded from
    /// `Bytes`.
    #[prost(bytes = "bytes", repeated, tag = "15")]
    pub proto_file: Vec<Bytes>,
}

/// The response of a plugin.
#[derive(Clone, PartialEq, prost::Message)]
pub struct CodeGeneratorResponse {
    /// The problems of the request, if there are any.
    #[prost(string, optional, tag = "1")]
    pub error: Option<String>,
    /// Bits of [`Feature`].
    #[prost(uint64, optional, tag = "2")]
    pub supported_features: Option<u64>,
    /// The oldest supported edition.
    #[prost(int32, optional, tag = "3")]
    pub minimum_edition: Option<i32>,
    /// The newest supported edition.
    #[prost(int32, optional, tag = "4")]
    pub maximum_edition: Option<i32>,
    /// The generated files.
    #[prost(message, repeated, tag = "15")]
    pub file: Vec<GeneratedFile>,
}

/// One generated file.
#[derive(Clone, PartialEq, prost::Message)]
pub struct GeneratedFile {
    /// The path below the output folder.
    #[prost(string, optional, tag = "1")]
    pub name: Option<String>,
    /// The text.
    #[prost(string, optional, tag = "15")]
    pub content: Option<String>,
}

/// `CodeGeneratorResponse.Feature`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Feature {
    /// `optional` fields of proto3.
    Proto3Optional = 1,
    /// Editions.
    SupportsEditions = 2,
}

/// The supported `Edition` values, both ends included.
pub const EDITIONS: std::ops::RangeInclusive<i32> = 998..=1001;
