//! Throughput of the gateway beside its peers', in one run.

use std::error::Error;
use std::process::ExitCode;
use std::time::Duration;

mod backend;
mod envoy;
mod front;
mod in_process;
mod load;
mod messages;
mod peer;
mod sockets;

type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

/// Without a word: the whole run. The others are its child processes.
fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let result = match words[..] {
        [] => in_process::run(None).and_then(|()| sockets::run()),
        ["in-process"] => in_process::run(None),
        ["in-process", message] => in_process::run(Some(message)),
        ["profile", who, message] => in_process::profile(who, message),
        ["sockets"] => sockets::run(),
        ["backend", address] => block_on(backend::serve(address)),
        ["front", address, backend] => block_on(front::serve(address, backend)),
        ["load", address, message, seconds] => block_on(async {
            let message = messages::all().into_iter().find(|found| found.name == message).ok_or("what?")?;
            let count = load::run(address, &message, Duration::from_secs(seconds.parse()?)).await?;
            println!("{count}");
            Ok(())
        }),
        _ => {
            Err("usage: gateway-bench [in-process [MESSAGE] | profile ours|theirs MESSAGE | sockets]".into())
        }
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn block_on<T>(work: impl Future<Output = Result<T>>) -> Result<T> {
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(work)
}
