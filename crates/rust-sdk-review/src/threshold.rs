//! What makes a review fail.

use std::collections::BTreeSet;
use std::str::FromStr;

use crate::access::Relation;
use crate::report::{AccessChange, Migration, OwnCheck, Report, RouteChange, RouteVerdict, Verdict};
use crate::sdk::SdkReport;

/// A class of findings. Whatever a report tells of is in at least one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    /// A method that anybody may call now.
    Public,
    /// Callers are let in.
    Widened,
    /// Callers are locked out.
    Narrowed,
    /// Both.
    Incomparable,
    /// A method states access, in an API that stated none.
    Stated,
    /// The method's own check is announced no more: nobody else is let in by the rule, but perhaps by the method.
    Custom,
    /// The method's own check is announced: it can only let in fewer callers.
    CustomAdded,
    /// An option that looks like access changed, and is not read.
    Unread,
    /// Another option changed.
    Options,
    /// A new method.
    Added,
    /// A method is gone.
    Removed,
    /// A route is gone or changed.
    Routes,
    /// A route is new: a method can be reached in another way, by the same callers.
    RoutesAdded,
    /// A route's variables have other names, or its requests reach another method with the same callers.
    RoutesRenamed,
    /// Requests reach a method with other callers.
    TakenOver,
    /// A method has other messages or streams differently.
    Calls,
    /// Something in the generated crate breaks code or requests, and its version does not say so.
    Sdk,
    /// Something is new in the generated crate, or works differently without breaking anything.
    SdkAdded,
    /// The generator would refuse the new version.
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

/// Each class and group by its name, what is in it, and what that means.
pub const CLASSES: &[(&str, &[Class], &str)] = {
    use Class::{
        Added, Calls, Custom, CustomAdded, Incomparable, Narrowed, Options, Problems, Public, Removed,
        Routes, RoutesAdded, RoutesRenamed, Sdk, SdkAdded, Stated, TakenOver, Unread, Widened,
    };
    &[
        ("public", &[Public], "anybody may call a method that asked for authentication, or that is new"),
        ("widened", &[Widened], "callers are let in that were not"),
        ("narrowed", &[Narrowed], "callers are locked out; a planned completion until it is confirmed"),
        ("incomparable", &[Incomparable], "callers are let in, and others locked out"),
        ("stated", &[Stated], "a method states access, in an API that stated none"),
        ("custom", &[Custom], "a method's own check is announced no more"),
        ("custom-added", &[CustomAdded], "a method's own check is announced"),
        ("unread", &[Unread], "an option that looks like access changed, and is not read as access"),
        ("options", &[Options], "another custom option of a method changed"),
        ("added", &[Added], "a method is new"),
        ("removed", &[Removed], "a method is gone"),
        ("routes", &[Routes], "a route is gone, or its verb, path or body changed"),
        ("routes-added", &[RoutesAdded], "a method has one more route"),
        ("routes-renamed", &[RoutesRenamed], "a route names its variables or its method differently"),
        ("taken-over", &[TakenOver], "requests reach another method than before, with other callers"),
        ("calls", &[Calls], "a method has other messages, or streams differently"),
        ("sdk", &[Sdk], "the generated crate breaks code or requests, and its version is no breaking one"),
        (
            "sdk-added",
            &[SdkAdded],
            "something is new or works differently in the generated crate, and nothing breaks",
        ),
        ("problems", &[Problems], "the generator would reject the new version"),
        ("breaking", &[Narrowed, Incomparable, Removed, Routes, Calls], "a caller may fail"),
        ("security", &[Public, Widened, Incomparable, Custom, Unread, TakenOver], "somebody may be let in"),
        ("all", &Class::ALL, "every one of them"),
        ("none", &[], "never"),
    ]
};

/// The classes of findings that make a review fail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FailOn(BTreeSet<Class>);

impl Default for FailOn {
    /// What breaks a caller, and what lets somebody in.
    fn default() -> Self {
        Self(
            CLASSES
                .iter()
                .filter(|(name, ..)| matches!(*name, "breaking" | "security"))
                .flat_map(|(_, classes, _)| *classes)
                .copied()
                .collect(),
        )
    }
}

/// The name of no class.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{}` is no class of findings", crate::text::plain(.0))]
pub struct UnknownClass(String);

impl FromStr for FailOn {
    type Err = UnknownClass;

    /// Names, separated by commas.
    fn from_str(names: &str) -> Result<Self, UnknownClass> {
        let mut all = BTreeSet::new();
        for name in names.split(',').map(str::trim) {
            let found = CLASSES.iter().find(|(known, ..)| *known == name);
            let (_, classes, _) = found.ok_or_else(|| UnknownClass(name.to_owned()))?;
            all.extend(classes.iter().copied());
        }
        Ok(Self(all))
    }
}

impl Report {
    /// How many findings are of these classes.
    pub fn count(&self, classes: &FailOn) -> usize {
        self.classes().filter(|found| found.iter().any(|class| classes.0.contains(class))).count()
    }

    /// Confirms that clients have moved, so that the completion of a migration of this method is no finding. `false` where
    /// the report has none.
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
        // Whatever is among them may be such.
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
    /// What breaks is approved by a version that says so.
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
            // With its method, it is told of there.
            RouteVerdict::Added if self.with_method => {}
            RouteVerdict::Added => classes.push(Class::RoutesAdded),
            _ if classes.is_empty() => classes.push(Class::RoutesRenamed),
            _ => {}
        }
        classes
    }
}
