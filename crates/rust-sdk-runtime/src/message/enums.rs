//! Enums by name, and enum values that this version of the API does not know.

use std::fmt;
use std::str::FromStr;

/// A generated enum. Implemented by [`enums!`](crate::enums!).
pub trait ProtoEnum: Copy + Into<i32> + TryFrom<i32> + 'static {
    /// All values, in the order of the `.proto` file.
    const VALUES: &'static [Self];
    /// The full name, `package.Enum`.
    const NAME: &'static str;
    /// The common start of the values' names, such as `PHASE_`; empty if there is none.
    const PREFIX: &'static str;
    /// Additional names of numbers.
    const ALIASES: &'static [(&'static str, i32)];

    /// The value's name in the `.proto` file.
    fn name(self) -> &'static str;

    /// The value with this name, which may be an alias.
    fn from_name(name: &str) -> Option<Self> {
        let alias = || {
            let (_, number) = Self::ALIASES.iter().find(|(alias, _)| *alias == name)?;
            Self::try_from(*number).ok()
        };
        Self::VALUES.iter().copied().find(|value| value.name() == name).or_else(alias)
    }
}

/// A value of an enum that may be newer than this crate: an unknown value is kept as its number.
///
/// Create it from a number or a value: then a known number is never [`Unknown`](Self::Unknown). `Display` prints the value's name, or the
/// number, and `FromStr` reads both.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OpenEnum<E> {
    /// A value of the enum.
    Known(E),
    /// A number without a name.
    Unknown(i32),
}

impl<E> OpenEnum<E> {
    /// The value, if it is known.
    pub fn known(self) -> Option<E> {
        match self {
            Self::Known(value) => Some(value),
            Self::Unknown(_) => None,
        }
    }
}

impl<E: ProtoEnum> OpenEnum<E> {
    /// The number, known or not.
    pub fn number(self) -> i32 {
        match self {
            Self::Known(value) => value.into(),
            Self::Unknown(number) => number,
        }
    }
}

impl<E: ProtoEnum> From<i32> for OpenEnum<E> {
    fn from(number: i32) -> Self {
        E::try_from(number).map_or(Self::Unknown(number), Self::Known)
    }
}

impl<E: ProtoEnum> From<E> for OpenEnum<E> {
    fn from(value: E) -> Self {
        Self::Known(value)
    }
}

impl<E: ProtoEnum> From<OpenEnum<E>> for i32 {
    fn from(value: OpenEnum<E>) -> Self {
        value.number()
    }
}

impl<E: ProtoEnum + PartialEq> PartialEq<E> for OpenEnum<E> {
    fn eq(&self, other: &E) -> bool {
        matches!(self, Self::Known(value) if value == other)
    }
}

impl<E: ProtoEnum> fmt::Display for OpenEnum<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Known(value) => f.pad(value.name()),
            Self::Unknown(number) => number.fmt(f),
        }
    }
}

impl<E: ProtoEnum> FromStr for OpenEnum<E> {
    type Err = UnknownEnumName;

    /// As for the enum itself, but every number is accepted.
    fn from_str(text: &str) -> Result<Self, UnknownEnumName> {
        number(text).map_or_else(|| parse(text).map(Self::Known), |number| Ok(number.into()))
    }
}

/// Text that is not a value of an enum.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is not a value of {enum_name}")]
pub struct UnknownEnumName {
    enum_name: &'static str,
    text: String,
}

impl UnknownEnumName {
    /// The enum's full name, `package.Enum`.
    pub const fn enum_name(&self) -> &'static str {
        self.enum_name
    }

    /// The text, cut if it is long.
    pub fn text(&self) -> &str {
        &self.text
    }
}

/// The value that this text names: its name (`PHASE_RUNNING`) in any case, with or without the common start of the names (`running`), or
/// its number. Other text is an error, never the default.
///
/// # Errors
/// If the text names no value.
pub fn parse<E: ProtoEnum>(text: &str) -> Result<E, UnknownEnumName> {
    E::from_name(text)
        .or_else(|| E::try_from(number(text)?).ok())
        .or_else(|| {
            let upper = text.to_ascii_uppercase();
            E::from_name(&upper).or_else(|| E::from_name(&format!("{}{upper}", E::PREFIX)))
        })
        .ok_or_else(|| UnknownEnumName { enum_name: E::NAME, text: text.chars().take(64).collect() })
}

/// A number as it is printed: no `+`, no leading zeros.
fn number(text: &str) -> Option<i32> {
    text.parse::<i32>().ok().filter(|number| number.to_string() == text)
}

/// The value with this number, or `or` if there is none.
#[doc(hidden)]
#[inline]
pub fn known<E: TryFrom<i32>>(number: i32, or: E) -> E {
    E::try_from(number).unwrap_or(or)
}

