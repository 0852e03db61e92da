//! A server that writes HTTP/2 frames itself, to end connections as libraries do not.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use prost::Message as _;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::Instant;

use crate::http2::{
    ACK, DATA, END_HEADERS, END_STREAM, GOAWAY, HEADERS, PING, SETTINGS, frame, head, literal,
};
use crate::peer::{Journal, Thing};

/// A response with the empty message.
fn response(stream: u32) -> Vec<u8> {
    let mut frames = frame(HEADERS, END_HEADERS, stream, &head());
    frames.extend(frame(DATA, 0, stream, &[0; 5]));
    frames.extend(frame(HEADERS, END_HEADERS | END_STREAM, stream, &literal("grpc-status", b"0")));
    frames
}

/// Processes `limit` requests and says GOAWAY. Requests after them are read and not processed (RFC 9113 §6.8).
pub(crate) async fn recycled(
    mut stream: TcpStream,
    limit: usize,
    journal: Arc<Journal>,
) -> std::io::Result<()> {
    stream.read_exact(&mut [0; 24]).await?;
    stream.write_all(&frame(SETTINGS, 0, 0, &[])).await?;
    let mut last = None;
    let mut bodies: HashMap<u32, Vec<u8>> = HashMap::new();
    let mut processed = 0;
    loop {
        let mut head = [0; 9];
        stream.read_exact(&mut head).await?;
        let length = u32::from_be_bytes([0, head[0], head[1], head[2]]);
        let mut payload = vec![0; usize::try_from(length).unwrap()];
        stream.read_exact(&mut payload).await?;
        let id = u32::from_be_bytes(head[5..].try_into().unwrap());
        match head[3] {
            SETTINGS if head[4] & ACK == 0 => stream.write_all(&frame(SETTINGS, ACK, 0, &[])).await?,
            PING if head[4] & ACK == 0 => stream.write_all(&frame(PING, ACK, 0, &payload)).await?,
            HEADERS if bodies.len() < limit => {
                bodies.insert(id, Vec::new());
                if bodies.len() == limit {
                    last = Some(id);
                    let mut payload = id.to_be_bytes().to_vec();
                    payload.extend([0; 4]);
                    stream.write_all(&frame(GOAWAY, 0, 0, &payload)).await?;
                }
            }
            DATA if last.is_none_or(|last| id <= last) => {
                let body = bodies.entry(id).or_default();
                body.extend(payload);
                if head[4] & END_STREAM != 0 {
                    journal.handle(Thing::decode(&body[5..]).unwrap().id);
                    stream.write_all(&response(id)).await?;
                    processed += 1;
                }
            }
            _ => {}
        }
        if processed == limit {
            stream.shutdown().await?;
            // What is still sent would otherwise reset the connection before the client has read the end.
            return tokio::io::copy(&mut stream, &mut tokio::io::sink()).await.map(drop);
        }
    }
}

/// Answers requests after this time, and counts the pings that come before.
pub(crate) async fn slow(
    stream: impl AsyncRead + AsyncWrite + Unpin,
    pause: Duration,
    pings: &AtomicUsize,
) -> std::io::Result<()> {
    let (mut reader, mut writer) = tokio::io::split(stream);
    reader.read_exact(&mut [0; 24]).await?;
    writer.write_all(&frame(SETTINGS, 0, 0, &[])).await?;
    let (mut head, mut at, mut answer) = ([0; 9], 0, None);
    loop {
        tokio::select! {
            read = reader.read(&mut head[at..]) => at += read?,
            () = tokio::time::sleep_until(answer.unwrap_or_else(Instant::now)), if answer.is_some() => {
                answer = None;
                writer.write_all(&response(1)).await?;
            }
        }
        if at < head.len() {
            continue;
        }
        at = 0;
        let mut payload = vec![0; usize::from(head[1]) << 8 | usize::from(head[2])];
        reader.read_exact(&mut payload).await?;
        match head[3] {
            PING if head[4] & ACK == 0 => {
                pings.fetch_add(1, Ordering::SeqCst);
                writer.write_all(&frame(PING, ACK, 0, &payload)).await?;
            }
            HEADERS => answer = Some(Instant::now() + pause),
            _ => {}
        }
    }
}
