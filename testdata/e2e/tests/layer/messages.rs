//! What a refused caller is told, and how large a request may be.

use http::StatusCode;
use lumen_cloud::API;
use rust_sdk_runtime::access::Identity;
use rust_sdk_runtime::server::{
    AccessLayer, AuthenticateStep, AuthorizeStep, Authorizer, Call, ErrorBody, RequestBody, access_layer,
};
use rust_sdk_runtime::transport::Body;
use rust_sdk_runtime::{Code, Error};
use serde_json::json;
use tower_service::Service as _;

use crate::server::{Directory, routes};
use crate::wire::framed;

const LIST: &str = "/lumen.cloud.greenhouse.v1.GreenhouseService/ListGreenhouses";
const DELETE: &str = "/api/greenhouse/v1/accounts/a/greenhouses/g";

#[tokio::test]
async fn refused_callers_learn_nothing_of_what_is_needed() {
    let service = access_layer(&API, Directory::reader()).layer(routes());
    let request = http::Request::builder().method("DELETE").uri(DELETE).header("x-caller", "0");
    let response = service.clone().call(request.body(Body::empty()).unwrap()).await.unwrap();
    assert_eq!(response.status(), StatusCode::FORBIDDEN);
    assert_eq!(response.headers()["content-type"], "application/json");
    let body = http_body_util::BodyExt::collect(response.into_body()).await.unwrap().to_bytes();
    let told: serde_json::Value = serde_json::from_slice(&body).unwrap();
    let method = "lumen.cloud.greenhouse.v1.GreenhouseService/DeleteGreenhouse";
    let info = json!({
        "@type": "type.googleapis.com/google.rpc.ErrorInfo",
        "reason": "PERMISSION_DENIED",
        "domain": "lumen.cloud.greenhouse.v1.GreenhouseService",
        "metadata": {"method": method},
    });
    let message = "the caller is not allowed to do this";
    assert_eq!(told, json!({"code": 7, "message": message, "details": [info]}));

    let request =
        http::Request::builder().method("POST").uri(LIST).header("content-type", "application/grpc");
    let response = service.clone().call(request.body(Body::full(framed(b""))).unwrap()).await.unwrap();
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(response.headers()["grpc-status"], "16");
    let error = rust_sdk_runtime::transcode::status::of_response(StatusCode::OK, response.headers(), b"");
    assert_eq!(
        (error.code(), error.message()),
        (Some(Code::Unauthenticated), "the call has no valid credentials")
    );
    let info = error.error_info().unwrap();
    assert_eq!((info.reason.as_str(), info.metadata.len()), ("UNAUTHENTICATED", 1));
}

/// What the layer answers this request for a list, over REST.
async fn list<A, N, Z>(layer: &AccessLayer<A, N, Z>, body: Body) -> (StatusCode, String)
where
    A: Authorizer,
    N: AuthenticateStep<A>,
    Z: AuthorizeStep<A>,
{
    let reads = Function(|request: http::Request<RequestBody<Body>>| async {
        let body = http_body_util::BodyExt::collect(request.into_body()).await;
        Ok::<_, std::convert::Infallible>(http::Response::new(match body {
            Ok(body) => Body::full(format!("{} bytes", body.to_bytes().len())),
            Err(_) => Body::full("broken off"),
        }))
    });
    let request = http::Request::builder().uri("/api/greenhouse/v1/accounts/a/greenhouses");
    let response =
        layer.layer(reads).call(request.header("x-caller", "0").body(body).unwrap()).await.unwrap();
    let status = response.status();
    let body = http_body_util::BodyExt::collect(response.into_body()).await.unwrap().to_bytes();
    (status, String::from_utf8(body.to_vec()).unwrap())
}

/// A service of a function.
#[derive(Clone)]
struct Function<F>(F);

impl<F, Fut, Q, R, E> tower_service::Service<Q> for Function<F>
where
    F: Fn(Q) -> Fut,
    Fut: Future<Output = Result<R, E>>,
{
    type Response = R;
    type Error = E;
    type Future = Fut;

    fn poll_ready(&mut self, _: &mut std::task::Context<'_>) -> std::task::Poll<Result<(), E>> {
        std::task::Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Q) -> Fut {
        (self.0)(request)
    }
}

/// A body whose size is not known beforehand.
struct Unsized(Body);

impl http_body::Body for Unsized {
    type Data = bytes::Bytes;
    type Error = rust_sdk_runtime::error::BoxError;

