//! References in comments: those that become links to items, and those that stay text.

mod common;

use rust_sdk_model::api::{Docs, Message};
use rust_sdk_model::{Api, Options};

const SOURCE: &str = r#"
syntax = "proto3";
package acme.library.v1;
import "google/protobuf/timestamp.proto";

// METHOD
service Shelves {
  // METHOD
  rpc GetShelf(Shelf) returns (Shelf);
  rpc Type(Shelf) returns (Shelf);
}

// COMMENT
message Shelf {
  // COMMENT
  message Book {
    string name = 1;
    string type = 2;
    oneof kind {
      // COMMENT
      string paper = 3;
      Book copy = 4;
    }
    optional string note = 5;
    map<string, string> labels = 6;
  }
  enum Phase {
    PHASE_UNSPECIFIED = 0;
    // COMMENT
    PHASE_OPEN = 1;
  }
  // COMMENT
  Book book = 1;
  google.protobuf.Timestamp time = 2;
}

// COMMENT
enum Color {
  option allow_alias = true;
  COLOR_UNSPECIFIED = 0;
  COLOR_RED = 1;
  COLOR_CRIMSON = 1;
  SELF = 2;
}
"#;

fn api(comment: &str) -> Api {
    common::api_of_source(&SOURCE.replace("METHOD", comment).replace("COMMENT", comment))
}

/// The comment with each link's target in words.
fn linked(docs: &Docs) -> String {
    let target = |target: &rust_sdk_model::api::DocTarget| {
        format!("{} {}", target.kind.as_str(), target.path.join("."))
    };
    docs.linked(target).join("\n")
}

/// What this reference becomes on the message `Shelf.Book`.
fn on_book(reference: &str) -> String {
    linked(&message(&api(reference), "acme.library.v1.Shelf.Book").docs)
}

fn message<'a>(api: &'a Api, name: &str) -> &'a Message {
    api.packages
        .iter()
        .flat_map(|package| &package.messages)
        .find(|message| message.full_name == name)
        .expect(name)
}

#[test]
fn every_kind_of_element_has_an_item() {
    for (name, item) in [
        ("acme.library.v1.Shelf", "struct v1.Shelf"),
        ("acme.library.v1.Shelf.Book", "struct v1.shelf.Book"),
        ("acme.library.v1.Shelf.book", "field v1.Shelf.book"),
        ("acme.library.v1.Shelf.Book.type", "field v1.shelf.Book.r#type"),
        ("acme.library.v1.Shelf.Book.note", "field v1.shelf.Book.note"),
        ("acme.library.v1.Shelf.Book.labels", "field v1.shelf.Book.labels"),
        ("acme.library.v1.Shelf.Book.kind", "enum v1.shelf.book.Kind"),
        ("acme.library.v1.Shelf.Book.paper", "variant v1.shelf.book.Kind.Paper"),
        ("acme.library.v1.Shelf.Phase", "enum v1.shelf.Phase"),
        ("acme.library.v1.Shelf.Phase.PHASE_OPEN", "variant v1.shelf.Phase.Open"),
        // A value's full name is a sibling of its enum's.
        ("acme.library.v1.Shelf.PHASE_OPEN", "variant v1.shelf.Phase.Open"),
        ("acme.library.v1.COLOR_RED", "variant v1.Color.Red"),
        ("acme.library.v1.Color.COLOR_CRIMSON", "variant v1.Color.Red"),
        ("acme.library.v1.Color.SELF", "variant v1.Color.Self_"),
        ("acme.library.v1.Shelves", "struct v1.Shelves"),
        ("acme.library.v1.Shelves.GetShelf", "const v1.Shelves.GET_SHELF"),
        ("acme.library.v1.Shelves.Type", "const v1.Shelves.TYPE"),
    ] {
        assert_eq!(on_book(&format!("[it][{name}]")), format!("[it]({item})"));
    }
}

