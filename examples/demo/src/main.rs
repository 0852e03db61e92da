//! The generated client against a server in this process, and what the generated tables know without any server.

use std::error::Error;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use lumen_cloud::greenhouse::v1::greenhouse_service::{rest, server};
use lumen_cloud::greenhouse::v1::*;
use lumen_cloud::{API, Client};
use tonic::{Request, Response, Status};

const ACCOUNT: &str = "6f1ed002-ab5d-42e1-8a1f-000000000001";

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let endpoint = serve().await?;
    println!("gRPC calls to {endpoint}:");
    let client = Client::builder().grpc(endpoint).api_key("demo-key").account_id(ACCOUNT).build()?;
    let greenhouses = client.greenhouse_service();

    for name in ["tomatoes", "cucumbers"] {
        greenhouses.create_greenhouse(Greenhouse::default().with_name(name)).await?;
    }
    let mut all = greenhouses.list_greenhouses().page_size(1).items();
    while let Some(greenhouse) = all.item().await? {
        println!("  {} grows {}", greenhouse.id, greenhouse.name);
    }
    let is_running = |response: &GetGreenhouseResponse| {
        let state = response.greenhouse.as_ref().and_then(|greenhouse| greenhouse.state.as_ref());
        state.is_some_and(|state| state.phase() == GreenhousePhase::Running)
    };
    let built = greenhouses.get_greenhouse("greenhouse-1").wait_until(is_running);
    let built = built.every(Duration::from_millis(10)).await?.greenhouse.unwrap_or_default();
    println!("  {} is running", built.id);
    let renamed =
        greenhouses.update_greenhouse(built.with_name("melons")).update_mask(Greenhouse::mask().name());
    let response = renamed.timeout(Duration::from_secs(5)).with_response().await?;
    println!("  update: {:?}", response.message.greenhouse.unwrap_or_default().name);
    if let Err(error) = greenhouses.get_greenhouse("nowhere").await {
        println!("  not found? {} ({error})", error.is_not_found());
    }

    println!("\nREST paths and requests, without a server:");
    println!("  {}", rest::GetGreenhouse { account_id: ACCOUNT, greenhouse_id: "a/b?" }.path()?);
    if let Err(refused) = (rest::GetGreenhouse { account_id: ACCOUNT, greenhouse_id: ".." }).path() {
        println!("  refused: {refused}");
    }
    let restart = RestartGreenhouseRequest::default().with_account_id(ACCOUNT).with_greenhouse_id("g-1");
    let request = GreenhouseService::RESTART_GREENHOUSE.rest_request(&restart)?;
    let body = String::from_utf8(request.body.unwrap_or_default())?;
    println!("  {} {} {body}", request.verb, request.path_and_query);
    let route = API.route(request.verb, &request.path_and_query).ok_or("no route")?;
    println!("  which is {} of {:?}", route.method.full_name(), route.get("greenhouse_id"));

    println!("\nAccess:");
    println!("  this request is for {:?}", GreenhouseService::RESTART_GREENHOUSE.scope_of(&restart));
    for method in GreenhouseService::SERVICE.methods() {
        let access = method.access();
        let scope = access.scope().unwrap_or("no account");
        println!("  {:<32} {:?} within {scope}", method.name(), access.rule());
    }
    Ok(())
}

/// A server on a free port; its URL.
async fn serve() -> Result<String, Box<dyn Error>> {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let endpoint = format!("http://{}", listener.local_addr()?);
    let service = server::GreenhouseServiceServer::new(Greenhouses::default());
    let incoming = tokio_stream::wrappers::TcpListenerStream::new(listener);
    tokio::spawn(tonic::transport::Server::builder().add_service(service).serve_with_incoming(incoming));
    Ok(endpoint)
}

/// Keeps greenhouses in memory; each is built when it was asked for a second time.
#[derive(Default)]
struct Greenhouses(Mutex<Vec<Greenhouse>>);

impl Greenhouses {
    fn find<T>(&self, id: &str, what: impl FnOnce(&mut Greenhouse) -> T) -> Result<T, Status> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let found = all.iter_mut().find(|greenhouse| greenhouse.id == id);
        found.map(what).ok_or_else(|| Status::not_found(format!("no greenhouse {id}")))
    }
}

#[tonic::async_trait]
impl server::GreenhouseService for Greenhouses {
    async fn list_greenhouses(
        &self,
        request: Request<ListGreenhousesRequest>,
    ) -> Result<Response<ListGreenhousesResponse>, Status> {
        let request = request.into_inner();
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let start = request.page_token().parse().unwrap_or(0);
        let size = usize::try_from(request.page_size()).unwrap_or(50).max(1);
        let next = (start + size < all.len()).then(|| (start + size).to_string());
        let page = ListGreenhousesResponse {
            items: all.iter().skip(start).take(size).cloned().collect(),
            next_page_token: next,
            ..Default::default()
        };
        Ok(Response::new(page))
    }

    async fn create_greenhouse(
        &self,
        request: Request<CreateGreenhouseRequest>,
    ) -> Result<Response<CreateGreenhouseResponse>, Status> {
        let mut greenhouse =
            request.into_inner().greenhouse.ok_or_else(|| Status::invalid_argument("none"))?;
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        greenhouse.id = format!("greenhouse-{}", all.len() + 1);
        all.push(greenhouse.clone());
        Ok(Response::new(CreateGreenhouseResponse { greenhouse: Some(greenhouse) }))
    }

    async fn get_greenhouse(
        &self,
        request: Request<GetGreenhouseRequest>,
    ) -> Result<Response<GetGreenhouseResponse>, Status> {
        let greenhouse = self.find(&request.into_inner().greenhouse_id, |greenhouse| {
            let found = greenhouse.clone();
            greenhouse.state = Some(GreenhouseState::default().with_phase(GreenhousePhase::Running));
            found
        })?;
        Ok(Response::new(GetGreenhouseResponse { greenhouse: Some(greenhouse) }))
    }

    async fn update_greenhouse(
        &self,
        request: Request<UpdateGreenhouseRequest>,
    ) -> Result<Response<UpdateGreenhouseResponse>, Status> {
        let wanted = request.into_inner().greenhouse.unwrap_or_default();
        let greenhouse = self.find(&wanted.id.clone(), |greenhouse| {
            greenhouse.name = wanted.name;
            greenhouse.clone()
        })?;
        Ok(Response::new(UpdateGreenhouseResponse { greenhouse: Some(greenhouse) }))
    }
}
