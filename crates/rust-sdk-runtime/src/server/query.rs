//! What a query says of the account.

use std::borrow::Cow;

use super::field::FieldPath;
use super::refusal::Refused;
use crate::code::Code;
use crate::http::encode::decode;
use crate::json::mask::push_camel;

/// The parameter by which a server may be asked to take a request for one with another verb.
const OVERRIDE: &str = "_method";

/// The field that holds the account.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scope<'s> {
    /// Its path, of proto names.
    pub(super) path: &'s str,
    /// The same in the request's schema, where that is compiled in.
    pub(super) field: Option<&'s FieldPath>,
    /// Whether handlers read it from the body.
    pub(super) of_body: bool,
}

/// The account that a query names, if it does.
///
/// # Errors
/// When the query names several accounts, or servers could read it in different ways.
pub(super) fn account<'q>(query: &'q str, scope: Option<Scope<'_>>) -> Result<Option<Cow<'q, str>>, Refused> {
    let refused = |message: &'static str| Err(Refused::new(Code::InvalidArgument, message));
    let mut account = None;
    for pair in pairs(query) {
        let (key, value) = split(pair);
        let Ok(name) = decode(key) else {
            return refused("a query parameter does not decode");
        };
        // To some servers a `;` separates parameters.
        let mut hidden = pair.split(';').skip(1).map(|pair| decode(split(pair).0));
        if is_override(&name) || hidden.clone().flatten().any(|name| is_override(&name)) {
            return refused("a request cannot ask for another verb than its own");
        }
        let Some(scope) = scope else { continue };
        if hidden.any(|name| name.is_ok_and(|name| scope.is_like(&name))) {
            return refused("behind a `;` in a query no parameter can name an account");
        }
        if scope.of_body && scope.field.is_some_and(|field| field.is_ended_by(&name)) {
            return refused("a query parameter takes the place of the account in the body");
        }
        if !scope.is_like(&name) {
            continue;
        }
        if !scope.is_named(&name) || key.contains('+') {
            return refused("a query parameter has nearly the name of the account's field");
        }
        // To servers that read the query as a form, a `+` is a space.
        if value.contains(['+', ';']) {
            return refused("an account's `+` and `;` are written as `%2B` and `%3B`");
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

/// The value of a field in a query, as far as it decodes.
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

    /// Whether a key is a name of the field, or one that a server could take for it: `Account-ID`, `account_id[]`,
    /// `cluster[account_id]`, `+account_id`.
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

/// What matters of a key to servers that are generous.
fn letters(key: &str) -> impl Iterator<Item = u8> {
    let bytes = key.bytes().map(|byte| if byte == b'[' { b'.' } else { byte.to_ascii_lowercase() });
    bytes.filter(|byte| byte.is_ascii_alphanumeric() || *byte == b'.' || !byte.is_ascii())
}
