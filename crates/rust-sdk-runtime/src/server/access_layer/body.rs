//! Bodies as the layer passes them on.

use std::borrow::Cow;
use std::fmt;
use std::pin::Pin;
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll, ready};

use bytes::{Bytes, BytesMut};
use http::HeaderMap;
use http_body::{Body, Frame, SizeHint};

use super::ahead::{Ahead, PREFIX, length};
use super::field::FieldPath;
use super::table::Plan;
use super::unpack::{Unpackable, unpack};
use crate::error::BoxError;
use crate::error::code::Code;

/// A request's body behind the layer: first the part that was read ahead, then the rest, with sizes and accounts checked.
pub struct RequestBody<B> {
    ahead: Bytes,
    trailers: Option<HeaderMap>,
    ended: bool,
    body: B,
    watch: Watch,
}

/// The checks of the rest of a body.
pub(super) enum Watch {
    /// Nothing: the relevant part was read ahead.
    Nothing,
    /// The size of the whole body.
    Size { left: usize, limit: usize, stop: Stop },
    /// The size of each gRPC message, and its account if the method has a scope.
    Messages(Messages, Stop),
}

/// Records why a body was stopped, so that the response states the reason in place of the handler's answer.
pub(super) type Stop = Arc<OnceLock<Stopped>>;

impl<B> RequestBody<B> {
    pub(super) fn new(mut ahead: Ahead, body: B, watch: Watch) -> Self {
        Self { ahead: ahead.take(), trailers: ahead.trailers, ended: ahead.ended, body, watch }
    }
}

impl<B: Body<Data = Bytes> + Unpin> RequestBody<B>
where
    B::Error: Into<BoxError>,
{
    /// The next frame, unchecked.
    fn poll_next(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        if !self.ahead.is_empty() {
            return Poll::Ready(Some(Ok(Frame::data(std::mem::take(&mut self.ahead)))));
        }
        if let Some(trailers) = self.trailers.take() {
            return Poll::Ready(Some(Ok(Frame::trailers(trailers))));
        }
        if self.ended {
            return Poll::Ready(None);
        }
        Pin::new(&mut self.body).poll_frame(context).map(|frame| frame.map(|frame| frame.map_err(Into::into)))
    }
}

impl<B: Body<Data = Bytes> + Unpin> Body for RequestBody<B>
where
    B::Error: Into<BoxError>,
{
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let this = &mut *self;
        loop {
            let Some(frame) = ready!(this.poll_next(context)).transpose()? else {
                // A truncated message is passed on: the handler rejects it.
                return Poll::Ready(this.watch.rest().map(|rest| Ok(Frame::data(rest))));
            };
            let passed = match frame.into_data() {
                Ok(data) => this.watch.pass(data).map(|data| data.map(Frame::data)),
                Err(frame) => Ok(Some(frame)),
            };
            match passed {
                Ok(None) => {}
                Ok(Some(frame)) => return Poll::Ready(Some(Ok(frame))),
                Err(stopped) => {
                    this.watch.note(stopped);
                    return Poll::Ready(Some(Err(stopped.into())));
                }
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        let is_read = self.ahead.is_empty() && self.trailers.is_none() && !self.watch.holds();
        is_read && (self.ended || self.body.is_end_stream())
    }

    fn size_hint(&self) -> SizeHint {
        let rest = if self.ended { SizeHint::with_exact(0) } else { self.body.size_hint() };
        let ahead = self.ahead.len() as u64;
        let mut hint = SizeHint::new();
        hint.set_lower(rest.lower().saturating_add(ahead));
        if let Some(upper) = rest.upper().and_then(|upper| upper.checked_add(ahead)) {
            hint.set_upper(upper);
        }
        hint
    }
}

impl<B> fmt::Debug for RequestBody<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RequestBody").finish_non_exhaustive()
    }
}

impl Watch {
    /// The data to pass on; `None` while a message is incomplete.
    fn pass(&mut self, data: Bytes) -> Result<Option<Bytes>, Stopped> {
        match self {
            Self::Nothing => Ok(Some(data)),
            Self::Size { left, limit, .. } => match left.checked_sub(data.len()) {
                Some(rest) => {
                    *left = rest;
                    Ok(Some(data))
                }
                None => Err(Stopped::TooLarge(*limit)),
            },
            Self::Messages(messages, _) => messages.pass(data),
        }
    }

    /// Whether part of a message is held back.
    fn holds(&self) -> bool {
        let Self::Messages(Messages { account: Some(account), .. }, _) = self else { return false };
        !account.pending.is_empty()
    }

    /// The part of a message that is held back.
    fn rest(&mut self) -> Option<Bytes> {
        let Self::Messages(Messages { account: Some(account), .. }, _) = self else { return None };
        let rest = std::mem::take(&mut account.pending).freeze();
        (!rest.is_empty()).then_some(rest)
    }

    fn note(&self, stopped: Stopped) {
        match self {
            Self::Nothing => {}
            // The first reason stays.
            Self::Size { stop, .. } | Self::Messages(_, stop) => drop(stop.set(stopped)),
        }
    }
}

/// The gRPC messages of a stream.
pub(super) struct Messages {
    limit: usize,
    /// The prefix of the current message, and how many of its bytes were read.
    prefix: [u8; PREFIX],
    read: usize,
    /// How many bytes of the message are still to come.
    left: usize,
    account: Option<StreamAccount>,
}

/// The account that every message must name: the first message's.
struct StreamAccount {
    plans: Arc<[Plan]>,
    plan: usize,
    account: Option<Box<str>>,
    pending: BytesMut,
    /// Whether messages may be compressed with gzip.
    packed: bool,
    /// The largest message, once it is unpacked.
    limit: usize,
}

