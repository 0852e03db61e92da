//! The plugin's options: `key=value`, separated by commas, or one per line in a file. Unknown keys and values are errors.

mod error;
mod exclude;
mod file;
mod groups;
mod keys;
mod levels;
mod mark;
mod names;
mod pagination;
mod renames;
mod selector;
mod values;

use std::collections::BTreeSet;
use std::io;

pub use self::exclude::Exclude;
pub use self::file::expand;
pub use self::groups::CrateGroup;
pub use self::keys::{KEYS, OptionKey};
pub use self::levels::{Level, LevelRule, Lint};
pub use self::mark::MarkSelector;
pub use self::names::{AccessOptionNames, MethodOptionNames};
pub use self::pagination::{PageKind, PaginationRule};
pub use self::renames::Renames;
pub use self::selector::{Meaning, Selector};

use self::error::OptionError;
use self::selector::Meanings;
use self::values::{
    Parsed, choice, crate_name, crate_source, dependency, extern_path, header, non_empty, selector, switch,
};
use crate::config::{ConfigFile, mixins};
use crate::diagnostic::{Code, Diagnostics, Severity};

/// What to generate, and how.
#[allow(clippy::struct_excessive_bools)] // Independent switches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// The crate's name; by default, the common prefix of the packages.
    pub crate_name: Option<String>,
    /// The crate's version.
    pub crate_version: String,
    /// A whole crate, modules for an existing one, or a workspace of crates.
    pub layout: Layout,
    /// Packages that are one crate of a workspace.
    pub crate_groups: Vec<CrateGroup>,
    /// The `edition` of the generated crate.
    pub rust_edition: String,
    /// Generate gRPC clients.
    pub grpc: bool,
    /// Generate REST path builders and requests.
    pub rest: bool,
    /// Generate message schemas, `ProtoJSON` and serde.
    pub json: bool,
    /// Generate tonic server traits.
    pub server: bool,
    /// Let server traits answer methods that are not overridden with `UNIMPLEMENTED`.
    pub server_stubs: bool,
    /// Generate permission tables.
    pub access: bool,
    /// Generate the documents (README, PERMISSIONS, ROUTES, SERVICES).
    pub docs: bool,
    /// Embed the descriptor set for gRPC reflection.
    pub reflection: bool,
    /// How the generated `Cargo.toml` names the runtime.
    pub runtime: CrateSource,
    /// The crates that [`Self::extern_paths`] name, each with its source.
    pub dependencies: Vec<(String, CrateSource)>,
    /// The response header that holds the trace id.
    pub trace_header: Option<String>,
    /// Packages and types that other crates define.
    pub extern_paths: Vec<ExternPath>,
    /// The package prefix that module paths leave out; by default, the prefix that equals the crate's name.
    pub strip_prefix: Option<String>,
    /// Generate only packages with one of these prefixes; empty means all.
    pub packages: Vec<String>,
    /// Files that are left out, unless others need them.
    pub excludes: Vec<Exclude>,
    /// The names that elements have in Rust instead of their own.
    pub renames: Renames,
    /// How strictly annotations are checked.
    pub lint: Lint,
    /// The levels of diagnostics; the last rule that applies decides.
    pub levels: Vec<LevelRule>,
    /// The meaning of a method without an access rule, in an API that states access.
    pub unstated: Unstated,
    /// Which calls send a routing header (AIP-4222).
    pub routing_headers: RoutingHeaders,
    /// gRPC service configs, with the timeouts and retries of methods.
    pub grpc_service_configs: Vec<ConfigFile>,
    /// Service configurations, with HTTP rules, services that the API mixes in, and fields that clients fill in.
    pub service_configs: Vec<ConfigFile>,
    /// How methods list page by page whose shape is not found by itself.
    pub paginations: Vec<PaginationRule>,
    /// The options of fields that mark them as required, besides those that every API may use.
    pub required_options: Vec<MarkSelector>,
    /// The options of fields that keep their values out of `Debug`, besides `debug_redact`.
    pub redact_options: Vec<MarkSelector>,
    /// The names of the access options.
    pub access_options: AccessOptionNames,
    /// The names of the options for log fields, message sizes, updates, events and operations.
    pub method_options: MethodOptionNames,
    /// Options to generate as typed constants, besides those of methods and services; by full name.
    pub custom_options: Vec<String>,
}

/// A package or type that another crate defines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExternPath {
    /// `.acme.v1` or `.acme.v1.Shelf`.
    pub proto: String,
    /// `::acme_types::v1`.
    pub rust: String,
}

/// The shape of the output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// `Cargo.toml`, `src/lib.rs` and modules.
    Crate,
    /// `mod.rs` and modules.
    Modules,
    /// A workspace with a crate for each package or version ([`crate::workspace`]).
    Workspace,
}

