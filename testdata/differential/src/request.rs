//! Random requests: most are nearly ones of the table, so that handlers are reached.

use bytes::Bytes;
use http::{HeaderValue, Request, Version};
use http_body_util::Full;
use rust_sdk_runtime::http::Segment;

use crate::message::Scope;
use crate::random::Random;
use crate::table::{CUSTOM_VERBS, LITERALS, METHODS, Place, Route, SERVICES, Table};

const VERBS: [&str; 9] = ["GET", "GET", "POST", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PROPFIND"];
const ACCOUNTS: [&str; 10] = ["me", "me", "me", "you", "you", "me x", "me+x", "me/x", "m%65", ""];
/// Segments of paths, as they are sent.
const SEGMENTS: [&str; 20] = [
    "a", "b", "me", "you", "m%65", "me%2Fx", "a%3Ago", "a%3ado", "a:go", "a:do", "%61", "%7E", "~", "a+b",
    "%2561", "M0", "me%2fx", "%00", ".", "%zz",
];
const CONTENT_TYPES: [&str; 9] = [
    "application/json",
    "application/json; charset=utf-8",
    "application/problem+json",
    "application/x-www-form-urlencoded",
    "text/plain",
    "application/grpc",
    "application/grpc+proto",
    "application/grpc-web",
    "Application/gRPC",
];

/// A request, kept so that it can be made several times and shown.
#[derive(Clone, Debug)]
pub(crate) struct Sent {
    verb: &'static str,
    target: String,
    version: Version,
    headers: Vec<(&'static str, &'static str)>,
    body: Bytes,
}

impl Sent {
    /// `None` where it is no request of HTTP.
    pub(crate) fn request(&self) -> Option<Request<Full<Bytes>>> {
        let mut request =
            Request::builder().method(self.verb).uri(self.target.as_str()).version(self.version);
        for (name, value) in &self.headers {
            request = request.header(*name, HeaderValue::from_static(value));
        }
        request.body(Full::new(self.body.clone())).ok()
    }

    /// `grpc` says how many of eight requests are over gRPC.
    pub(crate) fn random(random: &mut Random, table: &Table, grpc: usize) -> Self {
        if table.routes.is_empty() || random.below(8) < grpc {
            let methods: Vec<_> = table.api.methods().collect();
            let method = random.of(&methods);
            return Self::grpc(random, method.path());
        }
        let route = random.below(table.routes.len());
        Self::rest(random, &table.routes[route])
    }

    fn grpc(random: &mut Random, path: &str) -> Self {
        let target = match random.below(12) {
            0 => format!("/{}/{}", random.of(&SERVICES), random.of(&METHODS)),
            1 => format!("{path}/"),
            2 => format!("/{path}"),
            3 => path.replacen('M', "%4D", 1),
            4 => format!("{path}?accountId=you"),
            5 => format!("http://h{path}"),
            6 => format!("{path}:go"),
            _ => path.to_owned(),
        };
        let verb = if random.once_in(4) { random.of(&VERBS) } else { "POST" };
        let mut headers = Vec::new();
        if !random.once_in(8) {
            let kind = if random.once_in(4) { random.of(&CONTENT_TYPES) } else { "application/grpc" };
            headers.push(("content-type", kind));
        }
        headers.extend(rare_headers(random));
        let mut body = Vec::new();
        for _ in 0..random.of(&[0, 1, 1, 1, 1, 2, 3]) {
            let message = message(random, 2);
            body.push(u8::from(random.once_in(40)));
            body.extend(u32::try_from(message.len()).unwrap_or_default().to_be_bytes());
            body.extend(message);
        }
        if random.once_in(12) {
            body = json(random, Scope::Account, Place::Body).into_bytes();
        }
        Self { verb, target, version: version(random), headers, body: body.into() }
    }

    fn rest(random: &mut Random, route: &Route) -> Self {
        let scope = if random.once_in(6) { None } else { route.scope() };
        let scope = scope.unwrap_or_else(|| random.of(&Scope::ALL));
        let place = if random.once_in(6) {
            random.of(&[Place::Path, Place::Query, Place::Body, Place::BodyField])
        } else {
            route.place(scope)
        };
        let mut target = target(random, route);
        let mut pairs: Vec<String> = Vec::new();
        if place == Place::Query || random.once_in(8) {
            for _ in 0..random.of(&[1, 1, 1, 2]) {
                pairs.push(pair(random, scope));
            }
        }
        if random.once_in(10) {
            pairs.insert(0, random.of(&["x=1", "", "=", "%zz=1", "name=a+b", "_method=GET"]).to_owned());
        }
        if !pairs.is_empty() {
            target = format!("{target}?{}", pairs.join(if random.once_in(10) { ";" } else { "&" }));
        }
        if random.once_in(40) {
            target.insert_str(0, "http://h");
        }
        let mut verb = if route.binding.verb() == "*" { random.of(&VERBS) } else { route.binding.verb() };
        if random.once_in(5) {
            verb = random.of(&VERBS);
        }
        let mut headers = Vec::new();
        let mut body = String::new();
        if matches!(place, Place::Body | Place::BodyField) || random.once_in(10) {
            body = json(random, scope, place);
            let kind = if random.once_in(8) { random.of(&CONTENT_TYPES) } else { "application/json" };
            headers.push(("content-type", kind));
        } else if random.once_in(10) {
            headers.push(("content-type", random.of(&CONTENT_TYPES)));
        }
        headers.extend(rare_headers(random));
        Self { verb, target, version: version(random), headers, body: body.into() }
    }
}

fn version(random: &mut Random) -> Version {
    random.of(&[Version::HTTP_11, Version::HTTP_2])
}

fn rare_headers(random: &mut Random) -> Vec<(&'static str, &'static str)> {
    match random.below(60) {
        0 => vec![("content-type", random.of(&CONTENT_TYPES))],
        1 => vec![("content-encoding", "identity"), ("content-encoding", "gzip")],
        2 => vec![("content-encoding", "gzip")],
        3 => vec![("x-http-method-override", "DELETE")],
        _ => Vec::new(),
    }
}

/// A path of the route, or nearly one.
fn target(random: &mut Random, route: &Route) -> String {
    let mut segments: Vec<String> = Vec::new();
    for piece in &route.template.pieces {
        let is_scope = piece.field.and_then(Scope::of).is_some();
        for segment in &piece.pattern {
            let count = if *segment == Segment::Rest { random.of(&[0, 0, 1, 1, 2, 3]) } else { 1 };
            for _ in 0..count {
                segments.push(match segment {
                    Segment::Literal(text) => (*text).to_owned(),
                    _ if is_scope && !random.once_in(4) => {
                        random.of(&["me", "you", "m%65", "me%2Fx"]).to_owned()
                    }
                    _ if random.once_in(3) => random.of(&LITERALS).to_owned(),
                    _ => random.of(&SEGMENTS).to_owned(),
                });
            }
        }
    }
    if random.once_in(12) && !segments.is_empty() {
        let at = random.below(segments.len());
        let segment = random.of(&SEGMENTS).to_owned();
        match random.below(4) {
            0 => segments.insert(at, String::new()),
            1 => drop(segments.remove(at)),
            2 => segments.push(segment),
            _ => segments[at] = segment,
        }
    }
    let mut path = format!("/{}", segments.join("/"));
    let custom = if random.once_in(8) { Some(random.of(&CUSTOM_VERBS)) } else { route.template.custom };
    if let Some(verb) = custom {
        path += random.of(&[":", ":", ":", "%3A", "%3a", ""]);
        path += verb;
    }
    if random.once_in(40) {
        path.push('/');
    }
    if random.once_in(30) {
        path = escape_one(random, &path);
    }
    path
}

/// The path with one letter escaped.
fn escape_one(random: &mut Random, path: &str) -> String {
    let letters: Vec<usize> =
        path.bytes().enumerate().filter(|(_, byte)| byte.is_ascii_alphanumeric()).map(|(at, _)| at).collect();
    if letters.is_empty() {
        return path.to_owned();
    }
    let at = letters[random.below(letters.len())];
    format!("{}%{:02x}{}", &path[..at], path.as_bytes()[at], &path[at + 1..])
}

/// A parameter that names an account, or nearly does.
fn pair(random: &mut Random, scope: Scope) -> String {
    let (proto, json) = (scope.path(), scope.json_path());
    let key = match random.below(16) {
        0 => json.to_uppercase(),
        1 => proto.replace('_', "%5F"),
        2 => proto.replace('_', "-"),
        3 => format!("{json}[]"),
        4 => format!("{}]", proto.replace('.', "[")),
        5 => format!("+{proto}"),
        6 => format!("{json}%00"),
        7 => proto.replace('_', "+"),
        8..12 => json.to_owned(),
        _ => proto.to_owned(),
    };
    let value = match random.below(16) {
        0 => "me+x",
        1 => "me%20x",
        2 => "me%2Bx",
        3 => "",
        4 => "%zz",
        5 => "me%ff",
        6 => "m%65",
        7 => "me;accountId=you",
        8 => "me%00",
        9 => "you",
        _ => "me",
    };
    if random.once_in(20) { key } else { format!("{key}={value}") }
}

/// A body that names an account, or nearly does.
fn json(random: &mut Random, scope: Scope, place: Place) -> String {
    let mut names = scope.path().split('.').zip(scope.json_path().split('.'));
    let mut keys: Vec<String> = Vec::new();
    if place == Place::BodyField {
        names.next();
    }
    for (proto, json) in names {
        let key = match random.below(12) {
            0 => json.to_uppercase(),
            1 => json.replacen('a', "\\u0061", 1),
            2 | 3 => proto.to_owned(),
            _ => json.to_owned(),
        };
        keys.push(key);
    }
    let value = match random.below(12) {
        0 => "null".to_owned(),
        1 => "1".to_owned(),
        2 => "[\"you\"]".to_owned(),
        3 => "\"m\\u0065\"".to_owned(),
        _ => format!("{:?}", random.of(&ACCOUNTS)),
    };
    let mut out = value;
    for key in keys.iter().rev() {
        out = match random.below(14) {
            0 => format!("{{{key:?}: {out}, {key:?}: \"you\"}}"),
            1 => format!("{{\"name\": \"x\", {key:?}: {out}}}"),
            2 => format!("[{out}]"),
            3 => format!("{{{key:?}: {{\"accountId\": \"you\"}}, {key:?}: {out}}}"),
            _ => format!("{{{key:?}: {out}}}"),
        }
        .replace("\\\\u", "\\u");
    }
    match random.below(16) {
        // A form as well.
        4 => format!("{{\"name\": \"&{}=you&\", {}", scope.path(), out.trim_start_matches('{')),
        0 => format!("[{out}]"),
        1 => format!("{out}{out}"),
        2 => format!(" \n{out} "),
        3 => String::new(),
        _ => out,
    }
}

/// A message in wire format: fields twice, in any order, at times of another type.
fn message(random: &mut Random, depth: usize) -> Vec<u8> {
    let mut out = Vec::new();
    for _ in 0..random.of(&[0, 1, 1, 2, 2, 3]) {
        let number = random.of(&[1_u8, 1, 2, 3, 4, 5, 6]);
        let is_message = matches!(number, 3 | 5) != random.once_in(20);
        let content = match depth {
            0 => Vec::new(),
            _ if is_message => message(random, depth - 1),
            _ => random.of(&ACCOUNTS).as_bytes().to_vec(),
        };
        if random.once_in(25) {
            out.extend([number << 3, 1]);
            continue;
        }
        let tag = number << 3 | 2;
        out.extend(if random.once_in(10) { vec![tag | 0x80, 0] } else { vec![tag] });
        out.push(u8::try_from(content.len()).unwrap_or_default());
        out.extend(content);
    }
    out
}
