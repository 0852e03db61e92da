//! All four kinds of calls, generated client against generated server.

use std::pin::Pin;
use std::time::Duration;

use rust_sdk_runtime::{Code, Gateway, RequestFraming};
use shapes::Client;
use shapes::google::api::HttpBody;
use shapes::streaming::v1::streaming_service::server::{StreamingService, StreamingServiceServer};
use shapes::streaming::v1::*;
use tokio_stream::{Stream, StreamExt as _};
use tonic::metadata::{MetadataMap, MetadataValue};
use tonic::transport::Server;
use tonic::{Request, Response, Status, Streaming};

use crate::server::serve;

type Answer<T> = Result<Response<T>, Status>;
type Replies<T> = Pin<Box<dyn Stream<Item = Result<T, Status>> + Send>>;

struct Service;

fn replies<T: Send + 'static>(items: impl Stream<Item = T> + Send + 'static) -> Replies<T> {
    Box::pin(items.map(Ok))
}

fn broken() -> Status {
    let mut metadata = MetadataMap::new();
    metadata.insert("x-offset", MetadataValue::from_static("3"));
    Status::with_metadata(tonic::Code::DataLoss, "the rest is lost", metadata)
}

async fn count<T>(mut requests: Streaming<T>) -> Result<u64, Status> {
    let mut count = 0;
    while requests.message().await?.is_some() {
        count += 1;
    }
    Ok(count)
}

#[tonic::async_trait]
impl StreamingService for Service {
    async fn ask(&self, request: Request<AskRequest>) -> Answer<AskResponse> {
        Ok(Response::new(AskResponse { text: format!("about {}", request.into_inner().topic) }))
    }

