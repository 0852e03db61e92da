//! Every method in every way.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::path::PathBuf;

use prost::Message as _;
use prost_reflect::{DescriptorPool, DynamicMessage, MessageDescriptor, ReflectMessage as _, Value};
use sdk::runtime::http::{Binding, Part};
use sdk::runtime::{Client, ClientBuilder, RetryPolicy, Streaming};

use crate::envoy::{Envoy, FLAVOURS, Flavour};
use crate::oracle::Oracle;
use crate::populate::{Populate, Style};
use crate::probes::{self, Probe};
use crate::proxy::{Exchange, Proxy};
use crate::replay::Replay;
use crate::server::{Answer, HEADER, Server, TRAILER};
use crate::subject::{Outcome, Subject};
use crate::{compare, descriptors, gateway, limits, methods, record};

/// What the program is told.
#[derive(Default)]
pub struct Arguments {
    /// The program.
    pub envoy: PathBuf,
    /// Where its files go.
    pub folder: PathBuf,
    /// Facts about the API's REST form.
    pub oracle: Option<PathBuf>,
    /// Where the exchanges are written.
    pub record: Option<PathBuf>,
}

/// What the server does with a call.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Pass {
    Full,
    Edge,
    /// The largest numbers, and the smallest.
    High,
    Low,
    Error,
}

struct Run {
    pool: DescriptorPool,
    server: Server,
    client: Client,
    /// One for each flavour of Envoy.
    proxies: Vec<(Flavour, Proxy, Client)>,
    oracle: Option<Oracle>,
    replay: Replay,
    calls: usize,
    records: Vec<String>,
    wrong: Vec<String>,
}

/// Says how many methods there are and how many were found equal; whether all that were called are.
pub async fn run(arguments: &Arguments) -> Result<bool, Box<dyn Error>> {
    let subjects = methods::all();
    let pool = descriptors::pool()?;
    let server = Server::start().await?;
    let left_out: BTreeMap<&str, &str> = subjects
        .iter()
        .filter_map(|subject| Some((subject.method.full_name(), limits::left_out(subject, &pool)?)))
        .collect();
    let set = descriptors::encoded(&left_out.keys().copied().collect::<BTreeSet<_>>())?;
    let services =
        subjects.iter().filter_map(|subject| Some(subject.method.full_name().split_once('/')?.0.to_owned()));
    let services: Vec<String> = services.collect::<BTreeSet<_>>().into_iter().collect();
    let envoy = Envoy::start(&arguments.envoy, &arguments.folder, &set, &services, server.address)?;
    let mut proxies = Vec::new();
    for (flavour, address) in FLAVOURS.into_iter().zip(&envoy.addresses) {
        let proxy = Proxy::start(*address).await?;
        let client = client(|builder| builder.rest(format!("http://{}", proxy.address)))?;
        proxies.push((flavour, proxy, client));
    }
    let client = client(|builder| builder.grpc(format!("http://{}", server.address)))?;
    let oracle = arguments.oracle.as_deref().map(Oracle::read).transpose()?;
    let replay = Replay::new(envoy.addresses[0], gateway::start(&server, &subjects).await?);
    let (records, wrong) = (Vec::new(), Vec::new());
    let mut run = Run { pool, server, client, proxies, oracle, replay, calls: 0, records, wrong };
    let mut equal = 0;
    for subject in &subjects {
        let before = run.wrong.len();
        let over_rest = !left_out.contains_key(subject.method.full_name());
        run.method(subject, over_rest).await;
        equal += usize::from(over_rest && run.wrong.len() == before);
    }
    if let Some(file) = &arguments.record {
        std::fs::write(file, run.records.join("\n") + "\n")?;
    }
    for wrong in run.wrong.iter().chain(&run.replay.unknown) {
        println!("WRONG: {wrong}");
    }
    for ((name, case), count) in &run.replay.known {
        println!("known: {name}: {case}: {count}");
    }
    for (method, why) in &left_out {
        println!("left out: {method} ({why})");
    }
    let count = subjects.len();
    println!("{count} methods, {equal} equal, {} left out; {} calls", left_out.len(), run.calls);
    let same: usize = run.replay.equal.values().sum();
    let known: usize = run.replay.known.values().sum();
    println!(
        "gateway and Envoy: {same} requests equal, {known} known differences, {} others",
        run.replay.unknown.len()
    );
    Ok(run.wrong.is_empty() && run.replay.unknown.is_empty() && equal + left_out.len() == count)
}

