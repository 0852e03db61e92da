//! What the gateway stands in front of.

use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use lumen_cloud::greenhouse::v1::greenhouse_service::server::{GreenhouseService, GreenhouseServiceServer};
use lumen_cloud::greenhouse::v1::*;
use prost::Message;
use prost_types::Any;
use rust_sdk_runtime::{Gateway, rpc};
use shapes::google::api::HttpBody;
use shapes::http::v1::body_service::server::{BodyService, BodyServiceServer};
use shapes::http::v1::*;
use shapes::streaming::v1::streaming_service::server::{StreamingService, StreamingServiceServer};
use shapes::streaming::v1::*;
use tokio_stream::{Stream, StreamExt as _};
use tonic::metadata::{MetadataMap, MetadataValue};
use tonic::{Code, Request, Response, Status, Streaming};

type Answer<T> = Result<Response<T>, Status>;
type Replies<T> = Pin<Box<dyn Stream<Item = Result<T, Status>> + Send>>;

/// Notes the metadata of every request.
#[derive(Clone, Default)]
pub(crate) struct Greenhouses(Arc<Mutex<Vec<MetadataMap>>>);

impl Greenhouses {
    pub(crate) fn gateway(&self) -> Gateway {
        crate::gateway(&lumen_cloud::API, GreenhouseServiceServer::new(self.clone()))
    }

    /// The metadata of the last request.
    pub(crate) fn seen(&self) -> MetadataMap {
        self.0.lock().unwrap().pop().unwrap()
    }

    fn open<T>(&self, request: Request<T>) -> T {
        self.0.lock().unwrap().push(request.metadata().clone());
        request.into_inner()
    }
}

#[tonic::async_trait]
impl GreenhouseService for Greenhouses {
    /// What was asked for is in the answer; `none` does not exist, `slow` never comes.
    async fn get_greenhouse(&self, request: Request<GetGreenhouseRequest>) -> Answer<GetGreenhouseResponse> {
        let GetGreenhouseRequest { account_id, greenhouse_id: id, .. } = self.open(request);
        if id == "slow" {
            std::future::pending::<()>().await;
        }
        if id == "none" {
            let duration = prost_types::Duration { seconds: 1, nanos: 500_000_000 };
            let details = vec![
                Any {
                    type_url: "type.googleapis.com/google.protobuf.Duration".into(),
                    value: duration.encode_to_vec(),
                },
                Any { type_url: "type.googleapis.com/nowhere.Secret".into(), value: vec![8, 5] },
            ];
            let details = rpc::Status { details, ..rpc::Status::default() }.encode_to_vec();
            let mut metadata = MetadataMap::new();
            metadata.insert("x-request-id", MetadataValue::from_static("r-404"));
            let message = "no \"greenhouse\" – none";
            return Err(Status::with_details_and_metadata(Code::NotFound, message, details.into(), metadata));
        }
        let greenhouse = Some(Greenhouse { account_id, id, ..Greenhouse::default() });
        Ok(Response::new(GetGreenhouseResponse { greenhouse }))
    }

    async fn create_greenhouse(
        &self,
        request: Request<CreateGreenhouseRequest>,
    ) -> Answer<CreateGreenhouseResponse> {
        let greenhouse = self.open(request).greenhouse;
        let mut response = Response::new(CreateGreenhouseResponse { greenhouse });
        response.metadata_mut().insert("x-trace", MetadataValue::from_static("t-1"));
        response.metadata_mut().insert_bin("x-token-bin", MetadataValue::from_bytes(&[0, 0xff]));
        Ok(response)
    }

    /// Fails with the code that is the ID.
    async fn delete_greenhouse(
        &self,
        request: Request<DeleteGreenhouseRequest>,
    ) -> Answer<DeleteGreenhouseResponse> {
        let code: i32 = self.open(request).greenhouse_id.parse().unwrap();
        Err(Status::new(Code::from_i32(code), "as you wish"))
    }
}

