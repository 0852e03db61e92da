//! Documentation in options, for elements without a comment: those of grpc-gateway (`openapiv2`) and of gnostic.

use prost_reflect::{DescriptorPool, DynamicMessage, Value};

/// The options, each with the message in it that has the texts; empty for the option itself.
const OPTIONS: [(&str, &str); 7] = [
    ("grpc.gateway.protoc_gen_openapiv2.options.openapiv2_operation", ""),
    ("grpc.gateway.protoc_gen_openapiv2.options.openapiv2_schema", "json_schema"),
    ("grpc.gateway.protoc_gen_openapiv2.options.openapiv2_field", ""),
    ("grpc.gateway.protoc_gen_openapiv2.options.openapiv2_tag", ""),
    ("openapi.v3.operation", ""),
    ("openapi.v3.schema", ""),
    ("openapi.v3.property", ""),
];

/// The first line of a documentation, and the rest of it.
const TEXTS: [&str; 3] = ["summary", "title", "description"];

/// Whether files define any of the options.
pub(crate) fn are_in(pool: &DescriptorPool) -> bool {
    OPTIONS.iter().any(|(name, _)| pool.get_extension_by_name(name).is_some())
}

/// The documentation in these options, as a comment; empty if there is none.
pub(crate) fn comment(options: &DynamicMessage) -> String {
    let mut paragraphs: Vec<String> = Vec::new();
    for (extension, value) in options.extensions() {
        let Some((_, inner)) = OPTIONS.iter().find(|(name, _)| *name == extension.full_name()) else {
            continue;
        };
        let Some(message) = value.as_message() else { continue };
        let nested = message.get_field_by_name(inner);
        let message = nested.as_deref().and_then(Value::as_message).unwrap_or(message);
        for name in TEXTS {
            let value = message.get_field_by_name(name);
            let text = value.as_deref().and_then(Value::as_str).unwrap_or_default().trim();
            if !text.is_empty() && !paragraphs.iter().any(|known| known == text) {
                paragraphs.push(text.to_owned());
            }
        }
    }
    paragraphs.join("\n\n")
}
