//! A small API, as generated code would state it.

use rust_sdk_runtime::access::Access;
use rust_sdk_runtime::http::Binding;
use rust_sdk_runtime::method::{Idempotency, Method, MethodSchemas, Rpc, Scope, Service};
use rust_sdk_runtime::template;

#[derive(Clone, Default)]
pub(crate) struct Thing {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) size: Option<i32>,
    pub(crate) tags: Vec<String>,
}

#[derive(Clone, Default)]
pub(crate) struct Update {
    pub(crate) thing: Option<Thing>,
    pub(crate) force: bool,
    pub(crate) file: Option<HttpBody>,
}

/// `google.api.HttpBody`.
#[derive(Clone, Default)]
pub(crate) struct HttpBody {
    pub(crate) content_type: String,
    pub(crate) data: Vec<u8>,
}

/// Fields of the names that grpc-gateway wraps messages in.
#[derive(Clone, Default)]
pub(crate) struct Outcome {
    pub(crate) result: String,
    pub(crate) error: Option<Thing>,
}

rust_sdk_runtime::messages! {
    pub(crate) const MESSAGES;

    Thing = "test.v1.Thing" {
        1 singular string id,
        2 singular string name,
        3 optional int32 size,
        4 repeated string tags,
    }

    Update = "test.v1.Update" {
        1 optional message thing: Thing,
        2 singular bool force,
        3 optional message file: HttpBody,
    }

    HttpBody = "google.api.HttpBody" {
        1 singular string content_type,
        2 singular bytes data,
    }

    Outcome = "test.v1.Outcome" {
        1 singular string result,
        2 optional message error: Thing,
    }
}

const fn unary(path: &'static str) -> Method {
    Method::unary(path).requires(Access::authenticated())
}

const fn streaming(path: &'static str) -> Method {
    Method::server_streaming(path).requires(Access::authenticated())
}

static METHODS: [Method; 19] = [
    unary("/test.v1.Things/Get").get(template!("/v1/things/", id)),
    unary("/test.v1.Things/Create").post(template!("/v1/things")).body("*"),
    unary("/test.v1.Things/Update").binding(Binding::patch(template!("/v1/things/", thing.id)).body("thing")),
    unary("/test.v1.Things/Delete").delete(template!("/v1/things/", id)),
    unary("/test.v1.Things/Restart").post(template!("/v1/things/", id, ":restart")),
    unary("/test.v1.Things/Name")
        .binding(Binding::get(template!("/v1/things/", id, "/name")).response_body("name")),
    unary("/test.v1.Things/Download").get(template!("/v1/things/", id, "/file")),
    unary("/test.v1.Things/Upload")
        .binding(Binding::put(template!("/v1/things/", thing.id, "/file")).body("file")),
    unary("/test.v1.Things/Either")
        .get(template!("/v1/names/", name))
        .additional(&[Binding::get(template!("/v1/ids/", id))]),
    unary("/test.v1.Things/Unbound"),
    unary("/test.v1.Things/Bare").get(template!("/v1/bare")),
    streaming("/test.v1.Things/Watch").get(template!("/v1/things")),
    streaming("/test.v1.Things/Outcomes").get(template!("/v1/outcomes")),
    streaming("/test.v1.Things/Read").get(template!("/v1/things/", id, "/chunks")),
    streaming("/test.v1.Things/Names")
        .binding(Binding::get(template!("/v1/names")).response_body("name"))
        .idempotency(Idempotency::Safe),
    Method::client_streaming("/test.v1.Things/Import")
        .requires(Access::authenticated())
        .post(template!("/v1/things:import"))
        .body("*"),
    Method::client_streaming("/test.v1.Things/Append").requires(Access::authenticated()).post(template!(
        "/v1/things/",
        id,
        ":append"
    )),
    Method::bidirectional("/test.v1.Things/Chat")
        .requires(Access::authenticated())
        .post(template!("/v1/chat"))
        .body("*"),
    Method::client_streaming("/test.v1.Things/ImportInto")
        .requires(Access::authenticated())
        .post(template!("/v1/things/", id, ":import"))
        .body("*"),
];

static SERVICE: Service = Service::new("test.v1.Things", &METHODS).schemas(|index| {
    Some(match index {
        0 => MethodSchemas::of(&GET),
        1 => MethodSchemas::of(&CREATE),
        2 => MethodSchemas::of(&UPDATE_THING),
        3 => MethodSchemas::of(&DELETE),
        4 => MethodSchemas::of(&RESTART),
        5 => MethodSchemas::of(&NAME),
        6 => MethodSchemas::of(&DOWNLOAD),
        7 => MethodSchemas::of(&UPLOAD),
        8 => MethodSchemas::of(&EITHER),
        9 => MethodSchemas::of(&UNBOUND),
        11 => MethodSchemas::of(&WATCH),
        12 => MethodSchemas::of(&OUTCOMES),
        13 => MethodSchemas::of(&READ),
        14 => MethodSchemas::of(&NAMES),
        15 => MethodSchemas::of(&IMPORT),
        16 => MethodSchemas::of(&APPEND),
        17 => MethodSchemas::of(&CHAT),
        18 => MethodSchemas::of(&IMPORT_INTO),
        _ => return None,
    })
});

const fn rpc<I, O>(index: usize) -> Rpc<I, O> {
    Rpc::new(&SERVICE, index, Scope::NONE)
}

pub(crate) const GET: Rpc<Thing, Thing> = rpc(0);
pub(crate) const CREATE: Rpc<Thing, Thing> = rpc(1);
pub(crate) const UPDATE_THING: Rpc<Update, Thing> = rpc(2);
pub(crate) const DELETE: Rpc<Thing, ()> = rpc(3);
pub(crate) const RESTART: Rpc<Thing, Thing> = rpc(4);
pub(crate) const NAME: Rpc<Thing, Thing> = rpc(5);
pub(crate) const DOWNLOAD: Rpc<Thing, HttpBody> = rpc(6);
pub(crate) const UPLOAD: Rpc<Update, ()> = rpc(7);
pub(crate) const EITHER: Rpc<Thing, Thing> = rpc(8);
pub(crate) const UNBOUND: Rpc<Thing, Thing> = rpc(9);
/// Its schemas are not compiled in.
pub(crate) const BARE: Rpc<Thing, Thing> = rpc(10);
pub(crate) const WATCH: Rpc<Thing, Thing> = rpc(11);
pub(crate) const OUTCOMES: Rpc<(), Outcome> = rpc(12);
pub(crate) const READ: Rpc<Thing, HttpBody> = rpc(13);
pub(crate) const NAMES: Rpc<(), Thing> = rpc(14);
pub(crate) const IMPORT: Rpc<Thing, Thing> = rpc(15);
pub(crate) const APPEND: Rpc<Thing, Thing> = rpc(16);
pub(crate) const CHAT: Rpc<Thing, Thing> = rpc(17);
pub(crate) const IMPORT_INTO: Rpc<Thing, Thing> = rpc(18);

pub(crate) fn thing(id: &str) -> Thing {
    Thing { id: id.to_owned(), ..Thing::default() }
}
