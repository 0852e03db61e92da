//! The public surface of a generated crate, as far as it is compared. All names are the model's.

use std::collections::BTreeMap;

use rust_sdk_model::Api;
use rust_sdk_model::api::{self, EnumValue, Kind, OptionField, Presence, RustType};
use rust_sdk_model::options::Layout;

/// A generated crate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sdk {
    /// The crate's version.
    pub version: String,
    /// Elements outside of packages: the crate itself, its features and constants; by name.
    pub(super) items: BTreeMap<String, String>,
    /// By name.
    pub(super) packages: BTreeMap<String, Package>,
}

/// One package. Its elements are known by their names in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Package {
    pub(super) module: Vec<String>,
    /// The custom options of its types, as text.
    pub(super) options: String,
    pub(super) services: BTreeMap<String, Service>,
    pub(super) messages: BTreeMap<String, Message>,
    pub(super) enums: BTreeMap<String, Enum>,
    /// By the type of the resource.
    pub(super) resources: BTreeMap<String, Resource>,
}

/// Rust names, by the kind of item.
pub(super) type Names = Vec<(&'static str, String)>;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Service {
    pub(super) full_name: String,
    pub(super) names: Names,
    pub(super) deprecated: bool,
    /// Aspects that break nothing, as text; each with a description for people.
    pub(super) notes: Names,
    /// By name.
    pub(super) methods: BTreeMap<String, Method>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Method {
    pub(super) full_name: String,
    pub(super) function: String,
    pub(super) names: Names,
    pub(super) parameters: Vec<Parameter>,
    pub(super) request: api::TypeRef,
    pub(super) response: api::TypeRef,
    pub(super) client_streaming: bool,
    pub(super) server_streaming: bool,
    /// The type of the listed items, if the method lists page by page.
    pub(super) pages: Option<Kind>,
    /// The response and the metadata of the operation that it starts. Without metadata, it is the empty message.
    pub(super) operation: Option<[api::TypeRef; 2]>,
    /// The path builders, with the names and types of their fields.
    pub(super) builders: BTreeMap<String, BTreeMap<String, String>>,
    pub(super) deprecated: bool,
    pub(super) notes: Names,
}

/// A parameter of a client's function.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Parameter {
    /// The field that it sets.
    pub(super) field: String,
    pub(super) name: String,
    pub(super) ty: Type,
}

