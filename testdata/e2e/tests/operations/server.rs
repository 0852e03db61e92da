//! A tonic server whose operations follow a script, over gRPC and, through the gateway, over REST.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use kiln::Client;
use kiln::glaze::v1::MixGlazeRequest;
use kiln::glaze::v1::glaze_service::server::{GlazeService, GlazeServiceServer};
use kiln::google::longrunning::operations::server::{Operations, OperationsServer};
use kiln::google::longrunning::*;
use kiln::google::rpc;
use kiln::jobs::v1::job_service::server::{JobService, JobServiceServer};
use kiln::jobs::v1::{CancelJobRequest, GetJobRequest, Job, job};
use kiln::v1::kiln_service::server::{KilnService, KilnServiceServer};
use kiln::v1::*;
use prost::Message;
use prost_types::Any;
use rust_sdk_runtime::{ClientBuilder, Gateway};
use tonic::metadata::MetadataMap;
use tonic::service::Routes;
use tonic::{Request, Response, Status, Streaming};

type Answer<T> = Result<Response<T>, Status>;

/// A request that the server got: the method, the name or parent in it, and its metadata.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    pub(crate) method: &'static str,
    pub(crate) name: String,
    pub(crate) metadata: MetadataMap,
}

/// A server that answers each start and each poll with the next state of its script; the last one for ever.
#[derive(Clone)]
pub(crate) struct Studio {
    script: Arc<Mutex<VecDeque<Result<Operation, Status>>>>,
    seen: Arc<Mutex<Vec<Seen>>>,
}

/// The name of the script's operations.
pub(crate) const NAME: &str = "operations/firings/7";

pub(crate) fn any(name: &str, message: &impl Message) -> Any {
    Any { type_url: format!("type.googleapis.com/{name}"), value: message.encode_to_vec() }
}

/// An operation that is not done.
#[expect(clippy::unnecessary_wraps, reason = "it is one of the states of a script")]
pub(crate) fn running(percent: i32) -> Result<Operation, Status> {
    let metadata = any("kiln.v1.FiringMetadata", &FiringMetadata { percent, temperature: 900 });
    Ok(Operation { name: NAME.into(), metadata: Some(metadata), ..Operation::default() })
}

/// An operation that is done, with this result.
pub(crate) fn done(result: Option<operation::Result>) -> Result<Operation, Status> {
    running(100).map(|operation| Operation { done: true, result, ..operation })
}

pub(crate) fn piece() -> Piece {
    Piece { name: "studios/s/pieces/p".into(), colour: "celadon".into() }
}

pub(crate) fn fired() -> Result<Operation, Status> {
    done(Some(operation::Result::Response(any("kiln.v1.Piece", &piece()))))
}

pub(crate) fn failed(code: tonic::Code, details: Vec<Any>) -> Result<Operation, Status> {
    let status = rpc::Status { code: code as i32, message: "the kiln went cold".into(), details };
    done(Some(operation::Result::Error(status)))
}

pub(crate) fn studio(script: impl IntoIterator<Item = Result<Operation, Status>>) -> Studio {
    Studio { script: Arc::new(Mutex::new(script.into_iter().collect())), seen: Arc::default() }
}

impl Studio {
    fn routes(&self) -> Routes {
        Routes::new(KilnServiceServer::new(self.clone()))
            .add_service(OperationsServer::new(self.clone()))
            .add_service(GlazeServiceServer::new(self.clone()))
            .add_service(JobServiceServer::new(self.clone()))
    }

    /// Clients of the same server over both transports.
    pub(crate) fn builders(&self) -> [ClientBuilder<Client>; 2] {
        [
            Client::builder().grpc_service(self.routes()),
            Client::builder().rest_service(Gateway::new(&kiln::API, self.routes())),
        ]
    }

    /// Runs a test with a client of each transport, each with a new script.
    pub(crate) async fn each<F: Future<Output = ()>>(
        script: impl Fn() -> Vec<Result<Operation, Status>>,
        test: impl Fn(Self, Client) -> F,
    ) {
        for index in 0..2 {
            let studio = studio(script());
            let [grpc, rest] = studio.builders();
            let client = if index == 0 { grpc } else { rest };
            test(studio, client.build().unwrap()).await;
        }
    }

