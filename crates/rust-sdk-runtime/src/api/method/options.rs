//! Method options: the fields that are logged, the size of messages, the source of an update, and the event that a call leaves behind.

use std::fmt;

use super::Method;

/// These options of one [`Method`].
#[derive(Debug)]
pub(super) struct MethodOptions {
    log_fields: &'static [(&'static str, &'static str)],
    max_message_mb: Option<u32>,
    patch_source: Option<PatchSource>,
    event: Option<Event>,
}

impl MethodOptions {
    pub(super) const NONE: Self =
        Self { log_fields: &[], max_message_mb: None, patch_source: None, event: None };
}

impl Method {
    /// Sets the request fields that a server logs: their names in the log, and their paths.
    #[doc(hidden)]
    #[must_use]
    pub const fn logs(mut self, fields: &'static [(&'static str, &'static str)]) -> Self {
        self.options.log_fields = fields;
        self
    }

    /// Sets the size that a message may have, in MB of 1024 × 1024 bytes.
    #[doc(hidden)]
    #[must_use]
    pub const fn limit_mb(mut self, megabytes: u32) -> Self {
        self.options.max_message_mb = Some(megabytes);
        self
    }

    /// Sets where a partial update finds the present state of what it changes.
    #[doc(hidden)]
    #[must_use]
    pub const fn patches(mut self, source: PatchSource) -> Self {
        self.options.patch_source = Some(source);
        self
    }

    /// Sets the event that a successful call leaves behind.
    #[doc(hidden)]
    #[must_use]
    pub const fn emits(mut self, event: Event) -> Self {
        self.options.event = Some(event);
        self
    }

    /// The request fields that a server logs: each one's name in the log, and its dotted path. None of them is marked
    /// `debug_redact`.
    pub const fn log_fields(&self) -> &'static [(&'static str, &'static str)] {
        self.options.log_fields
    }

    /// How many bytes a message may have, where the API states it. The API states it in MB, of 1024 × 1024 bytes.
    pub const fn max_message_size(&self) -> Option<usize> {
        match self.options.max_message_mb {
            Some(megabytes) => Some((megabytes as usize).saturating_mul(1024 * 1024)),
            None => None,
        }
    }

    /// Where a partial update finds the present state of what it changes.
    pub const fn patch_source(&self) -> Option<&PatchSource> {
        self.options.patch_source.as_ref()
    }

    /// The event that a successful call leaves behind.
    pub const fn event(&self) -> Option<&Event> {
        self.options.event.as_ref()
    }
}

/// Where a partial update (one with a field mask) finds the present state of what it changes: another method reads it.
pub struct PatchSource {
    get: fn() -> &'static Method,
    request_field: &'static str,
    response_field: &'static str,
    mapping: &'static [(&'static str, &'static str)],
}

impl PatchSource {
    /// By what returns the method that reads the resource (a table cannot refer to itself by name otherwise), the update's field that holds it, the field of the read's response, and
    /// for each field of the read's request the update's field that it is taken from.
    #[doc(hidden)]
    pub const fn new(
        get: fn() -> &'static Method,
        request_field: &'static str,
        response_field: &'static str,
        mapping: &'static [(&'static str, &'static str)],
    ) -> Self {
        Self { get, request_field, response_field, mapping }
    }

    /// The method that reads the resource.
    pub fn get(&self) -> &'static Method {
        (self.get)()
    }

    /// The field of the update's request that holds the resource, dotted.
    pub const fn request_field(&self) -> &'static str {
        self.request_field
    }

    /// The field of the read's response that holds the resource, dotted.
    pub const fn response_field(&self) -> &'static str {
        self.response_field
    }

    /// From fields of the read's request to the fields of the update's request that they are taken from, both dotted.
    /// Empty where the read goes by its caller.
    pub const fn mapping(&self) -> &'static [(&'static str, &'static str)] {
        self.mapping
    }
}

impl fmt::Debug for PatchSource {
    /// The read by its path: a method may name itself.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PatchSource")
            .field("get", &self.get().path())
            .field("request_field", &self.request_field)
            .field("response_field", &self.response_field)
            .field("mapping", &self.mapping)
            .finish()
    }
}

/// What happened to a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum EventKind {
    /// It is new.
    Created,
    /// It changed.
    Updated,
    /// It is gone.
    Deleted,
    /// The action with this name was done.
    Action(&'static str),
    /// Something else, by the name that the API gives it.
    Other(&'static str),
}

/// The event that a successful call leaves behind.
///
/// A source of a value is a dotted path into the request (`req.cluster.id`) or the response (`resp.cluster.id`), or a
/// metadata key of either (`req-md.x-actor`, `resp-md.x-cluster`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Event {
    kind: EventKind,
    resource_type: &'static str,
    resource_id: &'static str,
    resource_url: &'static str,
    context: &'static [(&'static str, &'static str)],
    status_only: bool,
}

impl Event {
    /// By what happened, the kind of the resource, the source of its ID, and the template of its URL.
    #[doc(hidden)]
    pub const fn new(
        kind: EventKind,
        resource_type: &'static str,
        resource_id: &'static str,
        resource_url: &'static str,
    ) -> Self {
        Self { kind, resource_type, resource_id, resource_url, context: &[], status_only: false }
    }

    /// Of a new resource.
    #[doc(hidden)]
    pub const fn created(resource_type: &'static str, id: &'static str, url: &'static str) -> Self {
        Self::new(EventKind::Created, resource_type, id, url)
    }

    /// Of a resource that changed.
    #[doc(hidden)]
    pub const fn updated(resource_type: &'static str, id: &'static str, url: &'static str) -> Self {
        Self::new(EventKind::Updated, resource_type, id, url)
    }

    /// Of a resource that is gone.
    #[doc(hidden)]
    pub const fn deleted(resource_type: &'static str, id: &'static str, url: &'static str) -> Self {
        Self::new(EventKind::Deleted, resource_type, id, url)
    }

    /// Of an action on a resource.
    #[doc(hidden)]
    pub const fn action(
        action: &'static str,
        resource_type: &'static str,
        id: &'static str,
        url: &'static str,
    ) -> Self {
        Self::new(EventKind::Action(action), resource_type, id, url)
    }

    /// Sets what else is told: names and the sources of their values.
    #[doc(hidden)]
    #[must_use]
    pub const fn context(mut self, context: &'static [(&'static str, &'static str)]) -> Self {
        self.context = context;
        self
    }

    /// Marks an event that is about the resource's status alone.
    #[doc(hidden)]
    #[must_use]
    pub const fn status_only(mut self) -> Self {
        self.status_only = true;
        self
    }

    /// What happened.
    pub const fn kind(&self) -> EventKind {
        self.kind
    }

    /// The kind of the resource, such as `cluster`.
    pub const fn resource_type(&self) -> &'static str {
        self.resource_type
    }

    /// The source of the resource's ID.
    pub const fn resource_id(&self) -> &'static str {
        self.resource_id
    }

    /// The template of the resource's URL, with sources in braces.
    pub const fn resource_url(&self) -> &'static str {
        self.resource_url
    }

    /// What else is told: names and the sources of their values.
    pub const fn additional_context(&self) -> &'static [(&'static str, &'static str)] {
        self.context
    }

    /// Whether it is about the resource's status alone.
    pub const fn is_status_only(&self) -> bool {
        self.status_only
    }
}
