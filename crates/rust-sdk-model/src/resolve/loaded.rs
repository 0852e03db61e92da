//! The loaded files of a request.

use std::collections::{BTreeMap, BTreeSet};

use prost_reflect::DescriptorPool;
use prost_types::FileDescriptorProto;

use crate::diagnostic::Diagnostics;
use crate::source::SourceIndex;
use crate::wire;

/// The files of a request.
pub(crate) struct Loaded {
    pub(crate) pool: DescriptorPool,
    /// Dependencies first, otherwise by name.
    pub(crate) files: Vec<File>,
    pub(crate) warnings: Diagnostics,
}

/// One file.
pub(crate) struct File {
    pub(crate) proto: FileDescriptorProto,
    pub(crate) source: SourceIndex,
    /// Whether the request asks for this file; else another file imports it.
    pub(crate) requested: bool,
    /// The file's bytes without source information; empty unless the crate embeds them.
    pub(crate) bytes: Vec<u8>,
}

impl Loaded {
    /// These files and their imports as an encoded `FileDescriptorSet`. Their bytes are copied: decoding would drop the
    /// extensions, and a pool encodes maps in options in random order.
    pub(crate) fn descriptor_set(&self, wanted: &BTreeSet<usize>) -> Vec<u8> {
        let index: BTreeMap<&str, usize> = self.files.iter().map(|file| file.proto.name()).zip(0..).collect();
        let mut reached = BTreeSet::new();
        let mut open: Vec<usize> = wanted.iter().copied().collect();
        while let Some(file) = open.pop() {
            if reached.insert(file) {
                let imports = self.files[file].proto.dependency.iter();
                open.extend(imports.filter_map(|name| index.get(name.as_str())));
            }
        }
        let mut set = Vec::new();
        for file in reached {
            wire::push(&mut set, 1, &self.files[file].bytes);
        }
        set
    }
}
