//! Derives the next version from the changes.

use std::fmt;

/// The level of a change, by the rules of semantic versioning from 1.0 on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Nothing that users of the crate notice.
    Patch,
    /// Something is new.
    Minor,
    /// Something breaks.
    Major,
}

/// The part of a version that rises.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// The first.
    Major,
    /// The second.
    Minor,
    /// The third.
    Patch,
}

/// The next version. For Cargo, the second number is the breaking one below 1.0, and the third number below 0.1.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct NextVersion {
    /// The level of the change.
    pub level: Level,
    /// The version of the old crate.
    pub old: String,
    /// The version of the new crate, as stated.
    pub new: String,
    /// The part that rises; `None` if the old version is not plain, such as a pre-release.
    pub step: Option<Step>,
    /// The next version.
    pub next: Option<String>,
    /// Whether the new crate's version is the next version or a later one.
    pub is_taken: bool,
}

/// A version without pre-release and build.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Version(u64, u64, u64);

impl Version {
    fn parse(text: &str) -> Option<Self> {
        let mut numbers = text.split('.').map(|number| number.parse().ok());
        let version = Self(numbers.next()??, numbers.next()??, numbers.next()??);
        numbers.next().is_none().then_some(version)
    }

    fn step(self, level: Level) -> Step {
        match (self, level) {
            (Self(0, 0, _), _) | (_, Level::Patch) | (Self(0, ..), Level::Minor) => Step::Patch,
            (Self(0, ..), Level::Major) | (_, Level::Minor) => Step::Minor,
            (_, Level::Major) => Step::Major,
        }
    }

    fn next(self, step: Step) -> Option<Self> {
        let Self(major, minor, patch) = self;
        Some(match step {
            Step::Major => Self(major.checked_add(1)?, 0, 0),
            Step::Minor => Self(major, minor.checked_add(1)?, 0),
            Step::Patch => Self(major, minor, patch.checked_add(1)?),
        })
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.0, self.1, self.2)
    }
}

impl NextVersion {
    pub(crate) fn new(level: Level, old: &str, new: &str) -> Self {
        let was = Version::parse(old);
        let step = was.map(|version| version.step(level));
        let next = was.zip(step).and_then(|(version, step)| version.next(step));
        let is_taken = next.zip(Version::parse(new)).is_some_and(|(next, is)| is >= next);
        Self {
            level,
            old: old.to_owned(),
            new: new.to_owned(),
            step,
            next: next.map(|next| next.to_string()),
            is_taken,
        }
    }
}

impl Level {
    /// The name in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Patch => "patch",
            Self::Minor => "minor",
            Self::Major => "major",
        }
    }
}

impl Step {
    /// The name in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Major => "major",
            Self::Minor => "minor",
            Self::Patch => "patch",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_follow_as_cargo_counts_them() {
        use Level::{Major, Minor, Patch};
        for (old, level, step, next) in [
            ("1.2.3", Major, "major", "2.0.0"),
            ("1.2.3", Minor, "minor", "1.3.0"),
            ("1.2.3", Patch, "patch", "1.2.4"),
            ("0.2.3", Major, "minor", "0.3.0"),
            ("0.2.3", Minor, "patch", "0.2.4"),
            ("0.0.3", Major, "patch", "0.0.4"),
            ("0.0.3", Minor, "patch", "0.0.4"),
        ] {
            let version = NextVersion::new(level, old, old);
            assert_eq!(version.step.unwrap().as_str(), step, "{old} {level:?}");
            assert_eq!(version.next.as_deref(), Some(next));
            assert!(!version.is_taken && NextVersion::new(level, old, next).is_taken);
        }
        assert!(NextVersion::new(Major, "0.1.0", "1.0.0").is_taken);
        assert!(!NextVersion::new(Major, "1.1.0", "1.9.9").is_taken);
        for odd in ["1.0.0-rc.1", "1.0", "1.0.0.0", "one", "", "1.0.0+5", "99999999999999999999.0.0"] {
            let version = NextVersion::new(Major, odd, "2.0.0");
            assert_eq!((version.next, version.is_taken), (None, false), "{odd}");
        }
        let last = format!("{}.0.0", u64::MAX);
        assert_eq!(NextVersion::new(Major, &last, &last).next, None);
    }
}
