//! How a method is called: in Rust, by curl and by grpcurl.

use std::fmt::Write as _;

use rust_sdk_model::Api;
use rust_sdk_model::api::{
    Binding, Body, Field, Kind, Message, Method, Presence, RustType, Service, TypeRef,
};
use rust_sdk_model::options::Layout;
use rust_sdk_model::template::Segment;

use crate::calls::Requests;
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
        let (krate, client) = (crate_name(api), &api.root_modules.client);
        let example = format!(
            "\n```no_run\n{allow}# async fn f(client: {krate}::{client}::Client) -> Result<(), {}::Error> {{\n\
             {result} = client.{call}.await?;{then}\n# Ok(()) }}\n```",
            runtime(api),
        );
        lines.extend(example.lines().map(str::to_owned));
    }
    let shell: Vec<String> =
        [curl(method, requests), grpcurl(method, requests)].into_iter().flatten().collect();
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
        .filter_map(|argument| Some(rust_value(api, &message?.fields[argument.field])))
        .collect();
    format!("{}().{}({})", service.accessor, method.function, arguments.join(", "))
}

fn rust_value(api: &Api, field: &Field) -> String {
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

fn runtime(api: &Api) -> String {
    format!("{}::{}", crate_name(api), api.root_modules.runtime)
}

/// A text that says what it stands for: `account_id` gives `account-id`.
pub(crate) fn sample(name: &str) -> String {
    name.rsplit('.').next().unwrap_or(name).replace('_', "-")
}

/// The request that curl makes of the first binding.
fn curl(method: &Method, requests: &Requests<'_>) -> Option<String> {
    let binding = method.bindings.first()?;
    if method.client_streaming {
        return None;
    }
    let verb = match binding.verb.as_str() {
        "GET" => String::new(),
        "*" => " -X POST".to_owned(),
        verb => format!(" -X {verb}"),
    };
    let mut line = format!("curl{verb} -H \"Authorization: $AUTHORIZATION\"");
    if let Some(body) = body(binding, method, requests) {
        let _ = write!(line, " -H 'Content-Type: application/json' -d '{body}'");
    }
    let _ = write!(line, " \"$URL{}\"", curl_path(binding));
    Some(line)
}

/// The template with its variables as placeholders: curl takes braces for ranges.
fn curl_path(binding: &Binding) -> String {
    let mut slots = binding.slots.iter();
    let mut path = String::new();
    for segment in &binding.template.segments {
        path.push('/');
        match segment {
            Segment::Literal(text) => path.push_str(text),
            Segment::Wildcard(_) | Segment::Variable { .. } => {
                let name = slots.next().map_or("", |slot| &slot.name);
                path.push('$');
                path.push_str(&name.trim_start_matches("r#").to_uppercase());
            }
        }
    }
    if let Some(verb) = &binding.template.verb {
        let _ = write!(path, ":{verb}");
    }
    path
}

fn body(binding: &Binding, method: &Method, requests: &Requests<'_>) -> Option<String> {
    let message = requests.of(method);
    match &binding.body {
        Body::None => None,
        Body::All => {
            let in_path = |field: &Field| {
                binding.slots.iter().any(|slot| slot.field.as_deref() == Some(field.name.as_str()))
            };
            Some(json(message, method, |field| !in_path(field)))
        }
        Body::Field(name) => {
            let field = message?.fields.iter().find(|field| field.name == *name)?;
            Some(json_value(field))
        }
    }
}

fn grpcurl(method: &Method, requests: &Requests<'_>) -> Option<String> {
    let json = json(requests.of(method), method, |_| true);
    let data = if json == "{}" { String::new() } else { format!(" -d '{json}'") };
    (!method.client_streaming)
        .then(|| format!("grpcurl -H \"Authorization: $AUTHORIZATION\"{data} \"$HOST\" {}", method.full_name))
}

/// The fields that every call states, the account among them.
fn json(message: Option<&Message>, method: &Method, wanted: impl Fn(&Field) -> bool) -> String {
    let Some(message) = message else { return "{}".to_owned() };
    let scope = method.access.scope.as_ref().map(|scope| scope.text.as_str());
    let fields = message.fields.iter().enumerate().filter(|(index, field)| {
        scope == Some(field.name.as_str()) || method.arguments.iter().any(|argument| argument.field == *index)
    });
    let fields: Vec<String> = fields
        .filter(|(_, field)| wanted(field))
        .map(|(_, field)| format!("\"{}\": {}", field.json_name, json_value(field)))
        .collect();
    format!("{{{}}}", fields.join(", "))
}

fn json_value(field: &Field) -> String {
    let single = match &field.kind {
        Kind::Scalar("String") => format!("\"{}\"", sample(&field.name)),
        Kind::Scalar("Bool") => "true".to_owned(),
        Kind::Scalar("Bytes") => "\"\"".to_owned(),
        Kind::Scalar(_) | Kind::Enum(_) => "7".to_owned(),
        Kind::Message(_) | Kind::Group(_) | Kind::Map(..) => "{}".to_owned(),
    };
    match (field.presence, &field.kind) {
        (Presence::Repeated | Presence::Packed, kind) if !matches!(kind, Kind::Map(..)) => {
            format!("[{single}]")
        }
        _ => single,
    }
}
