//! Checks that every method sets the required options.

use std::collections::BTreeSet;

use prost_reflect::{DescriptorPool, DynamicMessage, ExtensionDescriptor, MethodDescriptor, Value};

use rust_sdk_model::{Code, Diagnostic};

use crate::context::Context;
use crate::error::CallError;
use crate::finding::{ACCESS, Finding};

const METHOD_OPTIONS: &str = "google.protobuf.MethodOptions";

pub(crate) fn check(context: &Context, rule: &'static str) -> Result<Vec<Finding>, CallError> {
    let Some(descriptors) = context.descriptors()? else { return Ok(Vec::new()) };
    let required: Vec<Required<'_>> =
        context.settings.method_options.iter().map(|name| Required::find(descriptors.pool(), name)).collect();
    let access = AccessOptions::find(context, &required);
    let reported = Reported::of(context);
    let mut findings = Vec::new();
    for file in descriptors.requested() {
        for method in file.services().flat_map(|service| service.methods().collect::<Vec<_>>()) {
            let options = method.options();
            let is_reported = |code| reported.has(code, file.name(), method.path());
            let missing = required.iter().filter(|required| !required.is_set(&options));
            let missing = missing.filter(|required| !access.excuse(required, &options));
            let missing =
                missing.filter(|required| !(access.is_about(required) && is_reported(Code::AccessUnstated)));
            let problems = missing.map(|required| required.problem(&method));
            let conflict = access.conflict(&method, &options);
            let conflict = conflict.filter(|_| !is_reported(Code::AccessPermissionsWithoutScope));
            for message in problems.chain(conflict) {
                let at = Some(descriptors.position(&file, method.path()));
                findings.push(Finding { at, rule, message, against: None });
            }
        }
    }
    Ok(findings)
}

/// The problems that the access rule reports, if it is requested. This rule does not repeat them.
struct Reported<'a>(BTreeSet<(Code, &'a str, &'a [i32])>);

impl<'a> Reported<'a> {
    fn of(context: &'a Context) -> Self {
        let problems = context.problems().filter(|_| context.asks_for(ACCESS));
        let key = |problem: &'a Diagnostic| {
            let position = problem.position.as_ref()?;
            // The path may lead into one of the method's options.
            let method = position.path.get(..METHOD_PATH)?;
            Some((problem.code, position.file.as_str(), method))
        };
        Self(problems.filter_map(key).collect())
    }

    fn has(&self, code: Code, file: &str, method: &[i32]) -> bool {
        self.0.contains(&(code, file, method))
    }
}

/// The length of a method's path: `service`, its index, `method`, its index.
const METHOD_PATH: usize = 4;

struct Required<'a> {
    name: &'a str,
    /// `None` if no file declares it, so no method can set it.
    extension: Option<ExtensionDescriptor>,
}

impl<'a> Required<'a> {
    fn find(pool: &DescriptorPool, name: &'a str) -> Self {
        Self { name, extension: find(pool, name) }
    }

    fn is_set(&self, options: &DynamicMessage) -> bool {
        self.extension.as_ref().is_some_and(|extension| options.has_extension(extension))
    }

    fn problem(&self, method: &MethodDescriptor) -> String {
        let method = method.full_name();
        match self.extension {
            Some(_) => format!("Method {method:?} does not define the {:?} option", self.name),
            None => format!(
                "Method {method:?} does not define the {:?} option, which no file declares for methods",
                self.name
            ),
        }
    }
}

/// The access options, which are checked together.
struct AccessOptions {
    permissions: Option<ExtensionDescriptor>,
    authentication: Option<ExtensionDescriptor>,
    account: Option<ExtensionDescriptor>,
}

impl AccessOptions {
    /// The configured options, else those in the package of the required option for permissions.
    fn find(context: &Context, required: &[Required<'_>]) -> Self {
        let mut options = required.iter().filter_map(|required| required.extension.clone());
        let permissions = match context.settings.text("permissions_option") {
            Some(name) => options.find(|option| option.full_name() == name),
            None => options.find(|option| option.name() == "permissions"),
        };
        let beside = |key: &str, short: &str| {
            let permissions = permissions.as_ref()?;
            let pool = permissions.parent_pool();
            match context.settings.text(key) {
                Some(name) => find(pool, name),
                None => find(pool, &format!("{}.{short}", permissions.package_name())),
            }
        };
        Self {
            authentication: beside("authentication_option", "requires_authentication"),
            account: beside("account_option", "account_id_expression"),
            permissions,
        }
    }

    /// Whether the required option is the one for permissions.
    fn is_about(&self, required: &Required<'_>) -> bool {
        required.extension.is_some() && required.extension == self.permissions
    }

    /// A method that needs no authentication needs no permissions.
    fn excuse(&self, required: &Required<'_>, options: &DynamicMessage) -> bool {
        let is_permissions = self.is_about(required);
        let value = get(self.authentication.as_ref(), options);
        is_permissions && value.and_then(|value| value.as_bool()) == Some(false)
    }

    /// Permissions hold within an account, so the account must not be empty.
    fn conflict(&self, method: &MethodDescriptor, options: &DynamicMessage) -> Option<String> {
        let permissions = get(self.permissions.as_ref(), options)?;
        let account = get(self.account.as_ref(), options)?;
        let mut names = permissions.as_list()?.iter().filter_map(Value::as_str);
        let conflict = names.any(|name| !name.is_empty()) && account.as_str() == Some("");
        conflict.then(|| {
            format!(
                "Method {:?} has permissions, but its account expression is empty; permissions are checked within an account",
                method.full_name()
            )
        })
    }
}

fn find(pool: &DescriptorPool, name: &str) -> Option<ExtensionDescriptor> {
    let extension = pool.get_extension_by_name(name)?;
    (extension.containing_message().full_name() == METHOD_OPTIONS).then_some(extension)
}

fn get(extension: Option<&ExtensionDescriptor>, options: &DynamicMessage) -> Option<Value> {
    let extension = extension?;
    options.has_extension(extension).then(|| options.get_extension(extension).into_owned())
}
