//! Lowers editions to what prost can express: proto2 or proto3, file by file.
//!
//! The features of `google.protobuf.FeatureSet` are resolved from the file down to each field. Then the file's bytes are
//! rewritten, so that extensions and newer fields stay as they are. prost reads every enum as open, so `enum_type` has no
//! effect.

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

/// The first edition that is not another name for proto2 or proto3.
const EDITION_2023: i32 = 1000;

/// `FileDescriptorProto.edition`.
const EDITION_PATH: [i32; 1] = [14];

/// The parts of a file that prost-types does not know.
#[derive(Clone, PartialEq, prost::Message)]
struct Header {
    #[prost(int32, optional, tag = "14")]
    edition: Option<i32>,
    #[prost(string, repeated, tag = "15")]
    option_dependency: Vec<String>,
}

/// The bytes of a file with an edition, as proto2 or proto3; `None` for other files.
pub(crate) fn lower(
    file: &FileDescriptorProto,
    bytes: &[u8],
    source: &SourceIndex,
) -> Result<Option<Vec<u8>>, Diagnostics> {
    let header = Header::decode(bytes).unwrap_or_default();
    let edition = header.edition.unwrap_or_default();
    if file.syntax() != "editions" && edition < EDITION_2023 {
        return Ok(None);
    }
    if !(EDITION_2023..=*EDITIONS.end()).contains(&edition) {
        let mut problems = Diagnostics::default();
        problems.push(Diagnostic {
            severity: Severity::Error,
            code: Code::EditionUnsupported,
            position: Some(source.position(&EDITION_PATH)),
            subject: String::new(),
            message: match edition {
                0 => "the file uses editions, but names no edition".to_owned(),
                number => format!("edition {number} (a `google.protobuf.Edition`) is not supported"),
            },
            hint: "editions 2023 and 2024, proto2 and proto3 are supported".to_owned(),
        });
        return Err(problems);
    }
    // proto3 is preferred, but only proto2 has extension ranges.
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
    Err(report(&problems, source))
}

fn has_extension_range(message: &DescriptorProto) -> bool {
    !message.extension_range.is_empty() || message.nested_type.iter().any(has_extension_range)
}

type Problems = BTreeMap<LoweringError, Vec<String>>;

/// One error for each statement that cannot be expressed, with the names of the fields.
fn report(by_syntax: &[Problems], source: &SourceIndex) -> Diagnostics {
    let (common, alone): (Vec<_>, Vec<_>) = by_syntax
        .iter()
        .enumerate()
        .flat_map(|(index, problems)| problems.iter().map(move |(problem, names)| (index, problem, names)))
        .partition(|(index, problem, _)| by_syntax[1 - index].contains_key(*problem));
    let mut found: BTreeMap<&LoweringError, &Vec<String>> = BTreeMap::new();
    found.extend(common.into_iter().map(|(_, problem, names)| (problem, names)));
    // A problem of one syntax alone counts only if the other syntax has one, too.
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

/// A statement that cannot be expressed, and its path.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct LoweringError {
    path: Vec<i32>,
    message: String,
    hint: &'static str,
}
