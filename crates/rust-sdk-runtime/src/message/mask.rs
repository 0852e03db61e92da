//! Field masks that are typed by their resource, so that a path that does not exist cannot be written.

#[cfg(feature = "json")]
mod parse;

use std::fmt;
use std::marker::PhantomData;

use prost_types::FieldMask;

#[cfg(feature = "json")]
pub use self::parse::UnknownPath;

/// The fields of an `M` that an update concerns.
///
/// Generated messages start a mask with `mask()`: `Shelf::mask().name().within_size(|size| size.width())`. The paths are those of the
/// `.proto` file. A path covers everything below it, and the mask drops paths that another one covers.
pub struct Mask<M> {
    paths: Vec<String>,
    message: PhantomData<fn() -> M>,
}

impl<M> Mask<M> {
    /// The mask without paths. Most servers treat it like no mask, which means every field.
    pub const fn new() -> Self {
        Self { paths: Vec::new(), message: PhantomData }
    }

    /// The paths, in the order in which they were added.
    pub fn paths(&self) -> &[String] {
        &self.paths
    }

    /// Whether the mask has no paths.
    pub fn is_empty(&self) -> bool {
        self.paths.is_empty()
    }

    /// Whether the mask covers the field at this path, directly or by a parent.
    pub fn contains(&self, path: &str) -> bool {
        names(&self.paths, path)
    }

    /// The mask that covers everything that either of the two covers.
    #[must_use]
    pub fn union(mut self, other: impl Into<Self>) -> Self {
        other.into().paths.into_iter().for_each(|path| add(&mut self.paths, path));
        self
    }

    /// Called by generated code, whose paths are known to exist.
    #[doc(hidden)]
    #[inline]
    pub fn __of(paths: Paths) -> Self {
        Self { paths: paths.0, message: PhantomData }
    }
}

/// The paths of generated masks. Not generic, so that it is compiled once.
#[doc(hidden)]
#[derive(Clone, Default)]
pub struct Paths(Vec<String>);

impl Paths {
    #[must_use]
    pub fn field(mut self, name: &str) -> Self {
        add(&mut self.0, name.to_owned());
        self
    }

    #[must_use]
    pub fn within(mut self, name: &str, inner: &Self) -> Self {
        add_within(&mut self.0, name, &inner.0);
        self
    }

    pub fn same(&self, other: &Self) -> bool {
        same(&self.0, &other.0)
    }

    pub fn into_field_mask(self) -> FieldMask {
        FieldMask { paths: self.0 }
    }
}

impl fmt::Debug for Paths {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Mask").field(&self.0).finish()
    }
}

// Not generic, so that they are compiled once.

fn names(paths: &[String], path: &str) -> bool {
    paths.iter().any(|known| covers(known, path))
}

fn same(paths: &[String], other: &[String]) -> bool {
    paths.len() == other.len() && paths.iter().all(|path| other.contains(path))
}

fn add(paths: &mut Vec<String>, path: String) {
    if !names(paths, &path) {
        paths.retain(|known| !covers(&path, known));
        paths.push(path);
    }
}

fn add_within(paths: &mut Vec<String>, name: &str, inner: &[String]) {
    for path in inner {
        add(paths, format!("{name}.{path}"));
    }
}

/// Whether `path` equals `outer` or lies below it.
fn covers(outer: &str, path: &str) -> bool {
    outer == "*" || path.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

// Written by hand: derives would require the same traits of `M`.

impl<M> Clone for Mask<M> {
    fn clone(&self) -> Self {
        Self { paths: self.paths.clone(), message: PhantomData }
    }
}

impl<M> Default for Mask<M> {
    fn default() -> Self {
        Self::new()
    }
}

/// The order of the paths does not matter.
impl<M> PartialEq for Mask<M> {
    fn eq(&self, other: &Self) -> bool {
        same(&self.paths, &other.paths)
    }
}

impl<M> Eq for Mask<M> {}

impl<M> fmt::Debug for Mask<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Mask").field(&self.paths).finish()
    }
}

/// The paths, joined by commas.
impl<M> fmt::Display for Mask<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.paths.join(","))
    }
}

impl<M> From<Mask<M>> for FieldMask {
    fn from(mask: Mask<M>) -> Self {
        Self { paths: mask.paths }
    }
}

/// Declares the masks of messages. Write `Message, function => Mask { field = "name", … }` for each message; after a message field,
/// `=> within_field: OtherMask` may follow.
#[doc(hidden)]
#[macro_export]
macro_rules! masks {
    ($($message:ty, $start:ident => $mask:ident $fields:tt)*) => {
        $($crate::__mask! { $message, $start => $mask $fields })*
    };
}

/// The mask of one message of [`masks!`].
#[doc(hidden)]
#[macro_export]
macro_rules! __mask {
    ($message:ty, $start:ident => $mask:ident {
        $($field:ident = $name:literal $(=> $within:ident: $inner:ty)?,)*
    }) => {
        #[doc = concat!("A field mask of [its message](", stringify!($message), "). Each function adds one field.")]
        #[must_use]
        pub struct $mask(pub(crate) $crate::codegen::Paths);

        impl $message {
            /// Starts a field mask, to which functions add fields.
            #[inline]
            pub fn $start() -> $mask {
                ::core::default::Default::default()
            }
        }

        impl $mask {
            $(
                #[doc = concat!("Adds `", $name, "`.")]
                #[inline]
                pub fn $field(self) -> Self {
                    Self(self.0.field($name))
                }

                $(
                    #[doc = concat!("Adds only some fields of `", $name, "`.")]
                    #[inline]
                    pub fn $within(self, fields: impl ::core::ops::FnOnce($inner) -> $inner) -> Self {
                        Self(self.0.within($name, &fields(::core::default::Default::default()).0))
                    }
                )?
            )*
        }

        // Written by hand, since derives compile more slowly.

        impl ::core::clone::Clone for $mask {
            #[inline]
            fn clone(&self) -> Self {
                Self(self.0.clone())
            }
        }

        impl ::core::fmt::Debug for $mask {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.debug_tuple(::core::stringify!($mask)).field(&self.0).finish()
            }
        }

        impl ::core::default::Default for $mask {
            #[inline]
            fn default() -> Self {
                Self(::core::default::Default::default())
            }
        }

        impl ::core::cmp::PartialEq for $mask {
            #[inline]
            fn eq(&self, other: &Self) -> bool {
                self.0.same(&other.0)
            }
        }

        impl ::core::cmp::Eq for $mask {}

        impl ::core::convert::From<$mask> for $crate::Mask<$message> {
            #[inline]
            fn from(mask: $mask) -> Self {
                $crate::Mask::__of(mask.0)
            }
        }

        impl ::core::convert::From<$mask> for ::prost_types::FieldMask {
            #[inline]
            fn from(mask: $mask) -> Self {
                mask.0.into_field_mask()
            }
        }
    };
}
