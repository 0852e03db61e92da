//! Fields of one message with the same JSON name. protoc only warns of a proto2 field whose default JSON name is the name of another
//! field; prost-reflect and protox reject the message.

use std::collections::{BTreeMap, BTreeSet};

use prost_types::{DescriptorProto, FileDescriptorProto};

use crate::naming;
use crate::wire::{self, Change};

/// `FileDescriptorProto.message_type`.
const MESSAGE_TYPE: u32 = 4;
/// `DescriptorProto.field`.
const FIELD: u32 = 2;
/// `DescriptorProto.nested_type`.
const NESTED_TYPE: u32 = 3;
/// `FieldDescriptorProto.json_name`.
const JSON_NAME: u32 = 10;

/// A field that gives its default JSON name up to another field.
#[derive(Debug, PartialEq, Eq)]
pub struct Conflict {
    /// The field's path in the file (`SourceCodeInfo.Location.path`).
    pub path: Vec<i32>,
    /// The field's name.
    pub field: String,
    /// The field that keeps the JSON name.
    pub other: String,
    /// The JSON name of both.
    pub json_name: String,
    /// The field's new JSON name, which no other field of the message has.
    pub free: String,
}

/// The fields of a file whose default JSON name another field has. Of two names that are both stated, none is in the list: no compiler
/// accepts them.
pub fn conflicts(file: &FileDescriptorProto) -> Vec<Conflict> {
    let mut found = Vec::new();
    for (message, index) in file.message_type.iter().zip(0..) {
        in_message(message, &mut vec![4, index], &mut found);
    }
    found
}

fn in_message(message: &DescriptorProto, path: &mut Vec<i32>, found: &mut Vec<Conflict>) {
    let mut owners: BTreeMap<String, &str> = BTreeMap::new();
    let mut later = Vec::new();
    for (field, index) in message.field.iter().zip(0..) {
        let default = naming::json_name(field.name());
        match field.json_name.as_deref() {
            Some(stated) if stated != default => {
                owners.entry(stated.to_owned()).or_insert(field.name());
            }
            _ => later.push((field.name(), index, default)),
        }
    }
    // A field with the name itself keeps it, so that `fooBar` wins over `foo_bar`.
    later.sort_by_key(|(name, _, default)| name != default);
    let mut taken: BTreeSet<String> = owners.keys().cloned().collect();
    taken.extend(later.iter().map(|(_, _, default)| default.clone()));
    for (name, index, default) in later {
        let Some(other) = owners.get(&default) else {
            owners.insert(default, name);
            continue;
        };
        let mut free = name.to_owned();
        while !taken.insert(free.clone()) {
            free.push('_');
        }
        let path = [path.as_slice(), &[2, index]].concat();
        let (field, other) = (name.to_owned(), (*other).to_owned());
        found.push(Conflict { path, field, other, json_name: default, free });
    }
    for (nested, index) in message.nested_type.iter().zip(0..) {
        path.extend([3, index]);
        in_message(nested, path, found);
        path.truncate(path.len() - 2);
    }
}

/// The file's bytes with other JSON names for the fields at these paths; `None` removes a JSON name. `None` if the bytes are not a file.
pub fn rename(file: &[u8], names: &BTreeMap<Vec<i32>, Option<&str>>) -> Option<Vec<u8>> {
    messages(file, MESSAGE_TYPE, &[], names)
}

/// Rewrites the messages in this field of a file or message.
fn messages(
    bytes: &[u8],
    field: u32,
    path: &[i32],
    names: &BTreeMap<Vec<i32>, Option<&str>>,
) -> Option<Vec<u8>> {
    let is_within =
        |path: &[i32]| names.range(path.to_vec()..).next().is_some_and(|(at, _)| at.starts_with(path));
    let (mut message, mut member) = (0, 0);
    wire::rewrite(bytes, |number, content| {
        if number == field {
            let path = [path, &[i32::try_from(field).ok()?, message]].concat();
            message += 1;
            if is_within(&path) {
                return messages(content, NESTED_TYPE, &path, names).map(Change::Replace);
            }
        } else if number == FIELD && field == NESTED_TYPE {
            let path = [path, &[2, member]].concat();
            member += 1;
            if let Some(name) = names.get(&path) {
                let mut out = wire::without(content, JSON_NAME)?;
                if let Some(name) = name {
                    wire::push(&mut out, JSON_NAME, name.as_bytes());
                }
                return Some(Change::Replace(out));
            }
        }
        Some(Change::Keep)
    })
}

#[cfg(test)]
mod tests {
    use prost::Message as _;
    use prost_types::FieldDescriptorProto;

    use super::*;

    fn field(name: &str, json_name: Option<&str>) -> FieldDescriptorProto {
        FieldDescriptorProto {
            name: Some(name.to_owned()),
            json_name: json_name.map(str::to_owned),
            ..Default::default()
        }
    }

    fn file(fields: Vec<FieldDescriptorProto>) -> FileDescriptorProto {
        let inner = DescriptorProto { field: fields, ..Default::default() };
        let outer = DescriptorProto {
            field: vec![field("foo_bar", None)],
            nested_type: vec![DescriptorProto::default(), inner],
            ..Default::default()
        };
        FileDescriptorProto { message_type: vec![outer], ..Default::default() }
    }

    #[test]
    fn a_default_name_yields_and_a_stated_one_stays() {
        let file = file(vec![
            field("foo_bar", Some("fooBar")),
            field("x", Some("fooBar")),
            field("foo__bar", None),
            field("a", None),
            field("b", Some("a")),
        ]);
        let found = conflicts(&file);
        let names: Vec<_> =
            found.iter().map(|it| (it.field.as_str(), it.other.as_str(), it.free.as_str())).collect();
        assert_eq!(names, [("a", "b", "a_"), ("foo_bar", "x", "foo_bar"), ("foo__bar", "x", "foo__bar")]);
        assert_eq!(found[1].path, [4, 0, 3, 1, 2, 0]);
        let wanted = found.iter().map(|it| (it.path.clone(), Some(it.free.as_str()))).collect();
        let renamed = rename(&file.encode_to_vec(), &wanted).unwrap();
        let renamed = FileDescriptorProto::decode(renamed.as_slice()).unwrap();
        assert_eq!(conflicts(&renamed), []);
        let inner = &renamed.message_type[0].nested_type[1];
        let names: Vec<_> = inner.field.iter().map(FieldDescriptorProto::json_name).collect();
        assert_eq!(names, ["foo_bar", "fooBar", "foo__bar", "a_", "a"]);
        assert_eq!(renamed.message_type[0].field, [field("foo_bar", None)]);
    }

    #[test]
    fn two_stated_names_are_no_conflict_to_solve() {
        assert_eq!(conflicts(&file(vec![field("a", Some("n")), field("b", Some("n"))])), []);
    }
}
