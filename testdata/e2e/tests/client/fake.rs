//! The fake server: what it answers is what the client gets.

use lumen_cloud::greenhouse::v1::*;
use rust_sdk_runtime::{Code, Error, ErrorKind, Fake, Metadata};
use shapes::streaming::v1::*;
use tokio_stream::StreamExt as _;

use crate::client;

#[tokio::test]
async fn closures_and_async_functions_answer_one_request() {
    let fake = Fake::new()
        .on(&GreenhouseService::GET_GREENHOUSE, |request: GetGreenhouseRequest| {
            Ok(GetGreenhouseResponse {
                greenhouse: Some(Greenhouse::default().with_id(request.greenhouse_id)),
            })
        })
        .on_async(&GreenhouseService::DELETE_GREENHOUSE, |request: DeleteGreenhouseRequest| async move {
            tokio::task::yield_now().await;
            match request.greenhouse_id.as_str() {
                "gone" => Err(Error::from_status(Code::NotFound, "gone already")),
                _ => Ok(DeleteGreenhouseResponse {}),
            }
        });
    let client = client(&fake).greenhouse_service();
    assert_eq!(client.get_greenhouse("g").await.unwrap().greenhouse.unwrap().id, "g");
    client.delete_greenhouse("g").header("x-why", "test").await.unwrap();
    let error = client.delete_greenhouse("gone").await.unwrap_err();
    assert!(error.is_not_found());
    assert_eq!(error.message(), "gone already");
    let unknown = client.restart_greenhouse("g").await.unwrap_err();
    assert!(unknown.is_unimplemented(), "{unknown}");

    let calls = fake.calls();
    let paths: Vec<_> = calls.iter().map(|call| call.path.as_str()).collect();
    assert_eq!(
        paths,
        [
            GreenhouseService::GET_GREENHOUSE.path(),
            GreenhouseService::DELETE_GREENHOUSE.path(),
            GreenhouseService::DELETE_GREENHOUSE.path(),
            GreenhouseService::RESTART_GREENHOUSE.path(),
        ]
    );
    assert_eq!((calls[1].headers.get("x-why"), calls[2].headers.get("x-why")), (Some("test"), None));
}

#[tokio::test]
async fn streams_of_both_sides() {
    let fake = Fake::new()
        .on_stream(&StreamingService::SEARCH, |request: SearchRequest| {
            let mut found: Vec<_> =
                request.words.into_iter().map(|text| Ok(SearchResponse { text })).collect();
            found.push(Err(Error::from_status(Code::Aborted, "enough")));
            found
        })
        .on_streams(&StreamingService::COLLECT, |requests: Vec<CollectRequest>| {
            Ok(vec![Ok(CollectResponse { parts: requests.len() as u64 })])
        })
        .on_streams(&StreamingService::TALK, |requests: Vec<TalkRequest>| {
            Ok(requests.into_iter().rev().map(|said| Ok(TalkResponse { text: said.text })).collect())
        });
    let client = shapes::Client::builder().grpc_service(fake).build().unwrap().streaming_service();
    let mut found = client.search().words(["a", "b"]).await.unwrap();
    assert_eq!(found.message().await.unwrap().unwrap().text, "a");
    assert_eq!(found.message().await.unwrap().unwrap().text, "b");
    assert!(found.message().await.unwrap_err().is_aborted());
    let parts = vec![CollectRequest { part: vec![0; 100] }; 3];
    assert_eq!(client.collect(tokio_stream::iter(parts)).await.unwrap().parts, 3);
    let said = ["x", "y"].map(|text| TalkRequest { text: text.into() });
    let answers = client.talk(tokio_stream::iter(said)).await.unwrap();
    assert_eq!(answers.map(|answer| answer.unwrap().text).collect::<Vec<_>>().await, ["y", "x"]);
}

#[tokio::test]
async fn errors_come_with_all_that_they_say() {
    let fake = Fake::new().on(&GreenhouseService::GET_GREENHOUSE, |_| {
        let trailers: http::HeaderMap = [
            (http::HeaderName::from_static("x-request-id"), http::HeaderValue::from_static("r-7")),
            (http::HeaderName::from_static("x-shard"), http::HeaderValue::from_static("3")),
        ]
        .into_iter()
        .collect();
        let error = Error::from_status(Code::FailedPrecondition, "100 % é\n");
        Err(error.with_details(vec![8, 9, 18, 0]).with_trailers(Metadata::from(trailers)))
    });
    let error = client(&fake).greenhouse_service().get_greenhouse("g").await.unwrap_err();
    assert_eq!((error.kind(), error.code()), (ErrorKind::Status, Some(Code::FailedPrecondition)));
    assert_eq!((error.message(), error.details()), ("100 % é\n", [8, 9, 18, 0].as_slice()));
    assert_eq!((error.metadata("x-shard"), error.trace_id()), (Some("3"), Some("r-7")));
}
