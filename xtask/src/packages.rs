//! Packages every published crate as for crates.io, builds and tests it against the other packages, and uses the generator
//! as a user would.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Command;

use crate::golden::GOLDENS;
use crate::workspace::{cargo, cargo_in, packages};
use crate::{Result, folders, root, workspace};

/// The runtime's features, without a second TLS provider.
const RUNTIME: &str = "rust-sdk-runtime/direct,rust-sdk-runtime/server,rust-sdk-runtime/testing,rust-sdk-runtime/tls-ring,\
                       rust-sdk-runtime/tracing";

/// Packages, unpacks, builds and tests the crates, and uses the generator.
pub(crate) fn run() -> Result<()> {
    let crates: Vec<(String, String)> = packages(false)?
        .into_iter()
        .filter(|package| package.folder.starts_with(root().join("crates")))
        .map(|package| (package.name, package.version))
        .collect();
    let folder = root().join("target/packages");
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir_all(&folder)?;
    let mut package = cargo();
    package.args(["package", "--quiet", "--offline", "--no-verify", "--allow-dirty"]);
    workspace::run(package.args(crates.iter().flat_map(|(name, _)| ["-p", name])))?;
    let mut manifest = "[workspace]\nresolver = \"3\"\nmembers = [\"*-*\"]\n\n[patch.crates-io]\n".to_owned();
    for (name, version) in &crates {
        let file = root().join(format!("target/package/{name}-{version}.crate"));
        workspace::run(Command::new("tar").arg("xzf").arg(file).arg("-C").arg(&folder))?;
        let _ = writeln!(manifest, "{name} = {{ path = \"{name}-{version}\" }}");
    }
    fs::write(folder.join("Cargo.toml"), manifest)?;
    // The tested versions, so that cargo does not look for newer ones.
    fs::copy(root().join("Cargo.lock"), folder.join("Cargo.lock"))?;
    // With the programs, so that they are of the same build as the tests.
    let features = ["--workspace", "--features", RUNTIME];
    workspace::run(cargo_in(&folder).args(["build", "--quiet", "--tests", "--bins"]).args(features))?;
    workspace::run(cargo_in(&folder).args(["test", "--quiet"]).args(features))?;
    use_generator(&folder, &crates)
}

/// Generates the demo API's golden crate with the packaged generator, and compiles it with the packaged runtime.
fn use_generator(folder: &Path, crates: &[(String, String)]) -> Result<()> {
    let Some(lumen) = GOLDENS.first() else { return Ok(()) };
    let sdk = folder.join("generated/lumen");
    let mut generate = Command::new(root().join("target/debug/protoc-gen-rust-sdk"));
    generate.args(["generate", "--proto-root"]).arg(root().join("testdata/proto")).arg("--out").arg(&sdk);
    workspace::run(generate.args(lumen.options.iter().flat_map(|option| ["--opt", option])))?;
    folders::compare(&sdk, &lumen.path())?;
    let manifest = sdk.join("Cargo.toml");
    let Some((_, version)) = crates.iter().find(|(name, _)| name == "rust-sdk-runtime") else {
        return Err("the runtime is not among the packages".into());
    };
    let packaged = format!("../../rust-sdk-runtime-{version}");
    let text = fs::read_to_string(&manifest)?.replace("../../../crates/rust-sdk-runtime", &packaged);
    fs::write(&manifest, text + "\n[workspace]\n")?;
    fs::copy(root().join("Cargo.lock"), sdk.join("Cargo.lock"))?;
    workspace::run(cargo_in(&sdk).args(["check", "--quiet", "--features", "server,testing"]))
}
