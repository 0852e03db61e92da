//! The types of responses and metadata, which options state by name.

use prost_reflect::{DescriptorPool, ExtensionDescriptor, MessageDescriptor, MethodDescriptor};

use super::{Lookup, MESSAGE, OPTION, is_statement, shape, stated};
use crate::api::{RustType, TypeRef};
use crate::options::Options;
use crate::resolve::loaded::Loaded;
use crate::resolve::package_names;

const WELL_KNOWN: [&str; 17] = [
    "Any",
    "BoolValue",
    "BytesValue",
    "DoubleValue",
    "Duration",
    "Empty",
    "FieldMask",
    "FloatValue",
    "Int32Value",
    "Int64Value",
    "ListValue",
    "StringValue",
    "Struct",
    "Timestamp",
    "UInt32Value",
    "UInt64Value",
    "Value",
];

/// The message with this name, as seen from the method. The error is a hint.
pub(super) fn find(method: &MethodDescriptor, name: &str, lookup: &Lookup<'_>) -> Result<TypeRef, String> {
    let bare = name.trim_start_matches('.');
    if let Some(found) = message(method, name) {
        let ty = lookup.types.message(&found);
        let is_there = match ty.rust {
            RustType::Local(_) => lookup.reach.compiles(lookup.gate, found.parent_file().name()),
            RustType::Foreign(_) => true,
        };
        return if is_there {
            Ok(ty)
        } else {
            Err(format!("the file `{}` defines it: generate that file, too", found.parent_file().name()))
        };
    }
    // Their file need not be imported: every crate has them.
    if bare.strip_prefix("google.protobuf.").is_some_and(|short| WELL_KNOWN.contains(&short)) {
        return Ok(lookup.types.named("google.protobuf", bare));
    }
    let short = bare.rsplit('.').next().unwrap_or(bare);
    let pool = method.parent_pool();
    let mut near: Vec<(usize, String)> = pool
        .all_messages()
        .filter(|known| !known.is_map_entry())
        .map(|known| (strsim::damerau_levenshtein(known.name(), short), known.full_name().to_owned()))
        .filter(|(distance, _)| *distance <= short.len().div_ceil(4))
        .collect();
    near.sort();
    Err(match near.into_iter().next() {
        Some((_, known)) => format!("did you mean `{known}`?"),
        None => "import the file that defines it, and write the full name of a message of another package"
            .to_owned(),
    })
}

/// The message with this name: from the method's package outwards, as in a `.proto` file.
fn message(method: &MethodDescriptor, name: &str) -> Option<MessageDescriptor> {
    let pool = method.parent_pool();
    if let Some(full_name) = name.strip_prefix('.') {
        return pool.get_message_by_name(full_name);
    }
    let service = method.parent_service();
    let mut scope = service.package_name();
    while !scope.is_empty() {
        if let Some(found) = pool.get_message_by_name(&format!("{scope}.{name}")) {
            return Some(found);
        }
        scope = scope.rsplit_once('.').map_or("", |(around, _)| around);
    }
    pool.get_message_by_name(name)
}

/// For each method that starts an operation: its file, and the full names of the messages that its option states. Their files are needed,
/// although no field refers to them. `option` is the option's full name, if the plugin's options name it.
pub(crate) fn named(pool: &DescriptorPool, option: Option<&str>) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for method in pool.services().flat_map(|service| service.methods().collect::<Vec<_>>()) {
        if option == Some("-") || shape(&method.output()).is_none() {
            continue;
        }
        let options = method.options();
        let value = options.extensions().find(|(extension, _)| {
            is_statement(&extension.kind(), extension.is_list())
                && (extension.name() == OPTION || option == Some(extension.full_name()))
        });
        let Some((response, metadata)) = value.and_then(|(_, value)| value.as_message()).map(stated) else {
            continue;
        };
        let file = method.parent_service().parent_file().name().to_owned();
        for name in [response, metadata] {
            if let Some(message) = message(&method, &name) {
                found.push((file.clone(), message.full_name().to_owned()));
            }
        }
    }
    found
}

/// Whether a wanted method starts one of Google's operations: it has one of these options.
pub(crate) fn are_started(loaded: &Loaded, options: &Options, statements: &[ExtensionDescriptor]) -> bool {
    loaded
        .files
        .iter()
        .filter(|file| file.requested && package_names::selected(file.package(), options))
        .map(|file| file.descriptor.clone())
        .flat_map(|file| {
            file.services().flat_map(|service| service.methods().collect::<Vec<_>>()).collect::<Vec<_>>()
        })
        .any(|method| {
            method.output().full_name() == MESSAGE
                && statements.iter().any(|option| method.options().has_extension(option))
        })
}
