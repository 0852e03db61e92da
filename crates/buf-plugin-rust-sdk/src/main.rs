//! The plugin's program.

use std::process::ExitCode;

fn main() -> ExitCode {
    // The response reports panics.
    std::panic::set_hook(Box::new(|_| {}));
    buf_plugin_rust_sdk::run(std::env::args_os())
}
