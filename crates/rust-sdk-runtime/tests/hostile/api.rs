//! The API that the servers should serve, as generated code would state it.

use prost_types::{Any, Timestamp};
use rust_sdk_runtime::access::Access;
use rust_sdk_runtime::method::{Idempotency, Method, MethodSchemas, Rpc, Scope, Service};
use rust_sdk_runtime::template;

#[derive(Clone, Default)]
pub(crate) struct Thing {
    pub(crate) id: String,
    pub(crate) count: i64,
    pub(crate) weight: f64,
    pub(crate) data: Vec<u8>,
    pub(crate) parts: Vec<Thing>,
    pub(crate) made: Option<Timestamp>,
    pub(crate) extra: Option<Any>,
}

rust_sdk_runtime::messages! {
    const MESSAGES;

    Thing = "test.v1.Thing" {
        1 singular string id,
        2 singular int64 count,
        3 singular double weight,
        4 singular bytes data,
        5 repeated message parts: Thing,
        6 optional message made: Timestamp,
        7 optional message extra: Any,
    }
}

static METHODS: [Method; 3] = [
    Method::unary("/test.v1.Things/Read")
        .requires(Access::authenticated())
        .idempotency(Idempotency::Safe)
        .get(template!("/v1/things/", id)),
    Method::unary("/test.v1.Things/Write")
        .requires(Access::authenticated())
        .post(template!("/v1/things"))
        .body("*"),
    Method::server_streaming("/test.v1.Things/Watch")
        .requires(Access::authenticated())
        .idempotency(Idempotency::Safe)
        .get(template!("/v1/things")),
];
static SERVICE: Service = Service::new("test.v1.Things", &METHODS).schemas(|index| {
    Some(match index {
        0 => MethodSchemas::of(&READ),
        1 => MethodSchemas::of(&WRITE),
        _ => MethodSchemas::of(&WATCH),
    })
});

/// Idempotent.
pub(crate) const READ: Rpc<Thing, Thing> = Rpc::new(&SERVICE, 0, Scope::NONE);
/// Not idempotent.
pub(crate) const WRITE: Rpc<Thing, Thing> = Rpc::new(&SERVICE, 1, Scope::NONE);
pub(crate) const WATCH: Rpc<Thing, Thing> = Rpc::new(&SERVICE, 2, Scope::NONE);

pub(crate) fn thing() -> Thing {
    Thing { id: "a".to_owned(), ..Thing::default() }
}
