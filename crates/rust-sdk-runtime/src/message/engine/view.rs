//! The values of fields, as one type for each direction, so that the engine is compiled once.

use std::collections::BTreeMap;

use super::Fields;
use super::foreign::{Foreign, ForeignMap, Foreigns};
use super::scalar::Scalar;

macro_rules! views {
    ($($one:ident $many:ident $ty:ty as $read:ty;)*) => {
        /// A field's value, for reading.
        #[derive(Clone, Copy)]
        #[allow(missing_docs)] // They are named after their types.
        pub enum View<'a> {
            /// An optional value that is not set.
            Unset,
            $($one($read),)*
            Message(&'a dyn Fields),
            $($many(&'a [$ty]),)*
            Messages(&'a dyn Messages),
            Map(&'a dyn Map),
            Foreign(&'a dyn Foreign),
            Foreigns(&'a dyn Foreigns),
            ForeignMap(&'a dyn ForeignMap),
        }

        /// A field's value, for writing.
        #[allow(missing_docs)]
        pub enum ViewMut<'a> {
            $($one(&'a mut $ty),)*
            Message(&'a mut dyn Fields),
            $($many(&'a mut Vec<$ty>),)*
            Messages(&'a mut dyn Messages),
            Map(&'a mut dyn Map),
            Foreign(&'a mut dyn Foreign),
            Foreigns(&'a mut dyn Foreigns),
            ForeignMap(&'a mut dyn ForeignMap),
        }

        impl View<'_> {
            /// Whether this is the default of a field without presence. As in prost, negative zero counts as zero.
            #[inline]
            pub fn is_default(self) -> bool {
                match self {
                    $(Self::$one(value) => Scalar::is_default(value),)*
                    Self::Unset => true,
                    _ => self.is_empty(),
                }
            }

            /// Whether it is a list or map.
            pub(crate) fn is_repeated(self) -> bool {
                match self {
                    $(Self::$many(_) => true,)*
                    Self::Messages(_) | Self::Map(_) | Self::Foreigns(_) | Self::ForeignMap(_) => true,
                    _ => false,
                }
            }

            /// Whether it is an empty list or map.
            #[inline]
            pub fn is_empty(self) -> bool {
                match self {
                    $(Self::$many(list) => list.is_empty(),)*
                    Self::Messages(list) => list.count() == 0,
                    Self::Map(map) => map.count() == 0,
                    Self::Foreigns(list) => list.count() == 0,
                    Self::ForeignMap(map) => map.count() == 0,
                    _ => false,
                }
            }
        }

        impl ViewMut<'_> {
            /// The same view, borrowed for a shorter time.
            #[inline]
            pub fn reborrow(&mut self) -> ViewMut<'_> {
                match self {
                    $(Self::$one(value) => ViewMut::$one(value),)*
                    Self::Message(message) => ViewMut::Message(*message),
                    $(Self::$many(list) => ViewMut::$many(list),)*
                    Self::Messages(list) => ViewMut::Messages(*list),
                    Self::Map(map) => ViewMut::Map(*map),
                    Self::Foreign(message) => ViewMut::Foreign(*message),
                    Self::Foreigns(list) => ViewMut::Foreigns(*list),
                    Self::ForeignMap(map) => ViewMut::ForeignMap(*map),
                }
            }
        }

        $(
            impl Single for $ty {
                #[inline]
                fn one(&self) -> View<'_> {
                    View::$one(Read::read(self))
                }

                #[inline]
                fn one_mut(&mut self) -> ViewMut<'_> {
                    ViewMut::$one(self)
                }
            }

            impl Field for Vec<$ty> {
                fn view(&self) -> View<'_> {
                    View::$many(self)
                }

                fn view_mut(&mut self) -> ViewMut<'_> {
                    ViewMut::$many(self)
                }
            }
        )*
    };
}

views! {
    Str Strs String as &'a str;
    Bytes BytesList Vec<u8> as &'a [u8];
    Bool Bools bool as bool;
    I32 I32s i32 as i32;
    I64 I64s i64 as i64;
    U32 U32s u32 as u32;
    U64 U64s u64 as u64;
    F32 F32s f32 as f32;
    F64 F64s f64 as f64;
}

/// Reads a value: text and bytes by reference.
trait Read<'a, T> {
    fn read(&'a self) -> T;
}

impl<'a> Read<'a, &'a str> for String {
    #[inline]
    fn read(&'a self) -> &'a str {
        self
    }
}

impl<'a> Read<'a, &'a [u8]> for Vec<u8> {
    #[inline]
    fn read(&'a self) -> &'a [u8] {
        self
    }
}

impl<T: Copy> Read<'_, T> for T {
    #[inline]
    fn read(&self) -> T {
        *self
    }
}

/// A single value: a scalar or a message.
pub trait Single {
    /// The value.
    fn one(&self) -> View<'_>;

    /// The value, mutable.
    fn one_mut(&mut self) -> ViewMut<'_>;
}

impl<T: Fields> Single for T {
    #[inline]
    fn one(&self) -> View<'_> {
        View::Message(self)
    }

    #[inline]
    fn one_mut(&mut self) -> ViewMut<'_> {
        ViewMut::Message(self)
    }
}

/// The type of a struct's field other than a oneof: a scalar, a message, an optional one of these, a list or a map.
pub trait Field {
    /// The field's value.
    fn view(&self) -> View<'_>;

    /// The field's value, mutable. This sets an optional field to its default.
    fn view_mut(&mut self) -> ViewMut<'_>;
}

impl<T: Single> Field for T {
    fn view(&self) -> View<'_> {
        self.one()
    }

    fn view_mut(&mut self) -> ViewMut<'_> {
        self.one_mut()
    }
}

impl<T: Single + Default> Field for Option<T> {
    fn view(&self) -> View<'_> {
        self.as_ref().map_or(View::Unset, Single::one)
    }

    fn view_mut(&mut self) -> ViewMut<'_> {
        self.get_or_insert_default().one_mut()
    }
}

/// A oneof. Implemented by [`oneofs!`](crate::oneofs).
pub trait Oneof: Sized {
    /// The value of the member with this number, if that member is set.
    fn member(&self, number: u32) -> View<'_>;

    /// Sets the member with this number to its default unless it is set already, and returns its value, mutable. `None` if there is no such
    /// member.
    fn set(slot: &mut Option<Self>, number: u32) -> Option<ViewMut<'_>>;
}

impl<T: Fields + Default> Field for Vec<T> {
    fn view(&self) -> View<'_> {
        View::Messages(self)
    }

    fn view_mut(&mut self) -> ViewMut<'_> {
        ViewMut::Messages(self)
    }
}

