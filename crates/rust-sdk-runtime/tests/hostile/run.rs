//! Makes a call against each server, and checks how it ends.

use std::collections::HashSet;
use std::future::IntoFuture as _;
use std::net::SocketAddr;
use std::sync::Once;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use rust_sdk_runtime::{Client, ClientBuilder, Code, Error, RetryPolicy};

use crate::api::{READ, Thing, WATCH, WRITE, thing};
use crate::socket::{self, Script};

/// The time limit of an attempt or of a stream that should reach it, in place of the default of 60 seconds (see `defaults`).
const SHORT: Duration = Duration::from_millis(400);
/// The limit of other calls, also on a busy machine.
const LONG: Duration = Duration::from_secs(20);
/// Within this time every call ends, with its retries.
const END: Duration = Duration::from_secs(30);
/// The longest time for which a server keeps other tasks of a busy machine from their turn.
const STALL: Duration = Duration::from_secs(8);
/// The most memory that a call takes, in bytes, unless its row states another limit: the greatest message of 4 MiB, in a buffer that grows.
const MEMORY: u64 = 16 << 20;
/// How many servers run at once.
const AT_ONCE: usize = 12;

/// The call that is made.
#[derive(Clone, Copy)]
pub(crate) enum Calls {
    Read,
    /// With a request of this many bytes.
    Write(usize),
    /// Reads a stream up to its end.
    Watch,
}

/// How a server misbehaves, and how the call ends.
#[derive(Clone)]
pub(crate) struct Behaviour {
    name: &'static str,
    /// How the call ends.
    ends: Result<(), Code>,
    /// The time limits of connecting and of an attempt.
    limits: [Duration; 2],
    script: Script,
    calls: Calls,
    memory: u64,
    /// What the error's text contains.
    says: &'static str,
}

/// A server whose script makes a call of `Read` fail with this code.
pub(crate) fn fails(name: &'static str, code: Code, script: Script) -> Behaviour {
    let limit = if code == Code::DeadlineExceeded { SHORT } else { LONG };
    Behaviour {
        name,
        ends: Err(code),
        limits: [LONG, limit],
        script,
        calls: Calls::Read,
        memory: MEMORY,
        says: "",
    }
}

/// A server whose script a call of `Read` survives.
pub(crate) fn succeeds(name: &'static str, script: Script) -> Behaviour {
    Behaviour { ends: Ok(()), ..fails(name, Code::Ok, script) }
}

impl Behaviour {
    pub(crate) fn calls(self, calls: Calls) -> Self {
        Self { calls, ..self }
    }

    /// The connection is not ready in time.
    pub(crate) fn does_not_connect(self) -> Self {
        Self { limits: [SHORT, LONG], ..self }
    }

    pub(crate) fn memory(self, bytes: u64) -> Self {
        Self { memory: bytes, ..self }
    }

    pub(crate) fn says(self, text: &'static str) -> Self {
        Self { says: text, ..self }
    }
}

/// How a call ended.
struct Outcome {
    result: Option<Result<(), Error>>,
    took: Duration,
    /// The longest time for which other tasks of the runtime had no turn.
    stalled: Duration,
    /// The most memory that was in use at once, in bytes.
    memory: u64,
}

/// Runs all behaviours, and reports all that end otherwise than they should.
pub(crate) fn all(behaviours: &[Behaviour], client: fn(SocketAddr) -> ClientBuilder) {
    let panics = panics();
    let names: HashSet<_> = behaviours.iter().map(|behaviour| behaviour.name).collect();
    assert_eq!(names.len(), behaviours.len(), "a name occurs twice");
    let next = AtomicUsize::new(0);
    let next = &next;
    let work = move || {
        let mut wrong = Vec::new();
        while let Some(behaviour) = behaviours.get(next.fetch_add(1, Ordering::SeqCst)) {
            wrong.extend(check(behaviour, &run(behaviour, client)));
        }
        wrong
    };
    let wrong: Vec<String> = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..AT_ONCE).map(|_| scope.spawn(work)).collect();
        workers.into_iter().flat_map(|worker| worker.join().unwrap()).collect()
    });
    assert!(wrong.is_empty(), "{} of {} end wrongly:\n{}", wrong.len(), behaviours.len(), wrong.join("\n"));
    assert_eq!(panics.load(Ordering::SeqCst), 0);
}

