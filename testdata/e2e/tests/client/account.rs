//! The account that a call is for: the request's own, else the call's, else the client's.

use lumen_cloud::billing::v1::{BillingService, RecordUsageRequest, RecordUsageResponse, Usage, usage};
use lumen_cloud::greenhouse::v1::*;
use rust_sdk_runtime::method::{Method, Rpc, Service};
use rust_sdk_runtime::{Fake, scope};

use crate::{got, script};

/// A request whose account may be absent, as the generator does not have it in these crates.
#[derive(Clone, PartialEq, prost::Message)]
struct Optional {
    #[prost(string, optional, tag = "1")]
    account_id: Option<String>,
}

static METHODS: [Method; 1] = [Method::unary("/test.v1.Test/Optional")];
static SERVICE: Service = Service::new("test.v1.Test", &METHODS);
const OPTIONAL: Rpc<Optional, ()> = Rpc::new(&SERVICE, 0, scope!(account_id?));

fn client(fake: &Fake) -> lumen_cloud::Client {
    lumen_cloud::Client::builder().grpc_service(fake.clone()).account_id("clients").build().unwrap()
}

#[tokio::test]
async fn a_request_that_names_none_is_for_the_calls_or_the_clients() {
    let (fake, seen) = script(&GreenhouseService::GET_GREENHOUSE, [got(GreenhousePhase::Running)]);
    let service = client(&fake).greenhouse_service();
    service.get_greenhouse("g").await.unwrap();
    service.get_greenhouse("g").within("calls").await.unwrap();
    service.get_greenhouse("g").account_id("requests").await.unwrap();
    service.get_greenhouse("g").account_id("requests").within("calls").await.unwrap();
    let request = GetGreenhouseRequest::default().with_account_id("whole");
    client(&fake).call(&GreenhouseService::GET_GREENHOUSE, request).await.unwrap();
    let none = lumen_cloud::Client::builder().grpc_service(fake.clone()).build().unwrap();
    none.greenhouse_service().get_greenhouse("g").within("calls").await.unwrap();
    // The path has no place for an empty one, so neither has gRPC.
    let error = none.greenhouse_service().get_greenhouse("g").await.unwrap_err();
    assert!(error.is_local() && error.is_invalid_argument() && error.message().contains("`account_id`"));
    let accounts: Vec<_> = seen.all().into_iter().map(|request| request.account_id).collect();
    assert_eq!(accounts, ["clients", "calls", "requests", "requests", "whole", "calls"]);
}

#[tokio::test]
async fn it_is_put_into_a_message_of_the_request_that_is_there() {
    let answer = Ok(CreateGreenhouseResponse::default());
    let (fake, seen) = script(&GreenhouseService::CREATE_GREENHOUSE, [answer]);
    let service = client(&fake).greenhouse_service();
    service.create_greenhouse(Greenhouse::default().with_name("n")).await.unwrap();
    service.create_greenhouse(Greenhouse::default().with_account_id("own")).await.unwrap();
    // What is not there is not made.
    let request = CreateGreenhouseRequest::default();
    let error = client(&fake).call(&GreenhouseService::CREATE_GREENHOUSE, request).await.unwrap_err();
    assert!(error.is_local() && error.message().contains("`greenhouse.account_id`"), "{error}");
    let greenhouses: Vec<_> = seen.all().into_iter().map(|request| request.greenhouse).collect();
    assert_eq!(
        greenhouses,
        [
            Some(Greenhouse::default().with_name("n").with_account_id("clients")),
            Some(Greenhouse::default().with_account_id("own")),
        ]
    );

    let (fake, seen) = script(&BillingService::RECORD_USAGE, [Ok(RecordUsageResponse::default())]);
    let service = client(&fake).billing_service();
    service.record_usage(Usage::default().with_owner(usage::Owner::default())).await.unwrap();
    let owner = Some(usage::Owner::default().with_account_id("clients"));
    assert_eq!(seen.all(), [RecordUsageRequest { usage: Some(Usage { owner, ..Usage::default() }) }]);
}

#[tokio::test]
async fn it_is_put_into_a_field_that_may_be_absent() {
    let (fake, seen) = script(&OPTIONAL, [Ok(())]);
    for account_id in [None, Some(String::new()), Some("own".to_owned())] {
        client(&fake).call(&OPTIONAL, Optional { account_id }).await.unwrap();
    }
    let accounts: Vec<_> = seen.all().into_iter().map(|request| request.account_id.unwrap()).collect();
    assert_eq!(accounts, ["clients", "clients", "own"]);
    // Without an account nothing is set.
    let none = lumen_cloud::Client::builder().grpc_service(fake.clone()).build().unwrap();
    none.call(&OPTIONAL, Optional { account_id: None }).await.unwrap();
    assert_eq!(seen.all().last().unwrap().account_id, None);
}