/// Declares the functions of enums. Each of their values is repeated here:
/// `Type = "package.Enum", "PREFIX_", ["ALIAS" => number] { Value = number, "NAME"; … }`.
///
/// Implements [`ProtoEnum`], `Display`, `FromStr` and everything that prost's derive does.
///
/// ```
/// #[derive(Clone, Copy, Debug, PartialEq)]
/// #[repr(i32)]
/// pub enum Phase {
///     Unspecified = 0,
///     Running = 2,
/// }
///
/// rust_sdk_runtime::enums! {
///     Phase = "shop.v1.Phase", "PHASE_", ["PHASE_BUSY" => 2] {
///         Unspecified = 0, "PHASE_UNSPECIFIED";
///         Running = 2, "PHASE_RUNNING";
///     }
/// }
///
/// assert_eq!(Phase::try_from(2), Ok(Phase::Running));
/// assert_eq!(Phase::try_from(1), Err(prost::UnknownEnumValue(1)));
/// assert_eq!("busy".parse(), Ok(Phase::Running));
/// assert_eq!(Phase::from_str_name("PHASE_BUSY"), Some(Phase::Running));
/// assert_eq!(Phase::default().as_str_name(), "PHASE_UNSPECIFIED");
/// ```
#[doc(hidden)]
#[macro_export]
macro_rules! enums {
    ($($enum:ty = $full_name:literal, $prefix:literal, $aliases:tt $values:tt)*) => { $(
        $crate::__enum! { $enum = $full_name, $prefix, $aliases $values }
    )* };
}

/// One enum of [`enums!`].
#[doc(hidden)]
#[macro_export]
macro_rules! __enum {
    ($enum:ty = $full_name:literal, $prefix:literal, [$($alias:literal => $of:literal),*] {
        $($value:ident = $number:literal, $name:literal;)*
    }) => {
        #[allow(deprecated)]
        impl $enum {
            /// Whether there is a value with this number.
            #[inline]
            pub const fn is_valid(number: i32) -> bool {
                match number {
                    $($number)|* => true,
                    _ => false,
                }
            }

            /// The value's name in the `.proto` file, which stays the same.
            pub fn as_str_name(&self) -> &'static str {
                match self {
                    $(Self::$value => $name,)*
                }
            }

            /// The value with this name, which may be an alias.
            #[inline]
            pub fn from_str_name(name: &str) -> ::core::option::Option<Self> {
                $crate::ProtoEnum::from_name(name)
            }
        }

        #[allow(deprecated)]
        impl $crate::ProtoEnum for $enum {
            const VALUES: &'static [Self] = &[$(Self::$value),*];
            const NAME: &'static str = $full_name;
            const PREFIX: &'static str = $prefix;
            const ALIASES: &'static [(&'static str, i32)] = &[$(($alias, $of)),*];

            #[inline]
            fn name(self) -> &'static str {
                self.as_str_name()
            }
        }

        $crate::__enum_schema! { $enum = $full_name $(, $number $name)* $(, $of $alias)* }

        impl ::core::default::Default for $enum {
            #[inline]
            fn default() -> Self {
                <Self as $crate::ProtoEnum>::VALUES[0]
            }
        }

        impl ::core::convert::From<$enum> for i32 {
            #[inline]
            fn from(value: $enum) -> Self {
                value as Self
            }
        }

        #[allow(deprecated)]
        impl ::core::convert::TryFrom<i32> for $enum {
            type Error = $crate::codegen::prost::UnknownEnumValue;

            #[inline]
            fn try_from(number: i32) -> ::core::result::Result<Self, $crate::codegen::prost::UnknownEnumValue> {
                ::core::result::Result::Ok(match number {
                    $($number => Self::$value,)*
                    _ => return ::core::result::Result::Err($crate::codegen::prost::UnknownEnumValue(number)),
                })
            }
        }

        impl ::core::fmt::Display for $enum {
            #[inline]
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.pad(self.as_str_name())
            }
        }

        impl ::core::str::FromStr for $enum {
            type Err = $crate::UnknownEnumName;

            #[inline]
            fn from_str(text: &str) -> ::core::result::Result<Self, $crate::UnknownEnumName> {
                $crate::codegen::parse(text)
            }
        }
    };
}

/// The schema of an enum, which JSON needs.
#[doc(hidden)]
#[cfg(feature = "json")]
#[macro_export]
macro_rules! __enum_schema {
    ($enum:ty = $full_name:literal $(, $number:literal $name:literal)*) => {
        impl $crate::schema::HasEnumSchema for $enum {
            const SCHEMA: &'static $crate::schema::EnumSchema =
                &$crate::schema::EnumSchema::new($full_name, &[$(($number, $name)),*], $crate::codegen::fields::show::<$enum>);
        }
    };
}

/// Without the feature `json` there is no schema.
#[doc(hidden)]
#[cfg(not(feature = "json"))]
#[macro_export]
macro_rules! __enum_schema {
    ($($any:tt)*) => {};
}
