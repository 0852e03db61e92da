//! Options of fields that mark them as required or as secret.

mod common;

use rust_sdk_model::{Api, Options};

const FIELDS: &str = r#"
    syntax = "proto3";
    package acme.v1;
    import "google/protobuf/descriptor.proto";
    enum Level { LEVEL_OPEN = 0; LEVEL_STAFF = 1; LEVEL_SECRET = 2; }
    message Rules { MessageRules message = 1; TextRules text = 2; }
    message MessageRules { bool required = 1; }
    message TextRules { uint64 min_len = 1; }
    extend google.protobuf.FieldOptions {
      bool needed = 60201; Level level = 60202; repeated Level levels = 60203; Rules rules = 60204;
    }
    message M {
      string a = 1 [(needed) = true, (level) = LEVEL_SECRET];
      string b = 2 [(needed) = false, (level) = LEVEL_STAFF];
      string c = 3 [(levels) = LEVEL_STAFF, (levels) = LEVEL_SECRET, (rules).text.min_len = 1];
      M d = 4 [(rules).message.required = true, (level) = LEVEL_OPEN];
      string e = 5;
    }"#;

/// The fields that are required, and those that are redacted.
fn marked(settings: &[&str]) -> Result<[String; 2], String> {
    let options = Options::from_pairs(settings.iter().copied()).map_err(|problems| problems.to_string())?;
    let api = Api::build(&common::request_of_source(FIELDS), options).map_err(|error| error.to_string())?;
    let message = api.packages[0].messages.iter().find(|message| message.name == "M").unwrap();
    let names = |filter: fn(&rust_sdk_model::api::Field) -> bool| {
        message.fields.iter().filter(|field| filter(field)).map(|field| field.name.as_str()).collect()
    };
    Ok([names(|field| field.required), names(|field| field.redacted)])
}

#[test]
fn options_by_name_mark_fields() {
    for (settings, required, redacted) in [
        (&[][..], "", ""),
        (&["required_option=acme.v1.needed"], "a", ""),
        (&["required_option=acme.v1.rules"], "d", ""),
        (&["required_option=acme.v1.rules#message.required", "required_option=acme.v1.needed"], "ad", ""),
        (&["redact_option=acme.v1.level"], "", "ab"),
        (&["redact_option=acme.v1.level:LEVEL_SECRET"], "", "a"),
        (&["redact_option=acme.v1.levels:LEVEL_SECRET"], "", "c"),
        // Whatever a message says, its field is not shown.
        (&["redact_option=acme.v1.rules"], "", "cd"),
    ] {
        assert_eq!(marked(settings).unwrap(), [required, redacted], "{settings:?}");
    }
}

#[test]
fn names_and_values_are_checked() {
    for (setting, expected) in [
        (
            "required_option=acme.v1.neded",
            "`acme.v1.neded` is not an extension of `google.protobuf.FieldOptions`",
        ),
        (
            "redact_option=acme.v1.level:SECRET",
            "`SECRET` in `redact_option` is not a value of `acme.v1.Level`",
        ),
        ("required_option=acme.v1.rules#nope", "has no field `nope`"),
        ("redact_option=acme..v1", "option `redact_option` has the invalid value"),
    ] {
        let problem = marked(&[setting]).unwrap_err();
        assert!(problem.contains(expected), "{setting}: {problem}");
    }
}
