//! Breaking rules: who is let in, and by which routes, compared with an earlier version.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use rust_sdk_model::{Descriptors, Position};
use rust_sdk_review::access::{Access, Guard, Relation};
use rust_sdk_review::{AccessChange, RouteChange, RouteVerdict, Verdict};

use crate::context::{Comparison, Context};
use crate::rpc::Failure;
use crate::rules::Finding;

type Found = Result<Vec<Finding>, Failure>;

/// Callers are locked out.
pub(crate) fn access(context: &Context, rule: &'static str) -> Found {
    judged(context, rule, locks_out)
}

/// Callers are let in who were not.
pub(crate) fn widened(context: &Context, rule: &'static str) -> Found {
    let mut findings = judged(context, rule, |change| {
        // A new method is for a review where it is for everybody.
        matches!(change.verdict, Verdict::Widened | Verdict::Incomparable) || change.opens_to_public()
    })?;
    let lets_in =
        |route: &RouteChange| matches!(route.from, Some((_, Relation::Widened | Relation::Incomparable)));
    findings.extend(of_routes(context, rule, lets_in)?);
    Ok(findings)
}

/// What the Qdrant Cloud API's own check is about: callers are locked out, permissions are asked for where nothing was
/// stated, or are asked for no more.
pub(crate) fn permissions(context: &Context, rule: &'static str) -> Found {
    judged(context, rule, |change| locks_out(change) || states_first(change) || drops_permissions(change))
}

/// Methods and routes are gone, or take something else.
pub(crate) fn routes(context: &Context, rule: &'static str) -> Found {
    let mut findings = of_access(context, rule, |change| change.verdict == Verdict::Removed)?;
    findings.extend(of_routes(context, rule, |route| {
        // The whole route belongs to another method, which fewer of its callers may call.
        let locks_out = route.verdict == RouteVerdict::TakenOver
            && route.was.is_none()
            && matches!(route.from, Some((_, Relation::Narrowed | Relation::Incomparable)));
        (route.breaking || locks_out) && !route.with_method
    })?);
    Ok(findings)
}

fn locks_out(change: &AccessChange) -> bool {
    matches!(change.verdict, Verdict::Narrowed | Verdict::Incomparable)
}

/// Where nothing was stated, a server that does not go by the generated table may have let in anybody.
fn states_first(change: &AccessChange) -> bool {
    let (Some(old), Some(new)) = (&change.old, &change.new) else { return false };
    old.guard == Guard::Unstated && new.guard.permissions().next().is_some()
}

/// A permission is needed no more, and no other one instead of it.
fn drops_permissions(change: &AccessChange) -> bool {
    let (Some(old), Some(new)) = (&change.old, &change.new) else { return false };
    match (all_of(old), all_of(new)) {
        (Some(old), Some(new)) => new.is_subset(old) && new != old,
        _ => old.guard.permissions().next().is_some() && new.guard.permissions().next().is_none(),
    }
}

/// The permissions that are needed, where all of them are.
fn all_of(access: &Access) -> Option<&BTreeSet<String>> {
    match &access.guard {
        Guard::All(permissions) => Some(permissions),
        Guard::Any(permissions) if permissions.len() == 1 => Some(permissions),
        _ => None,
    }
}

/// Changes of access, and what is in their way: access that could not be read must not pass.
fn judged(context: &Context, rule: &'static str, wanted: impl Fn(&AccessChange) -> bool) -> Found {
    let mut findings = of_access(context, rule, wanted)?;
    findings.extend(context.misfits(rule)?);
    Ok(findings)
}

fn of_access(context: &Context, rule: &'static str, wanted: impl Fn(&AccessChange) -> bool) -> Found {
    let comparison = context.comparison()?;
    let changes = comparison.report.access.iter().filter(|change| wanted(change));
    let finding = |change: &AccessChange| {
        let verdict = match change.verdict {
            Verdict::Added | Verdict::Removed => String::new(),
            verdict => format!("access is {}: ", verdict.as_str()),
        };
        let mut message = format!("Method {:?}: {verdict}{}", change.method, join(&change.reasons));
        for (index, step) in change.safe_steps.iter().enumerate() {
            let _ = write!(message, "; {}{}. {step}", if index == 0 { "help: " } else { "" }, index + 1);
        }
        comparison.finding(rule, &change.method, message)
    };
    Ok(changes.map(finding).collect())
}

fn of_routes(context: &Context, rule: &'static str, wanted: impl Fn(&RouteChange) -> bool) -> Found {
    let comparison = context.comparison()?;
    let changes = comparison.report.routes.iter().filter(|change| wanted(change));
    let finding = |change: &RouteChange| {
        let what = match change.verdict {
            RouteVerdict::TakenOver => "takes over",
            RouteVerdict::Added => "has a new route",
            RouteVerdict::Removed => "has lost the route",
            RouteVerdict::Changed => "has changed the route",
        };
        let message =
            format!("Method {:?} {what} `{}`: {}", change.method, change.route, join(&change.reasons));
        comparison.finding(rule, &change.method, message)
    };
    Ok(changes.map(finding).collect())
}

fn join(reasons: &[impl ToString]) -> String {
    reasons.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}

impl Comparison {
    fn finding(&self, rule: &'static str, method: &str, message: String) -> Finding {
        let against = place(&self.old, method);
        let at = place(&self.new, method).or_else(|| self.where_it_was(against.as_ref()?, method));
        Finding { at, rule, message, against }
    }

    /// The service or the file that a method is gone from.
    fn where_it_was(&self, was: &Position, method: &str) -> Option<Position> {
        let service = method.rsplit_once('/').map(|(service, _)| service);
        let service = service.and_then(|name| self.new.pool().get_service_by_name(name));
        if let Some(service) = service {
            return Some(self.new.position(&service.parent_file(), service.path()));
        }
        let file = self.new.pool().get_file_by_name(&was.file)?;
        Some(self.new.position(&file, &[]))
    }
}

/// The place of `package.Service/Method`.
fn place(descriptors: &Descriptors, method: &str) -> Option<Position> {
    let (service, name) = method.rsplit_once('/')?;
    let service = descriptors.pool().get_service_by_name(service)?;
    let method = service.methods().find(|method| method.name() == name)?;
    Some(descriptors.position(&service.parent_file(), method.path()))
}
