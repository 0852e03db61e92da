//! Methods that list page by page, found by the shape of their messages (AIP-158 and its relatives) or by a rule of the plugin's options.

use prost_reflect::{
    Cardinality, DescriptorPool, FieldDescriptor, Kind, MessageDescriptor, MethodDescriptor,
};

use super::Fit;
use super::field_paths::{LeafKind, leaf_kind};
use super::messages;
use super::types::TypeIndex;
use crate::api::{PageField, PageKind, Pagination};
use crate::diagnostic::{Code, Diagnostics};
use crate::naming;
use crate::options::PaginationRule;

/// The names of tokens in use: in requests and in responses.
const TOKENS: [(&str, &str); 6] = [
    ("page_token", "next_page_token"),
    ("next_page_token", "next_page_token"),
    ("continuation_token", "continuation_token"),
    ("continuous_token", "continuous_token"),
    ("cursor", "next_cursor"),
    ("cursor", "cursor"),
];

/// The names of tokens in messages for paging, within requests and responses.
const NESTED_TOKENS: [(&str, &str); 4] = [
    ("key", "next_key"),
    ("token", "next_token"),
    ("page_token", "next_page_token"),
    ("cursor", "next_cursor"),
];

/// The names of the request's page size. Not every list has one.
const SIZES: [&str; 5] = ["page_size", "max_results", "max_page_size", "limit", "size"];

/// A field, with the messages around it, from the outermost.
type Path = Vec<FieldDescriptor>;

/// How the method lists page by page.
pub(crate) fn describe(
    method: &MethodDescriptor,
    rules: &[PaginationRule],
    index: &TypeIndex,
) -> Option<Pagination> {
    if method.is_client_streaming() || method.is_server_streaming() {
        return None;
    }
    let found = rules
        .iter()
        .find_map(|rule| by_rule(method, rule))
        .or_else(|| by_tokens(method))
        .or_else(|| by_nested_tokens(method))
        .or_else(|| by_offset(method))?;
    let Found { kind, token, next, size, items } = found;
    let list = items.last()?;
    Some(Pagination {
        kind,
        is_bytes: scalar(token.last()?) == Some(Kind::Bytes),
        page_size: size.map(|path| name(&path)),
        page_token: page_field(&token, index),
        next_page_token: next.map(|next| page_field(&next, index)),
        item: messages::describe_kind(list, index),
        items: page_field(&items, index),
        total_size: named(&method.output(), "total_size", is_integer).map(|path| name(&path)),
        implements: false,
    })
}

/// Reports rules that fit no method.
pub(crate) fn check(pool: &DescriptorPool, rules: &[PaginationRule], fit: Fit, problems: &mut Diagnostics) {
    for rule in rules {
        let mut methods = pool.services().flat_map(|service| service.methods().collect::<Vec<_>>());
        if !methods.any(|method| by_rule(&method, rule).is_some()) {
            let message = format!("`pagination={}` fits no method", rule.text);
            let hint = "the request must have the first paths (a string or bytes, or an integer), the response the others; a path leads \
                        through single messages, and the list is the only one of the response, or it is named";
            problems.push_without_position(fit.severity(), Code::PluginOption, message, hint);
        }
    }
}

struct Found {
    kind: PageKind,
    token: Path,
    next: Option<Path>,
    size: Option<Path>,
    items: Path,
}

fn by_rule(method: &MethodDescriptor, rule: &PaginationRule) -> Option<Found> {
    let (input, output) = (method.input(), method.output());
    let token = resolve(&input, rule.request.first()?)?;
    let size = match rule.request.get(1) {
        Some(path) => Some(resolve(&input, path).filter(|path| ends(path, is_integer))?),
        None => None,
    };
    let (next, list) = match rule.kind {
        PageKind::Token => (Some(resolve(&output, rule.response.first()?)?), rule.response.get(1)),
        PageKind::Offset | PageKind::Number { .. } => (None, rule.response.first()),
    };
    let fits = match &next {
        Some(next) => fit_together(&token, next),
        None => ends(&token, is_integer),
    };
    let items = match list {
        Some(path) => resolve_list(&output, path)?,
        None => vec![items(&output)?],
    };
    fits.then_some(Found { kind: rule.kind, token, next, size, items })
}

