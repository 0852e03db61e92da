//! Reads messages from JSON: serde visitors that are driven by the schema. They set the fields of a message, or append wire bytes; only
//! [`slot`] knows which.

mod any;
mod buffer;
mod fields;
mod list;
mod map;
mod message;
mod scalar;
mod slot;
mod text;
mod value;

use std::cell::Cell;

use serde::de::{Error, IgnoredAny, MapAccess};

use super::error::Trace;
use super::{DecodeOptions, JsonErrorKind};
use crate::message::schema::key::JsonKey;
use crate::wire::reader::MAX_DEPTH;

#[cfg(feature = "rest")]
pub(crate) use fields::{FieldSeed, ValueSeed};
pub(crate) use message::MessageSeed;
pub(crate) use slot::Slot;

/// The state that the visitors of one message share.
#[derive(Debug, Default)]
pub(crate) struct Decoder {
    pub(crate) options: DecodeOptions,
    pub(crate) trace: Trace,
    /// Whether errors need no explanation, since the caller reads the text again for that.
    pub(crate) is_quick: bool,
    /// `Some` if the message may lack required fields, which come from elsewhere; `Some(true)` once one is missing.
    pub(crate) incomplete: Cell<Option<bool>>,
    /// The key that is likely to come next.
    pub(crate) likely: Cell<Option<&'static JsonKey>>,
}

impl Decoder {
    pub(crate) fn new(options: DecodeOptions) -> Self {
        Self { options, ..Self::default() }
    }

    /// The state for text that is read again, with `serde_json`, if it is not valid.
    pub(crate) fn quick(options: DecodeOptions) -> Self {
        Self { is_quick: true, ..Self::new(options) }
    }

    /// An error for serde without content: the reason is recorded in the trace.
    #[cold]
    pub(crate) fn fail<E: Error>(&self, reason: impl Into<JsonErrorKind>) -> E {
        E::custom(self.trace.reason(reason))
    }

    /// The next nesting level, unless that is too deep.
    #[inline]
    fn enter<E: Error>(&self, depth: u32) -> Result<u32, E> {
        if depth < MAX_DEPTH { Ok(depth + 1) } else { Err(self.fail(JsonErrorKind::TooDeep)) }
    }
}

/// The outcome of reading a JSON value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// The value was written.
    Written,
    /// The value was `null`: nothing was written.
    Null,
    /// The value was an unknown enum name, which the options ignore: nothing was written.
    Ignored,
}

/// Methods of a visitor that reject a type of value, without repeating the value as serde's own methods do. They need `self.refuse()`.
/// `visit_none` is the exception: some formats represent `null` by it.
macro_rules! refuse {
    ($($method:ident)*) => { $(refuse!(@ $method);)* };
    (@ visit_none) => {
        fn visit_none<E: serde::de::Error>(self) -> Result<Self::Value, E> {
            self.visit_unit()
        }
    };
    (@ visit_seq) => {
        fn visit_seq<A: serde::de::SeqAccess<'de>>(self, _: A) -> Result<Self::Value, A::Error> {
            Err(self.refuse())
        }
    };
    (@ visit_map) => {
        fn visit_map<A: serde::de::MapAccess<'de>>(self, _: A) -> Result<Self::Value, A::Error> {
            Err(self.refuse())
        }
    };
    (@ visit_bool) => { refuse!(@ visit_bool bool); };
    (@ visit_i64) => { refuse!(@ visit_i64 i64); };
    (@ visit_u64) => { refuse!(@ visit_u64 u64); };
    (@ visit_f64) => { refuse!(@ visit_f64 f64); };
    (@ visit_str) => { refuse!(@ visit_str &str); };
    (@ $method:ident $type:ty) => {
        fn $method<E: serde::de::Error>(self, _: $type) -> Result<Self::Value, E> {
            Err(self.refuse())
        }
    };
}
pub(crate) use refuse;

/// How `serde_json` passes on a number if some crate switched on its feature `arbitrary_precision`: as a map with this single key.
const NUMBER_KEY: &str = "$serde_json::private::Number";

/// The text of such a number, if the map is one. The first key of the map has been read.
fn number_text<'de, A: MapAccess<'de>>(key: &str, map: &mut A) -> Result<Option<String>, A::Error> {
    if key != NUMBER_KEY {
        return Ok(None);
    }
    let text = map.next_value()?;
    while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
    Ok(Some(text))
}
