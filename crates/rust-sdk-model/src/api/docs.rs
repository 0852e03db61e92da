//! Comments.

/// A comment as Markdown that rustdoc accepts without a warning, and of which it runs nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Docs {
    /// The lines, without a space in front. References to elements of the API stand in them as `[text][label]`, `[label][]`
    /// and `[label]`: [`linked`](Self::linked) or [`plain`](Self::plain) make something of them.
    pub lines: Vec<String>,
    /// What the labels stand for, sorted by them. It is compiled wherever the comment is.
    pub links: Vec<DocLink>,
}

/// What a label in a comment stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocLink {
    /// The label.
    pub label: String,
    /// The element's full name.
    pub name: String,
    /// The Rust item that is generated for it.
    pub target: Option<DocTarget>,
}

/// A Rust item that documentation links to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocTarget {
    /// What it is.
    pub kind: DocKind,
    /// Its path below the root.
    pub path: Vec<String>,
}

/// What a Rust item is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DocKind {
    /// A message, or the type that a service's constants hang on.
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
    /// What rustdoc calls it in front of a path.
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
