//! What protobuf's conformance runner tests: it sends a message in one format and wants it back in another.
//!
//! The program uses what a user of a generated crate has, and nothing else: the messages, prost's functions on them for the
//! binary format, and the runtime's `json`. Text format and JSPB are not supported, which the runner counts as skipped.

use std::error::Error;
use std::io::{self, Read, Write};

use conformance_messages::conformance::conformance_request::Payload;
use conformance_messages::conformance::conformance_response::Result as Answer;
use conformance_messages::conformance::{
    ConformanceRequest, ConformanceResponse, FailureSet, TestCategory, WireFormat,
};
use conformance_messages::protobuf_test_messages::{editions, proto2, proto3};
use conformance_messages::runtime::json::{self, DecodeOptions, JsonError};
use conformance_messages::runtime::schema::HasSchema;
use prost::Message;

/// A test of one message type.
type Test = fn(&ConformanceRequest) -> Answer;

fn test_of(message_type: &str) -> Option<Test> {
    Some(match message_type {
        "conformance.FailureSet" => test::<FailureSet>,
        "protobuf_test_messages.proto2.TestAllTypesProto2" => test::<proto2::TestAllTypesProto2>,
        "protobuf_test_messages.proto3.TestAllTypesProto3" => test::<proto3::TestAllTypesProto3>,
        "protobuf_test_messages.editions.TestAllTypesEdition2023" => {
            test::<editions::TestAllTypesEdition2023>
        }
        "protobuf_test_messages.editions.proto2.TestAllTypesProto2" => {
            test::<editions::proto2::TestAllTypesProto2>
        }
        "protobuf_test_messages.editions.proto3.TestAllTypesProto3" => {
            test::<editions::proto3::TestAllTypesProto3>
        }
        _ => return None,
    })
}

fn test<M: Message + Default + HasSchema>(request: &ConformanceRequest) -> Answer {
    let message = match &request.payload {
        Some(Payload::ProtobufPayload(bytes)) => M::decode(bytes.as_slice()).map_err(|e| e.to_string()),
        Some(Payload::JsonPayload(text)) => {
            read::<M>(text, request.test_category()).map_err(|e| e.to_string())
        }
        Some(Payload::JspbPayload(_) | Payload::TextPayload(_)) | None => return unsupported(),
    };
    match (message, request.requested_output_format()) {
        (Err(error), _) => Answer::ParseError(error),
        (Ok(message), WireFormat::Protobuf) => Answer::ProtobufPayload(message.encode_to_vec()),
        (Ok(message), WireFormat::Json) => match json::to_string(&message) {
            Ok(text) => Answer::JsonPayload(text),
            Err(error) => Answer::SerializeError(error.to_string()),
        },
        (Ok(_), WireFormat::Unspecified | WireFormat::Jspb | WireFormat::TextFormat) => unsupported(),
    }
}

fn read<M: Message + Default + HasSchema>(text: &str, category: TestCategory) -> Result<M, JsonError> {
    let ignore_unknown = category == TestCategory::JsonIgnoreUnknownParsingTest;
    json::from_slice(text.as_bytes(), &DecodeOptions { ignore_unknown, ..DecodeOptions::default() })
}

fn unsupported() -> Answer {
    Answer::Skipped("the format is not supported".to_owned())
}

fn main() -> Result<(), Box<dyn Error>> {
    let (mut input, mut output) = (io::stdin().lock(), io::stdout().lock());
    let mut len = [0; 4];
    // The runner closes the pipe when it has no more tests.
    while input.read_exact(&mut len).is_ok() {
        let mut bytes = vec![0; usize::try_from(u32::from_le_bytes(len))?];
        input.read_exact(&mut bytes)?;
        let request = ConformanceRequest::decode(bytes.as_slice())?;
        let result = test_of(&request.message_type).map_or_else(
            || Answer::Skipped(format!("there is no {}", request.message_type)),
            |test| test(&request),
        );
        let response = ConformanceResponse { result: Some(result) }.encode_to_vec();
        output.write_all(&u32::try_from(response.len())?.to_le_bytes())?;
        output.write_all(&response)?;
        output.flush()?;
    }
    Ok(())
}