/// Echoes, as text and as bytes.
pub(crate) struct Bodies;

pub(crate) fn bodies() -> Gateway {
    crate::gateway(&shapes::API, BodyServiceServer::new(Bodies))
}

fn reply(id: String) -> BodyReply {
    let owner = BodyOwner { id: "o".into(), ..BodyOwner::default() };
    let item = BodyItem { id: id.clone(), owner: Some(owner), count: Some(0) };
    BodyReply { item: Some(item.clone()), text: id, items: vec![item], labels: [("a".into(), 1)].into() }
}

#[tonic::async_trait]
impl BodyService for Bodies {
    async fn get_message(&self, request: Request<GetBodyRequest>) -> Answer<BodyReply> {
        Ok(Response::new(reply(request.into_inner().id)))
    }

    async fn get_text(&self, request: Request<GetBodyRequest>) -> Answer<BodyReply> {
        Ok(Response::new(reply(request.into_inner().id)))
    }

    async fn get_items(&self, request: Request<GetBodyRequest>) -> Answer<BodyReply> {
        Ok(Response::new(reply(request.into_inner().id)))
    }

    async fn get_labels(&self, request: Request<GetBodyRequest>) -> Answer<BodyReply> {
        Ok(Response::new(reply(request.into_inner().id)))
    }

    async fn upload_raw(&self, request: Request<HttpBody>) -> Answer<BodyReply> {
        let HttpBody { content_type, data, .. } = request.into_inner();
        let text = format!("{content_type}: {}", String::from_utf8(data).unwrap());
        Ok(Response::new(BodyReply { text, ..BodyReply::default() }))
    }

    async fn upload_named(&self, request: Request<UploadNamedRequest>) -> Answer<BodyReply> {
        let UploadNamedRequest { name, content, overwrite, .. } = request.into_inner();
        let text = format!("{name}: {overwrite} {}", content.unwrap().data.len());
        Ok(Response::new(BodyReply { text, ..BodyReply::default() }))
    }

    async fn download_raw(&self, request: Request<GetBodyRequest>) -> Answer<HttpBody> {
        let id = request.into_inner().id;
        Ok(Response::new(HttpBody { content_type: id, data: vec![0, 0xff], extensions: vec![] }))
    }

    async fn download_named(&self, _: Request<GetBodyRequest>) -> Answer<DownloadNamedResponse> {
        let content = HttpBody { content_type: "text/csv".into(), data: b"a,b".to_vec(), extensions: vec![] };
        Ok(Response::new(DownloadNamedResponse { content: Some(content), checksum: "c".into() }))
    }
}

/// Streams; whether the one that never ends was dropped.
#[derive(Clone, Default)]
pub(crate) struct Streams(pub(crate) Arc<Mutex<BTreeMap<String, bool>>>);

pub(crate) fn streams() -> Gateway {
    Streams::default().gateway()
}

/// Notes that it was dropped.
struct Guard(Streams, String);

impl Drop for Guard {
    fn drop(&mut self) {
        self.0.0.lock().unwrap().insert(self.1.clone(), true);
    }
}

impl Streams {
    pub(crate) fn gateway(&self) -> Gateway {
        crate::gateway(&shapes::API, StreamingServiceServer::new(self.clone()))
    }

    /// Whether the call for this topic began, and was dropped. Only the tests in a browser ask.
    #[allow(dead_code)]
    pub(crate) fn is_dropped(&self, topic: &str) -> bool {
        self.0.lock().unwrap().contains_key(topic)
    }
}

fn broken() -> Status {
    let mut metadata = MetadataMap::new();
    metadata.insert("x-offset", MetadataValue::from_static("3"));
    Status::with_metadata(Code::DataLoss, "the rest is lost", metadata)
}

