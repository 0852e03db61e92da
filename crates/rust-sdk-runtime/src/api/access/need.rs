//! What the calls of a program need.

use std::collections::{BTreeMap, BTreeSet};

use super::choices::{self, TooManyChoices};
use super::{Access, Caller, Rule};
use crate::api::Api;
use crate::api::method::{Method, PatchSource};

/// What a caller needs to make certain calls: [`Api::required_for`].
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
    /// What these calls need, all together.
    pub fn of(methods: impl IntoIterator<Item = &'static Method>) -> Self {
        let mut needs = Self::default();
        for method in methods {
            needs.methods.push(method);
            needs.add(method, method.access());
        }
        // Who has all of the permissions has one of those, too; and who has one of few has one of more.
        let Self { all, any, .. } = &mut needs;
        any.retain(|group| group.is_disjoint(all));
        let groups = any.clone();
        any.retain(|group| !groups.iter().any(|other| other != group && other.is_subset(group)));
        needs
    }

    /// With what is needed to make the updates among the calls with field masks: what an update leaves alone is read by
    /// another method, which the API names ([`Method::patch_source`]).
    #[must_use]
    pub fn with_masks(self) -> Self {
        let reads = self.methods.iter().filter_map(|method| method.patch_source()).map(PatchSource::get);
        Self::of(self.methods.iter().copied().chain(reads))
    }

    fn add(&mut self, method: &'static Method, access: &Access) {
        match access.rule() {
            Rule::Public => return,
            Rule::Authenticated => {}
            // What has no name is held by nobody.
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

    /// The permissions without which some call is refused.
    pub fn all(&self) -> &BTreeSet<&'static str> {
        &self.all
    }

    /// The choices: of each set, one permission is needed besides [`all`](Self::all). None of the sets is within another
    /// one, and none has a permission of `all`.
    pub fn any(&self) -> &BTreeSet<BTreeSet<&'static str>> {
        &self.any
    }

    /// A least set of permissions that is enough: none of it can be left out. Where there are several, it is the smallest
    /// one, and of those the first in alphabetical order; where [there are too many](TooManyChoices), one of them.
    pub fn least(&self) -> BTreeSet<&'static str> {
        match self.minimal_sets() {
            Ok(sets) => sets.into_iter().next().unwrap_or_default(),
            Err(_) => &self.all | &choices::one(&self.any),
        }
    }

    /// Every set of permissions that is enough and of which none can be left out, the smallest ones first.
    ///
    /// Choices that have nothing to do with each other multiply: ten of two permissions each are 1024 sets. So there is a
    /// limit, beyond which [`all`](Self::all) and [`any`](Self::any) say the same.
    pub fn minimal_sets(&self) -> Result<Vec<BTreeSet<&'static str>>, TooManyChoices> {
        let sets = choices::all(&self.any)?;
        Ok(sets.into_iter().map(|set| &self.all | &set).collect())
    }

    /// The kinds of callers that may make all of the calls. `None` is every kind; an empty set says that the methods are
    /// for different kinds, so that no one caller may make all of the calls.
    pub fn actors(&self) -> Option<&BTreeSet<&'static str>> {
        self.actors.as_ref()
    }

    /// The methods that are for certain kinds of callers: those to look at where [`actors`](Self::actors) has none left.
    pub fn limited(&self) -> &[&'static Method] {
        &self.limited
    }

    /// The methods that nobody may call, whatever their permissions.
    pub fn denied(&self) -> &[&'static Method] {
        &self.denied
    }

    /// Whether some call needs an authenticated caller.
    pub fn authentication(&self) -> bool {
        self.authentication
    }

    /// Whether there can be a caller who may make all of the calls.
    pub fn is_possible(&self) -> bool {
        self.denied.is_empty() && !self.actors.as_ref().is_some_and(BTreeSet::is_empty)
    }
}

impl Api {
    /// What a caller needs to make all of these calls, such as those of a program: the permissions to be given to its key.
    pub fn required_for(&self, methods: impl IntoIterator<Item = &'static Method>) -> Needs {
        Needs::of(methods)
    }

    /// The methods that this caller may call, in the caller's own account.
    pub fn callable<'a>(&'a self, caller: &Caller<'a>) -> impl Iterator<Item = &'static Method> + use<'a> {
        let caller = *caller;
        self.methods().filter(move |method| method.access().check_own_account(&caller).is_allowed())
    }

    /// The methods that ask for this permission, alone, with others or among others.
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
                // A permission may be listed twice, but a method is not.
                if methods.last().is_none_or(|last| !std::ptr::eq(*last, method)) {
                    methods.push(method);
                }
            }
        }
        index
    }
}
