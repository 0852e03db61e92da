//! Compressed messages of methods with a scope: what the layer checked is what a tonic server with gzip decodes.

use std::io::Write as _;
use std::net::SocketAddr;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use allocation_counter::measure;
use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use http::Request;
use http_body_util::{BodyExt as _, Full};
use proptest::prelude::*;
use rust_sdk_runtime::Code;
use rust_sdk_runtime::access::Identity;
use rust_sdk_runtime::server::access_layer;
use shapes::streaming::v1::TalkRequest;
use shapes::streaming::v1::streaming_service::server::StreamingServiceServer;
use tokio::net::TcpListener;
use tonic::codec::CompressionEncoding;
use tonic::service::Routes;
use tonic::transport::Server;
use tonic::transport::server::TcpIncoming;
use tower_service::Service as _;

use crate::server::Directory;
use crate::streams::{API, Talks, text};
use crate::wire::{Answer, Sender, framed};

const WATCH: &str = "/shapes.streaming.v1.StreamingService/Watch";
const TALK: &str = "/shapes.streaming.v1.StreamingService/Talk";
/// The default limit of the layer and of tonic.
const LIMIT: usize = 4 << 20;

fn directory() -> Directory {
    Directory::of([Identity::new(["talk"]).within("a"), Identity::new(["talk"]).everywhere()])
}

fn routes() -> Routes {
    Routes::new(StreamingServiceServer::new(Talks).accept_compressed(CompressionEncoding::Gzip))
}

async fn serve(accept: bool) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let layer = access_layer(&API, directory()).accept_gzip(accept);
    let server = Server::builder().layer(layer).add_routes(routes());
    tokio::spawn(server.serve_with_incoming(TcpIncoming::from(listener).with_nodelay(Some(true))));
    address
}

fn pack(plain: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(plain).unwrap();
    encoder.finish().unwrap()
}

/// A message whose flag says that it is compressed.
fn flagged(packed: &[u8]) -> Bytes {
    let mut framed = framed(packed).to_vec();
    framed[0] = 1;
    framed.into()
}

/// The same message, compressed.
pub(crate) fn packed(framed: &[u8]) -> Bytes {
    flagged(&pack(&framed[5..]))
}

/// What came of a call with these messages: how many bytes were given back, or the code.
async fn outcome(
    sender: &Sender,
    path: &str,
    encoding: &[&str],
    caller: &str,
    messages: &[&Bytes],
) -> Result<usize, Code> {
    let mut headers = vec![("content-type", "application/grpc"), ("te", "trailers"), ("x-caller", caller)];
    headers.extend(encoding.iter().map(|encoding| ("grpc-encoding", *encoding)));
    let body: Vec<u8> = messages.iter().flat_map(|message| message.to_vec()).collect();
    let answer = sender.send(&format!("POST {path}"), &headers, body).await;
    answer.code().map_or(Ok(answer.body.len()), Err)
}

#[tokio::test]
async fn the_account_of_a_compressed_message_is_checked() {
    let sender = Sender::http2(serve(true).await);
    let (a, b, nothing) = (text(1, "a"), text(1, "b"), framed(b""));
    let (packed_a, packed_b, packed_nothing) = (packed(&a), packed(&b), packed(&nothing));
    // The handler asserts that it decodes the account that was checked.
    for (caller, message, wanted) in [
        ("0", &packed_a, Ok(26)),
        ("0", &a, Ok(26)),
        ("1", &packed_b, Ok(26)),
        ("0", &packed_b, Err(Code::PermissionDenied)),
        ("1", &packed_nothing, Err(Code::PermissionDenied)),
    ] {
        assert_eq!(outcome(&sender, WATCH, &["gzip"], caller, &[message]).await, wanted);
    }
    // Streams, in which messages may be compressed or not.
    for (caller, messages, wanted) in [
        ("0", &[&packed_a][..], Ok(8)),
        ("0", &[&packed_a, &a, &packed_a, &packed_nothing, &nothing], Ok(34)),
        ("0", &[&a, &packed_b], Err(Code::PermissionDenied)),
        ("1", &[&packed_a, &packed_a, &packed_b], Err(Code::PermissionDenied)),
        ("1", &[&packed_nothing, &a], Err(Code::PermissionDenied)),
    ] {
        assert_eq!(outcome(&sender, TALK, &["gzip"], caller, messages).await, wanted);
    }
}

