//! Checks whether a server serves exactly its API.

use std::collections::BTreeSet;
use std::fmt;

use crate::api::Api;

/// The services, methods and routes of a server, to be compared with its API at start.
///
/// ```
/// use rust_sdk_runtime::server::Served;
/// use rust_sdk_runtime::{Access, Api, Method, Service};
///
/// static METHODS: [Method; 1] =
///     [Method::unary("/acme.v1.ShelfService/GetShelf").requires(Access::authenticated())];
/// static SERVICE: Service = Service::new("acme.v1.ShelfService", &METHODS);
/// static API: Api = Api::new(&[&SERVICE]);
///
/// // With tonic: `ShelfServiceServer::<Shelves>::NAME`.
/// Served::new().service("acme.v1.ShelfService").check(&API)?;
/// let error = Served::new().service("acme.v1.ShelveService").check(&API).unwrap_err();
/// assert_eq!(error.not_served(), ["acme.v1.ShelfService/GetShelf"]);
/// assert_eq!(error.not_in_api(), ["acme.v1.ShelveService"]);
/// # Ok::<(), rust_sdk_runtime::server::ServedError>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Served {
    services: BTreeSet<String>,
    methods: BTreeSet<String>,
    routes: BTreeSet<(String, String)>,
}

impl Served {
    /// An empty set.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a gRPC service with all of its methods, by its full name: the `NAME` of tonic's `NamedService`.
    #[must_use]
    pub fn service(mut self, name: impl Into<String>) -> Self {
        self.services.insert(name.into());
        self
    }

    /// Adds a method, `package.Service/Method`, however it is served.
    #[must_use]
    pub fn method(mut self, full_name: impl Into<String>) -> Self {
        self.methods.insert(full_name.into());
        self
    }

    /// Adds an HTTP route by its verb and its path with variables in braces. The names of the variables do not matter. `{*rest}` takes at
    /// least one segment, as in axum; `{rest=**}` may take none.
    #[must_use]
    pub fn route(mut self, verb: impl Into<String>, path: &str) -> Self {
        self.routes.insert((verb.into(), unnamed(path)));
        self
    }

    /// Compares in both directions: every method of the API must be served, over gRPC or by all of its HTTP bindings, and the server must
    /// serve nothing outside of the API.
    ///
    /// # Errors
    /// If they differ. The error lists both differences.
    pub fn check(&self, api: &Api) -> Result<(), ServedError> {
        let mut routes = self.routes.clone();
        let mut not_served = Vec::new();
        let (mut missing_routes, mut empty_rests) = (Vec::new(), Vec::new());
        for service in api.services() {
            for method in service.methods() {
                let mut unbound = 0;
                for binding in method.bindings() {
                    let route = |path: String| (binding.verb().to_owned(), path);
                    let path = unnamed(binding.template());
                    if routes.remove(&route(path.clone())) {
                        continue;
                    }
                    // In axum a `**` needs two routes: one for some segments, one for none.
                    let front = path.strip_suffix("/{**}");
                    let Some(front) = front.filter(|front| routes.remove(&route(format!("{front}/{{*}}"))))
                    else {
                        unbound += 1;
                        continue;
                    };
                    let empty = route(if front.is_empty() { "/".to_owned() } else { front.to_owned() });
                    // Looked up, not removed: this path may also be a binding of its own.
                    if !self.routes.contains(&empty) {
                        missing_routes.push(format!("{} {}", empty.0, empty.1));
                        unbound += 1;
                    }
                    empty_rests.push(empty);
                }
                let by_routes = unbound == 0 && method.bindings().next().is_some();
                let by_name =
                    self.services.contains(service.name()) || self.methods.contains(method.full_name());
                if !by_name && !by_routes {
                    not_served.push(method.full_name());
                }
            }
        }
        routes.retain(|route| !empty_rests.contains(route));
        let is_known = |name: &str| api.services().iter().any(|service| service.name() == name);
        let services = self.services.iter().filter(|name| !is_known(name)).cloned();
        let methods = self.methods.iter().filter(|name| api.method_by_name(name).is_none()).cloned();
        let routes = routes.into_iter().map(|(verb, path)| format!("{verb} {path}"));
        let not_in_api: Vec<String> = services.chain(methods).chain(routes).collect();
        if not_served.is_empty() && not_in_api.is_empty() && missing_routes.is_empty() {
            return Ok(());
        }
        Err(ServedError { not_served, not_in_api, missing_routes })
    }
}

/// A path whose variables have no names: `{id}` and `{id=*}` become `{}`, `{name=shelves/*}` becomes `shelves/{}`.
/// `{*rest}` becomes `{*}`, and `{rest=**}` becomes `{**}`.
fn unnamed(path: &str) -> String {
    let mut out = String::new();
    let mut rest = path;
    while let Some((literal, (variable, behind))) =
        rest.split_once('{').and_then(|(literal, open)| Some((literal, open.split_once('}')?)))
    {
        out.push_str(literal);
        // axum's `{*rest}` differs from `**`: it takes at least one segment.
        let default = if variable.starts_with('*') { "*rest" } else { "*" };
        out.push_str(variable.split_once('=').map_or(default, |(_, pattern)| pattern));
        rest = behind;
    }
    out.push_str(rest);
    let segments = out.split('/').map(|segment| match segment.strip_prefix('*') {
        Some("") => "{}",
        Some("*") => "{**}",
        Some("rest") => "{*}",
        _ => segment,
    });
    segments.collect::<Vec<_>>().join("/")
}

/// A server and its API differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServedError {
    not_served: Vec<&'static str>,
    not_in_api: Vec<String>,
    missing_routes: Vec<String>,
}

impl ServedError {
    /// The methods of the API that the server does not serve, `package.Service/Method`.
    pub fn not_served(&self) -> &[&'static str] {
        &self.not_served
    }

    /// The served services, methods and routes (`VERB /path/{}`) that the API does not have.
    pub fn not_in_api(&self) -> &[String] {
        &self.not_in_api
    }

    /// The missing routes of bindings that are served only in part, as `VERB /path`. A `**` at the end of a template may take no segment,
    /// but `{*rest}` takes at least one: add both routes.
    pub fn missing_routes(&self) -> &[String] {
        &self.missing_routes
    }
}

impl fmt::Display for ServedError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the server and its API differ")?;
        if !self.not_served.is_empty() {
            let methods = self.not_served.join(", ");
            write!(
                f,
                "; not served: {methods} (if the server serves only part of the API, give it an `Api` of that part)"
            )?;
        }
        if !self.missing_routes.is_empty() {
            let routes = self.missing_routes.join(", ");
            write!(
                f,
                "; missing: {routes} (add these routes: `**` may match no segment, but `{{*rest}}` matches at least one)"
            )?;
        }
        if !self.not_in_api.is_empty() {
            write!(f, "; not in the API: {}", self.not_in_api.join(", "))?;
        }
        Ok(())
    }
}

impl std::error::Error for ServedError {}
