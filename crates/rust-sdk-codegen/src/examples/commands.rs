//! How a method is called by curl and by grpcurl.

use std::fmt::Write as _;

use rust_sdk_model::api::{AccessState, Binding, Body, Field, Kind, Method, Presence};
use rust_sdk_model::template::Segment;

use super::samples::{self, mask_field, sample};
use super::shell::{Variables, Word, quoted};
use crate::client::Requests;
use crate::tokens::json;

/// The message whose content is the raw HTTP body.
const HTTP_BODY: &str = "google.api.HttpBody";

/// The commands of curl and grpcurl, as far as they can call the method.
pub(crate) fn lines(method: &Method, requests: &Requests<'_>) -> Vec<String> {
    if method.client_streaming {
        return Vec::new();
    }
    let stated = Stated::of(method, requests);
    let authorization = match method.access.state {
        AccessState::Public => "",
        _ => " -H \"Authorization: $AUTHORIZATION\"",
    };
    let curl = method.bindings.first().map(|binding| curl(method, binding, &stated, authorization));
    let json = stated.json(&[], |_| true);
    let data = if json == "{}" { String::new() } else { format!(" -d {}", quoted(&json)) };
    let grpcurl = format!("grpcurl{authorization}{data} \"$HOST\" {}", method.full_name);
    curl.into_iter().chain([grpcurl]).collect()
}

/// The curl command for the first binding.
fn curl(method: &Method, binding: &Binding, stated: &Stated<'_, '_>, authorization: &str) -> String {
    let verb = match binding.verb.as_str() {
        "GET" => String::new(),
        // With a body, curl uses POST by default.
        "POST" if binding.body != Body::None => String::new(),
        "*" => " -X POST".to_owned(),
        // With `-X HEAD`, curl would wait for a body.
        "HEAD" => " --head".to_owned(),
        verb if verb.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-') => {
            format!(" -X {verb}")
        }
        verb => format!(" -X {}", quoted(verb)),
    };
    let mut line = format!("curl{verb}{authorization}");
    let not_in_path = |path: &str| !binding.slots.iter().any(|slot| slot.field.as_deref() == Some(path));
    let json = match &binding.body {
        Body::None => None,
        Body::All => Some(stated.json(&[], not_in_path)),
        Body::Field(name) => Some(stated.json(&name.split('.').collect::<Vec<_>>(), not_in_path)),
    };
    if stated.is_http_body(method, &binding.body) {
        line.push_str(" -H \"Content-Type: $CONTENT_TYPE\" --data-binary \"@$FILE\"");
    } else if let Some(json) = json {
        let _ = write!(line, " --json {}", quoted(&json));
    }
    let _ = write!(line, " {}", url(binding, &stated.query(binding, not_in_path)));
    line
}

/// The template with shell variables for its variables: curl reads braces as ranges.
fn url(binding: &Binding, query: &str) -> String {
    let mut names = Variables::new();
    let mut slots = binding.slots.iter();
    let mut url = Word::new();
    url.variable("URL");
    for segment in &binding.template.segments {
        url.text("/");
        match segment {
            Segment::Literal(text) => url.text(text),
            Segment::Wildcard(_) | Segment::Variable { .. } => {
                url.variable(&names.claim(slots.next().map_or("", |slot| &slot.name)));
            }
        }
    }
    if let Some(verb) = &binding.template.verb {
        url.text(":");
        url.text(verb);
    }
    url.text(query);
    url.finish()
}

/// The fields that every call sets: parameters, the account, the variables of the path and the body. Each is a path of fields.
struct Stated<'a, 'r> {
    paths: Vec<Vec<&'a Field>>,
    requests: &'r Requests<'a>,
    /// The first binding.
    binding: Option<&'r Binding>,
}

