//! gRPC: connections, and frames that break the rules of HTTP/2 or have no end.

use rust_sdk_runtime::{Client, Code};

use crate::frames::{
    CONTINUATION, PADDED, PRIORITY, PUSH_PROMISE, RST_STREAM, WINDOW_UPDATE, answers, answers_with, begin,
    block, drips, ends, floods, go_away, header_frames, reset, response, settings, starts, starts_flooding,
};
use crate::http2::{
    ACK, DATA, END_HEADERS, END_STREAM, GOAWAY, HEADERS, PING, SETTINGS, frame, head, literal,
};
use crate::run::{Behaviour, Calls, all, fails, succeeds};
use crate::socket::{self, script, silence};

/// Settings (RFC 9113 §6.5.2).
const TABLE: u16 = 1;
const PUSH: u16 = 2;
const STREAMS: u16 = 3;
const WINDOW: u16 = 4;
const FRAME: u16 = 5;
const LIST: u16 = 6;

fn starts_of_connections() -> Vec<Behaviour> {
    vec![
        fails("silence at the start", Code::Unavailable, script(|stream| silence(&stream)))
            .says("did not begin HTTP/2 within")
            .does_not_connect(),
        fails("closes at once", Code::Unavailable, script(|_| Ok(()))),
        fails("resets at once", Code::Unavailable, socket::resets("")),
        fails("answers in HTTP/1.1", Code::Unavailable, socket::resets("HTTP/1.1 400 Bad Request\r\n\r\n"))
            .says("is this a port for gRPC?"),
        fails("answers in TLS", Code::Unavailable, starts(*b"\x15\x03\x03\0\x02\x02\x28")),
        fails("answers with garbage", Code::Unavailable, starts([0xff; 4096])),
        fails("floods with garbage", Code::Unavailable, starts_flooding("", [0xff; 64])),
        fails("half of its settings", Code::Unavailable, starts(&settings(&[(STREAMS, 100)])[..12]))
            .does_not_connect(),
        fails("settings of 5 bytes", Code::Unavailable, starts(frame(SETTINGS, 0, 0, &[0; 5]))),
        fails("settings of a stream", Code::Unavailable, starts(frame(SETTINGS, 0, 1, &[]))),
        fails("a ping in place of settings", Code::Unavailable, starts(frame(PING, 0, 0, &[0; 8])))
            .does_not_connect(),
        fails("a frame of 16 MB", Code::Unavailable, starts(*b"\xff\xff\xff\x04\0\0\0\0\0")),
        fails("an end at the start", Code::Unavailable, starts([settings(&[]), go_away(0, 0)].concat())),
        fails(
            "an end at the start, for a reason",
            Code::Unavailable,
            starts([settings(&[]), go_away(0, 11)].concat()),
        ),
        fails("too small a frame size", Code::Unavailable, starts(settings(&[(FRAME, 1)]))),
        fails("too large a window", Code::Unavailable, starts(settings(&[(WINDOW, u32::MAX)]))),
        fails("a push that is neither on nor off", Code::Unavailable, starts(settings(&[(PUSH, 2)]))),
        fails(
            "no streams at all",
            Code::DeadlineExceeded,
            answers_with(&[(STREAMS, 0)], |id| response(id, &[])),
        ),
        fails(
            "no window at all",
            Code::DeadlineExceeded,
            answers_with(&[(WINDOW, 0)], |id| response(id, &[])),
        ),
        succeeds("a header table of 4 GB", answers_with(&[(TABLE, u32::MAX)], |id| response(id, &[]))),
        succeeds("a header list of no bytes", answers_with(&[(LIST, 0)], |id| response(id, &[]))),
        succeeds("settings of unknown names", answers_with(&[(99, 1); 100], |id| response(id, &[]))),
        fails(
            "endless settings at the start",
            Code::DeadlineExceeded,
            starts_flooding(settings(&[]), frame(SETTINGS, 0, 0, &[])),
        ),
    ]
}

