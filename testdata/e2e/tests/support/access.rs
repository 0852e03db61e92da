//! The decision matrix: every method, called by every kind of caller with every kind of permissions, and what must come of
//! it. It is worked out from `access.json` alone, by other means than the runtime's.

use std::collections::BTreeSet;

use prost::encoding::{WireType, encode_key, encode_varint};
use rust_sdk_runtime::access::Identity;
use rust_sdk_runtime::http::{Binding, Part};
use rust_sdk_runtime::schema::{Kind, MessageSchema};
use rust_sdk_runtime::{Code, Method};
use serde_json::Value;

/// What the golden crates come with.
pub(crate) const LUMEN: &str = include_str!("../../../golden/lumen/access.json");
pub(crate) const SHAPES: &str = include_str!("../../../golden/shapes/access.json");

/// What `access.json` states of a method.
#[derive(Debug)]
pub(crate) struct Stated {
    /// `package.Service/Method`.
    pub(crate) name: String,
    pub(crate) state: String,
    pub(crate) permissions: Vec<String>,
    pub(crate) require: String,
    pub(crate) scope: Option<String>,
    pub(crate) actors: Vec<String>,
}

/// The methods of an `access.json`.
pub(crate) fn stated(access_json: &str) -> Vec<Stated> {
    let document: Value = serde_json::from_str(access_json).unwrap();
    let methods = document["methods"].as_object().unwrap().iter();
    let names = |value: &Value| value.as_array().unwrap().iter().map(text).collect();
    methods
        .map(|(name, facts)| Stated {
            name: name.clone(),
            state: text(&facts["state"]),
            permissions: names(&facts["permissions"]),
            require: text(&facts["require"]),
            scope: facts["scope"].as_str().map(ToOwned::to_owned),
            actors: names(&facts["actors"]),
        })
        .collect()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

/// Somebody who calls.
#[derive(Clone, Debug)]
pub(crate) struct Who {
    pub(crate) authenticated: bool,
    pub(crate) kind: Option<String>,
    pub(crate) permissions: Vec<String>,
    pub(crate) own: Own,
}

/// The account that a caller acts in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Own {
    Unknown,
    One(&'static str),
    Every,
}

/// One cell of the matrix: a caller, and the account that the request names.
#[derive(Clone, Debug)]
pub(crate) struct Case {
    pub(crate) who: Who,
    pub(crate) account: Option<&'static str>,
}

impl Who {
    pub(crate) fn anonymous() -> Self {
        Self { authenticated: false, kind: None, permissions: Vec::new(), own: Own::Unknown }
    }

    /// The same for the runtime.
    pub(crate) fn identity(&self) -> Identity {
        if !self.authenticated {
            return Identity::anonymous();
        }
        let mut identity = Identity::new(self.permissions.clone());
        if let Some(kind) = &self.kind {
            identity = identity.actor(kind);
        }
        match self.own {
            Own::Unknown => identity,
            Own::One(account) => identity.within(account),
            Own::Every => identity.everywhere(),
        }
    }
}

/// The cases of a method, among them all that are let in and all that are just not.
pub(crate) fn cases(method: &Stated, api: &[Stated]) -> Vec<Case> {
    let kinds: BTreeSet<&String> = api.iter().flat_map(|method| &method.actors).collect();
    let kinds: Vec<Option<String>> =
        kinds.into_iter().cloned().map(Some).chain([None, Some("ACTOR_TYPE_STRANGER".to_owned())]).collect();
    let mut cases = Vec::new();
    for account in [None, Some(""), Some("a")] {
        cases.push(Case { who: Who::anonymous(), account });
        for own in [Own::Unknown, Own::One("a"), Own::One("b"), Own::Every] {
            for kind in &kinds {
                for permissions in permissions(method, api) {
                    let who = Who { authenticated: true, kind: kind.clone(), permissions, own };
                    cases.push(Case { who, account });
                }
            }
        }
    }
    cases
}

/// Lists of permissions that a caller may have, each one once.
fn permissions(method: &Stated, api: &[Stated]) -> BTreeSet<Vec<String>> {
    let asked = &method.permissions;
    let everything: BTreeSet<&String> = api.iter().flat_map(|method| &method.permissions).collect();
    let others = everything.iter().filter(|name| !asked.contains(name));
    let mut lists = BTreeSet::from([
        Vec::new(),
        vec![String::new()],
        asked.clone(),
        asked.iter().rev().cloned().collect(),
        asked.iter().map(|name| name.to_uppercase()).collect(),
        asked.iter().map(|name| format!("{name}s")).collect(),
        others.copied().cloned().collect(),
        everything.into_iter().cloned().collect(),
    ]);
    for (index, name) in asked.iter().enumerate() {
        lists.insert(vec![name.clone()]);
        let mut less = asked.clone();
        less.remove(index);
        lists.insert(less);
    }
    lists
}

/// Code and reason of the refusal; `None` where the caller is let in.
pub(crate) fn expected(method: &Stated, case: &Case) -> Option<(Code, &'static str)> {
    let Case { who, account } = case;
    let denied = |reason| Some((Code::PermissionDenied, reason));
    let asks = method.state == "permissions";
    match method.state.as_str() {
        "public" => return None,
        "authenticated" | "permissions" => {}
        _ => return denied("ACCESS_UNSTATED"),
    }
    if !who.authenticated {
        return Some((Code::Unauthenticated, "UNAUTHENTICATED"));
    }
    if !(method.actors.is_empty() || who.kind.as_ref().is_some_and(|kind| method.actors.contains(kind))) {
        return denied("ACTOR_NOT_ALLOWED");
    }
    if method.scope.is_some() {
        let bound = matches!(who.own, Own::One(_));
        if account.is_none_or(str::is_empty) && (asks || bound) {
            return denied("ACCOUNT_MISSING");
        }
        if bound && who.own != Own::One(account.unwrap_or_default()) {
            return denied("ACCOUNT_MISMATCH");
        }
        if asks && who.own == Own::Unknown {
            return denied("ACCOUNT_UNKNOWN");
        }
    }
    let held = method.permissions.iter().filter(|name| who.permissions.contains(name)).count();
    let enough = if method.require == "any" { held > 0 } else { held == method.permissions.len() };
    if asks && !enough { denied("PERMISSION_MISSING") } else { None }
}

/// The bytes of a request of this method that names this account, and has every text that its HTTP path needs.
pub(crate) fn request(method: &Method, schema: &'static MessageSchema, account: Option<&str>) -> Vec<u8> {
    let scope = method.access().scope();
    if scope.is_some() && account.is_none() {
        // Neither the field nor a message around it.
        return Vec::new();
    }
    let mut wire = Vec::new();
    for part in method.bindings().flat_map(Binding::parts) {
        if let Part::Variable(field, _) = part {
            wire.extend(put(schema, field, "x").unwrap_or_default());
        }
    }
    if let (Some(scope), Some(account)) = (scope, account) {
        wire.extend(put(schema, scope, account).unwrap());
    }
    wire
}

/// The bytes that put a text into a field of a message, if it is for text. They are merged with what comes before.
fn put(schema: &'static MessageSchema, path: &str, text: &str) -> Option<Vec<u8>> {
    let (field, rest) = path.split_once('.').map_or((path, None), |(field, rest)| (field, Some(rest)));
    let field = schema.field(field)?;
    let content = match (field.kind, rest) {
        (Kind::Message(inner), Some(rest)) => put(inner(), rest, text)?,
        (Kind::String, None) => text.as_bytes().to_vec(),
        _ => return None,
    };
    let mut out = Vec::new();
    encode_key(field.number, WireType::LengthDelimited, &mut out);
    encode_varint(content.len() as u64, &mut out);
    out.extend(content);
    Some(out)
}
