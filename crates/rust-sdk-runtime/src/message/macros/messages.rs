//! The macro that generated code declares its messages with.

/// Declares the schemas of messages that [`fields!`](crate::fields!) declares, `Type => SCHEMA` each, after the types that an
/// `Any` inside them may hold ([`Types`](crate::message::schema::Types)). Generated code has a constant made of all of them, too: `list = NAME;`.
///
/// Implements [`HasSchema`](crate::message::schema::HasSchema) and, where this crate's feature `json` is on, serde's `Serialize`
/// and `Deserialize`. What is implemented hangs on this crate's features alone, so the call needs no `cfg`.
///
/// ```
/// use rust_sdk_runtime::schema::{Field, Kind, MessageSchema, Presence};
///
/// #[derive(Clone, Default)]
/// pub struct Shelf {
///     pub name: String,
/// }
///
/// static SHELF: MessageSchema =
///     MessageSchema::new("library.Shelf", &[Field::new(1, "name", "name", Presence::Implicit, Kind::String)]);
///
/// rust_sdk_runtime::fields! { Shelf { 1 0 name } }
///
/// rust_sdk_runtime::messages! {
///     types = &[&[&SHELF]];
///     Shelf => SHELF,
/// }
/// ```
#[macro_export]
macro_rules! messages {
    (list = $list:ident; types = $types:expr; $($message:ty => $schema:path),* $(,)?) => {
        /// The schemas of all messages of this module.
        pub const $list: &[&$crate::schema::MessageSchema] = &[$(&$schema),*];

        $crate::messages! { types = $types; $($message => $schema),* }
    };
    (list = $list:ident; $($message:ty => $schema:path),* $(,)?) => {
        $crate::messages! { list = $list; types = &[]; $($message => $schema),* }
    };
    (types = $types:expr; $($message:ty => $schema:path),* $(,)?) => { $(
        impl $crate::schema::HasSchema for $message {
            const SCHEMA: &'static $crate::schema::MessageSchema = &$schema;
            const TYPES: $crate::schema::Types = $types;

            #[inline]
            fn fields(&self) -> ::core::option::Option<&dyn $crate::fields::Fields> {
                ::core::option::Option::Some(self)
            }

            #[inline]
            fn fields_mut(&mut self) -> ::core::option::Option<&mut dyn $crate::fields::Fields> {
                ::core::option::Option::Some(self)
            }
        }

        $crate::__serde! { $message }
    )* };
    ($($message:ty => $schema:path),* $(,)?) => {
        $crate::messages! { types = &[]; $($message => $schema),* }
    };
}

/// The serde half of [`messages!`].
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
