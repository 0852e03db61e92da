//! Base paths in grpc-gateway's options for documents (`openapiv2_swagger`). They document that a proxy serves the API below a path.
//! grpc-gateway's own routes do not have it, so neither have generated ones. Clients need it in their endpoint.

use prost_reflect::{FileDescriptor, Value};

use super::loaded::File;
use super::routes;
use crate::api::Package;
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::options::Options;

const OPTION: &str = "grpc.gateway.protoc_gen_openapiv2.options.openapiv2_swagger";
/// `FileDescriptorProto.options`.
const OPTIONS_FIELD: i32 = 8;

/// A warning if routes of the file do not begin with its base path.
pub(super) fn check(file: &File, packages: &[Package], options: &Options) -> Option<Diagnostic> {
    let (number, base) = base_path(&file.descriptor)?;
    let services: Vec<String> =
        file.descriptor.services().map(|service| service.full_name().to_owned()).collect();
    let is_of_file = |name: &str| {
        let service = name.split_once('/').map_or(name, |(service, _)| service);
        services.iter().any(|known| known == service)
    };
    let is_below = |path: &str| path.strip_prefix(&base).is_some_and(|rest| rest.starts_with(['/', ':']));
    let method = routes::methods(packages)
        .filter(|method| is_of_file(&method.full_name))
        .find(|method| method.bindings.iter().any(|binding| !is_below(&binding.text)))?;
    let severity = options.severity(Code::HttpBasePath, &method.full_name, Severity::Warning)?;
    Some(Diagnostic {
        severity,
        code: Code::HttpBasePath,
        position: Some(file.source.option_position(&[], OPTIONS_FIELD, number, 0)),
        subject: String::new(),
        message: format!(
            "the OpenAPI options say that the paths are below `{base}`, but the HTTP rules do not"
        ),
        hint: format!("give clients of these services the path, too: `.rest(\"https://HOST{base}\")`"),
    })
}

/// The option's number and the base path, without a slash at its end; `None` if it is empty.
fn base_path(descriptor: &FileDescriptor) -> Option<(u32, String)> {
    let options = descriptor.options();
    let (extension, value) = options.extensions().find(|(extension, _)| extension.full_name() == OPTION)?;
    let value = value.as_message()?.get_field_by_name("base_path")?;
    let base = value.as_ref();
    let Value::String(base) = base else { return None };
    let base = base.trim_end_matches('/');
    (base.starts_with('/')).then(|| (extension.number(), base.to_owned()))
}
