//! The layer: from a request to the handler's response or a rejection.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http::request::Parts;
use http::{Request, Response};
use http_body::Body;
use pin_project_lite::pin_project;
use tower_layer::Layer;
use tower_service::Service;

use super::admission::Admission;
use super::authorize::{
    AsCaller as _, AuthenticateStep, Authenticated, AuthorizeStep, Authorized, Authorizer,
};
use super::body::{Content, RequestBody, ResponseBody, Stop, Stopped};
use super::call::Call;
use super::find;
use super::refusal::{Protocol, Refused};
use super::settings::Settings;
use super::table::Plan;
use super::trace::CallSpan;
use crate::api::access::{Caller, Decision, Reason};
use crate::error::BoxError;
use crate::error::response::ErrorBody;

/// Passes on to a service the calls that its API's access rules allow. Made by [`access_layer`](super::access_layer).
pub struct AccessLayer<A, N, Z> {
    pub(super) settings: Settings,
    pub(super) authorizer: Arc<A>,
    pub(super) authenticate: N,
    pub(super) authorize: Z,
}

impl<A, N: Clone, Z: Clone> Clone for AccessLayer<A, N, Z> {
    fn clone(&self) -> Self {
        Self {
            settings: self.settings.clone(),
            authorizer: Arc::clone(&self.authorizer),
            authenticate: self.authenticate.clone(),
            authorize: self.authorize.clone(),
        }
    }
}

impl<A, N, Z> fmt::Debug for AccessLayer<A, N, Z> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AccessLayer").field("settings", &self.settings).finish_non_exhaustive()
    }
}

impl<A, N: Clone, Z: Clone> AccessLayer<A, N, Z> {
    /// Puts the layer in front of a service: tower's `Layer::layer`, without a dependency on its crate.
    pub fn layer<S>(&self, inner: S) -> AccessService<A, N, Z, S> {
        AccessService { layer: Arc::new(self.clone()), inner }
    }
}

impl<A, N: Clone, Z: Clone, S> Layer<S> for AccessLayer<A, N, Z> {
    type Service = AccessService<A, N, Z, S>;

    fn layer(&self, inner: S) -> Self::Service {
        Self::layer(self, inner)
    }
}

/// A service behind an [`AccessLayer`].
pub struct AccessService<A, N, Z, S> {
    layer: Arc<AccessLayer<A, N, Z>>,
    inner: S,
}

impl<A, N, Z, S: Clone> Clone for AccessService<A, N, Z, S> {
    fn clone(&self) -> Self {
        Self { layer: Arc::clone(&self.layer), inner: self.inner.clone() }
    }
}

impl<A, N, Z, S> fmt::Debug for AccessService<A, N, Z, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AccessService").field("settings", &self.layer.settings).finish_non_exhaustive()
    }
}

impl<A, N, Z, S, B, R> Service<Request<B>> for AccessService<A, N, Z, S>
where
    A: Authorizer,
    N: AuthenticateStep<A>,
    Z: AuthorizeStep<A>,
    S: Service<Request<RequestBody<B>>, Response = Response<R>> + Clone,
    B: Body<Data = Bytes> + Unpin,
    B::Error: Into<BoxError>,
{
    type Response = Response<ResponseBody<R>>;
    type Error = S::Error;
    type Future = AccessFuture<A, N, N::Future, Z, Z::Future, S, S::Future, B>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        // The clone may not be ready, so the service that was polled makes the call.
        let clone = self.inner.clone();
        let inner = std::mem::replace(&mut self.inner, clone);
        let AccessLayer { settings, authenticate, .. } = &*self.layer;
        let (parts, body) = request.into_parts();
        let (protocol, form) = (find::protocol(&parts.headers), settings.error_body);
        let found = match find::find(settings.api, &settings.table, protocol, &parts) {
            Ok(found) => found,
            Err(refused) => {
                return AccessFuture { state: State::refused(refused), protocol, form, work: None };
            }
        };
        let admission = Admission::new(protocol, found);
        let state = begin::<A, N, _, _>(settings, &admission, authenticate, parts);
        let work = Work {
            admission,
            layer: Arc::clone(&self.layer),
            identity: None,
            body: Some(body),
            inner,
            stop: None,
            span: CallSpan::none(),
        };
        AccessFuture { state, protocol, form, work: Some(work) }
    }
}