impl Run {
    async fn method(&mut self, subject: &Subject, over_rest: bool) {
        let method = subject.method;
        let bindings: Vec<Option<&Binding>> = if over_rest {
            let fits =
                |binding: &&Binding| !binding.parts().iter().any(|part| matches!(part, Part::Wildcard(_)));
            method.bindings().filter(fits).map(Some).collect()
        } else {
            vec![None]
        };
        for (index, binding) in bindings.into_iter().enumerate() {
            for pass in [Pass::Full, Pass::Edge, Pass::High, Pass::Low, Pass::Error] {
                // The answer to HEAD has no body, so an error has no text.
                if pass == Pass::Error && binding.is_some_and(|binding| binding.verb() == "HEAD") {
                    continue;
                }
                let name = format!("{} binding {index} {pass:?}", method.full_name());
                if let Err(why) = self.exchange(subject, binding, pass, &name).await {
                    self.wrong.push(format!("{name}: {why}"));
                }
            }
        }
    }

    /// One call over every transport.
    async fn exchange(
        &mut self,
        subject: &Subject,
        binding: Option<&Binding>,
        pass: Pass,
        name: &str,
    ) -> Result<(), Box<dyn Error>> {
        let method = subject.method;
        let message = |name: &str| self.pool.get_message_by_name(name).ok_or_else(|| format!("no {name}"));
        let input = message(subject.schemas.request().name())?;
        let output = message(subject.schemas.response().name())?;
        let style = match pass {
            Pass::Edge => Style::Edge,
            Pass::High => Style::High,
            Pass::Low => Style::Low,
            Pass::Full | Pass::Error => Style::Full,
        };
        let mut populate = Populate::new(style, name);
        let count =
            if matches!(method.streaming(), Streaming::Client | Streaming::Bidirectional) { 2 } else { 1 };
        let requests: Vec<DynamicMessage> = (0..count)
            .map(|_| match binding {
                Some(binding) => populate.request(&input, binding),
                None => populate.message(&input),
            })
            .collect();
        let answer = answer(&mut populate, &output, method.streaming(), pass);
        self.server.answer(answer.clone());
        let wire: Vec<Vec<u8>> = requests.iter().map(DynamicMessage::encode_to_vec).collect();

        self.server.seen();
        let grpc = subject.call(&self.client, wire.clone()).await;
        self.calls += 1;
        self.received(subject, &input, &requests)?;
        compare::outcome(&grpc, &answer, &output)?;
        metadata(&grpc, true)?;
        let Some(binding) = binding else { return Ok(()) };
        for at in 0..self.proxies.len() {
            let (flavour, proxy, client) = &self.proxies[at];
            self.server.seen();
            proxy.exchanges();
            let outcome = subject.call(client, wire.clone()).await;
            self.calls += 1;
            let exchanges = proxy.exchanges();
            let result = || {
                self.received(subject, &input, &requests)?;
                compare::outcome(&outcome, &compare::over_rest(&answer, &output, Some(binding))?, &output)?;
                // Envoy has no place for trailers in HTTP/1.
                metadata(&outcome, false)?;
                let [exchange] = &*exchanges else { return Err("there is not one request".into()) };
                if let Some(oracle) = &self.oracle {
                    oracle.check(method.full_name(), exchange)?;
                }
                Ok(record::line(method.full_name(), &wire, exchange, &outcome))
            };
            let line = result().map_err(|why: Box<dyn Error>| {
                format!("REST, {}: {why}\n    {:?}{}", flavour.name, outcome.failure, shown(&exchanges))
            })?;
            if Self::worth_recording(subject, pass, at) {
                self.records.push(line.to_string());
            }
            if let ([exchange], 0) = (&*exchanges, at) {
                let mut probes = vec![probes::same(exchange)];
                let path = exchange.target.split('?').next().unwrap_or_default();
                // The client takes the method's first binding that fits.
                let found = sdk::API.route(&exchange.verb, path).filter(|_| pass == Pass::Full);
                if let Some(found) = found {
                    probes.extend(probes::all(exchange, &input, found.binding));
                }
                self.replay(name, &probes, &input).await;
            }
        }
        Ok(())
    }

    /// These requests to Envoy and to our gateway.
    async fn replay(&mut self, name: &str, probes: &[Probe], input: &MessageDescriptor) {
        for probe in probes {
            self.replay.probe(name, probe, input, &self.server).await;
        }
    }

