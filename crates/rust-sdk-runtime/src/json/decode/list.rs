//! Lists.

use std::fmt;

use serde::de::{Error, SeqAccess, Visitor};

use super::fields::{ValueSeed, enclose};
use super::scalar::ScalarSeed;
use super::{Decoder, Outcome, refuse};
use crate::json::JsonReason;
use crate::schema::{Field, Presence};

/// Reads an array and appends its elements.
#[derive(Debug)]
pub(crate) struct ListSeed<'c> {
    pub(crate) decoder: &'c mut Decoder,
    pub(crate) field: &'static Field,
    pub(crate) depth: u32,
}

impl ListSeed<'_> {
    fn refuse<E: Error>(self) -> E {
        self.decoder.fail(JsonReason::Expected("an array"))
    }
}

impl<'de> Visitor<'de> for ListSeed<'_> {
    type Value = Outcome;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Outcome, A::Error> {
        let Self { decoder, field, depth } = self;
        if field.presence != Presence::Packed {
            each(decoder, &mut seq, |decoder, seq| {
                seq.next_element_seed(ValueSeed { decoder, kind: &field.kind, number: field.number, depth })
            })?;
            return Ok(Outcome::Written);
        }
        enclose(decoder, field.number, |decoder| {
            let start = decoder.out.len();
            each(decoder, &mut seq, |decoder, seq| {
                seq.next_element_seed(ScalarSeed { decoder, kind: &field.kind, tag: None })
            })?;
            Ok(if decoder.out.len() == start { Outcome::Ignored } else { Outcome::Written })
        })?;
        Ok(Outcome::Written)
    }

    fn visit_unit<E: Error>(self) -> Result<Outcome, E> {
        Ok(Outcome::Null)
    }

    refuse! { visit_none visit_bool visit_i64 visit_u64 visit_f64 visit_str visit_map }
}

/// Reads every element, by its index in errors; `null` is none.
fn each<'de, A: SeqAccess<'de>>(
    decoder: &mut Decoder,
    seq: &mut A,
    mut next: impl FnMut(&mut Decoder, &mut A) -> Result<Option<Outcome>, A::Error>,
) -> Result<(), A::Error> {
    let mut index = 0;
    loop {
        let outcome = match next(decoder, seq) {
            Ok(Some(Outcome::Null)) => Err(decoder.fail(JsonReason::Null)),
            outcome => outcome,
        };
        let more = outcome.inspect_err(|_| decoder.trace.at(format!("[{index}]")))?;
        if more.is_none() {
            return Ok(());
        }
        index += 1;
    }
}
