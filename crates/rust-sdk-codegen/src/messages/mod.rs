//! Messages and enums of a package: their Rust types, and the tables that the runtime's macros read.

pub(crate) mod any_types;
mod defaults;
mod enums;
pub(crate) mod functions;
mod prost_accessors;
mod resource_names;
mod structs;
mod table;
pub(crate) mod types;

use std::collections::{BTreeMap, BTreeSet};

use rust_sdk_model::Api;
use rust_sdk_model::api::{Enum, Message, Oneof, Package, RustType};

use self::types::Prelude;
use crate::tokens::Code;
use crate::tokens::Place;

/// The text of all types and tables, a blank line before each item.
pub(crate) fn generate(api: &Api, package: &Package, holders: &BTreeSet<&str>) -> String {
    let place = Place::new(api, &package.module);
    let mut code = Code::default();
    Modules::new(package).print(api, &Prelude::new(package), &package.module, &mut code);
    let tables = [
        enums::table(package, &place),
        table::messages(api, package, holders, &place),
        table::oneofs(api, package, &place),
        prost_accessors::table(package, &place),
        defaults::generate(package, &place),
        resource_names::table(package),
    ];
    code.finish() + &tables.concat()
}

/// The types of each module of a package, by the module's path.
#[derive(Default)]
struct Modules<'a>(BTreeMap<&'a [String], Module<'a>>);

#[derive(Default)]
struct Module<'a> {
    messages: Vec<&'a Message>,
    enums: Vec<&'a Enum>,
    oneofs: Vec<(&'a Message, &'a Oneof)>,
}

impl<'a> Modules<'a> {
    fn new(package: &'a Package) -> Self {
        let mut this = Self::default();
        for message in &package.messages {
            this.module(&message.path).messages.push(message);
            for oneof in &message.oneofs {
                if let RustType::Local(path) = &oneof.rust {
                    this.module(path).oneofs.push((message, oneof));
                }
            }
        }
        for item in &package.enums {
            this.module(&item.path).enums.push(item);
        }
        this
    }

    /// The module around the type at this path.
    fn module(&mut self, path: &'a [String]) -> &mut Module<'a> {
        self.0.entry(path.split_last().map_or(&[][..], |(_, module)| module)).or_default()
    }

    /// Prints the items of a module: each message, followed by the module of its nested types, then enums and oneofs.
    fn print(&self, api: &Api, prelude: &Prelude, path: &[String], code: &mut Code) {
        let Some(module) = self.0.get(path) else { return };
        let place = Place::new(api, path);
        for message in &module.messages {
            structs::message(message, &place, prelude, code);
            if self.0.contains_key(message.module.as_slice()) {
                code.blank();
                code.line(format_args!("/// Nested message and enum types in `{}`.", message.name));
                let name = message.module.last().map_or("", String::as_str);
                code.open(format_args!("pub mod {name} {{"));
                self.print(api, prelude, &message.module, code);
                code.close();
            }
        }
        for item in &module.enums {
            enums::item(item, &place, code);
        }
        for (message, oneof) in &module.oneofs {
            structs::oneof(message, oneof, &place, prelude, code);
        }
    }
}
