//! Long-running operations (AIP-151): started, followed to their end, cancelled.
//!
//! A method that starts one returns at once. The server then works on, and the client asks it for the state again and again.

mod engine;
mod policy;
mod wire;

use std::fmt;
use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use http::HeaderValue;
use prost_types::Any;
use tokio_stream::Stream;

use self::engine::{About, Engine, Finished};
pub use self::policy::PollPolicy;
use self::wire::State;
use crate::api::method::{LongRunning, OperationStep, Rpc};
use crate::client::Client;
use crate::client::call::{BoxFuture, Call};
use crate::client::settings::Settings;
use crate::error::{Error, ErrorKind};

impl<I: prost::Message, O> Call<I, O> {
    /// Follows the operation that the call starts, with its response `R` and its metadata `M`.
    pub fn poller<R, M>(self) -> Poller<R, M> {
        Poller::new(Engine::start(self.into_start()))
    }
}

impl Client {
    /// Follows an operation that a call of this method started, by its name.
    pub fn operation<I, O, R, M>(
        &self,
        rpc: &Rpc<I, O, LongRunning<R, M>>,
        name: impl AsRef<str>,
    ) -> Poller<R, M> {
        let settings = Settings::new(self, rpc, self.inner().timeout());
        Poller::new(Engine::resume(settings, name.as_ref()))
    }
}

/// A long-running operation (AIP-151) with a response `R` and metadata `M`.
///
/// [`until_done`](Self::until_done) starts the operation and waits for its response. To see the progress, await
/// [`state`](Self::state) in a loop, or use the poller as a [`Stream`] of states.
///
/// The client polls: it asks for the state by the API's own method for that, with growing pauses ([`PollPolicy`]). Every poll has the
/// settings of the call that started the operation: headers, timeout, retries. The wait goes on after transient errors of polls
/// (`UNAVAILABLE`, a broken connection, a timeout). Other errors end it. An error names the operation
/// ([`Error::operation`]), so that another poller can resume the wait.
///
/// Dropping the poller, or a future of it, ends the wait but not the operation: the server works on. To stop the operation, call
/// [`cancel`](Self::cancel).
#[must_use = "an operation is not started until it is awaited"]
pub struct Poller<R, M> {
    engine: Engine,
    types: PhantomData<fn() -> (R, M)>,
}

impl<R, M> Poller<R, M> {
    fn new(engine: Engine) -> Self {
        Self { engine, types: PhantomData }
    }

    /// Sets how often the client asks, and for how long.
    pub fn policy(mut self, policy: PollPolicy) -> Self {
        self.engine.policy = policy;
        self
    }

    /// Sets the same pause between all polls. Otherwise the pauses grow, as [`PollPolicy`] says.
    pub fn every(mut self, pause: Duration) -> Self {
        let limit = self.engine.policy.limit();
        let policy = PollPolicy::every(pause).without_limit();
        self.engine.policy = match limit {
            Some(limit) => policy.at_most(limit),
            None => policy,
        };
        self
    }

    /// Limits the whole wait; 30 minutes unless the client or the API states another limit. After that the wait fails with a timeout error, and the operation goes on.
    pub fn at_most(mut self, limit: Duration) -> Self {
        self.engine.policy = self.engine.policy.at_most(limit);
        self
    }

    /// Adds a header to the following polls. They have those of the call that started the operation, too. An invalid name or value makes the
    /// wait fail.
    pub fn header(mut self, name: impl AsRef<str>, value: impl TryInto<HeaderValue>) -> Self {
        self.engine.settings.header(name.as_ref(), value.try_into().ok());
        if let Some(error) = self.engine.settings.take_error() {
            self.engine.fail(error);
        }
        self
    }

    /// The operation's name; `None` before it is started. Another program can resume the wait by it.
    pub fn name(&self) -> Option<&str> {
        self.engine.name.as_deref()
    }

    /// Starts the operation, unless it is started, and returns its name.
    pub async fn start(&mut self) -> Result<&str, Error> {
        if self.engine.name.is_none() {
            std::future::poll_fn(|context| self.engine.poll_start(context)).await?;
        }
        Ok(self.engine.name.as_deref().unwrap_or_default())
    }

    /// The next state. The first one is that of the start, each following one that of another poll, after a pause. `None` after the state
    /// that is done; [`until_done`](Self::until_done) then returns the response at once.
    ///
    /// # Errors
    /// If the operation failed, was cancelled or cannot be followed. That ends the wait.
    pub async fn state(&mut self) -> Result<Option<OperationState<M>>, Error> {
        std::future::poll_fn(|context| self.poll_state(context)).await.transpose()
    }

