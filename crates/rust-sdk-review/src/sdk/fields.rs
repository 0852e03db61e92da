//! Compares the fields of a message.

use std::collections::BTreeMap;

use rust_sdk_model::api::Presence;

use super::pairs::{self, Types};
use super::services::{deprecation, shown};
use super::surface::{Field, Message};
use super::{Aspect, Effect, Element, Findings, SdkChange, arrow, wire};
use crate::text::Text;

pub(super) fn compare(old: &Message, new: &Message, types: &Types, changes: &mut Vec<SdkChange>) {
    let name = |message: &Message, field: &Field| format!("{}.{}", message.full_name, field.name);
    let (pairs, removed, added) = pairs::fields(old, new);
    for field in removed {
        let mut findings = Findings::removed(Element::Field, &name(old, field));
        gone(old, field, &mut findings);
        findings.finish(changes);
    }
    let oneofs = Oneofs::new(old, new);
    for (old_field, new_field) in pairs {
        let mut findings = Findings::of(Element::Field, &name(old, old_field), &name(new, new_field));
        if old_field.name == new_field.name {
            // Only the message is renamed, which the change of the message reports.
            findings.new.clone_from(&findings.old);
        }
        let is_input = old.uses.input || new.uses.input;
        changed((old, old_field), (new, new_field), types, &mut findings);
        oneofs.compare(old_field, new_field, &mut findings);
        required(old_field, new_field, is_input, &mut findings);
        findings.new = Some(name(new, new_field));
        findings.finish(changes);
    }
    for field in added {
        let mut findings = Findings::added(Element::Field, &name(new, field), "a new field");
        if field.required && new.uses.input {
            findings.reasons.clear();
            must_be_set("a new required field", &mut findings);
        } else if field.presence == Presence::Required {
            let text = "a new required field: new peers reject messages of old ones";
            findings.reasons.clear();
            findings.add(Effect::Wire, Aspect::Required, Text::say(text));
        }
        findings.finish(changes);
    }
}

fn gone(message: &Message, field: &Field, findings: &mut Findings) {
    let rust = field.variant.as_ref().unwrap_or(&field.rust_name);
    findings.add(Effect::Source, Aspect::Definition, Text::say("the field is removed: ").with(rust));
    let is_needed = field.required && message.uses.output;
    let text = match (message.uses.input, message.uses.output) {
        (_, true) if is_needed => "old clients fail, since they require it",
        (true, false) => "values that old clients send are ignored",
        (false, true) => "old clients read its default",
        _ => "values from old peers are ignored, and they read its default",
    };
    findings.add(Effect::Wire, Aspect::Definition, Text::say(text));
}

fn must_be_set(what: &str, findings: &mut Findings) {
    let text = format!("{what}: requests of old clients are rejected by a server that checks it");
    findings.add(Effect::Wire, Aspect::Required, Text::say(text));
}

fn changed(
    (old_message, old): (&Message, &Field),
    (new_message, new): (&Message, &Field),
    types: &Types,
    findings: &mut Findings,
) {
    if old.variant.is_none() && new.variant.is_none() {
        findings.name("field", &old.rust_name, &new.rust_name);
    } else if let (Some(was), Some(is)) = (&old.variant, &new.variant) {
        findings.name("variant", was, is);
    }
    if old.json_name != new.json_name {
        let text = arrow("its name in JSON: ", &old.json_name, &new.json_name);
        let text = text.then("; the other name is rejected or ignored, and its value lost");
        findings.add(Effect::Wire, Aspect::Definition, text);
    } else if old.name != new.name {
        let text =
            arrow("in paths, queries and field masks, the old name is rejected: ", &old.name, &new.name);
        findings.add(Effect::Wire, Aspect::Definition, text);
    }
    if old.number != new.number {
        let text = format!("its number: {} → {}; values are lost or misread", old.number, new.number);
        findings.add(Effect::Wire, Aspect::Definition, Text::say(text));
    }
    ty(old, new, types, findings);
    if old.default != new.default {
        let shown = |default: &Option<String>| default.clone().unwrap_or_else(|| "none".to_owned());
        let text = arrow("its default: ", &shown(&old.default), &shown(&new.default));
        let text = text.then("; absent values read differently");
        findings.add(Effect::Wire, Aspect::Definition, text);
    }
    // For a field with another name or type, other function names are only a consequence.
    let is_same_type = types.is_same(&old.ty, &new.ty) && presence(old) == presence(new);
    if old.name == new.name && is_same_type && old.variant.is_none() == new.variant.is_none() {
        findings.names(&old.accessors, &new.accessors, Aspect::Definition);
        if old_message.uses.input && new_message.uses.input {
            let was: Vec<_> = old
                .setters
                .iter()
                .filter(|(what, _)| new_message.is_request || has(&new.setters, what))
                .cloned()
                .collect();
            findings.names(&was, &new.setters, Aspect::Signature);
        }
        if old_message.uses.output && new_message.uses.output {
            findings.names(&old.getters, &new.getters, Aspect::Signature);
        }
        if old_message.uses.response && new_message.uses.response {
            findings.names(&old.takers, &new.takers, Aspect::Signature);
        }
    }
    if old.redacted != new.redacted {
        let text = if new.redacted { "it is no longer printed" } else { "it is now printed" };
        findings.add(Effect::Added, Aspect::Definition, Text::say(text));
    }
    deprecation(findings, old.deprecated, new.deprecated);
}

