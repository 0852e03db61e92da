//! Servers that note every message that their functions get, for the methods of these services.

use lumen_cloud::greenhouse::v1::GreenhouseService;
use lumen_cloud::greenhouse::v1::SensorService;
use lumen_cloud::iam::v1::IamService;
use prost::Message;
use rust_sdk_runtime::codegen::{DirectAnswer, DirectCall, DirectLimits, DirectService};
use rust_sdk_runtime::schema::HasSchema;
use rust_sdk_runtime::transport::Body;
use rust_sdk_runtime::{Api, Gateway, Rpc};
use shapes::http::v1::BindingService;
use shapes::http::v1::BodyService;
use shapes::http::v1::DeviationService;
use shapes::http::v1::ParameterService;
use shapes::http::v1::TemplateService;
use shapes::legacy::v1::LegacyService;
use shapes::types::v1::TypesService;
use tonic::{Request, Response, Status};
use tower_service::Service;

use crate::arbitrary::Recorder;

macro_rules! relays {
    ($($service:ident { $($rpc:ident)* })*) => {
        /// Calls the function of a listed method.
        fn listed<'a>(
            recorder: &'a Recorder,
            path: &str,
            call: DirectCall<'a>,
        ) -> Result<DirectAnswer<'a>, DirectCall<'a>> {
            $($(if path == $service::$rpc.method().path() {
                return Ok(relay(&$service::$rpc, recorder, call));
            })*)*
            Err(call)
        }
    };
}

relays! {
    BindingService { CREATE_NOTE GET_NOTE TAG_NOTE REPLACE_NOTE UPDATE_NOTE DELETE_NOTE DELETE_NOTES PROBE_NOTE ECHO_NOTE LINK_NOTE }
    BodyService { POST_NOTHING PUT_NOTHING POST_REST POST_DEEP PUT_MESSAGE PUT_TEXT PUT_NUMBER PUT_COLOUR PUT_DATA PUT_ITEMS PUT_TAGS PUT_LABELS PUT_JSON PUT_WRAPPED PUT_TIME PUT_CHOICE GET_MESSAGE GET_TEXT GET_ITEMS GET_LABELS UPLOAD_RAW UPLOAD_NAMED DOWNLOAD_RAW DOWNLOAD_NAMED }
    DeviationService { PING GET_BLOB CREATE_WORKER VALIDATE HIDDEN GET_EITHER }
    ParameterService { PATH_INTEGERS PATH_FLOATS PATH_SCALARS PATH_WRAPPERS PATH_TIMES PATH_PRESENCE QUERY QUERY_INEXPRESSIBLE QUERY_NESTED }
    TemplateService { GET_SHELF GET_BOOK GET_PAGE READ_FILE READ_TREE LIST_FILE_VERSIONS PURGE_ENTRIES ARCHIVE_FILE CANCEL_TASK RUN_TASK CANCEL_ALL_TASKS UNDELETE_BOOK GET_CHAPTER GET_GLOBAL GET_ODD FIND_ANYWHERE FIND_SOMEWHERE GET_STATUS GET_ITEM GET_LATEST_ITEM NOT_BOUND }
    TypesService { ECHO_IMPLICIT ECHO_EXPLICIT ECHO_LISTS ECHO_MAPS ECHO_ONEOFS ECHO_WELL_KNOWN ECHO_NAMES ECHO_TREE ECHO_OUTER STAMP PACK ECHO_ENUMS }
    LegacyService { ECHO FIND }
    GreenhouseService { LIST_GREENHOUSES GET_GREENHOUSE CREATE_GREENHOUSE UPDATE_GREENHOUSE DELETE_GREENHOUSE SUGGEST_GREENHOUSE_NAME CREATE_GREENHOUSE_FROM_SNAPSHOT RESTART_GREENHOUSE SUSPEND_GREENHOUSE UPLOAD_PLAN }
    SensorService { LIST_SENSORS GET_SENSOR CALIBRATE_SENSOR LIST_READINGS }
    IamService { GET_AUTHENTICATED_USER LIST_ROLES CREATE_ROLE ASSIGN_USER_ROLES DELETE_ROLE LIST_EFFECTIVE_PERMISSIONS UPDATE_USER_MFA_METHOD }
}

fn relay<'a, I, O, K>(_: &Rpc<I, O, K>, recorder: &'a Recorder, call: DirectCall<'a>) -> DirectAnswer<'a>
where
    I: Message + HasSchema + Default + 'static,
    O: Message + HasSchema + Default + 'static,
{
    call.unary(recorder, DirectLimits::new(None, None), |recorder, request: Request<I>| {
        Box::pin(std::future::ready(answer::<I, O>(recorder, request)))
    })
}

fn answer<I: Message, O: Message + Default>(
    recorder: &Recorder,
    request: Request<I>,
) -> Result<Response<O>, Status> {
    *recorder.request.lock().unwrap() = request.into_inner().encode_to_vec();
    let mut response = recorder.response.lock().unwrap();
    let decode = |wire: &[u8]| O::decode(wire).map_err(|error| Status::internal(error.to_string()));
    // As it arrives over gRPC: prost loses the sign of a zero in a map.
    *response = decode(&response)?.encode_to_vec();
    decode(&response).map(Response::new)
}

/// One of the services.
#[derive(Clone)]
struct Relay {
    name: &'static str,
    recorder: Recorder,
}

impl DirectService for Relay {
    fn name(&self) -> &'static str {
        self.name
    }

    fn call<'a>(&'a self, path: &str, call: DirectCall<'a>) -> Result<DirectAnswer<'a>, DirectCall<'a>> {
        path.clone_into(&mut self.recorder.path.lock().unwrap());
        listed(&self.recorder, path, call)
    }
}

impl Service<http::Request<Body>> for Relay {
    type Response = <Recorder as Service<http::Request<Body>>>::Response;
    type Error = <Recorder as Service<http::Request<Body>>>::Error;
    type Future = <Recorder as Service<http::Request<Body>>>::Future;

    fn poll_ready(
        &mut self,
        context: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Result<(), Self::Error>> {
        self.recorder.poll_ready(context)
    }

    fn call(&mut self, request: http::Request<Body>) -> Self::Future {
        self.recorder.call(request)
    }
}

/// A gateway in front of services that note every call.
pub(crate) fn recording(api: &'static Api, recorder: &Recorder) -> Gateway {
    let gateway = api.services().iter().fold(Gateway::direct(api), |gateway, service| {
        gateway.service(Relay { name: service.name(), recorder: recorder.clone() })
    });
    gateway.without_access_layer()
}
