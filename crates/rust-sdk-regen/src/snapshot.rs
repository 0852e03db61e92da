//! Whatever describes an API → a snapshot of it, for a review.

use std::fs;
use std::path::Path;

use rust_sdk_model::{Api, Options};
use rust_sdk_review::Snapshot;

use crate::error::{Error, IoContext as _};
use crate::{compile, generate, image};

/// Reads what a review compares: a folder of `.proto` files, an `access.json`, a descriptor set or a buf image. Which of
/// them it is, its content says.
///
/// What the generator would refuse, such as a method without an access rule or a wrong path, is read as it stands and told
/// of in the snapshot, so that a version can be compared that is wrong.
///
/// # Errors
/// It cannot be read, or does not say what is needed.
pub fn snapshot(input: &Path, includes: &[impl AsRef<Path>], options: Options) -> Result<Snapshot, Error> {
    let request = if fs::metadata(input).context("read", input)?.is_dir() {
        let includes: Vec<_> = includes.iter().map(|folder| folder.as_ref().to_owned()).collect();
        generate::guard("compiling the files", || compile::request(&[input.to_owned()], &includes))?
    } else {
        let bytes = fs::read(input).context("read", input)?;
        if bytes.trim_ascii_start().starts_with(b"{") {
            return Snapshot::from_json(&bytes)
                .map_err(|error| Error::AccessJson { file: input.to_owned(), error });
        }
        image::decode(input, &bytes, !options.packages.is_empty())?
    };
    let api = generate::guard("reading the API", || Api::survey(&request, options))?;
    Ok(Snapshot::of(&api))
}
