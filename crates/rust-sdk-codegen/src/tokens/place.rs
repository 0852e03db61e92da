//! Paths from one module of the generated tree to another.

use rust_sdk_model::Api;
use rust_sdk_model::api::{Docs, RustType};
use rust_sdk_model::options::Layout;

/// A module of the generated tree. Without a crate of its own, the tree may be anywhere, so paths from the module are relative.
#[derive(Clone)]
pub(crate) struct Place {
    module: Vec<String>,
    /// Whether the tree's root is a crate's root, so that paths may begin with `crate::`.
    absolute: bool,
}

impl Place {
    pub(crate) fn new(api: &Api, module: &[String]) -> Self {
        Self { module: module.to_vec(), absolute: api.options.layout == Layout::Crate }
    }

    /// A module below this one.
    pub(crate) fn child(&self, name: &str) -> Self {
        let mut module = self.module.clone();
        module.push(name.to_owned());
        Self { module, absolute: self.absolute }
    }

    /// The path from here to a Rust type.
    pub(crate) fn text(&self, ty: &RustType) -> String {
        match ty {
            RustType::Local(item) => self.local(item),
            RustType::Foreign(text) => text.clone(),
        }
    }

    /// The path from here to an item, given as its path below the root.
    pub(crate) fn local(&self, item: &[String]) -> String {
        // An item of another crate.
        if item.first().is_some_and(|first| first.starts_with("::")) {
            return item.join("::");
        }
        let common = self.module.iter().zip(item).take_while(|(a, b)| a == b).count();
        let ups = self.module.len() - common;
        let rest = item[common..].join("::");
        let relative = format!("{}{rest}", "super::".repeat(ups));
        let absolute = format!("crate::{}", item.join("::"));
        let is_shorter = common == 0 || absolute.len() < relative.len();
        if self.absolute && ups > 0 && is_shorter { absolute } else { relative }
    }

    /// The lines of a comment in this module.
    pub(crate) fn docs(&self, docs: &Docs) -> Vec<String> {
        docs.linked(|target| {
            // rustdoc reads the text after a `#` as a place on the page.
            let path = self.local(&target.path).replace("r#", "");
            format!("{}@{path}", target.kind.as_str())
        })
    }
}
