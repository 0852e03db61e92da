//! Method options: logged fields, the size limit, the source of a partial update, and the event of a successful call.

use std::fmt;
use std::time::Duration;

use super::operation::OperationInfo;
use super::request_params::RequestParams;
use super::{Method, Retry};

/// The options of one [`Method`].
#[derive(Debug)]
pub(super) struct MethodOptions {
    log_fields: &'static [(&'static str, &'static str)],
    max_message_mb: Option<u32>,
    patch_source: Option<PatchSource>,
    event: Option<Event>,
    pub(super) operation: Option<OperationInfo>,
    pub(super) request_params: RequestParams,
    uuid_fields: &'static [u32],
    pub(super) timeout: Option<Duration>,
    pub(super) retry: Option<Retry>,
}

impl MethodOptions {
    pub(super) const NONE: Self = Self {
        log_fields: &[],
        max_message_mb: None,
        patch_source: None,
        event: None,
        operation: None,
        request_params: RequestParams::None,
        uuid_fields: &[],
        timeout: None,
        retry: None,
    };
}

impl Method {
    /// Sets the request fields that a server logs: their names in the log, and their paths.
    #[doc(hidden)]
    #[must_use]
    pub const fn logs(mut self, fields: &'static [(&'static str, &'static str)]) -> Self {
        self.options.log_fields = fields;
        self
    }

    /// Sets the largest size of a message, in MB of 1024 × 1024 bytes.
    #[doc(hidden)]
    #[must_use]
    pub const fn limit_mb(mut self, megabytes: u32) -> Self {
        self.options.max_message_mb = Some(megabytes);
        self
    }

    /// Sets how a partial update reads the present resource.
    #[doc(hidden)]
    #[must_use]
    pub const fn patches(mut self, source: PatchSource) -> Self {
        self.options.patch_source = Some(source);
        self
    }

    /// Sets the event that a successful call emits.
    #[doc(hidden)]
    #[must_use]
    pub const fn emits(mut self, event: Event) -> Self {
        self.options.event = Some(event);
        self
    }

    /// Sets the numbers of the request fields that a client fills with a random UUID.
    #[doc(hidden)]
    #[must_use]
    pub const fn fills_uuids(mut self, fields: &'static [u32]) -> Self {
        self.options.uuid_fields = fields;
        self
    }

    /// The numbers of the request fields that a client fills with a random UUID if they are not set (AIP-155, AIP-4235). All attempts of a
    /// call send the same one.
    pub const fn uuid_fields(&self) -> &'static [u32] {
        self.options.uuid_fields
    }

    /// The request fields that a server logs: the name in the log and the dotted path of each. No field marked `debug_redact` is among
    /// them.
    pub const fn log_fields(&self) -> &'static [(&'static str, &'static str)] {
        self.options.log_fields
    }

    /// The largest size of a message in bytes, if the API states one. The API states it in MB of 1024 × 1024 bytes.
    pub const fn max_message_size(&self) -> Option<usize> {
        match self.options.max_message_mb {
            Some(megabytes) => Some((megabytes as usize).saturating_mul(1024 * 1024)),
            None => None,
        }
    }

    /// How a partial update reads the present resource.
    pub const fn patch_source(&self) -> Option<&PatchSource> {
        self.options.patch_source.as_ref()
    }

    /// The event that a successful call emits.
    pub const fn event(&self) -> Option<&Event> {
        self.options.event.as_ref()
    }
}

/// How a partial update (one with a field mask) finds the present resource: another method reads it.
pub struct PatchSource {
    get: fn() -> &'static Method,
    request_field: &'static str,
    response_field: &'static str,
    mapping: &'static [(&'static str, &'static str)],
}

impl PatchSource {
    /// `get` returns the method that reads the resource. It is a function, since a table cannot refer to itself by name. `request_field` is
    /// the update's field for the resource, `response_field` that of the read's response. `mapping` pairs each field of the read's request
    /// with the update's field that fills it.
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

    /// Pairs of dotted paths: a field of the read's request, and the field of the update's request that fills it. Empty if the caller alone
    /// determines the resource.
    pub const fn mapping(&self) -> &'static [(&'static str, &'static str)] {
        self.mapping
    }
}

impl fmt::Debug for PatchSource {
    /// Shows the read by its path, since a method may name itself.
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
    /// The resource is new.
    Created,
    /// The resource changed.
    Updated,
    /// The resource is gone.
    Deleted,
    /// The action with this name was done.
    Action(&'static str),
    /// Something else, with the API's name for it.
    Other(&'static str),
}

/// The event that a successful call emits.
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
    /// An event from its kind, the resource's type, the source of the resource's ID and the template of its URL.
    #[doc(hidden)]
    pub const fn new(
        kind: EventKind,
        resource_type: &'static str,
        resource_id: &'static str,
        resource_url: &'static str,
    ) -> Self {
        Self { kind, resource_type, resource_id, resource_url, context: &[], status_only: false }
    }

    /// An event of a new resource.
    #[doc(hidden)]
    pub const fn created(resource_type: &'static str, id: &'static str, url: &'static str) -> Self {
        Self::new(EventKind::Created, resource_type, id, url)
    }

    /// An event of a changed resource.
    #[doc(hidden)]
    pub const fn updated(resource_type: &'static str, id: &'static str, url: &'static str) -> Self {
        Self::new(EventKind::Updated, resource_type, id, url)
    }

    /// An event of a deleted resource.
    #[doc(hidden)]
    pub const fn deleted(resource_type: &'static str, id: &'static str, url: &'static str) -> Self {
        Self::new(EventKind::Deleted, resource_type, id, url)
    }

    /// An event of an action on a resource.
    #[doc(hidden)]
    pub const fn action(
        action: &'static str,
        resource_type: &'static str,
        id: &'static str,
        url: &'static str,
    ) -> Self {
        Self::new(EventKind::Action(action), resource_type, id, url)
    }

    /// Sets additional context: names and the sources of their values.
    #[doc(hidden)]
    #[must_use]
    pub const fn context(mut self, context: &'static [(&'static str, &'static str)]) -> Self {
        self.context = context;
        self
    }

    /// Marks an event that concerns only the resource's status.
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

    /// Additional context: names and the sources of their values.
    pub const fn additional_context(&self) -> &'static [(&'static str, &'static str)] {
        self.context
    }

    /// Whether the event concerns only the resource's status.
    pub const fn is_status_only(&self) -> bool {
        self.status_only
    }
}
