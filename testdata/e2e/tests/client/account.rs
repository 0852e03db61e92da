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
    crate::client(&fake).greenhouse_service().get_greenhouse("g").within("calls").await.unwrap();
    crate::client(&fake).greenhouse_service().get_greenhouse("g").await.unwrap();
    let accounts: Vec<_> = seen.all().into_iter().map(|request| request.account_id).collect();
    assert_eq!(accounts, ["clients", "calls", "requests", "requests", "whole", "calls", ""]);
}

#[tokio::test]
async fn it_is_put_into_a_message_of_the_request_that_is_there() {
    let answer = Ok(CreateGreenhouseResponse::default());
    let (fake, seen) = script(&GreenhouseService::CREATE_GREENHOUSE, [answer]);
    let service = client(&fake).greenhouse_service();
    service.create_greenhouse(Greenhouse::default().with_name("n")).await.unwrap();
    service.create_greenhouse(Greenhouse::default().with_account_id("own")).await.unwrap();
    // What is not there is not made: the server says what is missing.
    client(&fake)
        .call(&GreenhouseService::CREATE_GREENHOUSE, CreateGreenhouseRequest::default())
        .await
        .unwrap();
    let greenhouses: Vec<_> = seen.all().into_iter().map(|request| request.greenhouse).collect();
    assert_eq!(
        greenhouses,
        [
            Some(Greenhouse::default().with_name("n").with_account_id("clients")),
            Some(Greenhouse::default().with_account_id("own")),
            None,
        ]
    );

    let (fake, seen) = script(&BillingService::RECORD_USAGE, [Ok(RecordUsageResponse::default())]);
    let service = client(&fake).billing_service();
    service.record_usage(Usage::default()).await.unwrap();
    service.record_usage(Usage::default().with_owner(usage::Owner::default())).await.unwrap();
    let owned =
        |owner: Option<usage::Owner>| RecordUsageRequest { usage: Some(Usage { owner, ..Usage::default() }) };
    let filled = usage::Owner::default().with_account_id("clients");
    assert_eq!(seen.all(), [owned(None), owned(Some(filled))]);
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
    crate::client(&fake).call(&OPTIONAL, Optional { account_id: None }).await.unwrap();
    assert_eq!(seen.all().last().unwrap().account_id, None);
}
