//! Services and methods: names, options, bindings, access.

use prost_reflect::{MethodDescriptor, ServiceDescriptor};
use prost_types::method_options::IdempotencyLevel;

use super::access::{self, AccessOptions, UnreadOptions};
use super::client_config::ClientConfig;
use super::collisions;
use super::comments::Comments;
use super::context::MethodContext;
use super::custom::{CustomOptions, Target};
use super::hosts;
use super::http;
use super::http_rules::Rules;
use super::marks::Marks;
use super::method_options::{self, MethodOptions};
use super::operations::{self, Lookup};
use super::pages;
use super::reach::Reach;
use super::request_ids;
use super::routes::{BindingSource, BindingSources};
use super::routing;
use super::service_config::ServiceConfigs;
use super::signatures;
use super::types::TypeIndex;
use crate::api::{Binding, Idempotency, Method, Service};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Severity};
use crate::naming::{self, Scope};
use crate::options::Options;
use crate::source::SourceIndex;

/// The context for describing services.
pub(crate) struct ServiceContext<'a, 'b> {
    pub(crate) options: &'a Options,
    pub(crate) types: &'a TypeIndex,
    pub(crate) access: &'a AccessOptions,
    pub(crate) unread: &'a mut UnreadOptions<'b>,
    pub(crate) method_options: &'a MethodOptions,
    pub(crate) marks: &'a Marks,
    pub(crate) client_config: &'a ClientConfig,
    pub(crate) service_configs: &'a ServiceConfigs<'a>,
    pub(crate) reach: &'a Reach<'a>,
    pub(crate) comments: Comments<'a>,
    /// Whether the package is the crate's root.
    pub(crate) is_root: bool,
    /// The package's gate.
    pub(crate) gate: &'a str,
    pub(crate) custom: &'a mut CustomOptions<'b>,
    pub(crate) problems: &'a mut Diagnostics,
    pub(crate) binding_sources: &'a mut BindingSources,
}

/// Functions that every client and every stub has.
const CLIENT_FUNCTIONS: [&str; 8] =
    ["new", "client", "into_client", "clone", "into", "into_fake", "serve_on", "try_into"];
/// Constants that every service has.
const SERVICE_CONSTANTS: [&str; 3] = ["SERVICE", "METHODS", "OPTIONS"];

impl ServiceContext<'_, '_> {
    /// `names` are the names taken in the package's module.
    pub(crate) fn describe(
        &mut self,
        (service, mixed_in): (&ServiceDescriptor, bool),
        source: &SourceIndex,
        names: &mut Scope,
    ) -> Service {
        let options = service.options();
        let base_name = self.types.name(service.full_name(), service.name());
        let wanted = naming::camel(base_name);
        let marker = if names.take(&wanted) {
            wanted
        } else {
            names.claim_type(&format!("{}Service", wanted.trim_end_matches('_')))
        };
        let bare = marker.trim_end_matches('_');
        let client = names.claim_type(&format!("{bare}Client"));
        let stub = names.claim_type(&format!("{bare}Stub"));
        // Not claimed, since the server is in a module of its own.
        let server = format!("{bare}Server");
        let module = names.claim(&naming::file_module(base_name, self.is_root));
        let mut described = Service {
            full_name: service.full_name().to_owned(),
            name: service.name().to_owned(),
            base_name: base_name.to_owned(),
            module,
            marker,
            client,
            stub,
            server,
            accessor: String::new(),
            docs: self
                .comments
                .docs_or_options(source, service.path(), service.full_name(), || service.options()),
            deprecated: service
                .service_descriptor_proto()
                .options
                .as_ref()
                .is_some_and(prost_types::ServiceOptions::deprecated),
            mixed_in,
            default_host: hosts::default_host(service),
            oauth_scopes: hosts::oauth_scopes(service),
            api_version: self.access.version(&options),
            custom_options: self.custom.read(&options, Target::Service),
            methods: Vec::new(),
        };
        let mut functions = Scope::new(CLIENT_FUNCTIONS);
        let host = described.default_host.clone();
        let mut constants = Scope::new(SERVICE_CONSTANTS);
        if host.is_some() {
            constants.take("DEFAULT_HOST");
        }
        if !described.oauth_scopes.is_empty() {
            constants.take("OAUTH_SCOPES");
        }
        let mut builders = Scope::default();
        let mut seen: Vec<(String, String)> = Vec::new();
        for method in service.methods() {
            let base_name = self.types.name(method.full_name(), method.name());
            let snake = naming::snake(base_name);
            if let Some((_, other)) = seen.iter().find(|(name, _)| *name == snake) {
                self.problems.push(Diagnostic {
                    severity: Severity::Error,
                    code: Code::NameCollision,
                    position: Some(source.position(method.path())),
                    subject: format!("{}.{}", service.name(), method.name()),
                    message: format!("`{}` and `{other}` are both `{snake}` in Rust", method.name()),
                    hint: collisions::hint(method.full_name(), base_name),
                });
            }
            seen.push((snake.clone(), method.name().to_owned()));
            let names = MethodNames {
                function: functions.claim(&snake),
                constant: constants.claim(&naming::shouty(base_name)),
                options_constant: constants.claim(&format!("{}_OPTIONS", naming::shouty(base_name))),
            };
            described.methods.push(self.method(&method, (source, host.as_deref()), names, &mut builders));
        }
        described
    }

