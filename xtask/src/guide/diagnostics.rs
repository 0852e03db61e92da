//! The page of all diagnostics, made from the codes, the invalid files and the generator's output for them.

use std::fmt::Write as _;
use std::fs;

use rust_sdk_model::Code;

use crate::{Result, root};

/// The codes that no single file can show: they are about the request, its options or its parts, or our compiler does not support the case.
const ELSEWHERE: &[(Code, &str)] = &[
    (
        Code::Descriptor,
        "The request cannot be read, or holds declarations that no compiler accepts. A compiler's own request never causes it.",
    ),
    (Code::PluginOption, "An option of the plugin is unknown, has a wrong value, or is given twice."),
    (
        Code::OptionAmbiguous,
        "Several packages define an option of the short name. Name the right one in full with its `…_option`.",
    ),
    (
        Code::PartialPackage,
        "The request holds only a part of a package, so the crate would lose the other part. With buf, set `strategy: all`.",
    ),
    (
        Code::CrateName,
        "The packages have no common prefix, or only a word that many APIs begin with, so the crate's default name tells nothing. Choose one \
         with [`crate_name`](options.md#crate_name).",
    ),
    (
        Code::EditionUnsupported,
        "The file's edition, or a feature of it, is beyond what prost can express, such as strings that need not be UTF-8.",
    ),
    (
        Code::JsonNameConflict,
        "The default JSON name of a proto2 field is the JSON name of another field, of which protoc warns, too. In JSON, the field has its \
         name in the file instead.",
    ),
    (
        Code::ConfigFile,
        "A file that an option names, such as a service configuration, is not valid YAML or JSON, or has a field or value without a meaning.",
    ),
    (
        Code::ConfigUnknownMethod,
        "Such a file names a service or method that the request does not have. It is a warning, since a file may serve several versions.",
    ),
    (Code::Generator, "The generator has a bug. Please report it with the request."),
];

/// The title of each family of codes, by the first word of the codes.
const FAMILIES: &[(&str, &str)] = &[
    ("http", "HTTP rules"),
    ("access", "Access"),
    ("log", "Log fields"),
    ("message", "Message sizes"),
    ("patch", "Patch sources"),
    ("event", "Events"),
    ("secret", "Secrets"),
    ("operation", "Long-running operations"),
    ("routing", "Routing headers"),
    ("resource", "Resource names"),
];

/// The expected page.
pub(crate) fn page() -> Result<String> {
    let mut page = "<!-- Written by `cargo xtask guide`. Do not edit. -->\n\n# Diagnostics\n\n\
        The generator reports all problems at once, each with its position, a stable code and a hint. `buf lint` reports the same with \
        the [check plugin](buf.md).\n\n\
        Each code has a rule, and an example that breaks it with the diagnostic that follows. The examples are checked with \
        [`lint=strict`](options.md#lint). By default, a route, an operation or a resource that cannot be generated is left out with a warning. \
        [`allow`, `warn` and `deny`](options.md#allow) set the level of a code.\n"
        .to_owned();
    let mut family = "";
    page.push_str("\n## Requests, options and names\n");
    for code in Code::ALL {
        let word = code.as_str().split('-').next().unwrap_or_default();
        if let Some((word, title)) = FAMILIES.iter().find(|(known, _)| *known == word)
            && family != *word
        {
            family = word;
            write!(page, "\n## {title}\n")?;
        }
        write!(page, "\n### {code}\n\n")?;
        match ELSEWHERE.iter().find(|(known, _)| known == code) {
            Some((_, text)) => writeln!(page, "{text}")?,
            None => example(*code, &mut page)?,
        }
    }
    Ok(page)
}

/// Writes the rule (the comment of the file's first service), the statement that breaks it, and the generator's diagnostic.
fn example(code: Code, page: &mut String) -> Result<()> {
    let proto = fs::read_to_string(root().join(format!("testdata/invalid/{code}.proto")))?;
    let snapshot = format!(
        "crates/rust-sdk-model/tests/snapshots/invalid__files_cause_what_they_expect@{code}.proto.snap"
    );
    let snapshot = fs::read_to_string(root().join(snapshot))?;
    let rule = rule(&proto).ok_or_else(|| {
        format!("testdata/invalid/{code}.proto: its service has no comment that says the rule")
    })?;
    writeln!(page, "{rule}\n")?;
    let told = snapshot.splitn(3, "---\n").nth(2).unwrap_or_default();
    let problem = first_problem(told, &format!("[{code}]"));
    let line = problem.split(':').nth(1).and_then(|line| line.parse().ok()).unwrap_or_default();
    write!(page, "```proto\n{}```\n\n```text\n{problem}```\n", statement(&proto, line))?;
    Ok(())
}

fn rule(proto: &str) -> Option<String> {
    let (before, _) = proto.split_once("\nservice ")?;
    let comment: Vec<&str> = before.lines().rev().map_while(|line| line.strip_prefix("// ")).collect();
    (!comment.is_empty()).then(|| comment.into_iter().rev().collect::<Vec<_>>().join(" "))
}

/// The first diagnostic of this code, with its hint.
fn first_problem(told: &str, code: &str) -> String {
    let mut lines = told.lines().skip_while(|line| !line.contains(code));
    let first = lines.next().unwrap_or_default();
    let hint = lines.take_while(|line| line.starts_with("  "));
    std::iter::once(first).chain(hint).fold(String::new(), |text, line| text + line + "\n")
}

/// The statement that begins in this line, to the end of its braces, without its indentation. Lines count from 1.
fn statement(proto: &str, line: usize) -> String {
    let mut depth = 0_usize;
    let mut text = String::new();
    let mut lines = proto.lines().skip(line.saturating_sub(1)).peekable();
    let indent = lines.peek().map_or(0, |line| line.len() - line.trim_start().len());
    for line in lines {
        let _ = writeln!(text, "{}", line.get(indent..).unwrap_or_default());
        // Every other part is a string.
        for code in line.split('"').step_by(2) {
            depth += code.matches('{').count();
            depth = depth.saturating_sub(code.matches('}').count());
        }
        if depth == 0 && line.trim_end().ends_with([';', '}']) {
            break;
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_statement_ends_with_its_braces() {
        assert_eq!(statement("option (x) = {get: \"/{a\"};\n\n", 1), "option (x) = {get: \"/{a\"};\n");
        let proto = "service S {\n  rpc A(B) returns (C) {\n    option (x) = {\n      get: \"/{a}\"\n    };\n  }\n}\n";
        assert_eq!(statement(proto, 3), "option (x) = {\n  get: \"/{a}\"\n};\n");
        assert_eq!(
            rule("// a\n\n// A rule.\n// It is long.\nservice S {"),
            Some("A rule. It is long.".to_owned())
        );
    }

    #[test]
    fn every_code_has_its_heading() {
        let page = page().unwrap();
        for code in Code::ALL {
            assert!(page.contains(&format!("\n### {code}\n")), "{code}");
        }
    }
}
