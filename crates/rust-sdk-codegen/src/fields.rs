//! Messages without prost's derive: its attributes become rows of the runtime's tables. prost's derive was half of what a
//! generated crate costs the compiler; the runtime's engine encodes what it would have encoded.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use crate::debug::Shown;
use crate::getters::prost as getters;

/// What the runtime knows the fields of, of what is not generated.
const KNOWN: [&str; 8] = ["()", "Any", "Timestamp", "Duration", "FieldMask", "Struct", "Value", "ListValue"];

/// A struct or a oneof.
#[derive(Default)]
struct Item {
    is_oneof: bool,
    /// Whether prost derives `Eq` and `Hash` for it.
    is_eq: bool,
    /// The modules within the package's, then the name.
    path: Vec<String>,
    members: Vec<Member>,
    /// The line that derives its traits.
    derives: usize,
}

/// A field, or a variant of a oneof.
pub(crate) struct Member {
    pub(crate) name: String,
    pub(crate) ty: String,
    pub(crate) attribute: Attribute,
}

/// What stands in `#[prost(…)]`: words, and what is given as `key = "value"`.
#[derive(Default)]
pub(crate) struct Attribute(Vec<(String, Option<String>)>);

impl Attribute {
    fn parse(text: &str) -> Self {
        let mut parts = Vec::new();
        let mut rest = text;
        while !rest.is_empty() {
            let end = rest.find(['=', ',']).unwrap_or(rest.len());
            let key = rest[..end].trim().to_owned();
            rest = &rest[end..];
            let value =
                rest.strip_prefix('=').and_then(|after| after.trim_start().strip_prefix('"')).map(|after| {
                    let mut escaped = false;
                    let close = after.find(|c| {
                        let found = c == '"' && !escaped;
                        escaped = c == '\\' && !escaped;
                        found
                    });
                    let close = close.unwrap_or(after.len());
                    rest = after.get(close + 1..).unwrap_or_default();
                    after[..close].to_owned()
                });
            rest = rest.trim_start_matches([',', ' ']);
            parts.push((key, value));
        }
        Self(parts)
    }

    pub(crate) fn has(&self, word: &str) -> bool {
        self.0.iter().any(|(key, _)| key == word)
    }

    pub(crate) fn get(&self, key: &str) -> Option<&str> {
        self.0.iter().find(|part| part.0 == key)?.1.as_deref()
    }

    /// The type, which stands first.
    pub(crate) fn kind(&self) -> &str {
        self.0.first().map_or("", |part| part.0.as_str())
    }
}

/// Takes prost's derives and attributes from a package's messages, and appends their rows.
pub(crate) fn apply(text: &str, shown: &Shown) -> String {
    let (mut lines, items) = strip(text, &shown.oneofs);
    let oneofs: BTreeMap<String, &Item> =
        items.iter().filter(|item| item.is_oneof).map(|item| (item.path.join("::"), item)).collect();
    let mut defaults = String::new();
    for item in items.iter().filter(|item| !item.is_oneof) {
        // A derived `Default` knows of no defaults of proto2.
        if let Some(stated) = getters::default(&item.path, &item.members) {
            lines[item.derives] = lines[item.derives].replace(", Default)", ")");
            defaults.push_str(&stated);
        }
    }
    let mut out = lines.join("\n");
    out.push('\n');
    let (mut plain, mut general) = (String::new(), String::new());
    for item in items.iter().filter(|item| !item.is_oneof) {
        let rows = rows(item, &oneofs);
        let special = shown.fields.get(&item.path);
        let print = |row: &Row| {
            let how = special.and_then(|fields| fields.get(&row.number));
            how.map_or_else(String::new, |how| format!(" [{how}]"))
        };
        let path = item.path.join("::");
        if rows.iter().all(|row| row.how.is_none()) {
            let rows: Vec<String> = rows
                .iter()
                .map(|row| format!("{} {} {}{}", row.number, row.code(), row.name, print(row)))
                .collect();
            let _ = writeln!(plain, "    {path} {{ {} }}", rows.join(" "));
        } else {
            let rows: Vec<String> = rows
                .iter()
                .map(|row| {
                    let how = row.how.as_deref().unwrap_or(&row.name);
                    format!("{} {} ({how}){}", row.number, row.code(), print(row))
                })
                .collect();
            let _ = writeln!(general, "    {path} [ {} ]", rows.join(" "));
        }
    }
    for rows in [plain, general].iter().filter(|rows| !rows.is_empty()) {
        let _ = write!(out, "\n::rust_sdk_runtime::fields! {{\n{rows}}}\n");
    }
    let eq: Vec<String> =
        items.iter().filter(|item| item.is_eq && !item.is_oneof).map(|item| item.path.join("::")).collect();
    if !eq.is_empty() {
        let _ = write!(out, "\n::rust_sdk_runtime::eq! {{\n    {}\n}}\n", eq.join(", "));
    }
    let mut functions = String::new();
    for item in items.iter().filter(|item| !item.is_oneof) {
        getters::push(&item.path, &item.members, &mut functions);
    }
    if !functions.is_empty() {
        let _ = write!(out, "\n::rust_sdk_runtime::prost_accessors! {{\n{functions}}}\n");
    }
    out + &defaults
}

