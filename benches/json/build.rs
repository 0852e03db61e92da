//! The peer's code for the same files: prost-build's messages and pbjson-build's serde implementations.

use std::error::Error;
use std::path::{Path, PathBuf};

use prost::Message as _;

fn main() -> Result<(), Box<dyn Error>> {
    let protos = Path::new("../../testdata/proto");
    println!("cargo::rerun-if-changed={}", protos.display());
    let folder = PathBuf::from(std::env::var("OUT_DIR")?);
    let files = ["lumen/cloud/greenhouse/v1/greenhouse.proto", "shapes/types/v1/service.proto"];
    let mut set = protox::compile(files, [protos])?;
    for file in &mut set.file {
        if file.package() == "shapes.types.v1" {
            // Of the others, some are more than pbjson-build can write: a JSON name with a quote, a variant `Self`.
            file.message_type.retain(|message| ["Implicit", "Lists", "Maps"].contains(&message.name()));
            file.enum_type.retain(|item| item.name() == "Size");
            file.service.clear();
            file.source_code_info = None;
        }
    }
    // As for our messages, maps are sorted.
    let mut prost = prost_build::Config::new();
    prost.btree_map(["."]).compile_well_known_types().extern_path(".google.protobuf", "::pbjson_types");
    prost.out_dir(&folder).compile_fds(set.clone())?;
    let mut pbjson = pbjson_build::Builder::new();
    pbjson.btree_map(["."]).out_dir(&folder).register_descriptors(&set.encode_to_vec())?;
    pbjson.build(&[".lumen", ".shapes"])?;
    Ok(())
}
