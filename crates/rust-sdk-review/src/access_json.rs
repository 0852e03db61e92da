//! `access.json` → a snapshot. Missing or contradictory content is an error, never a weaker rule.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::de::{self, Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

use crate::access::{Access, Guard, Scope};
use crate::snapshot::{AccessSource, Binding, Method, Snapshot, UnreadOption, UnreadValue};

/// The supported version of the format, and the default of a file that states none.
const FORMAT: u64 = 1;

/// Why a text is not an `access.json`.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AccessJsonError {
    /// It is not JSON, or a key occurs twice.
    #[error("not an access.json")]
    Json(#[from] serde_json::Error),
    /// It has an unknown format.
    #[error(
        "unknown format {0}: this program reads format {FORMAT}\n  help: use the version of the program that made the file, or compare the proto files"
    )]
    Format(String),
    /// Something is missing or wrong.
    #[error("{path} {message}")]
    Content {
        /// The keys that lead to it.
        path: String,
        /// What is wrong.
        message: String,
    },
}

impl Snapshot {
    /// Reads an `access.json`. Each method needs `state`, `permissions`, `require`, `scope` and `actors`; each of its
    /// `bindings` needs `verb`, `path` and `body`. Other keys may be missing, and unknown keys are ignored. Without `bindings`,
    /// a method's routes are not compared.
    ///
    /// # Errors
    /// The first problem and its path.
    pub fn from_json(text: &[u8]) -> Result<Self, AccessJsonError> {
        let root: Json = serde_json::from_slice(text)?;
        let root = Node { path: String::new(), value: &root };
        root.object()?;
        match root.find("format") {
            None | Some(Json::Number(FORMAT)) => {}
            Some(other) => return Err(AccessJsonError::Format(other.to_string())),
        }
        let methods = root.get("methods").map_err(|error| match root.find("file") {
            Some(_) => root.error(
                "is JSON, but not an access.json; a buf image must be binary (`buf build -o image.binpb`)",
            ),
            None => error,
        })?;
        let mut found = Self { access: source(&root)?, ..Self::default() };
        for (name, value) in methods.object()? {
            let node = Node { path: format!("methods.{name}"), value };
            if !is_method_name(name) {
                return Err(node.error("is not a method name, `package.Service/Method`"));
            }
            if node.find("bindings").is_none() {
                found.unbound.insert(name.clone());
            }
            if node.flag("custom")? == Some(true) {
                found.custom.insert(name.clone());
            }
            let unread = unread(&node)?;
            if !unread.is_empty() {
                found.unread.insert(name.clone(), unread);
            }
            found.methods.insert(name.clone(), method(&node)?);
        }
        Ok(found)
    }
}

/// Where the rules come from. A file without `states_access` states access.
fn source(root: &Node<'_>) -> Result<AccessSource, AccessJsonError> {
    let unread = match root.find("unread_options") {
        None => Vec::new(),
        Some(_) => {
            let node = root.get("unread_options")?;
            let option =
                |name: &String| Ok(UnreadOption { name: name.clone(), setting: node.nullable_text(name)? });
            node.object()?.keys().map(option).collect::<Result<_, AccessJsonError>>()?
        }
    };
    Ok(match root.flag("states_access")? {
        Some(false) if unread.is_empty() => AccessSource::Absent,
        Some(false) => AccessSource::Unread(unread),
        Some(true) | None => AccessSource::Stated,
    })
}

fn unread(method: &Node<'_>) -> Result<BTreeMap<String, UnreadValue>, AccessJsonError> {
    if method.find("unread").is_none() {
        return Ok(BTreeMap::new());
    }
    let value = |node: &Node<'_>| {
        let looks_like_access = node.flag("looks_like_access")?.unwrap_or(true);
        let Json::Text(value) = node.get("value")?.value else {
            return Err(node.error("has a `value` that is not a text"));
        };
        let value = UnreadValue { value: value.clone(), looks_like_access };
        Ok((node.get("option")?.text()?.to_owned(), value))
    };
    method.get("unread")?.items()?.iter().map(value).collect()
}

fn is_method_name(name: &str) -> bool {
    name.split_once('/').is_some_and(|(service, method)| !service.is_empty() && !method.is_empty())
}

fn method(node: &Node<'_>) -> Result<Method, AccessJsonError> {
    let bindings = match node.find("bindings") {
        None => Vec::new(),
        Some(_) => node.get("bindings")?.items()?.iter().map(binding).collect::<Result<_, _>>()?,
    };
    Ok(Method {
        access: access(node)?,
        bindings,
        request: node.optional_text("request")?,
        response: node.optional_text("response")?,
        streaming: node.optional_text("streaming")?,
    })
}

fn access(node: &Node<'_>) -> Result<Access, AccessJsonError> {
    let permissions = node.get("permissions")?;
    let names = permissions.names()?;
    let state = node.get("state")?;
    let require = node.get("require")?;
    let any = match require.text()? {
        "all" => false,
        "any" => true,
        _ => return Err(require.error("is neither `all` nor `any`")),
    };
    let without = |guard| {
        if names.is_empty() {
            return Ok(guard);
        }
        Err(permissions.error("lists permissions, but the state is not `permissions`"))
    };
    let guard = match state.text()? {
        "public" => without(Guard::Public)?,
        "authenticated" => without(Guard::Authenticated)?,
        "unstated" => without(Guard::Unstated)?,
        "permissions" if names.is_empty() => {
            return Err(permissions.error("is empty, but the state is `permissions`"));
        }
        "permissions" if any => Guard::Any(names),
        "permissions" => Guard::All(names),
        _ => return Err(state.error("is none of `public`, `authenticated`, `permissions` and `unstated`")),
    };
    let scope = node.nullable_text("scope")?.map_or(Scope::None, Scope::Field);
    Ok(Access { guard, actors: node.get("actors")?.names()?, scope })
}

