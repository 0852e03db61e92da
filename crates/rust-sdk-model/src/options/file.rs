//! Files of options, so that all programs that read an API share them.

use std::io;

use super::Options;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Position, Severity};

/// The key that names a file.
pub(super) const KEY: &str = "options_file";

/// Replaces each `options_file=FILE` with the options of the file. A file has one `key=value` per line; empty lines and lines
/// that begin with `#` are ignored. The caller reads the file.
///
/// # Errors
/// Reports all unreadable files and, with their positions, all lines that are not options.
pub fn expand<'a>(
    items: impl IntoIterator<Item = &'a str>,
    read: impl Fn(&str) -> io::Result<String>,
) -> Result<Vec<String>, Diagnostics> {
    let mut expanded = Vec::new();
    let mut problems = Diagnostics::default();
    for item in items {
        let Some(file) = item.strip_prefix(KEY).and_then(|rest| rest.strip_prefix('=')) else {
            expanded.push(item.to_owned());
            continue;
        };
        match read(file) {
            Ok(text) => lines(file, &text, &mut expanded, &mut problems),
            Err(error) => {
                let message = format!("the file `{file}` of `{KEY}` cannot be read: {error}");
                problems.push_global(
                    Code::PluginOption,
                    message,
                    "check the path: it is relative to the current folder",
                );
            }
        }
    }
    if problems.is_empty() { Ok(expanded) } else { Err(problems) }
}

fn lines(file: &str, text: &str, expanded: &mut Vec<String>, problems: &mut Diagnostics) {
    for (line, number) in text.lines().map(str::trim).zip(1..) {
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        match Options::from_pairs([line]) {
            Ok(_) => expanded.push(line.to_owned()),
            Err(found) => {
                for problem in &found {
                    let position =
                        Position { file: file.to_owned(), line: number, column: 1, path: Vec::new() };
                    problems.push(Diagnostic {
                        severity: Severity::Error,
                        position: Some(position),
                        ..problem.clone()
                    });
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(file: &str) -> io::Result<String> {
        match file {
            "a/b.options" => Ok("# The names.\n\n  permissions_option=acme.v1.rule#scopes\r\nmode_option=a.b:C=public;D=custom\n".to_owned()),
            "wrong" => Ok("server=on\nservr=on\n options_file=a/b.options\nserver".to_owned()),
            _ => Err(io::ErrorKind::NotFound.into()),
        }
    }

    #[test]
    fn the_lines_of_a_file_replace_it() {
        let expanded = expand(["server=on", "options_file=a/b.options", "docs=off"], read).unwrap();
        assert_eq!(
            expanded,
            [
                "server=on",
                "permissions_option=acme.v1.rule#scopes",
                "mode_option=a.b:C=public;D=custom",
                "docs=off"
            ]
        );
        let options = Options::from_pairs(expanded.iter().map(String::as_str)).unwrap();
        assert_eq!(options.access_options.permissions[0].path.as_deref(), Some("scopes"));
    }

    #[test]
    fn what_is_wrong_has_its_place() {
        let problems = expand(["options_file=wrong", "options_file=none"], read).unwrap_err().to_string();
        for part in [
            "wrong:2:1: error[plugin-option]: unknown option `servr`\n  help: did you mean `server=on|off`?",
            "wrong:3:1: error[plugin-option]: `options_file` is not allowed here",
            "wrong:4:1: error[plugin-option]: option `server` has no value",
            "the file `none` of `options_file` cannot be read",
        ] {
            assert!(problems.contains(part), "{part} in\n{problems}");
        }
    }
}
