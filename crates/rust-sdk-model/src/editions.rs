//! Editions lowered to what prost can express: proto2 or proto3, file by file.
//!
//! The features of `google.protobuf.FeatureSet` are resolved from the file down to each field. Then the file is rewritten
//! on its bytes, so that extensions and fields newer than the descriptors here stay as they are. prost reads every enum
//! as an open one, so `enum_type` changes nothing.

mod features;
mod lowering;

use std::collections::BTreeMap;
use std::fmt::Write as _;

use prost::Message as _;
use prost_types::{DescriptorProto, FileDescriptorProto};

use self::lowering::Lowering;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Severity};
use crate::plugin::EDITIONS;
use crate::source::SourceIndex;

/// `EDITION_2023` is the first one that is no other name for proto2 or proto3.
const EDITION_2023: i32 = 1000;

/// `FileDescriptorProto.edition`.
const EDITION_PATH: [i32; 1] = [14];

/// What prost-types does not know of a file.
#[derive(Clone, PartialEq, prost::Message)]
struct Header {
    #[prost(int32, optional, tag = "14")]
    edition: Option<i32>,
    #[prost(string, repeated, tag = "15")]
    option_dependency: Vec<String>,
}

/// The file's bytes in proto2 or proto3, where they are in editions; `None` where they are not.
pub(crate) fn lower(file: &FileDescriptorProto, bytes: &[u8]) -> Result<Option<Vec<u8>>, Diagnostics> {
    let header = Header::decode(bytes).unwrap_or_default();
    let edition = header.edition.unwrap_or_default();
    if file.syntax() != "editions" && edition < EDITION_2023 {
        return Ok(None);
    }
    let source = SourceIndex::new(file);
    if !(EDITION_2023..=*EDITIONS.end()).contains(&edition) {
        let mut problems = Diagnostics::default();
        problems.push(Diagnostic {
            severity: Severity::Error,
            code: Code::EditionUnsupported,
            position: Some(source.position(&EDITION_PATH)),
            subject: String::new(),
            message: match edition {
                0 => "the file is in editions, but does not say in which one".to_owned(),
                number => format!("edition {number} (a `google.protobuf.Edition`) is not supported"),
            },
            hint: "editions 2023 and 2024 are supported, and so are proto2 and proto3".to_owned(),
        });
        return Err(problems);
    }
    // proto3 is preferred; but only proto2 has extension ranges.
    let mut syntaxes = [Syntax::Proto3, Syntax::Proto2];
    if file.message_type.iter().any(has_extension_range) {
        syntaxes.reverse();
    }
    let mut problems = Vec::new();
    for syntax in syntaxes {
        let mut lowering = Lowering { syntax, file, problems: BTreeMap::new() };
        let lowered = lowering.file(bytes, &header.option_dependency);
        if lowering.problems.is_empty() {
            let unreadable =
                || Diagnostics::global(Code::Descriptor, format!("`{}` cannot be read", file.name()), "");
            return lowered.ok_or_else(unreadable).map(Some);
        }
        problems.push(lowering.problems);
    }
    Err(report(&problems, &source))
}

fn has_extension_range(message: &DescriptorProto) -> bool {
    !message.extension_range.is_empty() || message.nested_type.iter().any(has_extension_range)
}

type Problems = BTreeMap<Problem, Vec<String>>;

/// One error for each place that states what cannot be expressed, naming the fields.
fn report(by_syntax: &[Problems], source: &SourceIndex) -> Diagnostics {
    let (common, alone): (Vec<_>, Vec<_>) = by_syntax
        .iter()
        .enumerate()
        .flat_map(|(index, problems)| problems.iter().map(move |(problem, names)| (index, problem, names)))
        .partition(|(index, problem, _)| by_syntax[1 - index].contains_key(*problem));
    let mut found: BTreeMap<&Problem, &Vec<String>> = BTreeMap::new();
    found.extend(common.into_iter().map(|(_, problem, names)| (problem, names)));
    // What one syntax alone cannot express is a problem only where the other has one of its own.
    if alone.iter().any(|(index, ..)| *index == 0) && alone.iter().any(|(index, ..)| *index == 1) {
        found.extend(alone.into_iter().map(|(_, problem, names)| (problem, names)));
    }
    let mut all = Diagnostics::default();
    for (problem, names) in found {
        let mut subject = names.iter().take(4).map(String::as_str).collect::<Vec<_>>().join(", ");
        if names.len() > 4 {
            let _ = write!(subject, " and {} more", names.len() - 4);
        }
        all.push(Diagnostic {
            severity: Severity::Error,
            code: Code::EditionUnsupported,
            position: Some(source.position(&problem.path)),
            subject,
            message: problem.message.clone(),
            hint: problem.hint.to_owned(),
        });
    }
    all
}

fn join(prefix: &str, name: &str) -> String {
    if prefix.is_empty() { name.to_owned() } else { format!("{prefix}.{name}") }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Syntax {
    Proto2,
    Proto3,
}

/// Something that cannot be expressed, and where it is stated.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Problem {
    path: Vec<i32>,
    message: String,
    hint: &'static str,
}
