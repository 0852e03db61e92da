//! Map entries: messages that compilers generate for map fields. Libraries rely on their form and panic on any other.

use prost_reflect::{DescriptorPool, FieldDescriptor, Kind, MessageDescriptor};

use super::loaded::File;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Severity};

/// Reports map entries, and uses of them, that no compiler generates.
pub(crate) fn check(pool: &DescriptorPool, files: &[File], problems: &mut Diagnostics) {
    for message in pool.all_messages() {
        if message.is_map_entry() && !is_entry(&message) {
            let message_text = format!("`{}` is marked as a map entry, but is not one", message.full_name());
            report(files, message.parent_file().name(), message.path(), message_text, problems);
        }
        for field in message.fields() {
            let of_map = matches!(field.kind(), Kind::Message(entry) if entry.is_map_entry());
            if of_map && !is_map(&field) {
                let text = format!("`{}` has the type of another map's entry", field.full_name());
                report(files, field.parent_file().name(), field.path(), text, problems);
            }
        }
    }
    for extension in pool.all_extensions() {
        if matches!(extension.kind(), Kind::Message(entry) if entry.is_map_entry()) {
            let text = format!("`{}` is an extension with a map entry as its type", extension.full_name());
            report(files, extension.parent_file().name(), extension.path(), text, problems);
        }
    }
    for method in pool.services().flat_map(|service| service.methods().collect::<Vec<_>>()) {
        if method.input().is_map_entry() || method.output().is_map_entry() {
            let text = format!("`{}` takes or returns a map entry", method.full_name());
            report(files, method.parent_service().parent_file().name(), method.path(), text, problems);
        }
    }
}

fn report(files: &[File], name: &str, path: &[i32], message: String, problems: &mut Diagnostics) {
    let file = files.iter().find(|file| file.name() == name);
    problems.push(Diagnostic {
        severity: Severity::Error,
        code: Code::Descriptor,
        position: file.map(|file| file.source.position(path)),
        subject: String::new(),
        message,
        hint: "write `map<…, …>`: the compiler generates the entry".to_owned(),
    });
}

/// Whether the message has a key and a value, in this order, and nothing else.
fn is_entry(message: &MessageDescriptor) -> bool {
    let fields = &message.descriptor_proto().field;
    let [key, value] = &fields[..] else { return false };
    let (Some(key_field), Some(_)) = (message.get_field(1), message.get_field(2)) else { return false };
    let is_key = !matches!(
        key_field.kind(),
        Kind::Float | Kind::Double | Kind::Bytes | Kind::Message(_) | Kind::Enum(_)
    );
    is_key
        && (key.name(), key.number()) == ("key", 1)
        && (value.name(), value.number()) == ("value", 2)
        && message.fields().all(|field| !field.is_list() && !field.is_group())
        && message.oneofs().len() == 0
        && message.parent_message().is_some()
}

fn is_map(field: &FieldDescriptor) -> bool {
    let Kind::Message(entry) = field.kind() else { return false };
    field.cardinality() == prost_reflect::Cardinality::Repeated
        && !field.is_group()
        && entry.parent_message().as_ref() == Some(field.parent_message())
}
