//! The macros that generated messages encode and decode by.

/// Declares how messages are encoded: the number, the code and the name of each field, in order of the numbers.
///
/// Implements [`Fields`](crate::message::engine::Fields), prost's `Message`, `PartialEq` and `Debug`. A message in `{}` has fields alone; one in `[]` may have, in
/// `()`, members of oneofs as well, `(oneof Enum::Variant)`, and messages of other crates: `(shape in name)`.
///
/// What follows in brackets says how `Debug` prints the field: an enum's type, by whose names its numbers are printed, or
/// `redacted`, for what is not printed.
///
/// The code is 0 where the Rust type tells how a field is encoded; 1 is `sint32` and `sint64`, 2 is the types of fixed length,
/// 3 a group, 4 a wrapper such as `google.protobuf.StringValue`, 5 a message of another crate. 8 is added to it for what is
/// optional or written even if it is the default, and for lists that are not packed; 16 for what is required in proto2. A map's
/// code has that of its keys 4 bits up.
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
/// #[derive(Clone, Debug, PartialEq)]
/// pub enum Place {
///     Room(String),
///     Floor(u32),
/// }
///
/// rust_sdk_runtime::fields! {
///     Shelf [1 0 (name) 2 1 (offset) 3 8 (place Place::Room) 4 8 (place Place::Floor)]
/// }
///
/// let shelf = Shelf { name: "A".into(), offset: -1, place: Some(Place::Floor(0)) };
/// assert_eq!(shelf.encode_to_vec(), [10, 1, b'A', 16, 1, 32, 0]);
/// assert_eq!(Shelf::decode(&[10, 1, b'A', 16, 1, 32, 0][..]), Ok(shelf));
/// ```
#[macro_export]
macro_rules! fields {
    ($($message:ty { $($number:literal $code:literal $field:ident $([$($shown:tt)*])?)* })*) => { $(
        $crate::__field_rows! { [#[inline]] $message { $($number $code $field $([$($shown)*])?)* } }
        $crate::__prost! { $message }
    )* };
    ($($message:ty [ $($rows:tt)* ])*) => { $(
        $crate::__field_rows! { [#[inline]] $message [ $($rows)* ] }
        $crate::__prost! { $message }
    )* };
}

/// prost's `Message`, `Debug` and `PartialEq`. What it has of generics is instantiated where it is called, and then it is a call of the engine.
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

/// Declares that messages which [`fields!`](crate::fields!) declares are `Eq`, as those without floats are, and implements `Hash`.
#[macro_export]
macro_rules! eq {
    ($($message:ty),* $(,)?) => { $(
        impl ::core::cmp::Eq for $message {}

        impl ::core::hash::Hash for $message {
            #[inline]
            fn hash<H: ::core::hash::Hasher>(&self, state: &mut H) {
                $crate::fields::hash(self, state);
            }
        }
    )* };
}

/// One message of [`fields!`].
#[doc(hidden)]
#[macro_export]
macro_rules! __field_rows {
    ([$($attribute:tt)*] $message:ty {}) => {
        impl $crate::fields::Fields for $message {
            $($attribute)*
            fn table(&self) -> &'static $crate::fields::Table {
                &$crate::fields::Table { name: stringify!($message), fields: &[], shown: &[] }
            }
        }
    };
    ([$($attribute:tt)*] $message:ty { $($number:literal $code:literal $field:ident $([$($shown:tt)*])?)* }) => {
        #[allow(deprecated)]
        impl $crate::fields::Fields for $message {
            $($attribute)*
            fn table(&self) -> &'static $crate::fields::Table {
                &$crate::fields::Table {
                    name: stringify!($message),
                    fields: &[$(($number, $code, stringify!($field))),*],
                    shown: &[$($(($number, $crate::__shown!($($shown)*)),)?)*],
                }
            }

            $($attribute)*
            fn view(&self, number: u32) -> $crate::fields::View<'_> {
                match number {
                    $($number => $crate::fields::Field::view(&self.$field),)*
                    _ => $crate::fields::View::Unset,
                }
            }

            $($attribute)*
            fn view_mut(&mut self, number: u32) -> ::core::option::Option<$crate::fields::ViewMut<'_>> {
                ::core::option::Option::Some(match number {
                    $($number => $crate::fields::Field::view_mut(&mut self.$field),)*
                    _ => return ::core::option::Option::None,
                })
            }
        }
    };
    ([$($attribute:tt)*] $message:ty [ $($number:literal $code:literal ($field:ident $($how:tt)*) $([$($shown:tt)*])?)* ]) => {
        #[allow(deprecated)]
        impl $crate::fields::Fields for $message {
            $($attribute)*
            fn table(&self) -> &'static $crate::fields::Table {
                &$crate::fields::Table {
                    name: stringify!($message),
                    fields: &[$(($number, $code, $crate::__field!(@name $field $($how)*))),*],
                    shown: &[$($(($number, $crate::__shown!($($shown)*)),)?)*],
                }
            }

            $($attribute)*
            fn view(&self, number: u32) -> $crate::fields::View<'_> {
                match number {
                    $($number => $crate::__field!(@ref self $field $($how)*),)*
                    _ => $crate::fields::View::Unset,
                }
            }

            $($attribute)*
            fn view_mut(&mut self, number: u32) -> ::core::option::Option<$crate::fields::ViewMut<'_>> {
                match number {
                    $($number => $crate::__field!(@mut self $field $($how)*),)*
                    _ => ::core::option::Option::None,
                }
            }

            $($attribute)*
            fn foreign(&self, number: u32, op: $crate::fields::Op<'_>) {
                match number {
                    $($number => $crate::__field!(@foreign self op $field $($how)*),)*
                    _ => {}
                }
            }

            $($attribute)*
            fn foreign_mut(
                &mut self,
                number: u32,
                op: $crate::fields::OpMut<'_, '_>,
            ) -> ::core::result::Result<(), $crate::__private::prost::DecodeError> {
                match number {
                    $($number => $crate::__field!(@foreign_mut self op $field $($how)*),)*
                    _ => ::core::result::Result::Ok(()),
                }
            }
        }
    };
}

