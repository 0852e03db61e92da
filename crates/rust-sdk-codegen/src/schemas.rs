//! Message schemas as static tables, for ProtoJSON, queries and REST bodies.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use rust_sdk_model::api::{Field, Kind, Method, Package, Presence, TypeRef};
use rust_sdk_model::{Api, naming};

use crate::format;
use crate::layout::Expr;
use crate::tokens::Place;

/// The root's constant. No type's name is in upper case, and no module's.
const TYPES: &str = "TYPES";

/// Where the schema of each local type stands: its path below the root.
pub(crate) struct SchemaIndex(BTreeMap<String, Vec<String>>);

impl SchemaIndex {
    pub(crate) fn new(api: &Api) -> Self {
        let mut index = BTreeMap::new();
        for package in &api.packages {
            let names = package.messages.iter().map(|message| (&message.full_name, &message.schema));
            for (full_name, schema) in
                names.chain(package.enums.iter().map(|item| (&item.full_name, &item.schema)))
            {
                let mut item = package.module.clone();
                item.extend([package.schema_module.clone(), schema.clone()]);
                index.insert(full_name.clone(), item);
            }
        }
        Self(index)
    }

    /// A reference to the schema of a message or enum.
    fn reference(&self, ty: &TypeRef, place: &Place) -> String {
        if let Some(item) = self.0.get(&ty.name) {
            return format!("&{}", place.local(item));
        }
        if let Some(name) = ty.name.strip_prefix("google.protobuf.") {
            let constant = naming::shouty(&name.replace("UInt", "Uint"));
            return format!("&::rust_sdk_runtime::schema::wkt::{constant}");
        }
        format!("<{} as ::rust_sdk_runtime::schema::HasSchema>::SCHEMA", place.text(&ty.rust))
    }
}

/// The types of `google.protobuf` with an `Any` inside.
const HOLDERS: [&str; 8] = ["Any", "Api", "Enum", "EnumValue", "Field", "Method", "Option", "Type"];

/// The messages that may hold an `Any` at some depth. Of types from elsewhere this is not known.
pub(crate) fn holders(api: &Api) -> BTreeSet<&str> {
    let messages = || api.packages.iter().flat_map(|package| &package.messages);
    let local: BTreeSet<&str> = messages().map(|message| message.full_name.as_str()).collect();
    let mut users: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let mut found = BTreeSet::new();
    for message in messages() {
        for name in message.fields.iter().filter_map(|field| field.kind.message()).map(|ty| ty.name.as_str())
        {
            let is_foreign = !local.contains(name) && !name.starts_with("google.protobuf.");
            if is_foreign || is_holder(name) {
                found.insert(message.full_name.as_str());
            }
            users.entry(name).or_default().push(&message.full_name);
        }
    }
    let mut open: Vec<&str> = found.iter().copied().collect();
    while let Some(name) = open.pop() {
        for user in users.remove(name).unwrap_or_default() {
            if found.insert(user) {
                open.push(user);
            }
        }
    }
    found
}

/// Whether this is a type of `google.protobuf` with an `Any` inside.
fn is_holder(name: &str) -> bool {
    name.strip_prefix("google.protobuf.").is_some_and(|name| HOLDERS.contains(&name))
}

/// What a method with an `Any` as its own request or response must be told: no generated message tells it.
pub(crate) fn method_types(place: &Place, method: &Method) -> Vec<Expr> {
    if !is_holder(&method.input.name) && !is_holder(&method.output.name) {
        return Vec::new();
    }
    vec![Expr::call("types", [Expr::text(place.local(&[TYPES.to_owned()]))])]
}

/// The schema file of a package. Pure data, so it is written as text: as tokens it would be most of the generator's work.
pub(crate) fn generate(
    api: &Api,
    package: &Package,
    index: &SchemaIndex,
    holders: &BTreeSet<&str>,
) -> String {
    let place = Place::new(api, &package.module).child(&package.schema_module);
    let mut out = format!(
        "{}//! The schemas of `{}`.\n#![allow(missing_docs, deprecated, clippy::unreadable_literal, reason = \"a static for each type, as it is\")]\n",
        format::HEADER,
        package.name,
    );
    out.push_str("#[allow(unused_imports, reason = \"a package may have no enums, or no fields\")]\n");
    out.push_str("use ::rust_sdk_runtime::schema::{EnumSchema, Field as F, Kind as K, MessageSchema, Presence as P};\n");
    for item in &package.enums {
        let _ = writeln!(
            out,
            "\npub static {}: EnumSchema = EnumSchema::new({:?}, &[",
            item.schema, item.full_name
        );
        for value in &item.values {
            let _ = writeln!(out, "    ({}, {:?}),", value.number, value.name);
        }
        out.push_str("]);\n");
    }
    for message in &package.messages {
        let _ = writeln!(
            out,
            "\npub static {}: MessageSchema = MessageSchema::new({:?}, &[",
            message.schema, message.full_name
        );
        for field in &message.fields {
            let kind = kind(&field.kind, index, &place);
            let Field { number, name, json_name, .. } = field;
            let presence = match field.presence {
                Presence::Implicit => "Implicit".to_owned(),
                Presence::Explicit => "Explicit".to_owned(),
                Presence::Required => "Required".to_owned(),
                Presence::Oneof(at) => format!("Oneof({at})"),
                Presence::Repeated => "Repeated".to_owned(),
                Presence::Packed => "Packed".to_owned(),
            };
            let _ = if name == json_name {
                writeln!(out, "    F::same({number}, {name:?}, P::{presence}, {kind}),")
            } else {
                writeln!(out, "    F::new({number}, {name:?}, {json_name:?}, P::{presence}, {kind}),")
            };
        }
        out.push_str("]);\n");
    }
    if !package.messages.is_empty() {
        let _ = writeln!(out, "\n::rust_sdk_runtime::messages! {{\n    list = {};", package.schema_list);
        if package.messages.iter().any(|message| holders.contains(message.full_name.as_str())) {
            let _ = writeln!(out, "    types = {};", place.local(&[TYPES.to_owned()]));
        }
        for message in &package.messages {
            let _ = writeln!(out, "    {} => {},", place.local(&message.path), message.schema);
        }
        out.push_str("}\n");
    }
    out
}

fn kind(kind_: &Kind, index: &SchemaIndex, place: &Place) -> String {
    match kind_ {
        Kind::Scalar(name) => format!("K::{name}"),
        Kind::Enum(ty) => format!("K::Enum({})", index.reference(ty, place)),
        Kind::Message(ty) => format!("K::Message({})", index.reference(ty, place)),
        Kind::Group(ty) => format!("K::Group({})", index.reference(ty, place)),
        Kind::Map(key, value) => {
            format!("K::Map(&({}, {}))", kind(key, index, place), kind(value, index, place))
        }
    }
}
