//! Messages and enums by prost-build, one parsed file per package.

use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};

use prost_build::{Config, Module};
use prost_types::{DescriptorProto, FileDescriptorProto};
use rust_sdk_model::api::Package;
use rust_sdk_model::{Api, Code, Diagnostics, docs};

use crate::format;

/// What stands for characters that prost-build would escape once more, though the comments are clean already.
const STAND_INS: [(char, char); 5] =
    [('[', '\u{E000}'), (']', '\u{E001}'), ('/', '\u{E002}'), (' ', '\u{E003}'), ('\\', '\u{E004}')];

/// The message code of every package, by package name. Packages without messages are left out.
pub(crate) fn generate(api: &Api) -> Result<BTreeMap<String, syn::File>, Diagnostics> {
    let renames = Renames::new(api);
    let mut config = Config::new();
    config.btree_map(["."]);
    for (proto, rust) in &api.options.extern_paths {
        config.extern_path(proto, rust);
    }
    let mut requests = Vec::new();
    let wanted: BTreeMap<usize, &Package> = api
        .packages
        .iter()
        .flat_map(|package| package.files.iter().map(move |index| (*index, package)))
        .collect();
    for (index, file) in api.files.iter().enumerate() {
        // Of the others, only those that extern types come from are needed: prost-build looks every type up.
        let is_extern = file.package() == "google.protobuf"
            || api.options.extern_paths.iter().any(|(proto, _)| covers(proto, file.package()));
        if wanted.contains_key(&index) || is_extern {
            let file = renames.file(file, wanted.contains_key(&index));
            requests.push((Module::from_protobuf_package_name(file.package()), file));
        }
    }
    let names = requests.iter().map(|(_, file)| file.name().to_owned()).collect::<Vec<_>>().join(", ");
    // prost-build unwraps where it meets what it does not expect.
    let generated = catch_unwind(AssertUnwindSafe(|| config.generate(requests)));
    let hint =
        "this is a limit of prost-build: leave the file out, or report it with the files that lead to it";
    let mut modules = match generated {
        Ok(Ok(modules)) => modules,
        Ok(Err(error)) => {
            return Err(Diagnostics::global(Code::Generator, format!("messages: {error}"), hint));
        }
        Err(_) => {
            let message = format!("the messages of {names} cannot be generated");
            return Err(Diagnostics::global(Code::Generator, message, hint));
        }
    };
    let mut out = BTreeMap::new();
    for package in &api.packages {
        if let Some(text) =
            modules.remove(&Module::from_protobuf_package_name(&renames.package(&package.name)))
        {
            out.insert(package.name.clone(), syn::parse_file(&text).map_err(|error| format::broken(&error))?);
        }
    }
    Ok(out)
}

fn covers(proto: &str, package: &str) -> bool {
    let prefix = proto.trim_start_matches('.');
    package == prefix || package.strip_prefix(prefix).is_some_and(|rest| rest.starts_with('.'))
}

/// Puts back what stands for something else in a formatted file.
pub(crate) fn restore(mut text: String) -> String {
    if text.contains(|c| STAND_INS.iter().any(|(_, stand_in)| *stand_in == c)) {
        text = text
            .chars()
            .map(|c| {
                STAND_INS.iter().find(|(_, stand_in)| *stand_in == c).map_or(c, |(original, _)| *original)
            })
            .collect();
    }
    text
}

/// prost-build lays modules out by package names, so packages are renamed to where the model puts them.
struct Renames<'a> {
    packages: BTreeMap<&'a str, String>,
}

impl<'a> Renames<'a> {
    fn new(api: &'a Api) -> Self {
        let packages = api
            .packages
            .iter()
            .map(|package| {
                let parts: Vec<&str> =
                    package.module.iter().map(|part| part.strip_prefix("r#").unwrap_or(part)).collect();
                (package.name.as_str(), parts.join("."))
            })
            .collect();
        Self { packages }
    }

    fn package(&self, name: &str) -> String {
        self.packages.get(name).cloned().unwrap_or_else(|| name.to_owned())
    }

    fn file(&self, file: &FileDescriptorProto, wanted: bool) -> FileDescriptorProto {
        let mut file = file.clone();
        file.service.clear();
        file.extension.clear();
        if wanted {
            clean_comments(&mut file);
        } else {
            file.source_code_info = None;
        }
        if self.packages.iter().any(|(from, to)| from != to) {
            // No package and an empty one are different things to prost-build.
            file.package = Some(self.package(file.package())).filter(|package| !package.is_empty());
            for message in &mut file.message_type {
                self.message(message);
            }
        }
        file
    }

    fn message(&self, message: &mut DescriptorProto) {
        for field in &mut message.field {
            if let Some(name) = &mut field.type_name {
                *name = self.type_name(name);
            }
        }
        for nested in &mut message.nested_type {
            self.message(nested);
        }
    }

    /// The longest package that the name starts with is its package.
    fn type_name(&self, name: &str) -> String {
        let full = name.trim_start_matches('.');
        let mut end = full.len();
        while let Some(dot) = full[..end].rfind('.') {
            if let Some(package) = self.packages.get(&full[..dot]) {
                let dot_before = if package.is_empty() { "" } else { "." };
                return format!("{dot_before}{package}{}", &full[dot..]);
            }
            end = dot;
        }
        name.to_owned()
    }
}

/// Comments as rustdoc wants them, in a form that passes through prost-build unchanged.
fn clean_comments(file: &mut FileDescriptorProto) {
    let Some(info) = &mut file.source_code_info else { return };
    let mut seen = BTreeSet::new();
    info.location.retain(|location| seen.insert(location.path.clone()));
    for location in &mut info.location {
        let mut comment = location.leading_comments.take().unwrap_or_default();
        if let Some(trailing) = location.trailing_comments.take() {
            comment.push('\n');
            comment.push_str(&trailing);
        }
        location.leading_detached_comments.clear();
        if comment.is_empty() {
            continue;
        }
        let lines: Vec<String> = docs::clean(&comment).iter().map(|line| stand_in(line)).collect();
        location.leading_comments = (!lines.is_empty()).then(|| lines.join("\n"));
    }
}

fn stand_in(line: &str) -> String {
    if line.is_empty() {
        return String::new();
    }
    let text = line.trim_start_matches(' ');
    let mut out = String::from(" ");
    out.extend(std::iter::repeat_n('\u{E003}', line.len() - text.len()));
    // Slashes only where they make a URL.
    let mut previous = ' ';
    for character in text.chars() {
        let swapped = match character {
            '/' if previous != ':' => '/',
            ' ' => ' ',
            other => STAND_INS
                .iter()
                .find(|(original, _)| *original == other)
                .map_or(other, |(_, stand_in)| *stand_in),
        };
        out.push(swapped);
        previous = character;
    }
    out
}
