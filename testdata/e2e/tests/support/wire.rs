//! Messages made from their schemas: bytes as prost writes them, the same for the same seed.

use std::collections::BTreeMap;

use prost::encoding::{WireType, encode_key, encode_varint};
use rust_sdk_runtime::schema::{EnumSchema, Field, Kind, MessageSchema, Presence, WellKnown};

/// Messages below this depth are left out, unless they are required.
const DEPTH: u32 = 4;

/// A message with every field set to a valid value, as far as there is one: one member of each oneof, one or two elements in
/// each list and map, no default in a field without presence, and a well-known type in each `Any`.
pub(crate) fn populated(schema: &'static MessageSchema, seed: u64) -> Vec<u8> {
    Generator { random: Random(seed), all: true }.message(schema, 0)
}

/// A message with some fields set, among the values also those at the ends of their types.
pub(crate) fn arbitrary(schema: &'static MessageSchema, seed: u64) -> Vec<u8> {
    Generator { random: Random(seed), all: false }.message(schema, 0)
}

/// `SplitMix64`.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let n = (self.0 ^ self.0 >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let n = (n ^ n >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        n ^ n >> 31
    }

    fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[usize::try_from(self.below(items.len() as u64)).unwrap()]
    }
}

struct Generator {
    random: Random,
    all: bool,
}

impl Generator {
    /// Whether something that may be left out is.
    fn leaves_out(&mut self) -> bool {
        !self.all && self.random.below(2) == 0
    }

    fn message(&mut self, schema: &'static MessageSchema, depth: u32) -> Vec<u8> {
        match schema.well_known() {
            Some(kind) => self.well_known(kind, schema, depth),
            None => self.fields(schema, depth),
        }
    }

    fn fields(&mut self, schema: &'static MessageSchema, depth: u32) -> Vec<u8> {
        let mut chosen: BTreeMap<&str, u32> = BTreeMap::new();
        for field in schema.fields() {
            if let Presence::Oneof(oneof) = field.presence
                && (depth < DEPTH || field.kind.message().is_none())
            {
                let member = chosen.entry(oneof).or_insert(field.number);
                if self.random.below(3) == 0 {
                    *member = field.number;
                }
            }
        }
        let mut out = Vec::new();
        for field in schema.fields() {
            let wanted = match field.presence {
                Presence::Required => true,
                Presence::Oneof(oneof) => chosen.get(&oneof) == Some(&field.number) && !self.leaves_out(),
                _ => (depth < DEPTH || field.kind.message().is_none()) && !self.leaves_out(),
            };
            if wanted {
                self.field(field, depth, &mut out);
            }
        }
        out
    }

    fn field(&mut self, field: &'static Field, depth: u32, out: &mut Vec<u8>) {
        if let Some(key) = &field.map_key {
            return self.map(field.number, key, &field.kind, depth, out);
        }
        if field.presence.is_repeated() {
            let values: Vec<_> = (0..=self.random.below(2)).map(|_| self.value(&field.kind, depth)).collect();
            if field.presence == Presence::Packed {
                put(out, field.number, &Kind::Bytes, &with_len(&values.concat()));
            } else {
                for value in &values {
                    put(out, field.number, &field.kind, value);
                }
            }
            return;
        }
        // Enums of one value, say, have no other than their default.
        let value = (0..8)
            .map(|_| self.value(&field.kind, depth))
            .find(|value| field.presence != Presence::Implicit || value.iter().any(|byte| *byte != 0));
        if let Some(value) = value {
            put(out, field.number, &field.kind, &value);
        }
    }

