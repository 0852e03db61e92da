//! Where messages occur, and which of them masks update.

mod common;

use rust_sdk_model::Api;
use rust_sdk_model::api::{Message, Uses};

fn message<'a>(api: &'a Api, name: &str) -> &'a Message {
    let mut messages = api.packages.iter().flat_map(|package| &package.messages);
    messages.find(|message| message.full_name.ends_with(&format!(".{name}"))).unwrap()
}

const NOT: Uses = Uses { input: false, output: false, response: false };

#[test]
fn messages_are_found_however_deep() {
    let api = common::api("lumen");
    let uses = |name: &str| message(&api, name).uses;
    assert_eq!(uses("UpdateGreenhouseRequest"), Uses { input: true, ..NOT });
    assert_eq!(uses("UpdateGreenhouseResponse"), Uses { output: true, response: true, ..NOT });
    // In a oneof, in a message, in a list.
    assert_eq!(uses("Boiler"), Uses { input: true, output: true, response: false });
    // Only in options.
    assert_eq!(uses("PatchSource"), NOT);
}

#[test]
fn what_a_box_holds_is_not_taken_out() {
    let response = |fields: &str| {
        let api = common::api_of_source(&format!(
            "syntax = \"proto2\"; package a; import \"buf/validate/validate.proto\"; service S {{ rpc Get(Q) returns (R); }} message Q {{}}
             message R {{ {fields} }} message P {{}}"
        ));
        message(&api, "R").uses.response
    };
    assert!(response("optional P p = 1 [(buf.validate.field).required = true];"));
    assert!(!response("optional R r = 1 [(buf.validate.field).required = true];"));
    assert!(!response("optional P p = 1;"));
}

#[test]
fn without_methods_every_message_may_be_either() {
    let api = common::api_of_source("syntax = \"proto3\"; package a; message M {}");
    assert_eq!(message(&api, "M").uses, Uses { input: true, output: true, response: false });
}

/// The resource of the method's mask, and the names of all masks.
fn masks(method: &str, request: &str) -> (Option<String>, Vec<String>) {
    let api = common::api_of_source(&format!(
        "syntax = \"proto3\"; package a; import \"google/protobuf/field_mask.proto\";
         service S {{ rpc {method}(Request) returns (Shelf); }}
         message Request {{ {request} }}
         message Shelf {{ Size size = 1; repeated Book books = 2; map<string, Book> by_title = 3; oneof top {{ Plant plant = 4; }} }}
         message Size {{ Size next = 1; }} message Book {{ string title = 1; }} message Plant {{}}"
    ));
    let fields = &message(&api, "Request").fields;
    let resource = fields.iter().find_map(|field| field.mask_of.as_ref()).map(|ty| ty.name.clone());
    let messages = &api.packages[0].messages;
    (resource, messages.iter().filter_map(|message| Some(message.mask.as_ref()?.name.clone())).collect())
}

#[test]
fn a_mask_belongs_to_the_resource_beside_it() {
    const MASK: &str = "google.protobuf.FieldMask";
    let shelf = || {
        let masks = ["ShelfMask", "SizeMask", "PlantMask"].map(str::to_owned).to_vec();
        (Some("a.Shelf".to_owned()), masks)
    };
    assert_eq!(masks("UpdateShelf", &format!("Shelf shelf = 1; {MASK} update_mask = 2;")), shelf());
    assert_eq!(masks("UpdateShelf", &format!("{MASK} fields = 1; Shelf it = 2;")), shelf());
    assert_eq!(masks("Change", &format!("Shelf shelf = 1; {MASK} update_mask = 2;")), shelf());
    // Of several messages, the one that the method is named after.
    assert_eq!(
        masks("UpdateShelf", &format!("Book book = 1; Shelf it = 2; {MASK} update_mask = 3;")),
        shelf()
    );
    let none = (None, Vec::new());
    assert_eq!(masks("Update", &format!("Book book = 1; Shelf it = 2; {MASK} update_mask = 3;")), none);
    // A mask for reading, a mask of nothing, and a list of masks.
    assert_eq!(masks("GetShelf", &format!("Shelf filter = 1; {MASK} read_mask = 2;")), none);
    assert_eq!(masks("UpdateShelf", &format!("string name = 1; {MASK} update_mask = 2;")), none);
    assert_eq!(masks("UpdateShelf", &format!("repeated Shelf shelves = 1; {MASK} update_mask = 2;")), none);
}
