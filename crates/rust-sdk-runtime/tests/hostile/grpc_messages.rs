//! gRPC: messages, their frames and encodings.

use prost::Message as _;
use rust_sdk_runtime::{Client, Code};

use crate::api::thing;
use crate::frames::{
    answers, answers_data, begin, data, drips, end, ends, floods, header_frames, message, only, prefixed,
};
use crate::http2::{DATA, END_STREAM, frame, head, literal};
use crate::run::{Behaviour, Calls, all, fails, succeeds};
use crate::socket::Script;

const OK: &[(&str, &str)] = &[("grpc-status", "0")];

/// A response with these bytes in place of a framed message.
fn framed(bytes: impl AsRef<[u8]>) -> Script {
    answers_data(bytes.as_ref())
}

/// A response with this message.
fn encoded(bytes: impl AsRef<[u8]>) -> Script {
    answers_data(prefixed(0, bytes.as_ref()))
}

fn framing() -> Vec<Behaviour> {
    vec![
        fails("a compressed message, unannounced", Code::Internal, framed([1, 0, 0, 0, 1, 0]))
            .says("compression flag 1"),
        fails("the flag 2", Code::Internal, framed([2, 0, 0, 0, 0])),
        fails("the flag 255", Code::Internal, framed([255, 0, 0, 0, 0])),
        fails("a message of 4 GB, not sent", Code::ResourceExhausted, framed([0, 255, 255, 255, 255])),
        fails(
            "a message of 4 GB, in part",
            Code::ResourceExhausted,
            floods(|id| [[begin(id), data(id, &[0, 255, 255, 255, 255])].concat(), data(id, &[0; 16384])]),
        ),
        fails("a message of 5 MB", Code::ResourceExhausted, encoded(vec![0; 5 << 20])),
        fails(
            "a message of 4 MB, not sent",
            Code::DeadlineExceeded,
            answers(|id| [begin(id), data(id, &[0, 0, 64, 0, 0])].concat()),
        )
        .memory(2 << 20),
        fails("a message that is cut off", Code::Internal, framed([0, 0, 0, 0, 9, 0]))
            .says("ended within a message"),
        fails(
            "a message that is cut off, then the end",
            Code::Unavailable,
            ends(|id| [begin(id), data(id, &[0, 0, 0, 0, 9, 0])].concat()),
        ),
        fails("half of a message's prefix", Code::Internal, framed([0, 0])),
        fails(
            "half of a message's prefix, then silence",
            Code::DeadlineExceeded,
            answers(|id| [begin(id), data(id, &[0, 0])].concat()),
        ),
        fails("no message", Code::Internal, answers(|id| [begin(id), end(id, OK)].concat())),
        fails("two messages", Code::Internal, framed([0; 10])),
        fails("endless messages", Code::Internal, floods(|id| [begin(id), message(id, 0, &[])])),
        fails(
            "a message, then silence",
            Code::DeadlineExceeded,
            answers(|id| [begin(id), message(id, 0, &[])].concat()),
        ),
        succeeds(
            "a message in frames of one byte",
            answers(|id| {
                let bytes = [&[0, 0, 0, 0, 3][..], &thing().encode_to_vec()].concat();
                let frames: Vec<u8> = bytes.iter().flat_map(|byte| frame(DATA, 0, id, &[*byte])).collect();
                [begin(id), frames, end(id, OK)].concat()
            }),
        ),
    ]
}

/// Responses that end wrongly, or whose headers are wrong about the rest.
fn lengths() -> Vec<Behaviour> {
    vec![
        fails(
            "an end without trailers",
            Code::Unknown,
            answers(|id| [begin(id), frame(DATA, END_STREAM, id, &[0; 5])].concat()),
        ),
        fails(
            "a length that is too small",
            Code::Internal,
            answers(|id| {
                let head = [head(), literal("content-length", b"1")].concat();
                [header_frames(id, 0, &head), message(id, 0, &[]), end(id, OK)].concat()
            }),
        ),
        fails(
            "a length that is too large",
            Code::Internal,
            answers(|id| {
                let head = [head(), literal("content-length", b"9")].concat();
                [header_frames(id, 0, &head), message(id, 0, &[]), end(id, OK)].concat()
            }),
        ),
        fails(
            "a length that is no number",
            Code::Internal,
            answers(|id| header_frames(id, 0, &[head(), literal("content-length", b"-1")].concat())),
        ),
        fails(
            "data after the end",
            Code::Internal,
            answers(|id| [begin(id), end(id, &[("grpc-status", "13")]), data(id, &[0; 5])].concat()),
        ),
        fails(
            "a message after the status",
            Code::Unknown,
            answers(|id| {
                [
                    header_frames(id, 0, &[head(), literal("grpc-status", b"0")].concat()),
                    message(id, 0, &[]),
                    end(id, &[("x", "y")]),
                ]
                .concat()
            }),
        ),
        fails(
            "an error in the headers, and a message after it",
            Code::NotFound,
            answers(|id| {
                [
                    header_frames(id, 0, &[head(), literal("grpc-status", b"5")].concat()),
                    message(id, 0, &[]),
                    end(id, OK),
                ]
                .concat()
            }),
        ),
    ]
}

