//! Generated clients against generated servers, one request and one response at a time.

use std::time::{Duration, Instant};

use lumen_cloud::greenhouse::v1::greenhouse_service::server::GreenhouseServiceServer;
use lumen_cloud::greenhouse::v1::*;
use lumen_cloud::{Client, Error};
use rust_sdk_runtime::{Code, ErrorKind};
use tonic::transport::Server;

use crate::server::{Store, Trailing, client, serve};

async fn start() -> (Store, GreenhouseServiceClient) {
    let store = Store::default();
    let server = GreenhouseServiceServer::new(store.clone());
    let url = serve(Server::builder().add_service(server)).await;
    (store, client(&url).greenhouse_service())
}

fn greenhouse(name: &str) -> Greenhouse {
    Greenhouse {
        account_id: "a".into(),
        name: name.into(),
        labels: [("k".to_owned(), "v".to_owned())].into(),
        climate: Some(Climate {
            target_temperature: 21.5,
            target_humidity: Some(0),
            heating: Some(climate::Heating::Unheated(false)),
            ..Climate::default()
        }),
        beds: vec![Bed { number: 1, area: 2.5, ..Bed::default() }],
        mode: greenhouse::Mode::Suspended.into(),
        ..Greenhouse::default()
    }
}

#[tokio::test]
async fn what_is_created_is_read_changed_listed_and_deleted() -> Result<(), Error> {
    let (_, client) = start().await;
    for name in ["north", "south", "east"] {
        let created = client.create_greenhouse(greenhouse(name)).await?.greenhouse.unwrap();
        assert_eq!(created, Greenhouse { id: created.id.clone(), ..greenhouse(name) });
    }
    let mut south = client.get_greenhouse("g-2").await?.greenhouse.unwrap();
    assert_eq!(south.name, "south");
    south.price_per_month_millicents = Some(0);
    assert_eq!(client.update_greenhouse(south.clone()).await?.greenhouse.as_ref(), Some(&south));
    assert_eq!(client.get_greenhouse("g-2").await?.greenhouse, Some(south));

    let page = client.list_greenhouses().page_size(2).await?;
    assert_eq!((page.items.len(), page.total_size), (2, 3));
    let next = page.next_page_token.unwrap();
    let page = client.list_greenhouses().page_size(2).page_token(next).await?;
    assert_eq!((page.items[0].name.as_str(), page.next_page_token), ("east", None));
    let others = client.list_greenhouses().account_id("other").await?;
    assert_eq!(others, ListGreenhousesResponse::default());

    client.delete_greenhouse("g-2").await?;
    assert!(client.delete_greenhouse("g-2").await.unwrap_err().is_not_found());

    let plan = Plan { media_type: "image/png".into(), data: vec![0; 100_000] };
    assert_eq!(client.upload_plan("g-1", plan).await?.beds, 100_000);
    client.restart_greenhouse("g-1").await?;
    Ok(())
}

#[tokio::test]
async fn an_error_says_what_which_method_and_what_came_with_it() {
    let (_, client) = start().await;
    let error = client.get_greenhouse("g-9").await.unwrap_err();
    assert!(error.is_not_found());
    assert_eq!((error.kind(), error.code()), (ErrorKind::Status, Some(Code::NotFound)));
    assert_eq!(error.method(), Some("lumen.cloud.greenhouse.v1.GreenhouseService/GetGreenhouse"));
    assert_eq!(error.message(), "no greenhouse g-9");
    assert_eq!(error.details(), [8, 5]);
    assert_eq!(error.metadata("x-request-id"), Some("r-404"));
    assert_eq!(
        error.to_string(),
        "NOT_FOUND: no greenhouse g-9 (lumen.cloud.greenhouse.v1.GreenhouseService/GetGreenhouse, trace r-404)"
    );

    let denied = client.create_greenhouse_from_snapshot("s", "n").await;
    assert!(denied.unwrap_err().is_permission_denied());
    #[expect(deprecated, reason = "what the API deprecates is still served")]
    let unknown = client.suspend_greenhouse("g").await;
    assert!(unknown.unwrap_err().is_unauthenticated());
    let invalid = client
        .client()
        .call(&GreenhouseService::CREATE_GREENHOUSE, CreateGreenhouseRequest::default())
        .await
        .unwrap_err();
    assert_eq!(invalid.code(), Some(Code::InvalidArgument));
    assert!(invalid.is_local(), "there is no account that it could be for");
}

