//! The Cargo features of the generated crate, for its manifest and its README.

use rust_sdk_model::Api;

use crate::tokens::has_client;

/// One feature.
pub(super) struct Feature {
    /// The name.
    pub(super) name: String,
    /// The features that it switches on.
    pub(super) enables: Vec<String>,
    /// What it is for, in Markdown; empty where its name says it.
    pub(super) meaning: &'static str,
}

fn feature(name: &str, enables: &[&str], meaning: &'static str) -> Feature {
    Feature { name: name.to_owned(), enables: enables.iter().map(|&name| name.to_owned()).collect(), meaning }
}

/// What an SDK has when nothing is said: everything generated but servers, and TLS that builds without a C compiler's
/// long run.
pub(super) fn defaults(api: &Api) -> Feature {
    let options = &api.options;
    let parts = [("grpc", options.grpc), ("rest", options.rest), ("tls-ring", has_client(options))];
    let mut names: Vec<&str> = parts.iter().filter(|(_, wanted)| *wanted).map(|(name, _)| *name).collect();
    names.push("all-packages");
    feature("default", &names, "")
}

/// Those that choose what is compiled for every package.
pub(super) fn transports(api: &Api) -> Vec<Feature> {
    let options = &api.options;
    let mut features = Vec::new();
    if options.grpc {
        features.push(feature("grpc", &["rust-sdk-runtime/grpc"], "calls by gRPC"));
    }
    if options.rest {
        // Requests are made from messages through JSON; without it there are path builders only.
        features.push(if options.json {
            feature("rest", &["json", "rust-sdk-runtime/rest"], "calls by REST, requests and path builders")
        } else {
            feature("rest", &[], "REST path builders")
        });
    }
    if options.json {
        features.push(feature("json", &["rust-sdk-runtime/json"], "ProtoJSON and serde for messages"));
    }
    if options.server {
        // The access layer finds the account of a request by its schema.
        let (all, meaning) = match (options.json, options.grpc && options.rest) {
            (true, true) => (
                &[
                    "dep:tonic",
                    "dep:tonic-prost",
                    "json",
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
        features.push(feature("testing", &["rust-sdk-runtime/testing"], "stand-ins for services in tests"));
        features.push(feature("tls-ring", &["rust-sdk-runtime/tls-ring"], "TLS by ring"));
        features.push(feature(
            "tls-aws-lc",
            &["rust-sdk-runtime/tls-aws-lc"],
            "TLS by AWS-LC, instead of ring",
        ));
        features.push(feature("tracing", &["rust-sdk-runtime/tracing"], "a `tracing` span for each call"));
    }
    features
}

/// One for each package.
pub(super) fn packages(api: &Api) -> Vec<Feature> {
    let features = api.packages.iter().map(|package| Feature {
        name: package.feature.clone(),
        enables: package.needs.clone(),
        meaning: "",
    });
    features.collect()
}

/// All of the packages.
pub(super) fn all_packages(api: &Api) -> Feature {
    let names: Vec<&str> = api.packages.iter().map(|package| package.feature.as_str()).collect();
    feature("all-packages", &names, "")
}
