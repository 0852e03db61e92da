//! Unified diffs.

use std::fmt::Write as _;

use similar::TextDiff;

/// Adds the diff of one file; `None`: the file does not exist.
pub(crate) fn unified(path: &str, old: Option<&[u8]>, new: Option<&str>, out: &mut String) {
    let name =
        |side: &str, exists: bool| if exists { format!("{side}/{path}") } else { "/dev/null".to_owned() };
    let (from, to) = (name("a", old.is_some()), name("b", new.is_some()));
    let old = String::from_utf8_lossy(old.unwrap_or_default());
    let diff = TextDiff::from_lines(old.as_ref(), new.unwrap_or_default());
    let before = out.len();
    let _ = write!(out, "{}", diff.unified_diff().context_radius(3).header(&from, &to));
    if out.len() == before {
        // An empty file is added or removed, or only bytes that are not text differ.
        let _ = writeln!(out, "--- {from}\n+++ {to}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_show_with_their_surroundings() {
        let old = "1\n2\n3\n4\n5\n6\n7\n8\n9\n";
        let mut out = String::new();
        unified("x", Some(old.as_bytes()), Some(&old.replace("8\n", "eight\n")), &mut out);
        assert_eq!(out, "--- a/x\n+++ b/x\n@@ -5,5 +5,5 @@\n 5\n 6\n 7\n-8\n+eight\n 9\n");
    }

    #[test]
    fn every_difference_shows() {
        let mut out = String::new();
        unified("new", None, Some(""), &mut out);
        unified("bytes", Some(b"\xff"), Some("\u{fffd}"), &mut out);
        unified("old", Some(b"a\n"), None, &mut out);
        let expected = "--- /dev/null\n+++ b/new\n--- a/bytes\n+++ b/bytes\n--- a/old\n+++ /dev/null\n@@ -1 +0,0 @@\n-a\n";
        assert_eq!(out, expected);
    }
}
