//! The well-known method options besides access: log fields, sources of updates, events.

/// A request field that a server logs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogField {
    /// The name in the log.
    pub name: String,
    /// The dotted path of the request field. It resolves, and no field on it is marked `debug_redact`.
    pub path: String,
}

/// How to read the resource that a partial update changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PatchSource {
    /// The method that reads the resource.
    pub get: MethodRef,
    /// The dotted path of the resource in the update's request.
    pub request_field: String,
    /// The dotted path of the resource in the read's response.
    pub response_field: String,
    /// Pairs of dotted paths, sorted: a field of the read's request, and the field of the update's request that fills it.
    pub mapping: Vec<(String, String)>,
}

/// A method, by its index in its service.
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
    /// It was created.
    Created,
    /// It was changed.
    Updated,
    /// It was deleted.
    Deleted,
    /// The named action was performed.
    Action(String),
    /// Another value, by name.
    Other(String),
}

/// The event of a successful call. A source of a value is `req.` or `resp.` with a valid path, or `req-md.` or `resp-md.`
/// with a metadata key.
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
    /// Additional context: names and sources, sorted.
    pub context: Vec<(String, String)>,
    /// Whether the event concerns only the resource's status.
    pub status_only: bool,
}
