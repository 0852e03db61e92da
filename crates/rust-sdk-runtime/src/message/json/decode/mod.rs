//! JSON to messages: serde visitors that are driven by the schema. What they read goes into the fields of a message, or is
//! appended to wire bytes; only [`slot`] knows which.

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
use crate::message::schema::Field;
use crate::wire::reader::MAX_DEPTH;

#[cfg(feature = "rest")]
pub(crate) use fields::{FieldSeed, ValueSeed};
pub(crate) use message::MessageSeed;
pub(crate) use slot::Slot;

/// What is the same throughout one message.
#[derive(Debug, Default)]
pub(crate) struct Decoder {
    pub(crate) options: DecodeOptions,
    pub(crate) trace: Trace,
    /// Whether errors are not to be explained, since whoever reads will read again for that.
    pub(crate) is_quick: bool,
    /// Where a message may lack required fields, which come from elsewhere: whether one does.
    pub(crate) incomplete: Cell<Option<bool>>,
    /// The field whose key is likely to come next.
    pub(crate) likely: Cell<Option<&'static Field>>,
}

impl Decoder {
    pub(crate) fn new(options: DecodeOptions) -> Self {
        Self { options, ..Self::default() }
    }

    /// An error for serde that carries nothing, the reason being noted.
    #[cold]
    pub(crate) fn fail<E: Error>(&self, reason: impl Into<JsonErrorKind>) -> E {
        E::custom(self.trace.reason(reason))
    }

    /// One level deeper, unless that is too deep.
    #[inline]
    fn enter<E: Error>(&self, depth: u32) -> Result<u32, E> {
        if depth < MAX_DEPTH { Ok(depth + 1) } else { Err(self.fail(JsonErrorKind::TooDeep)) }
    }
}

/// What a JSON value came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// It was written.
    Written,
    /// It was `null`: nothing was written.
    Null,
    /// It was an unknown enum name, which the options say to ignore: nothing was written.
    Ignored,
}

/// Methods of a visitor that refuse a type of value, without repeating the value as serde's own ones do.
/// They need `self.refuse()`. `visit_none` is the exception: some formats say `null` so.
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

/// How `serde_json` hands over a number when some crate switched on its `arbitrary_precision`: as a map of this one key.
const NUMBER_KEY: &str = "$serde_json::private::Number";

/// The text of such a number, if the map, whose first key was read, is one.
fn number_text<'de, A: MapAccess<'de>>(key: &str, map: &mut A) -> Result<Option<String>, A::Error> {
    if key != NUMBER_KEY {
        return Ok(None);
    }
    let text = map.next_value()?;
    while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
    Ok(Some(text))
}
