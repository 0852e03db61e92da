//! A tonic server that enforces the API's access rules, and clients that find out.

mod keys;

use lumen_cloud::greenhouse::v1::greenhouse_service::server::{
    GreenhouseService as Greenhouses, GreenhouseServiceServer,
};
use lumen_cloud::greenhouse::v1::*;
use lumen_cloud::runtime::access::Identity;
use lumen_cloud::runtime::server::{Admitted, Served, access_layer};
use lumen_cloud::runtime::{Api, Code};
use lumen_cloud::{Client, Error};
use tonic::server::NamedService as _;
use tonic::transport::Server;
use tonic::transport::server::TcpIncoming;
use tonic::{Request, Response, Status};

/// The part of the API that this server serves.
static SERVED: Api = Api::new(&[GreenhouseService::SERVICE]);

struct InMemory;

#[tonic::async_trait]
impl Greenhouses for InMemory {
    async fn get_greenhouse(
        &self,
        request: Request<GetGreenhouseRequest>,
    ) -> Result<Response<GetGreenhouseResponse>, Status> {
        // Who calls, for which account: nothing comes here that was not checked.
        let admitted = request.extensions().get::<Admitted<Identity>>();
        println!(
            "  the server: {} for {:?}",
            request.get_ref().greenhouse_id,
            admitted.and_then(Admitted::account)
        );
        let GetGreenhouseRequest { account_id, greenhouse_id } = request.into_inner();
        let greenhouse = Greenhouse::default().with_account_id(account_id).with_id(greenhouse_id);
        Ok(Response::new(GetGreenhouseResponse { greenhouse: Some(greenhouse) }))
    }
}

/// Serves on a free port; the server's URL.
fn serve() -> Result<String, Box<dyn std::error::Error>> {
    Served::new().service(GreenhouseServiceServer::<InMemory>::NAME).check(&SERVED)?;
    let incoming = TcpIncoming::bind("127.0.0.1:0".parse()?)?;
    let url = format!("http://{}", incoming.local_addr()?);
    let mut server = Server::builder().layer(access_layer(&SERVED, keys::known()));
    let server = server.add_service(GreenhouseServiceServer::new(InMemory));
    tokio::spawn(server.serve_with_incoming(incoming));
    Ok(url)
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let url = serve()?;
    let code = |result: Result<(), Error>| result.err().and_then(|error| error.code());
    for (key, account, read, delete) in [
        ("reader", "acme", None, Some(Code::PermissionDenied)),
        ("reader", "umbrella", Some(Code::PermissionDenied), Some(Code::PermissionDenied)),
        // It may, and then the server has no such function.
        ("owner", "acme", None, Some(Code::Unimplemented)),
        ("nobody", "acme", Some(Code::Unauthenticated), Some(Code::Unauthenticated)),
    ] {
        println!("{key} in {account}:");
        let client = Client::builder().grpc(&url).account_id(account).api_key(key).build()?;
        let service = client.greenhouse_service();
        let got = code(service.get_greenhouse("tomatoes").await.map(drop));
        let deleted = code(service.delete_greenhouse("tomatoes").await.map(drop));
        println!("  get: {got:?}, delete: {deleted:?}");
        assert_eq!((got, deleted), (read, delete));
    }
    Ok(())
}
