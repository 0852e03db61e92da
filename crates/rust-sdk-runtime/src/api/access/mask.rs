//! Updates with a field mask. A server that returns the whole resource reads the fields that are not in the mask, too. A caller without
//! read access must not learn them that way.

#[cfg(feature = "json")]
use prost::encoding::{DecodeContext, WireType, decode_key, decode_varint, skip_field};

use super::{Caller, Decision};
use crate::api::method::Method;
#[cfg(feature = "json")]
use crate::message::schema::{Kind, MessageSchema, WellKnown};

impl Method {
    /// [`Access::check`](super::Access::check) of an update with a field mask: the caller must be allowed to call this method and the
    /// method that reads the resource ([`patch_source`](Method::patch_source)). For methods without a patch source, this is `check` alone.
    ///
    /// The read is checked for the update's account if the API maps that field to the read's account field, else for no account.
    pub fn check_masked<'a>(&self, caller: &Caller<'a>, account: Option<&str>) -> Decision<'a> {
        let decision = self.access().check(caller, account);
        let source = match self.patch_source() {
            Some(source) if decision.is_allowed() => source,
            _ => return decision,
        };
        let read = source.get();
        let from = |field| source.mapping().iter().find(|(to, _)| *to == field).map(|(_, from)| *from);
        let same =
            read.access().scope().and_then(from).is_some_and(|from| self.access().scope() == Some(from));
        match read.access().check(caller, account.filter(|_| same)) {
            Decision::Allowed => Decision::Allowed,
            Decision::Refused(refusal) => Decision::Refused(refusal.of_read(read)),
        }
    }
}

#[cfg(feature = "json")]
impl MessageSchema {
    /// Whether an encoded message has a `google.protobuf.FieldMask` of its own that is not empty. Unreadable bytes count as such a message.
    pub fn is_masked(&self, mut wire: &[u8]) -> bool {
        let is_mask = |number| {
            self.fields().iter().any(|field| {
                field.number == number
                    && matches!(field.kind, Kind::Message(schema) if schema().well_known() == Some(WellKnown::FieldMask))
            })
        };
        while !wire.is_empty() {
            let Ok((number, wire_type)) = decode_key(&mut wire) else { return true };
            if wire_type == WireType::LengthDelimited && is_mask(number) {
                match decode_varint(&mut wire).map(usize::try_from) {
                    // An empty mask names no field.
                    Ok(Ok(0)) => {}
                    _ => return true,
                }
            } else if skip_field(wire_type, number, &mut wire, DecodeContext::default()).is_err() {
                return true;
            }
        }
        false
    }
}
