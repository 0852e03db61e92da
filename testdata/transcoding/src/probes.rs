//! Requests as other clients and mistakes make them, from a good one of each method.

use http::{HeaderMap, HeaderValue};
use prost_reflect::{Cardinality, FieldDescriptor, Kind, MessageDescriptor};
use sdk::runtime::http::{Binding, Body, Part};

use crate::populate::special;
use crate::proxy::Exchange;

/// The largest body that both accept. Envoy's limit is its buffer, which is 1 MiB by default.
pub const MAX_BODY: usize = 1 << 20;

/// The case of a body over the limit: a server may end the connection before it has read the body.
pub const TOO_LARGE: &str = "a body that is too large";

/// A request.
#[derive(Clone, Debug)]
pub struct Probe {
    /// What is special about it.
    pub case: &'static str,
    pub verb: String,
    pub target: String,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

/// The request of an exchange, and what can be done with it.
pub struct Probes<'e> {
    exchange: &'e Exchange,
    probes: Vec<Probe>,
}

/// All probes of a method's binding.
pub fn all(exchange: &Exchange, input: &MessageDescriptor, binding: &Binding) -> Vec<Probe> {
    let mut probes = Probes { exchange, probes: Vec::new() };
    probes.verbs();
    probes.paths();
    probes.bodies(binding);
    probes.queries(input, binding);
    probes.probes
}

/// The request as it was.
pub fn same(exchange: &Exchange) -> Probe {
    let mut headers = exchange.request_headers.clone();
    for name in ["host", "content-length", "transfer-encoding", "connection"] {
        headers.remove(name);
    }
    Probe {
        case: "as our client sends it",
        verb: exchange.verb.clone(),
        target: exchange.target.clone(),
        headers,
        body: exchange.request_body.to_vec(),
    }
}

