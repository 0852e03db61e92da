//! Files that are left out, by name: `google/ads`, `preview/**`, `**/*_internal.proto`.

use std::path::Path;

use glob::{MatchOptions, Pattern};

use super::error::OptionError;

/// A pattern for the names of files, as imports write them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exclude(Pattern);

impl Exclude {
    pub(super) fn parse(key: &str, value: &str) -> Result<Self, OptionError> {
        let hint = "write a folder (`google/ads`), a file, or a pattern with `*` and `**` (`**/*_internal.proto`), as imports \
                    write the names of files";
        let wrong = |why: &str| {
            OptionError::new(format!("option `{key}` has the invalid value `{value}`: {why}"), hint)
        };
        let pattern = value.strip_suffix('/').unwrap_or(value);
        if pattern.is_empty() {
            return Err(wrong("it is empty"));
        }
        if pattern.starts_with(['/', '.']) || pattern.contains('\\') {
            return Err(wrong("no name of a file begins like this"));
        }
        Pattern::new(pattern).map(Self).map_err(|error| wrong(error.msg))
    }

    /// Whether it is the pattern of this file, or of a folder that the file is in.
    pub fn matches(&self, file: &str) -> bool {
        let options = MatchOptions { require_literal_separator: true, ..MatchOptions::new() };
        Path::new(file).ancestors().any(|path| self.0.matches_path_with(path, options))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_are_of_files_and_folders() {
        for (pattern, name, expected) in [
            ("google/ads", "google/ads/v1/a.proto", true),
            ("google/ads/", "google/ads/v1/a.proto", true),
            ("google/ads", "google/adsense/a.proto", false),
            ("ads", "google/ads/a.proto", false),
            ("**/ads", "google/ads/a.proto", true),
            ("google/*", "google/ads/a.proto", true),
            ("*.proto", "google/ads/a.proto", false),
            ("*.proto", "a.proto", true),
            ("**/*_internal.proto", "a/b/c_internal.proto", true),
            ("**/*_internal.proto", "c_internal.proto", true),
            ("preview/**", "preview/a.proto", true),
            ("a.proto", "a.proto", true),
        ] {
            assert_eq!(
                Exclude::parse("exclude", pattern).unwrap().matches(name),
                expected,
                "{pattern} {name}"
            );
        }
        for wrong in ["", "/", "/google", "./google", "a**b", "a\\b"] {
            assert!(Exclude::parse("exclude", wrong).is_err(), "{wrong}");
        }
    }
}