/// A generated client with `compress_requests`, and a tonic server behind the layer.
#[tokio::test]
async fn a_client_that_compresses() {
    let url = format!("http://{}", serve(true).await);
    let client = shapes::Client::builder().grpc(url).header("x-caller", "1").compress_requests();
    let client = client.build().unwrap().streaming_service();
    // Long enough to be compressed.
    let account = "a long account ".repeat(100);
    let mut seen = client.watch(&account).await.unwrap();
    assert_eq!(seen.message().await.unwrap().unwrap().text, "seen");
    let said = |text: &str| TalkRequest { text: text.to_owned() };
    let mut answers = client.talk(tokio_stream::iter([said(&account), said(&account)])).await.unwrap();
    assert_eq!(answers.message().await.unwrap().unwrap().text, account);
    let other = "another account ".repeat(100);
    let mut answers = client.talk(tokio_stream::iter([said(&account), said(&other)])).await.unwrap();
    assert_eq!(answers.message().await.unwrap_err().code(), Some(Code::PermissionDenied));
}

#[tokio::test]
async fn only_gzip_is_read_and_only_where_it_is_accepted() {
    let (a, packed_a) = (text(1, "a"), packed(&text(1, "a")));
    let sender = Sender::http2(serve(true).await);
    for path in [WATCH, TALK] {
        for encoding in
            [&[][..], &["identity"], &["deflate"], &["GZIP"], &["gzip", "identity"], &["gzip", "gzip"]]
        {
            let got = outcome(&sender, path, encoding, "0", &[&packed_a]).await;
            assert_eq!(got, Err(Code::Unimplemented), "{encoding:?}");
        }
        let mut flag = a.to_vec();
        flag[0] = 2;
        assert_eq!(outcome(&sender, path, &["gzip"], "0", &[&flag.into()]).await, Err(Code::Unimplemented));
    }
    let compressed = [
        ("content-type", "application/grpc"),
        ("te", "trailers"),
        ("x-caller", "0"),
        ("grpc-encoding", "zstd"),
    ];
    let answer = sender.send(&format!("POST {WATCH}"), &compressed, packed_a.clone()).await;
    assert_eq!(answer.headers["grpc-accept-encoding"], "identity,gzip");

    let sender = Sender::http2(serve(false).await);
    let answer = sender.send(&format!("POST {WATCH}"), &compressed, packed_a.clone()).await;
    assert_eq!(answer.headers["grpc-accept-encoding"], "identity");
    for messages in [&[&packed_a][..], &[&a, &packed_a]] {
        assert_eq!(outcome(&sender, TALK, &["gzip"], "0", messages).await, Err(Code::Unimplemented));
    }
    assert_eq!(outcome(&sender, WATCH, &["gzip"], "0", &[&a]).await, Ok(26));
}

#[tokio::test]
async fn a_message_is_exactly_one_gzip_member() {
    let sender = Sender::http2(serve(true).await);
    let (a, b) = (pack(&text(1, "a")[5..]), pack(&text(1, "b")[5..]));
    let broken = |at: usize| {
        let mut broken = a.clone();
        broken[at] ^= 1;
        broken
    };
    for message in [
        // Some servers append the second member, where the last account counts. Others ignore it.
        [&a[..], &b].concat(),
        [&a[..], &a].concat(),
        [&a[..], &[0]].concat(),
        a[..a.len() - 1].to_vec(),
        a[..a.len() / 2].to_vec(),
        Vec::new(),
        b"\n\x01a".to_vec(),
        // The magic number, the method, the checksum, the length.
        broken(0),
        broken(2),
        broken(a.len() - 8),
        broken(a.len() - 1),
    ] {
        let message = flagged(&message);
        for (path, messages) in
            [(WATCH, &[&message][..]), (TALK, &[&message]), (TALK, &[&packed(&text(1, "a")), &message])]
        {
            let got = outcome(&sender, path, &["gzip"], "1", messages).await;
            assert_eq!(got, Err(Code::InvalidArgument), "{message:?}");
        }
    }
}

