//! A table as a program for axum serves it: routes in axum's words, handlers with axum's extractors.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use axum::Form;
use axum::extract::{FromRequest as _, FromRequestParts as _, Json, Path, Query, Request};
use axum::response::IntoResponse;
use axum::routing::{MethodFilter, MethodRouter};
use http::StatusCode;
use http::request::Parts;
use rust_sdk_runtime::Streaming;
use rust_sdk_runtime::http::Segment;
use rust_sdk_runtime::http::percent::decode;

use crate::message::{ItemJson, Scope};
use crate::random::Random;
use crate::seen;
use crate::table::{Place, Route, Table};

/// One binding behind one route of axum's.
#[derive(Clone, Debug)]
struct Entry {
    route: Route,
    /// The segments behind a `**` up to the last variable, decoded; `None` is a variable. Nothing follows a `{*rest}` in axum,
    /// so the handler splits them off its value.
    split: Vec<Option<String>>,
    /// What the last value ends with, decoded: axum has no routes with a text behind a variable.
    suffix: String,
    /// Without the segments of its `**`.
    is_empty_rest: bool,
    /// Whether the handler takes the value of a `{*rest}` that has only the segments behind the `**`.
    reads_empty: bool,
}

impl Entry {
    /// The values in axum's last value; `None` if it is not that of this binding.
    fn read(&self, last: &str) -> Option<Vec<String>> {
        let is_behind = last == self.suffix.trim_start_matches('/');
        let front = match last.strip_suffix(&self.suffix) {
            None if self.reads_empty && self.split.is_empty() && is_behind => "",
            front => front?,
        };
        let segments: Vec<&str> = front.split('/').collect();
        let (rest, behind) = segments.split_at_checked(segments.len().checked_sub(self.split.len())?)?;
        if !self.split.is_empty() && rest.is_empty() && !self.reads_empty {
            return None;
        }
        let mut values = vec![rest.join("/")];
        for (wanted, found) in self.split.iter().zip(behind) {
            match wanted {
                Some(literal) if literal != found => return None,
                Some(_) => {}
                None => values.push((*found).to_owned()),
            }
        }
        Some(values)
    }
}

/// Routes of axum's: the bindings of each path and verb.
type Plan = BTreeMap<String, BTreeMap<&'static str, Vec<Entry>>>;

/// How a program reads query and body.
#[derive(Clone, Copy, Debug)]
enum Style {
    /// Into structs.
    Struct,
    /// Into maps.
    Map,
    /// The body as a form.
    Form,
}

/// The router; `None` where axum cannot serve the table. `services` are those of gRPC beside it.
pub(crate) fn router(table: &Table, services: &[&str], random: &mut Random) -> Option<axum::Router> {
    // `{*rest}` takes at least one segment, so some servers add routes without it, or some of them.
    let empty_rests = random.of(&[0, 1, 2, 2]);
    let reads_empty = random.once_in(2);
    let style = random.of(&[Style::Struct, Style::Struct, Style::Map, Style::Form]);
    let mut plan = Plan::new();
    for is_empty_rest in [false, true] {
        for route in &table.routes {
            let has_rest = route.template.segments().any(|segment| segment == Segment::Rest);
            if is_empty_rest && !(has_rest && random.below(2) < empty_rests) {
                continue;
            }
            let (path, split, suffix) = path(route, is_empty_rest)?;
            let entries = plan.entry(path).or_default().entry(route.binding.verb()).or_default();
            // A path of its own is a route's before it is what another's `**` leaves.
            if entries.iter().all(|entry: &Entry| entry.suffix != suffix || entry.split != split) {
                entries.push(Entry { route: route.clone(), split, suffix, is_empty_rest, reads_empty });
            }
        }
    }
    if is_conflict(plan.keys().map(String::as_str), services) {
        return None;
    }
    let mut router = axum::Router::new().without_v07_checks();
    for (path, group) in plan {
        let mut methods = MethodRouter::new();
        for (verb, mut entries) in group {
            // What says more is looked for first.
            entries.sort_by_key(|entry| std::cmp::Reverse((entry.suffix.len(), entry.split.len())));
            let entries: Arc<[Entry]> = entries.into();
            let handler = move |request: Request| handle(Arc::clone(&entries), style, request);
            methods = match verb {
                "*" => methods.fallback(handler),
                verb => {
                    let verb = http::Method::try_from(verb).ok()?;
                    methods.on(MethodFilter::try_from(verb).ok()?, handler)
                }
            };
        }
        router = router.route(&path, methods);
    }
    Some(router)
}

/// The template in axum's words, and what is left for the handler to look for.
fn path(route: &Route, is_empty_rest: bool) -> Option<(String, Vec<Option<String>>, String)> {
    let (mut path, mut suffix) = (String::new(), String::new());
    let (mut split, mut behind) = (Vec::new(), Vec::new());
    let mut is_open = false;
    for segment in route.template.segments() {
        match segment {
            Segment::Rest if is_empty_rest => continue,
            Segment::Rest => path += "/{*rest}",
            Segment::Any if path.ends_with("*rest}") => {
                split.append(&mut behind);
                split.push(None);
                suffix.clear();
            }
            // By the place in the path, so that equal paths are equal text.
            Segment::Any => path = format!("{path}/{{v{}}}", path.matches('/').count()),
            // Nothing follows a `{*rest}`.
            Segment::Literal(text) if path.ends_with("*rest}") => {
                suffix = suffix + "/" + text;
                behind.push(Some(decode(text).ok()?.into_owned()));
                continue;
            }
            Segment::Literal(text) => path = path + "/" + text,
        }
        is_open = !matches!(segment, Segment::Literal(_));
    }
    if path.is_empty() {
        path.push('/');
    }
    if let Some(verb) = route.template.custom {
        let end = if is_open { &mut suffix } else { &mut path };
        *end += ":";
        *end += verb;
    }
    Some((path, split, decode(&suffix).ok()?.into_owned()))
}