fn by_tokens(method: &MethodDescriptor) -> Option<Found> {
    let (input, output) = (method.input(), method.output());
    let mut tokens = TOKENS
        .iter()
        .filter_map(|(token, next)| named(&input, token, is_token).zip(named(&output, next, is_token)));
    let (token, next) = tokens.find(|(token, next)| fit_together(token, next))?;
    let size = SIZES.iter().find_map(|name| named(&input, name, is_integer));
    Some(Found { kind: PageKind::Token, token, next: Some(next), size, items: vec![items(&output)?] })
}

/// A message for paging in the request, and one in the response or the token itself. If there are several, none is meant for sure.
fn by_nested_tokens(method: &MethodDescriptor) -> Option<Found> {
    let (input, output) = (method.input(), method.output());
    let mut found = Vec::new();
    for (token, next) in NESTED_TOKENS {
        let tokens = within(&input, token, is_token);
        let mut nexts = within(&output, next, is_token);
        nexts.extend(named(&output, next, is_token));
        let pairs =
            tokens.iter().flat_map(|token| nexts.iter().map(move |next| (token.clone(), next.clone())));
        found.extend(pairs.filter(|(token, next)| fit_together(token, next)));
    }
    let own = in_own_message(&input, "page_token").zip(in_own_message(&output, "next_page_token"));
    found.extend(own.filter(|(token, next)| fit_together(token, next)));
    let (token, next) = found.pop().filter(|_| found.is_empty())?;
    let around = token.first().and_then(|field| field.kind().as_message().cloned())?;
    let size = SIZES.iter().find_map(|name| {
        let size = named(&around, name, is_integer)?;
        Some(token[..1].iter().cloned().chain(size).collect())
    });
    Some(Found { kind: PageKind::Token, token, next: Some(next), size, items: vec![items(&output)?] })
}

/// A token that is the only field of a message with the usual name.
fn in_own_message(message: &MessageDescriptor, name: &str) -> Option<Path> {
    let field = message.get_field_by_name(name).filter(is_step)?;
    let Kind::Message(nested) = field.kind() else { return None };
    let inner = nested.fields().next().filter(|inner| nested.fields().len() == 1 && is_plain(inner))?;
    Some(vec![field, inner]).filter(|path| ends(path, is_token))
}

/// `offset` and `limit`, in the request or in one message of it.
fn by_offset(method: &MethodDescriptor) -> Option<Found> {
    let (input, output) = (method.input(), method.output());
    let both = |message: &MessageDescriptor| {
        named(message, "offset", is_integer).zip(named(message, "limit", is_integer))
    };
    let mut found: Vec<(Path, Path)> = both(&input).into_iter().collect();
    for field in input.fields().filter(is_step) {
        let Kind::Message(nested) = field.kind() else { continue };
        let behind = |path: Path| std::iter::once(field.clone()).chain(path).collect::<Path>();
        found.extend(both(&nested).map(|(offset, limit)| (behind(offset), behind(limit))));
    }
    let (token, size) = found.pop().filter(|_| found.is_empty())?;
    let items = vec![items(&output)?];
    Some(Found { kind: PageKind::Offset, token, next: None, size: Some(size), items })
}

/// The list of the response. Beside a list of messages there may be lists of scalars, such as the places that were `unreachable`
/// (AIP-217).
fn items(output: &MessageDescriptor) -> Option<FieldDescriptor> {
    let all: Vec<FieldDescriptor> = output.fields().filter(is_list).collect();
    if let [only] = all.as_slice() {
        return Some(only.clone());
    }
    let mut of_messages =
        all.into_iter().filter(|field| field.is_map() || matches!(field.kind(), Kind::Message(_)));
    let first = of_messages.next()?;
    of_messages.next().is_none().then_some(first)
}

