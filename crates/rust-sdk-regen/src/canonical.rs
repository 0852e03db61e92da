//! Encodes compiled files so that the same file always gives the same bytes: the compiler writes the maps in options in a
//! different order each time.

use prost::DecodeError;
use prost::encoding::{
    DecodeContext, WireType, decode_key, decode_varint, encode_key, encode_varint, skip_field,
};
use prost_reflect::{DescriptorPool, Kind, MessageDescriptor};

/// The same encoded `FileDescriptorProto`, with the entries of maps sorted.
pub(crate) fn file(pool: &DescriptorPool, encoded: Vec<u8>) -> Result<Vec<u8>, DecodeError> {
    match pool.get_message_by_name("google.protobuf.FileDescriptorProto") {
        Some(descriptor) => message(&descriptor, &encoded),
        // No file imports `descriptor.proto`, so there are no custom options and no maps.
        None => Ok(encoded),
    }
}

fn message(descriptor: &MessageDescriptor, bytes: &[u8]) -> Result<Vec<u8>, DecodeError> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut entries = Entries { number: 0, encoded: Vec::new() };
    let mut rest = bytes;
    while !rest.is_empty() {
        let (number, wire_type) = decode_key(&mut rest)?;
        let value = rest;
        skip_field(wire_type, number, &mut rest, DecodeContext::default())?;
        let value = &value[..value.len() - rest.len()];
        let nested = nested(descriptor, number).filter(|_| wire_type == WireType::LengthDelimited);
        if number != entries.number {
            entries.flush(&mut out);
        }
        let Some((child, is_map)) = nested else {
            encode_key(number, wire_type, &mut out);
            out.extend_from_slice(value);
            continue;
        };
        let mut content = value;
        decode_varint(&mut content)?;
        let content = message(&child, content)?;
        if is_map {
            entries.number = number;
            entries.encoded.push(content);
        } else {
            length_delimited(number, &content, &mut out);
        }
    }
    entries.flush(&mut out);
    Ok(out)
}

/// The type of a field or extension that is a message, and whether it is a map.
fn nested(descriptor: &MessageDescriptor, number: u32) -> Option<(MessageDescriptor, bool)> {
    let (kind, is_map) = match descriptor.get_field(number) {
        Some(field) => (field.kind(), field.is_map()),
        None => (descriptor.get_extension(number)?.kind(), false),
    };
    if let Kind::Message(child) = kind { Some((child, is_map)) } else { None }
}

/// The entries of one map. Encoders write them one after the other.
struct Entries {
    number: u32,
    encoded: Vec<Vec<u8>>,
}

impl Entries {
    fn flush(&mut self, out: &mut Vec<u8>) {
        self.encoded.sort();
        for entry in self.encoded.drain(..) {
            length_delimited(self.number, &entry, out);
        }
    }
}

fn length_delimited(number: u32, bytes: &[u8], out: &mut Vec<u8>) {
    encode_key(number, WireType::LengthDelimited, out);
    encode_varint(bytes.len() as u64, out);
    out.extend_from_slice(bytes);
}