    /// As many as the limit says; without one it never ends.
    async fn watch(&self, request: Request<WatchRequest>) -> Answer<Replies<WatchResponse>> {
        let WatchRequest { topic, limit } = request.into_inner();
        let item = move |sequence| WatchResponse { sequence, text: topic.clone() };
        let items: Replies<WatchResponse> = match limit {
            Some(limit) => replies(tokio_stream::iter(0..i64::from(limit)).map(item)),
            None => replies(tokio_stream::iter(0..3).map(item).chain(tokio_stream::pending())),
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
        Ok(Response::new(replies(tokio_stream::iter(words).map(|text| SearchResponse { text }))))
    }

    /// Breaks off after three.
    async fn tail(&self, _: Request<TailRequest>) -> Answer<Replies<TailResponse>> {
        let lines =
            replies(tokio_stream::iter(0..3).map(|offset| TailResponse { line: String::new(), offset }));
        Ok(Response::new(Box::pin(lines.chain(tokio_stream::once(Err(broken()))))))
    }

    async fn download(&self, _: Request<DownloadRequest>) -> Answer<Replies<HttpBody>> {
        let part =
            |byte| HttpBody { content_type: "text/plain".into(), data: vec![byte], extensions: vec![] };
        Ok(Response::new(replies(tokio_stream::iter(*b"ab").map(part))))
    }

    async fn collect(&self, request: Request<Streaming<CollectRequest>>) -> Answer<CollectResponse> {
        Ok(Response::new(CollectResponse { parts: count(request.into_inner()).await? }))
    }

    /// Refuses an empty part as soon as it sees one.
    async fn upload(&self, request: Request<Streaming<UploadRequest>>) -> Answer<UploadResponse> {
        let mut requests = request.into_inner();
        let mut parts = 0;
        while let Some(request) = requests.message().await? {
            if request.part.is_empty() {
                return Err(Status::failed_precondition("an empty part"));
            }
            parts += 1;
        }
        Ok(Response::new(UploadResponse { parts }))
    }

    async fn talk(&self, request: Request<Streaming<TalkRequest>>) -> Answer<Replies<TalkResponse>> {
        let answer = |said: Result<TalkRequest, _>| {
            said.map(|said| TalkResponse { text: format!("re: {}", said.text) })
        };
        Ok(Response::new(Box::pin(request.into_inner().map(answer))))
    }

    async fn drain(&self, request: Request<Streaming<DrainRequest>>) -> Answer<()> {
        count(request.into_inner()).await?;
        Ok(Response::new(()))
    }

    async fn tick(&self, _: Request<()>) -> Answer<Replies<TickResponse>> {
        Ok(Response::new(replies(tokio_stream::iter(0..2).map(|sequence| TickResponse { sequence }))))
    }
}

async fn start() -> StreamingServiceClient {
    let url = serve(Server::builder().add_service(StreamingServiceServer::new(Service))).await;
    Client::builder().grpc(url).build().unwrap().streaming_service()
}

#[tokio::test]
async fn one_request_and_one_response() {
    let answer = start().await.ask("rain").await.unwrap();
    assert_eq!(answer.text, "about rain");
}

#[tokio::test]
async fn many_responses() {
    let client = start().await;
    let mut items = client.watch("w").limit(1000).await.unwrap();
    assert_eq!(items.headers().get("x-topic"), Some("weather"));
    let mut expected = 0;
    while let Some(item) = items.message().await.unwrap() {
        assert_eq!(item, WatchResponse { sequence: expected, text: "w".into() });
        expected += 1;
    }
    assert_eq!(expected, 1000);
    assert!(items.trailers().is_some());

    let mut none = client.watch("w").limit(0).await.unwrap();
    assert_eq!(none.message().await.unwrap(), None);
    let words = vec!["a".to_owned(), String::new()];
    let found = client.search().words(words.clone()).await.unwrap();
    assert_eq!(found.map(|item| item.unwrap().text).collect::<Vec<_>>().await, words);
    let parts = client.download("t").await.unwrap();
    assert_eq!(parts.map(|part| part.unwrap().data).collect::<Vec<_>>().await, [b"a", b"b"]);
    let ticks = client.tick().await.unwrap();
    assert_eq!(ticks.map(|tick| tick.unwrap().sequence).collect::<Vec<_>>().await, [0, 1]);
}

#[tokio::test]
async fn an_error_instead_of_a_stream_and_one_within_it() {
    let client = start().await;
    let error = client.search().await.unwrap_err();
    assert_eq!(error.code(), Some(Code::InvalidArgument));
    assert_eq!(error.method(), Some("shapes.streaming.v1.StreamingService/Search"));

    let mut lines = client.tail("t").await.unwrap();
    for offset in 0..3 {
        assert_eq!(lines.message().await.unwrap().unwrap().offset, offset);
    }
    let error = lines.message().await.unwrap_err();
    assert_eq!((error.code(), error.message()), (Some(Code::DataLoss), "the rest is lost"));
    assert_eq!(error.trailers().get("x-offset"), Some("3"));
    assert_eq!(error.method(), Some("shapes.streaming.v1.StreamingService/Tail"));
    assert_eq!(lines.message().await.unwrap(), None, "after an error there is nothing more");
}

#[tokio::test]
async fn many_requests() {
    let client = start().await;
    let parts = |count: usize| tokio_stream::iter((0..count).map(|_| CollectRequest { part: vec![7; 1000] }));
    assert_eq!(client.collect(parts(300)).await.unwrap().parts, 300);
    assert_eq!(client.collect(parts(0)).await.unwrap().parts, 0);
    client.drain(tokio_stream::iter([DrainRequest { part: vec![] }])).await.unwrap();

    let parts = [vec![1], vec![]].map(|part| UploadRequest { part });
    let endless = tokio_stream::iter(parts).chain(tokio_stream::pending());
    let error = client.upload(endless).await.unwrap_err();
    assert_eq!((error.code(), error.message()), (Some(Code::FailedPrecondition), "an empty part"));
}

#[tokio::test]
async fn many_requests_over_rest_in_both_framings() {
    let routes = tonic::service::Routes::new(StreamingServiceServer::new(Service));
    for framing in [RequestFraming::Array, RequestFraming::Lines] {
        let gateway = Gateway::new(&shapes::API, routes.clone());
        let client = Client::builder().rest_service(gateway).request_framing(framing).build().unwrap();
        let parts =
            |count: usize| tokio_stream::iter((0..count).map(|_| UploadRequest { part: vec![7; 1000] }));
        for count in [0, 1, 300] {
            let response = client.streaming_service().upload(parts(count)).await.unwrap();
            assert_eq!(response.parts, count as u64);
        }
        let error = client.streaming_service().talk(tokio_stream::empty()).await.unwrap_err();
        assert!(error.is_local() && error.message().contains("gRPC"), "{error}");
    }
}

#[tokio::test]
async fn many_of_both() {
    let client = start().await;
    let said = ["one", "two", "three"].map(|text| TalkRequest { text: text.into() });
    let answers = client.talk(tokio_stream::iter(said)).await.unwrap();
    let answers: Vec<_> = answers.map(|answer| answer.unwrap().text).collect().await;
    assert_eq!(answers, ["re: one", "re: two", "re: three"]);
}

/// Reads all requests before it answers anything.
struct Listener;

#[tonic::async_trait]
impl StreamingService for Listener {
    async fn talk(&self, request: Request<Streaming<TalkRequest>>) -> Answer<Replies<TalkResponse>> {
        let text = count(request.into_inner()).await?.to_string();
        Ok(Response::new(replies(tokio_stream::once(TalkResponse { text }))))
    }
}

/// A server in memory runs only while its call is polled.
#[tokio::test]
async fn requests_may_follow_the_call_to_a_server_in_memory() {
    let routes = tonic::service::Routes::new(StreamingServiceServer::new(Listener));
    let client = Client::builder().grpc_service(routes).build().unwrap().streaming_service();
    let (sender, requests) = tokio::sync::mpsc::channel(1);
    let call = client.talk(tokio_stream::wrappers::ReceiverStream::new(requests));
    let mut answers = call.await.unwrap();
    for _ in 0..10 {
        sender.send(TalkRequest::default()).await.unwrap();
    }
    drop(sender);
    assert_eq!(answers.message().await.unwrap().unwrap().text, "10");
}

#[tokio::test]
async fn a_timeout_holds_for_the_whole_stream() {
    let client = start().await;
    let call = client.watch("w").timeout(Duration::from_millis(300));
    let mut items = call.await.unwrap();
    for _ in 0..3 {
        items.message().await.unwrap().unwrap();
    }
    let error = items.message().await.unwrap_err();
    assert!(error.is_timeout(), "{error}");
}
