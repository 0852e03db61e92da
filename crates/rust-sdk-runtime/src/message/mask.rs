//! Field masks that belong to a resource, so that a path which does not exist cannot be written.

#[cfg(feature = "json")]
mod parse;

use std::fmt;
use std::marker::PhantomData;

use prost_types::FieldMask;

#[cfg(feature = "json")]
pub use self::parse::UnknownPath;

/// The fields of an `M` that an update is about.
///
/// Generated messages start one with `mask()`: `Shelf::mask().name().within_size(|size| size.width())`. The paths are those of
/// the `.proto` file; a path stands for everything below it, and none is kept that another one covers.
pub struct Mask<M> {
    paths: Vec<String>,
    message: PhantomData<fn() -> M>,
}

impl<M> Mask<M> {
    /// The mask that names nothing. Most servers take it as if there were none, which means everything.
    pub const fn new() -> Self {
        Self { paths: Vec::new(), message: PhantomData }
    }

    /// The paths, in the order in which they were added.
    pub fn paths(&self) -> &[String] {
        &self.paths
    }

    /// Whether it names nothing.
    pub fn is_empty(&self) -> bool {
        self.paths.is_empty()
    }

    /// Whether the field at this path is named, by itself or with what it is in.
    pub fn contains(&self, path: &str) -> bool {
        names(&self.paths, path)
    }

    /// What either of them names.
    #[must_use]
    pub fn union(mut self, other: impl Into<Self>) -> Self {
        other.into().paths.into_iter().for_each(|path| add(&mut self.paths, path));
        self
    }

    /// Called by generated code, which knows that the paths exist.
    #[doc(hidden)]
    #[inline]
    pub fn __of(paths: Paths) -> Self {
        Self { paths: paths.0, message: PhantomData }
    }
}

/// What generated masks are made of: not generic, so that it is compiled once.
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

/// Whether `path` is the same as `outer` or lies below it.
fn covers(outer: &str, path: &str) -> bool {
    outer == "*" || path.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

// By hand: derived, they would ask the same of `M`.

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

/// The order in which paths were added says nothing.
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

/// Declares the masks of messages: `Message, function => Mask { field = "name", … }` each, where a message field may go on with
/// `=> within_field: OtherMask`.
#[doc(hidden)]
#[macro_export]
macro_rules! masks {
    ($($message:ty, $start:ident => $mask:ident {
        $($field:ident = $name:literal $(=> $within:ident: $inner:ty)?,)*
    })*) => { $(
        #[doc = concat!("A mask of [`", stringify!($message), "`]: each function adds one field.")]
        #[must_use]
        pub struct $mask(pub(crate) $crate::codegen::Paths);

        impl $message {
            /// Starts a field mask.
            #[inline]
            pub fn $start() -> $mask {
                ::core::default::Default::default()
            }
        }

        impl $mask {
            $(
                #[doc = concat!("Adds `", $name, "` as a whole.")]
                #[inline]
                pub fn $field(self) -> Self {
                    Self(self.0.field($name))
                }

                $(
                    #[doc = concat!("Adds fields of `", $name, "`.")]
                    #[inline]
                    pub fn $within(self, fields: impl ::core::ops::FnOnce($inner) -> $inner) -> Self {
                        Self(self.0.within($name, &fields(::core::default::Default::default()).0))
                    }
                )?
            )*
        }

        // By hand: what `derive` writes takes the compiler longer.

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
    )* };
}
