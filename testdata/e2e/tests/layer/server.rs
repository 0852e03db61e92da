//! Servers with the layer, and who they know.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::routing::{MethodFilter, on};
use axum::serve::ListenerExt as _;
use http::request::Parts;
use lumen_cloud::API;
use rust_sdk_runtime::access::Identity;
use rust_sdk_runtime::gateway::direct::Guarded;
use rust_sdk_runtime::server::{Admitted, Authorizer};
use rust_sdk_runtime::{Code, Error, Gateway, Method};
use tokio::net::TcpListener;
use tonic::service::Routes;
use tonic::transport::Server;
use tonic::transport::server::TcpIncoming;

/// Knows callers by the number in their header `x-caller`, and says which calls it let in.
#[derive(Clone, Default)]
pub(crate) struct Directory {
    callers: Arc<Mutex<Vec<Identity>>>,
    admitted: Arc<Mutex<Vec<Came>>>,
}

/// Method and account of a call that was let in.
type Came = (&'static str, Option<String>);

impl Directory {
    pub(crate) fn of(callers: impl IntoIterator<Item = Identity>) -> Self {
        let directory = Self::default();
        directory.callers.lock().unwrap().extend(callers);
        directory
    }

    /// The one caller with these permissions in the account `a`.
    pub(crate) fn reader() -> Self {
        Self::of([Identity::new(["read:greenhouses"]).actor("ACTOR_TYPE_USER").within("a")])
    }

    pub(crate) fn know(&self, callers: Vec<Identity>) {
        *self.callers.lock().unwrap() = callers;
    }

    /// Methods and accounts of the calls since the last time.
    pub(crate) fn take_admitted(&self) -> Vec<Came> {
        std::mem::take(&mut self.admitted.lock().unwrap())
    }
}

impl Authorizer for Directory {
    type Identity = Identity;

    async fn authenticate(&self, head: &Parts) -> Result<Identity, Error> {
        let Some(number) = head.headers.get("x-caller") else { return Ok(Identity::anonymous()) };
        let number = number.to_str().ok().and_then(|number| number.parse::<usize>().ok());
        let callers = self.callers.lock().unwrap();
        let caller = number.and_then(|number| callers.get(number));
        caller.cloned().ok_or_else(|| Error::from_status(Code::Unauthenticated, "no such caller"))
    }

    fn admit(&self, identity: Option<Identity>, call: &mut rust_sdk_runtime::server::Call) {
        let account = call.account().map(str::to_owned);
        self.admitted.lock().unwrap().push((call.method().full_name(), account));
        let admitted = Admitted::new(identity, call);
        call.extensions_mut().insert(admitted);
    }
}

macro_rules! stubs {
    ($($path:ident :: {$($module:ident)::+}, $service:ident, $server:ident;)*) => {
        /// Implements every service; each method says that it is not implemented yet.
        #[derive(Clone)]
        pub(crate) struct Stubs;

        $(impl lumen_cloud::$path::$($module)::+::server::$service for Stubs {})*

        /// All services of the API.
        pub(crate) fn routes() -> Routes {
            Routes::default()$(.add_service(lumen_cloud::$path::$($module)::+::server::$server::new(Stubs)))*
        }

        /// The same, called directly.
        pub(crate) fn direct() -> Gateway<Guarded> {
            Gateway::direct(&API)$(.service(lumen_cloud::$path::$($module)::+::server::$server::new(Stubs)))*
        }

        /// Their names.
        pub(crate) const NAMES: &[&str] = &[$(
            <lumen_cloud::$path::$($module)::+::server::$server<Stubs> as tonic::server::NamedService>::NAME,
        )*];
    };
}

stubs! {
    account::{v1::account_service}, AccountService, AccountServiceServer;
    billing::{v1::billing_service}, BillingService, BillingServiceServer;
    greenhouse::{auth::v1::controller_key_service}, ControllerKeyService, ControllerKeyServiceServer;
    greenhouse::{auth::v2::controller_key_service}, ControllerKeyService, ControllerKeyServiceServer;
    greenhouse::{backup::v1::snapshot_service}, SnapshotService, SnapshotServiceServer;
    greenhouse::{v1::greenhouse_service}, GreenhouseService, GreenhouseServiceServer;
    greenhouse::{v1::sensor_service}, SensorService, SensorServiceServer;
    harvest::{v1::harvest_service}, HarvestService, HarvestServiceServer;
    iam::{v1::iam_service}, IamService, IamServiceServer;
    key::{v1::key_service}, KeyService, KeyServiceServer;
    platform::{v1::platform_service}, PlatformService, PlatformServiceServer;
}

/// What the stubs answer.
pub(crate) const STUB: &str = "the method is not implemented";

/// A tonic server with the layer.
pub(crate) async fn tonic(authorizer: impl Authorizer, routes: Routes) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let layer = rust_sdk_runtime::server::access_layer(&API, authorizer).explain(true);
    let server = Server::builder().accept_http1(true).layer(layer).add_routes(routes);
    tokio::spawn(server.serve_with_incoming(TcpIncoming::from(listener).with_nodelay(Some(true))));
    address
}

/// An axum server with a route for each binding, which answers with the method's name, and with the layer.
pub(crate) async fn axum(authorizer: impl Authorizer) -> SocketAddr {
    let mut router = Router::new();
    for method in API.methods() {
        for binding in method.bindings() {
            let filter = MethodFilter::try_from(http::Method::try_from(binding.verb()).unwrap()).unwrap();
            router = router
                .route(&path(binding.template()), on(filter, async move |request| handle(method, &request)));
        }
    }
    // A server has more than its API.
    router = router.route("/admin", axum::routing::any(async || "admin"));
    let layer = rust_sdk_runtime::server::access_layer(&API, authorizer).explain(true);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let listener = listener.tap_io(|socket| socket.set_nodelay(true).unwrap());
    tokio::spawn(async move { axum::serve(listener, router.layer(layer)).await });
    address
}

/// A template in axum's words, where variables at the same place have the same name.
fn path(template: &str) -> String {
    let segments = template.split('/').enumerate().map(|(at, segment)| match segment.strip_prefix('{') {
        Some(_) => format!("{{v{at}}}"),
        None => segment.to_owned(),
    });
    segments.collect::<Vec<_>>().join("/")
}

/// What a handler sees: its method, and the account that was checked.
fn handle(method: &'static Method, request: &axum::extract::Request) -> String {
    let admitted = request.extensions().get::<Admitted<Identity>>().unwrap();
    assert!(std::ptr::eq(admitted.method(), method), "{} is {}", admitted.method().path(), method.path());
    format!("{} {}", method.full_name(), admitted.account().unwrap_or_default())
}
