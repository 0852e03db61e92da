//! The method of a request, and what its head says of the account.

use std::borrow::Cow;

use http::header::CONTENT_TYPE;
use http::request::Parts;
use http::{HeaderMap, HeaderName, HeaderValue, Method as Verb, StatusCode};

use super::call::Account;
use super::field::FieldPath;
use super::query::{self, Scope};
use super::refusal::{Protocol, Refused};
use super::table::Table;
use crate::api::Api;
use crate::code::Code;
use crate::headers::{content_encoding, grpc_codec};
use crate::http::by_text::TextRoutes;
use crate::http::{Body, Match, Part};

/// Headers by which a server may be asked to take a request for one with another verb. Nothing here does, but what stands
/// behind might.
const OVERRIDES: [&str; 5] =
    ["x-http-method-override", "x-http-method", "x-method-override", "x-http-verb", "x-method"];

/// What the head of a request says.
#[derive(Debug)]
pub(super) struct Found {
    /// The index of the method's plan.
    pub(super) plan: usize,
    /// The account that path and query name.
    pub(super) account: Account,
    /// Whether the body, which is JSON then, may name it, too: how many steps of the way are behind where it begins.
    pub(super) in_body: Option<usize>,
    /// Whether handlers read the account from the body alone.
    pub(super) of_body: bool,
}

/// Whether a request is to be answered in gRPC.
pub(super) fn protocol(headers: &HeaderMap) -> Protocol {
    if grpc_codec(headers).is_some() { Protocol::Grpc } else { Protocol::Rest }
}

/// The method, or why there is none.
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
            "a request cannot ask for another verb than its own",
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
        return Err(Refused::new(Code::Unimplemented, "requests are taken as application/grpc"));
    }
    if content_encoding(&parts.headers).is_some() {
        return Err(Refused::new(Code::Unimplemented, "a gRPC request has no content encoding"));
    }
    let method = (parts.method == Verb::POST).then(|| api.method(parts.uri.path())).flatten();
    let plan = method.and_then(|method| table.index(method));
    let plan = plan.ok_or_else(|| Refused::unknown(Protocol::Grpc))?;
    if table.plans[plan].is_shadowed {
        let message = "an HTTP route of the API matches the path of the method, so the call has two meanings";
        return Err(Refused::new(Code::Unimplemented, message));
    }
    Ok(Found { plan, account: Account::None, in_body: None, of_body: false })
}

fn of_rest(api: &'static Api, table: &Table, parts: &Parts) -> Result<Found, Refused> {
    let path = parts.uri.path();
    // Servers of gRPC go by the path alone.
    if api.method(path).is_some() {
        return Err(Refused::unknown(Protocol::Rest));
    }
    let found = route(api, parts)?;
    let agrees = |routes: &TextRoutes| routes.agrees(parts.method.as_str(), path, &found);
    // What stands behind may take it for another route.
    if !found.is_literal() || !table.by_text.as_deref().is_none_or(agrees) {
        return Err(Refused::unknown(Protocol::Rest));
    }
    let plan = table.index(found.method).ok_or_else(|| Refused::unknown(Protocol::Rest))?;
    let Some(scope) = found.method.access().scope() else {
        query::account(parts.uri.query().unwrap_or_default(), None)?;
        return Ok(Found { plan, account: Account::None, in_body: None, of_body: false });
    };
    let (field, is_public) = (table.plans[plan].scope(), table.plans[plan].is_public());
    let in_body = match found.binding.request_body() {
        Body::All => Some(0),
        Body::Field(name) => (scope.split('.').next() == Some(name)).then_some(1),
        Body::None => None,
    };
    // The body of a public method is not looked at.
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
    Ok(Found { plan, account, in_body, of_body })
}

/// The route of a request.
fn route<'p>(api: &'static Api, parts: &'p Parts) -> Result<Match<'p>, Refused> {
    let (verb, path) = (parts.method.as_str(), parts.uri.path());
    api.routes().serving(verb, path).ok_or_else(|| {
        let allowed: Vec<_> = api.routes().allowed(path).collect();
        if allowed.is_empty() { Refused::unknown(Protocol::Rest) } else { Refused::not_allowed(&allowed) }
    })
}

/// What the path says of the account: its name, or that there is none, since a variable takes its place.
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
    // In several segments an escaped slash stays; routers decode it.
    if found.has_segments(scope) && has_slash(&account) {
        return Err(Refused::new(Code::InvalidArgument, "a slash in the account cannot be escaped"));
    }
    Ok(Some(account))
}

/// Whether a body that may name the account is one that every server reads as JSON.
fn check_body(headers: &HeaderMap) -> Result<(), Refused> {
    let refused = |message: &'static str| {
        Err(Refused::new(Code::InvalidArgument, message).with_status(StatusCode::UNSUPPORTED_MEDIA_TYPE))
    };
    if content_encoding(headers).is_some() {
        return refused("a body with a content encoding is not taken");
    }
    let is_json = |value: &HeaderValue| {
        let essence = value.as_bytes().split(|&byte| byte == b';').next().unwrap_or_default();
        essence.windows(4).any(|part| part.eq_ignore_ascii_case(b"json"))
    };
    match headers.get(CONTENT_TYPE) {
        Some(kind) if !is_json(kind) => refused("a body that may name the account is taken as JSON"),
        _ => Ok(()),
    }
}

/// What path and query say of a field.
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
            // That of a `**` without segments is at no place.
            Cow::Borrowed("") => Self::Owned(String::new()),
            Cow::Borrowed(value) => {
                let start = value.as_ptr().addr() - path.as_ptr().addr();
                Self::Path(start..start + value.len())
            }
        }
    }
}
