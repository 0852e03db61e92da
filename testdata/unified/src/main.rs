//! `unified PROTO_ROOT OUT OPTION…`: generates a crate.

use std::process::ExitCode;

use rust_sdk_regen::Regen;

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let (Some(root), Some(out)) = (arguments.next(), arguments.next()) else {
        eprintln!("usage: unified PROTO_ROOT OUT OPTION…");
        return ExitCode::from(2);
    };
    let regen = arguments.fold(Regen::new().proto_root(root).out(out), Regen::option);
    match regen.write() {
        Ok(report) => {
            println!("{report}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
