//! Which packages of a workspace are one crate.

use super::error::OptionError;
use super::values::{Parsed, crate_name};
use super::{Layout, Options};
use crate::diagnostic::{Code, Diagnostics};
use crate::naming;

/// The packages with a prefix, as one crate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CrateGroup {
    /// The package, and the prefix of those below it.
    pub prefix: String,
    /// The crate's name; by default, made from the prefix.
    pub name: Option<String>,
}

impl CrateGroup {
    /// Reads `acme.shop` or `acme.shop=acme-shop`.
    pub(super) fn parse(key: &str, value: &str) -> Parsed<Self> {
        let (prefix, name) = match value.split_once('=') {
            Some((prefix, name)) => (prefix, Some(crate_name(name)?)),
            None => (value, None),
        };
        if !prefix.split('.').all(naming::is_identifier) {
            let hint = "write the prefix of packages, and the crate's name if it is another: `crate=acme.shop=acme-shop`";
            return Err(OptionError::new(format!("option `{key}` has the invalid value `{value}`"), hint));
        }
        Ok(Self { prefix: prefix.to_owned(), name })
    }
}

/// Reports options that only another layout has.
pub(super) fn check_layout(options: &Options, problems: &mut Diagnostics) {
    let mut wrong = |key: &str, layout: &str, hint: &str| {
        let message = format!("option `{key}` has no meaning with `layout={layout}`");
        problems.push_global(Code::PluginOption, message, hint);
    };
    match options.layout {
        Layout::Workspace => {
            if options.crate_name.is_some() {
                wrong("crate_name", "workspace", "name crates by `crate=PREFIX=NAME`");
            }
            if options.strip_prefix.is_some() {
                wrong("strip_prefix", "workspace", "group packages by `crate=PREFIX`");
            }
        }
        Layout::Crate | Layout::Modules if options.crate_groups.is_empty() => {}
        Layout::Crate => {
            wrong("crate", "crate", "set `layout=workspace`, or name the only crate by `crate_name`");
        }
        Layout::Modules => wrong("crate", "modules", "set `layout=workspace`"),
    }
}