/// What to do with a method without an access rule.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Unstated {
    /// Report it.
    #[default]
    Error,
    /// Generate a rule that denies every call.
    Deny,
    /// Generate a rule that lets in every authenticated caller.
    Authenticated,
}

/// Which calls send a routing header, `x-goog-request-params` (AIP-4222).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RoutingHeaders {
    /// Those of methods with `google.api.routing`, and those of services whose default host is below `googleapis.com`.
    #[default]
    Auto,
    /// Those of all methods with a variable in their path.
    On,
    /// None.
    Off,
}

/// Where a dependency comes from, in the generated `Cargo.toml`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CrateSource {
    /// From the registry.
    Version(String),
    /// A folder, relative to the generated crate.
    Path(String),
    /// A git repository and, after `#`, a revision.
    Git(String, Option<String>),
}

impl Default for Options {
    fn default() -> Self {
        Self {
            crate_name: None,
            crate_version: "0.1.0".to_owned(),
            layout: Layout::Crate,
            crate_groups: Vec::new(),
            rust_edition: "2024".to_owned(),
            grpc: true,
            rest: true,
            json: true,
            server: false,
            server_stubs: true,
            access: true,
            docs: true,
            reflection: false,
            runtime: CrateSource::Version(env!("CARGO_PKG_VERSION").to_owned()),
            dependencies: Vec::new(),
            trace_header: None,
            extern_paths: Vec::new(),
            strip_prefix: None,
            packages: Vec::new(),
            excludes: Vec::new(),
            renames: Renames::default(),
            lint: Lint::default(),
            levels: Vec::new(),
            unstated: Unstated::Error,
            routing_headers: RoutingHeaders::Auto,
            grpc_service_configs: Vec::new(),
            service_configs: Vec::new(),
            paginations: Vec::new(),
            required_options: Vec::new(),
            redact_options: Vec::new(),
            access_options: AccessOptionNames::default(),
            method_options: MethodOptionNames::default(),
            custom_options: Vec::new(),
        }
    }
}

impl Options {
    /// Parses a plugin parameter. All mistakes are reported together.
    pub fn parse(parameter: &str) -> Result<Self, Diagnostics> {
        Self::from_pairs(Self::pairs(parameter))
    }

    /// The `key=value` pairs of a plugin parameter.
    pub fn pairs(parameter: &str) -> impl Iterator<Item = &str> {
        parameter.split(',').map(str::trim).filter(|item| !item.is_empty())
    }

