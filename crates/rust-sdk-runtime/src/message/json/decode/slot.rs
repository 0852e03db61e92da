//! The destination of values: the fields of a message, or wire bytes if only the message's schema is known.

use serde::de::Error;

use super::Decoder;
use crate::message::engine::scalar::Scalar as _;
use crate::message::engine::{self as fields, Fields, ViewMut};
use crate::message::json::JsonErrorKind;
use crate::message::schema::{Field, Kind, Presence};
use crate::wire::reader::{WireError, close_len, open_len, put_tag};

/// The message that is being read.
pub(crate) enum Target<'a> {
    /// The message's fields are appended, without tag and length.
    Wire(&'a mut Vec<u8>),
    Fields(&'a mut dyn Fields),
}

impl Target<'_> {
    /// The slot for a field's value.
    #[inline]
    pub(super) fn field(&mut self, field: &Field) -> Slot<'_> {
        match self {
            Self::Wire(out) => Slot::of(out, field),
            Self::Fields(message) => Slot::in_message(&mut **message, field),
        }
    }

    /// The same by field number, for a field whose default must be written.
    pub(super) fn number(&mut self, number: u32) -> Slot<'_> {
        match self {
            Self::Wire(out) => Slot::Wire { out, number, form: Form::Explicit },
            Self::Fields(message) => Slot::Field { message: &mut **message, number, form: Form::Explicit },
        }
    }
}

impl<'a> From<Target<'a>> for Slot<'a> {
    fn from(target: Target<'a>) -> Self {
        match target {
            Target::Wire(out) => Self::content(out),
            Target::Fields(message) => Self::View(ViewMut::Message(message)),
        }
    }
}

impl<'a> From<&'a mut dyn Fields> for Slot<'a> {
    fn from(message: &'a mut dyn Fields) -> Self {
        Self::View(ViewMut::Message(message))
    }
}

/// The destination of one value, of the values of a list, or of the entries of a map. Nothing is set before a value arrives.
pub(crate) enum Slot<'a> {
    /// A record with this number; with 0, the content of a record.
    Wire { out: &'a mut Vec<u8>, number: u32, form: Form },
    /// A field of the message. `form` matters if the value must be written as a record.
    Field { message: &'a mut dyn Fields, number: u32, form: Form },
    /// A field's value. A list gets another value.
    View(ViewMut<'a>),
}

/// The form of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    Explicit,
    /// A default is left out: without presence it is never on the wire, and the bytes inside an Any are sent unchanged.
    Implicit,
    Group,
    /// The value is in a message of its own, as field 1.
    Wrapper,
}

/// The value of a scalar.
#[derive(Debug)]
pub(super) enum Scalar<'v> {
    Bool(bool),
    I32(i32),
    I64(i64),
    U32(u32),
    U64(u64),
    F32(f32),
    F64(f64),
    Str(&'v str),
    Bytes(Vec<u8>),
}

impl<'a> Slot<'a> {
    /// A slot for the content of a message, which is appended to these bytes.
    pub(crate) fn content(out: &'a mut Vec<u8>) -> Self {
        Self::Wire { out, number: 0, form: Form::Explicit }
    }

    /// A slot for a record with this number.
    pub(crate) fn record(out: &'a mut Vec<u8>, number: u32) -> Self {
        Self::Wire { out, number, form: Form::Explicit }
    }

    /// A slot for the records of this field.
    pub(crate) fn of(out: &'a mut Vec<u8>, field: &Field) -> Self {
        let form = if field.presence == Presence::Implicit { Form::Implicit } else { Form::Explicit };
        Self::Wire { out, number: field.number, form }
    }

    /// A slot for a field of the message.
    pub(crate) fn in_message(message: &'a mut dyn Fields, field: &Field) -> Self {
        Self::Field { message, number: field.number, form: Form::Explicit }
    }

    /// The same slot in another form.
    pub(super) fn formed(mut self, of: Form) -> Self {
        if let Self::Wire { number, form, .. } | Self::Field { number, form, .. } = &mut self {
            *form = of;
            // The content of a wrapper is its field.
            if of == Form::Wrapper && *number == 0 {
                (*number, *form) = (1, Form::Implicit);
            }
        }
        self
    }

    /// Writes a scalar.
    #[expect(
        clippy::inline_always,
        reason = "the scalar's type is known where it is called, and then little is left"
    )]
    #[inline(always)]
    pub(super) fn scalar(self, kind: &Kind, value: Scalar<'_>) -> Result<(), WireError> {
        match self {
            Self::View(view) => set(view, value),
            Self::Field { message, number, .. } => match message.view_mut(number) {
                Some(view) => set(view, value),
                None => Err(WireError::Type),
            },
            Self::Wire { out, number, form } => {
                put(out, number, form, kind, &value);
                Ok(())
            }
        }
    }

    /// Starts a message and passes it to `content`.
    #[inline]
    pub(super) fn message<E: Error>(
        self,
        decoder: &Decoder,
        content: impl FnOnce(&Decoder, Target<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        self.open(decoder, |decoder, slot| match slot {
            Slot::Wire { out, number: 0, .. } => content(decoder, Target::Wire(out)),
            Slot::Wire { out, number, form: Form::Group } => {
                put_tag(out, number, 3);
                content(decoder, Target::Wire(out))?;
                put_tag(out, number, 4);
                Ok(())
            }
            Slot::Wire { out, number, .. } => {
                let start = open_len(out, number);
                content(decoder, Target::Wire(out))?;
                close_len(out, start);
                Ok(())
            }
            Slot::View(ViewMut::Message(message)) => content(decoder, Target::Fields(message)),
            Slot::View(ViewMut::Messages(list)) => content(decoder, Target::Fields(list.add())),
            Slot::View(ViewMut::Bytes(bytes)) => content(decoder, Target::Wire(bytes)),
            _ => Err(decoder.fail(WireError::Type)),
        })
    }

    /// Resolves the slot's field, now that there is a value, and passes the result to `content`.
    #[inline]
    pub(super) fn open<E: Error>(
        self,
        decoder: &Decoder,
        content: impl FnOnce(&Decoder, Slot<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        let Self::Field { message, number, form } = self else { return content(decoder, self) };
        match message.view_mut(number) {
            // Messages of another crate are read from their bytes.
            None | Some(ViewMut::Foreign(_) | ViewMut::Foreigns(_) | ViewMut::ForeignMap(_)) => {}
            Some(view) => return content(decoder, Slot::View(view)),
        }
        let mut records = Vec::new();
        content(decoder, Slot::Wire { out: &mut records, number, form })?;
        fields::merge_records(message, &records).map_err(|error| decoder.fail(JsonErrorKind::Decode(error)))
    }

    /// The same slot, for one of several values.
    #[inline]
    pub(super) fn reborrow(&mut self) -> Slot<'_> {
        match self {
            Self::Wire { out, number, form } => Slot::Wire { out, number: *number, form: *form },
            Self::Field { message, number, form } => {
                Slot::Field { message: &mut **message, number: *number, form: *form }
            }
            Self::View(view) => Slot::View(view.reborrow()),
        }
    }
}

