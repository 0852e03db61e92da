//! The parameter lists that an API states for a method: `google.api.method_signature` (`google/api/client.proto`, AIP-4232).

use prost_reflect::{MethodDescriptor, Value};

/// `google.api.method_signature`.
const METHOD_SIGNATURE: u32 = 1051;

/// The signatures in order, each as paths of request fields.
pub(crate) fn stated(method: &MethodDescriptor) -> Vec<Vec<String>> {
    if method.method_descriptor_proto().options.is_none() {
        return Vec::new();
    }
    let options = method.options();
    let stated = options.extensions().find(|(extension, _)| extension.number() == METHOD_SIGNATURE);
    let stated = stated.iter().filter_map(|(_, value)| value.as_list()).flatten().filter_map(Value::as_str);
    stated
        .map(|text| {
            text.split(',').map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned).collect()
        })
        .collect()
}
