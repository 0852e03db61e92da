//! `Debug` of messages: std's where it prints what prost's would, since prost's costs the compiler a lot. What holds enums
//! keeps prost's, which prints their names.

const SKIP: &str = "#[prost(skip_debug)]";

/// Derives `Debug` for every message and oneof of a package's code that has no other and holds no enum.
pub(crate) fn derive(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 16);
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        let is_std = is_derive(line) && !needs_prost(lines.clone());
        if is_std {
            out.push_str(&line.replacen("PartialEq, ", "Debug, PartialEq, ", 1));
            out.push('\n');
            out.push_str(&line[..line.len() - line.trim_start().len()]);
            out.push_str(SKIP);
        } else {
            out.push_str(line);
        }
        out.push('\n');
    }
    out
}

fn is_derive(line: &str) -> bool {
    line.trim_start().starts_with("#[derive(Clone, ")
        && (line.ends_with("::prost::Message)]") || line.ends_with("::prost::Oneof)]"))
}

/// Whether the item that goes on with these lines holds an enum or says that it has a `Debug`.
fn needs_prost<'a>(lines: impl Iterator<Item = &'a str>) -> bool {
    lines
        .map(str::trim_start)
        .take_while(|line| !line.starts_with('}') && !line.ends_with("{}"))
        .any(|line| line.starts_with("#[prost(") && (line == SKIP || line.contains("enumeration")))
}