    fn poll_state(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<OperationState<M>, Error>>> {
        let state = ready!(self.engine.poll_state(context));
        let about = || self.engine.about();
        Poll::Ready(
            state.map(|state| {
                state.map(|state| OperationState { state, about: about(), metadata: PhantomData })
            }),
        )
    }

    /// Asks the server to cancel the operation. It may take a while, and the operation may still succeed: a cancelled one ends with the error
    /// `CANCELLED`.
    ///
    /// # Errors
    /// If the operation is not started, if the API has no method that cancels operations, or if that method fails.
    pub fn cancel(&self) -> OperationFuture<()> {
        self.about(OperationStep::Cancel)
    }

    /// Tells the server to forget the operation, whose result nobody needs any more. It does not cancel the operation.
    ///
    /// # Errors
    /// If the operation is not started, if the API has no method that deletes operations, or if that method fails.
    pub fn delete(&self) -> OperationFuture<()> {
        self.about(OperationStep::Delete)
    }

    fn about(&self, step: OperationStep) -> OperationFuture<()> {
        let raw = Box::pin(Engine::finish(self.engine.about(), self.engine.call(step)));
        OperationFuture { raw, finish: |_| Ok(()) }
    }
}

impl<R: prost::Message + Default, M> Poller<R, M> {
    /// Starts the operation, unless it is started, and waits for its response.
    ///
    /// # Errors
    /// If the operation failed: with the code, message and details that the server states for it. If the wait took longer than its limit. If
    /// the response has another type than the API states. [`Error::operation`] is the operation's name.
    pub fn until_done(self) -> OperationFuture<R> {
        let finish = |done: Finished| read(&done.about, "response", &done.message);
        OperationFuture { raw: Box::pin(self.engine.until_done()), finish }
    }
}

fn read<T: prost::Message + Default>(about: &About, what: &str, message: &[u8]) -> Result<T, Error> {
    T::decode(message).map_err(|error| unreadable(about, what, error))
}

fn unreadable(about: &About, what: &str, error: prost::DecodeError) -> Error {
    let text = format!("the {what} of the operation is not a valid message");
    about.error(Error::new(ErrorKind::Decode, text).with_source(error))
}

impl<R, M> Stream for Poller<R, M> {
    type Item = Result<OperationState<M>, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.poll_state(context)
    }
}

impl<R, M> fmt::Debug for Poller<R, M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Poller")
            .field("method", &self.engine.method.full_name())
            .field("name", &self.name())
            .field("policy", &self.engine.policy)
            .finish_non_exhaustive()
    }
}

/// The state of a long-running operation at one moment, with metadata of type `M`.
pub struct OperationState<M> {
    state: Arc<State>,
    about: About,
    metadata: PhantomData<fn() -> M>,
}

impl<M> OperationState<M> {
    /// The operation's name.
    pub fn name(&self) -> &str {
        self.about.name.as_deref().unwrap_or_default()
    }

    /// Whether the operation is done.
    pub fn is_done(&self) -> bool {
        self.state.done
    }

    /// The metadata as the server sent it, of any type.
    pub fn any_metadata(&self) -> Option<Any> {
        self.state.metadata.as_ref().and_then(|any| prost::Message::decode(&**any).ok())
    }
}

impl<M: prost::Message + Default> OperationState<M> {
    /// What the server says about the operation, such as its progress; `None` if it says nothing.
    ///
    /// # Errors
    /// If the metadata has another type than the API states, or cannot be read. The operation can be followed all the same.
    pub fn metadata(&self) -> Result<Option<M>, Error> {
        let Some(any) = &self.state.metadata else { return Ok(None) };
        let wanted = self.about.method.operation().map_or("", |info| info.metadata_type());
        if wanted.is_empty() {
            return Ok(None);
        }
        let message = engine::unpack("metadata", any, wanted).map_err(|error| self.about.error(error))?;
        read(&self.about, "metadata", &message).map(Some)
    }
}

impl<M> fmt::Debug for OperationState<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OperationState")
            .field("name", &self.name())
            .field("done", &self.state.done)
            .finish_non_exhaustive()
    }
}

/// The future of a [`Poller`]. Dropping it ends the wait, but not the operation.
#[must_use = "it does nothing until it is awaited"]
pub struct OperationFuture<T> {
    raw: BoxFuture<Finished>,
    finish: fn(Finished) -> Result<T, Error>,
}

impl<T> Future for OperationFuture<T> {
    type Output = Result<T, Error>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let raw = ready!(self.raw.as_mut().poll(context));
        Poll::Ready(raw.and_then(self.finish))
    }
}

impl<T> fmt::Debug for OperationFuture<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OperationFuture").finish_non_exhaustive()
    }
}
