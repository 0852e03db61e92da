//! A workspace: a crate for each package or version of an API, from one request.
//!
//! A crate is described from a request of its own: its files and all that these import. So each crate is what it would be by itself, and the
//! memory of a run is that of its largest crates, not that of all.

mod head;
pub(crate) mod member;
mod plan;

use std::collections::{BTreeMap, BTreeSet};

use self::head::Head;
use self::member::{Members, Seat};
use crate::api::Api;
use crate::config::{ConfigFile, mixins};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::options::{Layout, Options};
use crate::plugin::CodeGeneratorRequest;
use crate::resolve::Fit;

/// The crates of a request, each with its packages and name.
pub struct Workspace<'a> {
    request: &'a CodeGeneratorRequest,
    options: &'a Options,
    heads: Vec<Head>,
    members: Members,
    /// For each file of `grpc_service_config` and `service_config`, the crates that read it.
    readers: BTreeMap<String, BTreeSet<usize>>,
    has_operations: bool,
    warnings: Diagnostics,
}

impl<'a> Workspace<'a> {
    /// Plans the crates of a request.
    ///
    /// # Errors
    /// A file cannot be read, two crates have one name, or an option groups packages that do not exist.
    pub fn plan(request: &'a CodeGeneratorRequest, options: &'a Options) -> Result<Self, Diagnostics> {
        let mut heads = Vec::with_capacity(request.proto_file.len());
        for (index, bytes) in request.proto_file.iter().enumerate() {
            heads.push(Head::read(bytes).ok_or_else(|| {
                let message = format!("file {index} of the request cannot be read");
                let hint = "the request's `proto_file` entries must be encoded FileDescriptorProtos";
                Diagnostics::global(Code::Descriptor, message, hint)
            })?);
        }
        let mut problems = Diagnostics::default();
        let requested: BTreeSet<&str> = request.file_to_generate.iter().map(String::as_str).collect();
        let mut ignored = Diagnostics::default();
        let service_configs: Vec<BTreeSet<String>> = options
            .service_configs
            .iter()
            .map(|file| file.service(&mut ignored).apis.into_iter().map(|(_, name)| name).collect())
            .collect();
        let listed = service_configs.iter().flatten().cloned().collect();
        let files = plan::Files { heads: &heads, requested: &requested, options, listed: &listed };
        let members = plan::plan(&files, &mut problems)?;
        if problems.has_errors() {
            return Err(problems.sorted());
        }
        let has_operations = heads.iter().any(|head| {
            members.imported.contains(&head.name)
                && !head.services.is_empty()
                && !head.package.starts_with("google.longrunning")
                && head.uses.iter().any(|name| name == "google.longrunning.Operation")
        });
        let readers = readers(options, &heads, &members, &service_configs);
        Ok(Self { request, options, heads, members, readers, has_operations, warnings: problems })
    }

    /// The number of crates.
    pub fn len(&self) -> usize {
        self.members.all.len()
    }

    /// Whether there is no crate.
    pub fn is_empty(&self) -> bool {
        self.members.all.is_empty()
    }

