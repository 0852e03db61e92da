//! What a comparison finds.

use crate::access::{Access, Caller, Relation};
use crate::sdk::SdkReport;
use crate::snapshot::{Binding, UnreadOption};
use crate::text::Text;

/// What changed between two versions, most dangerous first in each list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Whether the rules of the two versions were compared.
    pub compared: AccessComparison,
    /// Methods whose callers change, or that come or go.
    pub access: Vec<AccessChange>,
    /// Options that are not read as access, and that say something else now.
    pub options: Vec<OptionChange>,
    /// Routes that come, go or change, and requests that reach another method.
    pub routes: Vec<RouteChange>,
    /// Whether so many routes take each other's paths that not all of them were compared, which is a finding.
    pub routes_cut: bool,
    /// Methods that take or give other messages, or stream differently.
    pub calls: Vec<CallChange>,
    /// How many methods' routes were not compared, since a version does not state them.
    pub unbound: usize,
    /// What changed in the generated crate; `None` where that was not compared.
    pub sdk: Option<SdkReport>,
    /// What a reader must know of how the versions were read.
    pub notes: Vec<Text>,
    /// What the generator would refuse in the old version.
    pub old_problems: Vec<String>,
    /// What the generator would refuse in the new version.
    pub new_problems: Vec<String>,
}

/// Whether the rules of two versions were compared.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum AccessComparison {
    /// They were.
    #[default]
    Made,
    /// The old version states none, so those of the new one are compared with nothing.
    Introduced,
    /// Neither version states any.
    NothingStated,
    /// They were not asked for (`access=off`).
    Off,
    /// They could not be: a version has options that may state access, and none of them is read as access.
    Unread {
        /// The options of the old version.
        old: Vec<UnreadOption>,
        /// The options of the new version.
        new: Vec<UnreadOption>,
    },
}

/// An option that may be about access, and is not read as access.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OptionChange {
    /// `package.Service/Method`.
    pub method: String,
    /// The option's full name, and behind a `#` the path to a field.
    pub option: String,
    /// The value before; `None` where it was not set.
    pub old: Option<String>,
    /// The value now; `None` where it is not set.
    pub new: Option<String>,
    /// Whether the option's name is about access.
    pub looks_like_access: bool,
}

/// How the callers of a method change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// The same callers.
    Equivalent,
    /// Callers are let in that were not: for a security review.
    Widened,
    /// Callers are locked out: breaking.
    Narrowed,
    /// Callers are let in, and others locked out: breaking, and for a security review.
    Incomparable,
    /// The method is new.
    Added,
    /// The method is gone: breaking.
    Removed,
    /// The method states who may call it, in an API that stated nothing before.
    Stated,
}

/// Whether a method's own code decides besides its rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OwnCheck {
    /// It does now, and did not.
    Announced,
    /// It did, and is not said to any more: for a security review.
    Dropped,
}

/// The access of one method. Without a change in what it says it is not in the report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessChange {
    /// `package.Service/Method`.
    pub method: String,
    /// What the change means.
    pub verdict: Verdict,
    /// The rule before; `None` for a new method.
    pub old: Option<Access>,
    /// The rule now; `None` for a method that is gone.
    pub new: Option<Access>,
    /// Somebody who is let in now and was not.
    pub let_in: Option<Caller>,
    /// Somebody who was let in and is not now.
    pub locked_out: Option<Caller>,
    /// Whether the method's own code is said to decide besides, where that changes.
    pub own_check: Option<OwnCheck>,
    /// Which step it is on the way from one permission to another.
    pub migration: Option<Migration>,
    /// Whether somebody says that clients have moved, so that the migration may end ([`Report::confirm`]).
    pub confirmed: bool,
    /// What changed and for whom, in words.
    pub reasons: Vec<Text>,
    /// How to get there without locking anybody out, step by step; empty where nobody is, or where there is no such way.
    pub safe_steps: Vec<Text>,
}

/// A step of the documented migration from permission X to Y: X → any of X and Y → clients move → Y.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Migration {
    /// Another permission is enough as well: no caller is locked out.
    Start,
    /// Some of several permissions that were each enough are no longer: fine once clients have moved, which a person must
    /// confirm.
    Completion,
}

/// What happens to a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RouteVerdict {
    /// Paths are served that were not.
    Added,
    /// Paths are served no more: breaking.
    Removed,
    /// The verb, the path or where the message goes is another one.
    Changed,
    /// Requests that reached one method reach another one now.
    TakenOver,
}

/// One route.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RouteChange {
    /// The method: of a route that is taken over, the one that is reached now.
    pub method: String,
    /// What happens.
    pub verdict: RouteVerdict,
    /// The route now, or the one that is gone: verb and template.
    pub route: String,
    /// The route before, where it is another one.
    pub was: Option<String>,
    /// For a route that is taken over: the method that was reached before, and how the callers of the two relate.
    pub from: Option<(String, Relation)>,
    /// Whether a client of the old version is answered differently or not at all.
    pub breaking: bool,
    /// Whether its requests asked for authentication, and reach a method now that does not.
    pub opens_to_public: bool,
    /// Whether it comes or goes with its method, which the report has as well.
    pub with_method: bool,
    /// What changed, in words.
    pub reasons: Vec<Text>,
}

/// A method's messages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallChange {
    /// `package.Service/Method`.
    pub method: String,
    /// What changed, in words.
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

    /// Drops what is said about callers: without rules, that is unknown.
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
    /// Whether nothing changed that this crate looks at.
    pub fn is_empty(&self) -> bool {
        self.access.is_empty()
            && self.options.is_empty()
            && self.routes.is_empty()
            && !self.routes_cut
            && self.calls.is_empty()
            && self.sdk.as_ref().is_none_or(|sdk| sdk.changes.is_empty())
    }
}
