//! `cargo xtask oracle`: compares a generated `access.json` with facts from another source.

mod decisions;
mod tables;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use serde_json::{Map, Value, json};

use crate::Result;

/// Compares fields and decisions, prints every difference, and fails if there is one.
///
/// With the folder of the generated crate, compares the decisions of its compiled tables, too.
pub(crate) fn run(generated: &Path, oracle: &Path, sdk: Option<&Path>) -> Result<()> {
    let ours = methods(&read(generated)?, "methods")?;
    let facts = if oracle.is_dir() {
        from_facts(&read(&oracle.join("access.json"))?, &read(&oracle.join("rest.json"))?)?
    } else {
        methods(&read(oracle)?, "methods")?
    };
    let (decisions, decided) = decisions::compare(&ours, &facts);
    let mut differences = compare(&ours, &facts);
    differences.extend(decided);
    for difference in &differences {
        println!("{difference}");
    }
    println!("{} methods and {decisions} decisions compared, {} differences", facts.len(), differences.len());
    if !differences.is_empty() || facts.is_empty() {
        return Err("the facts differ".into());
    }
    sdk.map_or(Ok(()), |sdk| tables::compare(sdk, &facts))
}

type Methods = BTreeMap<String, Value>;

fn read(path: &Path) -> Result<Value> {
    let text =
        fs::read_to_string(path).map_err(|error| format!("cannot read {}: {error}", path.display()))?;
    serde_json::from_str(&text).map_err(|error| format!("{}: {error}", path.display()).into())
}

fn methods(document: &Value, key: &str) -> Result<Methods> {
    let methods = document[key].as_object().ok_or_else(|| format!("no object `{key}`"))?;
    Ok(methods.iter().map(|(name, facts)| (name.clone(), facts.clone())).collect())
}

/// Compares the keys that the facts state. The generated file may state more.
fn compare(ours: &Methods, facts: &Methods) -> Vec<String> {
    let mut differences = Vec::new();
    let names: BTreeSet<&String> = ours.keys().chain(facts.keys()).collect();
    for name in names {
        match (ours.get(name), facts.get(name)) {
            (Some(ours), Some(facts)) => diff(name, ours, facts, &mut differences),
            (Some(_), None) => differences.push(format!("{name}: not in the facts")),
            _ => differences.push(format!("{name}: not generated")),
        }
    }
    differences.sort();
    differences
}

fn diff(path: &str, ours: &Value, facts: &Value, differences: &mut Vec<String>) {
    match (ours, facts) {
        (Value::Object(ours), Value::Object(facts)) => {
            for (key, fact) in facts {
                diff(&format!("{path}: {key}"), ours.get(key).unwrap_or(&Value::Null), fact, differences);
            }
        }
        (Value::Array(ours), Value::Array(facts))
            if ours.len() == facts.len() && facts.iter().any(Value::is_object) =>
        {
            for (index, (ours, fact)) in ours.iter().zip(facts).enumerate() {
                diff(&format!("{path} {index}"), ours, fact, differences);
            }
        }
        _ if ours == facts || same_set(ours, facts) => {}
        _ => differences.push(format!("{path}: {ours}, should be {facts}")),
    }
}

/// Lists of names are sets: permissions, kinds of callers, query parameters.
fn same_set(ours: &Value, facts: &Value) -> bool {
    let sorted = |value: &Value| {
        let mut names: Vec<String> = value.as_array()?.iter().map(Value::to_string).collect();
        names.sort();
        Some(names)
    };
    sorted(ours).is_some_and(|ours| Some(ours) == sorted(facts))
}

