//! Every method of the demo API but those of its smaller services, which are in `lumen_iam`.

use lumen_cloud::API;
use serde_json::json;

use super::{Cases, lumen_iam, refusal};

#[test]
fn every_method() {
    let mut cases = Cases::new(&API);
    greenhouses(&mut cases);
    sensors(&mut cases);
    snapshots(&mut cases);
    controller_keys_v1(&mut cases);
    controller_keys_v2(&mut cases);
    harvests(&mut cases);
    lumen_iam::cases(&mut cases);
    cases.finish("lumen.cloud.");
}

fn greenhouses(cases: &mut Cases) {
    use lumen_cloud::greenhouse::v1::GreenhouseService as S;
    use lumen_cloud::greenhouse::v1::greenhouse_service::rest;
    // Presence: what is set is sent, zero and false too; what has no presence and is the default is not.
    cases.case(
        &S::LIST_GREENHOUSES,
        json!({
            "accountId": "a", "pageSize": 0, "pageToken": "", "regionId": "eu west+1&x=y", "heated": false,
            "phase": "GREENHOUSE_PHASE_UNSPECIFIED", "createdAfter": "2026-01-02T03:04:05.006Z", "search": "",
        }),
        rest::ListGreenhouses { account_id: "a" }.path(),
        "GET /api/greenhouse/v1/accounts/a/greenhouses?pageSize=0&pageToken=&regionId=eu%20west%2B1%26x%3Dy\
         &phase=GREENHOUSE_PHASE_UNSPECIFIED&heated=false&createdAfter=2026-01-02T03%3A04%3A05.006Z",
    );
    assert_eq!(
        cases.sent(&S::LIST_GREENHOUSES, json!({"accountId": "a"})),
        "GET /api/greenhouse/v1/accounts/a/greenhouses"
    );
    assert_eq!(
        cases.sent(&S::LIST_GREENHOUSES, json!({"accountId": "a", "phase": 77, "search": "é"})),
        "GET /api/greenhouse/v1/accounts/a/greenhouses?phase=77&search=%C3%A9"
    );
    cases.case(
        &S::GET_GREENHOUSE,
        json!({"accountId": "a:b", "greenhouseId": "50% / ü"}),
        rest::GetGreenhouse { account_id: "a:b", greenhouse_id: "50% / ü" }.path(),
        "GET /api/greenhouse/v1/accounts/a%3Ab/greenhouses/50%25%20%2F%20%C3%BC",
    );
    // The leaf that the path holds is left out of the body, and only that.
    cases.case(
        &S::CREATE_GREENHOUSE,
        json!({
            "greenhouse": {
                "accountId": "a", "name": "north", "labels": {"b": "2", "a": "1"}, "regionId": "r",
                "climate": {"targetTemperature": 21.5, "targetHumidity": 0, "unheated": true, "light": "3600s"},
                "beds": [{"number": 1, "area": 2.5}, {"cropId": "", "labels": [{"key": "k", "value": "v"}]}],
                "mode": "MODE_SUSPENDED", "pricePerMonthMillicents": "9007199254740993",
            },
            "validateOnly": false,
        }),
        rest::CreateGreenhouse { greenhouse_account_id: "a" }.path(),
        concat!(
            r#"POST /api/greenhouse/v1/accounts/a/greenhouses {"greenhouse":{"name":"north","labels":{"a":"1","b":"2"},"#,
            r#""regionId":"r","climate":{"targetTemperature":21.5,"targetHumidity":0,"unheated":true,"light":"3600s"},"#,
            r#""beds":[{"number":1,"area":2.5},{"cropId":"","labels":[{"key":"k","value":"v"}]}],"#,
            r#""mode":"MODE_SUSPENDED","pricePerMonthMillicents":"9007199254740993"},"validateOnly":false}"#,
        ),
    );
    cases.case(
        &S::UPDATE_GREENHOUSE,
        json!({
            "greenhouse": {"id": "g", "accountId": "a", "name": "south"},
            "updateMask": "name,climate.targetTemperature",
        }),
        rest::UpdateGreenhouse { greenhouse_account_id: "a", greenhouse_id: "g" }.path(),
        r#"PUT /api/greenhouse/v1/accounts/a/greenhouses/g {"greenhouse":{"name":"south"},"updateMask":"name,climate.targetTemperature"}"#,
    );
    cases.case(
        &S::DELETE_GREENHOUSE,
        json!({"accountId": "a", "greenhouseId": "g", "deleteSnapshots": false}),
        rest::DeleteGreenhouse { account_id: "a", greenhouse_id: "g" }.path(),
        "DELETE /api/greenhouse/v1/accounts/a/greenhouses/g?deleteSnapshots=false",
    );
    cases.case(
        &S::SUGGEST_GREENHOUSE_NAME,
        json!({"accountId": "a"}),
        rest::SuggestGreenhouseName { account_id: "a" }.path(),
        "GET /api/greenhouse/v1/accounts/a/greenhouses/suggest-name",
    );
    // A POST without a body: the rest goes to the query.
    cases.case(
        &S::CREATE_GREENHOUSE_FROM_SNAPSHOT,
        json!({"accountId": "a", "snapshotId": "s", "greenhouseName": "north", "regionId": "r"}),
        rest::CreateGreenhouseFromSnapshot { account_id: "a", snapshot_id: "s" }.path(),
        "POST /api/greenhouse/v1/accounts/a/snapshots/s/greenhouses?greenhouseName=north&regionId=r",
    );
    cases.case(
        &S::RESTART_GREENHOUSE,
        json!({"accountId": "a", "greenhouseId": "g", "gracePeriod": "1.500s"}),
        rest::RestartGreenhouse { account_id: "a", greenhouse_id: "g" }.path(),
        r#"POST /api/greenhouse/v1/accounts/a/greenhouses/g/restart {"gracePeriod":"1.500s"}"#,
    );
    // Nothing is left for the body, which is never empty.
    cases.case(
        &S::SUSPEND_GREENHOUSE,
        json!({"accountId": "a", "greenhouseId": "g"}),
        rest::SuspendGreenhouse { account_id: "a", greenhouse_id: "g" }.path(),
        "POST /api/greenhouse/v1/accounts/a/greenhouses/g/suspend {}",
    );
    // A field is the body; the rest goes to the query.
    cases.case(
        &S::UPLOAD_PLAN,
        json!({
            "accountId": "a", "greenhouseId": "g",
            "plan": {"mediaType": "image/png", "data": "+/8="}, "overwrite": true,
        }),
        rest::UploadPlan { account_id: "a", greenhouse_id: "g" }.path(),
        r#"POST /api/greenhouse/v1/accounts/a/greenhouses/g/plan?overwrite=true {"mediaType":"image/png","data":"+/8="}"#,
    );
}

