//! The results of a comparison.

use crate::access::{Access, Caller, Relation};
use crate::sdk::SdkReport;
use crate::snapshot::{Binding, UnreadOption};
use crate::text::Text;

/// The changes between two versions, most dangerous first in each list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Report {
    /// Whether the rules of the two versions were compared.
    pub compared: AccessComparison,
    /// Methods whose callers change, new methods and removed methods.
    pub access: Vec<AccessChange>,
    /// Unread options with another value.
    pub options: Vec<OptionChange>,
    /// New, removed and changed routes, and requests that reach another method.
    pub routes: Vec<RouteChange>,
    /// Whether so many routes overlap that not all of them were compared. That is a finding.
    pub routes_cut: bool,
    /// Methods with other messages or another kind of streaming.
    pub calls: Vec<CallChange>,
    /// The number of methods whose routes were not compared, since a version does not state them.
    pub unbound: usize,
    /// The changes of the generated crate; `None` if it was not compared.
    pub sdk: Option<SdkReport>,
    /// Notes on how the versions were read.
    pub notes: Vec<Text>,
    /// The generator's errors in the old version.
    pub old_problems: Vec<String>,
    /// The generator's errors in the new version.
    pub new_problems: Vec<String>,
}

/// Whether the rules of two versions were compared.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum AccessComparison {
    /// The rules were compared.
    #[default]
    Made,
    /// The old version states no rules, so the new rules are compared with nothing.
    Introduced,
    /// Neither version states rules.
    NothingStated,
    /// Access is off (`access=off`).
    Off,
    /// The rules could not be compared: a version has options that may state access, but none is read as access.
    Unread {
        /// The options of the old version.
        old: Vec<UnreadOption>,
        /// The options of the new version.
        new: Vec<UnreadOption>,
    },
}

/// The change of an option that may state access but is not read.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct OptionChange {
    /// `package.Service/Method`.
    pub method: String,
    /// The option's full name and, after a `#`, the path to a field.
    pub option: String,
    /// The value before; `None` if it was not set.
    pub old: Option<String>,
    /// The value now; `None` if it is not set.
    pub new: Option<String>,
    /// Whether the option's name is about access.
    pub looks_like_access: bool,
}

/// How the callers of a method change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// The same callers.
    Equivalent,
    /// New callers are let in: for a security review.
    Widened,
    /// Callers are locked out: breaking.
    Narrowed,
    /// New callers are let in, and others are locked out: breaking, and for a security review.
    Incomparable,
    /// The method is new.
    Added,
    /// The method is removed: breaking.
    Removed,
    /// The method states access for the first time, in an API that stated none.
    Stated,
}

/// The change of a method's own check: code of the method that decides after the rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OwnCheck {
    /// The method announces its own check, which it did not before.
    Announced,
    /// The method no longer announces its own check: for a security review.
    Dropped,
}

/// The change of one method's access.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct AccessChange {
    /// `package.Service/Method`.
    pub method: String,
    /// What the change means.
    pub verdict: Verdict,
    /// The rule before; `None` for a new method.
    pub old: Option<Access>,
    /// The rule now; `None` for a removed method.
    pub new: Option<Access>,
    /// A caller that is newly let in.
    pub let_in: Option<Caller>,
    /// A caller that is now locked out.
    pub locked_out: Option<Caller>,
    /// The change of the method's own check, if any.
    pub own_check: Option<OwnCheck>,
    /// The step of a migration from one permission to another, if it is one.
    pub migration: Option<Migration>,
    /// Whether a person confirmed that clients have moved, so that the migration may end ([`Report::confirm`]).
    pub confirmed: bool,
    /// The changes and the affected callers, in words.
    pub reasons: Vec<Text>,
    /// Steps that reach the same rule without locking anybody out; empty if nobody is locked out, or if there are none.
    pub safe_steps: Vec<Text>,
}

