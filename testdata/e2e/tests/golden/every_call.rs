//! Every unary method of the demo API's clients, called for real: each one calls its own path and no other, and the
//! generated server of its service knows that path.

use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};

use lumen_cloud::billing::v1::{Usage, usage};
use lumen_cloud::{API, Client};
use rust_sdk_runtime::method::Scope;
use rust_sdk_runtime::{Code, ErrorKind, Method, Rpc};
use tonic::transport::Server;
use tower_layer::Layer;
use tower_service::Service;

use crate::server::serve;

static UNKNOWN: rust_sdk_runtime::Service = rust_sdk_runtime::Service::new(
    "lumen.cloud.key.v1.KeyService",
    &[Method::unary("/lumen.cloud.key.v1.KeyService/NoSuchMethod")],
);

/// A layer that notes the path of every request.
#[derive(Clone, Default)]
struct Recorder(Arc<Mutex<Vec<String>>>);

impl<S> Layer<S> for Recorder {
    type Service = Recording<S>;

    fn layer(&self, inner: S) -> Recording<S> {
        Recording { inner, paths: Arc::clone(&self.0) }
    }
}

#[derive(Clone)]
struct Recording<S> {
    inner: S,
    paths: Arc<Mutex<Vec<String>>>,
}

impl<S: Service<http::Request<B>>, B> Service<http::Request<B>> for Recording<S> {
    type Response = S::Response;
    type Error = S::Error;
    type Future = S::Future;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: http::Request<B>) -> S::Future {
        self.paths.lock().unwrap().push(request.uri().path().to_owned());
        self.inner.call(request)
    }
}

fn default<T: Default>() -> T {
    T::default()
}

/// The methods of the services in the order of the API, each with its required arguments; what their errors say.
macro_rules! errors {
    ($client:expr; $($service:ident: $($method:ident($($argument:expr),*))+;)+) => {
        [$($((
            stringify!($method),
            $client.$service().$method($($argument),*).await.unwrap_err(),
        )),+),+]
    };
}

/// A server with all of these services, no method of which is implemented.
macro_rules! servers {
    ($builder:expr; $($($module:ident)::+: $service:ident $server:ident,)+) => {{
        struct Nothing;
        $(impl lumen_cloud::$($module)::+::$service for Nothing {})+
        $builder$(.add_service(lumen_cloud::$($module)::+::$server::new(Nothing)))+
    }};
}

#[tokio::test]
#[expect(deprecated, reason = "what the API deprecates is still served")]
async fn every_client_method_calls_its_own_path() {
    let url = serve(servers!(Server::builder();
        account::v1::account_service::server: AccountService AccountServiceServer,
        billing::v1::billing_service::server: BillingService BillingServiceServer,
        greenhouse::auth::v1::controller_key_service::server: ControllerKeyService ControllerKeyServiceServer,
        greenhouse::auth::v2::controller_key_service::server: ControllerKeyService ControllerKeyServiceServer,
        greenhouse::backup::v1::snapshot_service::server: SnapshotService SnapshotServiceServer,
        greenhouse::v1::greenhouse_service::server: GreenhouseService GreenhouseServiceServer,
        greenhouse::v1::sensor_service::server: SensorService SensorServiceServer,
        harvest::v1::harvest_service::server: HarvestService HarvestServiceServer,
        iam::v1::iam_service::server: IamService IamServiceServer,
        key::v1::key_service::server: KeyService KeyServiceServer,
        platform::v1::platform_service::server: PlatformService PlatformServiceServer,
    ))
    .await;
    let recorder = Recorder::default();
    let client = Client::builder().grpc(url).account_id("a").layer(recorder.clone()).build().unwrap();
    let id = "id";
    let owned = Usage::default().with_owner(usage::Owner::default());
    let errors = errors! { client;
        account_service: list_accounts() get_account() create_account(default())
            update_account(default()) delete_account() accept_account_invite(id, id);
        billing_service: list_invoices() get_usage(2026, 7) pay_invoice(id) record_usage(owned);
        controller_key_service_v1: list_controller_keys(id) create_controller_key(default())
            delete_controller_key(id, id);
        controller_key_service_v2: list_controller_keys() create_controller_key(default())
            delete_controller_key(id, id);
        snapshot_service: list_snapshots() create_snapshot(default()) update_snapshot(default())
            delete_snapshot(id);
        greenhouse_service: list_greenhouses() get_greenhouse(id) create_greenhouse(default())
            update_greenhouse(default()) delete_greenhouse(id) suggest_greenhouse_name()
            create_greenhouse_from_snapshot(id, id) restart_greenhouse(id) suspend_greenhouse(id)
            upload_plan(id, default());
        sensor_service: list_sensors(id) get_sensor(id, 1) calibrate_sensor(default()) list_readings(id);
        harvest_service: list_harvests() create_harvest(default()) delete_harvest(id);
        iam_service: get_authenticated_user() list_roles() create_role(default()) assign_user_roles(id)
            delete_role(id) list_effective_permissions() update_user_mfa_method(default());
        key_service: list_keys() create_key(default()) identify_key(id) delete_key(id);
        platform_service: list_global_regions() get_global_region(id) get_region_load(id) list_crops()
            list_maintenance_windows();
    };
    for ((name, error), method) in errors.iter().zip(API.methods()) {
        assert_eq!(error.code(), Some(Code::Unimplemented), "{error}");
        // The trait's own default, not a server that has never heard of the method.
        assert_eq!((error.kind(), error.message()), (ErrorKind::Status, "the method is not implemented"));
        assert_eq!(error.method(), Some(method.full_name()));
        assert_eq!(name.replace('_', ""), method.name().to_lowercase());
    }
    let nowhere = Rpc::<(), ()>::new(&UNKNOWN, 0, Scope::NONE);
    let unknown = client.call(&nowhere, ()).await.unwrap_err();
    assert_eq!(
        (unknown.code(), unknown.message()),
        (Some(Code::Unimplemented), "the service has no such method")
    );
    let paths = recorder.0.lock().unwrap();
    let expected = API.methods().map(Method::path).chain([UNKNOWN.methods()[0].path()]);
    assert_eq!(*paths, expected.collect::<Vec<_>>());
}
