//! Scalars in JSON.

use std::fmt::Write as _;

use rust_sdk_model::text::is_invisible;
use serde_json::Value;

/// A scalar as JSON. Characters that are invisible, or that control how text is shown, are escaped.
pub(crate) fn scalar(value: &Value) -> String {
    let mut out = String::new();
    for c in value.to_string().chars() {
        if is_invisible(c) {
            for unit in c.encode_utf16(&mut [0; 2]) {
                let _ = write!(out, "\\u{unit:04x}");
            }
        } else {
            out.push(c);
        }
    }
    out
}

/// A text as JSON.
pub(crate) fn text(text: &str) -> String {
    scalar(&Value::from(text))
}
