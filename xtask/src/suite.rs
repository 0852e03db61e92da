//! `cargo xtask test`: everything that must hold before a merge.

use std::path::PathBuf;
use std::process::Command;

use crate::conformance::Conformance;
use crate::golden::GOLDENS;
use crate::steps::{Beside, Steps};
use crate::workspace::{Package, all_features, cargo, cargo_in, packages};
use crate::{
    Result, browser, demo, e2e, guide, names, oracle, packages, peers, regen, root, rules, tidy, unified,
};

/// Golden crates that are checked with each of their features alone. The others have the same code in another layout.
const EACH_FEATURE: [&str; 2] = ["lumen-cloud", "rust-sdk-runtime"];

/// Features of golden crates whose documentation is built alone: those of the parts, and a package that others link to.
const DOCUMENTED: [&str; 6] = ["greenhouse-v1", "grpc", "json", "rest", "server", "testing"];

/// Runs all steps, with the slow ones if `all` is set.
pub(crate) fn run(all: bool) -> Result<()> {
    let packages = packages(all)?;
    let features = all_features(&packages);
    let (golden, own): (Vec<&Package>, Vec<&Package>) =
        packages.iter().partition(|package| is_golden(package));
    let mut steps = Steps::default();
    if !all {
        steps.skip("tls-aws-lc", "takes long to build; `cargo xtask test --all` includes it");
    }

    steps.step("tidy", tidy::run);
    steps.command("format", cargo().args(["fmt", "--check"]));
    steps.step("golden crates are up to date", || regen::run(true));
    steps.step("documents: links, paths, facts and examples", || guide::run(true));
    book(&mut steps);
    let clippy = [
        "clippy",
        "--quiet",
        "--workspace",
        "--all-targets",
        "--features",
        &features,
        "--",
        "-D",
        "warnings",
    ];
    steps.command("clippy", cargo().args(clippy));

    let peers =
        [peer(&mut steps, "buf"), peer(&mut steps, "protoc"), peer(&mut steps, "nginx"), peers::envoy()];
    for shell in peers::SHELLS.into_iter().filter(|shell| !peers::is_shell(shell)) {
        steps.skip(&format!("the documentation's command lines in {shell}"), "it is not installed");
    }
    let variables = ["BUF", "PROTOC", "NGINX", "ENVOY"].into_iter().zip(peers);
    let variables: Vec<_> = variables.filter_map(|(key, path)| Some((key, path?))).collect();
    let test = |arguments: &[&str]| {
        let mut command = cargo();
        command.args(["test", "--workspace", "--features", &features]).args(arguments);
        command.envs(variables.iter().map(|(key, path)| (key, path)));
        command
    };
    steps.command("tests: build", &mut test(&["--quiet", "--no-run"]));
    steps.tests_beside(
        "tests, and examples in documentation",
        &mut test(&["--no-fail-fast", "--tests"]),
        &mut test(&["--no-fail-fast", "--doc"]),
    );

    let oldest_rust = oldest_rust(&mut steps, packages.iter().find(|package| package.name == "lumen-cloud"));
    for package in
        golden.iter().copied().chain(own.iter().copied().filter(|package| is_matrix(&package.name)))
    {
        feature_matrix(&mut steps, package);
    }
    golden_workspace(&mut steps);
    if let Some(oldest_rust) = oldest_rust {
        steps.end(oldest_rust);
    }

    let wasm = wasm(&mut steps);
    let mut doc = cargo();
    doc.args(["doc", "--quiet", "--workspace", "--no-deps", "--features", &features]);
    steps.command("documentation", doc.env("RUSTDOCFLAGS", "-D warnings"));

    steps.step("every HTTP rule leads back to its method", || rules::run(&rules::Arguments::default()));
    steps.step("an API that uses every name", names::run);
    if let Some(wasm) = wasm {
        steps.end(wasm);
        in_browser(&mut steps, all);
    }

    // The demo API, and the one with every shape.
    steps.step("the same output beside crates that share dependencies", || unified::run(&GOLDENS[..2]));
    steps.step("packages for crates.io", packages::run);
    dependencies(&mut steps);
    lumen_facts(&mut steps);
    steps.step("examples, over both transports", demo::run);
    steps.step("the quick start, word for word", guide::follow);
    transports(&mut steps);
    downstream(&mut steps);
    conformance(&mut steps);
    steps.finish()
}