/// Facts from annotations and from the published `OpenAPI` documents, in the form of `access.json`.
fn from_facts(access: &Value, rest: &Value) -> Result<Methods> {
    let rest = methods(rest, "operations")?;
    let mut out = Methods::new();
    for (name, fact) in methods(access, "methods")? {
        let state = match fact["class"].as_str() {
            Some("all-of" | "any-of") => "permissions",
            Some("authenticated-only") => "authenticated",
            Some("public") => "public",
            _ => "unstated",
        };
        let scope = match fact["account_id_resolution"]["found"].as_bool() {
            Some(true) => fact["account_id_expression"].clone(),
            _ => Value::Null,
        };
        let operation = rest.get(&name).ok_or_else(|| format!("{name} has no operation in rest.json"))?;
        let method = json!({
            "state": state,
            "permissions": fact["permissions_effective"],
            "require": if fact["requires_all"] == true { "all" } else { "any" },
            "scope": scope,
            "actors": fact["supported_actor_types"],
            "api_version": fact["api_version"],
            "bindings": [binding(&name, &fact["http"], operation)?],
        });
        out.insert(name, method);
    }
    Ok(out)
}

const VERBS: [&str; 5] = ["get", "put", "post", "delete", "patch"];

/// One binding. Its annotation and its published form must agree.
fn binding(name: &str, http: &Value, operation: &Value) -> Result<Value> {
    let empty = Map::new();
    let http = http.as_object().unwrap_or(&empty);
    let (verb, path) = VERBS
        .iter()
        .find_map(|verb| http.get(*verb).and_then(Value::as_str).map(|path| (verb.to_uppercase(), path)))
        .ok_or_else(|| format!("{name} has no verb in access.json"))?;
    let variables: Vec<&str> =
        path.split('{').skip(1).filter_map(|part| part.split(['=', '}']).next()).collect();
    let published = names(&operation["path_params"]);
    let camel: Vec<String> = variables.iter().map(|variable| json_path(variable)).collect();
    if operation["verb"] != verb.as_str()
        || camel != published
        || operation["path"] != json_path(path).as_str()
    {
        return Err(format!("{name}: access.json and rest.json contradict each other").into());
    }
    Ok(json!({
        "verb": verb,
        "path": path,
        "body": http.get("body"),
        "path_params": variables,
        "query_params": names(&operation["query_params"]),
    }))
}

fn names(parameters: &Value) -> Vec<String> {
    let parameters = parameters.as_array().map_or(&[][..], Vec::as_slice);
    parameters.iter().filter_map(|parameter| parameter["name"].as_str().map(str::to_owned)).collect()
}

/// Replaces `snake_case` field names with their JSON names, in braces or in a name without braces.
fn json_path(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    let (mut inside, mut upper) = (!path.contains('{'), false);
    for c in path.chars() {
        match c {
            '{' | '}' => {
                inside = c == '{';
                out.push(c);
            }
            '_' if inside => upper = true,
            _ if upper => {
                out.push(c.to_ascii_uppercase());
                upper = false;
            }
            _ => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_json_names_only_where_they_are_fields() {
        assert_eq!(json_path("/a_b/{item_list.item_id}/c_d"), "/a_b/{itemList.itemId}/c_d");
        assert_eq!(json_path("page_size"), "pageSize");
    }

    #[test]
    fn every_kind_of_difference_is_found() {
        let parse = |text: &str| methods(&serde_json::from_str(text).unwrap(), "m").unwrap();
        let facts = parse(r#"{"m": {"a": {"x": 1, "b": [{"p": ["q"]}]}, "gone": {}}}"#);
        assert!(
            compare(&parse(r#"{"m": {"a": {"x": 1, "b": [{"p": ["q"], "more": 1}]}, "gone": {}}}"#), &facts)
                .is_empty()
        );
        assert!(
            same_set(&json!(["a", "b"]), &json!(["b", "a"]))
                && !same_set(&json!(["a", "a"]), &json!(["a", "b"]))
        );
        let ours = parse(r#"{"m": {"a": {"b": [{"p": []}]}, "new": {}}}"#);
        let expected = [
            r#"a: b 0: p: [], should be ["q"]"#,
            "a: x: null, should be 1",
            "gone: not generated",
            "new: not in the facts",
        ];
        assert_eq!(compare(&ours, &facts), expected);
    }
}
