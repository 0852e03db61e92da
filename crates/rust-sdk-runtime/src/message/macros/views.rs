//! What fields of structs hold, as the engine sees it. Of a message of another crate no more is known than that it is prost's.

/// Fields that the engine knows: scalars and messages of this crate or of a generated one.
pub mod own {
    use crate::message::engine::{Field, View, ViewMut};

    /// What the field holds.
    #[inline]
    pub fn view<F: Field>(field: &F) -> View<'_> {
        field.view()
    }

    /// What it holds, to be written to.
    #[inline]
    pub fn view_mut<F: Field>(field: &mut F) -> Option<ViewMut<'_>> {
        Some(field.view_mut())
    }
}

/// Members of oneofs, each by its number and its variant.
pub mod oneof {
    use crate::message::engine::{Oneof, View, ViewMut};

    /// What the member holds, if it is the one that is set.
    #[inline]
    pub fn view<'a, O: Oneof>(field: &'a Option<O>, (number, _variant): (u32, &str)) -> View<'a> {
        field.as_ref().map_or(View::Unset, |oneof| oneof.member(number))
    }

    /// What it holds, to be written to. It is set by this.
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

    /// What the field holds.
    pub fn view<M: Message + Debug>(field: &Option<M>) -> View<'_> {
        field.as_ref().map_or(View::Unset, |message| View::Foreign(message))
    }

    /// What it holds, to be written to.
    pub fn view_mut<M: Message + Debug + Default>(field: &mut Option<M>) -> Option<ViewMut<'_>> {
        Some(ViewMut::Foreign(field.get_or_insert_default()))
    }
}

/// A message of another crate that is there.
pub mod foreign_value {
    use std::fmt::Debug;

    use prost::Message;

    use crate::message::engine::{View, ViewMut};

    /// What the field holds.
    pub fn view<M: Message + Debug>(field: &M) -> View<'_> {
        View::Foreign(field)
    }

    /// What it holds, to be written to.
    pub fn view_mut<M: Message + Debug>(field: &mut M) -> Option<ViewMut<'_>> {
        Some(ViewMut::Foreign(field))
    }
}

/// A list of messages of another crate.
pub mod foreign_list {
    use std::fmt::Debug;

    use prost::Message;

    use crate::message::engine::{View, ViewMut};

    /// What the field holds.
    pub fn view<M: Message + Debug + Default>(field: &Vec<M>) -> View<'_> {
        View::Foreigns(field)
    }

    /// What it holds, to be written to.
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

    /// What the field holds.
    pub fn view<K: Single + Ord + Default, M: Message + Debug + Default>(field: &BTreeMap<K, M>) -> View<'_> {
        View::ForeignMap(field)
    }

    /// What it holds, to be written to.
    pub fn view_mut<K: Single + Ord + Default, M: Message + Debug + Default>(
        field: &mut BTreeMap<K, M>,
    ) -> Option<ViewMut<'_>> {
        Some(ViewMut::ForeignMap(field))
    }
}
