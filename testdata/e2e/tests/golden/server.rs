//! An in-memory implementation of the generated server trait, served over a loopback socket.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http::HeaderValue;
use http_body::Frame;
use lumen_cloud::Client;
use lumen_cloud::greenhouse::v1::greenhouse_service::server::GreenhouseService;
use lumen_cloud::greenhouse::v1::*;
use tokio::net::TcpListener;
use tonic::body::Body;
use tonic::metadata::{MetadataMap, MetadataValue};
use tonic::server::NamedService;
use tonic::transport::server::{Router, TcpIncoming};
use tonic::{Code, Request, Response, Status};
use tower_service::Service;

/// Serves on a free port for as long as the test's runtime lives; the server's URL.
pub(crate) async fn serve(router: Router) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(router.serve_with_incoming(TcpIncoming::from(listener).with_nodelay(Some(true))));
    format!("http://{address}")
}

/// A client for the account `a`.
pub(crate) fn client(url: &str) -> Client {
    Client::builder().grpc(url).account_id("a").build().unwrap()
}

/// Greenhouses by ID, and the metadata of every request.
#[derive(Clone, Default)]
pub(crate) struct Store {
    greenhouses: Arc<Mutex<BTreeMap<String, Greenhouse>>>,
    seen: Arc<Mutex<Vec<MetadataMap>>>,
}

type Answer<T> = Result<Response<T>, Status>;

impl Store {
    /// The metadata of the last request.
    pub(crate) fn seen(&self) -> MetadataMap {
        self.seen.lock().unwrap().last().unwrap().clone()
    }

    fn open<T>(&self, request: Request<T>) -> T {
        self.seen.lock().unwrap().push(request.metadata().clone());
        request.into_inner()
    }

    fn find(&self, account_id: &str, id: &str) -> Result<Greenhouse, Status> {
        let greenhouses = self.greenhouses.lock().unwrap();
        let found = greenhouses.get(id).filter(|greenhouse| greenhouse.account_id == account_id);
        found.cloned().ok_or_else(|| not_found(id))
    }
}

fn not_found(id: &str) -> Status {
    let mut metadata = MetadataMap::new();
    metadata.insert("x-request-id", MetadataValue::from_static("r-404"));
    let message = format!("no greenhouse {id}");
    Status::with_details_and_metadata(Code::NotFound, message, Bytes::from_static(&[8, 5]), metadata)
}

#[tonic::async_trait]
impl GreenhouseService for Store {
    async fn list_greenhouses(
        &self,
        request: Request<ListGreenhousesRequest>,
    ) -> Answer<ListGreenhousesResponse> {
        let request = self.open(request);
        let size = usize::try_from(request.page_size.unwrap_or(50)).unwrap();
        let all: Vec<_> = {
            let greenhouses = self.greenhouses.lock().unwrap();
            greenhouses.values().filter(|one| one.account_id == request.account_id).cloned().collect()
        };
        let total_size = i32::try_from(all.len()).unwrap();
        let start: usize = request.page_token.map_or(0, |token| token.parse().unwrap());
        let next = start + size;
        let next_page_token = (next < all.len()).then(|| next.to_string());
        let items = all.into_iter().skip(start).take(size).collect();
        Ok(Response::new(ListGreenhousesResponse { items, next_page_token, total_size }))
    }

    async fn get_greenhouse(&self, request: Request<GetGreenhouseRequest>) -> Answer<GetGreenhouseResponse> {
        let request = self.open(request);
        let greenhouse = Some(self.find(&request.account_id, &request.greenhouse_id)?);
        Ok(Response::new(GetGreenhouseResponse { greenhouse }))
    }

