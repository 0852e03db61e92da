//! The schemas of enums.

use std::fmt;

use super::equal;

/// An enum with a known schema. Implemented by the tables of generated code.
pub trait HasEnumSchema {
    /// The schema.
    const SCHEMA: &'static EnumSchema;
}

/// The schema of one enum.
#[derive(Debug)]
pub struct EnumSchema {
    name: &'static str,
    values: &'static [(i32, &'static str)],
    /// How many of the first values have their index as number.
    dense: usize,
    is_null_value: bool,
    /// Prints a number as `Debug` prints the Rust value.
    #[cfg_attr(not(feature = "json"), expect(dead_code, reason = "tables without JSON have it themselves"))]
    pub(crate) debug: fn(i32, &mut fmt::Formatter<'_>) -> fmt::Result,
}

impl EnumSchema {
    /// A schema from the full name, `package.Enum`, the values in declaration order, and the function that prints a number as the Rust
    /// value. If a number has aliases, its first name is written.
    pub const fn new(
        name: &'static str,
        values: &'static [(i32, &'static str)],
        debug: fn(i32, &mut fmt::Formatter<'_>) -> fmt::Result,
    ) -> Self {
        let mut dense = 0;
        let mut number = 0;
        while dense < values.len() && values[dense].0 == number {
            dense += 1;
            number += 1;
        }
        Self { name, values, dense, is_null_value: equal(name, "google.protobuf.NullValue"), debug }
    }

    /// The full name, `package.Enum`.
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// The values in declaration order.
    pub const fn values(&self) -> &'static [(i32, &'static str)] {
        self.values
    }

    /// Whether this is `google.protobuf.NullValue`, which is `null` in JSON.
    pub const fn is_null_value(&self) -> bool {
        self.is_null_value
    }

    /// The first name of this number.
    pub fn name_of(&self, number: i32) -> Option<&'static str> {
        if let Ok(index) = usize::try_from(number)
            && index < self.dense
        {
            return Some(self.values[index].1);
        }
        self.values.iter().find(|value| value.0 == number).map(|value| value.1)
    }

    /// The number of this name.
    pub fn number_of(&self, name: &str) -> Option<i32> {
        self.values.iter().find(|value| value.1 == name).map(|value| value.0)
    }
}