    /// Parses separate options, each `key=value`.
    pub fn from_pairs<'a>(items: impl IntoIterator<Item = &'a str>) -> Result<Self, Diagnostics> {
        let mut options = Self::default();
        let mut problems = Diagnostics::default();
        let mut seen = Vec::new();
        for item in items {
            let Some((key, value)) = item.split_once('=') else {
                let hint = keys::nearest(item).map_or_else(
                    || "write options as `key=value`".to_owned(),
                    |key| format!("write `{}={}`", key.name, key.values),
                );
                problems.push_global(Code::PluginOption, format!("option `{item}` has no value"), hint);
                continue;
            };
            if !matches!(
                key,
                "extern_path"
                    | "dependency"
                    | "crate"
                    | "package"
                    | "exclude"
                    | "required_option"
                    | "redact_option"
                    | "pagination"
                    | "rename"
                    | "mode_option"
                    | "permissions_option"
                    | "custom_option"
                    | "grpc_service_config"
                    | "service_config"
                    | "allow"
                    | "warn"
                    | "deny"
            ) && seen.contains(&key)
            {
                let message = format!("option `{key}` is set twice");
                problems.push_global(Code::PluginOption, message, "set it once");
            }
            seen.push(key);
            if let Err(OptionError { message, hint }) = options.set(key, value) {
                problems.push_global(Code::PluginOption, message, hint);
            }
        }
        groups::check_layout(&options, &mut problems);
        if problems.is_empty() { Ok(options) } else { Err(problems) }
    }

    /// Reads the files that the options name.
    ///
    /// # Errors
    /// All files that cannot be read.
    pub fn read_files(&mut self, read: impl Fn(&str) -> io::Result<String>) -> Result<(), Diagnostics> {
        let mut problems = Diagnostics::default();
        for file in &mut self.grpc_service_configs {
            file.load("grpc_service_config", &read, &mut problems);
        }
        for file in &mut self.service_configs {
            file.load("service_config", &read, &mut problems);
        }
        if problems.is_empty() { Ok(()) } else { Err(problems) }
    }

    /// Whether a file is left out, unless others need it.
    pub fn excludes(&self, file: &str) -> bool {
        self.excludes.iter().any(|exclude| exclude.matches(file))
    }

    /// The files that define services which the service configurations mix in, such as `google/iam/v1/iam_policy.proto`. A compiler adds
    /// them to a request as imports, if it finds them.
    pub fn mixin_files(&self) -> Vec<&'static str> {
        let configs = self.service_configs.iter().map(|file| file.service(&mut Diagnostics::default()));
        let files: BTreeSet<&'static str> = configs
            .flat_map(|config| config.apis)
            .filter_map(|(_, service)| mixins::file(&service))
            .collect();
        files.into_iter().collect()
    }

    /// The level that the options state for a problem of a method, `package.Service/Method`.
    pub(crate) fn stated_level(&self, code: Code, method: &str) -> Option<Level> {
        levels::stated(&self.levels, code, method)
    }

    /// The severity of a method's problem; `None` if it is not reported. `severity` is that of a strict check.
    pub(crate) fn severity(&self, code: Code, method: &str, severity: Severity) -> Option<Severity> {
        match self.stated_level(code, method) {
            Some(level) => level.severity(),
            None if code.is_http() && !self.rest => None,
            None if code.is_left_out() && self.lint == Lint::Lenient => Some(Severity::Warning),
            None => Some(severity),
        }
    }

    fn set(&mut self, key: &str, value: &str) -> Parsed<()> {
        match key {
            file::KEY => {
                let hint = "set it on the command line, in buf.gen.yaml or in buf.yaml; a file cannot name another file";
                return Err(OptionError::new(format!("`{key}` is not allowed here"), hint));
            }
            "crate_name" => self.crate_name = Some(crate_name(value)?),
            "crate_version" => self.crate_version = non_empty(key, value)?,
            "layout" => {
                let workspace = ("workspace", Layout::Workspace);
                let choices = [("crate", Layout::Crate), ("modules", Layout::Modules), workspace];
                self.layout = choice(key, value, &choices)?;
            }
            "crate" => self.crate_groups.push(CrateGroup::parse(key, value)?),
            "rust_edition" => {
                choice(key, value, &[("2021", "2021"), ("2024", "2024")])?.clone_into(&mut self.rust_edition);
            }
            "grpc" => self.grpc = switch(key, value)?,
            "rest" => self.rest = switch(key, value)?,
            "json" => self.json = switch(key, value)?,
            "server" => self.server = switch(key, value)?,
            "server_stubs" => self.server_stubs = switch(key, value)?,
            "access" => self.access = switch(key, value)?,
            "docs" => self.docs = switch(key, value)?,
            "reflection" => self.reflection = switch(key, value)?,
            "runtime" => self.runtime = crate_source(key, value)?,
            "dependency" => self.dependencies.push(dependency(value)?),
            "trace_header" => self.trace_header = Some(header(key, value)?),
            "extern_path" => self.extern_paths.push(extern_path(value)?),
            "strip_prefix" => self.strip_prefix = Some(non_empty(key, value)?),
            "exclude" => self.excludes.push(Exclude::parse(key, value)?),
            "rename" => self.renames.add(key, value)?,
            "pagination" => self.paginations.push(PaginationRule::parse(key, value)?),
            "required_option" => self.required_options.push(MarkSelector::parse(key, value)?),
            "redact_option" => self.redact_options.push(MarkSelector::parse(key, value)?),
            "package" => self.packages.push(non_empty(key, value)?),
            "lint" => {
                self.lint = choice(key, value, &[("lenient", Lint::Lenient), ("strict", Lint::Strict)])?;
            }
            "allow" => self.levels.push(LevelRule::parse(Level::Allow, key, value)?),
            "warn" => self.levels.push(LevelRule::parse(Level::Warn, key, value)?),
            "deny" => self.levels.push(LevelRule::parse(Level::Deny, key, value)?),
            "unstated" => {
                let choices = [
                    ("error", Unstated::Error),
                    ("deny", Unstated::Deny),
                    ("authenticated", Unstated::Authenticated),
                ];
                self.unstated = choice(key, value, &choices)?;
            }
            "routing_headers" => {
                let choices = [
                    ("auto", RoutingHeaders::Auto),
                    ("on", RoutingHeaders::On),
                    ("off", RoutingHeaders::Off),
                ];
                self.routing_headers = choice(key, value, &choices)?;
            }
            "grpc_service_config" => {
                self.grpc_service_configs.push(ConfigFile::new(&non_empty(key, value)?));
            }
            "service_config" => self.service_configs.push(ConfigFile::new(&non_empty(key, value)?)),
            "permissions_option" => {
                let selector = Selector::parse(key, value, Meanings::OfPermissions)?;
                self.access_options.permissions.push(selector);
            }
            "account_option" => self.access_options.account = Some(selector(key, value)?),
            "account_field" => self.access_options.account_field = Some(non_empty(key, value)?),
            "authentication_option" => self.access_options.authentication = Some(selector(key, value)?),
            "mode_option" => {
                self.access_options.modes.push(Selector::parse(key, value, Meanings::Needed)?);
            }
            "actors_option" => self.access_options.actors = Some(selector(key, value)?),
            "require_all_option" => self.access_options.require_all = Some(selector(key, value)?),
            "api_version_option" => self.access_options.api_version = Some(non_empty(key, value)?),
            "log_fields_option" => self.method_options.log_fields = Some(non_empty(key, value)?),
            "max_message_size_option" => self.method_options.max_message_size = Some(non_empty(key, value)?),
            "patch_source_option" => self.method_options.patch_source = Some(non_empty(key, value)?),
            "custom_option" => self.custom_options.push(non_empty(key, value)?),
            "operation_option" => self.method_options.operation = Some(non_empty(key, value)?),
            "event_option" => self.method_options.event = Some(non_empty(key, value)?),
            _ => {
                let hint = keys::nearest(key).map_or_else(
                    || "run `protoc-gen-rust-sdk --help` for the list".to_owned(),
                    |near| format!("did you mean `{}={}`?", near.name, near.values),
                );
                return Err(OptionError::new(format!("unknown option `{key}`"), hint));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_is_accepted_with_its_first_value() {
        for OptionKey { name, values, .. } in KEYS.iter().filter(|key| key.name != file::KEY) {
            let value = match *values {
                "FILE"
                | "NAME"
                | "PREFIX"
                | "PATTERN"
                | "PACKAGE"
                | "VERSION"
                | "OPTION"
                | "OPTION[:VALUE]"
                | "OPTION[@VALUE_OPTION][:VALUE=MEANING;…]"
                | "FIELD|-" => "a1",
                "OPTION:VALUE=MEANING;…" => "a1:B=public",
                "CODE[@ELEMENT]" => "http-two-verbs@a.v1",
                "VERSION|path:DIR|git:URL[#REV]" => "0.1",
                "KIND:REQUEST_PATHS:RESPONSE_PATHS" => "token:a:b",
                "ELEMENT=NAME" => "a.v1.B=C",
                "PACKAGE_PREFIX[=NAME]" => "a.v1=b,layout=workspace",
                "NAME=VERSION|path:DIR|git:URL[#REV]" => "a=0.1",
                ".proto.path=::rust::path" => ".a=::b",
                choices => choices.split('|').next().unwrap_or_default(),
            };
            assert!(Options::parse(&format!("{name}={value}")).is_ok(), "{name}={value}");
        }
    }

    #[test]
    fn mistakes_are_reported_together_with_suggestions() {
        let problems =
            Options::parse("crat_name=a,layout=tree,server,docs=on,docs=off").unwrap_err().to_string();
        assert_eq!(
            problems,
            "error[plugin-option]: unknown option `crat_name`\n  help: did you mean `crate_name=NAME`?\n\
             error[plugin-option]: option `layout` has the invalid value `tree`\n  help: write `crate` or `modules` or `workspace`\n\
             error[plugin-option]: option `server` has no value\n  help: write `server=on|off`\n\
             error[plugin-option]: option `docs` is set twice\n  help: set it once"
        );
    }

    #[test]
    fn invalid_names_are_rejected() {
        for name in
            ["core", "std", "proc-macro", "tonic", "rust-sdk-runtime", "self", "async", "1a", "a.b", ""]
        {
            assert!(Options::parse(&format!("crate_name={name}")).is_err(), "{name}");
        }
        let problems = Options::parse("crate_name=test").unwrap_err().to_string();
        assert!(problems.contains("help: choose another, such as `test-sdk`"), "{problems}");
        for path in [
            ".a=b",
            "a=::b",
            ".a=::",
            ".a=::b::",
            ".a=::b c",
            ".a=::b<T>",
            ".a=crate::b;",
            ".=::b",
            ".a..b=::c",
        ] {
            assert!(Options::parse(&format!("extern_path={path}")).is_err(), "{path}");
        }
        assert!(Options::parse("extern_path=.a.B=::b::r#type::B,extern_path=.c=crate::c").is_ok());
    }

    #[test]
    fn values_are_read() {
        let options =
            Options::parse("runtime=git:https://example.com/r#abc,extern_path=.a.b=::c::d,strip_prefix=x")
                .unwrap();
        assert_eq!(options.runtime, CrateSource::Git("https://example.com/r".into(), Some("abc".into())));
        assert_eq!(options.extern_paths, [ExternPath { proto: ".a.b".into(), rust: "::c::d".into() }]);
        assert_eq!(options.strip_prefix.as_deref(), Some("x"));
    }
}
