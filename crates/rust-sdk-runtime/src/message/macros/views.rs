//! The values of struct fields, as the engine sees them. Of a message of another crate, only prost's `Message` is known.

/// Fields that the engine knows: scalars and messages of this crate or of a generated one.
pub mod own {
    use crate::message::engine::{Field, View, ViewMut};

    /// The field's value.
    #[inline]
    pub fn view<F: Field>(field: &F) -> View<'_> {
        field.view()
    }

    /// The field's value, mutable.
    #[inline]
    pub fn view_mut<F: Field>(field: &mut F) -> Option<ViewMut<'_>> {
        Some(field.view_mut())
    }
}

/// Members of oneofs, each by its number and its variant.
pub mod oneof {
    use crate::message::engine::{Oneof, View, ViewMut};

    /// The member's value, if this member is set.
    #[inline]
    pub fn view<'a, O: Oneof>(field: &'a Option<O>, (number, _variant): (u32, &str)) -> View<'a> {
        field.as_ref().map_or(View::Unset, |oneof| oneof.member(number))
    }

    /// The member's value, mutable. This sets the member.
    #[inline]
    pub fn view_mut<'a, O: Oneof>(
        field: &'a mut Option<O>,
        (number, _variant): (u32, &str),
    ) -> Option<ViewMut<'a>> {
        O::set(field, number)
    }
}

/// A message of another crate that may be absent.
pub mod foreign_option {
    use std::fmt::Debug;

    use prost::Message;

    use crate::message::engine::{View, ViewMut};

    /// The field's value.
    pub fn view<M: Message + Debug>(field: &Option<M>) -> View<'_> {
        field.as_ref().map_or(View::Unset, |message| View::Foreign(message))
    }

    /// The field's value, mutable.
    pub fn view_mut<M: Message + Debug + Default>(field: &mut Option<M>) -> Option<ViewMut<'_>> {
        Some(ViewMut::Foreign(field.get_or_insert_default()))
    }
}

/// A message of another crate that is always present.
pub mod foreign_value {
    use std::fmt::Debug;

    use prost::Message;

    use crate::message::engine::{View, ViewMut};

    /// The field's value.
    pub fn view<M: Message + Debug>(field: &M) -> View<'_> {
        View::Foreign(field)
    }

    /// The field's value, mutable.
    pub fn view_mut<M: Message + Debug>(field: &mut M) -> Option<ViewMut<'_>> {
        Some(ViewMut::Foreign(field))
    }
}

/// A list of messages of another crate.
pub mod foreign_list {
    use std::fmt::Debug;

    use prost::Message;

    use crate::message::engine::{View, ViewMut};

    /// The field's value.
    pub fn view<M: Message + Debug + Default>(field: &Vec<M>) -> View<'_> {
        View::Foreigns(field)
    }

    /// The field's value, mutable.
    pub fn view_mut<M: Message + Debug + Default>(field: &mut Vec<M>) -> Option<ViewMut<'_>> {
        Some(ViewMut::Foreigns(field))
    }
}

/// A map of messages of another crate.
pub mod foreign_map {
    use std::collections::BTreeMap;
    use std::fmt::Debug;

    use prost::Message;

    use crate::message::engine::{Single, View, ViewMut};

    /// The field's value.
    pub fn view<K: Single + Ord + Default, M: Message + Debug + Default>(field: &BTreeMap<K, M>) -> View<'_> {
        View::ForeignMap(field)
    }

    /// The field's value, mutable.
    pub fn view_mut<K: Single + Ord + Default, M: Message + Debug + Default>(
        field: &mut BTreeMap<K, M>,
    ) -> Option<ViewMut<'_>> {
        Some(ViewMut::ForeignMap(field))
    }
}
