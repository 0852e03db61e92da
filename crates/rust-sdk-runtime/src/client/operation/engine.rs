//! Follows an operation, without the types of its response and metadata. Compiled once.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use prost::Message as _;
use prost_types::Any;

use super::policy::PollPolicy;
use super::wire::{self, NameRequest, Outcome, State};
use crate::api::method::{Method, MethodSchemas, OperationInfo, OperationStep};
use crate::client::attempts::{RawCall, RawResponse};
use crate::client::call::{BoxFuture, single};
use crate::client::settings::Settings;
use crate::client::wait;
use crate::error::code::Code;
use crate::error::{Error, ErrorKind};
use crate::message::google_rpc::Status;
use crate::platform::{self, Sleep};
use crate::transport::{Deadline, Payload};

/// An operation that is followed.
pub(super) struct Engine {
    /// The method that starts the operation.
    pub(super) method: &'static Method,
    schemas: Option<MethodSchemas>,
    /// Of all calls about the operation.
    pub(super) settings: Settings,
    pub(super) policy: PollPolicy,
    pub(super) name: Option<Arc<str>>,
    now: Now,
    /// The number of pauses so far.
    pauses: u32,
    /// Ends the whole wait.
    limit: Option<Pin<Box<Sleep>>>,
    state: Arc<State>,
    /// Whether nobody has been told of `state` yet.
    is_news: bool,
    /// The transient error of the last poll.
    last_error: Option<Error>,
}

/// What is being waited for.
enum Now {
    /// To be polled for the first time; this is the call that starts the operation.
    Unstarted(BoxFuture<RawResponse>),
    /// To be polled for the first time; the operation was started before.
    Resumed,
    /// The response of the start or of a poll.
    Calling(BoxFuture<RawResponse>),
    /// The end of a pause.
    Pausing(Pin<Box<Sleep>>),
    /// The operation is done, or an error ended the wait.
    Ended,
}

/// The message of a finished operation or call, and what its errors name.
pub(super) struct Finished {
    pub(super) about: About,
    pub(super) message: Bytes,
}

/// What an error about an operation names.
#[derive(Clone)]
pub(super) struct About {
    pub(super) method: &'static Method,
    pub(super) name: Option<Arc<str>>,
}

impl About {
    pub(super) fn error(&self, error: Error) -> Error {
        let error = if error.method().is_some() { error } else { error.with_method(self.method.full_name()) };
        match &self.name {
            Some(name) => error.with_operation(&**name),
            None => error,
        }
    }
}

impl Engine {
    /// An operation that this call starts.
    pub(super) fn start((call, settings): (Result<RawCall, Error>, Settings)) -> Self {
        Self::new(settings, None, Now::Unstarted(single(call)))
    }

    /// An operation that was started before.
    pub(super) fn resume(settings: Settings, name: &str) -> Self {
        Self::new(settings, Some(name.into()), Now::Resumed)
    }

    /// Makes the next poll return this error, unless the wait has ended.
    pub(super) fn fail(&mut self, error: Error) {
        if !matches!(self.now, Now::Ended) {
            self.now = Now::Unstarted(single(Err(error)));
        }
    }

    fn new(settings: Settings, name: Option<Arc<str>>, now: Now) -> Self {
        let stated = || settings.method.operation()?.polling().map(PollPolicy::stated);
        Self {
            method: settings.method,
            schemas: settings.schemas,
            policy: settings.client.inner().poll_policy().or_else(stated).unwrap_or_default(),
            settings,
            name,
            now,
            pauses: 0,
            limit: None,
            state: Arc::default(),
            is_news: false,
            last_error: None,
        }
    }

    pub(super) fn about(&self) -> About {
        About { method: self.method, name: self.name.clone() }
    }

