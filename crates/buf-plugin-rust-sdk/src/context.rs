//! What rules look at: the files of a request, read once for all of them.

use std::cell::OnceCell;

use prost::Message as _;
use prost_reflect::ServiceDescriptor;
use prost_types::FileDescriptorProto;
use rust_sdk_model::plugin::CodeGeneratorRequest;
use rust_sdk_model::{Api, Code, Descriptors, Diagnostic, Diagnostics};
use rust_sdk_review::{Report, Snapshot, compare};

use crate::messages::FileDescriptor;
use crate::rpc::{Failure, invalid};
use crate::rules::{self, Finding};
use crate::settings::Settings;

/// One request.
pub(crate) struct Context {
    pub(crate) settings: Settings,
    files: CodeGeneratorRequest,
    against: CodeGeneratorRequest,
    /// The ids of the rules that are asked for.
    rules: Vec<&'static str>,
    survey: OnceCell<Result<Option<Survey>, Diagnostics>>,
    descriptors: OnceCell<Result<Descriptors, Diagnostics>>,
    comparison: OnceCell<Result<Comparison, Diagnostics>>,
}

/// What the generator makes of files.
struct Survey {
    api: Api,
    /// What is wrong with the options where they name what these files do not declare. Access was left out then.
    misfits: Diagnostics,
}

/// The files and those of an earlier version.
pub(crate) struct Comparison {
    pub(crate) report: Report,
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
            survey: OnceCell::new(),
            descriptors: OnceCell::new(),
            comparison: OnceCell::new(),
        }
    }

    /// Whether this rule is asked for.
    pub(crate) fn asks_for(&self, rule: &str) -> bool {
        self.rules.contains(&rule)
    }

    /// Whether a file is to be checked, not only imported.
    pub(crate) fn is_checked(&self, file: &str) -> bool {
        self.files.file_to_generate.iter().any(|name| name == file)
    }

    /// What the generator would report. buf checks a part of a package where it is asked to: that is no problem here.
    pub(crate) fn problems(&self) -> impl Iterator<Item = &Diagnostic> {
        let problems = match self.own_survey() {
            Ok(survey) => survey.as_ref().map(|survey| &survey.api.warnings),
            Err(problems) => Some(problems),
        };
        problems.into_iter().flatten().filter(|problem| problem.code != Code::PartialPackage)
    }

    fn own_survey(&self) -> &Result<Option<Survey>, Diagnostics> {
        self.survey.get_or_init(|| self.survey(&self.files))
    }

    /// The files; `None` where they cannot be read, which is reported by the rule that is about that.
    pub(crate) fn descriptors(&self) -> Result<Option<&Descriptors>, Failure> {
        match self.descriptors.get_or_init(|| Descriptors::load(&self.files)) {
            Ok(descriptors) => Ok(Some(descriptors)),
            Err(_) if self.asks_for(rules::DESCRIPTORS) => Ok(None),
            Err(problems) => Err(unchecked(problems)),
        }
    }

    /// What changed since the earlier version.
    pub(crate) fn comparison(&self) -> Result<&Comparison, Failure> {
        self.comparison.get_or_init(|| self.compare()).as_ref().map_err(unchecked)
    }

    fn compare(&self) -> Result<Comparison, Diagnostics> {
        let snapshot = |survey: &Option<Survey>| {
            survey.as_ref().map(|survey| Snapshot::of(&survey.api)).unwrap_or_default()
        };
        let new = self.own_survey().as_ref().map_err(Clone::clone)?;
        Ok(Comparison {
            report: compare(&snapshot(&self.survey(&self.against)?), &snapshot(new)),
            old: Descriptors::load(&self.against)?,
            new: Descriptors::load(&self.files)?,
        })
    }

    /// `None` where no file is asked for: buf checks modules that have none of their own, too.
    fn survey(&self, files: &CodeGeneratorRequest) -> Result<Option<Survey>, Diagnostics> {
        if files.file_to_generate.is_empty() {
            return Ok(None);
        }
        let misfits = match Api::survey(files, self.settings.generator.clone()) {
            Ok(api) => return Ok(Some(Survey { api, misfits: Diagnostics::default() })),
            Err(problems) if problems.iter().all(|problem| problem.code == Code::PluginOption) => problems,
            Err(problems) => return Err(problems),
        };
        // buf checks each module on its own, and those beside the API need not know its options.
        Api::survey(files, self.settings.without_names()).map(|api| Some(Survey { api, misfits }))
    }

    /// One finding for each service whose access could not be read, since the plugin's options name what its files do not
    /// declare.
    pub(crate) fn misfits(&self, rule: &'static str) -> Result<Vec<Finding>, Failure> {
        let survey = self.own_survey().as_ref().ok().and_then(Option::as_ref);
        let misfits = survey.iter().flat_map(|survey| &survey.misfits).map(|problem| problem.message.clone());
        let message = misfits.collect::<Vec<_>>().join("; ");
        let (false, Some(descriptors)) = (message.is_empty(), self.descriptors()?) else {
            return Ok(Vec::new());
        };
        let services = descriptors.requested().flat_map(|file| file.services().collect::<Vec<_>>());
        let finding = |service: ServiceDescriptor| Finding {
            at: Some(descriptors.position(&service.parent_file(), service.path())),
            rule,
            message: format!(
                "the access of this service cannot be read: {message}; see the plugin's options"
            ),
            against: None,
        };
        Ok(services.map(finding).collect())
    }
}

/// Nothing can be said about these files.
pub(crate) fn unchecked<'a>(problems: impl IntoIterator<Item = &'a Diagnostic>) -> Failure {
    let problems: Vec<String> = problems.into_iter().map(ToString::to_string).collect();
    invalid(format!("the files cannot be checked:\n{}", problems.join("\n")))
}

/// The request that the generator would get.
fn request(files: Vec<FileDescriptor>) -> CodeGeneratorRequest {
    let mut request = CodeGeneratorRequest::default();
    for file in files {
        if !file.is_import {
            // What cannot be read is reported when it is loaded.
            let proto = FileDescriptorProto::decode(file.file_descriptor_proto.as_slice());
            request.file_to_generate.extend(proto.ok().and_then(|proto| proto.name));
        }
        request.proto_file.push(file.file_descriptor_proto);
    }
    request
}
