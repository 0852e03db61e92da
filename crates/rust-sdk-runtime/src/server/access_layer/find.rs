//! Finds the method of a request, and the account in its path and query.

use std::borrow::Cow;

use http::header::CONTENT_TYPE;
use http::request::Parts;
use http::{HeaderMap, HeaderName, HeaderValue, Method as Verb, StatusCode};

use super::call::Account;
use super::field::FieldPath;
use super::query::{self, Scope};
use super::refusal::{Protocol, Refused};
use super::table::Table;
use super::unpack;
use crate::api::Api;
use crate::api::routing::by_text::TextRoutes;
use crate::api::routing::{Body, Match, Part};
use crate::error::code::Code;
use crate::error::metadata::content_encoding;
use crate::server::grpc_codec;

/// Headers that ask a server to treat a request as one with another verb. The layer rejects them, since a server behind it might obey.
const OVERRIDES: [&str; 5] =
    ["x-http-method-override", "x-http-method", "x-method-override", "x-http-verb", "x-method"];

/// The result for the head of a request.
#[derive(Debug)]
pub(super) struct Found {
    /// The index of the method's plan.
    pub(super) plan: usize,
    /// The account that the path or the query names.
    pub(super) account: Account,
    /// How many steps of the account's field path lie before the start of the JSON body. `None` if the body cannot name the account.
    pub(super) in_body: Option<usize>,
    /// Whether handlers read the account only from the body.
    pub(super) of_body: bool,
    /// Whether compressed gRPC messages are gzip.
    pub(super) is_gzip: bool,
}

/// The protocol of the request, and so of its answer.
pub(super) fn protocol(headers: &HeaderMap) -> Protocol {
    if grpc_codec(headers).is_some() { Protocol::Grpc } else { Protocol::Rest }
}

/// Finds the method, or says why there is none.
pub(super) fn find(
    api: &'static Api,
    table: &Table,
    protocol: Protocol,
    parts: &Parts,
) -> Result<Found, Refused> {
    let headers = &parts.headers;
    if headers.get_all(CONTENT_TYPE).iter().nth(1).is_some() {
        return Err(Refused::new(Code::InvalidArgument, "the request has more than one content type"));
    }
    let is_override = |name: &HeaderName| {
        let name = name.as_str();
        name.starts_with("x-") && OVERRIDES.contains(&name)
    };
    if headers.keys().any(is_override) {
        return Err(Refused::new(
            Code::InvalidArgument,
            "a request must not ask for another HTTP verb (method override)",
        ));
    }
    match protocol {
        Protocol::Grpc => of_grpc(api, table, parts),
        Protocol::Rest => of_rest(api, table, parts),
    }
}

fn of_grpc(api: &'static Api, table: &Table, parts: &Parts) -> Result<Found, Refused> {
    let rest = grpc_codec(&parts.headers).unwrap_or_default();
    // Other codecs and gRPC-Web frame messages differently.
    let is_proto = rest.is_empty() || rest.starts_with(';') || {
        let codec = rest.split_once(';').map_or(rest, |(codec, _)| codec).trim_end();
        codec.eq_ignore_ascii_case("+proto")
    };
    if !is_proto {
        return Err(Refused::new(
            Code::Unimplemented,
            "the content type must be application/grpc or application/grpc+proto",
        ));
    }
    if content_encoding(&parts.headers).is_some() {
        return Err(Refused::new(Code::Unimplemented, "a gRPC request must not have a content encoding"));
    }
    let method = (parts.method == Verb::POST).then(|| api.method(parts.uri.path())).flatten();
    let plan = method.and_then(|method| table.index(method));
    let plan = plan.ok_or_else(|| Refused::unknown(Protocol::Grpc))?;
    if table.plans[plan].is_shadowed {
        let message = "an HTTP route of the API matches the method's path, so the call is ambiguous";
        return Err(Refused::new(Code::Unimplemented, message));
    }
    let is_gzip = unpack::is_gzip(&parts.headers);
    Ok(Found { plan, account: Account::None, in_body: None, of_body: false, is_gzip })
}