/// Sets a field's value, or adds to its list.
#[expect(
    clippy::inline_always,
    reason = "the value's type is known where it is called, and then little is left"
)]
#[inline(always)]
fn set(view: ViewMut<'_>, value: Scalar<'_>) -> Result<(), WireError> {
    if let Scalar::Str(text) = value {
        let text = text.to_owned();
        match view {
            ViewMut::Str(to) => *to = text,
            ViewMut::Strs(to) => to.push(text),
            _ => return Err(WireError::Type),
        }
        return Ok(());
    }
    match (view, value) {
        (ViewMut::Bytes(to), Scalar::Bytes(value)) => *to = value,
        (ViewMut::Bool(to), Scalar::Bool(value)) => *to = value,
        (ViewMut::I32(to), Scalar::I32(value)) => *to = value,
        (ViewMut::I64(to), Scalar::I64(value)) => *to = value,
        (ViewMut::U32(to), Scalar::U32(value)) => *to = value,
        (ViewMut::U64(to), Scalar::U64(value)) => *to = value,
        (ViewMut::F32(to), Scalar::F32(value)) => *to = value,
        (ViewMut::F64(to), Scalar::F64(value)) => *to = value,
        (ViewMut::BytesList(to), Scalar::Bytes(value)) => to.push(value),
        (ViewMut::Bools(to), Scalar::Bool(value)) => to.push(value),
        (ViewMut::I32s(to), Scalar::I32(value)) => to.push(value),
        (ViewMut::I64s(to), Scalar::I64(value)) => to.push(value),
        (ViewMut::U32s(to), Scalar::U32(value)) => to.push(value),
        (ViewMut::U64s(to), Scalar::U64(value)) => to.push(value),
        (ViewMut::F32s(to), Scalar::F32(value)) => to.push(value),
        (ViewMut::F64s(to), Scalar::F64(value)) => to.push(value),
        _ => return Err(WireError::Type),
    }
    Ok(())
}

/// Appends a scalar, as a record unless the number is 0.
fn put(out: &mut Vec<u8>, number: u32, form: Form, kind: &Kind, value: &Scalar<'_>) {
    match form {
        Form::Implicit if value.is_default() => {}
        Form::Wrapper => {
            let start = open_len(out, number);
            put(out, 1, Form::Implicit, kind, value);
            close_len(out, start);
        }
        _ => {
            if number != 0 {
                put_tag(out, number, kind.wire_type());
            }
            value.put(kind, out);
        }
    }
}

impl Scalar<'_> {
    /// Whether all bits are those of the type's default: negative zero differs.
    fn is_default(&self) -> bool {
        match *self {
            Self::Bool(value) => !value,
            Self::I32(value) => value == 0,
            Self::I64(value) => value == 0,
            Self::U32(value) => value == 0,
            Self::U64(value) => value == 0,
            Self::F32(value) => value.to_bits() == 0,
            Self::F64(value) => value.to_bits() == 0,
            Self::Str(value) => value.is_empty(),
            Self::Bytes(ref value) => value.is_empty(),
        }
    }

    fn put(&self, kind: &Kind, out: &mut Vec<u8>) {
        let code = kind.code();
        match self {
            Self::Bool(value) => value.put(code, out),
            Self::I32(value) => value.put(code, out),
            Self::I64(value) => value.put(code, out),
            Self::U32(value) => value.put(code, out),
            Self::U64(value) => value.put(code, out),
            Self::F32(value) => value.put(code, out),
            Self::F64(value) => value.put(code, out),
            Self::Str(value) => value.put(code, out),
            Self::Bytes(value) => value.as_slice().put(code, out),
        }
    }
}