    /// The names of the crates, sorted.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.members.all.iter().map(|member| member.name.as_str())
    }

    /// Describes the crate with this index as far as possible, as [`Api::build_lenient`] does.
    ///
    /// # Errors
    /// Its files are inconsistent.
    pub fn build_lenient(&self, index: usize) -> Result<Api, Diagnostics> {
        let seat = Seat { members: &self.members, index, has_operations: self.has_operations };
        Api::describe(&self.member_request(index), self.member_options(index), Fit::Required, Some(seat))
    }

    /// All problems of a workspace: those of its crates, and options that fit none of the crates that read them.
    pub fn problems(&self, crates: impl IntoIterator<Item = CrateProblems>) -> Diagnostics {
        let mut problems = self.warnings.clone();
        let mut unfit: Vec<(Diagnostic, usize)> = Vec::new();
        for CrateProblems { warnings, unfit: found } in crates {
            problems.extend(warnings);
            for problem in &found.sorted() {
                match unfit.iter_mut().find(|(known, _)| known == problem) {
                    Some((_, count)) => *count += 1,
                    None => unfit.push((problem.clone(), 1)),
                }
            }
        }
        for (problem, count) in unfit {
            let file = problem.position.as_ref().map(|position| position.file.as_str());
            let readers = file.and_then(|file| self.readers.get(file)).map_or(self.len(), BTreeSet::len);
            if count == readers {
                problems.push(problem);
            }
        }
        problems.sorted()
    }

    /// The request for one crate: its files, those of the packages that it uses, the files that define options, and all imports.
    fn member_request(&self, index: usize) -> CodeGeneratorRequest {
        let names: BTreeMap<&str, usize> =
            self.heads.iter().map(|head| head.name.as_str()).zip(0..).collect();
        let used = self.used(index);
        let roots = self.heads.iter().enumerate().filter(|(_, head)| {
            let owner = self.members.owners.get(&head.package);
            let is_of_crate = owner.is_some_and(|owner| {
                used.contains(head.package.as_str()) && self.members.all[*owner].files.contains(&head.name)
            });
            is_of_crate || head.has_options
        });
        let files = plan::imported(roots.map(|(at, _)| at), &self.heads, &names);
        let file_to_generate = self
            .request
            .file_to_generate
            .iter()
            .filter(|name| names.get(name.as_str()).is_some_and(|at| files.contains(at)));
        CodeGeneratorRequest {
            file_to_generate: file_to_generate.cloned().collect(),
            parameter: None,
            proto_file: files.iter().map(|at| self.request.proto_file[*at].clone()).collect(),
        }
    }

    /// The packages of a crate, and all that they use.
    fn used(&self, index: usize) -> BTreeSet<&str> {
        let mut seen = BTreeSet::new();
        let mut open: Vec<&str> = self.members.all[index].packages.keys().map(String::as_str).collect();
        while let Some(package) = open.pop() {
            if seen.insert(package) {
                open.extend(self.members.edges.get(package).into_iter().flatten().map(String::as_str));
            }
        }
        seen
    }

    fn member_options(&self, index: usize) -> Options {
        let member = &self.members.all[index];
        let prefix = if member.prefix.is_empty() { "-" } else { &member.prefix };
        let reads =
            |file: &ConfigFile| self.readers.get(&file.path).is_none_or(|readers| readers.contains(&index));
        Options {
            layout: Layout::Crate,
            crate_groups: Vec::new(),
            crate_name: Some(member.name.clone()),
            strip_prefix: Some(prefix.to_owned()),
            grpc_service_configs: self
                .options
                .grpc_service_configs
                .iter()
                .filter(|file| reads(file))
                .cloned()
                .collect(),
            service_configs: self
                .options
                .service_configs
                .iter()
                .filter(|file| reads(file))
                .cloned()
                .collect(),
            ..self.options.clone()
        }
    }
}

/// The problems of one crate ([`Api::warnings`], [`Api::unfit`]).
#[derive(Debug, Default)]
pub struct CrateProblems {
    /// The problems that hold in any case.
    pub warnings: Diagnostics,
    /// Options that do not fit the crate's files.
    pub unfit: Diagnostics,
}

/// For each file of settings, the crates whose services it names. A file that lists services of an API and those that the API mixes in is
/// about the API's own.
fn readers(
    options: &Options,
    heads: &[Head],
    members: &Members,
    service_configs: &[BTreeSet<String>],
) -> BTreeMap<String, BTreeSet<usize>> {
    let mut of_service: BTreeMap<&str, usize> = BTreeMap::new();
    for head in heads {
        if let Some(owner) = members.owners.get(&head.package) {
            of_service.extend(head.services.iter().map(|service| (service.as_str(), *owner)));
        }
    }
    let mut readers = BTreeMap::new();
    let mut add = |file: &ConfigFile, services: Vec<&str>| {
        let found: BTreeSet<usize> =
            services.iter().filter_map(|service| of_service.get(service).copied()).collect();
        // A file that names no service is read by all, which report it.
        if !found.is_empty() {
            readers.insert(file.path.clone(), found);
        }
    };
    for file in &options.grpc_service_configs {
        let configs = file.grpc(&mut Diagnostics::default());
        let names: Vec<String> =
            configs.into_iter().flat_map(|config| config.names).map(|name| name.service).collect();
        add(file, names.iter().map(String::as_str).filter(|name| !name.is_empty()).collect());
    }
    for (file, services) in options.service_configs.iter().zip(service_configs) {
        let names = || services.iter().map(String::as_str);
        let own: Vec<&str> = names().filter(|name| mixins::file(name).is_none()).collect();
        add(file, if own.is_empty() { names().collect() } else { own });
    }
    readers
}
