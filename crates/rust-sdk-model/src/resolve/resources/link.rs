//! Finds the resource that each field names.

use std::collections::HashMap;

use super::{Origin, Resources, Target, pattern};
use crate::api::{Kind, NamedResource, Package};
use crate::resolve::loaded::Loaded;
use crate::resolve::package_plan::PackagePlan;
use crate::resolve::reach::Reach;

/// Sets the named resources of all fields, once all types have names.
pub(crate) fn link(
    (packages, plans): (&mut [Package], &[PackagePlan]),
    resources: &Resources,
    loaded: &Loaded,
    reach: &Reach<'_>,
) {
    if resources.definitions.is_empty() {
        return;
    }
    // The types by package and resource type.
    let types: HashMap<(String, String), Vec<String>> = packages
        .iter()
        .flat_map(|package| {
            package.resources.iter().map(|resource| {
                let path = package.module.iter().chain([&resource.name]).cloned().collect();
                ((package.name.clone(), resource.resource_type.clone()), path)
            })
        })
        .collect();
    let own: HashMap<(&str, &str), usize> = resources
        .definitions
        .iter()
        .enumerate()
        .filter_map(|(index, definition)| {
            let (message, field) = definition.message.as_ref()?;
            Some(((message.as_str(), field.as_str()), index))
        })
        .collect();
    for (package, plan) in packages.iter_mut().zip(plans) {
        let origin = Origin { package: &package.name, gate: &plan.gate, reach };
        for message in &mut package.messages {
            let Some(descriptor) = loaded.pool.get_message_by_name(&message.full_name) else { continue };
            for field in &mut message.fields {
                if field.kind != Kind::Scalar("String") {
                    continue;
                }
                let reference =
                    descriptor.get_field(field.number).and_then(|field| resources.reference(&field));
                let target = match reference {
                    Some(reference) => resources.target(&reference, origin, loaded),
                    None => own.get(&(message.full_name.as_str(), field.name.as_str())).map(|index| {
                        let definition = &resources.definitions[*index];
                        Target {
                            resource_type: &definition.resource_type,
                            definition: Some(definition),
                            patterns: definition.patterns.iter().map(String::as_str).collect(),
                        }
                    }),
                };
                field.names = target.map(|target| {
                    // The type is in this package, or in that of the definition.
                    let of_definition = || {
                        let file = loaded.pool.get_file_by_name(&target.definition?.file)?;
                        let is_compiled = reach.compiles(origin.gate, file.name());
                        is_compiled.then(|| file.package_name().to_owned())
                    };
                    let of = |package: String| types.get(&(package, target.resource_type.to_owned()));
                    NamedResource {
                        resource_type: target.resource_type.to_owned(),
                        rust: of(origin.package.to_owned()).or_else(|| of(of_definition()?)).cloned(),
                        samples: target.patterns.iter().filter_map(|text| pattern::sample(text)).collect(),
                    }
                });
            }
        }
    }
}
