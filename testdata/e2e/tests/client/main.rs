//! What a generated client does around a call, against a fake server in memory. Time is tokio's, and stands still but
//! for sleeping.

mod account;
mod fake;
mod pages;
mod retry;
mod settings;
mod shapes_of_pages;
mod stub;
mod wait;

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use lumen_cloud::Client;
use lumen_cloud::greenhouse::v1::*;
use prost::Message;
use rust_sdk_runtime::{Code, Error, Fake, Rpc};

fn client(fake: &Fake) -> Client {
    Client::builder().grpc_service(fake.clone()).account_id("a").build().unwrap()
}

fn status(code: Code) -> Error {
    Error::from_status(code, "so it is")
}

/// The requests that a fake got.
struct Seen<I>(Arc<Mutex<Vec<I>>>);

impl<I: Clone> Seen<I> {
    fn all(&self) -> Vec<I> {
        self.0.lock().unwrap().clone()
    }

    fn count(&self) -> usize {
        self.0.lock().unwrap().len()
    }
}

/// A server of one method that gives these answers in turn, then the last one for ever.
fn script<I, O>(rpc: &Rpc<I, O>, answers: impl IntoIterator<Item = Result<O, Error>>) -> (Fake, Seen<I>)
where
    I: Message + Default + Clone + 'static,
    O: Message + Clone + 'static,
{
    let seen = Arc::new(Mutex::new(Vec::new()));
    let requests = Arc::clone(&seen);
    let answers = Mutex::new(answers.into_iter().collect::<VecDeque<_>>());
    let fake = Fake::new().on(rpc, move |request| {
        requests.lock().unwrap().push(request);
        let mut answers = answers.lock().unwrap();
        if answers.len() > 1 { answers.pop_front().unwrap() } else { again(&answers[0]) }
    });
    (fake, Seen(seen))
}

/// The same answer; errors cannot be cloned.
fn again<O: Clone>(answer: &Result<O, Error>) -> Result<O, Error> {
    match answer {
        Ok(answer) => Ok(answer.clone()),
        Err(error) => {
            let code = error.code().unwrap_or(Code::Unknown);
            Err(Error::from_status(code, error.message()).with_details(error.details().to_vec()))
        }
    }
}

#[expect(clippy::unnecessary_wraps, reason = "it is one of the answers of a script")]
fn got(phase: GreenhousePhase) -> Result<GetGreenhouseResponse, Error> {
    let state = GreenhouseState::default().with_phase(phase);
    Ok(GetGreenhouseResponse { greenhouse: Some(Greenhouse::default().with_state(state)) })
}
