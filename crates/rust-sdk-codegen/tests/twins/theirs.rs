//! What prost-build makes.

use std::collections::BTreeMap;

use prost_types::FileDescriptorSet;
use syn::parse::Parser as _;
use syn::punctuated::Punctuated;
use syn::{Attribute, Expr, Item, Lit, Meta, Token};

use crate::items::{
    Encoding, Items, Message, Place, STRING, derives, enumeration, is_deprecated, literal_text, oneof,
    squeeze, walk,
};

/// The items of each package, by its name.
pub(crate) fn generate(set: &FileDescriptorSet) -> BTreeMap<String, Items> {
    let mut config = prost_build::Config::new();
    config.btree_map(["."]);
    let requests = set.file.iter().cloned();
    let requests = requests
        .map(|file| (prost_build::Module::from_protobuf_package_name(file.package()), file))
        .collect();
    let packages: Vec<&str> = set.file.iter().map(|file| file.package()).collect();
    let mut texts = config.generate(requests).unwrap();
    let mut out = BTreeMap::new();
    for package in packages {
        if let Some(text) = texts.remove(&prost_build::Module::from_protobuf_package_name(package)) {
            out.insert(package.to_owned(), read(&text, package));
        }
    }
    out
}

fn read(text: &str, package: &str) -> Items {
    let file = syn::parse_file(text).unwrap();
    let mut items = Items::default();
    // Oneofs first: the fields that hold them list their members.
    let mut members: BTreeMap<String, Vec<(u32, String, String)>> = BTreeMap::new();
    let mut place = Place { package, modules: Vec::new(), is_std: false };
    walk(&file.items, &mut place, &mut |item, place| {
        if let Item::Enum(item) = item {
            let path = place.path(&item.ident.to_string());
            if let Some(found) = enumeration(item) {
                items.enums.insert(path, found);
                return;
            }
            items.oneofs.insert(path.clone(), oneof(item, place));
            let of = item.variants.iter().map(|variant| {
                let attribute = Prost::of(&variant.attrs);
                let ty = place.type_text(&variant.fields.iter().next().unwrap().ty);
                let how = attribute.how(&ty);
                let kind = how.split(' ').nth(1).unwrap();
                (attribute.number(), variant.ident.to_string(), format!("oneof {kind}"))
            });
            members.insert(path, of.collect());
        }
    });
    walk(&file.items, &mut place, &mut |item, place| match item {
        Item::Struct(item) => {
            let path = place.path(&item.ident.to_string());
            items.messages.insert(path, message(item, place, &members));
        }
        // `as_str_name` matches each variant with its name.
        Item::Impl(item) => {
            let path = place.path(&squeeze(&item.self_ty));
            let Some(found) = items.enums.get_mut(&path) else { return };
            let text = squeeze(item);
            let body = text.split("matchself{").nth(1).unwrap().split('}').next().unwrap();
            for arm in body.split("Self::").skip(1) {
                let (variant, name) = arm.split_once("=>").unwrap();
                found.names.insert(variant.to_owned(), name.split('"').nth(1).unwrap().to_owned());
            }
        }
        _ => {}
    });
    items
}

fn message(
    item: &syn::ItemStruct,
    place: &Place<'_>,
    oneofs: &BTreeMap<String, Vec<(u32, String, String)>>,
) -> Message {
    let traits = derives(&item.attrs);
    let mut message = Message {
        is_copy: traits.contains("Copy"),
        is_eq: traits.contains("Eq") && traits.contains("Hash"),
        ..Message::default()
    };
    for field in &item.fields {
        let name = field.ident.as_ref().unwrap().to_string();
        let ty = place.type_text(&field.ty);
        let attribute = Prost::of(&field.attrs);
        if is_deprecated(&field.attrs) {
            message.deprecated.insert(name.clone());
        }
        if let Some(oneof) = attribute.get("oneof") {
            let path = place.path(oneof);
            for (number, variant, how) in &oneofs[&path] {
                let variant = Some(format!("{path}::{variant}"));
                let how = how.clone();
                message.encoding.insert(*number, Encoding { field: name.clone(), variant, how });
            }
        } else {
            let how = attribute.how(&ty);
            message.encoding.insert(attribute.number(), Encoding { field: name.clone(), variant: None, how });
            if let Some(default) = attribute.get("default") {
                message.defaults.insert(name.clone(), attribute.default_text(default));
            }
        }
        message.fields.push((name, ty));
    }
    message
}

/// What stands in `#[prost(…)]`.
struct Prost(Vec<(String, Option<String>)>);

impl Prost {
    fn of(attributes: &[Attribute]) -> Self {
        let found = attributes.iter().find(|attribute| attribute.path().is_ident("prost")).unwrap();
        let list = found.meta.require_list().unwrap();
        let parts = Punctuated::<Meta, Token![,]>::parse_terminated.parse2(list.tokens.clone()).unwrap();
        let part = |meta: &Meta| {
            let value = match meta {
                Meta::NameValue(pair) => match &pair.value {
                    Expr::Lit(literal) => match &literal.lit {
                        Lit::Str(text) => Some(text.value()),
                        other => panic!("{}", squeeze(other)),
                    },
                    other => panic!("{}", squeeze(other)),
                },
                Meta::Path(_) | Meta::List(_) => None,
            };
            (squeeze(meta.path()), value)
        };
        Self(parts.iter().map(part).collect())
    }

    fn get(&self, key: &str) -> Option<&str> {
        self.0.iter().find(|part| part.0 == key)?.1.as_deref()
    }

    fn has(&self, key: &str) -> bool {
        self.0.iter().any(|part| part.0 == key)
    }

    fn number(&self) -> u32 {
        self.get("tag").unwrap().parse().unwrap()
    }

    /// Presence and kind, in the words of our tables.
    fn how(&self, ty: &str) -> String {
        if let Some(map) = self.get("btree_map") {
            let (key, value) = map.split_once(", ").unwrap();
            let value_type = ty.rsplit_once(',').unwrap().1.trim_end_matches('>');
            return format!("map({key}) {}", kind(value.split('(').next().unwrap(), value_type));
        }
        let inner = ty.rsplit('<').next().unwrap().trim_end_matches('>');
        let kind = kind(&self.0[0].0, if ty.contains("<u8>") { "Vec<u8>" } else { inner });
        let is_packable = !["string", "bytes", "message", "group", "wrapper"].contains(&kind);
        let presence = match () {
            () if self.has("optional") => "optional",
            () if self.has("required") => "required",
            () if !self.has("repeated") => "singular",
            () if is_packable && self.get("packed") != Some("false") => "packed",
            () => "repeated",
        };
        format!("{presence} {kind}")
    }

    /// A stated default as Rust has it.
    fn default_text(&self, default: &str) -> String {
        match self.0[0].0.as_str() {
            "string" => format!("{default:?}"),
            "bytes" => literal_text(&syn::parse_str(default).unwrap()),
            "float" | "double" => match default {
                "inf" => "INFINITY".to_owned(),
                "-inf" => "NEG_INFINITY".to_owned(),
                "nan" => "NAN".to_owned(),
                number => format!("{:?}", number.parse::<f64>().unwrap()),
            },
            _ => default.to_owned(),
        }
    }
}

fn kind<'a>(kind: &'a str, ty: &str) -> &'a str {
    let is_scalar = ["bool", "f32", "f64", "i32", "i64", "u32", "u64", STRING, "Vec<u8>"].contains(&ty);
    if kind == "message" && is_scalar { "wrapper" } else { kind }
}
