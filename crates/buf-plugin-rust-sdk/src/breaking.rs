//! Breaking rules: access, routes and the generated crate, compared with an earlier version.

pub(crate) mod sdk;

use std::collections::BTreeSet;
use std::fmt::Write as _;

use rust_sdk_model::{Code, Descriptors, Position};
use rust_sdk_review::access::{Access, Guard, Relation};
use rust_sdk_review::{AccessChange, OwnCheck, RouteChange, RouteVerdict, Verdict};

use crate::context::{Comparison, Context};
use crate::error::CallError;
use crate::finding::{ACCESS_BREAKING, ACCESS_PUBLIC, ACCESS_WIDENED, Finding, PERMISSIONS_BREAKING};

type Found = Result<Vec<Finding>, CallError>;

/// Reports changes that lock callers out.
pub(crate) fn access(context: &Context, rule: &'static str) -> Found {
    judged(context, rule, locks_out)
}

/// Reports methods that become public, and methods that may: an option that looks like access but is not read changed.
pub(crate) fn public(context: &Context, rule: &'static str) -> Found {
    let mut findings = judged(context, rule, AccessChange::opens_to_public)?;
    findings.extend(of_routes(context, rule, |route| route.opens_to_public)?);
    let comparison = context.comparison()?;
    let unread = comparison.report.options.iter().filter(|change| change.looks_like_access);
    findings.extend(unread.map(|change| {
        let value = |value: &Option<String>| match value {
            Some(value) => format!("{value:?}"),
            None => "not set".to_owned(),
        };
        let message = format!(
            "Method {:?}: the option `{}` looks like access but is not read, and it changed: {} → {}",
            change.method,
            change.option,
            value(&change.old),
            value(&change.new)
        );
        comparison.finding(rule, &change.method, message)
    }));
    Ok(findings)
}

/// Reports changes that let in, or may let in, new callers.
pub(crate) fn widened(context: &Context, rule: &'static str) -> Found {
    // If the rule about public methods is requested, it alone reports a method that becomes public.
    let is_reported = |opens: bool| opens && context.asks_for(ACCESS_PUBLIC);
    let mut findings = judged(context, rule, |change| {
        let lets_in = matches!(change.verdict, Verdict::Widened | Verdict::Incomparable)
            || change.own_check == Some(OwnCheck::Dropped)
            // A new method needs a review if it is public.
            || change.opens_to_public();
        lets_in && !is_reported(change.opens_to_public())
    })?;
    findings.extend(of_routes(context, rule, |route| {
        let lets_in = matches!(route.from, Some((_, Relation::Widened | Relation::Incomparable)));
        lets_in && !is_reported(route.opens_to_public)
    })?);
    Ok(findings)
}

/// The check of the Qdrant Cloud API: reports changes that lock callers out, state permissions for the first time or
/// drop permissions, unless another requested rule reports the change.
pub(crate) fn permissions(context: &Context, rule: &'static str) -> Found {
    judged(context, rule, |change| {
        let lets_in = matches!(change.verdict, Verdict::Widened | Verdict::Incomparable);
        let is_reported = (locks_out(change) && context.asks_for(ACCESS_BREAKING))
            || (change.opens_to_public() && context.asks_for(ACCESS_PUBLIC))
            || (lets_in && context.asks_for(ACCESS_WIDENED));
        (locks_out(change) || states_first(change) || drops_permissions(change)) && !is_reported
    })
}

