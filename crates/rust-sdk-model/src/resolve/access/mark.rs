//! The request field with the account, found by an option that marks the field.

use prost_reflect::{Kind, MessageDescriptor, Value};

use crate::resolve::extensions::Statement;
use crate::resolve::package_names::join;

/// The most fields to visit: nested messages multiply.
const MAX_FIELDS: usize = 4096;

/// The paths of all marked fields of a request, its nested messages included.
pub(super) fn marked(request: &MessageDescriptor, mark: &Statement) -> Vec<String> {
    let mut walk = Walk { mark, parents: Vec::new(), visited: 0, found: Vec::new() };
    walk.message(request, "");
    walk.found
}

struct Walk<'a> {
    mark: &'a Statement,
    /// The messages around the visited one. A message within itself is not visited again.
    parents: Vec<MessageDescriptor>,
    visited: usize,
    found: Vec<String>,
}

impl Walk<'_> {
    fn message(&mut self, message: &MessageDescriptor, around: &str) {
        if self.parents.contains(message) || message.package_name() == "google.protobuf" {
            return;
        }
        self.parents.push(message.clone());
        for field in message.fields() {
            self.visited += 1;
            if self.visited > MAX_FIELDS {
                break;
            }
            let path = join(around, field.name());
            if self.mark.get_from(&field.options()).is_some_and(|value| marks(&value)) {
                self.found.push(path);
            } else if let Kind::Message(nested) = field.kind() {
                self.message(&nested, &path);
            }
        }
        self.parents.pop();
    }
}

/// `true`, a text, an enum's value other than its first, or a message.
fn marks(value: &Value) -> bool {
    match value {
        Value::Bool(value) => *value,
        Value::String(text) => !text.is_empty(),
        Value::EnumNumber(number) => *number != 0,
        Value::Message(_) => true,
        _ => false,
    }
}
