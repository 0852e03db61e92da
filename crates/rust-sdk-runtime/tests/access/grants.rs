//! What can be asked for permissions, and callers made of it.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use rust_sdk_runtime::access::{Access, Caller, Grants, Identity, Permission};

const READ: Permission = Permission::new("read:a");
const ACCESS: Access = Access::all(&["read:a"]).only(&["USER"]).within("account_id");

/// Callers are known when a program is compiled.
const CONST: Caller<'static> = Caller::new(&["read:a"]).actor("USER").within("x");

#[test]
fn lists_and_sets_of_any_kind_of_name_are_permissions() {
    fn check(grants: &(impl Grants + Sync)) {
        assert!(grants.holds("read:a"));
        for other in ["read:b", "READ:A", "read:a ", "read:", ""] {
            assert!(!grants.holds(other), "{other}");
        }
        assert!(Access::all(&["read:a"]).check(&grants.into(), None).is_allowed());
    }
    let owned = "read:a".to_owned();
    check(&["read:a"]);
    check(&&["read:c", "read:a"][..]);
    check(&vec![owned.clone()]);
    check(&Arc::new(vec![READ]));
    check(&Box::new([Cow::from("read:a")]));
    check(&HashSet::from(["read:a"]));
    check(&HashSet::from([owned.clone()]));
    check(&HashSet::from([READ]));
    check(&BTreeSet::from([READ, Permission::from("z".to_owned())]));
    check(&BTreeSet::from([Arc::<str>::from(owned)]));
}

#[test]
fn a_type_of_ones_own_gives_names_their_meaning() {
    struct Prefix(&'static str);
    impl Grants for Prefix {
        fn holds(&self, permission: &str) -> bool {
            permission.starts_with(self.0)
        }
    }
    let access = Access::all(&["read:a", "read:b"]);
    assert!(access.check(&Caller::new(&Prefix("read:")), None).is_allowed());
    assert!(!access.check(&Caller::new(&Prefix("read:a")), None).is_allowed());
}

#[test]
fn a_caller_says_what_it_was_made_of() {
    assert_eq!((CONST.is_authenticated(), CONST.kind(), CONST.account()), (true, Some("USER"), Some("x")));
    assert!(CONST.grants().holds("read:a"));
    assert!(ACCESS.check(&CONST, Some("x")).is_allowed());
    let anonymous = Caller::anonymous();
    assert_eq!((anonymous.is_authenticated(), anonymous.kind(), anonymous.account()), (false, None, None));
    assert!(!anonymous.grants().holds(""));
    // Nothing makes a caller of somebody unknown.
    assert!(!ACCESS.check(&anonymous.actor("USER").everywhere(), Some("x")).is_allowed());
}

#[test]
fn an_identity_is_the_caller_that_it_was_made_as() {
    let identity = Identity::new(vec![READ]).actor("USER");
    let clone = identity.clone().within("x");
    assert!(ACCESS.check(&clone.caller(), Some("x")).is_allowed());
    assert!(!ACCESS.check(&clone.caller(), Some("y")).is_allowed());
    assert!(ACCESS.check(&identity.clone().everywhere().caller(), Some("y")).is_allowed());
    assert!(!ACCESS.check(&identity.caller(), Some("x")).is_allowed());
    assert!(!Identity::anonymous().caller().is_authenticated());
}

#[test]
fn neither_permissions_nor_accounts_print() {
    let identity = Identity::new(vec!["read:secret"]).actor("USER").within("account-1");
    let printed = format!("{identity:?} {:?}", identity.caller());
    assert!(printed.contains("USER") && !printed.contains("secret") && !printed.contains("account-1"));
    let caller = identity.caller();
    let decision = ACCESS.check(&caller, Some("account-2"));
    let printed = format!("{decision:?} {}", decision.refusal().unwrap());
    assert!(!printed.contains("account-1") && !printed.contains("account-2"), "{printed}");
}