impl Probes<'_> {
    fn add(&mut self, case: &'static str, change: impl FnOnce(&mut Probe)) {
        let mut probe = same(self.exchange);
        probe.case = case;
        change(&mut probe);
        self.probes.push(probe);
    }

    fn verbs(&mut self) {
        for (case, verb) in [("HEAD", "HEAD"), ("OPTIONS", "OPTIONS"), ("an unknown verb", "QUERY")] {
            self.add(case, |probe| {
                probe.verb = verb.to_owned();
                probe.body.clear();
                probe.headers.remove("content-type");
            });
        }
        let other = if self.exchange.verb == "DELETE" { "PUT" } else { "DELETE" };
        self.add("another method's verb", |probe| probe.verb = other.to_owned());
    }

    fn paths(&mut self) {
        let (path, query) = split(&self.exchange.target);
        let change = |path: String| move |probe: &mut Probe| probe.target = path + &query;
        self.add("an unknown path", change.clone()("/nowhere/at/all".to_owned()));
        self.add("a slash at the end", change.clone()(format!("{path}/")));
        self.add("a double slash", change.clone()(path.replacen('/', "//", 1)));
        if let Some((first, last)) =
            path.rsplit_once('/').filter(|(_, last)| last.starts_with("id-") && !last.contains(':'))
        {
            self.add("%2F in a segment", change.clone()(format!("{first}/a%2Fb")));
            self.add("+ in a segment", change.clone()(format!("{first}/a+b")));
            self.add("%20 in a segment", change.clone()(format!("{first}/a%20b")));
            self.add("a bad escape in a segment", change.clone()(format!("{first}/a%zz")));
            self.add("bytes that are no UTF-8 in a segment", change.clone()(format!("{first}/%ff")));
            self.add("an empty segment", change.clone()(format!("{first}/")));
            let _ = last;
        }
    }

    fn bodies(&mut self, binding: &Binding) {
        let none = matches!(binding.request_body(), Body::None);
        let body = |text: &'static str| move |probe: &mut Probe| probe.body = text.into();
        if none {
            self.add("a body that the method does not have", |probe| {
                probe.headers.insert("content-type", HeaderValue::from_static("application/json"));
                probe.body = b"{}".into();
            });
            return;
        }
        if !self.exchange.request_body.starts_with(b"{") {
            return;
        }
        self.add("no body", body(""));
        self.add("no body and no content type", |probe| {
            probe.body.clear();
            probe.headers.remove("content-type");
        });
        self.add("an empty object", body("{}"));
        self.add("broken JSON", body("{\"a\":"));
        self.add("an array as the body", body("[]"));
        self.add("null as the body", body("null"));
        self.add("an unknown field in the body", body(r#"{"noSuchField":1}"#));
        self.add("text after the body", |probe| probe.body.extend(b" x"));
        self.add("no content type", |probe| drop(probe.headers.remove("content-type")));
        self.add("text/plain as the content type", |probe| {
            probe.headers.insert("content-type", HeaderValue::from_static("text/plain"));
        });
        self.add("a content encoding", |probe| {
            probe.headers.insert("content-encoding", HeaderValue::from_static("gzip"));
        });
        self.add(TOO_LARGE, |probe| {
            let text = format!("{{\"noSuchField\":\"{}\"}}", "x".repeat(MAX_BODY * 2));
            probe.body = text.into_bytes();
        });
    }

    fn queries(&mut self, input: &MessageDescriptor, binding: &Binding) {
        self.query("an unknown parameter", "noSuchField=1");
        self.query("an unknown parameter without a value", "noSuchField");
        self.query("an empty pair", "&&");
        if matches!(binding.request_body(), Body::All) || special(input) {
            return;
        }
        let taken = |field: &FieldDescriptor| {
            let in_path = binding
                .parts()
                .iter()
                .any(|part| matches!(part, Part::Variable(path, _) if *path == field.name()));
            in_path || matches!(binding.request_body(), Body::Field(name) if name == field.name())
        };
        for field in input.fields().filter(|field| !taken(field)) {
            self.field(&field);
        }
        for part in binding.parts() {
            let Part::Variable(path, _) = part else { continue };
            self.query("a parameter that the path has, too", &format!("{path}=x"));
        }
    }

    fn field(&mut self, field: &FieldDescriptor) {
        let (name, snake) = (field.json_name().to_owned(), field.name());
        if field.is_map() {
            self.query("a map with brackets", &format!("{name}[k]=v"));
            self.query("a map with a dot", &format!("{name}.k=v"));
            return;
        }
        let good = match field.kind() {
            Kind::String => "x",
            Kind::Bool => "true",
            Kind::Bytes => "AA==",
            Kind::Enum(_) => "0",
            Kind::Message(inner) => return self.message(&name, field, &inner),
            _ => "1",
        };
        if snake != name {
            self.query("a name as in the file", &format!("{snake}={good}"));
        }
        if field.cardinality() == Cardinality::Repeated {
            self.query("a repeated field twice", &format!("{name}={good}&{name}={good}"));
            self.query("a repeated field with commas", &format!("{name}={good},{good}"));
            self.query("a repeated field with brackets", &format!("{name}[]={good}"));
            return;
        }
        self.query("a single field twice", &format!("{name}={good}&{name}={good}"));
        for (case, value) in values(&field.kind()) {
            self.query(case, &format!("{name}={value}"));
        }
        if let Kind::Enum(of) = field.kind() {
            let named = of.values().last().map(|value| value.name().to_owned()).unwrap_or_default();
            self.query("an enum by name", &format!("{name}={named}"));
            self.query("an enum in lower case", &format!("{name}={}", named.to_lowercase()));
        }
    }

    fn message(&mut self, name: &str, field: &FieldDescriptor, inner: &MessageDescriptor) {
        self.query("a message as JSON", &format!("{name}=%7B%7D"));
        if field.cardinality() == Cardinality::Repeated {
            self.query("a list of messages with an index", &format!("{name}[0].id=x"));
            return;
        }
        let cases: &[(&'static str, &str)] = match inner.full_name() {
            "google.protobuf.Timestamp" => &[
                ("a timestamp", "2026-01-02T03:04:05Z"),
                ("a timestamp with an offset", "2026-01-02T03:04:05%2B02:00"),
                ("a timestamp that is none", "yesterday"),
            ],
            "google.protobuf.Duration" => {
                &[("a duration", "1.5s"), ("a duration without a unit", "1"), ("an empty duration", "")]
            }
            "google.protobuf.FieldMask" => &[
                ("a field mask", "a,bC"),
                ("a field mask in snake case", "a,b_c"),
                ("an empty field mask", ""),
            ],
            _ if special(inner) => &[],
            _ => {
                let leaf = inner.fields().find(|leaf| matches!(leaf.kind(), Kind::String) && !leaf.is_list());
                if let Some(leaf) = leaf {
                    self.query("a nested field", &format!("{name}.{}=x", leaf.json_name()));
                }
                self.query("an unknown nested field", &format!("{name}.noSuchField=x"));
                return;
            }
        };
        for (case, value) in cases {
            self.query(case, &format!("{name}={value}"));
        }
    }

    /// The path, with this query alone.
    fn query(&mut self, case: &'static str, query: &str) {
        let (path, _) = split(&self.exchange.target);
        self.add(case, |probe| probe.target = format!("{path}?{query}"));
    }
}

/// Values of a type: right, questionable and wrong ones.
fn values(kind: &Kind) -> &'static [(&'static str, &'static str)] {
    match kind {
        Kind::String => &[
            ("a plus in a text", "a+b"),
            ("%2F in a text", "a%2Fb"),
            ("%2B in a text", "a%2Bb"),
            ("an empty text", ""),
            ("a bad escape in a text", "a%zz"),
            ("an escape that breaks off", "a%2"),
            ("bytes that are no UTF-8 in a text", "%ff"),
            ("an equals sign in a text", "a=b"),
            ("a semicolon in a text", "a;b"),
        ],
        Kind::Bool => &[
            ("a bool", "false"),
            ("a bool in capitals", "TRUE"),
            ("a bool by number", "1"),
            ("an empty bool", ""),
            ("a bool that is none", "maybe"),
        ],
        Kind::Bytes => &[
            ("bytes in base64", "-_8="),
            ("bytes without padding", "AA"),
            ("bytes in the other alphabet", "%2B%2F8%3D"),
            ("bytes that are no base64", "!"),
            ("empty bytes", ""),
        ],
        Kind::Enum(_) => &[
            ("an enum by number", "1"),
            ("an enum by an unknown number", "12345"),
            ("an enum by an unknown name", "NO_SUCH_VALUE"),
            ("an empty enum", ""),
        ],
        Kind::Float | Kind::Double => &[
            ("a fraction", "1.5"),
            ("a number with an exponent", "1e3"),
            ("a number that is none", "many"),
            ("NaN", "NaN"),
            ("infinity", "Infinity"),
            ("a number that is too large", "1e999"),
            ("an empty number", ""),
        ],
        Kind::Message(_) => &[],
        _ => &[
            ("an integer with a fraction", "1.5"),
            ("an integer with an exponent", "1e3"),
            ("an integer with a space", "%201"),
            ("an integer with a sign", "%2B1"),
            ("an integer in hexadecimal", "0x10"),
            ("an integer that is none", "many"),
            ("an integer that is too large", "99999999999999999999"),
            ("an empty integer", ""),
        ],
    }
}

fn split(target: &str) -> (String, String) {
    match target.split_once('?') {
        Some((path, query)) => (path.to_owned(), format!("?{query}")),
        None => (target.to_owned(), String::new()),
    }
}