    /// Every method once, streams in each form; of a service's first method the hard values and the error, too.
    fn worth_recording(subject: &Subject, pass: Pass, flavour: usize) -> bool {
        let method = subject.method;
        if pass == Pass::Full {
            return flavour == 0 || method.streaming() == Streaming::Server;
        }
        flavour == 0 && subject.first && matches!(pass, Pass::Edge | Pass::Error)
    }

    /// The server saw this method called once, with these messages and the client's header.
    fn received(
        &self,
        subject: &Subject,
        input: &MessageDescriptor,
        requests: &[DynamicMessage],
    ) -> Result<(), Box<dyn Error>> {
        let seen = self.server.seen();
        let [call] = &*seen else { return Err(format!("the server saw {} calls", seen.len()).into()) };
        if call.path != subject.method.path() {
            return Err(format!("the server saw {}", call.path).into());
        }
        if call.headers.get("x-e2e-request").is_none() {
            return Err("the client's header is lost".into());
        }
        compare::equal("the server saw", &call.messages, requests, input)
    }
}

fn answer(populate: &mut Populate, output: &MessageDescriptor, streaming: Streaming, pass: Pass) -> Answer {
    let count = match (pass, streaming) {
        (Pass::Error, _) => 0,
        (_, Streaming::Unary | Streaming::Client) => 1,
        _ => 3,
    };
    let messages = (0..count).map(|_| populate.message(output).encode_to_vec()).collect();
    Answer { messages, error: (pass == Pass::Error).then(|| error(output)) }
}

/// NOT_FOUND with three kinds of details.
fn error(any: &MessageDescriptor) -> (i32, String, Vec<u8>) {
    let new = |name: &str| DynamicMessage::new(any.parent_pool().get_message_by_name(name).expect(name));
    let text = |text: &str| Value::String(text.to_owned());
    let mut info = new("google.rpc.ErrorInfo");
    info.set_field_by_name("reason", text("GONE"));
    info.set_field_by_name("domain", text("example.com"));
    let metadata = [(prost_reflect::MapKey::String("key".to_owned()), text("välue"))];
    info.set_field_by_name("metadata", Value::Map(metadata.into()));
    let mut violation = new("google.rpc.BadRequest.FieldViolation");
    violation.set_field_by_name("field", text("a.b"));
    violation.set_field_by_name("description", text("must be \"c\""));
    let mut bad = new("google.rpc.BadRequest");
    bad.set_field_by_name("field_violations", Value::List(vec![Value::Message(violation)]));
    let mut delay = new("google.protobuf.Duration");
    delay.set_field_by_name("seconds", Value::I64(3));
    delay.set_field_by_name("nanos", Value::I32(500_000_000));
    let mut retry = new("google.rpc.RetryInfo");
    retry.set_field_by_name("retry_delay", Value::Message(delay));
    let details = [info, bad, retry].map(|detail| {
        let mut any = new("google.protobuf.Any");
        any.set_field_by_name(
            "type_url",
            text(&format!("type.googleapis.com/{}", detail.descriptor().full_name())),
        );
        any.set_field_by_name("value", Value::Bytes(detail.encode_to_vec().into()));
        Value::Message(any)
    });
    let message = "nöthing \"there\" at 100%";
    let mut status = new("google.rpc.Status");
    status.set_field_by_name("code", Value::I32(5));
    status.set_field_by_name("message", text(message));
    status.set_field_by_name("details", Value::List(details.to_vec()));
    (5, message.to_owned(), status.encode_to_vec())
}

/// Tries once: what fails must show.
fn client(to: impl FnOnce(ClientBuilder) -> ClientBuilder) -> Result<Client, sdk::runtime::Error> {
    to(Client::builder()).header("x-e2e-request", "sent").retry(RetryPolicy::never()).build()
}

/// What was sent around the messages is there.
fn metadata(outcome: &Outcome, trailers: bool) -> Result<(), Box<dyn Error>> {
    for (name, value) in [HEADER].into_iter().chain(trailers.then_some(TRAILER)) {
        if outcome.metadata.get(name).is_none_or(|found| found != value) {
            return Err(format!("{name} is lost").into());
        }
    }
    Ok(())
}

fn shown(exchanges: &[Exchange]) -> String {
    let show = |exchange: &Exchange| {
        format!(
            "\n    {} {} {}\n    {} {}",
            exchange.verb,
            exchange.target,
            String::from_utf8_lossy(&exchange.request_body),
            exchange.status,
            String::from_utf8_lossy(&exchange.response_body),
        )
    };
    exchanges.iter().map(show).collect()
}
