//! What makes a review fail.

use std::collections::BTreeSet;
use std::str::FromStr;

use crate::access::Relation;
use crate::report::{Migration, Report, RouteVerdict, Verdict};

/// A class of findings.
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
    /// A new method.
    Added,
    /// A method is gone.
    Removed,
    /// A route is gone or changed.
    Routes,
    /// Requests reach a method with other callers.
    TakenOver,
    /// A method has other messages or streams differently.
    Calls,
    /// The generator would refuse the new version.
    Problems,
}

/// Each class and group by its name, what is in it, and what that means.
pub const CLASSES: &[(&str, &[Class], &str)] = {
    use Class::{
        Added, Calls, Incomparable, Narrowed, Problems, Public, Removed, Routes, TakenOver, Widened,
    };
    &[
        ("public", &[Public], "anybody may call a method that asked for authentication, or that is new"),
        ("widened", &[Widened], "callers are let in that were not"),
        ("narrowed", &[Narrowed], "callers are locked out; a planned completion until it is confirmed"),
        ("incomparable", &[Incomparable], "callers are let in, and others locked out"),
        ("added", &[Added], "a method is new"),
        ("removed", &[Removed], "a method is gone"),
        ("routes", &[Routes], "a route is gone, or its verb, path or body changed"),
        ("taken-over", &[TakenOver], "requests reach another method than before, with other callers"),
        ("calls", &[Calls], "a method has other messages, or streams differently"),
        ("problems", &[Problems], "the generator would refuse the new version"),
        ("breaking", &[Narrowed, Incomparable, Removed, Routes, Calls], "a caller may fail"),
        ("security", &[Public, Widened, Incomparable, TakenOver], "somebody may be let in"),
        (
            "all",
            &[Public, Widened, Narrowed, Incomparable, Added, Removed, Routes, TakenOver, Calls, Problems],
            "every one of them",
        ),
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
        let access = self.access.iter().map(|change| {
            let own = match change.verdict {
                Verdict::Equivalent => None,
                Verdict::Narrowed if change.confirmed => None,
                Verdict::Narrowed => Some(Class::Narrowed),
                Verdict::Widened => Some(Class::Widened),
                Verdict::Incomparable => Some(Class::Incomparable),
                Verdict::Added => Some(Class::Added),
                Verdict::Removed => Some(Class::Removed),
            };
            own.into_iter().chain(change.opens_to_public().then_some(Class::Public)).collect()
        });
        let routes = self.routes.iter().map(|change| {
            let other_callers =
                change.from.as_ref().is_some_and(|(_, relation)| *relation != Relation::Equivalent);
            let taken_over = change.verdict == RouteVerdict::TakenOver && other_callers;
            let classes = [(change.breaking, Class::Routes), (taken_over, Class::TakenOver)];
            classes.into_iter().filter(|(is, _)| *is).map(|(_, class)| class).collect()
        });
        let calls = self.calls.iter().map(|_| vec![Class::Calls]);
        let problems = self.new_problems.iter().map(|_| vec![Class::Problems]);
        access.chain(routes).chain(calls).chain(problems)
    }
}
