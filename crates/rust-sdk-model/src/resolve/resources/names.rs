//! Names the types of resource names and their functions.

use super::{Definition, pattern};
use crate::api::{NameConstructor, NamePart, Resource};
use crate::naming::{self, Scope};

/// Functions that every type of names has, or that would shadow those of traits.
const FUNCTIONS: [&str; 21] = [
    "as_ref",
    "as_str",
    "borrow",
    "clone",
    "clone_into",
    "cmp",
    "eq",
    "fmt",
    "from",
    "from_str",
    "hash",
    "into",
    "ne",
    "new",
    "partial_cmp",
    "pattern",
    "to_owned",
    "to_string",
    "try_from",
    "try_into",
    "type_id",
];

/// The kind of a resource type: `Topic` of `pubsub.googleapis.com/Topic`. `None` if the type has none.
pub(super) fn kind(resource_type: &str) -> Option<&str> {
    let kind = resource_type.rsplit('/').next()?;
    naming::is_identifier(kind).then_some(kind)
}

/// The resources of these definitions, without those that have no pattern except `*`. Several definitions of a type are one resource with
/// the patterns of all.
pub(super) fn describe(definitions: &[&Definition], scope: &mut Scope) -> Vec<Resource> {
    let mut merged: Vec<(&str, Vec<&String>)> = Vec::new();
    for definition in definitions {
        let at = merged.iter().position(|(known, _)| *known == definition.resource_type);
        let at = at.unwrap_or_else(|| {
            merged.push((&definition.resource_type, Vec::new()));
            merged.len() - 1
        });
        for pattern in &definition.patterns {
            if !merged[at].1.contains(&pattern) {
                merged[at].1.push(pattern);
            }
        }
    }
    merged.retain(|(_, patterns)| patterns.iter().any(|text| *text != pattern::ANY));
    merged
        .into_iter()
        .map(|(resource_type, patterns)| {
            let name = type_name(resource_type, scope);
            resource(resource_type, name, patterns.into_iter().cloned().collect())
        })
        .collect()
}

/// `TopicName`. If another item has this name, the service comes first: `PubsubTopicName`.
fn type_name(resource_type: &str, scope: &mut Scope) -> String {
    let kind = kind(resource_type).unwrap_or(resource_type);
    let short = naming::camel(&format!("{kind}Name"));
    if scope.take(&short) {
        return short;
    }
    let service = resource_type.split(['/', '.']).next().unwrap_or_default();
    let service: String = service.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
    scope.claim_type(&naming::camel(&format!("{service}_{kind}_name")))
}

fn resource(resource_type: &str, name: String, patterns: Vec<String>) -> Resource {
    let variables: Vec<Vec<&str>> =
        patterns.iter().map(|text| pattern::variables(text).unwrap_or_default()).collect();
    let mut scope = Scope::new(FUNCTIONS);
    let mut has_new = false;
    let mut constructors = Vec::new();
    for (index, (text, variables)) in patterns.iter().zip(&variables).enumerate() {
        let function = match variables.as_slice() {
            _ if text == pattern::ANY => continue,
            // The whole pattern is one text.
            [] => scope.claim(&naming::snake(text)),
            // The first pattern keeps `new` when others are added.
            _ if !has_new => {
                has_new = true;
                "new".to_owned()
            }
            variables => scope.claim(&naming::snake(&format!("from_{}", variables.join("_")))),
        };
        let mut parameters = Scope::default();
        let parameters =
            variables.iter().map(|variable| parameters.claim(&naming::snake(variable))).collect();
        constructors.push(NameConstructor { function, pattern: index, parameters });
    }
    let mut seen: Vec<&str> = Vec::new();
    for variable in variables.iter().flatten() {
        if !seen.contains(variable) {
            seen.push(variable);
        }
    }
    let parts = seen
        .into_iter()
        .map(|variable| NamePart {
            function: scope.claim(&naming::snake(variable)),
            variable: variable.to_owned(),
            is_everywhere: variables.iter().all(|variables| variables.contains(&variable)),
        })
        .collect();
    Resource { resource_type: resource_type.to_owned(), name, constructors, parts, patterns }
}
