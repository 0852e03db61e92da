//! Compares messages and enums.

use std::collections::{BTreeMap, BTreeSet};

use rust_sdk_model::api::EnumValue;

use super::pairs::{self, Types};
use super::surface::{Enum, Message, Package};
use super::{Aspect, Effect, Element, Findings, SdkChange, arrow, fields, services};
use crate::text::Text;

pub(super) fn compare(old: &Package, new: &Package, types: &Types, changes: &mut Vec<SdkChange>) {
    let messages = pairs::messages(old, new);
    let (removed, added) = (names(&messages.removed), names(&messages.added));
    for (name, message) in messages.removed.iter().filter(|(name, _)| !is_within(name, &removed)) {
        gone(Element::Message, name, &message.full_name, changes);
    }
    for ((_, old), (_, new)) in &messages.pairs {
        self::message(old, new, types, changes);
    }
    for (_, message) in messages.added.iter().filter(|(name, _)| !is_within(name, &added)) {
        Findings::added(Element::Message, &message.full_name, "a new message").finish(changes);
    }
    let enums = pairs::enums(old, new);
    for (name, item) in enums.removed.iter().filter(|(name, _)| !is_within(name, &removed)) {
        gone(Element::Enum, name, &item.full_name, changes);
    }
    for ((_, old), (_, new)) in &enums.pairs {
        enumeration(old, new, changes);
    }
    for (_, item) in enums.added.iter().filter(|(name, _)| !is_within(name, &added)) {
        Findings::added(Element::Enum, &item.full_name, "a new enum").finish(changes);
    }
}

fn names<'a>(messages: &[(&'a str, &Message)]) -> BTreeSet<&'a str> {
    messages.iter().map(|(name, _)| *name).collect()
}

/// Whether a type is nested in one of these, and so is added or removed with it.
fn is_within(name: &str, messages: &BTreeSet<&str>) -> bool {
    name.match_indices('.').any(|(at, _)| messages.contains(&name[..at]))
}

fn gone(element: Element, name: &str, full_name: &str, changes: &mut Vec<SdkChange>) {
    let mut findings = Findings::removed(element, full_name);
    findings.add(Effect::Source, Aspect::Definition, Text::say("the type is removed: ").with(name));
    findings.finish(changes);
}

fn message(old: &Message, new: &Message, types: &Types, changes: &mut Vec<SdkChange>) {
    let mut findings = Findings::of(Element::Message, &old.full_name, &new.full_name);
    findings.name("type", &old.path.join("::"), &new.path.join("::"));
    for (field, ty) in &old.oneofs {
        if let Some(other) = new.oneofs.get(field) {
            findings.name("oneof's type", ty, other);
        }
    }
    for (was, is, name) in
        [(old.traits.copy, new.traits.copy, "Copy"), (old.traits.eq, new.traits.eq, "Eq` and `Hash")]
    {
        if was && !is {
            let text = Text::say(format!("its type is no longer `{name}`"));
            findings.add(Effect::Source, Aspect::Definition, text);
        }
    }
    let has_getters = old.fields.iter().any(|field| !field.getters.is_empty());
    let has_takers = old.fields.iter().any(|field| !field.takers.is_empty());
    for (was, is, what) in [
        (
            old.uses.input && !old.fields.is_empty(),
            new.uses.input,
            "setters are removed, since no method takes the message any more",
        ),
        (
            old.uses.output && has_getters,
            new.uses.output,
            "getters are removed, since no method returns the message any more",
        ),
        (old.uses.response && has_takers, new.uses.response, "fields can no longer be taken out of it"),
    ] {
        if was && !is {
            findings.add(Effect::Source, Aspect::Signature, Text::say(format!("its {what}")));
        }
    }
    match (&old.mask, &new.mask) {
        (Some(mask), None) => {
            let text = Text::say("it no longer has a typed field mask: ").with(format!("{mask}()"));
            findings.add(Effect::Source, Aspect::Signature, text);
        }
        (Some(old), Some(new)) => findings.name("field mask", old, new),
        (None, _) => {}
    }
    findings.finish(changes);
    fields::compare(old, new, types, changes);
}

/// The first value with this number, which gives the variant and the name in JSON.
fn primary(values: &[EnumValue], number: i32) -> Option<&EnumValue> {
    values.iter().find(|value| value.number == number)
}

fn enumeration(old: &Enum, new: &Enum, changes: &mut Vec<SdkChange>) {
    let mut findings = Findings::of(Element::Enum, &old.full_name, &new.full_name);
    findings.name("type", &old.path.join("::"), &new.path.join("::"));
    findings.finish(changes);
    let full_name = |item: &Enum, value: &EnumValue| format!("{}.{}", item.full_name, value.name);
    let by_name: BTreeMap<&str, &EnumValue> =
        new.values.iter().map(|value| (value.name.as_str(), value)).collect();
    for value in &old.values {
        let name = full_name(old, value);
        if let Some(other) = by_name.get(value.name.as_str()) {
            let mut findings = Findings::of(Element::EnumValue, &name, &name);
            if value.number != other.number {
                let text = Text::say(format!(
                    "its number: {} → {}; old and new peers misread each other's values",
                    value.number, other.number
                ));
                findings.add(Effect::Wire, Aspect::Definition, text);
            }
            findings.name("variant", &value.variant, &other.variant);
            services::deprecation(&mut findings, value.deprecated, other.deprecated);
            findings.finish(changes);
        } else if let Some(other) = primary(&new.values, value.number) {
            let mut findings = Findings::of(Element::EnumValue, &name, &full_name(new, other));
            findings.name("variant", &value.variant, &other.variant);
            let text = arrow("in JSON, the old name is rejected: ", &value.name, &other.name);
            findings.add(Effect::Wire, Aspect::Definition, text);
            findings.finish(changes);
        } else {
            let mut findings = Findings::removed(Element::EnumValue, &name);
            // An alias has no variant of its own.
            if !value.is_alias {
                let text = Text::say("the variant is removed: ").with(&value.variant);
                findings.add(Effect::Source, Aspect::Definition, text);
            }
            let text = "old peers send a value that new ones do not know; in JSON, it is rejected";
            findings.add(Effect::Wire, Aspect::Definition, Text::say(text));
            findings.finish(changes);
        }
    }
    let was: BTreeMap<&str, i32> =
        old.values.iter().map(|value| (value.name.as_str(), value.number)).collect();
    let numbers: BTreeSet<i32> = was.values().copied().collect();
    for value in new.values.iter().filter(|value| !was.contains_key(value.name.as_str())) {
        let text = match (numbers.contains(&value.number), value.is_alias) {
            (false, _) => "a new value",
            (true, true) => "another name for a value",
            // The old value's change reports the new name.
            (true, false) => continue,
        };
        Findings::added(Element::EnumValue, &full_name(new, value), text).finish(changes);
    }
}