/// How a field is printed.
#[doc(hidden)]
#[macro_export]
macro_rules! __shown {
    (redacted) => {
        $crate::fields::Shown::Redacted
    };
    ($enum:path) => {
        $crate::fields::Shown::Enum($crate::fields::show::<$enum>)
    };
}

/// One field of a message in `[]`.
#[doc(hidden)]
#[macro_export]
macro_rules! __field {
    // A message of another crate. `one` and `boxed` are optional, `plain` is required.
    (@name $shape:ident in $field:ident) => {
        stringify!($field)
    };
    (@name $shape:ident in $field:ident $variant:path) => {
        concat!(stringify!($field), " ", stringify!($variant))
    };
    (@ref $this:ident $shape:ident in $($rest:tt)*) => {
        $crate::fields::View::Foreign
    };
    (@mut $this:ident $shape:ident in $($rest:tt)*) => {
        ::core::option::Option::None
    };
    (@foreign $this:ident $op:ident one in $field:ident) => {
        $op.one(&$this.$field)
    };
    (@foreign $this:ident $op:ident plain in $field:ident) => {
        $op.plain(&$this.$field)
    };
    (@foreign $this:ident $op:ident list in $field:ident) => {
        $op.list(&$this.$field)
    };
    (@foreign $this:ident $op:ident map in $field:ident) => {
        $op.map(&$this.$field)
    };
    (@foreign $this:ident $op:ident member in $field:ident $variant:path) => {
        if let ::core::option::Option::Some($variant(value)) = &$this.$field {
            $op.plain(value);
        }
    };
    (@foreign_mut $this:ident $op:ident one in $field:ident) => {
        $op.one($this.$field.get_or_insert_default())
    };
    (@foreign_mut $this:ident $op:ident plain in $field:ident) => {
        $op.one(&mut $this.$field)
    };
    (@foreign_mut $this:ident $op:ident list in $field:ident) => {
        $op.list(&mut $this.$field)
    };
    (@foreign_mut $this:ident $op:ident map in $field:ident) => {
        $op.map(&mut $this.$field)
    };
    (@foreign_mut $this:ident $op:ident member in $field:ident $variant:path) => {{
        if !matches!($this.$field, ::core::option::Option::Some($variant(_))) {
            $this.$field = ::core::option::Option::Some($variant(::core::default::Default::default()));
        }
        match &mut $this.$field {
            ::core::option::Option::Some($variant(value)) => $op.one(value),
            _ => ::core::result::Result::Ok(()),
        }
    }};
    // A field of the message's own.
    (@name $field:ident) => {
        stringify!($field)
    };
    (@name $field:ident $variant:path) => {
        concat!(stringify!($field), " ", stringify!($variant))
    };
    (@ref $this:ident $field:ident) => {
        $crate::fields::Field::view(&$this.$field)
    };
    (@mut $this:ident $field:ident) => {
        ::core::option::Option::Some($crate::fields::Field::view_mut(&mut $this.$field))
    };
    (@ref $this:ident $field:ident $variant:path) => {
        match &$this.$field {
            ::core::option::Option::Some($variant(value)) => $crate::fields::Field::view(value),
            _ => $crate::fields::View::Unset,
        }
    };
    (@mut $this:ident $field:ident $variant:path) => {{
        if !matches!($this.$field, ::core::option::Option::Some($variant(_))) {
            $this.$field = ::core::option::Option::Some($variant(::core::default::Default::default()));
        }
        match &mut $this.$field {
            ::core::option::Option::Some($variant(value)) => {
                ::core::option::Option::Some($crate::fields::Field::view_mut(value))
            }
            _ => ::core::option::Option::None,
        }
    }};
    (@foreign $this:ident $op:ident $field:ident $($variant:path)?) => {{
        let _ = $op;
    }};
    (@foreign_mut $this:ident $op:ident $field:ident $($variant:path)?) => {{
        let _ = $op;
        ::core::result::Result::Ok(())
    }};
}
