//! What a change breaks in the generated crate, and what it breaks for those who use the crate of the other version.

mod fields;
mod pairs;
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

/// What changed in the generated crate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SdkReport {
    /// By what they are about: the crate, packages, services, methods, messages, fields, enums, values.
    pub changes: Vec<SdkChange>,
    /// The version that follows.
    pub version: NextVersion,
}

/// The changes of one element.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SdkChange {
    /// What it is.
    pub element: Element,
    /// Its full name in the old version; of a new element, in the new one. A method is `package.Service/Method`.
    pub old: Option<String>,
    /// Its full name in the new version; `None` for what is gone.
    pub new: Option<String>,
    /// What changed and what that means.
    pub reasons: Vec<Reason>,
}

/// What a change is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Element {
    /// The crate: its name, its features, constants that belong to no package.
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
}

/// One thing that changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// What it breaks, if anything.
    pub effect: Effect,
    /// What it is about.
    pub aspect: Aspect,
    /// In words.
    pub text: Text,
}

/// What a change breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Effect {
    /// Code that uses the crate: it does not compile, or does something else.
    Source,
    /// What is sent between a client of one version and a server of the other: requests are rejected, values lost or misread.
    Wire,
    /// Nothing: something is new, or works differently without breaking anything.
    Added,
}

/// What a change is about, as far as checks tell them apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Aspect {
    /// A field must be set that need not be set before.
    Required,
    /// The parameters of a function, or which functions there are.
    Signature,
    /// A Rust name that changes though the name in the file does not.
    Name,
    /// Anything else, which shows in the files.
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

    /// The name that readers know it by.
    pub fn name(&self) -> &str {
        self.old.as_ref().or(self.new.as_ref()).map_or("", String::as_str)
    }
}

/// Collects what there is to say of one element.
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

    /// A Rust name that is another one: by itself, or since the element has another name in the file.
    fn name(&mut self, what: &str, old: &str, new: &str) {
        if old != new {
            let aspect = if self.old == self.new { Aspect::Name } else { Aspect::Definition };
            self.add(Effect::Source, aspect, arrow(format!("its {what}: "), old, new));
        }
    }

    /// Names that are others or gone. New ones are no news by themselves.
    fn names(&mut self, old: &[(&'static str, String)], new: &[(&'static str, String)], gone: Aspect) {
        for (what, name) in old {
            match new.iter().find(|(other, _)| other == what) {
                Some((_, other)) => self.name(what, name, other),
                None => {
                    let text = Text::say(format!("its {what} is gone: ")).with(name);
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

/// Compares what two versions generate.
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
        let text = "the package is gone, with all that is in it";
        findings.add(Effect::Source, Aspect::Definition, Text::say(text));
        if !package.services.is_empty() {
            let text = "gRPC calls of its services are unimplemented";
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

/// What belongs to no package.
fn items(old: &BTreeMap<String, String>, new: &BTreeMap<String, String>, changes: &mut Vec<SdkChange>) {
    for (name, was) in old {
        let mut findings = Findings::of(Element::Crate, name, name);
        match new.get(name) {
            Some(is) if is == was => {}
            Some(is) => findings.add(Effect::Source, Aspect::Definition, arrow("", was, is)),
            None => {
                findings.new = None;
                findings.add(Effect::Source, Aspect::Definition, Text::say("it is gone: ").with(was));
            }
        }
        findings.finish(changes);
    }
    for name in new.keys().filter(|name| !old.contains_key(*name)) {
        Findings::added(Element::Crate, name, "new in the crate").finish(changes);
    }
}
