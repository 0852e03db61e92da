//! `cargo xtask demo`: from `.proto` files to a program that uses the generated crate, with nothing installed but Rust.

use std::fs;
use std::path::Path;

use rust_sdk_regen::Regen;

use crate::workspace::cargo;
use crate::{Result, root};

/// A workspace of its own: the generated crate, and the example next to it.
const MANIFEST: &str = "[workspace]\nresolver = \"3\"\nmembers = [\"lumen-cloud\", \"app\"]\n";

/// Generates, builds and runs.
pub(crate) fn run() -> Result<()> {
    let demo = root().join("target/demo");
    generate(&demo)?;
    run_example(&demo)
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

/// Copies `examples/demo` next to the generated crate, builds both, and runs it.
fn run_example(demo: &Path) -> Result<()> {
    fs::create_dir_all(demo.join("app/src"))?;
    for file in ["Cargo.toml", "src/main.rs"] {
        fs::copy(root().join("examples/demo").join(file), demo.join("app").join(file))?;
    }
    fs::write(demo.join("Cargo.toml"), MANIFEST)?;
    // The versions that are tested, and none to look up.
    fs::copy(root().join("Cargo.lock"), demo.join("Cargo.lock"))?;
    let mut command = cargo();
    command.current_dir(demo).env("CARGO_TARGET_DIR", root().join("target"));
    let status = command.args(["run", "--quiet", "-p", "lumen-demo"]).status()?;
    if status.success() { Ok(()) } else { Err(format!("the example failed: {status}").into()) }
}
