//! The peer's code for the same file: prost's messages, pbjson's JSON, tonic's server trait and the REST layer of rest_over_grpc.

use std::error::Error;
use std::path::{Path, PathBuf};

use prost::Message as _;
use prost_reflect::{DescriptorPool, DynamicMessage, Value};

/// The methods that are measured. The others are left out, so that the peer's server need not implement them.
const METHODS: [&str; 2] = ["GetGreenhouse", "CreateGreenhouse"];

fn main() -> Result<(), Box<dyn Error>> {
    let protos = Path::new("../../testdata/proto");
    println!("cargo::rerun-if-changed={}", protos.display());
    let folder = PathBuf::from(std::env::var("OUT_DIR")?);
    let mut compiler = protox::Compiler::new([protos])?;
    compiler.include_imports(true).open_file("lumen/cloud/greenhouse/v1/greenhouse.proto")?;
    let set = trimmed(&compiler.encode_file_descriptor_set())?;
    std::fs::write(folder.join("set.binpb"), &set)?;

    let mut tonic = tonic_prost_build::configure().build_client(false).build_transport(false);
    tonic = tonic.compile_well_known_types(true).extern_path(".google.protobuf", "::pbjson_types");
    tonic.out_dir(&folder).compile_fds(prost::Message::decode(&*set)?)?;
    pbjson_build::Builder::new().out_dir(&folder).register_descriptors(&set)?.build(&[".lumen"])?;
    rest_over_grpc::build::compile_fds(&set, &folder)?;
    Ok(())
}

/// The set without other methods. As dynamic messages, which keep the options.
fn trimmed(set: &[u8]) -> Result<Vec<u8>, Box<dyn Error>> {
    let descriptor = DescriptorPool::global().get_message_by_name("google.protobuf.FileDescriptorSet");
    let mut set = DynamicMessage::decode(descriptor.ok_or("no descriptor of descriptors")?, set)?;
    for file in list(&mut set, "file") {
        let Value::Message(file) = file else { continue };
        let services = list(file, "service");
        services.retain(|service| name(service) == "GreenhouseService");
        for service in services {
            let Value::Message(service) = service else { continue };
            list(service, "method").retain(|method| METHODS.contains(&&*name(method)));
        }
    }
    Ok(set.encode_to_vec())
}

fn list<'a>(message: &'a mut DynamicMessage, field: &str) -> &'a mut Vec<Value> {
    match message.get_field_by_name_mut(field) {
        Some(Value::List(items)) => items,
        _ => unreachable!("{field} is a list"),
    }
}

fn name(value: &Value) -> String {
    let name = value.as_message().and_then(|message| message.get_field_by_name("name"));
    name.and_then(|name| name.as_str().map(str::to_owned)).unwrap_or_default()
}
