//! The functions that prost's derive gives to messages.

/// Declares them. Write `Message: { groups }` for each message. A group holds the fields of one kind. The groups stand in this order:
/// optional scalars with their defaults (`text`, `bytes`, `number`), then enums by value, for fields that are plain (`open`), optional
/// (`option`), lists (`list`) and maps (`map`). Documentation stands in front of the name of each function.
///
/// ```
/// #[derive(Clone, Default)]
/// pub struct Shelf {
///     pub name: Option<String>,
///     pub width: Option<i32>,
/// }
///
/// rust_sdk_runtime::prost_accessors! {
///     Shelf: {
///         text {
///             /// Returns the name, or its default if it is unset.
///             name = "none";
///         }
///         number {
///             /// Returns the width, or its default if it is unset.
///             width: i32 = 7;
///         }
///     }
/// }
///
/// assert_eq!((Shelf::default().name(), Shelf::default().width()), ("none", 7));
/// ```
#[doc(hidden)]
#[macro_export]
macro_rules! prost_accessors {
    ($($message:ty: $groups:tt)*) => {
        $($crate::__prost_accessors! { $message: $groups })*
    };
}

/// The functions of one message of [`prost_accessors!`].
// One rule without macros inside: it is expanded for every message of an API.
#[doc(hidden)]
#[macro_export]
macro_rules! __prost_accessors {
    ($message:ty: {
        $(text { $($(#$text_doc:tt)* $text:ident = $text_default:expr;)* })?
        $(bytes { $($(#$bytes_doc:tt)* $bytes:ident = $bytes_default:expr;)* })?
        $(number { $($(#$number_doc:tt)* $number:ident: $number_type:ty = $number_default:expr;)* })?
        $(open { $(
            $(#$open_doc:tt)* $open:ident
            $(#$open_set_doc:tt)* $open_set:ident: $open_type:ty = $open_default:expr;
        )* })?
        $(option { $(
            $(#$option_doc:tt)* $option:ident
            $(#$option_set_doc:tt)* $option_set:ident: $option_type:ty = $option_default:expr;
        )* })?
        $(list { $(
            $(#$list_doc:tt)* $list:ident
            $(#$list_push_doc:tt)* $list_push:ident: $list_type:ty;
        )* })?
        $(map { $(
            $(#$map_get_doc:tt)* $map:ident $map_get:ident
            $(#$map_insert_doc:tt)* $map_insert:ident:
                $key:ident: $map_by:ty => $borrowed:expr, $map_key:ty, $map_type:ty;
        )* })?
    }) => {
        #[allow(deprecated)]
        impl $message {
            $($(
                $(#$text_doc)*
                #[inline]
                pub fn $text(&self) -> &str {
                    $crate::codegen::fields::text(&self.$text, $text_default)
                }
            )*)?
            $($(
                $(#$bytes_doc)*
                #[inline]
                pub fn $bytes(&self) -> &[u8] {
                    $crate::codegen::fields::bytes(&self.$bytes, $bytes_default)
                }
            )*)?
            $($(
                $(#$number_doc)*
                #[inline]
                pub fn $number(&self) -> $number_type {
                    self.$number.unwrap_or($number_default)
                }
            )*)?
            $($(
                $(#$open_doc)*
                #[inline]
                pub fn $open(&self) -> $open_type {
                    $crate::codegen::known(self.$open, $open_default)
                }

                $(#$open_set_doc)*
                #[inline]
                pub fn $open_set(&mut self, value: $open_type) {
                    self.$open = value as i32;
                }
            )*)?
            $($(
                $(#$option_doc)*
                #[inline]
                pub fn $option(&self) -> $option_type {
                    match self.$option {
                        ::core::option::Option::Some(value) => $crate::codegen::known(value, $option_default),
                        ::core::option::Option::None => $option_default,
                    }
                }

                $(#$option_set_doc)*
                #[inline]
                pub fn $option_set(&mut self, value: $option_type) {
                    self.$option = ::core::option::Option::Some(value as i32);
                }
            )*)?
            $($(
                $(#$list_doc)*
                #[inline]
                pub fn $list(&self) -> impl ::core::iter::Iterator<Item = $list_type> + '_ {
                    self.$list.iter().filter_map(|value| ::core::convert::TryFrom::try_from(*value).ok())
                }

                $(#$list_push_doc)*
                #[inline]
                pub fn $list_push(&mut self, value: $list_type) {
                    self.$list.push(value as i32);
                }
            )*)?
            $($(
                $(#$map_get_doc)*
                #[inline]
                pub fn $map_get(&self, $key: $map_by) -> ::core::option::Option<$map_type> {
                    self.$map.get($borrowed).and_then(|value| ::core::convert::TryFrom::try_from(*value).ok())
                }

                $(#$map_insert_doc)*
                #[inline]
                pub fn $map_insert(&mut self, key: $map_key, value: $map_type) -> ::core::option::Option<$map_type> {
                    self.$map.insert(key, value as i32).and_then(|value| ::core::convert::TryFrom::try_from(value).ok())
                }
            )*)?
        }
    };
}
