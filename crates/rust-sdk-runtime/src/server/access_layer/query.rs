//! Finds the account in a query.

use std::borrow::Cow;

use super::field::FieldPath;
use super::refusal::Refused;
use crate::api::routing::percent::decode;
use crate::error::code::Code;
use crate::message::json::mask::push_camel;

/// The parameter that asks a server to treat a request as one with another verb.
const OVERRIDE: &str = "_method";

/// The field that holds the account.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scope<'s> {
    /// The field's path, in proto names.
    pub(super) path: &'s str,
    /// The same path in the request's schema, if that is compiled in.
    pub(super) field: Option<&'s FieldPath>,
    /// Whether handlers read the account from the body.
    pub(super) of_body: bool,
}

/// The account that a query names, if any.
///
/// # Errors
/// If the query names several accounts, or if servers could read it differently.
pub(super) fn account<'q>(query: &'q str, scope: Option<Scope<'_>>) -> Result<Option<Cow<'q, str>>, Refused> {
    let refused = |message: &'static str| Err(Refused::new(Code::InvalidArgument, message));
    let mut account = None;
    for pair in pairs(query) {
        let (key, value) = split(pair);
        let Ok(name) = decode(key) else {
            return refused("a query parameter does not decode");
        };
        // Some servers separate parameters at `;`.
        let mut hidden = pair.split(';').skip(1).map(|pair| decode(split(pair).0));
        if is_override(&name) || hidden.clone().flatten().any(|name| is_override(&name)) {
            return refused("a request must not ask for another HTTP verb (method override)");
        }
        let Some(scope) = scope else { continue };
        if hidden.any(|name| name.is_ok_and(|name| scope.is_like(&name))) {
            return refused("a query parameter after a `;` must not name the account");
        }
        if scope.of_body && scope.field.is_some_and(|field| field.is_ended_by(&name)) {
            return refused(
                "a query parameter clears the account in the body (they are members of one oneof)",
            );
        }
        if !scope.is_like(&name) {
            continue;
        }
        if !scope.is_named(&name) || key.contains('+') {
            return refused("the name of a query parameter is too similar to that of the account's field");
        }
        // Servers that read the query as a form turn `+` into a space.
        if value.contains(['+', ';']) {
            return refused("write `+` and `;` in the account as `%2B` and `%3B`");
        }
        let Ok(value) = decode(value) else {
            return refused("a query parameter does not decode");
        };
        if *account.get_or_insert_with(|| value.clone()) != value {
            return Err(Refused::conflict());
        }
    }
    Ok(account)
}

/// The first value of a field in a query that decodes.
pub(super) fn value<'q>(query: &'q str, field: &str) -> Option<Cow<'q, str>> {
    let scope = Scope { path: field, field: None, of_body: false };
    let mut values =
        pairs(query).map(split).filter(|(key, _)| decode(key).is_ok_and(|key| scope.is_like(&key)));
    values.find_map(|(_, value)| decode(value).ok())
}

fn pairs(query: &str) -> impl Iterator<Item = &str> {
    query.split('&').filter(|pair| !pair.is_empty())
}

fn split(pair: &str) -> (&str, &str) {
    pair.split_once('=').unwrap_or((pair, ""))
}

fn is_override(key: &str) -> bool {
    key.eq_ignore_ascii_case(OVERRIDE)
}

impl Scope<'_> {
    /// Whether a key is a name of the field: `account_id`, `accountId`.
    fn is_named(self, key: &str) -> bool {
        key == self.path
            || match self.field {
                Some(field) => field.is_key(key),
                None => {
                    let mut name = String::new();
                    push_camel(self.path, &mut name).is_some() && name == key
                }
            }
    }

    /// Whether a key is a name of the field, or a server could read it as one: `Account-ID`, `account_id[]`, `cluster[account_id]`,
    /// `+account_id`.
    fn is_like(self, key: &str) -> bool {
        let is_named = || self.field.is_some_and(|field| field.is_key(key));
        let mut rest = letters(key);
        (letters(self.path).all(|letter| rest.next() == Some(letter))
            && match rest.next() {
                None => true,
                Some(next) => next == b'.' && rest.all(|byte| byte == b'.' || byte.is_ascii_digit()),
            })
            || is_named()
    }
}

/// The characters of a key that lenient servers compare.
fn letters(key: &str) -> impl Iterator<Item = u8> {
    let bytes = key.bytes().map(|byte| if byte == b'[' { b'.' } else { byte.to_ascii_lowercase() });
    bytes.filter(|byte| byte.is_ascii_alphanumeric() || *byte == b'.' || !byte.is_ascii())
}
