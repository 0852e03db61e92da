//! Messages with every field set, by descriptor and seed.

use prost_reflect::{
    DynamicMessage, FieldDescriptor, Kind, MapKey, MessageDescriptor, ReflectMessage as _, Value,
};
use sdk::runtime::http::{Binding, Body, Part, Segment};

/// What values are like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Nothing equals its default.
    Full,
    /// What has presence is set to its default; texts hold what URLs and JSON must escape.
    Edge,
    /// The largest numbers.
    High,
    /// The smallest numbers.
    Low,
}

/// Makes messages; the same seed gives the same ones.
pub struct Populate {
    state: u64,
    style: Style,
}

/// Where a message goes, which limits what it can hold.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Body,
    /// No maps, no lists of messages, nothing whose JSON is any JSON.
    Query,
}

const DEPTH: usize = 3;
const HARD: &str = "é/ü+%25%?&=#:;,@ ~\"\\\u{1}漢🦀";
/// What URLs reserve (RFC 3986 §2.2).
const RESERVED: &str = ":/?#[]@!$&'()*+,;=";
/// The same without what splits segments.
const HARD_SEGMENT: &str = "é ü+%25%?&=#;,@~\"漢🦀";

impl Populate {
    pub fn new(style: Style, seed: &str) -> Self {
        // FNV-1a.
        let state = seed.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        Self { state, style }
    }

    /// SplitMix64.
    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A message for a response, or for a request over gRPC alone.
    pub fn message(&mut self, descriptor: &MessageDescriptor) -> DynamicMessage {
        self.fill(descriptor, Place::Body, &mut Vec::new())
    }

    /// A request that fits a binding: its variables are set, and what goes to the query can be written there.
    pub fn request(&mut self, descriptor: &MessageDescriptor, binding: &Binding) -> DynamicMessage {
        let place = |field: &FieldDescriptor| match binding.request_body() {
            Body::All => Place::Body,
            Body::Field(name) if name == field.name() => Place::Body,
            _ => Place::Query,
        };
        let mut message = if special(descriptor) {
            self.message(descriptor)
        } else {
            self.fields(descriptor, place, &mut vec![descriptor.clone()])
        };
        for part in binding.parts() {
            if let Part::Variable(path, segments) = part {
                self.variable(&mut message, path, segments);
            }
        }
        message
    }

    fn fill(
        &mut self,
        descriptor: &MessageDescriptor,
        place: Place,
        above: &mut Vec<MessageDescriptor>,
    ) -> DynamicMessage {
        if special(descriptor) {
            return self.well_known(descriptor, above);
        }
        above.push(descriptor.clone());
        let message = self.fields(descriptor, |_| place, above);
        above.pop();
        message
    }

    fn fields(
        &mut self,
        descriptor: &MessageDescriptor,
        place: impl Fn(&FieldDescriptor) -> Place,
        above: &mut Vec<MessageDescriptor>,
    ) -> DynamicMessage {
        let mut message = DynamicMessage::new(descriptor.clone());
        for field in descriptor.fields() {
            let chosen = field.containing_oneof().is_none_or(|oneof| {
                // Envoy always sends the member that is the body.
                let in_body: Vec<_> = oneof.fields().filter(|member| place(member) == Place::Body).collect();
                let members = if in_body.is_empty() { oneof.fields().collect() } else { in_body };
                let index = usize::try_from(self.next() % members.len() as u64).unwrap_or_default();
                !oneof.fields().any(|member| message.has_field(&member)) && members[index..].contains(&field)
            });
            if chosen && let Some(value) = self.field(&field, place(&field), above) {
                message.set_field(&field, value);
            }
        }
        message
    }

    fn field(
        &mut self,
        field: &FieldDescriptor,
        place: Place,
        above: &mut Vec<MessageDescriptor>,
    ) -> Option<Value> {
        let kind = field.kind();
        if let Kind::Message(inner) = &kind {
            let deep = above.len() > DEPTH || above.contains(inner);
            let map_of_messages = inner.is_map_entry()
                && matches!(inner.map_entry_value_field().kind(), Kind::Message(value) if above.len() > DEPTH || above.contains(&value));
            let required = field.cardinality() == prost_reflect::Cardinality::Required;
            if (deep || map_of_messages) && !required {
                return None;
            }
            if place == Place::Query && (field.is_list() || field.is_map() || !fits_query(inner)) {
                return None;
            }
        }
        if field.is_map() {
            let Kind::Message(entry) = kind else { return None };
            let (key, value) = (entry.map_entry_key_field(), entry.map_entry_value_field());
            let entries = (0..2).map(|_| (self.key(&key.kind()), self.value(&value, false, place, above)));
            return Some(Value::Map(entries.collect()));
        }
        if field.is_list() {
            let items = (0..2).map(|_| self.value(field, false, place, above)).collect();
            return Some(Value::List(items));
        }
        let falsy = self.style == Style::Edge && field.supports_presence();
        let value = self.value(field, falsy, place, above);
        match &value {
            // A query says of a message nothing but its leaves.
            Value::Message(message)
                if place == Place::Query
                    && message.fields().next().is_none()
                    && !special(&message.descriptor()) =>
            {
                None
            }
            _ => Some(value),
        }
    }

