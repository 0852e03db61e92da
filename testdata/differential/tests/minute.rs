//! Requests for about a minute, always the same. `cargo run --release -p differential` makes more of them.

use differential::{Limits, run};

#[test]
fn what_runs_is_what_was_checked() {
    let report = run(1, Limits { requests: Some(800_000), time: None }, 3);
    println!("{report}");
    assert!(report.differences.is_empty(), "{report}");
    assert!(report.reached() > report.requests / 10, "hardly anything is let in: {report}");
}
