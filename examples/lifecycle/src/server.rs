//! The server of the example: greenhouses in memory, which are built by the time that they are asked for twice.

use std::collections::BTreeMap;
use std::sync::Mutex;

use lumen_cloud::greenhouse::v1::greenhouse_service::server::{GreenhouseService, GreenhouseServiceServer};
use lumen_cloud::greenhouse::v1::*;
use tonic::service::Routes;
use tonic::{Request, Response, Status};

/// The server's gRPC services; a clone is the same server.
pub fn routes() -> Routes {
    Routes::new(GreenhouseServiceServer::new(Greenhouses::default()))
}

#[derive(Default)]
struct Greenhouses(Mutex<BTreeMap<String, Greenhouse>>);

#[tonic::async_trait]
impl GreenhouseService for Greenhouses {
    async fn create_greenhouse(
        &self,
        request: Request<CreateGreenhouseRequest>,
    ) -> Result<Response<CreateGreenhouseResponse>, Status> {
        let mut all = self.0.lock().unwrap();
        let building = GreenhouseState::default().with_phase(GreenhousePhase::Building);
        let greenhouse = request.into_inner().greenhouse.unwrap_or_default();
        let greenhouse = greenhouse.with_id(format!("greenhouse-{}", all.len() + 1)).with_state(building);
        all.insert(greenhouse.id.clone(), greenhouse.clone());
        Ok(Response::new(CreateGreenhouseResponse { greenhouse: Some(greenhouse) }))
    }

    async fn get_greenhouse(
        &self,
        request: Request<GetGreenhouseRequest>,
    ) -> Result<Response<GetGreenhouseResponse>, Status> {
        let id = request.into_inner().greenhouse_id;
        let mut all = self.0.lock().unwrap();
        let Some(greenhouse) = all.get_mut(&id) else {
            let mut status = Status::not_found(format!("there is no greenhouse {id}"));
            status.metadata_mut().insert("x-request-id", tonic::metadata::MetadataValue::from_static("trace-7"));
            return Err(status);
        };
        let now = greenhouse.clone();
        greenhouse.state = Some(GreenhouseState::default().with_phase(GreenhousePhase::Running));
        Ok(Response::new(GetGreenhouseResponse { greenhouse: Some(now) }))
    }

    async fn list_greenhouses(
        &self,
        request: Request<ListGreenhousesRequest>,
    ) -> Result<Response<ListGreenhousesResponse>, Status> {
        let request = request.into_inner();
        let all = self.0.lock().unwrap();
        let after = request.page_token().to_owned();
        let size = usize::try_from(request.page_size.unwrap_or(50)).unwrap_or(1);
        let items: Vec<Greenhouse> = all.values().filter(|one| one.id > after).take(size).cloned().collect();
        let last = items.last().map(|one| one.id.clone()).unwrap_or_default();
        let more = all.keys().any(|id| *id > last);
        let total_size = i32::try_from(all.len()).unwrap_or(i32::MAX);
        let next_page_token = more.then_some(last);
        Ok(Response::new(ListGreenhousesResponse { items, next_page_token, total_size }))
    }

    async fn update_greenhouse(
        &self,
        request: Request<UpdateGreenhouseRequest>,
    ) -> Result<Response<UpdateGreenhouseResponse>, Status> {
        let UpdateGreenhouseRequest { greenhouse, update_mask } = request.into_inner();
        let new = greenhouse.unwrap_or_default();
        let mut all = self.0.lock().unwrap();
        let old = all.get_mut(&new.id).ok_or_else(|| Status::not_found("there is no such greenhouse"))?;
        if update_mask.is_none_or(|mask| mask.paths == ["name"]) {
            old.name = new.name;
        }
        Ok(Response::new(UpdateGreenhouseResponse { greenhouse: Some(old.clone()) }))
    }
}
