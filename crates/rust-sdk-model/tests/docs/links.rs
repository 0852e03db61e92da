//! Comments of an API in which some names are elements.

use rust_sdk_model::api::{DocKind, DocTarget};
use rust_sdk_model::docs::read;

/// The items that names may refer to. The crates of comments define them.
pub(crate) const ITEMS: &str = "pub struct Target { pub field: u8 }\npub enum Choice { Value }\nimpl Target { pub const NAME: u8 = 0; }\n";

const NAMES: [(&str, DocKind, &[&str]); 6] = [
    ("a", DocKind::Struct, &["Target"]),
    ("b", DocKind::Field, &["Target", "field"]),
    ("b.C", DocKind::Enum, &["Choice"]),
    ("Book", DocKind::Variant, &["Choice", "Value"]),
    ("acme.v1.Book", DocKind::Constant, &["Target", "NAME"]),
    ("acme.v1.Other", DocKind::Struct, &["Target"]),
];

/// The comment's lines with links, and without.
pub(crate) fn lines(comment: &str) -> [Vec<String>; 2] {
    let find = |label: &str| NAMES.iter().find(|(name, ..)| *name == label.trim_matches('`'));
    let mut docs = read(comment, &|label| Some(find(label)?.0.to_owned()));
    for link in &mut docs.links {
        link.target = find(&link.label).map(|(_, kind, path)| DocTarget {
            kind: *kind,
            path: path.iter().map(|part| (*part).to_owned()).collect(),
        });
    }
    let linked = docs.linked(|target| format!("{}@{}", target.kind.as_str(), target.path.join("::")));
    [linked, docs.plain()]
}

/// Whether it is one of theirs.
pub(crate) fn is_target(url: &str) -> bool {
    NAMES.iter().any(|(_, kind, path)| url == format!("{}@{}", kind.as_str(), path.join("::")))
}
