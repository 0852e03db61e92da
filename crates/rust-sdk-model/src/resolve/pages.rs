//! Methods that list page by page (AIP-158), found by the shape of their messages.

use prost_reflect::{FieldDescriptor, Kind, MessageDescriptor, MethodDescriptor};

use super::field_paths::{LeafKind, leaf_kind};
use super::messages;
use super::packages::join;
use super::types::TypeIndex;
use crate::api::{PageField, Pagination};
use crate::naming;

/// The names of tokens in use: in requests and in responses.
const TOKENS: [(&str, &str); 5] = [
    ("page_token", "next_page_token"),
    ("continuation_token", "continuation_token"),
    ("continuous_token", "continuous_token"),
    ("cursor", "next_cursor"),
    ("cursor", "cursor"),
];

/// The names of the request's page size. Not every list has one.
const SIZES: [&str; 4] = ["page_size", "max_results", "max_page_size", "limit"];

pub(crate) fn describe(method: &MethodDescriptor, index: &TypeIndex) -> Option<Pagination> {
    if method.is_client_streaming() || method.is_server_streaming() {
        return None;
    }
    let (input, output) = (method.input(), method.output());
    let is_text = |kind: &Kind| *kind == Kind::String;
    let mut tokens =
        TOKENS.iter().map(|(token, next)| (named(&input, token, is_text), named(&output, next, is_text)));
    let (page_token, next_page_token) = tokens.find_map(|(token, next)| token.zip(next))?;
    let items = items(&output)?;
    let page_size = SIZES.iter().find_map(|name| named(&input, name, is_integer));
    Some(Pagination {
        page_size,
        page_token: page_field(&input, &page_token, index),
        next_page_token: page_field(&output, &next_page_token, index),
        item: messages::describe_kind(&items, index),
        items: page_field(&output, items.name(), index),
        total_size: named(&output, "total_size", is_integer),
        implements: false,
    })
}

/// The list of the response. Beside a list of messages there may be lists of scalars, such as the places that were `unreachable`
/// (AIP-217).
fn items(output: &MessageDescriptor) -> Option<FieldDescriptor> {
    let all: Vec<FieldDescriptor> =
        output.fields().filter(|field| field.is_list() || field.is_map()).collect();
    if let [only] = all.as_slice() {
        return Some(only.clone());
    }
    let mut of_messages =
        all.into_iter().filter(|field| field.is_map() || matches!(field.kind(), Kind::Message(_)));
    let first = of_messages.next()?;
    of_messages.next().is_none().then_some(first)
}

fn page_field(message: &MessageDescriptor, name: &str, index: &TypeIndex) -> PageField {
    let base = index.name(&join(message.full_name(), name), name).to_owned();
    PageField { name: name.to_owned(), rust_name: naming::snake(&base) }
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
