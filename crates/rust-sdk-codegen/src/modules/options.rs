//! Custom options as typed static data.

use rust_sdk_model::Api;
use rust_sdk_model::api::{CustomOption, OptionField, OptionType, OptionValue, Package, Service};

use crate::tokens::Code;
use crate::tokens::Place;
use crate::tokens::layout::{self, Expr, Spot};

/// The types: the file of the module that [`rust_sdk_model::api::RootModules::options`] names. `None` without any.
pub(crate) fn types(api: &Api) -> Option<String> {
    let types = &api.option_types;
    let tables = [
        ("MethodOptions", "The custom options of a method.", &types.method),
        ("ServiceOptions", "The custom options of a service.", &types.service),
        ("MessageOptions", "The custom options of a message.", &types.message),
        ("FieldOptions", "The custom options of a field.", &types.field),
        ("EnumValueOptions", "The custom options of an enum's value.", &types.enum_value),
    ];
    if tables.iter().all(|(.., fields)| fields.is_empty()) {
        return None;
    }
    let mut code = Code::file("The API's own options, as static data.");
    for (name, doc, fields) in tables {
        table(name, doc, fields, &mut code);
    }
    for message in &types.messages {
        code.blank();
        code.docs(&described(&message.docs, &message.full_name));
        code.line(format_args!("#[derive(Clone, Copy, Debug, PartialEq)]"));
        structure(&message.rust, &message.fields, &mut code);
    }
    for item in &types.enums {
        code.blank();
        code.docs(&described(&item.docs, &item.full_name));
        code.line(format_args!("#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]"));
        code.open(format_args!("pub enum {} {{", item.rust));
        for (variant, proto) in &item.variants {
            code.line(format_args!("/// `{proto}`"));
            code.line(format_args!("{variant},"));
        }
        code.close();
        code.blank();
        code.open(format_args!("impl {} {{", item.rust));
        code.line(format_args!("/// The name as the API states it."));
        code.open(format_args!("pub const fn as_str_name(self) -> &'static str {{"));
        code.open(format_args!("match self {{"));
        for (variant, proto) in &item.variants {
            code.line(format_args!("Self::{variant} => {proto:?},"));
        }
        code.close();
        code.close();
        code.close();
    }
    Some(code.finish())
}

fn described(lines: &[String], full_name: &str) -> Vec<String> {
    if lines.is_empty() { vec![format!("`{full_name}`")] } else { lines.to_vec() }
}

fn table(name: &str, doc: &str, fields: &[OptionField], code: &mut Code) {
    if fields.is_empty() {
        return;
    }
    code.blank();
    code.docs(&[doc.to_owned()]);
    code.line(format_args!("#[derive(Clone, Copy, Debug, PartialEq)]"));
    structure(name, fields, code);
    code.blank();
    code.open(format_args!("impl {name} {{"));
    code.docs(&["No option is set.".to_owned()]);
    let empty = fields.iter().map(|field| {
        let none = if matches!(field.ty, OptionType::List(_)) { "&[]" } else { "None" };
        (field.name.clone(), Expr::text(none))
    });
    let value = Expr::Struct("Self".to_owned(), empty.collect(), None);
    code.line(format_args!("{}", layout::assign("pub const NONE: Self", &value, 4)));
    code.close();
}

fn structure(name: &str, fields: &[OptionField], code: &mut Code) {
    if fields.is_empty() {
        return code.line(format_args!("pub struct {name} {{}}"));
    }
    code.open(format_args!("pub struct {name} {{"));
    for field in fields {
        code.docs(&described(&field.docs, &field.full_name));
        code.line(format_args!("pub {}: {},", field.name, ty(&field.ty, true)));
    }
    code.close();
}

/// `boxed`: a single message is held by reference, since it may hold itself.
fn ty(option: &OptionType, boxed: bool) -> String {
    match option {
        OptionType::Scalar(text) => (*text).to_owned(),
        OptionType::Enum(name) => name.clone(),
        OptionType::Message(name) => format!("{}{name}", if boxed { "&'static " } else { "" }),
        OptionType::Optional(inner) => format!("::core::option::Option<{}>", ty(inner, true)),
        OptionType::List(inner) => format!("&'static [{}]", ty(inner, false)),
        OptionType::Map(key, value) => format!("&'static [({}, {})]", ty(key, false), ty(value, false)),
    }
}

/// The import that [`constants`] needs; `None` if the service has no custom options.
pub(crate) fn import(api: &Api, service: &Service, place: &Place) -> Option<String> {
    let any = !service.custom_options.is_empty()
        || service.methods.iter().any(|method| !method.custom_options.is_empty());
    let module = place.local(std::slice::from_ref(&api.root_modules.options));
    let alias = if api.root_modules.options == "options" { "" } else { " as options" };
    any.then(|| format!("use {module}{alias};"))
}

