//! Path builders.

/// Declares the path builders of a service. First comes the type that has the constants of the service's methods. Each builder is a type
/// with a field for each variable (or wildcard) of a path, in order, then the constant of the method and the index of the binding. Write
/// `enum` before the type of an enum, so that the path gets the name of its value.
///
/// ```
/// use rust_sdk_runtime::method::{Method, Rpc, Scope, Service};
/// use rust_sdk_runtime::template;
///
/// static METHODS: [Method; 1] =
///     [Method::unary("/library.v1.Shelves/GetShelf").get(template!("/v1/rooms/", room, "/shelves/", number))];
/// static SERVICE: Service = Service::new("library.v1.Shelves", &METHODS);
/// struct Shelves;
/// impl Shelves {
///     const GET_SHELF: Rpc<(), ()> = Rpc::new(&SERVICE, 0, Scope::NONE);
/// }
///
/// rust_sdk_runtime::path_builders! {
///     Shelves;
///
///     /// `GET /v1/rooms/{room}/shelves/{number}`
///     GetShelf<'a> { room: &'a str, number: i32 } => GET_SHELF, 0;
/// }
///
/// let path = GetShelf { room: "a/b", number: 7 }.path().unwrap();
/// assert_eq!(path, "/v1/rooms/a%2Fb/shelves/7");
/// ```
#[doc(hidden)]
#[macro_export]
macro_rules! path_builders {
    ($service:ty; $(
        $(#[$attribute:meta])*
        $name:ident $(<$lifetime:lifetime>)? { $($fields:tt)* } => $rpc:ident, $binding:literal;
    )*) => { $(
        $crate::__path_builder! {
            [$(#[$attribute])*] $name [$($lifetime)?] [] [$($fields)*] [<$service>::$rpc, $binding]
        }
    )* };
}

/// Takes the fields one by one, then declares the type.
#[doc(hidden)]
#[macro_export]
macro_rules! __path_builder {
    ($head:tt $name:ident $lifetime:tt [$($done:tt)*] [$field:ident: enum $ty:ty $(, $($rest:tt)*)?] $path:tt) => {
        $crate::__path_builder! {
            $head $name $lifetime [$($done)* ($field: $ty) [.as_str_name()]] [$($($rest)*)?] $path
        }
    };
    ($head:tt $name:ident $lifetime:tt [$($done:tt)*] [$field:ident: $ty:ty $(, $($rest:tt)*)?] $path:tt) => {
        $crate::__path_builder! { $head $name $lifetime [$($done)* ($field: $ty) []] [$($($rest)*)?] $path }
    };
    ([$(#[$attribute:meta])*] $name:ident [] [] [] [$rpc:expr, $binding:literal]) => {
        $(#[$attribute])*
        #[derive(Clone, Copy, Debug)]
        pub struct $name;

        impl $name {
            /// Returns the path.
            ///
            /// # Errors
            /// None, since the path has no variable.
            #[inline]
            pub fn path(&self) -> $crate::http::PathResult {
                $rpc.path_of($binding, &[])
            }
        }
    };
    (
        [$(#[$attribute:meta])*] $name:ident [$($lifetime:lifetime)?]
        [$(($field:ident: $ty:ty) [$($name_of:tt)*])*] [] [$rpc:expr, $binding:literal]
    ) => {
        $(#[$attribute])*
        #[derive(Clone, Copy, Debug)]
        pub struct $name $(<$lifetime>)? {
            $(
                #[doc = concat!("The variable `", stringify!($field), "` of the path.")]
                pub $field: $ty,
            )*
        }

        impl $(<$lifetime>)? $name $(<$lifetime>)? {
            /// Returns the path with its values escaped.
            ///
            /// # Errors
            /// A value cannot stand in the path.
            #[inline]
            pub fn path(&self) -> $crate::http::PathResult {
                $rpc.path_of($binding, &[$($crate::http::PathValue::from(self.$field $($name_of)*)),*])
            }
        }
    };
}
