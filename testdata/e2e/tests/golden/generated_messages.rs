//! Every message of the golden crates, made from its schema, through JSON and back; and what an `Any` may hold.

use proptest::prelude::*;
use prost::Message;
use rust_sdk_runtime::json::{self, DecodeOptions, EncodeOptions};
use rust_sdk_runtime::schema::{Field, HasSchema, MessageSchema, Types};
use serde_json::json;
use shapes::types::v1::{Explicit, Implicit, Lists, Maps, Oneofs, Outer, Size, Tree, WellKnown};

use crate::support::wire::{arbitrary, populated};

fn schemas(types: Types) -> impl Iterator<Item = &'static MessageSchema> {
    types.iter().copied().flatten().map(|schema| schema())
}

fn all() -> impl Iterator<Item = &'static MessageSchema> {
    schemas(shapes::TYPES).chain(schemas(lumen_cloud::TYPES))
}

/// The same bytes come back, in each way of writing.
#[track_caller]
fn survives(schema: &'static MessageSchema, wire: &[u8], types: Types) {
    let write = |wire: &[u8], options: &EncodeOptions| {
        let text =
            json::from_wire(schema, wire, options).unwrap_or_else(|e| panic!("{}: {e}", schema.name()));
        String::from_utf8(text).unwrap()
    };
    let wanted = write(wire, &EncodeOptions { types, ..EncodeOptions::default() });
    // Where one field's name is another's in JSON, the JSON one counts.
    let is_mixed =
        |field: &Field| schema.fields().iter().any(|f| f.name != field.name && f.json_name() == field.name);
    let proto_names = !schema.fields().iter().any(is_mixed);
    for (emit_defaults, proto_names, enums_as_numbers) in [(false, false, false), (true, proto_names, true)] {
        let text = write(
            wire,
            &EncodeOptions { emit_defaults, proto_names, enums_as_numbers, types, unknown_any: false },
        );
        let back =
            json::to_wire(schema, text.as_bytes(), &DecodeOptions { types, ..DecodeOptions::default() });
        let back = back.unwrap_or_else(|e| panic!("{}: {e} in {text}", schema.name()));
        assert_eq!(
            write(&back, &EncodeOptions { types, ..EncodeOptions::default() }),
            wanted,
            "{}",
            schema.name()
        );
    }
}

#[test]
fn every_message_survives_json_with_all_fields_set() {
    let mut count = 0;
    for (schema, seed) in all().flat_map(|schema| (0..4).map(move |seed| (schema, seed))) {
        let wire = populated(schema, seed);
        assert!(schema.fields().is_empty() || !wire.is_empty(), "{}", schema.name());
        survives(schema, &wire, shapes::TYPES);
        count += 1;
    }
    assert!(count > 800, "{count}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn every_message_survives_json(seed: u64) {
        for schema in all() {
            survives(schema, &arbitrary(schema, seed), shapes::TYPES);
        }
    }

    #[test]
    fn prost_reads_and_writes_what_is_made(seed: u64) {
        fn same<M: Message + Default + HasSchema + PartialEq + std::fmt::Debug>(seed: u64) {
            let wire = populated(M::schema(), seed);
            let message = M::decode(wire.as_slice()).unwrap();
            assert_eq!(message.encode_to_vec(), wire, "{message:?}");
            assert_eq!(json::from_str::<M>(&json::to_string(&message).unwrap()).unwrap(), message);
            let message = M::decode(arbitrary(M::schema(), seed).as_slice()).unwrap();
            assert_eq!(json::from_str::<M>(&json::to_string(&message).unwrap()).unwrap(), message);
        }
        same::<Explicit>(seed);
        same::<Implicit>(seed);
        same::<Lists>(seed);
        same::<Maps>(seed);
        same::<Oneofs>(seed);
        same::<Outer>(seed);
        same::<Tree>(seed);
        same::<WellKnown>(seed);
        same::<shapes::legacy::v1::Legacy>(seed);
        same::<lumen_cloud::greenhouse::v1::Greenhouse>(seed);
        same::<lumen_cloud::harvest::v1::Harvest>(seed);
    }
}

#[test]
fn an_any_holds_messages_of_its_own_crate() {
    let implicit =
        json!({"@type": "type.googleapis.com/shapes.types.v1.Implicit", "fInt32": 7, "fEnum": "SIZE_2XL"});
    let any: WellKnown = serde_json::from_value(json!({"any": implicit})).unwrap();
    let held = Implicit::decode(any.any.as_ref().unwrap().value.as_slice()).unwrap();
    assert_eq!(held, Implicit { f_int32: 7, f_enum: Size::Size2xl.into(), ..Implicit::default() });
    assert_eq!(serde_json::to_value(&any).unwrap(), json!({"any": implicit}));
    // Also of other packages, and at any depth.
    let stranger = json!({"@type": "t/shapes.http.v1.GetNoteRequest"});
    let nested = json!({"@type": "t/shapes.types.v1.WellKnown", "anys": [stranger]});
    let any: WellKnown = serde_json::from_value(json!({"any": nested})).unwrap();
    assert_eq!(serde_json::to_value(&any).unwrap(), json!({"any": nested}));
    // Not of other crates.
    let other = json!({"any": {"@type": "t/lumen.cloud.harvest.v1.Harvest"}});
    assert!(serde_json::from_value::<WellKnown>(other).is_err());
}

#[test]
fn a_method_knows_what_its_any_may_hold() {
    let schemas = shapes::types::v1::TypesService::PACK.schemas().unwrap();
    assert_eq!(schemas.types().len(), shapes::TYPES.len(), "the response is an Any");
    let name = |schema: &MessageSchema| schema.name() == "shapes.types.v1.Implicit";
    assert!(schemas.types().iter().copied().flatten().any(|schema| name(schema())));
}
