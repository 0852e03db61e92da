//! Responses that take far more memory than their bytes, and requests that would.

use bytes::{Buf, BufMut, Bytes};
use prost::DecodeError;
use prost::encoding::{DecodeContext, WireType};
use rust_sdk_runtime::access::Access;
use rust_sdk_runtime::method::{Method, Rpc, Scope, Service};
use rust_sdk_runtime::{Client, Code, rpc};

use crate::peer;
use crate::way::Way;

static METHODS: [Method; 1] = [Method::unary("/test.v1.Peer/List").requires(Access::authenticated())];
static SERVICE: Service = Service::new("test.v1.Peer", &METHODS);
const LIST: Rpc<(), rpc::BadRequest> = Rpc::new(&SERVICE, 0, Scope::NONE);

/// A list of this many empty messages: two bytes each.
async fn listing(elements: usize) -> Client {
    let message = [10_u8, 0].repeat(elements);
    let mut body = vec![0];
    body.extend(u32::try_from(message.len()).unwrap().to_be_bytes());
    body.extend(message);
    let body = Bytes::from(body);
    let (address, _) = peer::serve(move |stream, _, _| {
        let body = body.clone();
        async move {
            let Ok(mut connection) = h2::server::handshake(stream).await else { return };
            while let Some(Ok((_, mut respond))) = connection.accept().await {
                let head =
                    http::Response::builder().header("content-type", "application/grpc").body(()).unwrap();
                let mut stream = respond.send_response(head, false).unwrap();
                stream.send_data(body.clone(), false).unwrap();
                let trailers =
                    http::HeaderMap::from_iter([(http::HeaderName::from_static("grpc-status"), 0.into())]);
                stream.send_trailers(trailers).unwrap();
            }
        }
    })
    .await;
    peer::client(address)
}

#[tokio::test]
async fn a_response_takes_no_more_memory_than_the_limit() {
    assert_eq!(listing(10_000).await.call(&LIST, ()).await.unwrap().field_violations.len(), 10_000);
    let error = listing(2_000_000).await.call(&LIST, ()).await.unwrap_err();
    assert_eq!(error.code(), Some(Code::ResourceExhausted));
    assert!(error.message().contains("takes more than the limit of 67108864 bytes of memory"), "{error}");
}

/// Says that it takes this many bytes, and cannot be encoded.
#[derive(Debug)]
struct Huge(usize);

impl prost::Message for Huge {
    fn encoded_len(&self) -> usize {
        self.0
    }

    fn encode_raw(&self, _: &mut impl BufMut) {
        panic!("a message that is too large is encoded");
    }

    fn merge_field(
        &mut self,
        _: u32,
        _: WireType,
        _: &mut impl Buf,
        _: DecodeContext,
    ) -> Result<(), DecodeError> {
        unreachable!()
    }

    fn clear(&mut self) {}
}

#[tokio::test]
async fn a_request_over_2_gib_is_refused_before_it_is_encoded() {
    const CALL: Rpc<Huge, ()> = Rpc::new(&SERVICE, 0, Scope::NONE);
    for way in Way::PLAIN {
        let (address, _) = peer::serve(move |stream, _, journal| way.serve(stream, journal)).await;
        let client = way.builder(&format!("http://{address}")).build().unwrap();
        for bytes in [1_usize << 31, 3 << 30, 1 << 32, usize::MAX >> 1] {
            let error = client.call(&CALL, Huge(bytes)).await.unwrap_err();
            assert!(error.is_local() && error.code() == Some(Code::InvalidArgument), "{error}");
            assert!(error.message().contains("over 2 GiB"), "{error}");
            if way == Way::Grpc {
                let requests = tokio_stream::iter([Huge(bytes)]);
                let error = client.client_streaming(&CALL, requests).await.unwrap_err();
                assert!(error.is_local() && error.message().contains("over 2 GiB"), "{error:#}");
                let requests = tokio_stream::iter([Huge(bytes)]);
                let mut stream = client.bidirectional(&CALL, requests).await;
                let error = match &mut stream {
                    Ok(stream) => stream.message().await.unwrap_err(),
                    Err(_) => stream.unwrap_err(),
                };
                assert!(error.is_local() && error.message().contains("over 2 GiB"), "{error:#}");
            }
        }
    }
}
