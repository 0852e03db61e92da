//! A whole API: its services, with look-ups by gRPC path, by name and by HTTP route.

pub mod access;
pub mod method;
pub mod resource;
pub mod routing;

use std::sync::OnceLock;

use crate::api::method::{Method, Service};
use crate::api::routing::{Match, Routes};

/// The services of an API. Generated code holds one as a `static`.
///
/// Look-ups allocate nothing, except that the first look-up of each kind builds an index.
#[derive(Debug)]
pub struct Api {
    services: &'static [&'static Service],
    index: OnceLock<Index>,
    routes: OnceLock<Routes>,
}

impl Api {
    /// An API of these services.
    #[doc(hidden)]
    pub const fn new(services: &'static [&'static Service]) -> Self {
        Self { services, index: OnceLock::new(), routes: OnceLock::new() }
    }

    /// The services, by package and in declaration order.
    pub const fn services(&self) -> &'static [&'static Service] {
        self.services
    }

    /// Every method, in the order of the services and of their declarations.
    pub fn methods(&self) -> impl Iterator<Item = &'static Method> {
        self.services.iter().flat_map(|service| service.methods())
    }

    /// The method with this gRPC path, `/package.Service/Method`.
    #[inline]
    pub fn method(&self, path: &str) -> Option<&'static Method> {
        self.method_by_name(path.strip_prefix('/')?)
    }

    /// The method with this full name, `package.Service/Method`.
    #[inline]
    pub fn method_by_name(&self, full_name: &str) -> Option<&'static Method> {
        self.index.get_or_init(|| Index::new(self.services)).find(full_name)
    }

    /// The method that serves this HTTP verb (upper case) and path (escaped, without the query).
    pub fn route<'p>(&self, verb: &str, path: &'p str) -> Option<Match<'p>> {
        self.routes().find(verb, path)
    }

    /// All HTTP routes.
    pub fn routes(&self) -> &Routes {
        self.routes.get_or_init(|| Routes::new(self.services))
    }
}

/// An open-addressing table of the methods by full name, at most half full.
#[derive(Debug)]
struct Index {
    slots: Box<[Option<Slot>]>,
    mask: usize,
}

/// The name is stored here, too, so that a comparison does not load the method.
#[derive(Clone, Copy, Debug)]
struct Slot {
    name: &'static str,
    method: &'static Method,
}

impl Index {
    fn new(services: &[&'static Service]) -> Self {
        let count: usize = services.iter().map(|service| service.methods().len()).sum();
        let size = (count * 2).next_power_of_two().max(2);
        let mut index = Self { slots: vec![None; size].into_boxed_slice(), mask: size - 1 };
        for method in services.iter().flat_map(|service| service.methods()) {
            let name = method.full_name();
            let mut at = index.start(name);
            while index.slots[at].is_some() {
                at = (at + 1) & index.mask;
            }
            index.slots[at] = Some(Slot { name, method });
        }
        index
    }

    #[inline]
    fn find(&self, full_name: &str) -> Option<&'static Method> {
        let mut at = self.start(full_name);
        // A free slot ends the search, and half of them are free.
        while let Some(slot) = self.slots[at] {
            if slot.name == full_name {
                return Some(slot.method);
            }
            at = (at + 1) & self.mask;
        }
        None
    }

    #[inline]
    #[expect(clippy::cast_possible_truncation, reason = "the mask keeps the low bits only")]
    fn start(&self, full_name: &str) -> usize {
        hash(full_name.as_bytes()) as usize & self.mask
    }
}

/// A hash of a name. The names are the API's own, so nobody can choose them to collide.
///
/// The hash is a sum of products, one for each sixteen bytes, with different keys at every position. No product depends on the one before,
/// so the processor computes them in parallel.
#[inline]
fn hash(name: &[u8]) -> u64 {
    const STEP: u64 = 0x9e37_79b9_7f4a_7c15;
    let product = |pair: &[u8; 16], key: u64| {
        let word = |at: usize| pair[at..].first_chunk().map_or(0, |word| u64::from_le_bytes(*word));
        let product = u128::from(word(0) ^ key) * u128::from(word(8) ^ key.rotate_left(32));
        #[expect(clippy::cast_possible_truncation, reason = "the high half has been folded in")]
        let folded = (product ^ (product >> 64)) as u64;
        folded
    };
    let (pairs, rest) = name.as_chunks();
    let mut key = STEP;
    let mut sum = name.len() as u64;
    for pair in pairs {
        sum = sum.wrapping_add(product(pair, key));
        key = key.wrapping_add(STEP);
    }
    // The last sixteen bytes overlap the ones before, so that no odd bytes are left over.
    let last = name.last_chunk().copied().unwrap_or_else(|| {
        let mut last = [0; 16];
        last[..rest.len()].copy_from_slice(rest);
        last
    });
    sum.wrapping_add(product(&last, key))
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::hash;

    #[test]
    fn a_hash_depends_on_every_byte_and_on_the_length() {
        for length in 0..100 {
            let name: Vec<u8> = (b'a'..=b'z').cycle().take(length).collect();
            let mut hashes = HashSet::from([hash(&name), hash(&[&name[..], &[0]].concat())]);
            for at in 0..length {
                let mut other = name.clone();
                other[at] ^= 1;
                hashes.insert(hash(&other));
            }
            assert_eq!(hashes.len(), length + 2);
        }
    }

    #[test]
    fn names_alike_are_spread_over_the_low_bits() {
        let names = (0..100).flat_map(|service| {
            ["Get", "List", "Create"].map(|verb| format!("acme.v1.Service{service:02}/{verb}Thing"))
        });
        let slots: HashSet<_> = names.map(|name| hash(name.as_bytes()) % 1024).collect();
        // 300 into 1024 at random leave about 260 different ones.
        assert!(slots.len() > 230, "{}", slots.len());
    }
}
