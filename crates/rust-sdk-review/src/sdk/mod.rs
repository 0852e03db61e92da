//! What a change breaks: code that uses the generated crate, and messages between peers of different versions.

mod fields;
mod pairs;
mod resources;
mod semver;
mod services;
mod surface;
mod types;
mod wire;

use std::collections::BTreeMap;

pub use self::semver::{Level, NextVersion, Step};
pub use self::surface::Sdk;

use self::pairs::Types;
use self::surface::Package;
use crate::text::Text;

/// The changes of the generated crate.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SdkReport {
    /// Ordered by element: the crate, packages, services, methods, messages, fields, enums, values, resources.
    pub changes: Vec<SdkChange>,
    /// The next version.
    pub version: NextVersion,
}

/// The changes of one element.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SdkChange {
    /// The kind of the element.
    pub element: Element,
    /// Its full name in the old version; for a new element, in the new version. A method is `package.Service/Method`.
    pub old: Option<String>,
    /// Its full name in the new version; `None` if it is removed.
    pub new: Option<String>,
    /// The changes and their effects.
    pub reasons: Vec<Reason>,
}

/// The kind of a changed element.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Element {
    /// The crate: its name, its features, constants outside of packages.
    Crate,
    /// A package.
    Package,
    /// A service.
    Service,
    /// A method.
    Method,
    /// A message.
    Message,
    /// A field of a message.
    Field,
    /// An enum.
    Enum,
    /// A value of an enum.
    EnumValue,
    /// A type of resource names.
    Resource,
}

/// One change.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Reason {
    /// What it breaks, if anything.
    pub effect: Effect,
    /// Its aspect.
    pub aspect: Aspect,
    /// A description.
    pub text: Text,
}

/// What a change breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Effect {
    /// Code that uses the crate: it does not compile, or behaves differently.
    Source,
    /// Messages between a client of one version and a server of the other: requests are rejected, values lost or misread.
    Wire,
    /// Nothing: an addition or a compatible change.
    Added,
}

/// The aspect of a change. Each check of the buf plugin for the generated crate reports one aspect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Aspect {
    /// A field becomes required.
    Required,
    /// The parameters of a function, or the set of functions.
    Signature,
    /// A Rust name changes though the name in the file does not.
    Name,
    /// Anything else, which the files show.
    Definition,
}

impl Element {
    /// The name in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Crate => "crate",
            Self::Package => "package",
            Self::Service => "service",
            Self::Method => "method",
            Self::Message => "message",
            Self::Field => "field",
            Self::Enum => "enum",
            Self::EnumValue => "enum value",
            Self::Resource => "resource",
        }
    }
}

impl SdkChange {
    /// Whether it breaks something in this way.
    pub fn has(&self, effect: Effect) -> bool {
        self.reasons.iter().any(|reason| reason.effect == effect)
    }

    /// Whether it breaks code or requests.
    pub fn breaks(&self) -> bool {
        self.has(Effect::Source) || self.has(Effect::Wire)
    }

    /// The old name, or the name of a new element.
    pub fn name(&self) -> &str {
        self.old.as_ref().or(self.new.as_ref()).map_or("", String::as_str)
    }
}

/// Collects the changes of one element.
pub(crate) struct Findings {
    element: Element,
    old: Option<String>,
    new: Option<String>,
    reasons: Vec<Reason>,
}

impl Findings {
    fn of(element: Element, old: &str, new: &str) -> Self {
        Self { element, old: Some(old.to_owned()), new: Some(new.to_owned()), reasons: Vec::new() }
    }

    fn removed(element: Element, name: &str) -> Self {
        Self { element, old: Some(name.to_owned()), new: None, reasons: Vec::new() }
    }

    fn added(element: Element, name: &str, text: &str) -> Self {
        let mut this = Self { element, old: None, new: Some(name.to_owned()), reasons: Vec::new() };
        this.add(Effect::Added, Aspect::Definition, Text::say(text));
        this
    }

    fn add(&mut self, effect: Effect, aspect: Aspect, text: Text) {
        self.reasons.push(Reason { effect, aspect, text });
    }

