//! REST: JSON that is wrong, or large where it is small.

use rust_sdk_runtime::{Client, Code};

use crate::run::{Behaviour, all, fails, succeeds};
use crate::socket::{Script, says};

const DEEP: usize = 100_000;
const LONG: usize = 1_000_000;

fn json(json: impl AsRef<[u8]>) -> Script {
    let json = json.as_ref();
    let head = format!(
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
        json.len()
    );
    says([head.as_bytes(), json].concat())
}

/// An object whose one member has this value.
fn member(name: &str, value: impl std::fmt::Display) -> Script {
    json(format!("{{\"{name}\":{value}}}"))
}

fn behaviours() -> Vec<Behaviour> {
    let digits = "1".repeat(LONG);
    let any = |value: &str| format!(r#"{{"@type":"type.googleapis.com/test.v1.Thing","parts":{value}}}"#);
    vec![
        succeeds("an Any of an unknown type", member("extra", r#"{"@type":"example.io/x.v1.New","size":1}"#)),
        succeeds("a field of a newer version", json(r#"{"newer":{"deep":[1]},"id":"a"}"#)),
        fails("text that is no JSON", Code::Internal, json("OK")),
        fails("JSON that is cut off", Code::Internal, json("{\"id\":")),
        fails("JSON, and more", Code::Internal, json("{}{}")),
        fails("null", Code::Internal, json("null")),
        fails("a list", Code::Internal, json("[]")),
        fails("a text", Code::Internal, json("\"\"")),
        fails("invalid UTF-8", Code::Internal, json(b"{\"id\":\"\xff\"}")),
        fails("half of a surrogate pair", Code::Internal, member("id", r#""\ud800""#)),
        fails("a number for a text", Code::Internal, member("id", 1)),
        fails("base64 that is none", Code::Internal, member("data", "\"!!!\"")),
        fails("a time that is none", Code::Internal, member("made", "\"9999-99-99T99:99:99Z\"")),
        succeeds(
            "lists in each other in an unknown field",
            member("unknown", "[".repeat(DEEP) + &"]".repeat(DEEP)),
        ),
        succeeds(
            "objects in each other in an unknown field",
            member("unknown", "{\"a\":".repeat(DEEP) + "1" + &"}".repeat(DEEP)),
        ),
        fails(
            "messages in each other",
            Code::Internal,
            json("{\"parts\":[".repeat(DEEP) + &"]}".repeat(DEEP)),
        ),
        fails(
            "messages in each other in an Any",
            Code::Internal,
            member("extra", any(&("[{\"parts\":".repeat(DEEP) + "[]" + &"}]".repeat(DEEP)))),
        ),
        fails("an Any in an Any, 20,000 times", Code::Internal, {
            let open = r#"{"@type":"type.googleapis.com/google.protobuf.Any","value":"#;
            member("extra", open.repeat(20_000) + "{}" + &"}".repeat(20_000))
        }),
        fails("an integer of a million digits", Code::Internal, member("count", &digits)),
        fails(
            "an integer of a million digits as text",
            Code::Internal,
            member("count", format!("\"{digits}\"")),
        ),
        fails(
            "an integer of a million zeros",
            Code::Internal,
            member("count", format!("1{}", "0".repeat(LONG))),
        ),
        fails("an integer with an exponent", Code::Internal, member("count", "1e999999999")),
        succeeds(
            "an integer that is 0 after a million digits",
            member("count", format!("0.{}", "0".repeat(LONG))),
        ),
        fails("a float of a million digits", Code::Internal, member("weight", &digits)),
        succeeds("a float with a million digits after its point", member("weight", format!("0.{digits}"))),
        fails("a float with an exponent", Code::Internal, member("weight", "1e999999999")),
        succeeds("a million digits in an unknown field", member("unknown", &digits)),
        fails("digits that do not end", Code::Internal, member("count", "-")),
        fails(
            "the same field 400,000 times",
            Code::Internal,
            json(format!("{{{}\"id\":\"\"}}", "\"id\":\"\",".repeat(400_000))),
        ),
        succeeds("400,000 unknown fields", json(format!("{{{}\"x\":\"\"}}", "\"x\":\"\",".repeat(400_000)))),
        succeeds("an unknown field of 3 MB", member("unknown", format!("\"{}\"", "x".repeat(3 << 20)))),
        succeeds("a name of a field of 3 MB", member(&"x".repeat(3 << 20), 1)),
        fails(
            "a million empty messages",
            Code::ResourceExhausted,
            member("parts", format!("[{}{{}}]", "{},".repeat(LONG))),
        )
        // The default limit of 64 MiB, while a list grows.
        .memory(136 << 20),
        fails(
            "a million nulls in a list",
            Code::Internal,
            member("parts", format!("[{}null]", "null,".repeat(800_000))),
        ),
        fails(
            "a text of escapes",
            Code::Internal,
            member("id", format!("\"{}\\ud800\"", "\\u0000".repeat(600_000))),
        ),
    ]
}

#[test]
fn rest_json() {
    all(&behaviours(), |address| Client::builder().rest(format!("http://{address}")));
}
