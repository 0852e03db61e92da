//! Crates of one workspace, used together: their types are the same types.

use depot_goods_v1::{Item, ItemName, ItemService, UpdateItemRequest};
use depot_jobs::job_service::server::{JobService as JobServer, JobServiceServer};
use depot_jobs::{CancelJobRequest, GetJobRequest, Job, JobService, job};
use depot_kind::{Note, Size, Unit, Weight, size};
use depot_orders_v1::client::Client;
use depot_orders_v1::order_service::server::{OrderService as OrderServer, OrderServiceServer};
use depot_orders_v1::{
    CreateOrderRequest, Order, OrderService, PackOrderRequest, UpdateOrderedItemRequest, order,
};
use prost::Message;
use prost_types::Any;
use rust_sdk_runtime::access::Rule;
use rust_sdk_runtime::{Api, Gateway};
use serde_json::json;
use tonic::service::Routes;
use tonic::{Request, Response, Status};

type Answer<T> = Result<Response<T>, Status>;

/// The services of both crates, for one gateway.
static API: Api = Api::new(&[OrderService::SERVICE, JobService::SERVICE]);

fn any(name: &str, message: &impl Message) -> Any {
    Any { type_url: format!("type.googleapis.com/{name}"), value: message.encode_to_vec() }
}

fn item() -> Item {
    Item::default()
        .with_name("halls/h/items/i")
        .with_size(Size::default().with_weight(Weight::default().with_amount(3).with_unit(Unit::Ton)))
        .with_unit(Unit::Kilogram)
        .with_parts([("lid", Weight::default().with_amount(1))])
}

fn full() -> Order {
    let job = Job { id: "j".into(), done: true, ..Job::default() };
    Order::default()
        .with_id("o")
        .with_item("halls/h/items/i")
        .with_items([item()])
        .with_weight(Weight::default().with_amount(5))
        .with_unit(Unit::Ton)
        .with_note(
            Note::default()
                .with_text("t")
                .with_attached(any("depot.goods.v1.Item", &item()))
                .with_replies([Note::default().with_attached(any("depot.jobs.v1.Job", &job))]),
        )
        .with_shelf_unit(Unit::Kilogram)
}

#[test]
fn a_message_holds_messages_of_other_crates() {
    let order = full();
    assert_eq!(Order::decode(order.encode_to_vec().as_slice()).unwrap(), order);
    // The same types: no conversion is needed, and getters work across crates.
    let weight: Option<&Weight> = order.items[0].size.as_ref().and_then(Size::weight);
    assert_eq!(weight.unwrap().unit(), Unit::Ton);
    assert_eq!(order.shelf_unit().and_then(|unit| unit.known()), Some(Unit::Kilogram));
    assert_eq!(order.place, Some(order::Place::ShelfUnit(Unit::Kilogram.into())));
    let sized = Order::default().with_place(Size { stated: Some(size::Stated::Pieces(2)) });
    assert!(format!("{sized:?}").contains("Pieces(2)"), "{sized:?}");
    assert!(format!("{order:?}").contains("unit: Ton"), "{order:?}");
}

#[test]
fn an_any_holds_messages_of_all_crates_that_a_crate_depends_on() {
    let order = full();
    let json = serde_json::to_value(&order).unwrap();
    let item = json!({
        "name": "halls/h/items/i", "size": {"weight": {"amount": "3", "unit": "UNIT_TON"}}, "unit": "UNIT_KILOGRAM",
        "parts": {"lid": {"amount": "1"}}
    });
    assert_eq!(json["items"], json!([item]));
    let mut attached = item;
    attached["@type"] = json!("type.googleapis.com/depot.goods.v1.Item");
    assert_eq!(
        json["note"],
        json!({
            "text": "t", "attached": attached,
            "replies": [{"attached": {"@type": "type.googleapis.com/depot.jobs.v1.Job", "id": "j", "done": true}}]
        })
    );
    // The bytes in an `Any` have another order, but the same content.
    let read: Order = serde_json::from_value(json.clone()).unwrap();
    assert_eq!(serde_json::to_value(&read).unwrap(), json);
    let attached = read.note.and_then(|note| note.attached).unwrap();
    assert_eq!(Item::decode(attached.value.as_slice()).unwrap(), self::item());
    // The crate of the note itself does not know the item's crate, which depends on it.
    assert!(serde_json::to_value(order.note.unwrap()).is_err());
}

