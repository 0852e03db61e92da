//! The plugin, and a command line for those who use neither protoc nor buf.

use std::process::ExitCode;

fn main() -> ExitCode {
    // Panics are caught and reported as errors that say what was being done.
    std::panic::set_hook(Box::new(|_| {}));
    if std::env::args_os().len() > 1 {
        protoc_gen_rust_sdk::cli::run()
    } else {
        protoc_gen_rust_sdk::plugin::run()
    }
}
