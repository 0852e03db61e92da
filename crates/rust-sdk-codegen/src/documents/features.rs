//! The Cargo features of the generated crate, for its manifest and its README.

use rust_sdk_model::Api;

use crate::tokens::has_client;

/// One feature.
pub(super) struct Feature {
    /// The name.
    pub(super) name: String,
    /// The features that it switches on.
    pub(super) enables: Vec<String>,
    /// Its purpose, in Markdown; empty if the name states it.
    pub(super) meaning: &'static str,
}

fn feature(name: &str, enables: &[&str], meaning: &'static str) -> Feature {
    Feature { name: name.to_owned(), enables: enables.iter().map(|&name| name.to_owned()).collect(), meaning }
}

/// The default features: the generated transports, TLS by ring, which compiles less C than AWS-LC, and all packages.
pub(super) fn defaults(api: &Api) -> Feature {
    let options = &api.options;
    let parts = [("grpc", options.grpc), ("rest", options.rest), ("tls-ring", has_client(options))];
    let mut names: Vec<&str> = parts.iter().filter(|(_, wanted)| *wanted).map(|(name, _)| *name).collect();
    names.push("all-packages");
    feature("default", &names, "")
}

/// The features that choose what is compiled for every package.
pub(super) fn transports(api: &Api) -> Vec<Feature> {
    let options = &api.options;
    let mut features = Vec::new();
    if options.grpc {
        features.push(feature("grpc", &["rust-sdk-runtime/grpc"], "calls over gRPC"));
    }
    if options.rest {
        // REST requests are made from messages through JSON. Without JSON, there are only path builders.
        features.push(if options.json {
            feature("rest", &["json", "rust-sdk-runtime/rest"], "calls over REST, requests and path builders")
        } else {
            feature("rest", &[], "REST path builders")
        });
    }
    if options.json {
        let mut json = feature("json", &["rust-sdk-runtime/json"], "ProtoJSON and serde for messages");
        // Methods of other crates that read operations need their schemas.
        json.enables.extend(api.dependencies.iter().map(|dependency| {
            let weak = if dependency.optional { "?" } else { "" };
            format!("{}{weak}/json", dependency.name)
        }));
        features.push(json);
    }
    if options.server {
        // The access layer finds the account of a request by its schema.
        let (all, meaning) = match (options.json, options.grpc && options.rest) {
            (true, true) => (
                &[
                    "dep:tonic",
                    "dep:tonic-prost",
                    "json",
                    "rust-sdk-runtime/direct",
                    "rust-sdk-runtime/gateway",
                    "rust-sdk-runtime/server",
                ][..],
                "tonic server traits, the gateway that serves them over REST, and the layer that enforces access rules",
            ),
            (true, false) => (
                &["dep:tonic", "dep:tonic-prost", "json", "rust-sdk-runtime/server"][..],
                "tonic server traits, and the layer that enforces access rules",
            ),
            (false, _) => (&["dep:tonic", "dep:tonic-prost"][..], "tonic server traits"),
        };
        features.push(feature("server", all, meaning));
    }
    if has_client(options) {
        features.push(feature(
            "gzip",
            &["rust-sdk-runtime/gzip"],
            "gzip of gRPC messages and of REST responses",
        ));
        features.push(feature("testing", &["rust-sdk-runtime/testing"], "stubs of services for tests"));
        features.push(feature("tls-ring", &["rust-sdk-runtime/tls-ring"], "TLS with rustls and ring"));
        features.push(feature(
            "tls-aws-lc",
            &["rust-sdk-runtime/tls-aws-lc"],
            "TLS with rustls and AWS-LC instead of ring",
        ));
        features.push(feature(
            "tls-native-roots",
            &["rust-sdk-runtime/tls-native-roots"],
            "the system's root certificates, and `SSL_CERT_FILE`, instead of Mozilla's",
        ));
        features.push(feature("tracing", &["rust-sdk-runtime/tracing"], "a `tracing` span for each call"));
    }
    features
}

/// A feature for each package.
pub(super) fn packages(api: &Api) -> Vec<Feature> {
    let features = api.packages.iter().map(|package| Feature {
        name: package.feature.clone(),
        enables: package.needs.clone(),
        meaning: "",
    });
    features.collect()
}

/// The feature that enables all packages.
pub(super) fn all_packages(api: &Api) -> Feature {
    let names: Vec<&str> = api.packages.iter().map(|package| package.feature.as_str()).collect();
    feature("all-packages", &names, "")
}
