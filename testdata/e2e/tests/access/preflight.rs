//! Calls that are refused before they are made: the decision matrix on both transports, and where the caller comes from.

use std::fmt::Debug;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use lumen_cloud::greenhouse::v1::{Greenhouse, GreenhouseService, UpdateGreenhouseRequest};
use lumen_cloud::key::v1::{CreateKeyRequest, Key, KeyService, ListKeysResponse};
use lumen_cloud::{API, Client, account, billing, greenhouse, harvest, iam, key, platform};
use prost::Message;
use prost_types::FieldMask;
use rust_sdk_runtime::access::{Access, Identity};
use rust_sdk_runtime::credentials::{Authorization, AuthorizationFuture, Credentials};
use rust_sdk_runtime::method::Scope;
use rust_sdk_runtime::method::Service;
use rust_sdk_runtime::{ClientBuilder, Code, Error, ErrorKind, Fake, Gateway, Method, Rpc, Streaming, scope};

use crate::support::access::{self, Case, LUMEN, SHAPES, Stated, Who, expected, stated};

/// Who calls, and may become somebody else.
#[derive(Clone, Default)]
struct Current(Arc<Mutex<Option<Identity>>>);

impl Current {
    fn set(&self, identity: impl Into<Option<Identity>>) {
        *self.0.lock().unwrap() = identity.into();
    }

    fn preflight<C: From<rust_sdk_runtime::Client>>(&self, builder: ClientBuilder<C>) -> ClientBuilder<C> {
        let current = self.clone();
        builder.preflight(move || current.0.lock().unwrap().clone())
    }
}

/// Compares an error with what must come of a case. Whoever is let in finds that nothing is implemented.
fn compare(error: &Error, calls: usize, stated: &Stated, case: &Case) {
    let what = format!("{} {case:?}: {error}", stated.name);
    assert_eq!(error.method(), Some(stated.name.as_str()), "{what}");
    let Some((code, reason)) = expected(stated, case) else {
        let no_account = case.account.is_none_or(str::is_empty);
        match error.kind() {
            ErrorKind::Status => assert!(error.is_unimplemented() && calls == 1, "{what}"),
            // A path has no place for an empty account.
            kind => assert!(kind == ErrorKind::InvalidArgument && no_account && calls == 0, "{what}"),
        }
        return;
    };
    assert_eq!((error.kind(), error.code(), calls), (ErrorKind::Refused, Some(code), 0), "{what}");
    assert!(error.is_local() && error.message().starts_with("rejected locally: "), "{what}");
    let info = error.error_info().unwrap();
    let (service, _) = stated.name.split_once('/').unwrap();
    assert_eq!((info.reason.as_str(), info.domain.as_str()), (reason, service), "{what}");
    assert_eq!(info.metadata["method"], stated.name);
    for missing in info.metadata.get("permissions").into_iter().flat_map(|names| names.split(',')) {
        assert!(error.message().contains(&format!("`{missing}`")), "{what}");
        assert!(!case.who.permissions.iter().any(|held| held == missing), "{what}");
    }
}

/// One method after the other.
struct Matrix {
    methods: Vec<Stated>,
    done: Vec<String>,
    refused: usize,
}

impl Matrix {
    async fn method<I, O>(&mut self, rpc: &Rpc<I, O>)
    where
        I: Message + Default + Clone,
        O: Message + Default + Debug,
    {
        let stated = self.methods.iter().find(|stated| stated.name == rpc.full_name()).unwrap();
        let schema = rpc.schemas().unwrap().request();
        for rest in [false, true] {
            let (fake, current) = (Fake::new(), Current::default());
            let builder = current.preflight(Client::builder());
            let client = if rest {
                builder.rest_service(Gateway::new(&API, fake.clone()))
            } else {
                builder.grpc_service(fake.clone())
            };
            let client = client.build().unwrap();
            let mut before = 0;
            for case in access::cases(stated, &self.methods) {
                let wire = access::request(rpc, schema, case.account);
                current.set(case.who.identity());
                let error = client.call(rpc, I::decode(&*wire).unwrap()).await.unwrap_err();
                let calls = fake.calls().len();
                compare(&error, calls - before, stated, &case);
                self.refused += usize::from(error.kind() == ErrorKind::Refused);
                before = calls;
            }
        }
        self.done.push(stated.name.clone());
    }
}

macro_rules! every {
    ($matrix:ident; $($service:ty: $($rpc:ident)+;)+) => {
        $($($matrix.method(&<$service>::$rpc).await;)+)+
    };
}