/// A message that names the account, and then holds 64 MiB of zeros in an unknown field.
fn bomb() -> Bytes {
    let mut message = text(1, "a")[5..].to_vec();
    prost::encoding::encode_key(99, prost::encoding::WireType::LengthDelimited, &mut message);
    prost::encoding::encode_varint(64 << 20, &mut message);
    message.resize(message.len() + (64 << 20), 0);
    flagged(&pack(&message))
}

#[tokio::test]
async fn a_bomb_is_not_unpacked_beyond_the_limit() {
    let bomb = bomb();
    assert!(bomb.len() < 100_000, "{}", bomb.len());
    let sender = Sender::http2(serve(true).await);
    let a = packed(&text(1, "a"));
    for (path, messages) in [(WATCH, &[&bomb][..]), (TALK, &[&bomb]), (TALK, &[&a, &bomb])] {
        assert_eq!(outcome(&sender, path, &["gzip"], "0", messages).await, Err(Code::ResourceExhausted));
    }

    let mut service = access_layer(&API, directory()).accept_gzip(true).layer(routes());
    let request = Request::post(WATCH).header("content-type", "application/grpc").header("x-caller", "0");
    let request = request.header("grpc-encoding", "gzip").body(Full::new(bomb)).unwrap();
    let mut status = None;
    let used = measure(|| {
        let Poll::Ready(answer) = pin!(service.call(request)).poll(&mut Context::from_waker(Waker::noop()))
        else {
            panic!("everything is there");
        };
        status = Some(answer.unwrap().headers()["grpc-status"].clone());
    });
    assert_eq!(status.unwrap(), "8");
    // The buffer grows by doubling, so that an old and a new one exist for a moment.
    assert!(used.bytes_max < 4 * LIMIT as u64, "{}", used.bytes_max);
}

/// Packed messages as hostile clients may change them. A call is rejected, or the handler decodes the account that was checked.
fn altered() -> impl Strategy<Value = Vec<u8>> {
    let message = prop_oneof![
        Just(text(1, "a")[5..].to_vec()),
        Just([&text(1, "b")[5..], &text(1, "a")[5..]].concat()),
        Just([&text(1, "a")[5..], &text(1, "b")[5..]].concat()),
    ];
    let change = prop_oneof![
        3 => Just(Vec::new()),
        1 => prop::collection::vec(any::<u8>(), 1..20),
        1 => Just(pack(&text(1, "b")[5..])),
    ];
    (message, change, any::<prop::sample::Index>(), any::<u8>(), any::<prop::sample::Index>(), 0..6_u8)
        .prop_map(|(message, more, at, bits, cut, kind)| {
            let mut packed = pack(&message);
            let at = at.index(packed.len());
            match kind {
                0 => packed[at] ^= bits,
                1 => packed.truncate(cut.index(packed.len())),
                2 => drop(packed.splice(at..at, more.clone())),
                _ => {}
            }
            packed.extend(more);
            packed
        })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, ..ProptestConfig::default() })]
    #[test]
    fn altered_messages_are_rejected_or_agreed_on(message in altered(), caller in 0..2_u8) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let mut service = access_layer(&API, directory()).accept_gzip(true).layer(routes());
        let request = Request::post(WATCH).header("content-type", "application/grpc").header("grpc-encoding", "gzip");
        let request = request.header("x-caller", caller.to_string()).body(Full::new(flagged(&message))).unwrap();
        let answer = runtime.block_on(async {
            let (parts, body) = service.call(request).await.unwrap().into_parts();
            let body = body.collect().await.unwrap();
            let trailers = body.trailers().cloned().unwrap_or_default();
            Answer { status: parts.status, headers: parts.headers, body: body.to_bytes(), trailers }
        });
        // The handler panics if the account differs.
        let expected = [None, Some(Code::InvalidArgument), Some(Code::PermissionDenied)];
        prop_assert!(expected.contains(&answer.code()), "{:?}", answer.code());
    }
}
