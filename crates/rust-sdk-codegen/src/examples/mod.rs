//! How a method is called: in Rust, by curl and by grpcurl.

mod commands;
pub(crate) mod samples;
mod shell;

use rust_sdk_model::Api;
use rust_sdk_model::api::{Field, Kind, Method, Presence, RustType, Service, TypeRef};
use rust_sdk_model::options::Layout;

use self::samples::{mask_field, sample};
use crate::client::Requests;
use crate::tokens::has_client;

/// The doc lines of all examples that the method has.
pub(crate) fn lines(api: &Api, service: &Service, method: &Method, requests: &Requests<'_>) -> Vec<String> {
    let mut lines = Vec::new();
    if api.options.layout == Layout::Crate && has_client(&api.options) && !method.client_streaming {
        // What a deprecated method's example would be told of.
        let allow = if method.deprecated { "# #[allow(deprecated)]\n" } else { "" };
        let call = call(api, service, method, requests);
        let (result, then) = if method.server_streaming {
            let each = "\nwhile let Some(response) = responses.message().await? {\n    println!(\"{response:?}\");\n}";
            ("let mut responses", each)
        } else {
            ("let response", "")
        };
        let client = client(api);
        let example = format!(
            "\n```no_run\n{allow}# async fn f(client: {client}) -> Result<(), {}> {{\n\
             {result} = client.{call}.await?;{then}\n# Ok(()) }}\n```",
            error(api),
        );
        lines.extend(example.lines().map(str::to_owned));
    }
    let shell = commands::lines(method, requests);
    if !shell.is_empty() {
        lines.extend([String::new(), "```sh".to_owned()]);
        lines.extend(shell);
        lines.push("```".to_owned());
    }
    lines
}

/// `greenhouse_service().get_greenhouse("greenhouse-id")`
pub(crate) fn call(api: &Api, service: &Service, method: &Method, requests: &Requests<'_>) -> String {
    let message = requests.of(method);
    let arguments: Vec<String> = method
        .arguments
        .iter()
        .filter_map(|argument| Some(rust_value(api, requests, &message?.fields[argument.field])))
        .collect();
    format!("{}().{}({})", service.accessor, method.function, arguments.join(", "))
}

fn rust_value(api: &Api, requests: &Requests<'_>, field: &Field) -> String {
    if let (Some(resource), Presence::Explicit) = (&field.mask_of, field.presence)
        && let Some(mask) = requests.message(resource).and_then(|message| message.mask.as_ref())
    {
        let field = mask_field(requests, resource).map(|(mask, _)| format!(".{}()", mask.function));
        return format!("{}::{}(){}", path(api, resource), mask.function, field.unwrap_or_default());
    }
    match (field.presence, &field.kind) {
        (Presence::Repeated | Presence::Packed, kind) => format!("[{}]", rust_single(api, &field.name, kind)),
        (_, kind) => rust_single(api, &field.name, kind),
    }
}

fn rust_single(api: &Api, name: &str, kind: &Kind) -> String {
    match kind {
        Kind::Scalar("String") => format!("{:?}", sample(name)),
        Kind::Scalar("Bytes") => "*b\"...\"".to_owned(),
        Kind::Scalar("Bool") => "true".to_owned(),
        Kind::Scalar("Float" | "Double") => "0.5".to_owned(),
        Kind::Scalar(_) => "7".to_owned(),
        Kind::Enum(ty) | Kind::Message(ty) | Kind::Group(ty) => format!("{}::default()", path(api, ty)),
        Kind::Map(key, value) => {
            format!("({}, {})", rust_single(api, "key", key), rust_single(api, name, value))
        }
    }
}

/// The type's path from outside of the crate.
fn path(api: &Api, ty: &TypeRef) -> String {
    match &ty.rust {
        RustType::Local(path) => format!("{}::{}", crate_name(api), path.join("::")),
        RustType::Foreign(text) => format!("<{text}>"),
    }
}

fn crate_name(api: &Api) -> String {
    api.crate_name.replace('-', "_")
}

/// Where the client is found: at the root, unless a package of the API has that for itself.
pub(crate) fn client(api: &Api) -> String {
    let krate = crate_name(api);
    if has_root(api) {
        format!("{krate}::{}::Client", api.root_modules.client)
    } else {
        format!("{krate}::Client")
    }
}

fn error(api: &Api) -> String {
    let krate = crate_name(api);
    if has_root(api) {
        format!("{krate}::{}::Error", api.root_modules.runtime)
    } else {
        format!("{krate}::Error")
    }
}

fn has_root(api: &Api) -> bool {
    api.packages.iter().any(|package| package.module.is_empty())
}