    /// Reports a changed Rust name: as `Aspect::Name`, unless the element is renamed in the file, too.
    fn name(&mut self, what: &str, old: &str, new: &str) {
        if old != new {
            let aspect = if self.old == self.new { Aspect::Name } else { Aspect::Definition };
            self.add(Effect::Source, aspect, arrow(format!("its {what}: "), old, new));
        }
    }

    /// Reports changed and removed names, but not new ones.
    fn names(&mut self, old: &[(&'static str, String)], new: &[(&'static str, String)], gone: Aspect) {
        for (what, name) in old {
            match new.iter().find(|(other, _)| other == what) {
                Some((_, other)) => self.name(what, name, other),
                None => {
                    let text = Text::say(format!("its {what} is removed: ")).with(name);
                    self.add(Effect::Source, gone, text);
                }
            }
        }
    }

    fn finish(self, changes: &mut Vec<SdkChange>) {
        if !self.reasons.is_empty() {
            let Self { element, old, new, reasons } = self;
            changes.push(SdkChange { element, old, new, reasons });
        }
    }
}

fn arrow(what: impl Into<String>, old: &str, new: &str) -> Text {
    Text::say(what).with(old).then(" → ").with(new)
}

/// Compares the crates generated from two versions.
pub(crate) fn compare(old: &Sdk, new: &Sdk) -> Vec<SdkChange> {
    let mut changes = Vec::new();
    items(&old.items, &new.items, &mut changes);
    let packages = pairs::packages(old, new);
    let mut types = Types::default();
    for ((_, old), (_, new)) in &packages.pairs {
        for ((_, old), (_, new)) in &pairs::messages(old, new).pairs {
            types.add(&old.full_name, &new.full_name);
        }
        for ((_, old), (_, new)) in &pairs::enums(old, new).pairs {
            types.add(&old.full_name, &new.full_name);
        }
    }
    for (name, package) in &packages.removed {
        let mut findings = Findings::removed(Element::Package, name);
        let text = "the package is removed with all its contents";
        findings.add(Effect::Source, Aspect::Definition, Text::say(text));
        if !package.services.is_empty() {
            let text = "gRPC calls to its services fail with UNIMPLEMENTED";
            findings.add(Effect::Wire, Aspect::Definition, Text::say(text));
        }
        findings.finish(&mut changes);
    }
    for ((old_name, old), (new_name, new)) in &packages.pairs {
        let mut findings = Findings::of(Element::Package, old_name, new_name);
        findings.name("module", &module(old), &module(new));
        if old.options != new.options {
            let text = "the custom options of its types changed";
            findings.add(Effect::Added, Aspect::Definition, Text::say(text));
        }
        findings.finish(&mut changes);
        services::compare(old, new, &types, &mut changes);
        types::compare(old, new, &types, &mut changes);
        resources::compare(old, new, &mut changes);
    }
    for (name, _) in &packages.added {
        Findings::added(Element::Package, name, "a new package").finish(&mut changes);
    }
    changes.sort_by(|a, b| (!a.breaks(), a.element, a.name()).cmp(&(!b.breaks(), b.element, b.name())));
    changes
}

fn module(package: &Package) -> String {
    if package.module.is_empty() { "the crate's root".to_owned() } else { package.module.join("::") }
}

/// Compares elements outside of packages.
fn items(old: &BTreeMap<String, String>, new: &BTreeMap<String, String>, changes: &mut Vec<SdkChange>) {
    for (name, was) in old {
        let mut findings = Findings::of(Element::Crate, name, name);
        match new.get(name) {
            Some(is) if is == was => {}
            Some(is) => findings.add(Effect::Source, Aspect::Definition, arrow("", was, is)),
            None => {
                findings.new = None;
                findings.add(Effect::Source, Aspect::Definition, Text::say("it is removed: ").with(was));
            }
        }
        findings.finish(changes);
    }
    for name in new.keys().filter(|name| !old.contains_key(*name)) {
        Findings::added(Element::Crate, name, "new in the crate").finish(changes);
    }
}