    fn value(
        &mut self,
        field: &FieldDescriptor,
        falsy: bool,
        place: Place,
        above: &mut Vec<MessageDescriptor>,
    ) -> Value {
        match field.kind() {
            Kind::Message(inner) => Value::Message(self.fill(&inner, place, above)),
            kind if falsy => Value::default_value(&kind),
            Kind::String => Value::String(match self.style {
                Style::Full | Style::Low => format!("{} {}", field.name(), self.next() % 1000),
                Style::High => format!("{RESERVED}{}", self.next() % 10),
                Style::Edge => format!("{HARD}{}", self.next() % 10),
            }),
            kind => self.scalar(&kind),
        }
    }

    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_possible_wrap,
        clippy::cast_precision_loss,
        reason = "any number will do"
    )]
    fn scalar(&mut self, kind: &Kind) -> Value {
        let random = self.next();
        let edge = self.style == Style::Edge;
        if let Some(limit) = self.limit(kind) {
            return limit;
        }
        match kind {
            Kind::Double if edge => Value::F64(f64::NEG_INFINITY),
            Kind::Float if edge => Value::F32(-1.0e-30),
            Kind::Double => Value::F64((random % 100_000) as f64 / 7.0 + 1.0),
            Kind::Float => Value::F32((random % 100_000) as f32 / 7.0 + 1.0),
            Kind::Int32 | Kind::Sint32 | Kind::Sfixed32 => {
                Value::I32(if edge { i32::MIN } else { (random as i32) | 1 })
            }
            Kind::Int64 | Kind::Sint64 | Kind::Sfixed64 => {
                Value::I64(if edge { i64::MIN } else { (random as i64) | 1 })
            }
            Kind::Uint32 | Kind::Fixed32 => Value::U32(if edge { u32::MAX } else { (random as u32) | 1 }),
            Kind::Uint64 | Kind::Fixed64 => Value::U64(if edge { u64::MAX } else { random | 1 }),
            Kind::Bool => Value::Bool(true),
            Kind::String => {
                Value::String(if edge { HARD.to_owned() } else { format!("text {}", random % 1000) })
            }
            Kind::Bytes => Value::Bytes(
                if edge { b"\xfb\xff\xfe\0".to_vec() } else { random.to_le_bytes().to_vec() }.into(),
            ),
            Kind::Enum(of) => {
                let values: Vec<i32> =
                    of.values().map(|value| value.number()).filter(|number| *number != 0).collect();
                let index = usize::try_from(random).unwrap_or_default() % values.len().max(1);
                Value::EnumNumber(values.get(index).copied().unwrap_or_default())
            }
            Kind::Message(_) => unreachable!("a message is no scalar"),
        }
    }

    fn limit(&self, kind: &Kind) -> Option<Value> {
        let high = match self.style {
            Style::High => true,
            Style::Low => false,
            Style::Full | Style::Edge => return None,
        };
        Some(match kind {
            Kind::Double => Value::F64(if high { f64::MAX } else { f64::MIN }),
            Kind::Float => Value::F32(if high { f32::MAX } else { f32::MIN }),
            Kind::Int32 | Kind::Sint32 | Kind::Sfixed32 => Value::I32(if high { i32::MAX } else { i32::MIN }),
            Kind::Int64 | Kind::Sint64 | Kind::Sfixed64 => Value::I64(if high { i64::MAX } else { i64::MIN }),
            Kind::Uint32 | Kind::Fixed32 if high => Value::U32(u32::MAX),
            Kind::Uint64 | Kind::Fixed64 if high => Value::U64(u64::MAX),
            _ => return None,
        })
    }

    fn key(&mut self, kind: &Kind) -> MapKey {
        match self.scalar(kind) {
            Value::Bool(value) => MapKey::Bool(value),
            Value::I32(value) => MapKey::I32(value.wrapping_add(i32::from(self.next().is_multiple_of(2)))),
            Value::I64(value) => MapKey::I64(value),
            Value::U32(value) => MapKey::U32(value),
            Value::U64(value) => MapKey::U64(value),
            value => MapKey::String(format!("{}{}", value.as_str().unwrap_or_default(), self.next() % 100)),
        }
    }

    /// Messages whose JSON is their own.
    fn well_known(
        &mut self,
        descriptor: &MessageDescriptor,
        above: &mut Vec<MessageDescriptor>,
    ) -> DynamicMessage {
        let mut message = DynamicMessage::new(descriptor.clone());
        let edge = self.style == Style::Edge;
        let mut set = |name: &str, value: Value| message.set_field_by_name(name, value);
        match descriptor.full_name() {
            "google.protobuf.Timestamp" if edge => set("seconds", Value::I64(-62_135_596_800)),
            "google.protobuf.Timestamp" => {
                set(
                    "seconds",
                    Value::I64(1_700_000_000 + i64::try_from(self.next() % 10_000_000).unwrap_or_default()),
                );
                set("nanos", Value::I32(123_456_789));
            }
            "google.protobuf.Duration" => {
                set("seconds", Value::I64(if edge { 0 } else { 90 }));
                set("nanos", Value::I32(if edge { -1 } else { 500_000_000 }));
            }
            "google.protobuf.FieldMask" => {
                let paths = ["plain", "two_words.one_more"].map(|path| Value::String(path.to_owned()));
                set("paths", Value::List(paths.to_vec()));
            }
            "google.protobuf.Struct" => {
                let value = self.json(descriptor, "string_value");
                set("fields", Value::Map([(MapKey::String("a key".to_owned()), value)].into()));
            }
            "google.protobuf.ListValue" => {
                let value = self.json(descriptor, "bool_value");
                set("values", Value::List(vec![value]));
            }
            "google.protobuf.Value" => set("number_value", Value::F64(2.5)),
            "google.protobuf.Any" => {
                let name = "google.protobuf.Timestamp";
                if let Some(inner) = descriptor.parent_pool().get_message_by_name(name) {
                    let inner = self.fill(&inner, Place::Body, above);
                    set("type_url", Value::String(format!("type.googleapis.com/{name}")));
                    set("value", Value::Bytes(prost::Message::encode_to_vec(&inner).into()));
                }
            }
            "google.api.HttpBody" => {
                set("content_type", Value::String("application/x-e2e".to_owned()));
                set("data", Value::Bytes((b"\0\xff raw" as &[u8]).into()));
            }
            // The wrappers.
            _ => {
                let Some(field) = descriptor.get_field_by_name("value") else { return message };
                let value =
                    if edge { Value::default_value(&field.kind()) } else { self.scalar(&field.kind()) };
                message.set_field(&field, value);
            }
        }
        message
    }

    /// A `google.protobuf.Value`.
    fn json(&mut self, near: &MessageDescriptor, member: &str) -> Value {
        let value =
            near.parent_pool().get_message_by_name("google.protobuf.Value").expect("it is in the same file");
        let field = value.get_field_by_name(member).expect("a member of it");
        let mut message = DynamicMessage::new(value);
        let content = self.scalar(&field.kind());
        message.set_field(&field, content);
        Value::Message(message)
    }

    fn variable(&mut self, message: &mut DynamicMessage, path: &str, segments: &[Segment]) {
        let (name, rest) = path.split_once('.').map_or((path, None), |(name, rest)| (name, Some(rest)));
        let field = message.descriptor().get_field_by_name(name).expect("a field of the message");
        if let Some(rest) = rest {
            if let Value::Message(inner) = message.get_field_mut(&field) {
                self.variable(inner, rest, segments);
            }
            return;
        }
        let value = match field.kind() {
            Kind::String => Value::String(self.text(segments)),
            Kind::Message(inner) => {
                let mut value = self.well_known(&inner, &mut Vec::new());
                // A wrapper of an empty text is an empty segment.
                if let Some(content) = inner.get_field_by_name("value") {
                    let text = content.kind() == Kind::String;
                    let content_value =
                        if text { Value::String(self.text(segments)) } else { self.scalar(&content.kind()) };
                    value.set_field(&content, content_value);
                }
                Value::Message(value)
            }
            kind => self.scalar(&kind),
        };
        message.set_field(&field, value);
    }

    /// A text that fits a variable's own template.
    fn text(&mut self, segments: &[Segment]) -> String {
        let alone = matches!(segments, [Segment::Any]);
        let mut parts = Vec::new();
        for segment in segments {
            let number = self.next() % 1000;
            parts.push(match (segment, self.style) {
                (Segment::Literal(text), _) => (*text).to_owned(),
                (Segment::Any, Style::Edge) if alone => format!("{HARD}{number}"),
                (Segment::Any, Style::Edge) => format!("{HARD_SEGMENT}{number}"),
                (Segment::Any, _) => format!("id-{number}"),
                (Segment::Rest, Style::Edge) => format!("{HARD_SEGMENT}/{number}"),
                (Segment::Rest, _) => format!("a/b-{number}"),
            });
        }
        parts.join("/")
    }
}

/// Whether the message's JSON is not an object of its fields.
pub fn special(descriptor: &MessageDescriptor) -> bool {
    const NAMES: [&str; 17] = [
        "google.api.HttpBody",
        "google.protobuf.Any",
        "google.protobuf.BoolValue",
        "google.protobuf.BytesValue",
        "google.protobuf.DoubleValue",
        "google.protobuf.Duration",
        "google.protobuf.FieldMask",
        "google.protobuf.FloatValue",
        "google.protobuf.Int32Value",
        "google.protobuf.Int64Value",
        "google.protobuf.ListValue",
        "google.protobuf.StringValue",
        "google.protobuf.Struct",
        "google.protobuf.Timestamp",
        "google.protobuf.UInt32Value",
        "google.protobuf.UInt64Value",
        "google.protobuf.Value",
    ];
    NAMES.contains(&descriptor.full_name())
}

fn fits_query(descriptor: &MessageDescriptor) -> bool {
    let name = descriptor.full_name();
    !["Any", "ListValue", "Struct", "Value"]
        .iter()
        .any(|any| name.strip_prefix("google.protobuf.") == Some(any))
        && name != "google.api.HttpBody"
}
