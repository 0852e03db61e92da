//! The macro that gives oneofs a `Debug` which prints enums by name, and redacts. Messages have theirs from [`fields!`](crate::fields!).

/// Declares `Debug` for oneofs: `Enum { Variant EnumVariant(Enum) Secret(redacted) }` each.
///
/// ```
/// enum Login { User(i32), Password(i32) }
///
/// rust_sdk_runtime::debug_oneofs! { Login { User Password(redacted) } }
///
/// assert_eq!(format!("{:?} {:?}", Login::User(1), Login::Password(2)), "User(1) Password(<redacted>)");
/// ```
#[macro_export]
macro_rules! debug_oneofs {
    ($($oneof:ty { $($variant:ident $(($how:tt $($path:tt)*))?)* })*) => { $(
        #[allow(deprecated)]
        impl ::core::fmt::Debug for $oneof {
            #[inline]
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                match self {
                    $(Self::$variant(value) => f
                        .debug_tuple(stringify!($variant))
                        .field($crate::__debug!(value $(, $how $($path)*)?))
                        .finish(),)*
                }
            }
        }
    )* };
}

/// What is printed of a value.
#[doc(hidden)]
#[macro_export]
macro_rules! __debug {
    ($value:expr) => { $value };
    ($value:expr, redacted) => { &$crate::enums::redacted($value) };
    ($value:expr, $($enum:tt)*) => { &$crate::enums::Name::<'_, $($enum)*>::new($value) };
}
