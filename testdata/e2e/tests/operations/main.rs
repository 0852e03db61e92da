//! Long-running operations of a real server, over gRPC and over REST. Time is tokio's, and stands still but for sleeping.

mod failures;
mod follow;
mod jobs;
mod paths;
mod polling;
mod server;
mod socket;

use std::time::Duration;

use kiln::Client;
use kiln::v1::{FiringMetadata, Piece};
use rust_sdk_runtime::Poller;

use crate::server::{NAME, piece};

const SECOND: Duration = Duration::from_secs(1);

/// Fires a piece, and asks for the operation every second.
fn fire(client: &Client) -> Poller<Piece, FiringMetadata> {
    client.kiln_service().fire_piece("studios/s", piece()).poller().every(SECOND)
}

/// The requests of a firing with so many polls.
fn firing(polls: usize) -> Vec<(&'static str, String)> {
    let polls = (0..polls).map(|_| ("GetOperation", NAME.to_owned()));
    std::iter::once(("FirePiece", "studios/s".to_owned())).chain(polls).collect()
}
