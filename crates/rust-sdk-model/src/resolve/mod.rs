//! Descriptors → model, one step for each part of the API.

mod access;
mod accessors;
mod base_paths;
mod behavior;
mod calls;
pub(crate) mod circles;
mod client_config;
mod collisions;
mod comments;
mod containment;
mod context;
mod crates;
mod custom;
mod defaults;
mod doc_options;
mod enums;
mod extensions;
mod field_paths;
mod grpc_paths;
mod hosts;
mod http;
mod http_rules;
mod identifiers;
pub(crate) mod load;
pub(crate) mod loaded;
mod maps;
mod marks;
mod members;
mod messages;
mod method_options;
mod operations;
pub(crate) mod package_names;
mod package_plan;
pub(crate) mod packages;
mod pages;
mod reach;
mod references;
mod renames;
mod request_ids;
mod resources;
mod rests;
mod routes;
mod routing;
mod service_config;
mod services;
mod signatures;
mod types;
mod uses;
mod validate_rules;

use std::collections::{BTreeMap, BTreeSet};

use prost::Message as _;
use prost_reflect::ServiceDescriptor;

use self::access::{AccessOptions, UnreadOptions};
use self::client_config::ClientConfig;
use self::collisions::Collisions;
use self::comments::Elements;
use self::containment::Containment;
use self::custom::CustomOptions;
use self::extensions::Finder;
use self::loaded::{File, Loaded};
use self::marks::Marks;
use self::messages::Describer;
use self::method_options::MethodOptions;
use self::package_plan::PackagePlan;
use self::reach::Reach;
use self::resources::Resources;
use self::service_config::ServiceConfigs;
use self::services::ServiceContext;
use self::types::TypeIndex;
use crate::api::{Api, NamedConst, Package, RootModules};
use crate::diagnostic::{Code, Diagnostics, Severity};
use crate::naming::{self, Scope};
use crate::options::{Layout, Options};
use crate::plugin::CodeGeneratorRequest;
use crate::workspace::member::Seat;

impl Api {
    /// Describes the API of an encoded `CodeGeneratorRequest`, with the request's own options.
    ///
    /// # Errors
    /// All problems of the request at once.
    pub fn from_bytes(request: &[u8]) -> Result<Self, Diagnostics> {
        let request = CodeGeneratorRequest::decode(request).map_err(|error| {
            let hint =
                "the input must be an encoded CodeGeneratorRequest, which protoc and buf send to a plugin";
            Diagnostics::global(Code::Descriptor, format!("the request cannot be read: {error}"), hint)
        })?;
        Self::from_request(&request)
    }

    /// Describes the API of a request, with the request's own options.
    ///
    /// # Errors
    /// All problems of the request at once.
    pub fn from_request(request: &CodeGeneratorRequest) -> Result<Self, Diagnostics> {
        let options = Options::parse(request.parameter.as_deref().unwrap_or_default())?;
        Self::build(request, options)
    }

    /// Describes the API of a request with these options.
    ///
    /// # Errors
    /// All problems of the request at once.
    pub fn build(request: &CodeGeneratorRequest, options: Options) -> Result<Self, Diagnostics> {
        let api = Self::build_lenient(request, options)?;
        if api.warnings.has_errors() { Err(api.warnings) } else { Ok(api) }
    }

    /// Describes the API of a request as far as possible. All problems are in its `warnings`. If one is an error, no
    /// code may be generated, so [`build`](Self::build) rejects the API. Reviews and checks still read it.
    ///
    /// # Errors
    /// The request cannot be read, or its files are inconsistent.
    pub fn build_lenient(request: &CodeGeneratorRequest, options: Options) -> Result<Self, Diagnostics> {
        Self::describe(request, options, Fit::Required, None)
    }

    /// The [lenient build](Self::build_lenient) of the base version of a comparison. This version may lack options that
    /// the plugin's options name: each missing option is only a warning.
    ///
    /// # Errors
    /// The request cannot be read, or its files are inconsistent.
    pub fn build_lenient_base(request: &CodeGeneratorRequest, options: Options) -> Result<Self, Diagnostics> {
        Self::describe(request, options, Fit::Optional, None)
    }

    /// Describes an API, or with `seat` one crate of a workspace.
    pub(crate) fn describe(
        request: &CodeGeneratorRequest,
        mut options: Options,
        fit: Fit,
        seat: Option<Seat<'_>>,
    ) -> Result<Self, Diagnostics> {
        // Whoever asks for the whole API of a workspace, such as a review, gets it as one crate.
        if options.layout == Layout::Workspace {
            options.layout = Layout::Crate;
        }
        let loaded = load::load(request, &options)?;
        Self::of(&loaded, options, fit, seat)
    }

