//! The client of a service, with a function for each method.

use rust_sdk_model::Api;
use rust_sdk_model::api::{Kind, Method, PageField, PageKind, Pagination, RustType, Service};

use super::Requests;
use crate::messages::types::primitive;
use crate::service::{docs, operations};
use crate::tokens::Code;
use crate::tokens::Place;
use crate::tokens::layout::{self, Expr, LINE, Spot};

/// Appends the client, and the pagination of methods that list page by page.
pub(crate) fn generate(
    api: &Api,
    service: &Service,
    requests: &Requests<'_>,
    place: &Place,
    code: &mut Code,
) {
    let types = Types::new(api, place);
    code.blank();
    code.docs(&docs::client(api, service, place));
    code.client_gate(&api.options);
    code.line(format_args!("#[derive(Clone, Debug)]"));
    code.open(format_args!("pub struct {} {{", service.client));
    code.line(format_args!("client: {},", types.client));
    code.close();
    code.blank();
    code.client_gate(&api.options);
    code.open(format_args!("impl {} {{", service.client));
    code.docs(&["Creates the client of the service. It shares the connection of `client`.".to_owned()]);
    code.line(format_args!("#[inline]"));
    code.open(format_args!("pub fn new(client: &{}) -> Self {{", types.client));
    code.open(format_args!("Self {{"));
    code.line(format_args!("client: client.clone(),"));
    code.close();
    code.close();
    code.blank();
    code.docs(&["The client of the whole API, which makes this client's calls.".to_owned()]);
    code.line(format_args!("#[inline]"));
    code.open(format_args!("pub fn client(&self) -> &{} {{", types.client));
    code.line(format_args!("&self.client"));
    code.close();
    for method in &service.methods {
        code.blank();
        code.docs(&docs::function(api, service, method, requests, place));
        if method.deprecated {
            code.deprecated(&[&method.docs, &service.docs]);
        }
        function(service, method, requests, &types, place, code);
    }
    code.close();
    for method in &service.methods {
        if let Some(pagination) = method.pagination.as_ref().filter(|pagination| pagination.implements) {
            paginated(api, method, pagination, place, code);
        }
    }
}

/// The paths, from this module, to the types of the API's client.
struct Types {
    client: String,
    call: String,
    stream_call: String,
}

impl Types {
    fn new(api: &Api, place: &Place) -> Self {
        let ty = |name: &str| place.local(&[api.root_modules.client.clone(), name.to_owned()]);
        Self { client: ty("Client"), call: ty("Call"), stream_call: ty("StreamCall") }
    }
}

fn function(
    service: &Service,
    method: &Method,
    requests: &Requests<'_>,
    types: &Types,
    place: &Place,
    code: &mut Code,
) {
    let constant = Expr::text(format!("&{}::{}", service.marker, method.constant));
    let input = place.text(&method.input.rust);
    let call = if method.server_streaming { &types.stream_call } else { &types.call };
    let (parameters, kind, request, request_type) = if method.client_streaming {
        let kind = if method.server_streaming { "bidirectional" } else { "client_streaming" };
        let parameter = format!("requests: impl rt::Stream<Item = {input}> + Send + 'static");
        (vec![parameter], kind, Expr::text("requests"), "()".to_owned())
    } else {
        let kind = if method.server_streaming { "server_streaming" } else { "call" };
        let (parameters, setters) = requests.arguments(method, place);
        let request = match &method.input.rust {
            RustType::Foreign(empty) if empty == "()" => Expr::text("()"),
            RustType::Foreign(text) => Expr::call(format!("<{text}>::default"), []).then(setters),
            RustType::Local(_) => Expr::call(format!("{input}::default"), []).then(setters),
        };
        (parameters, kind, request, input)
    };
    code.line(format_args!("#[inline]"));
    let types = operations::types(method, request_type, place, Spot::line(8, 1));
    let head = signature(&method.function, &parameters, call, &types);
    code.open(format_args!("{head}"));
    let body = Expr::Chain(
        Box::new(Expr::text("self")),
        vec![Expr::text("client"), Expr::call(kind, [constant, request])],
    );
    code.line(format_args!("{}", body.print(Spot::line(8, 0))));
    code.close();
}

/// `pub fn name(&self, parameters) -> Call<Request, Response> {`, within an `impl`.
fn signature(name: &str, parameters: &[String], call: &str, types: &[String]) -> String {
    let flat: Vec<&str> = std::iter::once("&self").chain(parameters.iter().map(String::as_str)).collect();
    let line = format!("    pub fn {name}({}) -> {call}<{}> {{", flat.join(", "), types.join(", "));
    if line.chars().count() <= LINE {
        return line.trim_start().to_owned();
    }
    let parameters = format!("\n        {},", flat.join(",\n        "));
    // rustfmt measures the return type from one column further left, and moves the brace unless four columns stay free.
    let column = "    ) -> ".len();
    let result = layout::generic(call, types, Spot { column: column - 1, ..Spot::line(4, 0) });
    let is_full = !result.contains('\n') && column + result.chars().count() + " {".len() + 4 > LINE;
    let brace = if is_full { "\n    {" } else { " {" };
    format!("pub fn {name}({parameters}\n    ) -> {result}{brace}")
}

fn paginated(api: &Api, method: &Method, pagination: &Pagination, place: &Place, code: &mut Code) {
    let (input, output) = (place.text(&method.input.rust), place.text(&method.output.rust));
    let (token, items) = (&pagination.page_token, &pagination.items);
    let item = item(&pagination.item, place);
    let fields = match (pagination.kind, &pagination.next_page_token) {
        (PageKind::Token, Some(next)) => {
            let plain = [token, next, items].map(|field| field.rust_path.as_slice());
            if let ([[token], [next], [items]], false) = (plain, pagination.is_bytes) {
                format!("{token}, {next}, {items}: {item}")
            } else {
                let kind = if pagination.is_bytes { "bytes" } else { "text" };
                format!("{kind} {}, {}, {}: {item}", path(token), path(next), path(items))
            }
        }
        (PageKind::Number { first }, _) => format!("page {first} {}, {}: {item}", path(token), path(items)),
        (PageKind::Offset | PageKind::Token, _) => format!("offset {}, {}: {item}", path(token), path(items)),
    };
    code.blank();
    code.client_gate(&api.options);
    code.open(format_args!("rt::paginated! {{"));
    code.line(format_args!("{input} => {output} {{ {fields} }}"));
    code.close();
}

/// `[around] field`
fn path(field: &PageField) -> String {
    let (last, around) = field.rust_path.split_last().map_or(("", &[][..]), |(last, around)| (last, around));
    format!("[{}] {last}", around.join(" "))
}

/// The type of a list's items; those of a map are pairs.
fn item(kind: &Kind, place: &Place) -> String {
    match kind {
        // Enums are held as numbers, so that unknown ones are kept.
        Kind::Enum(_) => "i32".to_owned(),
        Kind::Message(ty) | Kind::Group(ty) => place.text(&ty.rust),
        Kind::Scalar("String") => "::std::string::String".to_owned(),
        Kind::Scalar("Bytes") => "::std::vec::Vec<u8>".to_owned(),
        Kind::Scalar(name) => primitive(name).unwrap_or(name).to_owned(),
        Kind::Map(key, value) => format!("({}, {})", item(key, place), item(value, place)),
    }
}
