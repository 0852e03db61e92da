//! The setters on calls, one for each field of the request that clients may set.

use std::fmt::Write as _;

use rust_sdk_model::Api;
use rust_sdk_model::api::{Message, Package, Request};

use crate::messages::functions::{FunctionDocs, entry, parameter};
use crate::tokens::{HEADER, Place};

/// The module of a package's setters on calls.
pub(crate) fn place(api: &Api, package: &Package) -> Place {
    let around = match package.home {
        None => Place::new(api, &package.module),
        Some(_) => Place::new(api, std::slice::from_ref(&api.root_modules.client)),
    };
    around.child(&package.call_module)
}

/// The file of a package's setters on calls; `None` if no message of the package is a request.
pub(crate) fn generate(api: &Api, package: &Package) -> Option<String> {
    let place = place(api, package);
    let mut rows = String::new();
    for message in &package.messages {
        let Some(request) =
            message.request.as_ref().filter(|request| request.setters.iter().any(Option::is_some))
        else {
            continue;
        };
        let setters = setters(message, request, &place);
        for (name, called) in [("Call", request.unary), ("StreamCall", request.streaming)] {
            if called {
                let call = place.local(&[api.root_modules.client.clone(), name.to_owned()]);
                let _ = writeln!(rows, "    {call}, {}: {{\n{setters}    }}", place.local(&message.path));
            }
        }
    }
    (!rows.is_empty()).then(|| {
        let runtime = if rows.contains("<rt::") { "use ::rust_sdk_runtime::codegen as rt;\n\n" } else { "" };
        format!(
            "{}//! Setters for the requests of `{}`, on calls.\n\n{runtime}::rust_sdk_runtime::call_setters! {{\n{rows}}}\n",
            HEADER,
            package.name,
        )
    })
}

/// An entry for each setter: its name on the call, its name on the message, and the type of its parameter.
fn setters(message: &Message, request: &Request, place: &Place) -> String {
    let path = place.local(&message.path);
    let docs = FunctionDocs::of_call(&path, place);
    let mut out = String::new();
    for (field, setter) in message.fields.iter().zip(&request.setters) {
        let Some(setter) = setter else { continue };
        let what = format!("{}: {}", field.setter, parameter(field, place));
        out.push_str(&entry(&docs.setter(field), setter, field.deprecated, &what));
    }
    out
}
