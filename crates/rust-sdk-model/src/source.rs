//! The positions of elements in their files, and their comments.

use std::collections::BTreeMap;

use prost_types::FileDescriptorProto;

use crate::diagnostic::Position;
use crate::docs;

/// The positions and comments of one file, by descriptor path.
#[derive(Debug, Default)]
pub(crate) struct SourceIndex {
    file: String,
    locations: BTreeMap<Vec<i32>, Location>,
}

#[derive(Debug)]
struct Location {
    line: u32,
    column: u32,
    comment: String,
}

impl SourceIndex {
    pub(crate) fn new(file: &FileDescriptorProto) -> Self {
        let mut locations = BTreeMap::new();
        for location in file.source_code_info.iter().flat_map(|info| &info.location) {
            let at =
                |index: usize| location.span.get(index).and_then(|n| u32::try_from(*n).ok()).unwrap_or(0);
            let comment = docs::join(location.leading_comments(), location.trailing_comments());
            let entry = Location { line: at(0) + 1, column: at(1) + 1, comment };
            // The first location of a path is the whole element; later ones are parts of it.
            locations.entry(location.path.clone()).or_insert(entry);
        }
        Self { file: file.name().to_owned(), locations }
    }

    /// The position of the longest known prefix of this path.
    pub(crate) fn position(&self, path: &[i32]) -> Position {
        let known = (1..=path.len()).rev().find_map(|length| self.locations.get_key_value(&path[..length]));
        match known {
            Some((path, location)) => self.at(path, location),
            // Without source information, only the path is known.
            None => Position { file: self.file.clone(), line: 0, column: 0, path: path.to_vec() },
        }
    }

    /// The position of an option of the element at this path. Without a recorded position, the element's position. The
    /// recorded path may lead into the option's value.
    pub(crate) fn option_position(
        &self,
        element: &[i32],
        options_field: i32,
        number: u32,
        index: usize,
    ) -> Position {
        let number = i32::try_from(number).unwrap_or(i32::MAX);
        let mut prefix = element.to_vec();
        prefix.extend([options_field, number]);
        // Paths with a common prefix are adjacent.
        let mut found: Vec<(&Vec<i32>, &Location)> = self
            .locations
            .range(prefix.clone()..)
            .take_while(|(path, _)| path.starts_with(&prefix))
            .collect();
        found.sort_by_key(|(path, location)| (location.line, location.column, path.len()));
        let exact = found
            .iter()
            .find(|(path, _)| path.get(prefix.len()).is_some_and(|at| usize::try_from(*at) == Ok(index)));
        match exact.or(found.first()) {
            Some((path, location)) => self.at(path, location),
            None => self.position(element),
        }
    }

    fn at(&self, path: &[i32], location: &Location) -> Position {
        let Location { line, column, .. } = *location;
        Position { file: self.file.clone(), line, column, path: path.to_vec() }
    }

    /// The comment on the element at this path.
    pub(crate) fn comment(&self, path: &[i32]) -> &str {
        self.locations.get(path).map_or("", |location| &location.comment)
    }
}