    fn map(&mut self, number: u32, key: &'static Kind, value: &'static Kind, depth: u32, out: &mut Vec<u8>) {
        let mut entries = BTreeMap::new();
        for _ in 0..=self.random.below(2) {
            let (order, key) = self.key(key);
            entries.insert(order, (key, self.value(value, depth)));
        }
        for (key_bytes, value_bytes) in entries.into_values() {
            let mut entry = Vec::new();
            // prost leaves defaults out of an entry.
            for (number, kind, bytes) in [(1, key, key_bytes), (2, value, value_bytes)] {
                if bytes.iter().any(|byte| *byte != 0) {
                    put(&mut entry, number, kind, &bytes);
                }
            }
            put(out, number, &Kind::Bytes, &with_len(&entry));
        }
    }

    /// A map's key, and what it is sorted by.
    fn key(&mut self, kind: &Kind) -> ((i128, String), Vec<u8>) {
        match kind {
            Kind::String => {
                let text = self.text();
                ((0, text.clone()), with_len(text.as_bytes()))
            }
            Kind::Bool => ((1, String::new()), vec![1]),
            kind => {
                let n = i64::try_from(self.random.below(1 << 30)).unwrap() + 1;
                ((n.into(), String::new()), integer(kind, n))
            }
        }
    }

    /// The bytes of one value, without its tag; of a group, its content.
    fn value(&mut self, kind: &'static Kind, depth: u32) -> Vec<u8> {
        match kind {
            Kind::Message(schema) | Kind::Wrapper(schema) => with_len(&self.message(schema(), depth + 1)),
            Kind::Group(schema) => self.message(schema(), depth + 1),
            Kind::String => with_len(self.text().as_bytes()),
            Kind::Bytes => {
                let len = self.random.below(6) + u64::from(self.all);
                with_len(&(0..len).map(|_| self.random.next().to_le_bytes()[0] | 1).collect::<Vec<_>>())
            }
            Kind::Enum(schema) => varint(self.enumeration(schema)),
            Kind::Bool => vec![u8::from(self.all || self.random.below(2) == 0)],
            Kind::Double => self.float().to_le_bytes().to_vec(),
            #[expect(clippy::cast_possible_truncation, reason = "any float will do")]
            Kind::Float => (self.float() as f32).to_le_bytes().to_vec(),
            Kind::Foreign(_) | Kind::ForeignGroup(_) => {
                unreachable!("the APIs have no messages of other crates")
            }
            kind => {
                let n = self.integer();
                integer(kind, n)
            }
        }
    }

    fn integer(&mut self) -> i64 {
        let n = i64::from_le_bytes(self.random.next().to_le_bytes());
        if self.all {
            n >> self.random.below(60) | 1
        } else {
            *self.random.pick(&[n, 0, -1, i64::MIN, i64::MAX])
        }
    }

    fn float(&mut self) -> f64 {
        let n = f64::from(i32::from_le_bytes([1, 2, 3, 4].map(|_| self.random.next().to_le_bytes()[0])) | 1)
            / 8.0;
        if self.all { n } else { *self.random.pick(&[n, 0.0, -0.0, 1e30, f64::INFINITY, f64::NEG_INFINITY]) }
    }

    fn text(&mut self) -> String {
        if !self.all && self.random.below(4) == 0 {
            return (*self.random.pick(&["", "\0", "\"\\/\n\u{7f}", "null", "\u{2028}\u{1F331}"])).to_owned();
        }
        let word = *self.random.pick(&["basil", "mint-leaf", "root_2", "Grüne Soße", "山葵", "a b"]);
        format!("{word}{}", self.random.below(1000))
    }

    fn enumeration(&mut self, schema: &'static EnumSchema) -> u64 {
        let others: Vec<i32> = schema.values().iter().map(|value| value.0).filter(|n| *n != 0).collect();
        let number = if others.is_empty() || self.leaves_out() { 0 } else { *self.random.pick(&others) };
        sign_extended(number.into())
    }

