//! The positions of elements in their files, and their comments.
//!
//! The locations of all files are the largest part of a request. They stay in the file's bytes, and the index has only where each begins.

use std::cmp::Ordering;

use prost::bytes::Bytes;
use prost::encoding::decode_varint;

use crate::diagnostic::Position;
use crate::docs;
use crate::wire;

/// `FileDescriptorProto.source_code_info`.
pub(crate) const SOURCE_CODE_INFO: u32 = 9;
/// `SourceCodeInfo.location`.
const LOCATION: u32 = 1;
/// The fields of `SourceCodeInfo.Location`.
const PATH: u32 = 1;
const SPAN: u32 = 2;
const LEADING_COMMENTS: u32 = 3;
const TRAILING_COMMENTS: u32 = 4;

/// The positions and comments of one file, by descriptor path.
#[derive(Debug, Default)]
pub(crate) struct SourceIndex {
    file: String,
    /// The encoded file.
    bytes: Bytes,
    /// The range in `bytes` of each location, ordered by their paths. The first location of a path is the whole element;
    /// later ones are parts of it and are left out.
    locations: Vec<(u32, u32)>,
}

/// The content of one location.
#[derive(Clone, Copy)]
struct Location<'a>(&'a [u8]);

impl SourceIndex {
    /// The index of an encoded file; `None` if the bytes are not a file.
    pub(crate) fn new(file: &str, bytes: &Bytes) -> Option<Self> {
        let mut locations = Vec::new();
        let start = bytes.as_ptr().addr();
        let of_file = wire::fields(bytes)
            .map(|field| field.map(|(number, info)| (number == SOURCE_CODE_INFO).then_some(info)));
        for info in of_file {
            for field in info?.into_iter().flat_map(wire::fields) {
                let (number, content) = field?;
                if number == LOCATION {
                    Location(content).is_valid().then_some(())?;
                    let at = u32::try_from(content.as_ptr().addr() - start).ok()?;
                    locations.push((at, at + u32::try_from(content.len()).ok()?));
                }
            }
        }
        let mut this = Self { file: file.to_owned(), bytes: bytes.clone(), locations };
        let mut locations = std::mem::take(&mut this.locations);
        locations.sort_by(|a, b| this.location(*a).path().cmp(this.location(*b).path()));
        locations.dedup_by(|b, a| this.location(*a).path().eq(this.location(*b).path()));
        locations.shrink_to_fit();
        Some(Self { locations, ..this })
    }

    /// The encoded file.
    pub(crate) fn bytes(&self) -> &Bytes {
        &self.bytes
    }

    fn location(&self, (start, end): (u32, u32)) -> Location<'_> {
        Location(&self.bytes[start as usize..end as usize])
    }

    fn find(&self, path: &[i32]) -> Option<Location<'_>> {
        let at = self.locations.binary_search_by(|at| self.location(*at).compare(path)).ok()?;
        Some(self.location(self.locations[at]))
    }

    /// The position of the longest known prefix of this path.
    pub(crate) fn position(&self, path: &[i32]) -> Position {
        let known = (1..=path.len()).rev().find_map(|length| self.find(&path[..length]));
        match known {
            Some(location) => self.at(location),
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
        let start =
            self.locations.partition_point(|at| self.location(*at).compare(&prefix) == Ordering::Less);
        let mut found: Vec<Position> = self.locations[start..]
            .iter()
            .map(|at| self.location(*at))
            .take_while(|location| location.path().take(prefix.len()).eq(prefix.iter().copied()))
            .map(|location| self.at(location))
            .collect();
        found.sort_by_key(|found| (found.line, found.column, found.path.len()));
        let exact = found.iter().position(|found| {
            found.path.get(prefix.len()).is_some_and(|at| usize::try_from(*at) == Ok(index))
        });
        match found.into_iter().nth(exact.unwrap_or(0)) {
            Some(position) => position,
            None => self.position(element),
        }
    }

    fn at(&self, location: Location<'_>) -> Position {
        let mut span = location.numbers(SPAN).map(|n| u32::try_from(n).unwrap_or(0));
        let (line, column) = (span.next().unwrap_or(0) + 1, span.next().unwrap_or(0) + 1);
        Position { file: self.file.clone(), line, column, path: location.path().collect() }
    }

    /// The comment on the element at this path.
    pub(crate) fn comment(&self, path: &[i32]) -> String {
        let Some(location) = self.find(path) else { return String::new() };
        docs::join(location.text(LEADING_COMMENTS), location.text(TRAILING_COMMENTS))
    }
}

