//! Other programs, which some tests use if they are installed.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::{Result, root};

/// The shells that a test runs the documentation's command lines in.
pub(crate) const SHELLS: [&str; 3] = ["bash", "zsh", "dash"];

/// The folder into which `.ci/run` and `cargo xtask conformance` install them.
pub(crate) fn folder() -> PathBuf {
    root().join("target/peers")
}

/// Finds a program by name: by a variable, such as `BUF`, in [`folder`], or in the `PATH`.
pub(crate) fn find(name: &str) -> Option<PathBuf> {
    let installed = ["node_modules/.bin", "python/bin"].map(|bin| folder().join(bin).join(name));
    let stated = std::env::var_os(name.to_uppercase().replace('-', "_")).map(PathBuf::from).into_iter();
    // Debian's servers are there, outside of the `PATH` of users.
    let places = [PathBuf::from(name), Path::new("/usr/sbin").join(name)];
    stated.chain(installed).chain(places).find(|path| runs(path))
}

/// Finds Envoy: by the variable `ENVOY`, in [`folder`], or in the `PATH`.
pub(crate) fn envoy() -> Option<PathBuf> {
    let pythons = std::fs::read_dir(folder().join("python/lib")).into_iter().flatten().flatten();
    let installed = pythons.map(|python| python.path().join("site-packages/envoy/_bin/envoy"));
    let stated = std::env::var_os("ENVOY").map(PathBuf::from).into_iter();
    stated.chain(installed).chain([PathBuf::from("envoy")]).find(|path| runs(path))
}

/// Whether a shell is installed. Not every shell has `--version`.
pub(crate) fn is_shell(name: &str) -> bool {
    Command::new(name).args(["-c", ":"]).status().is_ok_and(|status| status.success())
}

/// Whether a program starts.
pub(crate) fn runs(program: &Path) -> bool {
    let mut command = Command::new(program);
    // nginx has no other form.
    command
        .arg(if program.ends_with("nginx") { "-v" } else { "--version" })
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

/// Runs a command. Its error output becomes the error.
pub(crate) fn output(command: &mut Command) -> Result<()> {
    let output = command.output().map_err(|error| format!("{command:?}: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    let text = String::from_utf8_lossy(&output.stderr);
    Err(format!("{command:?}: {}: {}", output.status, text.trim()).into())
}