fn binding(node: &Node<'_>) -> Result<Binding, AccessJsonError> {
    let response_body = match node.find("response_body") {
        None => None,
        Some(_) => Some(node.nullable_text("response_body")?.unwrap_or_default()),
    };
    Ok(Binding {
        verb: node.get("verb")?.text()?.to_owned(),
        path: node.get("path")?.text()?.to_owned(),
        body: node.nullable_text("body")?,
        response_body,
    })
}

/// A value and the keys that lead to it.
struct Node<'a> {
    path: String,
    value: &'a Json,
}

impl<'a> Node<'a> {
    fn error(&self, message: impl Into<String>) -> AccessJsonError {
        let path = if self.path.is_empty() { "the file".to_owned() } else { crate::text::plain(&self.path) };
        AccessJsonError::Content { path, message: message.into() }
    }

    fn find(&self, key: &str) -> Option<&'a Json> {
        match self.value {
            Json::Object(members) => members.get(key),
            _ => None,
        }
    }

    fn get(&self, key: &str) -> Result<Node<'a>, AccessJsonError> {
        self.object()?;
        let value = self.find(key).ok_or_else(|| self.error(format!("has no `{key}`")))?;
        let path = if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) };
        Ok(Node { path, value })
    }

    fn object(&self) -> Result<&'a BTreeMap<String, Json>, AccessJsonError> {
        match self.value {
            Json::Object(members) => Ok(members),
            _ => Err(self.error("is not an object")),
        }
    }

    fn items(&self) -> Result<Vec<Node<'a>>, AccessJsonError> {
        let Json::List(items) = self.value else { return Err(self.error("is not a list")) };
        let node = |(index, value)| Node { path: format!("{}[{index}]", self.path), value };
        Ok(items.iter().enumerate().map(node).collect())
    }

    fn text(&self) -> Result<&'a str, AccessJsonError> {
        match self.value {
            Json::Text(text) if !text.is_empty() => Ok(text),
            Json::Text(_) => Err(self.error("is empty")),
            _ => Err(self.error("is not a text")),
        }
    }

    /// A list of non-empty texts.
    fn names(&self) -> Result<BTreeSet<String>, AccessJsonError> {
        self.items()?.iter().map(|item| item.text().map(str::to_owned)).collect()
    }

    /// A text or `null`; the key is required.
    fn nullable_text(&self, key: &str) -> Result<Option<String>, AccessJsonError> {
        let node = self.get(key)?;
        if *node.value == Json::Null { Ok(None) } else { node.text().map(|text| Some(text.to_owned())) }
    }

    /// A boolean; the key is optional.
    fn flag(&self, key: &str) -> Result<Option<bool>, AccessJsonError> {
        match self.find(key) {
            None => Ok(None),
            Some(Json::Bool(value)) => Ok(Some(*value)),
            Some(_) => Err(self.get(key)?.error("is neither `true` nor `false`")),
        }
    }

    /// A text; the key is optional.
    fn optional_text(&self, key: &str) -> Result<Option<String>, AccessJsonError> {
        self.find(key).map_or(Ok(None), |_| self.nullable_text(key))
    }
}

/// A JSON value without duplicate keys: of two rules for one method, neither can be trusted.
#[derive(Debug, PartialEq)]
enum Json {
    Null,
    Bool(bool),
    Number(u64),
    OtherNumber(f64),
    Text(String),
    List(Vec<Json>),
    Object(BTreeMap<String, Json>),
}

impl fmt::Display for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("null"),
            Self::Bool(value) => value.fmt(f),
            Self::Number(value) => value.fmt(f),
            Self::OtherNumber(value) => value.fmt(f),
            Self::Text(value) => f.write_str(&crate::text::plain(value)),
            Self::List(_) => f.write_str("[…]"),
            Self::Object(_) => f.write_str("{…}"),
        }
    }
}

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(JsonVisitor)
    }
}

struct JsonVisitor;

impl<'de> Visitor<'de> for JsonVisitor {
    type Value = Json;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Json, E> {
        Ok(Json::Bool(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Json, E> {
        Ok(Json::Number(value))
    }

    #[allow(clippy::cast_precision_loss)] // Negative numbers have no meaning here.
    fn visit_i64<E>(self, value: i64) -> Result<Json, E> {
        Ok(Json::OtherNumber(value as f64))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Json, E> {
        Ok(Json::OtherNumber(value))
    }

    fn visit_str<E>(self, value: &str) -> Result<Json, E> {
        Ok(Json::Text(value.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Json, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = list.next_element()? {
            items.push(item);
        }
        Ok(Json::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Json, A::Error> {
        let mut members = BTreeMap::new();
        while let Some((key, value)) = map.next_entry::<String, Json>()? {
            if members.contains_key(&key) {
                return Err(de::Error::custom(format_args!(
                    "the key `{}` occurs twice",
                    crate::text::plain(&key)
                )));
            }
            members.insert(key, value);
        }
        Ok(Json::Object(members))
    }
}

#[cfg(test)]
mod tests {
    use rust_sdk_model::text::error_chain;

    use super::*;

    #[test]
    fn a_chain_prints_each_fact_once() {
        for (text, expected) in [
            ("{", "not an access.json: EOF while parsing an object at line 1 column 1"),
            ("{\"format\": 2}", "unknown format 2: this program reads format 1"),
            ("{}", "the file has no `methods`"),
            ("{\"methods\": {\"a\": 1}}", "methods.a is not a method name, `package.Service/Method`"),
        ] {
            let chain = error_chain(&Snapshot::from_json(text.as_bytes()).unwrap_err());
            assert_eq!(chain.lines().next(), Some(expected));
        }
    }
}