fn encodings() -> Vec<Behaviour> {
    let packed = |encoding: &'static str, flag: u8, bytes: Vec<u8>| {
        answers(move |id| {
            let head = [head(), literal("grpc-encoding", encoding.as_bytes())].concat();
            [header_frames(id, 0, &head), message(id, flag, &bytes), end(id, OK)].concat()
        })
    };
    let gzip = |bytes: &[u8]| {
        use std::io::Write as _;
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    };
    let whole = gzip(&thing().encode_to_vec());
    vec![
        fails("an encoding that was not offered", Code::Internal, packed("br", 1, vec![0; 9])),
        succeeds("an unknown encoding that is not used", packed("x", 0, Vec::new())),
        fails(
            "an encoding of 10 kB",
            Code::Internal,
            packed(Box::leak("x".repeat(10_000).into_boxed_str()), 1, vec![0; 9]),
        ),
        succeeds("gzip", packed("gzip", 1, whole.clone())),
        fails("a bomb", Code::ResourceExhausted, packed("gzip", 1, gzip(&vec![0; 32 << 20]))),
        fails("gzip that is none", Code::Internal, packed("gzip", 1, vec![0; 9])),
        fails("gzip that is cut off", Code::Internal, packed("gzip", 1, whole[..whole.len() - 9].to_vec())),
        fails("gzip of nothing", Code::Internal, packed("gzip", 1, Vec::new())),
    ]
}

fn messages() -> Vec<Behaviour> {
    let wrong = |name, bytes: Vec<u8>| fails(name, Code::Internal, encoded(bytes));
    // A length of four bytes, as a varint.
    let length = |bytes: usize| {
        let seven = |shift: usize| u8::try_from(bytes >> shift & 127).unwrap();
        [seven(0) | 128, seven(7) | 128, seven(14) | 128, seven(21)]
    };
    let deep = (0..100_000_usize).fold(Vec::new(), |mut outer, level| {
        // From the outside in: each part holds all that follow, of six bytes each.
        outer.push(5 << 3 | 2);
        outer.extend(length((99_999 - level) * 5));
        outer
    });
    vec![
        wrong("the field number 0", vec![0, 0]),
        wrong("a wire type that is none", vec![0x0f]),
        wrong("a field of another wire type", vec![0x08, 1]),
        wrong("a varint of 11 bytes", [&[0x10][..], &[255; 10], &[1]].concat()),
        wrong("a varint that is cut off", vec![0x10, 128]),
        wrong("a length beyond the message", vec![0x0a, 9]),
        wrong("a length beyond 64 bits", [&[0x0a][..], &[255; 9], &[127]].concat()),
        wrong("invalid UTF-8", vec![0x0a, 1, 255]),
        wrong("groups in each other", vec![0x7b; 1_000_000]),
        wrong("the end of a group that did not begin", vec![0x7c]),
        wrong("messages in each other", deep),
        succeeds(
            "an unknown field of 3 MB",
            encoded([&[0x7a][..], &length(3 << 20), &vec![0; 3 << 20]].concat()),
        ),
        succeeds("a million unknown fields", encoded([0x78, 0].repeat(1_000_000))),
        fails("two million empty messages", Code::ResourceExhausted, encoded([0x2a, 0].repeat(2_000_000)))
            .says("bytes of memory")
            // The default limit of 64 MiB, while a list grows.
            .memory(136 << 20),
        succeeds("one field a million times", encoded([0x10, 1].repeat(1_000_000))),
    ]
}

fn streams() -> Vec<Behaviour> {
    [
        fails(
            "endless messages of a stream",
            Code::DeadlineExceeded,
            floods(|id| [begin(id), message(id, 0, &[])]),
        ),
        fails(
            "a message of a stream at a time",
            Code::DeadlineExceeded,
            drips(|id| [begin(id), message(id, 0, &[])]),
        ),
        fails(
            "a stream, then silence",
            Code::DeadlineExceeded,
            answers(|id| [begin(id), message(id, 0, &[])].concat()),
        ),
        fails(
            "a stream that is cut off",
            Code::Unavailable,
            ends(|id| [begin(id), message(id, 0, &[])].concat()),
        ),
        fails(
            "a stream without a status",
            Code::Unknown,
            answers(|id| [begin(id), message(id, 0, &[]), end(id, &[("x", "y")])].concat()),
        ),
        fails(
            "an error after messages",
            Code::DataLoss,
            answers(|id| [begin(id), message(id, 0, &[]), end(id, &[("grpc-status", "15")])].concat()),
        ),
        fails(
            "an endless message of a stream",
            Code::ResourceExhausted,
            floods(|id| [[begin(id), data(id, &[0, 0, 64, 0, 1])].concat(), data(id, &[0; 1024])]),
        ),
        succeeds(
            "a stream of nothing",
            answers(|id| {
                only(id, &[(":status", "200"), ("content-type", "application/grpc"), ("grpc-status", "0")])
            }),
        ),
    ]
    .into_iter()
    .map(|behaviour| behaviour.calls(Calls::Watch))
    .collect()
}

#[test]
fn grpc_messages() {
    let behaviours = [framing(), lengths(), encodings(), messages(), streams()];
    all(&behaviours.concat(), |address| Client::builder().grpc(format!("http://{address}")));
}
