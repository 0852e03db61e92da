//! Valid files that the embedded compiler rejects, changed so that it accepts them.

use std::collections::{BTreeMap, BTreeSet};

use prost::Message as _;
use prost_reflect::prost_types::{DescriptorProto, FileDescriptorProto};
use protox::file::File;
use rust_sdk_model::json_names;

/// Begins the JSON names that hold only while the files are compiled. No stated name has this character.
const TEMPORARY: char = '\0';

/// The file as the compiler accepts it. Only a file with such a declaration changes; it loses its text, which errors quote.
pub(crate) fn before(file: File) -> File {
    let mut proto = file.file_descriptor_proto().clone();
    let mut is_changed = false;
    // In proto3, protoc rejects equal names.
    if proto.syntax() != "proto3" {
        for conflict in json_names::conflicts(&proto) {
            let name = format!("{TEMPORARY}{}", conflict.field);
            is_changed |= set_json_name(&mut proto, &conflict.path, name);
        }
    }
    for message in &mut proto.message_type {
        is_changed |= name_synthetic_oneofs(message);
    }
    if is_changed { File::from_file_descriptor_proto(proto) } else { file }
}

fn set_json_name(file: &mut FileDescriptorProto, path: &[i32], name: String) -> bool {
    let at = |index: &i32| usize::try_from(*index).unwrap_or(usize::MAX);
    let [_, first, nested @ .., _, field] = path else { return false };
    let mut message = file.message_type.get_mut(at(first));
    for index in nested.iter().skip(1).step_by(2) {
        message = message.and_then(|message| message.nested_type.get_mut(at(index)));
    }
    let field = message.and_then(|message| message.field.get_mut(at(field)));
    field.map(|field| field.json_name = Some(name)).is_some()
}

/// Gives the oneofs of `optional` fields names that nothing else in the message has, by protoc's rule: an `X` in front.
fn name_synthetic_oneofs(message: &mut DescriptorProto) -> bool {
    let synthetic: BTreeSet<usize> = message
        .field
        .iter()
        .filter(|field| field.proto3_optional())
        .filter_map(|field| usize::try_from(field.oneof_index?).ok())
        .collect();
    let mut taken: BTreeSet<String> = message.field.iter().map(|field| field.name().to_owned()).collect();
    let real = message.oneof_decl.iter().enumerate().filter(|(index, _)| !synthetic.contains(index));
    taken.extend(real.map(|(_, oneof)| oneof.name().to_owned()));
    let mut is_changed = false;
    for index in synthetic {
        let Some(oneof) = message.oneof_decl.get_mut(index) else { continue };
        let mut name = oneof.name().to_owned();
        while !taken.insert(name.clone()) {
            name.insert(0, 'X');
        }
        is_changed |= name != oneof.name();
        oneof.name = Some(name);
    }
    for nested in &mut message.nested_type {
        is_changed |= name_synthetic_oneofs(nested);
    }
    is_changed
}

/// The compiled file without temporary names.
pub(crate) fn after(encoded: Vec<u8>) -> Vec<u8> {
    // Few files have one.
    if !encoded.contains(&b'\0') {
        return encoded;
    }
    let Ok(proto) = FileDescriptorProto::decode(encoded.as_slice()) else { return encoded };
    let mut names = BTreeMap::new();
    for (message, index) in proto.message_type.iter().zip(0..) {
        temporary(message, &[4, index], &mut names);
    }
    if names.is_empty() {
        return encoded;
    }
    json_names::rename(&encoded, &names).unwrap_or(encoded)
}

fn temporary(message: &DescriptorProto, path: &[i32], found: &mut BTreeMap<Vec<i32>, Option<&str>>) {
    for (field, index) in message.field.iter().zip(0..) {
        if field.json_name().starts_with(TEMPORARY) {
            found.insert([path, &[2, index]].concat(), None);
        }
    }
    for (nested, index) in message.nested_type.iter().zip(0..) {
        temporary(nested, &[path, &[3, index]].concat(), found);
    }
}
