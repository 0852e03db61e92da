//! A whole API: its services, with look-ups by gRPC path, by name and by HTTP route.

use std::hash::{BuildHasher, BuildHasherDefault, Hasher};
use std::sync::OnceLock;

use crate::http::{Match, Routes};
use crate::method::{Method, Service};

/// The services of an API. Generated code holds one as a `static`.
///
/// Looking up allocates nothing; the first look-up of each kind builds its index.
#[derive(Debug)]
pub struct Api {
    services: &'static [&'static Service],
    index: OnceLock<Index>,
    routes: OnceLock<Routes>,
}

impl Api {
    /// An API of these services.
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
    pub fn method(&self, path: &str) -> Option<&'static Method> {
        self.method_by_name(path.strip_prefix('/')?)
    }

    /// The method with this full name, `package.Service/Method`.
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
    slots: Box<[Option<&'static Method>]>,
    mask: usize,
}

impl Index {
    fn new(services: &[&'static Service]) -> Self {
        let count: usize = services.iter().map(|service| service.methods().len()).sum();
        let size = (count * 2).next_power_of_two().max(2);
        let mut index = Self { slots: vec![None; size].into_boxed_slice(), mask: size - 1 };
        for method in services.iter().flat_map(|service| service.methods()) {
            let mut at = index.start(method.full_name());
            while index.slots[at].is_some() {
                at = (at + 1) & index.mask;
            }
            index.slots[at] = Some(method);
        }
        index
    }

    fn find(&self, full_name: &str) -> Option<&'static Method> {
        let mut at = self.start(full_name);
        // A free slot ends the search, and half of them are free.
        while let Some(method) = self.slots[at] {
            if method.full_name() == full_name {
                return Some(method);
            }
            at = (at + 1) & self.mask;
        }
        None
    }

    #[allow(clippy::cast_possible_truncation, reason = "the mask keeps the low bits only")]
    fn start(&self, full_name: &str) -> usize {
        BuildHasherDefault::<NameHasher>::default().hash_one(Name(full_name)) as usize & self.mask
    }
}

/// Hashes a name's bytes alone, without `str`'s terminator.
struct Name<'a>(&'a str);

impl std::hash::Hash for Name<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write(self.0.as_bytes());
    }
}

/// Multiply and rotate, eight bytes at a time. The names are the API's own: nobody chooses them to collide.
#[derive(Default)]
struct NameHasher(u64);

impl Hasher for NameHasher {
    fn write(&mut self, bytes: &[u8]) {
        const FACTOR: u64 = 0x517c_c1b7_2722_0a95;
        let mut hash = self.0 ^ bytes.len() as u64;
        let (words, rest) = bytes.as_chunks::<8>();
        for word in words {
            hash = (hash.rotate_left(5) ^ u64::from_le_bytes(*word)).wrapping_mul(FACTOR);
        }
        let mut last = [0; 8];
        last[..rest.len()].copy_from_slice(rest);
        self.0 = (hash.rotate_left(5) ^ u64::from_le_bytes(last)).wrapping_mul(FACTOR);
    }

    fn finish(&self) -> u64 {
        self.0 ^ (self.0 >> 32)
    }
}
