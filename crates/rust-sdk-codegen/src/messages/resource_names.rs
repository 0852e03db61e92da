//! The types of resource names: a table, which a macro of the runtime expands.

use std::fmt::Write as _;

use rust_sdk_model::api::{Package, Resource};
use rust_sdk_model::text::code;

/// The types of a package's resource names.
pub(super) fn table(package: &Package) -> String {
    let mut rows = String::new();
    for resource in &package.resources {
        row(resource, &mut rows);
    }
    if rows.is_empty() { rows } else { format!("\n::rust_sdk_runtime::resource_names! {{\n{rows}}}\n") }
}

fn row(resource: &Resource, rows: &mut String) {
    let Resource { resource_type, name, patterns, .. } = resource;
    let forms: Vec<String> = patterns.iter().map(|pattern| code(pattern)).collect();
    let _ = writeln!(
        rows,
        "    /// The name of a resource of the type {}: {}.",
        code(resource_type),
        forms.join(" or ")
    );
    let patterns: Vec<String> = patterns.iter().map(|pattern| format!("{pattern:?}")).collect();
    let _ = writeln!(rows, "    {name} = {resource_type:?}, [{}] {{", patterns.join(", "));
    for constructor in &resource.constructors {
        let parameters = constructor.parameters.join(", ");
        let separator = if parameters.is_empty() { "" } else { ": " };
        let _ = writeln!(
            rows,
            "        {}({}{separator}{parameters})",
            constructor.function, constructor.pattern
        );
    }
    for part in &resource.parts {
        let what = if part.is_everywhere { "value" } else { "optional" };
        let _ = writeln!(rows, "        {}({what} {:?})", part.function, part.variable);
    }
    rows.push_str("    }\n");
}
