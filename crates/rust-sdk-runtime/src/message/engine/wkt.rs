//! The well-known types that APIs use most, by the same tables. The others are messages of another crate.

use prost_types::value::Kind;
use prost_types::{Any, Duration, FieldMask, ListValue, NullValue, Struct, Timestamp, Value};

crate::__field_rows! { [] Any { 1 0 type_url 2 0 value } }
crate::__field_rows! { [] Timestamp { 1 0 seconds 2 0 nanos } }
crate::__field_rows! { [] Duration { 1 0 seconds 2 0 nanos } }
crate::__field_rows! { [] FieldMask { 1 0 paths } }
crate::__field_rows! { [] Struct { 1 0 fields } }
crate::__field_rows! { [] ListValue { 1 0 values } }
crate::__field_rows! {
    [] Value [
        1 8 (kind Kind::NullValue) [NullValue] 2 8 (kind Kind::NumberValue) 3 8 (kind Kind::StringValue) 4 8 (kind Kind::BoolValue)
        5 8 (kind Kind::StructValue) 6 8 (kind Kind::ListValue)
    ]
}
crate::__field_rows! { [] () {} }
