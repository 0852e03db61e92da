//! Options that are found by their short name, or by the full one that the plugin's options give.

use std::collections::{BTreeMap, BTreeSet};

use prost_reflect::{DescriptorPool, DynamicMessage, ExtensionDescriptor, Value};

use super::load::File;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Severity};

pub(crate) const METHOD: &str = "google.protobuf.MethodOptions";
pub(crate) const SERVICE: &str = "google.protobuf.ServiceOptions";

/// An option to look for.
pub(crate) struct Wanted<'a> {
    pub(crate) target: &'static str,
    /// As configured.
    pub(crate) full_name: Option<&'a str>,
    pub(crate) short_name: &'static str,
    /// The plugin option that names it.
    pub(crate) key: &'static str,
    /// What it must be, in words.
    pub(crate) shape: &'static str,
    pub(crate) fits: fn(&ExtensionDescriptor) -> bool,
    /// Whether an option of the short name and another shape is a mistake. Otherwise it is somebody's own option.
    pub(crate) reserved: bool,
}

/// Looks for options.
pub(crate) struct Finder<'a> {
    pool: &'a DescriptorPool,
    files: &'a [File],
    /// The generated files and all that they import, directly or not. A request may hold other APIs, whose options say
    /// nothing about this one.
    imported: BTreeSet<&'a str>,
    problems: Diagnostics,
}

impl<'a> Finder<'a> {
    pub(crate) fn new(pool: &'a DescriptorPool, files: &'a [File], generated: &BTreeSet<usize>) -> Self {
        let by_name: BTreeMap<&str, &File> = files.iter().map(|file| (file.proto.name(), file)).collect();
        let mut open: Vec<&str> = generated.iter().map(|index| files[*index].proto.name()).collect();
        let mut imported = BTreeSet::new();
        while let Some(name) = open.pop() {
            if imported.insert(name) {
                open.extend(
                    by_name.get(name).iter().flat_map(|file| &file.proto.dependency).map(String::as_str),
                );
            }
        }
        Self { pool, files, imported, problems: Diagnostics::default() }
    }

    /// The problems, if there were any.
    pub(crate) fn finish(self) -> Result<(), Diagnostics> {
        if self.problems.is_empty() { Ok(()) } else { Err(self.problems) }
    }

    pub(crate) fn find(&mut self, wanted: &Wanted<'_>) -> Option<ExtensionDescriptor> {
        let mut candidates: Vec<ExtensionDescriptor> = match wanted.full_name {
            Some(name) => self.pool.get_extension_by_name(name).into_iter().collect(),
            None => self
                .pool
                .all_extensions()
                .filter(|extension| extension.name() == wanted.short_name)
                .filter(|extension| self.imported.contains(extension.parent_file().name()))
                .collect(),
        };
        candidates.retain(|extension| extension.containing_message().full_name() == wanted.target);
        if wanted.full_name.is_none() && !wanted.reserved {
            candidates.retain(|extension| (wanted.fits)(extension));
        }
        if candidates.len() > 1 {
            // Google's own are a fallback, not a competitor.
            candidates.retain(|extension| !extension.package_name().starts_with("google."));
        }
        candidates.sort_by(|a, b| a.full_name().cmp(b.full_name()));
        if candidates.len() > 1 {
            self.ambiguous(&candidates, wanted);
            return None;
        }
        let Some(extension) = candidates.pop() else {
            if let Some(name) = wanted.full_name {
                self.unknown(name, wanted.target, wanted.key);
            }
            return None;
        };
        if (wanted.fits)(&extension) {
            return Some(extension);
        }
        let source = self
            .files
            .iter()
            .find(|file| file.proto.name() == extension.parent_file().name())
            .map(|file| &file.source);
        let Wanted { shape, key, .. } = wanted;
        let message = match wanted.full_name {
            Some(_) => format!("`{key}` names the option, but its type is not {shape}"),
            None => {
                format!("the option has the name of an access option, but its type is not {shape}")
            }
        };
        self.problems.push(Diagnostic {
            severity: Severity::Error,
            code: Code::OptionType,
            position: source.map(|source| source.position(extension.path())),
            subject: extension.full_name().to_owned(),
            message,
            hint: match wanted.full_name {
                Some(_) => format!("name an option that is {shape}, or leave `{key}` out"),
                None => format!(
                    "if it means something else, name the right one with `{key}=FULL.NAME`, or set `access=off`"
                ),
            },
        });
        None
    }

    fn ambiguous(&mut self, candidates: &[ExtensionDescriptor], wanted: &Wanted<'_>) {
        let names =
            candidates.iter().map(|extension| format!("`{}`", extension.full_name())).collect::<Vec<_>>();
        let what =
            if wanted.reserved { "state access".to_owned() } else { format!("be `{}`", wanted.short_name) };
        let message = format!("several options could {what}: {}", names.join(", "));
        let hint = format!("say which: `{}=FULL.NAME`", wanted.key);
        self.problems.push_global(Code::OptionAmbiguous, message, hint);
    }

    fn unknown(&mut self, name: &str, target: &str, key: &str) {
        let message = format!("`{name}` is not an extension of `{target}` in this request");
        let near = self
            .pool
            .all_extensions()
            .filter(|extension| extension.containing_message().full_name() == target)
            .map(|extension| {
                let known = extension.full_name();
                (strsim::damerau_levenshtein(known, name), known.to_owned())
            })
            .min()
            .filter(|(distance, known)| {
                // The right option of a wrong package is far away by letters.
                *distance <= name.len().div_ceil(3) || short(known) == short(name)
            });
        let hint = near.map_or_else(
            || format!("check `{key}`, and that a file of the API imports the option's file"),
            |(_, known)| format!("did you mean `{key}={known}`?"),
        );
        self.problems.push_global(Code::PluginOption, message, hint);
    }
}

fn short(name: &str) -> &str {
    name.rsplit('.').next().unwrap_or(name)
}

/// The value of an option that is set. Presence is asked, never inferred from a default.
pub(crate) fn get(options: &DynamicMessage, extension: Option<&ExtensionDescriptor>) -> Option<Value> {
    let extension = extension?;
    options.has_extension(extension).then(|| options.get_extension(extension).into_owned())
}