#[test]
fn a_message_that_does_not_fit_is_refused_with_the_field() {
    use lumen_cloud::greenhouse::v1::GreenhouseService as S;
    let unset = refusal(&S::CREATE_GREENHOUSE, json!({}));
    assert!(unset.contains("`greenhouse` is not set"), "{unset}");
    let empty = refusal(&S::GET_GREENHOUSE, json!({"accountId": "a"}));
    assert!(empty.contains("`greenhouse_id`") && empty.contains("empty"), "{empty}");
    for dots in [".", ".."] {
        let refused = refusal(&S::GET_GREENHOUSE, json!({"accountId": dots, "greenhouseId": "g"}));
        assert!(refused.contains("`account_id`"), "{refused}");
    }
}

fn sensors(cases: &mut Cases) {
    use lumen_cloud::greenhouse::v1::SensorService as S;
    use lumen_cloud::greenhouse::v1::sensor_service::rest;
    cases.case(
        &S::LIST_SENSORS,
        json!({
            "accountId": "a", "greenhouseId": "g", "pageSize": 0, "pageToken": "t/=",
            "kinds": ["SENSOR_KIND_LIGHT", "SENSOR_KIND_UNSPECIFIED", "SENSOR_KIND_CO2", 99],
        }),
        rest::ListSensors { account_id: "a", greenhouse_id: "g" }.path(),
        "GET /api/greenhouse/v1/accounts/a/greenhouses/g/sensors?kinds=SENSOR_KIND_LIGHT\
         &kinds=SENSOR_KIND_UNSPECIFIED&kinds=SENSOR_KIND_CO2&kinds=99&pageToken=t%2F%3D",
    );
    // A number in the path, zero and negative ones too.
    for slot in [0, -7, i32::MAX] {
        cases.case(
            &S::GET_SENSOR,
            json!({"accountId": "a", "greenhouseId": "g", "slot": slot}),
            rest::GetSensor { account_id: "a", greenhouse_id: "g", slot }.path(),
            &format!("GET /api/greenhouse/v1/accounts/a/greenhouses/g/sensors/{slot}"),
        );
    }
    // Path variables within the body field stay in the body.
    cases.case(
        &S::CALIBRATE_SENSOR,
        json!({
            "accountId": "a", "updateMask": "offset,factor",
            "sensor": {
                "greenhouseId": "g", "slot": 3, "kind": "SENSOR_KIND_HUMIDITY", "offset": -0.5, "factor": 0.0,
                "serialNumber": "18446744073709551615",
            },
        }),
        rest::CalibrateSensor { account_id: "a", sensor_greenhouse_id: "g", sensor_slot: 3 }.path(),
        concat!(
            "PATCH /api/greenhouse/v1/accounts/a/greenhouses/g/sensors/3?updateMask=offset%2Cfactor ",
            r#"{"greenhouseId":"g","slot":3,"kind":"SENSOR_KIND_HUMIDITY","offset":-0.5,"factor":0.0,"serialNumber":"18446744073709551615"}"#,
        ),
    );
    // A message flattened, a oneof's message, a wrapper, a list.
    let path = || rest::ListReadings { account_id: "a", greenhouse_id: "g" }.path();
    cases.case(
        &S::LIST_READINGS,
        json!({
            "accountId": "a", "greenhouseId": "g", "slots": {"from": 0, "to": 9}, "below": 0.0, "units": ["°C", "%"],
            "interval": {"startTime": "2026-01-01T00:00:00Z"},
        }),
        path(),
        "GET /api/greenhouse/v1/accounts/a/greenhouses/g/readings?slots.from=0&slots.to=9\
         &interval.startTime=2026-01-01T00%3A00%3A00Z&below=0&units=%C2%B0C&units=%25",
    );
    // The other members of the oneof, one of them with its default.
    cases.case(
        &S::LIST_READINGS,
        json!({"accountId": "a", "greenhouseId": "g", "latest": 0}),
        path(),
        "GET /api/greenhouse/v1/accounts/a/greenhouses/g/readings?latest=0",
    );
    cases.case(
        &S::LIST_READINGS,
        json!({"accountId": "a", "greenhouseId": "g", "hourAfter": "1970-01-01T00:00:00Z"}),
        path(),
        "GET /api/greenhouse/v1/accounts/a/greenhouses/g/readings?hourAfter=1970-01-01T00%3A00%3A00Z",
    );
    // A map has no form in a query: it is refused, never dropped.
    let refused =
        refusal(&S::LIST_READINGS, json!({"accountId": "a", "greenhouseId": "g", "labels": {"k": "v"}}));
    assert!(refused.contains("labels"), "{refused}");
}

