//! The messages that are measured.

use lumen_cloud::greenhouse::v1 as ours;
use serde_json::{Value, json};
use shapes::types::v1 as our_shapes;

use crate::compare;
use crate::peer::lumen::cloud::greenhouse::v1 as theirs;
use crate::peer::shapes::types::v1 as their_shapes;

pub(crate) struct Row {
    pub(crate) name: &'static str,
    pub(crate) json: String,
    pub(crate) run: fn(&str, &str),
}

fn row(name: &'static str, json: &Value, run: fn(&str, &str)) -> Row {
    Row { name, json: json.to_string(), run }
}

pub(crate) fn rows() -> Vec<Row> {
    let list = |len: usize| json!({"items": vec![greenhouse(); len], "totalSize": len, "nextPageToken": "eyJvIjoxMDB9"});
    let request = json!({"accountId": "5f1c2d8e-4a6b-4c1d-9e0f-123456789abc", "greenhouseId": "0a9b8c7d-6e5f-4a3b-8c1d-abcdefabcdef"});
    let list_run = compare::<ours::ListGreenhousesResponse, theirs::ListGreenhousesResponse>;
    vec![
        row("request", &request, compare::<ours::GetGreenhouseRequest, theirs::GetGreenhouseRequest>),
        row("heating", &json!({"fuel": "pellets", "power": 1.5}), compare::<ours::Boiler, theirs::Boiler>),
        row("greenhouse", &greenhouse(), compare::<ours::Greenhouse, theirs::Greenhouse>),
        row("100 greenhouses", &list(100), list_run),
        row("1000 greenhouses", &list(1000), list_run),
        row("maps", &maps(), compare::<our_shapes::Maps, their_shapes::Maps>),
        row("repeated scalars", &lists(), compare::<our_shapes::Lists, their_shapes::Lists>),
        row("scalars", &scalars(), compare::<our_shapes::Implicit, their_shapes::Implicit>),
    ]
}

fn greenhouse() -> Value {
    let bed = json!({
        "number": 7, "cropId": "tomato-san-marzano", "area": 12.5, "sownAt": "2026-03-01T06:30:00Z",
        "labels": [{"key": "row", "value": "north"}, {"key": "organic", "value": "yes"}],
    });
    json!({
        "id": "0a9b8c7d-6e5f-4a3b-8c1d-abcdefabcdef", "createdAt": "2026-01-02T03:04:05.678Z",
        "accountId": "5f1c2d8e-4a6b-4c1d-9e0f-123456789abc", "name": "production-greenhouse",
        "labels": {"team": "search", "tier": "gold", "cost-center": "4711"}, "regionId": "eu-central-1",
        "climate": {"targetTemperature": 21.5, "targetHumidity": 65, "boiler": {"fuel": "pellets", "power": 1.5}, "light": "3600s"},
        "beds": [bed, bed], "mode": "MODE_RUNNING",
        "state": {"phase": "GREENHOUSE_PHASE_RUNNING", "reason": "all is well", "gauges": {"humidity": 64.2, "temperature": 21.4}},
        "pricePerMonthMillicents": "12345600",
    })
}

fn maps() -> Value {
    let pairs = |f: &dyn Fn(usize) -> (String, Value)| (0..20).map(f).collect::<serde_json::Map<_, _>>();
    let text = |n: usize| Value::from(format!("value number {n}"));
    json!({
        "byInt32": pairs(&|n| (n.to_string(), text(n))), "byInt64": pairs(&|n| ((n << 40).to_string(), text(n))),
        "byString": pairs(&|n| (format!("key-{n}"), text(n))), "toDouble": pairs(&|n| (format!("gauge-{n}"), json!(n as f64 + 0.25))),
        "toInt64": pairs(&|n| (format!("count-{n}"), json!((n << 33).to_string()))),
        "toEnum": pairs(&|n| (format!("size-{n}"), json!("SIZE_2XL"))),
        "toMessage": pairs(&|n| (format!("message-{n}"), json!({"fInt32": 7, "fString": "text"}))),
    })
}

fn lists() -> Value {
    let list = |f: &dyn Fn(i64) -> Value| (0..50).map(f).collect::<Vec<_>>();
    json!({
        "fDouble": list(&|n| json!(n as f64 + 0.125)), "fFloat": list(&|n| json!(n as f64 + 0.5)), "fInt32": list(&|n| json!(n * 1000)),
        "fInt64": list(&|n| json!((n << 40).to_string())), "fUint32": list(&|n| json!(n)), "fSint64": list(&|n| json!((-n).to_string())),
        "fFixed64": list(&|n| json!(n.to_string())), "fBool": list(&|n| json!(n % 2 == 0)),
        "fString": list(&|n| json!(format!("a text with a number, {n}"))), "fBytes": list(&|_| json!("AAECAwQFBgcICQoLDA0ODw==")),
        "fEnum": list(&|_| json!("SIZE_2XL")),
    })
}

fn scalars() -> Value {
    json!({
        "fDouble": -2.5, "fFloat": 0.25, "fInt32": -12345, "fInt64": "-9007199254740993", "fUint32": 4_000_000_000_u32,
        "fUint64": "18446744073709551615", "fSint32": -1, "fSint64": "-1", "fFixed32": 1, "fFixed64": "9007199254740993",
        "fSfixed32": -7, "fSfixed64": "9223372036854775807", "fBool": true, "fString": "a text with a \"quote\" in it", "fBytes": "AAECAwQF",
        "fEnum": "SIZE_2XL", "fLast": "x",
    })
}
