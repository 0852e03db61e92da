//! Generates a Rust SDK into a repository, or checks that the generated files are up to date.
//!
//! It is made for a repository's own `xtask`; `protoc-gen-rust-sdk generate` uses it, too:
//!
//! ```no_run
//! # fn main() -> Result<(), rust_sdk_regen::RegenError> {
//! let check = std::env::args().any(|argument| argument == "--check");
//! let regen = rust_sdk_regen::Regen::new()
//!     .proto_root("proto")
//!     .option("crate_name=acme")
//!     .out("crates/acme-sdk")
//!     .fix_command("cargo xtask regen");
//! let report = if check { regen.check()? } else { regen.write()? };
//! println!("{report}");
//! # Ok(())
//! # }
//! ```

use std::path::{Path, PathBuf};

use rust_sdk_model::plugin::CodeGeneratorRequest;
use rust_sdk_model::{Api, Diagnostics, Options};

mod bundled;
mod canonical;
mod compile;
mod diff;
mod duplicates;
mod emit;
mod error;
mod folders;
mod generate;
mod guard;
mod image;
mod lenience;
mod manifest;
mod nesting;
mod output;
mod report;
mod snapshot;
mod sources;
mod workspace;

pub use error::{MissingImport, PathError, RegenError};
pub use generate::{Generated, generate};
pub use manifest::MANIFEST;
pub use report::{DriftError, Report};
pub use rust_sdk_codegen::Files;
pub use rust_sdk_model::text::error_chain;
pub use snapshot::{base_snapshot, snapshot};

/// Parses plugin options, including those in files.
///
/// # Errors
/// All mistakes at once.
pub fn options<'a>(items: impl IntoIterator<Item = &'a str>) -> Result<Options, Diagnostics> {
    let items = rust_sdk_model::options::expand(items, |file| std::fs::read_to_string(file))?;
    let mut options = Options::from_pairs(items.iter().map(String::as_str))?;
    options.read_files(|file| std::fs::read_to_string(file))?;
    Ok(options)
}

/// One generated crate: its input, options and output folder.
#[derive(Clone, Debug, Default)]
pub struct Regen {
    proto_roots: Vec<PathBuf>,
    includes: Vec<PathBuf>,
    descriptor_set: Option<PathBuf>,
    options: Vec<String>,
    out: Option<PathBuf>,
    fix_command: Option<String>,
    overwrite: bool,
}

impl Regen {
    /// Creates a generation without settings. An input and [`out`](Self::out) are required.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Compiles every `.proto` file below this folder and generates code for it. Imports are relative to the folder, or to the
    /// [`include`](Self::include) that the folder is in. May be called for several folders.
    #[must_use]
    pub fn proto_root(mut self, folder: impl Into<PathBuf>) -> Self {
        self.proto_roots.push(folder.into());
        self
    }

    /// Finds imports in this folder, too. Nothing is generated for them, except types that the API uses. The files that many APIs
    /// import (`google/api/annotations.proto`, `buf/validate/validate.proto` and others) need no folder; those of a folder win.
    #[must_use]
    pub fn include(mut self, folder: impl Into<PathBuf>) -> Self {
        self.includes.push(folder.into());
        self
    }

    /// Leaves out files, by folder or pattern of their names (option `exclude`), unless others import them.
    #[must_use]
    pub fn exclude(self, pattern: impl AsRef<str>) -> Self {
        self.option(format!("exclude={}", pattern.as_ref()))
    }

    /// Reads an encoded `FileDescriptorSet` (`protoc --include_imports --include_source_info -o FILE`) or a buf image
    /// (`buf build -o FILE.binpb`) instead of compiling.
    ///
    /// A buf image states which of its files are only imports. Of a plain set, all packages are generated except
    /// `google.protobuf`, `google.api`, `google.rpc` and `buf.validate`, and packages below these without a service; the option `package=`
    /// selects others.
    #[must_use]
    pub fn descriptor_set(mut self, file: impl Into<PathBuf>) -> Self {
        self.descriptor_set = Some(file.into());
        self
    }

