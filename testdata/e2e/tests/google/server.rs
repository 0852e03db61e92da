//! A server that notes the calls it gets, and fails as it is told.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use prost::Message;
use rust_sdk_runtime::{ClientBuilder, Gateway};
use signal::google::cloud::location::locations::server::{Locations, LocationsServer};
use signal::google::cloud::location::{
    GetLocationRequest, ListLocationsRequest, ListLocationsResponse, Location,
};
use signal::v1::beacon_service::server::{BeaconService, BeaconServiceServer};
use signal::v1::keeper_service::server::{KeeperService, KeeperServiceServer};
use signal::v1::*;
use tokio::net::TcpListener;
use tokio_stream::{Stream, StreamExt as _};
use tonic::metadata::MetadataMap;
use tonic::service::Routes;
use tonic::transport::Server;
use tonic::transport::server::TcpIncoming;
use tonic::{Code, Request, Response, Status, Streaming};

type Answer<T> = Result<Response<T>, Status>;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Protocol {
    Grpc,
    Rest,
}

impl Protocol {
    pub(crate) const BOTH: [Self; 2] = [Self::Grpc, Self::Rest];
}

/// A call that reached the server.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    pub(crate) metadata: MetadataMap,
    /// The encoded request.
    pub(crate) request: Vec<u8>,
}

impl Seen {
    /// The routing header.
    pub(crate) fn routing(&self) -> Option<&str> {
        self.metadata.get("x-goog-request-params").map(|value| value.to_str().unwrap())
    }

    pub(crate) fn message<T: Message + Default>(&self) -> T {
        T::decode(self.request.as_slice()).unwrap()
    }
}

#[derive(Clone, Default)]
pub(crate) struct Beacons {
    seen: Arc<Mutex<Vec<Seen>>>,
    failures: Arc<Mutex<VecDeque<Code>>>,
    hangs: Arc<AtomicBool>,
}

impl Beacons {
    /// Fails the next calls, with these codes.
    pub(crate) fn fail(&self, codes: impl IntoIterator<Item = Code>) {
        self.failures.lock().unwrap().extend(codes);
    }

    /// Whether calls get no answer.
    pub(crate) fn hang(&self, hangs: bool) {
        self.hangs.store(hangs, Ordering::Relaxed);
    }

    /// The calls since the last question.
    pub(crate) fn seen(&self) -> Vec<Seen> {
        std::mem::take(&mut self.seen.lock().unwrap())
    }

    /// Starts a server with this service, and returns a client's settings for it.
    pub(crate) async fn serve(&self, protocol: Protocol) -> ClientBuilder<signal::Client> {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let mut routes = Routes::builder();
        routes.add_service(BeaconServiceServer::new(self.clone()));
        routes.add_service(LocationsServer::new(self.clone()));
        routes.add_service(KeeperServiceServer::new(self.clone()));
        let routes = routes.routes();
        let incoming = TcpIncoming::from(listener).with_nodelay(Some(true));
        let builder = signal::Client::builder();
        match protocol {
            Protocol::Grpc => {
                tokio::spawn(Server::builder().add_routes(routes).serve_with_incoming(incoming));
                builder.grpc(url)
            }
            Protocol::Rest => {
                let gateway = Gateway::new(&signal::API, routes);
                let server = Server::builder().accept_http1(true);
                tokio::spawn(async move { server.clone().serve_with_incoming(gateway, incoming).await });
                builder.rest(url)
            }
        }
    }

    pub(crate) async fn client(&self, protocol: Protocol) -> signal::Client {
        self.serve(protocol).await.build().unwrap()
    }

    async fn note<T: Message>(&self, request: &Request<T>) -> Result<(), Status> {
        let (metadata, request) = (request.metadata().clone(), request.get_ref().encode_to_vec());
        self.seen.lock().unwrap().push(Seen { metadata, request });
        if self.hangs.load(Ordering::Relaxed) {
            std::future::pending::<()>().await;
        }
        match self.failures.lock().unwrap().pop_front() {
            Some(code) => Err(Status::new(code, "as told")),
            None => Ok(()),
        }
    }

