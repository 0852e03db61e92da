//! Checks that entities and requests have the required fields.

use prost_reflect::MessageDescriptor;

use super::singular::singulars;
use crate::context::Context;
use crate::error::CallError;
use crate::finding::Finding;

/// The verbs of methods on entities: the first words of their names.
const VERBS: [&str; 5] = ["List", "Get", "Delete", "Update", "Create"];
/// The verbs whose requests hold no entity. Other requests have the required fields in their entity.
const VERBS_WITHOUT_ENTITY: [&str; 3] = ["List", "Get", "Delete"];

/// Names of fields, and the names to use instead.
const PREFERRED: [(&str, &str); 6] = [
    ("updated_at", "last_modified_at"),
    ("last_updated_at", "last_modified_at"),
    ("cloud_provider", "cloud_provider_id"),
    ("cloud_provider_region", "cloud_provider_region_id"),
    ("cloud_region", "cloud_provider_region_id"),
    ("cloud_region_id", "cloud_provider_region_id"),
];

/// Checks entities: messages that methods of the same file are named after.
pub(crate) fn entities(context: &Context, rule: &'static str) -> Result<Vec<Finding>, CallError> {
    let Some(descriptors) = context.descriptors()? else { return Ok(Vec::new()) };
    let mut findings = Vec::new();
    for file in descriptors.requested() {
        let mut add = |path: &[i32], message| {
            findings.push(Finding {
                at: Some(descriptors.position(&file, path)),
                rule,
                message,
                against: None,
            });
        };
        let messages: Vec<MessageDescriptor> = file.messages().collect();
        let mut seen = Vec::new();
        for method in file.services().flat_map(|service| service.methods().collect::<Vec<_>>()) {
            let Some(name) = VERBS.iter().find_map(|verb| method.name().strip_prefix(verb)) else { continue };
            let named = singulars(name);
            let found = named.iter().find_map(|name| messages.iter().find(|message| message.name() == name));
            let Some(entity) = found.filter(|entity| !seen.contains(entity)) else { continue };
            seen.push(entity);
            for field in entity.fields() {
                if let Some((_, better)) = PREFERRED.iter().find(|(name, _)| *name == field.name()) {
                    add(
                        field.path(),
                        format!("field {:?} is discouraged, use {better:?} instead", field.name()),
                    );
                }
            }
            if let Some(problem) = missing(entity, &context.settings.entity_fields) {
                add(entity.path(), problem);
            }
        }
    }
    Ok(findings)
}

/// Checks requests: `ListThingsRequest`, `GetThingRequest` and `DeleteThingRequest`.
pub(crate) fn requests(context: &Context, rule: &'static str) -> Result<Vec<Finding>, CallError> {
    let Some(descriptors) = context.descriptors()? else { return Ok(Vec::new()) };
    let mut findings = Vec::new();
    for file in descriptors.requested() {
        let mut open: Vec<MessageDescriptor> = file.messages().collect();
        while let Some(message) = open.pop() {
            open.extend(message.child_messages());
            if !is_request(message.name()) {
                continue;
            }
            if let Some(problem) = missing(&message, &context.settings.request_fields) {
                let at = Some(descriptors.position(&file, message.path()));
                findings.push(Finding { at, rule, message: problem, against: None });
            }
        }
    }
    Ok(findings)
}

/// Whether the name is that of a request without an entity. The verb is a whole word, unlike in `ListenRequest`.
fn is_request(name: &str) -> bool {
    let Some(name) = name.strip_suffix("Request") else { return false };
    let after = VERBS_WITHOUT_ENTITY.iter().find_map(|verb| name.strip_prefix(verb));
    after.is_some_and(|rest| !rest.starts_with(|c: char| c.is_ascii_lowercase()))
}

fn missing(message: &MessageDescriptor, required: &[String]) -> Option<String> {
    let missing: Vec<&str> = required
        .iter()
        .map(String::as_str)
        .filter(|name| message.get_field_by_name(name).is_none())
        .collect();
    (!missing.is_empty())
        .then(|| format!("message {:?} is missing required fields: {}", message.name(), missing.join(", ")))
}
