//! The plugin's program.

use std::process::ExitCode;

fn main() -> ExitCode {
    // Panics are caught, and answered as errors.
    std::panic::set_hook(Box::new(|_| {}));
    buf_plugin_rust_sdk::run(std::env::args_os())
}