/// The text without prost, and what stood there.
fn strip(text: &str, own_debug: &BTreeSet<Vec<String>>) -> (Vec<String>, Vec<Item>) {
    let mut out = Vec::new();
    let (mut items, mut modules): (Vec<Item>, Vec<String>) = (Vec::new(), Vec::new());
    let (mut derive, mut open, mut attribute) = (None, None::<Item>, None);
    let mut place = 0;
    for line in text.lines() {
        let code = line.trim_start();
        let indent = &line[..line.len() - code.len()];
        if let Some(item) = &mut open {
            if let Some(found) = code.strip_prefix("#[prost(").and_then(|rest| rest.strip_suffix(")]")) {
                attribute = Some(Attribute::parse(found));
                continue;
            }
            if let Some(attribute) = attribute.take_if(|_| !code.starts_with(['#', '/'])) {
                item.members.extend(member(code, attribute));
            }
            if code == "}" {
                items.extend(open.take());
            }
        } else if let Some(found) = derives(code) {
            derive = Some(found);
            place = out.len();
            out.push(indent.to_owned());
            continue;
        } else if let Some(name) = code.strip_prefix("pub mod ").and_then(|rest| rest.strip_suffix(" {")) {
            modules.truncate(indent.len() / 4);
            modules.push(name.to_owned());
        } else if let Some(name) = derive.and_then(|_| item_name(code)) {
            let (traits, is_oneof) = derive.take().unwrap_or_default();
            modules.truncate(indent.len() / 4);
            let mut path = modules.clone();
            path.push(name.to_owned());
            let is_eq = traits.contains("Eq, Hash");
            let traits = if is_oneof {
                let debug = if own_debug.contains(&path) { "" } else { "Debug, " };
                traits.replacen("PartialEq", &format!("{debug}PartialEq"), 1)
            } else {
                // Messages are compared and printed by their rows.
                let kept = traits.split(", ").filter(|name| matches!(*name, "Clone" | "Copy"));
                kept.collect::<Vec<_>>().join(", ")
            };
            let item = Item { is_oneof, is_eq, path, members: Vec::new(), derives: place };
            open = Some(item).filter(|_| !code.ends_with('}'));
            let default = if is_oneof { "" } else { ", Default" };
            out[place] = format!("{indent}#[derive({traits}{default})]");
        }
        out.push(line.to_owned());
    }
    (out, items)
}

/// The traits besides prost's that this line derives for a message or oneof, and whether it is a oneof.
fn derives(code: &str) -> Option<(&str, bool)> {
    let traits = code.strip_prefix("#[derive(")?;
    let message = traits.strip_suffix(", ::prost::Message)]").map(|traits| (traits, false));
    message.or_else(|| traits.strip_suffix(", ::prost::Oneof)]").map(|traits| (traits, true)))
}

fn item_name(code: &str) -> Option<&str> {
    let rest = code.strip_prefix("pub struct ").or_else(|| code.strip_prefix("pub enum "))?;
    rest.split([' ', '{']).next()
}

/// A field `pub name: Type,` or a variant `Name(Type),`.
fn member(code: &str, attribute: Attribute) -> Option<Member> {
    let code = code.strip_suffix(',')?;
    let (name, ty) = match code.strip_prefix("pub ") {
        Some(field) => field.split_once(": ")?,
        None => code.strip_suffix(')')?.split_once('(')?,
    };
    Some(Member { name: name.to_owned(), ty: ty.to_owned(), attribute })
}

struct Row {
    number: u32,
    code: u8,
    name: String,
    /// What stands in `()`, where that is more than the name.
    how: Option<String>,
}

impl Row {
    fn code(&self) -> String {
        if self.code < 16 { self.code.to_string() } else { format!("{:#x}", self.code) }
    }
}