impl Messages {
    pub(super) fn new(limit: usize) -> Self {
        Self { limit, prefix: [0; PREFIX], read: 0, left: 0, account: None }
    }

    /// Requires that every message names the account of the first message, or none.
    /// With `packed`, messages may be compressed with gzip.
    pub(super) fn within(
        mut self,
        plans: Arc<[Plan]>,
        plan: usize,
        account: Option<&str>,
        packed: bool,
    ) -> Self {
        let (account, pending) = (account.map(Into::into), BytesMut::new());
        self.account = Some(StreamAccount { plans, plan, account, pending, packed, limit: self.limit });
        self
    }

    fn pass(&mut self, data: Bytes) -> Result<Option<Bytes>, Stopped> {
        let mut complete = 0;
        let mut at = 0;
        while at < data.len() {
            if self.read < PREFIX {
                self.prefix[self.read] = data[at];
                (self.read, at) = (self.read + 1, at + 1);
                if self.read < PREFIX {
                    continue;
                }
                self.left = length(self.prefix);
                if self.left > self.limit {
                    return Err(Stopped::TooLarge(self.limit));
                }
            }
            let taken = self.left.min(data.len() - at);
            (self.left, at) = (self.left - taken, at + taken);
            if self.left == 0 {
                (self.read, complete) = (0, at);
            }
        }
        match &mut self.account {
            None => Ok(Some(data)),
            Some(account) => account.pass(&data, complete),
        }
    }
}

impl StreamAccount {
    /// Passes on the complete messages, which end at `complete` in `data`.
    fn pass(&mut self, data: &[u8], complete: usize) -> Result<Option<Bytes>, Stopped> {
        self.pending.extend_from_slice(&data[..complete]);
        let whole = if complete == 0 { Bytes::new() } else { self.pending.split().freeze() };
        self.pending.extend_from_slice(&data[complete..]);
        let mut rest = &whole[..];
        while let Some((prefix, after)) = rest.split_first_chunk::<PREFIX>() {
            let Some((message, next)) = after.split_at_checked(length(*prefix)) else { break };
            self.check(&self.plain(prefix[0], message)?)?;
            rest = next;
        }
        Ok((!whole.is_empty()).then_some(whole))
    }

    /// The message, unpacked if its flag says that it is compressed.
    fn plain<'m>(&self, flag: u8, message: &'m [u8]) -> Result<Cow<'m, [u8]>, Stopped> {
        match flag {
            0 => Ok(message.into()),
            1 if self.packed => unpack(message, self.limit).map(Into::into).map_err(|error| match error {
                Unpackable::TooLarge => Stopped::TooLarge(self.limit),
                Unpackable::Invalid => Stopped::Unpackable,
            }),
            _ => Err(Stopped::Compressed),
        }
    }

    fn check(&self, message: &[u8]) -> Result<(), Stopped> {
        let scope = self.plans.get(self.plan).and_then(Plan::scope);
        let found = match scope.map(|scope: &FieldPath| scope.find(message)) {
            Some(Ok(found)) => found.map(|value| value.text()).transpose(),
            Some(Err(error)) => Err(error),
            None => Ok(None),
        };
        // A message that cannot be read may name another account.
        match found.map_err(|_| Stopped::OtherAccount)?.filter(|account| !account.is_empty()) {
            Some(account) if self.account.as_deref() != Some(account) => Err(Stopped::OtherAccount),
            _ => Ok(()),
        }
    }
}

/// Why the rest of a body is not passed on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Stopped {
    /// A message, or the body of an HTTP request, is larger than this many bytes.
    #[error("the request is over the limit of {0} bytes")]
    TooLarge(usize),
    /// A message of a stream is for another account than the first one.
    #[error("a message of the stream names another account than the first message")]
    OtherAccount,
    /// A message whose account must be known is compressed.
    #[error("the compression of the message is not accepted")]
    Compressed,
    /// A message is compressed, but cannot be unpacked.
    #[error("the compressed message is not exactly one gzip member")]
    Unpackable,
}

impl Stopped {
    /// The status code of a call that is stopped for this reason.
    pub(super) const fn code(self) -> Code {
        match self {
            Self::TooLarge(_) => Code::ResourceExhausted,
            Self::OtherAccount => Code::PermissionDenied,
            Self::Compressed => Code::Unimplemented,
            Self::Unpackable => Code::InvalidArgument,
        }
    }
}

/// A response's body: the handler's, or that of a refusal.
pub struct ResponseBody<B>(pub(super) Content<B>);

pub(super) enum Content<B> {
    Handler(B),
    Refusal(Bytes),
}

impl<B: Body<Data = Bytes> + Unpin> Body for ResponseBody<B> {
    type Data = Bytes;
    type Error = B::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, B::Error>>> {
        match &mut self.0 {
            Content::Handler(body) => Pin::new(body).poll_frame(context),
            Content::Refusal(body) => {
                let body = std::mem::take(body);
                Poll::Ready((!body.is_empty()).then(|| Ok(Frame::data(body))))
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        match &self.0 {
            Content::Handler(body) => body.is_end_stream(),
            Content::Refusal(body) => body.is_empty(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match &self.0 {
            Content::Handler(body) => body.size_hint(),
            Content::Refusal(body) => SizeHint::with_exact(body.len() as u64),
        }
    }
}

impl<B> fmt::Debug for ResponseBody<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResponseBody").finish_non_exhaustive()
    }
}