    /// Describes loaded files. It is a function of its own, since loading deep messages needs the stack.
    fn of(loaded: &Loaded, options: Options, fit: Fit, seat: Option<Seat<'_>>) -> Result<Self, Diagnostics> {
        let mut problems = loaded.warnings.clone();
        // The crates of a workspace see only a part of the files, so all of them together decide whether options fit.
        let mut unfit = Diagnostics::default();
        let named = operations::named(&loaded.pool, options.method_options.operation.as_deref());
        let service_configs = ServiceConfigs::read(&options, &loaded.pool, &mut unfit);
        let input =
            packages::Input { files: &loaded.files, named: &named, service_configs: &service_configs, seat };
        let plan = packages::plan(&input, &options, fit, &mut problems)?;
        let types = TypeIndex::new(&loaded.pool, &plan.packages, seat, &options);
        let own = plan.packages.iter().filter(|package| package.home.is_none());
        let generated = own.flat_map(|package| &package.files).copied().collect();
        pages::check(&loaded.pool, &options.paginations, fit, &mut unfit);
        renames::check(&loaded.pool, &options.renames, fit, &mut unfit);
        let resources = Resources::read(loaded, &generated, &options, &mut problems);
        // The options of a workspace hold for all its crates, also for those that import none of them.
        let of_workspace = seat.map(|seat| {
            let is_imported = |index: &usize| seat.members.imported.contains(loaded.files[*index].name());
            (0..loaded.files.len()).filter(is_imported).collect()
        });
        let origins = of_workspace.as_ref().unwrap_or(&generated);
        let mut finder = Finder::new(&loaded.pool, &loaded.files, origins, fit);
        let access = if options.access {
            AccessOptions::find(&mut finder, &options.access_options, options.unstated)
        } else {
            AccessOptions::default()
        };
        let method_options = MethodOptions::find(&mut finder, &options.method_options);
        let marks = Marks::find(&mut finder, &options);
        problems.extend(finder.finish()?);
        let client_config = ClientConfig::read(&options, &loaded.pool, &mut unfit);
        let containment = Containment::new(&loaded.pool);
        let reach = Reach::new(&plan.packages, &loaded.files, options.layout);
        let mut builder = Builder {
            options: &options,
            loaded,
            containment: &containment,
            root_modules: &plan.root_modules,
            types: &types,
            reach: &reach,
            elements: &Elements::new(&loaded.pool, &types, &reach),
            access: &access,
            method_options: &method_options,
            marks: &marks,
            client_config: &client_config,
            service_configs: &service_configs,
            resources: &resources,
            asked: &options.custom_options,
            has_operations: !access.stated()
                && seat.map_or_else(
                    || operations::are_started(loaded, &options, &method_options.operations),
                    |seat| seat.has_operations,
                ),
            fit,
            seat,
            problems,
        };
        let (mut packages, option_types, unread_options) = builder.packages(&plan.packages);
        let mut problems = builder.problems;
        if seat.is_none() {
            problems.extend(std::mem::take(&mut unfit));
        }
        let siblings = packages.split_off(packages.partition_point(|package| package.home.is_none()));
        let methods =
            || packages.iter().flat_map(|package| &package.services).flat_map(|service| &service.methods);
        Ok(Self {
            permissions: constants(methods().flat_map(|method| &method.access.permissions), "PERMISSION"),
            actors: constants(methods().flat_map(|method| &method.access.actors), "ACTOR"),
            states_access: access.stated(),
            unread_options,
            option_types,
            root_modules: plan.root_modules,
            crate_name: plan.crate_name,
            warnings: problems.sorted(),
            descriptor_set: if options.reflection { loaded.descriptor_set(&generated) } else { Vec::new() },
            packages,
            siblings,
            dependencies: plan.dependencies,
            is_member: seat.is_some(),
            unfit,
            options,
        })
    }
}

/// Whether the files must define everything that the plugin's options name.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fit {
    Required,
    Optional,
}

impl Fit {
    /// The severity if a plugin option names something that the files do not define.
    pub(crate) fn severity(self) -> Severity {
        match self {
            Self::Required => Severity::Error,
            Self::Optional => Severity::Warning,
        }
    }
}

