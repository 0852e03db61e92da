//! What Envoy's transcoder cannot do.

use prost_reflect::{DescriptorPool, FieldDescriptor, Kind, MessageDescriptor};
use sdk::runtime::Streaming;
use sdk::runtime::http::{Binding, Body, Part, Segment};

use crate::subject::Subject;

/// Why a method is not called over REST.
pub fn left_out(subject: &Subject, pool: &DescriptorPool) -> Option<&'static str> {
    let method = subject.method;
    if method.bindings().next().is_none() {
        return Some("it has no HTTP binding");
    }
    if method.streaming() == Streaming::Bidirectional {
        return Some("it streams in both directions");
    }
    let last = |binding: &Binding| binding.template().rsplit('/').next().unwrap_or_default();
    if method.bindings().any(|binding| last(binding).matches(':').count() > 1) {
        return Some("Envoy refuses a colon besides that of the verb");
    }
    if method.bindings().any(has_wildcard_behind_rest) {
        return Some("Envoy refuses a variable behind `**`");
    }
    let request = pool.get_message_by_name(subject.schemas.request().name())?;
    let response = pool.get_message_by_name(subject.schemas.response().name())?;
    if request.fields().any(|field| field.is_group()) {
        return Some("Envoy writes groups that are none");
    }
    if method.bindings().any(|binding| body_is(binding, &request, "google.protobuf.Value")) {
        return Some("Envoy loses a google.protobuf.Value that is the whole body");
    }
    let refused = |binding: &Binding| {
        let field = binding.response_body_field().and_then(|name| response.get_field_by_name(name));
        field.is_some_and(|field| !is(&field, "google.api.HttpBody"))
    };
    method.bindings().any(refused).then_some("Envoy refuses a response_body that is no HttpBody")
}

fn has_wildcard_behind_rest(binding: &Binding) -> bool {
    let segments = binding.parts().iter().flat_map(|part| match part {
        Part::Literal(_) => &[],
        Part::Variable(_, pattern) => *pattern,
        Part::Wildcard(segment) => std::slice::from_ref(segment),
    });
    let mut wildcards = segments.filter(|segment| !matches!(segment, Segment::Literal(_)));
    wildcards.any(|segment| *segment == Segment::Rest) && wildcards.next().is_some()
}

fn body_is(binding: &Binding, request: &MessageDescriptor, name: &str) -> bool {
    match binding.request_body() {
        Body::None => false,
        Body::All => request.full_name() == name,
        Body::Field(field) => request.get_field_by_name(field).is_some_and(|field| is(&field, name)),
    }
}

fn is(field: &FieldDescriptor, name: &str) -> bool {
    matches!(field.kind(), Kind::Message(kind) if kind.full_name() == name)
}
