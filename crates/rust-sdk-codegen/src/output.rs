//! Collects the generated files. No file is written twice, so that no package overwrites another one.

use std::collections::BTreeSet;

use rust_sdk_model::{Code, Diagnostics};

use crate::Files;

/// Collects files.
#[derive(Default)]
pub(crate) struct Output {
    files: Files,
    /// The paths in lower case, since some file systems ignore case.
    taken: BTreeSet<String>,
    twice: Vec<String>,
}

impl Output {
    /// Adds a file. A path that is taken is reported by [`finish`](Self::finish).
    pub(crate) fn insert(&mut self, path: impl Into<String>, text: String) {
        let path = path.into();
        if self.taken.insert(path.to_lowercase()) {
            self.files.insert(path, text);
        } else {
            self.twice.push(path);
        }
    }

    /// All files.
    ///
    /// # Errors
    /// Two files have the same path.
    pub(crate) fn finish(self) -> Result<Files, Diagnostics> {
        if self.twice.is_empty() {
            return Ok(self.files);
        }
        let message = format!("two generated files have the same path: {}", self.twice.join(", "));
        let hint = "please report this bug of the generator, with the files that cause it";
        Err(Diagnostics::global(Code::Generator, message, hint))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_never_written_twice() {
        let mut output = Output::default();
        output.insert("src/lib.rs", "a".to_owned());
        output.insert("src/v1.rs", "b".to_owned());
        output.insert("src/Lib.rs", "c".to_owned());
        let problems = output.finish().unwrap_err().to_string();
        assert!(problems.contains("the same path: src/Lib.rs"), "{problems}");
    }
}
