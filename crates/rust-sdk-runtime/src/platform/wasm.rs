//! Time and tasks of the browser. All futures run on its one thread, and its timers and promises are bound to that thread. `SendWrapper`
//! lets them be part of futures that must be `Send`; on another thread it would panic.

use std::pin::{Pin, pin};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use gloo_timers::future::TimeoutFuture;
use send_wrapper::SendWrapper;
use tokio::sync::oneshot;

/// The longest time that `setTimeout` waits, in milliseconds. For a longer time it does not wait at all.
const LONGEST: u128 = i32::MAX as u128;

/// A moment by the system's clock. The standard library has no clock here.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub(crate) struct Instant(Duration);

impl Instant {
    pub(crate) fn now() -> Self {
        Self(Duration::try_from_secs_f64(js_sys::Date::now() / 1000.0).unwrap_or_default())
    }

    pub(crate) fn checked_add(self, duration: Duration) -> Option<Self> {
        self.0.checked_add(duration).map(Self)
    }

    pub(crate) fn saturating_duration_since(self, earlier: Self) -> Duration {
        self.0.saturating_sub(earlier.0)
    }
}

/// Waits until a moment.
pub(crate) struct Sleep {
    until: Instant,
    timer: SendWrapper<TimeoutFuture>,
}

pub(crate) fn sleep_until(until: Instant) -> Sleep {
    Sleep { until, timer: timer(until) }
}

pub(crate) async fn sleep(duration: Duration) {
    match Instant::now().checked_add(duration) {
        Some(until) => sleep_until(until).await,
        None => std::future::pending().await,
    }
}

fn timer(until: Instant) -> SendWrapper<TimeoutFuture> {
    let left = until.saturating_duration_since(Instant::now());
    let millis = left.as_nanos().div_ceil(1_000_000).min(LONGEST);
    SendWrapper::new(TimeoutFuture::new(u32::try_from(millis).unwrap_or(u32::MAX)))
}

impl Future for Sleep {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        loop {
            ready!(Pin::new(&mut self.timer).poll(context));
            if Instant::now() >= self.until {
                return Poll::Ready(());
            }
            self.timer = timer(self.until);
        }
    }
}

/// The time limit passed first.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Elapsed;

/// The result of the work, unless this moment comes first.
pub(crate) async fn timeout_at<T>(at: Instant, work: impl Future<Output = T>) -> Result<T, Elapsed> {
    let mut work = pin!(work);
    let mut sleep = sleep_until(at);
    std::future::poll_fn(|context| match work.as_mut().poll(context) {
        Poll::Ready(result) => Poll::Ready(Ok(result)),
        Poll::Pending => Pin::new(&mut sleep).poll(context).map(|()| Err(Elapsed)),
    })
    .await
}

/// The same with a duration.
pub(crate) async fn timeout<T>(duration: Duration, work: impl Future<Output = T>) -> Result<T, Elapsed> {
    match Instant::now().checked_add(duration) {
        Some(at) => timeout_at(at, work).await,
        None => Ok(work.await),
    }
}

/// A future that runs in the background. Dropping the task ends it.
pub(crate) struct Task<T>(oneshot::Receiver<T>);

pub(crate) fn spawn<T: 'static>(work: impl Future<Output = T> + 'static) -> Task<T> {
    let (mut sender, receiver) = oneshot::channel();
    wasm_bindgen_futures::spawn_local(async move {
        let mut work = Box::pin(work);
        let result = std::future::poll_fn(|context| match sender.poll_closed(context) {
            Poll::Ready(()) => Poll::Ready(None),
            Poll::Pending => work.as_mut().poll(context).map(Some),
        })
        .await;
        if let Some(result) = result {
            let _ = sender.send(result);
        }
    });
    Task(receiver)
}

impl<T> Task<T> {
    /// Tokio's tasks have this function. Here, dropping the task is enough.
    #[expect(clippy::unused_self, reason = "Tokio's has it")]
    pub(crate) fn abort(&self) {}
}

impl<T> Future for Task<T> {
    type Output = Result<T, oneshot::error::RecvError>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        Pin::new(&mut self.0).poll(context)
    }
}

/// 64 random bits, for what need not be secret. The keys of a hasher are not random here.
pub(crate) fn random() -> u64 {
    // Both numbers are below 2^32.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let half = || (js_sys::Math::random() * 4_294_967_296.0) as u64;
    half() << 32 | half()
}

/// Whether a call can be made here.
pub(crate) fn is_ready() -> bool {
    true
}
