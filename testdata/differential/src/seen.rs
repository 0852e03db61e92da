//! What handlers see: which of them ran, and which account they read.

use std::cell::RefCell;

use http::Extensions;
use rust_sdk_runtime::Method;
use rust_sdk_runtime::access::{Identity, Rule};
use rust_sdk_runtime::server::Admitted;

thread_local! {
    static SEEN: RefCell<Vec<Seen>> = const { RefCell::new(Vec::new()) };
}

/// One run of a handler.
#[derive(Debug)]
pub(crate) struct Seen {
    /// What the layer handed over, if it did.
    admitted: Option<Admitted<Identity>>,
    /// Whose handler it is.
    ran: &'static Method,
    /// The account of each message that it read.
    accounts: Vec<Option<String>>,
}

/// Notes that a handler ran.
pub(crate) fn note(extensions: &Extensions, ran: &'static Method, accounts: Vec<Option<String>>) {
    let admitted = extensions.get().cloned();
    SEEN.with_borrow_mut(|seen| seen.push(Seen { admitted, ran, accounts }));
}

/// What was noted since the last time.
pub(crate) fn take() -> Vec<Seen> {
    SEEN.take()
}

impl Seen {
    /// Why the handler must not have run; `None` where it was checked for what it saw.
    pub(crate) fn difference(&self) -> Option<String> {
        let Some(admitted) = &self.admitted else {
            return Some(format!("{} ran behind no check", self.ran.path()));
        };
        if !std::ptr::eq(admitted.method(), self.ran) {
            return Some(format!("{} ran, checked was {}", self.ran.path(), admitted.method().path()));
        }
        let access = self.ran.access();
        // Whoever may call a public method may do so for any account.
        if access.scope().is_none() || access.rule() == Rule::Public {
            return None;
        }
        let checked = admitted.account();
        let read = |account: &Option<String>| account.clone().filter(|account| !account.is_empty());
        let mut accounts = self.accounts.iter().map(read).peekable();
        let none = accounts.peek().is_none();
        let accounts: Vec<Option<String>> = accounts.collect();
        // A later message of a stream may name none.
        let agrees = accounts.iter().all(|account| account.is_none() || account.as_deref() == checked)
            && (none || accounts.iter().any(|account| account.as_deref() == checked));
        (!agrees).then(|| format!("{} ran for {accounts:?}, checked was {checked:?}", self.ran.path()))
    }
}
