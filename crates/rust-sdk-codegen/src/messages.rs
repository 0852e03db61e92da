//! Messages and enums by prost-build, one parsed file per package.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

use prost_build::{Config, Module};
use prost_types::source_code_info::Location;
use prost_types::{DescriptorProto, EnumDescriptorProto, FileDescriptorProto, SourceCodeInfo};
use rust_sdk_model::api::Package;
use rust_sdk_model::{Api, Code, Diagnostics, docs};

/// Marks a line that stands for a whole comment. prost-build escapes comments by a way of its own, which is slow and would
/// spoil what is clean already; so it gets a number, and the comment is put in afterwards.
const PLACEHOLDER: char = '\u{E000}';

/// The message code of every package, by package name. Packages without messages are left out.
///
/// The text is prost-build's own, which is laid out well: to parse and print it again would double the generator's work.
pub(crate) fn generate(api: &Api) -> Result<BTreeMap<String, String>, Diagnostics> {
    let renames = Renames::new(api);
    let mut comments = Vec::new();
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
            let file = renames.file(file, wanted.contains_key(&index), &mut comments);
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
            out.insert(package.name.clone(), fill_in(&text, &comments));
        }
    }
    Ok(out)
}

fn covers(proto: &str, package: &str) -> bool {
    let prefix = proto.trim_start_matches('.');
    package == prefix || package.strip_prefix(prefix).is_some_and(|rest| rest.starts_with('.'))
}

/// Drops prost-build's first line and puts the comments in.
fn fill_in(text: &str, comments: &[Vec<String>]) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    for line in text.lines().skip_while(|line| line.starts_with("// ")) {
        let comment = line
            .split_once(PLACEHOLDER)
            .and_then(|(before, number)| Some((before, comments.get(number.parse::<usize>().ok()?)?)));
        let Some((before, comment)) = comment else {
            out.push_str(line);
            out.push('\n');
            continue;
        };
        let indent = &before[..before.len() - before.trim_start().len()];
        for line in comment {
            out.push_str(indent);
            out.push_str(if line.is_empty() { "///" } else { "/// " });
            out.push_str(line);
            out.push('\n');
        }
    }
    out
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

    fn file(
        &self,
        file: &FileDescriptorProto,
        wanted: bool,
        comments: &mut Vec<Vec<String>>,
    ) -> FileDescriptorProto {
        let mut file = FileDescriptorProto {
            service: Vec::new(),
            extension: Vec::new(),
            source_code_info: if wanted { take_comments(file, comments) } else { None },
            name: file.name.clone(),
            package: file.package.clone(),
            dependency: file.dependency.clone(),
            public_dependency: Vec::new(),
            weak_dependency: Vec::new(),
            message_type: file.message_type.clone(),
            enum_type: file.enum_type.clone(),
            options: file.options.clone(),
            syntax: file.syntax.clone(),
        };
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

/// The comments of messages and enums, cleaned; in the file a number stands for each.
fn take_comments(file: &FileDescriptorProto, comments: &mut Vec<Vec<String>>) -> Option<SourceCodeInfo> {
    let info = file.source_code_info.as_ref()?;
    let mut known: BTreeMap<&[i32], &Location> = BTreeMap::new();
    for location in &info.location {
        known.entry(&location.path).or_insert(location);
    }
    // prost-build wants a location for every element, commented or not.
    let location = element_paths(file)
        .into_iter()
        .map(|path| {
            let comment = known.get(path.as_slice());
            let comment = comment
                .map(|known| docs::join(known.leading_comments(), known.trailing_comments()))
                .unwrap_or_default();
            let lines = docs::clean(&comment);
            let leading_comments = (!lines.is_empty()).then(|| {
                comments.push(lines);
                format!(" {PLACEHOLDER}{}", comments.len() - 1)
            });
            Location { path, leading_comments, ..Location::default() }
        })
        .collect();
    Some(SourceCodeInfo { location })
}

/// The descriptor paths of all messages, fields, oneofs, enums and their values.
fn element_paths(file: &FileDescriptorProto) -> Vec<Vec<i32>> {
    fn items<T>(
        prefix: &[i32],
        field: i32,
        list: &[T],
        out: &mut Vec<Vec<i32>>,
        mut inner: impl FnMut(&T, &[i32], &mut Vec<Vec<i32>>),
    ) {
        for (index, item) in (0..).zip(list) {
            let path = [prefix, &[field, index]].concat();
            inner(item, &path, out);
            out.push(path);
        }
    }
    fn enumeration(item: &EnumDescriptorProto, path: &[i32], out: &mut Vec<Vec<i32>>) {
        items(path, 2, &item.value, out, |_, _, _| {});
    }
    fn message(item: &DescriptorProto, path: &[i32], out: &mut Vec<Vec<i32>>) {
        items(path, 2, &item.field, out, |_, _, _| {});
        items(path, 3, &item.nested_type, out, message);
        items(path, 4, &item.enum_type, out, enumeration);
        items(path, 8, &item.oneof_decl, out, |_, _, _| {});
    }
    let mut out = Vec::new();
    items(&[], 4, &file.message_type, &mut out, message);
    items(&[], 5, &file.enum_type, &mut out, enumeration);
    out
}
