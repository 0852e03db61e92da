//! Follows the quick start word for word: writes its files, runs its commands and compares its output.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use super::blocks::{Block, blocks};
use super::pages::book;
use crate::workspace::cargo;
use crate::{Result, root};

/// Follows the page in a folder outside of this workspace.
pub(crate) fn follow() -> Result<()> {
    let page = fs::read_to_string(book().join("quick-start.md"))?;
    let (script, expected) = script(&blocks(&page))?;
    let status = cargo().args(["build", "--quiet", "-p", "protoc-gen-rust-sdk"]).status()?;
    if !status.success() {
        return Err(format!("the generator does not build: {status}").into());
    }
    let folder = tempfile::tempdir()?;
    let target = root().join("target");
    let output = Command::new("bash")
        .args(["-c", &script])
        .current_dir(root())
        .env("OWN_FOLDER", folder.path())
        .env("PATH", path(&target)?)
        .env("CARGO_TARGET_DIR", &target)
        .env("CARGO_NET_OFFLINE", "true")
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()?;
    let printed = String::from_utf8_lossy(&output.stdout);
    if !output.status.success() || !printed.ends_with(&expected) {
        return Err(format!("{}; it should print\n{expected}\nbut printed\n{printed}", output.status).into());
    }
    Ok(())
}

/// The `PATH` as after the installation of the generator.
fn path(target: &Path) -> Result<std::ffi::OsString> {
    let others = std::env::var_os("PATH").unwrap_or_default();
    Ok(std::env::join_paths(std::iter::once(target.join("debug")).chain(std::env::split_paths(&others)))?)
}

/// One script for all steps, and the output that it must print at its end.
fn script(blocks: &[Block]) -> Result<(String, String)> {
    let mut script = "set -euo pipefail\n".to_owned();
    let mut expected = String::new();
    for block in blocks {
        if block.marked("not followed").is_some() {
            continue;
        }
        if block.comment.as_deref() == Some("in a folder of your own") {
            script.push_str("cd \"$OWN_FOLDER\"\n");
        }
        if let Some(file) = block.marked("file") {
            write!(script, "cat > '{file}' <<'END OF FILE'\n{}END OF FILE\n", block.text)?;
            if file == "Cargo.toml" {
                // The tested versions, so that cargo does not look for newer ones.
                script.push_str("cp \"$SDK_REPO/Cargo.lock\" .\n");
            }
        } else if block.comment.as_deref() == Some("output") {
            expected.push_str(&block.text);
        } else if block.info == "sh" {
            script.push_str(&block.text);
        } else {
            return Err(
                format!("docs/src/quick-start.md: this block has no known purpose:\n{}", block.text).into()
            );
        }
    }
    if expected.is_empty() {
        return Err("docs/src/quick-start.md shows no output".into());
    }
    Ok((script, expected))
}
