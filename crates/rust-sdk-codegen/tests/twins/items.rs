//! What a package's Rust code has, read with syn.

use std::collections::{BTreeMap, BTreeSet};

/// Items by their paths within the package's module.
#[derive(Debug, Default)]
pub(crate) struct Items {
    pub(crate) messages: BTreeMap<String, Message>,
    pub(crate) oneofs: BTreeMap<String, Oneof>,
    pub(crate) enums: BTreeMap<String, Enum>,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Message {
    /// Names and types of the struct's fields, in order.
    pub(crate) fields: Vec<(String, String)>,
    pub(crate) deprecated: BTreeSet<String>,
    pub(crate) is_copy: bool,
    pub(crate) is_eq: bool,
    /// How the field of each number is encoded.
    pub(crate) encoding: BTreeMap<u32, Encoding>,
    /// Stated defaults by field.
    pub(crate) defaults: BTreeMap<String, String>,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Encoding {
    /// The struct's field.
    pub(crate) field: String,
    /// For a member of a oneof.
    pub(crate) variant: Option<String>,
    /// Presence and kind, in the words of our tables.
    pub(crate) how: String,
}

#[derive(Debug, Default, PartialEq)]
pub(crate) struct Oneof {
    /// Names and types of the variants, in order.
    pub(crate) variants: Vec<(String, String)>,
    pub(crate) deprecated: BTreeSet<String>,
    pub(crate) is_copy: bool,
    pub(crate) is_eq: bool,
}

#[derive(Debug, Default, PartialEq)]
pub(crate) struct Enum {
    /// Variants and their numbers, in order.
    pub(crate) variants: Vec<(String, i32)>,
    pub(crate) deprecated: BTreeSet<String>,
    /// The names of the variants in the file.
    pub(crate) names: BTreeMap<String, String>,
    /// Aliases, which prost has not: left out where both are compared.
    pub(crate) aliases: Aliases,
}

/// Names of numbers that have one already. All are equal, since only one side knows any.
#[derive(Debug, Default)]
pub(crate) struct Aliases(pub(crate) BTreeMap<String, i32>);

impl PartialEq for Aliases {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

/// The standard library's type, not a message of this name.
pub(crate) const STRING: &str = "std::String";

/// Where an item stands: the package's segments, and the modules of types within it.
pub(crate) struct Place<'a> {
    pub(crate) package: &'a str,
    pub(crate) modules: Vec<String>,
    /// Whether `String` is that of the standard library.
    pub(crate) is_std: bool,
}

impl Place<'_> {
    /// A type without spaces, with the standard library's types by their names, and with others by their paths from the root.
    pub(crate) fn type_text(&self, ty: &syn::Type) -> String {
        let text = squeeze(ty);
        let mut out = text
            .replace("::core::option::Option<", "Option<")
            .replace("::prost::alloc::string::String", STRING)
            .replace("::std::string::String", STRING)
            .replace("::prost::alloc::vec::Vec<", "Vec<")
            .replace("::std::vec::Vec<", "Vec<")
            .replace("::prost::alloc::boxed::Box<", "Box<")
            .replace("::std::boxed::Box<", "Box<")
            .replace("::prost::alloc::collections::BTreeMap<", "BTreeMap<")
            .replace("::std::collections::BTreeMap<", "BTreeMap<");
        // No message is a key.
        out = out.replace("BTreeMap<String,", &format!("BTreeMap<{STRING},"));
        // The innermost type is what a path leads to.
        let start = out.rfind(['<', ',']).map_or(0, |at| at + 1);
        let end = out[start..].find('>').map_or(out.len(), |at| start + at);
        let path = self.absolute(&out[start..end]);
        out.replace_range(start..end, &path);
        out
    }

    /// A relative path from the root.
    pub(crate) fn absolute(&self, path: &str) -> String {
        const PRIMITIVE: [&str; 9] = ["bool", "f32", "f64", "i32", "i64", "u32", "u64", "u8", STRING];
        if path == "String" && self.is_std {
            return STRING.to_owned();
        }
        if path.starts_with("::") || path == "()" || PRIMITIVE.contains(&path) {
            return path.to_owned();
        }
        if let Some(path) = path.strip_prefix("crate::") {
            return path.to_owned();
        }
        let mut modules: Vec<String> =
            self.package.split('.').filter(|part| !part.is_empty()).map(module_name).collect();
        modules.extend(self.modules.iter().cloned());
        let mut rest = path;
        while let Some(inner) = rest.strip_prefix("super::") {
            modules.pop();
            rest = inner;
        }
        modules.push(rest.to_owned());
        modules.join("::")
    }

    /// The path of an item here within the package.
    pub(crate) fn path(&self, name: &str) -> String {
        self.modules.iter().map(String::as_str).chain([name]).collect::<Vec<_>>().join("::")
    }
}

fn module_name(part: &str) -> String {
    match heck::ToSnakeCase::to_snake_case(part).as_str() {
        "self" => "self_".to_owned(),
        "type" => "r#type".to_owned(),
        name => name.to_owned(),
    }
}

/// Tokens without spaces.
pub(crate) fn squeeze(tokens: &impl quote::ToTokens) -> String {
    tokens.to_token_stream().to_string().replace(' ', "")
}

/// A literal by its value, so that two ways to write it are one.
pub(crate) fn literal_text(literal: &syn::Lit) -> String {
    match literal {
        syn::Lit::Str(text) => format!("{:?}", text.value()),
        syn::Lit::ByteStr(bytes) => format!("{:?}", bytes.value()),
        other => squeeze(other),
    }
}

/// Calls `visit` for each item with its place; nested modules are walked through.
pub(crate) fn walk(
    items: &[syn::Item],
    place: &mut Place<'_>,
    visit: &mut dyn FnMut(&syn::Item, &Place<'_>),
) {
    for item in items {
        if let syn::Item::Mod(module) = item
            && let Some((_, items)) = &module.content
        {
            place.modules.push(module.ident.to_string());
            walk(items, place, visit);
            place.modules.pop();
        } else {
            visit(item, place);
        }
    }
}

/// The names in `#[derive(…)]`, paths as they stand.
pub(crate) fn derives(attributes: &[syn::Attribute]) -> BTreeSet<String> {
    let lists = attributes.iter().filter(|attribute| attribute.path().is_ident("derive"));
    lists
        .flat_map(|attribute| {
            let list = attribute.meta.require_list().unwrap().tokens.to_string().replace(' ', "");
            list.split(',').map(str::to_owned).collect::<Vec<_>>()
        })
        .collect()
}

pub(crate) fn is_deprecated(attributes: &[syn::Attribute]) -> bool {
    attributes.iter().any(|attribute| attribute.path().is_ident("deprecated"))
}

/// Names, types and deprecations of a oneof's variants.
pub(crate) fn oneof(item: &syn::ItemEnum, place: &Place<'_>) -> Oneof {
    let traits = derives(&item.attrs);
    let ty = |variant: &syn::Variant| place.type_text(&variant.fields.iter().next().unwrap().ty);
    Oneof {
        variants: item.variants.iter().map(|variant| (variant.ident.to_string(), ty(variant))).collect(),
        deprecated: deprecated_variants(item),
        is_copy: traits.contains("Copy"),
        is_eq: traits.contains("Eq") && traits.contains("Hash"),
    }
}

/// Variants and numbers of an enum; `None` for a oneof.
pub(crate) fn enumeration(item: &syn::ItemEnum) -> Option<Enum> {
    let number = |variant: &syn::Variant| squeeze(&variant.discriminant.as_ref()?.1).parse().ok();
    let variants: Option<Vec<(String, i32)>> =
        item.variants.iter().map(|variant| Some((variant.ident.to_string(), number(variant)?))).collect();
    Some(Enum { variants: variants?, deprecated: deprecated_variants(item), ..Enum::default() })
}

fn deprecated_variants(item: &syn::ItemEnum) -> BTreeSet<String> {
    let deprecated = item.variants.iter().filter(|variant| is_deprecated(&variant.attrs));
    deprecated.map(|variant| variant.ident.to_string()).collect()
}
