//! Whatever describes an API → a snapshot of it, for a review.

use std::fs;
use std::path::Path;

use rust_sdk_model::plugin::CodeGeneratorRequest;
use rust_sdk_model::{Api, Options};
use rust_sdk_review::Snapshot;

use crate::error::{Error, IoContext as _};
use crate::{compile, generate, image};

/// Reads the version under review: a folder of `.proto` files, an `access.json`, a descriptor set or a buf image. Its
/// content says which of them it is.
///
/// What the generator rejects, such as a method without an access rule or a wrong path, is read as it stands. It is among
/// the snapshot's problems, which are the errors that [`generate`](crate::generate) would give.
///
/// # Errors
/// It cannot be read, or does not say what is needed.
pub fn snapshot(input: &Path, includes: &[impl AsRef<Path>], options: Options) -> Result<Snapshot, Error> {
    match read(input, includes, !options.packages.is_empty())? {
        Input::Snapshot(snapshot) => Ok(snapshot),
        Input::Request(request) => {
            // Documents are text that nothing can be wrong with.
            let options = Options { docs: false, ..options };
            Ok(Snapshot::of(&generate::attempt(&request, options)?.0))
        }
    }
}

/// Reads the version that another one is compared with. A folder without any `.proto` file is a version without methods,
/// and what the options name need not be there yet.
///
/// # Errors
/// It cannot be read, or does not say what is needed.
pub fn base_snapshot(
    input: &Path,
    includes: &[impl AsRef<Path>],
    options: Options,
) -> Result<Snapshot, Error> {
    match read(input, includes, !options.packages.is_empty()) {
        Err(Error::NoProtoFiles(_)) => Ok(Snapshot::without_files()),
        Err(error) => Err(error),
        Ok(Input::Snapshot(snapshot)) => Ok(snapshot),
        Ok(Input::Request(request)) => {
            let api = generate::guard("reading the API", || Api::survey_base(&request, options))?;
            Ok(Snapshot::of(&api))
        }
    }
}

enum Input {
    Request(CodeGeneratorRequest),
    Snapshot(Snapshot),
}

fn read(input: &Path, includes: &[impl AsRef<Path>], all: bool) -> Result<Input, Error> {
    if fs::metadata(input).context("read", input)?.is_dir() {
        let includes: Vec<_> = includes.iter().map(|folder| folder.as_ref().to_owned()).collect();
        let compile = || compile::request(&[input.to_owned()], &includes);
        return generate::guard("compiling the files", compile).map(Input::Request);
    }
    let bytes = fs::read(input).context("read", input)?;
    if bytes.trim_ascii_start().starts_with(b"{") {
        return Snapshot::from_json(&bytes)
            .map(Input::Snapshot)
            .map_err(|error| Error::AccessJson { file: input.to_owned(), error });
    }
    image::decode(input, &bytes, all).map(Input::Request)
}
