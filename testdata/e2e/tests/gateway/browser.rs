//! Generated clients in a real browser: it loads the page of `testdata/browser`, which calls the gateway by `fetch`.

use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use axum::Router;
use axum::http::header::CONTENT_TYPE;
use axum::routing::{get, post};
use tokio::net::TcpListener;
use tokio::sync::mpsc;

use crate::server::{Greenhouses, Streams};

const INDEX: &str = include_str!("../../../browser/index.html");

/// The report of the page, if everything went well.
const REPORT: &str = "\
get: a grün/haus
create: nœw t-1
error: Some(NotFound) no \"greenhouse\" – none type.googleapis.com/google.protobuf.Duration type.googleapis.com/nowhere.Secret
deadline: Some(DeadlineExceeded)
stream: 0 1 2
whole stream: 2
dropped call: done false
";

/// A headless browser with the page. Dropping it ends it.
struct Browser(Child);

impl Drop for Browser {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn stated(name: &str) -> PathBuf {
    std::env::var_os(name).map_or_else(|| panic!("{name} is not set"), PathBuf::from)
}

async fn serve(page: &str, streams: &Streams, reports: mpsc::Sender<String>) -> String {
    let folder = stated("PAGE");
    let file = |name: &str, content_type: &'static str| {
        let content = std::fs::read(folder.join(name)).unwrap();
        get(move || async move { ([(CONTENT_TYPE, content_type)], content) })
    };
    let index = page.to_owned();
    let report = move |body: String| async move { reports.send(body).await.unwrap() };
    let router = Router::new()
        .route("/", get(move || async move { ([(CONTENT_TYPE, "text/html; charset=utf-8")], index) }))
        .route("/page.js", file("page.js", "text/javascript"))
        .route("/page_bg.wasm", file("page_bg.wasm", "application/wasm"))
        .route("/report", post(report))
        .route_service("/streaming/{*rest}", streams.gateway())
        .fallback_service(Greenhouses::default().gateway());
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await });
    format!("http://{address}/")
}

#[tokio::test]
#[ignore = "needs a browser and the built page: `cargo xtask browser`"]
async fn every_kind_of_call_in_a_browser() {
    let streams = Streams::default();
    let (sender, mut reports) = mpsc::channel(1);
    let url = serve(INDEX, &streams, sender).await;
    let profile = tempfile::tempdir().unwrap();
    let mut chromium = Command::new(stated("CHROMIUM"));
    // The tests may run as root, where the sandbox does not work. The page is our own.
    chromium.args([
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--no-first-run",
        "--disable-dev-shm-usage",
    ]);
    chromium.arg(format!("--user-data-dir={}", profile.path().display())).arg(url);
    let browser = Browser(chromium.stdin(Stdio::null()).stderr(Stdio::null()).spawn().unwrap());

    let report = tokio::time::timeout(Duration::from_secs(60), reports.recv()).await;
    assert_eq!(report.expect("the page reports within a minute").unwrap(), REPORT);

    // The page is still open, so only its aborts can have ended these calls.
    let start = Instant::now();
    for call in ["endless", "forever"] {
        while !streams.is_dropped(call) {
            assert!(start.elapsed() < Duration::from_secs(30), "{call} still runs on the server");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
    drop(browser);
}
