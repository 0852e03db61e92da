//! What rules look at: the files of a request, read once for all of them.

use std::cell::OnceCell;

use prost::Message as _;
use prost_reflect::ServiceDescriptor;
use prost_types::FileDescriptorProto;
use rust_sdk_model::plugin::CodeGeneratorRequest;
use rust_sdk_model::{Api, Code, Descriptors, Diagnostic, Diagnostics, Options, Position};
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

/// How files are read.
type Read = fn(&CodeGeneratorRequest, Options) -> Result<Api, Diagnostics>;

/// What the generator makes of files.
struct Survey {
    api: Api,
    /// What is wrong with the options where they name what these files do not declare. Access was left out then.
    misfits: Diagnostics,
}

/// The files and those of an earlier version.
pub(crate) struct Comparison {
    pub(crate) report: Report,
    /// Why the access of the earlier version was left out, if it was.
    pub(crate) base_misfits: Diagnostics,
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
        self.survey.get_or_init(|| self.survey(&self.files, Api::survey))
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
            survey.as_ref().map_or_else(Snapshot::without_files, |survey| Snapshot::of(&survey.api))
        };
        let new = self.own_survey().as_ref().map_err(Clone::clone)?;
        // The earlier version need not define yet what the options name.
        let old = self.survey(&self.against, Api::survey_base)?;
        Ok(Comparison {
            report: compare(&snapshot(&old), &snapshot(new)),
            base_misfits: old.map(|survey| survey.misfits).unwrap_or_default(),
            old: Descriptors::load(&self.against)?,
            new: Descriptors::load(&self.files)?,
        })
    }

    /// `None` where no file is asked for: buf checks modules that have none of their own, too.
    fn survey(&self, files: &CodeGeneratorRequest, read: Read) -> Result<Option<Survey>, Diagnostics> {
        if files.file_to_generate.is_empty() {
            return Ok(None);
        }
        let misfits = match read(files, self.settings.generator.clone()) {
            Ok(api) => return Ok(Some(Survey { api, misfits: Diagnostics::default() })),
            Err(problems) if problems.iter().all(|problem| problem.code == Code::PluginOption) => problems,
            Err(problems) => return Err(problems),
        };
        // buf checks each module on its own, and those beside the API need not know its options.
        read(files, self.settings.without_names()).map(|api| Some(Survey { api, misfits }))
    }

    /// One finding for each service whose access could not be read, since the plugin's options name what its files do not
    /// declare.
    pub(crate) fn misfits(&self, rule: &'static str) -> Result<Vec<Finding>, Failure> {
        let survey = self.own_survey().as_ref().ok().and_then(Option::as_ref);
        survey.map_or(Ok(Vec::new()), |survey| {
            self.at_services(rule, "the access of this service", &survey.misfits)
        })
    }

    /// One finding for each service, that something of it cannot be read for these reasons.
    pub(crate) fn at_services(
        &self,
        rule: &'static str,
        what: &str,
        misfits: &Diagnostics,
    ) -> Result<Vec<Finding>, Failure> {
        let reasons: Vec<&str> = misfits.iter().map(|problem| problem.message.as_str()).collect();
        if reasons.is_empty() {
            return Ok(Vec::new());
        }
        let message = format!("{what} cannot be read: {}; see the plugin's options", reasons.join("; "));
        let finding = |at| Finding { at: Some(at), rule, message: message.clone(), against: None };
        Ok(self.services()?.into_iter().map(finding).collect())
    }

    /// Where the services of the files are.
    pub(crate) fn services(&self) -> Result<Vec<Position>, Failure> {
        let Some(descriptors) = self.descriptors()? else { return Ok(Vec::new()) };
        let services = descriptors.requested().flat_map(|file| file.services().collect::<Vec<_>>());
        let place = |service: ServiceDescriptor| descriptors.position(&service.parent_file(), service.path());
        Ok(services.map(place).collect())
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
