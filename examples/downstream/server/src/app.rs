//! Everything that the server serves, as one router.

use std::error::Error;
use std::time::Duration;

use acme_books::runtime::server::{Served, access_layer};
use acme_books::runtime::{Api, Gateway};
use acme_books::v1::book_service::server::BookServiceServer;
use acme_books::{API, FILE_DESCRIPTOR_SET};
use axum::Router;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
use axum::http::{Method, StatusCode};
use axum::routing::get;
use tokio_util::sync::CancellationToken;
use tonic::server::NamedService;
use tonic::service::Routes;
use tonic_health::pb::health_server::{Health, HealthServer};
use tower_http::cors::CorsLayer;

use crate::library::Library;
use crate::settings::Settings;

/// The API behind its access rules, over gRPC and REST. Beside it what needs no credentials: health checks and reflection.
///
/// `draining` says that load balancers should send no more calls, `stopping` that streams without an end are ended.
pub fn router(
    settings: &Settings,
    health: HealthServer<impl Health>,
    draining: CancellationToken,
    stopping: CancellationToken,
) -> Result<Router, Box<dyn Error>> {
    let api: &'static Api = &API;
    let library = BookServiceServer::new(Library::new(stopping));
    // The program does not start if a method of the API is not served, or if something else is.
    Served::new().service(name(&library)).check(api)?;
    // A request passes the access check first. Then the gateway calls the function of the service, for REST and gRPC alike: they are in this
    // process, so REST needs no gRPC call. Without the layer around it, a direct gateway does not compile.
    let books = access_layer(api, settings.keys.clone()).layer(Gateway::direct(api).service(library));

    // Reflection shows the API's description to everyone. Leave it out if that is not public.
    let reflection = tonic_reflection::server::Builder::configure()
        .register_encoded_file_descriptor_set(FILE_DESCRIPTOR_SET)
        .register_encoded_file_descriptor_set(tonic_health::pb::FILE_DESCRIPTOR_SET)
        .build_v1()?;
    // For load balancers that do not speak gRPC.
    let healthz =
        async move || if draining.is_cancelled() { StatusCode::SERVICE_UNAVAILABLE } else { StatusCode::OK };

    // Preflight requests have no credentials, so CORS is answered in front of the access check.
    let cors = CorsLayer::new()
        .allow_origin(settings.allowed_origins.clone())
        .allow_methods([Method::GET, Method::POST, Method::PATCH, Method::PUT, Method::DELETE])
        .allow_headers([AUTHORIZATION, CONTENT_TYPE])
        .max_age(Duration::from_secs(60 * 60));
    Ok(Routes::new(health)
        .add_service(reflection)
        .into_axum_router()
        .route("/healthz", get(healthz))
        .fallback_service(books)
        .layer(cors))
}

fn name<S: NamedService>(_: &S) -> &'static str {
    S::NAME
}