impl<'a> Location<'a> {
    fn is_valid(self) -> bool {
        wire::fields(self.0).all(|field| match field {
            Some((LEADING_COMMENTS | TRAILING_COMMENTS, content)) => std::str::from_utf8(content).is_ok(),
            Some((PATH | SPAN, mut content)) => {
                while !content.is_empty() {
                    if decode_varint(&mut content).is_err() {
                        return false;
                    }
                }
                true
            }
            Some(_) => true,
            None => false,
        })
    }

    /// The fields with this number.
    fn fields(self, wanted: u32) -> impl Iterator<Item = &'a [u8]> {
        wire::fields(self.0)
            .flatten()
            .filter_map(move |(number, content)| (number == wanted).then_some(content))
    }

    /// The numbers of this field, packed or one by one.
    fn numbers(self, field: u32) -> impl Iterator<Item = i32> {
        self.fields(field).flat_map(|mut content| {
            std::iter::from_fn(move || {
                if content.is_empty() {
                    return None;
                }
                #[allow(clippy::cast_possible_truncation)] // As protobuf reads an int32.
                decode_varint(&mut content).ok().map(|number| number as i32)
            })
        })
    }

    fn path(self) -> impl Iterator<Item = i32> {
        self.numbers(PATH)
    }

    fn compare(self, path: &[i32]) -> Ordering {
        self.path().cmp(path.iter().copied())
    }

    fn text(self, field: u32) -> &'a str {
        self.fields(field).last().and_then(|content| std::str::from_utf8(content).ok()).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use prost::Message as _;
    use prost_types::source_code_info::Location;
    use prost_types::{FileDescriptorProto, SourceCodeInfo};

    use super::*;

    fn location(path: &[i32], line: i32, comment: Option<&str>) -> Location {
        let leading_comments = comment.map(str::to_owned);
        Location { path: path.to_vec(), span: vec![line, 2, 9], leading_comments, ..Location::default() }
    }

    fn encoded(location: Vec<Location>) -> Vec<u8> {
        let source_code_info = Some(SourceCodeInfo { location });
        FileDescriptorProto { source_code_info, ..FileDescriptorProto::default() }.encode_to_vec()
    }

    #[test]
    fn locations_in_any_order_are_found() {
        let mut bytes = encoded(vec![
            location(&[4, 1], 7, Some("second")),
            location(&[4, 0, 2, 3], 5, Some("field")),
            location(&[4, 0], 3, Some("first")),
            location(&[4, 0], 4, Some("a part of it")),
            location(&[4, 0, 7, 1072, 2], 9, None),
        ]);
        // A second message of source information, and a path that is not packed.
        let mut unpacked = Vec::new();
        for step in [4, 300] {
            wire::push_varint(&mut unpacked, PATH, step);
        }
        wire::push(&mut unpacked, TRAILING_COMMENTS, b"third");
        let mut info = Vec::new();
        wire::push(&mut info, LOCATION, &unpacked);
        wire::push(&mut bytes, SOURCE_CODE_INFO, &info);

        let source = SourceIndex::new("a.proto", &bytes.into()).unwrap();
        for (path, comment) in [
            (&[4, 0][..], "first"),
            (&[4, 1], "second"),
            (&[4, 300], "third"),
            (&[4, 0, 2, 3], "field"),
            (&[4], ""),
            (&[4, 0, 2], ""),
        ] {
            assert_eq!(source.comment(path), comment, "{path:?}");
        }
        let line = |position: Position| (position.line, position.column, position.path);
        assert_eq!(line(source.position(&[4, 0, 2, 3, 1])), (6, 3, vec![4, 0, 2, 3]));
        assert_eq!(line(source.position(&[5])), (0, 0, vec![5]));
        assert_eq!(line(source.option_position(&[4, 0], 7, 1072, 2)), (10, 3, vec![4, 0, 7, 1072, 2]));
        assert_eq!(line(source.option_position(&[4, 0], 7, 1073, 0)), (4, 3, vec![4, 0]));
    }

    #[test]
    fn malformed_source_information_is_no_index() {
        let comment = [&[0x4a, 5, 0x0a, 3, 0x1a, 1, 0xff][..]].concat();
        let path = [&[0x4a, 5, 0x0a, 3, 0x0a, 1, 0x80][..]].concat();
        let length = vec![0x4a, 2, 0x0a, 9];
        for bytes in [comment, path, length] {
            assert!(SourceIndex::new("a.proto", &bytes.into()).is_none());
        }
    }
}
