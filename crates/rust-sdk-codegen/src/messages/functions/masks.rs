//! Typed field masks: a row for each field, which a macro of the runtime expands into functions.

use std::fmt::Write as _;

use rust_sdk_model::Api;
use rust_sdk_model::api::{Message, MessageMask, Package};

use crate::tokens::HEADER;
use crate::tokens::Place;

/// The masks of a package, if it has any.
pub(crate) fn generate(api: &Api, package: &Package) -> Option<String> {
    let place = Place::new(api, &package.module).child(&package.mask_module);
    let masks: String = package
        .messages
        .iter()
        .filter_map(|message| Some(mask(message, message.mask.as_ref()?, &place)))
        .collect();
    (!masks.is_empty()).then(|| {
        format!(
            "{}//! Field masks of the messages of `{}`.\n\n::rust_sdk_runtime::masks! {{\n{masks}}}\n",
            HEADER, package.name
        )
    })
}

fn mask(message: &Message, mask: &MessageMask, place: &Place) -> String {
    let mut out = format!("    {}, {} => {} {{\n", place.local(&message.path), mask.function, mask.name);
    for field in &mask.fields {
        let _ = write!(out, "        {} = {:?}", field.function, field.name);
        if let Some((function, inner)) = &field.within {
            let _ = write!(out, " => {function}: {}", place.local(inner));
        }
        out.push_str(",\n");
    }
    out.push_str("    }\n");
    out
}
