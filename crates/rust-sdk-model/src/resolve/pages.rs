//! Methods that list page by page (AIP-158), found by the shape of their messages.

use prost_reflect::{Kind, MessageDescriptor, MethodDescriptor};

use super::field_paths::{LeafKind, leaf_kind};
use super::messages;
use super::types::TypeIndex;
use crate::api::{PageField, Pagination};
use crate::naming;

pub(crate) fn describe(method: &MethodDescriptor, index: &TypeIndex) -> Option<Pagination> {
    if method.is_client_streaming() || method.is_server_streaming() {
        return None;
    }
    let (input, output) = (method.input(), method.output());
    let page_size = named(&input, "page_size", is_integer)?;
    let page_token = page_field(&named(&input, "page_token", |kind| *kind == Kind::String)?);
    let next_page_token = page_field(&named(&output, "next_page_token", |kind| *kind == Kind::String)?);
    let mut lists = output.fields().filter(prost_reflect::FieldDescriptor::is_list);
    let items = lists.next()?;
    if lists.next().is_some() {
        return None;
    }
    let total_size = named(&output, "total_size", is_integer);
    let item = messages::describe_kind(&items, index);
    let items = page_field(items.name());
    Some(Pagination { page_size, page_token, next_page_token, items, item, total_size, implements: false })
}

fn page_field(name: &str) -> PageField {
    PageField { name: name.to_owned(), rust_name: naming::snake(name) }
}

fn named(message: &MessageDescriptor, name: &str, fits: impl Fn(&Kind) -> bool) -> Option<String> {
    let field = message.get_field_by_name(name).filter(|field| !field.is_list())?;
    if field.containing_oneof().is_some_and(|oneof| !oneof.is_synthetic()) {
        return None;
    }
    let kind = match field.kind() {
        Kind::Message(nested) => match leaf_kind(&nested) {
            LeafKind::Wrapper(kind) => kind,
            LeafKind::Text | LeafKind::None => return None,
        },
        kind => kind,
    };
    fits(&kind).then(|| name.to_owned())
}

fn is_integer(kind: &Kind) -> bool {
    matches!(kind, Kind::Int32 | Kind::Uint32 | Kind::Int64 | Kind::Uint64)
}
