//! The decision matrix of any API: what its generated tables, a client's preflight and a server's layer decide, over gRPC and
//! over HTTP, against facts that were found without the generator.

#[path = "SUPPORT"]
#[allow(dead_code)]
mod access;
mod layer;

use std::process::ExitCode;
use std::sync::{Arc, Mutex};

use access::{Case, Stated, expected};
use rust_sdk_runtime::access::{Decision, Identity};
use rust_sdk_runtime::{Client, Code, Error, ErrorKind, Fake, Method, Rpc, Service, Streaming, scope};

/// A request of which nothing but the account is known.
#[derive(Clone, PartialEq, prost::Message)]
struct Request {
    #[prost(string, optional, tag = "1")]
    account: Option<String>,
}

type Told = Option<(Code, String)>;

fn of_check(method: &Method, identity: &Identity, case: &Case) -> Told {
    match method.access().check(&identity.caller(), case.account) {
        Decision::Allowed => None,
        Decision::Refused(refusal) => Some((refusal.code(), refusal.reason().as_str().to_owned())),
    }
}

fn of_preflight(error: &Error) -> Told {
    let reason = error.error_info().map(|info| info.reason).unwrap_or_default();
    (error.kind() == ErrorKind::Refused).then(|| (error.code().unwrap_or(Code::Unknown), reason))
}

/// One method's decisions, and those that are wrong.
async fn compare(
    service: &'static Service,
    index: usize,
    stated: &Stated,
    all: &[Stated],
    asked: &mut usize,
) -> Result<usize, String> {
    let method = &service.methods()[index];
    let rpc = match stated.scope {
        Some(_) => Rpc::<Request, ()>::new(service, index, scope!(account?)),
        None => Rpc::new(service, index, rust_sdk_runtime::method::Scope::NONE),
    };
    let current = Arc::new(Mutex::new(None::<Identity>));
    let now = Arc::clone(&current);
    let preflight = move || now.lock().unwrap().clone();
    let fake = Fake::new();
    let client: Client = Client::builder().grpc_service(fake.clone()).preflight(preflight).build().unwrap();
    let cases = access::cases(stated, all);
    for case in &cases {
        let identity = case.who.identity();
        let should = expected(stated, case).map(|(code, reason)| (code, reason.to_owned()));
        let check = of_check(method, &identity, case);
        if check != should {
            return Err(format!("{}: {case:?}: the check gives {check:?}, should be {should:?}", stated.name));
        }
        for told in layer::decide(service, index, identity.clone(), case.account).await {
            if told != should {
                return Err(format!("{}: {case:?}: the layer gives {told:?}, should be {should:?}", stated.name));
            }
            *asked += 1;
        }
        // Of a stream, the account is not known beforehand.
        if method.streaming() != Streaming::Unary {
            continue;
        }
        *current.lock().unwrap() = Some(identity);
        let before = fake.calls().len();
        let request = Request { account: case.account.map(ToOwned::to_owned) };
        let error = client.call(&rpc, request).await.unwrap_err();
        let preflight = of_preflight(&error);
        if preflight != should || (should.is_some() && fake.calls().len() != before) {
            return Err(format!("{}: {case:?}: {error}, should be {should:?}", stated.name));
        }
    }
    Ok(cases.len())
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let file = std::env::args().nth(1).expect("the file of facts");
    let facts = access::stated(&std::fs::read_to_string(file).expect("the facts can be read"));
    let (mut methods, mut decisions, mut asked, mut wrong) = (0, 0, 0, 0);
    for service in sdk::API.services() {
        for (index, method) in service.methods().iter().enumerate() {
            methods += 1;
            let result = match facts.iter().find(|stated| stated.name == method.full_name()) {
                Some(stated) => compare(service, index, stated, &facts, &mut asked).await,
                None => Err(format!("{}: not in the facts", method.full_name())),
            };
            match result {
                Ok(count) => decisions += count,
                Err(difference) => {
                    println!("{difference}");
                    wrong += 1;
                }
            }
        }
    }
    println!("{methods} generated methods, {decisions} decisions by table and by preflight, {asked} by the layer, {wrong} wrong");
    if wrong == 0 && methods == facts.len() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
