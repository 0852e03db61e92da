//! The same API in another edition, and as a module tree in a crate written by hand.

use lumen_cloud::greenhouse::v1::greenhouse_service::server::GreenhouseServiceServer;
use rust_sdk_runtime::access::Rule;
use tonic::transport::Server;

use crate::server::{Store, serve};

async fn start() -> String {
    serve(Server::builder().add_service(GreenhouseServiceServer::new(Store::default()))).await
}

macro_rules! smoke_test {
    ($name:ident, $api:path, $($root:ident)::+) => {
        #[tokio::test]
        async fn $name() {
            use $($root)::+::Client;
            use $($root)::+::access::permissions;
            use $($root)::+::lumen::cloud::greenhouse::v1::{
                GetGreenhouseRequest, Greenhouse, GreenhouseService, greenhouse_service::rest,
            };
            use $($root)::+::lumen::cloud::key::v1::IdentifyKeyRequest;

            // gRPC
            let client = Client::builder().grpc(start().await).account_id("a").build().unwrap();
            let client = client.greenhouse_service();
            let greenhouse = Greenhouse::default().with_account_id("a").with_name("north");
            let created = client.create_greenhouse(greenhouse).await.unwrap().greenhouse.unwrap();
            let got = client.get_greenhouse(&created.id).await.unwrap();
            assert_eq!(got.greenhouse.as_ref(), Some(&created));
            let error = client.get_greenhouse("x/y").await.unwrap_err();
            assert!(error.is_not_found());
            let get = GetGreenhouseRequest::default().with_account_id("a").with_greenhouse_id("x/y");

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
            assert_eq!(GreenhouseService::UPLOAD_PLAN.max_message_size(), Some(32 << 20));
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
