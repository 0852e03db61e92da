//! What a comparison finds.

use crate::access::{Access, Caller, Relation};
use crate::text::Text;

/// What changed between two versions, most dangerous first in each list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Methods whose callers change, or that come or go.
    pub access: Vec<AccessChange>,
    /// Routes that come, go or change, and requests that reach another method.
    pub routes: Vec<RouteChange>,
    /// Methods that take or give other messages, or stream differently.
    pub calls: Vec<CallChange>,
    /// How many methods' routes were not compared, since a version does not state them.
    pub unbound: usize,
    /// What the generator would refuse in the old version.
    pub old_problems: Vec<String>,
    /// What the generator would refuse in the new version.
    pub new_problems: Vec<String>,
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

impl Report {
    /// Whether nothing changed that this crate looks at.
    pub fn is_empty(&self) -> bool {
        self.access.iter().all(|change| change.verdict == Verdict::Equivalent)
            && self.routes.is_empty()
            && self.calls.is_empty()
    }
}
