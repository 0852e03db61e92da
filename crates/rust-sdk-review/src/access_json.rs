//! `access.json` → a snapshot. Strict: what is missing or contradicts itself is an error, never a weaker rule.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::de::{self, Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

use crate::access::{Access, Guard, Scope};
use crate::snapshot::{AccessSource, Binding, Method, Snapshot, UnreadOption, UnreadValue};

/// The version of the form that is read; a file that states none is taken for it.
const FORMAT: u64 = 1;

/// Why a text is no `access.json`.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum JsonError {
    /// It is no JSON, or names something twice.
    #[error("is no access.json: {0}")]
    Json(#[from] serde_json::Error),
    /// It has a form that is not known.
    #[error(
        "has the format {0}, but this program knows {FORMAT} alone\n  help: use the version of the program that made it, or compare the proto files"
    )]
    Format(String),
    /// Something is missing, or is not what it should be.
    #[error("{place}: {problem}")]
    Content {
        /// Where, as a path of keys.
        place: String,
        /// What is wrong.
        problem: String,
    },
}

impl Snapshot {
    /// Reads an `access.json`. Each method needs `state`, `permissions`, `require`, `scope` and `actors`, and each of its
    /// `bindings` `verb`, `path` and `body`. Other keys may be missing, and unknown ones are passed over; of a method without
    /// `bindings` no routes are compared.
    ///
    /// # Errors
    /// The first thing that is wrong, and where.
    pub fn from_json(text: &[u8]) -> Result<Self, JsonError> {
        let root: Json = serde_json::from_slice(text)?;
        let root = Place { path: String::new(), value: &root };
        root.object()?;
        match root.find("format") {
            None | Some(Json::Number(FORMAT)) => {}
            Some(other) => return Err(JsonError::Format(other.to_string())),
        }
        let methods = root.get("methods").map_err(|error| match root.find("file") {
            Some(_) => root.error(
                "is JSON, but no access.json; a buf image must be binary (`buf build -o image.binpb`)",
            ),
            None => error,
        })?;
        let mut found = Self { access: source(&root)?, ..Self::default() };
        for (name, value) in methods.object()? {
            let place = Place { path: format!("methods.{name}"), value };
            if !is_method_name(name) {
                return Err(place.error("is not the name of a method, `package.Service/Method`"));
            }
            if place.find("bindings").is_none() {
                found.unbound.insert(name.clone());
            }
            if place.flag("custom")? == Some(true) {
                found.custom.insert(name.clone());
            }
            let unread = unread(&place)?;
            if !unread.is_empty() {
                found.unread.insert(name.clone(), unread);
            }
            found.methods.insert(name.clone(), method(&place)?);
        }
        Ok(found)
    }
}

/// A file that does not say whether the API states access says it by each method's state.
fn source(root: &Place<'_>) -> Result<AccessSource, JsonError> {
    let unread = match root.find("unread_options") {
        None => Vec::new(),
        Some(_) => {
            let place = root.get("unread_options")?;
            let option =
                |name: &String| Ok(UnreadOption { name: name.clone(), setting: place.nullable_text(name)? });
            place.object()?.keys().map(option).collect::<Result<_, JsonError>>()?
        }
    };
    Ok(match root.flag("states_access")? {
        Some(false) if unread.is_empty() => AccessSource::Absent,
        Some(false) => AccessSource::Unread(unread),
        Some(true) | None => AccessSource::Stated,
    })
}

fn unread(method: &Place<'_>) -> Result<BTreeMap<String, UnreadValue>, JsonError> {
    if method.find("unread").is_none() {
        return Ok(BTreeMap::new());
    }
    let value = |place: &Place<'_>| {
        let looks_like_access = place.flag("looks_like_access")?.unwrap_or(true);
        let Json::Text(value) = place.get("value")?.value else {
            return Err(place.error("has a `value` that is no text"));
        };
        let value = UnreadValue { value: value.clone(), looks_like_access };
        Ok((place.get("option")?.text()?.to_owned(), value))
    };
    method.get("unread")?.items()?.iter().map(value).collect()
}

fn is_method_name(name: &str) -> bool {
    name.split_once('/').is_some_and(|(service, method)| !service.is_empty() && !method.is_empty())
}

