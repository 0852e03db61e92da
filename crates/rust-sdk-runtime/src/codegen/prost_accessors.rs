//! The functions that prost's derive gives to messages.

/// Declares them, `Message { rows }` each, in this order: optional scalars with their defaults (`text`, `bytes`, `number`), then
/// enums by value, for fields that are plain (`open`), optional (`option`), lists (`list`) and maps (`map`).
///
/// ```
/// #[derive(Clone, Default)]
/// pub struct Shelf {
///     pub name: Option<String>,
///     pub width: Option<i32>,
/// }
///
/// rust_sdk_runtime::prost_accessors! {
///     Shelf { text name = "none"; number width: i32 = 7; }
/// }
///
/// assert_eq!((Shelf::default().name(), Shelf::default().width()), ("none", 7));
/// ```
// One rule without macros inside: it is expanded for every message of an API.
#[macro_export]
macro_rules! prost_accessors {
    ($($message:ty {
        $(text $text:ident = $text_default:expr;)*
        $(bytes $bytes:ident = $bytes_default:expr;)*
        $(number $number:ident: $number_type:ty = $number_default:expr;)*
        $(open $open:ident $open_set:ident: $open_type:ty = $open_default:expr;)*
        $(option $option:ident $option_set:ident: $option_type:ty = $option_default:expr;)*
        $(list $list:ident $list_push:ident: $list_type:ty;)*
        $(map $map:ident $map_get:ident $map_insert:ident: $key:ident: $map_by:ty => $borrowed:expr, $map_key:ty, $map_type:ty;)*
    })*) => { $(
        #[allow(deprecated)]
        impl $message {
            $(
                /// The field of this name, or its default.
                #[inline]
                pub fn $text(&self) -> &str {
                    $crate::fields::text(&self.$text, $text_default)
                }
            )*
            $(
                /// The field of this name, or its default.
                #[inline]
                pub fn $bytes(&self) -> &[u8] {
                    $crate::fields::bytes(&self.$bytes, $bytes_default)
                }
            )*
            $(
                /// The field of this name, or its default.
                #[inline]
                pub fn $number(&self) -> $number_type {
                    self.$number.unwrap_or($number_default)
                }
            )*
            $(
                /// The field of this name, or the default if it is unknown.
                #[inline]
                pub fn $open(&self) -> $open_type {
                    $crate::enums::known(self.$open, $open_default)
                }

                /// Sets the field.
                #[inline]
                pub fn $open_set(&mut self, value: $open_type) {
                    self.$open = value as i32;
                }
            )*
            $(
                /// The field of this name, or the default if it is unset or unknown.
                #[inline]
                pub fn $option(&self) -> $option_type {
                    match self.$option {
                        ::core::option::Option::Some(value) => $crate::enums::known(value, $option_default),
                        ::core::option::Option::None => $option_default,
                    }
                }

                /// Sets the field.
                #[inline]
                pub fn $option_set(&mut self, value: $option_type) {
                    self.$option = ::core::option::Option::Some(value as i32);
                }
            )*
            $(
                /// The known values of the field.
                #[inline]
                pub fn $list(&self) -> impl ::core::iter::Iterator<Item = $list_type> + '_ {
                    self.$list.iter().filter_map(|value| ::core::convert::TryFrom::try_from(*value).ok())
                }

                /// Appends to the field.
                #[inline]
                pub fn $list_push(&mut self, value: $list_type) {
                    self.$list.push(value as i32);
                }
            )*
            $(
                /// The value at a key, if it is known.
                #[inline]
                pub fn $map_get(&self, $key: $map_by) -> ::core::option::Option<$map_type> {
                    self.$map.get($borrowed).and_then(|value| ::core::convert::TryFrom::try_from(*value).ok())
                }

                /// Inserts a value; gives what was there, if it is known.
                #[inline]
                pub fn $map_insert(&mut self, key: $map_key, value: $map_type) -> ::core::option::Option<$map_type> {
                    self.$map.insert(key, value as i32).and_then(|value| ::core::convert::TryFrom::try_from(value).ok())
                }
            )*
        }
    )* };
}