/// Appends the constants of a service and its methods.
pub(crate) fn constants(api: &Api, service: &Service, code: &mut Code) {
    let types = &api.option_types;
    if !service.custom_options.is_empty() {
        let set =
            Set { table: "ServiceOptions", known: types.service.len(), options: &service.custom_options };
        constant("OPTIONS", "The custom options of the service.", &set, "options", code);
    }
    for method in service.methods.iter().filter(|method| !method.custom_options.is_empty()) {
        let doc = format!("The custom options of [`{0}`](Self::{0}).", method.constant);
        let set = Set { table: "MethodOptions", known: types.method.len(), options: &method.custom_options };
        constant(&method.options_constant, &doc, &set, "options", code);
    }
}

/// The constants of a package's messages and their fields, and the function that returns the options of an enum's values.
pub(crate) fn items(api: &Api, package: &Package, place: &Place, code: &mut Code) {
    let module = place.local(std::slice::from_ref(&api.root_modules.options));
    let types = &api.option_types;
    for item in &package.item_options {
        code.blank();
        code.open(format_args!("impl {} {{", place.local(&item.path)));
        if !item.own.is_empty() {
            let set = Set { table: "MessageOptions", known: types.message.len(), options: &item.own };
            constant("OPTIONS", "The custom options of the message.", &set, &module, code);
        }
        for (name, field, options) in &item.fields {
            let doc = format!("The custom options of `{field}`.");
            let set = Set { table: "FieldOptions", known: types.field.len(), options };
            constant(name, &doc, &set, &module, code);
        }
        if !item.values.is_empty() {
            code.blank();
            code.docs(&["The custom options of the value.".to_owned()]);
            code.line(format_args!("#[must_use]"));
            code.open(format_args!("pub const fn options(self) -> {module}::EnumValueOptions {{"));
            code.allow(
                &["deprecated", "unreachable_patterns", "clippy::match_same_arms"],
                "an arm for each value that has options",
            );
            code.open(format_args!("match self {{"));
            for (variant, options) in &item.values {
                let set = Set { table: "EnumValueOptions", known: types.enum_value.len(), options };
                let start = format!("Self::{variant} => ");
                let spot = Spot { column: 12 + start.chars().count(), ..Spot::line(12, 1) };
                code.line(format_args!("{start}{},", literal(&set, &module).print(spot)));
            }
            code.line(format_args!("_ => {module}::EnumValueOptions::NONE,"));
            code.close();
            code.close();
        }
        code.close();
    }
}

/// Options that are set, and the table that they are in.
struct Set<'a> {
    table: &'a str,
    /// The number of options in the table.
    known: usize,
    options: &'a [CustomOption],
}

fn constant(name: &str, doc: &str, set: &Set<'_>, module: &str, code: &mut Code) {
    code.blank();
    code.docs(&[doc.to_owned()]);
    let start = format!("pub const {name}: {module}::{}", set.table);
    code.line(format_args!("{}", layout::assign(&start, &literal(set, module), 4)));
}

fn literal(set: &Set<'_>, module: &str) -> Expr {
    let path = format!("{module}::{}", set.table);
    let fields = set.options.iter().map(|option| (option.field.clone(), value(&option.value, true, module)));
    let rest = (set.options.len() < set.known).then(|| format!("{path}::NONE"));
    Expr::Struct(path, fields.collect(), rest)
}

fn value(option: &OptionValue, boxed: bool, module: &str) -> Expr {
    match option {
        OptionValue::Bool(it) => Expr::text(it.to_string()),
        OptionValue::Int(it) => Expr::text(it.to_string()),
        OptionValue::Uint(it) => Expr::text(it.to_string()),
        OptionValue::Float(it) if it.is_finite() => Expr::text(format!("{it:?}")),
        OptionValue::Float(it) if it.is_nan() => Expr::text("(0.0 / 0.0)"),
        OptionValue::Float(it) if *it > 0.0 => Expr::text("(1.0 / 0.0)"),
        OptionValue::Float(_) => Expr::text("(-1.0 / 0.0)"),
        OptionValue::Text(it) => Expr::literal(it),
        OptionValue::Bytes(it) => Expr::text(format!("b\"{}\"", it.escape_ascii())),
        OptionValue::Enum(ty, variant) => Expr::text(format!("{module}::{ty}::{variant}")),
        OptionValue::Message(ty, fields) => {
            let fields = fields.iter().map(|(name, field)| (name.clone(), value(field, true, module)));
            let reference = if boxed { "&" } else { "" };
            Expr::Struct(format!("{reference}{module}::{ty}"), fields.collect(), None)
        }
        OptionValue::Optional(None) => Expr::text("None"),
        OptionValue::Optional(Some(inner)) => Expr::call("Some", [value(inner, true, module)]),
        OptionValue::List(items) => Expr::List(items.iter().map(|item| value(item, false, module)).collect()),
        OptionValue::Map(items) => Expr::List(
            items
                .iter()
                .map(|(key, item)| Expr::call("", [value(key, false, module), value(item, false, module)]))
                .collect(),
        ),
    }
}