fn method(place: &Place<'_>) -> Result<Method, JsonError> {
    let bindings = match place.find("bindings") {
        None => Vec::new(),
        Some(_) => place.get("bindings")?.items()?.iter().map(binding).collect::<Result<_, _>>()?,
    };
    Ok(Method {
        access: access(place)?,
        bindings,
        request: place.optional_text("request")?,
        response: place.optional_text("response")?,
        streaming: place.optional_text("streaming")?,
    })
}

fn access(place: &Place<'_>) -> Result<Access, JsonError> {
    let permissions = place.get("permissions")?;
    let names = permissions.names()?;
    let state = place.get("state")?;
    let require = place.get("require")?;
    let any = match require.text()? {
        "all" => false,
        "any" => true,
        _ => return Err(require.error("is neither `all` nor `any`")),
    };
    let without = |guard| {
        if names.is_empty() {
            return Ok(guard);
        }
        Err(permissions.error("lists permissions, but the state is another one than `permissions`"))
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
    let scope = place.nullable_text("scope")?.map_or(Scope::None, Scope::Field);
    Ok(Access { guard, actors: place.get("actors")?.names()?, scope })
}

fn binding(place: &Place<'_>) -> Result<Binding, JsonError> {
    let response_body = match place.find("response_body") {
        None => None,
        Some(_) => Some(place.nullable_text("response_body")?.unwrap_or_default()),
    };
    Ok(Binding {
        verb: place.get("verb")?.text()?.to_owned(),
        path: place.get("path")?.text()?.to_owned(),
        body: place.nullable_text("body")?,
        response_body,
    })
}

/// A value, and how to say where it is.
struct Place<'a> {
    path: String,
    value: &'a Json,
}

impl<'a> Place<'a> {
    fn error(&self, problem: impl Into<String>) -> JsonError {
        let place = if self.path.is_empty() { "the file".to_owned() } else { crate::text::plain(&self.path) };
        JsonError::Content { place, problem: problem.into() }
    }

    fn find(&self, key: &str) -> Option<&'a Json> {
        match self.value {
            Json::Object(members) => members.get(key),
            _ => None,
        }
    }

    fn get(&self, key: &str) -> Result<Place<'a>, JsonError> {
        self.object()?;
        let value = self.find(key).ok_or_else(|| self.error(format!("has no `{key}`")))?;
        let path = if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) };
        Ok(Place { path, value })
    }

    fn object(&self) -> Result<&'a BTreeMap<String, Json>, JsonError> {
        match self.value {
            Json::Object(members) => Ok(members),
            _ => Err(self.error("is no object")),
        }
    }

    fn items(&self) -> Result<Vec<Place<'a>>, JsonError> {
        let Json::List(items) = self.value else { return Err(self.error("is no list")) };
        let place = |(index, value)| Place { path: format!("{}[{index}]", self.path), value };
        Ok(items.iter().enumerate().map(place).collect())
    }

    fn text(&self) -> Result<&'a str, JsonError> {
        match self.value {
            Json::Text(text) if !text.is_empty() => Ok(text),
            Json::Text(_) => Err(self.error("is empty")),
            _ => Err(self.error("is no text")),
        }
    }

    /// A list of texts that are not empty.
    fn names(&self) -> Result<BTreeSet<String>, JsonError> {
        self.items()?.iter().map(|item| item.text().map(str::to_owned)).collect()
    }

    /// A text or `null`, of a key that must be there.
    fn nullable_text(&self, key: &str) -> Result<Option<String>, JsonError> {
        let place = self.get(key)?;
        if *place.value == Json::Null { Ok(None) } else { place.text().map(|text| Some(text.to_owned())) }
    }

    /// A truth value, of a key that may be missing.
    fn flag(&self, key: &str) -> Result<Option<bool>, JsonError> {
        match self.find(key) {
            None => Ok(None),
            Some(Json::Bool(value)) => Ok(Some(*value)),
            Some(_) => Err(self.get(key)?.error("is neither `true` nor `false`")),
        }
    }

    /// A text, of a key that may be missing.
    fn optional_text(&self, key: &str) -> Result<Option<String>, JsonError> {
        self.find(key).map_or(Ok(None), |_| self.nullable_text(key))
    }
}

/// A JSON value in which no key occurs twice: of two rules for one method, neither can be trusted.
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

    #[allow(clippy::cast_precision_loss)] // No negative number means anything here.
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
                return Err(de::Error::custom(format_args!("`{}` is there twice", crate::text::plain(&key))));
            }
            members.insert(key, value);
        }
        Ok(Json::Object(members))
    }
}
