//! The files' own descriptors: every field and value of them is there.

use heck::{ToSnakeCase as _, ToUpperCamelCase as _};
use prost_types::field_descriptor_proto::Type;
use prost_types::{DescriptorProto, EnumDescriptorProto, FileDescriptorProto};

use crate::items::{Enum, Items};

/// Looks everything up; the number of fields.
pub(crate) fn check(files: &[&FileDescriptorProto], items: &Items) -> usize {
    let (mut messages, mut enums, mut fields) = (0, 0, 0);
    for file in files {
        for message in &file.message_type {
            walk(message, "", items, &mut (&mut messages, &mut enums, &mut fields));
        }
        for item in &file.enum_type {
            enums += 1;
            enumeration(item, "", items);
        }
    }
    assert_eq!((messages, enums), (items.messages.len(), items.enums.len()));
    fields
}

fn walk(
    message: &DescriptorProto,
    module: &str,
    items: &Items,
    counts: &mut (&mut usize, &mut usize, &mut usize),
) {
    if message.options.as_ref().is_some_and(prost_types::MessageOptions::map_entry) {
        return;
    }
    *counts.0 += 1;
    let path = format!("{module}{}", type_name(message.name()));
    let found = items.messages.get(&path).unwrap_or_else(|| panic!("{path} is missing"));
    assert_eq!(found.encoding.len(), message.field.len(), "{path}");
    for field in &message.field {
        *counts.2 += 1;
        let number = u32::try_from(field.number()).unwrap();
        let row =
            found.encoding.get(&number).unwrap_or_else(|| panic!("{path}: {} has no row", field.name()));
        let oneof = field.oneof_index.filter(|_| !field.proto3_optional());
        let name = match oneof {
            Some(index) => message.oneof_decl[usize::try_from(index).unwrap()].name(),
            None => field.name(),
        };
        let bare = row.field.trim_start_matches("r#").trim_end_matches('_');
        assert_eq!(bare, name.to_snake_case().trim_end_matches('_'), "{path}: {}", field.name());
        assert_eq!(row.variant.is_some(), oneof.is_some(), "{path}: {}", field.name());
        assert!(found.fields.iter().any(|(name, _)| *name == row.field), "{path}: {}", field.name());
        if let Some(stated) = field.default_value.as_ref().filter(|_| oneof.is_none()) {
            let default = found.defaults.get(&row.field);
            let default = default.unwrap_or_else(|| panic!("{path}: {} has no default", field.name()));
            if field.r#type() == Type::Enum {
                assert_eq!(number_of(items, default), number_of(items, stated), "{path}: {}", field.name());
            }
        }
    }
    let inner = format!("{module}{}::", module_name(message.name()));
    for nested in &message.nested_type {
        walk(nested, &inner, items, counts);
    }
    for item in &message.enum_type {
        *counts.1 += 1;
        enumeration(item, &inner, items);
    }
}

fn enumeration(item: &EnumDescriptorProto, module: &str, items: &Items) {
    let path = format!("{module}{}", type_name(item.name()));
    let found = items.enums.get(&path).unwrap_or_else(|| panic!("{path} is missing"));
    for value in &item.value {
        let variant = found.names.iter().find(|(_, name)| *name == value.name()).map(|(variant, _)| variant);
        match variant {
            Some(variant) => {
                assert!(
                    found.variants.contains(&(variant.clone(), value.number())),
                    "{path}: {}",
                    value.name()
                );
            }
            None => assert_eq!(
                found.aliases.0.get(value.name()),
                Some(&value.number()),
                "{path}: {}",
                value.name()
            ),
        }
    }
}

/// The number of a variant, a value's name or an alias.
fn number_of(items: &Items, name: &str) -> i32 {
    let of = |item: &Enum| {
        let variant = item.names.iter().find(|(_, of)| *of == name).map_or(name, |(variant, _)| variant);
        let number = item.variants.iter().find(|(of, _)| of == variant).map(|(_, number)| *number);
        number.or_else(|| item.aliases.0.get(name).copied())
    };
    items.enums.values().find_map(of).unwrap_or_else(|| panic!("no enum has {name}"))
}

fn type_name(name: &str) -> String {
    let name = name.to_upper_camel_case();
    if name == "Self" { "Self_".to_owned() } else { name }
}

fn module_name(name: &str) -> String {
    let name = name.to_snake_case();
    match name.as_str() {
        "self" | "crate" | "super" => format!("{name}_"),
        "box" | "enum" | "struct" | "type" | "async" | "abstract" => format!("r#{name}"),
        _ => name,
    }
}
