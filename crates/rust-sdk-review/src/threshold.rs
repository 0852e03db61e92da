//! Which findings make a review fail.

use std::collections::BTreeSet;
use std::str::FromStr;

use crate::access::Relation;
use crate::report::{AccessChange, Migration, OwnCheck, Report, RouteChange, RouteVerdict, Verdict};
use crate::sdk::SdkReport;

/// A class of findings. Each finding has at least one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Class {
    /// A method becomes public.
    Public,
    /// A rule lets in new callers.
    Widened,
    /// A rule locks callers out.
    Narrowed,
    /// A rule lets in new callers and locks others out.
    Incomparable,
    /// A method states access for the first time.
    Stated,
    /// A method no longer announces its own check. The rule lets in no new callers, but the method may.
    Custom,
    /// A method announces its own check. It can only let in fewer callers.
    CustomAdded,
    /// An unread option that looks like access changed.
    Unread,
    /// Another option changed.
    Options,
    /// A new method.
    Added,
    /// A method is removed.
    Removed,
    /// A route is removed or changed.
    Routes,
    /// A method has a new route, for the same callers.
    RoutesAdded,
    /// A route has other names of variables, or its requests reach another method with the same callers.
    RoutesRenamed,
    /// Requests reach a method with other callers.
    TakenOver,
    /// A method has other messages or streams differently.
    Calls,
    /// The generated crate breaks code or requests without a breaking version.
    Sdk,
    /// The generated crate changes without breaking anything.
    SdkAdded,
    /// The generator would reject the new version.
    Problems,
}

impl Class {
    const ALL: [Self; 19] = [
        Self::Public,
        Self::Widened,
        Self::Narrowed,
        Self::Incomparable,
        Self::Stated,
        Self::Custom,
        Self::CustomAdded,
        Self::Unread,
        Self::Options,
        Self::Added,
        Self::Removed,
        Self::Routes,
        Self::RoutesAdded,
        Self::RoutesRenamed,
        Self::TakenOver,
        Self::Calls,
        Self::Sdk,
        Self::SdkAdded,
        Self::Problems,
    ];
}

/// A class or group of classes that `--fail-on` takes.
#[derive(Clone, Copy, Debug)]
pub struct ClassGroup {
    /// The name.
    pub name: &'static str,
    /// The classes in it.
    pub classes: &'static [Class],
    /// What its findings mean.
    pub meaning: &'static str,
}

const fn group(name: &'static str, classes: &'static [Class], meaning: &'static str) -> ClassGroup {
    ClassGroup { name, classes, meaning }
}

/// Every class and group.
pub const CLASSES: &[ClassGroup] = {
    use Class::{
        Added, Calls, Custom, CustomAdded, Incomparable, Narrowed, Options, Problems, Public, Removed,
        Routes, RoutesAdded, RoutesRenamed, Sdk, SdkAdded, Stated, TakenOver, Unread, Widened,
    };
    &[
        group("public", &[Public], "a method becomes public, or a new method is public"),
        group("widened", &[Widened], "a rule lets in new callers"),
        group(
            "narrowed",
            &[Narrowed],
            "a rule locks callers out; the end of a migration counts until it is confirmed",
        ),
        group("incomparable", &[Incomparable], "a rule lets in some callers and locks out others"),
        group("stated", &[Stated], "a method states access for the first time"),
        group("custom", &[Custom], "a method no longer announces its own check"),
        group("custom-added", &[CustomAdded], "a method announces its own check"),
        group("unread", &[Unread], "an unread option that looks like access changed"),
        group("options", &[Options], "another custom option of a method changed"),
        group("added", &[Added], "a method is new"),
        group("removed", &[Removed], "a method is removed"),
        group("routes", &[Routes], "a route is removed, or its verb, path or body changed"),
        group("routes-added", &[RoutesAdded], "a method has a new route"),
        group(
            "routes-renamed",
            &[RoutesRenamed],
            "a route's variables are renamed, or it reaches another method with the same callers",
        ),
        group("taken-over", &[TakenOver], "requests reach another method, which has other callers"),
        group("calls", &[Calls], "a method has other messages or streams differently"),
        group("sdk", &[Sdk], "the generated crate breaks code or requests without a breaking version"),
        group("sdk-added", &[SdkAdded], "the generated crate changes without breaking anything"),
        group("problems", &[Problems], "the generator would reject the new version"),
        group("breaking", &[Narrowed, Incomparable, Removed, Routes, Calls], "a caller may fail"),
        group(
            "security",
            &[Public, Widened, Incomparable, Custom, Unread, TakenOver],
            "a new caller may be let in",
        ),
        group("all", &Class::ALL, "every class"),
        group("none", &[], "never"),
    ]
};

/// The classes of findings that make a review fail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FailOn(BTreeSet<Class>);