impl<'a, 'r> Stated<'a, 'r> {
    fn of(method: &'r Method, requests: &'r Requests<'a>) -> Self {
        let binding = method.bindings.first();
        let Some(message) = requests.of(method) else { return Self { paths: Vec::new(), requests, binding } };
        let scope = method.access.scope.as_ref().map(|scope| scope.text.as_str());
        let variables = binding.into_iter().flat_map(|binding| &binding.slots);
        let body = binding.and_then(|binding| match &binding.body {
            Body::Field(name) => Some(name.as_str()),
            Body::None | Body::All => None,
        });
        let others = scope.into_iter().chain(variables.filter_map(|slot| slot.field.as_deref())).chain(body);
        let arguments = method.arguments.iter().map(|argument| message.fields[argument.field].name.as_str());
        let mut names: Vec<&str> = arguments.collect();
        for name in others {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        let mut paths: Vec<Vec<&Field>> =
            names.into_iter().filter_map(|name| requests.resolve(message, name)).collect();
        // In the message's order.
        paths.sort_by_key(|path| message.fields.iter().position(|field| field.name == path[0].name));
        Self { paths, requests, binding }
    }

    /// Whether the body is sent as raw bytes.
    fn is_http_body(&self, method: &Method, body: &Body) -> bool {
        match body {
            Body::None => false,
            Body::All => method.input.name == HTTP_BODY,
            Body::Field(name) => {
                let field = self.requests.of(method).and_then(|message| self.requests.resolve(message, name));
                let kind = field.and_then(|path| path.last().map(|field| &field.kind));
                matches!(kind, Some(Kind::Message(ty)) if ty.name == HTTP_BODY)
            }
        }
    }

    /// The set fields below this path, as JSON. `wanted` selects fields by their paths.
    fn json(&self, below: &[&str], wanted: impl Fn(&str) -> bool + Copy) -> String {
        let depth = below.len();
        let within = |path: &&Vec<&Field>| {
            path.len() >= depth && path.iter().zip(below).all(|(field, name)| field.name == *name)
        };
        let paths: Vec<&Vec<&Field>> = self.paths.iter().filter(within).collect();
        let mut members: Vec<String> = Vec::new();
        let mut seen: Vec<&str> = Vec::new();
        for path in paths.iter().filter(|path| path.len() > depth) {
            let field = path[depth];
            let mut here = below.to_vec();
            here.push(&field.name);
            if seen.contains(&field.name.as_str()) || !wanted(&here.join(".")) {
                continue;
            }
            seen.push(&field.name);
            members.push(format!("{}: {}", json::text(&field.json_name), self.json(&here, wanted)));
        }
        match paths.first().and_then(|path| path[..depth].last()) {
            Some(field) if members.is_empty() => self.json_value(field, &below.join(".")),
            _ => format!("{{{}}}", members.join(", ")),
        }
    }

    /// The query: the set fields that are neither in the path nor in the body.
    fn query(&self, binding: &Binding, not_in_path: impl Fn(&str) -> bool) -> String {
        let body = match &binding.body {
            Body::All => return String::new(),
            Body::Field(name) => Some(name.as_str()),
            Body::None => None,
        };
        let mut query = String::new();
        let in_body = |path: &&Vec<&Field>| {
            body.is_some_and(|body| {
                let mut names = path.iter().map(|field| field.name.as_str());
                body.split('.').all(|part| names.next() == Some(part))
            })
        };
        for path in self.paths.iter().filter(|path| !in_body(path)) {
            let names: Vec<&str> = path.iter().map(|field| field.name.as_str()).collect();
            let json: Vec<&str> = path.iter().map(|field| field.json_name.as_str()).collect();
            let json = json.join(".");
            // The binding lists only fields that a query can hold.
            if let Some(value) = path.last().and_then(|field| self.query_text(field, &names.join(".")))
                && not_in_path(&names.join("."))
                && binding.query.contains(&json)
            {
                query.push(if query.is_empty() { '?' } else { '&' });
                let _ = write!(query, "{}={}", in_query(&json), in_query(&value));
            }
        }
        query
    }

    fn json_value(&self, field: &Field, path: &str) -> String {
        let single = match self.text(field, path) {
            Some(text) if is_quoted(&field.kind) => json::text(&text),
            Some(text) => text,
            None => "{}".to_owned(),
        };
        match (field.presence, &field.kind) {
            (Presence::Repeated | Presence::Packed, kind) if !matches!(kind, Kind::Map(..)) => {
                format!("[{single}]")
            }
            _ => single,
        }
    }

    /// A value of a query. A mask has proto names there, since grpc-gateway reads no others.
    fn query_text(&self, field: &Field, path: &str) -> Option<String> {
        let resource = field.mask_of.as_ref();
        let masked = resource.and_then(|resource| mask_field(self.requests, resource));
        masked.map_or_else(|| self.text(field, path), |(_, field)| Some(field.name.clone()))
    }

    /// A value without quotes; `None` for values with members.
    fn text(&self, field: &Field, path: &str) -> Option<String> {
        let text = match &field.kind {
            Kind::Scalar("String") => return Some(samples::text(field, path, self.binding)),
            Kind::Scalar("Bool") => "true",
            Kind::Scalar("Bytes") => "",
            Kind::Scalar(_) => "7",
            // A value by its number: 0 has no meaning by convention.
            Kind::Enum(_) => "1",
            Kind::Message(ty) => match ty.name.strip_prefix("google.protobuf.")? {
                "StringValue" => return Some(sample(&field.name)),
                "BoolValue" => "true",
                "FieldMask" => {
                    let field =
                        field.mask_of.as_ref().and_then(|resource| mask_field(self.requests, resource));
                    return Some(field.map(|(_, field)| field.json_name.clone()).unwrap_or_default());
                }
                "BytesValue" => "",
                "Timestamp" => "2030-01-01T00:00:00Z",
                "Duration" => "7s",
                name if name.ends_with("Value") && name != "Value" && name != "ListValue" => "7",
                _ => return None,
            },
            Kind::Group(_) | Kind::Map(..) => return None,
        };
        Some(text.to_owned())
    }
}

fn is_quoted(kind: &Kind) -> bool {
    match kind {
        Kind::Scalar(name) => matches!(*name, "String" | "Bytes"),
        Kind::Message(ty) => {
            let name = ty.name.trim_start_matches("google.protobuf.");
            matches!(name, "StringValue" | "BytesValue" | "FieldMask" | "Timestamp" | "Duration")
        }
        _ => false,
    }
}

/// A name or value of a query (RFC 3986 §3.4).
fn in_query(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~:/@,".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}