/// Each repeats a frame for ever, which leaves the call without a response.
fn endless() -> Vec<Behaviour> {
    let flood = |piece: Vec<u8>| floods(move |_| [Vec::new(), piece.clone()]);
    let late = Code::DeadlineExceeded;
    vec![
        fails("silence", late, answers(|_| Vec::new())),
        fails("headers, then silence", late, answers(begin)),
        fails("endless pings", late, flood(frame(PING, 0, 0, &[0; 8]))),
        fails("endless answers to pings", late, flood(frame(PING, ACK, 0, &[0; 8]))),
        fails("slow pings", late, drips(|_| [Vec::new(), frame(PING, 0, 0, &[0; 8])])),
        fails("endless settings", late, flood(frame(SETTINGS, 0, 0, &[]))),
        fails("endless answers to settings", Code::Internal, flood(frame(SETTINGS, ACK, 0, &[]))),
        fails("endless windows", late, flood(frame(WINDOW_UPDATE, 0, 0, &[0, 0, 0, 1]))),
        fails("endless unknown frames", late, flood(frame(99, 0, 0, &[0; 16]))),
        fails("endless large unknown frames", late, flood(frame(99, 0, 0, &[0; 16384]))),
        fails("endless priorities", late, flood(frame(PRIORITY, 0, 1, &[0; 5]))),
        fails("endless resets of other streams", Code::Internal, flood(reset(99, 8))),
        fails("endless ends of the connection", late, flood(go_away(u32::MAX >> 1, 0))),
        fails(
            "endless interim responses",
            late,
            floods(|id| [Vec::new(), header_frames(id, 0, &block(&[(":status", "103"), ("x", "y")]))]),
        ),
        fails(
            "slow interim responses",
            late,
            drips(|id| [Vec::new(), header_frames(id, 0, &block(&[(":status", "100")]))]),
        ),
        fails(
            "endless headers",
            Code::Unavailable,
            floods(|id| [frame(HEADERS, 0, id, &head()), frame(CONTINUATION, 0, id, &[0; 0])]),
        ),
        fails(
            "endless large headers",
            Code::Unavailable,
            floods(|id| {
                [frame(HEADERS, 0, id, &head()), frame(CONTINUATION, 0, id, &block(&[("x", "y"); 1000]))]
            }),
        ),
        fails(
            "slow headers",
            late,
            drips(|id| [frame(HEADERS, 0, id, &head()), frame(CONTINUATION, 0, id, &block(&[("x", "y")]))]),
        ),
        fails("endless empty data", Code::Unavailable, floods(|id| [begin(id), frame(DATA, 0, id, &[])])),
        fails(
            "endless padding",
            Code::Unavailable,
            floods(|id| [begin(id), frame(DATA, PADDED, id, &[255; 256])]),
        ),
        fails(
            "slow data",
            late,
            drips(|id| {
                [[begin(id), frame(DATA, 0, id, &[0, 0, 0, 255, 255])].concat(), frame(DATA, 0, id, &[0])]
            }),
        ),
        fails(
            "endless trailers",
            Code::Unavailable,
            floods(|id| {
                [
                    [begin(id), frame(HEADERS, END_STREAM, id, &[])].concat(),
                    frame(CONTINUATION, 0, id, &block(&[("x", "y"); 1000])),
                ]
            }),
        ),
        fails(
            "never reads a large request",
            late,
            script(|stream| {
                std::thread::sleep(std::time::Duration::from_secs(60));
                drop(stream);
                Ok(())
            }),
        )
        .calls(Calls::Write(16 << 20))
        .memory(64 << 20),
    ]
}

/// Each frame breaks a rule, so the client ends the stream or the connection.
fn broken() -> Vec<Behaviour> {
    let internal = |name, frames: fn(u32) -> Vec<u8>| fails(name, Code::Internal, answers(frames));
    vec![
        internal("a window of 0", |_| frame(WINDOW_UPDATE, 0, 0, &[0; 4])),
        internal("a window of a stream of 0", |id| frame(WINDOW_UPDATE, 0, id, &[0; 4])),
        internal("a window that is too large", |_| {
            frame(WINDOW_UPDATE, 0, 0, &[127, 255, 255, 255]).repeat(2)
        }),
        internal("a ping of 7 bytes", |_| frame(PING, 0, 0, &[0; 7])),
        internal("a ping of a stream", |id| frame(PING, 0, id, &[0; 8])),
        internal("a reset of 3 bytes", |id| frame(RST_STREAM, 0, id, &[0; 3])),
        internal("a reset of the connection's stream", |_| reset(0, 0)),
        internal("an end of 4 bytes", |_| frame(GOAWAY, 0, 0, &[0; 4])),
        internal("a frame that is too large", |id| frame(DATA, 0, id, &vec![0; 1 << 20])),
        internal("padding longer than its frame", |id| {
            [begin(id), frame(DATA, PADDED, id, &[9, 0])].concat()
        }),
        internal("data before headers", |id| frame(DATA, 0, id, &[0; 5])),
        internal("data of the connection's stream", |_| frame(DATA, 0, 0, &[0])),
        internal("data of a stream that is not open", |_| frame(DATA, 0, 999, &[0])),
        internal("headers of the connection's stream", |_| frame(HEADERS, END_HEADERS, 0, &head())),
        internal("headers of a stream of the server's", |_| frame(HEADERS, END_HEADERS, 2, &head())),
        internal("more headers of nothing", |id| frame(CONTINUATION, END_HEADERS, id, &head())),
        internal("a ping within headers", |id| {
            [frame(HEADERS, 0, id, &head()), frame(PING, 0, 0, &[0; 8])].concat()
        }),
        internal("a push", |id| frame(PUSH_PROMISE, END_HEADERS, id, &[&[0, 0, 0, 2][..], &head()].concat())),
        internal("an index of no header", |id| frame(HEADERS, END_HEADERS, id, &[0xff, 0xff, 0xff, 0x7f])),
        internal("an endless number in headers", |id| frame(HEADERS, END_HEADERS, id, &[0xff; 1000])),
        internal("a header table beyond the limit", |id| {
            frame(HEADERS, END_HEADERS, id, &[0x3f, 0xff, 0xff, 0xff, 0x7f])
        }),
        internal("a code of Huffman's that is none", |id| {
            frame(HEADERS, END_HEADERS, id, &[0, 0x84, 0xff, 0xff, 0xff, 0xff, 0])
        }),
        internal("headers that are cut off", |id| frame(HEADERS, END_HEADERS, id, &[0, 9, b'x'])),
        // One large header in the table, and an index of it for each byte after it.
        internal("a bomb of headers", |id| {
            let large = [&[0x40, 1, b'x'][..], &[127, 0x81, 0x1e], &[b'y'; 4000]].concat();
            header_frames(id, END_STREAM, &[head(), large, vec![0xbe; 12_000]].concat())
        }),
        fails(
            "headers of 10 MB",
            Code::Unavailable,
            answers({
                let headers = [head(), literal("x", &[b'y'; 1000]).repeat(10_000)].concat();
                move |id| header_frames(id, 0, &headers)
            }),
        ),
    ]
}

