//! Where messages occur: in requests, in responses, and as resources of field masks (AIP-134).

use std::collections::{BTreeMap, BTreeSet};

use super::members;
use crate::api::{Body, Field, Kind, MaskField, Message, MessageMask, Method, Package, TypeRef};
use crate::naming::{self, Scope};

const FIELD_MASK: &str = "google.protobuf.FieldMask";

/// Marks each message with its uses, and adds masks to the resources of updates. If other crates share the types (`is_shared`), these may use
/// all messages everywhere; of the types of other crates the same holds.
pub(crate) fn mark(packages: &mut [Package], is_shared: bool) {
    let (inputs, outputs, responses, resources, masks) = {
        let index = Index::new(packages);
        let own = || packages.iter().filter(|package| package.home.is_none());
        let methods = || own().flat_map(|package| &package.services).flat_map(|service| &service.methods);
        let inputs = index.reach(methods().map(|method| &method.input.name), |field| Some(&field.kind));
        let outputs = index.reach(methods().flat_map(results), |field| Some(&field.kind));
        let resources: BTreeMap<String, (String, TypeRef)> = packages
            .iter()
            .flat_map(|package| {
                package
                    .services
                    .iter()
                    .flat_map(|service| &service.methods)
                    .map(move |method| (package, method))
            })
            .filter_map(|(package, method)| {
                let (mask, resource) = index.update(package, method, is_shared)?;
                Some((method.input.name.clone(), (mask, resource)))
            })
            .collect();
        let masked = index.reach(resources.values().map(|(_, resource)| &resource.name), |field| {
            (!field.presence.is_repeated()).then_some(&field.kind)
        });
        let responses: BTreeSet<String> = methods()
            .map(|method| &method.output.name)
            .filter(|name| index.has_takers(name) && !index.is_within_itself(name))
            .cloned()
            .collect();
        (inputs, outputs, responses, resources, masked)
    };
    let no_methods = inputs.is_empty() && outputs.is_empty();
    let messages = packages.iter_mut().flat_map(|package| {
        let is_any = no_methods || is_shared || package.home.is_some();
        package.messages.iter_mut().map(move |message| (message, is_any))
    });
    for (message, is_any) in messages {
        message.uses.input = is_any || inputs.contains(&message.full_name);
        message.uses.output = is_any || outputs.contains(&message.full_name);
        message.uses.response = responses.contains(&message.full_name);
        if let Some((mask, resource)) = resources.get(&message.full_name) {
            let fields = message.fields.iter_mut().filter(|field| field.name == *mask);
            fields.for_each(|field| field.mask_of = Some(resource.clone()));
        }
    }
    add_masks(packages, &masks);
}

/// The messages that a method's server sends: its response, and what the operation holds that it starts.
fn results(method: &Method) -> impl Iterator<Item = &String> {
    let operation = method.long_running.as_ref();
    let types = operation
        .into_iter()
        .flat_map(|operation| Some(&operation.response).into_iter().chain(&operation.metadata));
    std::iter::once(&method.output).chain(types).map(|ty| &ty.name)
}

/// Names all masks first, since they refer to each other.
fn add_masks(packages: &mut [Package], masked: &BTreeSet<String>) {
    // The path of each mask, and the crate that has it.
    let mut types: BTreeMap<String, (Vec<String>, Option<String>)> = BTreeMap::new();
    for package in &*packages {
        let mut names = Scope::default();
        for message in package.messages.iter().filter(|message| masked.contains(&message.full_name)) {
            let name = message.full_name[package.name.len()..].replace('.', "_");
            let mut path = package.module.clone();
            path.extend([package.mask_module.clone(), names.claim(&naming::camel(&format!("{name}_mask")))]);
            types.insert(message.full_name.clone(), (path, home(package).map(str::to_owned)));
        }
    }
    for message in packages.iter_mut().flat_map(|package| &mut package.messages) {
        let Some((path, crate_name)) = types.get(&message.full_name) else { continue };
        let Some(name) = path.last() else { continue };
        let mut scope = members::mask_scope();
        let mut fields: Vec<MaskField> = message
            .fields
            .iter()
            .map(|field| MaskField {
                name: field.name.clone(),
                function: scope.claim(&naming::snake(&field.base_name)),
                within: None,
            })
            .collect();
        for (field, mask) in message.fields.iter().zip(&mut fields) {
            let Some(ty) = field.kind.message().filter(|_| !field.presence.is_repeated()) else { continue };
            if let Some((path, _)) = types.get(&ty.name).filter(|(_, other)| other == crate_name) {
                mask.within =
                    Some((scope.claim(&naming::around("within_", &field.base_name, "")), path.clone()));
            }
        }
        message.mask =
            Some(MessageMask { name: name.clone(), function: members::mask_function(message), fields });
    }
}

