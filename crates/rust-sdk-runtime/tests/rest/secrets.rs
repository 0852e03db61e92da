//! Secrets: never printed, never sent in plain text by accident.

use rust_sdk_runtime::{Client, ErrorKind};

use crate::api::*;
use crate::printed::Printed;
use crate::server::{Answer, Server, bounded};

const SECRET: &str = "hunter2";
const BODY: &str = "private";

fn request() -> Thing {
    Thing { name: BODY.to_owned(), tags: vec![BODY.to_owned()], ..thing(BODY) }
}

#[tokio::test]
async fn nothing_prints_a_secret_or_a_body() {
    // What is wrong with each answer stands beside what is private in it.
    let answers = [
        (200, "application/json", r#"{"name":"private"}"#),
        (200, "application/json", r#"{"name":"private","size":"private"}"#),
        (200, "application/json", r#"{"size":"private"}"#),
        (200, "application/json", r#"{"tags":[{"private":"private"}]}"#),
        (200, "application/json", r#"{"name":"private"} private"#),
        (200, "application/json", r#"["private"#),
        (200, "application/json", "private"),
        (200, "text/html", "private"),
        (302, "", ""),
        (404, "text/html", "<p>private</p>"),
        (404, "application/json", r#"{"code":5,"message":"no such thing","private":"private"}"#),
    ];
    let mut printed = Printed::default();
    for (status, content_type, body) in answers {
        let server = Server::start(move |_| {
            let answer = Answer::new(status, content_type, body).header("set-cookie", SECRET);
            if status == 302 {
                answer.header("location", format!("https://example.io/{SECRET}"))
            } else {
                answer
            }
        })
        .await;
        let client = Client::builder()
            .rest(server.url())
            .api_key(SECRET)
            .header("cookie", SECRET)
            .header("x-shown", "shown")
            .build()
            .unwrap();
        printed.debug(&client);
        for call in [client.call(&GET, request()), client.call(&CREATE, request())] {
            let call = call.header("authorization", SECRET);
            printed.debug(&call);
            match bounded(call.with_response()).await {
                Ok(response) => {
                    printed.debug(&response.trailers);
                    printed.debug(&response.trace_id);
                }
                Err(error) => printed.error(&error),
            }
        }
        let call = client.server_streaming(&WATCH, request()).header("x-api-key", SECRET);
        printed.debug(&call);
        match bounded(call).await {
            Ok(mut stream) => {
                printed.debug(&stream);
                if let Err(error) = bounded(stream.message()).await {
                    printed.error(&error);
                }
            }
            Err(error) => printed.error(&error),
        }
    }
    let client = Client::builder().rest("http://localhost:1").bearer(SECRET).build().unwrap();
    let dots = Thing { id: "..".into(), ..request() };
    printed.error(&bounded(client.call(&GET, dots)).await.unwrap_err());
    printed.error(&bounded(client.call(&UNBOUND, request())).await.unwrap_err());
    printed.error(&bounded(client.call(&GET, request())).await.unwrap_err());

    let printed = printed.0;
    assert!(printed.contains("<redacted>") && printed.contains("shown") && printed.contains("no such thing"));
    assert!(!printed.contains(SECRET), "{printed}");
    assert!(!printed.contains(BODY), "{printed}");
}

#[tokio::test]
async fn credentials_do_not_go_over_plain_http_to_another_host() {
    let remote = || Client::builder().rest("http://api.example.io/base");
    let error = remote().api_key(SECRET).build().unwrap_err();
    assert!(error.kind() == ErrorKind::Config && error.message().contains("allow_insecure"), "{error}");
    let client = remote().build().unwrap();
    let error = bounded(client.call(&GET, thing("a")).header("authorization", SECRET)).await.unwrap_err();
    assert_eq!((error.kind(), error.code()), (ErrorKind::Credentials, None));
    assert!(error.is_local());
    // Secrets under other names, and values that the caller marks.
    for name in
        ["x-auth-token", "x-goog-api-key", "apikey", "private-token", "x-vault-token", "x-amz-security-token"]
    {
        let builder = remote().header(name, SECRET);
        assert!(!format!("{builder:?}").contains(SECRET), "{name}");
        assert!(builder.build().is_err(), "{name}");
        let client = Client::builder().rest("http://localhost:1").header(name, SECRET).build().unwrap();
        assert!(!format!("{client:?}").contains(SECRET), "{name}");
    }
    let mut marked = http::HeaderValue::from_static(SECRET);
    marked.set_sensitive(true);
    assert!(remote().header("x-other", marked).build().is_err());
}
