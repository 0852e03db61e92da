//! serde's traits, as generated crates get them from the macro.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::IntoDeserializer;
use serde::de::value::{Error, MapDeserializer};
use serde_json::json;

use crate::fixture::*;

type Envelope = (BTreeMap<String, Cluster>, u8);

#[test]
fn messages_work_inside_other_types_and_through_other_serializers() {
    let cluster = Cluster {
        id: "c".into(),
        tags: vec!["t".into()],
        ports: vec![1, 2],
        big: 5,
        source: Some(Source::Nothing(0)),
        ..Cluster::default()
    };
    let envelope: Envelope = ([("a".to_owned(), cluster)].into(), 1);
    let expected =
        json!([{"a": {"id": "c", "tags": ["t"], "ports": [1, 2], "big": "5", "nothing": null}}, 1]);
    assert_eq!(serde_json::to_value(&envelope).unwrap(), expected);
    assert_eq!(serde_json::from_value::<Envelope>(expected).unwrap(), envelope);
    let text = serde_json::to_string_pretty(&envelope).unwrap();
    assert_eq!(serde_json::from_str::<Envelope>(&text).unwrap(), envelope);
}

#[test]
fn errors_say_where_and_why() {
    let error = serde_json::from_str::<Envelope>(r#"[{"a":{"clone":{"id":1}}},1]"#).unwrap_err();
    assert!(error.to_string().starts_with("clone.id: expected a string"), "{error}");
    let cluster = Cluster {
        created_at: Some(prost_types::Timestamp { seconds: i64::MAX, nanos: 0 }),
        ..Cluster::default()
    };
    let error = serde_json::to_string(&cluster).unwrap_err();
    assert!(error.to_string().starts_with("created_at: it has no JSON form"), "{error}");
}

/// So numbers arrive when any crate of the build switched on `serde_json`'s `arbitrary_precision`.
#[test]
fn numbers_as_text_are_read_exactly() {
    let number = |text: &'static str| {
        MapDeserializer::<_, Error>::new([("$serde_json::private::Number", text)].into_iter())
    };
    let message = |field: &'static str, text| {
        let entry = [(field.into_deserializer(), Wrapped(number(text)))];
        Cluster::deserialize(MapDeserializer::<_, Error>::new(entry.into_iter()))
    };
    assert_eq!(message("big", "9007199254740993.0").unwrap().big, 9_007_199_254_740_993);
    assert_eq!(message("state", "2").unwrap().state, 2);
    assert!((message("ratio", "0.1").unwrap().ratio - 0.1).abs() < f64::EPSILON);
    assert_eq!(message("anything", "2").unwrap(), read(r#"{"anything":2}"#));
    assert!(message("big", "0.5").is_err());
    assert!(message("id", "1").is_err());
}

struct Wrapped<D>(D);

impl<'de, D: serde::Deserializer<'de>> IntoDeserializer<'de, D::Error> for Wrapped<D> {
    type Deserializer = D;

    fn into_deserializer(self) -> D {
        self.0
    }
}
