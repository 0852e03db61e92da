//! What the files of `grpc_service_config` state about methods.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use prost_reflect::{DescriptorPool, MethodDescriptor};

use crate::api::Retry;
use crate::config::{ConfigFile, MethodName, RetryConfig};
use crate::diagnostic::{Code, Diagnostics, Severity};
use crate::options::Options;

/// A method's own settings. The most specific name of a method decides alone (gRFC A2).
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct MethodSettings {
    pub(crate) timeout: Option<Duration>,
    pub(crate) retry: Option<Retry>,
}

/// The settings by service and method. An empty method stands for the others of the service, an empty service for all others.
#[derive(Debug, Default)]
pub(crate) struct ClientConfig(BTreeMap<(String, String), MethodSettings>);

impl ClientConfig {
    pub(crate) fn read(options: &Options, pool: &DescriptorPool, problems: &mut Diagnostics) -> Self {
        let mut this = Self::default();
        for file in &options.grpc_service_configs {
            let mut unknown = BTreeSet::new();
            for config in file.grpc(problems) {
                let settings =
                    MethodSettings { timeout: config.timeout, retry: config.retry.as_ref().map(retry) };
                for name in config.names {
                    if unknown.insert((name.service.clone(), name.method.clone())) {
                        check(file, &name, pool, problems);
                    }
                    let mark = name.mark;
                    let key = (name.service, name.method);
                    let subject = format!("{}/{}", key.0, key.1);
                    let before = this.0.insert(key, settings.clone());
                    if before.is_some_and(|before| before != settings) {
                        let what = match subject.trim_end_matches('/') {
                            "" => "all other methods".to_owned(),
                            subject => format!("`{subject}`"),
                        };
                        let message = format!("the settings of {what} are stated before: these replace them");
                        let hint = "name each method or service once";
                        problems.push(file.problem(Severity::Warning, Code::ConfigFile, mark, message, hint));
                    }
                }
            }
        }
        this
    }

    /// The settings of a method.
    pub(crate) fn of(&self, method: &MethodDescriptor) -> MethodSettings {
        if self.0.is_empty() {
            return MethodSettings::default();
        }
        let service = method.parent_service().full_name().to_owned();
        let keys =
            [(service.clone(), method.name().to_owned()), (service, String::new()), Default::default()];
        keys.iter().find_map(|key| self.0.get(key)).cloned().unwrap_or_default()
    }
}

/// Reports a name that no method of the request has. It is a warning, since one file may serve several versions of an API.
fn check(file: &ConfigFile, name: &MethodName, pool: &DescriptorPool, problems: &mut Diagnostics) {
    if name.service.is_empty() {
        return;
    }
    let Some(service) = pool.get_service_by_name(&name.service) else {
        let near = pool
            .services()
            .map(|service| {
                (
                    strsim::damerau_levenshtein(service.full_name(), &name.service),
                    service.full_name().to_owned(),
                )
            })
            .min()
            .filter(|(distance, _)| *distance <= 3);
        let hint = near.map_or_else(
            || "remove the name, or generate the file that defines the service".to_owned(),
            |(_, near)| format!("did you mean `{near}`?"),
        );
        let message = format!("the request has no service `{}`", name.service);
        problems.push(file.problem(Severity::Warning, Code::ConfigUnknownMethod, name.mark, message, hint));
        return;
    };
    if !name.method.is_empty() && service.methods().all(|method| method.name() != name.method) {
        let message = format!("`{}` has no method `{}`", name.service, name.method);
        let near = service
            .methods()
            .map(|method| {
                (strsim::damerau_levenshtein(method.name(), &name.method), method.name().to_owned())
            })
            .min()
            .filter(|(distance, _)| *distance <= 3);
        let hint =
            near.map_or_else(|| "remove the name".to_owned(), |(_, near)| format!("did you mean `{near}`?"));
        problems.push(file.problem(Severity::Warning, Code::ConfigUnknownMethod, name.mark, message, hint));
    }
}

/// gRPC makes no more attempts, even if a config states more (gRFC A6).
const ATTEMPTS: u32 = 5;

fn retry(config: &RetryConfig) -> Retry {
    Retry {
        attempts: config.attempts.unwrap_or(ATTEMPTS),
        first_delay: config.first_delay,
        longest_delay: config.longest_delay,
        multiplier: config.multiplier,
        codes: config.codes.iter().map(|number| crate::config::CODES[*number]).collect(),
    }
}
