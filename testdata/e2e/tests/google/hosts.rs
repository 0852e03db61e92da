//! Where an API is, and what a caller needs for it.

use signal::Client;
use signal::google::cloud::location::Locations;
use signal::v1::BeaconService;

#[test]
fn constants_name_the_host_and_the_scopes() {
    assert_eq!(BeaconService::DEFAULT_HOST, "signal.example.com");
    assert_eq!(
        BeaconService::OAUTH_SCOPES,
        ["https://auth.example.com/signal", "https://auth.example.com/signal.read"]
    );
    // Another API defines this service. Its host is that of the API that mixes it in.
    assert_eq!(Locations::SERVICE.name(), "google.cloud.location.Locations");
}

#[test]
fn a_client_without_a_server_calls_the_apis_host() {
    let client = Client::builder().build().unwrap();
    assert!(format!("{client:?}").contains("grpc(https://signal.example.com)"), "{client:?}");
    let client = Client::builder().rest("http://localhost:1").build().unwrap();
    assert!(format!("{client:?}").contains("localhost:1"), "{client:?}");
    // An API without a host.
    let error = lumen_cloud::Client::builder().build().unwrap_err().to_string();
    assert!(error.contains("no server is set"), "{error}");
}