/// The first state of a call.
fn begin<A: Authorizer, N: AuthenticateStep<A>, ZF, SF>(
    settings: &Settings,
    admission: &Admission,
    authenticate: &N,
    parts: Parts,
) -> State<N::Future, ZF, SF> {
    let plan = admission.plan(settings);
    let nobody = plan.method.access().check(&Caller::anonymous(), None);
    match nobody.refusal() {
        Some(refusal) if refusal.reason() == Reason::Unstated => {
            State::refused(admission.refused(settings, refusal))
        }
        _ if plan.is_public() => State::Reading { parts: Some(parts) },
        _ => State::Authenticating { future: authenticate.begin(parts) },
    }
}

pin_project! {
    /// The response of an [`AccessService`].
    pub struct AccessFuture<A, N, NF, Z, ZF, S, SF, B>
    where
        A: Authorizer,
    {
        #[pin]
        state: State<NF, ZF, SF>,
        protocol: Protocol,
        form: ErrorBody,
        // `None` if the method is unknown.
        work: Option<Work<A, N, Z, S, B>>,
    }
}

pin_project! {
    #[project = StateProjection]
    enum State<N, ZF, SF> {
        Authenticating { #[pin] future: N },
        Reading { parts: Option<Parts> },
        Authorizing { #[pin] future: ZF },
        Calling { #[pin] future: SF },
        Refused { refused: Option<Refused> },
    }
}

impl<N, ZF, SF> State<N, ZF, SF> {
    const fn refused(refused: Refused) -> Self {
        Self::Refused { refused: Some(refused) }
    }
}

/// The data that all states of a call share.
struct Work<A: Authorizer, N, Z, S, B> {
    layer: Arc<AccessLayer<A, N, Z>>,
    admission: Admission,
    identity: Option<A::Identity>,
    /// Present until the handler gets it.
    body: Option<B>,
    inner: S,
    stop: Option<Stop>,
    span: CallSpan,
}

impl<A, N, Z, S, B, R> Work<A, N, Z, S, B>
where
    A: Authorizer,
    Z: AuthorizeStep<A>,
    S: Service<Request<RequestBody<B>>, Response = Response<R>>,
    B: Body<Data = Bytes> + Unpin,
    B::Error: Into<BoxError>,
{
    fn plan(&self) -> &Plan {
        self.admission.plan(&self.layer.settings)
    }

    /// Continues after the authentication.
    fn authenticated<NF>(
        &mut self,
        (parts, result): Authenticated<A>,
    ) -> Result<State<NF, Z::Future, S::Future>, Refused> {
        let identity = result.map_err(Refused::by_authorizer)?;
        let caller = identity.as_caller();
        // An unauthenticated caller is rejected before the body is read.
        if !caller.is_authenticated()
            && let Decision::Refused(refusal) = self.plan().method.access().check(&caller, None)
        {
            return Err(self.admission.refused(&self.layer.settings, &refusal));
        }
        self.identity = Some(identity);
        Ok(State::Reading { parts: Some(parts) })
    }

    fn poll_read(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Refused>> {
        let settings = &self.layer.settings;
        let (need, limit) = (self.admission.need(settings), self.admission.limit(settings));
        let Some(body) = &mut self.body else { return Poll::Ready(Ok(())) };
        if self.admission.protocol() == Protocol::Rest && body.size_hint().lower() > limit as u64 {
            return Poll::Ready(Err(Stopped::TooLarge(limit).into()));
        }
        self.admission.ahead.poll_read(body, need, limit, context).map_err(Into::into)
    }

    /// Continues after the body was read ahead.
    fn read<NF>(&mut self, parts: Parts) -> Result<State<NF, Z::Future, S::Future>, Refused> {
        self.admission.read_account(&self.layer.settings, &parts)?;
        let call = self.admission.call(&self.layer.settings, parts);
        match self.identity.take() {
            Some(identity) => Ok(State::Authorizing { future: self.layer.authorize.begin((identity, call)) }),
            None => self.let_in(None, call),
        }
    }

    /// Continues after the authorization.
    fn authorized<NF>(
        &mut self,
        (call, result): Authorized<A>,
    ) -> Result<State<NF, Z::Future, S::Future>, Refused> {
        let identity = result.map_err(Refused::by_authorizer)?;
        let (settings, caller) = (&self.layer.settings, identity.as_caller());
        let decision = if self.admission.is_masked(settings, &call) {
            call.method.check_masked(&caller, call.account())
        } else {
            call.method.access().check(&caller, call.account())
        };
        if let Decision::Refused(refusal) = decision {
            return Err(self.admission.refused(settings, &refusal));
        }
        self.let_in(Some(identity), call)
    }

    fn let_in<NF>(
        &mut self,
        identity: Option<A::Identity>,
        mut call: Call,
    ) -> Result<State<NF, Z::Future, S::Future>, Refused> {
        self.layer.authorizer.admit(identity, &mut call);
        let Some(body) = self.body.take() else {
            return Err(Refused::done());
        };
        let (watch, stop) = self.admission.watch(&self.layer.settings, &call, body.size_hint().upper());
        self.stop = stop;
        self.span = self.admission.span(&self.layer.settings, &call);
        let request = Request::from_parts(call.parts, RequestBody::new(call.ahead, body, watch));
        let inner = &mut self.inner;
        Ok(State::Calling { future: self.span.within(|| inner.call(request)) })
    }

    /// The handler's response, unless the request's body was stopped.
    fn respond(&self, response: Response<R>) -> Result<Response<ResponseBody<R>>, Refused> {
        match self.stop.as_ref().and_then(|stop| stop.get()) {
            Some(stopped) => Err((*stopped).into()),
            None => Ok(response.map(|body| ResponseBody(Content::Handler(body)))),
        }
    }
}

impl<A, N, NF, Z, S, B, R> Future for AccessFuture<A, N, NF, Z, Z::Future, S, S::Future, B>
where
    A: Authorizer,
    NF: Future<Output = Authenticated<A>>,
    Z: AuthorizeStep<A>,
    S: Service<Request<RequestBody<B>>, Response = Response<R>>,
    B: Body<Data = Bytes> + Unpin,
    B::Error: Into<BoxError>,
{
    type Output = Result<Response<ResponseBody<R>>, S::Error>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let mut this = self.project();
        loop {
            let next = match (this.state.as_mut().project(), &mut *this.work) {
                (StateProjection::Authenticating { future }, Some(work)) => {
                    work.authenticated(ready!(future.poll(context)))
                }
                (StateProjection::Reading { parts }, Some(work)) => {
                    match (ready!(work.poll_read(context)), parts.take()) {
                        (Ok(()), Some(parts)) => work.read(parts),
                        (Err(refused), _) => Err(refused),
                        (Ok(()), None) => Err(Refused::done()),
                    }
                }
                (StateProjection::Authorizing { future }, Some(work)) => {
                    work.authorized(ready!(future.poll(context)))
                }
                (StateProjection::Calling { future }, Some(work)) => {
                    match work.respond(ready!(work.span.within(|| future.poll(context)))?) {
                        Ok(response) => return Poll::Ready(Ok(response)),
                        Err(refused) => Err(refused),
                    }
                }
                (StateProjection::Refused { refused }, _) => {
                    let refused = refused.take().unwrap_or_else(Refused::done);
                    let settings = this.work.as_ref().map(|work| &work.layer.settings);
                    return Poll::Ready(Ok(refused.into_response(*this.protocol, *this.form, settings)));
                }
                (_, None) => Err(Refused::done()),
            };
            this.state.set(next.unwrap_or_else(State::refused));
        }
    }
}
