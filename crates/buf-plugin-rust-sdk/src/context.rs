//! What rules look at: the files of a request, read once for all of them.

use std::cell::OnceCell;

use prost::Message as _;
use prost_types::FileDescriptorProto;
use rust_sdk_model::plugin::CodeGeneratorRequest;
use rust_sdk_model::{Api, Descriptors, Diagnostics};
use rust_sdk_review::{Report, Snapshot, compare};

use crate::messages::FileDescriptor;
use crate::rpc::{Failure, invalid};
use crate::rules;
use crate::settings::Settings;

/// One request.
pub(crate) struct Context {
    pub(crate) settings: Settings,
    files: CodeGeneratorRequest,
    against: CodeGeneratorRequest,
    /// The ids of the rules that are asked for.
    rules: Vec<&'static str>,
    problems: OnceCell<Diagnostics>,
    descriptors: OnceCell<Result<Descriptors, Diagnostics>>,
    comparison: OnceCell<Result<Comparison, Diagnostics>>,
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
            problems: OnceCell::new(),
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

    /// What the generator would report.
    pub(crate) fn problems(&self) -> &Diagnostics {
        self.problems.get_or_init(|| match self.survey(&self.files) {
            Ok(api) => api.map(|api| api.warnings).unwrap_or_default(),
            Err(problems) => problems,
        })
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
        let snapshot =
            |files| self.survey(files).map(|api| api.as_ref().map(Snapshot::of).unwrap_or_default());
        Ok(Comparison {
            report: compare(&snapshot(&self.against)?, &snapshot(&self.files)?),
            old: Descriptors::load(&self.against)?,
            new: Descriptors::load(&self.files)?,
        })
    }

    /// `None` where no file is asked for: buf checks modules that have none of their own, too.
    fn survey(&self, files: &CodeGeneratorRequest) -> Result<Option<Api>, Diagnostics> {
        if files.file_to_generate.is_empty() {
            return Ok(None);
        }
        Api::survey(files, self.settings.generator.clone()).map(Some)
    }
}

/// Nothing can be said about these files.
pub(crate) fn unchecked(problems: &Diagnostics) -> Failure {
    invalid(format!("the files cannot be checked:\n{problems}"))
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
