//! What a changed type means for what is sent: by the encoding rules of protobuf's binary format and of its JSON.

use rust_sdk_model::api::Kind;

/// How a value is encoded.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Encoding {
    /// Whole numbers as they are; booleans and enums among them.
    Varint,
    /// Signed numbers, zigzag.
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

    /// The wire type: a reader skips a value of another one.
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

/// What becomes of values where one side has the old type and the other the new one, which is another.
pub(super) fn consequence(old: &Kind, new: &Kind) -> &'static str {
    let (was, is) = (Encoding::of(old), Encoding::of(new));
    match (was, is) {
        _ if was.wire_type() != is.wire_type() => "old and new sides lose each other's values",
        (Encoding::Message, Encoding::Message) => "old and new sides misread each other's fields",
        (Encoding::Text, Encoding::Bytes) | (Encoding::Bytes, Encoding::Text) => {
            "the same bytes, but JSON has base64 on one side"
        }
        _ if was == is => "values that the other type does not hold are cut off or read as others",
        _ => "old and new sides misread each other's values",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn consequences_follow_the_encoding() {
        let of = |old: &'static str, new: &'static str| consequence(&Kind::Scalar(old), &Kind::Scalar(new));
        for (old, new, part) in [
            ("Int32", "Int64", "cut off"),
            ("Uint64", "Bool", "cut off"),
            ("Fixed32", "Sfixed32", "cut off"),
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
