//! Comments.

/// A comment as Markdown. rustdoc accepts it without a warning and runs no code in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Docs {
    /// The lines, without a leading space. They contain references to elements of the API as `[text][label]`, `[label][]`
    /// and `[label]`, which [`linked`](Self::linked) and [`plain`](Self::plain) replace.
    pub lines: Vec<String>,
    /// The targets of the labels, sorted by label. Each target exists wherever the comment is compiled.
    pub links: Vec<DocLink>,
}

/// The target of a label in a comment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocLink {
    /// The label.
    pub label: String,
    /// The element's full name.
    pub name: String,
    /// The generated Rust item.
    pub target: Option<DocTarget>,
}

/// A Rust item that documentation links to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocTarget {
    /// Its kind.
    pub kind: DocKind,
    /// Its path below the root.
    pub path: Vec<String>,
}

/// The kind of a Rust item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DocKind {
    /// A message, or the type with a service's constants.
    Struct,
    /// An enum or oneof.
    Enum,
    /// A field of a struct.
    Field,
    /// A value of an enum, or a member of a oneof.
    Variant,
    /// The constant of a method.
    Constant,
}

impl Docs {
    /// Whether there is no text.
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }
}

impl DocKind {
    /// rustdoc's prefix for a path to such an item.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Struct => "struct",
            Self::Enum => "enum",
            Self::Field => "field",
            Self::Variant => "variant",
            Self::Constant => "const",
        }
    }
}