impl<K: Single + Ord + Default, V: Single + Default> Field for BTreeMap<K, V> {
    fn view(&self) -> View<'_> {
        View::Map(self)
    }

    fn view_mut(&mut self) -> ViewMut<'_> {
        ViewMut::Map(self)
    }
}

/// A list of messages.
pub trait Messages {
    /// The number of messages.
    fn count(&self) -> usize;

    /// The message at this index.
    fn get(&self, index: usize) -> Option<&dyn Fields>;

    /// Adds a message and returns it, mutable.
    fn add(&mut self) -> &mut dyn Fields;
}

impl<T: Fields + Default> Messages for Vec<T> {
    fn count(&self) -> usize {
        self.len()
    }

    fn get(&self, index: usize) -> Option<&dyn Fields> {
        let message: &dyn Fields = self.as_slice().get(index)?;
        Some(message)
    }

    fn add(&mut self) -> &mut dyn Fields {
        self.push(T::default());
        let last = self.len() - 1;
        &mut self[last]
    }
}

impl dyn Messages + '_ {
    /// The messages, in their order.
    pub fn iter(&self) -> impl Iterator<Item = &dyn Fields> {
        (0..self.count()).map_while(|index| self.get(index))
    }
}

/// Reads the key and the value of an entry, and returns whether the entry may be added.
pub type Fill<'f> = dyn FnMut(ViewMut<'_>, ViewMut<'_>) -> bool + 'f;

/// A map.
pub trait Map {
    /// How many entries there are.
    fn count(&self) -> usize;

    /// The entries, in the order of their keys.
    fn entries<'a>(&'a self) -> Box<dyn Iterator<Item = (View<'a>, View<'a>)> + 'a>;

    /// The size of an entry, without what it refers to.
    fn entry_size(&self) -> usize;

    /// Adds or replaces an entry, and returns whether the key is new. If `fill` rejects the entry, nothing is added and the result is
    /// `None`.
    fn insert(&mut self, fill: &mut Fill<'_>) -> Option<bool>;
}

impl<K: Single + Ord + Default, V: Single + Default> Map for BTreeMap<K, V> {
    fn count(&self) -> usize {
        self.len()
    }

    fn entries<'a>(&'a self) -> Box<dyn Iterator<Item = (View<'a>, View<'a>)> + 'a> {
        Box::new(self.iter().map(|(key, value)| (key.one(), value.one())))
    }

    fn entry_size(&self) -> usize {
        size_of::<(K, V)>()
    }

    fn insert(&mut self, fill: &mut Fill<'_>) -> Option<bool> {
        let (mut key, mut value) = (K::default(), V::default());
        if !fill(key.one_mut(), value.one_mut()) {
            return None;
        }
        Some(self.insert(key, value).is_none())
    }
}
