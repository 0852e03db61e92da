//! An axum server of the API's HTTP routes that enforces its access rules, and clients that find out.

mod keys;

use axum::extract::Path;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use axum::routing::{delete, get};
use axum::{Extension, Router};
use lumen_cloud::greenhouse::v1::*;
use lumen_cloud::runtime::access::Identity;
use lumen_cloud::runtime::server::{Admitted, Served, access_layer};
use lumen_cloud::runtime::{Api, Code};
use lumen_cloud::{API, Client, Error};

const GREENHOUSE: &str = "/api/greenhouse/v1/accounts/{account_id}/greenhouses/{greenhouse_id}";

type Caller = Extension<Admitted<Identity>>;

/// Who calls, for which account: nothing comes here that was not checked.
async fn get_greenhouse(admitted: Caller, Path((account, id)): Path<(String, String)>) -> impl IntoResponse {
    println!("  the server: {id} for {:?}", admitted.account());
    let greenhouse = Greenhouse::default().with_account_id(account).with_id(id);
    let response = GetGreenhouseResponse { greenhouse: Some(greenhouse) };
    ([(CONTENT_TYPE, "application/json")], serde_json::to_string(&response).unwrap_or_default())
}

async fn delete_greenhouse() -> StatusCode {
    StatusCode::NOT_IMPLEMENTED
}

/// Serves on a free port; the server's URL.
async fn serve() -> Result<String, Box<dyn std::error::Error>> {
    // A server of a part of the API can say which part that is; this one says what is missing from it.
    let served = Served::new().route("GET", GREENHOUSE).route("DELETE", GREENHOUSE).check(&GREENHOUSES);
    if let Err(difference) = served {
        println!("{difference}");
        assert!(difference.not_in_api().is_empty());
    }
    let routes = Router::new().route(GREENHOUSE, get(get_greenhouse).merge(delete(delete_greenhouse)));
    let routes = routes.layer(access_layer(&API, keys::known()));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}", listener.local_addr()?);
    tokio::spawn(async move { axum::serve(listener, routes).await });
    Ok(url)
}

static GREENHOUSES: Api = Api::new(&[GreenhouseService::SERVICE]);

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let url = serve().await?;
    let code = |result: Result<(), Error>| result.err().and_then(|error| error.code());
    for (key, account, read, deletion) in [
        ("reader", "acme", None, Some(Code::PermissionDenied)),
        ("reader", "umbrella", Some(Code::PermissionDenied), Some(Code::PermissionDenied)),
        // It may, and then the server has no such function.
        ("owner", "acme", None, Some(Code::Unimplemented)),
        ("nobody", "acme", Some(Code::Unauthenticated), Some(Code::Unauthenticated)),
    ] {
        println!("{key} in {account}:");
        let client = Client::builder().rest(&url).account_id(account).api_key(key).build()?;
        let service = client.greenhouse_service();
        let got = code(service.get_greenhouse("tomatoes").await.map(drop));
        let deleted = code(service.delete_greenhouse("tomatoes").await.map(drop));
        println!("  get: {got:?}, delete: {deleted:?}");
        assert_eq!((got, deleted), (read, deletion));
    }
    Ok(())
}
