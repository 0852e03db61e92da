//! The headline of a report, and what was not compared.

use std::collections::BTreeSet;

use crate::report::{AccessChange, AccessComparison, OwnCheck, Report, RouteChange, RouteVerdict, Verdict};
use crate::sdk::NextVersion;
use crate::snapshot::UnreadOption;
use crate::text::Text;

/// The changes, most dangerous first; without changes, what was compared.
pub(super) fn headline(report: &Report) -> String {
    let parts = parts(report);
    if parts.is_empty() { format!("no change in {}", compared(report)) } else { parts.join(", ") }
}

/// Whether the headline says that nothing changed.
pub(super) fn is_silent(report: &Report) -> bool {
    parts(report).is_empty()
}

/// What was compared, as a list.
fn compared(report: &Report) -> String {
    let is_access_compared = matches!(report.compared, AccessComparison::Made | AccessComparison::Introduced);
    let all = [
        (is_access_compared, "access"),
        (report.unbound == 0, "routes"),
        (true, "calls"),
        (report.sdk.is_some(), "the SDK"),
    ];
    let names: Vec<&str> = all.into_iter().filter(|(is, _)| *is).map(|(_, name)| name).collect();
    match names.split_last() {
        Some((last, [])) => (*last).to_owned(),
        Some((last, others)) => format!("{} or {last}", others.join(", ")),
        None => String::new(),
    }
}

fn parts(report: &Report) -> Vec<String> {
    let access = |test: &dyn Fn(&AccessChange) -> bool| {
        report.access.iter().filter(|change| !change.opens_to_public() && test(change)).count()
    };
    let of = |verdict: Verdict| access(&|change| change.verdict == verdict);
    let same_but = |check: OwnCheck| {
        access(&|change| change.verdict == Verdict::Equivalent && change.own_check == Some(check))
    };
    let routes = |test: fn(&RouteChange) -> bool| {
        report.routes.iter().filter(|change| !change.with_method && test(change)).count()
    };
    let options =
        |telling: bool| report.options.iter().filter(|change| change.looks_like_access == telling).count();
    let sdk = |breaks: bool| {
        let changes = report.sdk.iter().flat_map(|sdk| &sdk.changes);
        changes.filter(|change| change.breaks() == breaks).count()
    };
    let public = report.access.iter().filter(|change| change.opens_to_public()).count();
    let counts = [
        (public, " opened to the public"),
        (of(Verdict::Incomparable), " both widened and narrowed"),
        (of(Verdict::Widened), " widened"),
        (options(true), " change{s} of options that look like access"),
        (same_but(OwnCheck::Dropped), " without {its} own check"),
        (of(Verdict::Narrowed), " narrowed"),
        (of(Verdict::Removed), " removed"),
        (of(Verdict::Added), " added"),
        (of(Verdict::Stated), " with access for the first time"),
        (same_but(OwnCheck::Announced), " with {its} own check"),
        (routes(|change| change.verdict == RouteVerdict::Removed), " route{s} removed"),
        (routes(|change| change.verdict == RouteVerdict::Changed), " route{s} changed"),
        (routes(|change| change.verdict == RouteVerdict::TakenOver), " route{s} taken over"),
        (routes(|change| change.verdict == RouteVerdict::Added), " route{s} added"),
        (report.calls.len(), " method{s} with changed messages or streaming"),
        (sdk(true), " breaking change{s} of the SDK"),
        (sdk(false), " compatible change{s} of the SDK"),
        (options(false), " other option{s} changed"),
        (report.new_problems.len(), " problem{s} in the new version"),
        (report.old_problems.len(), " problem{s} in the old version"),
    ];
    let unread = matches!(report.compared, AccessComparison::Unread { .. });
    let not_compared = [(unread, "access NOT compared"), (report.routes_cut, "routes NOT compared in full")];
    let counted = counts.iter().filter(|(count, _)| *count > 0).map(|(count, what)| {
        let (s, its) = if *count == 1 { ("", "its") } else { ("s", "their") };
        format!("{count}{}", what.replace("{s}", s).replace("{its}", its))
    });
    let not_compared = not_compared.iter().filter(|(is, _)| *is).map(|(_, what)| (*what).to_owned());
    not_compared.chain(counted).collect()
}

/// Notes on the comparison and its gaps.
pub(super) fn notes(report: &Report) -> Vec<Text> {
    let mut notes = report.notes.clone();
    match &report.compared {
        AccessComparison::Made => {}
        AccessComparison::Introduced => notes
            .push(Text::say("The old version states no access, so the new rules are compared with nothing")),
        AccessComparison::NothingStated => {
            notes.push(Text::say("Access was not compared: neither version states any"));
        }
        AccessComparison::Off => {
            notes.push(Text::say("Access was not compared: it is off (").with("access=off").then(")"));
        }
        AccessComparison::Unread { old, new } => notes.push(unread(old, new)),
    }
    notes.extend(report.sdk.as_ref().filter(|_| !report.is_empty()).map(|sdk| version(&sdk.version)));
    if report.routes_cut {
        notes.push(Text::say("Too many routes overlap: not all pairs of them were compared"));
    }
    if report.unbound > 0 {
        let methods = match report.unbound {
            1 => "1 method has".to_owned(),
            count => format!("{count} methods have"),
        };
        let text = format!("{methods} no bindings in one of the versions, so these routes were not compared");
        notes.push(Text::say(text));
    }
    notes
}

impl Report {
    /// Why access could not be compared, and how to fix that.
    pub fn why_unread(&self) -> Option<Text> {
        let AccessComparison::Unread { old, new } = &self.compared else { return None };
        Some(unread(old, new))
    }
}

/// The next version.
fn version(version: &NextVersion) -> Text {
    let level = version.level.as_str();
    let Some((step, next)) = version.step.zip(version.next.as_ref()) else {
        let text = Text::say(format!("The SDK: a {level} change; the next version cannot be derived from "));
        return text.with(&version.old);
    };
    let text = Text::say("The next version of the SDK: ").with(&version.old).then(" → ").with(next);
    let text = text.then(format!(", for a {level} change"));
    let text = if step.as_str() == level {
        text
    } else {
        text.then(format!(" (below 1.0, Cargo treats it as a {} change)", step.as_str()))
    };
    if version.is_taken { text.then("; the new version is ").with(&version.new) } else { text }
}

/// The unread options, and the settings that would read them.
fn unread(old: &[UnreadOption], new: &[UnreadOption]) -> Text {
    let whose = match (old.is_empty(), new.is_empty()) {
        (false, true) => "methods of the old version",
        (true, false) => "methods of the new version",
        _ => "methods",
    };
    let options: BTreeSet<&UnreadOption> = old.iter().chain(new).collect();
    let settings: Vec<&str> = options.iter().filter_map(|option| option.setting.as_deref()).collect();
    let text = Text::say(format!(
        "Access was NOT compared: {whose} set custom options, and none of them is read as access: "
    ));
    let text = text.join(Text::names(options.iter().map(|option| option.name.as_str())));
    let text = if settings.is_empty() {
        text
    } else {
        text.then("; set plugin options for those that state access: ").join(Text::names(settings))
    };
    text.then("; if none states access, set ").with("access=off")
}