/// A step of the documented migration from permission X to Y: X → any of X and Y → clients move → Y.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Migration {
    /// Another permission is enough, too: no caller is locked out.
    Start,
    /// Some permissions are no longer enough. Nobody is locked out once clients have moved, which a person must confirm.
    Completion,
}

/// The kind of a route's change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RouteVerdict {
    /// New paths are served.
    Added,
    /// Paths are no longer served: breaking.
    Removed,
    /// The verb, the path or the position of the message's parts changes.
    Changed,
    /// Requests that reached one method now reach another.
    TakenOver,
}

/// The change of one route.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RouteChange {
    /// The method; for a route that is taken over, the method that is reached now.
    pub method: String,
    /// The kind of the change.
    pub verdict: RouteVerdict,
    /// The route now, or the removed route: verb and template.
    pub route: String,
    /// The route before, if it differs.
    pub was: Option<String>,
    /// For a route that is taken over: the method that was reached before, and how the callers of the two methods relate.
    pub from: Option<(String, Relation)>,
    /// Whether a client of the old version gets another response, or none.
    pub breaking: bool,
    /// Whether its requests required authentication and now reach a public method.
    pub opens_to_public: bool,
    /// Whether the route is added or removed together with its method, which the report lists, too.
    pub with_method: bool,
    /// The changes in words.
    pub reasons: Vec<Text>,
}

/// A method with other messages.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CallChange {
    /// `package.Service/Method`.
    pub method: String,
    /// The changes in words.
    pub reasons: Vec<Text>,
}

impl Verdict {
    /// The name in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Equivalent => "equivalent",
            Self::Widened => "widened",
            Self::Narrowed => "narrowed",
            Self::Incomparable => "incomparable",
            Self::Added => "added",
            Self::Removed => "removed",
            Self::Stated => "stated",
        }
    }
}

impl From<Relation> for Verdict {
    fn from(relation: Relation) -> Self {
        match relation {
            Relation::Equivalent => Self::Equivalent,
            Relation::Widened => Self::Widened,
            Relation::Narrowed => Self::Narrowed,
            Relation::Incomparable => Self::Incomparable,
        }
    }
}

impl RouteVerdict {
    /// The name in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Removed => "removed",
            Self::Changed => "changed",
            Self::TakenOver => "taken-over",
        }
    }
}

impl RouteChange {
    /// A change without reasons.
    pub(crate) fn new(method: &str, verdict: RouteVerdict, binding: &Binding) -> Self {
        Self {
            method: method.to_owned(),
            verdict,
            route: binding.to_string(),
            was: None,
            from: None,
            breaking: false,
            opens_to_public: false,
            with_method: false,
            reasons: Vec::new(),
        }
    }

    /// Drops the statements about callers, which are unknown without rules.
    pub(crate) fn forget_callers(&mut self) {
        if let Some((_, relation)) = &mut self.from {
            *relation = Relation::Equivalent;
        }
        self.opens_to_public = false;
    }

    /// The rank in a report, most dangerous first.
    pub(crate) fn danger(&self) -> u8 {
        match (self.verdict, self.from.as_ref().map(|(_, relation)| *relation)) {
            (RouteVerdict::TakenOver, Some(Relation::Widened | Relation::Incomparable)) => 0,
            (RouteVerdict::TakenOver, Some(Relation::Narrowed)) => 1,
            (RouteVerdict::Removed, _) if !self.with_method => 2,
            _ if self.breaking => 3,
            (RouteVerdict::TakenOver, _) => 4,
            (RouteVerdict::Changed, _) => 5,
            (RouteVerdict::Added | RouteVerdict::Removed, _) => 6,
        }
    }
}

impl Report {
    /// Whether nothing changed, as far as this crate compares.
    pub fn is_empty(&self) -> bool {
        self.access.is_empty()
            && self.options.is_empty()
            && self.routes.is_empty()
            && !self.routes_cut
            && self.calls.is_empty()
            && self.sdk.as_ref().is_none_or(|sdk| sdk.changes.is_empty())
    }
}
