//! The functions that prost's derive gives to messages, and the defaults of proto2.

use std::fmt::Write as _;

use crate::fields::{Attribute, Member, within};

/// The kinds of rows, in the order that the runtime's macro takes them.
const KINDS: [&str; 7] = ["text", "bytes", "number", "open", "option", "list", "map"];

/// Appends the rows of a message's functions.
pub(crate) fn push(path: &[String], members: &[Member], out: &mut String) {
    let mut rows: Vec<(&str, String)> = members.iter().filter_map(|member| row(path, member)).collect();
    rows.sort_by_key(|row| KINDS.iter().position(|kind| *kind == row.0));
    if !rows.is_empty() {
        let rows: Vec<String> = rows.iter().map(|(kind, row)| format!("{kind} {row};")).collect();
        let _ = writeln!(out, "    {} {{ {} }}", path.join("::"), rows.join(" "));
    }
}

/// The row of a field, after its kind.
fn row(path: &[String], Member { name, ty, attribute }: &Member) -> Option<(&'static str, String)> {
    let bare = name.strip_prefix("r#").unwrap_or(name);
    if let Some(map) = attribute.get("btree_map") {
        let (key, value) = map.split_once(", ")?;
        let item = within(path, value.strip_prefix("enumeration(")?.strip_suffix(')')?);
        let key_type = ty.split_once('<')?.1.split_once(", ")?.0;
        let by = if key == "string" { "&str => key".to_owned() } else { format!("{key_type} => &key") };
        return Some(("map", format!("{name} get_{bare} insert_{bare}: key: {by}, {key_type}, {item}")));
    }
    if let Some(item) = attribute.get("enumeration") {
        let item = within(path, item);
        if attribute.has("repeated") {
            return Some(("list", format!("{name} push_{bare}: {item}")));
        }
        let default = attribute.get("default").map_or_else(|| "default()".to_owned(), ToOwned::to_owned);
        let kind = if attribute.has("optional") { "option" } else { "open" };
        return Some((kind, format!("{name} set_{bare}: {item} = {item}::{default}")));
    }
    if !attribute.has("optional") {
        return None;
    }
    let default = default_value(attribute)?;
    Some(match attribute.kind() {
        "string" => ("text", format!("{name} = {default}")),
        "bytes" => ("bytes", format!("{name} = {default}")),
        _ => {
            let ty = ty.strip_prefix("::core::option::Option<")?.strip_suffix('>')?;
            ("number", format!("{name}: {ty} = {default}"))
        }
    })
}

/// The default of a scalar as an expression: the one stated, or the type's.
fn default_value(attribute: &Attribute) -> Option<String> {
    let kind = attribute.kind();
    let stated = attribute.get("default");
    Some(match (kind, stated) {
        ("string", text) => format!("\"{}\"", text.unwrap_or_default()),
        ("bytes", None) => "b\"\"".to_owned(),
        // It stands in a string, so it is escaped once more.
        ("bytes", Some(text)) => text.replace("\\\"", "\"").replace("\\\\", "\\"),
        ("bool", text) => text.unwrap_or("false").to_owned(),
        ("float" | "double", text) => {
            let ty = if kind == "float" { "f32" } else { "f64" };
            match text.unwrap_or("0") {
                "inf" => format!("{ty}::INFINITY"),
                "-inf" => format!("{ty}::NEG_INFINITY"),
                "nan" => format!("{ty}::NAN"),
                number if kind == "float" => format!("{:?}", number.parse::<f32>().ok()?),
                number => format!("{:?}", number.parse::<f64>().ok()?),
            }
        }
        ("message" | "group", _) => return None,
        (_, number) => number.unwrap_or("0").to_owned(),
    })
}

/// `Default` for a message with a required field whose default is no zero.
pub(crate) fn default(path: &[String], members: &[Member]) -> Option<String> {
    if !members.iter().any(|member| stated(path, member).is_some()) {
        return None;
    }
    let fields: Vec<String> = members
        .iter()
        .map(|member| {
            let value =
                stated(path, member).unwrap_or_else(|| "::core::default::Default::default()".to_owned());
            format!("            {}: {value},\n", member.name)
        })
        .collect();
    Some(format!(
        "\nimpl ::core::default::Default for {} {{\n    fn default() -> Self {{\n        Self {{\n{}        }}\n    }}\n}}\n",
        path.join("::"),
        fields.concat(),
    ))
}

/// The default of a field that is neither optional nor a list, where it may be another than the Rust type's.
fn stated(path: &[String], Member { attribute, .. }: &Member) -> Option<String> {
    if attribute.has("optional") || attribute.has("repeated") || attribute.has("btree_map") {
        return None;
    }
    if let Some(item) = attribute.get("enumeration") {
        let item = within(path, item);
        return Some(match attribute.get("default") {
            Some(variant) => format!("{item}::{variant} as i32"),
            None => attribute.has("required").then(|| format!("{item}::default() as i32"))?,
        });
    }
    attribute.get("default")?;
    let value = default_value(attribute)?;
    Some(match attribute.kind() {
        "string" => format!("{value}.into()"),
        "bytes" => format!("{value}.to_vec()"),
        _ => value,
    })
}
