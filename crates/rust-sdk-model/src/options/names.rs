//! The names of the options that APIs set on methods and services.

use super::Selector;

/// The options that state access. `None`: found by their short name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AccessOptionNames {
    /// `repeated string` on methods. An option that is named here may also be a `string`, an enum or a list of enums.
    /// Some values may mean a state instead of a permission. Permissions of several options add up.
    pub permissions: Vec<Selector>,
    /// `string` on methods: the request field that holds the account.
    pub account: Option<Selector>,
    /// `bool` on methods: whether authentication is required.
    pub authentication: Option<Selector>,
    /// `repeated` enum on methods.
    pub actors: Option<Selector>,
    /// `bool` on methods: all of the permissions, or any.
    pub require_all: Option<Selector>,
    /// Enums, `bool`s or `string`s on methods whose values mean a state.
    pub modes: Vec<Selector>,
    /// The request field that holds the account if no option names one; `-`: none.
    pub account_field: Option<String>,
    /// A `{major, minor, patch}` message on services.
    pub api_version: Option<String>,
}

/// The options for log fields, message sizes, updates, events and operations, by full name. `None`: found by their short name and
/// shape; `-`: none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MethodOptionNames {
    /// Repeated `{name, field_expression}` on methods.
    pub log_fields: Option<String>,
    /// An integer on methods, in MB.
    pub max_message_size: Option<String>,
    /// `{get_method, field_mapping, response_resource_field, request_resource_field}` on methods.
    pub patch_source: Option<String>,
    /// `{event_type, resource_type, resource_id_field, resource_url_template, …}` on methods.
    pub event: Option<String>,
    /// `{response_type, metadata_type}` or `{response, metadata}` on methods.
    pub operation: Option<String>,
}