    pub(crate) fn gateway(&self) -> Gateway {
        Gateway::new(&kiln::API, self.routes())
    }

    /// The requests so far.
    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }

    /// The methods of the requests so far, with the name or parent that each request has.
    pub(crate) fn calls(&self) -> Vec<(&'static str, String)> {
        self.seen().into_iter().map(|seen| (seen.method, seen.name)).collect()
    }

    /// The number of polls so far.
    pub(crate) fn polls(&self) -> usize {
        self.seen().iter().filter(|seen| seen.method == "GetOperation").count()
    }

    /// Replaces the rest of the script.
    pub(crate) fn then(&self, script: impl IntoIterator<Item = Result<Operation, Status>>) {
        *self.script.lock().unwrap() = script.into_iter().collect();
    }

    fn note<T>(&self, method: &'static str, request: &Request<T>, name: &str) {
        let metadata = request.metadata().clone();
        self.seen.lock().unwrap().push(Seen { method, name: name.to_owned(), metadata });
    }

    fn next(&self) -> Answer<Operation> {
        let mut script = self.script.lock().unwrap();
        let next = if script.len() > 1 { script.pop_front().unwrap() } else { script[0].clone() };
        next.map(Response::new)
    }

    /// The next state of the script as a job.
    fn job(&self) -> Answer<Job> {
        self.next().map(|answer| {
            answer.map(|operation| Job {
                id: operation.name,
                done: operation.done,
                metadata: operation.metadata,
                result: operation.result.map(|result| match result {
                    operation::Result::Error(status) => job::Result::Error(status),
                    operation::Result::Response(any) => job::Result::Response(any),
                }),
                ..Job::default()
            })
        })
    }
}

#[tonic::async_trait]
impl KilnService for Studio {
    async fn fire_piece(&self, request: Request<FirePieceRequest>) -> Answer<Operation> {
        self.note("FirePiece", &request, &request.get_ref().parent);
        self.next()
    }

    async fn grind_piece(&self, request: Request<GrindPieceRequest>) -> Answer<Operation> {
        self.note("GrindPiece", &request, &request.get_ref().name);
        self.next()
    }

    async fn fire_all(&self, request: Request<Streaming<FirePieceRequest>>) -> Answer<Operation> {
        self.note("FireAll", &request, "");
        let mut requests = request.into_inner();
        while requests.message().await?.is_some() {}
        self.next()
    }

    async fn take_stock(&self, request: Request<TakeStockRequest>) -> Answer<Operation> {
        self.note("TakeStock", &request, &request.get_ref().parent);
        self.next()
    }
}

#[tonic::async_trait]
impl Operations for Studio {
    async fn get_operation(&self, request: Request<GetOperationRequest>) -> Answer<Operation> {
        self.note("GetOperation", &request, &request.get_ref().name);
        self.next()
    }

    async fn cancel_operation(&self, request: Request<CancelOperationRequest>) -> Answer<()> {
        self.note("CancelOperation", &request, &request.get_ref().name);
        self.then([failed(tonic::Code::Cancelled, vec![])]);
        Ok(Response::new(()))
    }

    async fn delete_operation(&self, request: Request<DeleteOperationRequest>) -> Answer<()> {
        self.note("DeleteOperation", &request, &request.get_ref().name);
        Ok(Response::new(()))
    }
}

#[tonic::async_trait]
impl GlazeService for Studio {
    async fn mix_glaze(&self, request: Request<MixGlazeRequest>) -> Answer<Job> {
        self.note("MixGlaze", &request, &request.get_ref().colour);
        self.job()
    }

    async fn test_glaze(&self, request: Request<MixGlazeRequest>) -> Answer<Job> {
        self.note("TestGlaze", &request, &request.get_ref().colour);
        self.job()
    }
}

#[tonic::async_trait]
impl JobService for Studio {
    async fn get_job(&self, request: Request<GetJobRequest>) -> Answer<Job> {
        self.note("GetJob", &request, &request.get_ref().job_id);
        self.job()
    }

    async fn cancel_job(&self, request: Request<CancelJobRequest>) -> Answer<Job> {
        self.note("CancelJob", &request, &request.get_ref().job_id);
        self.then([failed(tonic::Code::Cancelled, vec![])]);
        self.job()
    }
}