fn is_list(field: &FieldDescriptor) -> bool {
    field.is_list() || field.is_map()
}

/// The field at a dotted path through single messages.
fn resolve(message: &MessageDescriptor, path: &str) -> Option<Path> {
    follow(message, path).filter(|path| path.last().is_some_and(is_plain))
}

fn resolve_list(message: &MessageDescriptor, path: &str) -> Option<Path> {
    follow(message, path).filter(|path| path.last().is_some_and(is_list))
}

fn follow(message: &MessageDescriptor, path: &str) -> Option<Path> {
    let mut message = message.clone();
    let mut found = Path::new();
    for name in path.split('.') {
        if let Some(around) = found.last() {
            let Some(Kind::Message(nested)) = is_step(around).then(|| around.kind()) else { return None };
            message = nested;
        }
        found.push(message.get_field_by_name(name)?);
    }
    Some(found)
}

/// Whether the field is a single message that may be absent, so that a path can lead through it.
fn is_step(field: &FieldDescriptor) -> bool {
    is_plain(field)
        && field.cardinality() != Cardinality::Required
        && matches!(field.kind(), Kind::Message(message) if message.package_name() != "google.protobuf")
}

/// Whether the field is no list and no member of a oneof.
fn is_plain(field: &FieldDescriptor) -> bool {
    !is_list(field) && field.containing_oneof().is_none_or(|oneof| oneof.is_synthetic())
}

/// The fields of this name in the single messages of a message.
fn within(message: &MessageDescriptor, name: &str, fits: fn(&Kind) -> bool) -> Vec<Path> {
    let steps = message.fields().filter(is_step);
    steps
        .filter_map(|field| {
            let Kind::Message(nested) = field.kind() else { return None };
            let inner = named(&nested, name, fits)?;
            Some(std::iter::once(field).chain(inner).collect())
        })
        .collect()
}

fn named(message: &MessageDescriptor, name: &str, fits: fn(&Kind) -> bool) -> Option<Path> {
    let path = vec![message.get_field_by_name(name).filter(is_plain)?];
    ends(&path, fits).then_some(path)
}

fn ends(path: &[FieldDescriptor], fits: fn(&Kind) -> bool) -> bool {
    path.last().and_then(scalar).is_some_and(|kind| fits(&kind))
}

/// Whether both are texts, or both are bytes.
fn fit_together(token: &[FieldDescriptor], next: &[FieldDescriptor]) -> bool {
    let kind = |path: &[FieldDescriptor]| path.last().and_then(scalar).filter(is_token);
    kind(token).is_some_and(|token| kind(next) == Some(token))
}

/// The type of a scalar or of the value in a wrapper.
fn scalar(field: &FieldDescriptor) -> Option<Kind> {
    match field.kind() {
        Kind::Message(nested) => match leaf_kind(&nested) {
            LeafKind::Wrapper(kind) => Some(kind),
            LeafKind::Text | LeafKind::None => None,
        },
        kind => Some(kind),
    }
}

fn is_token(kind: &Kind) -> bool {
    matches!(kind, Kind::String | Kind::Bytes)
}

fn is_integer(kind: &Kind) -> bool {
    matches!(kind, Kind::Int32 | Kind::Uint32 | Kind::Int64 | Kind::Uint64)
}

fn name(path: &[FieldDescriptor]) -> String {
    path.iter().map(FieldDescriptor::name).collect::<Vec<_>>().join(".")
}

fn page_field(path: &[FieldDescriptor], index: &TypeIndex) -> PageField {
    let rust_path = path.iter().map(|field| naming::snake(index.field_name(field))).collect();
    PageField { name: name(path), rust_path }
}
