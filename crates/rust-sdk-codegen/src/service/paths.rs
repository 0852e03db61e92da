//! Path builders: a struct for each binding, with its variables as fields. They are a table, which the runtime's macro expands.

use rust_sdk_model::Api;
use rust_sdk_model::api::{Binding, Service, Slot, SlotKind};

use super::docs;
use crate::tokens::Code;
use crate::tokens::Place;

/// The module `rest` of a service; empty where no method has a binding.
pub(crate) fn generate(api: &Api, service: &Service, place: &Place) -> String {
    let mut code = Code::default();
    if !api.options.rest || service.methods.iter().all(|method| method.bindings.is_empty()) {
        return code.finish();
    }
    let place = place.child("rest");
    code.blank();
    code.line(format_args!(
        "/// Builders of the REST paths of `{}`. They need no client and no network.",
        service.full_name
    ));
    code.gate(&api.options, "rest");
    code.open(format_args!("pub mod rest {{"));
    code.open(format_args!("::rust_sdk_runtime::path_builders! {{"));
    code.line(format_args!("super::{};", service.marker));
    for method in &service.methods {
        for (index, binding) in method.bindings.iter().enumerate() {
            code.blank();
            code.docs(&docs::builder(method, binding));
            code.line(format_args!("{} => {}, {index};", builder(binding, &place), method.constant));
        }
    }
    code.close();
    code.close();
    code.finish()
}

/// The type, its fields in the order of the path.
fn builder(binding: &Binding, place: &Place) -> String {
    let borrows = binding.slots.iter().any(|slot| matches!(slot.kind, SlotKind::Text | SlotKind::Bytes));
    let lifetime = if borrows { "<'a>" } else { "" };
    let fields: Vec<String> =
        binding.slots.iter().map(|slot| format!("{}: {}", slot.name, slot_type(slot, place))).collect();
    match fields.as_slice() {
        [] => format!("{} {{}}", binding.builder),
        fields => format!("{}{lifetime} {{ {} }}", binding.builder, fields.join(", ")),
    }
}

fn slot_type(slot: &Slot, place: &Place) -> String {
    let ty = match &slot.kind {
        SlotKind::Text => "&'a str",
        SlotKind::Bytes => "&'a [u8]",
        SlotKind::Bool => "bool",
        SlotKind::Int32 => "i32",
        SlotKind::Int64 => "i64",
        SlotKind::Uint32 => "u32",
        SlotKind::Uint64 => "u64",
        SlotKind::Float => "f32",
        SlotKind::Double => "f64",
        // The path has the value's name.
        SlotKind::Enum(ty) => return format!("enum {}", place.text(&ty.rust)),
    };
    ty.to_owned()
}