/// The type that a setter takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Type {
    pub(super) kind: Kind,
    pub(super) is_list: bool,
    /// The resource of a typed mask.
    pub(super) mask_of: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Message {
    pub(super) full_name: String,
    /// The type's path below the package's module.
    pub(super) path: Vec<String>,
    pub(super) traits: api::Traits,
    /// Whether it has setters, getters, and functions that take fields out of it.
    pub(super) uses: api::Uses,
    /// The function that starts a mask.
    pub(super) mask: Option<String>,
    /// The oneofs' types, by Rust field.
    pub(super) oneofs: BTreeMap<String, String>,
    pub(super) fields: Vec<Field>,
    /// Whether calls have setters of its fields.
    pub(super) is_request: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Field {
    pub(super) number: u32,
    pub(super) name: String,
    pub(super) json_name: String,
    pub(super) rust_name: String,
    /// For a member of a oneof: the variant.
    pub(super) variant: Option<String>,
    pub(super) presence: Presence,
    pub(super) ty: Type,
    pub(super) boxed: bool,
    pub(super) default: Option<String>,
    pub(super) required: bool,
    pub(super) redacted: bool,
    pub(super) deprecated: bool,
    /// The functions of prost's derive.
    pub(super) accessors: Names,
    pub(super) setters: Names,
    pub(super) getters: Names,
    pub(super) takers: Names,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Enum {
    pub(super) full_name: String,
    pub(super) path: Vec<String>,
    pub(super) values: Vec<EnumValue>,
}

/// A type of resource names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Resource {
    /// The Rust type.
    pub(super) name: String,
    pub(super) patterns: Vec<String>,
    /// The parameters, or the type of the result, of each function.
    pub(super) functions: BTreeMap<String, String>,
}

impl Sdk {
    /// The surface of this API's crate.
    pub fn of(api: &Api) -> Self {
        let messages = api.packages.iter().flat_map(|package| &package.messages);
        let messages = messages.map(|message| (message.full_name.as_str(), message)).collect();
        let package = |package: &api::Package| (package.name.clone(), Package::of(api, package, &messages));
        Self {
            version: api.options.crate_version.clone(),
            items: items(api),
            packages: api.packages.iter().map(package).collect(),
        }
    }
}

fn items(api: &Api) -> BTreeMap<String, String> {
    let options = &api.options;
    let mut items: BTreeMap<String, String> = BTreeMap::new();
    let mut add = |name: String, is: &str| drop(items.insert(name, is.to_owned()));
    add("crate".to_owned(), &api.crate_name);
    let layout = if options.layout == Layout::Crate { "a crate" } else { "a module tree" };
    add("layout".to_owned(), layout);
    for (name, is_on) in [
        ("grpc", options.grpc),
        ("rest", options.rest),
        ("json", options.json),
        ("server", options.server),
        ("reflection", options.reflection),
    ] {
        if is_on {
            add(name.to_owned(), "generated");
        }
    }
    if options.layout == Layout::Crate {
        for package in &api.packages {
            add(format!("feature {}", package.feature), &package.name);
        }
    }
    if options.access {
        let access = &api.root_modules.access;
        for (module, names) in [("permissions", &api.permissions), ("actors", &api.actors)] {
            for name in names {
                add(format!("{access}::{module}::{}", name.constant), &name.value);
            }
        }
    }
    let (types, module) = (&api.option_types, &api.root_modules.options);
    let mut add_fields = |ty: &str, fields: &[OptionField]| {
        for field in fields {
            add(format!("{module}::{ty}.{}", field.name), &format!("{:?}", field.ty));
        }
    };
    for (table, fields) in [
        ("MethodOptions", &types.method),
        ("ServiceOptions", &types.service),
        ("MessageOptions", &types.message),
        ("FieldOptions", &types.field),
        ("EnumValueOptions", &types.enum_value),
    ] {
        add_fields(table, fields);
    }
    for message in &types.messages {
        add_fields(&message.rust, &message.fields);
    }
    for item in &types.enums {
        for (variant, name) in &item.variants {
            add(format!("{module}::{}::{variant}", item.rust), name);
        }
    }
    items
}

/// Messages by their full names.
type Messages<'a> = BTreeMap<&'a str, &'a api::Message>;

impl Package {
    fn of(api: &Api, package: &api::Package, all: &Messages<'_>) -> Self {
        let name = |full_name: &str| {
            full_name.strip_prefix(&package.name).unwrap_or(full_name).trim_start_matches('.').to_owned()
        };
        let within = |path: &[String]| path.strip_prefix(&package.module[..]).unwrap_or(path).to_vec();
        let messages = package
            .messages
            .iter()
            .map(|message| (name(&message.full_name), Message::of(message, within(&message.path))));
        let enums = package.enums.iter().map(|item| {
            let described = Enum {
                full_name: item.full_name.clone(),
                path: within(&item.path),
                values: item.values.clone(),
            };
            (name(&item.full_name), described)
        });
        let services =
            package.services.iter().map(|service| (name(&service.full_name), Service::of(api, service, all)));
        Self {
            module: package.module.clone(),
            options: texts(&package.item_options),
            services: services.collect(),
            messages: messages.collect(),
            enums: enums.collect(),
            resources: package.resources.iter().map(Resource::of).collect(),
        }
    }
}

impl Service {
    fn of(api: &Api, service: &api::Service, messages: &Messages<'_>) -> Self {
        let options = &api.options;
        let has_client = options.grpc || options.rest;
        let names = [
            (true, "type", &service.marker),
            (true, "module", &service.module),
            (has_client, "client's function", &service.accessor),
            (has_client, "client", &service.client),
            (has_client, "stub", &service.stub),
            (options.server, "server", &service.server),
            (service.default_host.is_some(), "constant of its host", &"DEFAULT_HOST".to_owned()),
            (!service.oauth_scopes.is_empty(), "constant of its scopes", &"OAUTH_SCOPES".to_owned()),
        ];
        let names = names.into_iter().filter(|(is, ..)| *is).map(|(_, what, name)| (what, name.clone()));
        let methods =
            service.methods.iter().map(|method| (method.name.clone(), Method::of(api, method, messages)));
        Self {
            full_name: service.full_name.clone(),
            names: names.collect(),
            deprecated: service.deprecated,
            notes: vec![
                ("version", service.api_version.clone().unwrap_or_default()),
                ("default host", service.default_host.clone().unwrap_or_default()),
                ("OAuth scopes", service.oauth_scopes.join(", ")),
                ("custom options", texts(&service.custom_options)),
            ],
            methods: methods.collect(),
        }
    }
}

impl Method {
    fn of(api: &Api, method: &api::Method, messages: &Messages<'_>) -> Self {
        let request = messages.get(method.input.name.as_str());
        let parameter = |argument: &api::Argument| {
            let field = request?.fields.get(argument.field)?;
            Some(Parameter { field: field.name.clone(), name: argument.name.clone(), ty: Type::of(field) })
        };
        let builders = method.bindings.iter().filter(|_| api.options.rest).map(|binding| {
            let slots = binding.slots.iter().map(|slot| (slot.name.clone(), slot_type(&slot.kind)));
            (binding.builder.clone(), slots.collect())
        });
        let polling = method.long_running.as_ref().and_then(|operation| operation.polling);
        let follow = method.long_running.as_ref().map(|operation| &operation.follow);
        let mut names = vec![("constant", method.constant.clone())];
        if !method.custom_options.is_empty() {
            names.push(("constant of its options", method.options_constant.clone()));
        }
        Self {
            full_name: method.full_name.clone(),
            function: method.function.clone(),
            names,
            parameters: method.arguments.iter().filter_map(parameter).collect(),
            request: method.input.clone(),
            response: method.output.clone(),
            client_streaming: method.client_streaming,
            server_streaming: method.server_streaming,
            pages: method.pagination.as_ref().map(|pages| pages.item.clone()),
            operation: method.long_running.as_ref().map(operation),
            builders: builders.collect(),
            deprecated: method.deprecated,
            notes: vec![
                ("idempotency", format!("{:?}", method.idempotency).to_lowercase()),
                ("log fields", texts(&method.log_fields)),
                ("message size", texts(method.max_message_mb.as_slice())),
                ("source of updates", texts(method.patch_source.as_slice())),
                ("event", texts(method.event.as_slice())),
                ("methods that follow its operation", texts(follow.as_slice())),
                ("polling", texts(polling.as_slice())),
                ("routing header", routing(&method.routing)),
                ("request ids", texts(&method.uuid_fields)),
                ("timeout", texts(method.timeout.as_slice())),
                ("retries", texts(method.retry.as_slice())),
                ("custom options", texts(&method.custom_options)),
            ],
        }
    }
}

/// The types of an operation's response and metadata.
fn operation(operation: &api::LongRunning) -> [api::TypeRef; 2] {
    let none =
        api::TypeRef { name: "google.protobuf.Empty".to_owned(), rust: RustType::Foreign("()".to_owned()) };
    [operation.response.clone(), operation.metadata.clone().unwrap_or(none)]
}

/// The routing header as text; empty for a method without one.
fn routing(routing: &api::Routing) -> String {
    match routing {
        api::Routing::None => String::new(),
        routing => format!("{routing:?}"),
    }
}

/// Values that are compared as a whole, as text.
fn texts(items: &[impl std::fmt::Debug]) -> String {
    items.iter().map(|item| format!("{item:?}")).collect::<Vec<_>>().join(", ")
}

fn slot_type(kind: &api::SlotKind) -> String {
    match kind {
        api::SlotKind::Enum(ty) => ty.name.clone(),
        other => format!("{other:?}").to_lowercase(),
    }
}

impl Message {
    fn of(message: &api::Message, path: Vec<String>) -> Self {
        let type_name = |rust: &RustType| match rust {
            RustType::Local(path) => path.last().cloned().unwrap_or_default(),
            RustType::Foreign(path) => path.clone(),
        };
        let fields = message.fields.iter().enumerate().map(|(index, field)| {
            let call = message.request.as_ref().and_then(|request| request.setters.get(index)?.as_ref());
            Field::of(field, call)
        });
        Self {
            full_name: message.full_name.clone(),
            path,
            traits: message.traits,
            uses: message.uses,
            mask: message.mask.as_ref().map(|mask| mask.function.clone()),
            oneofs: message.oneofs.iter().map(|oneof| (oneof.name.clone(), type_name(&oneof.rust))).collect(),
            fields: fields.collect(),
            is_request: message.request.is_some(),
        }
    }
}

impl Field {
    fn of(field: &api::Field, call_setter: Option<&String>) -> Self {
        let names = |names: &[(&'static str, Option<&String>)]| -> Names {
            names.iter().filter_map(|(what, name)| Some((*what, (*name)?.clone()))).collect()
        };
        let accessors = field.accessors.as_ref();
        Self {
            number: field.number,
            name: field.name.clone(),
            json_name: field.json_name.clone(),
            rust_name: field.rust_name.clone(),
            variant: field.oneof.as_ref().map(|oneof| oneof.variant.clone()),
            presence: field.presence,
            ty: Type::of(field),
            boxed: field.boxed,
            default: field.default.as_ref().map(default_text),
            required: field.required,
            redacted: field.redacted,
            deprecated: field.deprecated,
            accessors: names(&[
                ("getter", accessors.map(|accessors| &accessors.get)),
                ("setter", accessors.and_then(|accessors| accessors.set.as_ref())),
            ]),
            setters: names(&[("setter", Some(&field.setter)), ("call's setter", call_setter)]),
            getters: names(&[("getter", field.getter.as_ref())]),
            takers: names(&[("taking function", field.taker.as_ref())]),
        }
    }
}

/// A default for people. Two defaults are equal if their texts are.
fn default_text(value: &api::DefaultValue) -> String {
    match value {
        api::DefaultValue::Bool(it) => it.to_string(),
        api::DefaultValue::Int(it) => it.to_string(),
        api::DefaultValue::Uint(it) => it.to_string(),
        api::DefaultValue::Float(it) => it.to_string(),
        api::DefaultValue::Double(it) => it.to_string(),
        api::DefaultValue::Text(it) => format!("{it:?}"),
        api::DefaultValue::Bytes(it) => format!("b\"{}\"", it.escape_ascii()),
        api::DefaultValue::Variant(it) => it.clone(),
    }
}

impl Resource {
    fn of(resource: &api::Resource) -> (String, Self) {
        let constructors = resource.constructors.iter().map(|constructor| {
            (constructor.function.clone(), format!("({})", constructor.parameters.join(", ")))
        });
        let parts = resource.parts.iter().map(|part| {
            let result = if part.is_everywhere { "&str" } else { "Option<&str>" };
            (part.function.clone(), result.to_owned())
        });
        let described = Self {
            name: resource.name.clone(),
            patterns: resource.patterns.clone(),
            functions: constructors.chain(parts).collect(),
        };
        (resource.resource_type.clone(), described)
    }
}

impl Type {
    fn of(field: &api::Field) -> Self {
        Self {
            kind: field.kind.clone(),
            is_list: field.presence.is_repeated(),
            mask_of: field.mask_of.as_ref().map(|ty| ty.name.clone()),
        }
    }
}
