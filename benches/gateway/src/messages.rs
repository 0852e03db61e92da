//! The requests that are measured.

use bytes::Bytes;
use serde_json::{Value, json};

pub const ACCOUNT: &str = "5f1c2d8e-4a6b-4c1d-9e0f-123456789abc";

pub struct Message {
    pub name: &'static str,
    pub verb: &'static str,
    pub target: String,
    pub content_type: &'static str,
    pub body: Bytes,
}

pub fn all() -> Vec<Message> {
    let path = format!("/api/greenhouse/v1/accounts/{ACCOUNT}/greenhouses");
    let post = |name, beds| Message {
        name,
        verb: "POST",
        target: path.clone(),
        content_type: "application/json",
        body: json!({ "greenhouse": greenhouse(beds) }).to_string().into(),
    };
    let id = "0a9b8c7d-6e5f-4a3b-8c1d-abcdefabcdef";
    let get = Message {
        name: "get",
        verb: "GET",
        target: format!("{path}/{id}"),
        content_type: "",
        body: Bytes::new(),
    };
    vec![get, post("small", 0), post("10kB", 70)]
}

fn greenhouse(beds: usize) -> Value {
    let bed = |number| {
        json!({
            "number": number, "cropId": "tomato-san-marzano", "area": 12.5,
            "labels": [{"key": "row", "value": "north"}, {"key": "organic", "value": "yes"}],
        })
    };
    json!({
        "id": "0a9b8c7d-6e5f-4a3b-8c1d-abcdefabcdef", "name": "production-greenhouse",
        "labels": {"team": "search"}, "regionId": "eu-central-1",
        "climate": {"targetTemperature": 21.5, "targetHumidity": 65}, "mode": "MODE_RUNNING",
        "beds": (0..beds).map(bed).collect::<Vec<_>>(),
    })
}
