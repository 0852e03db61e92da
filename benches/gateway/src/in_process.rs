//! Our gateway, over gRPC and direct, and rest_over_grpc in front of the same tonic handlers, without a network.

use std::hint::black_box;
use std::time::Duration;

use bytes::Bytes;
use cpu_time::ThreadTime;
use http::Request;
use http_body_util::Full;
use lumen_cloud::greenhouse::v1::greenhouse_service::server::GreenhouseServiceServer;
use lumen_cloud::greenhouse::v1::{CreateGreenhouseRequest, GetGreenhouseRequest};
use prost::Message as _;
use rest_over_grpc::serving::RestService;
use rust_sdk_runtime::Gateway;
use tower_service::Service;

use crate::messages::{self, Message};
use crate::peer::lumen::cloud::greenhouse::v1::__rest_over_grpc_bridge_GreenhouseService::GreenhouseServiceRestBridge;
use crate::{Result, backend, block_on, peer};

/// Short and many, by turns: the speed of a shared machine changes within a second.
const ROUNDS: usize = 101;
const TIME: Duration = Duration::from_millis(20);

/// Our direct gateway, or `rest_over_grpc`, alone with one message, for a profiler.
pub fn profile(who: &str, only: &str) -> Result<()> {
    let message = messages::all().into_iter().find(|message| message.name == only).ok_or("what?")?;
    match who {
        "ours" => repeat(direct(), &message),
        _ => repeat(theirs(), &message),
    }
}

fn repeat<S, B>(mut service: S, message: &Message) -> Result<()>
where
    S: Service<Request<Full<Bytes>>, Response = http::Response<B>, Error = std::convert::Infallible>,
    B: http_body_util::BodyExt<Data = Bytes>,
    B::Error: std::fmt::Debug,
{
    block_on(async {
        for _ in 0..10_000 {
            black_box(call(&mut service, message).await?);
        }
        Ok(())
    })
}

fn direct() -> Gateway {
    let direct = Gateway::direct(&lumen_cloud::API).service(GreenhouseServiceServer::new(backend::Echo));
    direct.without_access_layer()
}

fn theirs() -> impl Service<
    Request<Full<Bytes>>,
    Response = http::Response<impl http_body_util::BodyExt<Data = Bytes, Error = impl std::fmt::Debug>>,
    Error = std::convert::Infallible,
> + Clone {
    let bridge = GreenhouseServiceRestBridge::externally_authenticated(peer::Echo);
    RestService::new(std::sync::Arc::new(peer::rest::Transcoder::new(bridge)))
}

/// All messages, or this one.
pub fn run(only: Option<&str>) -> Result<()> {
    let ours = Gateway::new(&lumen_cloud::API, backend::routes());
    let (direct, theirs) = (direct(), theirs());
    println!(
        "| message | gRPC, µs | of it the call, µs | direct, µs | rest_over_grpc, µs | theirs / gRPC | theirs / direct |"
    );
    println!("|---|---|---|---|---|---|---|");
    block_on(async {
        for message in
            messages::all().into_iter().filter(|message| only.is_none_or(|only| message.name == only))
        {
            let (mut a, mut b, mut c, mut d) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
            let grpc = grpc(&message)?;
            let expected = json(&mut theirs.clone(), &message).await?;
            if json(&mut ours.clone(), &message).await? != expected
                || json(&mut direct.clone(), &message).await? != expected
            {
                return Err(format!("{}: the responses differ", message.name).into());
            }
            for _ in 0..ROUNDS {
                a.push(time(ours.clone(), &message).await?);
                b.push(time(theirs.clone(), &message).await?);
                c.push(time(backend::routes(), &grpc).await?);
                d.push(time(direct.clone(), &message).await?);
            }
            let (a, b, c, d) = (median(a), median(b), median(c), median(d));
            println!(
                "| {} | {a:.2} | {c:.2} | {d:.2} | {b:.2} | {:.2} | {:.2} |",
                message.name,
                b / a,
                b / d
            );
        }
        Ok(())
    })
}

/// The gRPC request of a message.
fn grpc(message: &Message) -> Result<Message> {
    let (method, bytes) = if message.body.is_empty() {
        let greenhouse_id = message.target.rsplit('/').next().unwrap_or_default().to_owned();
        let account_id = messages::ACCOUNT.to_owned();
        let request = GetGreenhouseRequest { account_id, greenhouse_id, ..GetGreenhouseRequest::default() };
        ("GetGreenhouse", request.encode_to_vec())
    } else {
        let request: CreateGreenhouseRequest = serde_json::from_slice(&message.body)?;
        ("CreateGreenhouse", request.encode_to_vec())
    };
    let mut body = vec![0];
    body.extend(u32::try_from(bytes.len())?.to_be_bytes());
    body.extend(bytes);
    let target = format!("/lumen.cloud.greenhouse.v1.GreenhouseService/{method}");
    Ok(Message {
        name: message.name,
        verb: "POST",
        target,
        content_type: "application/grpc",
        body: body.into(),
    })
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

/// Microseconds a call.
async fn time<S, B>(mut service: S, message: &Message) -> Result<f64>
where
    S: Service<Request<Full<Bytes>>, Response = http::Response<B>, Error = std::convert::Infallible>,
    B: http_body_util::BodyExt<Data = Bytes>,
    B::Error: std::fmt::Debug,
{
    // It does not depend on what else the machine does, as the time of a clock does.
    let (start, mut count) = (ThreadTime::now(), 0u32);
    while start.elapsed() < TIME {
        for _ in 0..100 {
            black_box(call(&mut service, message).await?);
        }
        count += 100;
    }
    Ok(start.elapsed().as_secs_f64() * 1e6 / f64::from(count))
}

async fn json<S, B>(service: &mut S, message: &Message) -> Result<serde_json::Value>
where
    S: Service<Request<Full<Bytes>>, Response = http::Response<B>, Error = std::convert::Infallible>,
    B: http_body_util::BodyExt<Data = Bytes>,
    B::Error: std::fmt::Debug,
{
    Ok(serde_json::from_slice(&call(service, message).await?)?)
}

async fn call<S, B>(service: &mut S, message: &Message) -> Result<Bytes>
where
    S: Service<Request<Full<Bytes>>, Response = http::Response<B>, Error = std::convert::Infallible>,
    B: http_body_util::BodyExt<Data = Bytes>,
    B::Error: std::fmt::Debug,
{
    let body = Full::new(message.body.clone());
    let mut request = Request::builder().method(message.verb).uri(&message.target);
    if !message.body.is_empty() {
        request = request.header("content-type", message.content_type);
    }
    let response = service.call(request.body(body)?).await.unwrap_or_else(|never| match never {});
    let status = response.status();
    let body = response.into_body().collect().await.map_err(|error| format!("{error:?}"))?.to_bytes();
    if status == 200 { Ok(body) } else { Err(String::from_utf8_lossy(&body).into()) }
}
