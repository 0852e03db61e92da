//! The generated client against a server in this process, and what the generated tables know without any server.

use std::error::Error;
use std::sync::Mutex;

use lumen_cloud::greenhouse::v1::greenhouse_service::{rest, server};
use lumen_cloud::greenhouse::v1::{
    CreateGreenhouseRequest, CreateGreenhouseResponse, GetGreenhouseRequest, GetGreenhouseResponse,
    Greenhouse, GreenhouseService, GreenhouseServiceClient, UpdateGreenhouseRequest,
};
use lumen_cloud::{API, Client};
use tonic::{Request, Response, Status};

const ACCOUNT: &str = "6f1ed002-ab5d-42e1-8a1f-000000000001";

/// Keeps greenhouses in memory; what it does not implement answers `Unimplemented`.
#[derive(Default)]
struct Greenhouses(Mutex<Vec<Greenhouse>>);

#[tonic::async_trait]
impl server::GreenhouseService for Greenhouses {
    async fn create_greenhouse(
        &self,
        request: Request<CreateGreenhouseRequest>,
    ) -> Result<Response<CreateGreenhouseResponse>, Status> {
        println!("  server: authorization is {:?}", request.metadata().get("authorization"));
        let mut greenhouse =
            request.into_inner().greenhouse.ok_or_else(|| Status::invalid_argument("no greenhouse"))?;
        let mut all = self.0.lock().map_err(|_| Status::internal("lock"))?;
        greenhouse.id = format!("greenhouse-{}", all.len() + 1);
        all.push(greenhouse.clone());
        Ok(Response::new(CreateGreenhouseResponse { greenhouse: Some(greenhouse) }))
    }

    async fn get_greenhouse(
        &self,
        request: Request<GetGreenhouseRequest>,
    ) -> Result<Response<GetGreenhouseResponse>, Status> {
        let id = request.into_inner().greenhouse_id;
        let all = self.0.lock().map_err(|_| Status::internal("lock"))?;
        let found = all.iter().find(|greenhouse| greenhouse.id == id).cloned();
        let greenhouse = found.ok_or_else(|| Status::not_found(format!("no greenhouse {id}")))?;
        Ok(Response::new(GetGreenhouseResponse { greenhouse: Some(greenhouse) }))
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let endpoint = format!("http://{}", listener.local_addr()?);
    let service = server::GreenhouseServiceServer::new(Greenhouses::default());
    let incoming = tokio_stream::wrappers::TcpListenerStream::new(listener);
    tokio::spawn(tonic::transport::Server::builder().add_service(service).serve_with_incoming(incoming));

    println!("gRPC calls to {endpoint}:");
    let client = Client::builder().grpc(endpoint).api_key("demo-key").build()?;
    let greenhouses = GreenhouseServiceClient::new(&client);
    let greenhouse = Greenhouse { account_id: ACCOUNT.into(), name: "tomatoes".into(), ..Default::default() };
    let create = CreateGreenhouseRequest { greenhouse: Some(greenhouse), ..Default::default() };
    let created = greenhouses.create_greenhouse(&create).await?;
    let id = created.greenhouse.unwrap_or_default().id;
    let get = GetGreenhouseRequest { account_id: ACCOUNT.into(), greenhouse_id: id.clone() };
    let found = greenhouses.get_greenhouse(&get).await?.greenhouse.unwrap_or_default();
    println!("  client: {} is {:?}", found.id, found.name);
    let missing = GetGreenhouseRequest { greenhouse_id: "nowhere".into(), ..get.clone() };
    let error = greenhouses.get_greenhouse(&missing).await.expect_err("there is none");
    println!("  client: not found? {} ({error})", error.is_not_found());

    println!("\nREST paths and requests, without a server:");
    println!("  {}", rest::GetGreenhouse { account_id: ACCOUNT, greenhouse_id: "a/b?" }.path()?);
    println!(
        "  refused: {}",
        rest::GetGreenhouse { account_id: ACCOUNT, greenhouse_id: ".." }.path().unwrap_err()
    );
    let update = UpdateGreenhouseRequest { greenhouse: Some(found), ..Default::default() };
    let request = GreenhouseService::UPDATE_GREENHOUSE.rest_request(&update)?;
    println!(
        "  {} {} {}",
        request.verb,
        request.path_and_query,
        String::from_utf8(request.body.unwrap_or_default())?
    );
    let path = rest::GetGreenhouse { account_id: ACCOUNT, greenhouse_id: &id }.path()?;
    let route = API.route("GET", &path).ok_or("no route")?;
    println!(
        "  GET {path} is {} with greenhouse_id {:?}",
        route.method.full_name(),
        route.get("greenhouse_id")
    );

    println!("\nAccess:");
    println!("  this request is for account {:?}", GreenhouseService::GET_GREENHOUSE.scope_of(&get));
    for method in GreenhouseService::SERVICE.methods() {
        let access = method.access();
        println!(
            "  {:<32} {:?} within {}",
            method.name(),
            access.rule(),
            access.scope().unwrap_or("no account")
        );
    }
    Ok(())
}
