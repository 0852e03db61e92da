//! Choices between permissions: the sets that have one of each group, and no more than that.

use std::collections::BTreeSet;

type Set = BTreeSet<&'static str>;

/// How many sets are told apart before it is too many.
const LIMIT: usize = 1000;

/// The calls can be made with too many different sets of permissions for all of them to be listed: more than 1000, at
/// the end or on the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there are too many least sets of permissions to list them: choose among `any` one by one")]
pub struct TooManyChoices;

/// Every minimal set with one of each group at least: the smallest first, then in order.
///
/// Group after group (Berge): a set that has one of the next group stays; another one gets one of it, in every way that
/// makes no superset of one that stays. Among those that get one, none is a superset of another.
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

/// One such set, without a look at all of them: everything, from which is taken what can be.
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

/// The smallest groups first: they leave the fewest sets on the way.
fn ordered(groups: &BTreeSet<Set>) -> Vec<&Set> {
    let mut groups: Vec<&Set> = groups.iter().collect();
    groups.sort_by_key(|group| group.len());
    groups
}
