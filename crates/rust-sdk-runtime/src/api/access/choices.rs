//! Choices between permissions: the minimal sets with a permission of each group.

use std::collections::BTreeSet;

type Set = BTreeSet<&'static str>;

/// The largest number of sets that are computed.
const LIMIT: usize = 1000;

/// There are too many minimal sets of permissions to list: more than 1000, in the result or in an intermediate step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "there are too many minimal sets of permissions to list: choose one permission from each set in `any`"
)]
pub struct TooManyChoices;

/// Every minimal set with at least one permission of each group: smaller sets first, sets of equal size in alphabetical order.
///
/// Berge's algorithm adds one group at a time. A set that already has a permission of the group stays. Every other set grows by each
/// permission of the group in turn; a grown set is dropped if it is a superset of a set that stays. No grown set is a superset of another
/// grown set.
pub(super) fn all(groups: &BTreeSet<Set>) -> Result<Vec<Set>, TooManyChoices> {
    let mut sets = vec![Set::new()];
    for group in ordered(groups) {
        let (mut stay, grow): (Vec<Set>, Vec<Set>) =
            sets.into_iter().partition(|set| !set.is_disjoint(group));
        let staying = stay.len();
        for set in grow {
            for permission in group {
                let mut grown = set.clone();
                grown.insert(permission);
                if !stay[..staying].iter().any(|other| other.is_subset(&grown)) {
                    stay.push(grown);
                }
                if stay.len() > LIMIT {
                    return Err(TooManyChoices);
                }
            }
        }
        sets = stay;
    }
    sets.sort_by(|a, b| a.len().cmp(&b.len()).then_with(|| a.cmp(b)));
    Ok(sets)
}

/// One minimal set, without computing all of them: every permission, minus those that can be left out.
pub(super) fn one(groups: &BTreeSet<Set>) -> Set {
    let mut set: Set = groups.iter().flatten().copied().collect();
    for permission in set.clone().into_iter().rev() {
        set.remove(permission);
        if groups.iter().any(|group| group.is_disjoint(&set)) {
            set.insert(permission);
        }
    }
    set
}

/// Smallest groups first, since they create the fewest intermediate sets.
fn ordered(groups: &BTreeSet<Set>) -> Vec<&Set> {
    let mut groups: Vec<&Set> = groups.iter().collect();
    groups.sort_by_key(|group| group.len());
    groups
}
