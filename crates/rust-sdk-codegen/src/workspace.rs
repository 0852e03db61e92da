//! The root of a workspace: its manifest, and the list of its crates.

use askama::Template;
use rust_sdk_model::{Api, Options};

use crate::Files;
use crate::documents::{
    Entry, RUST_VERSION, crate_packages, key, render, shared_dependencies, string, summary,
};

/// What the root says about a crate.
#[derive(Clone, Debug)]
pub struct CrateFacts {
    name: String,
    packages: String,
    summary: String,
}

impl CrateFacts {
    /// The facts about the crate of this API.
    pub fn of(api: &Api) -> Self {
        Self { name: api.crate_name.clone(), packages: crate_packages(api), summary: summary(api) }
    }
}

/// `Cargo.toml` of the workspace; every string is a TOML value.
#[derive(Template)]
#[template(path = "Workspace.toml.jinja", escape = "none")]
struct Manifest {
    version: String,
    edition: String,
    rust_version: &'static str,
    members: Vec<String>,
    dependencies: Vec<Entry>,
    crates: Vec<Entry>,
}

/// `README.md` of the workspace.
#[derive(Template)]
#[template(path = "WORKSPACE.md.jinja", escape = "none")]
struct Readme<'a> {
    crates: &'a [CrateFacts],
    generator: &'static str,
}

/// The files of the root, for the crates below `crates/`.
pub fn root(options: &Options, crates: &[CrateFacts]) -> Files {
    let version = string(&options.crate_version);
    let member = |facts: &CrateFacts| Entry {
        key: key(&facts.name),
        value: format!(
            "{{ path = {}, version = {version}, default-features = false }}",
            string(&folder(&facts.name))
        ),
    };
    let manifest = Manifest {
        edition: string(&options.rust_edition),
        rust_version: RUST_VERSION,
        members: crates.iter().map(|facts| string(&folder(&facts.name))).collect(),
        dependencies: shared_dependencies(options),
        crates: crates.iter().map(member).collect(),
        version,
    };
    let mut files = Files::from([("Cargo.toml".to_owned(), render(&manifest))]);
    if options.docs {
        let readme = Readme { crates, generator: env!("CARGO_PKG_VERSION") };
        files.insert("README.md".to_owned(), render(&readme));
    }
    files
}

fn folder(name: &str) -> String {
    format!("crates/{name}")
}
