//! Checks that the elements which the option `rename` names exist.

use prost_reflect::DescriptorPool;

use super::Fit;
use crate::diagnostic::{Code, Diagnostics};
use crate::options::Renames;

/// Reports each renamed element that the files do not define.
pub(crate) fn check(pool: &DescriptorPool, renames: &Renames, fit: Fit, problems: &mut Diagnostics) {
    for element in renames.elements().filter(|element| !exists(pool, element)) {
        let message = format!("`rename` names `{element}`, which the files do not define");
        let hint = "write the full name of a message, field, oneof, enum, enum value (`acme.v1.Kind.KIND_A`), service or method";
        problems.push_without_position(fit.severity(), Code::PluginOption, message, hint);
    }
}

fn exists(pool: &DescriptorPool, name: &str) -> bool {
    let is_type = pool.get_message_by_name(name).is_some()
        || pool.get_enum_by_name(name).is_some()
        || pool.get_service_by_name(name).is_some();
    is_type
        || name.rsplit_once('.').is_some_and(|(parent, member)| {
            pool.get_message_by_name(parent).is_some_and(|message| {
                message.get_field_by_name(member).is_some()
                    || message.oneofs().any(|oneof| oneof.name() == member && !oneof.is_synthetic())
            }) || pool.get_enum_by_name(parent).is_some_and(|item| item.get_value_by_name(member).is_some())
                || pool
                    .get_service_by_name(parent)
                    .is_some_and(|service| service.methods().any(|method| method.name() == member))
        })
}
