//! What fields of structs hold, as the engine sees it.

/// Fields that the engine knows: scalars, oneofs and messages of this crate or of a generated one.
pub mod own {
    use crate::message::engine::{Field, View, ViewMut};

    /// What the field holds.
    #[inline]
    pub fn view<F: Field>(field: &F, number: u32) -> View<'_> {
        field.view(number)
    }

    /// What it holds, to be written to.
    #[inline]
    pub fn view_mut<F: Field>(field: &mut F, number: u32) -> Option<ViewMut<'_>> {
        field.view_mut(number)
    }
}

/// Messages of other crates, of which no more is known than that they are prost's: a module for each presence.
pub(super) mod foreign {
    use std::collections::BTreeMap;
    use std::fmt::Debug;

    use prost::Message;

    use crate::message::engine::{Single, View, ViewMut};

    /// A message that may be absent.
    pub mod optional {
        use super::{Debug, Message, View, ViewMut};

        /// What the field holds.
        pub fn view<M: Message + Debug>(field: &Option<M>, _: u32) -> View<'_> {
            field.as_ref().map_or(View::Unset, |message| View::Foreign(message))
        }

        /// What it holds, to be written to.
        pub fn view_mut<M: Message + Debug + Default>(field: &mut Option<M>, _: u32) -> Option<ViewMut<'_>> {
            Some(ViewMut::Foreign(field.get_or_insert_default()))
        }
    }

    /// A message that is there.
    pub mod required {
        use super::{Debug, Message, View, ViewMut};

        /// What the field holds.
        pub fn view<M: Message + Debug>(field: &M, _: u32) -> View<'_> {
            View::Foreign(field)
        }

        /// What it holds, to be written to.
        pub fn view_mut<M: Message + Debug>(field: &mut M, _: u32) -> Option<ViewMut<'_>> {
            Some(ViewMut::Foreign(field))
        }
    }

    /// A list of messages.
    pub mod repeated {
        use super::{Debug, Message, View, ViewMut};

        /// What the field holds.
        pub fn view<M: Message + Debug + Default>(field: &Vec<M>, _: u32) -> View<'_> {
            View::Foreigns(field)
        }

        /// What it holds, to be written to.
        pub fn view_mut<M: Message + Debug + Default>(field: &mut Vec<M>, _: u32) -> Option<ViewMut<'_>> {
            Some(ViewMut::Foreigns(field))
        }
    }

    /// A map of messages.
    pub mod map {
        use super::{BTreeMap, Debug, Message, Single, View, ViewMut};

        /// What the field holds.
        pub fn view<K: Single + Ord + Default, M: Message + Debug + Default>(field: &BTreeMap<K, M>, _: u32) -> View<'_> {
            View::ForeignMap(field)
        }

        /// What it holds, to be written to.
        pub fn view_mut<K: Single + Ord + Default, M: Message + Debug + Default>(
            field: &mut BTreeMap<K, M>,
            _: u32,
        ) -> Option<ViewMut<'_>> {
            Some(ViewMut::ForeignMap(field))
        }
    }
}
