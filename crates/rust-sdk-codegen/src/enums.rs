//! Enums without prost's derive and functions: a row for each, which a macro of the runtime makes all of that of.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use rust_sdk_model::api::{Enum, Package};

/// What prost-build derives for enums, at the end of their traits.
const DERIVE: &str = ", ::prost::Enumeration)]";

/// Takes the derive and the functions from a package's enums, and appends their rows.
pub(crate) fn apply(text: &str, package: &Package) -> String {
    let depth = package.module.len();
    let (mut out, mut rows) = (String::with_capacity(text.len()), String::new());
    let mut modules: Vec<&str> = Vec::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        let code = line.trim_start();
        let indent = &line[..line.len() - code.len()];
        if let Some(name) = code.strip_prefix("pub mod ").and_then(|rest| rest.strip_suffix(" {")) {
            modules.truncate(indent.len() / 4);
            modules.push(name);
        }
        let Some(traits) = line.strip_suffix(DERIVE) else {
            push(&mut out, line);
            continue;
        };
        push(&mut out, &format!("{traits})]"));
        modules.truncate(indent.len() / 4);
        let end = format!("{indent}}}");
        let mut numbers = Vec::new();
        let mut path = modules.clone();
        for line in lines.by_ref() {
            push(&mut out, line);
            let code = line.trim_start();
            if let Some(name) = code.strip_prefix("pub enum ") {
                path.extend(name.strip_suffix(" {"));
            }
            numbers.extend(code.strip_suffix(',').and_then(|code| code.split_once(" = ")));
            if line == end {
                break;
            }
        }
        // Its functions come next. The first of them has the names, in the order of the variants.
        let functions: Vec<&str> = lines.by_ref().take_while(|line| *line != end).collect();
        let names = functions.iter().filter_map(|line| {
            line.trim_start().strip_prefix("Self::")?.strip_suffix(',')?.split_once(" => ")
        });
        let Some(item) = package.enums.iter().find(|item| item.path[depth..] == path) else { continue };
        let aliases = aliases(item).join(", ");
        let _ = writeln!(
            rows,
            "    {} = {:?}, {:?}, [{aliases}] {{",
            path.join("::"),
            item.full_name,
            item.prefix
        );
        for ((variant, number), (_, name)) in numbers.iter().zip(names) {
            let _ = writeln!(rows, "        {variant} = {number}, {name};");
        }
        rows.push_str("    }\n");
    }
    if !rows.is_empty() {
        let _ = write!(out, "\n::rust_sdk_runtime::enums! {{\n{rows}}}\n");
    }
    out
}

fn push(out: &mut String, line: &str) {
    out.push_str(line);
    out.push('\n');
}

/// The names that prost leaves out, since their numbers have one.
fn aliases(item: &Enum) -> Vec<String> {
    let mut numbers = BTreeSet::new();
    let further = item.values.iter().filter(|(number, _)| !numbers.insert(*number));
    further.map(|(number, name)| format!("{name:?} => {number}")).collect()
}
