//! Enums and their values.

use std::collections::BTreeMap;

use prost_reflect::EnumDescriptor;

use super::comments::Comments;
use super::types::TypeIndex;
use crate::api::{Enum, EnumValue, RustType};
use crate::naming;
use crate::source::SourceIndex;

/// `EnumDescriptorProto.value`.
const VALUE: i32 = 2;

/// Describes an enum, unless another crate defines it.
pub(crate) fn describe(
    item: &EnumDescriptor,
    types: &TypeIndex,
    (comments, source): (Comments<'_>, &SourceIndex),
) -> Option<Enum> {
    let RustType::Local(path) = types.enumeration(item).rust else { return None };
    let prefix = naming::value_prefix(item.name());
    let prefixed =
        item.values().all(|value| value.name().len() > prefix.len() && value.name().starts_with(&prefix));
    let mut variants: BTreeMap<i32, String> = BTreeMap::new();
    // In the file's order: of two names with one number, the first is the variant.
    let values = item.enum_descriptor_proto().value.iter().zip(0..).map(|(value, index)| {
        let is_alias = variants.contains_key(&value.number());
        let variant = || types.variant(item, value.name());
        EnumValue {
            number: value.number(),
            name: value.name().to_owned(),
            variant: variants.entry(value.number()).or_insert_with(variant).clone(),
            is_alias,
            docs: comments.docs(source, &[item.path(), &[VALUE, index]].concat(), item.full_name()),
            deprecated: value.options.as_ref().is_some_and(prost_types::EnumValueOptions::deprecated),
        }
    });
    Some(Enum {
        values: values.collect(),
        full_name: item.full_name().to_owned(),
        docs: comments.docs(source, item.path(), item.full_name()),
        path,
        prefix: if prefixed { prefix } else { String::new() },
    })
}

/// The variant for a number: that of the first value with this number.
pub(crate) fn variant(item: &EnumDescriptor, number: i32, types: &TypeIndex) -> Option<String> {
    let value = item.enum_descriptor_proto().value.iter().find(|value| value.number() == number)?;
    Some(types.variant(item, value.name()))
}
