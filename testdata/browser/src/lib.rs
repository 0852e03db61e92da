//! What the page does: calls of every kind with generated clients. It reports one line for each. A test serves the page and reads the
//! report (`testdata/e2e/tests/gateway/browser.rs`).
#![cfg(target_family = "wasm")]

use std::fmt::Write as _;
use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use gloo_timers::future::sleep;
use lumen_cloud::greenhouse::v1::Greenhouse;
use tokio_stream::StreamExt as _;
use wasm_bindgen::prelude::wasm_bindgen;

/// Makes the calls to the server at `origin`. Returns the report.
///
/// # Errors
///
/// The text of an unexpected error.
#[wasm_bindgen]
pub async fn run(origin: String) -> Result<String, String> {
    calls(&origin).await.map_err(|error| error.to_string())
}

async fn calls(origin: &str) -> Result<String, Box<dyn std::error::Error>> {
    let mut report = String::new();
    let lumen = lumen_cloud::Client::builder().rest(origin).header("x-page", "yes").build()?;
    let greenhouses = lumen.greenhouse_service();

    let found = greenhouses.get_greenhouse("grün/haus").account_id("a").await?.greenhouse.unwrap_or_default();
    writeln!(report, "get: {} {}", found.account_id, found.id)?;

    let greenhouse = Greenhouse { account_id: "a".into(), name: "nœw".into(), ..Greenhouse::default() };
    let created = greenhouses.create_greenhouse(greenhouse).with_response().await?;
    let trace = created.headers.get("x-trace").unwrap_or_default().to_owned();
    writeln!(report, "create: {} {trace}", created.message.greenhouse.unwrap_or_default().name)?;

    let error = greenhouses.get_greenhouse("none").account_id("a").await.err().ok_or("the call must fail")?;
    let details: Vec<_> = error.status_details().map(|detail| detail.type_url).collect();
    writeln!(report, "error: {:?} {} {}", error.code(), error.message(), details.join(" "))?;

    let slow = greenhouses.get_greenhouse("slow").account_id("a").timeout(Duration::from_millis(300));
    let limited = slow.await;
    writeln!(report, "deadline: {:?}", limited.err().and_then(|error| error.code()))?;

    let shapes = shapes::Client::builder().rest(origin).build()?;
    let streams = shapes.streaming_service();
    let mut stream = streams.watch("endless").await?;
    write!(report, "stream:")?;
    for _ in 0..3 {
        // The stream never ends, so each message comes on its own.
        let message = stream.next().await.ok_or("the stream must not end")??;
        write!(report, " {}", message.sequence)?;
    }
    writeln!(report)?;
    drop(stream);

    let mut whole = streams.watch("whole").limit(2).await?;
    let mut count = 0;
    while let Some(message) = whole.next().await {
        message?;
        count += 1;
    }
    writeln!(report, "whole stream: {count}")?;

    let is_done = {
        let mut call = pin!(streams.ask("forever").into_future());
        let mut later = pin!(sleep(Duration::from_millis(500)));
        poll_fn(|context| match (call.as_mut().poll(context), later.as_mut().poll(context)) {
            (Poll::Ready(_), _) => Poll::Ready(true),
            (_, Poll::Ready(())) => Poll::Ready(false),
            _ => Poll::Pending,
        })
        .await
    };
    writeln!(report, "dropped call: done {is_done}")?;
    Ok(report)
}
