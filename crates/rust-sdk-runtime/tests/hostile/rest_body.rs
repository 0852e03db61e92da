//! REST: bodies, their lengths, chunks and encodings, and the bodies of errors.

use rust_sdk_runtime::{Client, Code};

use crate::run::{Behaviour, Calls, all, fails, succeeds};
use crate::socket::{drips, ends, floods, says};

const OK: &str = "HTTP/1.1 200 OK\r\n";
const CHUNKED: &str = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";
const SPACES: [u8; 1024] = [b' '; 1024];

fn lengths() -> Vec<Behaviour> {
    vec![
        fails(
            "headers, then silence",
            Code::DeadlineExceeded,
            says(format!("{OK}content-length: 2\r\n\r\n")),
        ),
        fails(
            "a byte of the body at a time",
            Code::DeadlineExceeded,
            drips(format!("{OK}content-length: 9999\r\n\r\n"), " "),
        ),
        fails(
            "10 GB, as stated",
            Code::ResourceExhausted,
            floods(format!("{OK}content-length: 10000000000\r\n\r\n"), SPACES),
        ),
        fails(
            "10 GB, stated and not sent",
            Code::ResourceExhausted,
            says(format!("{OK}content-length: 10000000000\r\n\r\n")),
        ),
        fails(
            "a stated body of 4 MB, not sent",
            Code::DeadlineExceeded,
            says(format!("{OK}content-length: 4000000\r\n\r\n")),
        )
        .memory(1 << 20),
        fails("an endless body", Code::ResourceExhausted, floods(format!("{OK}\r\n"), SPACES)),
        fails(
            "an endless body in chunks",
            Code::ResourceExhausted,
            floods(CHUNKED, [b"400\r\n", &SPACES[..], b"\r\n"].concat()),
        ),
        fails(
            "an endless body in small chunks",
            Code::ResourceExhausted,
            floods(CHUNKED, "20\r\n                                \r\n"),
        ),
        fails(
            "a body shorter than its length",
            Code::Unavailable,
            ends(format!("{OK}content-length: 9\r\n\r\n{{}}")),
        ),
        fails(
            "a body longer than its length",
            Code::Internal,
            says(format!("{OK}content-length: 1\r\n\r\n{{}}")),
        ),
        succeeds("a body that ends with the connection", ends(format!("{OK}\r\n{{}}"))),
        fails("a body that ends within the message", Code::Internal, ends(format!("{OK}\r\n{{"))),
        fails("no body", Code::Internal, says(format!("{OK}content-length: 0\r\n\r\n"))),
    ]
}

fn chunks() -> Vec<Behaviour> {
    let chunked = |chunks: &str| says(format!("{CHUNKED}{chunks}"));
    vec![
        fails("a chunk's size that is no number", Code::Internal, chunked("x\r\n{}\r\n0\r\n\r\n")),
        fails(
            "a chunk's size beyond 64 bits",
            Code::Internal,
            chunked("fffffffffffffffff\r\n{}\r\n0\r\n\r\n"),
        ),
        fails(
            "a chunk's size of 64 bits",
            Code::DeadlineExceeded,
            chunked("ffffffffffffffff\r\n{}\r\n0\r\n\r\n"),
        ),
        fails("an endless size of a chunk", Code::DeadlineExceeded, floods(CHUNKED, "0")),
        fails("a negative size of a chunk", Code::Internal, chunked("-2\r\n{}\r\n0\r\n\r\n")),
        fails("a chunk longer than its size", Code::Internal, chunked("1\r\n{}\r\n0\r\n\r\n")),
        fails("a chunk without an end", Code::DeadlineExceeded, chunked("2\r\n{}")),
        fails("a chunk that is cut off", Code::Unavailable, ends(format!("{CHUNKED}9\r\n{{}}"))),
        fails("no last chunk", Code::Unavailable, ends(format!("{CHUNKED}2\r\n{{}}\r\n"))),
        fails(
            "endless extensions of chunks",
            Code::Internal,
            floods(CHUNKED, "1;x=yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy\r\n \r\n"),
        ),
        fails("an endless extension of a chunk", Code::Internal, floods(format!("{CHUNKED}2;x="), "y")),
        fails("endless trailers", Code::Internal, floods(format!("{CHUNKED}2\r\n{{}}\r\n0\r\n"), "x: y\r\n")),
        fails("an endless trailer", Code::Internal, floods(format!("{CHUNKED}2\r\n{{}}\r\n0\r\nx: "), "y")),
        fails("trailers, then silence", Code::DeadlineExceeded, chunked("2\r\n{}\r\n0\r\nx: y\r\n")),
        fails("a trailer without a colon", Code::Internal, chunked("2\r\n{}\r\n0\r\nx\r\n\r\n")),
        fails("an error in the trailers", Code::NotFound, chunked("2\r\n{}\r\n0\r\ngrpc-status: 5\r\n\r\n")),
    ]
}

