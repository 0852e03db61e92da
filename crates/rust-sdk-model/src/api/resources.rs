//! Resources and their names (AIP-122, `google/api/resource.proto`).

/// A type of resources whose names have patterns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resource {
    /// The type, `pubsub.googleapis.com/Topic`.
    pub resource_type: String,
    /// The Rust type of the names, in the package's module.
    pub name: String,
    /// The patterns, `projects/{project}/topics/{topic}`; `*` stands for every name.
    pub patterns: Vec<String>,
    /// The functions that build a name: one for each pattern except `*`.
    pub constructors: Vec<NameConstructor>,
    /// The functions that read a part of a name: one for each variable.
    pub parts: Vec<NamePart>,
}

/// A function that builds a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameConstructor {
    /// The function.
    pub function: String,
    /// The index of the pattern.
    pub pattern: usize,
    /// The parameters, in the order of the pattern's variables.
    pub parameters: Vec<String>,
}

/// A function that reads a part of a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamePart {
    /// The function.
    pub function: String,
    /// The variable.
    pub variable: String,
    /// Whether every pattern has the variable.
    pub is_everywhere: bool,
}

/// What a field names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedResource {
    /// The type of the resource. For the parent of a resource, the parent's type, or empty if it has none.
    pub resource_type: String,
    /// The Rust type of the names, as its path below the root. It exists wherever the field is compiled.
    pub rust: Option<Vec<String>>,
    /// A sample name for each pattern.
    pub samples: Vec<String>,
}