    fn poll_frame(
        mut self: std::pin::Pin<&mut Self>,
        context: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Result<http_body::Frame<bytes::Bytes>, Self::Error>>> {
        std::pin::Pin::new(&mut self.0).poll_frame(context)
    }
}

#[tokio::test]
async fn bodies_over_the_limit() {
    let layer = access_layer(&API, Directory::reader()).max_message_size(10);
    assert_eq!(list(&layer, Body::full("1234567890")).await, (StatusCode::OK, "10 bytes".into()));
    assert_eq!(list(&layer, Body::new(Unsized(Body::full("123")))).await, (StatusCode::OK, "3 bytes".into()));
    for body in [Body::full("12345678901"), Body::new(Unsized(Body::full("12345678901")))] {
        let (status, body) = list(&layer, body).await;
        assert_eq!(status, StatusCode::PAYLOAD_TOO_LARGE);
        assert_eq!(body, r#"{"code":8,"message":"the request is over the limit of 10 bytes","details":[]}"#);
    }
}

/// What the program's own look-up says is passed on where it is an answer, and not where it is an accident.
#[tokio::test]
async fn errors_of_the_authorizer() {
    #[derive(Clone)]
    struct Failing(fn() -> Error);
    impl Authorizer for Failing {
        type Identity = Identity;

        async fn authenticate(&self, _: &http::request::Parts) -> Result<Identity, Error> {
            Err((self.0)())
        }
    }
    let cases: [(fn() -> Error, _, _); 4] = [
        (|| Error::from_status(Code::Unauthenticated, "the key has expired"), 401, "the key has expired"),
        (|| Error::from_status(Code::Ok, "secret"), 500, "the caller's permissions could not be determined"),
        (|| Error::invalid_argument("secret"), 500, "the caller's permissions could not be determined"),
        (
            || Error::new(rust_sdk_runtime::ErrorKind::Transport, "10.0.0.1: secret"),
            503,
            "the caller's permissions cannot be determined for now",
        ),
    ];
    for (error, status, message) in cases {
        let (got, body) = list(&access_layer(&API, Failing(error)), Body::empty()).await;
        assert_eq!(got.as_u16(), status);
        assert!(body.contains(message) && !body.contains("secret"), "{body}");
    }
}

/// Permissions that are another look-up, which depends on the account.
#[tokio::test]
async fn permissions_by_account() {
    struct ByAccount;
    impl Authorizer for ByAccount {
        type Identity = Identity;

        async fn authenticate(&self, _: &http::request::Parts) -> Result<Identity, Error> {
            Ok(Identity::new([""; 0]))
        }

        async fn authorize(&self, _: Identity, call: &Call) -> Result<Identity, Error> {
            assert!(
                call.method().path().ends_with("/GetGreenhouse") && call.headers().contains_key("x-caller")
            );
            match call.account() {
                Some("a") => Ok(Identity::new(["read:greenhouses"]).everywhere()),
                Some("gone") => Err(Error::from_status(Code::NotFound, "there is no such account")),
                _ => Ok(Identity::new(["write:greenhouses"]).everywhere()),
            }
        }
    }
    let service = access_layer(&API, ByAccount).layer(routes());
    for (account, status) in [("a", "12"), ("b", "7"), ("gone", "5"), ("", "7")] {
        let length = u8::try_from(account.len()).unwrap();
        let message = framed(&[&[10, length], account.as_bytes()].concat());
        let path = "/lumen.cloud.greenhouse.v1.GreenhouseService/GetGreenhouse";
        let request =
            http::Request::post(path).header("content-type", "application/grpc").header("x-caller", "0");
        let response = service.clone().call(request.body(Body::full(message)).unwrap()).await.unwrap();
        assert_eq!(response.headers()["grpc-status"], status, "{account}");
    }
}

#[tokio::test]
async fn a_401_names_the_scheme_and_errors_have_either_form() {
    let get = || {
        let request =
            http::Request::builder().method("GET").uri("/api/greenhouse/v1/accounts/a/greenhouses/g");
        request.body(Body::empty()).unwrap()
    };
    let unknown = || http::Request::builder().uri("/nowhere").body(Body::empty()).unwrap();
    let layer = || access_layer(&API, Directory::reader());
    let response = layer().layer(routes()).call(get()).await.unwrap();
    assert_eq!(response.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(response.headers()["www-authenticate"], "Bearer");
    let response = layer().layer(routes()).call(unknown()).await.unwrap();
    assert_eq!(
        (response.status(), response.headers().get("www-authenticate")),
        (StatusCode::NOT_FOUND, None)
    );

    let set = || layer().challenge("apikey".parse().unwrap()).error_body(ErrorBody::Google).layer(routes());
    for (request, challenge, code, status) in
        [(get(), Some("apikey"), 401, "UNAUTHENTICATED"), (unknown(), None, 404, "NOT_FOUND")]
    {
        let response = set().call(request).await.unwrap();
        let named =
            response.headers().get("www-authenticate").map(|value| value.to_str().unwrap().to_owned());
        assert_eq!(named.as_deref(), challenge);
        let body = http_body_util::BodyExt::collect(response.into_body()).await.unwrap().to_bytes();
        let told: serde_json::Value = serde_json::from_slice(&body).unwrap();
        assert_eq!((&told["error"]["code"], &told["error"]["status"]), (&json!(code), &json!(status)));
    }
    // gRPC has its own way to say so.
    let request =
        http::Request::builder().method("POST").uri(LIST).header("content-type", "application/grpc");
    let response = set().call(request.body(Body::full(framed(b""))).unwrap()).await.unwrap();
    assert_eq!((response.status(), response.headers().get("www-authenticate")), (StatusCode::OK, None));
}