fn encodings() -> Vec<Behaviour> {
    let encoded = |encoding: &str, body: &[u8]| {
        let head = format!("{OK}content-encoding: {encoding}\r\ncontent-length: {}\r\n\r\n", body.len());
        says([head.as_bytes(), body].concat())
    };
    let packed = pack(b"{}");
    vec![
        fails("an encoding that was not offered", Code::Internal, encoded("br", b"{}")),
        fails("an unknown encoding", Code::Internal, encoded("x", b"{}")),
        fails("two encodings", Code::Internal, encoded("gzip, gzip", b"{}")),
        succeeds("an encoding by the name of none", encoded("identity", b"{}")),
        succeeds("gzip", encoded("gzip", &packed)),
        fails("a bomb", Code::ResourceExhausted, encoded("gzip", &pack(&vec![b' '; 32 << 20]))),
        fails("a bomb in a bomb", Code::Internal, encoded("gzip", &pack(&pack(&vec![b' '; 32 << 20])))),
        fails("gzip that is none", Code::Internal, encoded("gzip", b"{}")),
        fails("gzip that is cut off", Code::Internal, encoded("gzip", &packed[..packed.len() - 9])),
        fails(
            "gzip with a wrong checksum",
            Code::Internal,
            encoded("gzip", &[&packed[..packed.len() - 8], &[0; 8]].concat()),
        ),
        fails(
            "endless empty gzip",
            Code::Internal,
            floods(format!("{OK}content-encoding: gzip\r\n\r\n"), pack(b"")),
        ),
    ]
}

