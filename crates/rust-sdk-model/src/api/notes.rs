//! What the well-known options say besides access: logs, sizes, updates, events.

/// A request field that a server logs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogField {
    /// The name in the log.
    pub name: String,
    /// The field of the request, dotted. It resolves, and nothing on the way is marked `debug_redact`.
    pub path: String,
}

/// Where a partial update finds the present state of what it changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PatchSource {
    /// The method that reads the resource.
    pub get: MethodRef,
    /// The field of the update's request that holds the resource, dotted.
    pub request_field: String,
    /// The field of the read's response that holds the resource, dotted.
    pub response_field: String,
    /// From fields of the read's request to fields of the update's request, dotted, sorted.
    pub mapping: Vec<(String, String)>,
}

/// A method, by its place in its service's table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MethodRef {
    /// The service's full name.
    pub service: String,
    /// The index among its methods.
    pub index: usize,
}

/// What happened to a resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EventKind {
    /// It is new.
    Created,
    /// It changed.
    Updated,
    /// It is gone.
    Deleted,
    /// The action with this name was done.
    Action(String),
    /// Something else, by the value's name.
    Other(String),
}

/// The event that a successful call leaves behind. Sources of values are `req.` or `resp.` with a path that resolves,
/// or `req-md.` or `resp-md.` with a metadata key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// What happened.
    pub kind: EventKind,
    /// The kind of the resource.
    pub resource_type: String,
    /// The source of the resource's ID.
    pub resource_id: String,
    /// The template of its URL, with sources in braces.
    pub resource_url: String,
    /// What else is told: names and sources, sorted.
    pub context: Vec<(String, String)>,
    /// Whether it is about the resource's status alone.
    pub status_only: bool,
}
