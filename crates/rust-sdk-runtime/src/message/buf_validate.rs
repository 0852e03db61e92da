//! `buf.validate.Violations`, the error detail of protovalidate. Only the fields that an error states are read. Source:
//! `buf/validate/validate.proto`.

use std::fmt::Write as _;

use crate::message::google_rpc::FieldViolation;

#[derive(Clone, Default)]
pub(crate) struct Violations {
    pub(crate) violations: Vec<Violation>,
}

#[derive(Clone, Default)]
pub(crate) struct Violation {
    /// The path as text, which versions before 1.0 sent.
    field_path: String,
    rule_id: String,
    message: String,
    field: Option<FieldPath>,
}

#[derive(Clone, Default)]
pub(crate) struct FieldPath {
    elements: Vec<FieldPathElement>,
}

/// A field, and the place in its list or map.
#[derive(Clone, Default)]
pub(crate) struct FieldPathElement {
    field_name: String,
    index: Option<u64>,
    bool_key: Option<bool>,
    int_key: Option<i64>,
    uint_key: Option<u64>,
    string_key: Option<String>,
}

crate::messages! {
    const _MESSAGES;

    Violations: Eq = "buf.validate.Violations" {
        1 repeated message violations: Violation,
    }

    Violation: Eq = "buf.validate.Violation" {
        1 singular string field_path,
        2 singular string rule_id,
        3 singular string message,
        5 optional message field: FieldPath,
    }

    FieldPath: Eq = "buf.validate.FieldPath" {
        1 repeated message elements: FieldPathElement,
    }

    FieldPathElement: Eq = "buf.validate.FieldPathElement" {
        2 singular string field_name,
        6 optional uint64 index,
        7 optional bool bool_key,
        8 optional int64 int_key,
        9 optional uint64 uint_key,
        10 optional string string_key,
    }
}

impl From<Violation> for FieldViolation {
    fn from(violation: Violation) -> Self {
        let field = violation.field.map_or(violation.field_path, |path| path.to_text());
        Self { field, description: violation.message, reason: violation.rule_id, localized_message: None }
    }
}

impl FieldPath {
    /// `a.b[0].c["key"]`, as protovalidate writes it.
    fn to_text(&self) -> String {
        let mut text = String::new();
        for element in &self.elements {
            if !text.is_empty() {
                text.push('.');
            }
            text.push_str(&element.field_name);
            // Writing to a string cannot fail.
            let _ = match element {
                FieldPathElement { index: Some(index), .. } => write!(text, "[{index}]"),
                FieldPathElement { bool_key: Some(key), .. } => write!(text, "[{key}]"),
                FieldPathElement { int_key: Some(key), .. } => write!(text, "[{key}]"),
                FieldPathElement { uint_key: Some(key), .. } => write!(text, "[{key}]"),
                FieldPathElement { string_key: Some(key), .. } => write!(text, "[{key:?}]"),
                _ => Ok(()),
            };
        }
        text
    }
}
