//! The macros that generated messages and oneofs are declared with.

/// Declares the tables of messages: for each field its number, presence, kind and name, in order of the numbers.
///
/// An entry is `NUMBER PRESENCE KIND field`, followed by what there is of:
/// - `::Variant`, of a member of a oneof, after the field that is the oneof ([`oneofs!`](crate::oneofs));
/// - `: Type`, of an enum or a message;
/// - `= "name"`, the name in the `.proto` file where it is not the field's;
/// - `=> "jsonName"`, where it is not the one that protobuf derives;
/// - `as redacted`, for what is not printed.
///
/// The presence is `singular`, `optional`, `required`, `oneof`, `repeated`, `packed` or `map(KEY)`; the kind is a scalar of protobuf,
/// `enumeration`, `message`, `group`, or `wrapper` (of `google.protobuf`, by what it is in Rust). Fields that hold messages of another
/// crate are in a list of their own, `+ foreign { … }`, with the kind `foreign`.
///
/// A message that may hold a `google.protobuf.Any` says after its name which types that may be: `, any TYPES`. The constant in front
/// is a list of all messages.
///
/// Implements prost's `Message`, `Debug`, `PartialEq`, after `: Eq` also `Eq` and `Hash`, and serde's traits where this crate's feature
/// `json` is on.
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
///     Place {
///         3 string Room,
///         4 uint32 Floor,
///     }
/// }
///
/// let shelf = Shelf { name: "A".into(), offset: -1, place: Some(Place::Floor(0)) };
/// assert_eq!(shelf.encode_to_vec(), [10, 1, b'A', 16, 1, 32, 0]);
/// assert_eq!(Shelf::decode(&[10, 1, b'A', 16, 1, 32, 0][..]), Ok(shelf));
/// ```
#[macro_export]
macro_rules! messages {
    ($(#[$attribute:meta])* $vis:vis const $list:ident; $(
        $message:ty $(: $eq:ident)? = $full_name:literal $(, any $types:path)? { $($entry:tt)* }
        $(+ foreign { $($foreign:tt)* })?
    )*) => {
        $crate::__message_list! { $(#[$attribute])* $vis const $list: $($message,)* }

        $(
            $crate::__table! { $message = $full_name [$($types)?] { $($entry)* } { $($($foreign)*)? } }
            $crate::__prost! { $message }
            $crate::__serde! { $message }

            $(
                impl ::core::cmp::$eq for $message {}

                impl ::core::hash::Hash for $message {
                    #[inline]
                    fn hash<H: ::core::hash::Hasher>(&self, state: &mut H) {
                        $crate::fields::hash(self, state);
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
        $vis const $list: &[$crate::schema::SchemaOf] = &[$(<$message as $crate::schema::Declared>::declared),*];
    };
}

/// Without the feature `json` the list is empty.
#[doc(hidden)]
#[cfg(not(feature = "json"))]
#[macro_export]
macro_rules! __message_list {
    ($(#[$attribute:meta])* $vis:vis const $list:ident: $($message:ty,)*) => {
        /// All messages of this module, where JSON is compiled in.
        $(#[$attribute])*
        $vis const $list: &[$crate::schema::SchemaOf] = &[];
    };
}

/// One table of [`messages!`].
#[doc(hidden)]
#[macro_export]
macro_rules! __table {
    ($message:ty = $full_name:literal [$($types:path)?] { $(
        $number:literal $presence:ident $(($key:ident))? $kind:ident $field:ident
        $(:: $variant:ident)? $(: $ty:ty)? $(= $name:literal)? $(=> $json:literal)? $(as $shown:ident)?,
    )* } { $(
        $foreign_number:literal $foreign_presence:ident $(($foreign_key:ident))? $foreign_kind:ident $foreign:ident
        : $foreign_ty:ty $(= $foreign_name:literal)? $(=> $foreign_json:literal)? $(as $foreign_shown:ident)?,
    )* }) => {
        #[allow(deprecated)]
        impl $crate::schema::Declared for $message {
            $(const ANY: $crate::schema::Types = $types;)?

            fn declared() -> &'static $crate::schema::MessageSchema {
                static SCHEMA: $crate::schema::MessageSchema = $crate::schema::MessageSchema::new(
                    $full_name,
                    stringify!($message),
                    &$crate::schema::Field::list(
                        [$(
                            $crate::tables::$presence::$kind $(::<$ty>)? ($number, stringify!($field))
                            $(.keyed_by($crate::tables::singular::$key(1, "key").kind))?
                            $(.variant(stringify!($variant)))?
                            $(.named($name))?
                            $(.json($json))?
                            $(.$shown())?,
                        )*$(
                            $crate::tables::$foreign_presence::$foreign_kind::<$foreign_ty>(
                                $foreign_number,
                                stringify!($foreign),
                            )
                            $(.keyed_by($crate::tables::singular::$foreign_key(1, "key").kind))?
                            $(.named($foreign_name))?
                            $(.json($foreign_json))?
                            $(.$foreign_shown())?,
                        )*],
                        <[&str]>::len(&[$(stringify!($foreign)),*]),
                    ),
                );
                &SCHEMA
            }
        }

        #[allow(deprecated)]
        impl $crate::fields::Fields for $message {
            fn table(&self) -> &'static $crate::schema::MessageSchema {
                <Self as $crate::schema::Declared>::declared()
            }

            #[inline]
            fn view(&self, number: u32) -> $crate::fields::View<'_> {
                match number {
                    $($number => $crate::fields::Field::view(&self.$field, $number),)*
                    $($foreign_number => $crate::tables::foreign::$foreign_presence::view(&self.$foreign),)*
                    _ => $crate::fields::View::Unset,
                }
            }

            #[inline]
            fn view_mut(&mut self, number: u32) -> ::core::option::Option<$crate::fields::ViewMut<'_>> {
                match number {
                    $($number => $crate::fields::Field::view_mut(&mut self.$field, $number),)*
                    $($foreign_number => ::core::option::Option::Some(
                        $crate::tables::foreign::$foreign_presence::view_mut(&mut self.$foreign),
                    ),)*
                    _ => ::core::option::Option::None,
                }
            }
        }
    };
}

/// Declares the members of oneofs: for each the number, the kind, the variant and, of an enum or message, the type, as in
/// [`messages!`](crate::messages). Messages of another crate are in a list of their own, `+ foreign { … }`. Implements `Debug`.
#[macro_export]
macro_rules! oneofs {
    ($($oneof:ty { $($entry:tt)* } $(+ foreign { $($foreign:tt)* })?)*) => { $(
        $crate::__members! { $oneof { $($entry)* } { $($($foreign)*)? } }
        $crate::__debug_oneof! { $oneof { $($entry)* $($($foreign)*)? } }
    )* };
}

/// How the members of a oneof are read and written.
#[doc(hidden)]
#[macro_export]
macro_rules! __members {
    ($oneof:ty {
        $($number:literal $kind:ident $variant:ident $(: $ty:ty)? $(as $shown:ident)?,)*
    } {
        $($foreign_number:literal $foreign_kind:ident $foreign:ident: $foreign_ty:ty $(as $foreign_shown:ident)?,)*
    }) => {
        #[allow(deprecated)]
        impl $crate::fields::Member for $oneof {
            #[inline]
            fn member(&self, number: u32) -> $crate::fields::View<'_> {
                match (number, self) {
                    $(($number, Self::$variant(value)) => $crate::fields::Single::one(value),)*
                    $(($foreign_number, Self::$foreign(value)) => $crate::tables::foreign::required::view(value),)*
                    _ => $crate::fields::View::Unset,
                }
            }

            #[inline]
            fn set(
                slot: &mut ::core::option::Option<Self>,
                number: u32,
            ) -> ::core::option::Option<$crate::fields::ViewMut<'_>> {
                let is_set = match (number, &*slot) {
                    $(($number, ::core::option::Option::Some(Self::$variant(_))) => true,)*
                    $(($foreign_number, ::core::option::Option::Some(Self::$foreign(_))) => true,)*
                    _ => false,
                };
                if !is_set {
                    *slot = ::core::option::Option::Some(match number {
                        $($number => Self::$variant(::core::default::Default::default()),)*
                        $($foreign_number => Self::$foreign(::core::default::Default::default()),)*
                        _ => return ::core::option::Option::None,
                    });
                }
                ::core::option::Option::Some(match slot.as_mut()? {
                    $(Self::$variant(value) => $crate::fields::Single::one_mut(value),)*
                    $(Self::$foreign(value) => $crate::tables::foreign::required::view_mut(value),)*
                })
            }
        }
    };
}

/// `Debug` of a oneof, with enums by their names.
#[doc(hidden)]
#[macro_export]
macro_rules! __debug_oneof {
    ($oneof:ty { $($number:literal $kind:ident $variant:ident $(: $ty:ty)? $(as $shown:ident)?,)* }) => {
        #[allow(deprecated)]
        impl ::core::fmt::Debug for $oneof {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                let (variant, field) = match self {
                    $(Self::$variant(_) => (
                        stringify!($variant),
                        $crate::tables::oneof::$kind $(::<$ty>)? ($number, "") $(.$shown())?,
                    ),)*
                };
                $crate::fields::debug_member(self, variant, &field, f)
            }
        }
    };
}

/// prost's `Message`, `Debug` and `PartialEq`. What it has of generics is instantiated where it is called, and then it is a call
/// of the engine.
#[doc(hidden)]
#[macro_export]
macro_rules! __prost {
    ($message:ty) => {
        impl $crate::__private::prost::Message for $message {
            #[inline]
            fn encode_raw(&self, buf: &mut impl $crate::__private::prost::bytes::BufMut) {
                $crate::fields::encode_raw(self, buf);
            }

            #[inline]
            fn merge_field(
                &mut self,
                number: u32,
                wire_type: $crate::__private::prost::encoding::WireType,
                buf: &mut impl $crate::__private::prost::bytes::Buf,
                context: $crate::__private::prost::encoding::DecodeContext,
            ) -> ::core::result::Result<(), $crate::__private::prost::DecodeError> {
                $crate::fields::merge_field(self, number, wire_type, buf, context)
            }

            #[inline]
            fn merge(
                &mut self,
                mut buf: impl $crate::__private::prost::bytes::Buf,
            ) -> ::core::result::Result<(), $crate::__private::prost::DecodeError> {
                $crate::fields::merge_all(self, &mut buf)
            }

            #[inline]
            fn encoded_len(&self) -> usize {
                $crate::fields::encoded_len(self)
            }

            #[inline]
            fn encode_to_vec(&self) -> ::std::vec::Vec<u8> {
                $crate::fields::encode_to_vec(self)
            }

            #[inline]
            fn clear(&mut self) {
                *self = ::core::default::Default::default();
            }
        }

        impl ::core::fmt::Debug for $message {
            #[inline]
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                $crate::fields::debug(self, f)
            }
        }

        impl ::core::cmp::PartialEq for $message {
            #[inline]
            fn eq(&self, other: &Self) -> bool {
                $crate::fields::eq(self, other)
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
        impl $crate::__private::serde::Serialize for $message {
            fn serialize<S: $crate::__private::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::core::result::Result<S::Ok, S::Error> {
                $crate::json::serialize(self, serializer)
            }
        }

        impl<'de> $crate::__private::serde::Deserialize<'de> for $message {
            fn deserialize<D: $crate::__private::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::core::result::Result<Self, D::Error> {
                $crate::json::deserialize(deserializer)
            }
        }
    };
}

/// Without the feature `json` there is no serde half.
#[doc(hidden)]
#[cfg(not(feature = "json"))]
#[macro_export]
macro_rules! __serde {
    ($message:ty) => {};
}
