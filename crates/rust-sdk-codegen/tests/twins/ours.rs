//! What the generator makes: Rust types, and the tables of the runtime's macros.

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use syn::{Expr, Item};

use crate::items::{
    Encoding, Enum, Items, Message, Place, derives, enumeration, is_deprecated, literal_text, oneof, squeeze,
    walk,
};

/// The items of a package's file.
pub(crate) fn read(text: &str, package: &str) -> Items {
    let file = syn::parse_file(text).unwrap();
    let mut items = Items::default();
    let is_std = !text.contains("pub struct String {");
    let mut place = Place { package, modules: Vec::new(), is_std };
    walk(&file.items, &mut place, &mut |item, place| match item {
        Item::Struct(item) => {
            let path = place.path(&item.ident.to_string());
            items.messages.insert(path, message(item, place));
        }
        Item::Enum(item) => {
            let path = place.path(&item.ident.to_string());
            match enumeration(item) {
                Some(found) => drop(items.enums.insert(path, found)),
                None => drop(items.oneofs.insert(path, oneof(item, place))),
            }
        }
        _ => {}
    });
    for item in &file.items {
        if let Item::Impl(item) = item {
            own_default(item, &mut items);
        }
        let Item::Macro(item) = item else { continue };
        let tokens = item.mac.tokens.clone();
        match squeeze(&item.mac.path).rsplit("::").next().unwrap() {
            "messages" => messages(tokens, &mut items),
            "enums" => enums(tokens, &mut items),
            "prost_accessors" => defaults(tokens, &mut items),
            _ => {}
        }
    }
    items
}

fn message(item: &syn::ItemStruct, place: &Place<'_>) -> Message {
    let traits = derives(&item.attrs);
    assert!(traits.contains("Clone"), "{traits:?}");
    let name = |field: &syn::Field| field.ident.as_ref().unwrap().to_string();
    Message {
        fields: item.fields.iter().map(|field| (name(field), place.type_text(&field.ty))).collect(),
        deprecated: item.fields.iter().filter(|field| is_deprecated(&field.attrs)).map(name).collect(),
        is_copy: traits.contains("Copy"),
        ..Message::default()
    }
}

/// The heads and groups of a table: `head {…}`.
fn entries(tokens: TokenStream) -> Vec<(String, TokenStream)> {
    let mut entries = Vec::new();
    let mut head = TokenStream::new();
    for token in tokens {
        match token {
            TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => {
                entries.push((squeeze(&head), group.stream()));
                head = TokenStream::new();
            }
            // The list of all messages, in front.
            TokenTree::Punct(punct) if punct.as_char() == ';' => head = TokenStream::new(),
            token => head.extend([token]),
        }
    }
    assert!(head.is_empty(), "{head}");
    entries
}

/// `Type: Eq = "full.Name" {NUMBER PRESENCE(KEY) KIND field::Variant: …,}`
fn messages(tokens: TokenStream, items: &mut Items) {
    for (head, entries) in entries(tokens) {
        let (head, _) = head.split_once('=').unwrap();
        let head = head.split(',').next().unwrap();
        let path = head.strip_suffix(":Eq").unwrap_or(head);
        let oneofs: Vec<String> = items.oneofs.keys().cloned().collect();
        let message = items.messages.get_mut(path).unwrap_or_else(|| panic!("{path}"));
        message.is_eq = head.ends_with(":Eq");
        let mut tokens = entries.into_iter();
        while let Some(number) = tokens.next() {
            let number = number.to_string().parse().unwrap();
            let mut entry = tokens.by_ref().take_while(|token| token.to_string() != ",").peekable();
            let mut how = entry.next().unwrap().to_string();
            if let Some(TokenTree::Group(key)) = entry.next_if(|token| matches!(token, TokenTree::Group(_))) {
                how += &key.to_string();
            }
            how = format!("{how} {}", entry.next().unwrap());
            // The type of an enum.
            entry.next_if(|token| matches!(token, TokenTree::Group(_)));
            let field = entry.next().unwrap().to_string();
            let rest = squeeze(&entry.collect::<TokenStream>());
            let variant = rest.strip_prefix("::").filter(|rest| !rest.starts_with(':')).map(|variant| {
                let variant = variant.split([':', '=']).next().unwrap();
                let ty = &message.fields.iter().find(|(name, _)| *name == field).unwrap().1;
                let ty = ty.trim_end_matches('>');
                let is_it = |oneof: &&String| {
                    ty.ends_with(&format!("::{oneof}")) || ty.ends_with(&format!("<{oneof}"))
                };
                let oneof = oneofs.iter().filter(is_it).max_by_key(|oneof| oneof.len()).unwrap();
                format!("{oneof}::{variant}")
            });
            let taken = message.encoding.insert(number, Encoding { field, variant, how });
            assert!(taken.is_none(), "{path}: {number}");
        }
    }
}

