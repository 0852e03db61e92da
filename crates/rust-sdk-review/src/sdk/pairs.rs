//! Pairs the elements of two versions: by name, else by Rust name, else by contents.

use std::collections::{BTreeMap, BTreeSet};

use rust_sdk_model::api::{EnumValue, Kind, TypeRef};

use super::surface::{Enum, Field, Message, Package, Sdk, Service, Type};

/// Two versions of one element, each with its name.
pub(super) type Pair<'a, T> = ((&'a str, &'a T), (&'a str, &'a T));

/// Elements of two versions.
pub(super) struct Matched<'a, T> {
    pub(super) pairs: Vec<Pair<'a, T>>,
    pub(super) removed: Vec<(&'a str, &'a T)>,
    pub(super) added: Vec<(&'a str, &'a T)>,
}

impl<'a, T> Matched<'a, T> {
    fn by_name(old: &'a BTreeMap<String, T>, new: &'a BTreeMap<String, T>) -> Self {
        let mut matched = Self { pairs: Vec::new(), removed: Vec::new(), added: Vec::new() };
        for (name, element) in old {
            match new.get_key_value(name) {
                Some((same, other)) => matched.pairs.push(((name, element), (same, other))),
                None => matched.removed.push((name, element)),
            }
        }
        let added = new.iter().filter(|(name, _)| !old.contains_key(*name));
        matched.added = added.map(|(name, element)| (name.as_str(), element)).collect();
        matched
    }

    /// Pairs remaining elements with the same key, if the key is unique in both versions.
    fn by<K: Ord>(mut self, key: impl Fn(&T) -> Option<K>) -> Self {
        let unique = |elements: &[(&'a str, &'a T)]| {
            let mut found: BTreeMap<K, Vec<(&'a str, &'a T)>> = BTreeMap::new();
            for (name, element) in elements {
                if let Some(key) = key(element) {
                    found.entry(key).or_default().push((name, element));
                }
            }
            found.retain(|_, elements| elements.len() == 1);
            found
        };
        let (old, mut new) = (unique(&self.removed), unique(&self.added));
        for (key, elements) in old {
            if let Some(others) = new.remove(&key) {
                self.pairs.push((elements[0], others[0]));
            }
        }
        let (old, new): (BTreeSet<&str>, BTreeSet<&str>) =
            self.pairs.iter().map(|((old, _), (new, _))| (*old, *new)).unzip();
        self.removed.retain(|(name, _)| !old.contains(name));
        self.added.retain(|(name, _)| !new.contains(name));
        self
    }
}

/// Pairs the packages. A removed package is paired with the new package that has most of its names, if that is at least
/// half of them.
pub(super) fn packages<'a>(old: &'a Sdk, new: &'a Sdk) -> Matched<'a, Package> {
    let mut matched = Matched::by_name(&old.packages, &new.packages);
    let names = |package: &'a Package| -> BTreeSet<&'a str> {
        let types = package.messages.keys().chain(package.enums.keys());
        types.chain(package.services.keys()).map(String::as_str).collect()
    };
    for gone in std::mem::take(&mut matched.removed) {
        let was = names(gone.1);
        let shared = |package: &'a Package| names(package).intersection(&was).count();
        let best = (0..matched.added.len()).max_by_key(|index| shared(matched.added[*index].1));
        match best.filter(|index| !was.is_empty() && shared(matched.added[*index].1) * 2 >= was.len()) {
            Some(index) => matched.pairs.push((gone, matched.added.remove(index))),
            None => matched.removed.push(gone),
        }
    }
    matched
}

pub(super) fn services<'a>(old: &'a Package, new: &'a Package) -> Matched<'a, Service> {
    Matched::by_name(&old.services, &new.services)
        .by(|service| service.names.first().map(|(_, name)| name.clone()))
        .by(|service| {
            let methods: Vec<&String> = service.methods.keys().collect();
            (!methods.is_empty()).then(|| methods.into_iter().cloned().collect::<Vec<_>>())
        })
}