#[test]
fn references_have_three_forms() {
    let shelf = "struct v1.Shelf";
    assert_eq!(on_book("A [big *shelf*][acme.library.v1.Shelf]."), format!("A [big *shelf*]({shelf})."));
    assert_eq!(on_book("[acme.library.v1.Shelf][]"), format!("[`acme.library.v1.Shelf`]({shelf})"));
    assert_eq!(on_book("[acme.library.v1.Shelf]"), format!("[`acme.library.v1.Shelf`]({shelf})"));
    assert_eq!(on_book("[`acme.library.v1.Shelf`]"), format!("[`acme.library.v1.Shelf`]({shelf})"));
    assert_eq!(on_book("[it][`acme.library.v1.Shelf`]"), format!("[it]({shelf})"));
    assert_eq!(on_book("[Shelf][]s"), format!("[`Shelf`]({shelf})s"));
    assert_eq!(on_book("a [long\n// text][Shelf] here"), format!("a [long\ntext]({shelf}) here"));
    // The author's own definition wins, and code stays code.
    assert_eq!(on_book("[it][Shelf]\n//\n// [Shelf]: https://a.example"), "[it](https://a.example)");
    assert_eq!(on_book("`[acme.library.v1.Shelf][]`"), "`[acme.library.v1.Shelf][]`");
    assert_eq!(on_book("m[acme.library.v1.Shelf] [Shelf]"), r"m\[acme.library.v1.Shelf\] \[Shelf\]");
}

#[test]
fn names_are_looked_up_from_the_comment_outwards() {
    let comment = "[a][Book.name] [b][v1.Shelf] [c][.acme.library.v1.Shelf] [d][kind] [e][PHASE_OPEN]";
    let api = api(comment);
    let all = "[a](field v1.shelf.Book.name) [b](struct v1.Shelf) [c](struct v1.Shelf) \
               [d](enum v1.shelf.book.Kind) [e](variant v1.shelf.Phase.Open)";
    let book = message(&api, "acme.library.v1.Shelf.Book");
    for (name, docs) in [("message", &book.docs), ("member", &book.fields[2].docs)] {
        assert_eq!(linked(docs), all, "{name}");
    }
    // Labels without a dot that name nothing are not references.
    let around = all.replace("[d](enum v1.shelf.book.Kind)", r"\[d\]\[kind\]");
    let shelf = message(&api, "acme.library.v1.Shelf");
    let package = &api.packages[0];
    let phase = package.enums.iter().find(|item| item.full_name.ends_with("Phase")).unwrap();
    for (name, docs) in
        [("message", &shelf.docs), ("field", &shelf.fields[0].docs), ("value", &phase.values[1].docs)]
    {
        assert_eq!(linked(docs), around, "{name}");
    }
    let outside = "a [b](struct v1.Shelf) [c](struct v1.Shelf) \\[d\\]\\[kind\\] \\[e\\]\\[PHASE_OPEN\\]";
    let service = &package.services[0];
    let color = package.enums.iter().find(|item| item.full_name.ends_with("Color")).unwrap();
    for (name, docs) in
        [("service", &service.docs), ("method", &service.methods[0].docs), ("enum", &color.docs)]
    {
        assert_eq!(linked(docs), outside, "{name}");
    }
}

#[test]
fn elements_without_an_item_are_text() {
    for name in [
        "acme.library.v1.Nothing",
        "acme.library.v1.Shelf.nothing",
        "acme.library.v1.Shelf.Book.kind.paper",
        "acme.library.v1",
        // Map entries, and oneofs that only make a field optional.
        "acme.library.v1.Shelf.Book.LabelsEntry",
        "acme.library.v1.Shelf.Book._note",
        // Another crate's.
        "google.protobuf.Timestamp",
        ".Shelf",
    ] {
        assert_eq!(on_book(&format!("[it][{name}]")), "it", "{name}");
        assert_eq!(on_book(&format!("[{name}][]")), format!("`{name}`"));
    }
}

