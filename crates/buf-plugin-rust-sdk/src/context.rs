//! What rules look at: the files of a request, read once for all of them.

use std::cell::OnceCell;

use rust_sdk_model::plugin::CodeGeneratorRequest;
use rust_sdk_model::{Api, Descriptors, Diagnostics};

use crate::messages::FileDescriptor;
use crate::rpc::{Failure, invalid};
use crate::rules;
use crate::settings::Settings;

/// One request.
pub(crate) struct Context {
    pub(crate) settings: Settings,
    files: CodeGeneratorRequest,
    /// The ids of the rules that are asked for.
    rules: Vec<&'static str>,
    problems: OnceCell<Diagnostics>,
    descriptors: OnceCell<Result<Descriptors, Diagnostics>>,
}

impl Context {
    pub(crate) fn new(settings: Settings, files: Vec<FileDescriptor>, rules: Vec<&'static str>) -> Self {
        Self {
            settings,
            files: request(files),
            rules,
            problems: OnceCell::new(),
            descriptors: OnceCell::new(),
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
        self.problems.get_or_init(|| {
            if self.files.file_to_generate.is_empty() {
                return Diagnostics::default();
            }
            let survey = Api::survey(&self.files, self.settings.generator.clone());
            survey.map_or_else(|problems| problems, |api| api.warnings)
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
}

/// Nothing can be said about these files.
pub(crate) fn unchecked(problems: &Diagnostics) -> Failure {
    invalid(format!("the files cannot be checked:\n{problems}"))
}

/// The request that the generator would get.
pub(crate) fn request(files: Vec<FileDescriptor>) -> CodeGeneratorRequest {
    let mut request = CodeGeneratorRequest::default();
    for file in files {
        if !file.is_import {
            request.file_to_generate.extend(name(&file.file_descriptor_proto));
        }
        request.proto_file.push(file.file_descriptor_proto);
    }
    request
}

fn name(file: &[u8]) -> Option<String> {
    use prost::Message as _;
    // What cannot be read is reported when it is loaded.
    prost_types::FileDescriptorProto::decode(file).ok()?.name
}