#[tokio::test]
async fn it_answers_as_the_document_says_on_both_transports() {
    let mut matrix = Matrix { methods: stated(LUMEN), done: Vec::new(), refused: 0 };
    every! { matrix;
        account::v1::AccountService: LIST_ACCOUNTS GET_ACCOUNT CREATE_ACCOUNT UPDATE_ACCOUNT DELETE_ACCOUNT ACCEPT_ACCOUNT_INVITE;
        billing::v1::BillingService: LIST_INVOICES GET_USAGE PAY_INVOICE RECORD_USAGE;
        greenhouse::auth::v1::ControllerKeyService: LIST_CONTROLLER_KEYS CREATE_CONTROLLER_KEY DELETE_CONTROLLER_KEY;
        greenhouse::auth::v2::ControllerKeyService: LIST_CONTROLLER_KEYS CREATE_CONTROLLER_KEY DELETE_CONTROLLER_KEY;
        greenhouse::backup::v1::SnapshotService: LIST_SNAPSHOTS CREATE_SNAPSHOT UPDATE_SNAPSHOT DELETE_SNAPSHOT;
        greenhouse::v1::GreenhouseService: LIST_GREENHOUSES GET_GREENHOUSE CREATE_GREENHOUSE UPDATE_GREENHOUSE DELETE_GREENHOUSE SUGGEST_GREENHOUSE_NAME CREATE_GREENHOUSE_FROM_SNAPSHOT RESTART_GREENHOUSE SUSPEND_GREENHOUSE UPLOAD_PLAN;
        greenhouse::v1::SensorService: LIST_SENSORS GET_SENSOR CALIBRATE_SENSOR LIST_READINGS;
        harvest::v1::HarvestService: LIST_HARVESTS CREATE_HARVEST DELETE_HARVEST;
        iam::v1::IamService: GET_AUTHENTICATED_USER LIST_ROLES CREATE_ROLE ASSIGN_USER_ROLES DELETE_ROLE LIST_EFFECTIVE_PERMISSIONS UPDATE_USER_MFA_METHOD;
        key::v1::KeyService: LIST_KEYS CREATE_KEY IDENTIFY_KEY DELETE_KEY;
        platform::v1::PlatformService: LIST_GLOBAL_REGIONS GET_GLOBAL_REGION GET_REGION_LOAD LIST_CROPS LIST_MAINTENANCE_WINDOWS;
    };
    let all: Vec<&str> = API.methods().map(Method::full_name).collect();
    assert_eq!(matrix.done, all);
    assert!(matrix.refused > 10_000, "{}", matrix.refused);
}

#[tokio::test]
async fn an_api_without_statements_refuses_every_kind_of_call() {
    let methods = stated(SHAPES);
    let (fake, current) = (Fake::new(), Current::default());
    let client: shapes::Client =
        current.preflight(shapes::Client::builder()).grpc_service(fake.clone()).build().unwrap();
    let somebody =
        Who { authenticated: true, kind: None, permissions: vec!["a".into()], own: access::Own::Every };
    for who in [Who::anonymous(), somebody] {
        current.set(who.identity());
        let case = Case { who, account: Some("a") };
        for service in shapes::API.services() {
            for (index, method) in service.methods().iter().enumerate() {
                let rpc = Rpc::<(), ()>::new(service, index, Scope::NONE);
                let requests = tokio_stream::once(());
                let error = match method.streaming() {
                    Streaming::Unary => client.call(&rpc, ()).await.unwrap_err(),
                    Streaming::Client => client.client_streaming(&rpc, requests).await.unwrap_err(),
                    Streaming::Server => client.server_streaming(&rpc, ()).await.err().unwrap(),
                    Streaming::Bidirectional => match client.bidirectional(&rpc, requests).await {
                        Err(error) => error,
                        // What the server answers comes later.
                        Ok(mut responses) => responses.message().await.unwrap_err(),
                    },
                };
                let stated = methods.iter().find(|stated| stated.name == method.full_name()).unwrap();
                compare(&error, fake.calls().len(), stated, &case);
            }
        }
    }
}

/// A server that lists no keys, and a client of it.
fn keys(current: &Current) -> (Fake, ClientBuilder<Client>) {
    let fake = Fake::new().on(&KeyService::LIST_KEYS, |_| Ok(ListKeysResponse::default()));
    (fake.clone(), current.preflight(Client::builder()).grpc_service(fake))
}

fn reader() -> Identity {
    Identity::new(["read:keys"]).within("a")
}

#[tokio::test]
async fn the_caller_is_asked_for_at_every_call() {
    let current = Current::default();
    let (fake, builder) = keys(&current);
    let service = builder.account_id("a").build().unwrap().key_service();
    service.list_keys().await.expect("it is not known who calls, so the server decides");
    current.set(Identity::new(["write:keys"]).within("a"));
    let error = service.list_keys().await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "PERMISSION_DENIED: rejected locally: the caller lacks the permission `read:keys` \
         (lumen.cloud.key.v1.KeyService/ListKeys, reason PERMISSION_MISSING)"
    );
    assert!(error.is_permission_denied() && error.is_local());
    current.set(reader());
    service.list_keys().await.unwrap();
    current.set(Identity::anonymous());
    assert!(service.list_keys().await.unwrap_err().is_unauthenticated());
    current.set(None);
    service.list_keys().await.unwrap();
    assert_eq!(fake.calls().len(), 3);
}

