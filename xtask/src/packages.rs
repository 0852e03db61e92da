//! Packages every published crate as for crates.io, builds and tests it against the other packages, and uses the generator
//! as a user would.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Command;

use crate::golden::GOLDENS;
use crate::workspace::{cargo, packages};
use crate::{Result, folders, root};

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
    succeed(package.args(crates.iter().flat_map(|(name, _)| ["-p", name])))?;
    let mut manifest = "[workspace]\nresolver = \"3\"\nmembers = [\"*-*\"]\n\n[patch.crates-io]\n".to_owned();
    for (name, version) in &crates {
        let file = root().join(format!("target/package/{name}-{version}.crate"));
        succeed(Command::new("tar").arg("xzf").arg(file).arg("-C").arg(&folder))?;
        let _ = writeln!(manifest, "{name} = {{ path = \"{name}-{version}\" }}");
    }
    fs::write(folder.join("Cargo.toml"), manifest)?;
    // The tested versions, so that cargo does not look for newer ones.
    fs::copy(root().join("Cargo.lock"), folder.join("Cargo.lock"))?;
    succeed(inside(&folder, &["test", "--quiet", "--workspace", "--features", RUNTIME]))?;
    use_generator(&folder, &crates)
}

/// Generates the demo API's golden crate with the packaged generator, and compiles it with the packaged runtime.
fn use_generator(folder: &Path, crates: &[(String, String)]) -> Result<()> {
    let Some(lumen) = GOLDENS.first() else { return Ok(()) };
    let sdk = folder.join("generated/lumen");
    let mut generate =
        inside(folder, &["run", "--quiet", "-p", "protoc-gen-rust-sdk", "--", "generate", "--proto-root"]);
    generate.arg(root().join("testdata/proto")).arg("--out").arg(&sdk);
    succeed(generate.args(lumen.options.iter().flat_map(|option| ["--opt", option])))?;
    folders::compare(&sdk, &lumen.path())?;
    let manifest = sdk.join("Cargo.toml");
    let Some((_, version)) = crates.iter().find(|(name, _)| name == "rust-sdk-runtime") else {
        return Err("the runtime is not among the packages".into());
    };
    let packaged = format!("../../rust-sdk-runtime-{version}");
    let text = fs::read_to_string(&manifest)?.replace("../../../crates/rust-sdk-runtime", &packaged);
    fs::write(&manifest, text + "\n[workspace]\n")?;
    fs::copy(root().join("Cargo.lock"), sdk.join("Cargo.lock"))?;
    succeed(inside(&sdk, &["check", "--quiet", "--features", "server,testing"]))
}

fn inside(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = cargo();
    command.current_dir(folder).env("CARGO_TARGET_DIR", root().join("target")).args(arguments);
    command
}

fn succeed(mut command: impl std::borrow::BorrowMut<Command>) -> Result<()> {
    let command = command.borrow_mut();
    let status = command.status()?;
    if status.success() { Ok(()) } else { Err(format!("{command:?}: {status}").into()) }
}
