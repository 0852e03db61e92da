//! The request field that holds the account of a method.

use std::fmt::Write as _;

use rust_sdk_model::api::{FieldPath, Method};

use crate::tokens::Place;
use crate::tokens::layout::Expr;

/// `rt::scope!` with the path to the field.
pub(super) fn generate(method: &Method, place: &Place) -> Expr {
    let Some(path) = &method.access.scope else { return Expr::text("rt::Scope::NONE") };
    if path.steps.iter().any(|step| step.oneof.is_some()) {
        return Expr::call("rt::Scope::new", [closure(path, place, false), closure(path, place, true)]);
    }
    let steps: Vec<String> = path
        .steps
        .iter()
        .map(|step| format!("{}{}", step.name, if step.optional { "?" } else { "" }))
        .collect();
    Expr::call("rt::scope!", [Expr::text(steps.join("."))])
}

/// A member of a oneof is reached by matching, so both closures are written out.
fn closure(path: &FieldPath, place: &Place, mutable: bool) -> Expr {
    let reference = if mutable { "&mut " } else { "&" };
    let last = path.steps.len().saturating_sub(1);
    let mut out = "|request| {\n".to_owned();
    let mut value = "request".to_owned();
    for (index, step) in path.steps.iter().enumerate() {
        let field = &step.name;
        value = if let Some(oneof) = &step.oneof {
            let (field, variant, ty) = (&oneof.name, &oneof.variant, place.text(&oneof.rust));
            let _ = writeln!(
                out,
                "                let ::core::option::Option::Some({ty}::{variant}(value)) = {reference}{value}.{field}\n                \
                 else {{\n                    return ::core::option::Option::None;\n                }};"
            );
            "value".to_owned()
        } else if index == last {
            match (step.optional, mutable) {
                (true, true) => format!("{value}.{field}.get_or_insert_default()"),
                (true, false) => format!("{value}.{field}.as_deref()?"),
                (false, _) => format!("{reference}{value}.{field}"),
            }
        } else {
            match (step.optional, mutable) {
                (true, true) => format!("{value}.{field}.as_mut()?"),
                (true, false) => format!("{value}.{field}.as_ref()?"),
                (false, _) => format!("{value}.{field}"),
            }
        };
    }
    let _ = write!(out, "                ::core::option::Option::Some({value})\n            }}");
    Expr::text(out)
}
