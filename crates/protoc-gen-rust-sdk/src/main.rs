//! The plugin, and a command line for use without protoc and buf.

use std::process::ExitCode;

fn main() -> ExitCode {
    // Panics are caught and reported as errors that name the step.
    std::panic::set_hook(Box::new(|_| {}));
    if std::env::args_os().len() > 1 {
        protoc_gen_rust_sdk::cli::run()
    } else {
        protoc_gen_rust_sdk::plugin::run()
    }
}
