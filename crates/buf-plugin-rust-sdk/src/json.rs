//! The JSON encoding. It is translated to and from the binary encoding, so the rules see one form.

use prost::Message as _;
use prost_reflect::{DescriptorPool, DeserializeOptions, DynamicMessage, SerializeOptions};
use protox::Compiler;
use protox::file::{ChainFileResolver, File, FileResolver, GoogleFileResolver};
use rust_sdk_model::Descriptors;
use rust_sdk_model::plugin::CodeGeneratorRequest;
use serde_json::Value;

use crate::error::JsonError;
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
/// The lists of files in a `CheckRequest`, in both JSON spellings of a field name.
const LISTS: [[&str; 2]; 2] =
    [["fileDescriptors", "file_descriptors"], ["againstFileDescriptors", "against_file_descriptors"]];

type Result<T> = std::result::Result<T, JsonError>;

fn unreadable(error: &impl ToString) -> JsonError {
    JsonError(error.to_string())
}

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
    compiler.open_files(FILES.map(|(name, _)| name)).map_err(|error| unreadable(&error))?;
    Ok(compiler.descriptor_pool())
}

/// Translates a `pluginrpc.v1.Request` in JSON to the binary encoding.
pub(crate) fn request(text: &[u8]) -> Result<Vec<u8>> {
    let pool = protocol()?;
    let mut request: Value = serde_json::from_slice(text).map_err(|error| unreadable(&error))?;
    let mut lists = Vec::new();
    if let Some(check) = request.get_mut("value") {
        for names in LISTS {
            lists.push(take_files(check, names)?);
        }
    }
    let mut request = decode(&pool, "pluginrpc.v1.Request", &request, Unknown::Rejected)?;
    if lists.iter().any(|files| !files.is_empty()) {
        let mut envelope = Request::decode(request.as_slice()).map_err(|error| unreadable(&error))?;
        let any = envelope.value.get_or_insert_default();
        let mut check = CheckRequest::decode(any.value.as_slice()).map_err(|error| unreadable(&error))?;
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

/// Takes the `FileDescriptorProto`s out of a list: reading their options needs the extensions that they declare.
fn take_files(check: &mut Value, names: [&str; 2]) -> Result<Vec<Value>> {
    let [camel, snake] = names;
    if check.get(camel).is_some() && check.get(snake).is_some() {
        return Err(JsonError(format!("`{camel}` is set twice")));
    }
    let list = if check.get(camel).is_some() { check.get_mut(camel) } else { check.get_mut(snake) };
    let Some(Value::Array(list)) = list else { return Ok(Vec::new()) };
    let take = |file: &mut Value| {
        let file = file.as_object_mut()?;
        let [camel, snake] = ["fileDescriptorProto", "file_descriptor_proto"].map(|key| file.remove(key));
        camel.xor(snake)
    };
    let files = list
        .iter_mut()
        .map(|file| take(file).ok_or_else(|| JsonError("a file has no `fileDescriptorProto`".to_owned())));
    files.collect()
}

/// The files of one list in the binary encoding.
fn with_extensions(pool: &DescriptorPool, files: &[Value]) -> Result<Vec<Vec<u8>>> {
    let bare = files.iter().map(|file| {
        let mut file = file.clone();
        drop_extensions(&mut file);
        file
    });
    let bare: Vec<Value> = bare.collect();
    // A newer compiler may write fields that this pool does not know.
    let read = |file: &Value| decode(pool, FILE, file, Unknown::Dropped).map(Into::into);
    let request = CodeGeneratorRequest {
        proto_file: bare.iter().map(read).collect::<Result<_>>()?,
        ..CodeGeneratorRequest::default()
    };
    // Without `descriptor.proto`, no file can declare options.
    if files.iter().all(|file| file.get("name").and_then(Value::as_str) != Some(DESCRIPTOR_FILE)) {
        return if bare == files {
            Ok(request.proto_file.into_iter().map(Into::into).collect())
        } else {
            Err(JsonError(format!("{DESCRIPTOR_FILE} is missing")))
        };
    }
    let descriptors = Descriptors::load(&request).map_err(|error| unreadable(&error))?;
    files.iter().map(|file| decode(descriptors.pool(), FILE, file, Unknown::Rejected)).collect()
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

/// What happens to keys that a message does not define.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Unknown {
    Rejected,
    Dropped,
}

fn decode(pool: &DescriptorPool, message: &str, json: &Value, unknown: Unknown) -> Result<Vec<u8>> {
    let descriptor =
        pool.get_message_by_name(message).ok_or_else(|| JsonError(format!("no message {message}")))?;
    let options = DeserializeOptions::new().deny_unknown_fields(unknown == Unknown::Rejected);
    let message = DynamicMessage::deserialize_with_options(descriptor, json, &options);
    Ok(message.map_err(|error| unreadable(&error))?.encode_to_vec())
}

/// Translates a message of the protocol to JSON, with the field names of its file.
pub(crate) fn text(message: &str, bytes: &[u8]) -> Result<Vec<u8>> {
    let pool = protocol()?;
    let descriptor =
        pool.get_message_by_name(message).ok_or_else(|| JsonError(format!("no message {message}")))?;
    let message = DynamicMessage::decode(descriptor, bytes).map_err(|error| unreadable(&error))?;
    let mut text = Vec::new();
    let options = SerializeOptions::new().use_proto_field_name(true);
    let mut serializer = serde_json::Serializer::new(&mut text);
    message.serialize_with_options(&mut serializer, &options).map_err(|error| unreadable(&error))?;
    Ok(text)
}