struct Builder<'a> {
    options: &'a Options,
    loaded: &'a Loaded,
    containment: &'a Containment,
    root_modules: &'a RootModules,
    types: &'a TypeIndex,
    reach: &'a Reach<'a>,
    elements: &'a Elements<'a>,
    access: &'a AccessOptions,
    method_options: &'a MethodOptions,
    marks: &'a Marks,
    client_config: &'a ClientConfig,
    service_configs: &'a ServiceConfigs<'a>,
    resources: &'a Resources,
    asked: &'a [String],
    /// Whether the service that follows Google's operations is generated although it is only imported. An API that states access would have
    /// to state it for that service, too.
    has_operations: bool,
    fit: Fit,
    seat: Option<Seat<'a>>,
    problems: Diagnostics,
}

impl<'a> Builder<'a> {
    fn packages(
        &mut self,
        plans: &[PackagePlan],
    ) -> (Vec<Package>, crate::api::OptionTypes, Vec<crate::api::UnreadOption>) {
        let mut custom =
            CustomOptions::new(self.loaded, self.access, self.method_options, (self.asked, self.fit));
        let mut unread = UnreadOptions::new(self.access, self.method_options, self.asked);
        let mut binding_sources = routes::BindingSources::new();
        let modules = Modules::new(plans);
        let mut packages = Vec::with_capacity(plans.len());
        for plan in plans.iter().filter(|plan| plan.home.is_none()) {
            packages.push(self.package(plan, &modules, (&mut custom, &mut unread), &mut binding_sources));
        }
        let own = packages.len();
        packages.extend(self.siblings(plans, &modules));
        operations::link(&mut packages[..own]);
        calls::describe(&mut packages);
        accessors::name(&mut packages[..own]);
        resources::link((&mut packages, plans), self.resources, self.loaded, self.reach);
        uses::mark(&mut packages, self.seat.is_some_and(|seat| seat.member().is_shared));
        comments::link(&mut packages);
        routes::check(&mut packages[..own], &binding_sources, self.options, &mut self.problems);
        grpc_paths::check(&mut packages[..own], &binding_sources, self.options, &mut self.problems);
        rests::mark(&mut packages[..own], &binding_sources);
        for file in plans.iter().flat_map(|plan| &plan.files).map(|index| &self.loaded.files[*index]) {
            self.problems.push_some(base_paths::check(file, &packages[..own], self.options));
        }
        let (types, problems) = custom.finish();
        self.problems.extend(problems);
        let (unread, problems) = unread.finish(self.options);
        self.problems.extend(problems);
        (packages, types, unread)
    }

    /// The packages of other crates. Those crates report their problems, and have their options.
    fn siblings(&mut self, plans: &[PackagePlan], modules: &Modules<'_>) -> Vec<Package> {
        let mut plans = plans.iter().filter(|plan| plan.home.is_some()).peekable();
        if plans.peek().is_none() {
            return Vec::new();
        }
        let problems = std::mem::take(&mut self.problems);
        let mut custom =
            CustomOptions::new(self.loaded, self.access, self.method_options, (self.asked, Fit::Optional));
        let mut unread = UnreadOptions::new(self.access, self.method_options, self.asked);
        let mut sources = routes::BindingSources::new();
        let mut packages: Vec<Package> =
            plans.map(|plan| self.package(plan, modules, (&mut custom, &mut unread), &mut sources)).collect();
        self.problems = problems;
        let mut names = Scope::default();
        for package in &mut packages {
            let path: Vec<&str> = package
                .module
                .iter()
                .map(|part| part.trim_start_matches("::").trim_start_matches("r#"))
                .collect();
            package.call_module = names.claim(&naming::snake(&path.join("_")));
        }
        packages
    }