fn snapshots(cases: &mut Cases) {
    use lumen_cloud::greenhouse::backup::v1::SnapshotService as S;
    use lumen_cloud::greenhouse::backup::v1::snapshot_service::rest;
    cases.case(
        &S::LIST_SNAPSHOTS,
        json!({"accountId": "a", "greenhouseId": "g", "minRetention": "0s"}),
        rest::ListSnapshots { account_id: "a" }.path(),
        "GET /api/greenhouse/backup/v1/accounts/a/snapshots?greenhouseId=g&minRetention=0s",
    );
    cases.case(
        &S::CREATE_SNAPSHOT,
        json!({"snapshot": {"accountId": "a", "greenhouseId": "g", "greenhouse": {"accountId": "b"}}}),
        rest::CreateSnapshot { snapshot_account_id: "a" }.path(),
        // The account of the message within is another field than the path's.
        concat!(
            "POST /api/greenhouse/backup/v1/accounts/a/snapshots ",
            r#"{"snapshot":{"greenhouseId":"g","greenhouse":{"accountId":"b"}}}"#,
        ),
    );
    cases.case(
        &S::UPDATE_SNAPSHOT,
        json!({"snapshot": {"id": "s", "accountId": "a", "retention": "86400s"}, "updateMask": "retention"}),
        rest::UpdateSnapshot { snapshot_account_id: "a", snapshot_id: "s" }.path(),
        concat!(
            "PATCH /api/greenhouse/backup/v1/accounts/a/snapshots/s ",
            r#"{"snapshot":{"retention":"86400s"},"updateMask":"retention"}"#,
        ),
    );
    cases.case(
        &S::DELETE_SNAPSHOT,
        json!({"accountId": "a", "snapshotId": "s"}),
        rest::DeleteSnapshot { account_id: "a", snapshot_id: "s" }.path(),
        "DELETE /api/greenhouse/backup/v1/accounts/a/snapshots/s",
    );
}

