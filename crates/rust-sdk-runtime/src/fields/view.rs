//! What fields hold, as one type for each direction, so that the engine is compiled once.

use std::collections::BTreeMap;

use super::Fields;

/// What a field holds, to be read.
#[derive(Clone, Copy)]
pub enum View<'a> {
    /// A value that is always there. It is not written where it is the default, unless its key says so.
    Plain(Value<'a>),
    /// An optional value that is set.
    Set(Value<'a>),
    /// An optional value that is not.
    Unset,
    /// A list.
    List(List<'a>),
    /// A map.
    Map(&'a dyn Map),
}

/// What a field holds, to be written to. An optional value is set by asking for it.
pub enum ViewMut<'a> {
    /// One value.
    Value(ValueMut<'a>),
    /// A list.
    List(ListMut<'a>),
    /// A map.
    Map(&'a mut dyn Map),
}

macro_rules! views {
    ($($variant:ident $ty:ty as $read:ty;)*) => {
        /// One value.
        #[derive(Clone, Copy)]
        #[allow(missing_docs)] // They are named after their types.
        pub enum Value<'a> {
            $($variant($read),)*
            Message(&'a dyn Fields),
        }

        /// One value, to be written to.
        #[allow(missing_docs)]
        pub enum ValueMut<'a> {
            $($variant(&'a mut $ty),)*
            Message(&'a mut dyn Fields),
        }

        /// A list.
        #[derive(Clone, Copy)]
        #[allow(missing_docs)]
        pub enum List<'a> {
            $($variant(&'a [$ty]),)*
            Messages(&'a dyn Messages),
        }

        /// A list, to be written to.
        #[allow(missing_docs)]
        pub enum ListMut<'a> {
            $($variant(&'a mut Vec<$ty>),)*
            Messages(&'a mut dyn Messages),
        }

        impl ValueMut<'_> {
            /// The same value, for a while.
            pub fn reborrow(&mut self) -> ValueMut<'_> {
                match self {
                    $(Self::$variant(value) => ValueMut::$variant(value),)*
                    Self::Message(message) => ValueMut::Message(*message),
                }
            }
        }

        $(
            impl Single for $ty {
                #[inline]
                fn value(&self) -> Value<'_> {
                    Value::$variant(Read::read(self))
                }

                #[inline]
                fn value_mut(&mut self) -> ValueMut<'_> {
                    ValueMut::$variant(self)
                }
            }

            impl Field for Vec<$ty> {
                fn view(&self) -> View<'_> {
                    View::List(List::$variant(self))
                }

                fn view_mut(&mut self) -> ViewMut<'_> {
                    ViewMut::List(ListMut::$variant(self))
                }
            }
        )*
    };
}

views! {
    Str String as &'a str;
    Bytes Vec<u8> as &'a [u8];
    Bool bool as bool;
    I32 i32 as i32;
    I64 i64 as i64;
    U32 u32 as u32;
    U64 u64 as u64;
    F32 f32 as f32;
    F64 f64 as f64;
}

/// How a value is read: text and bytes by reference.
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

/// What is one value: a scalar or a message.
pub trait Single {
    /// The value.
    fn value(&self) -> Value<'_>;

    /// The value, to be written to.
    fn value_mut(&mut self) -> ValueMut<'_>;
}

impl<T: Fields> Single for T {
    #[inline]
    fn value(&self) -> Value<'_> {
        Value::Message(self)
    }

    #[inline]
    fn value_mut(&mut self) -> ValueMut<'_> {
        ValueMut::Message(self)
    }
}

/// What a field can be: a scalar, a message, an optional one, a list or a map.
pub trait Field {
    /// What it holds.
    fn view(&self) -> View<'_>;

    /// What it holds, to be written to. What is optional is set by this, to its default.
    fn view_mut(&mut self) -> ViewMut<'_>;
}

impl<T: Single> Field for T {
    fn view(&self) -> View<'_> {
        View::Plain(self.value())
    }

    fn view_mut(&mut self) -> ViewMut<'_> {
        ViewMut::Value(self.value_mut())
    }
}

impl<T: Single + Default> Field for Option<T> {
    fn view(&self) -> View<'_> {
        match self {
            Some(value) => View::Set(value.value()),
            None => View::Unset,
        }
    }

    fn view_mut(&mut self) -> ViewMut<'_> {
        ViewMut::Value(self.get_or_insert_default().value_mut())
    }
}

impl<T: Fields + Default> Field for Vec<T> {
    fn view(&self) -> View<'_> {
        View::List(List::Messages(self))
    }

    fn view_mut(&mut self) -> ViewMut<'_> {
        ViewMut::List(ListMut::Messages(self))
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
    /// How many there are.
    fn count(&self) -> usize;

    /// The message at this index.
    fn get(&self, index: usize) -> Option<&dyn Fields>;

    /// Adds a message and gives it to be written to.
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

/// Reads the key and the value of an entry; whether it may be added.
pub type Fill<'f> = dyn FnMut(ValueMut<'_>, ValueMut<'_>) -> bool + 'f;

/// A map.
pub trait Map {
    /// How many entries there are.
    fn count(&self) -> usize;

    /// The entries, in the order of their keys.
    fn entries<'a>(&'a self) -> Box<dyn Iterator<Item = (Value<'a>, Value<'a>)> + 'a>;

    /// Adds an entry, or replaces one; whether its key is a new one. Nothing is added, and the answer is none, if `fill` refuses.
    fn insert(&mut self, fill: &mut Fill<'_>) -> Option<bool>;
}

impl<K: Single + Ord + Default, V: Single + Default> Map for BTreeMap<K, V> {
    fn count(&self) -> usize {
        self.len()
    }

    fn entries<'a>(&'a self) -> Box<dyn Iterator<Item = (Value<'a>, Value<'a>)> + 'a> {
        Box::new(self.iter().map(|(key, value)| (key.value(), value.value())))
    }

    fn insert(&mut self, fill: &mut Fill<'_>) -> Option<bool> {
        let (mut key, mut value) = (K::default(), V::default());
        if !fill(key.value_mut(), value.value_mut()) {
            return None;
        }
        Some(self.insert(key, value).is_none())
    }
}
