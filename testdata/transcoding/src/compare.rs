//! Whether messages are equal, by their descriptors.

use std::error::Error;

use prost::Message as _;
use prost_reflect::{DynamicMessage, MessageDescriptor, ReflectMessage as _, Value};
use sdk::runtime::http::Binding;

use crate::server::Answer;
use crate::subject::Outcome;

/// What the caller got is what the server sent.
pub fn outcome(outcome: &Outcome, answer: &Answer, output: &MessageDescriptor) -> Result<(), Box<dyn Error>> {
    let Some((code, message, details)) = &answer.error else {
        if let Some(failure) = &outcome.failure {
            return Err(format!("it failed: {failure:?}").into());
        }
        let sent = decode(output, &answer.messages)?;
        let got = joined(decode(output, &outcome.messages)?, sent.len());
        let sent = joined(sent, got.len());
        return same("the caller got", &got, &sent);
    };
    let Some(failure) = &outcome.failure else { return Err("it did not fail".into()) };
    if (failure.code, &failure.message) != (Some(*code), message) {
        return Err(format!("the caller got {failure:?}").into());
    }
    let status = output.parent_pool().get_message_by_name("google.rpc.Status").ok_or("no Status")?;
    let sent = DynamicMessage::decode(status.clone(), &**details)?;
    equal("the caller got the details", std::slice::from_ref(&failure.details), &[sent], &status)
}

/// What is left of an answer over REST: with a `response_body` that field alone.
pub fn over_rest(
    answer: &Answer,
    output: &MessageDescriptor,
    binding: Option<&Binding>,
) -> Result<Answer, Box<dyn Error>> {
    let mut answer = answer.clone();
    if let Some(name) = binding.and_then(Binding::response_body_field) {
        for message in &mut answer.messages {
            let mut all = DynamicMessage::decode(output.clone(), &**message)?;
            for field in output.fields().filter(|field| field.name() != name) {
                all.clear_field(&field);
            }
            *message = all.encode_to_vec();
        }
    }
    Ok(answer)
}

/// These encoded messages are those.
pub fn equal(
    what: &str,
    found: &[Vec<u8>],
    expected: &[DynamicMessage],
    of: &MessageDescriptor,
) -> Result<(), Box<dyn Error>> {
    let expected: Vec<_> = expected.iter().map(DynamicMessage::encode_to_vec).collect();
    same(what, &decode(of, found)?, &decode(of, &expected)?)
}

/// Whether two servers got the same messages. Some may be no messages, because Envoy passes on any bytes.
pub fn is_same(left: &[Vec<u8>], right: &[Vec<u8>], of: &MessageDescriptor) -> bool {
    // As text, since NaN does not equal itself.
    let text = |messages: &[Vec<u8>]| {
        let messages = decode(of, messages).ok()?;
        Some(messages.iter().map(|message| message.to_text_format()).collect::<Vec<_>>())
    };
    let same = || decode(of, left).ok() == decode(of, right).ok();
    left == right || text(left).is_some_and(|left| Some(left) == text(right) || same())
}

fn same(what: &str, found: &[DynamicMessage], expected: &[DynamicMessage]) -> Result<(), Box<dyn Error>> {
    if found == expected {
        return Ok(());
    }
    let text = |messages: &[DynamicMessage]| {
        messages.iter().map(DynamicMessage::to_text_format).collect::<Vec<_>>().join("\n      ")
    };
    Err(format!("{what}\n      {}\n    instead of\n      {}", text(found), text(expected)).into())
}

/// Raw bytes that are streamed over HTTP arrive in other pieces: where their number differs, all of them as one.
fn joined(messages: Vec<DynamicMessage>, other: usize) -> Vec<DynamicMessage> {
    let Some(first) =
        messages.first().filter(|first| first.descriptor().full_name() == "google.api.HttpBody")
    else {
        return messages;
    };
    if messages.len() == other {
        return messages;
    }
    let mut one = first.clone();
    let data = messages.iter().filter_map(|message| message.get_field_by_name("data")?.as_bytes().cloned());
    let data = data.collect::<Vec<_>>().concat();
    one.set_field_by_name("data", Value::Bytes(data.into()));
    vec![one]
}

fn decode(of: &MessageDescriptor, messages: &[Vec<u8>]) -> Result<Vec<DynamicMessage>, prost::DecodeError> {
    messages.iter().map(|message| canonical(of, message)).collect()
}

/// Twice decoded, since a default on the wire is kept as if it were set, and is not encoded again.
fn canonical(of: &MessageDescriptor, message: &[u8]) -> Result<DynamicMessage, prost::DecodeError> {
    let message = DynamicMessage::decode(of.clone(), message)?;
    let mut message = DynamicMessage::decode(of.clone(), &*message.encode_to_vec())?;
    open(&mut message)?;
    Ok(message)
}

/// The same for what is in an `Any`.
fn open(message: &mut DynamicMessage) -> Result<(), prost::DecodeError> {
    let descriptor = message.descriptor();
    if descriptor.full_name() == "google.protobuf.Any" {
        let url = message.get_field_by_name("type_url").and_then(|url| url.as_str().map(str::to_owned));
        let name = url.as_deref().and_then(|url| url.rsplit('/').next()).unwrap_or_default();
        if let Some(inner) = descriptor.parent_pool().get_message_by_name(name) {
            let value = message.get_field_by_name("value").and_then(|value| value.as_bytes().cloned());
            let value = canonical(&inner, &value.unwrap_or_default())?.encode_to_vec();
            message.set_field_by_name("value", Value::Bytes(value.into()));
        }
        return Ok(());
    }
    for (_, value) in message.fields_mut() {
        each(value)?;
    }
    Ok(())
}

fn each(value: &mut Value) -> Result<(), prost::DecodeError> {
    match value {
        Value::Message(message) => open(message),
        Value::List(items) => items.iter_mut().try_for_each(each),
        Value::Map(entries) => entries.values_mut().try_for_each(each),
        _ => Ok(()),
    }
}