#[tokio::test]
async fn the_account_is_the_one_that_the_call_is_made_with() {
    let current = Current::default();
    current.set(reader());
    let (_, builder) = keys(&current);
    let client = builder.account_id("b").build().unwrap();
    let service = client.key_service();
    let reason = |error: Error| error.error_info().unwrap().reason;
    assert_eq!(reason(service.list_keys().await.unwrap_err()), "ACCOUNT_MISMATCH");
    service.list_keys().within("a").await.unwrap();
    service.list_keys().account_id("a").await.unwrap();
    assert_eq!(
        reason(service.list_keys().account_id("c").within("a").await.unwrap_err()),
        "ACCOUNT_MISMATCH"
    );
    let items = client.sensor_service().list_sensors("g").items().collect().await;
    assert_eq!(reason(items.unwrap_err()), "ACCOUNT_MISMATCH");
    // Nested, filled in by the client.
    current.set(Identity::new(["write:keys"]).within("b").actor("ACTOR_TYPE_USER"));
    assert!(service.create_key(Key::default()).await.unwrap_err().is_unimplemented());
    let request = CreateKeyRequest::default();
    let error = client.call(&KeyService::CREATE_KEY, request).await.unwrap_err();
    assert_eq!(reason(error), "ACCOUNT_MISSING");
}

/// Credentials that count how often they are asked for.
#[derive(Clone, Default)]
struct Counted(Arc<AtomicUsize>);

