//! Stand-ins for services: a trait each, of which a test writes what it needs.

use std::sync::{Arc, Mutex};

use lumen_cloud::greenhouse::v1::*;
use lumen_cloud::key::v1::{IdentifyKeyRequest, IdentifyKeyResponse, Key, KeyServiceStub};
use rust_sdk_runtime::{Code, Error, Fake};
use shapes::google::api::HttpBody;
use shapes::streaming::v1::*;
use tokio_stream::StreamExt as _;

use crate::client;

#[derive(Clone, Default)]
struct Greenhouses(Arc<Mutex<Vec<String>>>);

impl GreenhouseServiceStub for Greenhouses {
    async fn get_greenhouse(&self, request: GetGreenhouseRequest) -> Result<GetGreenhouseResponse, Error> {
        tokio::task::yield_now().await;
        if request.greenhouse_id == "none" {
            return Err(Error::from_status(Code::NotFound, "no such greenhouse"));
        }
        self.0.lock().unwrap().push(request.greenhouse_id.clone());
        Ok(GetGreenhouseResponse { greenhouse: Some(Greenhouse::default().with_id(request.greenhouse_id)) })
    }
}

struct Keys;

impl KeyServiceStub for Keys {
    async fn identify_key(&self, request: IdentifyKeyRequest) -> Result<IdentifyKeyResponse, Error> {
        Ok(IdentifyKeyResponse { key: Some(Key::default().with_name(request.secret)) })
    }
}

#[tokio::test]
async fn it_answers_what_is_written_and_nothing_else() {
    let stub = Greenhouses::default();
    let fake = stub.clone().into_fake();
    let service = client(&fake).greenhouse_service();
    assert_eq!(service.get_greenhouse("g").await.unwrap().greenhouse.unwrap().id, "g");
    let error = service.get_greenhouse("none").await.unwrap_err();
    assert!(error.is_not_found());
    assert_eq!(error.message(), "no such greenhouse");
    let error = service.delete_greenhouse("g").await.unwrap_err();
    assert!(error.is_unimplemented());
    assert_eq!(*stub.0.lock().unwrap(), ["g"]);
    assert_eq!(fake.calls().len(), 3);
}

#[tokio::test]
async fn several_make_one_server() {
    let fake = Keys.serve_on(Greenhouses::default().into_fake());
    let client = client(&fake);
    let key = client.key_service().identify_key("s").await.unwrap().key.unwrap();
    assert_eq!(key.name, "s");
    client.greenhouse_service().get_greenhouse("g").await.unwrap();
    // What a stub does not have can be said by a closure.
    let fake = fake.on(&GreenhouseService::RESTART_GREENHOUSE, |_| Ok(RestartGreenhouseResponse {}));
    crate::client(&fake).greenhouse_service().restart_greenhouse("g").await.unwrap();
}

struct Streams;

impl StreamingServiceStub for Streams {
    async fn watch(&self, request: WatchRequest) -> Vec<Result<WatchResponse, Error>> {
        let item = |sequence| Ok(WatchResponse { sequence, text: request.topic.clone() });
        vec![item(1), item(2), Err(Error::from_status(Code::DataLoss, "the rest is lost"))]
    }

    async fn collect(&self, requests: Vec<CollectRequest>) -> Result<CollectResponse, Error> {
        Ok(CollectResponse { parts: requests.len() as u64 })
    }

    async fn talk(&self, requests: Vec<TalkRequest>) -> Vec<Result<TalkResponse, Error>> {
        requests.into_iter().map(|said| Ok(TalkResponse { text: format!("re: {}", said.text) })).collect()
    }

    async fn tick(&self, (): ()) -> Vec<Result<TickResponse, Error>> {
        Vec::new()
    }
}

#[tokio::test]
async fn streams_are_lists() {
    let fake: Fake = Streams.into_fake();
    let service = shapes::Client::builder().grpc_service(fake).build().unwrap().streaming_service();
    let mut items = service.watch("w").await.unwrap();
    for sequence in [1, 2] {
        let expected = WatchResponse { sequence, text: "w".into() };
        assert_eq!(items.message().await.unwrap(), Some(expected));
    }
    let error = items.message().await.unwrap_err();
    assert_eq!((error.code(), error.message()), (Some(Code::DataLoss), "the rest is lost"));

    let parts = vec![CollectRequest { part: vec![0; 100] }; 3];
    assert_eq!(service.collect(tokio_stream::iter(parts)).await.unwrap().parts, 3);
    let said = ["x", "y"].map(|text| TalkRequest { text: text.into() });
    let answers = service.talk(tokio_stream::iter(said)).await.unwrap();
    assert_eq!(answers.map(|answer| answer.unwrap().text).collect::<Vec<_>>().await, ["re: x", "re: y"]);
    assert_eq!(service.tick().await.unwrap().message().await.unwrap(), None);

    let error = service.search().await.unwrap_err();
    assert!(error.is_unimplemented(), "{error}");
    let error = service.upload(tokio_stream::iter([UploadRequest::default()])).await.unwrap_err();
    assert!(error.is_unimplemented(), "{error}");
    let none: Result<Option<HttpBody>, _> = match service.download("t").await {
        Ok(mut parts) => parts.message().await,
        Err(error) => Err(error),
    };
    assert!(none.unwrap_err().is_unimplemented());
}