fn is_golden(package: &Package) -> bool {
    package.folder.starts_with(root().join("testdata/golden"))
}

fn is_matrix(name: &str) -> bool {
    EACH_FEATURE.contains(&name)
}

/// Checks that there are no warnings with no feature, each feature alone, and all features. Generated code must have no
/// pedantic warnings either, and no links to items that a feature leaves out.
fn feature_matrix(steps: &mut Steps, package: &Package) {
    let name = &package.name;
    let with = |task: &str, features: &str| {
        let mut command = cargo();
        command.args([
            task,
            "--quiet",
            "--no-deps",
            "-p",
            name,
            "--no-default-features",
            "--features",
            features,
        ]);
        command
    };
    let check = |features: &str| {
        let mut command = with("clippy", features);
        command.args(["--", "-D", "warnings"]);
        command
    };
    steps.command(&format!("{name}: no feature"), &mut check(""));
    if is_matrix(name) {
        // Features that begin with an underscore only serve other features.
        for feature in package.features.iter().filter(|name| *name != "default" && !name.starts_with('_')) {
            steps.command(&format!("{name}: {feature} alone"), &mut check(feature));
            if is_golden(package) && DOCUMENTED.contains(&feature.as_str()) {
                let mut doc = with("doc", feature);
                doc.env("RUSTDOCFLAGS", "-D warnings");
                steps.command(&format!("{name}: documentation with {feature} alone"), &mut doc);
            }
        }
    }
    let mut all = check(&package.features.join(","));
    if is_golden(package) {
        all.args(["-W", "clippy::pedantic"]);
    }
    steps.command(&format!("{name}: all features"), &mut all);
}

/// Checks the generated workspace: all its crates together, and each crate alone. It uses the versions of this workspace.
fn golden_workspace(steps: &mut Steps) {
    let folder = root().join("testdata/golden/depot");
    let copy = || std::fs::copy(root().join("Cargo.lock"), folder.join("Cargo.lock"));
    steps.step("depot: versions", || copy().map(|_| ()).map_err(Into::into));
    let cargo = |arguments: &[&str]| {
        let mut command = cargo();
        command.current_dir(&folder).env("CARGO_TARGET_DIR", root().join("target")).args(arguments);
        command
    };
    let pedantic = ["--", "-D", "warnings", "-W", "clippy::pedantic"];
    let all = ["clippy", "--quiet", "--workspace", "--all-features"];
    steps.command("depot: all features", &mut cargo(&[&all[..], &pedantic].concat()));
    let doc = ["doc", "--quiet", "--workspace", "--no-deps", "--all-features"];
    steps.command("depot: documentation", cargo(&doc).env("RUSTDOCFLAGS", "-D warnings"));
    for name in ["depot-admin", "depot-fleet", "depot-kind", "depot-orders-v1"] {
        for features in
            ["", "grpc,all-packages", "rest,all-packages", "json,all-packages", "server,testing,all-packages"]
        {
            let one = ["clippy", "--quiet", "-p", name, "--no-default-features", "--features", features];
            steps.command(&format!("{name}: {features}"), &mut cargo(&[&one[..], &pedantic].concat()));
        }
    }
    let audit =
        ["clippy", "--quiet", "-p", "depot-admin", "--no-default-features", "--features", "users-v1,grpc"];
    steps.command("depot-admin: without an optional crate", &mut cargo(&[&audit[..], &pedantic].concat()));
}

/// Checks the published programs and a generated crate with the oldest supported Rust, beside the following steps.
fn oldest_rust(steps: &mut Steps, lumen: Option<&Package>) -> Option<Beside> {
    let version = concat!(env!("CARGO_PKG_RUST_VERSION"), ".0");
    let name = format!("Rust {version}");
    let rustup = |arguments: &[&str]| {
        let mut command = Command::new("rustup");
        command.current_dir(root()).args(["run", version]).args(arguments);
        command
    };
    if !rustup(&["cargo", "--version"]).output().is_ok_and(|output| output.status.success()) {
        steps.skip(&name, "it is not installed: `rustup toolchain install`");
        return None;
    }
    let mut check = rustup(&["cargo", "check", "--quiet", "--locked", "--target-dir", "target/oldest-rust"]);
    check.args(["-p", "protoc-gen-rust-sdk", "-p", "buf-plugin-rust-sdk", "-p", "lumen-cloud"]);
    check.args(["--features", &all_features(lumen.map_or(&[], std::slice::from_ref))]);
    Some(Steps::begin(&name, &mut check))
}