    fn package(
        &mut self,
        plan: &PackagePlan,
        modules: &Modules<'_>,
        (custom, unread): (&mut CustomOptions<'a>, &mut UnreadOptions<'a>),
        binding_sources: &mut routes::BindingSources,
    ) -> Package {
        let comments = self.elements.seen_from(&plan.gate);
        let files: Vec<&File> = plan.files.iter().map(|index| &self.loaded.files[*index]).collect();
        let (mut messages, mut enums) = (Vec::new(), Vec::new());
        let within = modules.0.get(plan.module.as_slice()).cloned().unwrap_or_default();
        let mut collisions = Collisions::new(&within, self.types);
        for file in &files {
            collisions.check(&file.descriptor, &file.source, &mut self.problems);
            let mut describer = Describer {
                types: self.types,
                marks: self.marks,
                containment: self.containment,
                comments,
                source: &file.source,
                messages: &mut messages,
                enums: &mut enums,
            };
            describer.file(&file.descriptor);
        }

        let mut names = taken_names(plan, (modules, self.root_modules), &messages, &enums);
        let call_module = names.claim("calls");
        let mut context = ServiceContext {
            options: self.options,
            types: self.types,
            access: self.access,
            unread,
            method_options: self.method_options,
            marks: self.marks,
            client_config: self.client_config,
            service_configs: self.service_configs,
            reach: self.reach,
            comments,
            is_root: plan.module.len() == usize::from(plan.home.is_some()),
            gate: &plan.gate,
            custom,
            problems: &mut self.problems,
            binding_sources,
        };
        let mut services = Vec::new();
        // Of a package that is there only for its messages, no service is generated.
        let is_wanted = package_names::selected(&plan.name, self.options);
        let owner = self.seat.and_then(|seat| seat.owner(&plan.name));
        for file in &files {
            let is_own = is_wanted && file.requested;
            // One that follows operations, or that a service configuration lists, is generated although it is only imported.
            let is_mixed_in = |service: &ServiceDescriptor| {
                let name = service.full_name();
                let is_listed = match owner {
                    Some(owner) => owner.listed_services.contains(name),
                    None => self.service_configs.lists(name),
                };
                is_listed || self.has_operations && name == operations::SERVICE
            };
            for service in file.descriptor.services().filter(|service| is_own || is_mixed_in(service)) {
                services.push(context.describe((&service, !is_own), &file.source, &mut names));
            }
        }
        let item_options = context.custom.items(&self.loaded.pool, &messages, &enums);
        let (accessor_module, mask_module) = (names.claim("accessors"), names.claim("masks"));
        // Last, since all other items keep their names when an API gets another resource.
        let resources = self.resources.of_package(self.loaded, plan, self.reach, &mut names);
        Package {
            name: plan.name.clone(),
            module: plan.module.clone(),
            feature: plan.feature.clone(),
            gate: (!plan.is_always_compiled).then(|| plan.gate.clone()),
            needs: plan.enables.clone(),
            home: plan.home.clone(),
            // `FileDescriptorProto.package`
            docs: files
                .iter()
                .map(|file| comments.docs(&file.source, &[2], &plan.name))
                .find(|docs| !docs.is_empty())
                .unwrap_or_default(),
            call_module,
            accessor_module,
            mask_module,
            services,
            messages,
            enums,
            resources,
            item_options,
        }
    }
}

/// The names of packages' modules, by parent module.
struct Modules<'a>(BTreeMap<&'a [String], BTreeSet<&'a str>>);

impl<'a> Modules<'a> {
    fn new(plans: &'a [PackagePlan]) -> Self {
        let mut modules: BTreeMap<&[String], BTreeSet<&str>> = BTreeMap::new();
        for plan in plans {
            for (depth, name) in plan.module.iter().enumerate() {
                modules.entry(&plan.module[..depth]).or_default().insert(name);
            }
        }
        Self(modules)
    }
}

/// The names in a package's module before those of services: types, and the modules of types and packages.
fn taken_names(
    plan: &PackagePlan,
    (modules, root): (&Modules<'_>, &RootModules),
    messages: &[crate::api::Message],
    enums: &[crate::api::Enum],
) -> Scope {
    let depth = plan.module.len();
    let mut scope = Scope::new(naming::PRELUDE);
    let paths = messages.iter().map(|message| &message.path).chain(enums.iter().map(|item| &item.path));
    // A message with a oneof has a module, too.
    let inner = messages.iter().map(|message| &message.module);
    for name in paths.chain(inner).filter_map(|path| path.get(depth)) {
        scope.take(name);
    }
    for module in modules.0.get(plan.module.as_slice()).into_iter().flatten() {
        scope.take(module);
    }
    // At the root of another crate these modules may have other names. Those of types and constants, which this crate uses, differ from both.
    if depth == usize::from(plan.home.is_some()) {
        let RootModules { access, options, runtime, client, descriptor_set } = root;
        for module in [access, options, runtime, client, descriptor_set] {
            scope.take(module);
        }
    }
    scope
}

fn constants<'a>(values: impl Iterator<Item = &'a String>, fallback: &str) -> Vec<NamedConst> {
    let mut names = Scope::default();
    let sorted: BTreeSet<&String> = values.collect();
    sorted
        .into_iter()
        .map(|value| {
            let mut constant = naming::shouty(value);
            if constant.is_empty() || constant == "_" {
                fallback.clone_into(&mut constant);
            }
            NamedConst { value: value.clone(), constant: names.claim(&constant) }
        })
        .collect()
}
