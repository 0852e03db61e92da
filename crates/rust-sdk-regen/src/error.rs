//! The errors.

use std::fmt;
use std::path::PathBuf;

use rust_sdk_model::Diagnostics;
use rust_sdk_review::AccessJsonError;

use crate::report::DriftError;

/// Why nothing was generated, or what is out of date. [`error_chain`](crate::error_chain) prints it with its sources.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RegenError {
    /// No input is set.
    #[error("no input: set a proto root or a descriptor set")]
    NoInput,
    /// Both kinds of input are set.
    #[error("two inputs: set proto roots or a descriptor set, not both")]
    TwoInputs,
    /// No output folder is set.
    #[error("no output folder is set")]
    NoOutput,
    /// A proto root has no `.proto` file, or all are excluded.
    #[error("no .proto file below {} (or the option `exclude` leaves all of them out)", .0.display())]
    NoProtoFiles(PathBuf),
    /// The `.proto` files do not compile: one problem a line, as `file:line:column: …` if the position is known.
    #[error("{}", .0.join("\n"))]
    Compile(Vec<String>),
    /// The file is not a descriptor set.
    #[error("{}: {message}", .file.display())]
    DescriptorSet {
        /// The file.
        file: PathBuf,
        /// What is wrong with it.
        message: String,
    },
    /// The file is not an `access.json`.
    #[error("{}", .file.display())]
    AccessJson {
        /// The file.
        file: PathBuf,
        /// What is wrong with it.
        source: AccessJsonError,
    },
    /// Files import others that the descriptor set lacks.
    #[error("{}: {}\n  help: make the set with all imports (`protoc --include_imports -o FILE`, `buf build -o FILE`)", .file.display(), lines(.missing))]
    MissingImports {
        /// The descriptor set.
        file: PathBuf,
        /// The missing imports.
        missing: Vec<MissingImport>,
    },
    /// The API or the options have problems.
    #[error(transparent)]
    Diagnostics(#[from] Diagnostics),
    /// There is a folder, pipe or device in place of a file. Reading a pipe may never end.
    #[error("`{}` is not a regular file: move it out of the way", .0.display())]
    NotFile(PathBuf),
    /// A generated path must not be written.
    #[error("`{path}` must not be written")]
    Path {
        /// The path below the output folder.
        path: String,
        /// The reason.
        source: PathError,
    },
    /// Files in the output folder would be replaced, but no known earlier run generated them.
    #[error(
        "not overwritten, because no known earlier run generated these files: {}\n  help: check the output folder; move these files, or allow overwriting (`--overwrite`) once",
        lines(.0)
    )]
    Foreign(Vec<PathBuf>),
    /// The list of generated files has an invalid line.
    #[error("{}:{line}: invalid line in the list of generated files\n  help: restore the file, or delete it and generate again", .file.display())]
    Manifest {
        /// The list.
        file: PathBuf,
        /// The line, from 1.
        line: usize,
    },
    /// The output folder is out of date.
    #[error(transparent)]
    Drift(#[from] DriftError),
    /// A call of the file system failed.
    #[error("cannot {action} {}", .path.display())]
    Io {
        /// The failed action.
        action: &'static str,
        /// The file.
        path: PathBuf,
        /// Why it failed.
        source: std::io::Error,
    },
}

/// An import that a descriptor set lacks.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub struct MissingImport {
    /// The file that imports.
    pub file: String,
    /// What it imports.
    pub import: String,
}

impl fmt::Display for MissingImport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` imports `{}`, which the set lacks", self.file, self.import)
    }
}

/// Why a path must not be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PathError {
    /// It is empty or absolute, or has empty, `.` or `..` segments, backslashes or control characters.
    #[error("it is not a plain relative path")]
    NotPlain,
    /// It would replace the list of generated files.
    #[error("the list of generated files has this name")]
    Reserved,
    /// A part of it is a symbolic link, which may lead out of the output folder.
    #[error("it leads through a symbolic link")]
    Link,
}

fn lines<T: Shown>(items: &[T]) -> String {
    items.iter().map(Shown::shown).collect::<Vec<_>>().join("\n  ")
}

trait Shown {
    fn shown(&self) -> String;
}

impl Shown for PathBuf {
    fn shown(&self) -> String {
        self.display().to_string()
    }
}

impl Shown for MissingImport {
    fn shown(&self) -> String {
        self.to_string()
    }
}

/// Adds the action and the path to the error of a call.
pub(crate) trait IoContext<T> {
    fn context(self, action: &'static str, path: impl Into<PathBuf>) -> Result<T, RegenError>;
}

impl<T> IoContext<T> for std::io::Result<T> {
    fn context(self, action: &'static str, path: impl Into<PathBuf>) -> Result<T, RegenError> {
        self.map_err(|source| RegenError::Io { action, path: path.into(), source })
    }
}

#[cfg(test)]
mod tests {
    use rust_sdk_model::Code;
    use rust_sdk_model::text::error_chain;
    use rust_sdk_review::Snapshot;

    use super::*;

    #[test]
    fn a_chain_prints_each_fact_once() {
        let file = || PathBuf::from("a.json");
        let broken = Snapshot::from_json(b"{").unwrap_err();
        let source = std::io::Error::other("the disk is full");
        for (error, expected) in [
            (
                RegenError::Io { action: "write", path: file(), source },
                "cannot write a.json: the disk is full",
            ),
            (
                RegenError::AccessJson { file: file(), source: broken },
                "a.json: not an access.json: EOF while parsing an object at line 1 column 1",
            ),
            (
                RegenError::Path { path: "../a".to_owned(), source: PathError::NotPlain },
                "`../a` must not be written: it is not a plain relative path",
            ),
            (
                Diagnostics::global(Code::PluginOption, "unknown option `x`", "").into(),
                "error[plugin-option]: unknown option `x`",
            ),
            (
                RegenError::DescriptorSet { file: file(), message: "has no file".to_owned() },
                "a.json: has no file",
            ),
            (RegenError::NoInput, "no input: set a proto root or a descriptor set"),
        ] {
            assert_eq!(error_chain(&error), expected);
        }
    }
}