fn pack(bytes: &[u8]) -> Vec<u8> {
    use std::io::Write as _;

    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// Errors with bodies that burden the client.
fn errors() -> Vec<Behaviour> {
    let error = |status: &str, headers: &str, body: &str| {
        says(format!("HTTP/1.1 {status}\r\n{headers}content-length: {}\r\n\r\n{body}", body.len()))
    };
    let detail = r#"{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":1},"#;
    let details = format!(r#"{{"code":5,"details":[{}{{}}]}}"#, detail.repeat(15_000));
    vec![
        fails(
            "an error's body, a byte at a time",
            Code::DeadlineExceeded,
            drips("HTTP/1.1 404 Not Found\r\n\r\n", " "),
        ),
        fails(
            "an endless body of an error",
            Code::NotFound,
            floods("HTTP/1.1 404 Not Found\r\n\r\n", SPACES),
        ),
        fails(
            "an error's body that is cut off",
            Code::NotFound,
            ends("HTTP/1.1 404 Not Found\r\ncontent-length: 99\r\n\r\n{\"code\":"),
        ),
        fails(
            "an error that is a page",
            Code::Unavailable,
            error("502 Bad Gateway", "content-type: text/html\r\n", "<h1>Sorry</h1>"),
        )
        .says("HTTP 502 Bad Gateway"),
        fails("an error without a body", Code::Internal, error("500 Oh No", "", "")),
        fails(
            "an error whose code is OK",
            Code::Internal,
            error("500 Oh No", "", r#"{"code":0,"message":"all is well"}"#),
        ),
        fails(
            "an error whose code is none",
            Code::Internal,
            error("500 Oh No", "", r#"{"code":99999,"message":[]}"#),
        ),
        fails(
            "an error whose status of gRPC is OK",
            Code::Internal,
            error("500 Oh No", "grpc-status: 0\r\n", ""),
        ),
        fails(
            "an error of 100,000 lists in each other",
            Code::Internal,
            error("500 Oh No", "", &"[".repeat(100_000)),
        ),
        fails(
            "an error of a million numbers",
            Code::Internal,
            error("500 Oh No", "", &format!("[{}0]", "0,".repeat(500_000))),
        ),
        fails(
            "an error with a million members",
            Code::Internal,
            error("500 Oh No", "", &format!("{{{}\"a\":0}}", "\"a\":0,".repeat(160_000))),
        ),
        fails("an error with 15,000 wrong details", Code::NotFound, error("404 Not Found", "", &details)),
        fails(
            "an error with a message of 1 MB",
            Code::NotFound,
            error("404 Not Found", "", &format!(r#"{{"message":"{}"}}"#, "x".repeat(1 << 20))),
        ),
        fails(
            "a wait of years",
            Code::Unavailable,
            error("503 Service Unavailable", "retry-after: 9999999999\r\n", ""),
        ),
        fails(
            "a wait of more years than numbers hold",
            Code::Unavailable,
            error("503 Service Unavailable", "retry-after: 99999999999999999999999\r\n", ""),
        ),
        fails(
            "a negative wait",
            Code::Unavailable,
            error("503 Service Unavailable", "retry-after: -1\r\n", ""),
        ),
        fails(
            "a wait until the year 9999",
            Code::Unavailable,
            error("503 Service Unavailable", "retry-after: Fri, 31 Dec 9999 23:59:59 GMT\r\n", ""),
        ),
        fails(
            "a wait of years in the details",
            Code::Unavailable,
            error(
                "503 Service Unavailable",
                "",
                r#"{"details":[{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"315576000000s"}]}"#,
            ),
        ),
        fails(
            "a bad challenge",
            Code::Unauthenticated,
            error("401 Unauthorized", "www-authenticate: Bearer realm=\"\r\n", ""),
        ),
    ]
}

/// Streams have no limit but the call's own.
fn streams() -> Vec<Behaviour> {
    let stream = |media: &str| format!("{OK}content-type: {media}\r\n\r\n");
    let json = || stream("application/json");
    let events = || stream("text/event-stream");
    [
        fails("a stream, then silence", Code::DeadlineExceeded, says(json() + "[{}")),
        fails("an endless message of a stream", Code::ResourceExhausted, floods(json() + "[{\"id\":\"", "x")),
        fails("endless messages", Code::DeadlineExceeded, floods(json() + "[", "{},")),
        fails("endless spaces between messages", Code::DeadlineExceeded, floods(json() + "[", SPACES)),
        fails("a message at a time", Code::DeadlineExceeded, drips(json(), "{}\n")),
        fails("an endless event", Code::ResourceExhausted, floods(events(), "data: {\n")),
        fails("an endless line of an event", Code::ResourceExhausted, floods(events(), "x")),
        fails("endless comments between events", Code::DeadlineExceeded, floods(events(), ":\n\n")),
        fails("a stream that is cut off", Code::Internal, ends(json() + "[{},{")),
        fails("a stream of garbage", Code::Internal, ends(json() + "[{},x]")),
        fails("a stream that goes on after its end", Code::Internal, ends(json() + "[{}]{}")),
        fails(
            "a stream of 100,000 lists in each other",
            Code::Internal,
            ends(json() + "[" + &"[".repeat(100_000)),
        ),
    ]
    .into_iter()
    .map(|behaviour| behaviour.calls(Calls::Watch))
    .collect()
}

#[test]
fn rest_bodies() {
    let behaviours = [lengths(), chunks(), encodings(), errors(), streams()];
    all(&behaviours.concat(), |address| Client::builder().rest(format!("http://{address}")));
}