/// The messages of all packages by name.
struct Index<'a>(BTreeMap<&'a str, (&'a Package, &'a Message)>);

/// The other crate that has a package.
fn home(package: &Package) -> Option<&str> {
    package.home.as_ref().map(|home| home.crate_name.as_str())
}

impl<'a> Index<'a> {
    fn new(packages: &'a [Package]) -> Self {
        let messages = packages
            .iter()
            .flat_map(|package| package.messages.iter().map(move |message| (package, message)));
        Self(messages.map(|(package, message)| (message.full_name.as_str(), (package, message))).collect())
    }

    fn get(&self, name: &str) -> Option<&'a Message> {
        self.0.get(name).map(|(_, message)| *message)
    }

    /// The names of these messages and of all messages that their fields lead to.
    fn reach<'b>(
        &self,
        roots: impl Iterator<Item = &'b String>,
        over: impl Fn(&Field) -> Option<&Kind>,
    ) -> BTreeSet<String> {
        let mut reached = BTreeSet::new();
        let mut open: Vec<&str> = roots.map(String::as_str).collect();
        let mut next = Vec::new();
        while let Some(name) = open.pop() {
            let Some(message) = self.get(name) else { continue };
            if reached.insert(message.full_name.clone()) {
                next.extend(message.fields.iter().filter_map(&over).filter_map(Kind::message));
            }
            open.extend(next.drain(..).map(|ty| ty.name.as_str()));
        }
        reached
    }

    /// Whether one of the message's fields can be taken out. Few messages have such a field, and only these need the
    /// search of `is_within_itself`.
    fn has_takers(&self, name: &str) -> bool {
        self.get(name).is_some_and(|message| message.fields.iter().any(|field| field.taker.is_some()))
    }

    fn is_within_itself(&self, name: &str) -> bool {
        let fields = self.get(name).map(|message| message.fields.as_slice()).unwrap_or_default();
        let types = fields.iter().filter_map(|field| field.kind.message());
        self.reach(types.map(|ty| &ty.name), |field| Some(&field.kind)).contains(name)
    }

    /// For an update with a mask: the mask's field, and the resource to which the mask is relative.
    ///
    /// The request and the resource are of the crate that has the method. Of a shared crate, others see only some packages, so there the request
    /// is of the method's package.
    fn update(&self, package: &Package, method: &Method, is_shared: bool) -> Option<(String, TypeRef)> {
        let (of_request, request) = self.0.get(method.input.name.as_str())?;
        let is_seen_by_others = is_shared || package.home.is_some();
        if home(of_request) != home(package) || is_seen_by_others && of_request.name != package.name {
            return None;
        }
        let is_near = |name: &str| self.0.get(name).is_some_and(|(other, _)| home(other) == home(package));
        let masks: Vec<&Field> =
            singular(request).filter(|(_, ty)| ty.name == FIELD_MASK).map(|(field, _)| field).collect();
        let says_update = method.name.starts_with("Update")
            || method.name.starts_with("Patch")
            || method.bindings.iter().any(|binding| binding.verb == "PATCH");
        let mask = match masks.as_slice() {
            [only] if says_update || only.name == "update_mask" => *only,
            several => *several.iter().find(|field| field.name == "update_mask")?,
        };
        let resources: Vec<(&Field, &TypeRef)> =
            singular(request).filter(|(_, ty)| is_near(&ty.name)).collect();
        let resource = match resources.as_slice() {
            [(_, only)] => *only,
            // The resource is the body, or the method is named after it.
            several => several.iter().find_map(|(field, ty)| {
                let is_body =
                    method.bindings.iter().any(|binding| binding.body == Body::Field(field.name.clone()));
                let named = method.name.ends_with(ty.name.rsplit('.').next().unwrap_or_default());
                (is_body || named).then_some(*ty)
            })?,
        };
        Some((mask.name.clone(), resource.clone()))
    }
}

/// The fields that hold one message.
fn singular(message: &Message) -> impl Iterator<Item = (&Field, &TypeRef)> {
    let fields = message.fields.iter().filter(|field| !field.presence.is_repeated() && field.oneof.is_none());
    fields.filter_map(|field| Some((field, field.kind.message()?)))
}
