//! Compares the compiled tables of a generated crate with the facts: builds and runs a program that queries the tables.

use std::fs;
use std::path::Path;

use serde_json::json;

use super::Methods;
use crate::workspace::cargo_in;
use crate::{Result, root};

/// Builds the program in the target folder and runs it.
pub(super) fn compare(sdk: &Path, facts: &Methods) -> Result<()> {
    let sdk = sdk.canonicalize()?;
    let manifest = fs::read_to_string(sdk.join("Cargo.toml"))?;
    let name = manifest.lines().find_map(|line| line.strip_prefix("name = \"")?.strip_suffix('"'));
    let name = name.ok_or_else(|| format!("{}: the crate has no name", sdk.display()))?;
    let folder = root().join("target/decisions").join(name);
    let template = root().join("testdata/decisions");
    let values = [
        ("\"SDK\"", sdk.as_path()),
        ("\"CRATE\"", Path::new(name)),
        ("\"RUNTIME\"", &root().join("crates/rust-sdk-runtime")),
        ("\"SUPPORT\"", &root().join("testdata/e2e/tests/support/access.rs")),
    ];
    fs::create_dir_all(folder.join("src"))?;
    for file in ["Cargo.toml", "src/main.rs", "src/layer.rs"] {
        let text = fs::read_to_string(template.join(file))?;
        let text = values
            .iter()
            .fold(text, |text, (from, to)| text.replace(from, &format!("{:?}", to.to_string_lossy())));
        // A workspace of its own.
        let text = if file == "Cargo.toml" { text + "\n[workspace]\n" } else { text };
        fs::write(folder.join(file), text)?;
    }
    fs::copy(root().join("Cargo.lock"), folder.join("Cargo.lock"))?;
    let file = folder.join("facts.json");
    fs::write(&file, serde_json::to_vec(&json!({ "methods": facts }))?)?;
    let status = cargo_in(&folder).args(["run", "--quiet", "--"]).arg(&file).status()?;
    if status.success() {
        Ok(())
    } else {
        Err(format!("{name}: the compiled tables decide differently: {status}").into())
    }
}
