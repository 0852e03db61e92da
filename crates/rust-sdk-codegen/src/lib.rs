//! Turns the model of a protobuf API into the files of a Rust crate. Pure: no file system, no clock, no environment.

use std::collections::BTreeMap;

use rust_sdk_model::{Api, Diagnostics};

mod documents;

/// The generated files: path below the output folder → text.
pub type Files = BTreeMap<String, String>;

/// Generates everything that the API's options ask for.
///
/// # Errors
/// What the message generator refuses.
pub fn generate(api: &Api) -> Result<Files, Diagnostics> {
    let mut files = Files::new();
    documents::add(api, &mut files);
    Ok(files)
}