    fn info(&self) -> Result<&'static OperationInfo, Error> {
        self.method
            .operation()
            .ok_or_else(|| Error::new(ErrorKind::Config, "the method starts no long-running operation"))
    }

    /// A call about the operation.
    pub(super) fn call(&self, step: OperationStep) -> Result<RawCall, Error> {
        let Some(name) = &self.name else {
            return Err(Error::invalid_argument("the operation has not been started"));
        };
        if name.is_empty() {
            return Err(Error::invalid_argument("the name of the operation is empty"));
        }
        let method = self.info()?.methods().target(step).ok_or_else(|| {
            let what = if step == OperationStep::Delete { "deletes" } else { "cancels" };
            Error::new(ErrorKind::Config, format!("the API has no method that {what} operations"))
        })?;
        let request = Payload::encode(&NameRequest { field: method.field(), name: (**name).to_owned() })?;
        let schemas = wire::schemas(method, step, self.schemas);
        Ok(self.settings.follow_up((method.method(), schemas), request))
    }

    /// The response of a call about the operation.
    pub(super) async fn finish(about: About, call: Result<RawCall, Error>) -> Result<Finished, Error> {
        match single(call).await {
            Ok(response) => Ok(Finished { about, message: response.message }),
            Err(error) => Err(about.error(error)),
        }
    }

    /// The next state; `None` after the last one. Starts the operation if that has not happened.
    pub(super) fn poll_state(
        &mut self,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Arc<State>, Error>>> {
        loop {
            if std::mem::take(&mut self.is_news) {
                return Poll::Ready(Some(Ok(self.state.clone())));
            }
            match &mut self.now {
                Now::Ended => return Poll::Ready(None),
                Now::Unstarted(_) | Now::Resumed => {
                    if platform::is_ready() {
                        self.limit = Deadline::after(self.policy.limit()).sleep();
                    }
                    self.now = match std::mem::replace(&mut self.now, Now::Ended) {
                        Now::Unstarted(call) => Now::Calling(call),
                        _ => Now::Calling(single(self.call(OperationStep::Get))),
                    };
                }
                Now::Calling(call) => {
                    let Poll::Ready(result) = call.as_mut().poll(context) else {
                        return self.poll_limit(context);
                    };
                    if let Err(error) = self.arrived(result) {
                        self.now = Now::Ended;
                        return Poll::Ready(Some(Err(self.about().error(error))));
                    }
                }
                Now::Pausing(sleep) => {
                    if sleep.as_mut().poll(context).is_pending() {
                        return self.poll_limit(context);
                    }
                    self.now = Now::Calling(single(self.call(OperationStep::Get)));
                }
            }
        }
    }

    /// Starts the operation. The state that the start returns is still news.
    pub(super) fn poll_start(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Error>> {
        match ready!(self.poll_state(context)) {
            Some(Ok(_)) => {
                self.is_news = true;
                Poll::Ready(Ok(()))
            }
            Some(Err(error)) => Poll::Ready(Err(error)),
            None => Poll::Ready(Err(self.about().error(ended()))),
        }
    }

    /// Ends the wait if it has taken too long.
    fn poll_limit(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Arc<State>, Error>>> {
        if self.limit.as_mut().is_none_or(|limit| limit.as_mut().poll(context).is_pending()) {
            return Poll::Pending;
        }
        self.now = Now::Ended;
        let limit = self.policy.limit().unwrap_or_default();
        let text = match &self.name {
            Some(_) => format!("the operation was not done within {limit:?}; it goes on"),
            None => format!("the call that starts the operation had no response within {limit:?}"),
        };
        let error = wait::out_of_time(text, self.last_error.take());
        Poll::Ready(Some(Err(self.about().error(error))))
    }

    /// Notes the response of the start or of a poll. An error ends the wait, unless it is a transient error of a poll.
    fn arrived(&mut self, result: Result<RawResponse, Error>) -> Result<(), Error> {
        let response = match result {
            Ok(response) => response,
            Err(error) if self.name.is_some() && wait::passes(&error) => {
                self.last_error = Some(error);
                self.pause();
                return Ok(());
            }
            Err(error) => return Err(error),
        };
        self.last_error = None;
        let state = State::read(response.message, self.info()?.methods().fields()).map_err(|error| {
            Error::new(ErrorKind::Decode, "the response is not a valid operation")
                .with_method(response.method.full_name())
                .with_source(error)
        })?;
        if self.name.is_none() && !state.name.is_empty() {
            self.name = Some(state.name.as_str().into());
        }
        self.state = Arc::new(state);
        if self.state.done {
            self.now = Now::Ended;
            if let Some(Outcome::Error(status)) = &self.state.result {
                return Err(failure(status, response.trace_id));
            }
        } else if self.name.is_none() {
            let text = "the operation is not done and has no name by which to ask for it";
            return Err(Error::new(ErrorKind::Decode, text));
        } else {
            self.pause();
        }
        self.is_news = true;
        Ok(())
    }

    fn pause(&mut self) {
        let pause = self.policy.pause(self.pauses);
        self.pauses = self.pauses.saturating_add(1);
        let end = Deadline::after(Some(pause)).sleep();
        // A pause too long to represent never ends; the limit of the wait does.
        self.now = end.map_or_else(|| Now::Calling(Box::pin(std::future::pending())), Now::Pausing);
    }

    /// Follows the operation to its end. Returns its encoded response.
    pub(super) async fn until_done(mut self) -> Result<Finished, Error> {
        while let Some(state) = std::future::poll_fn(|context| self.poll_state(context)).await {
            state?;
        }
        let about = self.about();
        self.response()
            .map(|message| Finished { about: about.clone(), message })
            .map_err(|error| about.error(error))
    }

    /// The encoded response of the operation, which is done.
    fn response(&self) -> Result<Bytes, Error> {
        let wanted = self.info()?.response_type();
        match &self.state.result {
            Some(Outcome::Response(any)) if self.state.done => unpack("response", any, wanted),
            // Servers may leave out what has no content.
            None if self.state.done && wanted == EMPTY => Ok(Bytes::new()),
            None if self.state.done => {
                let text = format!("the operation is done, but has no response; it should be a `{wanted}`");
                Err(Error::new(ErrorKind::Decode, text))
            }
            _ => Err(ended()),
        }
    }
}

fn ended() -> Error {
    Error::new(ErrorKind::GaveUp, "an error ended the wait before")
}

const EMPTY: &str = "google.protobuf.Empty";

/// The error of an operation from its encoded `google.rpc.Status`.
fn failure(status: &Bytes, trace_id: Option<String>) -> Error {
    let mut read = Status::default();
    // Parts after an unreadable one are lost; the operation has failed all the same.
    let _ = read.merge(&**status);
    // A failed operation has an error, even if its code is `OK`.
    let code = Some(Code::from_number(read.code)).filter(|code| *code != Code::Ok).unwrap_or(Code::Unknown);
    let error = Error::from_status(code, read.message).with_details(status.clone());
    match trace_id {
        Some(id) => error.with_trace_id(id),
        None => error,
    }
}

/// The content of an encoded `Any` that must hold this type.
pub(super) fn unpack(what: &str, any: &Bytes, wanted: &str) -> Result<Bytes, Error> {
    let any = Any::decode(&**any).map_err(|error| {
        Error::new(ErrorKind::Decode, format!("the {what} of the operation cannot be read"))
            .with_source(error)
    })?;
    if short(&any.type_url) == wanted {
        return Ok(any.value.into());
    }
    let unknown = of_unknown_type(&any);
    let found = short(unknown.as_deref().unwrap_or(&any.type_url));
    let text = format!("the {what} of the operation is a `{found}`, and not a `{wanted}` as the API states");
    Err(Error::new(ErrorKind::Decode, text))
}

/// The name of the type with this URL.
fn short(url: &str) -> &str {
    url.rsplit('/').next().unwrap_or_default()
}

/// The type URL of an `Any` that came as JSON and whose type the crate does not know.
fn of_unknown_type(any: &Any) -> Option<String> {
    let content = prost_types::Struct::decode(any.value.as_slice());
    let mut content = content.ok().filter(|_| short(&any.type_url) == "google.protobuf.Struct")?;
    match content.fields.remove("@type")?.kind? {
        prost_types::value::Kind::StringValue(url) => Some(url),
        _ => None,
    }
}
