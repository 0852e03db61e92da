//! Compares types of resource names.

use super::surface::{Package, Resource};
use super::{Aspect, Effect, Element, Findings, SdkChange, arrow};
use crate::text::Text;

pub(super) fn compare(old: &Package, new: &Package, changes: &mut Vec<SdkChange>) {
    for (resource_type, was) in &old.resources {
        let mut findings = match new.resources.get(resource_type) {
            Some(_) => Findings::of(Element::Resource, resource_type, resource_type),
            None => Findings::removed(Element::Resource, resource_type),
        };
        match new.resources.get(resource_type) {
            Some(is) => resource(was, is, &mut findings),
            None => {
                let text = Text::say("the type of its names is removed: ").with(&was.name);
                findings.add(Effect::Source, Aspect::Signature, text);
            }
        }
        findings.finish(changes);
    }
    for resource_type in new.resources.keys().filter(|known| !old.resources.contains_key(*known)) {
        Findings::added(Element::Resource, resource_type, "a new type of names").finish(changes);
    }
}

fn resource(old: &Resource, new: &Resource, findings: &mut Findings) {
    findings.name("type of names", &old.name, &new.name);
    for (function, was) in &old.functions {
        match new.functions.get(function) {
            Some(is) if is == was => {}
            Some(is) => {
                let text = arrow(format!("its function `{function}`: "), was, is);
                findings.add(Effect::Source, Aspect::Signature, text);
            }
            None => {
                let text = Text::say("its function is removed: ").with(function);
                findings.add(Effect::Source, Aspect::Signature, text);
            }
        }
    }
    for pattern in old.patterns.iter().filter(|pattern| !new.patterns.contains(pattern)) {
        let text = Text::say("names of this form are rejected: ").with(pattern);
        findings.add(Effect::Source, Aspect::Signature, text);
    }
    for pattern in new.patterns.iter().filter(|pattern| !old.patterns.contains(pattern)) {
        let text = Text::say("names of this form are accepted: ").with(pattern);
        findings.add(Effect::Added, Aspect::Definition, text);
    }
}