#[tonic::async_trait]
impl StreamingService for Streams {
    /// Never answers `forever`.
    async fn ask(&self, request: Request<AskRequest>) -> Answer<AskResponse> {
        let topic = request.into_inner().topic;
        if topic == "forever" {
            let _guard = Guard(self.clone(), topic);
            std::future::pending::<()>().await;
        }
        Err(Status::unimplemented(""))
    }

    /// As many as the limit says; without one it never ends.
    async fn watch(&self, request: Request<WatchRequest>) -> Answer<Replies<WatchResponse>> {
        let WatchRequest { topic, limit, .. } = request.into_inner();
        let guard = Guard(self.clone(), topic.clone());
        let item = move |sequence| Ok(WatchResponse { sequence, text: guard.1.clone() });
        let items: Replies<WatchResponse> = match limit {
            Some(limit) => Box::pin(tokio_stream::iter(0..i64::from(limit)).map(item)),
            None => Box::pin(tokio_stream::iter(0..3).chain(tokio_stream::pending()).map(item)),
        };
        let mut response = Response::new(items);
        response.metadata_mut().insert("x-topic", MetadataValue::from_static("weather"));
        Ok(response)
    }

    async fn search(&self, request: Request<SearchRequest>) -> Answer<Replies<SearchResponse>> {
        let words = request.into_inner().words;
        if words.is_empty() {
            return Err(Status::invalid_argument("no words"));
        }
        let found = |text| Ok(SearchResponse { text });
        Ok(Response::new(Box::pin(tokio_stream::iter(words).map(found))))
    }

    /// Breaks off after two.
    async fn tail(&self, _: Request<TailRequest>) -> Answer<Replies<TailResponse>> {
        let lines = ["a", "b"].map(|line| Ok(TailResponse { line: line.into(), offset: 7 }));
        Ok(Response::new(Box::pin(tokio_stream::iter(lines).chain(tokio_stream::once(Err(broken()))))))
    }

    /// Breaks off after two where the topic says so.
    async fn download(&self, request: Request<DownloadRequest>) -> Answer<Replies<HttpBody>> {
        let part = |data: &'static [u8]| {
            Ok(HttpBody { content_type: "text/csv".into(), data: data.to_vec(), extensions: vec![] })
        };
        let parts = tokio_stream::iter([&b"a,"[..], b"", b"b\n"]).map(part);
        Ok(Response::new(match request.into_inner().topic.as_str() {
            "broken" => Box::pin(parts.chain(tokio_stream::once(Err(broken())))),
            "denied" => Box::pin(tokio_stream::once(Err(Status::permission_denied("not this one")))),
            "nothing" => Box::pin(tokio_stream::empty()),
            _ => Box::pin(parts),
        }))
    }

    async fn collect(&self, _: Request<Streaming<CollectRequest>>) -> Answer<CollectResponse> {
        Err(Status::unimplemented(""))
    }

    async fn upload(&self, request: Request<Streaming<UploadRequest>>) -> Answer<UploadResponse> {
        let mut requests = request.into_inner();
        let mut parts = 0;
        while let Some(request) = requests.message().await? {
            parts += request.part.len() as u64;
        }
        Ok(Response::new(UploadResponse { parts }))
    }

    async fn talk(&self, _: Request<Streaming<TalkRequest>>) -> Answer<Replies<TalkResponse>> {
        Err(Status::unimplemented(""))
    }

    async fn drain(&self, _: Request<Streaming<DrainRequest>>) -> Answer<()> {
        Err(Status::unimplemented(""))
    }

    async fn tick(&self, _: Request<()>) -> Answer<Replies<TickResponse>> {
        let ticks = tokio_stream::iter(0..2).map(|sequence| Ok(TickResponse { sequence }));
        Ok(Response::new(Box::pin(ticks)))
    }
}

/// One message in gRPC framing.
pub(crate) fn framed(message: &impl Message) -> Bytes {
    let message = message.encode_to_vec();
    let mut framed = vec![0];
    framed.extend(u32::try_from(message.len()).unwrap().to_be_bytes());
    framed.extend(message);
    framed.into()
}
