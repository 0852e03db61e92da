//! The macro for the setters and getters of generated messages. In a generated crate, a table costs a quarter of what the functions would
//! cost as text.

/// Declares functions of messages. Write `Message: { function(what it does) … }` for each message.
///
/// Write a setter as `with_name(name: …)`, with the type of the field: `T`, `Option T`, `Vec T` or `Some(Oneof::Variant) T`. With `impl`
/// before `T`, the setter takes any `Into<T>`. With `as`, it takes a `T` and converts it to the form in the field (enums are stored as
/// numbers, recursive messages in boxes). Getters are `required` (by reference), `take` (by value), `open` (enums) and `member` (of
/// oneofs). Put the function's documentation and other attributes before the entry.
///
/// ```
/// #[derive(Clone, PartialEq, prost::Message)]
/// pub struct Shelf {
///     #[prost(string, tag = "1")]
///     pub name: String,
///     #[prost(int32, optional, tag = "2")]
///     pub width: Option<i32>,
/// }
///
/// rust_sdk_runtime::accessors! {
///     Shelf: {
///         /// Sets [`name`](field@Self::name).
///         with_name(name: impl String)
///         /// Sets [`width`](field@Self::width).
///         with_width(width: Option i32)
///     }
/// }
///
/// assert_eq!(Shelf::default().with_name("A").with_width(2), Shelf { name: "A".into(), width: Some(2) });
/// ```
#[doc(hidden)]
#[macro_export]
macro_rules! accessors {
    ($($message:ty: $functions:tt)*) => {
        $($crate::__accessors! { $message: $functions })*
    };
}

