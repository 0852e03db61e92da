//! What method rows say of logs, sizes, updates and events.

use lumen_cloud::greenhouse::v1::{
    CreateGreenhouseRequest, CreateGreenhouseResponse, Greenhouse, GreenhouseService, ListGreenhousesRequest,
    ListGreenhousesResponse,
};
use lumen_cloud::key::v1::KeyService;
use rust_sdk_runtime::method::{Event, EventKind};

#[test]
fn an_update_names_its_log_fields_its_source_and_its_event() {
    let update = GreenhouseService::UPDATE_GREENHOUSE;
    assert_eq!(update.log_fields(), [("greenhouse_id", "greenhouse.id")]);
    let source = update.patch_source().unwrap();
    assert!(std::ptr::eq(source.get(), GreenhouseService::GET_GREENHOUSE.method()));
    assert_eq!((source.request_field(), source.response_field()), ("greenhouse", "greenhouse"));
    assert_eq!(
        source.mapping(),
        [("account_id", "greenhouse.account_id"), ("greenhouse_id", "greenhouse.id")]
    );
    let url = "/accounts/{req.greenhouse.account_id}/greenhouses/{req.greenhouse.id}";
    assert_eq!(update.event(), Some(&Event::updated("greenhouse", "req.greenhouse.id", url)));
}

#[test]
fn lists_keep_their_order_and_maps_are_sorted() {
    let create = GreenhouseService::CREATE_GREENHOUSE;
    assert_eq!(
        create.log_fields(),
        [("greenhouse_name", "greenhouse.name"), ("region_id", "greenhouse.region_id")]
    );
    // The proto has them in the other order; a map has none.
    assert_eq!(
        create.event().unwrap().additional_context(),
        [("greenhouse_name", "req.greenhouse.name"), ("region_id", "req.greenhouse.region_id")]
    );
}

#[test]
fn what_is_not_stated_is_absent() {
    let restart = GreenhouseService::RESTART_GREENHOUSE;
    assert_eq!(restart.event().unwrap().kind(), EventKind::Action("restart"));
    assert!(restart.patch_source().is_none() && restart.max_message_size().is_none());
    assert!(restart.log_fields().is_empty());
    let upload = GreenhouseService::UPLOAD_PLAN;
    assert_eq!(upload.max_message_size(), Some(32 * 1024 * 1024));
    assert!(upload.event().is_none());
    assert_eq!(KeyService::DELETE_KEY.event().unwrap().resource_id(), "req.key_id");
}

#[test]
fn every_source_of_an_update_reads_what_the_update_writes() {
    let sources: Vec<_> = lumen_cloud::API
        .methods()
        .filter_map(|method| Some((method.name(), method.patch_source()?.get().name())))
        .collect();
    assert!(sources.len() > 1, "{sources:?}");
    for (update, get) in sources {
        assert_eq!(update.strip_prefix("Update"), get.strip_prefix("Get"), "{update} {get}");
    }
}

#[test]
fn values_are_read_from_requests_and_responses() {
    let greenhouse = Greenhouse::default().with_account_id("a 1").with_name("north").with_region_id("eu");
    let request = CreateGreenhouseRequest::default().with_greenhouse(greenhouse.clone());
    let create = GreenhouseService::CREATE_GREENHOUSE;
    let name = ("greenhouse_name", "north".to_owned());
    let region = ("region_id", "eu".to_owned());
    assert_eq!(create.log_values(&request).unwrap(), [name.clone(), region.clone()]);

    let none = http::HeaderMap::new();
    let event = |response: &CreateGreenhouseResponse| {
        create.event_values((&request, &none), (response, &none)).unwrap()
    };
    let response = CreateGreenhouseResponse { greenhouse: Some(greenhouse.with_id("g/1")) };
    let values = event(&response).unwrap();
    assert_eq!(values.resource_id, "g/1");
    assert_eq!(values.resource_url, "/accounts/a%201/greenhouses/g%2F1");
    assert_eq!(values.context, [name, region]);
    let error = event(&CreateGreenhouseResponse::default()).unwrap_err();
    assert_eq!(error.to_string(), "`resp.greenhouse.id` is not set");
    let list = GreenhouseService::LIST_GREENHOUSES;
    let (request, response) = (ListGreenhousesRequest::default(), ListGreenhousesResponse::default());
    assert!(list.event_values((&request, &none), (&response, &none)).is_none());
}