pub(super) fn methods<'a>(old: &'a Service, new: &'a Service) -> Matched<'a, super::surface::Method> {
    Matched::by_name(&old.methods, &new.methods).by(|method| Some(method.function.clone()))
}

pub(super) fn messages<'a>(old: &'a Package, new: &'a Package) -> Matched<'a, Message> {
    let fields = |message: &Message| {
        let field = |field: &Field| (field.number, field.name.clone());
        let fields: Vec<(u32, String)> = message.fields.iter().map(field).collect();
        (!fields.is_empty()).then_some(fields)
    };
    Matched::by_name(&old.messages, &new.messages).by(|message| Some(message.path.clone())).by(fields)
}

pub(super) fn enums<'a>(old: &'a Package, new: &'a Package) -> Matched<'a, Enum> {
    // If an enum is renamed, its values keep their names, or they get its new prefix and keep their variants.
    let values = |item: &Enum, name: fn(&EnumValue) -> &String| {
        item.values.iter().map(|value| (value.number, name(value).clone())).collect::<Vec<_>>()
    };
    Matched::by_name(&old.enums, &new.enums)
        .by(|item| Some(item.path.clone()))
        .by(|item| Some(values(item, |value| &value.name)))
        .by(|item| Some(values(item, |value| &value.variant)))
}

/// Pairs the fields of two versions of a message: by name, else by number.
pub(super) fn fields<'a>(
    old: &'a Message,
    new: &'a Message,
) -> (Vec<(&'a Field, &'a Field)>, Vec<&'a Field>, Vec<&'a Field>) {
    let named = |fields: &'a [Field]| -> BTreeMap<&'a str, &'a Field> {
        fields.iter().map(|field| (field.name.as_str(), field)).collect()
    };
    let (was, mut is) = (named(&old.fields), named(&new.fields));
    let mut pairs = Vec::new();
    let mut removed = Vec::new();
    for (name, field) in was {
        match is.remove(name) {
            Some(other) => pairs.push((field, other)),
            None => removed.push(field),
        }
    }
    removed.retain(|field| {
        let same = is.values().find(|other| other.number == field.number).map(|other| other.name.as_str());
        let Some(other) = same.and_then(|name| is.remove(name)) else { return true };
        pairs.push((field, other));
        false
    });
    (pairs, removed, is.into_values().collect())
}

/// The types that are the same in both versions, though they may have other names.
#[derive(Default)]
pub(super) struct Types {
    /// From old full names to new ones.
    same: BTreeMap<String, String>,
}

impl Types {
    pub(super) fn add(&mut self, old: &str, new: &str) {
        self.same.insert(old.to_owned(), new.to_owned());
    }

    /// Whether a type is the same. A type that is not generated here must be the same Rust type.
    pub(super) fn is_same_type(&self, old: &TypeRef, new: &TypeRef) -> bool {
        self.same.get(&old.name).map_or(old == new, |name| *name == new.name)
    }

    pub(super) fn is_same_kind(&self, old: &Kind, new: &Kind) -> bool {
        match (old, new) {
            (Kind::Scalar(old), Kind::Scalar(new)) => old == new,
            (Kind::Enum(old), Kind::Enum(new))
            | (Kind::Message(old), Kind::Message(new))
            | (Kind::Group(old), Kind::Group(new)) => self.is_same_type(old, new),
            (Kind::Map(old_key, old_value), Kind::Map(new_key, new_value)) => {
                self.is_same_kind(old_key, new_key) && self.is_same_kind(old_value, new_value)
            }
            _ => false,
        }
    }

    /// Whether setters take the same type.
    pub(super) fn is_same(&self, old: &Type, new: &Type) -> bool {
        self.is_same_kind(&old.kind, &new.kind) && old.is_list == new.is_list && self.is_same_mask(old, new)
    }

    /// Whether a typed mask is for the same resource.
    pub(super) fn is_same_mask(&self, old: &Type, new: &Type) -> bool {
        let now = old.mask_of.as_ref().map(|resource| self.same.get(resource).unwrap_or(resource));
        now == new.mask_of.as_ref()
    }
}