fn enums(tokens: TokenStream, items: &mut Items) {
    for (head, rows) in entries(tokens) {
        let (path, rest) = head.split_once('=').unwrap();
        let found: &mut Enum = items.enums.get_mut(path).unwrap_or_else(|| panic!("{path}"));
        let aliases = rest.split_once('[').unwrap().1.trim_end_matches(']');
        for alias in aliases.split(',').filter(|alias| !alias.is_empty()) {
            let (name, number) = alias.split_once("=>").unwrap();
            found.aliases.0.insert(name.trim_matches('"').to_owned(), number.parse().unwrap());
        }
        let rows = rows.to_string().replace(' ', "");
        for row in rows.split(';').filter(|row| !row.is_empty()) {
            let (variant, rest) = row.split_once('=').unwrap();
            let (number, name) = rest.split_once(',').unwrap();
            let known = (variant.to_owned(), number.parse().unwrap());
            assert!(found.variants.contains(&known), "{path}: {row}");
            found.names.insert(variant.to_owned(), name.trim_matches('"').to_owned());
        }
    }
}

/// The defaults that are not the type's.
fn defaults(tokens: TokenStream, items: &mut Items) {
    for (head, groups) in entries(tokens) {
        let path = head.strip_suffix(':').unwrap();
        let message = items.messages.get_mut(path).unwrap_or_else(|| panic!("{path}"));
        for (kind, rows) in entries(groups) {
            let mut row = Vec::new();
            for token in rows {
                match &token {
                    TokenTree::Punct(punct) if punct.as_char() == '#' => continue,
                    TokenTree::Group(group) if group.delimiter() == Delimiter::Bracket => continue,
                    TokenTree::Punct(punct) if punct.as_char() == ';' => {}
                    _ => {
                        row.push(token);
                        continue;
                    }
                }
                let mut tokens = std::mem::take(&mut row).into_iter();
                let field = tokens.next().unwrap().to_string();
                let mut default = tokens.skip_while(|token| token.to_string() != "=");
                if kind == "map" || default.next().is_none() {
                    continue;
                }
                let default = expression(&syn::parse2(default.collect()).unwrap());
                if !["\"\"", "[]", "0", "0.0", "false", "default"].contains(&default.as_str()) {
                    message.defaults.insert(field, default);
                }
            }
        }
    }
}

/// The defaults of required fields.
fn own_default(item: &syn::ItemImpl, items: &mut Items) {
    let Some(syn::ImplItem::Fn(function)) = item.items.first() else { return };
    let Some(syn::Stmt::Expr(Expr::Struct(value), None)) = function.block.stmts.first() else { return };
    let path = squeeze(&item.self_ty);
    let message = items.messages.get_mut(&path).unwrap_or_else(|| panic!("{path}"));
    for field in &value.fields {
        let default = expression(&field.expr);
        if default != "default" {
            message.defaults.insert(squeeze(&field.member), default);
        }
    }
}

/// A literal, or the last name of a path.
fn expression(value: &Expr) -> String {
    match value {
        Expr::Cast(cast) => expression(&cast.expr),
        Expr::MethodCall(call) => expression(&call.receiver),
        Expr::Call(call) => expression(&call.func),
        Expr::Path(path) => path.path.segments.last().unwrap().ident.to_string(),
        Expr::Lit(literal) => literal_text(&literal.lit),
        other => squeeze(other),
    }
}
