//! Reads messages from bytes. Lists of numbers are read packed and unpacked, as the protobuf specification requires of parsers; the key
//! need not say so.

use prost::DecodeError;
use prost::bytes::{Buf, BufMut};
use prost::encoding::{self, DecodeContext, WireType, check_wire_type, merge_loop, skip_field};

use super::view::{Fill, ViewMut};
use super::{Fields, Input, Key, budget, code};

/// Reads one field into the message, after its tag was read.
pub(crate) fn merge(
    message: &mut dyn Fields,
    number: u32,
    wire_type: WireType,
    input: &mut Input<'_>,
    context: DecodeContext,
) -> Result<(), DecodeError> {
    let table = message.table();
    let Some(field) = table.numbered(number) else {
        return skip_field(wire_type, number, input, context);
    };
    let result = match message.view_mut(number) {
        Some(view) => merge_field(view, Key::of(field), wire_type, input, context),
        None => skip_field(wire_type, number, input, context),
    };
    result.map_err(|mut error| {
        error.push(table.rust_name(), field.rust_name.trim_start_matches("r#"));
        error
    })
}

fn merge_field(
    field: ViewMut<'_>,
    key: Key,
    wire_type: WireType,
    input: &mut Input<'_>,
    context: DecodeContext,
) -> Result<(), DecodeError> {
    macro_rules! read {
        ($list:ident, $variant:ident, $is_packable:expr) => {{
            if $is_packable && wire_type == WireType::LengthDelimited && key.kind() != code::WRAPPER {
                return merge_loop($list, input, context, |list, input, _| {
                    let mut value = Default::default();
                    content(ViewMut::$variant(&mut value), key.kind(), input)?;
                    list.push(value);
                    Ok(())
                });
            }
            let mut value = Default::default();
            merge_value(ViewMut::$variant(&mut value), key, wire_type, input, context)?;
            $list.push(value);
            Ok(())
        }};
    }
    match field {
        ViewMut::Strs(list) => {
            charge(size_of::<String>())?;
            read!(list, Str, false)
        }
        ViewMut::BytesList(list) => {
            charge(size_of::<Vec<u8>>())?;
            read!(list, Bytes, false)
        }
        ViewMut::Bools(list) => read!(list, Bool, true),
        ViewMut::I32s(list) => read!(list, I32, true),
        ViewMut::I64s(list) => read!(list, I64, true),
        ViewMut::U32s(list) => read!(list, U32, true),
        ViewMut::U64s(list) => read!(list, U64, true),
        ViewMut::F32s(list) => read!(list, F32, true),
        ViewMut::F64s(list) => read!(list, F64, true),
        ViewMut::Messages(list) => {
            let mut message = list.add();
            charge(size_of_val(message))?;
            nested(&mut message, key, wire_type, input, context)
        }
        ViewMut::Map(map) => {
            charge(map.entry_size())?;
            merge_entry(&mut |fill| map.insert(fill), key, wire_type, input, &context)
        }
        ViewMut::Foreigns(list) => {
            let message = list.add();
            charge(size_of_val(message))?;
            message.merge(key, wire_type, input, context)
        }
        ViewMut::ForeignMap(map) => {
            charge(map.entry_size())?;
            merge_entry(&mut |fill| map.insert(fill), key, wire_type, input, &context)
        }
        value => merge_value(value, key, wire_type, input, context),
    }
}

/// Takes memory for an element. The error is prost's for a wrong wire type, since others cannot be made here; the caller that
/// set the limit replaces it.
fn charge(bytes: usize) -> Result<(), DecodeError> {
    if budget::charge(bytes) {
        return Ok(());
    }
    encoding::message::merge(WireType::Varint, &mut (), &mut &[][..], DecodeContext::default())
}

fn merge_value(
    value: ViewMut<'_>,
    key: Key,
    wire_type: WireType,
    input: &mut Input<'_>,
    context: DecodeContext,
) -> Result<(), DecodeError> {
    match (key.kind(), value) {
        (code::WRAPPER, value) => nested(&mut Wrapper(value), key, wire_type, input, context),
        (_, ViewMut::Message(mut message)) => nested(&mut message, key, wire_type, input, context),
        (_, ViewMut::Foreign(message)) => message.merge(key, wire_type, input, context),
        (kind, value) => scalar(value, kind, wire_type, input),
    }
}

