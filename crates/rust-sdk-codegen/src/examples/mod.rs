//! How a method is called: in Rust, by curl and by grpcurl.

mod commands;
mod rust;
pub(crate) mod samples;
mod shell;

use rust_sdk_model::Api;
use rust_sdk_model::api::{Method, Service};
use rust_sdk_model::options::Layout;

pub(crate) use self::rust::{Example, client};
use crate::client::Requests;
use crate::tokens::has_client;

/// The doc lines of all examples that the method has.
pub(crate) fn lines(api: &Api, service: &Service, method: &Method, requests: &Requests<'_>) -> Vec<String> {
    let mut lines = Vec::new();
    if api.options.layout == Layout::Crate && has_client(&api.options) && !method.client_streaming {
        lines.extend([String::new(), "```no_run".to_owned()]);
        // Without this, the example of a deprecated method would cause a warning.
        lines.extend(method.deprecated.then(|| "# #[allow(deprecated)]".to_owned()));
        let (client, error) = (client(api), rust::error(api));
        lines.push(format!("# async fn f(client: {client}) -> Result<(), {error}> {{"));
        let example = Example::new(api, service, method, requests);
        lines.extend(example.imports());
        lines.extend(example.statement(0).lines().map(str::to_owned));
        lines.extend(["# Ok(()) }".to_owned(), "```".to_owned()]);
    }
    let shell = commands::lines(method, requests);
    if !shell.is_empty() {
        lines.extend([String::new(), "```sh".to_owned()]);
        lines.extend(shell);
        lines.push("```".to_owned());
    }
    lines
}