    async fn answer<T: Message, O: Default>(&self, request: &Request<T>) -> Answer<O> {
        self.note(request).await.map(|()| Response::new(O::default()))
    }
}

#[tonic::async_trait]
impl BeaconService for Beacons {
    async fn get_beacon(&self, request: Request<GetBeaconRequest>) -> Answer<Beacon> {
        self.answer(&request).await
    }

    /// Two pages.
    async fn list_beacons(&self, request: Request<ListBeaconsRequest>) -> Answer<ListBeaconsResponse> {
        self.note(&request).await?;
        let next_page_token = if request.get_ref().page_token.is_empty() { "2" } else { "" }.to_owned();
        let beacons = vec![Beacon::default()];
        Ok(Response::new(ListBeaconsResponse { beacons, next_page_token }))
    }

    async fn create_beacon(&self, request: Request<CreateBeaconRequest>) -> Answer<Beacon> {
        self.answer(&request).await
    }

    async fn update_beacon(&self, request: Request<UpdateBeaconRequest>) -> Answer<Beacon> {
        self.answer(&request).await
    }

    async fn light_beacon(&self, request: Request<LightBeaconRequest>) -> Answer<LightBeaconResponse> {
        self.answer(&request).await
    }

    async fn douse_beacons(&self, request: Request<DouseBeaconsRequest>) -> Answer<DouseBeaconsResponse> {
        self.answer(&request).await
    }

    async fn watch_beacon(
        &self,
        request: Request<WatchBeaconRequest>,
    ) -> Answer<std::pin::Pin<Box<dyn Stream<Item = Result<Beacon, Status>> + Send>>> {
        self.note(&request).await?;
        Ok(Response::new(Box::pin(tokio_stream::iter([Ok(Beacon::default())]))))
    }

    async fn report_sightings(
        &self,
        request: Request<Streaming<ReportSightingsRequest>>,
    ) -> Answer<ReportSightingsResponse> {
        let metadata = request.metadata().clone();
        self.seen.lock().unwrap().push(Seen { metadata, request: Vec::new() });
        let mut stream = request.into_inner();
        let mut count = 0;
        while let Some(sighting) = stream.next().await {
            sighting?;
            count += 1;
        }
        Ok(Response::new(ReportSightingsResponse { count }))
    }
}

#[tonic::async_trait]
impl Locations for Beacons {
    async fn list_locations(&self, request: Request<ListLocationsRequest>) -> Answer<ListLocationsResponse> {
        self.answer(&request).await
    }

    async fn get_location(&self, request: Request<GetLocationRequest>) -> Answer<Location> {
        self.answer(&request).await
    }
}

#[tonic::async_trait]
impl KeeperService for Beacons {
    async fn get_keeper(&self, request: Request<GetKeeperRequest>) -> Answer<Keeper> {
        self.note(&request).await?;
        Ok(Response::new(Keeper::default().with_name(&request.get_ref().name).with_watches(7)))
    }

    async fn list_keepers(&self, request: Request<ListKeepersRequest>) -> Answer<ListKeepersResponse> {
        self.answer(&request).await
    }

    async fn create_keeper(&self, request: Request<CreateKeeperRequest>) -> Answer<Keeper> {
        self.answer(&request).await
    }

    async fn hire_keeper(&self, request: Request<Keeper>) -> Answer<Keeper> {
        self.answer(&request).await
    }

    async fn update_keeper(&self, request: Request<UpdateKeeperRequest>) -> Answer<Keeper> {
        self.answer(&request).await
    }

    async fn assign_watch(&self, request: Request<AssignWatchRequest>) -> Answer<AssignWatchResponse> {
        self.answer(&request).await
    }

    async fn read_log(&self, request: Request<ReadLogRequest>) -> Answer<LogPage> {
        self.answer(&request).await
    }
}