/// Counts panics other than of a failed test: those in a connection's task would not end the test.
fn panics() -> &'static AtomicUsize {
    static PANICS: AtomicUsize = AtomicUsize::new(0);
    static SET: Once = Once::new();
    SET.call_once(|| {
        let usual = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            let is_ours =
                panic.location().is_some_and(|location| location.file().ends_with("hostile/run.rs"));
            PANICS.fetch_add(usize::from(!is_ours), Ordering::SeqCst);
            usual(panic);
        }));
    });
    &PANICS
}

/// The call runs on this thread alone, whose memory is counted, and the server on others.
fn run(behaviour: &Behaviour, client: fn(SocketAddr) -> ClientBuilder) -> Outcome {
    let address = socket::serve(behaviour.script.clone());
    let policy = RetryPolicy::new().attempts(2).first_delay(Duration::from_millis(1));
    let request = match behaviour.calls {
        Calls::Write(bytes) => Thing { id: "a".repeat(bytes), ..Thing::default() },
        Calls::Read | Calls::Watch => thing(),
    };
    let mut outcome = Outcome { result: None, took: Duration::ZERO, stalled: Duration::ZERO, memory: 0 };
    let start = Instant::now();
    let measured = allocation_counter::measure(|| {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let result = runtime.block_on(async {
            let [connect, attempt] = behaviour.limits;
            let client = client(address).connect_timeout(connect).attempt_timeout(attempt).retry(policy);
            let call = call(client.build().unwrap(), behaviour.calls, request, attempt);
            let stalled = &mut outcome.stalled;
            tokio::select! {
                result = tokio::time::timeout(END, call) => result.ok(),
                () = watch(stalled) => None,
            }
        });
        outcome.took = start.elapsed();
        allocation_counter::opt_out(|| outcome.result = result);
    });
    outcome.memory = measured.bytes_max;
    outcome
}

/// Notes the longest time between two turns of this task.
async fn watch(stalled: &mut Duration) {
    const TURN: Duration = Duration::from_millis(20);
    loop {
        let start = Instant::now();
        tokio::time::sleep(TURN).await;
        *stalled = start.elapsed().saturating_sub(TURN).max(*stalled);
    }
}

async fn call(client: Client, calls: Calls, request: Thing, limit: Duration) -> Result<(), Error> {
    match calls {
        Calls::Read => client.call(&READ, request).into_future().await.map(drop),
        Calls::Write(_) => client.call(&WRITE, request).into_future().await.map(drop),
        Calls::Watch => {
            let mut stream = client.server_streaming(&WATCH, request).timeout(limit).await?;
            while stream.message().await?.is_some() {}
            Ok(())
        }
    }
}

/// What is wrong with the outcome.
fn check(behaviour: &Behaviour, outcome: &Outcome) -> Option<String> {
    let name = behaviour.name;
    if std::env::var_os("HOSTILE_SHOWN").is_some() {
        let text = match &outcome.result {
            Some(Err(error)) => format!("{error:#}"),
            Some(Ok(())) => "OK".to_owned(),
            None => "HANGS".to_owned(),
        };
        eprintln!(
            "{name}: {:?}, {} kB: stalled {:?} {text:.300}",
            outcome.took,
            outcome.memory >> 10,
            outcome.stalled
        );
    }
    let Some(result) = &outcome.result else {
        return Some(format!("{name}: the call had not ended after {END:?}"));
    };
    match (result, behaviour.ends) {
        (Ok(()), Ok(())) => {}
        (Err(error), Err(code)) if error.code() == Some(code) => {}
        (result, ends) => return Some(format!("{name}: {result:?} in place of {ends:?}")),
    }
    if let Err(error) = result {
        let text = format!("{error:#}");
        // Long enough for every message of the client's own, and for what it takes over of the server's.
        if !text.contains(behaviour.says) {
            return Some(format!("{name}: it says {text:.1000}"));
        }
    }
    // A server that only fills the time must not fill that of other tasks. Large messages are decoded without a pause.
    if behaviour.ends == Err(Code::DeadlineExceeded) && outcome.stalled > STALL {
        return Some(format!("{name}: other tasks had no turn for {:?}", outcome.stalled));
    }
    (outcome.memory > behaviour.memory).then(|| format!("{name}: took {} kB of memory", outcome.memory >> 10))
}