/// Reports removed methods, and changes of routes that break clients or lead to a method with fewer callers.
pub(crate) fn routes(context: &Context, rule: &'static str) -> Found {
    let mut findings = of_access(context, rule, |change| change.verdict == Verdict::Removed)?;
    findings.extend(of_routes(context, rule, |route| {
        // Another method has the whole route now, and fewer callers may call it.
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

/// Without a stated rule, a server that does not use the generated table may have let in anybody.
fn states_first(change: &AccessChange) -> bool {
    let was_unstated = match &change.old {
        Some(old) => old.guard == Guard::Unstated,
        None => change.verdict == Verdict::Stated,
    };
    was_unstated && change.new.as_ref().is_some_and(|new| new.guard.permissions().next().is_some())
}

/// A permission is no longer required, and no other one replaces it.
fn drops_permissions(change: &AccessChange) -> bool {
    let (Some(old), Some(new)) = (&change.old, &change.new) else { return false };
    match (all_of(old), all_of(new)) {
        (Some(old), Some(new)) => new.is_subset(old) && new != old,
        _ => old.guard.permissions().next().is_some() && new.guard.permissions().next().is_none(),
    }
}

/// The required permissions, if all of them are required.
fn all_of(access: &Access) -> Option<&BTreeSet<String>> {
    match &access.guard {
        Guard::All(permissions) => Some(permissions),
        Guard::Any(permissions) if permissions.len() == 1 => Some(permissions),
        _ => None,
    }
}

/// The rules about access. The first requested rule reports access that could not be read.
const ABOUT_ACCESS: [&str; 4] = [ACCESS_BREAKING, ACCESS_PUBLIC, ACCESS_WIDENED, PERMISSIONS_BREAKING];

/// Changes of access. Access that could not be read is reported, too, since silence would mean "no change".
fn judged(context: &Context, rule: &'static str, wanted: impl Fn(&AccessChange) -> bool) -> Found {
    let mut findings = of_access(context, rule, wanted)?;
    if ABOUT_ACCESS.into_iter().find(|other| context.asks_for(other)).is_none_or(|first| first == rule) {
        findings.extend(unread(context, rule)?);
    }
    Ok(findings)
}

/// Access that could not be read.
fn unread(context: &Context, rule: &'static str) -> Found {
    let mut findings = context.undeclared(rule)?;
    let comparison = context.comparison()?;
    let what = "the access of this service in the earlier version";
    findings.extend(context.at_services(rule, what, &comparison.base_undeclared)?);
    if let Some(why) = comparison.report.why_unread() {
        let warning = context.problems().find(|problem| problem.code == Code::AccessUnread);
        let at = warning.and_then(|problem| problem.position.clone());
        let at = at.or_else(|| context.services().ok()?.into_iter().next());
        findings.push(Finding { at, rule, message: why.to_string(), against: None });
    }
    Ok(findings)
}

fn of_access(context: &Context, rule: &'static str, wanted: impl Fn(&AccessChange) -> bool) -> Found {
    let comparison = context.comparison()?;
    let changes = comparison.report.access.iter().filter(|change| wanted(change));
    let finding = |change: &AccessChange| {
        let verdict = match change.verdict {
            Verdict::Added | Verdict::Removed => String::new(),
            Verdict::Stated => "access is stated for the first time: ".to_owned(),
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
            RouteVerdict::Removed => "no longer has the route",
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
        let against = position(&self.old, method);
        let at = position(&self.new, method).or_else(|| self.former_parent(against.as_ref()?, method));
        Finding { at, rule, message, against }
    }

    /// The service or the file that a method was removed from.
    fn former_parent(&self, was: &Position, method: &str) -> Option<Position> {
        let service = method.rsplit_once('/').map(|(service, _)| service);
        let service = service.and_then(|name| self.new.pool().get_service_by_name(name));
        if let Some(service) = service {
            return Some(self.new.position(&service.parent_file(), service.path()));
        }
        let file = self.new.pool().get_file_by_name(&was.file)?;
        Some(self.new.position(&file, &[]))
    }
}

/// The position of `package.Service/Method`.
fn position(descriptors: &Descriptors, method: &str) -> Option<Position> {
    let (service, name) = method.rsplit_once('/')?;
    let service = descriptors.pool().get_service_by_name(service)?;
    let method = service.methods().find(|method| method.name() == name)?;
    Some(descriptors.position(&service.parent_file(), method.path()))
}
