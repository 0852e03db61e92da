//! A call in Rust, as users would write it.

use std::collections::BTreeMap;

use rust_sdk_model::Api;
use rust_sdk_model::api::{Binding, Field, Kind, Message, Method, Presence, RustType, Service, TypeRef};

use super::samples::{self, is_text, mask_field, sample};
use crate::client::Requests;
use crate::tokens::layout::{self, Expr, Spot};

/// A call of a method.
pub(crate) struct Example<'a> {
    /// The types that the call names: their paths from outside of the crate, by their last names.
    imports: BTreeMap<String, String>,
    /// The chain of calls on the client.
    calls: Vec<Expr>,
    method: &'a Method,
    /// The only field of the response, and the function that takes it.
    content: Option<(String, String)>,
}

impl<'a> Example<'a> {
    pub(crate) fn new(api: &Api, service: &Service, method: &'a Method, requests: &Requests<'_>) -> Self {
        let binding = method.bindings.first();
        let scope = method.access.scope.as_ref().map(|scope| scope.text.as_str());
        let mut values = Values { api, requests, binding, scope, imports: BTreeMap::new() };
        let mut calls = vec![Expr::call(&service.accessor, [])];
        let message = requests.of(method);
        let arguments: Vec<Expr> = message.map_or_else(Vec::new, |message| {
            let field = |index: usize| &message.fields[index];
            method.arguments.iter().map(|argument| values.argument(message, field(argument.field))).collect()
        });
        calls.push(Expr::call(&method.function, arguments));
        calls.extend(message.and_then(|message| values.mask(method, message)));
        Self { imports: values.imports, calls, method, content: content(method, requests) }
    }

    /// The lines that import the types, as in a function's body.
    pub(crate) fn imports(&self) -> Vec<String> {
        let mut modules: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for (module, name) in self.imports.values().filter_map(|path| path.rsplit_once("::")) {
            modules.entry(module).or_default().push(name);
        }
        let mut lines: Vec<String> =
            modules.into_iter().map(|(module, names)| import(module, &names)).collect();
        if !lines.is_empty() {
            lines.push(String::new());
        }
        lines
    }

    /// Calls the method, and reads the content of the response.
    pub(crate) fn statement(&self, indent: usize) -> String {
        let chain = |end: &[&str]| {
            let end = end.iter().map(|text| Expr::text(*text));
            Expr::text("client").then(self.calls.iter().cloned().chain(end).collect())
        };
        if self.method.server_streaming {
            let open = layout::assign("let mut responses", &chain(&["await?"]), indent);
            return each(&open, "response", "responses.message()", indent);
        }
        if self.method.pagination.is_some() {
            let open = layout::assign("let mut items", &chain(&["items()"]), indent);
            return each(&open, "item", "items.item()", indent);
        }
        if let Some(operation) = &self.method.long_running {
            let chain = chain(&["poller()", "until_done()", "await?"]);
            return if is_empty(&operation.response) {
                format!("{};", chain.print(Spot::line(indent, 1)))
            } else {
                layout::assign("let response", &chain, indent)
            };
        }
        match &self.content {
            Some((name, taker)) => {
                layout::assign(&format!("let {name}"), &chain(&["await?", &format!("{taker}()?")]), indent)
            }
            None => layout::assign("let response", &chain(&["await?"]), indent),
        }
    }

    /// The variable with the result; `None` if there is none, or if the statement prints the results itself.
    pub(crate) fn result(&self) -> Option<&str> {
        let prints = self.method.server_streaming || self.method.pagination.is_some();
        let operation = self.method.long_running.as_ref();
        let has_result = !prints && operation.is_none_or(|operation| !is_empty(&operation.response));
        let content = self.content.as_ref().filter(|_| operation.is_none());
        has_result.then(|| content.map_or("response", |(name, _)| name))
    }
}

/// Whether this is `google.protobuf.Empty`.
fn is_empty(ty: &TypeRef) -> bool {
    matches!(&ty.rust, RustType::Foreign(text) if text == "()")
}

fn import(module: &str, names: &[&str]) -> String {
    match names {
        [name] => format!("use {module}::{name};"),
        names => format!("use {module}::{{{}}};", names.join(", ")),
    }
}

/// A loop over all items.
fn each(open: &str, one: &str, next: &str, indent: usize) -> String {
    let indent = " ".repeat(indent);
    format!(
        "{open}\n{indent}while let Some({one}) = {next}.await? {{\n{indent}    println!(\"{{{one}:?}}\");\n{indent}}}"
    )
}

fn content(method: &Method, requests: &Requests<'_>) -> Option<(String, String)> {
    let message = requests.message(&method.output).filter(|message| message.uses.response)?;
    let [field] = message.fields.as_slice() else { return None };
    let taker = field.taker.as_ref().filter(|_| !field.deprecated)?;
    Some((field.rust_name.clone(), taker.clone()))
}

/// Makes the values of a call.
struct Values<'v, 'a> {
    api: &'v Api,
    requests: &'v Requests<'a>,
    /// The first binding of the method.
    binding: Option<&'v Binding>,
    /// The field of the account, which the client knows.
    scope: Option<&'v str>,
    imports: BTreeMap<String, String>,
}

impl Values<'_, '_> {
    /// An argument of the method's function. In a message, it also sets the fields that the path has and, for the resource of an update,
    /// the field that the example's mask names.
    fn argument(&mut self, message: &Message, field: &Field) -> Expr {
        let value = self.value(field);
        let mut setters = self.bound(field);
        setters.extend(self.changed(message, field).filter(|setter| !setters.contains(setter)));
        if setters.is_empty() { value } else { value.then(setters) }
    }

