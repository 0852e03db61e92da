//! The descriptors of a request, for checks that need no model.

use prost_reflect::{DescriptorPool, FileDescriptor};

use crate::diagnostic::{Diagnostics, Position};
use crate::options::Options;
use crate::plugin::CodeGeneratorRequest;
use crate::resolve::load::load;
use crate::resolve::loaded::Loaded;

/// The descriptors of a request with their extensions, and all positions.
pub struct Descriptors(Loaded);

impl Descriptors {
    /// Loads a request's files.
    ///
    /// # Errors
    /// The files cannot be read or are inconsistent.
    pub fn load(request: &CodeGeneratorRequest) -> Result<Self, Diagnostics> {
        load(request, &Options::default()).map(Self)
    }

    /// All files, imports included. Editions are lowered to proto2 or proto3.
    pub fn pool(&self) -> &DescriptorPool {
        &self.0.pool
    }

    /// The files to generate, in a stable order.
    pub fn requested(&self) -> impl Iterator<Item = FileDescriptor> {
        self.0.files.iter().filter(|file| file.requested).map(|file| file.descriptor.clone())
    }

    /// The position of the element at this path of a file.
    pub fn position(&self, file: &FileDescriptor, path: &[i32]) -> Position {
        let found = self.0.files.iter().find(|known| known.name() == file.name());
        match found {
            Some(file) => file.source.position(path),
            None => Position { file: file.name().to_owned(), line: 0, column: 0, path: path.to_vec() },
        }
    }
}

impl std::fmt::Debug for Descriptors {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let names = self.0.files.iter().map(|file| file.name());
        f.debug_list().entries(names).finish()
    }
}