/// The functions of one message of [`accessors!`].
#[doc(hidden)]
#[macro_export]
macro_rules! __accessors {
    // Attributes pass unparsed: parsing them for every rule that is tried costs as much as the functions do.
    ($message:ty: { $($(#$attribute:tt)* $function:ident $what:tt)* }) => {
        impl $message {
            $($crate::__accessor! { [$(#$attribute)*] $function $what })*
        }
    };
}

/// One function of [`accessors!`].
#[doc(hidden)]
#[macro_export]
macro_rules! __accessor {
    // Setters come first, since rules are tried in order and setters are the most frequent. Each rule has the whole function: expanding
    // another macro would add some 4 % to the check time of an API's crate.
    ([$($attribute:tt)*] $function:ident ($field:ident: impl $ty:ty)) => {
        $($attribute)* #[must_use]
        pub fn $function(mut self, value: impl ::core::convert::Into<$ty>) -> Self { self.$field = value.into(); self }
    };
    ([$($attribute:tt)*] $function:ident ($field:ident: as $ty:ty)) => {
        $($attribute)* #[must_use] #[inline]
        pub fn $function(mut self, value: $ty) -> Self { self.$field = value.into(); self }
    };
    ([$($attribute:tt)*] $function:ident ($field:ident: Option impl $ty:ty)) => {
        $($attribute)* #[must_use]
        pub fn $function(mut self, value: impl ::core::convert::Into<$ty>) -> Self { self.$field = ::core::option::Option::Some(value.into()); self }
    };
    ([$($attribute:tt)*] $function:ident ($field:ident: Option as $ty:ty)) => {
        $($attribute)* #[must_use] #[inline]
        pub fn $function(mut self, value: $ty) -> Self { self.$field = ::core::option::Option::Some(value.into()); self }
    };
    ([$($attribute:tt)*] $function:ident ($field:ident: Option $ty:ty)) => {
        $($attribute)* #[must_use] #[inline]
        pub fn $function(mut self, value: $ty) -> Self { self.$field = ::core::option::Option::Some(value); self }
    };
    ([$($attribute:tt)*] $function:ident ($field:ident: Mask $ty:ty)) => {
        $($attribute)* #[must_use]
        pub fn $function(mut self, value: impl ::core::convert::Into<$crate::Mask<$ty>>) -> Self { self.$field = ::core::option::Option::Some($crate::Mask::into(value.into())); self }
    };
    ([$($attribute:tt)*] $function:ident ($field:ident: Vec impl $ty:ty)) => {
        $($attribute)* #[must_use]
        pub fn $function(mut self, value: impl ::core::iter::IntoIterator<Item = impl ::core::convert::Into<$ty>>) -> Self { self.$field = value.into_iter().map(::core::convert::Into::into).collect(); self }
    };
    ([$($attribute:tt)*] $function:ident ($field:ident: Vec as $ty:ty)) => {
        $($attribute)* #[must_use]
        pub fn $function(mut self, value: impl ::core::iter::IntoIterator<Item = $ty>) -> Self { self.$field = value.into_iter().map(::core::convert::Into::into).collect(); self }
    };
    ([$($attribute:tt)*] $function:ident ($field:ident: Vec $ty:ty)) => {
        $($attribute)* #[must_use]
        pub fn $function(mut self, value: impl ::core::iter::IntoIterator<Item = $ty>) -> Self { self.$field = value.into_iter().collect(); self }
    };
    ([$($attribute:tt)*] $function:ident ($field:ident: Some($variant:path) impl $ty:ty)) => {
        $($attribute)* #[must_use]
        pub fn $function(mut self, value: impl ::core::convert::Into<$ty>) -> Self { self.$field = ::core::option::Option::Some($variant(value.into())); self }
    };
    ([$($attribute:tt)*] $function:ident ($field:ident: Some($variant:path) as $ty:ty)) => {
        $($attribute)* #[must_use] #[inline]
        pub fn $function(mut self, value: $ty) -> Self { self.$field = ::core::option::Option::Some($variant(value.into())); self }
    };
    ([$($attribute:tt)*] $function:ident ($field:ident: Some($variant:path) $ty:ty)) => {
        $($attribute)* #[must_use] #[inline]
        pub fn $function(mut self, value: $ty) -> Self { self.$field = ::core::option::Option::Some($variant(value)); self }
    };
    ([$($attribute:tt)*] $function:ident ($field:ident: $value:ident: $ty:ty => $out:expr)) => {
        $($attribute)* #[must_use] #[inline]
        pub fn $function(mut self, $value: $ty) -> Self { self.$field = $out; self }
    };
    ([$($attribute:tt)*] $function:ident ($field:ident: $ty:ty)) => {
        $($attribute)* #[must_use] #[inline]
        pub fn $function(mut self, value: $ty) -> Self { self.$field = value; self }
    };
    // Getters.
    ([$($attribute:tt)*] $function:ident (required $field:ident: $ty:ty, $name:literal)) => {
        $($attribute)*
        #[doc = "\n# Errors\nThe field is missing."]
        #[inline]
        pub fn $function(&self) -> ::core::result::Result<&$ty, $crate::MissingField> {
            // A `match` also works for a message in a box.
            match &self.$field {
                ::core::option::Option::Some(value) => ::core::result::Result::Ok(value),
                ::core::option::Option::None => ::core::result::Result::Err($crate::MissingField::new($name)),
            }
        }
    };
    ([$($attribute:tt)*] $function:ident (take $field:ident: $ty:ty, $name:literal)) => {
        $($attribute)*
        #[doc = "\n# Errors\nThe field is missing."]
        #[inline]
        pub fn $function(self) -> ::core::result::Result<$ty, $crate::MissingField> {
            self.$field.ok_or($crate::MissingField::new($name))
        }
    };
    // The words before a type come first: a path of another crate, which begins with `::`, would continue them.
    ([$($attribute:tt)*] $function:ident (open $field:ident: Option $ty:ty)) => {
        $($attribute)* #[inline]
        pub fn $function(&self) -> ::core::option::Option<$crate::OpenEnum<$ty>> { self.$field.map(::core::convert::Into::into) }
    };
    ([$($attribute:tt)*] $function:ident (open $field:ident: Vec $ty:ty)) => {
        $($attribute)* #[inline]
        pub fn $function(&self) -> impl ::core::iter::Iterator<Item = $crate::OpenEnum<$ty>> + '_ { self.$field.iter().map(|value| (*value).into()) }
    };
    ([$($attribute:tt)*] $function:ident (open $field:ident: $ty:ty)) => {
        $($attribute)* #[inline]
        pub fn $function(&self) -> $crate::OpenEnum<$ty> { self.$field.into() }
    };
    ([$($attribute:tt)*] $function:ident (member $field:ident: $variant:path, ref $ty:ty)) => {
        $crate::__accessor! { @member [$($attribute)*] $function $field $variant, &$ty, |value| value }
    };
    ([$($attribute:tt)*] $function:ident (member $field:ident: $variant:path, open $ty:ty)) => {
        $crate::__accessor! { @member [$($attribute)*] $function $field $variant, $crate::OpenEnum<$ty>, |value| (*value).into() }
    };
    ([$($attribute:tt)*] $function:ident (member $field:ident: $variant:path, $ty:ty)) => {
        $crate::__accessor! { @member [$($attribute)*] $function $field $variant, $ty, |value| *value }
    };
    // The common form of the `member` rules.
    (@member [$($attribute:tt)*] $function:ident $field:ident $variant:path, $ty:ty, |$value:ident| $out:expr) => {
        $($attribute)*
        #[inline]
        pub fn $function(&self) -> ::core::option::Option<$ty> {
            match &self.$field {
                ::core::option::Option::Some($variant($value)) => ::core::option::Option::Some($out),
                _ => ::core::option::Option::None,
            }
        }
    };
}
