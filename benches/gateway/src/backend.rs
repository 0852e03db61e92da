//! A tonic server with the generated trait: it sends back what it gets.

use lumen_cloud::greenhouse::v1::greenhouse_service::server::{GreenhouseService, GreenhouseServiceServer};
use lumen_cloud::greenhouse::v1::*;
use tokio::net::TcpListener;
use tokio_stream::wrappers::TcpListenerStream;
use tonic::service::Routes;
use tonic::{Request, Response, Status};

use crate::Result;

pub struct Echo;

#[tonic::async_trait]
impl GreenhouseService for Echo {
    async fn get_greenhouse(
        &self,
        request: Request<GetGreenhouseRequest>,
    ) -> std::result::Result<Response<GetGreenhouseResponse>, Status> {
        let GetGreenhouseRequest { account_id, greenhouse_id: id, .. } = request.into_inner();
        let greenhouse = Some(Greenhouse { account_id, id, name: "small".into(), ..Greenhouse::default() });
        Ok(Response::new(GetGreenhouseResponse { greenhouse }))
    }

    async fn create_greenhouse(
        &self,
        request: Request<CreateGreenhouseRequest>,
    ) -> std::result::Result<Response<CreateGreenhouseResponse>, Status> {
        Ok(Response::new(CreateGreenhouseResponse { greenhouse: request.into_inner().greenhouse }))
    }
}

pub fn routes() -> Routes {
    Routes::new(GreenhouseServiceServer::new(Echo))
}

pub async fn serve(address: &str) -> Result<()> {
    let listener = TcpListener::bind(address).await?;
    let server = tonic::transport::Server::builder().tcp_nodelay(true).add_routes(routes());
    Ok(server.serve_with_incoming(TcpListenerStream::new(listener)).await?)
}