/// How a server ends a stream or a connection, by each code of RFC 9113 §7 and one that is none.
fn reasons() -> Vec<Behaviour> {
    const NAMES: [[&str; 2]; 15] = [
        ["a reset without an error", "an end without an error"],
        ["a reset: PROTOCOL_ERROR", "an end: PROTOCOL_ERROR"],
        ["a reset: INTERNAL_ERROR", "an end: INTERNAL_ERROR"],
        ["a reset: FLOW_CONTROL_ERROR", "an end: FLOW_CONTROL_ERROR"],
        ["a reset: SETTINGS_TIMEOUT", "an end: SETTINGS_TIMEOUT"],
        ["a reset: STREAM_CLOSED", "an end: STREAM_CLOSED"],
        ["a reset: FRAME_SIZE_ERROR", "an end: FRAME_SIZE_ERROR"],
        ["a reset: REFUSED_STREAM", "an end: REFUSED_STREAM"],
        ["a reset: CANCEL", "an end: CANCEL"],
        ["a reset: COMPRESSION_ERROR", "an end: COMPRESSION_ERROR"],
        ["a reset: CONNECT_ERROR", "an end: CONNECT_ERROR"],
        ["a reset: ENHANCE_YOUR_CALM", "an end: ENHANCE_YOUR_CALM"],
        ["a reset: INADEQUATE_SECURITY", "an end: INADEQUATE_SECURITY"],
        ["a reset: HTTP_1_1_REQUIRED", "an end: HTTP_1_1_REQUIRED"],
        ["a reset of an unknown code", "an end of an unknown code"],
    ];
    let resets = (0..).zip(NAMES).map(|(code, [name, _])| {
        // gRPC over HTTP/2, "Errors".
        let ends = match code {
            5 | 13 => Code::Unknown,
            7 => Code::Unavailable,
            8 => Code::Cancelled,
            11 => Code::ResourceExhausted,
            12 => Code::PermissionDenied,
            _ => Code::Internal,
        };
        fails(name, ends, answers(move |id| reset(id, code)))
    });
    // It processed none of the requests.
    let go_aways = (0..)
        .zip(NAMES)
        .map(|(code, [_, name])| fails(name, Code::Unavailable, ends(move |_| go_away(0, code))));
    resets.chain(go_aways).collect()
}

fn ends_of_connections() -> Vec<Behaviour> {
    vec![
        fails("closes after the request", Code::Unavailable, ends(|_| Vec::new())),
        fails("closes after the headers", Code::Unavailable, ends(begin)),
        fails("closes within a frame", Code::Unavailable, ends(|id| begin(id)[..12].to_vec())),
        fails("an end that includes the request, then the end", Code::Unavailable, ends(|id| go_away(id, 0))),
        fails(
            "an end that includes the request, then silence",
            Code::DeadlineExceeded,
            answers(|id| go_away(id, 0)),
        ),
        fails("an end with a long reason", Code::Unavailable, ends(|_| frame(GOAWAY, 0, 0, &[0; 16000]))),
        fails(
            "a last stream that grows",
            Code::Unavailable,
            ends(|id| [go_away(0, 0), go_away(id + 99, 0)].concat()),
        ),
        fails("a reset after the headers", Code::Internal, answers(|id| [begin(id), reset(id, 2)].concat())),
    ]
}

#[test]
fn grpc_connections() {
    let behaviours = [starts_of_connections(), endless(), broken(), reasons(), ends_of_connections()];
    all(&behaviours.concat(), |address| Client::builder().grpc(format!("http://{address}")));
}
