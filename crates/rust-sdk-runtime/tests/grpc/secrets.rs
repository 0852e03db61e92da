//! Secrets: never printed, never sent in plain text by accident.

use rust_sdk_runtime::credentials::AuthorizationFuture;
use rust_sdk_runtime::method::Method;
use rust_sdk_runtime::{Authorization, Client, Credentials, ErrorKind};

use crate::printed::Printed;
use crate::server::{REPEAT, SCRIPTED, Server, UNARY};

const SECRET: &str = "hunter2";
const BODY: &str = "private";

#[tokio::test]
async fn nothing_prints_a_secret_or_a_body() {
    let server = Server::start().await;
    let builder = || {
        Client::builder()
            .grpc(server.url())
            .api_key(SECRET)
            .header("cookie", SECRET)
            .header("x-shown", "shown")
    };
    let mut printed = Printed::default();
    printed.debug(&builder());
    printed.debug(&Client::builder().grpc(format!("https://u:{SECRET}@example.io")));
    printed.debug(&Authorization::bearer(SECRET).unwrap());
    printed.error(&builder().bearer(format!("{SECRET}\n")).build().unwrap_err());
    printed.error(&builder().header("x-a", format!("{SECRET}\n")).build().unwrap_err());
    let client = builder().build().unwrap();
    printed.debug(&client);

    let request = format!("status:5{BODY}");
    let call = || client.call(&UNARY, request.clone()).header("authorization", SECRET);
    printed.debug(&call());
    printed.debug(&call().into_future());
    printed.debug(&client.server_streaming(&REPEAT, request.clone()).header("x-api-key", SECRET));
    printed.debug(&client.server_streaming(&REPEAT, request.clone()).into_future());
    printed.debug(&client.server_streaming(&REPEAT, request.clone()).await.unwrap());
    printed.error(&call().header("x-a", format!("{SECRET}\n")).await.unwrap_err());
    printed.error(&client.call(&UNARY, "status:16".to_owned()).await.unwrap_err());
    printed.error(&client.call(&SCRIPTED, ()).header("x-script", "not-protobuf").await.unwrap_err());
    printed.debug(&client.call(&SCRIPTED, ()).header("x-script", "trailers").with_response().await.unwrap());

    let gone = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let client = Client::builder().grpc(format!("http://{gone}")).bearer(SECRET).build().unwrap();
    printed.error(&client.call(&UNARY, request.clone()).await.unwrap_err());

    let printed = printed.0;
    assert!(
        printed.contains("<redacted>") && printed.contains("shown") && printed.contains("test.v1.Echo/Unary")
    );
    assert!(!printed.contains(SECRET) && !printed.contains(BODY), "{printed}");
}

#[tokio::test]
async fn credentials_do_not_go_over_plain_http_to_another_host() {
    let remote = || Client::builder().grpc("http://grpc.example.io");
    for builder in
        [remote().api_key(SECRET), remote().header("x-api-key", SECRET), remote().credentials(Failing)]
    {
        let error = builder.build().unwrap_err();
        assert!(error.kind() == ErrorKind::Config && error.message().contains("allow_insecure"), "{error}");
    }
    assert!(remote().api_key(SECRET).allow_insecure().build().is_ok());

    let client = remote().build().unwrap();
    let error = client.call(&UNARY, String::new()).header("authorization", SECRET).await.unwrap_err();
    assert_eq!((error.kind(), error.code()), (ErrorKind::Credentials, None));
    assert!(error.is_local());
}

struct Failing;

impl Credentials for Failing {
    fn authorize(&self, _: &'static Method) -> AuthorizationFuture<'_> {
        Box::pin(async { Err("the token server is down".into()) })
    }
}

#[tokio::test]
async fn credentials_that_fail_fail_the_call() {
    let server = Server::start().await;
    let client = Client::builder().grpc(server.url()).credentials(Failing).build().unwrap();
    let error = client.call(&UNARY, String::new()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Credentials);
    assert_eq!(std::error::Error::source(&error).unwrap().to_string(), "the token server is down");
    assert_eq!(server.requests(), 0);
}
