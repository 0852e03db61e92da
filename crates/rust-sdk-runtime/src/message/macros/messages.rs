//! The macros that declare generated messages and oneofs.

/// Declares the tables of messages: for each field its number, presence, kind and name, ordered by number.
///
/// An entry is `NUMBER PRESENCE KIND field`, followed by these parts if the field has them:
/// - `::Variant`, for a member of a oneof, after the oneof's field ([`oneofs!`](crate::oneofs));
/// - `: Type`, for a message;
/// - `= "name"`, the name in the `.proto` file, if it differs from the field's;
/// - `=> "jsonName"`, if it differs from the name that protobuf derives;
/// - `as redacted`, for a value that must not be printed.
///
/// The presence is `singular`, `optional`, `required`, `oneof`, `repeated`, `packed` or `map(KEY)`. The kind is a scalar of protobuf,
/// `enumeration(TYPE)`, `message`, `group`, `wrapper` (of `google.protobuf`, with its Rust type), or `foreign`, a message of another crate.
///
/// For a message that may hold a `google.protobuf.Any`, write the allowed types before its name: `, any TYPES = "name"`. The constant at the
/// start is a list of all messages.
///
/// The macros for all messages, enums or oneofs of a package take the entries of each as one token tree. For every token in a nested
/// repetition, rustc copies everything that the repetition matched so far.
///
/// Implements prost's `Message`, `Debug` and `PartialEq`; with `: Eq` also `Eq` and `Hash`; with this crate's feature `json` also serde's
/// traits.
///
/// ```
/// use prost::Message as _;
///
/// #[derive(Clone, Default)]
/// pub struct Shelf {
///     pub name: String,
///     pub offset: i32,
///     pub place: Option<Place>,
/// }
///
/// #[derive(Clone, PartialEq)]
/// pub enum Place {
///     Room(String),
///     Floor(u32),
/// }
///
/// rust_sdk_runtime::messages! {
///     pub const MESSAGES;
///
///     Shelf = "library.Shelf" {
///         1 singular string name,
///         2 singular sint32 offset,
///         3 oneof string place::Room = "room",
///         4 oneof uint32 place::Floor = "floor",
///     }
/// }
///
/// rust_sdk_runtime::oneofs! {
///     Place: {
///         3 string Room,
///         4 uint32 Floor,
///     }
/// }
///
/// let shelf = Shelf { name: "A".into(), offset: -1, place: Some(Place::Floor(0)) };
/// assert_eq!(shelf.encode_to_vec(), [10, 1, b'A', 16, 1, 32, 0]);
/// assert_eq!(Shelf::decode(&[10, 1, b'A', 16, 1, 32, 0][..]), Ok(shelf));
/// ```
#[doc(hidden)]
#[macro_export]
macro_rules! messages {
    ($(#[$attribute:meta])* $vis:vis const $list:ident; $(
        $message:ty $(: $eq:ident)? $(, any $types:path)? = $full_name:literal $entries:tt
    )*) => {
        $crate::__message_list! { $(#[$attribute])* $vis const $list: $($message,)* }

        $(
            $crate::__table! { $message = $full_name [$($types)?] $entries }
            $crate::__prost! { $message }
            $crate::__serde! { $message }

            $(
                impl ::core::cmp::$eq for $message {}

                impl ::core::hash::Hash for $message {
                    fn hash<H: ::core::hash::Hasher>(&self, state: &mut H) {
                        $crate::codegen::fields::hash(self, state);
                    }
                }
            )?
        )*
    };
}

/// The constant of all messages, which JSON needs.
#[doc(hidden)]
#[cfg(feature = "json")]
#[macro_export]
macro_rules! __message_list {
    ($(#[$attribute:meta])* $vis:vis const $list:ident: $($message:ty,)*) => {
        /// All messages of this module.
        $(#[$attribute])*
        $vis const $list: &[$crate::schema::SchemaOf] = &[$(<$message as $crate::schema::HasSchema>::schema),*];
    };
}

/// Without the feature `json` the list is empty.
#[doc(hidden)]
#[cfg(not(feature = "json"))]
#[macro_export]
macro_rules! __message_list {
    ($(#[$attribute:meta])* $vis:vis const $list:ident: $($message:ty,)*) => {
        /// All messages of this module, if JSON is compiled in.
        $(#[$attribute])*
        $vis const $list: &[$crate::schema::SchemaOf] = &[];
    };
}

/// One table of [`messages!`], and access to the message's fields.
#[doc(hidden)]
#[macro_export]
macro_rules! __table {
    ($message:ty = $full_name:literal $types:tt $entries:tt) => {
        $crate::__declared! { $message: $entries $types $crate::__schema! { $message = $full_name $entries } }
    };
}

/// The schema of a message.
#[doc(hidden)]
#[cfg(feature = "json")]
#[macro_export]
macro_rules! __schema {
    ($message:ty = $full_name:literal { $(
        $number:literal $presence:ident $(($key:ident))? $kind:ident $(($enum:ty))? $field:ident
        $(:: $variant:ident)? $(: $ty:ty)? $(= $name:literal)? $(=> $json:literal)? $(as $shown:ident)?,
    )* }) => {{
        static SCHEMA: $crate::schema::MessageSchema = $crate::schema::MessageSchema::new(
            $full_name,
            stringify!($message),
            &[$(
                $crate::codegen::tables::$presence::$kind $(::<$enum>)? $(::<$ty>)? ($number, stringify!($field))
                $(.keyed_by($crate::codegen::tables::singular::$key(1, "key")))?
                $(.variant(stringify!($variant)))?
                $(.named($name))?
                $(.json($json))?
                $(.$shown())?,
            )*],
        );
        &SCHEMA
    }};
}

/// The schema of a message without JSON: literals, which are the cheapest for the compiler.
#[doc(hidden)]
#[cfg(not(feature = "json"))]
#[macro_export]
macro_rules! __schema {
    ($message:ty = $full_name:literal { $(
        $number:literal $presence:ident $(($key:ident))? $kind:ident $(($enum:ty))? $field:ident
        $(:: $variant:ident)? $(: $ty:ty)? $(= $name:literal)? $(=> $json:literal)? $(as $shown:ident)?,
    )* }) => {
        &$crate::schema::MessageSchema {
            name: $full_name,
            rust_name: stringify!($message),
            fields: &[$($crate::schema::Field {
                number: $number,
                code: $crate::codegen::tables::$presence::$kind $(| $crate::codegen::tables::singular::$key << 4)?,
                rust_name: stringify!($field),
            }),*],
            variants: &[$($(($number, stringify!($variant)),)?)*],
            shown: &[$(
                $(($number, $crate::schema::Shown::Enum($crate::codegen::fields::show::<$enum>)),)?
                $(($number, $crate::schema::$shown),)?
            )*],
        }
    };
}

/// A message's table, and access to its fields. The table comes as an expression, because this macro parses the entries already.
#[doc(hidden)]
#[macro_export]
macro_rules! __declared {
    ($message:ty: { $(
        $number:literal $presence:ident $(($key:ident))? $kind:ident $(($enum:ty))? $field:ident
        $(:: $variant:ident)? $(: $ty:ty)? $(= $name:literal)? $(=> $json:literal)? $(as $shown:ident)?,
    )* } [$($types:path)?] $table:expr) => {
        #[allow(deprecated)]
        impl $crate::schema::Declared for $message {
            $(const ANY: $crate::schema::Types = $types;)?

            fn declared() -> &'static $crate::schema::MessageSchema {
                $table
            }

            #[inline]
            fn view(&self, number: u32) -> $crate::codegen::fields::View<'_> {
                match number {
                    $($number => $crate::codegen::tables::$presence::$kind::view(&self.$field $(, ($number, stringify!($variant)))?),)*
                    _ => $crate::codegen::fields::View::Unset,
                }
            }

            #[inline]
            fn view_mut(&mut self, number: u32) -> ::core::option::Option<$crate::codegen::fields::ViewMut<'_>> {
                match number {
                    $($number => $crate::codegen::tables::$presence::$kind::view_mut(&mut self.$field $(, ($number, stringify!($variant)))?),)*
                    _ => ::core::option::Option::None,
                }
            }
        }
    };
}

/// Declares the members of oneofs, as in [`messages!`](crate::messages): the number, the kind, the variant and, for an enum or a message,
/// the type. Implements `Debug`.
#[doc(hidden)]
#[macro_export]
macro_rules! oneofs {
    ($($oneof:ty: $members:tt)*) => { $(
        $crate::__members! { $oneof: $members }
        $crate::__debug_oneof! { $oneof: $members }
    )* };
}

/// Reads and writes the members of a oneof.
#[doc(hidden)]
#[macro_export]
macro_rules! __members {
    ($oneof:ty: {
        $($number:literal $kind:ident $(($enum:ty))? $variant:ident $(: $ty:ty)? $(as $shown:ident)?,)*
    }) => {
        #[allow(deprecated)]
        impl $crate::codegen::fields::Oneof for $oneof {
            #[inline]
            fn member(&self, number: u32) -> $crate::codegen::fields::View<'_> {
                match (number, self) {
                    $(($number, Self::$variant(value)) => $crate::codegen::tables::required::$kind::view(value),)*
                    _ => $crate::codegen::fields::View::Unset,
                }
            }

            #[inline]
            fn set(
                slot: &mut ::core::option::Option<Self>,
                number: u32,
            ) -> ::core::option::Option<$crate::codegen::fields::ViewMut<'_>> {
                let is_set = match (number, &*slot) {
                    $(($number, ::core::option::Option::Some(Self::$variant(_))) => true,)*
                    _ => false,
                };
                if !is_set {
                    *slot = ::core::option::Option::Some(match number {
                        $($number => Self::$variant(::core::default::Default::default()),)*
                        _ => return ::core::option::Option::None,
                    });
                }
                match slot.as_mut()? {
                    $(Self::$variant(value) => $crate::codegen::tables::required::$kind::view_mut(value),)*
                }
            }
        }
    };
}

/// `Debug` of a oneof, with enums by their names.
#[doc(hidden)]
#[macro_export]
macro_rules! __debug_oneof {
    ($oneof:ty: {
        $($number:literal $kind:ident $(($enum:ty))? $variant:ident $(: $ty:ty)? $(as $shown:ident)?,)*
    }) => {
        #[allow(deprecated)]
        impl ::core::fmt::Debug for $oneof {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                let (variant, shown): (_, &[$crate::schema::Shown]) = match self {
                    $(Self::$variant(_) => (
                        ($number, stringify!($variant)),
                        &[
                            $($crate::schema::Shown::Enum($crate::codegen::fields::show::<$enum>),)?
                            $($crate::schema::$shown,)?
                        ],
                    ),)*
                };
                $crate::codegen::fields::debug_member(self, variant, shown, f)
            }
        }
    };
}

