//! Where a service is, and what a caller needs for it: `google/api/client.proto`.

use prost_reflect::ServiceDescriptor;

/// `google.api.default_host`.
const DEFAULT_HOST: u32 = 1049;
/// `google.api.oauth_scopes`.
const OAUTH_SCOPES: u32 = 1050;

/// The host that serves the service, if stated: a name, and a port unless it is that of `https`.
pub(crate) fn default_host(service: &ServiceDescriptor) -> Option<String> {
    text(service, DEFAULT_HOST).filter(|host| !host.is_empty())
}

/// The OAuth scopes that a caller asks for.
pub(crate) fn oauth_scopes(service: &ServiceDescriptor) -> Vec<String> {
    let scopes = text(service, OAUTH_SCOPES).unwrap_or_default();
    scopes.split(',').map(str::trim).filter(|scope| !scope.is_empty()).map(str::to_owned).collect()
}

fn text(service: &ServiceDescriptor, number: u32) -> Option<String> {
    let options = service.options();
    let (_, value) = options.extensions().find(|(extension, _)| extension.number() == number)?;
    value.as_str().map(|text| text.trim().to_owned())
}
