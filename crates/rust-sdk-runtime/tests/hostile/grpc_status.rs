//! gRPC: headers, trailers and the status in them.

use rust_sdk_runtime::{Client, Code};

use crate::frames::{answers, begin, end, floods, header_frames, message, only};
use crate::http2::{END_STREAM, head, literal};
use crate::run::{Behaviour, all, fails, succeeds};
use crate::socket::Script;

/// A response with a message and these trailers.
fn ended(trailers: &'static [(&str, &str)]) -> Script {
    answers(|id| [begin(id), message(id, 0, &[]), end(id, trailers)].concat())
}

/// The same, with a trailer of bytes.
fn ended_with(trailers: Vec<(&'static str, Vec<u8>)>) -> Script {
    answers(move |id| {
        let block: Vec<u8> = trailers.iter().flat_map(|(name, value)| literal(name, value)).collect();
        [begin(id), message(id, 0, &[]), header_frames(id, END_STREAM, &block)].concat()
    })
}

/// A response with these headers and the message.
fn headed(headers: &'static [(&str, &str)]) -> Script {
    answers(|id| {
        let block: Vec<u8> =
            headers.iter().flat_map(|(name, value)| literal(name, value.as_bytes())).collect();
        [header_frames(id, 0, &block), message(id, 0, &[]), end(id, &[("grpc-status", "0")])].concat()
    })
}

/// A response without a body.
fn page(fields: &'static [(&str, &str)]) -> Script {
    answers(|id| only(id, fields))
}

fn statuses() -> Vec<Behaviour> {
    let status = |name, code, value| fails(name, code, ended_with(vec![("grpc-status", Vec::from(value))]));
    vec![
        status("an empty status", Code::Unknown, ""),
        status("the status +0", Code::Unknown, "+0"),
        status("the status -1", Code::Unknown, "-1"),
        status("the status 0x0", Code::Unknown, "0x0"),
        status("the status OK", Code::Unknown, "OK"),
        status("the status 17", Code::Unknown, "17"),
        status("a status beyond 32 bits", Code::Unknown, "4294967296"),
        status("a status that begins with 0", Code::NotFound, "05"),
        succeeds("a status of 10,000 zeros", ended_with(vec![("grpc-status", vec![b'0'; 10_000])])),
        fails(
            "a status of 10,000 digits",
            Code::Unknown,
            ended_with(vec![("grpc-status", vec![b'1'; 10_000])]),
        ),
        status("two statuses in one", Code::Unknown, "0, 0"),
        fails(
            "a status of other bytes than ASCII",
            Code::Unknown,
            ended_with(vec![("grpc-status", vec![0xd9, 0xa0])]),
        ),
        fails("two statuses", Code::Unknown, ended(&[("grpc-status", "0"), ("grpc-status", "0")])),
        fails("two different statuses", Code::Unknown, ended(&[("grpc-status", "0"), ("grpc-status", "5")])),
        fails("no status", Code::Unknown, ended(&[("x", "y")])),
        fails(
            "a status of success without a message",
            Code::Internal,
            page(&[(":status", "200"), ("content-type", "application/grpc"), ("grpc-status", "0")]),
        ),
    ]
}

/// Errors whose texts and details are large or wrong.
fn errors() -> Vec<Behaviour> {
    vec![
        fails(
            "a message of 200 kB",
            Code::NotFound,
            ended_with(vec![("grpc-status", b"5".to_vec()), ("grpc-message", vec![b'x'; 200_000])]),
        ),
        // h2 leaves out the trailers that are beyond the limit.
        fails(
            "a message beyond the limit of headers",
            Code::NotFound,
            ended_with(vec![("grpc-status", b"5".to_vec()), ("grpc-message", vec![b'x'; 300_000])]),
        ),
        fails(
            "a message of broken escapes",
            Code::NotFound,
            ended(&[("grpc-status", "5"), ("grpc-message", "%zz%f%%%ff%00%1b[31m")]),
        ),
        fails(
            "a message of other bytes than UTF-8",
            Code::NotFound,
            ended_with(vec![("grpc-status", b"5".to_vec()), ("grpc-message", vec![255; 100])]),
        ),
        fails(
            "details that are no base64",
            Code::NotFound,
            ended(&[("grpc-status", "5"), ("grpc-status-details-bin", "!!!")]),
        ),
        fails(
            "details that are no status",
            Code::NotFound,
            ended(&[("grpc-status", "5"), ("grpc-status-details-bin", "/////w==")]),
        ),
        fails(
            "details of another code",
            Code::NotFound,
            ended(&[("grpc-status", "5"), ("grpc-status-details-bin", "CAA=")]),
        ),
        fails(
            "details of 100 kB",
            Code::NotFound,
            ended_with(vec![
                ("grpc-status", b"5".to_vec()),
                ("grpc-status-details-bin", vec![b'A'; 100_000]),
            ]),
        ),
        // Fields 3 of a status: details, each empty.
        fails(
            "30,000 empty details",
            Code::NotFound,
            ended_with(vec![
                ("grpc-status", b"5".to_vec()),
                ("grpc-status-details-bin", b"GgAaABoA".repeat(10_000)),
            ]),
        ),
        fails(
            "a wait of years",
            Code::Unavailable,
            ended(&[("grpc-status", "14"), ("retry-after", "9999999999")]),
        ),
        fails(
            "a wait of years by pushback",
            Code::Unavailable,
            ended(&[("grpc-status", "14"), ("grpc-retry-pushback-ms", "99999999999999999999")]),
        ),
        fails(
            "a wait of years in the details",
            Code::Unavailable,
            ended_with(vec![
                ("grpc-status", b"14".to_vec()),
                // RetryInfo of 315576000000 s.
                (
                    "grpc-status-details-bin",
                    b"CA4aNAoodHlwZS5nb29nbGVhcGlzLmNvbS9nb29nbGUucnBjLlJldHJ5SW5mbxIICgYIgPCz0JYJ".to_vec(),
                ),
            ]),
        ),
    ]
}

fn headers() -> Vec<Behaviour> {
    const GRPC: (&str, &str) = ("content-type", "application/grpc");
    vec![
        fails("a page", Code::Unknown, headed(&[(":status", "200"), ("content-type", "text/html")]))
            .says("did not answer in gRPC"),
        fails("JSON", Code::Unknown, headed(&[(":status", "200"), ("content-type", "application/json")])),
        fails("no content type", Code::Unknown, headed(&[(":status", "200")])),
        fails("400", Code::Internal, page(&[(":status", "400")])),
        fails("401", Code::Unauthenticated, page(&[(":status", "401")])),
        fails("403", Code::PermissionDenied, page(&[(":status", "403")])),
        fails("404", Code::Unimplemented, page(&[(":status", "404")])),
        fails("429", Code::Unavailable, page(&[(":status", "429")])),
        fails("500", Code::Unknown, page(&[(":status", "500")])),
        fails(
            "502, with a page",
            Code::Unavailable,
            headed(&[(":status", "502"), ("content-type", "text/html")]),
        ),
        fails(
            "503, with a wait of years",
            Code::Unavailable,
            page(&[(":status", "503"), ("retry-after", "9999999999")]),
        ),
        fails("504, with gRPC's content type", Code::Unavailable, page(&[(":status", "504"), GRPC])),
        fails("a redirect", Code::Unknown, page(&[(":status", "307"), ("location", "/")])),
        fails("204", Code::Unknown, page(&[(":status", "204")])),
        fails(
            "an endless page",
            Code::Unknown,
            floods(|id| [header_frames(id, 0, &[0x88]), message(id, 0, &[0; 1024])]),
        ),
        fails("no status of HTTP", Code::Internal, headed(&[GRPC])),
        fails(
            "two statuses of HTTP",
            Code::Internal,
            headed(&[(":status", "200"), (":status", "200"), GRPC]),
        ),
        fails("a status of HTTP that is no number", Code::Internal, headed(&[(":status", "abc"), GRPC])),
        fails("a status of HTTP after a header", Code::Internal, headed(&[GRPC, (":status", "200")])),
        // h2 ignores it.
        succeeds("a pseudo-header of requests", headed(&[(":status", "200"), (":path", "/"), GRPC])),
        fails(
            "a pseudo-header that is none",
            Code::Internal,
            headed(&[(":status", "200"), (":x", "y"), GRPC]),
        ),
        succeeds("a pseudo-header in trailers", ended(&[(":status", "200"), ("grpc-status", "0")])),
        fails("a header in capitals", Code::Internal, headed(&[(":status", "200"), ("X", "y"), GRPC])),
        fails("a header without a name", Code::Internal, headed(&[(":status", "200"), ("", "y"), GRPC])),
        fails(
            "a header with a line end",
            Code::Internal,
            headed(&[(":status", "200"), ("x", "a\r\nb: c"), GRPC]),
        ),
        fails(
            "a header of HTTP/1.1",
            Code::Internal,
            headed(&[(":status", "200"), ("connection", "close"), GRPC]),
        ),
        succeeds("two content types", headed(&[(":status", "200"), GRPC, ("content-type", "text/html")])),
        succeeds(
            "10,000 headers",
            answers(|id| {
                let headers = [head(), literal("x", b"y").repeat(5_000)].concat();
                [header_frames(id, 0, &headers), message(id, 0, &[]), end(id, &[("grpc-status", "0")])]
                    .concat()
            }),
        ),
        fails(
            "300 kB of headers",
            Code::Internal,
            answers(|id| {
                let headers = [head(), literal("x", &[b'y'; 1000]).repeat(300)].concat();
                [header_frames(id, 0, &headers), message(id, 0, &[]), end(id, &[("grpc-status", "0")])]
                    .concat()
            }),
        ),
        fails(
            "headers twice",
            Code::Internal,
            answers(|id| [begin(id), begin(id), message(id, 0, &[])].concat()),
        ),
        fails(
            "trailers that do not end the stream",
            Code::Internal,
            answers(|id| {
                [begin(id), message(id, 0, &[]), header_frames(id, 0, &literal("grpc-status", b"0"))].concat()
            }),
        ),
    ]
}

#[test]
fn grpc_headers_and_statuses() {
    let behaviours = [statuses(), errors(), headers()];
    all(&behaviours.concat(), |address| Client::builder().grpc(format!("http://{address}")));
}
