//! The API's own method options as typed constants.

use lumen_cloud::greenhouse::v1::GreenhouseService;
use lumen_cloud::key::v1::KeyService;
use lumen_cloud::options::{EventOptions, EventType, LogField, MethodOptions, PatchSource};

#[test]
fn an_update_names_its_log_fields_its_source_and_its_event() {
    const OPTIONS: MethodOptions = GreenhouseService::UPDATE_GREENHOUSE_OPTIONS;
    assert_eq!(
        OPTIONS,
        MethodOptions {
            log_fields: &[LogField { name: "greenhouse_id", field_expression: "greenhouse.id" }],
            patch_source: Some(&PatchSource {
                get_method: "/lumen.cloud.greenhouse.v1.GreenhouseService/GetGreenhouse",
                field_mapping: &[("account_id", "greenhouse.account_id"), ("greenhouse_id", "greenhouse.id")],
                response_resource_field: "greenhouse",
                request_resource_field: "greenhouse",
            }),
            event_options: Some(&EventOptions {
                event_type: EventType::Updated,
                resource_type: "greenhouse",
                resource_id_field: "req.greenhouse.id",
                resource_url_template: "/accounts/{req.greenhouse.account_id}/greenhouses/{req.greenhouse.id}",
                action_type: None,
                additional_context_fields: &[],
            }),
            ..MethodOptions::NONE
        }
    );
    // What the option names is a method of this API.
    let source = OPTIONS.patch_source.unwrap();
    let get = lumen_cloud::API.method(source.get_method).unwrap();
    assert!(std::ptr::eq(get, GreenhouseService::GET_GREENHOUSE.method()));
}

#[test]
fn lists_keep_their_order_and_maps_are_sorted() {
    let options = GreenhouseService::CREATE_GREENHOUSE_OPTIONS;
    let names: Vec<_> = options.log_fields.iter().map(|field| (field.name, field.field_expression)).collect();
    assert_eq!(names, [("greenhouse_name", "greenhouse.name"), ("region_id", "greenhouse.region_id")]);
    // The proto has them in the other order; a map has none.
    assert_eq!(
        options.event_options.unwrap().additional_context_fields,
        [("greenhouse_name", "req.greenhouse.name"), ("region_id", "req.greenhouse.region_id")]
    );
}

#[test]
fn what_is_not_stated_is_absent() {
    let restart = GreenhouseService::RESTART_GREENHOUSE_OPTIONS;
    let event = restart.event_options.unwrap();
    assert_eq!((event.event_type, event.action_type), (EventType::Action, Some("restart")));
    assert_eq!(event.event_type.as_str_name(), "EVENT_TYPE_ACTION");
    assert_eq!((restart.patch_source, restart.max_message_size, restart.log_fields), (None, None, &[][..]));
    assert_eq!(
        GreenhouseService::UPLOAD_PLAN_OPTIONS,
        MethodOptions { max_message_size: Some(32), ..MethodOptions::NONE }
    );
    assert_eq!(KeyService::DELETE_KEY_OPTIONS.event_options.unwrap().resource_id_field, "req.key_id");
}
