//! What an HTTP request should look like, from facts that were found without this generator.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::path::Path;

use serde_json::Value;

use crate::proxy::Exchange;

/// The rules by method, `package.Service/Method`.
pub struct Oracle(BTreeMap<String, Vec<Rule>>);

#[derive(Debug)]
struct Rule {
    verb: String,
    path: String,
    variables: Vec<String>,
    query: BTreeSet<String>,
    body: Body,
}

#[derive(Debug)]
enum Body {
    None,
    All,
    Field,
}

impl Oracle {
    /// Reads `operations` (one binding each) or `methods` (with their bindings).
    pub fn read(file: &Path) -> Result<Self, Box<dyn Error>> {
        let facts: Value = serde_json::from_slice(&std::fs::read(file)?)?;
        let mut rules = BTreeMap::new();
        for (name, operation) in facts["operations"].as_object().into_iter().flatten() {
            rules.insert(name.clone(), vec![Rule::new(operation)]);
        }
        for (name, method) in facts["methods"].as_object().into_iter().flatten() {
            rules.insert(name.clone(), method["bindings"].as_array().into_iter().flatten().map(Rule::new).collect());
        }
        Ok(Self(rules))
    }

    /// Says what is wrong with a request for a method.
    pub fn check(&self, method: &str, exchange: &Exchange) -> Result<(), String> {
        let rules = self.0.get(method).ok_or("the facts do not know the method")?;
        let (path, query) = exchange.target.split_once('?').unwrap_or((&exchange.target, ""));
        let rule = rules
            .iter()
            .find(|rule| rule.verb == exchange.verb && matches(&segments(&rule.path), &path.split('/').collect::<Vec<_>>()))
            .ok_or_else(|| format!("{} {path} is none of {rules:?}", exchange.verb))?;
        rule.check_query(query)?;
        rule.check_body(exchange)
    }
}

impl Rule {
    fn new(facts: &Value) -> Self {
        let text = |value: &Value| value.as_str().or_else(|| value["name"].as_str()).map(camel);
        let names = |value: &Value| value.as_array().into_iter().flatten().filter_map(text).collect::<Vec<_>>();
        Self {
            verb: facts["verb"].as_str().unwrap_or_default().to_owned(),
            path: facts["path"].as_str().unwrap_or_default().to_owned(),
            variables: names(&facts["path_params"]),
            query: names(&facts["query_params"]).into_iter().collect(),
            body: match &facts["body"] {
                Value::Null => Body::None,
                Value::String(name) if name != "*" => Body::Field,
                _ => Body::All,
            },
        }
    }

    fn check_query(&self, query: &str) -> Result<(), String> {
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let (key, value) = pair.split_once('=').ok_or_else(|| format!("no value in the query: {pair}"))?;
            if !self.query.contains(key) {
                return Err(format!("the query has {key}, and may have {:?}", self.query));
            }
            if !value.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~%".contains(&byte)) {
                return Err(format!("{key}={value} is not escaped"));
            }
        }
        Ok(())
    }

    fn check_body(&self, exchange: &Exchange) -> Result<(), String> {
        let body = &exchange.request_body;
        if let Body::None = self.body {
            return if body.is_empty() { Ok(()) } else { Err("it has a body".to_owned()) };
        }
        let kind = exchange.request_headers.get("content-type").and_then(|kind| kind.to_str().ok());
        if kind != Some("application/json") {
            return if kind == Some("application/x-e2e") { Ok(()) } else { Err(format!("a body of type {kind:?}")) };
        }
        let body: Value = serde_json::from_slice(body).map_err(|error| format!("the body: {error}"))?;
        if let Body::All = self.body {
            for variable in &self.variables {
                let pointer = format!("/{}", variable.replace('.', "/"));
                if body.pointer(&pointer).is_some() {
                    return Err(format!("{variable} is in the path and in the body"));
                }
            }
        }
        Ok(())
    }
}

/// A template's segments; those of a variable are its own template's.
fn segments(template: &str) -> Vec<String> {
    let mut plain = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        let (variable, after) = after.split_once('}').unwrap_or((after, ""));
        plain.push_str(before);
        plain.push_str(variable.split_once('=').map_or("*", |(_, own)| own));
        rest = after;
    }
    plain.push_str(rest);
    plain.split('/').map(str::to_owned).collect()
}

fn matches(template: &[String], path: &[&str]) -> bool {
    match template.split_first() {
        None => path.is_empty(),
        Some((first, rest)) if first == "**" => (0..=path.len()).any(|taken| matches(rest, &path[taken..])),
        Some((first, rest)) => path.split_first().is_some_and(|(segment, path)| {
            let fits = match first.strip_prefix('*') {
                Some(verb) => segment.len() > verb.len() && segment.ends_with(verb),
                None => first == segment,
            };
            fits && matches(rest, path)
        }),
    }
}

fn camel(name: &str) -> String {
    let mut camel = String::new();
    let mut upper = false;
    for char in name.chars() {
        match char {
            '_' => upper = true,
            char if upper => {
                camel.push(char.to_ascii_uppercase());
                upper = false;
            }
            char => camel.push(char),
        }
    }
    camel
}