impl Default for FailOn {
    /// `breaking` and `security`.
    fn default() -> Self {
        Self(
            CLASSES
                .iter()
                .filter(|group| matches!(group.name, "breaking" | "security"))
                .flat_map(|group| group.classes)
                .copied()
                .collect(),
        )
    }
}

/// A name that is not the name of a class.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{}` is not a class of findings", crate::text::plain(.0))]
pub struct ClassError(String);

impl FromStr for FailOn {
    type Err = ClassError;

    /// Names, separated by commas.
    fn from_str(names: &str) -> Result<Self, ClassError> {
        let mut all = BTreeSet::new();
        for name in names.split(',').map(str::trim) {
            let found = CLASSES.iter().find(|group| group.name == name);
            let group = found.ok_or_else(|| ClassError(name.to_owned()))?;
            all.extend(group.classes.iter().copied());
        }
        Ok(Self(all))
    }
}

impl Report {
    /// The number of findings of these classes.
    pub fn count(&self, classes: &FailOn) -> usize {
        self.classes().filter(|found| found.iter().any(|class| classes.0.contains(class))).count()
    }

    /// Confirms that clients have moved, so that the end of this method's migration is no finding. Returns `false` if
    /// no migration of the method ends.
    pub fn confirm(&mut self, method: &str) -> bool {
        let completes = |migration| migration == Some(Migration::Completion);
        let mut found =
            self.access.iter_mut().filter(|change| change.method == method && completes(change.migration));
        found.next().map(|change| change.confirmed = true).is_some()
    }

    /// The classes of each finding.
    fn classes(&self) -> impl Iterator<Item = Vec<Class>> {
        let options = self
            .options
            .iter()
            .map(|change| vec![if change.looks_like_access { Class::Unread } else { Class::Options }]);
        // The routes that were not compared may have findings of both classes.
        let cut = self.routes_cut.then(|| vec![Class::Routes, Class::TakenOver]);
        let calls = self.calls.iter().map(|_| vec![Class::Calls]);
        let problems = self.new_problems.iter().map(|_| vec![Class::Problems]);
        self.access
            .iter()
            .map(AccessChange::classes)
            .chain(options)
            .chain(self.routes.iter().map(RouteChange::classes))
            .chain(cut)
            .chain(calls)
            .chain(self.sdk.iter().flat_map(SdkReport::classes))
            .chain(problems)
    }
}

impl AccessChange {
    fn classes(&self) -> Vec<Class> {
        let own = match self.verdict {
            Verdict::Equivalent => None,
            Verdict::Narrowed if self.confirmed => None,
            Verdict::Narrowed => Some(Class::Narrowed),
            Verdict::Widened => Some(Class::Widened),
            Verdict::Incomparable => Some(Class::Incomparable),
            Verdict::Added => Some(Class::Added),
            Verdict::Removed => Some(Class::Removed),
            Verdict::Stated => Some(Class::Stated),
        };
        let own_check = self.own_check.map(|check| match check {
            OwnCheck::Announced => Class::CustomAdded,
            OwnCheck::Dropped => Class::Custom,
        });
        let public = self.opens_to_public().then_some(Class::Public);
        own.into_iter().chain(own_check).chain(public).collect()
    }
}

impl SdkReport {
    /// A breaking change is no finding if the crate's new version allows it.
    fn classes(&self) -> impl Iterator<Item = Vec<Class>> {
        self.changes.iter().map(|change| match (change.breaks(), self.version.is_taken) {
            (true, true) => Vec::new(),
            (true, false) => vec![Class::Sdk],
            (false, _) => vec![Class::SdkAdded],
        })
    }
}

impl RouteChange {
    fn classes(&self) -> Vec<Class> {
        let other_callers = self.from.as_ref().is_some_and(|(_, relation)| *relation != Relation::Equivalent);
        let is_taken_over = self.verdict == RouteVerdict::TakenOver && other_callers;
        let mut classes = Vec::new();
        if self.breaking {
            classes.push(Class::Routes);
        }
        if is_taken_over {
            classes.push(Class::TakenOver);
        }
        if self.opens_to_public {
            classes.push(Class::Public);
        }
        match self.verdict {
            // The new method itself is a finding.
            RouteVerdict::Added if self.with_method => {}
            RouteVerdict::Added => classes.push(Class::RoutesAdded),
            _ if classes.is_empty() => classes.push(Class::RoutesRenamed),
            _ => {}
        }
        classes
    }
}

#[cfg(test)]
mod tests {
    use rust_sdk_model::text::error_chain;

    use super::*;

    #[test]
    fn a_chain_prints_each_fact_once() {
        let error = "breaking,worse".parse::<FailOn>().unwrap_err();
        assert_eq!(error_chain(&error), "`worse` is not a class of findings");
    }
}