/// Whether axum refuses these paths: at one place there may be `{x}` or `{*rest}`, not both.
fn is_conflict<'a>(paths: impl Iterator<Item = &'a str>, services: &[&str]) -> bool {
    let of_grpc = services.iter().map(|service| format!("/{service}/"));
    let mut rests: BTreeSet<String> = of_grpc.clone().collect();
    let mut any = BTreeSet::new();
    let mut all_differ = true;
    for path in paths {
        let mut front = String::new();
        for segment in path.split('/').skip(1) {
            front.push('/');
            if segment.starts_with("{*") {
                all_differ &= rests.insert(front.clone());
            } else if segment.starts_with('{') {
                any.insert(front.clone());
                front += "{}";
            } else {
                front += segment;
            }
        }
    }
    !all_differ || !rests.is_disjoint(&any)
}

async fn handle(entries: Arc<[Entry]>, style: Style, request: Request) -> StatusCode {
    run(&entries, style, request).await.err().unwrap_or(StatusCode::OK)
}

async fn run(entries: &[Entry], style: Style, request: Request) -> Result<(), StatusCode> {
    let (mut parts, body) = request.into_parts();
    let values: Vec<(String, String)> = parsed(Path::from_request_parts(&mut parts, &()).await)?.0;
    let mut values: Vec<String> = values.into_iter().map(|(_, value)| value).collect();
    // The binding among those that axum does not tell apart.
    let last = values.last().cloned().unwrap_or_default();
    let found = entries.iter().find_map(|entry| Some((entry, entry.read(&last)?)));
    let (entry, read) = found.ok_or(StatusCode::NOT_FOUND)?;
    values.pop();
    values.extend(read);
    let extensions = parts.extensions.clone();
    let accounts = match entry.route.scope() {
        None => Vec::new(),
        Some(scope) => match entry.route.place(scope) {
            Place::Path => vec![in_path(entry, scope, values)],
            Place::Query => vec![in_query(scope, style, &mut parts).await?],
            Place::Body | Place::BodyField => {
                in_body(&entry.route, scope, style, Request::from_parts(parts, body)).await?
            }
        },
    };
    seen::note(&extensions, entry.route.method, accounts);
    Ok(())
}

async fn in_query(scope: Scope, style: Style, parts: &mut Parts) -> Result<Option<String>, StatusCode> {
    Ok(match style {
        Style::Struct | Style::Form => scope.in_query(parsed(Query::from_request_parts(parts, &()).await)?.0),
        Style::Map => {
            let mut query: HashMap<String, String> = parsed(Query::from_request_parts(parts, &()).await)?.0;
            query.remove(scope.json_path()).or_else(|| query.remove(scope.path()))
        }
    })
}

async fn in_body(
    route: &Route,
    scope: Scope,
    style: Style,
    request: Request,
) -> Result<Vec<Option<String>>, StatusCode> {
    let is_whole = route.place(scope) == Place::Body;
    if is_whole && route.method.streaming() == Streaming::Client {
        let items: Vec<ItemJson> = parsed(Json::from_request(request, &()).await)?.0;
        return Ok(items.into_iter().map(|item| scope.in_json(item)).collect());
    }
    // Without a body, a form is the query.
    let is_form = matches!(style, Style::Form) && !matches!(request.method().as_str(), "GET" | "HEAD");
    Ok(vec![match style {
        Style::Form if is_form && is_whole => {
            scope.in_query(parsed(Form::from_request(request, &()).await)?.0)
        }
        Style::Map => {
            let value: serde_json::Value = parsed(Json::from_request(request, &()).await)?.0;
            let steps = scope.json_path().split('.').zip(scope.path().split('.'));
            let mut steps = steps.skip(usize::from(!is_whole));
            let found =
                steps.try_fold(&value, |value, (json, proto)| value.get(json).or_else(|| value.get(proto)));
            found.and_then(|value| value.as_str()).map(str::to_owned)
        }
        _ if is_whole => scope.in_json(parsed(Json::from_request(request, &()).await)?.0),
        _ => scope.in_part_json(parsed(Json::from_request(request, &()).await)?.0),
    }])
}

fn parsed<T, R: IntoResponse>(result: Result<T, R>) -> Result<T, StatusCode> {
    result.map_err(|rejection| rejection.into_response().status())
}

/// The value of a variable, put together of its segments.
fn in_path(entry: &Entry, scope: Scope, values: Vec<String>) -> Option<String> {
    let mut values = values.into_iter();
    for piece in &entry.route.template.pieces {
        let mut segments = Vec::new();
        for segment in &piece.pattern {
            match segment {
                Segment::Literal(text) => segments.push(decode(text).ok()?.into_owned()),
                Segment::Rest if entry.is_empty_rest => {}
                Segment::Any => segments.push(values.next()?),
                Segment::Rest => segments.extend(Some(values.next()?).filter(|value| !value.is_empty())),
            }
        }
        if piece.field == Some(scope.path()) {
            return Some(segments.join("/"));
        }
    }
    None
}
