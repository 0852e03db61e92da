//! What a call says in its span, and what it does not.

use std::fmt::{Debug, Write as _};
use std::sync::{Arc, Mutex};

use rust_sdk_runtime::Client;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

use crate::server::{Server, UNARY};

/// Writes down every field of every span and event.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<String>>);

impl Visit for Log {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        let _ = writeln!(self.0.lock().unwrap(), "{field}={value:?}");
    }
}

impl Subscriber for Log {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        span.record(&mut self.clone());
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, values: &Record<'_>) {
        values.record(&mut self.clone());
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        event.record(&mut self.clone());
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

#[tokio::test]
async fn a_call_has_a_span_with_its_names_and_its_end_and_no_secret() {
    let server = Server::start().await;
    let client: Client = Client::builder().grpc(server.url()).api_key("hunter2").build().unwrap();
    let log = Log::default();
    let guard = tracing::subscriber::set_default(log.clone());
    client.call(&UNARY, "hunter3".to_owned()).await.unwrap();
    client.call(&UNARY, "status:5".to_owned()).header("x-secret", "hunter4").await.unwrap_err();
    drop(guard);
    let log = log.0.lock().unwrap();
    for field in [
        "rpc.system=\"grpc\"",
        "rpc.service=\"test.v1.Echo\"",
        "rpc.method=\"Unary\"",
        "rpc.attempts=1",
        "rpc.status=\"OK\"",
        "rpc.status=\"NOT_FOUND\"",
    ] {
        assert!(log.contains(field), "{field} is not in\n{log}");
    }
    assert!(!log.contains("hunter"), "{log}");
}
