//! `Cargo.toml` of the generated crate.

use std::fmt::Write as _;

use askama::Template;
use rust_sdk_model::api::Dependency;
use rust_sdk_model::options::CrateSource;
use rust_sdk_model::{Api, Options};

use super::features::{self, Feature};

/// The version of prost and prost-types that generated messages are for.
const PROST: &str = "0.14";
/// The version of tonic and tonic-prost that generated server traits are for.
const TONIC: &str = "0.14";

/// The oldest Rust that compiles generated crates.
pub(crate) const RUST_VERSION: &str = "1.88";

/// The whole manifest; every string is a TOML value.
#[derive(Template)]
#[template(path = "Cargo.toml.jinja", escape = "none")]
pub(super) struct View {
    name: String,
    version: String,
    edition: String,
    rust_version: String,
    description: String,
    features: Vec<Entry>,
    packages: Vec<Entry>,
    dependencies: Vec<Entry>,
}

/// One line of a table.
pub(crate) struct Entry {
    pub(crate) key: String,
    pub(crate) value: String,
}

pub(super) fn view(api: &Api) -> View {
    let mut features = vec![entry(&features::defaults(api))];
    features.extend(features::transports(api).iter().map(entry));
    let mut packages = vec![wide_entry(&features::all_packages(api))];
    packages.extend(features::packages(api).iter().map(entry));
    // What all crates of a workspace share is in its root.
    let own = |value: String| if api.is_member { "{ workspace = true }".to_owned() } else { value };
    View {
        name: string(&api.crate_name),
        version: own(string(&api.options.crate_version)),
        edition: own(string(&api.options.rust_edition)),
        rust_version: own(string(RUST_VERSION)),
        description: string(&description(api)),
        features,
        packages,
        dependencies: dependencies(api),
    }
}

/// Says which API this is: the crate's name alone is often an abbreviation.
fn description(api: &Api) -> String {
    match api.packages.as_slice() {
        [one] if !one.name.is_empty() => format!("Rust SDK of the protobuf package {}", one.name),
        _ => format!("Rust SDK of the {} API", api.crate_name),
    }
}

fn dependencies(api: &Api) -> Vec<Entry> {
    let mut entries = shared_dependencies(&api.options);
    if api.is_member {
        for entry in &mut entries {
            // Generated traits are behind the feature `server`.
            let optional = if entry.key.starts_with("tonic") { ", optional = true" } else { "" };
            entry.value = format!("{{ workspace = true{optional} }}");
        }
        entries.extend(api.dependencies.iter().map(sibling));
    } else {
        for entry in entries.iter_mut().filter(|entry| entry.key.starts_with("tonic")) {
            entry.value = entry.value.replace(" }", ", optional = true }");
        }
    }
    entries
}

/// Another crate of the workspace.
fn sibling(dependency: &Dependency) -> Entry {
    let mut value = "workspace = true".to_owned();
    if !dependency.features.is_empty() {
        let features: Vec<String> = dependency.features.iter().map(|feature| string(feature)).collect();
        let _ = write!(value, ", features = [{}]", features.join(", "));
    }
    if dependency.optional {
        value.push_str(", optional = true");
    }
    Entry { key: key(&dependency.name), value: format!("{{ {value} }}") }
}

/// The dependencies of every generated crate, as far as the options need them.
pub(crate) fn shared_dependencies(options: &Options) -> Vec<Entry> {
    let mut lines = vec![("prost", string(PROST)), ("prost-types", string(PROST))];
    lines.push(("rust-sdk-runtime", format!("{{ {}, default-features = false }}", source(&options.runtime))));
    if options.server {
        // Generated traits use `tonic::codegen`. The program that serves them chooses a transport.
        let tonic =
            format!("{{ version = {}, default-features = false, features = [\"codegen\"] }}", string(TONIC));
        lines.push(("tonic", tonic));
        lines.push(("tonic-prost", format!("{{ version = {} }}", string(TONIC))));
    }
    let mut entries: Vec<Entry> =
        lines.into_iter().map(|(key, value)| Entry { key: key.to_owned(), value }).collect();
    let others = options.dependencies.iter();
    entries.extend(
        others.map(|(name, from)| Entry { key: key(name), value: format!("{{ {} }}", source(from)) }),
    );
    entries
}

/// Where the runtime comes from, as keys of an inline table.
fn source(runtime: &CrateSource) -> String {
    match runtime {
        CrateSource::Version(version) => format!("version = {}", string(version)),
        CrateSource::Path(path) => format!("path = {}", string(path)),
        CrateSource::Git(url, None) => format!("git = {}", string(url)),
        CrateSource::Git(url, Some(revision)) => format!("git = {}, rev = {}", string(url), string(revision)),
    }
}

fn entry(feature: &Feature) -> Entry {
    Entry { key: key(&feature.name), value: format!("[{}]", strings(feature).join(", ")) }
}

/// One name a line, so that a new package is one new line.
fn wide_entry(feature: &Feature) -> Entry {
    Entry { key: key(&feature.name), value: format!("[\n    {},\n]", strings(feature).join(",\n    ")) }
}

fn strings(feature: &Feature) -> Vec<String> {
    feature.enables.iter().map(|name| string(name)).collect()
}

/// A TOML basic string. JSON's escapes are a subset of TOML's (<https://toml.io/en/v1.0.0#string>).
pub(crate) fn string(text: &str) -> String {
    serde_json::Value::from(text).to_string().replace('\u{7f}', "\\u007f")
}

pub(crate) fn key(name: &str) -> String {
    let bare = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'));
    if bare { name.to_owned() } else { string(name) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_runtime_comes_from_where_it_was_asked() {
        assert_eq!(source(&CrateSource::Version("=0.1.2".into())), r#"version = "=0.1.2""#);
        assert_eq!(source(&CrateSource::Path(r#"a\"b"#.into())), r#"path = "a\\\"b""#);
        assert_eq!(source(&CrateSource::Git("https://a/b".into(), None)), r#"git = "https://a/b""#);
        assert_eq!(
            source(&CrateSource::Git("https://a/b".into(), Some("c0".into()))),
            r#"git = "https://a/b", rev = "c0""#
        );
    }

    #[test]
    fn keys_are_quoted_where_they_must() {
        assert_eq!(key("cluster-v1"), "cluster-v1");
        assert_eq!(key(""), r#""""#);
    }
}
