//! Connections in the making. A task of their own makes them, so that a call that is cancelled does not take the connection from others.

use std::sync::{Arc, Mutex};

use super::Shared;
use super::http1::Http1;
use super::http2::Http2;
use super::lock::lock;
use crate::platform;
use crate::transport::connect::ConnectError;

/// A connection in the making, and how that ended.
pub(super) struct Dial(Mutex<Outcome>);

enum Outcome {
    Open,
    Connected,
    Failed(Arc<ConnectError>),
}

impl Dial {
    /// Begins to connect.
    pub(super) fn begin(shared: &Arc<Shared>) -> Arc<Self> {
        let dial = Arc::new(Self(Mutex::new(Outcome::Open)));
        let running = Running { dial: dial.clone(), shared: shared.clone() };
        drop(platform::spawn(async move {
            let outcome = match connect(&running.shared).await {
                Ok(()) => Outcome::Connected,
                Err(error) => Outcome::Failed(Arc::new(error)),
            };
            running.dial.end(outcome);
        }));
        dial
    }

    pub(super) fn is_over(&self) -> bool {
        !matches!(*lock(&self.0), Outcome::Open)
    }

    /// Why no connection was made, if that is so.
    pub(super) fn failure(&self) -> Option<Arc<ConnectError>> {
        match &*lock(&self.0) {
            Outcome::Failed(error) => Some(error.clone()),
            Outcome::Open | Outcome::Connected => None,
        }
    }

    fn end(&self, outcome: Outcome) {
        let mut current = lock(&self.0);
        if matches!(*current, Outcome::Open) {
            *current = outcome;
        }
    }
}

/// Ends the dial even if its runtime shuts down and drops the task.
struct Running {
    dial: Arc<Dial>,
    shared: Arc<Shared>,
}

impl Drop for Running {
    fn drop(&mut self) {
        self.dial.end(Outcome::Failed(Arc::new(ConnectError::Interrupted)));
        self.shared.changed.notify_waiters();
    }
}

async fn connect(shared: &Arc<Shared>) -> Result<(), ConnectError> {
    let deadline = shared.connector.deadline();
    let connection = shared.connector.connect(deadline).await?;
    if connection.is_http2 {
        shared.add_http2(Http2::open(connection, shared, deadline).await?);
    } else {
        shared.add_http1(Http1::open(connection).await?);
    }
    Ok(())
}
