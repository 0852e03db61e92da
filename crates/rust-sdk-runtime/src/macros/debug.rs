//! The macros that give generated messages a `Debug` which prints enums by name, and redacts.

/// Declares `Debug` for structs: `Message { field enum_field(Enum) secret(redacted) }` each.
///
/// ```
/// #[derive(Clone, Copy)]
/// struct Login { user: i32, password: i32 }
///
/// rust_sdk_runtime::debug! { Login { user password(redacted) } }
///
/// assert_eq!(format!("{:?}", Login { user: 1, password: 2 }), "Login { user: 1, password: <redacted> }");
/// ```
#[macro_export]
macro_rules! debug {
    ($($message:ty { $($field:ident $(($how:tt $($path:tt)*))?)* })*) => { $(
        #[allow(deprecated)]
        impl ::core::fmt::Debug for $message {
            #[inline]
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.debug_struct($crate::fields::last(stringify!($message)))
                    $(.field($crate::fields::label(stringify!($field)), $crate::__debug!(&self.$field $(, $how $($path)*)?)))*
                    .finish()
            }
        }
    )* };
}

/// Declares `Debug` for oneofs: `Enum { Variant EnumVariant(Enum) Secret(redacted) }` each.
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
    ($value:expr, $($enum:tt)*) => { &$crate::enums::Names::<'_, $($enum)*, _>::new($value) };
}
