//! The JSON encoding: translated to and from the binary one, so that there is one way through the plugin.

use prost::Message as _;
use prost_reflect::{DescriptorPool, DeserializeOptions, DynamicMessage, SerializeOptions};
use protox::Compiler;
use protox::file::{ChainFileResolver, File, FileResolver, GoogleFileResolver};
use rust_sdk_model::Descriptors;
use rust_sdk_model::plugin::CodeGeneratorRequest;
use serde_json::Value;

use crate::messages::{CheckRequest, Request};

/// The protocol's own files.
const FILES: [(&str, &str); 5] = [
    ("pluginrpc/v1/pluginrpc.proto", include_str!("../proto/pluginrpc/v1/pluginrpc.proto")),
    ("buf/plugin/check/v1/check.proto", include_str!("../proto/buf/plugin/check/v1/check.proto")),
    (
        "buf/plugin/descriptor/v1/descriptor.proto",
        include_str!("../proto/buf/plugin/descriptor/v1/descriptor.proto"),
    ),
    ("buf/plugin/option/v1/option.proto", include_str!("../proto/buf/plugin/option/v1/option.proto")),
    ("buf/plugin/info/v1/info.proto", include_str!("../proto/buf/plugin/info/v1/info.proto")),
];

const FILE: &str = "google.protobuf.FileDescriptorProto";
const DESCRIPTOR_FILE: &str = "google/protobuf/descriptor.proto";
/// The lists of files in a `CheckRequest`, in both spellings that JSON has for a field.
const LISTS: [[&str; 2]; 2] =
    [["fileDescriptors", "file_descriptors"], ["againstFileDescriptors", "against_file_descriptors"]];

type Result<T> = std::result::Result<T, String>;

struct Resolver;

impl FileResolver for Resolver {
    fn open_file(&self, name: &str) -> std::result::Result<File, protox::Error> {
        let found = FILES.iter().find(|(known, _)| *known == name);
        let (name, source) = found.ok_or_else(|| protox::Error::file_not_found(name))?;
        File::from_source(name, source)
    }
}

fn protocol() -> Result<DescriptorPool> {
    let mut files = ChainFileResolver::new();
    files.add(Resolver);
    files.add(GoogleFileResolver::new());
    let mut compiler = Compiler::with_file_resolver(files);
    compiler.include_imports(true);
    compiler.open_files(FILES.map(|(name, _)| name)).map_err(|error| error.to_string())?;
    Ok(compiler.descriptor_pool())
}

/// An encoded `pluginrpc.v1.Request` of one in JSON.
pub(crate) fn request(text: &[u8]) -> Result<Vec<u8>> {
    let pool = protocol()?;
    let mut request: Value = serde_json::from_slice(text).map_err(|error| error.to_string())?;
    let mut lists = Vec::new();
    if let Some(check) = request.get_mut("value") {
        for names in LISTS {
            lists.push(take_files(check, names)?);
        }
    }
    let mut request = decode(&pool, "pluginrpc.v1.Request", &request, Unknown::Refused)?;
    if lists.iter().any(|files| !files.is_empty()) {
        let mut envelope = Request::decode(request.as_slice()).map_err(|error| error.to_string())?;
        let any = envelope.value.get_or_insert_default();
        let mut check = CheckRequest::decode(any.value.as_slice()).map_err(|error| error.to_string())?;
        let against = check.against_file_descriptors.iter_mut();
        for (into, files) in [check.file_descriptors.iter_mut(), against].into_iter().zip(&lists) {
            for (file, bytes) in into.zip(with_extensions(&pool, files)?) {
                file.file_descriptor_proto = bytes;
            }
        }
        any.value = check.encode_to_vec();
        request = envelope.encode_to_vec();
    }
    Ok(request)
}

/// Takes the `FileDescriptorProto`s out of a list: their options can be read only with the extensions that they declare.
fn take_files(check: &mut Value, names: [&str; 2]) -> Result<Vec<Value>> {
    let [camel, snake] = names;
    if check.get(camel).is_some() && check.get(snake).is_some() {
        return Err(format!("`{camel}` is there twice"));
    }
    let list = if check.get(camel).is_some() { check.get_mut(camel) } else { check.get_mut(snake) };
    let Some(Value::Array(list)) = list else { return Ok(Vec::new()) };
    let take = |file: &mut Value| {
        let file = file.as_object_mut()?;
        let [camel, snake] = ["fileDescriptorProto", "file_descriptor_proto"].map(|key| file.remove(key));
        camel.xor(snake)
    };
    let files = list.iter_mut().map(|file| take(file).ok_or("a file without its `fileDescriptorProto`"));
    Ok(files.collect::<std::result::Result<_, _>>()?)
}

/// The files of one list in the binary encoding.
fn with_extensions(pool: &DescriptorPool, files: &[Value]) -> Result<Vec<Vec<u8>>> {
    let bare = files.iter().map(|file| {
        let mut file = file.clone();
        drop_extensions(&mut file);
        file
    });
    let bare: Vec<Value> = bare.collect();
    // A newer compiler than ours may know more than this pool.
    let read = |file: &Value| decode(pool, FILE, file, Unknown::Dropped);
    let request = CodeGeneratorRequest {
        proto_file: bare.iter().map(read).collect::<Result<_>>()?,
        ..CodeGeneratorRequest::default()
    };
    // Without the file that extensions extend there are none.
    if files.iter().all(|file| file.get("name").and_then(Value::as_str) != Some(DESCRIPTOR_FILE)) {
        return if bare == files {
            Ok(request.proto_file)
        } else {
            Err(format!("{DESCRIPTOR_FILE} is missing"))
        };
    }
    let descriptors = Descriptors::load(&request).map_err(|problems| problems.to_string())?;
    files.iter().map(|file| decode(descriptors.pool(), FILE, file, Unknown::Refused)).collect()
}

/// Removes the keys of extensions, `[package.name]`.
fn drop_extensions(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            fields.retain(|key, _| !key.starts_with('['));
            fields.values_mut().for_each(drop_extensions);
        }
        Value::Array(values) => values.iter_mut().for_each(drop_extensions),
        _ => {}
    }
}

/// What becomes of keys that a message does not have.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Unknown {
    Refused,
    Dropped,
}

fn decode(pool: &DescriptorPool, message: &str, json: &Value, unknown: Unknown) -> Result<Vec<u8>> {
    let descriptor = pool.get_message_by_name(message).ok_or_else(|| format!("no message {message}"))?;
    let options = DeserializeOptions::new().deny_unknown_fields(unknown == Unknown::Refused);
    let message = DynamicMessage::deserialize_with_options(descriptor, json, &options);
    Ok(message.map_err(|error| error.to_string())?.encode_to_vec())
}

/// A message of the protocol in JSON, with the names that its file has.
pub(crate) fn text(message: &str, bytes: &[u8]) -> Result<Vec<u8>> {
    let pool = protocol()?;
    let descriptor = pool.get_message_by_name(message).ok_or_else(|| format!("no message {message}"))?;
    let message = DynamicMessage::decode(descriptor, bytes).map_err(|error| error.to_string())?;
    let mut text = Vec::new();
    let options = SerializeOptions::new().use_proto_field_name(true);
    let mut serializer = serde_json::Serializer::new(&mut text);
    message.serialize_with_options(&mut serializer, &options).map_err(|error| error.to_string())?;
    Ok(text)
}
