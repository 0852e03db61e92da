//! The files of a request, read once for all rules.

use std::cell::OnceCell;

use prost::Message as _;
use prost_reflect::ServiceDescriptor;
use prost_types::FileDescriptorProto;
use rust_sdk_model::plugin::CodeGeneratorRequest;
use rust_sdk_model::{Api, Code, Descriptors, Diagnostic, Diagnostics, Options, Position};
use rust_sdk_review::{Report, Snapshot, compare};

use crate::error::CallError;
use crate::finding::{DESCRIPTORS, Finding};
use crate::messages::FileDescriptor;
use crate::settings::Settings;

/// What rules check: the files of one request and its settings.
pub(crate) struct Context {
    pub(crate) settings: Settings,
    files: CodeGeneratorRequest,
    against: CodeGeneratorRequest,
    /// The ids of the requested rules.
    rules: Vec<&'static str>,
    own: OnceCell<Result<Option<ReadApi>, Diagnostics>>,
    descriptors: OnceCell<Result<Descriptors, Diagnostics>>,
    comparison: OnceCell<Result<Comparison, Diagnostics>>,
}

/// How the model reads files.
type Read = fn(&CodeGeneratorRequest, Options) -> Result<Api, Diagnostics>;

/// The API that the model reads from files.
struct ReadApi {
    api: Api,
    /// The problems of plugin options that name options which these files do not declare. With such problems, access is not read.
    undeclared: Diagnostics,
}

/// The comparison with an earlier version.
pub(crate) struct Comparison {
    pub(crate) report: Report,
    /// Why the access of the earlier version could not be read.
    pub(crate) base_undeclared: Diagnostics,
    pub(crate) old: Descriptors,
    pub(crate) new: Descriptors,
}

impl Context {
    pub(crate) fn new(
        settings: Settings,
        files: Vec<FileDescriptor>,
        against: Vec<FileDescriptor>,
        rules: Vec<&'static str>,
    ) -> Self {
        Self {
            settings,
            files: request(files),
            against: request(against),
            rules,
            own: OnceCell::new(),
            descriptors: OnceCell::new(),
            comparison: OnceCell::new(),
        }
    }

    /// Whether this rule is requested.
    pub(crate) fn asks_for(&self, rule: &str) -> bool {
        self.rules.contains(&rule)
    }

    /// Whether a file is checked, not only imported.
    pub(crate) fn is_checked(&self, file: &str) -> bool {
        self.files.file_to_generate.iter().any(|name| name == file)
    }

    /// The problems that the generator would report, without those of incomplete packages: buf may check a part of a package.
    pub(crate) fn problems(&self) -> impl Iterator<Item = &Diagnostic> {
        let problems = match self.own() {
            Ok(own) => own.as_ref().map(|own| &own.api.warnings),
            Err(problems) => Some(problems),
        };
        problems.into_iter().flatten().filter(|problem| problem.code != Code::PartialPackage)
    }

    fn own(&self) -> &Result<Option<ReadApi>, Diagnostics> {
        self.own.get_or_init(|| self.read(&self.files, Api::build_lenient))
    }

    /// The files; `None` if they cannot be read and the rule for unreadable files is requested, which reports them.
    pub(crate) fn descriptors(&self) -> Result<Option<&Descriptors>, CallError> {
        match self.descriptors.get_or_init(|| Descriptors::load(&self.files)) {
            Ok(descriptors) => Ok(Some(descriptors)),
            Err(_) if self.asks_for(DESCRIPTORS) => Ok(None),
            Err(problems) => Err(unchecked(problems)),
        }
    }

    /// What changed since the earlier version.
    pub(crate) fn comparison(&self) -> Result<&Comparison, CallError> {
        self.comparison.get_or_init(|| self.compare()).as_ref().map_err(unchecked)
    }

    fn compare(&self) -> Result<Comparison, Diagnostics> {
        let snapshot = |read: &Option<ReadApi>| {
            read.as_ref().map_or_else(Snapshot::without_files, |read| Snapshot::of(&read.api))
        };
        let new = self.own().as_ref().map_err(Clone::clone)?;
        // The earlier version may lack options that the plugin's options name.
        let old = self.read(&self.against, Api::build_lenient_base)?;
        Ok(Comparison {
            report: compare(&snapshot(&old), &snapshot(new)),
            base_undeclared: old.map(|old| old.undeclared).unwrap_or_default(),
            old: Descriptors::load(&self.against)?,
            new: Descriptors::load(&self.files)?,
        })
    }

    /// `None` if there is no file to check: buf checks modules without files, too.
    fn read(&self, files: &CodeGeneratorRequest, read: Read) -> Result<Option<ReadApi>, Diagnostics> {
        if files.file_to_generate.is_empty() {
            return Ok(None);
        }
        let undeclared = match read(files, self.settings.generator.clone()) {
            Ok(api) => return Ok(Some(ReadApi { api, undeclared: Diagnostics::default() })),
            Err(problems) if problems.iter().all(|problem| problem.code == Code::PluginOption) => problems,
            Err(problems) => return Err(problems),
        };
        // buf checks each module on its own. A module beside the API may not know the API's options.
        read(files, self.settings.without_names()).map(|api| Some(ReadApi { api, undeclared }))
    }

    /// One finding for each service whose access cannot be read, since the files do not declare options that the plugin's options name.
    pub(crate) fn undeclared(&self, rule: &'static str) -> Result<Vec<Finding>, CallError> {
        let own = self.own().as_ref().ok().and_then(Option::as_ref);
        own.map_or(Ok(Vec::new()), |own| {
            self.at_services(rule, "the access of this service", &own.undeclared)
        })
    }

    /// One finding for each service: `what` cannot be read, for these reasons.
    pub(crate) fn at_services(
        &self,
        rule: &'static str,
        what: &str,
        reasons: &Diagnostics,
    ) -> Result<Vec<Finding>, CallError> {
        let reasons: Vec<&str> = reasons.iter().map(|problem| problem.message.as_str()).collect();
        if reasons.is_empty() {
            return Ok(Vec::new());
        }
        let message =
            format!("{what} cannot be read: {}; check the plugin's options in buf.yaml", reasons.join("; "));
        let finding = |at| Finding { at: Some(at), rule, message: message.clone(), against: None };
        Ok(self.services()?.into_iter().map(finding).collect())
    }

    /// The positions of the files' services.
    pub(crate) fn services(&self) -> Result<Vec<Position>, CallError> {
        let Some(descriptors) = self.descriptors()? else { return Ok(Vec::new()) };
        let services = descriptors.requested().flat_map(|file| file.services().collect::<Vec<_>>());
        let position =
            |service: ServiceDescriptor| descriptors.position(&service.parent_file(), service.path());
        Ok(services.map(position).collect())
    }
}

/// The error for files that cannot be checked.
pub(crate) fn unchecked<'a>(problems: impl IntoIterator<Item = &'a Diagnostic>) -> CallError {
    let problems: Vec<String> = problems.into_iter().map(ToString::to_string).collect();
    CallError::invalid(format!("the files cannot be checked:\n{}", problems.join("\n")))
}

/// The request that the generator would get.
fn request(files: Vec<FileDescriptor>) -> CodeGeneratorRequest {
    let mut request = CodeGeneratorRequest::default();
    for file in files {
        if !file.is_import {
            // Loading the files reports unreadable ones.
            let proto = FileDescriptorProto::decode(file.file_descriptor_proto.as_slice());
            request.file_to_generate.extend(proto.ok().and_then(|proto| proto.name));
        }
        request.proto_file.push(file.file_descriptor_proto.into());
    }
    request
}