    async fn create_greenhouse(
        &self,
        request: Request<CreateGreenhouseRequest>,
    ) -> Answer<CreateGreenhouseResponse> {
        let trace = request.metadata().get("x-trace").cloned();
        let mut greenhouse =
            self.open(request).greenhouse.ok_or_else(|| Status::invalid_argument("greenhouse"))?;
        {
            let mut greenhouses = self.greenhouses.lock().unwrap();
            greenhouse.id = format!("g-{}", greenhouses.len() + 1);
            greenhouses.insert(greenhouse.id.clone(), greenhouse.clone());
        }
        let mut response = Response::new(CreateGreenhouseResponse { greenhouse: Some(greenhouse) });
        if let Some(trace) = trace {
            response.metadata_mut().insert("x-trace", trace);
        }
        response.metadata_mut().insert_bin("x-token-bin", MetadataValue::from_bytes(&[0, 0xff]));
        Ok(response)
    }

    async fn update_greenhouse(
        &self,
        request: Request<UpdateGreenhouseRequest>,
    ) -> Answer<UpdateGreenhouseResponse> {
        let greenhouse = self.open(request).greenhouse.unwrap_or_default();
        self.find(&greenhouse.account_id, &greenhouse.id)?;
        self.greenhouses.lock().unwrap().insert(greenhouse.id.clone(), greenhouse.clone());
        Ok(Response::new(UpdateGreenhouseResponse { greenhouse: Some(greenhouse) }))
    }

    async fn delete_greenhouse(
        &self,
        request: Request<DeleteGreenhouseRequest>,
    ) -> Answer<DeleteGreenhouseResponse> {
        let request = self.open(request);
        self.find(&request.account_id, &request.greenhouse_id)?;
        self.greenhouses.lock().unwrap().remove(&request.greenhouse_id);
        Ok(Response::new(DeleteGreenhouseResponse {}))
    }

    /// Never answers.
    async fn suggest_greenhouse_name(
        &self,
        request: Request<SuggestGreenhouseNameRequest>,
    ) -> Answer<SuggestGreenhouseNameResponse> {
        self.open(request);
        tokio::time::sleep(Duration::from_secs(3600)).await;
        Err(Status::internal("an hour has passed"))
    }

    async fn create_greenhouse_from_snapshot(
        &self,
        request: Request<CreateGreenhouseFromSnapshotRequest>,
    ) -> Answer<CreateGreenhouseFromSnapshotResponse> {
        self.open(request);
        Err(Status::permission_denied("restore:snapshots is missing"))
    }

    async fn restart_greenhouse(
        &self,
        request: Request<RestartGreenhouseRequest>,
    ) -> Answer<RestartGreenhouseResponse> {
        self.open(request);
        Ok(Response::new(RestartGreenhouseResponse {}))
    }

    async fn suspend_greenhouse(
        &self,
        request: Request<SuspendGreenhouseRequest>,
    ) -> Answer<SuspendGreenhouseResponse> {
        self.open(request);
        Err(Status::unauthenticated(""))
    }

    async fn upload_plan(&self, request: Request<UploadPlanRequest>) -> Answer<UploadPlanResponse> {
        let plan = self.open(request).plan.unwrap_or_default();
        Ok(Response::new(UploadPlanResponse { beds: u32::try_from(plan.data.len()).unwrap() }))
    }
}

/// Adds a trailer to what another service answers, which a tonic trait cannot do.
#[derive(Clone)]
pub(crate) struct Trailing<S>(pub(crate) S);

impl<S: NamedService> NamedService for Trailing<S> {
    const NAME: &'static str = S::NAME;
}

impl<S> Service<http::Request<Body>> for Trailing<S>
where
    S: Service<http::Request<Body>, Response = http::Response<Body>, Error = Infallible>,
    S::Future: Send + 'static,
{
    type Response = http::Response<Body>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.0.poll_ready(context)
    }

    fn call(&mut self, request: http::Request<Body>) -> Self::Future {
        let answer = self.0.call(request);
        Box::pin(async { Ok(answer.await?.map(|body| Body::new(WithTrailer(body)))) })
    }
}

struct WithTrailer(Body);

impl http_body::Body for WithTrailer {
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        Pin::new(&mut self.0).poll_frame(context).map_ok(|frame| match frame.into_trailers() {
            Ok(mut trailers) => {
                trailers.insert("x-cost", HeaderValue::from_static("7"));
                Frame::trailers(trailers)
            }
            Err(frame) => frame,
        })
    }
}