    /// Sets the fields of a message that are variables of the path.
    fn bound(&self, field: &Field) -> Vec<Expr> {
        let Kind::Message(ty) = &field.kind else { return Vec::new() };
        let Some(message) = self.requests.message(ty).filter(|message| message.uses.input) else {
            return Vec::new();
        };
        let variables = self.binding.into_iter().flat_map(|binding| binding.template.variables());
        let setters = variables.filter(|(path, _)| self.scope != Some(*path)).filter_map(|(path, _)| {
            let name = path.strip_prefix(field.name.as_str())?.strip_prefix('.')?;
            let inner = message.fields.iter().find(|field| field.name == name)?;
            let value = Expr::literal(&samples::text(inner, path, self.binding));
            (is_text(inner) && !inner.deprecated).then(|| Expr::call(&inner.setter, [value]))
        });
        setters.collect()
    }

    fn changed(&self, message: &Message, resource: &Field) -> Option<Expr> {
        let Kind::Message(ty) = &resource.kind else { return None };
        message.fields.iter().find(|field| !field.deprecated && field.mask_of.as_ref() == Some(ty))?;
        let (_, field) = mask_field(self.requests, ty)?;
        let has_setter = is_text(field) && !field.deprecated && self.requests.message(ty)?.uses.input;
        has_setter.then(|| Expr::call(&field.setter, [Expr::literal(&sample(&field.name))]))
    }

    /// Sets the mask of an update: without one, an update replaces the whole resource (AIP-134).
    fn mask(&mut self, method: &Method, message: &Message) -> Option<Expr> {
        let setters = &message.request.as_ref()?.setters;
        let mut fields = message.fields.iter().enumerate();
        let (index, field) = fields.find(|(_, field)| field.mask_of.is_some() && !field.deprecated)?;
        let is_argument = method.arguments.iter().any(|argument| argument.field == index);
        let setter = setters[index].as_ref().filter(|_| !is_argument)?;
        Some(Expr::call(setter, [self.value(field)]))
    }

    fn value(&mut self, field: &Field) -> Expr {
        if let (Some(resource), Presence::Explicit) = (&field.mask_of, field.presence)
            && let Some(mask) = self.requests.message(resource).and_then(|message| message.mask.as_ref())
        {
            let start = Expr::call(format!("{}::{}", self.path(resource), mask.function), []);
            let field = mask_field(self.requests, resource).map(|(mask, _)| Expr::call(&mask.function, []));
            return start.then(field.into_iter().collect());
        }
        if field.kind == Kind::Scalar("String") {
            let text = samples::text(field, &field.name, self.binding);
            let is_list = field.presence.is_repeated();
            return if is_list { Expr::text(format!("[{text:?}]")) } else { Expr::literal(&text) };
        }
        match (field.presence, &field.kind) {
            (Presence::Repeated | Presence::Packed, kind) => {
                Expr::text(format!("[{}]", self.single(&field.name, kind)))
            }
            (_, kind) => Expr::text(self.single(&field.name, kind)),
        }
    }

    fn single(&mut self, name: &str, kind: &Kind) -> String {
        match kind {
            Kind::Scalar("String") => format!("{:?}", sample(name)),
            Kind::Scalar("Bytes") => "*b\"...\"".to_owned(),
            Kind::Scalar("Bool") => "true".to_owned(),
            Kind::Scalar("Float" | "Double") => "0.5".to_owned(),
            Kind::Scalar(_) => "1".to_owned(),
            Kind::Enum(ty) => {
                let variant = self.variant(ty);
                format!("{}::{}", self.path(ty), variant.as_deref().unwrap_or("default()"))
            }
            Kind::Message(ty) | Kind::Group(ty) => format!("{}::default()", self.path(ty)),
            Kind::Map(key, value) => format!("({}, {})", self.single("key", key), self.single(name, value)),
        }
    }

    /// The first variant with a meaning: 0 is "unspecified" by convention (AIP-126).
    fn variant(&self, ty: &TypeRef) -> Option<String> {
        let mut enums = self.api.known_packages().flat_map(|package| &package.enums);
        let found = enums.find(|item| item.full_name == ty.name)?;
        let value = found.values.iter().find(|value| value.number != 0 && !value.deprecated)?;
        Some(value.variant.clone())
    }

    /// A type by its last name, which is imported; by its full path if another type has that name.
    fn path(&mut self, ty: &TypeRef) -> String {
        let path = match &ty.rust {
            RustType::Local(path) => path,
            RustType::Foreign(text) => return format!("<{text}>"),
        };
        let whole = match path.join("::") {
            path if path.starts_with("::") => path[2..].to_owned(),
            path => format!("{}::{path}", crate_name(self.api)),
        };
        // The example also uses the API's `Client`.
        let Some(last) = path.last().filter(|last| *last != "Client") else { return whole };
        let known = self.imports.entry(last.clone()).or_insert_with(|| whole.clone());
        if *known == whole { last.clone() } else { whole }
    }
}

fn crate_name(api: &Api) -> String {
    api.crate_name.replace('-', "_")
}

/// The path of the client's type: at the crate's root, unless a package of the API is there.
pub(crate) fn client(api: &Api) -> String {
    let krate = crate_name(api);
    if has_root(api) {
        format!("{krate}::{}::Client", api.root_modules.client)
    } else {
        format!("{krate}::Client")
    }
}

/// The path of the error's type.
pub(super) fn error(api: &Api) -> String {
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