fn merge_entry(
    insert: &mut dyn FnMut(&mut Fill<'_>) -> Option<bool>,
    key: Key,
    wire_type: WireType,
    input: &mut Input<'_>,
    context: &DecodeContext,
) -> Result<(), DecodeError> {
    let of = key.entry();
    let key = Key { number: key.number, code: code::PLAIN };
    let mut result = Ok(());
    insert(&mut |k, v| {
        result = nested(&mut Entry { key: k, value: v, of }, key, wire_type, input, context.clone());
        result.is_ok()
    });
    result
}

/// Reads a scalar of this kind.
fn scalar(
    value: ViewMut<'_>,
    kind: u8,
    wire_type: WireType,
    input: &mut Input<'_>,
) -> Result<(), DecodeError> {
    check_wire_type(wire_type_of(&value, kind), wire_type)?;
    content(value, kind, input)
}

fn wire_type_of(value: &ViewMut<'_>, kind: u8) -> WireType {
    use WireType::{LengthDelimited, SixtyFourBit, ThirtyTwoBit, Varint};
    match (value, kind) {
        (ViewMut::F32(_), _) | (ViewMut::I32(_) | ViewMut::U32(_), code::FIXED) => ThirtyTwoBit,
        (ViewMut::F64(_), _) | (ViewMut::I64(_) | ViewMut::U64(_), code::FIXED) => SixtyFourBit,
        (ViewMut::Str(_) | ViewMut::Bytes(_), _) => LengthDelimited,
        _ => Varint,
    }
}

/// Reads a scalar whose wire type is right. Unusual and invalid input is left to prost.
#[allow(clippy::cast_possible_truncation)] // The format defines narrower integers as the low bits.
#[inline]
fn content(value: ViewMut<'_>, kind: u8, input: &mut Input<'_>) -> Result<(), DecodeError> {
    use WireType::{LengthDelimited, SixtyFourBit, ThirtyTwoBit};
    let context = DecodeContext::default();
    match (value, kind) {
        (ViewMut::Str(value), _) => match input.piece(|bytes| str::from_utf8(bytes).ok()) {
            Some(text) => *value = text.into(),
            None => return encoding::string::merge(LengthDelimited, value, input, context),
        },
        (ViewMut::Bytes(value), _) => match input.piece(Some) {
            Some(bytes) => *value = bytes.into(),
            None => return encoding::bytes::merge(LengthDelimited, value, input, context),
        },
        (ViewMut::F32(value), _) => return encoding::float::merge(ThirtyTwoBit, value, input, context),
        (ViewMut::F64(value), _) => return encoding::double::merge(SixtyFourBit, value, input, context),
        (ViewMut::I32(value), code::FIXED) => {
            return encoding::sfixed32::merge(ThirtyTwoBit, value, input, context);
        }
        (ViewMut::I64(value), code::FIXED) => {
            return encoding::sfixed64::merge(SixtyFourBit, value, input, context);
        }
        (ViewMut::U32(value), code::FIXED) => {
            return encoding::fixed32::merge(ThirtyTwoBit, value, input, context);
        }
        (ViewMut::U64(value), code::FIXED) => {
            return encoding::fixed64::merge(SixtyFourBit, value, input, context);
        }
        (ViewMut::I32(value), code::ZIGZAG) => {
            let bits = input.varint()? as u32;
            *value = (bits >> 1).cast_signed() ^ -(bits & 1).cast_signed();
        }
        (ViewMut::I64(value), code::ZIGZAG) => {
            let bits = input.varint()?;
            *value = (bits >> 1).cast_signed() ^ -(bits & 1).cast_signed();
        }
        (ViewMut::Bool(value), _) => *value = input.varint()? != 0,
        (ViewMut::I32(value), _) => *value = (input.varint()? as u32).cast_signed(),
        (ViewMut::I64(value), _) => *value = input.varint()?.cast_signed(),
        (ViewMut::U32(value), _) => *value = input.varint()? as u32,
        (ViewMut::U64(value), _) => *value = input.varint()?,
        // No other view is a scalar.
        _ => {}
    }
    Ok(())
}

/// A value that is read field by field.
trait Inner {
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
        merge(&mut **self, number, wire_type, input, context)
    }
}

/// The wrapper message around a value.
struct Wrapper<'a>(ViewMut<'a>);

impl Inner for Wrapper<'_> {
    fn merge_inner(
        &mut self,
        number: u32,
        wire_type: WireType,
        input: &mut Input<'_>,
        context: DecodeContext,
    ) -> Result<(), DecodeError> {
        if number == 1 {
            return scalar(self.0.reborrow(), code::PLAIN, wire_type, input);
        }
        skip_field(wire_type, number, input, context)
    }
}

/// The message of a map's entry.
struct Entry<'k, 'v> {
    key: ViewMut<'k>,
    value: ViewMut<'v>,
    of: (Key, Key),
}

impl Inner for Entry<'_, '_> {
    fn merge_inner(
        &mut self,
        number: u32,
        wire_type: WireType,
        input: &mut Input<'_>,
        context: DecodeContext,
    ) -> Result<(), DecodeError> {
        match number {
            1 => merge_value(self.key.reborrow(), self.of.0, wire_type, input, context),
            2 => merge_value(self.value.reborrow(), self.of.1, wire_type, input, context),
            _ => skip_field(wire_type, number, input, context),
        }
    }
}

/// Reads a message or group.
fn nested<M: Inner>(
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
            let (number, wire_type) = input.tag()?;
            match wire_type {
                WireType::EndGroup if number == key.number => return Ok(()),
                WireType::EndGroup => return skip_field(wire_type, number, input, context),
                _ => message.merge_inner(number, wire_type, input, context.clone())?,
            }
        }
    }
    check_wire_type(WireType::LengthDelimited, wire_type)?;
    merge_loop(message, input, enter(context)?, |message, input, context| {
        let (number, wire_type) = input.tag()?;
        message.merge_inner(number, wire_type, input, context)
    })
}

/// The context of the next nesting level, or prost's error if that is too deep. prost's counter is private, so a probe gets the context: it
/// reads a message with one empty field.
fn enter(context: DecodeContext) -> Result<DecodeContext, DecodeError> {
    #[derive(Debug)]
    struct Probe(Option<DecodeContext>);

    impl prost::Message for Probe {
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
