//! Lists.

use std::fmt;

use serde::de::{Error, SeqAccess, Visitor};

use super::fields::ValueSeed;
use super::slot::Slot;
use super::{Decoder, Outcome, refuse};
use crate::message::json::JsonErrorKind;
use crate::message::schema::{Field, Presence};
use crate::wire::reader::{close_len, open_len};

/// Reads an array and adds its elements.
pub(crate) struct ListSeed<'c, 's> {
    pub(crate) decoder: &'c Decoder,
    pub(crate) field: &'static Field,
    pub(crate) depth: u32,
    pub(crate) slot: Slot<'s>,
}

impl ListSeed<'_, '_> {
    fn refuse<E: Error>(self) -> E {
        self.decoder.fail(JsonErrorKind::Expected("an array"))
    }
}

impl<'de> Visitor<'de> for ListSeed<'_, '_> {
    type Value = Outcome;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Outcome, A::Error> {
        let Self { decoder, field, depth, slot } = self;
        slot.open(decoder, |decoder, slot| match slot {
            Slot::Wire { out, number, .. } if field.presence == Presence::Packed => {
                let mark = out.len();
                let start = open_len(out, number);
                each(decoder, field, depth, Slot::content(out), seq)?;
                if out.len() == start {
                    out.truncate(mark);
                } else {
                    close_len(out, start);
                }
                Ok(())
            }
            slot => each(decoder, field, depth, slot, seq),
        })?;
        Ok(Outcome::Written)
    }

    fn visit_unit<E: Error>(self) -> Result<Outcome, E> {
        Ok(Outcome::Null)
    }

    refuse! { visit_none visit_bool visit_i64 visit_u64 visit_f64 visit_str visit_map }
}

/// Reads every element; errors name its index. `null` is not an element.
fn each<'de, A: SeqAccess<'de>>(
    decoder: &Decoder,
    field: &'static Field,
    depth: u32,
    mut slot: Slot<'_>,
    mut seq: A,
) -> Result<(), A::Error> {
    let mut index = 0;
    loop {
        let seed = ValueSeed { decoder, kind: &field.kind, depth, slot: slot.reborrow() };
        let outcome = match seq.next_element_seed(seed) {
            Ok(Some(Outcome::Null)) => Err(decoder.fail(JsonErrorKind::Null)),
            outcome => outcome,
        };
        let more = outcome.inspect_err(|_| decoder.trace.at(format!("[{index}]")))?;
        if more.is_none() {
            return Ok(());
        }
        index += 1;
    }
}