fn of_rest(api: &'static Api, table: &Table, parts: &Parts) -> Result<Found, Refused> {
    let path = parts.uri.path();
    // gRPC servers look only at the path.
    if api.method(path).is_some() {
        return Err(Refused::unknown(Protocol::Rest));
    }
    let found = route(api, parts)?;
    let agrees = |routes: &TextRoutes| routes.agrees(parts.method.as_str(), path, &found);
    // A router behind the layer may choose another route.
    if !found.is_literal() || !table.by_text.as_deref().is_none_or(agrees) {
        return Err(Refused::unknown(Protocol::Rest));
    }
    let plan = table.index(found.method).ok_or_else(|| Refused::unknown(Protocol::Rest))?;
    let Some(scope) = found.method.access().scope() else {
        query::account(parts.uri.query().unwrap_or_default(), None)?;
        return Ok(Found { plan, account: Account::None, in_body: None, of_body: false, is_gzip: false });
    };
    let (field, is_public) = (table.plans[plan].scope(), table.plans[plan].is_public());
    let in_body = match found.binding.request_body() {
        Body::All => Some(0),
        Body::Field(name) => {
            let rest = scope.strip_prefix(name);
            let is_within = rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
            is_within.then(|| name.split('.').count())
        }
        Body::None => None,
    };
    // The body of a public method is not checked.
    if in_body.is_some() && !is_public {
        check_body(&parts.headers)?;
    }
    let in_path = account_in_path(&found, scope, field)?;
    let of_body = in_body.is_some() && in_path.is_none();
    let query = parts.uri.query().unwrap_or_default();
    let in_query = query::account(query, Some(Scope { path: scope, field, of_body }))?;
    let account = match (in_path, in_query) {
        (Some(in_path), Some(in_query)) if in_path != in_query => return Err(Refused::conflict()),
        (Some(value), _) => Account::in_path(path, value),
        (None, Some(value)) => Account::Owned(value.into_owned()),
        (None, None) => Account::None,
    };
    Ok(Found { plan, account, in_body, of_body, is_gzip: false })
}

/// The route of a request.
fn route<'p>(api: &'static Api, parts: &'p Parts) -> Result<Match<'p>, Refused> {
    let (verb, path) = (parts.method.as_str(), parts.uri.path());
    api.routes().serving(verb, path).ok_or_else(|| {
        let allowed: Vec<_> = api.routes().allowed(path).collect();
        if allowed.is_empty() { Refused::unknown(Protocol::Rest) } else { Refused::not_allowed(&allowed) }
    })
}

/// The account in the path. An empty one means that a path variable sets another member of the account's oneof.
fn account_in_path<'p>(
    found: &Match<'p>,
    scope: &str,
    field: Option<&FieldPath>,
) -> Result<Option<Cow<'p, str>>, Refused> {
    let Some(account) = found.get(scope) else {
        let is_ended = |part: &Part| match (part, field) {
            (Part::Variable(name, _), Some(field)) => field.is_ended_by(name),
            _ => false,
        };
        return Ok(found.binding.parts().iter().any(is_ended).then_some(Cow::Borrowed("")));
    };
    let has_slash = |value: &str| value.as_bytes().windows(3).any(|part| part.eq_ignore_ascii_case(b"%2f"));
    // A multi-segment value keeps an escaped slash, but routers decode it.
    if found.has_segments(scope) && has_slash(&account) {
        return Err(Refused::new(Code::InvalidArgument, "the account must not contain an escaped slash"));
    }
    Ok(Some(account))
}

/// Checks that every server reads the body as JSON, since the body may name the account.
fn check_body(headers: &HeaderMap) -> Result<(), Refused> {
    let refused = |message: &'static str| {
        Err(Refused::new(Code::InvalidArgument, message).with_status(StatusCode::UNSUPPORTED_MEDIA_TYPE))
    };
    if content_encoding(headers).is_some() {
        return refused("the body must not have a content encoding");
    }
    let is_json = |value: &HeaderValue| {
        let essence = value.as_bytes().split(|&byte| byte == b';').next().unwrap_or_default();
        essence.windows(4).any(|part| part.eq_ignore_ascii_case(b"json"))
    };
    match headers.get(CONTENT_TYPE) {
        Some(kind) if !is_json(kind) => refused("the body must be JSON, since it may name the account"),
        _ => Ok(()),
    }
}

/// The value of a field in the path or the query.
pub(super) fn field(api: &'static Api, parts: &Parts, path: &str) -> Option<String> {
    let in_path = route(api, parts).ok()?.get(path);
    let in_query = || query::value(parts.uri.query().unwrap_or_default(), path);
    in_path.or_else(in_query).map(Cow::into_owned)
}

impl Account {
    /// The value of a path variable.
    fn in_path(path: &str, value: Cow<'_, str>) -> Self {
        match value {
            Cow::Owned(value) => Self::Owned(value),
            // The empty value of a `**` without segments has no position in the path.
            Cow::Borrowed("") => Self::Owned(String::new()),
            Cow::Borrowed(value) => {
                let start = value.as_ptr().addr() - path.as_ptr().addr();
                Self::Path(start..start + value.len())
            }
        }
    }
}
