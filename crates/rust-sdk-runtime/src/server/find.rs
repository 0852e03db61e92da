//! The method of a request, and what its head says of the account.

use std::borrow::Cow;

use http::header::{CONTENT_ENCODING, CONTENT_TYPE};
use http::request::Parts;
use http::{HeaderMap, HeaderName, Method as Verb, StatusCode};

use super::call::Account;
use super::refusal::{Protocol, Refused};
use super::table::Table;
use crate::api::Api;
use crate::code::Code;
use crate::http::encode::decode;
use crate::http::{Body, Match};

/// Headers by which a server may be asked to take a request for one with another verb. Nothing here does, but what stands
/// behind might.
const OVERRIDES: [&str; 5] =
    ["x-http-method-override", "x-http-method", "x-method-override", "x-http-verb", "x-method"];
/// The query parameter for the same.
const OVERRIDE: &str = "_method";

/// What the head of a request says.
#[derive(Debug)]
pub(super) struct Found {
    /// The index of the method's plan.
    pub(super) plan: usize,
    /// The account that path and query name.
    pub(super) account: Account,
    /// Whether the body, which is JSON then, may name it, too: how many steps of the way are behind where it begins.
    pub(super) in_body: Option<usize>,
}

/// Whether a request is to be answered in gRPC.
pub(super) fn protocol(headers: &HeaderMap) -> Protocol {
    if content_type(headers).is_some_and(|(kind, _)| kind.eq_ignore_ascii_case("application/grpc")) {
        Protocol::Grpc
    } else {
        Protocol::Rest
    }
}

/// What a content type is as far as it says how messages are framed, and the rest of it.
fn content_type(headers: &HeaderMap) -> Option<(&str, &str)> {
    let value = headers.get(CONTENT_TYPE)?.to_str().ok()?;
    Some(value.split_at_checked("application/grpc".len()).unwrap_or((value, "")))
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
    let rest = content_type(&parts.headers).map_or("", |(_, rest)| rest);
    // Other codecs and gRPC-Web frame messages differently.
    let is_proto = rest.is_empty() || rest.starts_with(';') || {
        let codec = rest.split_once(';').map_or(rest, |(codec, _)| codec).trim_end();
        codec.eq_ignore_ascii_case("+proto")
    };
    if !is_proto {
        return Err(Refused::new(Code::Unimplemented, "requests are taken as application/grpc"));
    }
    let method = (parts.method == Verb::POST).then(|| api.method(parts.uri.path())).flatten();
    let plan = method.and_then(|method| table.index(method));
    let plan = plan.ok_or_else(|| Refused::unknown(Protocol::Grpc))?;
    Ok(Found { plan, account: Account::None, in_body: None })
}

fn of_rest(api: &'static Api, table: &Table, parts: &Parts) -> Result<Found, Refused> {
    let path = parts.uri.path();
    let found = route(api, parts.method.as_str(), path)?;
    let plan = table.index(found.method).ok_or_else(|| Refused::unknown(Protocol::Rest))?;
    let field = table.plans[plan].scope();
    let scope = found.method.access().scope();
    let mut account = Account::None;
    if let Some(scope) = scope
        && let Some(value) = found.get(scope)
    {
        account = Account::in_path(path, value);
    }
    for (key, value) in pairs(parts.uri.query().unwrap_or_default()) {
        let undecodable = |_| Refused::new(Code::InvalidArgument, "a query parameter does not decode");
        let key = decode(key).map_err(undecodable)?;
        if key.eq_ignore_ascii_case(OVERRIDE) {
            let message = "a request cannot ask for another verb than its own";
            return Err(Refused::new(Code::InvalidArgument, message));
        }
        let is_field = || field.is_some_and(|field| field.is_key(&key));
        if scope.is_some_and(|scope| is_same_name(&key, scope) || is_field()) {
            let value = decode(value).map_err(undecodable)?;
            match account.text(parts, &[]) {
                None => account = Account::Owned(value.into_owned()),
                Some(account) if *account == *value => {}
                Some(_) => return Err(Refused::conflict()),
            }
        }
    }
    let in_body = scope.and_then(|scope| match found.binding.request_body() {
        Body::All => Some(0),
        Body::Field(name) => (scope.split('.').next() == Some(name)).then_some(1),
        Body::None => None,
    });
    if in_body.is_some() && parts.headers.get(CONTENT_ENCODING).is_some_and(|encoding| encoding != "identity")
    {
        let refused = Refused::new(Code::InvalidArgument, "a body with a content encoding is not taken");
        return Err(refused.with_status(StatusCode::UNSUPPORTED_MEDIA_TYPE));
    }
    Ok(Found { plan, account, in_body })
}

/// The route of a request. `HEAD` is for whoever may `GET`: that is the handler that answers it.
fn route<'p>(api: &'static Api, verb: &str, path: &'p str) -> Result<Match<'p>, Refused> {
    let found = api.route(verb, path).or_else(|| (verb == "HEAD").then(|| api.route("GET", path)).flatten());
    match found {
        Some(found) if found.is_literal() => Ok(found),
        // What stands behind may take it for another route.
        Some(_) => Err(Refused::unknown(Protocol::Rest)),
        None => {
            let allowed: Vec<_> = api.routes().allowed(path).collect();
            if allowed.is_empty() {
                return Err(Refused::unknown(Protocol::Rest));
            }
            Err(Refused::not_allowed(&allowed))
        }
    }
}

/// What path and query say of a field.
pub(super) fn field(api: &'static Api, parts: &Parts, path: &str) -> Option<String> {
    let found = route(api, parts.method.as_str(), parts.uri.path()).ok()?;
    let in_query = || {
        let pairs = pairs(parts.uri.query().unwrap_or_default());
        let mut pairs = pairs.filter_map(|(key, value)| Some((decode(key).ok()?, decode(value).ok()?)));
        pairs.find_map(|(key, value)| is_same_name(&key, path).then_some(value))
    };
    found.get(path).or_else(in_query).map(Cow::into_owned)
}

fn pairs(query: &str) -> impl Iterator<Item = (&str, &str)> {
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    pairs.map(|pair| pair.split_once('=').unwrap_or((pair, "")))
}

/// Whether a query key names this field, in whatever case: `accountId`, `account_id`, `cluster.account-id`.
fn is_same_name(key: &str, field: &str) -> bool {
    let letters = |text| str::bytes(text).filter(|byte| !matches!(byte, b'_' | b'-'));
    let lower = |byte: u8| byte.to_ascii_lowercase();
    letters(key).map(lower).eq(letters(field).map(lower))
}

impl Account {
    /// The value of a path variable.
    fn in_path(path: &str, value: Cow<'_, str>) -> Self {
        match value {
            Cow::Owned(value) => Self::Owned(value),
            Cow::Borrowed(value) => {
                let start = value.as_ptr().addr() - path.as_ptr().addr();
                Self::Path(start..start + value.len())
            }
        }
    }
}
