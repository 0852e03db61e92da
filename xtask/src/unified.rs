//! Cargo enables the union of all features of a dependency in a build. The generator as a library must produce the same
//! files in every such build: `testdata/unified` enables all features that could matter, and its output is compared
//! with the output of the command.

use std::fs;

use crate::golden::Golden;
use crate::workspace::{cargo, cargo_in};
use crate::{Result, folders, root};

/// Generates each of these twice and compares every byte.
pub(crate) fn run(goldens: &[Golden]) -> Result<()> {
    let program = root().join("testdata/unified");
    for golden in goldens {
        let folder = root().join("target/unified").join(golden.folder);
        if folder.exists() {
            fs::remove_dir_all(&folder)?;
        }
        let (library, command) = (folder.join("library"), folder.join("command"));
        let protos = root().join("testdata/proto");
        let mut with = cargo_in(&program);
        with.args(["run", "--quiet", "--locked", "--"]).args([&protos, &library]).args(golden.options);
        let mut without = cargo();
        without
            .args(["run", "--quiet", "-p", "protoc-gen-rust-sdk", "--", "generate", "--proto-root"])
            .arg(&protos);
        without.args(golden.options.iter().flat_map(|option| ["--opt", option])).arg("--out").arg(&command);
        for mut run in [with, without] {
            let output = run.output()?;
            if !output.status.success() {
                return Err(format!("{run:?}: {}", String::from_utf8_lossy(&output.stderr)).into());
            }
        }
        folders::compare(&library, &command)?;
    }
    Ok(())
}
