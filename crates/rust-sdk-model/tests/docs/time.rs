//! The time for a comment grows with its length alone.

use std::time::{Duration, Instant};

use rust_sdk_model::docs::clean;

use crate::links;

/// Text that is nested, never closed, or searched to the end.
const REPEATED: &[&str] = &[
    "[",
    "]",
    "*",
    "*a ",
    "*a_ ",
    "`",
    "`a",
    "``a `",
    "<",
    "<a>",
    "<div>\n",
    "<!--",
    "![",
    "[a](",
    "[a](/b) ",
    "[[a](/b)",
    "[a](<",
    "[a](b \"",
    "[a][",
    "[a][b.c]",
    "[[a]",
    "[a]: b\n",
    ">",
    "> ",
    "+ ",
    "1. ",
    "|",
    "~~a ",
    "\\",
    "\\\\",
    "\\[",
    "&",
    "a\n",
    "- a\n",
    "<a x='",
    "(",
    "[^a]",
    "\t",
    "\n",
    "\r",
    "https://a.b/c ",
    "http://a(",
    "(-- ",
    "(-- --)",
    "(-- --)a",
    "```\n",
    "    ```\n",
    "\u{202e}",
    "<x:y> ",
    "](",
    "a  \n",
];

fn time(comment: &str) -> Duration {
    let start = Instant::now();
    clean(comment);
    links::lines(comment);
    start.elapsed()
}

/// Ten times the comment must not take a hundred times as long. Half a second is noise on a busy machine.
fn is_linear(name: &str, comment: impl Fn(usize) -> String) {
    let (small, large) = (comment(10_000), comment(100_000));
    let (small, large) = (time(&small), time(&large));
    assert!(large < small * 30 + Duration::from_millis(500), "{name:?}: {small:?}, then {large:?}");
}

#[test]
fn repeated() {
    for piece in REPEATED {
        is_linear(piece, |length| piece.repeat(length / piece.len()));
    }
}

#[test]
fn deep_with_lines_below() {
    for marker in ["> ", "+ ", "1. "] {
        is_linear(marker, |length| marker.repeat(length / 4) + "a\n" + &"b\n".repeat(length / 4));
    }
    is_linear("links in links", |length| "[".repeat(length / 8) + "a" + &"](/b)".repeat(length / 8));
    is_linear("emphasis", |length| "*a ".repeat(length / 8) + &"a*".repeat(length / 8));
    is_linear("a wide table", |length| {
        format!("|{}\n|{}\n{}", "a|".repeat(300), "-|".repeat(300), "|\n".repeat(length / 4))
    });
}

#[test]
fn two_megabytes() {
    assert!(time(&"[".repeat(2_000_000)) < Duration::from_secs(60));
}