/// prost's `Message`, `Debug` and `PartialEq`. The generic functions are instantiated by their callers and then call the engine. `merge` is
/// prost's own: checking one for each message would add 3 % to the check time of an API's crate.
#[doc(hidden)]
#[macro_export]
macro_rules! __prost {
    ($message:ty) => {
        impl $crate::codegen::prost::Message for $message {
            fn encode_raw(&self, buf: &mut impl $crate::codegen::prost::bytes::BufMut) {
                $crate::codegen::fields::encode_raw(self, buf);
            }

            fn merge_field(
                &mut self,
                number: u32,
                wire_type: $crate::codegen::prost::encoding::WireType,
                buf: &mut impl $crate::codegen::prost::bytes::Buf,
                context: $crate::codegen::prost::encoding::DecodeContext,
            ) -> ::core::result::Result<(), $crate::codegen::prost::DecodeError> {
                $crate::codegen::fields::merge_field(self, number, wire_type, buf, context)
            }

            #[inline]
            fn encoded_len(&self) -> usize {
                $crate::codegen::fields::encoded_len(self)
            }

            #[inline]
            fn encode_to_vec(&self) -> ::std::vec::Vec<u8> {
                $crate::codegen::fields::encode_to_vec(self)
            }

            #[inline]
            fn clear(&mut self) {
                *self = ::core::default::Default::default();
            }
        }

        impl ::core::fmt::Debug for $message {
            #[inline]
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                $crate::codegen::fields::debug(self, f)
            }
        }

        impl ::core::cmp::PartialEq for $message {
            #[inline]
            fn eq(&self, other: &Self) -> bool {
                $crate::codegen::fields::eq(self, other)
            }
        }
    };
}

/// serde's `Serialize` and `Deserialize`.
#[doc(hidden)]
#[cfg(feature = "json")]
#[macro_export]
macro_rules! __serde {
    ($message:ty) => {
        impl $crate::codegen::serde::Serialize for $message {
            fn serialize<S: $crate::codegen::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::core::result::Result<S::Ok, S::Error> {
                $crate::json::serialize(self, serializer)
            }
        }

        impl<'de> $crate::codegen::serde::Deserialize<'de> for $message {
            fn deserialize<D: $crate::codegen::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::core::result::Result<Self, D::Error> {
                $crate::json::deserialize(deserializer)
            }
        }
    };
}

/// Without the feature `json` there is no serde support.
#[doc(hidden)]
#[cfg(not(feature = "json"))]
#[macro_export]
macro_rules! __serde {
    ($message:ty) => {};
}
