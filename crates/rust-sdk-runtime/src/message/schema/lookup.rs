//! The common functions of the tables with and without JSON.

use super::{Field, MessageSchema};

impl MessageSchema {
    /// The name of the Rust type.
    pub(crate) fn rust_name(&self) -> &'static str {
        let path = self.rust_path();
        path.rsplit(':').next().unwrap_or(path).trim()
    }

    /// The field with this number. Most messages number their fields without gaps.
    #[inline]
    pub(crate) fn numbered(&self, number: u32) -> Option<&'static Field> {
        match self.fields().get((number as usize).wrapping_sub(1)) {
            Some(field) if field.number == number => Some(field),
            _ => self.search(number).map(|index| &self.fields()[index]),
        }
    }

    #[inline(never)]
    pub(super) fn search(&self, number: u32) -> Option<usize> {
        self.fields().binary_search_by_key(&number, |field| field.number).ok()
    }
}