#[test]
fn access_and_routes_are_those_of_one_run() {
    assert_eq!(OrderService::CREATE_ORDER.access().permissions(), ["write:orders"]);
    assert_eq!(ItemService::UPDATE_ITEM.access().permissions(), ["read:items", "write:items"]);
    // The crate of jobs imports no option of permissions. Its methods are unstated all the same, as `unstated` says.
    assert_eq!(JobService::GET_JOB.access().rule(), Rule::Authenticated);
    assert_eq!(ItemName::new("h", "i").unwrap().to_string(), "halls/h/items/i");
}

/// A server of both crates' services, which packs an order in one step.
#[derive(Clone)]
struct Depot;

#[tonic::async_trait]
impl OrderServer for Depot {
    async fn create_order(&self, request: Request<CreateOrderRequest>) -> Answer<Order> {
        Ok(Response::new(request.into_inner().order.unwrap_or_default()))
    }

    async fn reserve_item(&self, request: Request<Item>) -> Answer<Item> {
        Ok(Response::new(request.into_inner()))
    }

    async fn update_ordered_item(&self, request: Request<UpdateOrderedItemRequest>) -> Answer<Item> {
        let UpdateOrderedItemRequest { item, update_mask } = request.into_inner();
        let paths = update_mask.map(|mask| mask.paths.join(",")).unwrap_or_default();
        Ok(Response::new(item.unwrap_or_default().with_notes([Note::default().with_text(paths)])))
    }

    async fn correct_item(&self, request: Request<UpdateItemRequest>) -> Answer<Item> {
        let UpdateItemRequest { item, update_mask } = request.into_inner();
        let paths = update_mask.map(|mask| mask.paths.join(",")).unwrap_or_default();
        Ok(Response::new(item.unwrap_or_default().with_notes([Note::default().with_text(paths)])))
    }

    async fn pack_order(&self, request: Request<PackOrderRequest>) -> Answer<Job> {
        let metadata = any("depot.kind.Weight", &Weight::default().with_amount(7));
        Ok(Response::new(Job { id: request.into_inner().id, metadata: Some(metadata), ..Job::default() }))
    }
}

#[tonic::async_trait]
impl JobServer for Depot {
    async fn get_job(&self, request: Request<GetJobRequest>) -> Answer<Job> {
        let id = request.into_inner().id;
        let response = any("depot.orders.v1.Order", &full().with_id(id.clone()));
        let result = Some(job::Result::Response(response));
        Ok(Response::new(Job { id, done: true, result, ..Job::default() }))
    }

    async fn cancel_job(&self, request: Request<CancelJobRequest>) -> Answer<Job> {
        Ok(Response::new(Job { id: request.into_inner().id, ..Job::default() }))
    }
}

fn clients() -> [Client; 2] {
    let routes = || Routes::new(OrderServiceServer::new(Depot)).add_service(JobServiceServer::new(Depot));
    [
        Client::builder().grpc_service(routes()).build().unwrap(),
        Client::builder().rest_service(Gateway::new(&API, routes())).build().unwrap(),
    ]
}

#[tokio::test]
async fn a_request_of_another_crate_has_setters_on_its_call() {
    for client in clients() {
        let orders = client.order_service();
        let reserved = orders.reserve_item().name("halls/h/items/i").unit(Unit::Ton).await.unwrap();
        assert_eq!((reserved.name.as_str(), reserved.unit()), ("halls/h/items/i", Unit::Ton));
        assert_eq!(orders.create_order(full()).await.unwrap(), full());
        let updated = orders
            .update_ordered_item(item())
            .update_mask(prost_types::FieldMask { paths: vec!["unit".into()] })
            .await
            .unwrap();
        assert_eq!(updated.notes[0].text, "unit");
        let corrected = orders.correct_item(item()).update_mask(Item::mask().unit().size()).await.unwrap();
        assert_eq!(corrected.notes[0].text, "unit,size");
    }
}

#[tokio::test(start_paused = true)]
async fn an_operation_is_followed_by_the_service_of_another_crate() {
    let [grpc, rest] = clients();
    let mut poller = grpc.order_service().pack_order("o-1").poller();
    let started = poller.state().await.unwrap().unwrap();
    assert_eq!(started.metadata().unwrap(), Some(Weight::default().with_amount(7)));
    let packed = poller.until_done().await.unwrap();
    assert_eq!((packed.id.as_str(), packed.items), ("o-1", vec![item()]));
    // Over REST, the `Any` in a message of another crate holds what this crate knows.
    let started = rest.order_service().pack_order("o-1").poller().state().await.unwrap().unwrap();
    assert_eq!(started.metadata().unwrap(), Some(Weight::default().with_amount(7)));
}
