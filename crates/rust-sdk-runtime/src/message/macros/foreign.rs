//! Fields of structs that hold messages of other crates, as the engine sees them: a module for each presence.

use std::collections::BTreeMap;
use std::fmt::Debug;

use prost::Message;

use crate::message::engine::{Single, View, ViewMut};

/// A message that may be absent.
pub mod optional {
    use super::{Debug, Message, View, ViewMut};

    /// What the field holds.
    pub fn view<M: Message + Debug>(field: &Option<M>) -> View<'_> {
        field.as_ref().map_or(View::Unset, |message| View::Foreign(message))
    }

    /// What it holds, to be written to.
    pub fn view_mut<M: Message + Debug + Default>(field: &mut Option<M>) -> ViewMut<'_> {
        ViewMut::Foreign(field.get_or_insert_default())
    }
}

/// A message that is there.
pub mod required {
    use super::{Debug, Message, View, ViewMut};

    /// What the field holds.
    pub fn view<M: Message + Debug>(field: &M) -> View<'_> {
        View::Foreign(field)
    }

    /// What it holds, to be written to.
    pub fn view_mut<M: Message + Debug>(field: &mut M) -> ViewMut<'_> {
        ViewMut::Foreign(field)
    }
}

/// A list of messages.
pub mod repeated {
    use super::{Debug, Message, View, ViewMut};

    /// What the field holds.
    pub fn view<M: Message + Debug + Default>(field: &Vec<M>) -> View<'_> {
        View::Foreigns(field)
    }

    /// What it holds, to be written to.
    pub fn view_mut<M: Message + Debug + Default>(field: &mut Vec<M>) -> ViewMut<'_> {
        ViewMut::Foreigns(field)
    }
}

/// A map of messages.
pub mod map {
    use super::{BTreeMap, Debug, Message, Single, View, ViewMut};

    /// What the field holds.
    pub fn view<K: Single + Ord + Default, M: Message + Debug + Default>(field: &BTreeMap<K, M>) -> View<'_> {
        View::ForeignMap(field)
    }

    /// What it holds, to be written to.
    pub fn view_mut<K: Single + Ord + Default, M: Message + Debug + Default>(
        field: &mut BTreeMap<K, M>,
    ) -> ViewMut<'_> {
        ViewMut::ForeignMap(field)
    }
}