/// Builds generated crates for browsers, beside the following steps.
fn wasm(steps: &mut Steps) -> Option<Beside> {
    match browser::Toolchain::find() {
        Ok(toolchain) => {
            Some(Steps::begin("generated crates for wasm32-unknown-unknown", &mut toolchain.build()))
        }
        Err(reason) => {
            steps.skip("wasm32-unknown-unknown", &reason);
            None
        }
    }
}

/// With `all`, runs what is built for browsers in one.
fn in_browser(steps: &mut Steps, all: bool) {
    let name = "calls from a real browser";
    if !all {
        steps.skip(name, "takes long to build; `cargo xtask test --all` includes it");
    } else if let Some(chromium) = peer(steps, "chromium") {
        steps.step(name, || browser::open(&chromium));
    }
}

/// Builds the guide as a book.
fn book(steps: &mut Steps) {
    let name = "the book";
    match guide::mdbook() {
        Some(mdbook) => steps.step(name, || guide::build(&mdbook)),
        None => steps.skip(name, "mdbook is not installed; its links are checked all the same"),
    }
}

/// Checks licences, sources and versions of dependencies. Advisories are left out, since they need another network.
fn dependencies(steps: &mut Steps) {
    let name = "licences and sources of dependencies";
    let Some(deny) = peers::find("cargo-deny") else {
        return steps.skip(name, "cargo-deny is not installed");
    };
    let mut check = Command::new(deny);
    check.current_dir(root()).args(["--locked", "--log-level", "error", "check"]);
    steps.command(name, check.args(["licenses", "bans", "sources"]));
}

/// Compares the demo API's access table with facts that were written by hand.
fn lumen_facts(steps: &mut Steps) {
    let Some(lumen) = GOLDENS.first() else { return };
    let facts = root().join("testdata/oracle/lumen.json");
    steps.step("facts of the demo API", || {
        oracle::run(&lumen.path().join("access.json"), &facts, Some(&lumen.path()))
    });
}

/// Compares both transports for every method. REST goes through a real Envoy, if it is installed.
fn transports(steps: &mut Steps) {
    let name = "every method over gRPC and, through a real Envoy, over REST";
    if peers::envoy().is_some() {
        steps.step(name, || e2e::run(&e2e::Arguments::default()));
    } else {
        steps.skip(name, "envoy is not installed; its recorded exchanges are played back");
    }
}

/// Tests the example of a repository that uses the generator, with its server: its own workspace, built into our target folder.
fn downstream(steps: &mut Steps) {
    let folder = root().join("examples/downstream");
    let format = ["fmt", "-p", "acme-xtask", "-p", "acme-server", "--check"];
    steps.command("downstream: format", cargo_in(&folder).args(format));
    let clippy = ["clippy", "--quiet", "--workspace", "--all-targets", "--", "-D", "warnings"];
    steps.command("downstream: clippy", cargo_in(&folder).args(clippy));
    // With its xtask, so that it is of the same build as the tests.
    let build = ["build", "--quiet", "--workspace", "--bins", "--tests"];
    steps.command("downstream: build", cargo_in(&folder).args(build));
    let mut regen = Command::new(root().join("target/debug/acme-xtask"));
    regen.current_dir(&folder).args(["regen", "--check"]);
    steps.command("downstream: its crate is up to date", &mut regen);
    steps.tests("downstream: tests", cargo_in(&folder).args(["test", "--quiet", "--workspace"]));
}

/// An optional program for tests.
fn peer(steps: &mut Steps, name: &str) -> Option<PathBuf> {
    let found = peers::find(name);
    if found.is_none() {
        steps.skip(&format!("tests with the real {name}"), "it is not installed");
    }
    found
}

/// Runs protobuf's own tests, if their runner is installed.
fn conformance(steps: &mut Steps) {
    match Conformance::find() {
        Ok(conformance) => steps.step("conformance", || conformance.run()),
        Err(reason) => steps.skip("conformance", &reason.to_string()),
    }
}
