//! Elements that two files define. Each file may be valid alone, and no file need import the other.

use std::collections::BTreeMap;

use prost::Message as _;
use prost_reflect::prost_types::FileDescriptorProto;

/// A problem for each pair of files with the same elements, as `file: error: …`.
pub(crate) fn problems(files: &[Vec<u8>]) -> Vec<String> {
    let mut first: BTreeMap<String, String> = BTreeMap::new();
    let mut pairs: BTreeMap<(String, String), Vec<String>> = BTreeMap::new();
    for file in files.iter().filter_map(|file| FileDescriptorProto::decode(file.as_slice()).ok()) {
        for name in elements(&file) {
            match first.get(&name) {
                Some(other) => {
                    pairs.entry((file.name().to_owned(), other.clone())).or_default().push(name);
                }
                None => {
                    first.insert(name, file.name().to_owned());
                }
            }
        }
    }
    pairs.into_iter().map(|((file, other), names)| problem(&file, &other, &names)).collect()
}

fn problem(file: &str, other: &str, names: &[String]) -> String {
    let more = match names.len() {
        1 => String::new(),
        count => format!(" (and {} more)", count - 1),
    };
    format!(
        "{file}: error: `{}`{more} is also defined in `{other}`\n  help: leave one of the files out, with \
         `--exclude FILE`, if they are copies of each other",
        names.first().map_or("", String::as_str),
    )
}

/// The full names of a file's messages, enums, services and extensions, without those within messages.
fn elements(file: &FileDescriptorProto) -> impl Iterator<Item = String> {
    let messages = file.message_type.iter().map(|message| message.name());
    let enums = file.enum_type.iter().map(|item| item.name());
    let services = file.service.iter().map(|service| service.name());
    let extensions = file.extension.iter().map(|extension| extension.name());
    messages.chain(enums).chain(services).chain(extensions).map(|name| match file.package() {
        "" => name.to_owned(),
        package => format!("{package}.{name}"),
    })
}
