//! Request bodies: as clients send them, and as the service gets them.

use std::pin::pin;

use bytes::{BufMut as _, Bytes, BytesMut};
use http::StatusCode;
use http_body::Body as _;

use super::failure::Failure;
use crate::error::code::Code;
use crate::transport::Body;

/// Reads a body of at most `limit` bytes.
pub(super) async fn read(body: Body, limit: usize) -> Result<Bytes, Failure> {
    let too_large = || {
        let message = format!("the body is over the limit of {limit} bytes");
        Failure::new(Code::ResourceExhausted, message).with_status(StatusCode::PAYLOAD_TOO_LARGE)
    };
    if body.size_hint().lower() > limit as u64 {
        return Err(too_large());
    }
    let mut body = pin!(body);
    let mut read = Bytes::new();
    let mut more = BytesMut::new();
    while let Some(frame) = std::future::poll_fn(|context| body.as_mut().poll_frame(context)).await {
        let Ok(frame) = frame else {
            return Err(Failure::new(Code::Cancelled, "the body broke off"));
        };
        let Ok(data) = frame.into_data() else { continue };
        if data.len() > limit - read.len() - more.len() {
            return Err(too_large());
        }
        // Most bodies are one frame, which need not be copied.
        if read.is_empty() && more.is_empty() {
            read = data;
        } else {
            more.extend_from_slice(&std::mem::take(&mut read));
            more.extend_from_slice(&data);
        }
    }
    Ok(if more.is_empty() { read } else { more.freeze() })
}

/// The messages in gRPC framing.
pub(super) fn framed(messages: &[Vec<u8>]) -> Result<Body, Failure> {
    let mut framed = BytesMut::with_capacity(messages.iter().map(|message| message.len() + 5).sum());
    for message in messages {
        let length = u32::try_from(message.len())
            .map_err(|_| Failure::new(Code::ResourceExhausted, "the request is too large"))?;
        framed.put_u8(0);
        framed.put_u32(length);
        framed.put_slice(message);
    }
    Ok(Body::full(framed))
}
