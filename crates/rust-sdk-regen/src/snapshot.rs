//! Inputs of a review → snapshots.

use std::fs;
use std::path::Path;

use rust_sdk_model::plugin::CodeGeneratorRequest;
use rust_sdk_model::{Api, Options};
use rust_sdk_review::Snapshot;

use crate::error::{IoContext as _, RegenError};
use crate::{compile, generate, guard, image};

/// Reads the version under review: a folder of `.proto` files, an `access.json`, a descriptor set or a buf image. The
/// content decides which.
///
/// The read is lenient: parts that the generator rejects, such as a method without an access rule or a wrong path, are
/// kept as written. The snapshot's problems list the errors that [`generate`](crate::generate) would return.
///
/// # Errors
/// The input cannot be read or lacks required information.
pub fn snapshot(
    input: &Path,
    includes: &[impl AsRef<Path>],
    options: Options,
) -> Result<Snapshot, RegenError> {
    match read(input, includes, &options)? {
        Input::Snapshot(snapshot) => Ok(snapshot),
        Input::Request(request) => {
            // Documents add no errors.
            let options = Options { docs: false, ..options };
            Ok(Snapshot::of(&generate::attempt(request, options)?.0))
        }
    }
}

/// Reads the base version of a comparison. A folder without `.proto` files is a version without methods. The version
/// may lack options that the plugin's options name.
///
/// # Errors
/// The input cannot be read or lacks required information.
pub fn base_snapshot(
    input: &Path,
    includes: &[impl AsRef<Path>],
    options: Options,
) -> Result<Snapshot, RegenError> {
    match read(input, includes, &options) {
        Err(RegenError::NoProtoFiles(_)) => Ok(Snapshot::without_files()),
        Err(error) => Err(error),
        Ok(Input::Snapshot(snapshot)) => Ok(snapshot),
        Ok(Input::Request(request)) => {
            let api = guard::guard("reading the API", || Api::build_lenient_base(&request, options))?;
            Ok(Snapshot::of(&api))
        }
    }
}

enum Input {
    Request(CodeGeneratorRequest),
    Snapshot(Snapshot),
}

fn read(input: &Path, includes: &[impl AsRef<Path>], options: &Options) -> Result<Input, RegenError> {
    if fs::metadata(input).context("read", input)?.is_dir() {
        let includes: Vec<_> = includes.iter().map(|folder| folder.as_ref().to_owned()).collect();
        let compile = || compile::request(&[input.to_owned()], &includes, options);
        return guard::guard("compiling the files", compile).map(Input::Request);
    }
    let bytes = fs::read(input).context("read", input)?;
    if bytes.trim_ascii_start().starts_with(b"{") {
        return Snapshot::from_json(&bytes)
            .map(Input::Snapshot)
            .map_err(|source| RegenError::AccessJson { file: input.to_owned(), source });
    }
    image::decode(input, &bytes, !options.packages.is_empty()).map(Input::Request)
}
