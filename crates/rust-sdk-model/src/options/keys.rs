//! Every option with its values and meaning, for `--help` and for suggestions.

use super::file;

/// One of the plugin's options.
#[derive(Clone, Copy, Debug)]
pub struct OptionKey {
    /// The key.
    pub name: &'static str,
    /// The form of its values.
    pub values: &'static str,
    /// What it does.
    pub meaning: &'static str,
}

const fn key(name: &'static str, values: &'static str, meaning: &'static str) -> OptionKey {
    OptionKey { name, values, meaning }
}

/// All options.
pub const KEYS: &[OptionKey] = &[
    key(
        file::KEY,
        "FILE",
        "read more options from a file, one per line, so that all programs share them (may be repeated)",
    ),
    key("crate_name", "NAME", "the crate's name (default: the common prefix of the packages)"),
    key("crate_version", "VERSION", "the crate's version (default: 0.1.0)"),
    key(
        "layout",
        "crate|modules|workspace",
        "a whole crate, a module tree for an existing one, or a workspace with a crate for each package (default: crate)",
    ),
    key(
        "crate",
        "PACKAGE_PREFIX[=NAME]",
        "in a workspace: all packages with this prefix are one crate (may be repeated; default: a package and those below it are one \
         crate if its name ends in a version)",
    ),
    key("rust_edition", "2021|2024", "the crate's edition (default: 2024)"),
    key("grpc", "on|off", "gRPC clients (default: on)"),
    key("rest", "on|off", "REST path builders and requests (default: on)"),
    key("json", "on|off", "message schemas, ProtoJSON and serde (default: on; REST requests need it)"),
    key("server", "on|off", "tonic server traits, the access layer and the gateway (default: off)"),
    key("server_stubs", "on|off", "server traits whose methods need not be implemented (default: on)"),
    key("access", "on|off", "permission tables (default: on)"),
    key("docs", "on|off", "README, PERMISSIONS, ROUTES, SERVICES (default: on)"),
    key("reflection", "on|off", "embed the descriptor set (default: off)"),
    key("runtime", "VERSION|path:DIR|git:URL[#REV]", "the runtime dependency in Cargo.toml"),
    key("trace_header", "NAME", "the response header or trailer with the trace id, such as qc-trace-id"),
    key("extern_path", ".proto.path=::rust::path", "types that another crate defines (may be repeated)"),
    key(
        "dependency",
        "NAME=VERSION|path:DIR|git:URL[#REV]",
        "a crate that an `extern_path` names, for Cargo.toml (may be repeated)",
    ),
    key(
        "strip_prefix",
        "PACKAGE",
        "leave this prefix out of module paths (default: the prefix that equals crate_name; `-`: none)",
    ),
    key("package", "PREFIX", "generate only packages with this prefix (may be repeated)"),
    key(
        "rename",
        "ELEMENT=NAME",
        "another name in Rust for a message, field, oneof, enum, enum value, service or method, such as acme.v1.Foo=FooMessage (may \
         be repeated)",
    ),
    key(
        "exclude",
        "PATTERN",
        "leave out files, by folder or pattern of their names, such as google/ads or **/*_internal.proto, unless others need them \
         (may be repeated)",
    ),
    key(
        "lint",
        "lenient|strict",
        "what to do with an HTTP rule that cannot be generated: leave the route out with a warning, or report an error \
         (default: lenient; the check plugin is strict)",
    ),
    key(
        "allow",
        "CODE[@ELEMENT]",
        "do not report a diagnostic, of all methods or those of a package, service or method (may be repeated)",
    ),
    key("warn", "CODE[@ELEMENT]", "report a diagnostic as a warning (may be repeated)"),
    key("deny", "CODE[@ELEMENT]", "report a diagnostic as an error (may be repeated)"),
    key(
        "unstated",
        "error|deny|authenticated",
        "a method without an access rule, in an API that states access: report it, deny every call, or let in every authenticated caller (default: error)",
    ),
    key(
        "routing_headers",
        "auto|on|off",
        "the header `x-goog-request-params` (AIP-4222), by which Google's front ends route calls (default: auto: methods \
         with google.api.routing, and services whose default host is below googleapis.com)",
    ),
    key(
        "grpc_service_config",
        "FILE",
        "a gRPC service config (JSON) with the timeouts and retries of methods (may be repeated)",
    ),
    key(
        "service_config",
        "FILE",
        "a service configuration of Google's (YAML): HTTP rules, mixed-in services and fields that clients fill in (may be \
         repeated)",
    ),
    key(
        "pagination",
        "KIND:REQUEST_PATHS:RESPONSE_PATHS",
        "the fields by which methods list page by page: token:page.key;page.limit:page.next_key;rows, offset:query.offset:rows, \
         page1:page;limit:rows (page0: the first page is 0); may be repeated",
    ),
    key(
        "required_option",
        "OPTION[:VALUE]",
        "an option of fields, or a field of one, that marks them as required; VALUE: only this value of it (may be repeated)",
    ),
    key(
        "redact_option",
        "OPTION[:VALUE]",
        "an option of fields, or a field of one, whose fields `Debug` and logs do not show; VALUE: only this value of it (may be \
         repeated)",
    ),
    key(
        "permissions_option",
        "OPTION[@VALUE_OPTION][:VALUE=MEANING;…]",
        "the option of methods, services or request messages that lists permissions, or the path to a field of an option, such as \
         acme.v1.rule#auth.permission; a `string`, an enum, or a list of these; `@VALUE_OPTION` is the option of enum values \
         with the text; `VALUE=MEANING` marks a value that is no permission: `public` or `authenticated`; `*=role/*` adds a \
         prefix; permissions of several options add up (may be repeated)",
    ),
    key(
        "account_option",
        "OPTION",
        "the method option, or a field of one, that names the request field with the account; or the option that marks this field",
    ),
    key(
        "account_field",
        "FIELD|-",
        "the request field with the account, if no option names one (default: account_id; `-`: none)",
    ),
    key(
        "authentication_option",
        "OPTION",
        "the method option, or a field of one, that switches authentication off",
    ),
    key(
        "mode_option",
        "OPTION:VALUE=MEANING;…",
        "an enum, bool or string option of methods whose values mean `public`, `authenticated`, `permissions` or \
         `custom` (the method's own code decides, after authentication and all other rules); may be repeated",
    ),
    key("actors_option", "OPTION", "the method option, or a field of one, that lists the kinds of callers"),
    key(
        "require_all_option",
        "OPTION",
        "the method option, or a field of one, that requires all of the permissions or any",
    ),
    key("api_version_option", "NAME", "the service option that states the version"),
    key("log_fields_option", "NAME", "the method option that lists the fields to log (`-`: none)"),
    key(
        "max_message_size_option",
        "NAME",
        "the method option that limits the message size, in MB (`-`: none)",
    ),
    key(
        "patch_source_option",
        "NAME",
        "the method option that names the method which reads the resource of an update (`-`: none)",
    ),
    key("event_option", "NAME", "the method option that describes the call's event (`-`: none)"),
    key(
        "operation_option",
        "NAME",
        "the method option that states the response and the metadata of a long-running operation, besides \
         google.longrunning.operation_info (`-`: none)",
    ),
    key(
        "custom_option",
        "NAME",
        "an option of messages, fields or enum values, or one of Google's options, to generate as typed constants (may be \
         repeated); the API's own options of methods and services always are",
    ),
];

/// The option whose name is closest to this text.
pub(super) fn nearest(text: &str) -> Option<&'static OptionKey> {
    let distance = |key: &OptionKey| strsim::damerau_levenshtein(text, key.name);
    let near = KEYS.iter().filter(|key| distance(key) <= key.name.len().div_ceil(3).max(2));
    near.min_by_key(|key| distance(key))
}
