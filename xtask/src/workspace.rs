//! Cargo's metadata about this workspace.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::{Result, root};

/// Features that take long to build and change no generated code. They are built only with `--all`.
const HEAVY: [&str; 1] = ["tls-aws-lc"];

/// One member.
pub(crate) struct Package {
    pub(crate) name: String,
    pub(crate) version: String,
    pub(crate) folder: PathBuf,
    /// Sorted; without the slow ones, except with `--all`.
    pub(crate) features: Vec<String>,
}

/// All members.
pub(crate) fn packages(all: bool) -> Result<Vec<Package>> {
    let output = cargo().args(["metadata", "--no-deps", "--format-version", "1"]).output()?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into());
    }
    let metadata: Value = serde_json::from_slice(&output.stdout)?;
    let mut packages: Vec<Package> =
        list(&metadata["packages"]).iter().map(|package| describe(package, all)).collect();
    packages.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(packages)
}

fn describe(package: &Value, all: bool) -> Package {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let features = package["features"].as_object().into_iter().flat_map(|features| features.keys().cloned());
    let mut features: Vec<String> =
        features.filter(|feature| all || !HEAVY.contains(&feature.as_str())).collect();
    features.sort();
    Package {
        name: text(&package["name"]),
        version: text(&package["version"]),
        folder: Path::new(&text(&package["manifest_path"])).parent().map(Path::to_owned).unwrap_or_default(),
        features,
    }
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// `package/feature` for every feature, as the `--features` of one command.
pub(crate) fn all_features(packages: &[Package]) -> String {
    let features = packages.iter().flat_map(|package| {
        package.features.iter().map(move |feature| format!("{}/{feature}", package.name))
    });
    features.collect::<Vec<_>>().join(",")
}

/// The cargo that runs this program, in the workspace's root.
pub(crate) fn cargo() -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root());
    command
}

/// The cargo for another workspace, which builds into our target folder: there it finds the dependencies that both share.
pub(crate) fn cargo_in(folder: &Path) -> Command {
    let mut command = cargo();
    command.current_dir(folder).env("CARGO_TARGET_DIR", root().join("target"));
    command
}

/// Runs a command that must succeed.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let status = command.status().map_err(|error| format!("{command:?}: {error}"))?;
    if status.success() { Ok(()) } else { Err(format!("{command:?}: {status}").into()) }
}