    /// Reads plugin options from a file, one per line. The buf plugin and `review` can read the same file.
    #[must_use]
    pub fn options_file(self, file: impl AsRef<Path>) -> Self {
        self.option(format!("options_file={}", file.as_ref().display()))
    }

    /// Reads the timeouts and retries of methods from a gRPC service config (JSON).
    #[must_use]
    pub fn grpc_service_config(self, file: impl AsRef<Path>) -> Self {
        self.option(format!("grpc_service_config={}", file.as_ref().display()))
    }

    /// Reads HTTP rules, services that the API mixes in, and fields that clients fill in from a service configuration (YAML). If the folders
    /// have the files of mixed-in services, these need not be imported.
    #[must_use]
    pub fn service_config(self, file: impl AsRef<Path>) -> Self {
        self.option(format!("service_config={}", file.as_ref().display()))
    }

    /// Sets a plugin option, `key=value` (see [`rust_sdk_model::options::KEYS`]).
    #[must_use]
    pub fn option(mut self, pair: impl Into<String>) -> Self {
        self.options.push(pair.into());
        self
    }

    /// Sets the folder of the generated crate or module tree.
    #[must_use]
    pub fn out(mut self, folder: impl Into<PathBuf>) -> Self {
        self.out = Some(folder.into());
        self
    }

    /// Sets the command that [`check`](Self::check) recommends if something is out of date.
    #[must_use]
    pub fn fix_command(mut self, command: impl Into<String>) -> Self {
        self.fix_command = Some(command.into());
        self
    }

    /// Allows replacing files that no earlier run is known to have generated. By default, such files are an error.
    #[must_use]
    pub fn overwrite(mut self, overwrite: bool) -> Self {
        self.overwrite = overwrite;
        self
    }

    /// Reads and checks the API, without generating anything.
    ///
    /// # Errors
    /// The input or the options have problems.
    pub fn api(&self) -> Result<Api, RegenError> {
        let (request, options) = self.request()?;
        Ok(generate::api(&request, options)?)
    }

    /// Generates in memory and does not touch the output folder.
    ///
    /// # Errors
    /// The input or the options have problems.
    pub fn generate(&self) -> Result<Generated, RegenError> {
        let (request, options) = self.request()?;
        Ok(generate(request, options)?)
    }

    fn request(&self) -> Result<(CodeGeneratorRequest, Options), RegenError> {
        let options = options(self.options.iter().map(String::as_str))?;
        let request = match (&self.descriptor_set, self.proto_roots.is_empty()) {
            (Some(file), true) => image::request(file, !options.packages.is_empty())?,
            (None, false) => guard::guard("compiling the files", || {
                compile::request(&self.proto_roots, &self.includes, &options)
            })?,
            (Some(_), false) => return Err(RegenError::TwoInputs),
            (None, true) => return Err(RegenError::NoInput),
        };
        Ok((request, options))
    }

    /// Generates and writes the files that changed. Deletes only files that an earlier run generated and this run does not.
    ///
    /// # Errors
    /// The input, the options or the output folder have problems.
    pub fn write(&self) -> Result<Report, RegenError> {
        let out = self.out_folder()?;
        let Generated { files, warnings } = self.generate()?;
        let plan = output::Plan::new(out, &files, self.overwrite)?;
        plan.apply()?;
        Ok(plan.report(warnings))
    }

    /// Generates in memory and compares the files with the output folder. Does not touch the folder.
    ///
    /// # Errors
    /// [`RegenError::Drift`], with the differences, if the folder is out of date; otherwise as for [`write`](Self::write).
    pub fn check(&self) -> Result<Report, RegenError> {
        let out = self.out_folder()?;
        let Generated { files, warnings } = self.generate()?;
        let plan = output::Plan::new(out, &files, self.overwrite)?;
        let diff = plan.diff();
        let report = plan.report(warnings);
        if diff.is_empty() {
            return Ok(report);
        }
        let fix = self.fix_command.as_deref().unwrap_or("the generator again, without the check");
        Err(DriftError { report: Box::new(report), diff, fix: fix.to_owned() }.into())
    }

    fn out_folder(&self) -> Result<&Path, RegenError> {
        self.out.as_deref().ok_or(RegenError::NoOutput)
    }
}
