//! The descriptor set: for this program, and with what Envoy refuses taken out.

use std::collections::BTreeSet;
use std::error::Error;

use prost::Message as _;
use prost_reflect::{DescriptorPool, DynamicMessage, Value};

/// What a transcoder needs to write the details of errors.
const DETAILS: &[u8] = include_bytes!("details.binpb");

/// All types of the API, and those of errors' details.
pub fn pool() -> Result<DescriptorPool, Box<dyn Error>> {
    Ok(DescriptorPool::decode(&*encoded(&BTreeSet::new())?)?)
}

/// The set without these methods (`package.Service/Method`). As dynamic messages, which keep the options.
pub fn encoded(without: &BTreeSet<&str>) -> Result<Vec<u8>, Box<dyn Error>> {
    let mut set = decode(sdk::FILE_DESCRIPTOR_SET)?;
    let more = decode(DETAILS)?;
    let mut all: Vec<Value> = Vec::new();
    for file in files(&mut set).drain(..).chain(files(&mut more.clone()).drain(..)) {
        let name = text(&file, "name");
        if !all.iter().any(|file| text(file, "name") == name) {
            all.push(file);
        }
    }
    for file in &mut all {
        let package = text(file, "package");
        for service in list(file, "service") {
            let service_name = text(service, "name");
            let prefix = if package.is_empty() { service_name } else { format!("{package}.{service_name}") };
            list(service, "method")
                .retain(|method| !without.contains(&*format!("{prefix}/{}", text(method, "name"))));
        }
    }
    *files(&mut set) = all;
    Ok(set.encode_to_vec())
}

fn decode(set: &[u8]) -> Result<DynamicMessage, Box<dyn Error>> {
    let descriptor = DescriptorPool::global()
        .get_message_by_name("google.protobuf.FileDescriptorSet")
        .ok_or("no descriptor of descriptors")?;
    Ok(DynamicMessage::decode(descriptor, set)?)
}

fn files(set: &mut DynamicMessage) -> &mut Vec<Value> {
    let Some(Value::List(files)) = set.get_field_by_name_mut("file") else { unreachable!("it is a list") };
    files
}

fn list<'a>(message: &'a mut Value, field: &str) -> &'a mut Vec<Value> {
    let Value::Message(message) = message else { unreachable!("it is a message") };
    let Some(Value::List(items)) = message.get_field_by_name_mut(field) else { unreachable!("it is a list") };
    items
}

fn text(message: &Value, field: &str) -> String {
    let value = message.as_message().and_then(|message| message.get_field_by_name(field));
    value.and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}
