//! The effect of another type on the wire, by the encodings of the binary format and of JSON.

use rust_sdk_model::api::Kind;

/// How a value is encoded.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Encoding {
    /// Plain integers, including booleans and enums.
    Varint,
    /// Zigzag integers.
    Zigzag,
    Fixed32,
    Float,
    Fixed64,
    Double,
    Text,
    Bytes,
    Message,
    Group,
}

impl Encoding {
    fn of(kind: &Kind) -> Self {
        match kind {
            Kind::Scalar(name) => match *name {
                "Sint32" | "Sint64" => Self::Zigzag,
                "Fixed32" | "Sfixed32" => Self::Fixed32,
                "Float" => Self::Float,
                "Fixed64" | "Sfixed64" => Self::Fixed64,
                "Double" => Self::Double,
                "String" => Self::Text,
                "Bytes" => Self::Bytes,
                _ => Self::Varint,
            },
            Kind::Enum(_) => Self::Varint,
            Kind::Message(_) | Kind::Map(..) => Self::Message,
            Kind::Group(_) => Self::Group,
        }
    }

    /// The wire type. A reader skips values of another wire type.
    fn wire_type(self) -> u8 {
        match self {
            Self::Varint | Self::Zigzag => 0,
            Self::Fixed64 | Self::Double => 1,
            Self::Text | Self::Bytes | Self::Message => 2,
            Self::Group => 3,
            Self::Fixed32 | Self::Float => 5,
        }
    }
}

/// What happens to values if one peer has the old type and the other has the new type.
pub(super) fn consequence(old: &Kind, new: &Kind) -> &'static str {
    let (was, is) = (Encoding::of(old), Encoding::of(new));
    match (was, is) {
        _ if was.wire_type() != is.wire_type() => "old and new peers lose each other's values",
        (Encoding::Message, Encoding::Message) => "old and new peers misread each other's fields",
        (Encoding::Text, Encoding::Bytes) | (Encoding::Bytes, Encoding::Text) => {
            "the bytes are the same, but only one peer uses base64 in JSON"
        }
        _ if was == is => "values outside of the other type's range are truncated or misread",
        _ => "old and new peers misread each other's values",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn consequences_follow_the_encoding() {
        let of = |old: &'static str, new: &'static str| consequence(&Kind::Scalar(old), &Kind::Scalar(new));
        for (old, new, part) in [
            ("Int32", "Int64", "truncated"),
            ("Uint64", "Bool", "truncated"),
            ("Fixed32", "Sfixed32", "truncated"),
            ("Int32", "Sint32", "misread"),
            ("Float", "Fixed32", "misread"),
            ("Double", "Fixed64", "misread"),
            ("String", "Bytes", "base64"),
            ("Int32", "String", "lose"),
            ("Double", "Float", "lose"),
        ] {
            assert!(of(old, new).contains(part), "{old} {new}: {}", of(old, new));
            assert_eq!(of(old, new), of(new, old));
        }
        let map = Kind::Map(Box::new(Kind::Scalar("String")), Box::new(Kind::Scalar("String")));
        assert!(consequence(&Kind::Scalar("String"), &map).contains("misread"));
        assert!(consequence(&Kind::Scalar("Int32"), &map).contains("lose"));
    }
}