/// The rows of a message, by number.
fn rows(item: &Item, oneofs: &BTreeMap<String, &Item>) -> Vec<Row> {
    let mut rows = Vec::new();
    for Member { name, ty, attribute } in &item.members {
        if let Some(oneof) = attribute.get("oneof") {
            let path = within(&item.path, oneof);
            for variant in oneofs.get(&path).into_iter().flat_map(|oneof| &oneof.members) {
                let Some((number, code, foreign)) = encoding(&variant.ty, &variant.attribute) else {
                    continue;
                };
                let shape = if foreign { "member in " } else { "" };
                let how = Some(format!("{shape}{name} {path}::{}", variant.name));
                let code = if foreign { code } else { code | 8 };
                rows.push(Row { number, code, name: name.clone(), how });
            }
        } else if let Some((number, code, foreign)) = encoding(ty, attribute) {
            let shape = match (attribute.kind(), attribute.has("repeated"), attribute.has("required")) {
                ("btree_map", ..) => "map",
                (_, true, _) => "list",
                (_, _, true) => "plain",
                _ => "one",
            };
            let how = foreign.then(|| format!("{shape} in {name}"));
            rows.push(Row { number, code, name: name.clone(), how });
        }
    }
    rows.sort_by_key(|row| row.number);
    rows
}

/// The number and code of a field, and whether it holds messages of another crate.
fn encoding(ty: &str, attribute: &Attribute) -> Option<(u32, u8, bool)> {
    let number = attribute.get("tag")?.parse().ok()?;
    if let Some((key, value)) = attribute.get("btree_map").and_then(|kinds| kinds.split_once(", ")) {
        let ty = ty.split_once(", ").map_or(ty, |(_, value)| value);
        let (code, foreign) = code(value, innermost(ty));
        return Some((number, (self::code(key, "").0 << 4) | code, foreign));
    }
    let (mut code, foreign) = code(attribute.kind(), innermost(ty));
    let has_presence = attribute.has("optional") || attribute.has("required");
    let is_flagged = has_presence || attribute.get("packed") == Some("false");
    if is_flagged && !foreign {
        code |= 8;
    }
    if attribute.has("required") && !foreign {
        code |= 16;
    }
    Some((number, code, foreign))
}

/// The code of a type, and whether it is a message of another crate.
fn code(kind: &str, ty: &str) -> (u8, bool) {
    match kind {
        "sint32" | "sint64" => (1, false),
        "fixed32" | "fixed64" | "sfixed32" | "sfixed64" => (2, false),
        "message" | "group" if is_foreign(ty) => (if kind == "group" { 13 } else { 5 }, true),
        "message" if is_scalar(ty) => (4, false),
        "group" => (3, false),
        _ => (0, false),
    }
}

fn is_scalar(ty: &str) -> bool {
    let names = ["bool", "i32", "i64", "u32", "u64", "f32", "f64", "::prost::alloc::string::String"];
    names.contains(&ty) || ty == "::prost::alloc::vec::Vec<u8>"
}

fn is_foreign(ty: &str) -> bool {
    let is_elsewhere = ty.starts_with("::") || ty.starts_with("crate::");
    let known = ty.strip_prefix("::prost_types::").is_some_and(|name| KNOWN.contains(&name));
    is_elsewhere && !known && !is_scalar(ty)
}

/// The type that a field holds, without what is around it.
fn innermost(ty: &str) -> &str {
    const AROUND: [&str; 3] =
        ["::core::option::Option<", "::prost::alloc::vec::Vec<", "::prost::alloc::boxed::Box<"];
    let mut ty = ty.trim_end_matches(',');
    let is_map_value = ty.matches('<').count() < ty.matches('>').count();
    if is_map_value {
        ty = ty.strip_suffix('>').unwrap_or(ty);
    }
    while let Some(inner) = AROUND.iter().find_map(|around| ty.strip_prefix(around)?.strip_suffix('>')) {
        if inner == "u8" {
            break;
        }
        ty = inner;
    }
    ty
}

/// A path as written in the module of this item, as it is written in the package's.
pub(crate) fn within(item: &[String], path: &str) -> String {
    let mut modules = item.split_last().map_or(&[][..], |(_, modules)| modules);
    let mut rest = path;
    if rest.starts_with("::") || rest.starts_with("crate::") {
        return path.to_owned();
    }
    while let (Some(inner), Some((_, outer))) = (rest.strip_prefix("super::"), modules.split_last()) {
        (rest, modules) = (inner, outer);
    }
    modules.iter().fold(String::new(), |path, module| path + module + "::") + rest
}
