//! An API → the files of its crate.

use rust_sdk_codegen::Files;
use rust_sdk_model::{Api, Diagnostics};

use crate::guard::guard;

/// Generates the files of an API; none if it has errors. An error of the generator joins the API's `warnings`.
pub(crate) fn files(api: &mut Api) -> Files {
    if api.warnings.has_errors() {
        return Files::new();
    }
    let doing = format!("generating the crate `{}`", api.crate_name);
    guard(&doing, || rust_sdk_codegen::generate(api)).unwrap_or_else(|problems: Diagnostics| {
        api.warnings.extend(problems);
        Files::new()
    })
}
