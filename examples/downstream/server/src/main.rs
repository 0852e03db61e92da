//! The server of the library: gRPC, REST, health checks, reflection and CORS on one port.

mod app;
mod keys;
mod library;
mod settings;
mod shutdown;

use std::error::Error;
use std::time::Duration;

use acme_books::v1::book_service::server::BookServiceServer;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tonic::server::NamedService as _;
use tonic::service::Routes;
use tonic::transport::Server;
use tonic::transport::server::TcpIncoming;
use tonic_health::ServingStatus;

use crate::library::Library;
use crate::settings::Settings;

/// Those with a health of their own. The empty name stands for the whole server.
const SERVICES: [&str; 2] = ["", BookServiceServer::<Library>::NAME];

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let settings = Settings::from_env()?;
    // From here on a signal is noted, even before the server listens.
    let signal = shutdown::signal()?;
    let (draining, stopping) = (CancellationToken::new(), CancellationToken::new());
    let (health, health_service) = tonic_health::server::health_reporter();
    let report = async |status| {
        for service in SERVICES {
            health.set_service_status(service, status).await;
        }
    };
    report(ServingStatus::Serving).await;

    let app = app::router(&settings, health_service, draining.clone(), stopping.clone())?;
    let listener = TcpListener::bind(settings.listen).await?;
    println!("listening on {}", listener.local_addr()?);
    let server = Server::builder()
        // REST clients and load balancers speak HTTP/1.1, too.
        .accept_http1(true)
        // Finds connections whose other end is gone.
        .http2_keepalive_interval(Some(Duration::from_secs(60)))
        .add_routes(Routes::from(app))
        .serve_with_incoming_shutdown(
            TcpIncoming::from(listener).with_nodelay(Some(true)),
            stopping.clone().cancelled_owned(),
        );

    let stop = async {
        signal.await;
        println!("shutting down");
        // Load balancers see it and send new calls elsewhere. Until they do, calls are served.
        draining.cancel();
        report(ServingStatus::NotServing).await;
        tokio::time::sleep(settings.shutdown_delay).await;
        // No new connections; running calls go on, and streams without an end are ended.
        stopping.cancel();
        // Ends the calls that watch the health.
        for service in SERVICES {
            health.clone().clear_service_status(service).await;
        }
        tokio::time::sleep(settings.shutdown_limit).await;
    };
    tokio::select! {
        result = server => Ok(result?),
        () = stop => Err(format!("calls still ran after {:?}", settings.shutdown_limit).into()),
    }
}
