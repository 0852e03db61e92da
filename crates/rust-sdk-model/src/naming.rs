//! The only maker of Rust identifiers. Messages, enums and fields get the names that prost-build would give to them.

use std::collections::BTreeSet;

use heck::{ToShoutySnakeCase, ToSnakeCase, ToUpperCamelCase};

/// Whether the protobuf language allows this name.
pub fn is_identifier(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// Escapes an identifier that is a keyword in any edition (reference: Keywords).
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

/// A constant.
pub fn shouty(name: &str) -> String {
    escape(name.to_shouty_snake_case())
}

/// A Cargo feature or package, from a dotted or any other name.
pub fn kebab(name: &str) -> String {
    name.split('.').map(heck::ToKebabCase::to_kebab_case).collect::<Vec<_>>().join("-")
}

/// Whether a crate of this name could not be used: it is a keyword, a crate that every program has, or one that generated crates
/// depend on.
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

/// An enum value's variant: its name without the enum's own, as prost-build has it.
pub fn variant(enum_name: &str, value: &str) -> String {
    let name = value.to_upper_camel_case();
    let stripped = name
        .strip_prefix(&enum_name.to_upper_camel_case())
        .filter(|rest| rest.starts_with(char::is_uppercase))
        .unwrap_or(&name);
    escape(stripped.to_owned())
}

/// A function named after a field: `with_name`, `name_open`. No keyword comes out of it.
pub fn around(before: &str, name: &str, behind: &str) -> String {
    format!("{before}{}{behind}", name.to_snake_case())
}

/// What enum values begin with by the style guide: `GREENHOUSE_PHASE_` in `GreenhousePhase`.
pub fn value_prefix(enum_name: &str) -> String {
    format!("{}_", enum_name.to_shouty_snake_case())
}

/// The standard prelude's types, traits, derives and variants. In the module of a service, generated code uses them by these
/// names.
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

/// A module with a file of its own. `root` says whether it stands in the crate's root, where Cargo and Rust look for `lib.rs`,
/// `main.rs` and `bin/`.
pub fn file_module(name: &str, root: bool) -> String {
    let name = snake(name);
    let bare = name.strip_prefix("r#").unwrap_or(&name);
    // No file of these names can be made on Windows.
    let is_device = matches!(bare, "aux" | "con" | "nul" | "prn")
        || bare
            .strip_prefix("com")
            .or_else(|| bare.strip_prefix("lpt"))
            .is_some_and(|number| number.len() == 1 && number.starts_with(|c: char| c.is_ascii_digit()));
    // `mod.rs` is the file of the module around it.
    let is_taken = bare == "mod" || root && matches!(bare, "bin" | "lib" | "main");
    if is_device || is_taken { format!("{bare}_") } else { name }
}

/// The constant of a type's schema: the type's name within its package.
pub fn schema(full_name: &str, package: &str, names: &mut Scope) -> String {
    let name = full_name.strip_prefix(package).unwrap_or(full_name).trim_start_matches('.');
    names.claim(&shouty(&name.replace('.', "_")))
}

/// The names taken in one Rust namespace.
#[derive(Debug, Default)]
pub struct Scope(BTreeSet<String>);

impl Scope {
    /// A namespace with these names taken.
    pub fn new<'a>(taken: impl IntoIterator<Item = &'a str>) -> Self {
        Self(taken.into_iter().map(str::to_owned).collect())
    }

    /// Takes a name and says whether it was free.
    pub fn take(&mut self, name: &str) -> bool {
        self.0.insert(name.to_owned())
    }

    /// Takes a type's name, or the first free one with a number behind it: rustc warns of an underscore within one.
    pub fn claim_type(&mut self, name: &str) -> String {
        let mut claimed = name.to_owned();
        let mut number = 1;
        while !self.take(&claimed) {
            number += 1;
            claimed = format!("{name}{number}");
        }
        claimed
    }

    /// Takes the name, or the first free one with underscores behind it.
    pub fn claim(&mut self, name: &str) -> String {
        let mut name = name.to_owned();
        while !self.take(&name) {
            name = format!("{}_", name.strip_prefix("r#").unwrap_or(&name));
        }
        name
    }
}