    fn method(
        &mut self,
        method: &MethodDescriptor,
        (source, host): (&SourceIndex, Option<&str>),
        names: MethodNames,
        builders: &mut Scope,
    ) -> Method {
        let mut context =
            MethodContext { descriptor: method, source, options: self.options, problems: self.problems };
        let full_name = context.full_name();
        let rules = Rules::of(&context, self.service_configs.rule(method));
        let position = rules.position.clone();
        let (bindings, rejected_bindings) = http::bindings(&mut context, rules, self.types, builders);
        let bindings: Vec<Binding> = bindings
            .into_iter()
            .map(|(subject, binding)| {
                let key = (full_name.clone(), binding.builder.clone());
                let host = host.map(str::to_owned);
                self.binding_sources.insert(key, BindingSource { subject, position: position.clone(), host });
                binding
            })
            .collect();
        let unread = self.unread.read(&context);
        let may_say_more = unread.iter().any(|value| value.looks_like_access);
        let access = access::describe(&mut context, self.access, self.types, may_say_more);
        let stated = method_options::describe(&mut context, (self.method_options, self.marks), &|file| {
            self.reach.holds(self.gate, file)
        });
        let lookup = Lookup { types: self.types, reach: self.reach, gate: self.gate };
        let mut long_running =
            operations::describe(&mut context, &self.method_options.operations, &lookup, &bindings);
        let published = self.service_configs.settings(method);
        operations::set_polling(method, published, long_running.as_mut(), context.problems);
        let uuid_fields = request_ids::describe(method, published, (self.marks, context.problems));
        let settings = self.client_config.of(method);
        let routing = routing::describe(&mut context, &bindings, host);
        Method {
            full_name,
            name: method.name().to_owned(),
            function: names.function,
            constant: names.constant,
            options_constant: names.options_constant,
            docs: self
                .comments
                .docs_or_options(source, method.path(), method.full_name(), || method.options()),
            deprecated: is_deprecated(method),
            input: self.types.message(&method.input()),
            output: self.types.message(&method.output()),
            signatures: signatures::stated(method),
            arguments: Vec::new(),
            client_streaming: method.is_client_streaming(),
            server_streaming: method.is_server_streaming(),
            idempotency: stated_idempotency(method).unwrap_or_else(|| implied_idempotency(&bindings)),
            stated_idempotency: stated_idempotency(method),
            bindings,
            rejected_bindings,
            access,
            pagination: pages::describe(method, &self.options.paginations, self.types),
            long_running,
            log_fields: stated.log_fields,
            max_message_mb: stated.max_message_mb,
            patch_source: stated.patch_source,
            event: stated.event,
            routing,
            uuid_fields,
            timeout: settings.timeout,
            retry: settings.retry,
            custom_options: self.custom.read(&method.options(), Target::Method),
            unread,
        }
    }
}

struct MethodNames {
    function: String,
    constant: String,
    options_constant: String,
}

/// The methods of a deprecated service are deprecated.
fn is_deprecated(method: &MethodDescriptor) -> bool {
    let options = method.method_descriptor_proto().options.as_ref();
    let service = method.parent_service();
    let service_options = service.service_descriptor_proto().options.as_ref();
    options.is_some_and(prost_types::MethodOptions::deprecated)
        || service_options.is_some_and(prost_types::ServiceOptions::deprecated)
}

fn stated_idempotency(method: &MethodDescriptor) -> Option<Idempotency> {
    match method.method_descriptor_proto().options.as_ref()?.idempotency_level? {
        level if level == IdempotencyLevel::NoSideEffects as i32 => Some(Idempotency::Safe),
        level if level == IdempotencyLevel::Idempotent as i32 => Some(Idempotency::Idempotent),
        _ => Some(Idempotency::Unknown),
    }
}

/// By the verb of the first binding (RFC 9110, section 9.2).
fn implied_idempotency(bindings: &[Binding]) -> Idempotency {
    match bindings.first().map(|binding| binding.verb.as_str()) {
        Some("GET" | "HEAD" | "OPTIONS") => Idempotency::Safe,
        Some("PUT" | "DELETE") => Idempotency::Idempotent,
        _ => Idempotency::Unknown,
    }
}
