//! Calls every method of an API over gRPC, and over REST through a real Envoy, and compares: what the server gets, what
//! the caller gets, and what is on the wire in between.

mod compare;
mod descriptors;
mod differences;
mod envoy;
mod gateway;
mod limits;
mod methods;
mod oracle;
mod populate;
mod probes;
mod proxy;
mod record;
mod relay;
mod replay;
mod run;
mod server;
mod subject;

use std::error::Error;
use std::path::PathBuf;
use std::process::ExitCode;

use run::Arguments;

#[tokio::main]
async fn main() -> ExitCode {
    match start().await {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

async fn start() -> Result<bool, Box<dyn Error>> {
    let mut arguments = Arguments::default();
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        let value = words.next().map(PathBuf::from).ok_or_else(|| format!("{word} needs a value"))?;
        match word.as_str() {
            "--envoy" => arguments.envoy = value,
            "--folder" => arguments.folder = value,
            "--oracle" => arguments.oracle = Some(value),
            "--record" => arguments.record = Some(value),
            _ => return Err(format!("what is {word}?").into()),
        }
    }
    run::run(&arguments).await
}
