//! `bindgen FILE.wasm FOLDER`: writes `page.js` and `page_bg.wasm`.

use std::process::ExitCode;

use wasm_bindgen_cli_support::Bindgen;

fn main() -> ExitCode {
    let mut words = std::env::args_os().skip(1);
    let (Some(input), Some(folder)) = (words.next(), words.next()) else {
        eprintln!("usage: bindgen FILE.wasm FOLDER");
        return ExitCode::FAILURE;
    };
    let mut bindgen = Bindgen::new();
    let result = bindgen.web(true).and_then(|bindgen| {
        bindgen.input_path(input).out_name("page").typescript(false).generate(folder)
    });
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error:?}");
            ExitCode::FAILURE
        }
    }
}
