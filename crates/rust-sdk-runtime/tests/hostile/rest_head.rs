//! REST: connections, status lines and headers.

use std::io::Write as _;
use std::net::Shutdown;

use rust_sdk_runtime::{Client, Code};

use crate::run::{Behaviour, Calls, all, fails, succeeds};
use crate::socket::{drips, ends, floods, http1, resets, says, script, silence};

const OK: &str = "HTTP/1.1 200 OK\r\n";

/// An answer with these header lines and the empty message.
fn headed(headers: impl std::fmt::Display) -> String {
    format!("{OK}{headers}content-length: 2\r\n\r\n{{}}")
}

fn connections() -> Vec<Behaviour> {
    vec![
        fails("silence", Code::DeadlineExceeded, says("")),
        fails("closes at once", Code::Unavailable, script(|_| Ok(()))),
        fails("closes after the request", Code::Unavailable, ends("")),
        fails("resets the connection", Code::Unavailable, resets("")),
        fails(
            "resets within the body",
            Code::Unavailable,
            resets(format!("{OK}content-length: 9\r\n\r\n{{")),
        ),
        fails(
            "closes its side and reads on",
            Code::Unavailable,
            http1(|stream| {
                stream.shutdown(Shutdown::Write)?;
                silence(stream)
            }),
        ),
        fails(
            "never reads a large request",
            Code::DeadlineExceeded,
            script(|stream| {
                std::thread::sleep(std::time::Duration::from_secs(60));
                drop(stream);
                Ok(())
            }),
        )
        .calls(Calls::Write(16 << 20))
        // The request, and its JSON.
        .memory(96 << 20),
        succeeds(
            "answers before the request",
            script(|mut stream| {
                stream.write_all(headed("").as_bytes())?;
                silence(&stream)
            }),
        ),
        fails("answers with garbage", Code::Internal, ends([0xff; 4096])),
        fails("answers in HTTP/0.9", Code::Internal, ends("{}")),
        fails("answers in HTTP/2", Code::Internal, ends(*b"\0\0\0\x04\0\0\0\0\0")),
        fails("answers in TLS", Code::Internal, ends(*b"\x15\x03\x03\0\x02\x02\x28")),
        fails("answers in SMTP", Code::Internal, says("220 mail.example.io ESMTP\r\n")),
        fails("floods with garbage", Code::Internal, floods("", "x")),
        fails("floods with line ends", Code::Internal, floods("", "\r\n")),
        fails("half of a status line", Code::DeadlineExceeded, says("HTTP/1.1 2")),
        fails("half of a status line, then the end", Code::Unavailable, ends("HTTP/1.1 2")),
    ]
}

fn status_lines() -> Vec<Behaviour> {
    vec![
        fails("an unknown version", Code::Internal, says("HTTP/3.0 200 OK\r\ncontent-length: 2\r\n\r\n{}")),
        succeeds("an answer in HTTP/1.0", ends("HTTP/1.0 200 OK\r\n\r\n{}")),
        fails("the status 0", Code::Internal, says("HTTP/1.1 000 OK\r\ncontent-length: 2\r\n\r\n{}")),
        fails("the status 99", Code::Internal, says("HTTP/1.1 99 OK\r\ncontent-length: 2\r\n\r\n{}")),
        fails("the status 999", Code::Unknown, says("HTTP/1.1 999 OK\r\ncontent-length: 2\r\n\r\n{}")),
        fails("a status that is no number", Code::Internal, says("HTTP/1.1 -20 OK\r\n\r\n")),
        fails("an endless reason", Code::Internal, floods("HTTP/1.1 200 ", "O")),
        fails("endless 100 Continue", Code::Internal, floods("", "HTTP/1.1 100 Continue\r\n\r\n"))
            .says("too many interim responses"),
        succeeds(
            "some 100 Continue",
            says(format!("{}{}", "HTTP/1.1 100 Continue\r\n\r\n".repeat(50), headed(""))),
        ),
        fails("slow 100 Continue", Code::DeadlineExceeded, drips("", "HTTP/1.1 100 Continue\r\n\r\n")),
        fails(
            "endless 103 Early Hints",
            Code::Internal,
            floods("", "HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n"),
        ),
        fails(
            "another protocol",
            Code::Unknown,
            says("HTTP/1.1 101 Switching\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n"),
        ),
        fails(
            "204 with a body",
            Code::Internal,
            says("HTTP/1.1 204 No Content\r\ncontent-length: 2\r\n\r\n{}"),
        ),
        fails("304", Code::Unknown, says("HTTP/1.1 304 Not Modified\r\n\r\n")),
        fails(
            "a redirect to itself",
            Code::Unknown,
            says("HTTP/1.1 301 Moved\r\nlocation: /v1/things/a\r\ncontent-length: 0\r\n\r\n"),
        )
        .says("which is not followed"),
        fails(
            "a redirect to another host",
            Code::Unknown,
            says("HTTP/1.1 307 Moved\r\nlocation: http://127.0.0.1:9/\r\ncontent-length: 0\r\n\r\n"),
        )
        .says("a redirect to http://127.0.0.1:9, which is not followed"),
        fails(
            "a redirect to nowhere",
            Code::Unknown,
            says("HTTP/1.1 302 Found\r\ncontent-length: 0\r\n\r\n"),
        ),
        fails(
            "a redirect to a script",
            Code::Unknown,
            says("HTTP/1.1 308 Moved\r\nlocation: javascript:alert(1)\r\ncontent-length: 0\r\n\r\n"),
        ),
        fails(
            "a redirect with an endless body",
            Code::Unknown,
            floods("HTTP/1.1 302 Found\r\nlocation: /\r\n\r\n", "x"),
        ),
    ]
}