#[test]
fn types_of_another_crate_are_text() {
    let comment =
        "[a][acme.library.v1.Shelf] [b][acme.library.v1.Shelf.PHASE_OPEN] [c][acme.library.v1.Shelves]";
    let source = SOURCE.replace("METHOD", comment).replace("COMMENT", "None.");
    let options = Options::from_pairs(["extern_path=.acme.library.v1.Shelf=::shelf::Shelf"]).unwrap();
    let api = Api::build(&common::request_of_source(&source), options)
        .unwrap_or_else(|problems| panic!("{problems}"));
    assert_eq!(linked(&api.packages[0].services[0].docs), "a b [c](struct v1.Shelves)");
}

/// Cargo features leave packages out. A link into a package that may be missing would be broken.
#[test]
fn links_lead_to_what_is_compiled_with_the_comment() {
    let api = common::api("lumen");
    let mut links = 0;
    for package in &api.packages {
        let services = package
            .services
            .iter()
            .flat_map(|service| service.methods.iter().map(|method| &method.docs).chain([&service.docs]));
        let messages = package
            .messages
            .iter()
            .flat_map(|message| message.fields.iter().map(|field| &field.docs).chain([&message.docs]));
        for target in services.chain(messages).flat_map(|docs| &docs.links) {
            links += 1;
            let path = &target.target.as_ref().expect(&target.name).path;
            let home = api
                .packages
                .iter()
                .filter(|package| path.starts_with(&package.module))
                .max_by_key(|package| package.module.len())
                .unwrap();
            let is_needed = home.name == package.name || package.needs.contains(&home.feature);
            assert!(is_needed, "{} from {}", target.name, package.name);
        }
    }
    assert!(links > 5, "{links}");

    let harvest = |api: &Api| linked(&message(api, "lumen.cloud.harvest.v1.Harvest").docs);
    assert!(harvest(&api).contains("An Account is of a package that"), "{}", harvest(&api));
    // A module tree has no features.
    let modules = Options::from_pairs(["layout=modules"]).unwrap();
    let api = Api::build(&common::request_for_folder("lumen"), modules)
        .unwrap_or_else(|problems| panic!("{problems}"));
    let account = "An [Account](struct lumen.cloud.account.v1.Account) is of a package that";
    assert!(harvest(&api).contains(account), "{}", harvest(&api));
}

/// Elements without a comment have the documentation that their options state.
#[test]
fn documentation_in_options_is_used_where_there_is_no_comment() {
    let api = common::api_of_source(
        "syntax = \"proto3\"; package acme.v1; import \"protoc-gen-openapiv2/options/annotations.proto\";
         service Shelves {
           option (grpc.gateway.protoc_gen_openapiv2.options.openapiv2_tag) = { name: \"s\" description: \"Keeps shelves.\" };
           rpc Get(Shelf) returns (Shelf) {
             option (grpc.gateway.protoc_gen_openapiv2.options.openapiv2_operation) = {
               summary: \"Reads a shelf.\" description: \"Needs <nothing>.\" };
           }
           // Its own comment.
           rpc Put(Shelf) returns (Shelf) {
             option (grpc.gateway.protoc_gen_openapiv2.options.openapiv2_operation) = { summary: \"Not this.\" };
           }
         }
         message Shelf {
           option (grpc.gateway.protoc_gen_openapiv2.options.openapiv2_schema) = { json_schema: { title: \"A shelf\" } };
           string title = 1 [(grpc.gateway.protoc_gen_openapiv2.options.openapiv2_field) = { description: \"Its title.\" }];
         }",
    );
    let (_, service) = api.services().next().unwrap();
    assert_eq!(service.docs.plain(), ["Keeps shelves."]);
    assert_eq!(service.methods[0].docs.plain(), ["Reads a shelf.", "", "Needs \\<nothing\\>."]);
    assert_eq!(service.methods[1].docs.plain(), ["Its own comment."]);
    let message = &api.packages[0].messages[0];
    assert_eq!(
        (message.docs.plain(), message.fields[0].docs.plain()),
        (vec!["A shelf".to_owned()], vec!["Its title.".to_owned()])
    );
}
