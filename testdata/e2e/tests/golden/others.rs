//! The same API in another edition, and as a module tree in a crate written by hand.

use lumen_cloud::greenhouse::v1::greenhouse_service::server::GreenhouseServiceServer;
use rust_sdk_runtime::{Client, Rule};
use tonic::transport::Server;

use crate::server::{Store, client, serve};

async fn start() -> Client {
    let server = GreenhouseServiceServer::new(Store::default());
    client(&serve(Server::builder().add_service(server)).await)
}

macro_rules! smoke_test {
    ($name:ident, $api:path, $($root:ident)::+) => {
        #[tokio::test]
        async fn $name() {
            use $($root)::+::access::permissions;
            use $($root)::+::lumen::cloud::greenhouse::v1::{
                CreateGreenhouseRequest, GetGreenhouseRequest, Greenhouse, GreenhouseService, GreenhouseServiceClient,
                greenhouse_service::rest,
            };
            use $($root)::+::lumen::cloud::key::v1::IdentifyKeyRequest;

            // gRPC
            let client = GreenhouseServiceClient::new(&start().await);
            let greenhouse =
                Greenhouse { account_id: "a".into(), name: "north".into(), ..Greenhouse::default() };
            let create = CreateGreenhouseRequest { greenhouse: Some(greenhouse), validate_only: None };
            let created = client.create_greenhouse(&create).await.unwrap().greenhouse.unwrap();
            let mut get = GetGreenhouseRequest { account_id: "a".into(), greenhouse_id: created.id.clone() };
            assert_eq!(client.get_greenhouse(&get).await.unwrap().greenhouse.as_ref(), Some(&created));
            get.greenhouse_id = "x/y".into();
            assert!(client.get_greenhouse(&get).await.unwrap_err().is_not_found());

            // REST, routes
            let path = rest::GetGreenhouse { account_id: "a", greenhouse_id: "x/y" }.path().unwrap();
            assert_eq!(path, "/api/greenhouse/v1/accounts/a/greenhouses/x%2Fy");
            assert_eq!(GreenhouseService::GET_GREENHOUSE.rest_request(&get).unwrap().path_and_query, path);
            let found = $api.route("GET", &path).unwrap();
            assert_eq!(found.get("greenhouse_id").as_deref(), Some("x/y"));

            // Access, options, the same for every method
            assert!(std::ptr::eq(found.method, GreenhouseService::GET_GREENHOUSE.method()));
            assert_eq!(found.method.access().rule(), Rule::All(&["read:greenhouses"]));
            assert_eq!(permissions::READ_GREENHOUSES, "read:greenhouses");
            assert_eq!(GreenhouseService::GET_GREENHOUSE.scope_of(&get), Some("a"));
            assert_eq!(GreenhouseService::UPLOAD_PLAN_OPTIONS.max_message_size, Some(32));
            for (method, other) in $api.methods().zip(lumen_cloud::API.methods()) {
                assert_eq!((method.path(), method.access()), (other.path(), other.access()));
                assert!(method.bindings().eq(other.bindings()), "{}", method.path());
            }
            assert_eq!($api.methods().count(), 53);

            // Messages
            let json = serde_json::to_string(&created).unwrap();
            assert_eq!(serde_json::from_str::<Greenhouse>(&json).unwrap(), created);
            let secret = IdentifyKeyRequest { secret: "hunter2".into() };
            assert!(!format!("{secret:?}").contains("hunter2"));
        }
    };
}

smoke_test!(in_edition_2021, lumen_cloud_2021::API, lumen_cloud_2021);
smoke_test!(as_a_module_tree, lumen_modules::sdk::API, lumen_modules::sdk);
