//! Messages that are operations, and the methods that follow them.

use prost_reflect::{FieldDescriptor, Kind, MessageDescriptor, MethodDescriptor, ServiceDescriptor};

use super::{Lookup, SERVICE};
use crate::api::{
    Follow, FollowMethod, FollowMethods, MethodRef, OperationFields, Package, Routing, Service,
};

/// The fields of `google.longrunning.Operation`.
const GOOGLE: OperationFields = OperationFields { name: 1, done: 3, error: 4, response: 5, metadata: 2 };

/// The path of `GetOperation` in `google/longrunning/operations.proto`. Few services serve it.
const GOOGLE_PATH: &str = "/v1/{name=operations/**}";

/// The fields of a message that is an operation; `None` for other messages.
pub(super) fn shape(message: &MessageDescriptor) -> Option<OperationFields> {
    let field = |name: &str, fits: &dyn Fn(&Kind) -> bool| {
        message.get_field_by_name(name).filter(|field| !field.is_list() && fits(&field.kind()))
    };
    let is = |wanted: &'static str| {
        move |kind: &Kind| kind.as_message().is_some_and(|ty| ty.full_name() == wanted)
    };
    let done = field("done", &|kind| *kind == Kind::Bool)?;
    let name =
        ["name", "id", "operation_id"].iter().find_map(|name| field(name, &|kind| *kind == Kind::String))?;
    let (any, status) = (is("google.protobuf.Any"), is("google.rpc.Status"));
    let (error, response) = (field("error", &status)?, field("response", &any)?);
    if error.containing_oneof()? != response.containing_oneof()? {
        return None;
    }
    Some(OperationFields {
        name: name.number(),
        done: done.number(),
        error: error.number(),
        response: response.number(),
        metadata: field("metadata", &any).map_or(0, |field| field.number()),
    })
}

/// The only field of a request, if it is a string, such as `name` or `operation_id`.
fn only_text(input: &MessageDescriptor) -> Option<FieldDescriptor> {
    let mut fields = input.fields();
    let (only, None) = (fields.next()?, fields.next()) else { return None };
    (only.kind() == Kind::String && !only.is_list()).then_some(only)
}

/// Whether the method follows an operation, instead of starting one.
pub(super) fn follows(method: &MethodDescriptor) -> bool {
    let says_so = ["Get", "Wait", "Cancel"].iter().any(|verb| method.name().starts_with(verb));
    method.parent_service().full_name() == SERVICE || says_so && only_text(&method.input()).is_some()
}

/// Finds the methods that follow an operation of the API's own.
pub(super) struct Followers<'a> {
    pub(super) operation: &'a MessageDescriptor,
    /// The method that starts the operation.
    pub(super) start: &'a MethodDescriptor,
    pub(super) lookup: &'a Lookup<'a>,
}

impl Followers<'_> {
    /// The methods. The reading one may be of the same service, else of the same package, else of any that is compiled where the start is.
    pub(super) fn find(&self, fields: OperationFields) -> Option<FollowMethods> {
        let own = self.start.parent_service();
        let rank = |service: &ServiceDescriptor| {
            let is_near = service.package_name() == own.package_name();
            (*service != *own, !is_near, service.full_name().to_owned())
        };
        let mut services: Vec<ServiceDescriptor> = self
            .start
            .parent_pool()
            .services()
            .filter(|service| self.lookup.reach.holds(self.lookup.gate, service.parent_file().name()))
            .collect();
        services.sort_by_key(rank);
        services.iter().find_map(|service| {
            let is_read = |method: &MethodDescriptor, _: &str| method.output() == *self.operation;
            let (get, field) = method(service, "Get", is_read)?;
            let other = |verb| method(service, verb, |_, name| name == field).map(|(method, _)| method);
            Some(FollowMethods { fields, get, cancel: other("Cancel"), delete: other("Delete") })
        })
    }
}

/// The method of this verb that takes the name of an operation, and the name of the field for it.
fn method(
    service: &ServiceDescriptor,
    verb: &str,
    fits: impl Fn(&MethodDescriptor, &str) -> bool,
) -> Option<(FollowMethod, String)> {
    service.methods().enumerate().find_map(|(index, method)| {
        let is_of_verb = method.name().starts_with(verb);
        let is_unary = !method.is_client_streaming() && !method.is_server_streaming();
        let field = only_text(&method.input())
            .filter(|field| is_of_verb && is_unary && fits(&method, field.name()))?;
        let reference = MethodRef { service: service.full_name().to_owned(), index };
        Some((FollowMethod { method: reference, field: field.number() }, field.name().to_owned()))
    })
}

/// Follows Google's operations by the crate's own `google.longrunning.Operations`, if its paths differ from those of Google's file: then they
/// are those that the services serve. Otherwise, follows them as calls of the API are made.
pub(crate) fn link(packages: &mut [Package]) {
    let methods = packages.iter_mut().flat_map(|package| &mut package.services);
    for method in methods.flat_map(|service| &mut service.methods) {
        let is_routed = method.routing != Routing::None;
        if let Some(Follow::Google { routed, .. }) =
            method.long_running.as_mut().map(|operation| &mut operation.follow)
        {
            *routed = is_routed;
        }
    }
    let mut services = packages.iter().flat_map(|package| &package.services);
    let Some(methods) = services.find(|service| service.full_name == SERVICE).and_then(served) else {
        return;
    };
    let services = packages.iter_mut().flat_map(|package| &mut package.services);
    let operations = services
        .flat_map(|service| &mut service.methods)
        .filter_map(|method| method.long_running.as_mut())
        .filter(|operation| matches!(operation.follow, Follow::Google { .. }));
    for operation in operations {
        operation.follow = Follow::Methods(methods.clone());
    }
}

fn served(service: &Service) -> Option<FollowMethods> {
    let find = |name: &str| {
        let index = service.methods.iter().position(|method| method.name == name)?;
        let method = MethodRef { service: service.full_name.clone(), index };
        Some((FollowMethod { method, field: 1 }, &service.methods[index]))
    };
    let (get, method) = find("GetOperation")?;
    let is_served = method.bindings.iter().any(|binding| binding.text != GOOGLE_PATH);
    let other = |name| find(name).map(|(method, _)| method);
    is_served.then(|| FollowMethods {
        fields: GOOGLE,
        get,
        cancel: other("CancelOperation"),
        delete: other("DeleteOperation"),
    })
}
