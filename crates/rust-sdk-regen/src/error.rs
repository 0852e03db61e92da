//! What can go wrong.

use std::fmt;
use std::path::PathBuf;

use rust_sdk_model::Diagnostics;

use crate::report::Drift;

/// Why nothing was generated, or what is out of date.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// No input is stated.
    #[error("no input: state a proto root or a descriptor set")]
    NoInput,
    /// Both kinds of input are stated.
    #[error("two inputs: state proto roots or a descriptor set, not both")]
    TwoInputs,
    /// No output folder is stated.
    #[error("no output folder is stated")]
    NoOutput,
    /// A proto root holds nothing to generate for.
    #[error("no .proto file below {}", .0.display())]
    NoProtoFiles(PathBuf),
    /// The `.proto` files do not compile. One problem a line, as `file:line:column: …` where the place is known.
    #[error("{}", .0.join("\n"))]
    Compile(Vec<String>),
    /// The file is no descriptor set.
    #[error("{}: {problem}", .file.display())]
    DescriptorSet {
        /// The file.
        file: PathBuf,
        /// What is wrong with it.
        problem: String,
    },
    /// The file is no `access.json`.
    #[error("{}: {error}", .file.display())]
    AccessJson {
        /// The file.
        file: PathBuf,
        /// What is wrong with it.
        error: rust_sdk_review::JsonError,
    },
    /// Files import others that the descriptor set does not hold.
    #[error("{}: {}\n  help: make the set with all imports (`protoc --include_imports -o FILE`, `buf build -o FILE`)", .file.display(), lines(.missing))]
    MissingImports {
        /// The descriptor set.
        file: PathBuf,
        /// Who misses what.
        missing: Vec<MissingImport>,
    },
    /// What is wrong with the API or the options.
    #[error(transparent)]
    Diagnostics(#[from] Diagnostics),
    /// A folder, pipe or device stands where a file should. To read a pipe may never end.
    #[error("`{}` is not a regular file: move it out of the way", .0.display())]
    NotFile(PathBuf),
    /// A generated path must not be written.
    #[error("`{path}` must not be written: {problem}")]
    Path {
        /// The path below the output folder.
        path: String,
        /// Why.
        problem: PathProblem,
    },
    /// Files are in the way that no earlier run is known to have generated.
    #[error(
        "not overwritten, as no earlier run generated them: {}\n  help: check the output folder; move these files, or allow overwriting (`--overwrite`) once",
        lines(.0)
    )]
    Foreign(Vec<PathBuf>),
    /// The list of generated files is not one.
    #[error("{}:{line}: not a line of a list of generated files\n  help: restore the file, or delete it and generate again", .file.display())]
    Manifest {
        /// The list.
        file: PathBuf,
        /// The line, from 1.
        line: usize,
    },
    /// The output folder is out of date.
    #[error(transparent)]
    Drift(#[from] Drift),
    /// The file system refuses.
    #[error("cannot {action} {}: {source}", .path.display())]
    Io {
        /// What was tried.
        action: &'static str,
        /// With which file.
        path: PathBuf,
        /// Why not.
        source: std::io::Error,
    },
}

/// An import that a descriptor set lacks.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct MissingImport {
    /// The file that imports.
    pub file: String,
    /// What it imports.
    pub import: String,
}

impl fmt::Display for MissingImport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` imports `{}`, which the set does not hold", self.file, self.import)
    }
}

/// Why a path must not be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PathProblem {
    /// It is empty, absolute, or has empty, `.` or `..` segments, backslashes or control characters.
    #[error("it is not a plain relative path")]
    NotPlain,
    /// It would replace the list of generated files.
    #[error("the name is taken by the list of generated files")]
    Reserved,
    /// A folder on the way is a symbolic link, which may lead out of the output folder.
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

/// Names the action and the path of a failed call.
pub(crate) trait IoContext<T> {
    fn context(self, action: &'static str, path: impl Into<PathBuf>) -> Result<T, Error>;
}

impl<T> IoContext<T> for std::io::Result<T> {
    fn context(self, action: &'static str, path: impl Into<PathBuf>) -> Result<T, Error> {
        self.map_err(|source| Error::Io { action, path: path.into(), source })
    }
}
