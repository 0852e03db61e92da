//! Messages: alone, optional, in boxes and in lists.

use prost::bytes::{Buf, BufMut};
use prost::encoding::{
    self, DecodeContext, WireType, check_wire_type, decode_key, encoded_len_varint, merge_loop,
};
use prost::{DecodeError, Message};

use super::{Field, Fields, Input, Key, Op, OpMut, Table, code};

/// What is read field by field.
pub(super) trait Inner {
    fn merge_inner(
        &mut self,
        number: u32,
        wire_type: WireType,
        input: &mut Input<'_>,
        context: DecodeContext,
    ) -> Result<(), DecodeError>;
}

impl Inner for &mut dyn Fields {
    fn merge_inner(
        &mut self,
        number: u32,
        wire_type: WireType,
        input: &mut Input<'_>,
        context: DecodeContext,
    ) -> Result<(), DecodeError> {
        super::merge(&mut **self, number, wire_type, input, context)
    }
}

/// How many bytes a field takes that holds a message of this length.
pub(super) fn len_of(content: usize, key: Key) -> usize {
    match key.kind() {
        code::GROUP => 2 * key.len() + content,
        _ => key.len() + encoded_len_varint(content as u64) + content,
    }
}

/// Reads a message or group.
pub(super) fn merge<M: Inner>(
    message: &mut M,
    key: Key,
    wire_type: WireType,
    input: &mut Input<'_>,
    context: DecodeContext,
) -> Result<(), DecodeError> {
    if key.kind() == code::GROUP {
        check_wire_type(WireType::StartGroup, wire_type)?;
        let context = enter(context)?;
        loop {
            let (number, wire_type) = decode_key(input)?;
            match wire_type {
                WireType::EndGroup if number == key.number => return Ok(()),
                WireType::EndGroup => return encoding::skip_field(wire_type, number, input, context),
                _ => message.merge_inner(number, wire_type, input, context.clone())?,
            }
        }
    }
    check_wire_type(WireType::LengthDelimited, wire_type)?;
    merge_loop(message, input, enter(context)?, |message, input, context| {
        let (number, wire_type) = decode_key(input)?;
        message.merge_inner(number, wire_type, input, context)
    })
}

/// The context of what is one level deeper, or prost's error if that is too deep. prost counts in private, so it is asked by
/// reading a message of one empty field.
pub(super) fn enter(context: DecodeContext) -> Result<DecodeContext, DecodeError> {
    #[derive(Debug)]
    struct Probe(Option<DecodeContext>);

    impl Message for Probe {
        fn encode_raw(&self, _: &mut impl BufMut) {}

        fn merge_field(
            &mut self,
            _: u32,
            _: WireType,
            _: &mut impl Buf,
            context: DecodeContext,
        ) -> Result<(), DecodeError> {
            self.0 = Some(context);
            Ok(())
        }

        fn encoded_len(&self) -> usize {
            0
        }

        fn clear(&mut self) {}
    }

    let mut probe = Probe(None);
    encoding::message::merge(WireType::LengthDelimited, &mut probe, &mut &[1, 8][..], context)?;
    Ok(probe.0.unwrap_or_default())
}

fn len(message: &dyn Fields, key: Key) -> usize {
    len_of(super::encoded_len(message), key)
}

/// Writes a message and then its length before it, so that nothing has to be measured first.
fn put(message: &dyn Fields, key: Key, out: &mut Vec<u8>) {
    if key.kind() == code::GROUP {
        key.put(WireType::StartGroup, out);
        super::put(message, out);
        key.put(WireType::EndGroup, out);
        return;
    }
    let start = crate::put::open_len(out, key.number);
    super::put(message, out);
    crate::put::close_len(out, start);
}

impl<T: Fields + ?Sized> Fields for Box<T> {
    fn table(&self) -> &'static Table {
        (**self).table()
    }

    fn field(&self, number: u32) -> Option<&dyn Field> {
        (**self).field(number)
    }

    fn field_mut(&mut self, number: u32) -> Option<&mut dyn Field> {
        (**self).field_mut(number)
    }

    fn foreign(&self, number: u32, op: Op<'_>) {
        (**self).foreign(number, op);
    }

    fn foreign_mut(&mut self, number: u32, op: OpMut<'_, '_>) -> Result<(), DecodeError> {
        (**self).foreign_mut(number, op)
    }
}

impl<T: Fields> Field for T {
    /// As in prost, an empty value of a map takes no bytes.
    fn len(&self, key: Key) -> usize {
        let content = super::encoded_len(self);
        if content == 0 && !key.flag() { 0 } else { len_of(content, key) }
    }

    fn put(&self, key: Key, out: &mut Vec<u8>) {
        if key.flag() || super::encoded_len(self) > 0 {
            put(self, key, out);
        }
    }

    fn merge(
        &mut self,
        key: Key,
        wire_type: WireType,
        input: &mut Input<'_>,
        context: DecodeContext,
    ) -> Result<(), DecodeError> {
        merge(&mut (self as &mut dyn Fields), key, wire_type, input, context)
    }
}

impl<T: Fields + Default> Field for Option<T> {
    fn len(&self, key: Key) -> usize {
        self.as_ref().map_or(0, |message| len(message, key))
    }

    fn put(&self, key: Key, out: &mut Vec<u8>) {
        if let Some(message) = self {
            put(message, key, out);
        }
    }

    fn merge(
        &mut self,
        key: Key,
        wire_type: WireType,
        input: &mut Input<'_>,
        context: DecodeContext,
    ) -> Result<(), DecodeError> {
        let message: &mut dyn Fields = self.get_or_insert_default();
        merge(&mut { message }, key, wire_type, input, context)
    }
}

impl<T: Fields + Default> Field for Vec<T> {
    fn len(&self, key: Key) -> usize {
        self.iter().map(|message| len(message, key)).sum()
    }

    fn put(&self, key: Key, out: &mut Vec<u8>) {
        for message in self {
            put(message, key, out);
        }
    }

    fn merge(
        &mut self,
        key: Key,
        wire_type: WireType,
        input: &mut Input<'_>,
        context: DecodeContext,
    ) -> Result<(), DecodeError> {
        let mut message = T::default();
        merge(&mut (&mut message as &mut dyn Fields), key, wire_type, input, context)?;
        self.push(message);
        Ok(())
    }
}
