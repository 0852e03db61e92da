//! Reviews of one file before and after edits.

use rust_sdk_review::{Report, SdkChange, Snapshot, compare};

use super::files::{API, edited, model};

pub(crate) fn snapshot_of(files: &[(&str, String)], options: &str) -> Snapshot {
    Snapshot::of(&model(files, options))
}

pub(crate) fn snapshot(text: &str) -> Snapshot {
    snapshot_of(&[("shop.proto", text.to_owned())], "crate_name=acme-shop")
}

pub(crate) fn review(edits: &[(&str, &str)]) -> Report {
    compare(&snapshot(API), &snapshot(&edited(edits)))
}

/// `element name: effect aspect text`, of each reason.
pub(crate) fn reported(changes: &[SdkChange]) -> Vec<String> {
    let line = |change: &SdkChange| {
        let name = change.name().trim_start_matches("acme.shop.v1.").to_owned();
        let element = change.element.as_str();
        let reason = move |reason: &rust_sdk_review::sdk::Reason| {
            format!("{element} {name}: {:?} {:?} {}", reason.effect, reason.aspect, reason.text)
        };
        change.reasons.iter().map(reason).collect::<Vec<_>>()
    };
    changes.iter().flat_map(line).collect()
}

/// What must be reported of a change: parts of lines. Exactly these lines report what breaks.
pub(crate) fn check(edits: &[(&str, &str)], expected: &[&str]) {
    let report = review(edits);
    let sdk = report.sdk.as_ref().unwrap();
    let lines = reported(&sdk.changes);
    let mut breaking: Vec<&String> = lines.iter().filter(|line| !line.contains(": Added ")).collect();
    for part in expected {
        let found = lines.iter().find(|line| line.contains(part));
        assert!(found.is_some(), "{part}\nof {edits:?} in\n{}", lines.join("\n"));
        breaking.retain(|line| !line.contains(part));
    }
    assert!(breaking.is_empty(), "{edits:?}: {breaking:#?}");
    let breaks =
        sdk.changes.iter().any(SdkChange::breaks) || report.routes.iter().any(|route| route.breaking);
    let level = if breaks { "major" } else { "minor" };
    assert_eq!(sdk.version.level.as_str(), level, "{edits:?}");
    assert!(!report.is_empty() && !report.to_text().contains("no change"), "{}", report.to_text());
    let text = report.to_text();
    assert!(text.contains(&format!("a {level} change")), "{text}");
    assert_eq!(report.count(&"sdk".parse().unwrap()) > 0, sdk.changes.iter().any(SdkChange::breaks));
    assert!(report.count(&"all".parse().unwrap()) > 0, "{text}");
}