    fn well_known(&mut self, kind: WellKnown, schema: &'static MessageSchema, depth: u32) -> Vec<u8> {
        let mut out = Vec::new();
        match kind {
            WellKnown::Empty => {}
            WellKnown::Timestamp => {
                put(&mut out, 1, &Kind::Int64, &varint(self.random.below(253_402_300_799) + 1));
                put(&mut out, 2, &Kind::Int32, &varint(self.random.below(999_999_999) + 1));
            }
            WellKnown::Duration => {
                let sign = if self.random.below(2) == 0 { 1 } else { -1 };
                for (number, end) in [(1, 315_576_000_000), (2, 999_999_999)] {
                    let n = i64::try_from(self.random.below(end) + 1).unwrap() * sign;
                    put(&mut out, number, &Kind::Int64, &varint(sign_extended(n)));
                }
            }
            WellKnown::FieldMask => {
                for _ in 0..=self.random.below(2) {
                    let path = self.random.pick(&["name", "display_name", "spec.node_count", "labels"]);
                    put(&mut out, 1, &Kind::String, &with_len(path.as_bytes()));
                }
            }
            WellKnown::Any => {
                let value = varint(self.random.below(1000) + 1);
                let mut content = Vec::new();
                put(&mut content, 1, &Kind::Int64, &value);
                put(&mut out, 1, &Kind::String, &with_len(b"type.googleapis.com/google.protobuf.Duration"));
                put(&mut out, 2, &Kind::Bytes, &with_len(&content));
            }
            // A number that is not finite is no Value, and neither is one that holds nothing.
            WellKnown::Value => match self.random.below(if depth < DEPTH { 5 } else { 3 }) {
                0 => put(&mut out, 2, &Kind::Double, &f64::from(7).to_le_bytes()),
                1 => put(&mut out, 3, &Kind::String, &with_len(self.text().as_bytes())),
                2 => put(&mut out, 4, &Kind::Bool, &[1]),
                n => self.field(&schema.fields()[usize::try_from(n).unwrap() + 1], depth, &mut out),
            },
            WellKnown::Struct | WellKnown::ListValue | WellKnown::Wrapper => {
                for field in schema.fields() {
                    self.field(field, depth, &mut out);
                }
            }
        }
        out
    }
}

fn put(out: &mut Vec<u8>, number: u32, kind: &Kind, value: &[u8]) {
    let wire_type = match kind {
        Kind::Double | Kind::Fixed64 | Kind::Sfixed64 => WireType::SixtyFourBit,
        Kind::Float | Kind::Fixed32 | Kind::Sfixed32 => WireType::ThirtyTwoBit,
        Kind::String | Kind::Bytes | Kind::Message(_) | Kind::Wrapper(_) => WireType::LengthDelimited,
        Kind::Group(_) => WireType::StartGroup,
        _ => WireType::Varint,
    };
    encode_key(number, wire_type, out);
    out.extend_from_slice(value);
    if matches!(kind, Kind::Group(_)) {
        encode_key(number, WireType::EndGroup, out);
    }
}

fn varint(n: u64) -> Vec<u8> {
    let mut out = Vec::new();
    encode_varint(n, &mut out);
    out
}

fn with_len(content: &[u8]) -> Vec<u8> {
    [varint(content.len() as u64), content.to_vec()].concat()
}

/// Negative numbers of every type are written as 64 bits.
fn sign_extended(n: i64) -> u64 {
    u64::from_le_bytes(n.to_le_bytes())
}

/// The number as the kind holds it, cut to its size.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "any number will do")]
fn integer(kind: &Kind, n: i64) -> Vec<u8> {
    let small = n as i32;
    match kind {
        Kind::Int32 => varint(sign_extended(small.into())),
        Kind::Uint32 => varint((small as u32).into()),
        Kind::Sint32 => varint(((small << 1 ^ small >> 31) as u32).into()),
        Kind::Sint64 => varint((n << 1 ^ n >> 63) as u64),
        Kind::Fixed32 | Kind::Sfixed32 => small.to_le_bytes().to_vec(),
        Kind::Fixed64 | Kind::Sfixed64 => n.to_le_bytes().to_vec(),
        _ => varint(n as u64),
    }
}
