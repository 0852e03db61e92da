//! The golden crates: generated, checked in, compiled and tested.

use std::path::PathBuf;

use rust_sdk_regen::Regen;

use crate::root;

/// One golden crate.
pub(crate) struct Golden {
    /// The folder below `testdata/golden`.
    pub(crate) folder: &'static str,
    /// The folder of the generated files in it; the rest is written by hand.
    out: &'static str,
    pub(crate) options: &'static [&'static str],
}

/// The runtime dependency of the generated manifests, as a relative path.
const RUNTIME: &str = "runtime=path:../../../crates/rust-sdk-runtime";

/// All golden crates.
pub(crate) const GOLDENS: &[Golden] = &[
    Golden {
        folder: "lumen",
        out: "",
        options: &["package=lumen", "crate_name=lumen-cloud", "server=on", "reflection=on", RUNTIME],
    },
    Golden {
        folder: "shapes",
        out: "",
        options: &["package=shapes", "crate_name=shapes", "server=on", RUNTIME],
    },
    Golden {
        folder: "lumen-2021",
        out: "",
        options: &[
            "package=lumen",
            "crate_name=lumen-cloud-2021",
            "rust_edition=2021",
            "trace_header=lumen-trace-id",
            RUNTIME,
        ],
    },
    Golden {
        folder: "lumen-modules",
        out: "src/sdk",
        options: &["package=lumen", "crate_name=lumen-modules", "layout=modules"],
    },
    // An API with its own options for access.
    Golden {
        folder: "harbor",
        out: "",
        options: &[
            "package=harbor",
            "crate_name=harbor",
            "permissions_option=harbor.auth.v1.rule#auth.permission:signed-in=authenticated",
            "account_option=harbor.auth.v1.rule#auth.port_field",
            "account_field=-",
            "actors_option=harbor.auth.v1.rule#auth.callers",
            "mode_option=harbor.auth.v1.open_gate:true=public",
            "mode_option=harbor.auth.v1.inspection:INSPECTION_GATE=permissions;INSPECTION_PIER=custom",
            "unstated=deny",
            "custom_option=harbor.cargo.v1.storage",
            "custom_option=harbor.cargo.v1.label",
            "custom_option=harbor.cargo.v1.danger",
            RUNTIME,
        ],
    },
    // An API with types of another crate.
    Golden {
        folder: "ferry",
        out: "",
        options: &[
            "package=ferry",
            "crate_name=ferry",
            "extern_path=.harbor=::harbor",
            "dependency=harbor=path:../harbor",
            RUNTIME,
        ],
    },
    // An API with long-running operations, Google's and its own.
    Golden {
        folder: "kiln",
        out: "",
        options: &[
            "package=kiln",
            "crate_name=kiln",
            "server=on",
            "operation_option=kiln.jobs.v1.job",
            "service_config=testdata/proto/kiln/v1/kiln_v1.yaml",
            RUNTIME,
        ],
    },
    // An API in Google's style.
    Golden {
        folder: "signal",
        out: "",
        options: &[
            "package=signal",
            "crate_name=signal",
            "server=on",
            "routing_headers=on",
            "grpc_service_config=testdata/proto/signal/v1/signal_grpc_service_config.json",
            "service_config=testdata/proto/signal/v1/signal_v1.yaml",
            RUNTIME,
        ],
    },
    // An API with pages, permissions and marks of its own.
    Golden {
        folder: "archive",
        out: "",
        options: &[
            "package=archive",
            "crate_name=archive",
            // Names of the prelude.
            "rename=archive.v1.Box=Carton",
            "rename=archive.v1.Result=Found",
            "permissions_option=archive.v1.guard#scope:*=scope/*",
            "permissions_option=archive.v1.guard#ranks@archive.v1.badge:*=rank/*",
            "mode_option=archive.v1.guard#open:set=public",
            "account_option=archive.v1.is_house",
            "account_field=-",
            "pagination=page1:page;limit:rolls",
            "pagination=page0:sheet.number:result.scrolls",
            "pagination=token:after:last;notes",
            "required_option=archive.v1.needed",
            "redact_option=archive.v1.secrecy:SECRECY_SEALED",
            RUNTIME,
        ],
    },
    // A workspace, whose crates share types.
    Golden {
        folder: "depot",
        out: "",
        options: &[
            "package=depot",
            "layout=workspace",
            "crate=depot.admin",
            "crate=depot.jobs.v1=depot-jobs",
            "server=on",
            "permissions_option=depot.access.needs",
            "unstated=authenticated",
            "account_field=-",
            "operation_option=depot.jobs.v1.starts",
            "runtime=path:../../../crates/rust-sdk-runtime",
        ],
    },
];

impl Golden {
    /// The golden crate's folder.
    pub(crate) fn path(&self) -> PathBuf {
        root().join("testdata/golden").join(self.folder)
    }

    /// The generator of the golden crate.
    pub(crate) fn regen(&self) -> Regen {
        let out = if self.out.is_empty() { self.path() } else { self.path().join(self.out) };
        let regen = Regen::new()
            .proto_root(root().join("testdata/proto"))
            .out(out)
            .fix_command("`cargo xtask regen`");
        self.options.iter().fold(regen, |regen, option| match option.split_once("=testdata/") {
            // The path of a file.
            Some((key, file)) => {
                regen.option(format!("{key}={}", root().join("testdata").join(file).display()))
            }
            None => regen.option(*option),
        })
    }
}
