//! The loaded files of a request.

use std::collections::{BTreeMap, BTreeSet};

use prost_reflect::{DescriptorPool, FileDescriptor};

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
    pub(crate) descriptor: FileDescriptor,
    pub(crate) source: SourceIndex,
    /// Whether the request asks for this file; else another file imports it.
    pub(crate) requested: bool,
    /// The file's bytes without source information; empty unless the crate embeds them.
    pub(crate) bytes: Vec<u8>,
}

impl File {
    pub(crate) fn name(&self) -> &str {
        self.descriptor.name()
    }

    pub(crate) fn package(&self) -> &str {
        self.descriptor.package_name()
    }

    /// The names of the imported files, also of those that they import publicly.
    pub(crate) fn imports(&self) -> &[String] {
        &self.descriptor.file_descriptor_proto().dependency
    }
}

impl Loaded {
    /// These files and their imports as an encoded `FileDescriptorSet`. Their bytes are copied: decoding would drop the
    /// extensions, and a pool encodes maps in options in random order.
    pub(crate) fn descriptor_set(&self, wanted: &BTreeSet<usize>) -> Vec<u8> {
        let index: BTreeMap<&str, usize> = self.files.iter().map(File::name).zip(0..).collect();
        let mut reached = BTreeSet::new();
        let mut open: Vec<usize> = wanted.iter().copied().collect();
        while let Some(file) = open.pop() {
            if reached.insert(file) {
                let imports = self.files[file].imports().iter();
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
