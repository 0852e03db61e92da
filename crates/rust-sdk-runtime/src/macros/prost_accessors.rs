//! The functions that prost's derive gives to messages.

/// Declares them, `Message { (row) … }` each: enums by value (`open`, `option`, `list`, `map`), and optional scalars with their
/// defaults (`number`, `text`).
///
/// ```
/// #[derive(Clone, Default)]
/// pub struct Shelf {
///     pub name: Option<String>,
///     pub width: Option<i32>,
/// }
///
/// rust_sdk_runtime::prost_accessors! {
///     Shelf { (text name: str = "none") (number width: i32 = 7) }
/// }
///
/// assert_eq!((Shelf::default().name(), Shelf::default().width()), ("none", 7));
/// ```
#[macro_export]
macro_rules! prost_accessors {
    ($($message:ty { $(($($row:tt)*))* })*) => { $(
        #[allow(deprecated)]
        impl $message {
            $($crate::__prost_accessor! { $($row)* })*
        }
    )* };
}

/// One row of [`prost_accessors!`].
#[doc(hidden)]
#[macro_export]
macro_rules! __prost_accessor {
    (text $field:ident: $ty:ty = $default:expr) => {
        #[doc = concat!("[`", stringify!($field), "`](Self::", stringify!($field), "), or its default.")]
        #[inline]
        pub fn $field(&self) -> &$ty {
            match &self.$field {
                ::core::option::Option::Some(value) => value,
                ::core::option::Option::None => $default,
            }
        }
    };
    (number $field:ident: $ty:ty = $default:expr) => {
        #[doc = concat!("[`", stringify!($field), "`](Self::", stringify!($field), "), or its default.")]
        #[inline]
        pub fn $field(&self) -> $ty {
            match self.$field {
                ::core::option::Option::Some(value) => value,
                ::core::option::Option::None => $default,
            }
        }
    };
    (open $field:ident $set:ident: $enum:ty $(= $default:expr)?) => {
        #[doc = concat!("[`", stringify!($field), "`](Self::", stringify!($field), "), or the default if it is unknown.")]
        #[inline]
        pub fn $field(&self) -> $enum {
            $crate::enums::known(::core::option::Option::Some(self.$field))$(.or(::core::option::Option::Some($default)))?.unwrap_or_default()
        }

        #[doc = concat!("Sets [`", stringify!($field), "`](Self::", stringify!($field), ").")]
        #[inline]
        pub fn $set(&mut self, value: $enum) {
            self.$field = value as i32;
        }
    };
    (option $field:ident $set:ident: $enum:ty $(= $default:expr)?) => {
        #[doc = concat!("[`", stringify!($field), "`](Self::", stringify!($field), "), or the default if it is unset or unknown.")]
        #[inline]
        pub fn $field(&self) -> $enum {
            $crate::enums::known(self.$field)$(.or(::core::option::Option::Some($default)))?.unwrap_or_default()
        }

        #[doc = concat!("Sets [`", stringify!($field), "`](Self::", stringify!($field), ").")]
        #[inline]
        pub fn $set(&mut self, value: $enum) {
            self.$field = ::core::option::Option::Some(value as i32);
        }
    };
    (list $field:ident $push:ident: $enum:ty) => {
        #[doc = concat!("The known values of [`", stringify!($field), "`](Self::", stringify!($field), ").")]
        #[inline]
        pub fn $field(&self) -> impl ::core::iter::Iterator<Item = $enum> + '_ {
            self.$field.iter().filter_map(|value| $crate::enums::known(::core::option::Option::Some(*value)))
        }

        #[doc = concat!("Appends to [`", stringify!($field), "`](Self::", stringify!($field), ").")]
        #[inline]
        pub fn $push(&mut self, value: $enum) {
            self.$field.push(value as i32);
        }
    };
    (map text $key:ty, $field:ident $get:ident $insert:ident: $enum:ty) => {
        $crate::__prost_accessor! { map [&str, |key| key] $key, $field $get $insert: $enum }
    };
    (map number $key:ty, $field:ident $get:ident $insert:ident: $enum:ty) => {
        $crate::__prost_accessor! { map [$key, |key| &key] $key, $field $get $insert: $enum }
    };
    (map [$by:ty, |$name:ident| $borrowed:expr] $key:ty, $field:ident $get:ident $insert:ident: $enum:ty) => {
        #[doc = concat!("The value at a key of [`", stringify!($field), "`](Self::", stringify!($field), "), if it is known.")]
        #[inline]
        pub fn $get(&self, $name: $by) -> ::core::option::Option<$enum> {
            $crate::enums::known(self.$field.get($borrowed).copied())
        }

        #[doc = concat!("Inserts into [`", stringify!($field), "`](Self::", stringify!($field), "); gives what was there, if it is known.")]
        #[inline]
        pub fn $insert(&mut self, key: $key, value: $enum) -> ::core::option::Option<$enum> {
            $crate::enums::known(self.$field.insert(key, value as i32))
        }
    };
}
