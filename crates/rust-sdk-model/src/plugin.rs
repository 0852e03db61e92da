//! `CodeGeneratorRequest` and `CodeGeneratorResponse` (`google/protobuf/compiler/plugin.proto`).
//!
//! prost-types' own versions lack the newer fields and, by decoding the files, drop every extension. Here the files stay
//! bytes, so that options can be read through a descriptor pool.

/// What protoc or buf sends to a plugin.
#[derive(Clone, PartialEq, prost::Message)]
pub struct CodeGeneratorRequest {
    /// The files to generate for, by name.
    #[prost(string, repeated, tag = "1")]
    pub file_to_generate: Vec<String>,
    /// The plugin's options, as one string.
    #[prost(string, optional, tag = "2")]
    pub parameter: Option<String>,
    /// Every file needed, encoded `FileDescriptorProto`s, dependencies before their users.
    #[prost(bytes = "vec", repeated, tag = "15")]
    pub proto_file: Vec<Vec<u8>>,
}

/// What a plugin answers.
#[derive(Clone, PartialEq, prost::Message)]
pub struct CodeGeneratorResponse {
    /// Every problem of the request, when there is one.
    #[prost(string, optional, tag = "1")]
    pub error: Option<String>,
    /// Bits of [`Feature`].
    #[prost(uint64, optional, tag = "2")]
    pub supported_features: Option<u64>,
    /// The oldest edition understood.
    #[prost(int32, optional, tag = "3")]
    pub minimum_edition: Option<i32>,
    /// The newest edition understood.
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

/// The `Edition` values that this project understands, both ends.
pub const EDITIONS: std::ops::RangeInclusive<i32> = 998..=1001;