fn has(names: &[(&'static str, String)], what: &str) -> bool {
    names.iter().any(|(other, _)| *other == what)
}

/// Compares the type and the cardinality.
fn ty(old: &Field, new: &Field, types: &Types, findings: &mut Findings) {
    if !types.is_same_kind(&old.ty.kind, &new.ty.kind) {
        let text = arrow("its type: ", &shown(&old.ty), &shown(&new.ty));
        findings.add(Effect::Source, Aspect::Definition, text);
        let text = wire::consequence(&old.ty.kind, &new.ty.kind);
        findings.add(Effect::Wire, Aspect::Definition, Text::say(text));
        return;
    }
    if old.ty.is_list != new.ty.is_list {
        let text = arrow("its type: ", &shown(&old.ty), &shown(&new.ty));
        findings.add(Effect::Source, Aspect::Definition, text);
        let text = "one peer reads a list as one value: values are lost, and JSON is rejected";
        findings.add(Effect::Wire, Aspect::Definition, Text::say(text));
    } else if let (false, Some(was), Some(is)) = (old.ty.is_list, presence(old), presence(new))
        && was != is
    {
        findings.add(Effect::Source, Aspect::Definition, Text::say(format!("its Rust type: {was} → {is}")));
    }
    let is_proto2 = |field: &Field| field.presence == Presence::Required;
    match (is_proto2(old), is_proto2(new)) {
        (true, false) => {
            let text = "old peers reject messages without it";
            findings.add(Effect::Wire, Aspect::Definition, Text::say(text));
        }
        (false, true) => {
            let text = "new peers reject messages of old ones without it";
            findings.add(Effect::Wire, Aspect::Definition, Text::say(text));
        }
        _ => {}
    }
    if old.boxed != new.boxed {
        let text = if new.boxed { "it is now in a `Box`" } else { "it is no longer in a `Box`" };
        findings.add(Effect::Source, Aspect::Definition, Text::say(text));
    }
    if !types.is_same_mask(&old.ty, &new.ty) {
        let name = |mask: &Option<String>| mask.clone().unwrap_or_else(|| "any".to_owned());
        let text = arrow("its setter takes a mask of: ", &name(&old.ty.mask_of), &name(&new.ty.mask_of));
        findings.add(Effect::Source, Aspect::Signature, text);
    }
}

/// The Rust form of a singular field; `None` for the members of oneofs.
fn presence(field: &Field) -> Option<&'static str> {
    match field.presence {
        Presence::Implicit | Presence::Required => Some("a plain value"),
        Presence::Explicit => Some("an `Option`"),
        Presence::Oneof(_) | Presence::Repeated | Presence::Packed => None,
    }
}

/// Compares whether a field is required.
fn required(old: &Field, new: &Field, is_input: bool, findings: &mut Findings) {
    let is_proto2 = [old, new].iter().any(|field| field.presence == Presence::Required);
    if is_input && new.required && !old.required && !is_proto2 {
        must_be_set("it is now required", findings);
    }
}

/// The members of oneofs.
struct Oneofs<'a> {
    old: BTreeMap<&'a str, Vec<&'a str>>,
    new: BTreeMap<&'a str, Vec<&'a str>>,
}

impl<'a> Oneofs<'a> {
    fn new(old: &'a Message, new: &'a Message) -> Self {
        let members = |message: &'a Message| {
            let mut members: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
            for field in message.fields.iter().filter(|field| field.variant.is_some()) {
                members.entry(&field.rust_name).or_default().push(&field.name);
            }
            members
        };
        Self { old: members(old), new: members(new) }
    }

    /// Reports a field that moves to another oneof or out of one.
    fn compare(&self, old: &Field, new: &Field, findings: &mut Findings) {
        let (was, is) = (member_of(old), member_of(new));
        if was == is {
            return;
        }
        let text = match (was, is) {
            (None, Some(is)) => Text::say("it is now a member of the oneof ").with(is),
            (Some(was), None) => Text::say("it is no longer a member of the oneof ").with(was),
            (Some(was), Some(is)) => arrow("its oneof: ", was, is),
            (None, None) => return,
        };
        findings.add(Effect::Source, Aspect::Definition, text);
        // A oneof with one member has no effect on the wire, and neither does its name.
        let is_alone = |members: &BTreeMap<&str, Vec<&str>>, oneof: Option<&str>| {
            oneof.and_then(|oneof| members.get(oneof)).is_none_or(|members| members.len() == 1)
        };
        let is_renamed = matches!((was, is), (Some(was), Some(is)) if self.old.get(was) == self.new.get(is));
        let is_same = is_renamed || (is_alone(&self.old, was) && is_alone(&self.new, is));
        if !is_same {
            let text = "of several values that one peer sends, the other keeps only the last";
            findings.add(Effect::Wire, Aspect::Definition, Text::say(text));
        }
    }
}

fn member_of(field: &Field) -> Option<&str> {
    field.variant.as_ref().map(|_| field.rust_name.as_str())
}
