//! Every unary method of the demo API's clients, called for real: each one calls its own path and no other, and the
//! generated server of its service knows that path.

use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};

use lumen_cloud::{API, Client, account, billing, greenhouse, harvest, iam, key, platform};
use rust_sdk_runtime::{Code, ErrorKind, Method, Rpc};
use tonic::body::Body;
use tonic::transport::{Channel, Endpoint, Server};
use tower_service::Service;

use crate::server::serve;

static UNKNOWN: rust_sdk_runtime::Service = rust_sdk_runtime::Service::new(
    "lumen.cloud.key.v1.KeyService",
    &[Method::unary("/lumen.cloud.key.v1.KeyService/NoSuchMethod")],
);

/// A connection that notes the path of every request.
#[derive(Clone)]
struct Recorder {
    channel: Channel,
    paths: Arc<Mutex<Vec<String>>>,
}

impl Service<http::Request<Body>> for Recorder {
    type Response = http::Response<Body>;
    type Error = tonic::transport::Error;
    type Future = <Channel as Service<http::Request<Body>>>::Future;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        Service::poll_ready(&mut self.channel, context)
    }

    fn call(&mut self, request: http::Request<Body>) -> Self::Future {
        self.paths.lock().unwrap().push(request.uri().path().to_owned());
        self.channel.call(request)
    }
}

/// The methods of the clients in the order of the API, each with an empty request; what their errors say.
macro_rules! errors {
    ($client:expr; $($service:ty: $($method:ident)+;)+) => {
        [$($({
            let client = <$service>::new($client);
            (stringify!($method), client.$method(&Default::default()).await.unwrap_err())
        }),+),+]
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
    let channel = Endpoint::from_shared(url).unwrap().connect_lazy();
    let recorder = Recorder { channel, paths: Arc::default() };
    let client = Client::builder().channel(recorder.clone()).build().unwrap();
    let errors = errors! { &client;
                account::v1::AccountServiceClient: list_accounts get_account create_account
            update_account delete_account accept_account_invite;
                billing::v1::BillingServiceClient: list_invoices get_usage pay_invoice record_usage;
                greenhouse::auth::v1::ControllerKeyServiceClient: list_controller_keys
            create_controller_key delete_controller_key;
                greenhouse::auth::v2::ControllerKeyServiceClient: list_controller_keys
            create_controller_key delete_controller_key;
                greenhouse::backup::v1::SnapshotServiceClient: list_snapshots create_snapshot
            update_snapshot delete_snapshot;
                greenhouse::v1::GreenhouseServiceClient: list_greenhouses get_greenhouse
            create_greenhouse update_greenhouse delete_greenhouse suggest_greenhouse_name
            create_greenhouse_from_snapshot restart_greenhouse suspend_greenhouse upload_plan;
                greenhouse::v1::SensorServiceClient: list_sensors get_sensor calibrate_sensor
            list_readings;
                harvest::v1::HarvestServiceClient: list_harvests create_harvest delete_harvest;
                iam::v1::IamServiceClient: get_authenticated_user list_roles create_role
            assign_user_roles delete_role list_effective_permissions update_user_mfa_method;
                key::v1::KeyServiceClient: list_keys create_key identify_key delete_key;
                platform::v1::PlatformServiceClient: list_global_regions get_global_region
            get_region_load list_crops list_maintenance_windows;
    };
    for ((name, error), method) in errors.iter().zip(API.methods()) {
        assert_eq!(error.code(), Some(Code::Unimplemented), "{error}");
        // The trait's own default, not a server that has never heard of the method.
        assert_eq!((error.kind(), error.message()), (ErrorKind::Status, "Not yet implemented"));
        assert_eq!(error.method(), Some(method.full_name()));
        assert_eq!(name.replace('_', ""), method.name().to_lowercase());
    }
    let nowhere = Rpc::<(), ()>::new(&UNKNOWN, 0, |()| None);
    let unknown = client.unary(&nowhere, &()).await.unwrap_err();
    assert_eq!((unknown.code(), unknown.message()), (Some(Code::Unimplemented), ""));
    let paths = recorder.paths.lock().unwrap();
    let expected = API.methods().map(Method::path).chain([UNKNOWN.methods()[0].path()]);
    assert_eq!(*paths, expected.collect::<Vec<_>>());
}
