//! Fields that an API's own options mark as required or as secret.

use prost_reflect::{FieldDescriptor, Kind, Value};

use super::behavior;
use super::extensions::{FIELD, Finder, Statement, Wanted, text};
use crate::options::{MarkSelector, Options};

/// The options that mark fields.
#[derive(Default)]
pub(crate) struct Marks {
    required: Vec<Mark>,
    redacted: Vec<Mark>,
}

struct Mark {
    statement: Statement,
    value: Option<String>,
}

impl Marks {
    pub(crate) fn find(finder: &mut Finder<'_>, options: &Options) -> Self {
        let mut all = |key: &'static str, selectors: &[MarkSelector]| -> Vec<Mark> {
            selectors.iter().filter_map(|selector| mark(finder, key, selector)).collect()
        };
        Self {
            required: all("required_option", &options.required_options),
            redacted: all("redact_option", &options.redact_options),
        }
    }

    /// Whether a message without this field is invalid.
    pub(crate) fn is_required(&self, field: &FieldDescriptor) -> bool {
        // A message states this in its field `required`, or in that of one message within.
        behavior::is_required(field) || is_marked(&self.required, field, |value| says_required(value, 1))
    }

    /// Whether the field's value must not be printed.
    pub(crate) fn is_redacted(&self, field: &FieldDescriptor) -> bool {
        behavior::is_redacted(field) || is_marked(&self.redacted, field, |_| true)
    }
}

fn mark(finder: &mut Finder<'_>, key: &'static str, selector: &MarkSelector) -> Option<Mark> {
    let wanted = Wanted {
        target: FIELD,
        full_name: None,
        short_name: "",
        key,
        shape: "an option of fields",
        fits: |_, _| true,
        reserved: true,
    };
    let statement = finder.statement(&wanted, Some(&selector.option))?;
    if let (Some(value), Kind::Enum(item)) = (&selector.value, statement.ty().0)
        && item.get_value_by_name(value).is_none()
    {
        let names: Vec<String> = item.values().map(|known| format!("`{}`", known.name())).collect();
        finder.absent(
            format!("`{value}` in `{key}` is not a value of `{}`", item.full_name()),
            format!("its values are {}", names.join(", ")),
        );
    }
    Some(Mark { statement, value: selector.value.clone() })
}

fn is_marked(marks: &[Mark], field: &FieldDescriptor, message: fn(&Value) -> bool) -> bool {
    // Reading options is slower than checking that there are none.
    if marks.is_empty() || field.field_descriptor_proto().options.is_none() {
        return false;
    }
    let options = field.options();
    marks.iter().any(|mark| {
        let kind = mark.statement.ty().0;
        let holds = |value: &Value| match (&mark.value, value) {
            (Some(wanted), value) => text(value, &kind).as_ref() == Some(wanted),
            (None, Value::Message(_)) => message(value),
            (None, Value::Bool(value)) => *value,
            (None, Value::EnumNumber(number)) => *number != 0,
            (None, Value::String(text)) => !text.is_empty(),
            (None, _) => true,
        };
        match mark.statement.get_from(&options) {
            Some(Value::List(values)) => values.iter().any(holds),
            Some(value) => holds(&value),
            None => false,
        }
    })
}

fn says_required(value: &Value, depth: usize) -> bool {
    let Some(message) = value.as_message() else { return false };
    message.fields().any(|(field, value)| match value {
        Value::Bool(value) => *value && field.name() == "required",
        value => depth > 0 && says_required(value, depth - 1),
    })
}