fn headers() -> Vec<Behaviour> {
    vec![
        fails("half of the headers", Code::DeadlineExceeded, says(format!("{OK}content-le"))),
        fails("half of the headers, then the end", Code::Unavailable, ends(format!("{OK}content-le"))),
        fails("a header at a time", Code::DeadlineExceeded, drips(OK, "x: y\r\n")),
        fails("a byte of a header at a time", Code::DeadlineExceeded, drips(format!("{OK}x: "), "y")),
        fails("endless headers", Code::Internal, floods(OK, "x: y\r\n")),
        fails("an endless header", Code::Internal, floods(format!("{OK}x: "), "y")),
        fails("an endless name of a header", Code::Internal, floods(OK, "y")),
        fails("a header without a colon", Code::Internal, says(headed("x\r\n"))),
        fails("a header with a zero byte", Code::Internal, says(headed("x: a\0b\r\n"))),
        fails("a space before the colon", Code::Internal, says(headed("x : a\r\n"))),
        fails("a folded header", Code::Internal, says(headed("x: a\r\n b\r\n"))),
        succeeds(
            "a header of other bytes than ASCII",
            says([OK.as_bytes(), b"x: \xff\xfe\r\ncontent-length: 2\r\n\r\n{}"].concat()),
        ),
        succeeds("50 headers of one name", says(headed("x-request-id: y\r\n".repeat(50)))),
        succeeds("a header of 100 kB", says(headed(format!("x-request-id: {}\r\n", "y".repeat(100_000))))),
        fails("two lengths", Code::Internal, says(headed("content-length: 1\r\n"))),
        fails("a negative length", Code::Internal, says(format!("{OK}content-length: -1\r\n\r\n{{}}"))),
        fails(
            "a length that is no number",
            Code::Internal,
            says(format!("{OK}content-length: 2, 3\r\n\r\n{{}}")),
        ),
        fails(
            "a length beyond 64 bits",
            Code::Internal,
            says(format!("{OK}content-length: 99999999999999999999\r\n\r\n{{}}")),
        ),
        // Up to the end of the connection (RFC 9112 §6.3), so it is no JSON.
        fails(
            "an unknown transfer encoding",
            Code::Internal,
            ends(format!("{OK}transfer-encoding: x\r\n\r\n2\r\n{{}}\r\n0\r\n\r\n")),
        ),
        succeeds(
            "a length and chunks",
            says(format!(
                "{OK}content-length: 1\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{{}}\r\n0\r\n\r\n"
            )),
        ),
        succeeds(
            "two content types",
            says(headed("content-type: application/json\r\ncontent-type: text/html\r\n")),
        ),
        fails("a page", Code::Internal, says(headed("content-type: text/html\r\n")))
            .says("did not answer in JSON"),
        fails(
            "a content type of other bytes than ASCII",
            Code::Internal,
            says([OK.as_bytes(), b"content-type: \xff\r\ncontent-length: 2\r\n\r\n{}"].concat()),
        ),
        fails("gRPC's status beside 200", Code::NotFound, says(headed("grpc-status: 5\r\n"))),
        fails("a status of gRPC that is no number", Code::Unknown, says(headed("grpc-status: zero\r\n"))),
        fails("two statuses of gRPC", Code::Unknown, says(headed("grpc-status: 0\r\ngrpc-status: 0\r\n"))),
    ]
}

#[test]
fn rest_connections_status_lines_and_headers() {
    let behaviours = [connections(), status_lines(), headers()];
    all(&behaviours.concat(), |address| Client::builder().rest(format!("http://{address}")));
}

/// A second response that the server sends unasked is not the response of the next call.
#[test]
fn a_response_that_nobody_asked_for_reaches_no_call() {
    let address = crate::socket::serve(http1(|mut stream| {
        let response = |id: &str| format!("{OK}content-length: {}\r\n\r\n{{\"id\":\"{id}\"}}", id.len() + 9);
        stream.write_all((response("asked") + &response("unasked")).as_bytes())
    }));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let client = Client::builder().rest(format!("http://{address}")).build().unwrap();
        for _ in 0..20 {
            match client.call(&crate::api::READ, crate::api::thing()).await {
                Ok(thing) => assert_eq!(thing.id, "asked"),
                Err(error) => assert_eq!(error.code(), Some(Code::Unavailable), "{error:#}"),
            }
        }
    });
}
