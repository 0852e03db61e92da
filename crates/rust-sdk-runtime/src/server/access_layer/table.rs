//! The data about each method that the layer prepares in advance.

use std::sync::Arc;

use super::field::FieldPath;
use super::trace::Site;
use crate::api::Api;
use crate::api::access::Rule;
use crate::api::method::{Method, Service, Streaming};
use crate::api::routing::by_text::TextRoutes;
use crate::message::schema::MessageSchema;

/// One method.
#[derive(Debug)]
pub(super) struct Plan {
    pub(super) method: &'static Method,
    /// The path to the account in requests, if the method has a scope and its schemas are compiled in.
    scope: Option<FieldPath>,
    /// The schema of its requests, if schemas are compiled in.
    pub(super) schema: Option<&'static MessageSchema>,
    /// The callsite of its spans.
    pub(super) span: Site,
    /// Whether a `POST` route matches the method's path: an HTTP router would send the method's calls to that route.
    pub(super) is_shadowed: bool,
}

impl Plan {
    fn new(api: &'static Api, service: &'static Service, index: usize, method: &'static Method) -> Self {
        let stated = method.access().scope();
        let schema = service.method_schemas(index).map(|schemas| schemas.request());
        let scope = schema.zip(stated).and_then(|(schema, path)| FieldPath::new(schema, path));
        let is_shadowed = api.routes().serving("POST", method.path()).is_some();
        Self { method, scope, schema, span: Site::new(method), is_shadowed }
    }

    pub(super) const fn scope(&self) -> Option<&FieldPath> {
        self.scope.as_ref()
    }

    /// Whether the method needs no authentication.
    pub(super) fn is_public(&self) -> bool {
        self.method.access().rule() == Rule::Public
    }

    pub(super) fn has_many_requests(&self) -> bool {
        matches!(self.method.streaming(), Streaming::Client | Streaming::Bidirectional)
    }
}

/// Every method, sorted by the address of its table entry.
#[derive(Clone, Debug)]
pub(super) struct Table {
    pub(super) plans: Arc<[Plan]>,
    /// The routes as a router that compares text finds them, if they differ.
    pub(super) by_text: Option<Arc<TextRoutes>>,
}

impl Table {
    pub(super) fn new(api: &'static Api) -> Self {
        let mut plans: Vec<Plan> = api
            .services()
            .iter()
            .flat_map(|service| {
                let methods = service.methods().iter().enumerate();
                methods.map(|(index, method)| Plan::new(api, service, index, method))
            })
            .collect();
        plans.sort_by_key(|plan| address(plan.method));
        Self { plans: plans.into(), by_text: TextRoutes::new(api).map(Arc::new) }
    }

    /// The index of a method's plan.
    pub(super) fn index(&self, method: &'static Method) -> Option<usize> {
        self.plans.binary_search_by_key(&address(method), |plan| address(plan.method)).ok()
    }
}

fn address(method: &'static Method) -> usize {
    std::ptr::from_ref(method).addr()
}
