//! Makes all Rust identifiers. Messages, enums and fields get prost-build's names.

use std::collections::BTreeSet;

use heck::{ToShoutySnakeCase, ToSnakeCase, ToUpperCamelCase};

/// Whether this is a valid protobuf identifier.
pub fn is_identifier(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// Escapes an identifier that is a keyword in any edition (the Rust reference, "Keywords").
fn escape(identifier: String) -> String {
    match identifier.as_str() {
        "as" | "break" | "const" | "continue" | "else" | "enum" | "false" | "fn" | "for" | "if" | "impl"
        | "in" | "let" | "loop" | "match" | "mod" | "move" | "mut" | "pub" | "ref" | "return" | "static"
        | "struct" | "trait" | "true" | "type" | "unsafe" | "use" | "where" | "while" | "dyn"
        | "abstract" | "become" | "box" | "do" | "final" | "macro" | "override" | "priv" | "typeof"
        | "unsized" | "virtual" | "yield" | "async" | "await" | "try" | "gen" => format!("r#{identifier}"),
        "_" | "super" | "self" | "Self" | "extern" | "crate" => format!("{identifier}_"),
        other if other.starts_with(|c: char| c.is_numeric()) => format!("_{identifier}"),
        _ => identifier,
    }
}

/// A field, function or module.
pub fn snake(name: &str) -> String {
    escape(name.to_snake_case())
}

/// A type or an enum's variant.
pub fn camel(name: &str) -> String {
    escape(name.to_upper_camel_case())
}

/// The JSON name that protobuf derives from a field's name: `created_at` becomes `createdAt`.
pub fn json_name(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    let mut is_upper = false;
    for c in name.chars() {
        match c {
            '_' => is_upper = true,
            c if is_upper => {
                out.push(c.to_ascii_uppercase());
                is_upper = false;
            }
            c => out.push(c),
        }
    }
    out
}

/// A constant.
pub fn shouty(name: &str) -> String {
    escape(name.to_shouty_snake_case())
}

/// A Cargo feature or package, from any name.
pub fn kebab(name: &str) -> String {
    name.split('.').map(heck::ToKebabCase::to_kebab_case).collect::<Vec<_>>().join("-")
}

/// Whether a crate cannot have this name: a keyword, a crate that every program has, or a dependency of generated crates.
pub fn is_reserved_crate(name: &str) -> bool {
    const CRATES: [&str; 10] = [
        "alloc",
        "core",
        "proc_macro",
        "prost",
        "prost_types",
        "rust_sdk_runtime",
        "std",
        "test",
        "tonic",
        "tonic_prost",
    ];
    let name = name.replace('-', "_");
    CRATES.contains(&name.as_str()) || escape(name.clone()) != name
}

/// The variant of an enum value: its name without the enum's prefix, as in prost-build.
pub fn variant(enum_name: &str, value: &str) -> String {
    let name = value.to_upper_camel_case();
    let stripped = name
        .strip_prefix(&enum_name.to_upper_camel_case())
        .filter(|rest| rest.starts_with(char::is_uppercase))
        .unwrap_or(&name);
    escape(stripped.to_owned())
}

/// A function named after a field, such as `with_name` or `name_open`. The result is never a keyword.
pub fn around(before: &str, name: &str, behind: &str) -> String {
    format!("{before}{}{behind}", name.to_snake_case())
}

/// The prefix of enum values by protobuf's style guide: `GREENHOUSE_PHASE_` in `GreenhousePhase`.
pub fn value_prefix(enum_name: &str) -> String {
    format!("{}_", enum_name.to_shouty_snake_case())
}

/// The standard prelude's types, traits, derives and variants. Generated code uses them by these names in a service's
/// module.
pub const PRELUDE: [&str; 42] = [
    "AsMut",
    "AsRef",
    "AsyncFn",
    "AsyncFnMut",
    "AsyncFnOnce",
    "Box",
    "Clone",
    "Copy",
    "Debug",
    "Default",
    "DoubleEndedIterator",
    "Drop",
    "Eq",
    "Err",
    "ExactSizeIterator",
    "Extend",
    "Fn",
    "FnMut",
    "FnOnce",
    "From",
    "FromIterator",
    "Future",
    "Hash",
    "Into",
    "IntoFuture",
    "IntoIterator",
    "Iterator",
    "None",
    "Ok",
    "Option",
    "Ord",
    "PartialEq",
    "PartialOrd",
    "Result",
    "Send",
    "Sized",
    "Some",
    "String",
    "Sync",
    "ToOwned",
    "Unpin",
    "Vec",
];

/// A module with a file. `root`: whether it is in the crate's root, where Cargo and Rust look for `lib.rs`, `main.rs` and
/// `bin/`.
pub fn file_module(name: &str, root: bool) -> String {
    let name = snake(name);
    let bare = name.strip_prefix("r#").unwrap_or(&name);
    // Windows has no files of these names.
    let is_device = matches!(bare, "aux" | "con" | "nul" | "prn")
        || bare
            .strip_prefix("com")
            .or_else(|| bare.strip_prefix("lpt"))
            .is_some_and(|number| number.len() == 1 && number.starts_with(|c: char| c.is_ascii_digit()));
    // `mod.rs` is the file of the parent module.
    let is_taken = bare == "mod" || root && matches!(bare, "bin" | "lib" | "main");
    if is_device || is_taken { format!("{bare}_") } else { name }
}

/// The names taken in one Rust namespace.
#[derive(Debug, Default)]
pub struct Scope(BTreeSet<String>);

impl Scope {
    /// A namespace in which these names are taken.
    pub fn new<'a>(taken: impl IntoIterator<Item = &'a str>) -> Self {
        Self(taken.into_iter().map(str::to_owned).collect())
    }

    /// Takes a name; returns whether it was free.
    pub fn take(&mut self, name: &str) -> bool {
        self.0.insert(name.to_owned())
    }

    /// Takes a type's name, or the first free one with a number as suffix: rustc warns about underscores.
    pub fn claim_type(&mut self, name: &str) -> String {
        let mut claimed = name.to_owned();
        let mut number = 1;
        while !self.take(&claimed) {
            number += 1;
            claimed = format!("{name}{number}");
        }
        claimed
    }

    /// Takes the name, or the first free one with underscores as suffix.
    pub fn claim(&mut self, name: &str) -> String {
        let mut name = name.to_owned();
        while !self.take(&name) {
            name = format!("{}_", name.strip_prefix("r#").unwrap_or(&name));
        }
        name
    }
}
