//! Who has which key, and may do what.

use std::collections::HashMap;
use std::sync::Arc;

use acme_books::Error;
use acme_books::runtime::access::Identity;
use acme_books::runtime::server::{Authorizer, Parts, credentials};

/// The permissions of each key. A larger company asks its identity service in [`Authorizer::authenticate`] instead.
#[derive(Clone)]
pub struct Keys(Arc<HashMap<String, Identity>>);

impl Keys {
    /// Reads `KEY=permission,permission;KEY=…`.
    pub fn parse(text: &str) -> Result<Self, String> {
        let entries = text.split(';').filter(|entry| !entry.trim().is_empty());
        let keys = entries.map(|entry| match entry.trim().split_once('=') {
            Some((key, permissions)) if !key.is_empty() => {
                let permissions = permissions.split(',').map(|permission| permission.trim().to_owned());
                let permissions: Vec<String> = permissions.collect();
                Ok((key.to_owned(), Identity::new(permissions).everywhere()))
            }
            _ => Err("a key is empty or has no `=`".to_owned()),
        });
        Ok(Self(Arc::new(keys.collect::<Result<_, String>>()?)))
    }
}

impl Authorizer for Keys {
    type Identity = Identity;

    async fn authenticate(&self, head: &Parts) -> Result<Identity, Error> {
        let caller = credentials(head, "apikey").and_then(|key| self.0.get(key));
        Ok(caller.cloned().unwrap_or(Identity::anonymous()))
    }
}
