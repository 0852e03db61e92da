//! Who has which key, and may do what. A real server would look it up.

use std::collections::HashMap;

use lumen_cloud::Error;
use lumen_cloud::runtime::access::Identity;
use lumen_cloud::runtime::server::{Authorizer, Parts, credentials};

/// Callers by their keys.
pub struct Keys(HashMap<&'static str, Identity>);

/// Those of the example.
pub fn known() -> Keys {
    let reader = Identity::new(["read:greenhouses"]).within("acme");
    let owner = Identity::new(["read:greenhouses", "write:greenhouses", "delete:greenhouses"]).within("acme");
    Keys(HashMap::from([("reader", reader), ("owner", owner)]))
}

impl Authorizer for Keys {
    type Identity = Identity;

    async fn authenticate(&self, head: &Parts) -> Result<Identity, Error> {
        let caller = credentials(head, "apikey").and_then(|key| self.0.get(key));
        Ok(caller.cloned().unwrap_or(Identity::anonymous()))
    }
}