#[tokio::test]
async fn metadata_goes_both_ways() {
    let (store, client) = start().await;
    let response =
        client.create_greenhouse(greenhouse("n")).header("x-trace", "t-1").with_response().await.unwrap();
    assert_eq!(store.seen().get("x-trace").unwrap(), "t-1");
    assert_eq!(response.message.greenhouse.unwrap().id, "g-1");
    assert_eq!(response.headers.get("x-trace"), Some("t-1"));
    assert_eq!(response.headers.get_bytes("x-token-bin"), Some(vec![0, 0xff]));
    assert!(store.seen().get("authorization").is_none(), "there are no credentials");
    assert!(store.seen().get("user-agent").unwrap().to_str().unwrap().contains("rust-sdk-runtime/"));
    let error = client.create_greenhouse(greenhouse("n")).header("not a name", "x").await.unwrap_err();
    assert!(error.is_local(), "{error}");
}

#[tokio::test]
async fn trailers_are_told_from_headers() {
    let server = Trailing(GreenhouseServiceServer::new(Store::default()));
    let url = serve(Server::builder().add_service(server)).await;
    let client = client(&url).greenhouse_service();
    let response = client.create_greenhouse(greenhouse("n")).with_response().await.unwrap();
    assert_eq!((response.headers.get("x-cost"), response.trailers.get("x-cost")), (None, Some("7")));
}

#[tokio::test]
async fn the_api_key_is_seen_by_the_server_and_by_nobody_else() {
    let store = Store::default();
    let url = serve(Server::builder().add_service(GreenhouseServiceServer::new(store.clone()))).await;
    let keyed = Client::builder().grpc(&url).api_key("k3y").header("x-app", "tests").build().unwrap();
    let client = keyed.greenhouse_service();
    client.create_greenhouse(greenhouse("n")).await.unwrap();
    assert_eq!(store.seen().get("authorization").unwrap(), "apikey k3y");
    assert_eq!(store.seen().get("x-app").unwrap(), "tests");
    let error = client.get_greenhouse("none").await.unwrap_err();
    for printed in [format!("{client:?}"), format!("{:?}", client.get_greenhouse("g")), format!("{error:?}")]
    {
        assert!(!printed.contains("k3y"), "{printed}");
    }
    let bearer = Client::builder().grpc(&url).bearer("t0ken").account_id("a").build().unwrap();
    bearer.greenhouse_service().get_greenhouse("g-1").await.unwrap();
    assert_eq!(store.seen().get("authorization").unwrap(), "Bearer t0ken");
}

#[tokio::test]
async fn a_timeout_ends_the_call_and_is_told_to_the_server() {
    let (store, client) = start().await;
    let begin = Instant::now();
    let call = client.suggest_greenhouse_name();
    let error = call.timeout(Duration::from_millis(200)).await.unwrap_err();
    assert!(error.is_timeout(), "{error}");
    assert_eq!(error.code(), Some(Code::DeadlineExceeded));
    assert_eq!(error.method(), Some("lumen.cloud.greenhouse.v1.GreenhouseService/SuggestGreenhouseName"));
    assert!(begin.elapsed() < Duration::from_secs(60));
    assert!(store.seen().get("grpc-timeout").is_some());
    // Other calls go on, with the default limit of an attempt: up to 60 s, in microseconds.
    client.create_greenhouse(greenhouse("n")).await.unwrap();
    let told = store.seen().get("grpc-timeout").unwrap().to_str().unwrap().to_owned();
    let micros: u64 = told.strip_suffix('u').unwrap().parse().unwrap();
    assert!((50_000_000..=60_000_000).contains(&micros), "{told}");
}

#[tokio::test]
async fn calls_of_one_client_run_at_the_same_time() {
    let (_, client) = start().await;
    let mut calls = tokio::task::JoinSet::new();
    for number in 0..50 {
        let client = client.clone();
        calls.spawn(async move { client.create_greenhouse(greenhouse(&format!("n{number}"))).await });
    }
    for created in calls.join_all().await {
        created.unwrap();
    }
    assert_eq!(client.list_greenhouses().await.unwrap().total_size, 50);
}

#[tokio::test]
async fn nobody_at_home_is_unavailable() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let error = client(&url).greenhouse_service().get_greenhouse("g").await.unwrap_err();
    assert!(error.is_unavailable() && !error.is_local(), "{error}");
}
