//! The access that the calls of a program need.

use std::collections::{BTreeMap, BTreeSet};

use super::choices::{self, TooManyChoices};
use super::{Access, Caller, Rule};
use crate::api::Api;
use crate::api::method::{Method, PatchSource};

/// The access that a caller needs for certain calls: [`Api::required_for`].
///
/// ```
/// # use rust_sdk_runtime::access::{Access, Needs};
/// # use rust_sdk_runtime::method::Method;
/// static LIST: Method = Method::unary("/acme.v1.Shelves/List").requires(Access::all(&["read:shelves"]));
/// static COUNT: Method = Method::unary("/acme.v1.Shelves/Count")
///     .requires(Access::any(&["read:counts", "admin:shelves"]).only(&["ACTOR_TYPE_USER"]));
///
/// let needs = Needs::of([&LIST, &COUNT]);
/// assert!(needs.all().iter().eq(&["read:shelves"]));
/// assert_eq!(needs.minimal_sets().unwrap().len(), 2);
/// assert!(needs.least().iter().eq(&["admin:shelves", "read:shelves"]));
/// assert!(needs.actors().unwrap().iter().eq(&["ACTOR_TYPE_USER"]));
/// ```
#[derive(Clone, Debug, Default)]
pub struct Needs {
    methods: Vec<&'static Method>,
    all: BTreeSet<&'static str>,
    any: BTreeSet<BTreeSet<&'static str>>,
    actors: Option<BTreeSet<&'static str>>,
    limited: Vec<&'static Method>,
    denied: Vec<&'static Method>,
    authentication: bool,
}

impl Needs {
    /// The access that all of these calls together need.
    pub fn of(methods: impl IntoIterator<Item = &'static Method>) -> Self {
        let mut needs = Self::default();
        for method in methods {
            needs.methods.push(method);
            needs.add(method, method.access());
        }
        // Drops each group that `all` or a smaller group already satisfies.
        let Self { all, any, .. } = &mut needs;
        any.retain(|group| group.is_disjoint(all));
        let groups = any.clone();
        any.retain(|group| !groups.iter().any(|other| other != group && other.is_subset(group)));
        needs
    }

    /// Adds the access that updates with field masks need: a server reads the unchanged fields by another method, which the API names
    /// ([`Method::patch_source`]).
    #[must_use]
    pub fn with_masks(self) -> Self {
        let reads = self.methods.iter().filter_map(|method| method.patch_source()).map(PatchSource::get);
        Self::of(self.methods.iter().copied().chain(reads))
    }

    fn add(&mut self, method: &'static Method, access: &Access) {
        match access.rule() {
            Rule::Public => return,
            Rule::Authenticated => {}
            // Nobody can hold a permission without a name.
            Rule::All(names) if !names.is_empty() && !names.contains(&"") => self.all.extend(names),
            Rule::Any(names) if names.iter().any(|name| !name.is_empty()) => {
                self.any.insert(names.iter().copied().filter(|name| !name.is_empty()).collect());
            }
            Rule::Denied | Rule::All(_) | Rule::Any(_) => return self.denied.push(method),
        }
        self.authentication = true;
        if !access.actors().is_empty() {
            self.limited.push(method);
            let here = access.actors().iter().copied().collect();
            self.actors = Some(match self.actors.take() {
                Some(actors) => &actors & &here,
                None => here,
            });
        }
    }

    /// The permissions without which at least one call is refused.
    pub fn all(&self) -> &BTreeSet<&'static str> {
        &self.all
    }

    /// The choices: one permission of each set is needed in addition to [`all`](Self::all). No set contains another one, and none has a
    /// permission of `all`.
    pub fn any(&self) -> &BTreeSet<BTreeSet<&'static str>> {
        &self.any
    }

    /// A minimal sufficient set of permissions: none can be left out. If there are several, it is the smallest, and among equally small
    /// ones the first in alphabetical order. If there are [too many](TooManyChoices), it is any one of them.
    pub fn least(&self) -> BTreeSet<&'static str> {
        match self.minimal_sets() {
            Ok(sets) => sets.into_iter().next().unwrap_or_default(),
            Err(_) => &self.all | &choices::one(&self.any),
        }
    }

    /// Every minimal sufficient set of permissions, smaller sets first.
    ///
    /// Independent choices multiply: ten choices between two permissions make 1024 sets. The number is limited; beyond the limit use
    /// [`all`](Self::all) and [`any`](Self::any), which state the same.
    pub fn minimal_sets(&self) -> Result<Vec<BTreeSet<&'static str>>, TooManyChoices> {
        let sets = choices::all(&self.any)?;
        Ok(sets.into_iter().map(|set| &self.all | &set).collect())
    }

    /// The kinds of callers that may make all of the calls; `None` means every kind. An empty set means that the methods are for different
    /// kinds, so no single caller may make all of the calls.
    pub fn actors(&self) -> Option<&BTreeSet<&'static str>> {
        self.actors.as_ref()
    }

    /// The methods that are for certain kinds of callers: look at them if [`actors`](Self::actors) is empty.
    pub fn limited(&self) -> &[&'static Method] {
        &self.limited
    }

    /// The methods that nobody may call, with any permissions.
    pub fn denied(&self) -> &[&'static Method] {
        &self.denied
    }

    /// Whether at least one call needs an authenticated caller.
    pub fn authentication(&self) -> bool {
        self.authentication
    }

    /// Whether any caller could make all of the calls.
    pub fn is_possible(&self) -> bool {
        self.denied.is_empty() && !self.actors.as_ref().is_some_and(BTreeSet::is_empty)
    }
}

impl Api {
    /// The access that a caller needs to make all of these calls: for example, the permissions for a program's key.
    pub fn required_for(&self, methods: impl IntoIterator<Item = &'static Method>) -> Needs {
        Needs::of(methods)
    }

    /// The methods that this caller may call in its own account.
    pub fn callable<'a>(&'a self, caller: &Caller<'a>) -> impl Iterator<Item = &'static Method> + use<'a> {
        let caller = *caller;
        self.methods().filter(move |method| method.access().check_own_account(&caller).is_allowed())
    }

    /// The methods that list this permission, alone or with others.
    pub fn methods_asking_for<'a>(
        &'a self,
        permission: &'a str,
    ) -> impl Iterator<Item = &'static Method> + use<'a> {
        self.methods().filter(move |method| method.access().permissions().contains(&permission))
    }

    /// Every permission, with the methods that ask for it.
    pub fn methods_by_permission(&self) -> BTreeMap<&'static str, Vec<&'static Method>> {
        let mut index: BTreeMap<_, Vec<&Method>> = BTreeMap::new();
        for method in self.methods() {
            for permission in method.access().permissions() {
                let methods = index.entry(*permission).or_default();
                // A method may list a permission twice, but the index lists the method once.
                if methods.last().is_none_or(|last| !std::ptr::eq(*last, method)) {
                    methods.push(method);
                }
            }
        }
        index
    }
}
