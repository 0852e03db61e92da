//! Operations as they are on the wire: their messages differ only in the numbers of their fields.

use bytes::{Buf, BufMut, Bytes};
use prost::DecodeError;
use prost::encoding::{self, DecodeContext, WireType, decode_key, decode_varint, skip_field};

use crate::api::method::{MethodSchemas, OperationFields, OperationMethod, OperationStep};
use crate::message::schema::{HasSchema, MessageSchema};

/// The state of an operation.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct State {
    pub(super) name: String,
    pub(super) done: bool,
    /// An encoded `google.protobuf.Any`.
    pub(super) metadata: Option<Bytes>,
    pub(super) result: Option<Outcome>,
}

/// The result of an operation.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Outcome {
    /// An encoded `google.rpc.Status`.
    Error(Bytes),
    /// An encoded `google.protobuf.Any`.
    Response(Bytes),
}

impl State {
    pub(super) fn read(mut wire: Bytes, fields: OperationFields) -> Result<Self, DecodeError> {
        let (mut state, context) = (Self::default(), DecodeContext::default);
        while wire.has_remaining() {
            let (number, wire_type) = decode_key(&mut wire)?;
            match wire_type {
                WireType::LengthDelimited => {
                    let mut value = Bytes::new();
                    encoding::bytes::merge(wire_type, &mut value, &mut wire, context())?;
                    if number == fields.name {
                        state.name = String::from_utf8_lossy(&value).into_owned();
                    } else if number == fields.error {
                        state.result = Some(Outcome::Error(value));
                    } else if number == fields.response {
                        state.result = Some(Outcome::Response(value));
                    } else if number == fields.metadata {
                        state.metadata = Some(value);
                    }
                }
                WireType::Varint if number == fields.done => state.done = decode_varint(&mut wire)? != 0,
                _ => skip_field(wire_type, number, &mut wire, context())?,
            }
        }
        Ok(state)
    }
}

/// A request that holds only the name of an operation.
#[derive(Clone, Debug, Default)]
pub(super) struct NameRequest {
    /// The number of the field.
    pub(super) field: u32,
    pub(super) name: String,
}

impl prost::Message for NameRequest {
    fn encode_raw(&self, buffer: &mut impl BufMut) {
        encoding::string::encode(self.field, &self.name, buffer);
    }

    fn merge_field(
        &mut self,
        number: u32,
        wire_type: WireType,
        buffer: &mut impl Buf,
        context: DecodeContext,
    ) -> Result<(), DecodeError> {
        skip_field(wire_type, number, buffer, context)
    }

    fn encoded_len(&self) -> usize {
        encoding::string::encoded_len(self.field, &self.name)
    }

    fn clear(&mut self) {
        self.name.clear();
    }
}

/// The schema of all requests of `google.longrunning.Operations` that take a name.
fn name_schema() -> &'static MessageSchema {
    crate::__schema! { NameRequest = "google.longrunning.GetOperationRequest" { 1 singular string name, } }
}

/// The schemas of a method that follows an operation. `start` has those of the method that started it: an API has one message for its
/// operations, and its messages may be in the operation's `Any`s.
pub(super) fn schemas(
    method: &OperationMethod,
    step: OperationStep,
    start: Option<MethodSchemas>,
) -> Option<MethodSchemas> {
    if let Some((_, schemas)) = method.own() {
        return schemas;
    }
    match step {
        OperationStep::Get => start.map(|start| start.with_request(name_schema)),
        OperationStep::Cancel | OperationStep::Delete => Some(MethodSchemas::new(name_schema, <()>::schema)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIELDS: OperationFields = OperationFields { name: 1, done: 6, error: 8, response: 9, metadata: 7 };

    #[test]
    fn a_state_is_read_by_the_numbers_of_its_fields() {
        // 1: "a", 3: a message to skip, 6: 1, 7: "m", 8: "e", 9: "r"
        let wire = [10, 1, b'a', 26, 2, 8, 1, 48, 1, 58, 1, b'm', 66, 1, b'e', 74, 1, b'r'];
        let state = State::read(Bytes::copy_from_slice(&wire), FIELDS).unwrap();
        assert_eq!((state.name.as_str(), state.done), ("a", true));
        assert_eq!(state.metadata.as_deref(), Some(&b"m"[..]));
        // Members of one oneof: the last one counts.
        assert_eq!(state.result, Some(Outcome::Response(Bytes::from_static(b"r"))));
        for end in 1..wire.len() {
            let _ = State::read(Bytes::copy_from_slice(&wire[..end]), FIELDS);
        }
        assert!(State::read(Bytes::from_static(&[10, 9, b'a']), FIELDS).is_err());
    }
}