impl Credentials for Counted {
    fn authorize(&self, _: &'static Method) -> AuthorizationFuture<'_> {
        self.0.fetch_add(1, Ordering::Relaxed);
        Box::pin(std::future::ready(Authorization::bearer("t").map_err(Into::into)))
    }
}

#[tokio::test]
async fn what_is_refused_asks_for_no_credentials_and_what_has_its_own_is_not_refused() {
    let current = Current::default();
    current.set(Identity::new(["read:roles"]).within("a"));
    let (fake, builder) = keys(&current);
    let counted = Counted::default();
    let service = builder.account_id("a").credentials(counted.clone()).build().unwrap().key_service();
    assert!(service.list_keys().await.unwrap_err().is_local());
    assert_eq!((counted.0.load(Ordering::Relaxed), fake.calls().len()), (0, 0));
    service.list_keys().header("authorization", "Bearer another").await.unwrap();
    assert_eq!(fake.calls().len(), 1);
}

#[tokio::test]
async fn an_update_with_a_mask_is_held_to_what_it_reads_where_that_is_asked_for() {
    let request = |update_mask| UpdateGreenhouseRequest {
        greenhouse: Some(Greenhouse::default().with_id("g")),
        update_mask,
    };
    let (update, empty) = (|| request(None), || request(Some(FieldMask::default())));
    let masked = || request(Some(FieldMask { paths: vec!["name".into()] }));
    let read = "lumen.cloud.greenhouse.v1.GreenhouseService/GetGreenhouse";
    for rest in [false, true] {
        let (fake, current) = (Fake::new(), Current::default());
        let client = |masks: bool| {
            let builder = current.preflight(Client::builder()).account_id("a");
            let builder = if masks { builder.preflight_masks() } else { builder };
            let builder = if rest {
                builder.rest_service(Gateway::new(&API, fake.clone()))
            } else {
                builder.grpc_service(fake.clone())
            };
            builder.build().unwrap()
        };
        let (plain, strict) = (client(false), client(true));
        let rpc = &GreenhouseService::UPDATE_GREENHOUSE;
        current.set(Identity::new(["write:greenhouses"]).within("a"));
        for (client, request) in
            [(&plain, masked()), (&plain, update()), (&strict, update()), (&strict, empty())]
        {
            assert!(client.call(rpc, request).await.unwrap_err().is_unimplemented());
        }
        assert_eq!(fake.calls().len(), 4);
        let error = strict.call(rpc, masked()).await.unwrap_err();
        assert_eq!((error.kind(), error.method()), (ErrorKind::Refused, Some(rpc.full_name())));
        assert!(error.message().contains(read) && error.message().contains("`read:greenhouses`"), "{error}");
        let metadata = error.error_info().unwrap().metadata;
        assert_eq!((metadata["read"].as_str(), metadata["permissions"].as_str()), (read, "read:greenhouses"));
        // Both, for the account that the update finds in a nested message.
        current.set(Identity::new(["write:greenhouses", "read:greenhouses"]).within("a"));
        assert!(strict.call(rpc, masked()).await.unwrap_err().is_unimplemented());
        current.set(Identity::new(["read:greenhouses"]).within("a"));
        let error = strict.call(rpc, masked()).await.unwrap_err();
        assert!(!error.error_info().unwrap().metadata.contains_key("read"), "it is the update's own rule");
        assert_eq!(fake.calls().len(), 5);
    }
}

#[test]
fn what_an_update_with_a_mask_reads_is_among_what_a_program_needs() {
    let needs = || API.required_for([GreenhouseService::UPDATE_GREENHOUSE.method()]);
    assert!(needs().least().iter().eq(&["write:greenhouses"]));
    assert!(needs().with_masks().least().iter().eq(&["read:greenhouses", "write:greenhouses"]));
    // The whole API: every choice contains all permissions, but no single caller may do everything.
    let all = API.required_for(API.methods()).with_masks();
    let sets = all.minimal_sets().unwrap();
    assert!(!sets.is_empty() && all.actors().unwrap().is_empty() && !all.is_possible());
    let sources = API.methods().filter_map(Method::patch_source).count();
    assert_eq!(sources, 2);
}

static METHODS: [Method; 2] = [
    Method::client_streaming("/test.v1.Test/Collect").requires(Access::all(&["write:a"]).within("id")),
    Method::server_streaming("/test.v1.Test/Watch").requires(Access::all(&["read:a"]).within("id")),
];
static SERVICE: Service = Service::new("test.v1.Test", &METHODS);

#[derive(Clone, PartialEq, Message)]
struct Watch {
    #[prost(string, tag = "1")]
    id: String,
}

#[tokio::test]
async fn streams_are_checked_as_far_as_their_requests_are_known() {
    let (fake, current) = (Fake::new(), Current::default());
    let client: rust_sdk_runtime::Client =
        current.preflight(rust_sdk_runtime::Client::builder()).grpc_service(fake.clone()).build().unwrap();
    let collect = Rpc::<Watch, ()>::new(&SERVICE, 0, scope!(id));
    let watch = Rpc::<Watch, ()>::new(&SERVICE, 1, scope!(id));
    let message = |id: &str| Watch { id: id.into() };
    let requests = || tokio_stream::once(message("b"));

    current.set(Identity::new(["read:a"]).within("a"));
    let error = client.client_streaming(&collect, requests()).await.unwrap_err();
    assert_eq!((error.kind(), error.code()), (ErrorKind::Refused, Some(Code::PermissionDenied)));
    let error = client.server_streaming(&watch, message("b")).await.err().unwrap();
    assert_eq!(error.error_info().unwrap().reason, "ACCOUNT_MISMATCH");
    assert_eq!(fake.calls().len(), 0);
    assert!(client.server_streaming(&watch, message("a")).await.err().unwrap().is_unimplemented());
    // Nobody knows the account of a stream before it is sent.
    current.set(Identity::new(["write:a"]).within("a"));
    assert!(client.client_streaming(&collect, requests()).await.unwrap_err().is_unimplemented());
}

#[test]
fn a_client_says_what_a_caller_can() {
    let client = |account: Option<&str>| {
        let builder = Client::builder().grpc_service(Fake::new());
        account
            .map_or(Client::builder().grpc_service(Fake::new()), |account| builder.account_id(account))
            .build()
            .unwrap()
    };
    let (none, of_a, of_b) = (client(None), client(Some("a")), client(Some("b")));
    let (list, create) = (&KeyService::LIST_KEYS, &KeyService::CREATE_KEY);
    // Permissions alone.
    for client in [&none, &of_a] {
        assert!(client.can(list, &["read:keys"]).is_allowed());
        assert!(!client.can(list, &vec!["write:keys".to_owned()]).is_allowed());
        assert!(!client.can(create, &["write:keys"]).is_allowed(), "it is for users");
    }
    // Somebody in an account.
    let (reader, writer) = (reader(), Identity::new(["write:keys"]).actor("ACTOR_TYPE_USER").everywhere());
    let owner = writer.caller();
    assert!(none.can(list, &reader).is_allowed() && of_a.can(list, &reader).is_allowed());
    assert_eq!(of_b.can(list, &reader).refusal().unwrap().reason().as_str(), "ACCOUNT_MISMATCH");
    assert!(none.can(create, owner).is_allowed() && of_b.can(create, owner).is_allowed());
    assert!(!none.can(create, &Identity::anonymous()).is_allowed());
    // Any row of the table.
    let can: Vec<_> = API.methods().filter(|method| none.can(method, &reader).is_allowed()).collect();
    assert_eq!(can.len(), API.callable(&reader.caller()).count());
    assert!(can.len() > 3);
}