fn controller_keys_v1(cases: &mut Cases) {
    use lumen_cloud::greenhouse::auth::v1::ControllerKeyService as S;
    use lumen_cloud::greenhouse::auth::v1::controller_key_service::rest;
    const KEYS: &str = "/api/greenhouse/auth/v1/accounts/a/greenhouses/g/controller-keys";
    cases.case(
        &S::LIST_CONTROLLER_KEYS,
        json!({"accountId": "a", "greenhouseId": "g"}),
        rest::ListControllerKeys { account_id: "a", greenhouse_id: "g" }.path(),
        &format!("GET {KEYS}"),
    );
    cases.case(
        &S::CREATE_CONTROLLER_KEY,
        json!({"controllerKey": {"accountId": "a", "greenhouseId": "g", "name": "n", "fingerprint": "AAE="}}),
        rest::CreateControllerKey { controller_key_account_id: "a", controller_key_greenhouse_id: "g" }
            .path(),
        &format!(r#"POST {KEYS} {{"controllerKey":{{"name":"n","fingerprint":"AAE="}}}}"#),
    );
    cases.case(
        &S::DELETE_CONTROLLER_KEY,
        json!({"accountId": "a", "greenhouseId": "g", "controllerKeyId": "k"}),
        rest::DeleteControllerKey { account_id: "a", greenhouse_id: "g", controller_key_id: "k" }.path(),
        &format!("DELETE {KEYS}/k"),
    );
}

fn controller_keys_v2(cases: &mut Cases) {
    use lumen_cloud::greenhouse::auth::v2::ControllerKeyService as S;
    use lumen_cloud::greenhouse::auth::v2::controller_key_service::rest;
    const KEYS: &str = "/api/greenhouse/auth/v2/accounts/a/controller-keys";
    cases.case(
        &S::LIST_CONTROLLER_KEYS,
        json!({"accountId": "a", "greenhouseId": "g"}),
        rest::ListControllerKeys { account_id: "a" }.path(),
        &format!("GET {KEYS}?greenhouseId=g"),
    );
    cases.case(
        &S::CREATE_CONTROLLER_KEY,
        json!({"controllerKey": {"accountId": "a", "greenhouseId": "g", "name": "n"}}),
        rest::CreateControllerKey { controller_key_account_id: "a" }.path(),
        &format!(r#"POST {KEYS} {{"controllerKey":{{"greenhouseId":"g","name":"n"}}}}"#),
    );
    cases.case(
        &S::DELETE_CONTROLLER_KEY,
        json!({"accountId": "a", "greenhouseId": "g", "controllerKeyId": "k"}),
        rest::DeleteControllerKey { account_id: "a", controller_key_id: "k" }.path(),
        &format!("DELETE {KEYS}/k?greenhouseId=g"),
    );
}

fn harvests(cases: &mut Cases) {
    use lumen_cloud::harvest::v1::HarvestService as S;
    use lumen_cloud::harvest::v1::harvest_service::rest;
    cases.case(
        &S::LIST_HARVESTS,
        json!({
            "accountId": "a", "pageSize": 5, "pageToken": "t", "startTime": "2026-01-01T00:00:00Z",
            "endTime": "2026-01-01T00:00:00.000000001Z", "order": "ORDER_WEIGHT", "sort": "old",
        }),
        rest::ListHarvests { account_id: "a" }.path(),
        "GET /api/harvest/v1/accounts/a/harvests?pageSize=5&pageToken=t&startTime=2026-01-01T00%3A00%3A00Z\
         &endTime=2026-01-01T00%3A00%3A00.000000001Z&order=ORDER_WEIGHT&sort=old",
    );
    cases.case(
        &S::CREATE_HARVEST,
        json!({
            "harvest": {
                "accountId": "a", "weightGrams": "-1", "pieces": {"ripe": 3, "": 0}, "notes": {"n": [null, 1.5, "x"]},
            },
        }),
        rest::CreateHarvest { harvest_account_id: "a" }.path(),
        concat!(
            "POST /api/harvest/v1/accounts/a/harvests ",
            r#"{"harvest":{"weightGrams":"-1","pieces":{"":0,"ripe":3},"notes":{"n":[null,1.5,"x"]}}}"#,
        ),
    );
    cases.case(
        &S::DELETE_HARVEST,
        json!({"accountId": "a", "harvestId": "h"}),
        rest::DeleteHarvest { account_id: "a", harvest_id: "h" }.path(),
        "DELETE /api/harvest/v1/accounts/a/harvests/h",
    );
}
