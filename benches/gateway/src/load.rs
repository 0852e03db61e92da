//! A load generator: connections that each send the next request when the response is read.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

use crate::Result;
use crate::messages::Message;

const CONNECTIONS: usize = 64;

/// The number of responses.
pub async fn run(address: &str, message: &Message, time: Duration) -> Result<u64> {
    let mut request = format!("{} {} HTTP/1.1\r\nhost: {address}\r\n", message.verb, message.target);
    if !message.body.is_empty() {
        request +=
            &format!("content-type: {}\r\ncontent-length: {}\r\n", message.content_type, message.body.len());
    }
    let request: Arc<[u8]> = [request.as_bytes(), b"\r\n", &message.body].concat().into();
    let end = Instant::now() + time;
    let mut connections = JoinSet::new();
    for _ in 0..CONNECTIONS {
        connections.spawn(connection(address.to_owned(), request.clone(), end));
    }
    let mut count = 0;
    while let Some(done) = connections.join_next().await {
        count += done??;
    }
    Ok(count)
}

async fn connection(address: String, request: Arc<[u8]>, end: Instant) -> Result<u64> {
    let mut stream = TcpStream::connect(&address).await?;
    stream.set_nodelay(true)?;
    let mut buffer = vec![0; 1 << 16];
    let mut count = 0;
    while Instant::now() < end {
        stream.write_all(&request).await?;
        let mut filled = 0;
        loop {
            match stream.read(&mut buffer[filled..]).await? {
                0 => return Err("the connection ended".into()),
                read => filled += read,
            }
            if is_complete(&buffer[..filled])? {
                break;
            }
        }
        count += 1;
    }
    Ok(count)
}

/// Whether a response is complete. Its end must be the last byte.
pub fn is_complete(response: &[u8]) -> Result<bool> {
    let Some(head) = response.windows(4).position(|bytes| bytes == b"\r\n\r\n") else { return Ok(false) };
    let text = std::str::from_utf8(&response[..head])?;
    if !text.starts_with("HTTP/1.1 200") {
        return Err(String::from_utf8_lossy(response).into());
    }
    let length = text
        .lines()
        .find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length:")?.trim().parse().ok());
    Ok(match length {
        Some::<usize>(length) => response.len() == head + 4 + length,
        None => response.ends_with(b"\r\n0\r\n\r\n"),
    })
}
