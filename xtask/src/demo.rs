//! `cargo xtask demo`: from `.proto` files to a program that uses the generated crate, with only Rust installed.

use std::fs;
use std::path::Path;
use std::process::Command;

use rust_sdk_regen::Regen;

use crate::workspace::cargo_in;
use crate::{Result, root, workspace};

/// A workspace with the generated crate and the examples.
const MANIFEST: &str = "[workspace]
resolver = \"3\"
members = [\"lumen-cloud\", \"demo\", \"lifecycle\", \"axum-server\"]
";

/// The folders below `examples` that use the generated crate.
const EXAMPLES: [&str; 3] = ["demo", "lifecycle", "axum-server"];

/// Generates, builds and runs.
pub(crate) fn run() -> Result<()> {
    let demo = root().join("target/demo");
    generate(&demo)?;
    copy_examples(&demo)?;
    // Together, so that cargo builds what they share once.
    workspace::run(cargo_in(&demo).args(["build", "--quiet", "--workspace", "--bins"]))?;
    for example in EXAMPLES {
        workspace::run(&mut Command::new(root().join(format!("target/debug/lumen-{example}"))))?;
    }
    Ok(())
}

fn generate(demo: &Path) -> Result<()> {
    let report = Regen::new()
        .proto_root(root().join("testdata/proto"))
        .option("package=lumen")
        .option("crate_name=lumen-cloud")
        .option("server=on")
        .option(format!("runtime=path:{}", root().join("crates/rust-sdk-runtime").display()))
        .out(demo.join("lumen-cloud"))
        .write()?;
    println!("generated {}: {report}", demo.join("lumen-cloud").display());
    Ok(())
}

/// Copies the examples beside the generated crate.
fn copy_examples(demo: &Path) -> Result<()> {
    for example in EXAMPLES {
        let (from, to) = (root().join("examples").join(example), demo.join(example));
        fs::create_dir_all(to.join("src"))?;
        fs::copy(from.join("Cargo.toml"), to.join("Cargo.toml"))?;
        for file in fs::read_dir(from.join("src"))? {
            let file = file?;
            fs::copy(file.path(), to.join("src").join(file.file_name()))?;
        }
    }
    fs::write(demo.join("Cargo.toml"), MANIFEST)?;
    // The tested versions, so that cargo does not look for newer ones.
    fs::copy(root().join("Cargo.lock"), demo.join("Cargo.lock"))?;
    Ok(())
}
